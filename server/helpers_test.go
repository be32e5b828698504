package server

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/wire"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const testLimit = 20 * time.Second

// testNode is a node that serves on loopback, and its officer's connection.
type testNode struct {
	*Node
	t       *testing.T
	dir     string
	address string
	stop    func() error
	conn    *grpc.ClientConn
}

// fastDir is memory where there is some: the tests are about rules, not disks.
func fastDir(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat("/dev/shm"); err != nil {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "lmc-server-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func freeAddress(t *testing.T) string {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer lis.Close()
	return lis.Addr().String()
}

// initNode makes a folder. The office's national committee is the keeper's.
func initNode(t *testing.T, office string, keeper, dialable bool) string {
	t.Helper()
	dir := filepath.Join(fastDir(t), office)
	address := freeAddress(t)
	cfg := InitConfig{Dir: dir, Federation: "trial", Office: &guidancev1.Office{Id: office, Name: office + " LMCs"}, Listen: address, Keeper: keeper}
	if dialable {
		cfg.Advertise = address
	}
	if keeper {
		cfg.National = &guidancev1.Committee{Id: office, Name: "GPC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "england"}
	}
	if _, err := Init(cfg); err != nil {
		t.Fatal(err)
	}
	return dir
}

// serve opens and serves a folder until the test ends or stop is called.
func serve(t *testing.T, cfg Config) *testNode {
	t.Helper()
	return serveOpened(t, open(t, cfg))
}

// open opens a folder, with all of the disk to fill unless the test says otherwise.
func open(t *testing.T, cfg Config) *Node {
	t.Helper()
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.MinFree == 0 {
		cfg.MinFree = -1
	}
	n, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// serveOpened serves a node until the test ends or stop is called, and closes it.
func serveOpened(t *testing.T, n *Node) *testNode {
	t.Helper()
	listening := make(chan string, 1)
	n.cfg.Listening = func(address string) { listening <- address }
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Serve(ctx) }()
	tn := &testNode{Node: n, t: t, dir: n.cfg.Dir}
	stopped := false
	tn.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		err := <-done
		if tn.conn != nil {
			tn.conn.Close()
		}
		if closeErr := n.Close(); err == nil {
			err = closeErr
		}
		return err
	}
	t.Cleanup(func() {
		if err := tn.stop(); err != nil {
			t.Errorf("stopping %s: %v", tn.dir, err)
		}
	})
	select {
	case tn.address = <-listening:
	case err := <-done:
		t.Fatalf("serving %s: %v", tn.dir, err)
	}
	tn.conn = tn.dial(n.keys.Officer)
	return tn
}

// dial connects with a key; nil: none.
func (n *testNode) dial(key []byte) *grpc.ClientConn {
	n.t.Helper()
	pin := identity.PinOf(publicKey(n.keys.Transport))
	conn, err := grpc.NewClient("passthrough:///"+n.address, grpc.WithTransportCredentials(credentials.NewTLS(identity.ClientTLS(key, pin))))
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { conn.Close() })
	return conn
}

func (n *testNode) publication() nodev1.PublicationServiceClient {
	return nodev1.NewPublicationServiceClient(n.conn)
}

func (n *testNode) guidance() nodev1.GuidanceServiceClient {
	return nodev1.NewGuidanceServiceClient(n.conn)
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testLimit)
	t.Cleanup(cancel)
	return ctx
}

// newKeeper serves a keeper that has opened one matter.
func newKeeper(t *testing.T) *testNode {
	t.Helper()
	k := serve(t, Config{Dir: initNode(t, "gpc-england", true, true)})
	_, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func testMatter() *guidancev1.Matter {
	nhs := &guidancev1.Body{Id: "nhs-england", Name: "NHS England", Kind: guidancev1.BodyKind_BODY_KIND_NHS_BODY}
	return &guidancev1.Matter{
		Name: "gpc-england/plan", Title: "A plan", Proposer: nhs,
		Opened: &guidancev1.DayRange{Earliest: "2021-10-14", Latest: "2021-10-14"},
		Measures: []*guidancev1.Measure{
			{Id: "meetings", Title: "Meetings", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}},
		},
		Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
	}
}

// matterFor is another matter for each request: to amend one, a preview is needed.
func matterFor(request string) *guidancev1.Matter {
	m := testMatter()
	m.Name += "-" + request
	return m
}

// admitted makes an office's folder, admits it to speak for its committees, and
// returns its folder and invitation.
func (k *testNode) admitted(office string, dialable bool, committees ...string) (dir, invitation string) {
	k.t.Helper()
	dir = initNode(k.t, office, false, dialable)
	signed, _, err := ReadOfficeFile(filepath.Join(dir, officeFile))
	if err != nil {
		k.t.Fatal(err)
	}
	records := []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: signed}}}}
	for _, id := range committees {
		records = append(records,
			&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
				Id: id, Name: id + " LMC", Nation: "england", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC,
			}}},
			&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: id, Office: office}}})
	}
	ctx := testContext(k.t)
	if _, err := k.publication().AppendRegister(ctx, &nodev1.AppendRegisterRequest{RequestId: "admit-" + office, Records: records}); err != nil {
		k.t.Fatal(err)
	}
	resp, err := k.publication().Invite(ctx, &nodev1.InviteRequest{Office: office})
	if err != nil {
		k.t.Fatal(err)
	}
	return dir, resp.Invitation
}

// join serves an admitted office and waits until it holds what the keeper holds.
func (k *testNode) join(office string, dialable bool, committees ...string) *testNode {
	k.t.Helper()
	dir, invitation := k.admitted(office, dialable, committees...)
	n := serve(k.t, Config{Dir: dir, Invitation: invitation})
	n.awaitSame(k)
	return n
}

// awaitSame waits until two nodes hold the same.
func (n *testNode) awaitSame(other *testNode) {
	n.t.Helper()
	ctx := testContext(n.t)
	for { // either of the two may be the one that changes last
		ours, theirs := n.store.Changed(), other.store.Changed()
		if n.FrontierRoot() == other.FrontierRoot() {
			return
		}
		select {
		case <-ours:
		case <-theirs:
		case <-ctx.Done():
			n.t.Fatalf("%s has %d entries, %s %d: %v", n.Office(), n.Entries(), other.Office(), other.Entries(), ctx.Err())
		}
	}
}

func testAdvisory(day string, stance guidancev1.Stance, committees ...string) *guidancev1.Advisory {
	return &guidancev1.Advisory{
		OnBehalfOf: committees, Title: "On the plan", Body: "Our advice.\n",
		Issued:    &guidancev1.DayRange{Earliest: day, Latest: day},
		Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		Positions: []*guidancev1.Position{{Committees: committees, Matter: "plan", Stance: stance, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}}},
	}
}

func (n *testNode) publish(request string, a *guidancev1.Advisory) (*nodev1.PublishAdvisoryResponse, error) {
	n.t.Helper()
	resp, err := n.publication().PublishAdvisory(testContext(n.t), &nodev1.PublishAdvisoryRequest{RequestId: request, Advisory: a})
	return resp, wire.FromStatus(err)
}

func (n *testNode) mustPublish(request string, a *guidancev1.Advisory) string {
	n.t.Helper()
	resp, err := n.publish(request, a)
	if err != nil {
		n.t.Fatal(err)
	}
	return resp.Standing.Entry
}

func (n *testNode) alarmWords() (words []string) {
	for _, alarm := range n.allAlarms() {
		words = append(words, alarm.Words)
	}
	return words
}
