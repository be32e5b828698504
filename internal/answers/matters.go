package answers

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const (
	// everything is a feed number that leaves nothing out.
	everything = math.MaxUint64
	// namedInErrors is how many matters an error names when one was not found.
	namedInErrors = 20
)

// knownMatter is the newest version of a matter.
type knownMatter struct {
	matter *guidancev1.Matter
	entry  ledger.EntryID
}

// matterAt is a matter's full name, as known at a feed number.
type matterAt struct {
	name string
	feed uint64
}

// readMatter reads a MATTER entry that counts: recorded by the feed number, for this
// reader, of the office the matter's name stands under, which alone may open or amend
// it; signed by a key that was not revoked; and, of an office without a committee, among
// its first few.
func (m *moment) readMatter(row store.Row, feed uint64) (knownMatter, bool, error) {
	matter := &guidancev1.Matter{}
	if row.Feed > feed || proto.Unmarshal(row.Body, matter) != nil || guidance.ValidateMatter(matter) != nil ||
		guidance.MatterName(matter.Name).Office() != row.ID.Office ||
		!m.reader.mayRead(row.Visibility, row.ID.Office, nil) ||
		m.reg.Repudiated(row.ID.Log(m.Federation), row.ID.Index) {
		return knownMatter{}, false, nil
	}
	if !m.reg.HasCommittee(row.ID.Office) {
		first, err := m.FirstMatters(row.ID.Log(m.Federation), recount.MattersWithoutMandate)
		if err != nil || !slices.Contains(first, row.ID) {
			return knownMatter{}, false, err
		}
	}
	return knownMatter{matter, row.ID}, true, nil
}

// newestMatters are the newest versions looked for since anything came.
type newestMatters struct {
	mu       sync.Mutex
	register *register.Register
	end      uint64 // of the feed
	digest   [32]byte
	returned uint64
	all      map[matterOf]knownMatter // zero: none
}

// matterOf is a matter's full name, as a reader may read it.
type matterOf struct {
	name   string
	reader Reader
}

// mattersKept is how many there are at most.
const mattersKept = 4096

// get is the newest version of a matter in a moment, if that was looked for.
func (n *newestMatters) get(m *moment, name string) (found knownMatter, looked bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if end, digest := m.FeedEnd(); n.end == end && n.digest == digest && n.register == m.reg && n.returned == m.Returned() {
		found, looked = n.all[matterOf{name, m.reader}]
	}
	return found, looked
}

func (n *newestMatters) put(m *moment, name string, found knownMatter) {
	n.mu.Lock()
	defer n.mu.Unlock()
	end, digest := m.FeedEnd()
	if end < n.end {
		return // of an older snapshot
	}
	if n.all == nil || len(n.all) >= mattersKept || n.end != end || n.digest != digest || n.register != m.reg || n.returned != m.Returned() {
		n.register, n.end, n.digest, n.returned, n.all = m.reg, end, digest, m.Returned(), map[matterOf]knownMatter{}
	}
	n.all[matterOf{name, m.reader}] = found
}

// newest is the newest version of the matter of a full name, as known at a feed number. It
// is looked for once: a walk over all versions asks for each.
func (m *moment) newest(name string, feed uint64) (found knownMatter, known bool, err error) {
	end, _ := m.FeedEnd()
	feed = min(feed, end)
	at := matterAt{name, feed}
	if before, looked := m.newestKnown[at]; looked {
		return before, before.matter != nil, nil
	}
	if feed == end {
		if before, looked := m.matters.get(m, name); looked {
			return before, before.matter != nil, nil
		}
	}
	rows, err := m.MatterVersions(name, guidance.MatterName(name).Office())
	if err != nil {
		return knownMatter{}, false, err
	}
	for _, row := range slices.Backward(rows) { // by log and index: the last that counts
		if found, known, err = m.readMatter(row, feed); err != nil || known {
			break
		}
	}
	if err == nil {
		m.newestKnown[at] = found
		if feed == end {
			m.matters.put(m, name, found)
		}
	}
	return found, known, err
}

// findMatter finds a matter by its full name, by a bare slug, which means the keeper's,
// or by a title or alias, the case of its letters aside: the keeper's first, and of
// several others none, for a title is nobody's property. What is written as a name is
// never the title or alias of another office's matter than the one it names: a name may
// be asked for before what has it is here.
func (m *moment) findMatter(name string, feed uint64) (knownMatter, error) {
	written := name
	if strings.Contains(name, "/") {
		written = strings.ToLower(name)
	}
	full, err := guidance.NewMatterName(m.Keeper, written)
	isName := err == nil
	if isName {
		if found, known, err := m.newest(string(full), feed); err != nil || known {
			return found, err
		}
	}
	titled, err := m.titled(name, feed)
	if err != nil {
		return knownMatter{}, err
	}
	if isName {
		titled = slices.DeleteFunc(titled, func(one knownMatter) bool { return one.entry.Office != full.Office() })
	}
	if len(titled) == 0 {
		return knownMatter{}, m.unknownMatter(name, feed)
	}
	for _, one := range titled {
		if one.entry.Office == m.Keeper || len(titled) == 1 {
			return one, nil
		}
	}
	var whose []string
	for _, one := range titled {
		whose = append(whose, one.matter.Name+" (of "+m.officeName(one.entry.Office)+")")
	}
	return knownMatter{}, fault.New(fault.ErrInvalid, fmt.Sprintf("%d matters are called %q: %s", len(titled), name, strings.Join(whose, ", ")),
		"name the one you mean as it stands here", fault.Violation{Field: "matter", Reason: "several are called so"})
}

// titled is the matters that a title or alias means now, in order of their names.
func (m *moment) titled(title string, feed uint64) ([]knownMatter, error) {
	rows, err := m.MattersTitled(title)
	if err != nil || title == "" {
		return nil, err
	}
	means := func(x *guidancev1.Matter) bool {
		return strings.EqualFold(x.GetTitle(), title) || slices.ContainsFunc(x.GetAliases(), func(a string) bool { return strings.EqualFold(a, title) })
	}
	found := map[string]knownMatter{}
	for _, row := range rows {
		one, counts, err := m.readMatter(row, feed)
		if err != nil {
			return nil, err
		}
		if !counts || !means(one.matter) {
			continue
		}
		now, known, err := m.newest(one.matter.Name, feed)
		if err != nil {
			return nil, err
		}
		if known && means(now.matter) {
			found[now.matter.Name] = now
		}
	}
	var all []knownMatter
	for _, one := range found {
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b knownMatter) int { return strings.Compare(a.matter.Name, b.matter.Name) })
	return all, nil
}

// eachMatter visits the newest version of every matter, newest opened first, from behind a
// place on, until visit says that it is enough.
func (m *moment) eachMatter(feed uint64, after store.ListPlace, visit func(knownMatter, store.ListPlace) (more bool)) error {
	counts := map[ledger.LogID]func(ledger.EntryID) bool{} // what of an office without a committee does, found once
	wanted := func(id ledger.EntryID) bool {
		log := id.Log(m.Federation)
		if counts[log] == nil {
			counts[log] = func(ledger.EntryID) bool { return true }
			if !m.reg.HasCommittee(id.Office) {
				first, err := m.FirstMatters(log, recount.MattersWithoutMandate)
				counts[log] = func(id ledger.EntryID) bool { return err != nil || slices.Contains(first, id) }
			}
		}
		return counts[log](id)
	}
	return m.EachMatter(after, wanted, func(version store.Listed) error {
		one, counts, err := m.readMatter(version.Row, feed)
		if err != nil || !counts {
			return errors.Join(err, m.ctx.Err())
		}
		now, known, err := m.newest(one.matter.Name, feed)
		if err != nil || !known || now.entry != one.entry {
			return err // an older version: the newest has its own place
		}
		if !visit(now, version.Place()) {
			return store.ErrEnough
		}
		return nil
	})
}

// matterNames are the names of the newest matters, at most limit, as they are typed.
func (m *moment) matterNames(feed uint64, limit int) (names []string, err error) {
	err = m.eachMatter(feed, store.ListPlace{}, func(one knownMatter, _ store.ListPlace) bool {
		name := guidance.MatterName(one.matter.Name)
		if name.Office() == m.Keeper {
			names = append(names, name.Slug())
		} else {
			names = append(names, string(name))
		}
		return len(names) < limit
	})
	return names, err
}

func (m *moment) unknownMatter(name string, feed uint64) error {
	names, err := m.matterNames(feed, namedInErrors)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fault.New(fault.ErrUnknownMatter, fmt.Sprintf("matter %q is not known here: no matter has been opened yet, or this node has not caught up", name), "ask how the node is: lmc status")
	}
	problem, remedy := guidance.UnknownMatter(name, names, len(names) == namedInErrors)
	return fault.New(fault.ErrUnknownMatter, problem, remedy)
}

// GetMatter answers with one matter.
func (a *Answers) GetMatter(ctx context.Context, reader Reader, req *answersv1.GetMatterRequest) (resp *answersv1.GetMatterResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		found, err := m.findMatter(req.GetName(), everything)
		if err != nil {
			return err
		}
		resp = &answersv1.GetMatterResponse{
			Matter: found.matter, Entry: found.entry.String(), Completeness: m.completeness(m.reg, []string{found.entry.Office}),
			Ceased: picture.CeasedProposers(m.reg, found.matter, m.today),
			Linked: m.linked(found.matter),
		}
		return nil
	})
	return only(resp, err)
}

// linked are the matters that one says it is linked with, by their titles where they are here.
func (m *moment) linked(of *guidancev1.Matter) (all []*answersv1.LinkedMatter) {
	for i, name := range slices.Concat(of.SameAs, of.Follows) {
		link := &answersv1.LinkedMatter{Name: name, Same: i < len(of.SameAs)}
		if found, err := m.findMatter(name, everything); err == nil && found.matter.Name == name {
			link.Title = found.matter.Title
		}
		all = append(all, link)
	}
	return all
}

// ListMatters answers with a page of the matters, newest opened first.
func (a *Answers) ListMatters(ctx context.Context, reader Reader, req *answersv1.ListMattersRequest) (resp *answersv1.ListMattersResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		page, err := m.page(req, req.GetPageSize(), req.GetPageToken())
		if err != nil {
			return err
		}
		var after store.ListPlace
		if page.last != "" {
			if after, err = store.ParseListPlace(page.last); err != nil {
				return err
			}
		}
		resp = &answersv1.ListMattersResponse{Completeness: m.completeness(m.reg, nil)}
		last, size := after, 0
		return m.eachMatter(page.feed, after, func(one knownMatter, at store.ListPlace) bool {
			if size += proto.Size(one.matter); len(resp.Matters) == page.size || size > PageBytes && len(resp.Matters) > 0 {
				resp.NextPageToken = page.next(last.String())
				return false
			}
			resp.Matters, last = append(resp.Matters, one.matter), at
			return true
		})
	})
	return only(resp, err)
}

// only is an answer, or an error and no half of one.
func only[M any](answer *M, err error) (*M, error) {
	if err != nil {
		return nil, err
	}
	return answer, nil
}
