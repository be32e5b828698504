package server

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/answers"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// testClock runs as fast as any other, and can be put forward.
type testClock struct{ ahead atomic.Int64 }

func (c *testClock) now() time.Time             { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *testClock) pass(d time.Duration)       { c.ahead.Add(int64(d)) }
func (c *testClock) of(dir string) Config       { return Config{Dir: dir, Now: c.now} }
func (n *testNode) logOf(o string) ledger.LogID { return ledger.LogID{Federation: "trial", Office: o} }

// hears waits until a node has a stamp of an office made at a time or later.
func (n *testNode) hears(office string, since time.Time) {
	n.t.Helper()
	err := n.Await(testContext(n.t), func() bool { return !n.store.LastStamp(n.logOf(office)).Time.Before(since.Truncate(time.Second)) })
	if err != nil {
		n.t.Fatalf("%s does not hear %s: %v", n.Office(), office, err)
	}
}

// rests is what an answer about a committee rests on.
func (n *testNode) rests(committee string) *answersv1.Completeness {
	n.t.Helper()
	resp, err := n.guidance().GetCombinedView(testContext(n.t), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan", Committee: committee}})
	if err != nil {
		n.t.Fatal(err)
	}
	return resp.View.Completeness
}

// joinedBy is another office's node that has all the keeper has, by a clock of its own.
func (k *testNode) joinedBy(office, committee string, clock *testClock) *testNode {
	k.t.Helper()
	dir, invitation := k.admitted(office, false, committee)
	cfg := clock.of(dir)
	cfg.Invitation = invitation
	n := serve(k.t, cfg)
	n.awaitSame(k)
	return n
}

// heardFederation is a keeper, Essex and Surrey, of which Surrey cannot be dialled and hears Essex by
// way of the keeper alone.
func heardFederation(t *testing.T, clock *testClock) (k, essex, surrey *testNode) {
	t.Helper()
	k = serve(t, clock.of(initNode(t, "gpc-england", true, true)))
	if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	essex, surrey = k.joinedBy("essex", "north-essex", clock), k.joinedBy("surrey", "surrey-lmc", clock)
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	surrey.mustPublish("two", testAdvisory("2021-10-25", refuse, "surrey-lmc"))
	k.awaitSame(essex)
	surrey.awaitSame(essex)
	surrey.hears("essex", time.Time{}.Add(time.Second))
	return k, essex, surrey
}

func TestACutOffNodeNoLongerSaysThatAllIsWell(t *testing.T) {
	clock := &testClock{}
	k, essex, surrey := heardFederation(t, clock)
	if c := surrey.rests("north-essex"); !c.Complete || c.Warning != "" || !strings.HasSuffix(c.Words, "All 2 other offices were heard within the last two hours.") || len(c.Heard) != 2 {
		t.Fatalf("all are heard: %v", c)
	}
	if err := errors.Join(k.stop(), essex.stop()); err != nil {
		t.Fatal(err)
	}
	await(t, "the connections end", func() bool { return !surrey.replica.AloneSince().IsZero() })
	clock.pass(time.Minute)
	if c := surrey.rests("north-essex"); !c.Complete || c.Alone != nil {
		t.Errorf("as when connections are made anew: %v", c)
	}
	await(t, "it is told four minutes later", func() bool { // a session that was just being made may have ended since
		clock.pass(max(0, surrey.replica.AloneSince().Add(4*time.Minute).Sub(surrey.cfg.Now())))
		c := surrey.rests("north-essex")
		return !c.Complete && c.Warning == "This node has been connected to no other for 4 minutes: what other offices published since is not known here."
	})
	clock.pass(3 * 24 * time.Hour)
	c := surrey.rests("north-essex")
	if c.Complete || !slices.Equal(c.Stale, []string{"essex", "gpc-england"}) || c.Warning != "This node hears no other node, the last was heard 3 days ago: what other offices published since is not known here." {
		t.Errorf("cut off for three days: %v", c)
	}
	register := nodev1.NewRegisterServiceClient(surrey.conn) // and so where it is asked whose practice it is
	whose, err := register.LookUpPractice(testContext(t), &answersv1.LookUpPracticeRequest{Practice: "D81001"})
	if err != nil || whose.Completeness.GetComplete() || whose.Completeness.GetWarning() != c.Warning {
		t.Errorf("of a practice: %v, %v", whose.GetCompleteness(), err)
	}
	all, err := register.GetRegister(testContext(t), &answersv1.GetRegisterRequest{})
	if err != nil || all.Completeness.GetComplete() || all.Completeness.GetWarning() != c.Warning {
		t.Errorf("of the register: %v, %v", all.GetCompleteness(), err)
	}
	if h := c.Heard[0]; h.Office != "essex" || !h.AskedAbout || h.Age.AsDuration() < 3*24*time.Hour || c.Heard[1].AskedAbout {
		t.Errorf("the office asked about is not first: %v", c.Heard)
	}
	if h := surrey.rests("gpc-england").Heard[0]; h.Office != "gpc-england" || !h.AskedAbout { // which is not the first by name
		t.Errorf("the office asked about is not first: %v", h)
	}
}

// What it had only seen of others was forgotten with the process, and for two minutes a node that was
// started alone said that all is here.
func TestANodeThatHasHeardNobodySinceItsStartSaysSo(t *testing.T) {
	clock := &testClock{}
	k, essex, surrey := heardFederation(t, clock)
	if err := errors.Join(k.stop(), essex.stop(), surrey.stop()); err != nil {
		t.Fatal(err)
	}
	surrey = serve(t, clock.of(surrey.dir))
	if c := surrey.rests("north-essex"); c.Complete || c.Alone == nil || !strings.Contains(c.Warning, "has heard no other since it was started") {
		t.Errorf("alone since its start: %v", c)
	}
}

// The reader's own LMC is not heard, and others are: that stands at the top. Its age goes on
// over a restart, and ends when the office comes back.
func TestAnOfficeThatFellSilentIsToldFirstToWhomItIsTheirOwn(t *testing.T) {
	clock := &testClock{}
	k, essex, surrey := heardFederation(t, clock)
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	clock.pass(50 * time.Hour)
	since := clock.now()
	if err := surrey.stop(); err != nil { // its own next stamp is due at a full hour, or at the start
		t.Fatal(err)
	}
	address := k.address
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	keeper := clock.of(k.dir)
	keeper.Listen = address
	k, surrey = serve(t, keeper), serve(t, clock.of(surrey.dir))
	surrey.hears("gpc-england", since)
	k.hears("surrey", since)
	if c := surrey.rests("north-essex"); c.Complete || c.Warning != "The node of essex LMCs was last heard 2 days ago: what it published since is not known here." {
		t.Errorf("asked about: %v", c)
	}
	if c := surrey.rests("surrey-lmc"); !c.Complete || c.Warning != "" || !strings.Contains(c.Words, "is not known here: essex LMCs (2 days ago).") {
		t.Errorf("not asked about: %v", c)
	}
	essex = serve(t, clock.of(essex.dir))
	surrey.hears("essex", since)
	if c := surrey.rests("north-essex"); !c.Complete || len(c.Stale) != 0 {
		t.Errorf("it is back: %v", c)
	}
	_ = essex
}

// An office that speaks for nobody any more is not listed as silent: its committee has gone over
// to another, or is no more.
func TestAnOfficeThatLeftOrCeasedIsNotListedAsSilent(t *testing.T) {
	for what, record := range map[string]*ledgerv1.RegisterRecord{
		"left": {Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "north-essex", Office: "surrey"}}},
		"ceased": {Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
			Id: "north-essex", Name: "north-essex LMC", Nation: "england", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, ValidUntil: "2021-12-31",
		}}},
	} {
		t.Run(what, func(t *testing.T) {
			clock := &testClock{}
			k, essex, surrey := heardFederation(t, clock)
			if err := essex.stop(); err != nil {
				t.Fatal(err)
			}
			clock.pass(48 * time.Hour)
			listed := func(n *testNode) bool {
				return slices.ContainsFunc(n.rests("surrey-lmc").Heard, func(h *answersv1.OfficeHeard) bool { return h.Office == "essex" })
			}
			if !listed(k) || !listed(surrey) {
				t.Fatal("it is not listed before: the test shows nothing")
			}
			if _, err := k.publication().AppendRegister(testContext(t), &nodev1.AppendRegisterRequest{RequestId: what, Records: []*ledgerv1.RegisterRecord{record}}); err != nil {
				t.Fatal(err)
			}
			surrey.awaitSame(k)
			if listed(k) || listed(surrey) {
				t.Error("it is listed")
			}
		})
	}
}

// After a restore without its guard a node cannot know that its head is the newest.
func TestARestoredNodeStampsNothingUntilItIsConfirmed(t *testing.T) {
	clock := &testClock{}
	k, essex, _ := heardFederation(t, clock)
	if err := errors.Join(essex.stop(), k.stop(), os.Remove(filepath.Join(essex.dir, keysFolder, guardFile))); err != nil {
		t.Fatal(err)
	}
	clock.pass(3 * time.Hour)
	before := clock.now()
	essex = serve(t, clock.of(essex.dir))
	essex.shows(nodev1.SigningState_SIGNING_STATE_UNCONFIRMED, "connected")
	if at := essex.store.LastStamp(essex.ownLog()).Time; !at.Before(before) {
		t.Errorf("it has stamped at %s, in doubt since %s", at, before)
	}
	keeper := clock.of(k.dir)
	keeper.Listen = k.address
	k = serve(t, keeper)
	essex.shows(nodev1.SigningState_SIGNING_STATE_READY, "")
	k.hears("essex", before)
}

// Of two copies one may have signed more than the other has.
func TestANodeThatMayNotSignStampsNothing(t *testing.T) {
	clock := &testClock{}
	k := serve(t, clock.of(initNode(t, "gpc-england", true, true)))
	if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	k.hears("gpc-england", time.Unix(1, 0)) // the start's
	clock.pass(2 * time.Hour)
	if wait, err := k.signer.stamp(testContext(t)); wait < replica.StampPause-time.Minute || err != nil {
		t.Errorf("it may sign, and has not stamped: %s, %v", wait, err)
	}
	clock.pass(2 * time.Hour)
	if err := k.signer.rule.Heed(replica.Alarm{Code: replica.AlarmRefusedAsDuplicate}); err != nil {
		t.Fatal(err)
	}
	if wait, err := k.signer.stamp(testContext(t)); wait != 0 || err != nil {
		t.Errorf("it has stamped, and may again in %s: %v", wait, err)
	}
}

// Its disk is full, and it is there: who looks silent is rung up for nothing.
func TestANodeWithoutRoomIsHeard(t *testing.T) {
	clock, free := &testClock{}, &atomic.Int64{}
	free.Store(1 << 40)
	k := serveOpened(t, withFree(t, open(t, clock.of(initNode(t, "gpc-england", true, true))), free))
	if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	k.hears("gpc-england", time.Unix(1, 0)) // the start's
	clock.pass(2 * time.Hour)
	free.Store(0)
	if state, _ := k.signer.state(); state != nodev1.SigningState_SIGNING_STATE_NO_ROOM {
		t.Fatalf("with a full disk it is %s", state)
	}
	if wait, err := k.signer.stamp(testContext(t)); wait < replica.StampPause-time.Minute || err != nil {
		t.Errorf("with a full disk it has not stamped: %s, %v", wait, err)
	}
}

// A node whose clock is wrong said that it hears nobody, and nothing of its clock.
func TestANodeWhoseClockIsWrongSaysSo(t *testing.T) {
	right, wrong := &testClock{}, &testClock{}
	wrong.pass(-12 * time.Minute)
	k := serve(t, right.of(initNode(t, "gpc-england", true, true)))
	k.joinedBy("essex", "north-essex", right)
	surrey := k.joinedBy("surrey", "surrey-lmc", wrong)
	says := func(n *testNode, words string) {
		t.Helper()
		await(t, n.Office()+" says: "+words, func() bool {
			return slices.ContainsFunc(n.allAlarms(), func(a *nodev1.Alarm) bool {
				return a.Code == nodev1.AlarmCode_ALARM_CODE_CLOCK && strings.Contains(a.Words, words)
			})
		})
	}
	says(surrey, "this node's clock is 12 minutes behind that of the one other office connected")
	wrong.pass(-80 * 8766 * time.Hour)
	says(surrey, "this node's clock is 80 years behind that of the one other office connected")
	wrong.pass(80 * 8766 * time.Hour)
	if ahead, offices := k.replica.ClockAhead(); ahead.Abs() > time.Minute || offices != 2 {
		t.Errorf("one of two offices makes the keeper's clock wrong: %s, %d", ahead, offices)
	}
	wrong.pass(12 * time.Minute)
	await(t, "nothing is said any more", func() bool {
		return !slices.ContainsFunc(surrey.allAlarms(), func(a *nodev1.Alarm) bool { return a.Code == nodev1.AlarmCode_ALARM_CODE_CLOCK })
	})
}

// What a damaged file holds of the own log may not be all that was signed, and is not vouched for.
func TestADamagedNodeStampsNothing(t *testing.T) {
	clock := &testClock{}
	k := serve(t, clock.of(initNode(t, "gpc-england", true, true)))
	if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	letter := testAdvisory("2021-10-25", refuse, "gpc-england")
	letter.Body = "These words will be damaged.\n"
	entry := k.mustPublish("one", letter)
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	hurtWords(t, k.dir, "will be damaged", "will be Damaged")
	clock.pass(2 * time.Hour)
	before := clock.now()
	cfg := clock.of(k.dir)
	cfg.unsearched = true // search would come upon the damage
	k = serve(t, cfg)
	k.hears("gpc-england", before) // it has not come upon the damage yet
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	clock.pass(2 * time.Hour)
	n := open(t, clock.of(k.dir)) // which does not serve, and so does not mend it
	defer n.Close()
	if _, err := n.answers.GetEntry(testContext(t), answers.Public(), &answersv1.GetEntryRequest{Name: entry}); err == nil || n.store.Damage() == nil {
		t.Fatalf("the damage is not met: %v", err)
	}
	if wait, err := n.signer.stamp(testContext(t)); wait != 0 || err != nil {
		t.Errorf("it has stamped, and may again in %s: %v", wait, err)
	}
}

// Its stamp is of a log of no entries.
func TestAnOfficeThatPublishedNothingYetIsHeard(t *testing.T) {
	clock := &testClock{}
	k := serve(t, clock.of(initNode(t, "gpc-england", true, true)))
	if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	dir, invitation := k.admitted("essex", false, "north-essex")
	cfg := clock.of(dir)
	cfg.Invitation = invitation
	essex := serve(t, cfg)
	k.hears("essex", time.Unix(1, 0))
	if c := k.rests("north-essex"); len(c.Heard) != 1 || c.Heard[0].Office != "essex" || c.Warning != "" || !slices.Equal(c.NotJoined, []string{"essex"}) {
		t.Errorf("%v", c)
	}
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	clock.pass(3 * time.Hour)
	if c := k.rests("north-essex"); c.Complete || !strings.HasPrefix(c.Warning, "This node hears no other node, the last was heard 3 hours ago") {
		t.Errorf("gone for three hours: %v", c)
	}
}

func TestAFederationOfOneHearsNobodyAndSaysNothingOfIt(t *testing.T) {
	clock := &testClock{}
	k := serve(t, clock.of(initNode(t, "gpc-england", true, true)))
	if _, err := k.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	k.admitted("essex", false, "north-essex") // and never joined
	clock.pass(72 * time.Hour)
	if c := k.rests(""); !c.Complete || len(c.Heard) != 0 || c.Words != "Everything known to have been published is here. Nothing published yet by: essex LMCs." {
		t.Errorf("%v", c)
	}
}

// What a reader of one letter asks about is whether its office has said anything since.
func TestALetterOfASilentOfficeSaysThatItsOfficeIsNotHeard(t *testing.T) {
	clock := &testClock{}
	k, essex, surrey := heardFederation(t, clock)
	if err := essex.stop(); err != nil {
		t.Fatal(err)
	}
	clock.pass(2*time.Hour + time.Minute)
	resp, err := surrey.guidance().GetEntry(testContext(t), &answersv1.GetEntryRequest{Name: "essex/0"})
	if err != nil {
		t.Fatal(err)
	}
	if c := resp.Completeness; c.Complete || len(c.Heard) == 0 || c.Heard[0].Office != "essex" || !c.Heard[0].AskedAbout {
		t.Errorf("%v", c)
	}
	if n := len(k.verify(surrey.body("essex/0")).Completeness.Heard); n != 2 {
		t.Errorf("verify tells of %d offices, want 2", n)
	}
}

// A node whose clock was two years slow told what stood then as today's, and one whose clock was fast had
// its letters said to be logged two years on: neither said a word of the clock.
func TestAWrongClockIsToldToReadersAndToWhoeverPublishes(t *testing.T) {
	k := newKeeper(t)
	essex, surrey := k.join("essex", true, "north-essex"), k.join("surrey", false, "surrey-lmc")
	essex.mustPublish("one", testAdvisory("2021-10-25", refuse, "north-essex"))
	surrey.awaitSame(essex)
	if err := surrey.stop(); err != nil {
		t.Fatal(err)
	}
	const days = 24 * time.Hour
	for _, off := range []time.Duration{-730 * days, 730 * days} {
		surrey = serve(t, Config{Dir: surrey.dir, Now: func() time.Time { return time.Now().Add(off) }})
		await(t, "two offices are connected", func() bool { _, offices := surrey.replica.ClockAhead(); return offices == 2 })
		if c := surrey.rests("north-essex"); c.Complete || c.TodayElsewhere != guidance.Today(time.Now()) || !strings.Contains(c.Warning, "until its clock is set") {
			t.Errorf("off by %v, readers are told %v", off, c)
		}
		today := testAdvisory(guidance.Today(time.Now()), refuse, "surrey-lmc")
		resp, err := surrey.publication().PublishAdvisory(testContext(t), &nodev1.PublishAdvisoryRequest{Advisory: today, ValidateOnly: true})
		if off < 0 {
			if err = wire.FromStatus(err); err == nil || !strings.Contains(err.Error(), "this node's clock shows") || !strings.Contains(fault.Hint(err), "set its clock") {
				t.Errorf("a letter of today is refused with %v", err)
			}
		} else if err != nil || !slices.ContainsFunc(resp.Warnings, func(w *answersv1.Warning) bool { return strings.Contains(w.Words, "is dated wrongly for good") }) {
			t.Errorf("its officer is told %v, %v", resp.GetWarnings(), err)
		}
		if err := surrey.stop(); err != nil {
			t.Fatal(err)
		}
	}
	surrey = serve(t, Config{Dir: surrey.dir})
	surrey.awaitSame(k)
	await(t, "nothing is said of a clock that is right", func() bool { c := surrey.rests("north-essex"); return c.TodayElsewhere == "" && c.Complete })
}
