package replica

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func signedStamp(t testing.TB, office string, size uint64, at time.Time) ledger.Stamp {
	t.Helper()
	st, err := ledger.SignStamp(ledger.Checkpoint{Log: testLog(office), Size: size, Root: [32]byte{1}}, at, officeKey(office))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func stampsFrame(stamps ...ledger.Stamp) *nodev1.Frame {
	page := &nodev1.Stamps{}
	for _, st := range stamps {
		page.Stamps = append(page.Stamps, st.Note)
	}
	return &nodev1.Frame{Message: &nodev1.Frame_Stamps{Stamps: page}}
}

// hearing is a core with a session of kent, and a verifier at its side, whose clock stands.
func hearing(t testing.TB, checks *int) (*Core, HeadVerifier) {
	t.Helper()
	c, peer := coreWith("essex", 1, 9), coreWith("kent", 1, 9)
	c.Step(Opened{1, Peer{Office: "kent", Key: peer.cfg.Key}})
	peer.Step(Opened{1, Peer{Office: "essex", Key: c.cfg.Key, Dialled: true}})
	c.Step(Writable{Session: 1})
	for _, e := range peer.Step(Writable{Session: 1}) {
		if send, ok := e.(Send); ok {
			c.Step(Received{Session: 1, Frame: send.Frame})
		}
	}
	v := testVerifier()
	keys := v.Keys
	v.Keys = func(log ledger.LogID, size uint64) []ed25519.PublicKey { *checks++; return keys(log, size) }
	v.Wants, v.Now = c.Wants, func() time.Time { return stageStart }
	return c, v
}

func recorded(effects []Effect) (n int) {
	for _, e := range effects {
		if _, ok := e.(RecordStamp); ok {
			n++
		}
	}
	return n
}

// What is sent again and again, or sooner than agreed, or ahead of the clock, is dropped before
// its signature is looked at.
func TestAFloodOfStampsCostsNothing(t *testing.T) {
	checks, taken := 0, 0
	c, v := hearing(t, &checks)
	send := func(st ledger.Stamp) { taken += recorded(c.Step(v.Frame(1, stampsFrame(st)))) }
	first := signedStamp(t, "o1", 3, stageStart.Add(-time.Minute))
	for range 100 {
		send(first)
		send(signedStamp(t, "o1", 3, first.Time.Add(StampLeast-time.Second)))
		send(signedStamp(t, "o1", 3, stageStart.Add(StampAhead+time.Second)))
	}
	if taken != 1 || checks != 1 {
		t.Errorf("%d stamps taken and %d signatures checked of 300, want 1 and 1", taken, checks)
	}
	if n := len(c.sessions[1].stamps); n != 0 {
		t.Errorf("%d stamps wait for the peer that sent them", n)
	}
}

// An office can sign a stamp for every twenty minutes since 1970. Of those eight an hour are
// taken; one that is not old always is.
func TestOldStampsAreTakenUpToTheirLimit(t *testing.T) {
	checks, taken := 0, 0
	c, v := hearing(t, &checks)
	send := func(at time.Time) { taken += recorded(c.Step(v.Frame(1, stampsFrame(signedStamp(t, "o1", 3, at))))) }
	for i := range 200 {
		send(time.Unix(0, 0).Add(time.Duration(i) * StampLeast))
	}
	if taken != StampsOld || checks != StampsOld {
		t.Errorf("%d taken, %d checked, want %d", taken, checks, StampsOld)
	}
	if send(stageStart.Add(-StampOldAfter)); taken != StampsOld+1 {
		t.Error("one that is two hours old is not taken any more")
	}
	c.Step(Tick{Now: StampEvery})
	v.Now = func() time.Time { return stageStart.Add(StampOldAfter) }
	if send(stageStart.Add(-StampOldAfter + StampLeast)); taken != StampsOld+2 {
		t.Error("an hour later no old one is taken")
	}
}

func TestAStampThatNobodyOfItsOfficeSignedCountsAgainstItsSender(t *testing.T) {
	checks := 0
	c, v := hearing(t, &checks)
	forged := signedStamp(t, "o1", 3, stageStart)
	name, sig, _ := strings.Cut(string(forged.Note), "\n\n")
	lines := strings.Split(sig, "\n")
	b64 := lines[1][strings.LastIndex(lines[1], " ")+1:]
	raw, err := base64.StdEncoding.DecodeString(b64)
	if err != nil {
		t.Fatal(err)
	}
	raw[4+7]++ // a second later
	moved := []byte(name + "\n\n" + lines[0] + "\n" + strings.Replace(lines[1], b64, base64.StdEncoding.EncodeToString(raw), 1) + "\n")
	if st, err := ledger.PeekStamp(moved); err != nil || !st.Time.Equal(forged.Time.Add(time.Second)) {
		t.Fatalf("the time is not where it was looked for: %v", err)
	}
	for i := range BadLimit {
		if recorded(c.Step(v.Frame(1, stampsFrame(ledger.Stamp{Checkpoint: ledger.Checkpoint{Note: moved}})))) > 0 {
			t.Fatal("a relay has moved the time of a stamp, and it is taken")
		}
		if gone := c.sessions[1] == nil || c.sessions[1].phase == closing; gone != (i == BadLimit-1) {
			t.Fatalf("after %d forged stamps: ended %t", i+1, gone)
		}
	}
}

func TestAFrameOfWhatIsNoStampEndsTheSession(t *testing.T) {
	checks := 0
	_, v := hearing(t, &checks)
	elsewhere := signedStamp(t, "o1", 3, stageStart)
	elsewhere.Note = []byte(strings.ReplaceAll(string(elsewhere.Note), "demo/", "other/"))
	head := ledger.Stamp{Checkpoint: ledger.Checkpoint{Note: signedHead(t, "o1", 3).Checkpoint}}
	for want, st := range map[string]ledger.Stamp{"want two signatures": head, `not a log of "demo"`: elsewhere, "malformed": {}} {
		if ev, ok := v.Frame(1, stampsFrame(st)).(Broken); !ok || !strings.Contains(fmt.Sprint(ev.Err), want) {
			t.Errorf("want broken with %q: %v", want, ev.Err)
		}
	}
}

// Stamps of a thousand offices go in pages, each once.
func TestPagesOfStampsKeepWithinTheFrame(t *testing.T) {
	checks := 0
	c, _ := hearing(t, &checks)
	const offices = 1000
	for i := range offices {
		c.Step(Stamped{signedStamp(t, fmt.Sprintf("o%d", i), 1<<40, stageStart)})
	}
	c.Step(Tick{Now: StampsWait})
	pages, stamps := 0, 0
	for more := true; more; {
		more = false
		for _, e := range c.Step(Writable{Session: 1}) {
			if send, ok := e.(Send); ok {
				more = true
				if n := proto.Size(send.Frame); n > FrameLimit {
					t.Fatalf("a frame of %d bytes", n)
				}
				if n := len(send.Frame.GetStamps().GetStamps()); n > 0 {
					pages, stamps = pages+1, stamps+n
				}
			}
		}
	}
	if stamps != offices || pages < 2 || pages > 6 {
		t.Errorf("%d stamps in %d pages, want each of %d once in about five", stamps, pages, offices)
	}
}

// Software that is older does not know the frame: it says so by leaving out the root.
func TestAPeerThatWantsNoStampsIsSentNone(t *testing.T) {
	c, peer := coreWith("essex", 1, 9), coreWith("kent", 1, 9)
	c.Step(Opened{1, Peer{Office: "kent", Key: peer.cfg.Key}})
	c.Step(Writable{Session: 1})
	c.Step(Stamped{signedStamp(t, "essex", 3, stageStart)})
	root := c.Root()
	c.Step(Received{Session: 1, Frame: helloFrame(func(h *nodev1.Hello) { h.Office, h.Node, h.FrontierRoot = "kent", peer.node[:], root[:] })})
	c.Step(Stamped{signedStamp(t, "essex", 3, stageStart.Add(time.Hour))})
	c.Step(Tick{Now: time.Hour})
	for range 5 {
		for _, e := range c.Step(Writable{Session: 1}) {
			if send, ok := e.(Send); ok && send.Frame.GetStamps() != nil {
				t.Fatal("it is sent stamps")
			}
		}
	}
	if c.sessions[1] == nil || c.sessions[1].phase != established {
		t.Fatal("there is no session: the test shows nothing")
	}
}

func TestAStampAheadOfTheClockIsVoid(t *testing.T) {
	checks := 0
	for ahead, want := range map[time.Duration]int{StampAhead: 1, StampAhead + time.Second: 0, 10 * 365 * 24 * time.Hour: 0} {
		c, v := hearing(t, &checks)
		if got := recorded(c.Step(v.Frame(1, stampsFrame(signedStamp(t, "o1", 3, stageStart.Add(ahead)))))); got != want {
			t.Errorf("%s ahead: taken %d times, want %d", ahead, got, want)
		}
	}
}

func TestAStampReplayedByAPeerMakesNoOfficeLookAlive(t *testing.T) {
	checks := 0
	c, v := hearing(t, &checks)
	old := signedStamp(t, "o1", 3, stageStart.Add(-24*time.Hour))
	newer := signedStamp(t, "o1", 3, stageStart.Add(-12*time.Hour))
	for i, st := range []ledger.Stamp{newer, old, newer, old} {
		if got := recorded(c.Step(v.Frame(1, stampsFrame(st)))); got != 0 && i > 0 {
			t.Errorf("%d: one made at %s is taken after one of %s", i, st.Time, newer.Time)
		}
	}
	if at := c.stamps[old.Log].Time; !at.Equal(newer.Time) {
		t.Errorf("it was last heard %s, want %s", at, newer.Time)
	}
}
