package answers

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
)

const (
	// MemoryKept is about how many bytes of memory what was read for answers holds together; what was
	// not asked for longest is forgotten first.
	MemoryKept = 128 << 20
	// readOn is how many arrivals a fold is read on by; further behind, it is read anew.
	readOn = 2048
)

// folds are what was said on the matters asked about last, by reader: in memory alone, so that
// nothing on disk can be stale. The zero value is ready for use.
type folds struct {
	mu     sync.Mutex
	all    map[foldOf]*fold
	weight int // of all
	asks   uint64
}

// foldOf is what a fold is of: a matter's full name, as a reader may read it, and whose words; empty: all.
type foldOf struct {
	matter  string
	reader  Reader
	offices string
}

// fold is what was said on a matter up to a place in the feed, whatever the feed has had since.
// It holds every entry on the matter, ended or not: anything may come back.
type fold struct {
	of   foldOf
	turn chan struct{} // holds one while somebody reads on
	read               // guarded by turn

	weight int    // guarded by folds.mu
	asked  uint64 // when it was last asked for; guarded by folds.mu
}

// read is what was read of a fold.
type read struct {
	said     *picture.Said      // by the newest version of matter and register
	register *register.Register // which is this one
	version  ledger.EntryID     // and this one
	known    map[ledger.EntryID]bool
	newest   uint64   // the highest feed number of what was said
	feed     uint64   // how far it was read
	digest   [32]byte // of the feed, there
	returned uint64   // Snapshot.Returned, then
	bytes    int      // of the rows read
}

// said is everything said on the matter of a question, as known when it asks: by the fold, read on
// as far as the feed has come, or from what the fold holds, where an earlier moment is asked about.
func (m *moment) said(q *question) (*picture.Said, error) { return m.saidBy(q, nil) }

// saidBy is said, by some offices alone; none: by all.
func (m *moment) saidBy(q *question, offices []string) (*picture.Said, error) {
	f := m.folds.of(foldOf{q.matter.Name, m.reader, strings.Join(offices, " ")})
	select {
	case f.turn <- struct{}{}:
	case <-m.ctx.Done():
		return nil, m.ctx.Err()
	}
	err := m.readOn(f, q.matter.Name, offices)
	said, isNow := f.said, err == nil && q.register == f.register && q.version == f.version && q.feed >= f.newest
	m.folds.weigh(f, err)
	<-f.turn
	if err != nil || isNow {
		return said, err
	}
	entries := slices.DeleteFunc(slices.Clone(said.Entries()), func(e guidance.Entry) bool { return e.Feed > q.feed })
	repudiate(entries, q.register)
	said = picture.NewSaid(m.ctx, q.matter, entries, q.register)
	return said, m.ctx.Err()
}

// readOn reads what came since a fold was read last; all anew, where it was not of this feed, or
// words came back to it that were lost, or went that were erased.
func (m *moment) readOn(f *fold, matter string, offices []string) error {
	end, digest := m.FeedEnd()
	var rows []store.Row
	var err error
	goesOn := f.said != nil && f.returned == m.Returned() && end-f.feed <= readOn // of an older snapshot than it was read by it is more
	if goesOn && f.feed > 0 && f.feed < end {
		at, err := m.Feed(f.feed, 1)
		if err != nil {
			return err
		}
		goesOn = len(at) == 1 && at[0].Digest == f.digest
	}
	switch {
	case f.said != nil && f.feed > end:
		return nil
	case !goesOn:
		f.read = read{known: map[ledger.EntryID]bool{}}
		rows, err = m.CandidatesOf(matter, offices)
	case f.feed < end:
		rows, err = m.CandidatesSince(matter, f.feed, func(id ledger.EntryID) bool { return f.known[id] })
		if errors.Is(err, store.ErrErased) {
			f.read = read{known: map[ledger.EntryID]bool{}}
			rows, err = m.CandidatesOf(matter, offices)
		}
		rows = slices.DeleteFunc(rows, func(row store.Row) bool { return len(offices) > 0 && !slices.Contains(offices, row.ID.Office) })
	}
	if err != nil {
		return err
	}
	newest, _, err := m.newest(matter, end)
	if err != nil {
		return err
	}
	came, err := m.entries(rows, everything, m.reg)
	switch {
	case err != nil:
		return err
	case f.said == nil:
		f.said = picture.NewSaid(m.ctx, newest.matter, came, m.reg)
	case f.register != m.reg || f.version != newest.entry:
		all := append(slices.Clone(f.said.Entries()), came...)
		repudiate(all, m.reg)
		f.said = picture.NewSaid(m.ctx, newest.matter, all, m.reg)
	case len(came) > 0:
		f.said = f.said.With(m.ctx, came)
	}
	if err := m.ctx.Err(); err != nil {
		f.said = nil // read in part
		return err
	}
	for _, row := range rows {
		f.known[row.ID] = true
		f.bytes += len(row.Body)
		f.newest = max(f.newest, row.Feed)
	}
	f.register, f.version, f.feed, f.digest, f.returned = m.reg, newest.entry, end, digest, m.Returned()
	return nil
}

// Kept is how many lines, views and tables were asked for on the matters that are in memory now, and how
// many of these were there: for whoever measures.
func (a *Answers) Kept() (had, asked uint64) {
	a.folds.mu.Lock()
	all := slices.Collect(maps.Values(a.folds.all))
	a.folds.mu.Unlock()
	for _, f := range all {
		f.turn <- struct{}{}
		if f.said != nil {
			h, n := f.said.Kept()
			had, asked = had+h, asked+n
		}
		<-f.turn
	}
	return had, asked
}

// repudiate marks the entries that were signed with a key that a register had revoked.
func repudiate(entries []guidance.Entry, reg *register.Register) {
	for i := range entries {
		id := ledger.EntryID{Office: entries[i].Office, Epoch: entries[i].Epoch, Index: entries[i].Index}
		entries[i].Repudiated = reg.Repudiated(id.Log(reg.Federation()), id.Index)
	}
}

// of is the fold of a matter and a reader.
func (fs *folds) of(key foldOf) *fold {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f := fs.all[key]
	if f == nil {
		f = &fold{of: key, turn: make(chan struct{}, 1)}
		if fs.all == nil {
			fs.all = map[foldOf]*fold{}
		}
		fs.all[key] = f
	}
	fs.asks++
	f.asked = fs.asks
	return f
}

// weigh notes what a fold holds now, and forgets those not asked for longest where all together
// hold too much: this one too, where it alone does. Whoever answers from a forgotten one still can.
func (fs *folds) weigh(f *fold, err error) {
	const entry, perByte = 512, 4 // of memory: an entry beside its words, and a byte of these
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.all[f.of] != f {
		return // forgotten meanwhile
	}
	fs.weight -= f.weight
	if f.weight = len(f.known)*entry + f.bytes*perByte; f.said != nil {
		f.weight += f.said.Weight()
	}
	fs.weight += f.weight
	if err != nil {
		fs.forget(f)
	}
	for fs.weight > MemoryKept {
		fs.forget(slices.MinFunc(slices.Collect(maps.Values(fs.all)), func(a, b *fold) int { return cmp.Compare(a.asked, b.asked) }))
	}
}

func (fs *folds) forget(f *fold) {
	fs.weight -= f.weight
	delete(fs.all, f.of)
}
