package plain

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Advisory writes an advisory as its readers see it: what it says and asks on each matter,
// its text, and at the end who signed, what goes with it, and whom to ask. Everything that
// is signed has its place here. What names does not name is shown by its id alone. With where it stands,
// what has ended is marked.
func (p *Page) Advisory(a *guidancev1.Advisory, names *answersv1.Names, standings ...*answersv1.CommitteeStanding) {
	p.notice(a.GetNotice())
	p.Gap()
	p.Para(0, a.GetTitle())
	later := ""
	if from := a.GetValidFrom(); from != "" && from != a.GetIssued().GetLatest() {
		later = "valid from " + guidance.DayWords(from)
	}
	p.Para(0, notation.Joined(", ", officeName(names, a.GetOffice()), "for "+CommitteeNames(names, a.GetOnBehalfOf()), "issued "+guidance.RangeWords(a.GetIssued()), later))
	p.Hang("To: ", guidance.AudiencesWords(a.GetAudiences()))
	p.Hang("Cc: ", notation.Names(a.GetCc()))
	p.Hang("Replaces: ", strings.Join(a.GetReplaces(), ", "))
	p.Hang("Amends: ", strings.Join(a.GetAmends(), ", "))
	p.Hang("Beside: ", strings.Join(a.GetBeside(), ", "))
	var also []string
	for _, matter := range a.GetMatters() {
		also = append(also, matterName(names, matter))
	}
	p.Hang("Also on: ", strings.Join(also, "; "))
	texts := 0
	for _, s := range subjectsOf(a) {
		asks := "What it asks:"
		if s.matter != "" {
			p.Head("On " + matterName(names, s.matter))
		} else if len(a.GetPositions()) > 0 {
			asks = "What it asks besides, on no matter:"
		}
		if len(s.positions) > 0 {
			p.Head("What it says:")
		}
		for _, pos := range s.positions {
			p.position(lineOf("this office", pos, a.GetIssued()), names, a.GetOnBehalfOf(), a.GetAudiences())
			ended, _ := positionEnded(names, countedOf(standings, nil, pos.GetCommittees()), slices.Index(a.GetPositions(), pos))
			p.Hang("    ", strings.Join(ended, "; "))
		}
		if len(s.actions) > 0 {
			p.Head(asks)
		}
		for _, act := range s.actions {
			if act.GetTemplate() != "" {
				texts++
			}
			p.action(act, s, names, len(a.GetAmends()) > 0, texts)
			p.Hang("    ", askEnded(names, countedOf(standings, nil, act.GetCommittees()), slices.Index(a.GetActions(), act)))
		}
	}
	p.votes(a.GetVotes())
	p.Gap()
	p.Received(a.GetBody())
	p.Gap()
	for _, s := range a.GetSignatories() {
		p.Hang("Signed: ", notation.Joined(", ", s.GetName(), s.GetRole()))
	}
	for _, f := range a.GetAttachments() {
		p.Hang("With it: ", notation.Joined(", ", f.GetFileName(), f.GetTitle(), f.GetMediaType(), notation.Thousands(f.GetSize())+" bytes"))
		p.Hang("  SHA-256: ", hex.EncodeToString(f.GetSha256()))
	}
	for _, r := range a.GetReferences() {
		p.Hang("See: ", referenceWords(r))
	}
	p.Hang("Ask: ", ContactWords(a.GetContact()))
	p.Hang("Adapted from: ", a.GetAdaptedFrom())
	p.Hang("Licence: ", a.GetLicence())
	p.readers(a.GetVisibility())
	if a.GetFollowUpExpected() {
		p.Line("More is to follow.")
	}
}

func (p *Page) readers(v guidancev1.Visibility) {
	p.Hang("May be read by: ", guidance.VisibilityWords(v))
}

// subject is a matter with what an advisory says and asks on it. Without a matter it is
// what the letter asks whatever its lines.
type subject struct {
	matter    string
	positions []*guidancev1.Position
	actions   []*guidancev1.Action
}

// subjectsOf are the subjects of an advisory in the order it first names them, what is the
// letter's alone last.
func subjectsOf(a *guidancev1.Advisory) []*subject {
	var all []*subject
	letter := &subject{}
	of := func(matter string) *subject {
		if matter == "" {
			return letter
		}
		for _, s := range all {
			if s.matter == matter {
				return s
			}
		}
		all = append(all, &subject{matter: matter})
		return all[len(all)-1]
	}
	for _, pos := range a.GetPositions() {
		s := of(pos.GetMatter())
		s.positions = append(s.positions, pos)
	}
	for _, act := range a.GetActions() {
		s := of(guidance.ActionMatter(a, act))
		s.actions = append(s.actions, act)
	}
	if len(letter.positions)+len(letter.actions) > 0 {
		all = append(all, letter)
	}
	return all
}

// Texts are the actions of an advisory that have a text to send, in the order in which its
// page numbers those, from 1.
func Texts(a *guidancev1.Advisory) []*guidancev1.Action {
	var texts []*guidancev1.Action
	for _, s := range subjectsOf(a) {
		for _, act := range s.actions {
			if act.GetTemplate() != "" {
				texts = append(texts, act)
			}
		}
	}
	return texts
}

// TextEnded says that what a text of an advisory is to be sent for is asked no more, and for whom where others still are asked;
// empty: it is.
func TextEnded(names *answersv1.Names, e *answersv1.Entry, text *guidancev1.Action) string {
	ended := askEnded(names, countedOf(e.GetStandings(), nil, text.GetCommittees()), slices.Index(e.GetAdvisory().GetActions(), text))
	if ended == "" {
		return ""
	}
	return "this is asked no more" + strings.TrimPrefix(ended, "ended")
}

// onWords is what a position is on, and whom and where it is for where that is not all that
// its letter is for: its committees, its group, its part of the area and its readers. For
// example "on “Winter access fund” (winter-access-fund), for practices on EMIS (emis), in
// sub-icb:06Q, to GP partners".
func onWords(names *answersv1.Names, pos *guidancev1.Position, committees []string, audiences []guidancev1.Audience) string {
	words := "on " + measureName(names, pos.GetMatter(), pos.GetMeasure())
	if !slices.Equal(pos.GetCommittees(), committees) {
		words += ", only for " + CommitteeNames(names, pos.GetCommittees())
	}
	if pos.GetScope() != nil {
		words += ", for " + groupWords(pos.GetScope())
	}
	if pos.GetArea() != nil {
		words += ", in " + areaName(names, pos.GetArea())
	}
	if len(pos.GetAudiences()) > 0 && !slices.Equal(pos.GetAudiences(), audiences) {
		words += ", to " + guidance.AudiencesWords(pos.GetAudiences())
	}
	return words
}

// position writes one position: in the words a reader of a view gets, then all that it
// says besides. committees and audiences are those that its letter has named already.
func (p *Page) position(line *answersv1.Line, names *answersv1.Names, committees []string, audiences []guidancev1.Audience) {
	pos := line.GetCurrent().GetPosition()
	line.Current.AreaName = names.GetAreas()[notation.AreaOf(pos.GetArea()).String()]
	line.Current.PassesOn = names.GetCommittees()[pos.GetRelayOf().GetCommittee()]
	on := onWords(names, pos, committees, audiences)
	p.Hang("  ", notation.Capital(on)+": "+guidance.LineWords(line))
	p.Hang("    contract: ", effectsWords(pos.GetContractEffects()))
	for _, claim := range pos.GetClaims() {
		p.Hang("    claimed: ", claimWords(claim))
	}
	if _, known := guidancev1.Provenance_name[int32(pos.GetProvenance())]; !known {
		p.Line("    whose word it is, this software does not know")
	}
	p.Hang("    basis: ", guidance.BasisWords(pos.GetBasis()))
	p.Hang("    rests on the votes: ", strings.Join(pos.GetVotes(), ", "))
	p.Hang("    why: ", pos.GetRationale())
	var reasons []string
	for _, r := range pos.GetReasons() {
		reasons = append(reasons, guidance.ReasonWords(r))
	}
	p.Hang("    reasons: ", strings.Join(reasons, ", "))
	for _, c := range pos.GetConsequences() {
		p.Hang("    what follows: ", "for "+guidance.ConsequenceTopicWords(c.GetTopic())+": "+c.GetWords())
	}
	if pos.GetEvidence() != "" {
		p.Hang("    read from: ", "“"+pos.GetEvidence()+"”")
	}
	if relay := pos.GetRelayOf(); relay != nil {
		p.Hang("    passes on: ", notation.Joined("; ", CommitteeNames(names, []string{relay.GetCommittee()}), relay.GetAdvisory(), referenceWords(relay.GetReference())))
	}
	if pos.GetProvisional() {
		p.Line("    provisional: it may yet firm up")
	}
	var days []string
	for _, one := range []struct{ lead, day string }{
		{"valid from ", pos.GetValidFrom()}, {"valid until ", pos.GetValidUntil()}, {"to be looked at again by ", pos.GetReviewBy()},
	} {
		if one.day != "" {
			days = append(days, one.lead+guidance.DayWords(one.day))
		}
	}
	p.Hang("    ", strings.Join(days, ", "))
}

// action writes what is asked, perhaps in the place of another request, and its text, which is the letter's so many-th.
func (p *Page) action(act *guidancev1.Action, of *subject, names *answersv1.Names, corrects bool, text int) {
	where := append([]string{CommitteeNames(names, act.GetCommittees())}, ofItsLetter(names, act, groupsNamed(names, "", of.positions))...)
	p.Hang("  ", requestWords("this office", act, guidancev1.Audience_AUDIENCE_UNSPECIFIED, where...))
	if id := act.GetMeasure(); id != "" {
		p.Hang("    on ", measureName(names, of.matter, id))
	}
	areas, readers := reachOf(act, of.positions)
	if corrects { // what another letter asks, which may go with other lines
		areas, readers = nil, nil
	}
	if act.GetArea() == nil && len(areas) > 0 {
		in := make([]string, len(areas))
		for i, area := range areas {
			in[i] = areaName(names, area)
		}
		p.Para(4, "reaches "+notation.List(in)+" alone: the lines it stands with are for no other part")
	}
	if len(readers) > 0 {
		p.Para(4, "reaches "+guidance.AudiencesWords(readers)+" alone: the lines it stands with are to no others of those it names")
	}
	p.countedFrom(4, act.GetDue())
	to := ""
	if len(act.GetTemplateFor()) > 0 {
		to = " (written to " + guidance.AudiencesWords(act.GetTemplateFor()) + ")"
	}
	if act.GetTemplate() != "" {
		p.Para(4, fmt.Sprintf("text %d to send%s:", text, to))
		p.Gap()
		p.Markdown(6, act.GetTemplate())
		p.Gap()
	}
}

// reachOf are the areas that the lines an action stands with are limited to, none where one of them is for all of the area;
// and those to whom they are of some whom it names, none where they are to all of these, or to none.
func reachOf(act *guidancev1.Action, positions []*guidancev1.Position) (areas []*guidancev1.AreaId, readers []guidancev1.Audience) {
	everywhere, toAll := false, false
	for _, pos := range positions {
		if act.GetMeasure() != "" && pos.GetMeasure() != "" && pos.GetMeasure() != act.GetMeasure() {
			continue
		}
		everywhere = everywhere || pos.GetArea() == nil
		if !slices.ContainsFunc(areas, func(a *guidancev1.AreaId) bool { return proto.Equal(a, pos.GetArea()) }) {
			areas = append(areas, pos.GetArea())
		}
		for _, to := range pos.GetAudiences() {
			for _, actor := range act.GetActors() {
				toAll = toAll || guidance.Contains(to, actor)
				if guidance.Contains(actor, to) && !slices.Contains(readers, to) {
					readers = append(readers, to)
				}
			}
		}
	}
	if everywhere {
		areas = nil
	}
	if toAll {
		readers = nil
	}
	return areas, readers
}

// countedFrom names the event of the matter that something is due from: its words stand in
// the sentence, and may be the letter's own.
func (p *Page) countedFrom(indent int, due *guidancev1.Due) {
	if event := due.GetFromEvent().GetEvent(); event != "" {
		p.Para(indent, "counted from the event "+event)
	}
}

// lineOf is a position as the line it would be on its own, so that an advisory and a
// view use the same words. who is the subject of its sentence.
func lineOf(who string, pos *guidancev1.Position, issued *guidancev1.DayRange) *answersv1.Line {
	state := answersv1.LineState_LINE_STATE_STATED
	switch {
	case pos.GetProvenance() == guidancev1.Provenance_PROVENANCE_REPORTED:
		state = answersv1.LineState_LINE_STATE_REPORTED
	case pos.GetProvenance() == guidancev1.Provenance_PROVENANCE_RELAY:
		state = answersv1.LineState_LINE_STATE_RELAYED
	case pos.GetStance() == guidancev1.Stance_STANCE_CONSULTING:
		state = answersv1.LineState_LINE_STATE_CONSULTING
	case pos.GetStance() == guidancev1.Stance_STANCE_INFORMATION_ONLY:
		state = answersv1.LineState_LINE_STATE_MENTIONED
	}
	return &answersv1.Line{
		CommitteeName: who,
		State:         state,
		Measure:       pos.GetMeasure(),
		Current:       &answersv1.Statement{Position: pos, Issued: issued},
		Opinion:       pos.GetOpinion(),
		Obligation:    guidance.ObligationOn(pos.GetContractEffects(), nil, issued.GetLatest()),
		Effects:       pos.GetContractEffects(),
	}
}

// Report writes a reported position as its readers see it; of names see Advisory.
func (p *Page) Report(r *guidancev1.ReportedPosition, names *answersv1.Names) {
	p.notice(r.GetNotice())
	p.Gap()
	p.Para(0, "Reported, not said by itself; recorded by "+officeName(names, r.GetOffice()))
	pos := r.GetPosition()
	p.Para(0, "On "+matterName(names, pos.GetMatter()))
	p.Gap()
	line := lineOf(CommitteeNames(names, pos.GetCommittees()), pos, r.GetIssued())
	line.Current.Source = r.GetSource()
	p.position(line, names, pos.GetCommittees(), nil)
	p.Gap()
	p.Received(r.GetSummary())
	p.Gap()
	p.Hang("Where: ", referenceWords(r.GetSource()))
	p.readers(r.GetVisibility())
}

// Withdrawal writes a withdrawal as readers will see it; of names see Advisory.
func (p *Page) Withdrawal(w *guidancev1.Withdrawal, names *answersv1.Names) {
	whose := ""
	if len(w.GetOnBehalfOf()) > 0 {
		whose = "for " + CommitteeNames(names, w.GetOnBehalfOf())
	}
	p.Para(0, officeName(names, w.GetOffice())+": withdraws "+notation.Joined(", ", w.GetAdvisory(), whose, "from "+guidance.DayWords(w.GetEffective())))
	p.Hang("  Why: ", w.GetReason())
	p.Hang("  Issued: ", guidance.RangeWords(w.GetIssued()))
	for _, name := range w.GetMatters() {
		p.Hang("  On: ", matterName(names, name))
	}
	p.Hang("  Stands again: ", strings.Join(w.GetRestores(), ", "))
	p.Hang("  May be read by: ", guidance.VisibilityWords(w.GetVisibility()))
}
