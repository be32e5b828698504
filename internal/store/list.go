package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// Listing says which entries: of some offices' logs (none: of every office held), on a
// matter in full resource name (empty: whatever they are about). An entry that was without
// its body when the feed had come to Began (0: any time) is listed as it was then, once,
// though its body has come since and says another day.
type Listing struct {
	Matter  string
	Offices []string
	Began   uint64
}

// Listed is one entry of a listing.
type Listed struct {
	// Day is the day it is listed under: the latest it can have been issued on, or the
	// matter opened on; where it says none, or its words are not here or not understood,
	// the UTC day of its claimed time.
	Day string
	// Row is the entry. Its Body is nil unless HasBody.
	Row
	// HasBody is set when its body is here and understood, and of a kind that has behaviour.
	HasBody bool
	// Absent is set when its body is not here, or was not when the listing began: Feed and
	// Recorded are its header's.
	Absent bool
}

// Place is where in any listing it stands.
func (l Listed) Place() ListPlace { return ListPlace{l.Day, l.ID} }

// ListPlace is a place in a listing: a day, and an entry under it. It orders all entries
// there can be, so that going on behind one needs it neither held nor still listed there.
// The zero place is before every entry.
type ListPlace struct {
	Day   string
	Entry ledger.EntryID
}

// ParseListPlace parses what String prints.
func ParseListPlace(s string) (ListPlace, error) {
	day, entry, _ := strings.Cut(s, " ")
	id, err := ledger.ParseEntryID(entry)
	if err == nil && len(day) != dayLength {
		err = fmt.Errorf("%q is no day", day)
	}
	if err != nil {
		return ListPlace{}, fmt.Errorf("the place %q in a list: %w", s, err)
	}
	return ListPlace{day, id}, nil
}

// String is "2021-10-14 essex/7".
func (p ListPlace) String() string { return p.Day + " " + p.Entry.String() }

// Compare orders places as Newest visits them: newest day first, then by office, then
// the higher epoch and index first.
func (p ListPlace) Compare(q ListPlace) int {
	return cmp.Or(
		strings.Compare(q.Day, p.Day),
		strings.Compare(p.Entry.Office, q.Entry.Office),
		cmp.Compare(q.Entry.Epoch, p.Entry.Epoch),
		cmp.Compare(q.Entry.Index, p.Entry.Index),
	)
}

// Newest visits the held entries of a listing in the order of ListPlace.Compare, from
// behind a place on. Each is read only when it is come to, so that the cost is of those
// visited and of the bodies that came since it began, whatever is held. visit ends it early
// with ErrEnough.
func (s *Snapshot) Newest(of Listing, after ListPlace, visit func(Listed) error) error {
	if len(of.Matter) > MatterLimit {
		return nil
	}
	late, err := s.absentThen(of)
	if err != nil {
		return fmt.Errorf("listing the newest entries: %w", err)
	}
	then := map[ledger.EntryID]bool{} // these are visited where they stood, not where they stand now
	for _, l := range late {
		then[l.ID] = true
	}
	late = slices.DeleteFunc(late, func(l Listed) bool { return after != (ListPlace{}) && l.Place().Compare(after) <= 0 })
	logs, err := s.listCursors(of, after)
	for visited := 0; err == nil && len(logs)+len(late) > 0; visited++ {
		if visited%checkEvery == 0 && s.ctx.Err() != nil {
			err = s.ctx.Err()
			break
		}
		var first *listCursor
		if len(logs) > 0 {
			first = slices.MinFunc(logs, func(a, b *listCursor) int { return a.place().Compare(b.place()) })
		}
		if len(late) > 0 && (first == nil || late[0].Place().Compare(first.place()) <= 0) {
			err = visit(late[0])
			late = late[1:]
			continue
		}
		if !then[first.place().Entry] {
			var found Listed
			if found, err = s.listed(first); err == nil {
				err = visit(found)
			}
		}
		if err == nil {
			err = first.move(s.reading, nil)
		}
		if first.ended {
			logs = slices.DeleteFunc(logs, func(c *listCursor) bool { return c == first })
		}
	}
	if err != nil && !errors.Is(err, ErrEnough) {
		return fmt.Errorf("listing the newest entries: %w", err)
	}
	return nil
}

// absentThen are the entries of a listing that were without their bodies when it began, and
// have them now, in its order: what the feed has had since tells which. Of a matter there
// are none, for without its body nobody knows what an entry is about.
func (s *Snapshot) absentThen(of Listing) (then []Listed, err error) {
	if of.Began == 0 || of.Matter != "" {
		return nil, nil
	}
	headers := arrivals{tx: s.tx}
	err = tableFeed.scan(s.tx, nil, number(of.Began+1), func(key, value []byte) error {
		row, err := openFeedRow(s.federation, key, value)
		if err != nil {
			return err
		}
		if row.N > s.feed {
			return ErrEnough
		}
		if row.Type != FeedBodies || len(of.Offices) > 0 && !slices.Contains(of.Offices, row.Log.Office) {
			return s.ctx.Err()
		}
		for index := row.First; index < row.End; index++ {
			if err := s.ctx.Err(); err != nil {
				return err
			}
			came, err := headers.ofHeader(row.Log, index)
			if err != nil {
				return err
			}
			if came.feed > of.Began {
				continue
			}
			s.entries++
			_, h, err := readHeader(s.tx, row.Log, index)
			if err != nil {
				return err
			}
			then = append(then, Listed{Day: listDay(h, ""), Absent: true, Row: Row{
				ID: row.Log.Entry(index), Kind: h.GetKind(), Visibility: h.GetVisibility(),
				Feed: came.feed, Recorded: came.at, Logged: fromMillis(h.GetClaimedMs()),
			}})
		}
		return nil
	})
	slices.SortFunc(then, func(a, b Listed) int { return a.Place().Compare(b.Place()) })
	return then, err
}

// listCursor stands at an entry of one log in a list.
type listCursor struct {
	cursor
	list    []byte
	log     ledger.LogID
	index   uint64
	day     string
	ended   bool // instead
	key     []byte
	arrived arrivals
}

func (c *listCursor) place() ListPlace { return ListPlace{c.day, c.log.Entry(c.index)} }

// move goes to the next held entry of the log, or to the first from a key on.
func (c *listCursor) move(r *reading, from []byte) error {
	for passed := 1; ; passed++ {
		var err error
		if c.key, _, err = c.next(from); err != nil {
			return err
		}
		from = nil
		at, day, ok := cutListKey(r.federation, c.list, c.key)
		if !bytes.HasPrefix(c.key, c.list) || ok && at.log != c.log {
			c.ended = true
			return nil
		}
		if !ok {
			return tableIndex.damaged(c.key)
		}
		if at.index < r.size(c.log) {
			c.index, c.day = at.index, day
			return nil
		}
		if passed%checkEvery == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
	}
}

// listCursors finds the logs in a list by seeking from one to the next, whatever lies
// between, and stands in each at the first entry behind a place.
func (r *reading) listCursors(of Listing, after ListPlace) ([]*listCursor, error) {
	list := []byte{byDay}
	if of.Matter != "" {
		list = matterKey(of.Matter)
	}
	var logs []*listCursor
	index := cursor{table: tableIndex, tx: r.tx}
	for _, prefix := range ofOffices(list, of.Offices) {
		for from := prefix; ; {
			key, _, err := index.next(from)
			if err = cmp.Or(err, r.ctx.Err()); err != nil {
				return nil, err
			}
			if !bytes.HasPrefix(key, prefix) {
				break
			}
			at, _, ok := cutListKey(r.federation, list, key)
			if !ok {
				return nil, tableIndex.damaged(key)
			}
			log := slices.Concat(list, logKey(at.log))
			c := &listCursor{
				cursor: cursor{table: tableIndex, tx: r.tx},
				list:   list, log: at.log, arrived: arrivals{tx: r.tx},
			}
			if err := c.move(r, firstBehind(list, at.log, after)); err != nil {
				return nil, err
			}
			if !c.ended {
				logs = append(logs, c)
			}
			from = append(log, 0xff) // beyond its last day
		}
	}
	return logs, nil
}

// firstBehind is the first key that an entry of a log behind a place can have. All of the
// log's entries of the place's day come before it, or all behind it, if it is of another.
func firstBehind(list []byte, log ledger.LogID, after ListPlace) []byte {
	if after == (ListPlace{}) {
		return slices.Concat(list, logKey(log))
	}
	index := after.Entry.Index
	order := ListPlace{after.Day, log.Entry(index)}.Compare(after)
	if order > 0 {
		return listKey(slices.Clone(list), log, after.Day, math.MaxUint64)
	}
	if order < 0 {
		index = 0
	}
	return append(listKey(slices.Clone(list), log, after.Day, index), 0)
}

// listed reads the entry at a cursor: its row, or its header when it has none.
func (r *reading) listed(c *listCursor) (Listed, error) {
	at := entryPlace{c.log, c.index}
	row, found, err := r.row(at, &c.arrived)
	if err != nil || found {
		return Listed{Day: c.day, Row: row, HasBody: true}, err
	}
	_, h, err := readHeader(r.tx, at.log, at.index)
	if err != nil {
		return Listed{}, err
	}
	absent, err := tableAbsent.get(r.tx, absentKey(class(h.GetVisibility()), at.log, at.index))
	if err != nil {
		return Listed{}, err
	}
	notUnderstood, err := tableIndex.get(r.tx, append([]byte{byNotUnderstood}, entryKey(at.log, at.index)...))
	_, erased, erasedErr := erasedBy(r.tx, at.log, h)
	if err = errors.Join(err, erasedErr); err == nil && absent == nil && notUnderstood == nil && !erased && shapes[h.GetKind()] != nil {
		err = rowMissing(at)
	}
	if err != nil {
		return Listed{}, err
	}
	came, err := c.arrived.of(at.log, at.index)
	return Listed{Day: c.day, Absent: absent != nil || erased, Row: Row{
		ID: at.log.Entry(at.index), Kind: h.GetKind(), Visibility: h.GetVisibility(),
		Feed: came.feed, Recorded: came.at, Logged: fromMillis(h.GetClaimedMs()),
	}}, err
}
