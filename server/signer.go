package server

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/signing"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// signer is the one way into the office's log: whatever this node signs as its office, it
// signs here, one writer at a time, and only while signing.Signer finds nothing against it.
type signer struct {
	n    *Node
	turn chan struct{} // held by the one writer: the log's indexes are contiguous
	rule *signing.Signer
}

func newSigner(n *Node) *signer {
	s := &signer{n: n, turn: make(chan struct{}, 1)}
	s.rule = signing.New(signing.Config{
		Store: n.store, Log: n.ownLog(), Key: n.keys.Log, Named: s.named,
		Confirmed: s.confirmed,
	})
	return s
}

// confirmed: other offices say that nothing more of the own log is anywhere than is here.
func (s *signer) confirmed() bool {
	return s.n.replica != nil && s.n.replica.Confirmed(s.n.ownLog(), s.otherOffices())
}

// named are the keys of the own log by the register held.
func (s *signer) named(size uint64) (keys []ed25519.PublicKey, admitted bool) {
	n := s.n
	record := n.reg().Record(n.settings.Office)
	keys = n.logKeys(n.ownLog(), size)
	if n.reg().Lacking() > 0 { // whether it names a key, or has revoked it since, may be what is not here
		return keys, false
	}
	if record != nil && n.settings.Keeper { // the keeper's own log is read with the key that lies here, whichever it is
		keys = slices.DeleteFunc(slices.Clone(keys), func(k ed25519.PublicKey) bool { return !bytes.Equal(k, record.GetLogKey()) })
	}
	return keys, record != nil || n.settings.Keeper && n.Entries() == 0 // whose log begins with its own admission
}

// state is whether anything may be signed now; the error says why not and what to do.
func (s *signer) state() (nodev1.SigningState, error) {
	standing := s.rule.Standing()
	return standing.State, s.words(standing)
}

func (s *signer) words(of signing.Standing) error {
	office := s.n.settings.Office
	switch of.State {
	case nodev1.SigningState_SIGNING_STATE_CONTRADICTED:
		return fault.New(fault.ErrReadOnly, of.Why.Error(),
			"stop this node and keep its folder; tell the keeper's office by telephone which letters are yours; publish through a new office (lmcnode init) that the keeper admits for your committees")
	case nodev1.SigningState_SIGNING_STATE_DUPLICATE:
		return fault.New(fault.ErrReadOnly, "another node that has the keys of "+office+" is running, and has proved it",
			"stop one of the two, delete its copy, and start this one again")
	case nodev1.SigningState_SIGNING_STATE_BEHIND:
		if len(of.Unrecognised) > 0 {
			return fault.New(fault.ErrRecovering, "the words of "+someOf(of.Unrecognised)+" are not here, nor the request that they answered, so that what is published now may be the same, signed a second time",
				"keep the node connected: once another office's node is heard that has them, they come back by themselves, and publishing goes on. Only if no office has them any more, see that what you publish is none of these, and start the node once with --solo REASON")
		}
		remedy := "keep the node connected: it fetches what is missing from its peers"
		words := fmt.Sprintf("this office has signed %d entries and only %d are here", of.Signed, of.Held)
		var full *fault.Error
		if _, why := s.n.store.Room(); why != nil && errors.As(asFault(why), &full) {
			return fault.New(fault.ErrRecovering, words+", and what is missing cannot be taken in: "+full.Message, full.Hint)
		}
		if s.n.settings.Keeper && len(s.otherOffices()) == 0 {
			remedy = registerRemedy + ". If no other node ever had it, what was recorded since that backup is lost, and nobody rests on it: make the register anew in a new folder (lmcnode init --keeper), and admit the offices again"
		} else if s.n.reg().size == 0 && s.n.invite != nil {
			remedy = fmt.Sprintf("it asks %s at %s for the register: keep it connected; %s", s.n.keeperOffice(), s.n.keeperAt().Address, keeperRemedy)
		} else if s.confirmed() {
			remedy = "no office that is connected has more, so the rest lies where only this node had it: on the old disk, in a newer backup, or at an office that is away. " +
				"Restore that, or wait for that office; if there is none, those letters are lost: ring the keeper's office, and publish them through a new office that it admits (lmcnode init)"
		}
		return fault.New(fault.ErrRecovering, words, remedy)
	case nodev1.SigningState_SIGNING_STATE_KEY_UNKNOWN:
		if s.n.keepsNothing() {
			return fault.New(fault.ErrReadOnly, keepsNothingWords, keepsNothingRemedy)
		}
		if lacking := s.n.lacking(); lacking != "" {
			return fault.New(fault.ErrRecovering, lacking+", so that whether the register names this node's key is not known", s.n.lackingRemedy())
		}
		if errors.Is(of.Why, signing.ErrNotAdmitted) {
			return fault.New(fault.ErrRecovering, fmt.Sprintf("the register held here does not know the office %s yet", office),
				"ask the keeper's office whether it has admitted this office, and start the node with its invitation: --join INVITATION")
		}
		return fault.New(fault.ErrReadOnly, fmt.Sprintf("%s is not the key the register names for the log of %s: no other node would take what it signs", keysFolder+"/log.key", office),
			"put back the key folder that belongs to this node's folder, and start the node again; if it is lost, ring the keeper's office")
	case nodev1.SigningState_SIGNING_STATE_UNCONFIRMED:
		return s.doubt(of.Doubt)
	case nodev1.SigningState_SIGNING_STATE_READY:
		return nil
	}
	return asFault(of.Why)
}

func (s *signer) doubt(doubt store.Doubt) error {
	words := map[store.Doubt]string{
		store.DoubtNew:      "nobody has confirmed yet that this office has signed nothing before",
		store.DoubtMissing:  fmt.Sprintf("%s/%s was missing, so the data may be an old copy, and nobody has confirmed yet that they are not", keysFolder, guardFile),
		store.DoubtOlder:    fmt.Sprintf("%s/%s was older than the data, or a line of it is damaged, so both may be old copies, and nobody has confirmed yet that they are not", keysFolder, guardFile),
		store.DoubtCopied:   "another node with the same keys was running, whose folder is a copy of this one's or the other way round, and nobody has confirmed yet that nothing newer was signed there",
		store.DoubtRestored: "the data were restored from a backup, or so much of them was damaged that it cannot be told, and nobody has confirmed yet that nothing newer was signed",
	}[doubt]
	remedy := "try again when lmc status shows the keeper's office connected, or two other offices"
	switch others := s.otherOffices(); {
	case s.n.settings.Keeper && len(others) < confirmers:
		remedy = "fewer than two other offices are in the register here: too few to say so. If there ever were more, " + registerRemedy +
			". Only if there never were, and surely nothing newer was signed, start it once with --solo REASON"
	case s.n.settings.Keeper:
		remedy = "try again when lmc status shows two other offices connected; where too few of them run, ask them to start their nodes"
	}
	return fault.New(fault.ErrRecovering, words, remedy)
}

// otherOffices are those of the register that have a node.
func (s *signer) otherOffices() []string {
	var others []string
	for _, node := range s.n.registered() {
		if office := node.peer.Office; office != s.n.settings.Office && !slices.Contains(others, office) {
			others = append(others, office)
		}
	}
	return others
}

// confirmers is how many other offices confirm the keeper's log: one may have been away since.
const confirmers = 2

// solo ends the doubt of a keeper that too few can confirm, and any office's waiting for words that nobody has
// any more, for its operator's reason.
func (s *signer) solo(reason string) error {
	n := s.n
	others := s.otherOffices()
	held, _ := n.store.Held(n.ownLog())
	standing := s.rule.Standing()
	switch state := standing.State; {
	case len(standing.Unrecognised) > 0:
		n.cfg.Logger.Warn("signing goes on without the words of entries of this office", "entries", standing.Unrecognised, "reason", reason)
		return n.store.GiveUp(n.ownLog())
	case len(others) >= confirmers || !n.settings.Keeper:
		return fault.New(fault.ErrInvalid, "--solo is for a keeper that fewer than two other offices can confirm, and there are others", "leave it out: their nodes confirm what this one holds")
	case state == nodev1.SigningState_SIGNING_STATE_READY:
		return fault.New(fault.ErrInvalid, "--solo is for a node that may not sign, and this one may", "leave it out")
	case state != nodev1.SigningState_SIGNING_STATE_UNCONFIRMED:
		return s.words(standing)
	case held.Size == 0:
		return fault.New(fault.ErrInvalid, "--solo goes on with what is held, and nothing is held of this office's log", "restore a backup first: lmcnode restore")
	}
	n.cfg.Logger.Warn("signing goes on without confirmation by another office", "entries", held.Size, "reason", reason)
	return n.store.Confirm()
}

// follow keeps the health of publishing, ends a doubt once peers have answered, and stamps the
// head when it is time, until ctx ends.
func (s *signer) follow(ctx context.Context) {
	const every, lookAgain = 200 * time.Millisecond, 5 * time.Minute // a machine may have slept meanwhile
	tick := time.NewTicker(every)
	defer tick.Stop()
	told := map[string]string{}
	tell := func(what string, err error) {
		if err != nil && told[what] != err.Error() {
			told[what] = err.Error()
			s.n.cfg.Logger.Error(what, "error", err)
		}
	}
	next := time.Now() // to look whether a stamp is due
	for {
		tell("the guard cannot be written", s.rule.Settle())
		tell("what the mend lost is known, and cannot be noted", s.n.noteTold(ctx))
		s.n.publishingHealth()
		if !time.Now().Before(next) && s.rule.Current() {
			wait, err := s.stamp(ctx)
			tell("the head cannot be stamped", err)
			next = time.Now().Add(min(wait, lookAgain))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// stamp says every hour to whom it may concern that the head released last is still the newest
// (protocol.md 6, freshness): others can tell a quiet office from one that is not heard. It
// returns how long it is until another may be due; 0: none was made, and may be at any moment.
func (s *signer) stamp(ctx context.Context) (wait time.Duration, err error) {
	now := s.n.cfg.Now()
	if wait = s.rule.StampIn(now); wait > 0 {
		return wait, nil
	}
	if s.lock(ctx) != nil {
		return 0, nil // the node stops
	}
	defer s.unlock()
	st, made, err := s.rule.Stamp(now)
	switch {
	case err != nil:
		return replica.StampEvery, err
	case !made:
		return 0, nil // why not is told elsewhere
	}
	s.n.replica.Stamp(st)
	return replica.StampPause, nil
}

const (
	permitPatience = 5 * time.Second
	permitPause    = 20 * time.Millisecond
)

// permit waits a little until something may be signed, holding nothing meanwhile; the error says
// why not. It may be taken back before the turn is had.
func (s *signer) permit(ctx context.Context) error {
	for deadline := time.Now().Add(permitPatience); ; time.Sleep(permitPause) {
		if err := s.rule.Settle(); err != nil {
			return err
		}
		state, err := s.state()
		waits := state == nodev1.SigningState_SIGNING_STATE_UNCONFIRMED && len(s.otherOffices()) > 0
		if err == nil || !waits || time.Now().After(deadline) || s.n.draining() || s.n.replica == nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// lock waits until no other write is under way, as long as its caller does.
func (s *signer) lock(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *signer) unlock() { <-s.turn }

// writing is what is to become the next entries of the own log.
type writing struct {
	requestID  string
	kind       ledgerv1.EntryKind
	visibility guidancev1.Visibility
	messages   []proto.Message
	content    [sha256.Size]byte // what the request id is bound to: contentOf
}

// write seals, signs and stores (protocol.md 4). Its caller has looked for an earlier answer
// to the request and holds the turn. A crash before the drafts are kept leaves nothing; one
// after that leaves drafts, which are signed at the next start or before the next write, with
// the same bytes and for the same request. What is refused after that is dropped: nobody who was
// told no finds it published later.
func (s *signer) write(w writing) (*nodev1.Standing, error) {
	if _, err := s.state(); err != nil {
		return nil, err
	}
	head, _ := s.n.store.Held(s.n.ownLog())
	drafts, err := s.seal(w, head.Size)
	if err != nil {
		return nil, err
	}
	if err := s.n.store.PutDraft(drafts...); err != nil {
		return nil, err
	}
	_, size, err := s.n.store.Append(s.n.ownLog(), drafts, s.rule.Sign)
	if err != nil {
		var ids []string
		for _, d := range drafts {
			ids = append(ids, d.RequestID)
		}
		if kept := s.n.store.DropDraft(ids...); kept != nil {
			return nil, fault.New(fault.ErrReadOnly, err.Error(), "what you sent is kept, and is published by itself once the node can sign again: put this right, look at what was published, and only then send another in its place")
		}
		return nil, err
	}
	return s.n.standing(ledger.EntryID{Office: s.n.settings.Office, Index: size - 1}), nil
}

// seal fixes the bytes: nobody marshals them again ever after.
func (s *signer) seal(w writing, size uint64) ([]store.Draft, error) {
	claimed := s.n.cfg.Now()
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

// signDrafts signs what a crash or a full disk left sealed but unsigned, with the same
// bytes: no other entry may be sealed for their places. In a copy of the data that got
// its newer entries back from peers these places are taken: such drafts are dropped, with
// an alarm, for nobody was told that they were published.
func (s *signer) signDrafts() error {
	n := s.n
	drafts, err := n.store.Drafts()
	if err != nil || len(drafts) == 0 {
		return err
	}
	if _, err := s.state(); err != nil {
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
		there, err := n.store.Entry(n.ownLog().Entry(h.Index))
		if err != nil {
			return err
		}
		if err := n.store.DropDraft(d.RequestID); err != nil {
			return err
		}
		if bytes.Equal(there.HeaderBytes, d.Header) {
			continue // it was signed, and came back from peers
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
	if _, _, err = n.store.Append(n.ownLog(), left, s.rule.Sign); err != nil {
		return fmt.Errorf("signing %d drafts: %w", len(left), err)
	}
	return nil
}
