package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Entry writes one entry as its readers see it: first whether it counts, then what it
// says, then its words, and when office and node put it down: their clocks, not facts. Of
// names see Advisory.
func (p *Page) Entry(e *answersv1.Entry, names *answersv1.Names) {
	p.Line(e.GetName())
	if e.GetWords() != "" {
		p.Para(0, e.GetWords())
	}
	p.Gap()
	shown := "" // the notice that stands at the head of what it says
	switch said := ofItsOffice(e).GetContent().(type) {
	case *answersv1.Entry_Advisory:
		p.Advisory(said.Advisory, names, e.GetStandings()...)
		shown = said.Advisory.GetNotice()
	case *answersv1.Entry_Withdrawal:
		p.Withdrawal(said.Withdrawal, names)
	case *answersv1.Entry_ReportedPosition:
		p.Report(said.ReportedPosition, names)
		shown = said.ReportedPosition.GetNotice()
	case *answersv1.Entry_Matter:
		p.Matter(said.Matter)
		shown = said.Matter.GetNotice()
	default:
		p.Para(0, otherWords(e))
	}
	var when []string
	if t := e.GetLoggedTime(); t != nil {
		when = append(when, "logged by its office "+guidance.InstantWords(t.AsTime()))
	}
	if t := e.GetRecordedTime(); t != nil {
		when = append(when, "recorded by this node "+guidance.InstantWords(t.AsTime()))
	}
	if len(when) > 0 {
		p.Gap()
		p.Para(0, strings.Join(when, "; "))
	}
	for _, notice := range e.GetNotices() {
		if notice != shown {
			p.Gap()
			p.Para(0, notice)
		}
	}
}

// ofItsOffice is an entry whose words name the office whose log it is in, whatever they
// claimed.
func ofItsOffice(e *answersv1.Entry) *answersv1.Entry {
	e = proto.CloneOf(e)
	switch said := e.GetContent().(type) {
	case *answersv1.Entry_Advisory:
		said.Advisory.Office = cmp.Or(e.GetOffice(), said.Advisory.Office)
	case *answersv1.Entry_Withdrawal:
		said.Withdrawal.Office = cmp.Or(e.GetOffice(), said.Withdrawal.Office)
	case *answersv1.Entry_ReportedPosition:
		said.ReportedPosition.Office = cmp.Or(e.GetOffice(), said.ReportedPosition.Office)
	}
	return e
}

// WordsNotHere is said in place of words that a node does not hold yet.
const WordsNotHere = "Its words are not here yet: this node asks the others for them, and has them as soon as one that has them is heard."

// otherWords says what an entry is that has no words for readers, or none here.
func otherWords(e *answersv1.Entry) string {
	switch said := e.GetContent().(type) {
	case *answersv1.Entry_Absent:
		switch said.Absent.GetReason() {
		case ledgerv1.AbsentReason_ABSENT_REASON_WITHHELD:
			return "Its words are for " + guidance.VisibilityWords(said.Absent.GetVisibility()) + ", and this reader may not read them."
		case ledgerv1.AbsentReason_ABSENT_REASON_ERASED:
			office, _, _ := strings.Cut(e.GetName(), "/")
			return fmt.Sprintf("Its words are nowhere any more: lmc advisory %s/%d is what took them down. That there was such an entry can still be proven.", office, said.Absent.GetErasedBy())
		case ledgerv1.AbsentReason_ABSENT_REASON_NOT_HELD:
			return WordsNotHere
		case ledgerv1.AbsentReason_ABSENT_REASON_LOST:
			return "No node holds its words any more."
		}
		return "Its words are not here, for a reason this software does not understand."
	case *answersv1.Entry_RegisterRecord:
		_, index, _ := strings.Cut(e.GetName(), "/")
		n, _ := notation.ParseCount(index, 64)
		return fmt.Sprintf("It is a record of the register, not an advisory. What the register says with it: lmc register show --size %d; what it says today: lmc register show.", n+1)
	case *answersv1.Entry_Erasure:
		return Removed(e.GetOffice(), said.Erasure)
	case *answersv1.Entry_NotUnderstood:
		return said.NotUnderstood.GetWords()
	}
	return "It is of a kind this software does not understand."
}

// Removed says what an erasure takes down, when and why.
func Removed(office string, e *ledgerv1.Erasure) string {
	return fmt.Sprintf("It removes the words of %s/%d from every node, on %s: “%s”. What was saved elsewhere cannot be called back.", office, e.GetIndex(), guidance.RangeWords(e.GetIssued()), strings.TrimSuffix(OneLine(e.GetReason()), "."))
}

// LastEnding is the entry that last ended an entry, or part of it; empty: nothing did.
func LastEnding(e *answersv1.Entry) string {
	var last *answersv1.Ending
	for _, s := range e.GetStandings() {
		for _, end := range s.GetEndings() {
			if last == nil || end.GetDay() > last.GetDay() {
				last = end
			}
		}
	}
	return last.GetEntry()
}

// Stands: nothing has ended an entry, or it still stands for somebody.
func Stands(e *answersv1.Entry) bool {
	return LastEnding(e) == "" || slices.ContainsFunc(e.GetStandings(), (*answersv1.CommitteeStanding).GetCurrent)
}

// Entries writes a list as it was asked for: a row for each thing said on the matter and
// measure, by the committees asked about, or by everybody, who is then named. Day and name
// of an entry stand in its first row.
func (p *Page) Entries(list *answersv1.ListEntriesResponse, measure string) {
	t := NewTable("ISSUED", "ADVISORY", "WHAT WAS SAID")
	var notices []string
	ranges := false
	for _, e := range list.GetEntries() {
		day, name := ShortRange(e.GetIssued()), e.GetName()
		for _, words := range SaidWords(e, list, measure) {
			t.Add(day, name, words)
			day, name = "", ""
		}
		ranges = ranges || e.GetIssued().GetEarliest() != e.GetIssued().GetLatest()
		if len(notices) == 0 {
			notices = e.GetNotices()
		}
	}
	if list.GetWords() != "" {
		p.Para(0, list.GetWords())
	}
	switch {
	case len(t.rows) > 0:
		p.Table(0, t)
	case list.GetCursor() != nil:
		p.Line("nothing new")
	default:
		p.Line("nothing to list")
	}
	if ranges {
		p.Gap()
		p.Para(0, "The newest first; where the day is not known, by the latest it can have been.")
	}
	if list.GetNextPageToken() != "" {
		p.Gap()
		p.Line("there is more: ask for one committee, one measure or fewer days")
	}
	p.Footer(list.GetCompleteness(), notices)
}

// SaidWords is what an entry says, one sentence for each thing, under its matter where none was
// asked about, each with what ended it; with the first, what the entry ended. When it was issued
// stands beside it already.
func SaidWords(e *answersv1.Entry, list *answersv1.ListEntriesResponse, measure string) []string {
	counts := len(e.GetStandings()) == 0 || slices.ContainsFunc(e.GetStandings(), isCounted)
	names := list.GetNames()
	last := ""
	who := func(committees []string) string { // once for what follows
		words := CommitteeNames(names, committees)
		if len(list.GetCommittees()) == 1 || words == last {
			return ""
		}
		last = words
		return words
	}
	var said, ends []string
	of := guidance.Entry{ID: e.GetName(), Office: e.GetOffice(), Advisory: e.GetAdvisory(), Withdrawal: e.GetWithdrawal(), Report: e.GetReportedPosition()}
	switch {
	case of.Withdrawal != nil:
		said = []string{notation.Joined(": ", who(of.Withdrawal.GetOnBehalfOf()), guidance.WithdrawalWords(of.Withdrawal))}
	case of.Report != nil:
		said = positionsSaid(e, &of, guidance.PositionsOf(of), list, measure, who)
	case of.Advisory != nil:
		if earlier := of.Advisory.GetReplaces(); len(earlier) > 0 {
			ends = append(ends, "replaces "+strings.Join(earlier, ", "))
		}
		if earlier := of.Advisory.GetAmends(); len(earlier) > 0 {
			ends = append(ends, "amends "+strings.Join(earlier, ", "))
		}
		if len(of.Advisory.GetPositions()) == 0 {
			said = []string{notation.Joined(": ", who(of.Advisory.GetOnBehalfOf()), "“"+of.Advisory.GetTitle()+"”, and takes no position.")}
			whole := func(st *answersv1.CommitteeStanding) *answersv1.PositionStanding {
				return &answersv1.PositionStanding{Current: st.GetCurrent(), Endings: st.GetEndings()}
			}
			over, _ := endedWords(names, countedOf(e.GetStandings(), list, of.Advisory.GetOnBehalfOf()), whole)
			ends = append(ends, over...)
		}
		for _, s := range subjectsOf(of.Advisory) {
			if list.GetMatter() != "" && s.matter != "" && s.matter != list.GetMatter() {
				continue
			}
			on := positionsSaid(e, &of, s.positions, list, measure, who)
			on = append(on, asksSaid(e, s, list, measure)...)
			if list.GetMatter() == "" && s.matter != "" && len(on) > 0 {
				said = append(said, "On "+matterName(names, s.matter)+":")
			}
			said = append(said, on...)
		}
		if len(said) == 0 && measure == "" && len(of.Advisory.GetReplaces()) > 0 && concerns(list, of.Advisory.GetOnBehalfOf()) {
			said = []string{notation.Joined(": ", who(of.Advisory.GetOnBehalfOf()), "“"+of.Advisory.GetTitle()+"”, and takes no position on this.")}
		}
	case e.GetMatter() != nil:
		said = []string{notation.Joined(" ", "What the matter is: “"+e.GetMatter().GetTitle()+"”.", e.GetWords())}
	default:
		said = []string{otherWords(e)}
	}
	switch {
	case !counts:
		for i := range said {
			said[i] = e.GetWords() + " It says: " + said[i]
		}
	case len(ends) > 0 && len(said) > 0:
		said[0] += " (" + strings.Join(ends, "; ") + ")"
	}
	return said
}

func isCounted(st *answersv1.CommitteeStanding) bool {
	return st.GetNotCounted() == answersv1.NotCountedReason_NOT_COUNTED_REASON_UNSPECIFIED
}

// positionsSaid are the positions of an entry that a list was asked for, each with who takes it, to
// whom where that is not all that a letter to practices is to, and what ended it: of those that follow
// one another and ended alike once in full.
func positionsSaid(e *answersv1.Entry, of *guidance.Entry, positions []*guidancev1.Position, list *answersv1.ListEntriesResponse, measure string, who func([]string) string) []string {
	var said []string
	audiences := of.Advisory.GetAudiences()
	if !slices.Contains(audiences, guidancev1.Audience_AUDIENCE_PRACTICES) {
		audiences = []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}
	}
	last := ""
	for _, pos := range positions {
		if !concerns(list, pos.GetCommittees()) || measure != "" && pos.GetMeasure() != measure {
			continue
		}
		statement := guidance.StatementOf(of, pos)
		statement.PassesOn = list.GetNames().GetCommittees()[pos.GetRelayOf().GetCommittee()]
		words := notation.Joined(": ", who(pos.GetCommittees()), onWords(list.GetNames(), pos, pos.GetCommittees(), audiences), guidance.StatementWords(statement))
		ends, whole := positionEnded(list.GetNames(), countedOf(e.GetStandings(), list, pos.GetCommittees()), slices.Index(guidance.PositionsOf(*of), pos))
		over := strings.Join(ends, "; ")
		switch {
		case over == "":
		case over == last && whole:
			words += " (ended)"
		default:
			words += " (" + over + ")"
		}
		said, last = append(said, words), over
	}
	return said
}

// asksSaid is what an advisory asks on one subject, of those a list was asked for, in one line; of
// what is not asked any more, that it has ended, and for whom.
func asksSaid(e *answersv1.Entry, s *subject, list *answersv1.ListEntriesResponse, measure string) []string {
	var asks []string
	last := ""
	for _, act := range s.actions {
		if len(act.GetCommittees()) > 0 && !concerns(list, act.GetCommittees()) || measure != "" && act.GetMeasure() != "" && act.GetMeasure() != measure {
			continue
		}
		how := strengthWords("it", act)
		what := actionWords(act, guidancev1.Audience_AUDIENCE_UNSPECIFIED, append(ofItsLetter(list.GetNames(), act, groupsNamed(list.GetNames(), e.GetName(), s.positions)), CommitteeNames(list.GetNames(), act.GetCommittees()))...)
		if ended := askEnded(list.GetNames(), countedOf(e.GetStandings(), list, act.GetCommittees()), slices.Index(e.GetAdvisory().GetActions(), act)); ended != "" {
			what += " (" + ended + ")"
		}
		if how == last {
			asks[len(asks)-1] += "; " + what
			continue
		}
		asks, last = append(asks, how+": "+what), how
	}
	if len(asks) == 0 {
		return nil
	}
	for i := range asks {
		asks[i] = sentence(asks[i])
	}
	return []string{strings.Join(asks, " ")}
}

// concerns: a list was asked for one of some committees, or for nobody's entries alone.
func concerns(list *answersv1.ListEntriesResponse, committees []string) bool {
	return len(list.GetCommittees()) == 0 || slices.ContainsFunc(committees, func(c string) bool { return slices.Contains(list.GetCommittees(), c) })
}

// countedOf is where an entry stands for those of some committees, or of all where none are named, for
// which it counts and that a list was asked for.
func countedOf(standings []*answersv1.CommitteeStanding, list *answersv1.ListEntriesResponse, committees []string) (all []*answersv1.CommitteeStanding) {
	for _, st := range standings {
		if c := st.GetCommittee(); isCounted(st) && concerns(list, []string{c}) && (len(committees) == 0 || slices.Contains(committees, c)) {
			all = append(all, st)
		}
	}
	return all
}

// positionEnded is what has ended the so many-th position of an entry, as endedWords has it.
func positionEnded(names *answersv1.Names, standings []*answersv1.CommitteeStanding, place int) (all []string, whole bool) {
	return endedWords(names, standings, func(st *answersv1.CommitteeStanding) *answersv1.PositionStanding {
		for _, its := range st.GetPositions() {
			if its.GetPlace() == int32(place) {
				return its
			}
		}
		return nil
	})
}

// askEnded says that the so many-th action of an advisory is asked no more, and for whom where others still
// are; empty: it is.
func askEnded(names *answersv1.Names, standings []*answersv1.CommitteeStanding, place int) string {
	var ended []string
	for _, st := range standings {
		if slices.Contains(st.GetNotAsked(), int32(place)) {
			ended = append(ended, st.GetCommittee())
		}
	}
	switch len(ended) {
	case 0:
		return ""
	case len(standings):
		return "ended"
	}
	return "ended for " + CommitteeNames(names, ended)
}

// mostEndings is how many endings of one position a list names.
const mostEndings = 4

// endedWords are what has ended something that is said for some committees, or part of it: "ended by
// essex/5 for North Essex LMC". Whom it ended for is said where it is for others too. whole: nothing
// of it goes on.
func endedWords(names *answersv1.Names, standings []*answersv1.CommitteeStanding, of func(*answersv1.CommitteeStanding) *answersv1.PositionStanding) (all []string, whole bool) {
	whole = true
	ended := map[string][]string{} // the committees, by how
	for _, st := range standings {
		its := of(st)
		whole = whole && its != nil && !its.GetCurrent()
		amended := func(end *answersv1.Ending) bool { return end.GetKind() == answersv1.EndingKind_ENDING_KIND_AMENDED }
		onlyAmended := !slices.ContainsFunc(its.GetEndings(), func(end *answersv1.Ending) bool { return !amended(end) })
		for _, end := range its.GetEndings() {
			how := "ended by " + end.GetEntry()
			switch {
			case end.GetKind() == answersv1.EndingKind_ENDING_KIND_EXPIRED:
				how = "no longer valid from " + guidance.DayWords(end.GetDay())
			case end.GetKind() == answersv1.EndingKind_ENDING_KIND_LAPSED:
				how = "lapsed on " + guidance.DayWords(end.GetDay()) + ", for doing it would breach the contract from then on"
				if its.GetCurrent() {
					how = "in part " + how
				}
			case amended(end) && (its.GetCurrent() || !onlyAmended):
				how = "ended in part by " + end.GetEntry()
			}
			if !slices.Contains(all, how) {
				all = append(all, how)
			}
			if !slices.Contains(ended[how], st.GetCommittee()) {
				ended[how] = append(ended[how], st.GetCommittee())
			}
		}
	}
	for i, how := range all {
		if len(ended[how]) < len(standings) {
			all[i] += " for " + CommitteeNames(names, ended[how])
		}
	}
	if more := len(all) - mostEndings; more > 0 {
		all = append(all[:mostEndings], fmt.Sprintf("and %d times more", more))
	}
	return all, whole
}
