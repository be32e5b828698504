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
)

const (
	// briefLines is how many lines a view has that is not asked for in full.
	briefLines = 60
	// titlesListed is how many titles of measures a row has, else their number.
	titlesListed = 4
	// manyLMCs is how many other LMCs are listed one by one, else by what they say.
	manyLMCs = 12
)

// View writes a combined view for somebody with five minutes: the own LMC first, its line on
// the whole matter and on every measure it speaks on, then everybody else's, then what the
// answer rests on. Where that would take more than a screen or two, the reasons of measures
// are left out, then on what conditions each holds, and at last what bodies say that are no
// LMC; full asks for everything. known says that less than everything was taken into account;
// usually empty.
func (p *Page) View(v *answersv1.CombinedView, known string, full bool) {
	if full {
		p.view(v, known, viewing{full: true, why: true})
		return
	}
	for _, how := range []viewing{{why: true}, {}, {dense: true}, {dense: true, tight: true}, {dense: true, tight: true, least: true}} {
		draft := New(p.width)
		draft.view(v, known, how)
		if text := draft.String(); how.least || strings.Count(text, "\n") <= briefLines {
			p.b.WriteString(text)
			return
		}
	}
}

// viewing is how much of a view is written.
type viewing struct {
	full  bool // every LMC, every reason in whole
	why   bool // the reasons of lines on measures
	dense bool // a line on a measure is one paragraph
	tight bool // which has what it asks in brief, and that it has conditions, and no opinion
	least bool // the reason is a line, and who else than LMCs has said something is named alone
	late  bool // that letters were logged late is said already, of all of them
}

func (p *Page) view(v *answersv1.CombinedView, known string, how viewing) {
	p.matterHead(v.GetMatter())
	p.ceased(v.GetCeased())
	what := "The whole matter"
	if v.GetMeasure() != "" {
		what = measureTitle(v.GetMatter(), v.GetMeasure())
	}
	p.Para(0, notation.Joined(", ", what, "as of "+guidance.DayWords(v.GetAsOf()), known, "for "+guidance.AudienceWords(v.GetAudience())+p.addressedToo(v), forGroup(v.GetScope()))+".")
	if v.GetWords() != "" {
		p.Gap()
		p.Para(0, v.GetWords())
	}
	if words := allLate(v); words != "" {
		if how.late = true; !how.tight {
			p.Gap()
		}
		p.Para(0, words)
	}
	var lmcs, bodies []*answersv1.CommitteeView
	contract := false
	var dispute []string // by whose readings
	for _, c := range v.GetCommittees() {
		if !c.GetOwn() {
			lmcs = append(lmcs, c)
			continue
		}
		p.Head("Your LMC: " + c.GetHeadline().GetCommitteeName())
		p.ownCommittee(v, c, how)
		said := voicesOf(c)
		for _, line := range c.GetMeasures() {
			said = append(said, voices(line)...)
		}
		for _, of := range said {
			contract = contract || contractWords(v, of.Line, false) != nil
			dispute = append(dispute, disputed(v, of.Line)...)
		}
	}
	if line := v.GetNational().GetHeadline(); line != nil {
		for _, line := range append([]*answersv1.Line{line}, v.GetNational().GetMeasures()...) {
			if guidance.EffectsWords(line.GetEffects(), v.GetAsOf()) != "" { // as stands there, or where the own committee passes it on
				dispute = append(dispute, disputed(v, line)...)
			}
		}
		p.national(v, how)
	}
	for _, c := range v.GetOtherBodies() {
		if !isSilent(c.GetHeadline()) {
			bodies = append(bodies, c)
		}
	}
	others := "LMCs:"
	if len(lmcs) < len(v.GetCommittees()) {
		others = "Other LMCs:"
	}
	p.committees(v, others, "LMC", lmcs, how)
	p.committees(v, "LMCs of other nations:", "LMC", v.GetOtherNations(), how)
	if how.least && len(bodies) > 0 {
		var names []string
		for _, c := range bodies {
			names = append(names, c.GetHeadline().GetCommitteeName())
		}
		p.Para(0, "Other guidance, not from an LMC: by "+notation.Names(names)+": --full.")
	} else {
		p.committees(v, "Other guidance, not from an LMC:", "BODY", bodies, how)
	}
	p.otherDates(v, how)
	if how.dense { // in one paragraph's place
		p.Footer(v.GetCompleteness(), nil)
		for _, notice := range v.GetNotices() {
			p.Para(0, notice)
		}
	} else {
		p.Footer(v.GetCompleteness(), v.GetNotices())
		p.Gap()
	}
	ofContracts := ""
	if contract {
		ofContracts = "Of contracts, GMS and PMS are meant; APMS practices check theirs."
	}
	slices.Sort(dispute)
	ring := ringFirst(slices.Compact(dispute))
	if how.tight {
		ofContracts, ring = notation.Joined(" ", ofContracts, ring), ""
	}
	p.Para(0, ofContracts)
	p.Para(0, ring)
	if isForPractices(v.GetAudience()) {
		p.decides()
	}
}

// addressedToo says whom else the measure asked about is addressed to than those an answer is for, or whom instead.
func (p *Page) addressedToo(v *answersv1.CombinedView) string {
	to := guidance.MeasureOf(v.GetMatter(), v.GetMeasure()).GetAddressedTo()
	others := slices.DeleteFunc(slices.Clone(to), func(a guidancev1.Audience) bool {
		return guidance.Contains(a, v.GetAudience())
	})
	switch len(others) {
	case 0:
		return ""
	case len(to):
		return " (it is addressed to " + guidance.AudiencesWords(others) + p.typed(": --audience") + ")"
	}
	return " (it is addressed to " + guidance.AudiencesWords(others) + " too" + p.typed(": --audience") + ")"
}

// otherDates writes what falls due of the matter and does not stand with the own LMC's lines:
// dates of others, which are no practice's to meet.
func (p *Page) otherDates(v *answersv1.CombinedView, how viewing) {
	above := map[string]bool{}
	for _, c := range v.GetCommittees() {
		if !c.GetOwn() {
			continue
		}
		for _, line := range c.GetMeasures() {
			for _, d := range deadlinesOf(v, line) {
				above[deadlineWords(d)] = true
			}
		}
		for _, d := range datesOf(v, topicsOf(v, c)) {
			above[deadlineWords(d.Deadline)] = true
		}
	}
	head := "Dates of the matter:"
	if len(above) > 0 {
		head = "Other dates of the matter:"
	}
	var dates []string
	told := map[*guidancev1.Deadline]bool{} // of the matter's own
	for _, d := range v.GetDeadlines() {
		measure := ""
		for _, m := range v.GetMatter().GetMeasures() {
			i := slices.IndexFunc(m.GetDeadlines(), func(o *guidancev1.Deadline) bool { return !told[o] && proto.Equal(o, d) })
			if i >= 0 && (v.GetMeasure() == "" || v.GetMeasure() == m.GetId()) {
				measure, told[m.GetDeadlines()[i]] = m.GetId(), true
				break
			}
		}
		if !above[deadlineWords(d)] {
			whose := guidance.WhoseDate(v.GetMatter(), measure) + guidance.DateFor(v.GetMatter(), measure, d)
			dates = append(dates, guidance.DueWords(d.GetDue())+": "+d.GetTitle()+" ("+whose+")")
		}
	}
	switch {
	case len(dates) == 1 && how.dense:
		if !how.least {
			p.Gap()
		}
		p.Para(0, head+" "+dates[0])
	case len(dates) > 0:
		p.Head(head)
	}
	for _, words := range dates {
		if !how.dense || len(dates) > 1 {
			p.Hang("  ", words)
		}
	}
}

// disputed are those by whose readings of the contract a breach, or a dispute, can come of what a
// line is on; none: it cannot. It takes no line for that: who proposes a measure may claim a breach, and one
// reading alone may be that it is disputed.
func disputed(v *answersv1.CombinedView, line *answersv1.Line) (by []string) {
	measure := guidance.MeasureOf(v.GetMatter(), line.GetMeasure())
	claims := claimsOn(v, line)
	read, mentioned := line.GetEffects(), besideEffects(v, line)
	for _, one := range mentioned {
		read = slices.Concat(read, one.effects)
	}
	for _, st := range line.GetSaidToPart() { // from a day ahead on, too
		read = slices.Concat(read, guidance.EffectsSaid(v.GetMatter(), line.GetMeasure(), st.GetPosition()))
	}
	open := slices.ContainsFunc(slices.Concat(read, measure.GetClaimedEffects()), func(e *guidancev1.DatedEffect) bool {
		is := e.GetEffect() == guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH || e.GetEffect() == guidancev1.ContractEffect_CONTRACT_EFFECT_DISPUTED
		return is && (e.GetValidUntil() == "" || e.GetValidUntil() >= v.GetAsOf())
	})
	reads := guidance.EffectsWords(read, v.GetAsOf()) != ""
	claimed := guidance.EffectsWords(measure.GetClaimedEffects(), v.GetAsOf()) != ""
	differ := line.GetObligation() == answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC && reads && claimed
	for _, one := range mentioned { // to whomever it is
		for _, other := range [][]*guidancev1.DatedEffect{line.GetEffects(), measure.GetClaimedEffects()} {
			otherwise := guidance.ObligationOn(one.effects, other, v.GetAsOf()) == answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC
			differ = differ || otherwise && guidance.EffectsWords(other, v.GetAsOf()) != ""
		}
	}
	if !open && !differ && len(claims) == 0 && !slices.ContainsFunc(line.GetWarnings(), isOfContract) {
		return nil
	}
	if reads {
		name := line.GetCommitteeName()
		if as := asReported(line); as != "" {
			name += ", " + strings.TrimSuffix(as, ": ") + ","
		}
		by = append(by, name)
	}
	if claimed {
		by = append(by, guidance.ProposerOf(v.GetMatter(), line.GetMeasure()).GetName())
	}
	for _, claim := range claims {
		by = append(by, claim.GetClaimant().GetName())
	}
	return by
}

// isOfContract: a warning is of a line that meets the contract the wrong way.
func isOfContract(w *answersv1.Warning) bool {
	switch w.GetCode() {
	case answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL, answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH:
		return true
	}
	return false
}

// obliges: one of some obligations is in what a line is on, on the day of a view or later.
func obliges(v *answersv1.CombinedView, line *answersv1.Line, to ...answersv1.Obligation) bool {
	return slices.Contains(to, line.GetObligation()) || slices.ContainsFunc(line.GetObligations(), func(o *answersv1.DatedObligation) bool {
		return slices.Contains(to, o.GetObligation()) && (o.GetValidUntil() == "" || o.GetValidUntil() >= v.GetAsOf())
	})
}

// rows writes each of several behind one lead.
func (p *Page) rows(lead string, all []string) {
	for _, s := range all {
		p.Hang(lead, s)
		lead = strings.Repeat(" ", len(lead))
	}
}

// asides writes what to look at twice in each of some lines, and what stands beside them.
func (p *Page) asides(said []voice, how viewing) {
	p.rows("  Look twice   ", lookTwice(said, how.late))
	for _, one := range standingBeside(said) {
		p.Hang(fmt.Sprintf("  %-13s", one.lead), one.words)
	}
}

// lookTwice is what to look at twice in each of some lines; late: when they were logged is said elsewhere.
func lookTwice(said []voice, late bool) []string {
	return saidBy(said, func(line *answersv1.Line) (words []string) {
		for _, w := range line.GetWarnings() {
			if (!late || w.GetCode() != answersv1.WarningCode_WARNING_CODE_LOGGED_LATE) && !guidance.IsSaidByEnd(line, w) {
				words = append(words, w.GetWords())
			}
		}
		return words
	})
}

// standingBeside is what stands beside each of some lines and is not the line; what is beside several, once.
func standingBeside(said []voice) (rows []row) {
	for _, group := range []struct {
		lead  string
		items func(*answersv1.Line) []*answersv1.Statement
	}{
		{"Also", (*answersv1.Line).GetMentions},
		{"Waiting", (*answersv1.Line).GetWaiting},
		{"Reported", (*answersv1.Line).GetReportedSince},
		{"Perhaps", func(line *answersv1.Line) []*answersv1.Statement {
			return guidance.WouldAnswer(line.GetMayHaveBeenIssued())
		}},
	} {
		for _, words := range saidBy(said, func(line *answersv1.Line) (words []string) {
			for _, st := range group.items(line) {
				words = append(words, asideWords(line, st))
			}
			return words
		}) {
			rows = append(rows, row{lead: group.lead, words: words})
		}
	}
	return rows
}

// asideWords are a statement that stands beside a line.
func asideWords(line *answersv1.Line, st *answersv1.Statement) string {
	words := positionWords(st.GetPosition(), st.GetPosition().GetOpinion())
	if st.GetPosition().GetProvenance() == guidancev1.Provenance_PROVENANCE_RELAY {
		words = "passes on " + cmp.Or(st.GetPassesOn(), "another") + "'s line"
	}
	if st.GetPosition().GetProvenance() == guidancev1.Provenance_PROVENANCE_REPORTED {
		words = guidance.PositionNoun(st.GetPosition()) + qualifiedWords(st.GetPosition(), st.GetPosition().GetOpinion())
	}
	if by := st.GetSource().GetPublisher(); by != "" {
		words += ", says " + by
	}
	words = notation.Joined(": ", guidance.ToOthersWords(line, st), words)
	return fmt.Sprintf("%s, %s [%s]", words, guidance.RangeWords(st.GetIssued()), st.GetAdvisory())
}
