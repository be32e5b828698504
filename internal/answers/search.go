package answers

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/search"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const (
	// defaultHits and mostHits are how many hits a page has when a request does not say, and at most.
	defaultHits = 10
	mostHits    = 100
)

// Index finds the names of entries by words.
type Index interface {
	Freshen(ctx context.Context)
	Find(ctx context.Context, q search.Query) (search.Found, error)
	Fragments(found search.Found, d search.Document) [][]search.Piece
}

// Search answers with what words are found in, the best first. The index says which entries, and
// nothing else: what is told of them is read here, and where they stand.
func (a *Answers) Search(ctx context.Context, reader Reader, req *answersv1.SearchRequest) (resp *answersv1.SearchResponse, err error) {
	if a.Index == nil {
		return nil, fault.New(fault.ErrUnsupported, "this node does not search", "ask another office's node")
	}
	if n := req.GetPageSize(); n < 0 {
		return nil, invalid("page_size", fmt.Sprintf("a page of %d hits", n), fmt.Sprintf("ask for 1 to %d, or leave it out for %d", mostHits, defaultHits), "negative")
	}
	a.Index.Freshen(ctx) // before the moment: what it waits for is in it
	err = a.at(ctx, reader, func(m *moment) error {
		page, err := m.page(req, req.GetPageSize(), req.GetPageToken())
		if err != nil {
			return err
		}
		if page.size = min(page.size, mostHits); req.GetPageSize() == 0 {
			page.size = defaultHits
		}
		q, asked, err := m.searched(req, page)
		if err != nil {
			return err
		}
		found, err := a.Index.Find(ctx, q)
		if err != nil {
			return notSearched(err)
		}
		names := m.naming()
		resp = &answersv1.SearchResponse{Found: count(uint64(found.All)), Completeness: m.completeness(asked.register, []string{req.GetOffice()}), Names: names.Names}
		if making := found.Making; making != nil {
			resp.Making = &answersv1.Making{Made: count(making.Made), Entries: count(making.Entries)}
			resp.Completeness.Complete = false
			resp.Completeness.Words = picture.CompletenessWords(resp.Completeness)
		}
		l := &list{moment: m, ListEntriesRequest: &answersv1.ListEntriesRequest{}, q: asked, read: map[ledger.EntryID]guidance.Entry{}}
		for _, one := range found.Hits {
			hit, entry, err := l.hit(one, found)
			if err != nil {
				return err
			}
			if hit == nil { // it is not as it was when it was indexed
				resp.Found--
				continue
			}
			resp.Hits = append(resp.Hits, hit)
			if err := names.entry(entry); err != nil {
				return err
			}
		}
		if found.More && len(found.Hits) > 0 {
			last := found.Hits[len(found.Hits)-1]
			resp.NextPageToken = page.next(strconv.FormatFloat(last.Score, 'g', -1, 64) + " " + last.Entry)
		}
		resp.Words = searchWords(resp)
		return ctx.Err()
	})
	return only(resp, err)
}

// searched reads a request, and what its names mean.
func (m *moment) searched(req *answersv1.SearchRequest, page page) (q search.Query, asked *question, err error) {
	text := strings.TrimSpace(req.GetQuery())
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return q, nil, invalid("query", "nothing is looked for", "say what to look for, in a few words", "empty")
	case n > search.QueryLimit:
		return q, nil, invalid("query", fmt.Sprintf("what is looked for has %s characters", notation.Thousands(int64(n))),
			fmt.Sprintf("ask in at most %d characters: a few words that the letter would have", search.QueryLimit), "too long")
	}
	for _, given := range []struct{ field, day string }{{"issued_from", req.GetIssuedFrom()}, {"issued_to", req.GetIssuedTo()}} {
		if _, err := guidance.ParseDay(given.day); err != nil && given.day != "" {
			return q, nil, invalid(given.field, err.Error(), "write a day as YYYY-MM-DD", err.Error())
		}
	}
	if to := req.GetIssuedTo(); to != "" && to < req.GetIssuedFrom() {
		return q, nil, invalid("issued_to", "the last day is before the first", "put the earlier of the two days first", "before issued_from")
	}
	if guidancev1.Stance_name[int32(req.GetStance())] == "" {
		return q, nil, invalid("stance", fmt.Sprintf("%d is no stance this software knows", req.GetStance()), "leave it out", "not known")
	}
	if guidancev1.Audience_name[int32(req.GetAudience())] == "" {
		return q, nil, invalid("audience", fmt.Sprintf("%d are no readers this software knows", req.GetAudience()), "leave it out", "not known")
	}
	if asked, err = m.understand(&answersv1.Selector{Matter: req.GetMatter(), Committee: req.GetCommittee()}, page.Day, page.feed); err != nil {
		return q, nil, err
	}
	if office := req.GetOffice(); office != "" && m.reg.Office(office) == nil && !m.holdsLogOf(office) {
		return q, nil, UnknownOffice(office, m.reg)
	}
	q = search.Query{
		Text: text, Office: req.GetOffice(), Matter: asked.matter.GetName(), Stance: req.GetStance(), Audience: req.GetAudience(),
		From: req.GetIssuedFrom(), To: req.GetIssuedTo(), Names: m.registered.names(m.reg), Limit: page.size,
	}
	for _, c := range asked.own {
		q.Committees = append(q.Committees, append([]string{c}, asked.register.Predecessors(c)...)...)
	}
	if page.last != "" {
		score, entry, _ := strings.Cut(page.last, " ")
		q.After = search.Hit{Entry: entry}
		if q.After.Score, err = strconv.ParseFloat(score, 64); err != nil {
			return q, nil, err // of a token of this node's own
		}
	}
	return q, asked, nil
}

// notSearched refuses a query that asks for too much; any other error passes.
func notSearched(err error) error {
	if many := (*search.TooManyWords)(nil); errors.As(err, &many) {
		return invalid("query", fmt.Sprintf("what is looked for has %d words", many.Words),
			fmt.Sprintf("ask in at most %d: a few words that the letter would have", search.WordsLimit), "too many words")
	}
	return err
}

// hit is an entry that was found, as it is answered; nil: not for this reader, or not any more what was indexed.
func (l *list) hit(one search.Hit, found search.Found) (*answersv1.Hit, *answersv1.Entry, error) {
	d, still, err := l.document(one.Entry)
	if err != nil || !still {
		return nil, nil, err
	}
	id, err := ledger.ParseEntryID(one.Entry)
	if err != nil {
		return nil, nil, err
	}
	row, err := l.RowOf(id)
	if err != nil {
		return nil, nil, err
	}
	entry, err := l.entry(store.Listed{Day: d.Latest, Row: row, HasBody: true})
	if err != nil || entry == nil {
		return nil, nil, err
	}
	read, ok := readEntry(row)
	if ok { // as its page says it to anybody: what is not public is in no search
		anybodys := *l.moment
		anybodys.reader, anybodys.newestKnown = Public(), map[matterAt]knownMatter{}
		if err := anybodys.standsToday(read, entry); err != nil {
			return nil, nil, err
		}
	}
	hit := &answersv1.Hit{
		Entry: entry.GetName(), Kind: entry.GetKind(), Title: d.Title, Office: entry.GetOffice(), Issued: entry.GetIssued(),
		Matters: d.Matters, Standing: entry.GetWords(), Notices: entry.GetNotices(),
		Stands: entry.GetMatter() != nil || slices.ContainsFunc(entry.GetStandings(), (*answersv1.CommitteeStanding).GetCurrent),
	}
	if ok {
		hit.Committees = guidance.CommitteesOf(read)
		for _, p := range guidance.PositionsOf(read) {
			if words := guidance.PositionNoun(p); !slices.Contains(hit.Stances, words) {
				hit.Stances = append(hit.Stances, words)
			}
		}
	}
	for _, pieces := range l.Index.Fragments(found, d) {
		fragment := &answersv1.Fragment{}
		for _, piece := range pieces {
			fragment.Pieces = append(fragment.Pieces, &answersv1.Piece{Text: piece.Text, Matched: piece.Matched})
		}
		hit.Fragments = append(hit.Fragments, fragment)
	}
	return hit, entry, nil
}

// count is a number as answers have it.
func count(n uint64) int32 { return int32(min(n, math.MaxInt32)) }

// searchWords are what the reader should know of what was found.
func searchWords(resp *answersv1.SearchResponse) string {
	var making, none string
	if m := resp.GetMaking(); m != nil {
		making = fmt.Sprintf("Search is being made: %s of %s entries so far, so something may be missing.", notation.Thousands(int64(m.GetMade())), notation.Thousands(int64(m.GetEntries())))
	}
	if len(resp.GetHits()) == 0 {
		none = "Nothing was found. Try fewer words, or others."
	}
	return joinWords(making, none)
}

// registered are the names of the register's offices and committees, made once for each.
type registered struct {
	mu  sync.Mutex
	reg *register.Register
	is  *search.Names
}

func (r *registered) names(reg *register.Register) *search.Names {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reg == reg && r.is != nil {
		return r.is
	}
	var all []search.Named
	for _, o := range reg.Offices() {
		all = append(all, search.Named{ID: o.GetId(), Office: true, Names: append([]string{o.GetName()}, o.GetAliases()...)})
	}
	for _, c := range reg.EveryCommittee() {
		all = append(all, search.Named{ID: c.GetId(), Names: append([]string{c.GetName()}, c.GetAliases()...), Before: reg.Predecessors(c.GetId())})
	}
	r.reg, r.is = reg, search.NamesOf(all)
	return r.is
}
