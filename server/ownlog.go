package server

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// foundingRequest is the request id of the first entries a keeper writes, at Init.
const foundingRequest = "init"

// contentOf is the hash of what a request asks for, as it was sent: before the checks
// fill anything in, so that the same request has the same content on any day.
func contentOf(kind ledgerv1.EntryKind, asked ...proto.Message) (content [sha256.Size]byte, err error) {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n", kind)
	for _, m := range asked {
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
		if err != nil {
			return content, fmt.Errorf("hashing what was asked for: %w", err)
		}
		fmt.Fprintf(h, "%d\n", len(b)) // so that records cannot run into each other
		h.Write(b)
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// preview is what a check is made against: the own log as it is, and what is shown.
func (n *Node) preview(kind ledgerv1.EntryKind, shown []proto.Message) (*nodev1.Preview, error) {
	digest, err := contentOf(kind, shown...)
	head, held := n.store.Held(n.ownLog())
	p := &nodev1.Preview{Size: head.Size, Digest: digest[:]}
	if held {
		p.Root = head.Root[:]
	}
	return p, err
}

// unmoved refuses a write whose officer was shown something else than it would do now;
// one that takes the place of something must say what it was shown.
func (n *Node) unmoved(shown, now *nodev1.Preview, required bool) error {
	const again = "look at it again, and say yes to that: the same command shows it"
	switch {
	case shown == nil && required:
		return fault.New(fault.ErrInvalid, "it takes the place of something, and does not say what its officer was shown", "check it first (validate_only), and send the preview of that answer with it",
			fault.Violation{Field: "preview", Reason: "required"})
	case shown == nil:
		return nil
	case shown.Size != now.Size || !bytes.Equal(shown.Root, now.Root):
		what := "its log is another one"
		if now.Size > shown.Size {
			what = fmt.Sprintf("%s has been published", n.ownLog().Entry(now.Size-1))
		}
		return fault.New(fault.ErrMoved, fmt.Sprintf("since you looked, %s; nothing was published", what), again)
	case !bytes.Equal(shown.Digest, now.Digest):
		return fault.New(fault.ErrMoved, "since you looked, what publishing this does has changed; nothing was published", again)
	}
	return nil
}

// standing says where an entry stands now, of those held here.
func (n *Node) standing(id ledger.EntryID) *nodev1.Standing {
	held := n.replica.HeldBy(id.Log(n.settings.Federation), id.Index+1)
	s := &nodev1.Standing{State: nodev1.StandingState_STANDING_STATE_SIGNED, Entry: id.String(), HeldByPeers: int32(held)}
	if held > 0 {
		s.State = nodev1.StandingState_STANDING_STATE_HELD
	}
	return s
}

// checked is the standing of what was only checked.
func (n *Node) checked() *nodev1.Standing {
	return &nodev1.Standing{State: nodev1.StandingState_STANDING_STATE_CHECKED, Signing: n.signing()}
}

// firstAnswer reads back what an earlier request with the same id wrote, and where it
// stands now; nil when there was none. The same id with other content is refused: its
// caller would be told of words that were never published. A check that names the id of
// a write finds it too: what was published and cut off before the answer is not refused
// for contradicting itself.
func (n *Node) firstAnswer(requestID string, content [sha256.Size]byte, into proto.Message) (*nodev1.Standing, error) {
	if requestID == "" {
		return nil, nil
	}
	id, first, seen, err := n.store.Request(requestID)
	if err != nil || !seen {
		return nil, err
	}
	if first != content {
		return nil, fault.New(fault.ErrDuplicateRequest, fmt.Sprintf("this request id was used before, for %s, with other content", id), "use a new request id")
	}
	e, err := n.store.Entry(id)
	if err != nil {
		return nil, err
	}
	if err := proto.Unmarshal(e.Body, into); err != nil {
		return nil, fmt.Errorf("reading %s back: %w", id, err)
	}
	return n.standing(id), nil
}
