package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	notice     = "Demonstration: restated from public reports, not issued by this office."
	planName   = "gpc-england/access-plan-2021"
	planTitle  = "Our plan for improving access for patients and supporting general practice"
	essexPlace = "North Essex LMC"
)

func day(d string) *guidancev1.DayRange { return &guidancev1.DayRange{Earliest: d, Latest: d} }

func days(from, to string) *guidancev1.DayRange {
	return &guidancev1.DayRange{Earliest: from, Latest: to}
}

func allHere() *answersv1.Completeness {
	return &answersv1.Completeness{Complete: true, Words: "Everything known to have been published is here."}
}

func accessPlan() *guidancev1.Matter {
	gpc := &guidancev1.Body{Id: "gpc-england", Name: "GPC England", Kind: guidancev1.BodyKind_BODY_KIND_COMMITTEE}
	practices := []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}
	return &guidancev1.Matter{
		Name: planName, Title: planTitle, Notice: notice,
		Proposer:   &guidancev1.Body{Id: "nhs-england", Name: "NHS England", Kind: guidancev1.BodyKind_BODY_KIND_NHS_BODY},
		Opened:     day("2021-10-14"),
		Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		Summary:    "A plan for access to general practice, with a fund for the winter and lists of practices to look into.",
		References: []*guidancev1.Reference{{Title: planTitle, Number: "PAR1043", Publisher: "NHS England", Day: "2021-10-14"}},
		Measures: []*guidancev1.Measure{
			{
				Id: "engage-with-plan", Title: "Take part in meetings and analysis", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND,
				AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES, guidancev1.Audience_AUDIENCE_PCNS},
			},
			{
				Id: "lowest-20-list", Title: "List the 20% of practices with the lowest face-to-face share", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND,
				AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS},
				Deadlines:   []*guidancev1.Deadline{{Title: "list handed in", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2021-10-28"}}, AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_COMMISSIONERS}}},
			},
			{Id: "winter-access-fund", Title: "Winter access fund", Kind: guidancev1.MeasureKind_MEASURE_KIND_OFFER, AddressedTo: practices},
			{
				Id: "pcn-des-disengage", Title: "Leave the PCN DES", Kind: guidancev1.MeasureKind_MEASURE_KIND_COLLECTIVE_ACTION, Proposer: gpc, AddressedTo: practices,
				ClaimedEffects: []*guidancev1.DatedEffect{
					{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: "2021-10-31"},
					{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-11-01"},
				},
			},
		},
	}
}

func position(stance guidancev1.Stance, committees ...string) *guidancev1.Position {
	return &guidancev1.Position{
		Committees: committees, Matter: planName, Stance: stance,
		Audiences:       []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES, guidancev1.Audience_AUDIENCE_PCNS},
		ContractEffects: []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL}},
		Basis:           guidancev1.Basis_BASIS_NOT_STATED, Provenance: guidancev1.Provenance_PROVENANCE_PRIMARY,
	}
}

func essexActions() []*guidancev1.Action {
	return []*guidancev1.Action{
		{
			Verb: "look closely at", Object: "the data held against you and ask for it to be checked locally", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED,
			Due: &guidancev1.Due{When: &guidancev1.Due_Rule{Rule: "at once"}}, Condition: "if you are on the list",
			Actors: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
		},
		{
			Verb: "call", Object: "the LMC office", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, Condition: "if you are approached",
			Due: &guidancev1.Due{When: &guidancev1.Due_Time{Time: "2021-10-28T17:00"}},
		},
	}
}

func essexContact() *guidancev1.Contact {
	return &guidancev1.Contact{Name: "Essex LMCs", Telephone: "01245 000000", Email: "office@essexlmc.example"}
}

func essexAdvisory() *guidancev1.Advisory {
	p := position(guidancev1.Stance_STANCE_REFUSE, "north-essex", "south-essex")
	p.Rationale = "poor data, no money for practices, harm to work with PCNs"
	return &guidancev1.Advisory{
		Office: officeID, OnBehalfOf: []string{"north-essex", "south-essex"}, Title: "Access plan: our advice",
		Body:   "Dear colleagues\n\nWe advise you not to take part in any part of the plan.\n\n- Ring us first.\n- Keep caring for patients.",
		Issued: day("2021-10-25"), Audiences: p.Audiences, Cc: []string{"PCN clinical directors"},
		Signatories: []*guidancev1.Signatory{{Name: "Dr Brian Balmer", Role: "Chief Executive"}},
		Contact:     essexContact(), Positions: []*guidancev1.Position{p}, Actions: essexActions(),
		Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC, Notice: notice,
	}
}

// line is a line as a node makes it, words and all.
func line(id, name string, st *answersv1.Statement, state answersv1.LineState) *answersv1.Line {
	l := &answersv1.Line{
		Committee: id, CommitteeName: name, CommitteeKind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Matter: planName,
		Audience: guidancev1.Audience_AUDIENCE_PRACTICES, State: state, Current: st,
	}
	if st != nil {
		l.Measure = st.GetPosition().GetMeasure()
		l.Effects = st.GetPosition().GetContractEffects()
		l.Obligation = guidance.ObligationOn(l.Effects, nil, "2021-10-28")
	} else {
		l.NoLine = &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT}
	}
	l.Words = guidance.LineWords(l)
	return l
}

func statement(entry, title, issued string, p *guidancev1.Position) *answersv1.Statement {
	return &answersv1.Statement{Position: p, Advisory: entry, Title: title, Issued: day(issued), Notice: notice}
}

func own(id, name string, isOwn bool) *answersv1.CommitteeView {
	l := line(id, name, statement("essex/0", "Access plan: our advice", "2021-10-25", position(guidancev1.Stance_STANCE_REFUSE, id)), answersv1.LineState_LINE_STATE_STATED)
	l.Actions = essexActions()
	return &answersv1.CommitteeView{Headline: l, Own: isOwn, Contact: essexContact()}
}

func essexView(sel *answersv1.Selector) *answersv1.CombinedView {
	const stated = answersv1.LineState_LINE_STATE_STATED
	mine := sel.GetPractice() == "F81001" || sel.GetPractice() == "F81002" || sel.GetCommittee() == "north-essex"
	cambridgeshire := position(guidancev1.Stance_STANCE_ADVISE_AGAINST, "cambridgeshire")
	cambridgeshire.Provisional = true
	leave := position(guidancev1.Stance_STANCE_PRACTICE_DECIDES, "humberside")
	leave.Measure, leave.ContractEffects = "pcn-des-disengage", accessPlan().GetMeasures()[3].GetClaimedEffects()
	humberside := line("humberside", "Humberside LMC", statement("humberside/0", "Actions", "2021-10-20", leave), stated)
	humberside.GetCurrent().Issued = days("2021-10-14", "2021-10-31")
	relayed := position(guidancev1.Stance_STANCE_INFORMATION_ONLY, "lincolnshire")
	relayed.Provenance, relayed.RelayOf = guidancev1.Provenance_PROVENANCE_RELAY, &guidancev1.RelaySource{Committee: "gpc-england"}
	gpc := line("gpc-england", "GPC England", statement("gpc-england/9", "Refuse", "2021-10-21", position(guidancev1.Stance_STANCE_REFUSE, "gpc-england")), stated)
	igpm := position(guidancev1.Stance_STANCE_INFORMATION_ONLY, "igpm")
	igpm.Provenance = guidancev1.Provenance_PROVENANCE_REPORTED
	v := &answersv1.CombinedView{
		Matter: accessPlan(), Measure: sel.GetMeasure(), Audience: guidancev1.Audience_AUDIENCE_PRACTICES, AsOf: "2021-10-28", KnownAtFeed: 41,
		National: &answersv1.CommitteeView{Headline: gpc},
		Committees: []*answersv1.CommitteeView{
			own("north-essex", essexPlace, mine),
			{Headline: line("cambridgeshire", "Cambridgeshire LMC", statement("cambridgeshire/0", "Letter", "2021-10-20", cambridgeshire), stated), OwnMeasureLines: 1},
			{Headline: humberside, OwnMeasureLines: 3},
			{Headline: line("lincolnshire", "Lincolnshire LMC", statement("lincolnshire/0", "Bulletin", "2021-10-26", relayed), answersv1.LineState_LINE_STATE_RELAYED)},
			own("south-essex", "South Essex LMC", false),
			{Headline: line("croydon", "Croydon LMC", nil, answersv1.LineState_LINE_STATE_NO_LINE)},
		},
		OtherBodies: []*answersv1.CommitteeView{{
			Headline: line("igpm", "Institute of General Practice Management", statement("gpc-england/4", "Pulse", "2021-10-20", igpm), answersv1.LineState_LINE_STATE_REPORTED),
		}},
		Deadlines:    accessPlan().GetMeasures()[1].GetDeadlines(),
		Completeness: allHere(), Notices: []string{notice},
	}
	if sel.GetAsOf() != "" {
		v.AsOf = sel.GetAsOf()
	}
	if sel.GetOnDay() != "" {
		v.AsOf, v.KnownAtTime = sel.GetOnDay(), timestamppb.New(guidance.EndOfDay(sel.GetOnDay()))
	}
	return v
}

func knownMatter(sel *answersv1.Selector) error {
	switch sel.GetMatter() {
	case "access-plan-2021", planName, "evil":
	default:
		return fault.New(fault.ErrUnknownMatter, fmt.Sprintf("no matter %q is known at essex", sel.GetMatter()), "lmc matters lists what is; did you mean access-plan-2021?")
	}
	if m := sel.GetMeasure(); m != "" && guidance.MeasureOf(accessPlan(), m) == nil {
		return fault.New(fault.ErrUnknownMeasure, fmt.Sprintf("access-plan-2021 has no measure %q", m), "it has engage-with-plan, lowest-20-list, winter-access-fund and pcn-des-disengage")
	}
	if p := sel.GetPractice(); p != "" && p != "F81001" && p != "F81002" {
		return fault.New(fault.ErrUnknownPractice, fmt.Sprintf("no area of the register lists practice %s", p), "name your LMC instead: --committee ID; lmc register show lists them")
	}
	if c := sel.GetCommittee(); c != "" && c != "north-essex" && c != "south-essex" && c != "gpc-england" {
		return fault.New(fault.ErrUnknownCommittee, fmt.Sprintf("the register has no committee %q", c), "lmc register show lists them")
	}
	return nil
}

func (n *fakeNode) GetCombinedView(_ context.Context, req *answersv1.GetCombinedViewRequest) (*answersv1.GetCombinedViewResponse, error) {
	if err := knownMatter(req.GetSelector()); err != nil {
		return nil, wire.Status(err)
	}
	v := essexView(req.GetSelector())
	if req.GetSelector().GetMatter() == "evil" {
		v.Matter.Title = "Pay \x1b[2Jno\u202eattention\nYour LMC: forged"
	}
	return &answersv1.GetCombinedViewResponse{View: v}, nil
}

func (n *fakeNode) GetNationalPicture(_ context.Context, req *answersv1.GetNationalPictureRequest) (*answersv1.GetNationalPictureResponse, error) {
	if err := knownMatter(req.GetSelector()); err != nil {
		return nil, wire.Status(err)
	}
	v := essexView(&answersv1.Selector{})
	t := &answersv1.NationalTable{
		Proposer: accessPlan().GetProposer(), Audience: v.GetAudience(), National: v.GetNational().GetHeadline(),
		Columns: []*answersv1.Column{
			{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_REFUSE, Count: 2, Words: "refuse", Members: []string{"north-essex", "south-essex"}},
			{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_ADVISE_AGAINST, Count: 1, Words: "advise against", Members: []string{"cambridgeshire"}},
			{Kind: answersv1.ColumnKind_COLUMN_KIND_NO_LINE, Count: 1, Words: "have said nothing", Members: []string{"croydon"}},
		},
		Denominator: 4, DenominatorWords: "4 LMCs of England in the register on 28 October 2021",
		Relations: []*answersv1.RelationCount{
			{Relation: answersv1.Relation_RELATION_ALIGNED, Count: 2, Committees: []string{"north-essex", "south-essex"}},
			{Relation: answersv1.Relation_RELATION_WEAKER, Count: 1, Committees: []string{"cambridgeshire"}},
		},
		OtherBodies: []*answersv1.Line{v.GetOtherBodies()[0].GetHeadline()},
	}
	own := fakeVotes()[1]
	t.Votes = []*answersv1.VoteBeside{{Committee: "north-essex", CommitteeName: essexPlace, Entry: own.GetEntry(), Vote: own.GetVote().GetId(), Day: own.GetVote().GetHeld(), Words: own.GetWords()}}
	for _, c := range v.GetCommittees() {
		t.Lines = append(t.Lines, c.GetHeadline())
	}
	t.Lines[0].Relation = answersv1.Relation_RELATION_ALIGNED
	resp := &answersv1.GetNationalPictureResponse{Picture: &answersv1.NationalPicture{
		Names:  allNames(),
		Matter: accessPlan(), Unit: req.GetUnit(), AsOf: v.GetAsOf(), KnownAtFeed: 41,
		Tables: []*answersv1.NationalTable{t}, Completeness: allHere(), Notices: []string{notice},
		Places: []*answersv1.CommitteePlace{{Committee: "north-essex", Area: &guidancev1.AreaId{Scheme: "icb", Code: "QH8"}, Name: "Mid and South Essex"}},
	}}
	if scheme, code, ok := strings.Cut(req.GetSelector().GetArea(), ":"); ok {
		resp.Picture.Area, resp.Picture.AreaName = &guidancev1.AreaId{Scheme: scheme, Code: code}, "Mid Essex"
	}
	if req.GetCompare() != nil {
		var err error
		if resp.Changes, err = essexMoved(req.GetSelector(), req.GetCompare()); err != nil {
			return nil, wire.Status(err)
		}
		resp.Before = proto.CloneOf(resp.Picture)
		resp.Before.AsOf = resp.Changes.FromDay
		t := resp.Before.Tables[0]
		t.Columns = []*answersv1.Column{
			{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_CAUTION, Count: 1, Words: "caution", Members: []string{"cambridgeshire"}},
			{Kind: answersv1.ColumnKind_COLUMN_KIND_NO_LINE, Count: 3, Words: "have said nothing", Members: []string{"croydon", "north-essex", "south-essex"}},
		}
		t.DenominatorWords = "4 LMCs of England in the register on 20 October 2021"
	}
	return resp, nil
}

// essexMoved is what changed at this node since 20 October, or since cursor 41 nothing.
func essexMoved(sel *answersv1.Selector, since *answersv1.Since) (*answersv1.GetChangesResponse, error) {
	resp := &answersv1.GetChangesResponse{Cursor: cursorOf(41), FromDay: since.GetDay(), ToDay: "2021-10-28", Completeness: allHere(), Names: allNames(), Notices: []string{notice}}
	if sel.GetMatter() != "" {
		resp.Matter = accessPlan()
	}
	if sel.GetPractice() != "" {
		resp.Committees = []string{"north-essex"}
	}
	if since.GetCursor() != nil {
		if !proto.Equal(since.GetCursor(), cursorOf(41)) {
			return nil, fault.New(fault.ErrInvalid, "this place is not in this node's history", "ask since a day instead")
		}
		resp.FromDay = since.GetCursor().GetDay()
		return resp, nil
	}
	const stated = answersv1.LineState_LINE_STATE_STATED
	v := essexView(&answersv1.Selector{})
	own, gpc := v.GetCommittees()[0].GetHeadline(), v.GetNational().GetHeadline()
	gpc.CommitteeKind = guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE
	earlier := proto.CloneOf(gpc.GetCurrent())
	earlier.Advisory, earlier.Issued, earlier.Position.Stance = "gpc-england/3", days("2021-10-14", "2021-10-17"), guidancev1.Stance_STANCE_ADVISE_AGAINST
	caution := position(guidancev1.Stance_STANCE_CAUTION, "cambridgeshire")
	resp.Changes = []*answersv1.Change{
		{Kind: answersv1.ChangeKind_CHANGE_KIND_MATTER_AMENDED, Matter: planName, Title: planTitle, Entry: "gpc-england/2", Words: "What the matter is was amended: " + planTitle + " (gpc-england/2)."},
		{
			Kind: answersv1.ChangeKind_CHANGE_KIND_NEW, Matter: planName, Committee: "north-essex", CommitteeName: essexPlace, Entry: "essex/0", Issued: day("2021-10-25"),
			Before: line("north-essex", essexPlace, nil, answersv1.LineState_LINE_STATE_NO_LINE), After: own, NationalByThen: gpc.GetCurrent(),
		},
		{
			Kind: answersv1.ChangeKind_CHANGE_KIND_MOVED, Matter: planName, Committee: "gpc-england", CommitteeName: "GPC England", Entry: "gpc-england/9", Issued: day("2021-10-21"),
			Before: line("gpc-england", "GPC England", earlier, stated), After: gpc, Direction: answersv1.Direction_DIRECTION_TOWARDS_REFUSING,
		},
		{
			Kind: answersv1.ChangeKind_CHANGE_KIND_MOVED, Matter: planName, Committee: "cambridgeshire", CommitteeName: "Cambridgeshire LMC", Entry: "cambridgeshire/0", Issued: day("2021-10-21"),
			Before: line("cambridgeshire", "Cambridgeshire LMC", statement("cambridgeshire/1", "Note", "2021-10-18", caution), stated), After: v.GetCommittees()[1].GetHeadline(),
			Direction: answersv1.Direction_DIRECTION_TOWARDS_REFUSING, NationalByThen: earlier, OrderNotKnown: []*answersv1.Statement{gpc.GetCurrent()},
		},
		{Kind: answersv1.ChangeKind_CHANGE_KIND_FALLEN_DUE, Matter: planName, Measure: "lowest-20-list", Entry: "gpc-england/2", Title: "list handed in", Words: "Fell due: by 28 October 2021: list handed in (commissioners, The lowest fifth).", Due: accessPlan().GetMeasures()[1].GetDeadlines()[0].GetDue()},
	}
	for _, c := range resp.Changes {
		c.CommitteeKind = max(c.GetAfter().GetCommitteeKind(), c.GetBefore().GetCommitteeKind())
	}
	return resp, nil
}

func (n *fakeNode) GetChanges(_ context.Context, req *answersv1.GetChangesRequest) (*answersv1.GetChangesResponse, error) {
	sel := req.GetSelector()
	if sel.GetMatter() != "" {
		if err := knownMatter(sel); err != nil {
			return nil, wire.Status(err)
		}
	}
	resp, err := essexMoved(sel, req.GetSince())
	if err != nil {
		return nil, wire.Status(err)
	}
	return resp, nil
}

func (n *fakeNode) ListMatters(context.Context, *answersv1.ListMattersRequest) (*answersv1.ListMattersResponse, error) {
	other := phlebotomy()
	other.Closed = days("2021-12-31", "2021-12-31") // which the list marks
	return &answersv1.ListMattersResponse{Matters: []*guidancev1.Matter{accessPlan(), other}, Completeness: allHere()}, nil
}

func phlebotomy() *guidancev1.Matter {
	return &guidancev1.Matter{Name: "essex/phlebotomy-2021", Title: "Blood tests in the community", Opened: days("2021-09-01", "2021-09-30"), Proposer: &guidancev1.Body{Name: "Mid Essex CCG"}}
}

func (n *fakeNode) GetMatter(_ context.Context, req *answersv1.GetMatterRequest) (*answersv1.GetMatterResponse, error) {
	if other := phlebotomy(); req.GetName() == other.GetName() {
		return &answersv1.GetMatterResponse{Matter: other, Completeness: allHere()}, nil
	}
	if err := knownMatter(&answersv1.Selector{Matter: req.GetName()}); err != nil {
		return nil, wire.Status(err)
	}
	return &answersv1.GetMatterResponse{Matter: accessPlan(), Entry: "gpc-england/2", Completeness: allHere()}, nil
}

func (n *fakeNode) GetEntry(_ context.Context, req *answersv1.GetEntryRequest) (*answersv1.GetEntryResponse, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if req.GetName() == "essex/77" { // its words were lost
		return &answersv1.GetEntryResponse{Entry: &answersv1.Entry{
			Name: "essex/77", Office: "essex", Content: &answersv1.Entry_Absent{Absent: &ledgerv1.AbsentBody{Reason: ledgerv1.AbsentReason_ABSENT_REASON_NOT_HELD}},
		}, Completeness: allHere()}, nil
	}
	index, err := n.find(req.GetName())
	if err != nil {
		return nil, wire.Status(err)
	}
	e := n.entries[index]
	header, err := ledger.ParseHeader(e.Header)
	if err != nil {
		return nil, wire.Status(err)
	}
	at := timestamppb.New(time.UnixMilli(header.GetClaimedMs()))
	entry := saidBy(req.GetName(), e.msg, e.endedBy)
	entry.Header, entry.Visibility, entry.LoggedTime, entry.RecordedTime = header, header.GetVisibility(), at, at
	entry.Words, entry.Notices = "Current today.", []string{notice}
	if e.endedBy != "" {
		entry.Words = "It no longer counts: withdrawn by " + e.endedBy + "."
	}
	return &answersv1.GetEntryResponse{Entry: entry, Body: e.Body, Completeness: allHere(), Names: allNames()}, nil
}

// allNames are the names of what the answers name by ids.
func allNames() *answersv1.Names {
	titles := &answersv1.MatterTitles{Title: planTitle, Measures: map[string]string{}}
	for _, measure := range accessPlan().GetMeasures() {
		titles.Measures[measure.GetId()] = measure.GetTitle()
	}
	return &answersv1.Names{
		Committees: map[string]string{"north-essex": essexPlace, "south-essex": "South Essex LMC", "gpc-england": "GPC England", "cambridgeshire": "Cambridgeshire LMC", "croydon": "Croydon LMC"},
		Offices:    map[string]string{"essex": "Essex LMCs", "gpc-england": "GPC England", "cambridgeshire": "Cambridgeshire LMC", "croydon": "Croydon LMC"},
		Matters:    map[string]*answersv1.MatterTitles{planName: titles, phlebotomy().GetName(): {Title: phlebotomy().GetTitle()}},
	}
}

// saidBy is a message as an entry, ended by another or by none.
func saidBy(name string, msg proto.Message, endedBy string) *answersv1.Entry {
	office, _, _ := strings.Cut(name, "/")
	whose, positions := "north-essex", []*guidancev1.Position(nil)
	if a, ok := msg.(*guidancev1.Advisory); ok && len(a.GetPositions()) > 0 {
		positions = a.GetPositions()
		whose = positions[0].GetCommittees()[0]
	}
	e := &answersv1.Entry{Name: name, Office: office, Standings: []*answersv1.CommitteeStanding{{Committee: whose, Current: endedBy == ""}}}
	if st := e.Standings[0]; endedBy != "" {
		st.Endings = []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_WITHDRAWN, Entry: endedBy, Day: "2021-10-26"}}
		for i := range positions {
			st.Positions = append(st.Positions, &answersv1.PositionStanding{Place: int32(i), Endings: st.Endings})
		}
	}
	switch msg := msg.(type) {
	case *guidancev1.Advisory:
		e.Content, e.Issued = &answersv1.Entry_Advisory{Advisory: msg}, msg.GetIssued()
	case *guidancev1.Withdrawal:
		e.Content, e.Issued = &answersv1.Entry_Withdrawal{Withdrawal: msg}, msg.GetIssued()
	case *guidancev1.ReportedPosition:
		e.Content, e.Issued = &answersv1.Entry_ReportedPosition{ReportedPosition: msg}, msg.GetIssued()
	case *guidancev1.Matter:
		e.Content, e.Issued = &answersv1.Entry_Matter{Matter: msg}, msg.GetOpened()
	}
	return e
}

func (n *fakeNode) ListEntries(_ context.Context, req *answersv1.ListEntriesRequest) (*answersv1.ListEntriesResponse, error) {
	sel := req.GetSelector()
	if sel.GetAsOf() == lastDay && sel.GetMatter() == "" {
		return n.wholeLog(req), nil
	}
	if sel.GetMatter() == "" {
		sel = &answersv1.Selector{Matter: planName}
	}
	if err := knownMatter(sel); err != nil {
		return nil, wire.Status(err)
	}
	v := essexView(&answersv1.Selector{})
	gpc := v.GetNational().GetHeadline().GetCurrent()
	earlier := proto.CloneOf(gpc.GetPosition())
	earlier.Stance = guidancev1.Stance_STANCE_ADVISE_AGAINST
	own := func(stance guidancev1.Stance, issued *guidancev1.DayRange) *guidancev1.Advisory {
		return &guidancev1.Advisory{Title: "Essex says", Issued: issued, Positions: []*guidancev1.Position{{Committees: []string{"north-essex"}, Matter: planName, Stance: stance}}}
	}
	list := &answersv1.ListEntriesResponse{Completeness: allHere(), Matter: planName, Names: allNames()}
	if sel.GetCommittee() != "" {
		list.Committees = []string{sel.GetCommittee()}
	}
	ofGPC := sel.GetCommittee() == "gpc-england"
	if req.GetOffice() == "" && (ofGPC || sel.GetCommittee() == "") {
		list.Entries = append(list.Entries,
			saidBy("gpc-england/9", &guidancev1.Advisory{Audiences: gpc.GetPosition().GetAudiences(), Positions: []*guidancev1.Position{gpc.GetPosition()}, Replaces: []string{"gpc-england/3"}, Issued: day("2021-10-21")}, ""),
			saidBy("gpc-england/3", &guidancev1.Advisory{Audiences: gpc.GetPosition().GetAudiences(), Positions: []*guidancev1.Position{earlier}, Issued: days("2021-10-14", "2021-10-17")}, "gpc-england/9"))
	}
	if !ofGPC {
		list.Entries = append(list.Entries, saidBy("essex/2", own(guidancev1.Stance_STANCE_ADVISE_AGAINST, day("2021-10-26")), "essex/1"))
		if len(req.GetKinds()) == 0 || len(req.GetKinds()) > 1 {
			list.Entries = append(list.Entries, saidBy("essex/1", &guidancev1.Withdrawal{Advisory: "essex/2", Issued: day("2021-10-26")}, ""))
		}
		list.Entries = append(list.Entries, saidBy("essex/0", own(guidancev1.Stance_STANCE_REFUSE, day("2021-10-25")), ""))
	}
	if req.GetSince() != nil {
		list.Entries = slices.DeleteFunc(list.Entries, func(e *answersv1.Entry) bool { return e.GetIssued().GetLatest() <= req.GetSince().GetDay() })
		list.Cursor = cursorOf(41)
	}
	for _, e := range list.Entries {
		e.Notices = []string{notice}
	}
	return list, nil
}

func (n *fakeNode) GetStatus(context.Context, *nodev1.GetStatusRequest) (*nodev1.GetStatusResponse, error) {
	done := &answersv1.Completeness{
		Complete: true, Stale: []string{"humberside"}, OfficeNames: map[string]string{"humberside": "Humberside LMC"},
		Heard: []*answersv1.OfficeHeard{
			{Office: "gpc-england", HeardTime: timestamppb.New(fakeStart.Add(time.Hour)), Age: durationpb.New(time.Hour)},
			{Office: "humberside", HeardTime: timestamppb.New(fakeStart.Add(-70 * time.Hour)), Age: durationpb.New(72 * time.Hour)},
		},
	}
	done.Words = picture.CompletenessWords(done)
	return &nodev1.GetStatusResponse{
		Federation: federation, Office: officeID, Role: ledgerv1.NodeRole_NODE_ROLE_WRITER, State: nodev1.NodeState_NODE_STATE_RUNNING,
		FrontierRoot: make([]byte, 32), Feed: 41, Entries: 12345, DataBytes: 1_500_000, FreeBytes: 9_000_000_000, Version: "v0.1.0",
		StartTime: timestamppb.New(fakeStart), Completeness: done,
		PublicPages: &nodev1.PublicPages{Name: "lmc.example.org", CertificateUntilTime: timestamppb.New(fakeStart.Add(60 * 24 * time.Hour)), Issuer: "CN=E7,O=Let's Encrypt,C=US"},
		Alarms:      []*nodev1.Alarm{{Code: nodev1.AlarmCode_ALARM_CODE_FEW_PEERS, Words: "fewer than 2 other nodes are heard: ask the keeper for a second address"}},
		Logs:        []*nodev1.LogStatus{{Log: "demo/essex/log/0", Held: 8, Seen: 8}, {Log: "demo/humberside/log/0", Held: 2, Seen: 3, WantedBodies: 1}},
		Peers: []*nodev1.PeerStatus{
			{Office: "gpc-england", Address: "127.0.0.1:7443", Connected: true, InSync: true, SinceTime: timestamppb.New(fakeStart)},
			{Office: "humberside", Problem: &nodev1.PeerProblem{Code: nodev1.PeerProblemCode_PEER_PROBLEM_CODE_UNREACHABLE, Words: "no node answers there"}},
		},
	}, nil
}

func (n *fakeNode) GetRegister(context.Context, *answersv1.GetRegisterRequest) (*answersv1.GetRegisterResponse, error) {
	return &answersv1.GetRegisterResponse{
		Federation: federation, Keeper: "gpc-england", Size: 21, Day: "2021-10-28",
		Offices: []*answersv1.RegisteredOffice{
			{
				Office: &guidancev1.Office{Id: officeID, Name: "Essex LMCs", Contact: essexContact()}, Committees: []string{"north-essex", "south-essex"},
				RootFingerprint: identity6, Vkeys: []string{ledger.VKey(fakeLog, publicOf(seeded("log")))},
			},
			{Office: &guidancev1.Office{Id: "gpc-england", Name: "GPC England"}, Committees: []string{"gpc-england"}, MayReport: true},
		},
		Committees: []*guidancev1.Committee{
			{Id: "north-essex", Name: essexPlace, Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Areas: []*guidancev1.AreaTenure{
				{Area: &guidancev1.AreaId{Scheme: "ccg", Code: "99F"}, ValidUntil: "2021-03-31"}, {Area: &guidancev1.AreaId{Scheme: "sub-icb", Code: "06T"}},
			}},
			{Id: "south-essex", Name: "South Essex LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC},
			{Id: "gpc-england", Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE},
		},
		Areas: []*guidancev1.Area{{Name: "North East Essex"}},
	}, nil
}

const identity6 = "lusab babad gutih tugad hizab zusol"

func (n *fakeNode) LookUpPractice(_ context.Context, req *answersv1.LookUpPracticeRequest) (*answersv1.LookUpPracticeResponse, error) {
	if req.GetText() != "" {
		return &answersv1.LookUpPracticeResponse{
			Words: "21 practices can be meant by “" + req.GetText() + "”; these are the first 2. Ask again with the code of yours.", MoreFound: 19,
			Found: []*answersv1.PracticeFound{
				{Code: "F81001", Name: "The Chelmer Surgery", Postcode: "CM1 2AB", CommitteeNames: []string{essexPlace}},
				{Code: "F81002", Name: "Old Chelmer Surgery", Postcode: "CM1 3AB", Words: "closed on 30 June 2021"},
			},
			Ring: []*answersv1.WhomToRing{{Office: "gpc-england", OfficeName: "GPC England", Contact: &guidancev1.Contact{Telephone: "01632 960000"}}},
		}, nil
	}
	if req.GetPractice() == "X99999" {
		return &answersv1.LookUpPracticeResponse{
			Words: "Practice X99999 is not in this register, so your LMC is not known here. Check the code, or name your committee.",
			Ring:  []*answersv1.WhomToRing{{Office: "gpc-england", OfficeName: "GPC England", Contact: &guidancev1.Contact{Telephone: "01632 960000"}}},
		}, nil
	}
	if err := knownMatter(&answersv1.Selector{Matter: planName, Practice: req.GetPractice()}); err != nil {
		return nil, wire.Status(err)
	}
	return &answersv1.LookUpPracticeResponse{
		Words:      req.GetPractice() + " belongs to North Essex LMC.",
		Committees: []*guidancev1.Committee{{Id: "north-essex", Name: essexPlace, Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC}},
		Ring: []*answersv1.WhomToRing{{
			Committee: "north-essex", CommitteeName: essexPlace, Office: "essex", OfficeName: "Essex LMCs", Contact: &guidancev1.Contact{Telephone: "01245 000000", Email: "office@essexlmc.example"},
		}},
		Neighbours: []*answersv1.CommitteeBeside{{Committee: "south-essex", Name: "South Essex LMC"}},
	}, nil
}

func (n *fakeNode) Search(_ context.Context, req *answersv1.SearchRequest) (*answersv1.SearchResponse, error) {
	resp := &answersv1.SearchResponse{Completeness: allHere(), Names: allNames()}
	switch {
	case len(req.GetQuery()) > 256:
		return nil, wire.Status(fault.New(fault.ErrInvalid, "what is looked for has 10,001 characters", "ask in at most 256 characters: a few words that the letter would have", fault.Violation{Field: "query", Reason: "too long"}))
	case req.GetQuery() == "zebras":
		resp.Words = "Nothing was found. Try fewer words, or others."
		return resp, nil
	case req.GetQuery() == "soon":
		resp.Making = &answersv1.Making{Made: 12, Entries: 40}
		resp.Words = "Search is being made: 12 of 40 entries so far, so something may be missing. Nothing was found. Try fewer words, or others."
		return resp, nil
	}
	fragment := func(pieces ...string) *answersv1.Fragment {
		f := &answersv1.Fragment{}
		for i, text := range pieces {
			f.Pieces = append(f.Pieces, &answersv1.Piece{Text: text, Matched: i%2 == 1})
		}
		return f
	}
	resp.Hits = []*answersv1.Hit{
		{
			Entry: "essex/0", Kind: ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, Title: "Do not take part in the access plan", Office: "essex", Committees: []string{"north-essex", "south-essex"},
			Issued: day("2021-10-25"), Matters: []string{planName}, Stands: true, Standing: "It still stands.", Stances: []string{"refuse"}, Notices: []string{notice},
			Fragments: []*answersv1.Fragment{fragment("… what stands long before the words that were looked for is cut off where it would take their place: the ", "winter", " ", "fund", " goes to no practice directly, and whatever else is said of it may go on for as long as it likes to …")},
		},
		{
			Entry: "gpc-england/3", Kind: ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, Title: "For now\nlmc: a title cannot pose as an error", Office: "gpc-england", Committees: []string{"gpc-england"},
			Issued: days("2021-10-14", "2021-10-17"), Matters: []string{planName}, Standing: "Replaced by gpc-england/9 on 21 October 2021.", Stances: []string{"advise against"},
			Fragments: []*answersv1.Fragment{fragment("the ", "fund", ".")},
		},
		{Entry: "gpc-england/0", Kind: ledgerv1.EntryKind_ENTRY_KIND_MATTER, Title: planTitle, Office: "gpc-england", Issued: day("2021-10-14"), Matters: []string{planName}, Stands: true},
		{Entry: "gpc-england/5", Kind: ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION, Title: "Press report", Office: "gpc-england", Committees: []string{"rcgp"}, Issued: day("2021-10-20"), Stands: true, Stances: []string{"opposes it"}},
	}
	resp.Found = 4
	if n := int(req.GetPageSize()); n < len(resp.Hits) {
		resp.Hits, resp.NextPageToken = resp.Hits[:n], "more"
	}
	return resp, nil
}
