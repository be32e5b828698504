package guidance

import (
	"cmp"
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
	Notice   string                       // what everything published here carries; usually empty
	Today    string                       // the day, YYYY-MM-DD: Today(now)
	Register Register                     // the register as known now
	Matters  func(name string) *v1.Matter // a matter by full name or bare slug; nil when unknown
	// FewMatters is how many matters an office that speaks for no committee may open, when
	// this one has opened them all; 0: it may open this.
	FewMatters int
	// MatterEntry is the entry that holds a matter's newest version, by full name; empty:
	// nobody opened it yet. Nil: not known.
	MatterEntry func(name string) string
	// SpokenOn is an entry that says or asks something on a measure of a matter; empty: none does.
	// Nil: not known.
	SpokenOn func(matter, measure string) string
	// ReadOtherwise says of a matter that is about to be amended, in a sentence each, whose line
	// readers are told otherwise today. Nil: not known.
	ReadOtherwise func(was, is *v1.Matter) []string
	// AllMatters are the matters known here, as they are now, newest opened first. Nil: none.
	AllMatters func() []*v1.Matter
	// Voted are the letters of the office's own log that tell of votes, where the new one does.
	Voted    []Entry
	Standing []Entry   // every entry named, and what stands on the matters concerned for its committees and the new one's
	Said     *Prepared // that, where it was prepared by the register above; else nil

	// MatterNotHere: another office's matter that is not known is no mistyped one, and has not arrived yet.
	MatterNotHere bool

	KnownMatters []string // what may be suggested for a name that is not known
	MoreMatters  bool     // than those, which are the newest
	// Committees are those of the register, whatever the day: any other is refused. None: not known.
	Committees []*v1.Committee
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
	standing  *Prepared
	after     *Prepared             // that, with the advisory or the withdrawal that is about to be published
	askedAt   map[moment][]standing // what was worked out of readers
	ownDay    map[string]bool       // what is told as asked no more from a day that it names, whatever that of the ending is
	turnsOn   map[turning][]string  // and of the days on which what is said may differ from the day before
	areasAt   map[moment][]*v1.AreaId
	onSeveral bool // it is on more than one matter: of each thing it is said on which
}

// begin refuses what is too large before anything is looked for in it: a message of a
// megabyte of empty conditions takes seconds to go through. A long text is no trouble,
// and is told apart below.
func (known PublishContext) begin(ctx context.Context, what string, m proto.Message, text string) (*publishing, error) {
	if known.Register == nil {
		known.Register = nobody{}
	}
	p := &publishing{PublishContext: known, ctx: ctx, askedAt: map[moment][]standing{}, areasAt: map[moment][]*v1.AreaId{}, turnsOn: map[turning][]string{}, ownDay: map[string]bool{}}
	if known.Said != nil {
		p.standing = known.Said.For(ctx)
	} else {
		p.standing = Prepare(ctx, known.Standing, known.Register)
	}
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
	p.onSeveral = len(MattersOf(Entry{Advisory: a})) > 1
	p.after = p.with(Entry{Visibility: a.GetVisibility(), Advisory: a})
	p.structure(ValidateAdvisory(a))
	p.publisher(a.GetOffice(), a.GetVisibility(), a.GetIssued())
	p.speaksFor("on_behalf_of", a.GetOnBehalfOf(), a.GetIssued())
	p.subjects(a)
	p.patients(a)
	p.outlivesLaw(a)
	p.endedBy(a)
	p.besides(a)
	if len(p.list) == 0 {
		p.practicesNamed(a)
		p.votesBefore(a)
		p.contradictions(a)
		p.saysTwoThings(a)
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
	p.persons(slices.Concat(sayingsOn(r.GetPosition()), sayings("", r.GetSummary()), saidElsewhere(r, map[string]string{"position": r.GetPosition().GetMeasure()})), nil)
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
	was := p.findMatter(m.GetName())
	if was != nil && was.GetName() != m.GetName() {
		was = nil // one of the same slug, of another office
	}
	for _, measure := range was.GetMeasures() {
		if MeasureOf(m, measure.GetId()) != nil || known.SpokenOn == nil {
			continue
		}
		if by := known.SpokenOn(m.GetName(), measure.GetId()); by != "" {
			p.add("measures", "%s is left out, and %s speaks on it: keep it, as nobody could read that line any more; that it is over can stand in its title", measure.GetId(), by)
		}
	}
	for i, measure := range m.GetMeasures() {
		for j, d := range measure.GetDeadlines() {
			p.event(at(at("measures", i)+".deadlines", j)+".due", d.GetDue(), m)
			p.dayInWords(d.GetDue(), m, measure.GetId())
		}
	}
	for _, event := range was.GetEvents() {
		if now := eventMoved(event.GetId(), event.GetDay(), m); now != "" && event.GetDay() != "" {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_EVENT_MOVED, Title: event.GetTitle(), From: event.GetDay(), Until: now})
		}
	}
	if was != nil {
		for _, words := range AmendedWords(was, m) {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_MATTER_CHANGES_LINE, Quote: words})
		}
	}
	if was != nil && known.ReadOtherwise != nil && len(p.list) == 0 {
		for _, words := range known.ReadOtherwise(was, m) {
			p.warn(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_MATTER_CHANGES_LINE, Quote: words})
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
	on := map[string]string{}
	for i, measure := range m.GetMeasures() {
		on[at("measures", i)] = measure.GetId()
	}
	p.persons(slices.Concat(sayings("", m.GetTitle(), m.GetSummary()), saidElsewhere(m, on)), nil)
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
		if !notation.IsSlug(c) || !ok || !p.committee(at(field, i), c, issued) || p.Register.SpeaksFor(p.Office, c, days.earliest, days.latest) {
			continue
		}
		p.addKind(ErrNotEntitled, at(field, i), "%s does not speak for %s on %s by the register: leave it out, or ask the keeper to record that it does",
			p.Office, c, RangeWords(issued))
	}
}

// committee checks that a committee is in the register, and was on some day of a range; of none,
// whenever.
func (p *publishing) committee(field, id string, on *v1.DayRange) bool {
	var ids []string
	for _, c := range p.Committees {
		if ids = append(ids, c.GetId()); c.GetId() != id {
			continue
		}
		days, ok := readRange(on)
		if !ok || c.GetValidFrom() <= days.latest && (c.GetValidUntil() == "" || days.earliest <= c.GetValidUntil()) {
			return true
		}
		instead := ""
		if next := p.Register.Successors(id); len(next) > 0 {
			instead = ", and in its place " + strings.Join(next, ", ")
		}
		p.addKind(ErrUnknownCommittee, field, "the register has %s %s, not on %s%s", id,
			notation.PeriodWords(DayWords(c.GetValidFrom()), DayWords(c.GetValidUntil())), RangeWords(on), instead)
		return false
	}
	if len(ids) == 0 {
		return true
	}
	p.addKind(ErrUnknownCommittee, field, "no committee %s in the register%s", clip(id), didYouMean(id, ids))
	return false
}

// outlivesLaw refuses support of what would breach the contract on a day on which it is
// valid: a line does not outlive its lawfulness (domain.md 4.7).
func (p *publishing) outlivesLaw(a *v1.Advisory) {
	issued, ok := readRange(a.GetIssued())
	for i, position := range a.GetPositions() {
		m := p.findMatter(position.GetMatter())
		s := assertion{entry: &Entry{Advisory: a}, position: position, issued: issued, from: cmp.Or(position.GetValidFrom(), validFrom(a))}
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
				p.add(at("positions", i)+".stance", "%s on %s, and from %s doing it would breach the contract: no LMC may advise that", StanceNoun(position.GetStance()), cmp.Or(position.GetMeasure(), wholeMatter), DayWords(s.from))
			default:
				p.add(at("positions", i)+".valid_until", "from %s doing it would breach the contract, which no LMC may advise: write valid-until: %s, or an earlier day", DayWords(since), notation.DayBefore(since))
			}
			break
		}
	}
}

// HoldsFrom is the first day on which a position of an advisory holds; of one without, that it is valid on.
func HoldsFrom(a *v1.Advisory) (first string) {
	for i, position := range a.GetPositions() {
		if from := cmp.Or(position.GetValidFrom(), validFrom(a)); i == 0 || from < first {
			first = from
		}
	}
	return cmp.Or(first, validFrom(a))
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
		if notation.IsSlug(c) && p.committee(path, c, r.GetIssued()) && p.Register.SpeaksFor(p.Office, c, days.earliest, days.latest) {
			p.add(path, "%s speaks for %s itself: publish an advisory instead of a report", p.Office, c)
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
