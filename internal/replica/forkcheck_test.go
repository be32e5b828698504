package replica

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Held up to one size, and a longer log of the source that parts from it at an entry:
// before the size held it is a fork, from there on it is none. The sizes are around
// powers of two, where a consistency proof says nothing of the shorter tree, and around
// a block.
func TestForkCheckTellsAForkFromABadProof(t *testing.T) {
	for _, tt := range []struct{ held, theirs, parts int }{
		{1, 2, 0},
		{2, 3, 0},
		{2, 3, 1},
		{3, 5, 2},
		{3, 3, 0},
		{64, 65, 63},
		{65, 130, 64},
		{100, 200, 0},
		{2, 3, 2},
		{64, 200, 64},
		{100, 200, 150},
	} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			ours, theirs := openStore(t, "essex"), openStore(t, "essex")
			fill(t, ours, letters(tt.held)...)
			bodies := letters(tt.theirs)
			for i := tt.parts; i < tt.theirs; i++ {
				bodies[i] = fmt.Appendf(nil, "the other history, %d", i)
			}
			fill(t, theirs, bodies...)
			held, _ := ours.Held(testLog("essex"))
			other, _ := theirs.Held(testLog("essex"))
			check := NewForkCheck(testVerifier().Keys, held)
			var err error
			for _, c := range chunksOf(t, theirs, isPublic) {
				if err = check.Take(c); err != nil {
					break
				}
			}
			fork, yes := check.Fork()
			if !errors.Is(err, io.EOF) || yes != (tt.parts < tt.held) {
				t.Errorf("fork %t (%v), want %t", yes, err, tt.parts < tt.held)
			}
			if yes && (fork.Held.Size != held.Size || fork.Other.Root != other.Root) {
				t.Errorf("got %d against %d, want %d against %d", fork.Held.Size, fork.Other.Size, held.Size, other.Size)
			}
		})
	}
}

// What does not verify of a log that is known to be forked counts against nobody; of
// three that are not it ends in quarantine.
func TestForkedLogsCountAgainstNobody(t *testing.T) {
	for _, forked := range []bool{true, false} {
		c := NewCore(CoreConfig{Federation: "demo", Office: "hub", Key: transportKey("hub")})
		c.Step(Opened{1, Peer{Office: "kent", Key: transportKey("kent")}})
		node := NodeOf(transportKey("kent"))
		c.Step(Received{Session: 1, Frame: helloFrame(func(h *nodev1.Hello) { h.Office, h.Node = "kent", node[:] })})
		var refused *Refused
		for i, office := range []string{"a", "b", "c"} {
			if forked {
				c.Step(Forked{head(testLog(office), 2), head(testLog(office), 3)})
			}
			s := c.sessions[1]
			c.fetches[FetchID(100+i)] = &fetch{id: FetchID(100 + i), session: s.id}
			refused = refusedIn(c.Step(Done{Fetch: FetchID(100 + i), Outcome: Bad, Bad: []ledger.LogID{testLog(office)}, Err: ledger.ErrBadBody}))
		}
		if quarantined := refused != nil && errors.Is(refused, ErrQuarantined); quarantined == forked {
			t.Errorf("forked %t: %v", forked, refused)
		}
	}
}

// A source that spoils what it shows in a check accuses nobody, and cannot go on for
// ever either.
func TestForkCheckOfASpoiltLogAccusesNobody(t *testing.T) {
	ours, theirs := openStore(t, "essex"), openStore(t, "essex")
	fill(t, ours, letters(2)...)
	fill(t, theirs, []byte("the other history"), []byte("goes on"), []byte("and on"))
	held, _ := ours.Held(testLog("essex"))
	for name, spoil := range map[string]func(*nodev1.Chunk){
		"head that nobody signed": func(c *nodev1.Chunk) {
			note := c.Segments[0].Checkpoint
			note[len(note)-5] ^= 1
		},
		"head of another tree":  func(c *nodev1.Chunk) { c.Segments[0].Checkpoint = signedHead(t, "essex", 3).Checkpoint },
		"another log":           func(c *nodev1.Chunk) { c.Segments[0].Log = testLog("kent").String() },
		"a log without its end": func(c *nodev1.Chunk) { c.Tails = nil },
	} {
		t.Run(name, func(t *testing.T) {
			check := NewForkCheck(testVerifier().Keys, held)
			c := chunksOf(t, theirs, isPublic)[0]
			spoil(c)
			err := check.Take(c)
			if fork, yes := check.Fork(); yes || err == nil || errors.Is(err, io.EOF) {
				t.Errorf("got %v, %t, %v, want an error and no fork", fork, yes, err)
			}
		})
	}
}
