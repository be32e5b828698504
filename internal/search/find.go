package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const (
	// freshWait is how long Freshen waits for an index that has nearly all: who has just published
	// something finds it.
	freshWait = 500 * time.Millisecond
	// nearly is how many arrivals nearly all may lack.
	nearly = 64
	// nameWorth is what naming an office or a committee is worth where it is its entry.
	nameWorth = 12
	// lookedAt is how many words of a field that are written nearly as one is are looked at, and
	// countedLimit of how many it is counted where they are: anybody can publish many.
	lookedAt, countedLimit = 1024, 32
	// muchOftener is how many times oftener a word is written that may have been meant.
	muchOftener = 4
	// othersWorth is what a thing is worth in other places of an entry than the best.
	othersWorth = 0.1
	// nearWorth is what a word written nearly alike is worth. Where there is what was typed, a word or a name, one that
	// is nearly so is worth nearToWorth of that: it comes after it wherever it stands.
	nearWorth, nearToWorth = 0.5, 0.001
)

// Find finds entries, the best first. An index that is not ready finds what it has. Errors:
// *TooManyWords, and that of ctx.
func (x *Index) Find(ctx context.Context, q Query) (found Found, err error) {
	clauses, err := parse(q.Text)
	if err != nil {
		return Found{}, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if state := x.source.State(); x.files == nil || x.place.isBehind(state) {
		found.Making = &Making{Made: min(x.place.Entries, state.Entries), Entries: state.Entries}
		x.hurry()
	}
	if x.files == nil {
		return found, nil
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a file cut short under us
	defer func() {
		if v := recover(); v != nil {
			x.complain(fmt.Errorf("searching: %v", v))
			found, err = Found{Making: &Making{Entries: x.source.State().Entries}}, nil
		}
	}()
	err = x.find(ctx, q, clauses, &found)
	return found, err
}

func (x *Index) find(ctx context.Context, q Query, clauses []clause, found *Found) error {
	files, err := x.files.Advanced()
	if err != nil {
		return err
	}
	reader, err := files.Reader()
	if err != nil {
		return err
	}
	b := builder{Index: x, ctx: ctx, reader: reader, names: q.Names, words: map[string]bool{}}
	asked, err := b.query(clauses, q)
	if err = errors.Join(err, reader.Close()); err != nil || asked == nil {
		return err
	}
	req := bleve.NewSearchRequestOptions(asked, q.Limit+1, 0, false)
	req.SortBy([]string{"-_score", "_id"})
	if q.After != (Hit{}) {
		req.SetSearchAfter([]string{strconv.FormatFloat(q.After.Score, 'g', -1, 64), q.After.Entry})
	}
	result, err := x.files.SearchInContext(ctx, req)
	if err != nil {
		return cmp.Or(ctx.Err(), err)
	}
	found.All, found.words = int(result.Total), b.words
	for _, hit := range result.Hits {
		if len(found.Hits) == q.Limit {
			found.More = true
			break
		}
		found.Hits = append(found.Hits, Hit{hit.ID, hit.Score})
	}
	return nil
}

// Freshen waits a moment for an index that is open and lacks little.
func (x *Index) Freshen(ctx context.Context) {
	end := x.source.State()
	ctx, cancel := context.WithTimeout(ctx, freshWait)
	defer cancel()
	for {
		x.mu.RLock()
		lacks, moved := x.files != nil && x.place.isBehind(end) && end.Feed-min(x.place.Feed, end.Feed) <= nearly, x.moved
		x.mu.RUnlock()
		if !lacks {
			return
		}
		x.hurry()
		select {
		case <-moved:
		case <-ctx.Done():
			return
		}
	}
}

// hurry tells whoever keeps the index that somebody waits for what came.
func (x *Index) hurry() {
	select {
	case x.behind <- struct{}{}:
	default: // that is known
	}
}

// complain tells whoever keeps the index that it is damaged.
func (x *Index) complain(err error) {
	select {
	case x.damaged <- err:
	default: // that it is damaged is known
	}
}

// builder makes the query of the index.
type builder struct {
	*Index
	ctx    context.Context // of the one query this is
	reader index.IndexReader
	names  *Names
	words  map[string]bool // looked for, as the index writes them
}

// query is nil where nothing is looked for that an entry could have.
func (b *builder) query(clauses []clause, q Query) (query.Query, error) {
	var should, must []query.Query
	counted := 0 // of those that should be there
	limits := limits(q)
	for _, c := range clauses {
		ways, isCommon, err := b.clause(c)
		switch {
		case err != nil:
			return nil, err
		case len(ways) == 0 && c.quoted:
			return nil, nil
		case len(ways) == 0:
		case c.quoted:
			must = append(must, best(ways))
			asItStands := query.NewMatchPhraseQuery(c.ways[0].words)
			asItStands.SetField(asWritten)
			limits = append(limits, asItStands)
		default:
			if should = append(should, best(ways)); !isCommon {
				counted++
			}
		}
	}
	if len(should)+len(must) == 0 {
		return nil, nil
	}
	asked := query.NewBooleanQuery(nil, nil, nil)
	if len(should) > 0 {
		must = append(must, disjunction(should, max(1, (counted+1)/2))) // half of what was typed
	}
	asked.AddMust(must...)
	if len(limits) > 0 {
		asked.AddFilter(query.NewConjunctionQuery(limits))
	}
	return asked, nil
}

func has(field, term string) *query.TermQuery {
	q := query.NewTermQuery(term)
	q.SetField(field)
	return q
}

func disjunction(of []query.Query, least int) *query.DisjunctionQuery {
	d := query.NewDisjunctionQuery(of)
	d.SetMin(float64(least))
	return d
}

// best is one thing in the best of the ways in which an entry has it, with a little for the others: an entry that
// has it everywhere is worth less than one that has another thing, too.
func best(ways []query.Query) query.Query {
	each := disjunction(ways, 1)
	each.RetrieveScoreBreakdown(true)
	score := func(_ context.Context, d *search.DocumentMatch) (float64, error) {
		if len(d.ScoreBreakdown) == 0 {
			return d.Score, nil // of one way alone
		}
		most, all := 0.0, 0.0
		for _, score := range d.ScoreBreakdown {
			most, all = max(most, score), all+score
		}
		clear(d.ScoreBreakdown)
		return most + othersWorth*(all-most), nil
	}
	return query.NewCustomScoreQueryWithScorer(each, score, nil, nil)
}

// clause is every way in which one thing may be there, and what it is worth; isCommon: it is a word of so many names
// that it tells nothing.
func (b *builder) clause(c clause) (all []query.Query, isCommon bool, err error) {
	add := func(q query.BoostableQuery, worth float64) {
		q.SetBoost(worth)
		all = append(all, q)
	}
	for _, w := range c.ways {
		tokens := b.tokens(w.words)
		for _, token := range tokens {
			b.words[string(token.Term)] = true
		}
		for _, f := range wordFields {
			switch {
			case len(tokens) == 1:
				add(has(f.name, string(tokens[0].Term)), f.worth*w.worth)
			case len(tokens) > 1:
				phrase := query.NewMatchPhraseQuery(w.words)
				phrase.SetField(f.name)
				add(phrase, f.worth*w.worth)
			}
		}
		if c.quoted || !w.typed {
			continue
		}
		named, nameIsNear, isOfMany := b.names.namedBy(w.words)
		isCommon = isCommon || isOfMany
		isThere, typed := false, 0.0 // as it was typed, and what that is worth
		if len(tokens) == 1 && !strings.Contains(w.words, " ") {
			near, times, err := b.near(string(tokens[0].Term), fuzziness(w.words))
			if err != nil {
				return nil, false, err
			}
			if typed, err = b.rarity(times); err != nil {
				return nil, false, err
			}
			isThere = times > 0
			for _, term := range near {
				b.words[term] = true
				for _, f := range wordFields {
					one, worth := has(f.name, term), nearWorth
					if isThere || len(named) > 0 && !nameIsNear {
						common, err := b.common(one)
						if err != nil {
							return nil, false, err
						}
						worth = nearToWorth * typed / common
					}
					add(one, f.worth*w.worth*worth)
				}
			}
		}
		worth := float64(nameWorth)
		if nameIsNear && isThere {
			worth = nearToWorth * typed
		}
		for _, named := range named {
			field := committeeField
			if named.Office {
				field = officeField
			}
			for _, id := range append([]string{named.ID}, named.Before...) {
				one := has(field, id)
				common, err := b.common(one)
				if err != nil {
					return nil, false, err
				}
				add(one, worth/common)
			}
		}
	}
	return all, isCommon, nil
}

// limits are the conditions of a query that say nothing of what is better.
func limits(q Query) (all []query.Query) {
	is := func(field string, values ...string) {
		var each []query.Query
		for _, value := range values {
			each = append(each, has(field, value))
		}
		all = append(all, disjunction(each, 1))
	}
	if q.Office != "" {
		is(officeField, q.Office)
	}
	if len(q.Committees) > 0 {
		is(committeeField, q.Committees...)
	}
	if q.Matter != "" {
		is(matterField, q.Matter)
	}
	if q.Stance != guidancev1.Stance_STANCE_UNSPECIFIED {
		is(stanceField, q.Stance.String())
	}
	if q.Audience != guidancev1.Audience_AUDIENCE_UNSPECIFIED {
		is(audienceField, q.Audience.String())
	}
	yes := true
	if q.From != "" {
		from := dayNumber(q.From)
		since := query.NewNumericRangeInclusiveQuery(&from, nil, &yes, nil)
		since.SetField(latestField)
		all = append(all, since)
	}
	if q.To != "" {
		to := dayNumber(q.To)
		until := query.NewNumericRangeInclusiveQuery(nil, &to, nil, &yes)
		until.SetField(earliestField)
		all = append(all, until)
	}
	return all
}
