package server

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	benchFederation = "bench"
	benchKeeper     = "gpc-england" // whose matters the corpus is about
	benchEntries    = 10_000
	benchOffices    = 130
	benchLimit      = 2 * time.Minute
)

// benchWorld is a keeper with a full register, and 130 offices whose nodes are not
// there, only their logs and keys. Everything lies on a real disk: syncs are part of
// what is measured.
type benchWorld struct {
	b       *testing.B // what is measured now
	whole   *testing.B // what the world was made for
	dir     string
	keeper  *benchNode
	stop    func() // the keeper
	offices []*benchOffice
	bodies  int64 // raw bytes of all bodies
}

// benchNode is a node that may be served.
type benchNode struct {
	*Node
	address string
	url     string // of its pages
	lis     countingListener
}

// benchOffice is an office that writes without a node.
type benchOffice struct {
	corpus.Office
	log                  ledger.LogID
	root, key, transport ed25519.PrivateKey
	entries              []ledger.Entry
}

// newWorld makes a keeper that has admitted the offices of a corpus and opened its
// matters. It holds no letters yet.
func newWorld(b *testing.B, entries int) *benchWorld {
	b.Helper()
	w, _ := worldOf(b, corpus.Federation{Offices: corpus.Generate(1, entries, benchOffices), Matters: corpus.Matters()})
	return w
}

// england is a whole federation, with areas, practices, a national committee and 2,000
// matters, of which the keeper holds every letter.
func england(b *testing.B, entries int) (w *benchWorld, practices []string) {
	b.Helper()
	w, practices = worldOf(b, corpus.England(1, entries, benchOffices))
	w.ingestAll()
	return w, practices
}

func worldOf(b *testing.B, f corpus.Federation) (w *benchWorld, practices []string) {
	b.Helper()
	w = &benchWorld{b: b, whole: b, dir: b.TempDir()}
	lis := listenCounting(b)
	dir := w.initNode(benchKeeper, lis.Addr().String())
	known := map[string]*guidancev1.Committee{}
	for _, c := range f.Committees {
		known[c.Id] = c
	}
	var records []*ledgerv1.RegisterRecord
	for _, a := range f.Areas {
		records = append(records, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: a}})
	}
	if c := known[benchKeeper]; c != nil {
		records = append(records, speaking(c, benchKeeper)...)
	}
	for i, o := range f.Offices {
		office := w.newOffice(o)
		f.Offices[i].Advisories = nil // what is measured should not wait for them to be collected
		w.offices = append(w.offices, office)
		records = append(records, w.admission(office, cmp.Or(known[o.Committee], lmc(o.Committee)))...)
	}
	w.keeper = w.open(dir, lis)
	w.stop = w.serve(w.keeper)
	for part := range slices.Chunk(records, maxRegisterRecords) {
		w.record(fmt.Sprint("offices", len(w.keeper.reg().Offices())), part)
	}
	for _, m := range f.Matters {
		m.Proposer.Id = "nhs-england"
	}
	keeps(w, w.keeper, ledgerv1.EntryKind_ENTRY_KIND_MATTER, f.Matters)
	keeps(w, w.keeper, ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, f.National.Advisories)
	return w, f.Practices
}

// keeps writes into a node's own log, many at once, unchecked.
func keeps[M proto.Message](w *benchWorld, n *benchNode, kind ledgerv1.EntryKind, all []M) {
	w.b.Helper()
	for part := range slices.Chunk(all, 500) {
		of := writing{requestID: fmt.Sprint(kind, n.HeldSize(n.settings.Office)), kind: kind, visibility: guidancev1.Visibility_VISIBILITY_PUBLIC}
		for _, m := range part {
			of.messages = append(of.messages, m)
		}
		_, err := n.signer.write(of)
		w.must(err)
	}
}

// fullWorld is newWorld with every letter held by the keeper.
func fullWorld(b *testing.B) *benchWorld {
	b.Helper()
	w := newWorld(b, benchEntries)
	w.ingestAll()
	return w
}

func (w *benchWorld) must(err error) {
	w.b.Helper()
	if err != nil {
		w.b.Fatal(err)
	}
}

// initNode makes a folder: the keeper's when it has an address others can dial.
func (w *benchWorld) initNode(office, advertise string) string {
	w.b.Helper()
	dir := filepath.Join(w.dir, office)
	cfg := InitConfig{
		Dir: dir, Federation: benchFederation, Office: &guidancev1.Office{Id: office, Name: office},
		Listen: "127.0.0.1:0", Advertise: advertise, Keeper: advertise != "",
	}
	_, err := Init(cfg)
	w.must(err)
	return dir
}

// newOffice writes an office's log.
func (w *benchWorld) newOffice(o corpus.Office) *benchOffice {
	w.b.Helper()
	office := &benchOffice{
		Office: o, log: ledger.LogID{Federation: benchFederation, Office: o.ID},
		root: w.newKey(), key: w.newKey(), transport: w.newKey(),
	}
	for i, a := range o.Advisories {
		body, err := proto.MarshalOptions{Deterministic: true}.Marshal(a)
		w.must(err)
		w.bodies += int64(len(body))
		e, err := ledger.Seal(ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, a.Visibility, uint64(i), time.Now(), body, rand.Reader, content.Critical(a)...)
		w.must(err)
		office.entries = append(office.entries, e)
	}
	office.Advisories = nil // what is measured should not wait for them to be collected
	return office
}

func (w *benchWorld) newKey() ed25519.PrivateKey {
	w.b.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	w.must(err)
	return key
}

// admission is an office in the register, with its committee and its node.
func (w *benchWorld) admission(o *benchOffice, c *guidancev1.Committee) []*ledgerv1.RegisterRecord {
	w.b.Helper()
	signed, err := identity.SignOffice(&ledgerv1.OfficeRecord{
		Federation: benchFederation, Office: &guidancev1.Office{Id: o.ID, Name: o.ID},
		RootKey: publicKey(o.root), LogKey: publicKey(o.key),
		Nodes: []*ledgerv1.NodeRecord{{TransportKey: publicKey(o.transport), Role: ledgerv1.NodeRole_NODE_ROLE_WRITER}},
	}, o.root)
	w.must(err)
	return admissionOf(signed, o.ID, c)
}

func admissionOf(signed *ledgerv1.SignedOfficeRecord, office string, c *guidancev1.Committee) []*ledgerv1.RegisterRecord {
	admitted := &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: signed}}}
	return append([]*ledgerv1.RegisterRecord{admitted}, speaking(c, office)...)
}

// speaking is a committee in the register, with the office that speaks for it.
func speaking(c *guidancev1.Committee, office string) []*ledgerv1.RegisterRecord {
	return []*ledgerv1.RegisterRecord{
		{Change: &ledgerv1.RegisterRecord_Committee{Committee: c}},
		{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: c.Id, Office: office}}},
	}
}

func lmc(id string) *guidancev1.Committee {
	return &guidancev1.Committee{Id: id, Name: id, Nation: "england", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC}
}

func (w *benchWorld) record(request string, records []*ledgerv1.RegisterRecord) {
	w.b.Helper()
	_, err := publicationService{n: w.keeper.Node}.AppendRegister(w.b.Context(), &nodev1.AppendRegisterRequest{RequestId: request, Records: records})
	w.must(err)
}

// ingestAll gives the keeper every office's whole log, and forgets the entries: kept,
// they would let the heap grow by as much again before it is collected.
func (w *benchWorld) ingestAll() {
	w.b.Helper()
	for _, o := range w.offices {
		w.ingest(o, uint64(len(o.entries)))
		o.entries = nil
	}
}

// ingest gives the keeper an office's log up to a size: whole blocks packed, the rest
// loose, as from a peer.
func (w *benchWorld) ingest(o *benchOffice, size uint64) {
	w.b.Helper()
	tree, err := w.keeper.store.Progress(o.log)
	w.must(err)
	var runs []ledger.Verified
	for tree.Size() < size {
		first := tree.Size()
		end := min(first-first%ledger.BlockEntries+ledger.BlockEntries, size)
		v, err := new(ledger.Verifier).Verify(tree, w.segment(o, tree, o.entries[first:end]), []ed25519.PublicKey{publicKey(o.key)})
		w.must(err)
		runs, tree = append(runs, v), v.Tree()
	}
	w.must(w.keeper.store.Ingest(runs))
}

// segment is a run of a log with a checkpoint at its end.
func (w *benchWorld) segment(o *benchOffice, tree ledger.Tree, entries []ledger.Entry) ledger.Segment {
	w.b.Helper()
	seg := ledger.Segment{Log: o.log, First: tree.Size()}
	for _, e := range entries {
		seg.Headers = append(seg.Headers, e.Header)
		seg.Bodies = append(seg.Bodies, &ledgerv1.SaltedBody{Index: tree.Size(), Salt: e.Salt, Body: e.Body})
		tree.Append(ledger.LeafHash(e.Header))
	}
	cp, err := ledger.SignCheckpoint(o.log, tree.Size(), tree.Root(), o.key)
	w.must(err)
	seg.Checkpoint = cp.Note
	if len(entries) == ledger.BlockEntries {
		seg.HeaderBlock = ledger.PackHeaders(seg.Headers)
		for _, run := range ledger.SplitBodies(seg.Bodies) {
			seg.BodyBlocks = append(seg.BodyBlocks, ledger.PackBodies(run))
		}
		seg.Headers, seg.Bodies = nil, nil
	}
	return seg
}

// admit makes the folder of an office with a node of its own, admitted and invited,
// that has never been served.
func (w *benchWorld) admit(office, committee string) (dir string) {
	w.b.Helper()
	dir = w.initNode(office, "")
	signed, _, err := ReadOfficeFile(filepath.Join(dir, officeFile))
	w.must(err)
	w.record(office, admissionOf(signed, office, lmc(committee)))
	inv, err := w.keeper.invitation(office)
	w.must(err)
	set, err := loadSettings(dir)
	w.must(err)
	set.Invitation = identity.FormatInvitation(inv)
	w.must(set.save(dir))
	return dir
}

// open opens a folder for a node that is served on lis.
func (w *benchWorld) open(dir string, lis countingListener) *benchNode {
	w.b.Helper()
	n, err := Open(Config{Dir: dir, Listener: lis, Web: "127.0.0.1:0", MinFree: -1, unsearched: true, Logger: slog.New(slog.DiscardHandler)})
	w.must(err)
	opened := &benchNode{Node: n, lis: lis, address: lis.Addr().String()}
	n.cfg.Browse = func(url string) { opened.url = url }
	return opened
}

// serve serves a node until stop is called, or the benchmark ends that the world was made for.
func (w *benchWorld) serve(n *benchNode) (stop func()) {
	w.b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	listening, done := make(chan string, 1), make(chan error, 1)
	n.cfg.Listening = func(address string) { listening <- address }
	go func() { done <- n.Serve(ctx) }()
	<-listening
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		w.must(<-done)
		w.must(n.Close())
	}
	w.whole.Cleanup(stop)
	return stop
}

// restart stops the keeper and serves its folder anew, at another address.
func (w *benchWorld) restart() {
	w.b.Helper()
	w.stop()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.keeper = w.open(w.keeper.cfg.Dir, countingListener{lis, new(atomic.Int64)})
	w.stop = w.serve(w.keeper)
}

// within measures a part of a benchmark by itself.
func (w *benchWorld) within(name string, f func()) {
	w.whole.Run(name, func(b *testing.B) {
		w.b = b
		defer func() { w.b = w.whole }()
		f()
	})
}

// copyOf copies a folder that is not in use, all of it on the disk.
func (w *benchWorld) copyOf(dir string) string {
	w.b.Helper()
	to, err := os.MkdirTemp(w.dir, "copy-")
	w.must(err)
	w.must(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return durable.Write(filepath.Join(to, rel), b, info.Mode())
	}))
	return to
}

// await waits until a node holds what the keeper holds.
func (w *benchWorld) await(n *benchNode) {
	w.b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), benchLimit)
	defer cancel()
	want := w.keeper.FrontierRoot()
	w.must(n.Await(ctx, func() bool { return n.FrontierRoot() == want }))
}

// alone waits until the keeper has no peer: a node that comes back while its old
// session still stands is held up.
func (w *benchWorld) alone() {
	w.b.Helper()
	for end := time.Now().Add(benchLimit); ; time.Sleep(time.Millisecond) {
		connected := false
		for _, p := range w.keeper.replica.Peers() {
			connected = connected || p.Connected
		}
		if !connected {
			return
		}
		if time.Now().After(end) {
			w.b.Fatal("a session does not end")
		}
	}
}

// dialNode makes a client of a node, connected at its first call.
func (w *benchWorld) dialNode(n *benchNode, key ed25519.PrivateKey) *grpc.ClientConn {
	w.b.Helper()
	pin := identity.PinOf(publicKey(n.keys.Transport))
	cc, err := grpc.NewClient("passthrough:///"+n.address, grpc.WithTransportCredentials(credentials.NewTLS(identity.ClientTLS(key, pin))))
	w.must(err)
	return cc
}
