package replica

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Keys gives the keys of a log that are active at a size, as the register held now
// has them; none: the register does not know the log, or not yet.
type Keys func(log ledger.LogID, size uint64) []ed25519.PublicKey

// Judge checks frames before the core sees them: their limits, and the signatures of
// the heads in them. It is apart from the core because signatures cost 40 µs each.
type Judge struct {
	// Federation is the federation whose logs are spoken of.
	Federation string
	// Keys are those of the register.
	Keys Keys
	// Holds says that exactly this head is held here, so that its signature was
	// checked before; nil: nothing is.
	Holds func(ledger.Checkpoint) bool
}

// Frame checks one frame of a session and gives the event for the core: Received, or
// Broken when it is not a frame within the limits.
func (j Judge) Frame(id SessionID, f *nodev1.Frame) Event {
	heads, err := j.check(f)
	if err != nil {
		return Broken{id, err}
	}
	return Received{id, f, heads}
}

func (j Judge) check(f *nodev1.Frame) ([]JudgedHead, error) {
	if n := proto.Size(f); n > FrameLimit {
		return nil, fmt.Errorf("frame of %d bytes: at most %d", n, FrameLimit)
	}
	switch m := f.GetMessage().(type) {
	case *nodev1.Frame_Hello:
		return nil, checkHelloShape(m.Hello)
	case *nodev1.Frame_InSync:
		return nil, checkHash("InSync root", m.InSync.GetFrontierRoot())
	case *nodev1.Frame_Heads:
		if err := checkHash("root of a page of heads", m.Heads.GetFrontierRoot()); err != nil {
			return nil, err
		}
		if n := len(m.Heads.GetHeads()); n > HeadsLimit {
			return nil, fmt.Errorf("page of %d heads: at most %d", n, HeadsLimit)
		}
		return j.Heads(m.Heads.GetHeads())
	}
	return nil, nil
}

func checkHelloShape(h *nodev1.Hello) error {
	switch {
	case len(h.GetFederation()) > NameLimit || len(h.GetOffice()) > NameLimit:
		return fmt.Errorf("name in Hello: at most %d bytes", NameLimit)
	case len(h.GetInstance()) != 8:
		return fmt.Errorf("instance in Hello of %d bytes: want 8", len(h.GetInstance()))
	case h.GetHeadCount() > LogsLimit:
		return fmt.Errorf("frontier of %d logs: at most %d", h.GetHeadCount(), LogsLimit)
	}
	return errors.Join(
		checkHash("node in Hello", h.GetNode()),
		checkHash("root in Hello", h.GetFrontierRoot()))
}

func checkHash(what string, b []byte) error {
	if len(b) != 32 {
		return fmt.Errorf("%s of %d bytes: want 32", what, len(b))
	}
	return nil
}

// Heads judges heads: those of a page, or those of a Rejudge.
func (j Judge) Heads(heads []*nodev1.Head) ([]JudgedHead, error) {
	judged := make([]JudgedHead, len(heads))
	for i, h := range heads {
		cp, err := j.peek(h.GetCheckpoint())
		if err != nil {
			return nil, fmt.Errorf("head %d: %w", i, err)
		}
		judged[i] = JudgedHead{Head: cp, Held: h.GetHeld(), Verdict: j.verdict(cp)}
	}
	return judged, nil
}

func (j Judge) peek(note []byte) (ledger.Checkpoint, error) {
	if len(note) > NoteLimit {
		return ledger.Checkpoint{}, fmt.Errorf("checkpoint of %d bytes: at most %d", len(note), NoteLimit)
	}
	cp, err := ledger.PeekCheckpoint(note)
	if err == nil && cp.Log.Federation != j.Federation {
		err = fmt.Errorf("%s is not a log of %q", cp.Log, j.Federation)
	}
	return cp, err
}

func (j Judge) verdict(cp ledger.Checkpoint) Verdict {
	if j.Holds != nil && j.Holds(cp) {
		return Good
	}
	keys := j.Keys(cp.Log, cp.Size)
	if len(keys) == 0 {
		return Unknown
	}
	switch _, err := ledger.OpenCheckpoint(cp.Note, keys); {
	case err == nil:
		return Good
	case errors.Is(err, ledger.ErrUnknownKey):
		return Unknown
	}
	return Forged
}
