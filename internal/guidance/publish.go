package guidance

import (
	"context"
	"errors"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// PublishContext is what is known where something is about to be published.
type PublishContext struct {
	Office   string                       // the office that publishes: the one of this node
	Keeper   string                       // the keeper's office, which a bare matter slug means
	Today    string                       // the day, YYYY-MM-DD: Today(now)
	Register Register                     // the register as known now
	Matters  func(name string) *v1.Matter // a matter by full name or bare slug; nil when unknown
	// FewMatters is how many matters an office that speaks for no committee may open, when
	// this one has opened them all; 0: it may open this.
	FewMatters int
	// MatterEntry is the entry that holds a matter's newest version, by full name; empty:
	// nobody opened it yet. Nil: not known.
	MatterEntry func(name string) string
	// AllMatters are the matters known here, as they are now, newest opened first. Nil: none.
	AllMatters func() []*v1.Matter
	Standing   []Entry // every entry named, and what stands on the matters concerned for its committees and the new one's

	// What may be suggested for a name that is not known; both may be empty. Where
	// committees are given, one that is not among them is refused as unknown.
	KnownMatters    []string
	MoreMatters     bool // than those, which are the newest
	KnownCommittees []string
}

// Preview is what an officer has to be shown before something is published: what it does
// to what stands, and what to look at twice.
type Preview struct {
	Consequences []*answersv1.Consequence
	Warnings     []*answersv1.Warning
}

// publishing is one check under way.
type publishing struct {
	PublishContext
	ctx context.Context
	faults
	Preview
	standing *Prepared
}

// begin refuses what is too large before anything is looked for in it: a message of a
// megabyte of empty conditions takes seconds to go through. A long text is no trouble,
// and is told apart below.
func (known PublishContext) begin(ctx context.Context, what string, m proto.Message, text string) (*publishing, error) {
	if known.Register == nil {
		known.Register = nobody{}
	}
	p := &publishing{PublishContext: known, ctx: ctx, standing: Prepare(ctx, known.Standing, known.Register)}
	if proto.Size(m)-len(text) > MessageLimit {
		p.size(m)
	}
	return p, p.err(what)
}

// done ends a check: its faults, or that nobody waits for it any more.
func (p *publishing) done(what string) error {
	if p.ctx.Err() != nil {
		return p.ctx.Err()
	}
	return p.err(what)
}

// CheckPublish says whether an advisory may be published here and now. It returns the
// advisory as it will be published, names in full and defaults filled in, and what has to
// be shown before. The error is an *InvalidError, whose violations name the field, what
// is wrong, and the remedy, or that of a ctx that ended. The argument is not changed.
func CheckPublish(ctx context.Context, a *v1.Advisory, known PublishContext) (normalised *v1.Advisory, shown Preview, err error) {
	p, err := known.begin(ctx, "advisory", a, a.GetBody())
	if err != nil {
		return nil, shown, err
	}
	a = p.fillAdvisory(a)
	p.structure(ValidateAdvisory(a))
	p.publisher(a.GetOffice(), a.GetVisibility(), a.GetIssued())
	p.speaksFor("on_behalf_of", a.GetOnBehalfOf(), a.GetIssued())
	p.subjects(a)
	p.patients(a)
	p.outlivesLaw(a)
	p.endedBy(a)
	p.besides(a)
	if len(p.list) == 0 {
		p.contradictions(a)
		p.nearlyTheSame(a)
		p.groups(a)
	}
	if err := p.done("advisory"); err != nil {
		return nil, shown, err
	}
	p.lookTwice(a)
	return a, p.Preview, ctx.Err()
}

// CheckReport says whether a reported position may be recorded here and now; results
// as CheckPublish.
func CheckReport(ctx context.Context, r *v1.ReportedPosition, known PublishContext) (normalised *v1.ReportedPosition, shown Preview, err error) {
	p, err := known.begin(ctx, "report", r, "")
	if err != nil {
		return nil, shown, err
	}
	r = p.fillReport(r)
	p.structure(ValidateReport(r))
	p.publisher(r.GetOffice(), r.GetVisibility(), r.GetIssued())
	p.mayReport(r)
	p.subject("position", r.GetPosition(), r.GetIssued(), r.GetPosition().GetValidFrom())
	p.patients(r)
	if err := p.done("report"); err != nil {
		return nil, shown, err
	}
	p.reportedTooLate(r)
	p.persons(append(sayingsOn(r.GetPosition()), sayings("", r.GetSummary())...), nil)
	return r, p.Preview, ctx.Err()
}

// CheckMatter says whether a matter may be opened or amended here and now; results as
// CheckPublish. A bare slug means a matter of this office.
func CheckMatter(ctx context.Context, m *v1.Matter, known PublishContext) (normalised *v1.Matter, shown Preview, err error) {
	p, err := known.begin(ctx, "matter", m, "")
	if err != nil {
		return nil, shown, err
	}
	m = p.fillMatter(m)
	p.structure(ValidateMatter(m))
	p.publicOnly(m.GetVisibility())
	if name, err := ParseMatterName(m.GetName()); err == nil && name.Office() != p.Office {
		p.addKind(ErrNotEntitled, "name", "only %s, the office that opened it, may amend %s: ask it, or open a matter of your own", name.Office(), name.Slug())
	}
	if n := known.FewMatters; n > 0 {
		p.addKind(ErrNotEntitled, "name", "%s speaks for no committee by the register, and the first %d matters of its log are all that count: ask the keeper to record for whom it speaks", p.Office, n)
	}
	p.patients(m)
	for i, measure := range m.GetMeasures() {
		for j, d := range measure.GetDeadlines() {
			p.event(at(at("measures", i)+".deadlines", j)+".due", d.GetDue(), m)
		}
	}
	for _, was := range p.findMatter(m.GetName()).GetEvents() {
		if now := eventMoved(was.GetId(), was.GetDay(), m); now != "" && was.GetDay() != "" {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_EVENT_MOVED, Title: was.GetTitle(), From: was.GetDay(), Until: now})
		}
	}
	entry := ""
	if known.MatterEntry != nil {
		entry = known.MatterEntry(m.GetName())
	}
	if entry != "" {
		p.consequence(&answersv1.Consequence{Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS_MATTER, Entry: entry}, m.GetTitle(), nil)
	} else if known.AllMatters != nil {
		for _, other := range sameMatters(m, known.AllMatters()) {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SAME_MATTER, Matter: other.GetName(), Title: other.GetTitle(), Issued: other.GetOpened()})
		}
	}
	if err := p.done("matter"); err != nil {
		return nil, shown, err
	}
	return m, p.Preview, nil
}

// structure takes over what a Validate function found.
func (p *publishing) structure(err error) {
	var invalid *InvalidError
	if errors.As(err, &invalid) {
		p.list = append(p.list, invalid.Violations...)
	}
}

// publisher checks whose it is, who may read it and when it was issued.
func (p *publishing) publisher(office string, visibility v1.Visibility, issued *v1.DayRange) {
	if office != p.Office {
		p.addKind(ErrNotEntitled, "office", "this node publishes for %s, not for %s: publish it at that office's node", p.Office, clip(office))
	}
	p.publicOnly(visibility)
	p.notAhead(issued)
}

// publicOnly refuses anything but PUBLIC: who may read what is not enforced between
// nodes yet, and must not be promised.
func (p *publishing) publicOnly(v v1.Visibility) {
	if v != v1.Visibility_VISIBILITY_PUBLIC && known(v) {
		p.add("visibility", "only PUBLIC can be published for now, for no other limit is enforced between nodes yet: choose PUBLIC, or do not publish it here")
	}
}

// notAhead refuses an issued day after today: valid_from is for the future.
func (p *publishing) notAhead(issued *v1.DayRange) {
	if notation.IsDay(issued.GetLatest()) && notation.IsDay(p.Today) && issued.GetLatest() > p.Today {
		p.addKind(ErrFutureDay, "issued.latest", "%s lies after today, %s: give the day it is issued, and say under valid_from when it begins to hold", issued.GetLatest(), p.Today)
	}
}

// speaksFor checks that the office may speak for each committee on some day it may have
// been issued on.
func (p *publishing) speaksFor(field string, committees []string, issued *v1.DayRange) {
	days, ok := readRange(issued)
	for i, c := range committees {
		if !notation.IsSlug(c) || !ok || !p.committee(at(field, i), c) || p.Register.SpeaksFor(p.Office, c, days.earliest, days.latest) {
			continue
		}
		p.addKind(ErrNotEntitled, at(field, i), "%s does not speak for %s on %s by the register: leave it out, or ask the keeper to record that it does",
			p.Office, c, RangeWords(issued))
	}
}

// committee checks that a committee is in the register, where that is known.
func (p *publishing) committee(field, id string) bool {
	if len(p.KnownCommittees) == 0 || slices.Contains(p.KnownCommittees, id) {
		return true
	}
	p.addKind(ErrUnknownCommittee, field, "no committee %s in the register%s", clip(id), didYouMean(id, p.KnownCommittees))
	return false
}

// subjects checks the matters and measures of an advisory's positions and actions.
func (p *publishing) subjects(a *v1.Advisory) {
	for i, position := range a.GetPositions() {
		p.subject(at("positions", i), position, a.GetIssued(), or(position.GetValidFrom(), a.GetValidFrom()))
		if relayed := position.GetRelayOf().GetCommittee(); notation.IsSlug(relayed) {
			p.committee(at("positions", i)+".relay_of.committee", relayed)
		}
	}
	for i, action := range a.GetActions() {
		path := at("actions", i)
		if action.GetMeasure() != "" && ActionMatter(a, action) == "" {
			p.add(path+".measure", "belongs to no matter: name the matter under matter")
		} else if name := ActionMatter(a, action); name != "" {
			p.measureOf(path, name, action.GetMeasure())
		}
		p.event(path+".due", action.GetDue(), p.findMatter(ActionMatter(a, action)))
		p.area(path+".area", action.GetArea(), action.GetCommittees(), a.GetIssued().GetLatest(), a.GetValidFrom())
		p.oneDirection(path, a, action)
	}
}

// oneDirection refuses an action that would stand with two lines of opposite directions on
// one thing: whoever reads "refuse" must not be asked what goes with "support". A line on the
// whole matter is one on each measure that it answers, for the committees that have none there.
func (p *publishing) oneDirection(path string, a *v1.Advisory, action *v1.Action) {
	var with []*v1.Position
	for _, position := range a.GetPositions() {
		_, readers := sharedAudience(action.GetActors(), position.GetAudiences())
		if position.GetMatter() == ActionMatter(a, action) && readers &&
			(action.GetMeasure() == "" || p.onOneThing(position, &v1.Position{Matter: position.GetMatter(), Measure: action.GetMeasure()})) &&
			(len(action.GetCommittees()) == 0 || slices.ContainsFunc(position.GetCommittees(), func(c string) bool { return slices.Contains(action.GetCommittees(), c) })) &&
			(action.GetScope() == "" || position.GetScope().GetId() == action.GetScope()) &&
			p.meetIn(action.GetArea(), position.GetArea(), a.GetIssued().GetLatest()) {
			with = append(with, position)
		}
	}
	for i, x := range with {
		for _, y := range with[:i] {
			if !p.onOneThing(x, y) || direction(x.GetStance())*direction(y.GetStance()) >= 0 {
				continue
			}
			whole, narrow := x, y
			if x.GetMeasure() != "" {
				whole, narrow = y, x
			}
			if x.GetMeasure() != y.GetMeasure() && !slices.ContainsFunc(whole.GetCommittees(), func(c string) bool { return !slices.Contains(narrow.GetCommittees(), c) }) {
				continue // who has the one on the measure is told that
			}
			measure := or(x.GetMeasure(), y.GetMeasure())
			line := func(z *v1.Position) string {
				words := "“" + StanceNoun(z.GetStance()) + "” for " + strings.Join(z.GetCommittees(), ", ")
				if z.GetScope() != nil {
					words += ", for " + ScopeWords(z.GetScope())
				}
				if z.GetArea() != nil {
					words += ", in " + notation.AreaOf(z.GetArea()).String()
				}
				if z.GetMeasure() != measure {
					words += ", by the line on the whole matter,"
				}
				return words
			}
			p.add(path, "“%s” would stand with %s and with %s, on %s: say whose it is, under for, area or scope, or write two actions",
				clip(strings.TrimSpace(action.GetVerb()+" "+action.GetObject())), line(y), line(x), or(measure, wholeMatter))
			return
		}
	}
}

// meetIn: two areas, of which none is everywhere, have something in common on a day, as far as
// the register knows.
func (p *publishing) meetIn(x, y *v1.AreaId, day string) bool {
	return x == nil || y == nil || sameArea(x, y) || p.Register.Contains(x, y, day) || p.Register.Contains(y, x, day) ||
		slices.ContainsFunc(p.Register.Within(x, day), func(in *v1.AreaId) bool { return p.Register.Contains(y, in, day) })
}

// direction is which way a stance points: -1 against, 1 for what is proposed, 0 neither.
func direction(s v1.Stance) int {
	switch s {
	case v1.Stance_STANCE_REFUSE, v1.Stance_STANCE_ADVISE_AGAINST, v1.Stance_STANCE_CAUTION:
		return -1
	case v1.Stance_STANCE_SUPPORT, v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS, v1.Stance_STANCE_REQUIRED:
		return 1
	}
	return 0
}

// area checks that an area is in the register, and that on one of some days it has something in
// common with the areas of one of the committees, where those are recorded of all: else what is
// said of it would reach nobody.
func (p *publishing) area(path string, area *v1.AreaId, committees []string, days ...string) {
	if area.GetScheme() == "" || area.GetCode() == "" {
		return
	}
	if !p.Register.HasArea(area) {
		p.addKind(ErrUnknownArea, path, "no area %s in the register: it would reach nobody; its areas are those of lmc register show", clip(notation.AreaOf(area).String()))
		return
	}
	reaches := len(committees) == 0
	for _, committee := range committees {
		recorded := false
		for _, day := range append(days, p.Today) {
			for _, own := range p.Register.CommitteeAreas(committee, day) {
				recorded, reaches = true, reaches || p.meetIn(area, own, day)
			}
		}
		reaches = reaches || !recorded
	}
	if !reaches {
		p.addKind(ErrUnknownArea, path, "%s is no part of the area of %s: it would reach nobody; write an area of theirs, or leave it out; lmc register show --json lists them", notation.AreaOf(area), notation.List(committees))
	}
}

// subject checks what a position is on, where it is for, and what it depends on.
func (p *publishing) subject(path string, position *v1.Position, issued *v1.DayRange, validFrom string) {
	p.area(path+".area", position.GetArea(), position.GetCommittees(), issued.GetLatest(), validFrom)
	for i, c := range position.GetConditions() {
		if c.GetDirection() == v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF && isAgainst(position.GetStance()) {
			p.add(at(path+".conditions", i), "only-if says what must be so to take it up, which of a line that says “%s” reads as its opposite: what would end the line is holds-until, an exception is unless, and for whom alone it is goes under scope", StanceNoun(position.GetStance()))
		}
	}
	if position.GetMatter() != "" {
		p.measureOf(path, position.GetMatter(), position.GetMeasure())
	}
}

// measureOf checks that a matter is known, and a measure of it.
func (p *publishing) measureOf(path, matter, measure string) {
	m := p.findMatter(matter)
	if m == nil {
		problem, remedy := UnknownMatter(strings.TrimPrefix(matter, p.Keeper+"/"), p.KnownMatters, p.MoreMatters)
		p.addKind(ErrUnknownMatter, path+".matter", "%s: %s", problem, remedy)
		return
	}
	if measure != "" && MeasureOf(m, measure) == nil {
		p.addKind(ErrUnknownMeasure, path+".measure", "%s has no measure %s%s", m.GetName(), clip(measure), didYouMean(measure, append(measureIDs(m), wholeMatter)))
	}
}

func (p *publishing) findMatter(name string) *v1.Matter {
	if p.Matters == nil {
		return nil
	}
	return p.Matters(name)
}

// wholeMatter is what people call it when no measure is meant.
const wholeMatter = "the whole matter"

func measureIDs(m *v1.Matter) []string {
	var ids []string
	for _, measure := range m.GetMeasures() {
		ids = append(ids, measure.GetId())
	}
	return ids
}

// entry is an entry among those standing, by name; nil when it is not known here.
func (p *publishing) entry(name string) *Entry {
	for i := range p.Standing {
		if p.Standing[i].ID == name {
			return &p.Standing[i]
		}
	}
	return nil
}

// lookTwice warns of what is allowed and may be a mistake.
func (p *publishing) lookTwice(a *v1.Advisory) {
	from := validFrom(a)
	for _, position := range a.GetPositions() {
		claimed := MeasureOf(p.findMatter(position.GetMatter()), position.GetMeasure()).GetClaimedEffects()
		looked := clone(position)
		if !isAgainst(position.GetStance()) {
			looked.ValidUntil = "" // its office is told of a breach to come, though its line ends before
		}
		p.Warnings = append(p.Warnings, Warnings(looked, claimed, from)...)
		if evidence := position.GetEvidence(); len(a.GetAttachments()) == 0 && !quotes(a.GetBody(), evidence) {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_EVIDENCE_NOT_IN_TEXT, Measure: position.GetMeasure(), Quote: notation.Clip(evidence, 160)})
		}
		if position.GetStance() == v1.Stance_STANCE_REQUIRED {
			for _, e := range position.GetContractEffects() {
				if obligation(e.GetEffect()) == answersv1.Obligation_OBLIGATION_MAY {
					p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_REQUIRED_NOT_CONTRACTUAL, Measure: position.GetMeasure(), From: e.GetValidFrom(), Until: e.GetValidUntil()})
				}
			}
		}
		if condition := waitsFor(position); condition != "" {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_STARTS_WHEN, Measure: position.GetMeasure(), Condition: condition})
		}
	}
	said := union(a.GetPositions(), func(position *v1.Position) []string { return []string{position.GetMatter()} })
	for _, matter := range MattersOf(Entry{Advisory: a}) {
		if !slices.Contains(said, matter) {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE, Matter: matter})
		}
	}
	for _, matter := range MattersOf(Entry{Advisory: a}) {
		if opened := p.findMatter(matter).GetOpened().GetEarliest(); opened > a.GetIssued().GetLatest() {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ISSUED_BEFORE_MATTER, Matter: matter, From: opened, Issued: a.GetIssued()})
		}
	}
	if early := firstValid(a); early < a.GetIssued().GetEarliest() {
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_VALID_BEFORE_ISSUED, From: early, Issued: a.GetIssued()})
	}
	if len(a.GetReplaces()) > 0 && from < a.GetIssued().GetLatest() {
		p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_ENDS_BEFORE_ISSUED, From: from})
	}
	p.looksAtWords(a)
	p.leavesGaps(a)
}

// groups says of lines for groups of the same committees that they go on beside a new
// general line, and which groups there are where a new one is named, so that "already
// started" and "already on it" do not drift apart (domain.md 4.10).
func (p *publishing) groups(a *v1.Advisory) {
	for i, position := range a.GetPositions() {
		fresh := p.freshAssertion(a, position, i)
		others := slices.Clone(MeasureOf(p.findMatter(position.GetMatter()), position.GetMeasure()).GetScopes())
		known, seen, here := false, map[string]bool{}, map[string]bool{} // here: of those on the measure itself
		for _, listed := range others {
			seen[listed.GetId()] = true
			known = known || listed.GetId() == fresh.scope
			if listed.GetId() == fresh.scope && tidy(listed.GetWords()) != tidy(position.GetScope().GetWords()) {
				p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_NEW_GROUP, Measure: position.GetMeasure(), Scope: position.GetScope(), Groups: []*v1.Scope{listed}})
			}
		}
		for _, c := range position.GetCommittees() {
			for _, s := range p.standing.byTopic[topic{position.GetMatter(), c}] {
				if s.scope == "" || s.report || s.entry.Advisory == nil || p.standing.stopped() {
					continue
				}
				known = known || s.scope == fresh.scope
				if s.position.GetMeasure() == position.GetMeasure() {
					here[s.scope] = true
				}
				if !seen[s.scope] {
					seen[s.scope], others = true, append(others, s.position.GetScope())
				}
				ends := slices.Contains(a.GetReplaces(), s.entry.ID) || slices.Contains(a.GetAmends(), s.entry.ID)
				if q, both := p.sharedQuestion(fresh, s, c); fresh.scope == "" && !fresh.mention && !s.mention && !ends && both &&
					s.position.GetMeasure() == position.GetMeasure() && !p.hasEnded(q, s) {
					goesOn := warning(&answersv1.Warning{
						Code: answersv1.WarningCode_WARNING_CODE_GROUP_GOES_ON, Measure: position.GetMeasure(),
						Entry: s.entry.ID, Stance: s.position.GetStance(), Scope: s.position.GetScope(),
					})
					if !slices.ContainsFunc(p.Warnings, func(w *answersv1.Warning) bool { return proto.Equal(w, goesOn) }) { // once for all committees
						p.Warnings = append(p.Warnings, goesOn)
					}
				}
			}
		}
		if fresh.scope != "" && !known && len(here) >= GroupLimit {
			p.add(at("positions", i)+".scope", "there are %d groups already, and readers are shown no more: use one of theirs, or end those that are over", len(here))
		} else if fresh.scope != "" && !known && len(others) > 0 {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_NEW_GROUP, Measure: position.GetMeasure(), Scope: position.GetScope(), Groups: others})
		}
	}
}

// outlivesLaw refuses support of what would breach the contract on a day on which it is
// valid: a line does not outlive its lawfulness (domain.md 4.7).
func (p *publishing) outlivesLaw(a *v1.Advisory) {
	issued, ok := readRange(a.GetIssued())
	for i, position := range a.GetPositions() {
		m := p.findMatter(position.GetMatter())
		s := assertion{entry: &Entry{Advisory: a}, position: position, issued: issued, from: or(position.GetValidFrom(), validFrom(a))}
		if !ok || m == nil || !notation.IsDay(s.from) || len(position.GetCommittees()) == 0 {
			continue
		}
		q := newQuery(Question{Matter: m, Measure: position.GetMeasure(), Committee: &v1.Committee{Id: position.GetCommittees()[0]}, AsOf: s.from})
		for _, day := range append(changesOf(effectsOn(q, &s), MeasureOf(m, position.GetMeasure()).GetClaimedEffects()), s.from) {
			q.day = max(day, s.from)
			if until := position.GetValidUntil(); until != "" && q.day > until {
				continue
			}
			switch since := lapsedSince(q, &s); {
			case since == "":
				continue
			case since <= s.from:
				p.add(at("positions", i)+".stance", "%s on %s, and from %s doing it would breach the contract: no LMC may advise that", StanceNoun(position.GetStance()), or(position.GetMeasure(), wholeMatter), DayWords(s.from))
			default:
				p.add(at("positions", i)+".valid_until", "from %s doing it would breach the contract, which no LMC may advise: write valid-until: %s, or an earlier day", DayWords(since), notation.DayBefore(since))
			}
			break
		}
	}
}

// waitsFor is the condition of a STARTS_WHEN position; empty when it does not wait.
func waitsFor(position *v1.Position) string {
	s := assertion{position: position}
	s.classify()
	if !s.waits {
		return ""
	}
	return startsWhen(position)
}

func (p *publishing) warn(w *answersv1.Warning) {
	w.CommitteeNames = committeeNames(p.Register, w.GetCommittees())
	p.Warnings = append(p.Warnings, warning(w))
}

// consequence notes what is done to an entry, with its words: title and issued are the
// entry's.
func (p *publishing) consequence(c *answersv1.Consequence, title string, issued *v1.DayRange) {
	c.Words = p.consequenceWords(c, title, issued)
	p.Consequences = append(p.Consequences, c)
}

func (p *publishing) consequenceWords(c *answersv1.Consequence, title string, issued *v1.DayRange) string {
	what, who, day := describe(c.GetEntry(), title, issued), notation.Names(committeeNames(p.Register, c.GetCommittees())), DayWords(c.GetDay())
	goesOn := ""
	if left := notation.Names(committeeNames(p.Register, c.GetGoesOn())); left != "" {
		goesOn = " It still stands for " + left + "."
	}
	switch c.GetKind() {
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES:
		return what + " ends as a whole on " + day + " for " + who + "." + goesOn
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS:
		return what + " ends, for " + who + ", where this advisory takes a position; the rest of it stands."
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS:
		if c.GetDay() == issued.GetLatest() {
			day += ", the day it was issued,"
		}
		return what + " no longer counts from " + day + " for " + who + "." + goesOn
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_RESTORES:
		return what + " stands again from " + day + "."
	case answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS_MATTER:
		return "It takes the place of " + c.GetEntry() + " as what the matter is."
	}
	return ""
}

// firstValid is the first day on which an advisory, or a position of it, is valid.
func firstValid(a *v1.Advisory) string {
	first := validFrom(a)
	for _, position := range a.GetPositions() {
		if from := position.GetValidFrom(); from != "" {
			first = min(first, from)
		}
	}
	return first
}

// validFrom is the first day an advisory is valid.
func validFrom(a *v1.Advisory) string {
	if a.GetValidFrom() != "" {
		return a.GetValidFrom()
	}
	return a.GetIssued().GetLatest()
}

// mayReport checks the right to record what others say, and that they are others.
func (p *publishing) mayReport(r *v1.ReportedPosition) {
	days, ok := readRange(r.GetIssued())
	if !ok {
		return
	}
	if !p.Register.MayReport(p.Office, days.earliest, days.latest) {
		p.addKind(ErrNotEntitled, "office", "%s has no right by the register to record what others said on %s: ask the keeper to record the right", p.Office, RangeWords(r.GetIssued()))
	}
	for i, c := range r.GetPosition().GetCommittees() {
		path := at("position.committees", i)
		if notation.IsSlug(c) && p.committee(path, c) && p.Register.SpeaksFor(p.Office, c, days.earliest, days.latest) {
			p.add(path, "%s speaks for %s itself: publish an advisory instead of a report", p.Office, c)
		}
	}
}

// reportedTooLate warns that a committee has spoken itself on or after the day it is
// reported to have said something: nobody will be shown the report (domain.md 4.4).
func (p *publishing) reportedTooLate(r *v1.ReportedPosition) {
	position := r.GetPosition()
	m := p.findMatter(position.GetMatter())
	for _, c := range position.GetCommittees() {
		q := Question{Matter: m, Measure: position.GetMeasure(), Committee: &v1.Committee{Id: c}, AsOf: p.Today}
		if spoke := p.standing.ownWord(newQuery(q)); spoke >= r.GetIssued().GetLatest() {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SPOKEN_SINCE, Measure: position.GetMeasure(), Committees: []string{c}, From: spoke})
		}
	}
}

// clone copies a message that may be nil.
func clone[M proto.Message](m M) M {
	if !m.ProtoReflect().IsValid() {
		return m.ProtoReflect().New().Interface().(M)
	}
	return proto.Clone(m).(M)
}
