package replica

import (
	"cmp"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Keys gives the keys of a log that are active at a size, as the register held now
// has them; none: the register does not know the log, or not yet.
type Keys func(log ledger.LogID, size uint64) []ed25519.PublicKey

// HeadVerifier checks frames before the core sees them: their limits, and the signatures
// of the heads in them. It is apart from the core because signatures cost 40 µs each.
type HeadVerifier struct {
	// Federation is the federation whose logs are spoken of.
	Federation string
	// Keys are those of the register.
	Keys Keys
	// Opened remembers heads: the one that takes in what they lead to; nil: none is remembered.
	Opened *ledger.Verifier
	// Holds says that exactly this head is held here, so that its signature was
	// checked before; nil: nothing is.
	Holds func(ledger.Checkpoint) bool
	// Wants says whether a stamp would be taken now, whoever signed it; nil: any would.
	Wants func(st ledger.Stamp, now time.Time) bool
	// Now is the wall clock; nil: time.Now.
	Now func() time.Time
}

// Frame checks one frame of a session and gives the event for the core: Received, or
// Broken when it is not a frame within the limits.
func (v HeadVerifier) Frame(id SessionID, f *nodev1.Frame) Event {
	heads, err := v.check(f)
	if err != nil {
		return Broken{id, err}
	}
	stamps, now, err := v.Stamps(f.GetStamps().GetStamps())
	if err != nil {
		return Broken{id, err}
	}
	return Received{id, f, heads, stamps, now}
}

func (v HeadVerifier) check(f *nodev1.Frame) ([]CheckedHead, error) {
	if n := proto.Size(f); n > FrameLimit {
		return nil, fmt.Errorf("frame of %d bytes: at most %d", n, FrameLimit)
	}
	switch m := f.GetMessage().(type) {
	case *nodev1.Frame_Hello:
		h := m.Hello
		switch {
		case len(h.GetFederation()) > NameLimit || len(h.GetOffice()) > NameLimit:
			return nil, fmt.Errorf("name in Hello: at most %d bytes", NameLimit)
		case len(h.GetInstance()) != 8:
			return nil, checkLength("instance in Hello", h.GetInstance(), 8)
		case len(h.GetStampsRoot()) > 0 && len(h.GetStampsRoot()) != 8:
			return nil, checkLength("root over stamps in Hello", h.GetStampsRoot(), 8)
		case h.GetHeadCount() > LogsLimit:
			return nil, fmt.Errorf("frontier of %d logs: at most %d", h.GetHeadCount(), LogsLimit)
		}
		return nil, errors.Join(
			checkHash("node in Hello", h.GetNode()),
			checkHash("root in Hello", h.GetFrontierRoot()))
	case *nodev1.Frame_Suspicion:
		return nil, checkLength("instance in Suspicion", m.Suspicion.GetInstance(), 8)
	case *nodev1.Frame_Challenge:
		return nil, checkChallenge(m.Challenge)
	case *nodev1.Frame_Probe:
		return nil, errors.Join(checkLength("instance in Probe", m.Probe.GetInstance(), 8), checkChallenge(m.Probe.GetChallenge()))
	case *nodev1.Frame_ProbeReply:
		return nil, checkLength("signature in ProbeReply", m.ProbeReply.GetSignature(), ed25519.SignatureSize)
	case *nodev1.Frame_InSync:
		return nil, checkHash("InSync root", m.InSync.GetFrontierRoot())
	case *nodev1.Frame_Heads:
		if err := checkHash("root of a page of heads", m.Heads.GetFrontierRoot()); err != nil {
			return nil, err
		}
		if n := len(m.Heads.GetHeads()); n > HeadsLimit {
			return nil, fmt.Errorf("page of %d heads: at most %d", n, HeadsLimit)
		}
		return v.Heads(m.Heads.GetHeads())
	}
	return nil, nil
}

func checkHash(what string, b []byte) error { return checkLength(what, b, 32) }

func checkLength(what string, b []byte, want int) error {
	if len(b) != want {
		return fmt.Errorf("%s of %d bytes: want %d", what, len(b), want)
	}
	return nil
}

func checkChallenge(c *nodev1.Challenge) error {
	return errors.Join(checkHash("nonce in Challenge", c.GetNonce()), checkLength("signature in Challenge", c.GetSignature(), ed25519.SignatureSize))
}

// Heads checks heads: those of a page, or those of a Recheck. A head that is none, or is
// of another federation, is an error; what a bad signature means is for the core to say.
func (v HeadVerifier) Heads(heads []*nodev1.Head) ([]CheckedHead, error) {
	opened := cmp.Or(v.Opened, &ledger.Verifier{})
	checked := make([]CheckedHead, len(heads))
	for i, h := range heads {
		note := h.GetCheckpoint()
		if len(note) > NoteLimit {
			return nil, fmt.Errorf("head %d: checkpoint of %d bytes: at most %d", i, len(note), NoteLimit)
		}
		cp, err := opened.Peek(note)
		if err == nil && cp.Log.Federation != v.Federation {
			err = fmt.Errorf("%s is not a log of %q", cp.Log, v.Federation)
		}
		if err != nil {
			return nil, fmt.Errorf("head %d: %w", i, err)
		}
		checked[i] = CheckedHead{Head: cp, Held: h.GetHeld()}
		if v.Holds != nil && v.Holds(cp) {
			continue
		}
		keys := v.Keys(cp.Log, cp.Size)
		if len(keys) == 0 {
			checked[i].Signature = SignatureUnknownKey
			continue
		}
		_, err = opened.Open(cp.Note, keys)
		checked[i].Signature = signatureBy(err)
	}
	return checked, nil
}

// Stamps checks stamps, those of a frame or those of a Recheck, at the time it returns. As
// with heads, one that is none is an error.
func (v HeadVerifier) Stamps(stamps [][]byte) (checked []CheckedStamp, now time.Time, err error) {
	if now = time.Now(); v.Now != nil {
		now = v.Now()
	}
	for i, note := range stamps {
		st, err := ledger.PeekStamp(note)
		if err == nil && st.Log.Federation != v.Federation {
			err = fmt.Errorf("%s is not a log of %q", st.Log, v.Federation)
		}
		if err != nil {
			return nil, now, fmt.Errorf("stamp %d: %w", i, err)
		}
		of := CheckedStamp{st, SignatureUnchecked}
		if v.Wants == nil || v.Wants(st, now) {
			of.Signature = SignatureUnknownKey
			if keys := v.Keys(st.Log, st.Size); len(keys) > 0 {
				_, err := ledger.OpenStamp(note, keys)
				of.Signature = signatureBy(err)
			}
		}
		checked = append(checked, of)
	}
	return checked, now, nil
}

// signatureBy is what opening a note with the keys of its log says of it.
func signatureBy(err error) Signature {
	switch {
	case err == nil:
		return SignatureValid
	case errors.Is(err, ledger.ErrUnknownKey):
		return SignatureUnknownKey
	}
	return SignatureInvalid
}
