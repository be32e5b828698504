package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// foundingRequest is the request id of the first entries a keeper writes, at Init.
const foundingRequest = "init"

// writing is what is to become the next entries of the own log.
type writing struct {
	requestID  string
	kind       ledgerv1.EntryKind
	visibility guidancev1.Visibility
	messages   []proto.Message
	content    [sha256.Size]byte // what the request id is bound to: contentOf
}

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

// oneWriter waits until no other write is under way, as long as its caller does.
func (n *Node) oneWriter(ctx context.Context) error {
	select {
	case n.publishes <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (n *Node) nextWriter() { <-n.publishes }

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

// write seals, signs and stores: the one way into the own log (protocol.md 4). Its
// caller has looked for an earlier answer to the request and is the one writer.
//
// An office must not sign other entries under numbers it has used. So write refuses to
// continue a log that peers know to be longer, and, as data and guard may both be gone,
// to begin one before a peer has said that there is none. A crash before the drafts are
// kept leaves nothing; one after that leaves drafts, which are signed at the next start
// or before the next write, with the same bytes and for the same request.
func (n *Node) write(ctx context.Context, w writing) (*nodev1.Standing, error) {
	if err := n.knownLonger(ctx); err != nil {
		return nil, err
	}
	head, _ := n.store.Held(n.ownLog())
	if head.Size == 0 {
		founds := n.settings.Keeper && w.requestID == foundingRequest
		// Peers that never heard of a keeper prove nothing.
		if !founds && (n.settings.Keeper || !n.awaitInSync(ctx)) {
			return nil, fault.New(fault.ErrRecovering, "no entry of this office is here, and no peer has yet confirmed that it has signed none", "try again when lmc status shows a peer in sync")
		}
		head, _ = n.store.Held(n.ownLog())
	}
	drafts, err := n.seal(w, head.Size)
	if err != nil {
		return nil, err
	}
	if err := n.store.PutDraft(drafts...); err != nil {
		return nil, err
	}
	_, size, err := n.store.Append(n.ownLog(), drafts, n.sign)
	if err != nil {
		return nil, err
	}
	return n.standing(ledger.EntryID{Office: n.settings.Office, Index: size - 1}), nil
}

// knownLonger is why nothing may be signed: peers know more of the own log than is
// here, or may do so.
func (n *Node) knownLonger(ctx context.Context) error {
	if n.duplicate.Load() {
		return fault.New(fault.ErrReadOnly, "another node publishes as "+n.settings.Office+" and this one was refused by a peer", "stop one of the two, delete its copy, and start this one again")
	}
	held, _ := n.store.Held(n.ownLog())
	for _, seen := range n.store.Seen() {
		if seen.Log == n.ownLog() && seen.Size > held.Size {
			return fault.New(fault.ErrRecovering, fmt.Sprintf("this office has signed %d entries and only %d are here", seen.Size, held.Size), "keep the node connected: it fetches what is missing from its peers")
		}
	}
	if !n.unconfirmed.Load() {
		return nil
	}
	if !n.awaitInSync(ctx) {
		return fault.New(fault.ErrRecovering, "the guard was missing when this node started, so its data may be an old copy, and no peer has yet confirmed that they are not", "try again when lmc status shows a peer in sync")
	}
	n.unconfirmed.Store(false)
	return nil
}

const (
	inSyncPatience = 5 * time.Second
	inSyncPause    = 20 * time.Millisecond
)

// awaitInSync waits a little until some peer holds the same as this node: as long as
// its caller does, for others wait to publish meanwhile.
func (n *Node) awaitInSync(ctx context.Context) bool {
	if n.replica == nil {
		return false // not started yet
	}
	for deadline := time.Now().Add(inSyncPatience); ; time.Sleep(inSyncPause) {
		if slices.ContainsFunc(n.replica.Peers(), func(p *nodev1.PeerStatus) bool { return p.InSync }) {
			return true
		}
		if time.Now().After(deadline) || n.draining() || ctx.Err() != nil {
			return false
		}
	}
}

// seal fixes the bytes: nobody marshals them again ever after.
func (n *Node) seal(w writing, size uint64) ([]store.Draft, error) {
	claimed := n.cfg.Now()
	drafts := make([]store.Draft, len(w.messages))
	for i, m := range w.messages {
		body, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("sealing the entry: %w", err)
		}
		e, err := ledger.Seal(w.kind, w.visibility, size+uint64(i), claimed, body, rand.Reader, content.Critical(m)...)
		if err != nil {
			return nil, fault.New(fault.ErrTooLarge, err.Error(), "shorten it, or publish it in parts")
		}
		// Longer than any id that a caller may choose, so that no request is taken for a
		// part of another.
		part := fmt.Sprintf("%x#%d", sha256.Sum256([]byte(w.requestID)), i)
		drafts[i] = store.Draft{RequestID: part, Content: w.content, Header: e.Header, Salt: e.Salt, Body: e.Body}
	}
	// The request's own id stands with the last entry: the one the answer names.
	drafts[len(drafts)-1].RequestID = w.requestID
	return drafts, nil
}

func (n *Node) sign(size uint64, root tlog.Hash) (ledger.Checkpoint, error) {
	return ledger.SignCheckpoint(n.ownLog(), size, root, n.keys.Log)
}

// signDrafts signs what a crash or a full disk left sealed but unsigned, with the same
// bytes: no other entry may be sealed for their places. In a copy of the data that got
// its newer entries back from peers these places are taken: such drafts are dropped, with
// an alarm, for nobody was told that they were published.
func (n *Node) signDrafts(ctx context.Context) error {
	drafts, err := n.store.Drafts()
	if err != nil || len(drafts) == 0 {
		return err
	}
	if err := n.knownLonger(ctx); err != nil {
		return err
	}
	held, _ := n.store.Held(n.ownLog())
	var left []store.Draft
	for _, d := range drafts {
		h, err := ledger.ParseHeader(d.Header)
		if err != nil {
			return fmt.Errorf("reading draft %q: %w", d.RequestID, err)
		}
		if h.Index >= held.Size {
			left = append(left, d)
			continue
		}
		if err := n.store.DropDraft(d.RequestID); err != nil {
			return err
		}
		place := n.ownLog().Entry(h.Index).String()
		n.alarms.raise(&nodev1.Alarm{
			Code: nodev1.AlarmCode_ALARM_CODE_REQUEST_LOST, Entry: place,
			Words: fmt.Sprintf("request %q was not published, for %s has its place: see what that is, and publish it again if need be", d.RequestID, place),
		})
	}
	if len(left) == 0 {
		return nil
	}
	if _, _, err = n.store.Append(n.ownLog(), left, n.sign); err != nil {
		return fmt.Errorf("signing %d drafts: %w", len(left), err)
	}
	return nil
}

// standing says where an entry stands now.
func (n *Node) standing(id ledger.EntryID) *nodev1.Standing {
	held := n.replica.HeldBy(id.Log(n.settings.Federation), id.Index+1)
	s := &nodev1.Standing{State: nodev1.StandingState_STANDING_STATE_SIGNED, Entry: id.String(), HeldByPeers: int32(held)}
	if held > 0 {
		s.State = nodev1.StandingState_STANDING_STATE_HELD
	}
	return s
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
