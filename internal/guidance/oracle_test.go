package guidance

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The oracle answers questions by domain.md 4 a second time, written from the text and
// not from the code, clause by clause: everything is worked out anew from the entries
// for every question. It shares nothing with Resolve but the messages and the test
// register, and of that the tables more than the methods.
//
// Where the text leaves open what is right, it takes the reading that follows its bold
// sentences and says "the text leaves open". Where that is only about what is listed, or
// which of two names is given, it takes either: lists have what must and what may be in
// them.

// oracleRef names one position: an entry and the position's place in it.
type oracleRef struct {
	entry string
	n     int
}

// oracleList is what a list must hold, and what it may hold besides.
type oracleList struct{ must, may []oracleRef }

// oracleEnd is what ended, by what, from which day.
type oracleEnd struct{ ended, by, since string }

type oracleLine struct {
	area       string // the row's; empty: all or the rest
	state      answersv1.LineState
	current    *oracleRef
	contested  []oracleRef
	byWhole    bool
	mention    bool                     // what answers is a mention
	lapsed     []oracleRef              // LAPSED: what did
	reasons    []answersv1.NoLineReason // the answer first, then what may be said as well
	ends       []oracleEnd              // any of these, where something ended
	unknown    int32
	measures   []string // ON_MEASURES_ONLY
	ofMeasures int

	mentions, since, earlier, maybe, waiting, notYet, others, former, unknownAreas oracleList

	toldOnce []oracleRef // as a mention or as said to others

	groups     map[string]oracleLine // by scope
	obligation answersv1.Obligation  // 0: not compared
	optional   bool                  // a row that differs only in why there is no line
	covers     []string              // of the rest: C's own areas, one of which must be without a row
	loose      bool                  // answered by the general line for a scope: only the answer is compared
}

// oracleSaid is one position of one entry, for one committee it names: C or one that C was
// merged from.
type oracleSaid struct {
	e      Entry
	n      int
	p      *v1.Position
	as     string
	report bool
}

func (f oracleSaid) ref() oracleRef { return oracleRef{f.e.ID, f.n} }

// oracle is one question in one place and scope.
type oracle struct {
	q     Question
	all   []Entry
	reg   *book
	own   []*v1.AreaId // C's own area on T (4.9)
	scope string       // the scope whose positions are compared
}

// --- days ---

func oracleDay(s string) bool {
	t, err := time.Parse("2006-01-02", s)
	return err == nil && t.Format("2006-01-02") == s
}

func oracleIssued(e Entry) (first, last string) {
	r := e.Advisory.GetIssued()
	if e.Withdrawal != nil {
		r = e.Withdrawal.GetIssued()
	} else if e.Report != nil {
		r = e.Report.GetIssued()
	}
	return r.GetEarliest(), r.GetLatest()
}

func (f oracleSaid) first() string { first, _ := oracleIssued(f.e); return first }
func (f oracleSaid) last() string  { _, last := oracleIssued(f.e); return last }

// 2, Position: the first valid day is its own, else the advisory's, else the day of issue.
func (f oracleSaid) validFrom() string {
	switch {
	case f.p.GetValidFrom() != "":
		return f.p.GetValidFrom()
	case f.e.Advisory.GetValidFrom() != "":
		return f.e.Advisory.GetValidFrom()
	}
	return f.last()
}

func (f oracleSaid) validUntil() string {
	if f.p.GetValidUntil() != "" {
		return f.p.GetValidUntil()
	}
	return "9999-12-31"
}

func oracleNext(day string) string {
	t, _ := time.Parse("2006-01-02", day)
	return t.AddDate(0, 0, 1).Format("2006-01-02")
}

// --- 4.1 candidates ---

// 4.1: its entry had arrived by K, and was not signed by a key revoked before it.
func (o oracle) arrived(e Entry) bool {
	return !e.Repudiated && (o.q.KnownAt == 0 || e.Feed <= o.q.KnownAt)
}

// 4.1, last paragraph: too malformed to mean anything.
// The text leaves open: a position whose advisory has a valid_from that is no day is taken
// as malformed even where the position has one of its own.
func (f oracleSaid) meansSomething() bool {
	from, until := f.e.Advisory.GetValidFrom(), f.p.GetValidUntil()
	p := f.p
	if p == nil || len(p.GetAudiences()) == 0 || p.GetStance() == 0 || v1.Stance_name[int32(p.GetStance())] == "" {
		return false
	}
	if p.GetProvenance() == v1.Provenance_PROVENANCE_REPORTED && !f.report { // 3, Provenance
		return false
	}
	return oracleDay(f.first()) && oracleDay(f.last()) && f.first() <= f.last() && oracleDay(f.validFrom()) &&
		(from == "" || oracleDay(from)) && (until == "" || oracleDay(until))
}

// committees are C and those it was recorded to be merged from (4.9).
func (o oracle) committees() []string {
	c := o.q.Committee.GetId()
	return append([]string{c}, o.reg.Predecessors(c)...)
}

// said is all that anybody with the right to it said on the matter for C (or a
// predecessor), whatever it bears on and whenever it was issued.
//
// 4.1: the register let that office speak for C on some day of the range of issue; for a
// report, let it report on others on some such day, and made it C's own office on none.
// The text leaves open whether a predecessor's office must have spoken for the predecessor
// or for C: for the one that the position names.
func (o oracle) said() (out []oracleSaid) {
	for _, e := range o.all {
		positions := e.Advisory.GetPositions()
		if e.Advisory == nil && e.Report != nil {
			positions = []*v1.Position{e.Report.GetPosition()}
		}
		for n, p := range positions {
			for _, as := range o.committees() {
				f := oracleSaid{e, n, p, as, e.Advisory == nil}
				if !o.arrived(e) || !f.meansSomething() || p.GetMatter() != o.q.Matter.GetName() || !slices.Contains(p.GetCommittees(), as) {
					continue
				}
				if own := o.q.Committee.GetId(); as != own && slices.Contains(p.GetCommittees(), own) && o.mayBeOf(f, own) {
					continue // it is C's own already
				}
				if !o.mayBeOf(f, as) {
					continue
				}
				out = append(out, f)
			}
		}
	}
	return out
}

// mayBeOf: the register let its office speak for a committee, or report on it.
func (o oracle) mayBeOf(f oracleSaid, committee string) bool {
	speaks := o.reg.SpeaksFor(f.e.Office, committee, f.first(), f.last())
	return speaks != f.report && (!f.report || o.reg.MayReport(f.e.Office, f.first(), f.last()))
}

// 4.1: on M, or on the whole matter while M has the same proposer as the matter.
func (o oracle) onMeasure(f oracleSaid) bool {
	if f.p.GetMeasure() == o.q.Measure {
		return true
	}
	return f.p.GetMeasure() == "" && o.mattersProposer(o.q.Measure)
}

// mattersProposer says whether a measure of the matter has the matter's proposer: its own
// where it says nothing else (2, Measure).
func (o oracle) mattersProposer(measure string) bool {
	for _, m := range o.q.Matter.GetMeasures() {
		if m.GetId() == measure {
			return m.GetProposer() == nil || m.GetProposer().GetId() == o.q.Matter.GetProposer().GetId()
		}
	}
	return false
}

// 3, Audiences: who is within whom.
func oracleWithin(outer, inner v1.Audience) bool {
	if outer == inner {
		return true
	}
	switch outer {
	case v1.Audience_AUDIENCE_PRACTICES:
		return inner == v1.Audience_AUDIENCE_GP_PARTNERS || inner == v1.Audience_AUDIENCE_SALARIED_AND_LOCUM_GPS || inner == v1.Audience_AUDIENCE_PRACTICE_MANAGERS
	case v1.Audience_AUDIENCE_PCNS:
		return inner == v1.Audience_AUDIENCE_PCN_CLINICAL_DIRECTORS
	case v1.Audience_AUDIENCE_COMMISSIONERS:
		return inner == v1.Audience_AUDIENCE_COMMISSIONER_GPS
	}
	return false
}

// 3, Audiences: without one, the first the measure is addressed to, else practices.
func (o oracle) audience() v1.Audience {
	if o.q.Audience != 0 {
		return o.q.Audience
	}
	for _, m := range o.q.Matter.GetMeasures() {
		if m.GetId() == o.q.Measure && len(m.GetAddressedTo()) > 0 {
			return m.GetAddressedTo()[0]
		}
	}
	return v1.Audience_AUDIENCE_PRACTICES
}

// 4.1: one of its audiences contains A.
func (o oracle) addressed(f oracleSaid) bool {
	return slices.ContainsFunc(f.p.GetAudiences(), func(a v1.Audience) bool { return a != 0 && oracleWithin(a, o.audience()) })
}

// 4.10: lines are compared within the same scope.
func (o oracle) inScope(f oracleSaid) bool { return f.p.GetScope().GetId() == o.scope }

// limits are what a position is limited to: each is some areas, and it is told of what lies in every one of
// these. None: it is limited to nothing.
// 4.9, committees that merged: a predecessor's are read as limited to what it covered on
// their day of issue, and where they name an area, to what is in both.
// Of one whose areas are not recorded, what all of C's said together is not limited by that, and
// what it said alone holds nowhere.
func (o oracle) limits(f oracleSaid) (all [][]*v1.AreaId) {
	if f.p.GetArea() != nil {
		all = append(all, []*v1.AreaId{f.p.GetArea()})
	}
	if f.as != o.q.Committee.GetId() {
		if covered := o.reg.CommitteeAreas(f.as, f.last()); len(covered) > 0 || !o.ofAllPredecessors(f) {
			all = append(all, covered)
		}
	}
	return all
}

// inLimits: something is so of an area of each of the limits.
func (o oracle) inLimits(f oracleSaid, is func(*v1.AreaId) bool) bool {
	for _, areas := range o.limits(f) {
		if !slices.ContainsFunc(areas, is) {
			return false
		}
	}
	return true
}

// forUnknown: a predecessor said it, and for whom is not known.
func (o oracle) forUnknown(f oracleSaid) bool {
	return slices.ContainsFunc(o.limits(f), func(areas []*v1.AreaId) bool { return len(areas) == 0 })
}

func (o oracle) ofAllPredecessors(f oracleSaid) bool {
	for _, c := range o.reg.Predecessors(o.q.Committee.GetId()) {
		if !slices.Contains(f.p.GetCommittees(), c) {
			return false
		}
	}
	return true
}

// 4.9: a position's area holds in an area R when it contained R on the day of issue and R
// existed then; or R came later and its whole came from one area that it contained, each
// link of a chain of successions being from one area alone. An area the register does not
// have holds nowhere.
// The text leaves open what is asked of an area R that is no more on T: the same.
func (o oracle) holdsIn(area, r *v1.AreaId, issued string) bool {
	at := bookName(r)
	for range 20 {
		if o.reg.exists(at, issued) {
			return o.reg.Contains(area, code(at), issued)
		}
		if from := o.reg.lives[at].from; from == "" || from <= issued { // it came no later: it is over, or unknown
			return false
		}
		if old := o.reg.before(at); len(old) == 1 {
			at = old[0]
			continue
		}
		return false
	}
	return false
}

// 4.9, committees that merged: of what lies behind it, a practice is told what predecessors said one of whose it still was on
// that one's last day, be it not known whose it was.
func (o oracle) leftTo(f oracleSaid) bool {
	if f.as == o.q.Committee.GetId() {
		return true
	}
	return slices.ContainsFunc(o.reg.Predecessors(o.q.Committee.GetId()), func(c string) bool {
		end, recorded := o.reg.lastDays[c]
		switch {
		case c != f.as && !slices.Contains(f.p.GetCommittees(), c):
			return false
		case !recorded || end >= o.q.AsOf:
			return true
		}
		areas, lay := o.reg.CommitteeAreas(c, end), o.reg.PracticeIn(o.q.Practice, end)
		if len(areas) == 0 || len(lay) == 0 {
			return true
		}
		for _, its := range areas {
			for _, at := range lay {
				if bookName(its) == bookName(at) || o.reg.Contains(its, at, end) {
					return true
				}
			}
		}
		return false
	})
}

// 4.1 with 4.9: its area holds where it is asked about, or it names none. For a practice:
// where it holds in an area that lists P on T, or contained on the day of issue one that
// listed P; of two limits, P must have been in both then, or be in both now. For all of C's area: in each
// of C's own areas on T.
func (o oracle) holds(f oracleSaid) bool {
	in := func(r *v1.AreaId) bool {
		return o.inLimits(f, func(a *v1.AreaId) bool { return o.holdsIn(a, r, f.last()) })
	}
	switch {
	case len(o.limits(f)) == 0:
		return true
	case o.q.Practice != "":
		today := o.inLimits(f, func(a *v1.AreaId) bool {
			return slices.ContainsFunc(o.reg.PracticeIn(o.q.Practice, o.q.AsOf), func(r *v1.AreaId) bool { return o.holdsIn(a, r, f.last()) })
		})
		return today || o.leftTo(f) && o.inLimits(f, func(a *v1.AreaId) bool {
			return slices.ContainsFunc(o.reg.PracticeIn(o.q.Practice, f.last()), func(r *v1.AreaId) bool { return o.reg.Contains(a, r, f.last()) })
		})
	case o.q.Area != nil:
		return in(o.q.Area)
	}
	for _, own := range o.own {
		if !in(own) {
			return false
		}
	}
	return len(o.own) > 0
}

// bears is 4.1 without the days and conditions.
func (o oracle) bears(f oracleSaid) bool {
	return o.onMeasure(f) && o.addressed(f) && o.inScope(f) && o.holds(f)
}

// 4.1: issued by T: the latest day of issue is on or before T.
func (o oracle) issued(f oracleSaid) bool { return f.last() <= o.q.AsOf }

// 4.1: T lies within its valid days, or it lapsed with them.
func (o oracle) valid(f oracleSaid) bool {
	return f.validFrom() <= o.q.AsOf && (o.q.AsOf <= f.validUntil() || o.lapsedWithItsDays(f))
}

// 4.7: on each day after its last valid one, up to T, doing what it supports would breach.
func (o oracle) lapsedWithItsDays(f oracleSaid) bool {
	until := f.p.GetValidUntil()
	if until == "" || o.q.AsOf <= until || until < f.validFrom() { // or it was never valid
		return false
	}
	on := o
	for on.q.AsOf = oracleNext(until); on.q.AsOf <= o.q.AsOf; on.q.AsOf = oracleNext(on.q.AsOf) {
		if !on.lapsed(f) {
			return false
		}
	}
	return true
}

// 4.1: a condition of it is STARTS_WHEN.
func (f oracleSaid) waits() bool {
	return slices.ContainsFunc(f.p.GetConditions(), func(c *v1.Condition) bool {
		return c.GetDirection() == v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN
	})
}

// 4.1.
func (o oracle) candidate(f oracleSaid) bool {
	return o.issued(f) && o.bears(f) && o.valid(f) && !f.waits()
}

// 4.3: mentions.
func (f oracleSaid) mention() bool {
	return f.p.GetStance() == v1.Stance_STANCE_INFORMATION_ONLY || f.p.GetStance() == v1.Stance_STANCE_CONSULTING || f.p.GetProvenance() == v1.Provenance_PROVENANCE_RELAY
}

func (f oracleSaid) ownLine() bool { return !f.report && !f.mention() }

// --- 4.2 ended ---

// 7: at least as wide.
func oracleWide(by, target v1.Visibility) bool {
	const pub, prac, con, com, off = v1.Visibility_VISIBILITY_PUBLIC, v1.Visibility_VISIBILITY_PRACTICES, v1.Visibility_VISIBILITY_CONSTITUENTS, v1.Visibility_VISIBILITY_COMMITTEES, v1.Visibility_VISIBILITY_OFFICE
	switch by {
	case target, pub:
		return true
	case prac:
		return target != pub
	case con, com:
		return target == off
	}
	return false
}

// oracleBehalf are the committees an ending is on behalf of, those its positions name among
// them (4.2).
func oracleBehalf(e Entry) []string {
	if e.Withdrawal != nil {
		return e.Withdrawal.GetOnBehalfOf()
	}
	behalf := slices.Clone(e.Advisory.GetOnBehalfOf())
	for _, p := range e.Advisory.GetPositions() {
		behalf = append(behalf, p.GetCommittees()...)
	}
	return behalf
}

// mayEnd is what 4.2 asks of any ending of a target for the committee `as` (C or a
// predecessor): it arrived by K; its office spoke on some day on which it may have been
// issued, for a committee it is on behalf of (any, where it names none) that is `as` or was
// merged from it; it was not issued before the target; who can read the target can read it.
// The text leaves open whether an ending of another successor of `as` ends it for C: no. Where
// C is the predecessor itself, one of all its successors does: the text says so.
func (o oracle) mayEnd(by, target Entry, as string) bool {
	// a report may also be withdrawn by the office that recorded it
	return o.endsFor(by, target, as, target.Report != nil && by.Withdrawal != nil && by.Office == target.Office)
}

// endsFor: the ending's office may end the target for C: it speaks for C, or need not.
func (o oracle) endsFor(by, target Entry, as string, whoever bool) bool {
	first, last := oracleIssued(by)
	earliest, _ := oracleIssued(target)
	if by.ID == target.ID || !o.arrived(by) || !oracleDay(first) || !oracleDay(last) || first > last || last < earliest || !oracleWide(by.Visibility, target.Visibility) {
		return false
	}
	behalf := oracleBehalf(by)
	may := o.committees()
	heirs := o.reg.Successors(o.q.Committee.GetId())
	if all := !slices.ContainsFunc(heirs, func(heir string) bool { return !slices.Contains(behalf, heir) }); all && len(behalf) > 0 {
		may = append(may, heirs...)
	}
	for _, y := range may {
		if y != as && !slices.Contains(o.reg.Predecessors(y), as) || len(behalf) > 0 && !slices.Contains(behalf, y) {
			continue
		}
		if end := o.reg.lastDays[as]; y != as && end != "" && last <= end { // 4.9: C, or another successor, was not yet that one's
			continue
		}
		if whoever || o.reg.SpeaksFor(by.Office, y, first, last) {
			return true
		}
	}
	return false
}

// oracleWithdrawn is the first day a withdrawal ends its target: the effective day.
// Empty: the day it was issued.
func oracleWithdrawn(w *v1.Withdrawal) string {
	if w.GetEffective() != "" {
		return w.GetEffective()
	}
	return w.GetIssued().GetLatest()
}

// oracleEnding is one way in which something is over by T.
type oracleEnding struct {
	day  string
	rank int // 0 withdrawn, 1 replaced or amended, 2 expired
	by   string
}

// endings are all that end f by T for this question.
func (o oracle) endings(f oracleSaid) (out []oracleEnding) {
	if until := f.p.GetValidUntil(); until != "" && until < o.q.AsOf && !o.lapsedWithItsDays(f) {
		out = append(out, oracleEnding{oracleNext(until), 2, ""})
	}
	for _, by := range o.all {
		if !o.mayEnd(by, f.e, f.as) {
			continue
		}
		if w := by.Withdrawal; w != nil {
			if day := oracleWithdrawn(w); w.GetAdvisory() == f.e.ID && oracleDay(day) && day <= o.q.AsOf {
				out = append(out, oracleEnding{day, 0, by.ID})
			}
			continue
		}
		// a report is ended by a withdrawal
		if by.Advisory == nil || f.report || o.restored(f, by) {
			continue
		}
		if day := oracleTakesEffect(by.Advisory); slices.Contains(by.Advisory.GetReplaces(), f.e.ID) && oracleDay(day) && day <= o.q.AsOf {
			out = append(out, oracleEnding{day, 1, by.ID})
		}
		if slices.Contains(by.Advisory.GetAmends(), f.e.ID) {
			// gives way for those questions alone to which the amending advisory has a candidate
			for _, g := range o.said() {
				if g.e.ID == by.ID && o.candidate(g) {
					out = append(out, oracleEnding{max(g.validFrom(), g.last()), 1, by.ID})
				}
			}
		}
	}
	return out
}

// oracleTakesEffect is the first valid day of an advisory.
func oracleTakesEffect(a *v1.Advisory) string {
	if a.GetValidFrom() != "" {
		return a.GetValidFrom()
	}
	return a.GetIssued().GetLatest()
}

// 4.2: withdrawing a replacement does not bring back what it replaced, unless the
// withdrawal names it under `restores`.
func (o oracle) restored(f oracleSaid, by Entry) bool {
	for _, w := range o.all {
		if w.Withdrawal != nil && w.Withdrawal.GetAdvisory() == by.ID && slices.Contains(w.Withdrawal.GetRestores(), f.e.ID) && o.mayEnd(w, by, f.as) {
			if day := oracleWithdrawn(w.Withdrawal); oracleDay(day) && day <= o.q.AsOf {
				return true
			}
		}
	}
	return false
}

func (o oracle) stands(f oracleSaid) bool { return len(o.endings(f)) == 0 }

// --- 4.4 own word first ---

// spoke is the last day on which C spoke for itself on the question; empty: never.
// The text leaves open whether a predecessor's line is C's own word (it is: "the lines of a
// predecessor stand for what it covered"; also one of which nobody knows for whom it is), and when an advisory "was withdrawn by T" (the
// withdrawal was issued by T).
func (o oracle) spoke() (day string) {
	for _, f := range o.said() {
		onIt := o.onMeasure(f) || o.q.Measure == "" && o.mattersProposer(f.p.GetMeasure())
		if !f.ownLine() || !onIt || !o.addressed(f) || !o.inScope(f) || !o.holds(f) && !o.forUnknown(f) {
			continue
		}
		if o.issued(f) {
			day = max(day, f.last())
		}
		for _, w := range o.all {
			_, last := oracleIssued(w)
			if w.Withdrawal != nil && w.Withdrawal.GetAdvisory() == f.e.ID && last <= o.q.AsOf && oracleDay(oracleWithdrawn(w.Withdrawal)) && o.mayEnd(w, f.e, f.as) {
				day = max(day, last)
			}
		}
	}
	return day
}

// --- 4.5 and 4.6 ---

// oracleLeft is one round: whoever is beaten by anybody left goes out.
func oracleLeft(fs []oracleSaid, beats func(x, y oracleSaid) bool) (out []oracleSaid) {
	for _, y := range fs {
		if !slices.ContainsFunc(fs, func(x oracleSaid) bool { return beats(x, y) }) {
			out = append(out, y)
		}
	}
	return out
}

func (o oracle) ladder(fs []oracleSaid) []oracleSaid {
	// 4.5, and 4.9: what one said that merged into C comes before what C had said by that one's last day
	fs = oracleLeft(fs, func(x, y oracleSaid) bool { return max(x.last(), o.taken(x)) > max(y.last(), o.taken(y)) })
	fs = oracleLeft(fs, func(x, y oracleSaid) bool { return x.last() > y.last() })
	// 4.6.1
	fs = oracleLeft(fs, func(x, y oracleSaid) bool { return x.p.GetMeasure() != "" && y.p.GetMeasure() == "" })
	// 4.6.2
	fs = oracleLeft(fs, func(x, y oracleSaid) bool { return oracleCount(x.p.GetCommittees()) < oracleCount(y.p.GetCommittees()) })
	// 4.6.3
	fs = oracleLeft(fs, o.smaller)
	// 4.6.4
	fs = oracleLeft(fs, func(x, y oracleSaid) bool {
		return x.e.Office == y.e.Office && (x.e.Epoch > y.e.Epoch || x.e.Epoch == y.e.Epoch && x.e.Index > y.e.Index)
	})
	return oracleLeft(fs, func(x, y oracleSaid) bool {
		if x.e.ID != y.e.ID {
			return false
		}
		if o.toTheVery(x) != o.toTheVery(y) {
			return o.toTheVery(x)
		}
		return x.n < y.n
	})
}

// taken is the day from which on what a predecessor said is C's: after its last day. The text leaves open which that is where it is not
// recorded: that of the last of C's predecessors, if any is.
func (o oracle) taken(f oracleSaid) string {
	if f.as == o.q.Committee.GetId() {
		return ""
	}
	last := o.reg.lastDays[f.as]
	if last == "" {
		for _, c := range o.reg.Predecessors(o.q.Committee.GetId()) {
			last = max(last, o.reg.lastDays[c])
		}
	}
	if last == "" {
		return ""
	}
	return notation.DayAfter(last)
}

func oracleCount(names []string) int {
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return len(set)
}

func (o oracle) toTheVery(f oracleSaid) bool {
	return slices.Contains(f.p.GetAudiences(), o.audience())
}

// 4.6.3: the smaller area, where one contains the other, as on the day of issue, which is
// the same for both.
// The text leaves open how a position without an area compares with one for an area around
// all of C's: the one that names an area is the smaller.
// It leaves open, too, when what is in two limits is contained: when for each of those around, one of
// its own lies in that.
func (o oracle) smaller(x, y oracleSaid) bool {
	xs, ys := o.limits(x), o.limits(y)
	contained := func(in, out []*v1.AreaId) bool {
		for _, i := range in {
			if !slices.ContainsFunc(out, func(a *v1.AreaId) bool { return o.reg.Contains(a, i, x.last()) }) {
				return false
			}
		}
		return true
	}
	inside := func(ins, outs [][]*v1.AreaId) bool {
		for _, out := range outs {
			if !slices.ContainsFunc(ins, func(in []*v1.AreaId) bool { return contained(in, out) }) {
				return false
			}
		}
		return true
	}
	return inside(xs, ys) && !inside(ys, xs)
}

// --- 4.7 ---

// 4.7 LAPSED: it advises what on T would breach the contract, by its own effect or by the
// proposer's.
func (o oracle) lapsed(f oracleSaid) bool {
	switch f.p.GetStance() {
	case v1.Stance_STANCE_SUPPORT, v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS, v1.Stance_STANCE_REQUIRED:
		const breach = v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH
		return slices.Contains(o.effects(o.reads(f)), breach) || slices.Contains(o.effects(o.claims()), breach)
	}
	return false
}

// reads is 3, Contract effect: how a committee reads the contract on what is asked. Its own;
// on a demand of the matter's proposer else its letter's on the whole matter, for the same
// committee and scope; from a whole-matter position onto such demands alone.
func (o oracle) reads(f oracleSaid) []*v1.DatedEffect {
	var asked *v1.Measure
	for _, m := range o.q.Matter.GetMeasures() {
		if m.GetId() == o.q.Measure && o.q.Measure != "" {
			asked = m
		}
	}
	own, takes := f.p.GetContractEffects(), asked.GetKind() == v1.MeasureKind_MEASURE_KIND_DEMAND && o.mattersProposer(o.q.Measure)
	// What its letter only informs of on the measure itself, to those asked about, goes before what it says on the whole.
	for _, p := range f.e.Advisory.GetPositions() {
		mentions := p.GetStance() == v1.Stance_STANCE_INFORMATION_ONLY || p.GetStance() == v1.Stance_STANCE_CONSULTING
		if asked == nil || f.p.GetMeasure() != "" || !mentions || p.GetProvenance() == v1.Provenance_PROVENANCE_RELAY || len(p.GetContractEffects()) == 0 {
			continue
		}
		waits := slices.ContainsFunc(p.GetConditions(), func(c *v1.Condition) bool {
			return c.GetDirection() == v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN
		})
		there := p.GetArea() == nil || sameArea(p.GetArea(), f.p.GetArea())
		now := p.GetValidFrom() <= o.q.AsOf && (p.GetValidUntil() == "" || o.q.AsOf <= p.GetValidUntil())
		to := slices.ContainsFunc(p.GetAudiences(), func(a v1.Audience) bool { return Contains(a, o.audience()) })
		if p.GetMatter() == f.p.GetMatter() && p.GetMeasure() == o.q.Measure && p.GetScope().GetId() == f.p.GetScope().GetId() &&
			slices.Contains(p.GetCommittees(), f.as) && to && there && now && !waits {
			return p.GetContractEffects()
		}
	}
	if asked != nil && f.p.GetMeasure() == "" && !takes {
		return nil
	}
	if asked == nil || f.p.GetMeasure() == "" || len(own) > 0 || !takes {
		return own
	}
	for _, p := range f.e.Advisory.GetPositions() {
		if p.GetMatter() == f.p.GetMatter() && p.GetMeasure() == "" && p.GetScope().GetId() == f.p.GetScope().GetId() && slices.Contains(p.GetCommittees(), f.as) {
			return p.GetContractEffects()
		}
	}
	return nil
}

// claims is what the proposer says of the measure asked about.
func (o oracle) claims() []*v1.DatedEffect {
	for _, m := range o.q.Matter.GetMeasures() {
		if o.q.Measure != "" && m.GetId() == o.q.Measure {
			return m.GetClaimedEffects()
		}
	}
	return nil
}

func (o oracle) effects(dated []*v1.DatedEffect) (out []v1.ContractEffect) {
	for _, d := range dated {
		if d.GetValidFrom() <= o.q.AsOf && (d.GetValidUntil() == "" || o.q.AsOf <= d.GetValidUntil()) {
			out = append(out, d.GetEffect())
		}
	}
	return out
}

// 3, Contract effect.
func (o oracle) obligation(current oracleSaid) answersv1.Obligation {
	own, claimed := oracleTold(o.effects(o.reads(current))), oracleTold(o.effects(o.claims()))
	nothing := len(o.effects(o.claims())) == 0 || o.effects(o.claims())[0] == v1.ContractEffect_CONTRACT_EFFECT_NOT_STATED
	if !nothing && own != claimed {
		return answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC
	}
	return own
}

func oracleTold(effects []v1.ContractEffect) answersv1.Obligation {
	if len(effects) == 0 {
		return answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC
	}
	switch effects[0] {
	case v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL_UNDER_PROTEST:
		return answersv1.Obligation_OBLIGATION_MUST
	case v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL, v1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY,
		v1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME, v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH:
		return answersv1.Obligation_OBLIGATION_MAY
	case v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH:
		return answersv1.Obligation_OBLIGATION_WOULD_BREACH
	}
	return answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC
}

// oracleOver is what has ended, and one of what ended it first.
type oracleOver struct {
	f     oracleSaid
	e     oracleEnding
	class int // C's own lines, then its mentions, then reports of lines and of mentions
	why   answersv1.NoLineReason
}

// whatEnded is 4.7 WITHDRAWN, REPLACED or EXPIRED: what ended last, of C's own lines, else
// of its mentions, of reports only where C never spoke for itself. Of two endings on one
// day: a withdrawal before a replacement or amendment, and these before an expiry (4.2).
// What several end is over from the first of their days. The text leaves open which of two
// of one day and kind is named: either.
func (o oracle) whatEnded(spoke string) (reasons []answersv1.NoLineReason, ends []oracleEnd) {
	return oracleLast(o.gone(spoke))
}

// gone is all that bore on the question and has ended.
func (o oracle) gone(spoke string) (all []oracleOver) {
	for _, f := range o.said() {
		class := 0
		if f.report {
			class = 2
		}
		if f.mention() {
			class++
		}
		if f.report && spoke != "" || !o.issued(f) || !o.bears(f) {
			continue
		}
		ends := o.endings(f)
		first := ""
		for _, e := range ends {
			if first == "" || e.day < first {
				first = e.day
			}
		}
		for _, e := range ends {
			if e.day == first {
				all = append(all, oracleOver{f, e, class, o.whyEnded(f, e)})
			}
		}
	}
	return all
}

// oracleLast is what ended last of what has.
func oracleLast(all []oracleOver) (reasons []answersv1.NoLineReason, ends []oracleEnd) {
	class, last, rank := 9, "", 9
	for _, x := range all {
		class = min(class, x.class)
	}
	all = slices.DeleteFunc(all, func(x oracleOver) bool { return x.class != class })
	for _, x := range all {
		last = max(last, x.e.day)
	}
	for _, x := range all {
		if x.e.day == last {
			rank = min(rank, x.e.rank)
		}
	}
	for _, x := range all {
		if x.e.day == last && x.e.rank == rank {
			ends = append(ends, oracleEnd{x.f.e.ID, x.e.by, last})
			reasons = append(reasons, x.why)
		}
	}
	return reasons, ends
}

// whyEnded is 4.7: a report that was withdrawn is denied by C's office, or taken back.
func (o oracle) whyEnded(f oracleSaid, e oracleEnding) answersv1.NoLineReason {
	if e.rank == 0 && f.report {
		if o.endsFor(o.entry(e.by), f.e, f.as, false) {
			return answersv1.NoLineReason_NO_LINE_REASON_REPORT_DENIED
		}
		return answersv1.NoLineReason_NO_LINE_REASON_REPORT_TAKEN_BACK
	}
	return []answersv1.NoLineReason{
		answersv1.NoLineReason_NO_LINE_REASON_WITHDRAWN, answersv1.NoLineReason_NO_LINE_REASON_REPLACED, answersv1.NoLineReason_NO_LINE_REASON_EXPIRED,
	}[e.rank]
}

// entry is one of those there are.
func (o oracle) entry(id string) Entry {
	for _, e := range o.all {
		if e.ID == id {
			return e
		}
	}
	return Entry{}
}

// why is 4.7 after LAPSED: the first that holds.
func (o oracle) why(line *oracleLine, spoke string) {
	const (
		dayNotKnown, notYet, measures   = answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN, answersv1.NoLineReason_NO_LINE_REASON_NOT_YET, answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY
		others, parts, silent, notKnown = answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS, answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS, answersv1.NoLineReason_NO_LINE_REASON_SILENT, answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN
	)
	line.unknown = o.q.Unknown
	if reasons, ends := o.whatEnded(spoke); ends != nil {
		line.ends, line.reasons = ends, reasons
		return
	}
	if len(line.maybe.must) > 0 {
		line.reasons = []answersv1.NoLineReason{dayNotKnown}
		return
	}
	if len(line.notYet.must)+len(line.waiting.must) > 0 {
		line.reasons = []answersv1.NoLineReason{notYet}
		return
	}
	if on := o.onMeasures(); len(on) > 0 {
		line.reasons, line.measures, line.ofMeasures = []answersv1.NoLineReason{measures}, on, len(o.q.Matter.GetMeasures())
		return
	}
	ownOnIt, own, report, perhaps := false, false, false, false
	for _, f := range o.said() {
		onIt := o.onMeasure(f)
		switch {
		case f.first() > o.q.AsOf:
		case f.report && slices.ContainsFunc(o.endings(f), func(e oracleEnding) bool { return e.rank == 0 }): // as if it had not been reported
		case !o.issued(f):
			perhaps = true
		case f.report:
			report = true
		default: // a mention is a word, if not C's own line (4.4)
			own, ownOnIt = true, ownOnIt || onIt
		}
	}
	switch {
	case ownOnIt:
		line.reasons = []answersv1.NoLineReason{others}
	case own:
		line.reasons = []answersv1.NoLineReason{parts}
	case report:
		line.reasons = []answersv1.NoLineReason{parts}
	case perhaps:
		line.reasons = []answersv1.NoLineReason{dayNotKnown}
	case o.q.Unknown > 0:
		line.reasons = []answersv1.NoLineReason{notKnown}
	case slices.ContainsFunc(o.all, o.tookDown):
		line.reasons = []answersv1.NoLineReason{answersv1.NoLineReason_NO_LINE_REASON_REMOVED}
	default:
		line.reasons = []answersv1.NoLineReason{silent}
	}
}

// tookDown: an entry of an office that spoke for C takes down what it had said for C on the matter.
func (o oracle) tookDown(e Entry) bool {
	return e.Erasure != nil && o.arrived(e) && slices.Contains(e.Erasure.Matters, o.q.Matter.Name) && slices.Contains(e.Erasure.Committees, o.q.Committee.Id) &&
		o.reg.SpeaksFor(e.Office, o.q.Committee.Id, e.Erasure.Issued.Earliest, e.Erasure.Issued.Latest)
}

// onMeasures are the measures C has lines of its own on, in the order listed: to the same
// audience, in the same area and scope.
// The text leaves open whether a line that lapsed is one it has (no), and one that is
// contested (yes).
func (o oracle) onMeasures() (out []string) {
	for _, m := range o.q.Matter.GetMeasures() {
		if o.q.Measure != "" || m.GetId() == "" {
			continue
		}
		on := o
		on.q.Measure = m.GetId()
		on.q.Audience = o.audience()
		answer := on.answer()
		state := answer.state
		if state == answersv1.LineState_LINE_STATE_STATED && !answer.byWhole || state == answersv1.LineState_LINE_STATE_CONTESTED && !on.reportedOnly(answer.contested) {
			out = append(out, m.GetId())
		}
	}
	return out
}

func (o oracle) reportedOnly(refs []oracleRef) bool {
	for _, f := range o.said() {
		if slices.Contains(refs, f.ref()) && f.ownLine() {
			return false
		}
	}
	return true
}

// --- the answer in one place and one scope ---

func (l *oracleList) add(f oracleSaid) {
	if !slices.Contains(l.must, f.ref()) {
		l.must = append(l.must, f.ref())
	}
}

func (l *oracleList) perhaps(f oracleSaid) { l.may = append(l.may, f.ref()) }

func (o oracle) answer() oracleLine {
	line := oracleLine{}
	spoke := o.spoke()
	var left []oracleSaid
	for _, f := range o.said() {
		o.listBeside(&line, f)
		if !o.candidate(f) || !o.stands(f) {
			continue
		}
		switch { // 4.4
		case f.report && spoke != "" && f.last() > spoke:
			line.since.add(f)
		case f.report && spoke != "":
			line.earlier.add(f)
		default:
			left = append(left, f)
		}
	}
	var best []oracleSaid
	for _, class := range []struct{ report, mention bool }{{false, false}, {true, false}, {false, true}, {true, true}} {
		if best = slices.DeleteFunc(slices.Clone(left), func(f oracleSaid) bool { return f.report != class.report || f.mention() != class.mention }); len(best) > 0 {
			break
		}
	}
	best = oracleOnce(o.ladder(best))
	lapsed := false
	if oracleStances(best) > 1 { // 4.7: of what contests each other, that which lapsed drops out first
		rest := slices.DeleteFunc(slices.Clone(best), o.lapsed)
		if lapsed = len(rest) == 0; !lapsed {
			best = rest
		}
	}
	if !lapsed && oracleStances(best) == 1 { // 4.6.5
		slices.SortFunc(best, func(x, y oracleSaid) int { return strings.Compare(x.e.Office, y.e.Office) })
		best = best[:1]
		lapsed = o.lapsed(best[0])
	}
	var reading []oracleSaid // of what lapsed: still the committee's reading of the contract (3)
	if !lapsed {
		o.says(&line, best)
	} else {
		reading, best = best, nil
		line.state = answersv1.LineState_LINE_STATE_NO_LINE
		line.reasons = []answersv1.NoLineReason{answersv1.NoLineReason_NO_LINE_REASON_LAPSED}
		for _, f := range reading {
			line.lapsed = append(line.lapsed, f.ref())
		}
	}
	for _, f := range left { // 4.3
		if f.mention() && !slices.ContainsFunc(best, func(b oracleSaid) bool { return b.ref() == f.ref() }) {
			line.mentions.add(f)
		}
	}
	line.obligation = answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC
	if len(best) == 0 {
		if !lapsed {
			o.why(&line, spoke)
		}
	}
	o.listOthers(&line)
	switch {
	case len(reading) == 1 && !reading[0].report:
		line.obligation = o.obligation(reading[0])
	case len(reading) > 0:
		line.obligation = 0
	}
	switch line.state {
	case answersv1.LineState_LINE_STATE_STATED:
		line.obligation = o.obligation(best[0])
	case answersv1.LineState_LINE_STATE_NO_LINE, answersv1.LineState_LINE_STATE_CONTESTED:
	default: // the text leaves open whether a report or a mention is somebody reading the contract
		line.obligation = 0
	}
	return line
}

// oracleOnce leaves out a position named for a second committee.
func oracleOnce(fs []oracleSaid) (out []oracleSaid) {
	for _, f := range fs {
		if !slices.ContainsFunc(out, func(g oracleSaid) bool { return g.ref() == f.ref() }) {
			out = append(out, f)
		}
	}
	return out
}

func oracleStances(fs []oracleSaid) int {
	set := map[v1.Stance]bool{}
	for _, f := range fs {
		set[f.p.GetStance()] = true
	}
	return len(set)
}

// says is what is left, as an answer.
func (o oracle) says(line *oracleLine, best []oracleSaid) {
	line.mention = len(best) > 0 && best[0].mention()
	switch {
	case len(best) == 0:
		line.state = answersv1.LineState_LINE_STATE_NO_LINE
	case len(best) > 1: // 4.6.6
		line.state = answersv1.LineState_LINE_STATE_CONTESTED
		for _, f := range best {
			line.contested = append(line.contested, f.ref())
		}
	default:
		f := best[0]
		ref := f.ref()
		line.current, line.byWhole = &ref, o.q.Measure != "" && f.p.GetMeasure() == ""
		switch {
		case f.report:
			line.state = answersv1.LineState_LINE_STATE_REPORTED
		case f.p.GetProvenance() == v1.Provenance_PROVENANCE_RELAY:
			line.state = answersv1.LineState_LINE_STATE_RELAYED
		case f.p.GetStance() == v1.Stance_STANCE_CONSULTING:
			line.state = answersv1.LineState_LINE_STATE_CONSULTING
		case f.p.GetStance() == v1.Stance_STANCE_INFORMATION_ONLY:
			line.state = answersv1.LineState_LINE_STATE_MENTIONED
		default:
			line.state = answersv1.LineState_LINE_STATE_STATED
		}
	}
}

// listBeside lists what is no candidate and is listed all the same.
func (o oracle) listBeside(line *oracleLine, f oracleSaid) {
	if !o.onMeasure(f) || !o.addressed(f) || !o.inScope(f) {
		return
	}
	stands := o.stands(f)
	if o.issued(f) && f.validFrom() > o.q.AsOf { // 4.2: what is over by its first day amends nothing of it
		then := o
		then.q.AsOf = f.validFrom()
		stands = stands || then.stands(f)
	}
	if o.holds(f) {
		switch {
		case !stands:
		case f.first() <= o.q.AsOf && !o.issued(f): // 4.8, may have been issued
			line.maybe.add(f)
			line.notYet.perhaps(f)
			line.waiting.perhaps(f)
		case !o.issued(f):
		case f.validFrom() > o.q.AsOf: // 4.7 NOT_YET
			line.notYet.add(f)
			if f.waits() {
				line.waiting.perhaps(f)
			}
		case f.waits() && o.valid(f): // 3, conditions: a line that waits is shown
			line.waiting.add(f)
		}
		return
	}
	sure := o.issued(f) && o.valid(f) && !f.waits() && !o.lapsed(f)
	if stands && f.first() <= o.q.AsOf && o.forUnknown(f) {
		if sure {
			line.unknownAreas.add(f)
		} else {
			line.unknownAreas.perhaps(f)
		}
		return
	}
	if !stands || f.first() > o.q.AsOf || f.p.GetArea() == nil {
		return
	}
	if !o.reg.HasArea(f.p.GetArea()) { // 4.9: listed as said of an area that is not in the register
		if sure {
			line.unknownAreas.add(f)
		} else {
			line.unknownAreas.perhaps(f)
		}
		return
	}
	o.listFormer(line, f, sure)
}

// listFormer is 4.9: "said of Mid and South Essex ICB, since merged into …". It must be so
// in an area that took the place of the one named, and where C's own is such an area.
// The text leaves open where else: around it, within it, beside it.
func (o oracle) listFormer(line *oracleLine, f oracleSaid, sure bool) {
	if o.reg.exists(bookName(f.p.GetArea()), o.q.AsOf) {
		return
	}
	sure = sure && f.as == o.q.Committee.GetId() // what was in both need not have been in that
	there := o                                   // what has ended for whoever was in it is said of it no more
	there.q.Area, there.q.Practice = f.p.GetArea(), ""
	if !there.stands(f) {
		return
	}
	asked := o.own
	if o.q.Area != nil {
		asked = []*v1.AreaId{o.q.Area}
	} else if o.q.Practice != "" {
		asked = nil
	}
	for _, now := range o.reg.InPlaceOf(f.p.GetArea(), o.q.AsOf) {
		if o.holdsIn(f.p.GetArea(), now, f.last()) {
			continue
		}
		if sure && slices.ContainsFunc(asked, func(a *v1.AreaId) bool { return bookName(a) == bookName(now) }) {
			line.former.add(f)
		}
	}
	line.former.perhaps(f)
}

// listOthers is 4.7 SAID_TO_OTHERS: what of it stands is listed, what waits too, and what holds from
// a later day unless by then it will not answer. With another reason, and what only stands in part, or
// is no line, or is listed elsewhere, may be. 4.8: beside a line, what is said on just what is asked about to none
// of those asked about.
func (o oracle) listOthers(line *oracleLine) {
	is := len(line.reasons) == 1 && line.reasons[0] == answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS
	for _, f := range o.said() {
		if o.bears(f) && o.onMeasure(f) && f.ownLine() && line.state != answersv1.LineState_LINE_STATE_NO_LINE && f.p.GetMeasure() == o.q.Measure && o.isToOthersToo(f) {
			line.others.perhaps(f) // whom it may answer still
		}
		if !o.onMeasure(f) || o.bears(f) || f.first() > o.q.AsOf || f.p.GetValidUntil() != "" && f.p.GetValidUntil() < o.q.AsOf {
			continue
		}
		over, amended := false, false
		for _, by := range o.all {
			if !o.mayEnd(by, f.e, f.as) {
				continue
			}
			over = over || by.Withdrawal.GetAdvisory() == f.e.ID && oracleWithdrawn(by.Withdrawal) <= o.q.AsOf
			over = over || !f.report && slices.Contains(by.Advisory.GetReplaces(), f.e.ID) && oracleTakesEffect(by.Advisory) <= o.q.AsOf && !o.restored(f, by)
			_, last := oracleIssued(by)
			amended = amended || last <= o.q.AsOf && slices.Contains(by.Advisory.GetAmends(), f.e.ID)
		}
		elsewhere := slices.Contains(line.unknownAreas.must, f.ref()) || slices.Contains(line.unknownAreas.may, f.ref()) || slices.Contains(line.former.must, f.ref()) || slices.Contains(line.former.may, f.ref())
		switch {
		case over:
		case o.lapsed(f): // what lapsed is shown as advice to nobody
		case line.state != answersv1.LineState_LINE_STATE_NO_LINE:
			toNone := !slices.ContainsFunc(f.p.GetAudiences(), o.isRelated)
			ofGroup := f.p.GetScope() != nil && f.p.GetScope().GetId() == o.q.Scope
			hidden := o.q.Scope != "" && !ofGroup && slices.ContainsFunc(o.said(), func(g oracleSaid) bool { return g.p.GetScope().GetId() == o.q.Scope && o.isToOthersToo(g) })
			switch {
			case !f.ownLine() || !o.isToOthersToo(f) || f.p.GetMeasure() != o.q.Measure || f.p.GetScope() != nil && !ofGroup || !o.issued(f):
			case !toNone || hidden:
				line.others.perhaps(f)
			case !amended && !elsewhere && f.p.GetArea() == nil && f.as == o.q.Committee.GetId() && (o.valid(f) || o.holdsLater(f)) && !o.mayBeAround(f):
				line.others.add(f)
			default:
				line.others.perhaps(f)
			}
		case is && f.ownLine() && !amended && !elsewhere && o.issued(f) && (o.valid(f) || o.holdsLater(f)) && !o.mayBeAround(f):
			line.others.add(f)
		default:
			line.others.perhaps(f)
		}
	}
}

// mayBeAround: of a practice or a part of the area, something limited to less than all may answer the readers of what
// holds there too.
func (o oracle) mayBeAround(f oracleSaid) bool {
	return (o.q.Practice != "" || o.q.Area != nil) && o.holds(f) && slices.ContainsFunc(o.said(), func(g oracleSaid) bool {
		return g.ref() != f.ref() && g.ownLine() && o.onMeasure(g) && o.holds(g) && len(o.limits(g)) > 0
	})
}

// isRelated: an audience is the one asked for, or among it, or around it, or of practices as that is.
func (o oracle) isRelated(a v1.Audience) bool {
	const practices = v1.Audience_AUDIENCE_PRACTICES
	return oracleWithin(a, o.audience()) || oracleWithin(o.audience(), a) || oracleWithin(practices, a) && oracleWithin(practices, o.audience())
}

// isToOthersToo: it is said to somebody who is none of those asked about.
func (o oracle) isToOthersToo(f oracleSaid) bool {
	return slices.ContainsFunc(f.p.GetAudiences(), func(a v1.Audience) bool { return a != 0 && !o.isRelated(a) })
}

// holdsLater: it holds from a later day on which, by all that is here, nothing has ended it or is as new.
func (o oracle) holdsLater(f oracleSaid) bool {
	if f.validFrom() <= o.q.AsOf || f.validUntil() < f.validFrom() {
		return false
	}
	then := o
	then.q.AsOf = f.validFrom()
	for _, g := range o.said() {
		if g.ref() != f.ref() && g.last() >= f.last() {
			return false
		}
	}
	return then.stands(f)
}

// --- 4.10 scope ---

// isLine says whether an answer is a line and no mention, relay or consultation. One that
// lapsed stands until a letter names it, and leaves its group without advice.
func (l oracleLine) isLine() bool {
	if l.mention {
		return false
	}
	switch l.state {
	case answersv1.LineState_LINE_STATE_STATED, answersv1.LineState_LINE_STATE_REPORTED, answersv1.LineState_LINE_STATE_CONTESTED:
		return true
	}
	return slices.Equal(l.reasons, []answersv1.NoLineReason{answersv1.NoLineReason_NO_LINE_REASON_LAPSED})
}

// scopes are the ids of all scopes of what was said.
func (o oracle) scopes() (out []string) {
	for _, f := range o.said() {
		if id := f.p.GetScope().GetId(); id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// mentionsOf is 4.10: what is mentioned to a group without a line of its own stands beside the
// general line.
func (l oracleLine) mentionsOf(line *oracleLine) {
	all := append(slices.Clone(l.contested), l.mentions.must...)
	if l.current != nil {
		all = append(all, *l.current)
	}
	if slices.Equal(line.reasons, []answersv1.NoLineReason{answersv1.NoLineReason_NO_LINE_REASON_SAID_TO_OTHERS}) {
		line.toldOnce = append(line.toldOnce, all...) // 4.7: what is said to others is listed, and so this is
		line.mentions.may = append(line.mentions.may, all...)
	} else {
		line.mentions.must = append(line.mentions.must, all...)
	}
	line.mentions.may = append(line.mentions.may, l.mentions.may...)
}

// mentionsToPart is 4.8: what is mentioned to part of the readers, in general or to a group, may
// stand beside the line.
func (o oracle) mentionsToPart(line *oracleLine) {
	for _, f := range o.said() {
		if f.mention() && o.onMeasure(f) && !o.addressed(f) && o.issued(f) && o.valid(f) {
			line.mentions.perhaps(f)
		}
	}
}

// saidNowhere is 4.9: what is limited to an area that is no more, or unknown, is listed with whoever asks for all
// that it was said to, for a group too, and to part of the readers alone (4.8). It is listed once.
func (o oracle) saidNowhere(line *oracleLine, scope string, toAll, sure bool) {
	for _, f := range o.said() {
		for reader := range v1.Audience(len(v1.Audience_name)) {
			if reader == 0 || !oracleWithin(o.audience(), reader) || o.addressed(f) && (reader != o.audience() || !toAll) {
				continue
			}
			in, of := o, oracleLine{}
			in.q.Audience, in.scope = reader, scope
			in.listBeside(&of, f)
			line.takeNowhere(of, sure)
		}
	}
}

// takeNowhere lists what another line lists of areas that are no more, or unknown.
func (l *oracleLine) takeNowhere(of oracleLine, sure bool) {
	for _, lists := range [...][2]*oracleList{{&l.former, &of.former}, {&l.unknownAreas, &of.unknownAreas}} {
		to, from := lists[0], lists[1]
		if to.may = append(to.may, from.may...); sure {
			to.must = append(to.must, from.must...)
		} else {
			to.may = append(to.may, from.must...)
		}
		isListed := func(r oracleRef) bool { return slices.Contains(to.must, r) || slices.Contains(to.may, r) }
		for _, r := range l.others.must {
			if isListed(r) {
				l.others.may = append(l.others.may, r)
			}
		}
		l.others.must = slices.DeleteFunc(l.others.must, isListed)
	}
}

// inPlace is 4.10: without a scope the general line, with the scoped ones beside it; with
// one, that scope's line, else the general line.
// The text leaves open what a scope's mention does: it lifts no general line (4.3), is no
// line beside it, and answers for its scope where there is no general answer at all. Nor is
// it said whether a report within a scope gives way to C's own general line: it does not, as
// lines are compared within one scope.
func (o oracle) inPlace() oracleLine {
	general := o
	general.scope = ""
	line := general.answer()
	o.mentionsToPart(&line)
	if o.q.Scope == "" {
		line.groups = map[string]oracleLine{}
		for _, id := range o.scopes() {
			group := o
			group.scope = id
			if answer := group.answer(); answer.isLine() {
				line.groups[id] = answer
				o.saidNowhere(&line, id, false, true) // that to all of it stands with its line
			} else {
				answer.mentionsOf(&line)
				o.saidNowhere(&line, id, true, true)
			}
		}
		o.saidNowhere(&line, "", false, true)
		return line
	}
	o.saidNowhere(&line, "", false, false) // beside what part of a group are told
	if !slices.Contains(o.scopes(), o.q.Scope) {
		return line
	}
	scoped := o
	scoped.scope = o.q.Scope
	answer := scoped.answer()
	o.mentionsToPart(&answer)
	o.saidNowhere(&answer, o.q.Scope, false, true)
	none := answersv1.LineState_LINE_STATE_NO_LINE
	switch {
	case answer.isLine():
		answer.loose = true
		o.saidNowhere(&answer, "", false, false)
		return answer
	case line.state == none && answer.state != none:
		answer.loose = true
		answer.takeNowhere(line, true)
		return answer
	}
	line.loose = true
	line.takeNowhere(answer, true)
	answer.mentionsOf(&line)
	for _, of := range [...][2]*oracleList{{&line.notYet, &answer.notYet}, {&line.waiting, &answer.waiting}, {&line.maybe, &answer.maybe}} { // 4.10: what will hold for it
		of[0].must, of[0].may = append(of[0].must, of[1].must...), append(of[0].may, of[1].may...)
	}
	if line.state == none {
		scoped.whyNeither(&line, answer)
	}
	return line
}

// whyNeither is 4.10: of the group's reason and the general one that stands which 4.7 has first, as far as
// NOT_YET, and else the general one; of what ended, what did last of both.
func (o oracle) whyNeither(line *oracleLine, group oracleLine) {
	place := func(l oracleLine, maybe oracleList) int {
		switch {
		case len(l.lapsed) > 0:
			return 0
		case len(l.ends) > 0:
			return 1
		case l.reasons[0] == answersv1.NoLineReason_NO_LINE_REASON_DAY_NOT_KNOWN && len(maybe.must) > 0:
			return 2
		case l.reasons[0] == answersv1.NoLineReason_NO_LINE_REASON_NOT_YET:
			return 3
		}
		return 4
	}
	general := o
	general.scope = ""
	alone := general.answer()
	ofGroup, inGeneral := place(group, group.maybe), place(alone, alone.maybe)
	switch {
	case ofGroup == 1 && inGeneral == 1:
		both := append(o.gone(o.spoke()), general.gone(general.spoke())...)
		line.reasons, line.ends = oracleLast(both)
	case ofGroup < inGeneral:
		line.reasons, line.ends, line.lapsed = group.reasons, group.ends, group.lapsed
	}
}

// --- 4.8 parts of an area ---

// oracleLines is what Resolve returns: the line where it is asked about; or, without area
// and practice, the line for all or the rest first, then one per part where it differs.
//
// The text leaves open how far "an area of the register within one that some position of C
// is limited to" reaches: every recorded area within C's own is looked at, and has a row
// where the line in it differs from that directly around it. A line differs when what answers
// does, for all or for a group; one that differs only in why there is none, or in what is
// listed beside, or from an area around it that has no row itself, may have a row, and so may one that only what is said
// to others is limited to. Nor is it said what the parts of a C without recorded areas are: any recorded area may have a row.
func oracleLines(q Question, entries []Entry, reg *book) []oracleLine {
	o := oracle{q: q, all: entries, reg: reg, own: reg.CommitteeAreas(q.Committee.GetId(), q.AsOf)}
	if q.Area != nil || q.Practice != "" {
		line := o.inPlace()
		line.area = q.Area.GetCode()
		return []oracleLine{line}
	}
	rest := o.inPlace()
	parts := map[string]*v1.AreaId{}
	for _, own := range o.own {
		parts[bookName(own)] = own
		for _, a := range reg.Within(own, q.AsOf) {
			parts[bookName(a)] = a
		}
	}
	if len(o.own) == 0 {
		for _, name := range reg.known() {
			if reg.exists(name, q.AsOf) {
				parts[name] = code(name)
			}
		}
	}
	// of those, only an area of C, or one in which, or around which, a position is limited
	limited := func(a *v1.AreaId, to func(oracleSaid) bool) bool {
		return slices.ContainsFunc(o.said(), func(f oracleSaid) bool {
			if len(o.limits(f)) == 0 || !o.onMeasure(f) && o.q.Measure != "" || !to(f) {
				return false
			}
			for _, b := range parts {
				if o.inLimits(f, func(to *v1.AreaId) bool { return o.holdsIn(to, b, f.last()) }) && reg.Contains(b, a, q.AsOf) {
					return true
				}
			}
			return false
		})
	}
	ofOthers := map[string]*v1.AreaId{}
	for id, a := range parts {
		switch {
		case limited(a, o.addressed) || slices.ContainsFunc(o.own, func(own *v1.AreaId) bool { return bookName(own) == id }):
		case limited(a, func(oracleSaid) bool { return true }):
			ofOthers[id] = a
			delete(parts, id)
		default:
			delete(parts, id)
		}
	}
	lines := map[string]oracleLine{}
	for id, a := range parts {
		in := o
		in.q.Area = a
		line := in.inPlace()
		line.area = id
		lines[id] = line
	}
	out := []oracleLine{rest}
	for _, id := range oracleSorted(parts) {
		around := oracleAround(parts, id, reg, q.AsOf)
		beside := []oracleLine{rest}
		if len(around) > 0 {
			beside = nil
			for _, a := range around {
				beside = append(beside, lines[a])
			}
		}
		line, differs, why := lines[id], false, false
		for _, other := range beside {
			apart := line.essence() != other.essence()
			like := slices.ContainsFunc(beside, func(b oracleLine) bool { return b.essence() == line.essence() })
			differs = differs || apart && (!like || other.essence() != rest.essence())
			why = why || apart || line.beside() != other.beside()
		}
		if differs || why {
			line.optional = !differs || len(o.own) == 0
			out = append(out, line)
		}
	}
	for _, id := range oracleSorted(ofOthers) {
		in := o
		in.q.Area = ofOthers[id]
		line := in.inPlace()
		if line.area, line.optional = id, true; line.beside() != rest.beside() {
			out = append(out, line)
		}
	}
	for _, own := range o.own {
		out[0].covers = append(out[0].covers, bookName(own))
	}
	return out
}

func oracleSorted(parts map[string]*v1.AreaId) (out []string) {
	for id := range parts {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// oracleAround are the parts directly around one.
func oracleAround(parts map[string]*v1.AreaId, id string, reg *book, day string) (out []string) {
	var around []string
	for other, a := range parts {
		if other != id && reg.Contains(a, parts[id], day) {
			around = append(around, other)
		}
	}
	for _, a := range around {
		if !slices.ContainsFunc(around, func(b string) bool { return a != b && reg.Contains(parts[a], parts[b], day) }) {
			out = append(out, a)
		}
	}
	slices.Sort(out)
	return out
}

func (l oracleLine) groupIDs() (out []string) {
	for id := range l.groups {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// beside is why nothing answers, and what is listed.
func (l oracleLine) beside() string {
	s := fmt.Sprint(l.reasons, l.lapsed, l.ends, l.measures)
	for _, list := range []oracleList{l.mentions, l.since, l.earlier, l.maybe, l.waiting, l.notYet, l.others, l.former, l.unknownAreas} {
		s += fmt.Sprint(list)
	}
	for _, id := range l.groupIDs() {
		s += l.groups[id].beside()
	}
	return s
}

// essence is what answers, for all and for each group.
func (l oracleLine) essence() string {
	s := fmt.Sprint(l.state)
	if l.current != nil {
		s += fmt.Sprint(*l.current)
	}
	contested := slices.Clone(l.contested)
	slices.SortFunc(contested, func(x, y oracleRef) int { return strings.Compare(fmt.Sprint(x), fmt.Sprint(y)) })
	s += fmt.Sprint(contested)
	for _, id := range l.groupIDs() {
		s += id + l.groups[id].essence()
	}
	return s
}

// --- 4.8, what is passed on ---

// oracleAnswers are what stands on a day for whoever was told something by a committee, in general: its own answer until
// its last day, and then that of each committee it was merged into, where it covered last (4.9).
func oracleAnswers(q Question, entries []Entry, reg *book) (all []oracleLine) {
	end, ended := reg.lastDays[q.Committee.GetId()]
	if !ended || end >= q.AsOf {
		return []oracleLine{oracle{q: q, all: entries, reg: reg, own: reg.CommitteeAreas(q.Committee.GetId(), q.AsOf)}.answer()}
	}
	for into, from := range reg.merged {
		if !slices.Contains(from, q.Committee.GetId()) {
			continue
		}
		o := oracle{q: q, all: entries, reg: reg, own: reg.CommitteeAreas(q.Committee.GetId(), end)}
		if o.q.Committee = (&v1.Committee{Id: into}); len(o.own) == 0 {
			o.own = reg.CommitteeAreas(into, q.AsOf)
		}
		all = append(all, o.answer())
	}
	return all
}

// oracleTurned is what is said now in the place of what a relay passes on, one stance of each that says something else, 0:
// nothing; on the whole of one measure, to practices, in general. A letter that is named takes one line there, for all days, that
// is limited to nothing: what else it may answer is not asked here, nor what is only mentioned.
func oracleTurned(relay *v1.RelaySource, issued string, q Question, entries []Entry, reg *book) (stances []v1.Stance, isAsked bool) {
	q.Committee = &v1.Committee{Id: relay.GetCommittee()}
	var was []oracleRef
	if relay.GetAdvisory() == "" {
		then := q
		then.AsOf = issued
		for _, line := range oracleAnswers(then, entries, reg) {
			if line.current != nil && !line.mention {
				was = append(was, *line.current)
			}
		}
	}
	o := oracle{q: q, all: entries, reg: reg}
	for _, f := range o.said() {
		if f.e.ID != relay.GetAdvisory() || f.as != relay.GetCommittee() {
			continue
		}
		limited := f.last() > q.AsOf || f.p.GetArea() != nil || f.p.GetScope() != nil || f.p.GetValidUntil() != "" || f.validFrom() != f.last() || f.waits()
		if limited || f.report || f.mention() || !o.onMeasure(f) || !o.addressed(f) {
			return nil, false
		}
		was = append(was, f.ref())
	}
	if len(was) != 1 {
		return nil, false
	}
	said := oraclePosition(entries, was[0])
	for _, line := range oracleAnswers(q, entries, reg) {
		isIt := func(r oracleRef) bool { return oraclePosition(entries, r) == said }
		switch elsewhere := slices.Concat(line.unknownAreas.must, line.unknownAreas.may, line.former.must, line.former.may); {
		case len(line.contested) > 0:
		case line.current != nil && !line.mention:
			if stance := oraclePosition(entries, *line.current).GetStance(); stance != said.GetStance() {
				stances = append(stances, stance)
			}
		case line.current == nil && slices.ContainsFunc(elsewhere, isIt): // nobody can tell
		default:
			stances = append(stances, 0)
		}
	}
	return stances, true
}
