package answers

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// mostKinds is how many kinds a list may be asked for.
const mostKinds = 16

// list is one page of entries being made: what is asked for, and what was read so far.
type list struct {
	*moment
	*answersv1.ListEntriesRequest
	q     *question
	whose []string                          // the committees asked about, and those they were merged from
	read  map[ledger.EntryID]guidance.Entry // several entries may end by one
}

// ListEntries answers with a page of entries, the newest issued first. What does not count
// is listed and says so: a list is where somebody looks who wonders what became of a
// letter. What the reader may not read is not, for its place would tell its day.
//
// It reads each entry it gives, and what ends it, and no others but those passed over for
// what they are about.
func (a *Answers) ListEntries(ctx context.Context, reader Reader, req *answersv1.ListEntriesRequest) (resp *answersv1.ListEntriesResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		page, err := m.page(req, req.GetPageSize(), req.GetPageToken())
		if err != nil {
			return err
		}
		if req.GetIssuedFrom() != "" {
			if _, err := guidance.ParseDay(req.GetIssuedFrom()); err != nil {
				return invalid("issued_from", err.Error(), "write a day as YYYY-MM-DD", err.Error())
			}
		}
		if sel := req.GetSelector(); sel.GetMeasure() != "" && sel.GetMatter() == "" {
			return invalid("selector.matter", "a measure without its matter", "name the matter too", "required with measure")
		}
		if sel := req.GetSelector(); sel.GetAudience() != guidancev1.Audience_AUDIENCE_UNSPECIFIED || sel.GetArea()+sel.GetScope() != "" {
			return invalid("selector", "a list is of whole entries, whomever and wherever they are for", "leave audience, area and scope out", "audience, area and scope must be empty")
		}
		if n := len(req.GetKinds()); n > mostKinds {
			return invalid("kinds", fmt.Sprintf("%d kinds are asked for", n), fmt.Sprintf("ask for at most %d, or for all by naming none", mostKinds), "too many")
		}
		l := &list{moment: m, ListEntriesRequest: req, read: map[ledger.EntryID]guidance.Entry{}}
		if err := m.mayAskByNumber(req.GetSelector()); err != nil {
			return err
		}
		if l.q, err = m.understand(req.GetSelector(), page.Day, page.feed); err != nil {
			return err
		}
		for _, c := range l.q.own {
			l.whose = append(l.whose, append([]string{c}, l.q.register.Predecessors(c)...)...)
		}
		var then *question // nil: since ever
		if since := req.GetSince(); since != nil {
			if then, err = m.since(since, req.GetSelector(), l.q); err != nil {
				return err
			}
		}
		after := store.ListPlace{Day: l.q.asOf} // before all of that day
		if page.last != "" {
			if after, err = store.ParseListPlace(page.last); err != nil {
				return err
			}
		}
		names, linked := m.naming(), ""
		if page.last == "" {
			if linked, err = m.linkWords(l.q, nil); err != nil {
				return err
			}
		}
		resp = &answersv1.ListEntriesResponse{Completeness: m.completeness(l.q.register, append(m.speakersFor(l.q.own), req.GetOffice())), Matter: l.q.matter.GetName(), Committees: l.whose, Words: joinWords(l.q.words, linked), Names: names.Names}
		if then != nil {
			resp.Cursor = m.cursor(page.Feed, page.Digest, l.q.asOf)
			resp.Words = joinWords(then.words, resp.Words)
		}
		if l.q.nobodys {
			return nil // everybody's entries are no answer to a question about one's own
		}
		if office := req.GetOffice(); office != "" && m.reg.Office(office) == nil && !m.holdsLogOf(office) {
			return UnknownOffice(office, m.reg)
		}
		last, size := after, 0
		return m.Newest(store.Listing{Matter: l.q.matter.GetName(), Offices: l.offices(), Began: page.feed}, after, func(one store.Listed) error {
			if one.Day < req.GetIssuedFrom() {
				return store.ErrEnough
			}
			if then != nil && one.Day <= then.asOf && one.Feed <= then.feed {
				return m.ctx.Err() // an older letter may have arrived since
			}
			entry, err := l.entry(one)
			if err != nil || entry == nil {
				return err
			}
			if size += proto.Size(entry); len(resp.Entries) == page.size || size+names.size > PageBytes && len(resp.Entries) > 0 {
				resp.NextPageToken = page.next(last.String())
				return store.ErrEnough
			}
			resp.Entries, last = append(resp.Entries, entry), one.Place()
			return names.entry(entry)
		})
	})
	return only(resp, err)
}

func (m *moment) holdsLogOf(office string) bool {
	for log := range m.Counts() {
		if log.Office == office {
			return true
		}
	}
	return false
}

// offices are whose logs may have what is asked for; none: all. Without a matter, what a
// committee is concerned by stands in the logs of those who ever spoke for it or may
// report.
func (l *list) offices() []string {
	switch {
	case l.GetOffice() != "":
		return []string{l.GetOffice()}
	case l.q.matter != nil || len(l.whose) == 0:
		return nil
	}
	all := []string{"~"} // nobody's, so that it is never empty
	for _, c := range l.whose {
		all = append(all, l.q.register.OfficesEver(c)...)
	}
	return append(all, l.q.register.Reporters()...)
}

// entry is a listed entry as it is answered; nil when it is not asked for, or not for this
// reader.
func (l *list) entry(one store.Listed) (*answersv1.Entry, error) {
	kinds := l.GetKinds()
	about := l.q.matter != nil || len(l.whose) > 0
	if one.Feed > l.q.feed || len(kinds) > 0 && !slices.Contains(kinds, one.Kind) || about && !one.HasBody {
		return nil, nil
	}
	var err error
	if !one.HasBody {
		stored, err := l.entryFor(one.ID.String())
		if err != nil || !l.reader.mayRead(one.Visibility, one.ID.Office, nil) {
			return nil, err
		}
		understood, err := l.Understood(one.ID)
		if err != nil {
			return nil, err
		}
		if one.Absent && stored.Body != nil { // it came after the first page: there it was not here
			stored.Body, stored.Absent = nil, &ledgerv1.AbsentBody{Reason: ledgerv1.AbsentReason_ABSENT_REASON_NOT_HELD}
			stored.Feed, stored.Recorded = one.Feed, one.Recorded
		}
		entry := l.answered(rowOf(stored), stored.Header.GetCritical(), understood)
		if stored.Body == nil {
			entry.Content = &answersv1.Entry_Absent{Absent: stored.Absent}
		}
		return entry, nil
	}
	e, ruled := readEntry(one.Row)
	if e.Erasure != nil {
		if !l.reader.reads(e) || !l.asked(e) || l.q.measure != "" {
			return nil, nil
		}
		return l.answered(one.Row, nil, true), nil
	}
	if !ruled { // a matter, or a record of the register
		if about || !l.reader.mayRead(one.Visibility, one.ID.Office, nil) {
			return nil, nil
		}
		entry := l.answered(one.Row, nil, true)
		entry.Words, err = l.versionWords(one.ID, entry.GetMatter())
		return entry, err
	}
	if !l.reader.reads(e) || !l.asked(e) {
		return nil, nil
	}
	e.Repudiated = l.q.register.Repudiated(one.ID.Log(l.Federation), one.ID.Index)
	around, err := l.withEndings(e, l.q.feed, l.q.register, l.read)
	if err != nil {
		return nil, err
	}
	if e.Withdrawal != nil && l.q.measure != "" && (len(around) < 2 || !slices.ContainsFunc(around[1:], func(target guidance.Entry) bool {
		return target.ID == e.Withdrawal.GetAdvisory() && l.speaksOnIt(target, func([]string) bool { return true })
	})) {
		return nil, nil // of another measure
	}
	end := guidance.Prepare(l.ctx, around, l.q.register).EndOf(e, l.q.asOf, l.matterNamed)
	entry := l.answered(one.Row, nil, true)
	entry.Standings, entry.Words = end.Committees, end.Words
	for _, action := range entry.GetAdvisory().GetActions() {
		action.Template = "" // as long as a letter's text
	}
	return entry, l.ctx.Err()
}

// asked says whether an entry is on the matter, measure and committees asked about. A
// withdrawal is on the measures of what it withdraws.
func (l *list) asked(e guidance.Entry) bool {
	shares := func(committees []string) bool {
		return len(l.whose) == 0 || slices.ContainsFunc(l.whose, func(c string) bool { return slices.Contains(committees, c) })
	}
	if l.q.matter == nil || e.Withdrawal != nil || e.Erasure != nil {
		return shares(guidance.CommitteesOf(e))
	}
	return l.speaksOnIt(e, shares)
}

// speaksOnIt says whether an advisory or report says or asks something on the matter and measure
// asked about, or is on that matter, for committees that are wanted.
func (l *list) speaksOnIt(e guidance.Entry, wanted func(committees []string) bool) bool {
	onIt := func(matter, measure string) bool {
		return matter == l.q.matter.Name && (l.q.measure == "" || measure == l.q.measure)
	}
	if l.q.measure == "" && slices.Contains(e.Advisory.GetMatters(), l.q.matter.Name) && wanted(guidance.CommitteesOf(e)) {
		return true
	}
	for _, p := range guidance.PositionsOf(e) {
		if onIt(p.GetMatter(), p.GetMeasure()) && wanted(p.GetCommittees()) {
			return true
		}
	}
	for _, action := range e.Advisory.GetActions() {
		whose := action.GetCommittees()
		if len(whose) == 0 {
			whose = guidance.CommitteesOf(e)
		}
		if onIt(action.GetMatter(), action.GetMeasure()) && wanted(whose) {
			return true
		}
	}
	return false
}
