package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/lmcfed/lmcfed/internal/answers"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// hurtWords puts others, as long, for words wherever the data file of a node that has stopped has them.
func hurtWords(t *testing.T, dir, words, others string) {
	t.Helper()
	file := filepath.Join(dir, dataFile)
	whole, err := os.ReadFile(file)
	if err != nil || len(words) != len(others) || !bytes.Contains(whole, []byte(words)) {
		t.Fatalf("the file is not to be hurt so: %v", err)
	}
	if err := os.WriteFile(file, bytes.ReplaceAll(whole, []byte(words), []byte(others)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// hurt flips a bit of every row of a table, in a byte of its value, wherever the data file has it;
// once more where the node has written meanwhile.
func hurt(t *testing.T, dir, table string, byteAt int) {
	t.Helper()
	file := filepath.Join(dir, dataFile)
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for bit := byte(1); ; bit <<= 1 {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(t.TempDir(), "copy.db")
		if err := os.WriteFile(copied, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := bbolt.Open(copied, 0o600, &bbolt.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		hits := 0
		err = db.View(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(table)).ForEach(func(key, value []byte) error {
				row := append(bytes.Clone(key), value...)
				for at := 0; ; hits++ {
					next := bytes.Index(whole[at:], row)
					if next < 0 {
						return nil
					}
					at += next + len(key) + byteAt
					if _, err := f.WriteAt([]byte{whole[at] ^ bit}, int64(at)); err != nil {
						return err
					}
				}
			})
		})
		if err = errors.Join(err, db.Close()); err != nil || hits == 0 {
			t.Fatalf("damaging %d rows of %s in %s: %v", hits, table, file, err)
		}
		const firstPages = 8192
		if now, err := os.ReadFile(file); err == nil && bytes.Equal(now[:firstPages], whole[:firstPages]) {
			return
		}
	}
}

// runningNode is a folder that runs, and its officer's connection.
type runningNode struct {
	conn *grpc.ClientConn
	stop func()
}

func (r runningNode) publication() nodev1.PublicationServiceClient {
	return nodev1.NewPublicationServiceClient(r.conn)
}

func (r runningNode) guidance() nodev1.GuidanceServiceClient {
	return nodev1.NewGuidanceServiceClient(r.conn)
}

func (r runningNode) status(ctx context.Context) (*nodev1.GetStatusResponse, error) {
	return nodev1.NewNodeServiceClient(r.conn).GetStatus(ctx, &nodev1.GetStatusRequest{}, grpc.WaitForReady(true))
}

// run runs a folder as lmcnode serve does, until the test ends or stop is called.
func run(t *testing.T, cfg Config) runningNode {
	t.Helper()
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.MinFree = -1
	listening := make(chan string, 8)
	cfg.Listening = func(address string) { listening <- address }
	ctx, cancel := context.WithCancel(context.Background())
	var ended error
	done := make(chan struct{})
	go func() { defer close(done); ended = Run(ctx, cfg) }()
	var address string
	select {
	case address = <-listening:
	case <-done:
		cancel()
		t.Fatalf("running %s: %v", cfg.Dir, ended)
	}
	keys, err := identity.Load(filepath.Join(cfg.Dir, keysFolder))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(credentials.NewTLS(identity.ClientTLS(keys.Officer, identity.PinOf(publicKey(keys.Transport))))))
	if err != nil {
		t.Fatal(err)
	}
	stop := sync.OnceFunc(func() {
		conn.Close()
		cancel()
		if <-done; ended != nil {
			t.Errorf("running %s: %v", cfg.Dir, ended)
		}
	})
	t.Cleanup(stop)
	return runningNode{conn, stop}
}

// A damaged data file stopped a node for good, and the remedy was to delete it.
func TestADamagedNodeMendsItself(t *testing.T) {
	for _, table := range []string{"rows", "index", "tail", "tiles", "feed", "arrived", "requests", "logs"} {
		for _, running := range []bool{true, false} {
			if running && table == "logs" {
				continue // kept in memory
			}
			t.Run(fmt.Sprintf("%s running %v", table, running), func(t *testing.T) { mendsItself(t, table, running) })
		}
	}
}

func mendsItself(t *testing.T, table string, running bool) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", false, "north-essex")
	node := run(t, Config{Dir: dir, Invitation: invitation})
	ctx := testContext(t)
	letter := &nodev1.PublishAdvisoryRequest{RequestId: "one", Advisory: testAdvisory("2021-10-25", refuse, "north-essex")}
	var published *nodev1.PublishAdvisoryResponse
	for published == nil && ctx.Err() == nil { // until the register is here, and it is confirmed that it may sign
		published, _ = node.publication().PublishAdvisory(ctx, letter, grpc.WaitForReady(true))
	}
	ask := func() (*answersv1.CombinedView, error) {
		resp, err := node.guidance().GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan", AsOf: "2021-10-25"}}, grpc.WaitForReady(true))
		return resp.GetView(), err
	}
	before, err := ask()
	if err != nil || len(before.GetCommittees()) != 1 {
		t.Fatalf("before the damage: %v, %v", before, err)
	}
	for k.HeldSize("essex") < 1 {
		if err := k.store.Wait(ctx, 0); err != nil {
			t.Fatal(err)
		}
	}

	if !running {
		node.stop()
	}
	hurt(t, dir, table, 0)
	if !running {
		node = run(t, Config{Dir: dir})
	}
	var status *nodev1.GetStatusResponse
	for mended := false; !mended; {
		if ctx.Err() != nil {
			t.Fatalf("it is not mended: %v", status)
		}
		if view, err := ask(); err == nil && view.GetCompleteness().GetComplete() && view.Committees[0].GetHeadline().GetCurrent().GetAdvisory() != published.GetStanding().GetEntry() {
			t.Fatalf("a wrong answer that claims to be complete:\n%v\nit was\n%v", view, before)
		}
		_, _ = node.publication().PublishAdvisory(ctx, letter) // reads what was answered before
		_, _ = node.guidance().ListEntries(ctx, &answersv1.ListEntriesRequest{Office: "essex"})
		_, _ = node.guidance().GetChanges(ctx, &answersv1.GetChangesRequest{Selector: &answersv1.Selector{Matter: "plan"}, Since: &answersv1.Since{At: &answersv1.Since_Day{Day: "2021-10-01"}}})
		_, _ = node.guidance().GetProof(ctx, &answersv1.GetProofRequest{Name: "gpc-england/0"})
		now, err := node.status(ctx)
		if err != nil {
			continue
		}
		status = now
		if status.GetState() == nodev1.NodeState_NODE_STATE_DAMAGED && status.GetSigning().GetState() != nodev1.SigningState_SIGNING_STATE_DAMAGED {
			t.Errorf("a damaged node may sign: %v", status.GetSigning())
		}
		mended = status.GetMended() != nil && status.GetState() == nodev1.NodeState_NODE_STATE_RUNNING && status.GetCompleteness().GetComplete()
	}
	after, err := ask()
	if err != nil || after.Committees[0].GetHeadline().GetCurrent().GetAdvisory() != published.GetStanding().GetEntry() {
		t.Errorf("after the mend: %v, %v\nit was\n%v", after, err, before)
	}
	if kept, err := filepath.Glob(filepath.Join(dir, dataFile+".damaged-*")); len(kept) != 1 {
		t.Errorf("the damaged file is not kept: %v, %v", kept, err)
	}
}

// With the words of one record of the register lost, and nobody heard, letters that stood were said not to
// count, and practices not to be in the register; the node called itself running.
func TestNothingIsToldByARegisterThatLostTheWordsOfARecord(t *testing.T) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", false, "north-essex")
	node := run(t, Config{Dir: dir, Invitation: invitation})
	ctx := testContext(t)
	letter := &nodev1.PublishAdvisoryRequest{RequestId: "one", Advisory: testAdvisory("2021-10-25", refuse, "north-essex")}
	for published := (*nodev1.PublishAdvisoryResponse)(nil); published == nil && ctx.Err() == nil; {
		published, _ = node.publication().PublishAdvisory(ctx, letter, grpc.WaitForReady(true))
	}
	for k.HeldSize("essex") < 1 {
		if err := k.store.Wait(ctx, 0); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := node.guidance().GetEntry(ctx, &answersv1.GetEntryRequest{Name: "essex/0"})
	if err != nil || !isStanding(whole.GetEntry()) {
		t.Fatalf("before the damage: %v, %v", whole, err)
	}
	node.stop()
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	hurtWords(t, dir, "north-essex LMC", "north-wessex LM")

	node = run(t, Config{Dir: dir})
	status, err := node.status(ctx)
	if err != nil || status.GetMended().GetBodies() != 1 {
		t.Fatalf("it has not lost the words of one entry: %v, %v", status.GetMended(), err)
	}
	if status.GetState() != nodev1.NodeState_NODE_STATE_JOINING || status.GetCompleteness().GetComplete() || strings.Contains(status.GetCompleteness().GetWords(), "holds nothing") {
		t.Errorf("the node is %v: %v", status.GetState(), status.GetCompleteness())
	}
	if words := status.GetSigning().GetWords(); !strings.Contains(words, "are not here") || strings.Contains(status.GetSigning().GetRemedy(), "admitted") {
		t.Errorf("it may not sign, for: %s: %s", words, status.GetSigning().GetRemedy())
	}
	sel := &answersv1.Selector{Matter: "plan"}
	for what, ask := range map[string]func() error{
		"view": func() error {
			_, err := node.guidance().GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: sel})
			return err
		},
		"national": func() error {
			_, err := nodev1.NewNationalServiceClient(node.conn).GetNationalPicture(ctx, &answersv1.GetNationalPictureRequest{Selector: sel})
			return err
		},
		"entry": func() error {
			_, err := node.guidance().GetEntry(ctx, &answersv1.GetEntryRequest{Name: "essex/0"})
			return err
		},
		"verify": func() error {
			_, err := node.guidance().Verify(ctx, &answersv1.VerifyRequest{Body: whole.GetBody()})
			return err
		},
		"proof": func() error {
			_, err := node.guidance().GetProof(ctx, &answersv1.GetProofRequest{Name: "essex/0"})
			return err
		},
		"history": func() error {
			_, err := node.guidance().ListEntries(ctx, &answersv1.ListEntriesRequest{Office: "essex"})
			return err
		},
		"search": func() error {
			_, err := node.guidance().Search(ctx, &answersv1.SearchRequest{Query: "advice"})
			return err
		},
		"votes":   func() error { _, err := node.guidance().ListVotes(ctx, &answersv1.ListVotesRequest{}); return err },
		"matters": func() error { _, err := node.guidance().ListMatters(ctx, &answersv1.ListMattersRequest{}); return err },
		"practice": func() error {
			_, err := node.guidance().GetPracticePage(ctx, &answersv1.GetPracticePageRequest{Practice: "F81002"})
			return err
		},
		"register": func() error {
			_, err := nodev1.NewRegisterServiceClient(node.conn).GetRegister(ctx, &answersv1.GetRegisterRequest{})
			return err
		},
		"publish": func() error {
			_, err := node.publication().PublishAdvisory(ctx, &nodev1.PublishAdvisoryRequest{Advisory: letter.Advisory, ValidateOnly: true})
			return err
		},
	} {
		if err := wire.FromStatus(ask()); err == nil || !strings.Contains(err.Error(), "the words of 1 record of the register are not here") {
			t.Errorf("%s: %v", what, err)
		}
	}

	serve(t, Config{Dir: k.dir})
	for { // by itself, once a peer has given them back, and until then it says nothing
		now, err := node.guidance().GetEntry(ctx, &answersv1.GetEntryRequest{Name: "essex/0"})
		if err == nil && !isStanding(now.GetEntry()) {
			t.Fatalf("a letter that stands: %v", now.GetEntry())
		}
		if status, statusErr := node.status(ctx); err == nil && statusErr == nil && status.GetState() == nodev1.NodeState_NODE_STATE_RUNNING {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("it does not get them back: %v", err)
		}
	}
}

// One record whose words the keeper had lost before anybody else had them silenced every office for good.
func TestARecordWhoseWordsNobodyHasSilencesNoOtherOffice(t *testing.T) { recordOfNobody(t, false) }

// One that had lost a letter's words once, and had them back, was.
func TestARecordWhoseWordsNobodyHasSilencesNoOfficeThatWasMendedBefore(t *testing.T) {
	recordOfNobody(t, true)
}

func recordOfNobody(t *testing.T, mended bool) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", true, "north-essex")
	essex := serve(t, Config{Dir: dir, Invitation: invitation})
	essex.awaitSame(k)
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	k.awaitSame(essex)
	if err := essex.stop(); err != nil { // it is off while the register grows
		t.Fatal(err)
	}
	if mended {
		hurtWords(t, dir, "Our advice.", "Our advise.")
		node := run(t, Config{Dir: dir})
		await(t, "it has its letter's words back", func() bool {
			got, err := node.guidance().GetEntry(testContext(t), &answersv1.GetEntryRequest{Name: "essex/0"}, grpc.WaitForReady(true))
			status, statusErr := node.status(testContext(t))
			return err == nil && got.GetEntry().GetAdvisory() != nil && statusErr == nil && status.GetMended().GetBodies() == 1
		})
		node.stop()
	}
	record := &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{Id: "zebra", Name: "Zebra LMC", Nation: "england", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC}}}
	if _, err := k.publication().AppendRegister(testContext(t), &nodev1.AppendRegisterRequest{RequestId: "zebra", Records: []*ledgerv1.RegisterRecord{record}}); err != nil {
		t.Fatal(err)
	}
	size := k.HeldSize("gpc-england")
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	hurtWords(t, k.dir, "Zebra LMC", "Zebro LMC")
	essex = serve(t, Config{Dir: dir})
	serve(t, Config{Dir: k.dir, Peers: []PeerAddress{{Address: essex.address, Pin: identity.PinOf(publicKey(essex.keys.Transport))}}})
	await(t, "the record is here without its words", func() bool {
		return essex.HeldSize("gpc-england") == size && essex.store.Counts(essex.keeperLog()).NotHeld == 1
	})
	ctx := testContext(t)
	got, err := essex.guidance().GetEntry(ctx, &answersv1.GetEntryRequest{Name: "essex/0"})
	if err != nil || !isStanding(got.GetEntry()) || got.GetCompleteness().GetComplete() {
		t.Errorf("%v, %v", got, err)
	}
	essex.shows(nodev1.SigningState_SIGNING_STATE_READY, "")
	essex.mustPublish("two", testAdvisory("2021-10-26", refuse, "north-essex"))
}

// A matter whose words were lost was not known, as one that nobody ever opened.
func TestAMatterWhoseWordsAreLostMayBeAmongWhatIsNotHere(t *testing.T) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", false, "north-essex")
	node := run(t, Config{Dir: dir, Invitation: invitation})
	await(t, "it has the register", func() bool {
		status, err := node.status(testContext(t))
		return err == nil && status.GetEntries() == k.Entries()
	})
	node.stop()
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	hurtWords(t, dir, "A plan", "A plum")
	node, ctx := run(t, Config{Dir: dir}), testContext(t)
	var resp *answersv1.ListMattersResponse
	var err error
	await(t, "it is mended", func() bool {
		resp, err = node.guidance().ListMatters(ctx, &answersv1.ListMattersRequest{}, grpc.WaitForReady(true)) // which meets the damage
		status, statusErr := node.status(ctx)
		return err == nil && statusErr == nil && status.GetMended().GetBodies() == 1
	})
	if len(resp.GetMatters()) != 0 || resp.GetCompleteness().GetComplete() || resp.GetCompleteness().GetNotHeld()["gpc-england"] != 1 {
		t.Errorf("the matters: %v, %v", resp, err)
	}
	_, err = node.guidance().GetMatter(ctx, &answersv1.GetMatterRequest{Name: "plan"})
	if err := wire.FromStatus(err); err == nil || !strings.Contains(err.Error(), "the words of 1 entry are not here yet, so that it may be among them") {
		t.Errorf("the matter: %v", err)
	}
}

func isStanding(e *answersv1.Entry) bool {
	return len(e.GetStandings()) == 1 && e.GetStandings()[0].GetCurrent()
}

// Whose register is damaged knows nobody who could give it back: nothing is made up, and the way
// out is a backup. What is whole is answered meanwhile.
func TestADamagedRegisterIsNotMendedAtTheKeeper(t *testing.T) {
	k := newKeeper(t)
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	node := run(t, Config{Dir: k.dir})
	hurt(t, k.dir, "tail", 8) // of its header
	ctx := testContext(t)
	for {
		_, _ = node.guidance().GetEntry(ctx, &answersv1.GetEntryRequest{Name: "gpc-england/0"}, grpc.WaitForReady(true))
		status, err := node.status(ctx)
		if err != nil {
			t.Fatal(err)
		}
		said := fmt.Sprint(status.GetAlarms())
		if !strings.Contains(said, "lmcnode restore") {
			continue
		}
		if status.GetState() != nodev1.NodeState_NODE_STATE_DAMAGED || status.GetMended() != nil {
			t.Errorf("the node is %v, mended %v", status.GetState(), status.GetMended())
		}
		break
	}
	if _, err := node.guidance().GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan", AsOf: "2021-10-25"}}); err != nil {
		t.Errorf("what is whole: %v", err)
	}
	if kept, _ := filepath.Glob(filepath.Join(k.dir, dataFile+".damaged-*")); len(kept) != 0 {
		t.Errorf("another file was put in place: %v", kept)
	}
}

// A disk that damages what is written anew is not written to again and again, and what is whole is
// still answered.
func TestADamageWithinTheHourIsToldAndNotMended(t *testing.T) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", false, "north-essex")
	node := run(t, Config{Dir: dir, Invitation: invitation})
	ctx := testContext(t)
	lists := func(node runningNode, until func(*nodev1.GetStatusResponse) bool) {
		t.Helper()
		var last *nodev1.GetStatusResponse
		for {
			_, listed := node.guidance().ListMatters(ctx, &answersv1.ListMattersRequest{}, grpc.WaitForReady(true))
			status, err := node.status(ctx)
			if err == nil && until(status) {
				return
			}
			if ctx.Err() != nil {
				t.Fatalf("%v; %v: %v", listed, err, last)
			}
			if err == nil {
				last = status
			}
		}
	}
	inSync := func(s *nodev1.GetStatusResponse) bool { return s.GetEntries() == k.Entries() }
	lists(node, inSync)
	hurt(t, dir, "index", 0)
	lists(node, func(s *nodev1.GetStatusResponse) bool { return s.GetMended() != nil && inSync(s) })
	hurt(t, dir, "index", 0)
	lists(node, func(s *nodev1.GetStatusResponse) bool {
		if s.GetState() == nodev1.NodeState_NODE_STATE_DAMAGED && (!s.GetCompleteness().GetDamaged() || s.GetCompleteness().GetComplete()) {
			t.Errorf("a damaged node calls its answers complete: %v", s.GetCompleteness())
		}
		return s.GetState() == nodev1.NodeState_NODE_STATE_DAMAGED && strings.Contains(fmt.Sprint(s.GetAlarms()), "another disk")
	})
	if _, err := nodev1.NewRegisterServiceClient(node.conn).GetRegister(ctx, &answersv1.GetRegisterRequest{}); err != nil {
		t.Errorf("what is whole: %v", err)
	}
	node.stop() // and it did not start again until the hour was over
	file := filepath.Join(dir, dataFile)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"feed", "tail", "logs"} { // which the store reads as it opens, and then who makes the register
		hurt(t, dir, table, 8)
		node := run(t, Config{Dir: dir})
		if _, err := node.guidance().GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan"}}, grpc.WaitForReady(true)); err != nil && strings.Contains(wire.FromStatus(err).Error(), "not got the register yet") {
			t.Errorf("%s: it fetches nothing, and says that it does: %v", table, err)
		}
		lists(node, func(s *nodev1.GetStatusResponse) bool {
			return s.GetState() == nodev1.NodeState_NODE_STATE_DAMAGED && s.GetMended() != nil && !s.GetCompleteness().GetComplete()
		})
		node.stop()
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A node that was to be mended at its start, on a full disk, ended, and went on ending.
func TestANodeWithoutRoomToBeMendedWaitsForIt(t *testing.T) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", false, "north-essex")
	first := run(t, Config{Dir: dir, Invitation: invitation})
	await(t, "it has the register", func() bool {
		status, err := first.status(testContext(t))
		return err == nil && status.GetEntries() == k.Entries()
	})
	first.stop()
	hurt(t, dir, "feed", 0)
	before, err := os.ReadFile(filepath.Join(dir, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	said, logged := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error)
	go func() {
		ended <- Run(ctx, Config{Dir: dir, free: func(string) (int64, error) { return 0, nil }, Logger: slog.New(slog.NewTextHandler(logged, nil))})
	}()
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil || !strings.Contains(line, "no room to mend the data file") || !strings.Contains(line, "free space") {
		t.Errorf("it logs %q, %v", line, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("stopped while it waits: %v", err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, dataFile)); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the data file was touched: %v", err)
	}
}

// A keeper that had lost its data knew nobody, refused whoever dialled it, and stayed empty.
// One restored from before anybody was admitted refused, by that register, the very peer it was told
// to get the register from.
func TestAKeeperThatLostTheRegisterGetsItFromThePeersThatAreNamed(t *testing.T) {
	for name, restored := range map[string]struct{ data, guard bool }{
		"data lost": {false, true}, "an early backup": {true, true}, "an early backup, and no guard": {true, false},
	} {
		k := newKeeper(t)
		if err := k.stop(); err != nil {
			t.Fatal(err)
		}
		early := filepath.Join(t.TempDir(), "early")
		if _, err := Backup(k.dir, early); err != nil {
			t.Fatal(err)
		}
		k = serve(t, Config{Dir: k.dir})
		essex, kent := k.join("essex", true, "north-essex"), k.join("kent", true, "kent")
		essex.awaitSame(k)
		if err := k.stop(); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(k.dir, dataFile)); err != nil {
			t.Fatal(err)
		}
		if !restored.guard {
			if err := os.Remove(filepath.Join(k.dir, keysFolder, guardFile)); err != nil {
				t.Fatal(err)
			}
		}
		if restored.data {
			if _, err := Restore(k.dir, early); err != nil {
				t.Fatal(err)
			}
		}
		lost := serve(t, Config{Dir: k.dir})
		_, why := lost.signer.state()
		if said := fmt.Sprint(lost.alarmWords(), fault.Hint(why)); !strings.Contains(said, "--peer ADDRESS=PIN") {
			t.Errorf("%s: it does not say what to do: %s", name, said)
		}
		if _, err := lost.guidance().GetEntry(testContext(t), &answersv1.GetEntryRequest{Name: "gpc-england/99"}); restored.data && !restored.guard && !strings.Contains(fmt.Sprint(err), "may be an old copy") {
			t.Errorf("%s: what is not known here: %v", name, err)
		}
		if _, err := lost.invitation("essex"); !restored.data && !strings.Contains(fault.Hint(err), "--peer ADDRESS=PIN") {
			t.Errorf("%s: inviting: %v", name, err)
		}
		if c, err := lost.answers.Completeness(testContext(t), answers.Reader{}); err != nil || c.Complete {
			t.Errorf("%s: readers are told that all is there: %v, %v", name, c, err)
		}
		if restored.data {
			if err := lost.admit(publicKey(essex.keys.Transport)); err == nil || !strings.Contains(fmt.Sprint(lost.alarmWords()), "does not know") {
				t.Errorf("%s: nobody is told that nodes it does not know want to connect: %v", name, err)
			}
		}
		if err := lost.stop(); err != nil {
			t.Fatal(err)
		}
		var named []PeerAddress
		for _, n := range []*testNode{essex, kent} {
			named = append(named, PeerAddress{Address: n.address, Pin: identity.PinOf(publicKey(n.keys.Transport))})
		}
		again := serve(t, Config{Dir: k.dir, Peers: named})
		again.awaitSame(essex)
		again.shows(nodev1.SigningState_SIGNING_STATE_READY, "")
		again.mustPublish("after", testAdvisory("2021-10-25", refuse, "gpc-england"))
		essex.awaitSame(again)
	}
}

// A keeper that had taken its register back from a peer that was away when it was last written was
// confirmed by that one peer's word, and signed a number twice.
func TestAKeeperIsNotConfirmedByOneStalePeer(t *testing.T) {
	k := newKeeper(t)
	essexDir, invitation := k.admitted("essex", true, "north-essex")
	essex := serve(t, Config{Dir: essexDir, Invitation: invitation})
	essex.awaitSame(k)
	if err := essex.stop(); err != nil { // it is off while the register grows
		t.Fatal(err)
	}
	k.join("kent", true, "kent")
	signed := k.HeldSize("gpc-england")
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	for _, lost := range []string{dataFile, filepath.Join(keysFolder, guardFile)} {
		if err := os.Remove(filepath.Join(k.dir, lost)); err != nil {
			t.Fatal(err)
		}
	}
	essex = serve(t, Config{Dir: essexDir})
	again := serve(t, Config{Dir: k.dir, Peers: []PeerAddress{{Address: essex.address, Pin: identity.PinOf(publicKey(essex.keys.Transport))}}})
	again.awaitSame(essex)
	if held := again.HeldSize("gpc-england"); held == 0 || held >= signed {
		t.Fatalf("%d of %d entries are back: the test shows nothing", held, signed)
	}
	again.shows(nodev1.SigningState_SIGNING_STATE_UNCONFIRMED, "--solo")
	if again.replica.Confirmed(again.ownLog(), again.signer.otherOffices()) {
		t.Error("one peer's word confirms it")
	}
}

// A node whose file had lost even what says which logs there were had heard one other, which was restored
// from a backup and in doubt of itself: all known to have been published was said to be here, and the
// letter that it had shown the day before was not.
func TestANodeThatLostAllItKnewIsCompleteWhenAllWhoWouldKnowWereHeard(t *testing.T) {
	k := newKeeper(t)
	kentDir, invitation := k.admitted("kent", false, "kent")
	kent := serve(t, Config{Dir: kentDir, Invitation: invitation, Now: func() time.Time { return time.Now().Add(-50 * time.Minute) }}) // so that its next stamp is due when it starts again
	essexDir, invitation := k.admitted("essex", false, "north-essex")
	essex := serve(t, Config{Dir: essexDir, Invitation: invitation})
	essex.awaitSame(k)
	kent.awaitSame(k) // it may not publish before it has the register
	kent.mustPublish("one", testAdvisory("2021-10-25", refuse, "kent"))
	k.awaitSame(kent)
	backup := filepath.Join(t.TempDir(), "backup")
	file, err := os.Create(backup)
	if err == nil {
		_, err = k.store.Backup(file)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	newer := kent.mustPublish("two", testAdvisory("2021-10-26", refuse, "kent"))
	k.awaitSame(kent)
	essex.awaitSame(k)
	address := k.address
	if err := errors.Join(essex.stop(), kent.stop(), k.stop(), os.Remove(filepath.Join(k.dir, dataFile))); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(k.dir, backup); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"logs", "feed"} {
		hurt(t, essexDir, table, 0)
	}
	k = serve(t, Config{Dir: k.dir, Listen: address})
	damaged := run(t, Config{Dir: essexDir})
	ctx := testContext(t)
	var last *answersv1.CombinedView
	ask := func() *answersv1.CombinedView {
		resp, err := damaged.guidance().GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan", AsOf: "2021-10-27"}}, grpc.WaitForReady(true))
		if err == nil {
			last = resp.GetView()
		}
		return last
	}
	status := func() *nodev1.GetStatusResponse {
		s, err := damaged.status(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	await(t, "what the keeper has is here", func() bool { return status().GetEntries() == k.Entries() })
	for range 20 { // as long as a node takes that believes whom it hears
		c := ask().GetCompleteness()
		if c.GetComplete() || !slices.Contains(c.GetLost(), "kent") || !slices.Contains(c.GetLost(), "gpc-england") || !strings.Contains(c.GetWarning(), "or may have") {
			t.Fatalf("Kent was not heard, nor a keeper that is in no doubt: %v", c)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if said := fmt.Sprint(status().GetAlarms()); !strings.Contains(said, "not known what it held") {
		t.Errorf("the operator is told %s", said)
	}
	serve(t, Config{Dir: kent.dir})
	await(t, "all are heard", func() bool { return ask().GetCompleteness().GetComplete() })
	if !slices.ContainsFunc(last.Committees, func(c *answersv1.CommitteeView) bool { return c.GetHeadline().GetCurrent().GetAdvisory() == newer }) {
		t.Errorf("complete without %s: %v", newer, last.Committees)
	}
	damaged.stop()
	damaged = run(t, Config{Dir: essexDir}) // and what is known is not forgotten
	if said := fmt.Sprint(status().GetAlarms()); strings.Contains(said, "not known what it held") {
		t.Errorf("started again it is told %s", said)
	}
}

// The words of a letter and the request that it answered were lost, and nobody was heard: the same letter was signed
// once more, and when the words came back it stood twice on all nodes.
func TestALetterWhoseWordsAndRequestAreLostIsNotSignedAgain(t *testing.T) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", false, "north-essex")
	node := run(t, Config{Dir: dir, Invitation: invitation})
	ctx := testContext(t)
	letter := &nodev1.PublishAdvisoryRequest{RequestId: "one", Advisory: testAdvisory("2021-10-25", refuse, "north-essex")}
	var first *nodev1.PublishAdvisoryResponse
	for first == nil && ctx.Err() == nil { // until the register is here, and it is confirmed that it may sign
		first, _ = node.publication().PublishAdvisory(ctx, letter, grpc.WaitForReady(true))
	}
	await(t, "the keeper has it", func() bool { return k.HeldSize("essex") == 1 })
	node.stop()
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	hurtWords(t, dir, "Our advice.", "Our advise.")
	hurtAlready, err := os.ReadFile(filepath.Join(dir, dataFile))
	if err != nil {
		t.Fatal(err)
	}
	mended := func() (status *nodev1.GetStatusResponse) {
		await(t, "it is mended", func() bool {
			_, _ = node.guidance().GetEntry(ctx, &answersv1.GetEntryRequest{Name: "essex/0"}, grpc.WaitForReady(true)) // which meets the damage
			var err error
			status, err = node.status(ctx)
			return err == nil && status.GetMended().GetBodies() == 1
		})
		return status
	}

	// Where the request is known, nothing is lost with the words but the page, and other letters are signed.
	node = run(t, Config{Dir: dir})
	if status := mended(); status.GetSigning().GetState() != nodev1.SigningState_SIGNING_STATE_READY {
		t.Errorf("it may not sign: %v", status.GetSigning())
	}
	resp, err := node.publication().PublishAdvisory(ctx, letter, grpc.WaitForReady(true))
	if err != nil || !resp.GetRepeatedRequest() || resp.GetStanding().GetEntry() != "essex/0" || resp.GetAdvisory() != nil {
		t.Errorf("the request is known: %v, %v", resp, err)
	}
	node.stop()

	if err := os.WriteFile(filepath.Join(dir, dataFile), hurtAlready, 0o600); err != nil {
		t.Fatal(err)
	}
	hurt(t, dir, "requests", 0)
	node = run(t, Config{Dir: dir})
	status := mended()
	told := func(s *nodev1.Signing) bool {
		return s.GetState() == nodev1.SigningState_SIGNING_STATE_BEHIND && strings.Contains(s.GetWords(), "the words of essex/0 are not here") && strings.Contains(s.GetRemedy(), "another office's node is heard")
	}
	if status.GetState() != nodev1.NodeState_NODE_STATE_RUNNING || !told(status.GetSigning()) {
		t.Errorf("the node is %v, and says of signing: %v", status.GetState(), status.GetSigning())
	}
	checked, err := node.publication().PublishAdvisory(ctx, &nodev1.PublishAdvisoryRequest{Advisory: letter.Advisory, ValidateOnly: true})
	if err != nil || !told(checked.GetStanding().GetSigning()) {
		t.Errorf("whoever looks before signing is told %v, %v", checked.GetStanding(), err)
	}
	for _, id := range []string{"one", "two"} {
		again := &nodev1.PublishAdvisoryRequest{RequestId: id, Advisory: letter.Advisory, Preview: checked.GetPreview()}
		if resp, err := node.publication().PublishAdvisory(ctx, again); !errors.Is(wire.FromStatus(err), fault.ErrRecovering) {
			t.Errorf("it is signed again: %v, %v", resp, err)
		}
	}
	node.stop()
	alone := serve(t, Config{Dir: dir})
	if alone.refuses(fault.ErrRecovering, "essex/0"); !alone.signer.rule.Current() {
		t.Error("it is silent, though what it holds is the newest of its log")
	}
	if err := alone.stop(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, dataFile))
	if err != nil {
		t.Fatal(err)
	}

	// The office says that nobody has these words any more, and that is not asked again.
	var logged bytes.Buffer
	node = run(t, Config{Dir: dir, Solo: "the disk had the only copy", Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	node.stop()
	if !strings.Contains(logged.String(), "the disk had the only copy") {
		t.Errorf("not logged: %s", &logged)
	}
	node = run(t, Config{Dir: dir})
	if resp, err := node.publication().PublishAdvisory(ctx, letter, grpc.WaitForReady(true)); err != nil || resp.GetStanding().GetEntry() != "essex/1" {
		t.Errorf("the office said that it is to be signed: %v, %v", resp, err)
	}
	node.stop()

	// And once another node is heard, the words are here, and the letter is recognised by them.
	if err := errors.Join(os.WriteFile(filepath.Join(dir, dataFile), whole, 0o600), os.Remove(filepath.Join(dir, keysFolder, guardFile))); err != nil {
		t.Fatal(err)
	}
	serve(t, Config{Dir: k.dir})
	node = run(t, Config{Dir: dir})
	for ctx.Err() == nil {
		if resp, err = node.publication().PublishAdvisory(ctx, letter, grpc.WaitForReady(true)); err == nil {
			break
		}
	}
	if !resp.GetRepeatedRequest() || resp.GetStanding().GetEntry() != "essex/0" {
		t.Errorf("the words are here again: %v, %v", resp, err)
	}
}
