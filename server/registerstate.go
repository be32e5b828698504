package server

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// registerState is the register folded from what is held, and the size of the
// keeper's log it rests on. Replaced whole, never changed.
type registerState struct {
	*register.Register
	records []register.Record
	growth  []store.Growth // of the keeper's log
	size    uint64
	missing uint64 // how many entries of that log have no body here yet
	past    pastRegisters
}

// pastRegisters are registers as they were known before, those asked for last: who asks as of a day asks
// often, and what lists of practices say is read once for each.
type pastRegisters struct {
	mu  sync.Mutex
	all map[pastAt]*register.Register
}

// pastAt is a moment by the last feed number of the records known at it, or by how many of the keeper's log
// there were.
type pastAt struct {
	feed    uint64
	records int
}

// pastKept is how many there are at most: with lists of practices read each takes some 10 MiB.
const pastKept = 4

// of is the register at a moment; fold makes it.
func (p *pastRegisters) of(at pastAt, fold func() *register.Register) *register.Register {
	p.mu.Lock()
	defer p.mu.Unlock()
	reg := p.all[at]
	if reg == nil {
		if p.all == nil || len(p.all) >= pastKept {
			p.all = map[pastAt]*register.Register{}
		}
		reg = fold()
		p.all[at] = reg
	}
	return reg
}

// isOf: it rests on the keeper's log as it is held now, its late bodies included.
func (s *registerState) isOf(n *Node) bool {
	head, _ := n.store.Held(n.keeperLog())
	return s != nil && s.size == head.Size && s.missing == n.store.Counts(n.keeperLog()).NotHeld
}

// reg is the register as of everything held: folded anew when the keeper's log has
// grown since, so that no answer is older than the entries it rests on.
func (n *Node) reg() *registerState {
	state := n.register.Load()
	if state.isOf(n) {
		return state
	}
	if err := n.refold(); err != nil {
		n.alarms.raise(&nodev1.Alarm{Code: nodev1.AlarmCode_ALARM_CODE_REGISTER_UNREADABLE, Words: "the register cannot be read: " + err.Error(), Log: n.keeperLog().String()})
		n.cfg.Logger.Error("register unreadable", "error", err)
	}
	return n.register.Load()
}

// hasRegister: all of the register that is known of is here, with its words.
func (n *Node) hasRegister() bool {
	reg := n.reg()
	return reg.size > 0 && reg.Lacking() == 0
}

// lacking says which records of the register have no words here, and since when; empty: none.
func (n *Node) lacking() string {
	var ids []ledger.EntryID
	for _, record := range n.reg().records {
		if record.Body == nil {
			ids = append(ids, record.Entry)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	words := fmt.Sprintf("the words of %s of the register (%s) are not here", notation.Counted(int64(len(ids)), "record", "records"), someOf(ids))
	e, err := n.store.Entry(ids[0])
	if err != nil {
		return words
	}
	since := e.Recorded // without them, or before they were lost
	if mended := n.store.Mended(); mended != nil && mended.At.After(since) {
		since = mended.At
	}
	return words + " (since " + guidance.InstantWords(since) + ")"
}

// someOf names entries, as many as a sentence holds.
func someOf(ids []ledger.EntryID) string {
	const most = 3
	var named []string
	for _, id := range ids[:min(most, len(ids))] {
		named = append(named, id.String())
	}
	if more := len(ids) - len(named); more > 0 {
		named = append(named, fmt.Sprintf("%d more", more))
	}
	return notation.List(named)
}

// registers gives answers the register of a node.
type registers struct{ n *Node }

// KnownAt is the register as known at a feed number: what had arrived by then, and how many
// entries of the keeper's log were held, whatever they are.
func (r registers) KnownAt(feed uint64) (reg *register.Register, size uint64) {
	s := r.n.reg()
	for _, g := range s.growth {
		if g.Feed <= feed {
			size = g.Size
		}
	}
	later := func(record register.Record) bool { return record.Feed > feed } // a body may arrive after those behind it
	if !slices.ContainsFunc(s.records, later) {
		return s.Register, size
	}
	records := slices.DeleteFunc(slices.Clone(s.records), later)
	last := uint64(0)
	for _, record := range records {
		last = max(last, record.Feed)
	}
	return s.past.of(pastAt{feed: last}, func() *register.Register { return r.n.fold(records) }), size
}

// OfSize is the register as of a size of the keeper's log.
func (r registers) OfSize(size uint64) *register.Register {
	s := r.n.reg()
	cut := len(s.records)
	for cut > 0 && s.records[cut-1].Entry.Index >= size {
		cut--
	}
	return s.past.of(pastAt{records: cut}, func() *register.Register { return r.n.fold(s.records[:cut]) })
}

// fold folds records of the keeper's log. The key its entries must be signed with is the
// invitation's; none while the node has not joined.
func (n *Node) fold(records []register.Record) *register.Register {
	var key ed25519.PublicKey
	switch {
	case n.settings.Keeper:
		key = publicKey(n.keys.Log)
	case n.invite != nil:
		_, key, _ = ledger.ParseVKey(n.invite.KeeperVkey) // the invitation was checked when it was read
	}
	return register.Fold(n.settings.Federation, n.keeperOffice(), key, records)
}

// keeperOffice is who keeps the register: this office, or the one that invited it.
func (n *Node) keeperOffice() string {
	if n.invite != nil {
		return n.invite.Keeper
	}
	if n.settings.Keeper {
		return n.settings.Office
	}
	return ""
}

// keepsNothing is whether a node is set to keep the register, and has none. A keeper's folder is made
// with the first entries of it.
func (n *Node) keepsNothing() bool {
	_, _, recovering := n.store.Recovering()
	return n.settings.Keeper && n.reg().Record(n.settings.Office) == nil && !recovering && len(n.cfg.Peers) == 0
}

const (
	keepsNothingWords  = settingsFile + " says that this office keeps the register (keeper), and it has no register"
	keepsNothingRemedy = "if another office keeps it, set keeper to false in " + settingsFile + ", and start the node with the invitation of that office: --join INVITATION; if this one does, restore its newest backup"
)

func (n *Node) keeperLog() ledger.LogID {
	return ledger.LogID{Federation: n.settings.Federation, Office: n.keeperOffice()}
}

// refold folds the register anew when the keeper's log has grown, and tells the
// exchange: outside the lock, for the exchange asks for keys.
func (n *Node) refold() error {
	grown, err := n.foldHeld()
	if grown && n.replica != nil {
		n.replica.RegisterGrew()
	}
	return err
}

func (n *Node) foldHeld() (grown bool, err error) {
	n.folding.Lock()
	defer n.folding.Unlock()
	if n.register.Load().isOf(n) {
		return false, nil
	}
	head, _ := n.store.Held(n.keeperLog())
	missing := n.store.Counts(n.keeperLog()).NotHeld
	state := &registerState{size: head.Size, missing: missing}
	last := n.register.Load()
	if last == nil || last.missing > 0 { // what was missing may have come in between
		last = &registerState{Register: n.fold(nil)}
	}
	rows, err := n.store.Register(n.keeperLog(), last.size, head.Size)
	if err != nil {
		return false, fmt.Errorf("reading the register: %w", err)
	}
	growth, err := n.store.Growth(n.keeperLog(), last.size)
	if err != nil {
		return false, fmt.Errorf("reading the register: %w", err)
	}
	growth = slices.DeleteFunc(growth, func(g store.Growth) bool { return g.Size > head.Size }) // arrived since
	records := make([]register.Record, 0, len(rows))
	for _, row := range rows {
		records = append(records, n.record(row))
	}
	// The newest records that came here without their words have not arrived yet, as if their headers had not: nobody
	// else may have the words any more. Where words were here and are lost, what they said is needed.
	was := uint64(0) // how many records were here before a mend lost their headers too
	if mended := n.store.Mended(); mended != nil {
		was = mended.Cut[n.keeperLog().String()]
	}
	for i := len(rows) - 1; i >= 0 && !n.settings.Keeper && rows[i].Body == nil && !rows[i].Lost && rows[i].ID.Index >= was; i-- {
		records = records[:i]
	}
	state.Register = last.With(records)
	state.records, state.growth = slices.Concat(last.records, records), slices.Concat(last.growth, growth)
	n.register.Store(state)
	return true, nil
}

// record is a row of the keeper's log as a record of the register. That an office has signed it is
// looked at once, and the store remembers.
func (n *Node) record(row store.Row) register.Record {
	record := register.Record{Feed: row.Feed, Entry: row.ID}
	if row.Body == nil {
		return record
	}
	record.Body = &ledgerv1.RegisterRecord{}
	if proto.Unmarshal(row.Body, record.Body) != nil {
		record.Body = &ledgerv1.RegisterRecord{} // the fold lists it as a problem
	}
	if signed := record.Body.GetAdmission().GetSigned(); signed != nil {
		sum := store.SignatureSum(signed.GetRecord(), signed.GetSignature())
		record.SignatureIsGood = n.store.SignatureIsGood(sum)
		if !record.SignatureIsGood && register.SignatureIsGood(signed) {
			n.store.SignatureFoundGood(sum)
			record.SignatureIsGood = true
		}
	}
	return record
}

// followRegister folds it as it grows, so that the exchange hears of new logs and
// keys though nobody asks anything, until the node stops.
func (n *Node) followRegister(ctx context.Context) {
	for {
		feed, _ := n.store.FeedEnd()
		n.reg()
		if n.store.Wait(ctx, feed) != nil {
			return
		}
	}
}

// logKeys are the keys that may sign a log at a size. The keeper's own log is
// known before any register is.
func (n *Node) logKeys(log ledger.LogID, size uint64) []ed25519.PublicKey {
	return n.reg().LogKeys(log, size)
}

// headKeys are logKeys, and of the own log this node's key until the register names one: what it has
// signed itself it knows again before anybody vouches for it, and nobody else can make it doubt.
func (n *Node) headKeys(log ledger.LogID, size uint64) []ed25519.PublicKey {
	if keys := n.logKeys(log, size); len(keys) > 0 || log != n.ownLog() {
		return keys
	}
	return []ed25519.PublicKey{publicKey(n.keys.Log)}
}
