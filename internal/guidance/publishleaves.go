package guidance

import (
	"cmp"
	"math"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What an advisory leaves is found by asking the rule itself, with the advisory among
// what stands: who has a line by what it ends, and what line they have afterwards.

// gap is a question that loses its line.
type gap struct {
	matter    string
	measure   string
	scope     string        // the group that had the line; empty: in general
	audiences string        // their numbers as runes; empty: all that had the line, who are those asked about in general
	area      notation.Area // zero: all that had the line
	but       string        // the areas within that which have another by what is published, as they are told
	outcome
}

// outcome is what takes the place of a line, and from which day on: nothing, the older line of an
// entry, or for a group what the new letter says in general.
type outcome struct {
	from    string
	instead string
	general bool
	stance  v1.Stance
	over    string // the day ahead from which on something else answers; empty: none is known
	by      string // whose line that is; empty: nothing does, or what is published says it itself
	then    v1.Stance
}

// leavesGaps warns of whoever has a line by an advisory that this one ends, and will
// have none, or an older one, when this one holds.
func (p *publishing) leavesGaps(a *v1.Advisory) {
	if len(a.GetReplaces())+len(a.GetAmends()) == 0 {
		return
	}
	for i, name := range slices.Concat(a.GetReplaces(), a.GetAmends()) {
		how := answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES
		if i >= len(a.GetReplaces()) {
			how = answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS
		}
		p.warnOfGaps(p.standing.Entry(name), validFrom(a), how, nil)
	}
}

// with is what stands with an entry that is about to be published, the last of the log.
func (p *publishing) with(fresh Entry) *Prepared {
	fresh.Office, fresh.Epoch, fresh.Index = p.Office, math.MaxUint32, math.MaxUint64
	return p.standing.Beside(p.ctx, []Entry{fresh})
}

// warnOfGaps warns of the gaps that ending one advisory on a day leaves, but where what is restored
// stands instead.
func (p *publishing) warnOfGaps(target *Entry, ends string, how answersv1.ConsequenceKind, restored []string) {
	gaps := p.gapsAfter(target, ends)
	for _, g := range gaps.keys {
		isRestored, readers := slices.Contains(restored, g.instead), gaps.members[g]
		w := &answersv1.Warning{
			Code: answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, Measure: g.measure, From: g.from, Entry: target.ID, Scope: readers[0].position.GetScope(),
			Audiences: audiencesOf(g.audiences), Area: AreaID(g.area), Quote: g.but, Instead: g.instead, Stance: g.stance, Consequence: how,
		}
		for _, lost := range readers {
			w.Committees = append(w.Committees, lost.committee)
		}
		r := reader{committee: readers[0].committee, measure: g.measure, scope: g.scope, area: g.area, audience: append(w.Audiences, readers[0].position.GetAudiences()...)[0]}
		comesBack := func(by, from string, stance v1.Stance) {
			p.warnOn(g.matter, &answersv1.Warning{
				Code: answersv1.WarningCode_WARNING_CODE_COMES_BACK, Measure: g.measure, From: from, Entry: by, Stance: stance, Scope: w.Scope, Audiences: w.Audiences, Area: w.Area,
				Committees: w.Committees, Asks: p.asksThen(r, g.matter, from, p.after.Entry(by)),
			})
		}
		if isRestored {
			if g.from > max(ends, p.Today) { // and holds from a day ahead only
				comesBack(g.instead, g.from, g.stance)
			}
			was := p.standing.answer(r.asks(p.findMatter(g.matter), cmp.Or(g.over, g.from))).current
			if g.over == "" || was == nil || was.entry != target { // who would be told the same without this by then
				continue
			}
		}
		if how == answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS && !isRestored {
			w.Quote = p.butRestored(target, g, readers, restored)
		}
		if g.over != "" {
			w.Until = notation.DayBefore(g.over)
		}
		if now := p.after.Entry(g.instead); now != nil {
			if w.Title = sourceWords(now.Report.GetSource()); now.Issued().GetLatest() > target.Issued().GetLatest() { // and no older line
				w.Issued = target.Issued()
			}
		}
		if target.Report != nil {
			w.ClaimedBy = cmp.Or(p.Register.OfficeName(target.Office), target.Office)
		}
		if g.general {
			w.Code = answersv1.WarningCode_WARNING_CODE_GROUP_ENDS
		}
		if g.instead != "" {
			w.Asks = p.asksThen(r, g.matter, max(g.from, p.Today), p.after.Entry(g.instead))
		}
		if !isRestored {
			p.warnOn(g.matter, w)
		}
		if g.over != "" && g.then == v1.Stance_STANCE_UNSPECIFIED { // and nothing does after that
			none := proto.CloneOf(w)
			none.From, none.Until, none.Instead, none.Stance, none.Asks, none.Title, none.Issued = g.over, "", "", v1.Stance_STANCE_UNSPECIFIED, "", "", nil
			if g.from = g.over; how == answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS {
				none.Quote = p.butRestored(target, g, readers, restored)
			}
			if g.outcome = p.then(r.asks(p.findMatter(g.matter), g.over), outcome{}); g.over != "" {
				none.Until = notation.DayBefore(g.over)
			}
			p.warnOn(g.matter, none)
		}
		if g.by != "" {
			comesBack(g.by, g.over, g.then)
		}
	}
}

// lostLine is a line that somebody loses.
type lostLine struct {
	position  *v1.Position
	committee string
}

// gapsAfter is the gaps that ending one advisory leaves, with the committees.
func (p *publishing) gapsAfter(target *Entry, ends string) grouped[gap, lostLine] {
	var gaps grouped[gap, lostLine]
	for _, c := range p.inPlaceOf(CommitteesOf(*target)) {
		for _, s := range p.standing.saidBy(target, c) {
			if p.standing.stopped() {
				return gaps
			}
			lost := p.lostAudiences(s, c, ends)
			for _, of := range lost.keys {
				g := gap{matter: s.position.GetMatter(), measure: s.position.GetMeasure(), scope: s.scope, area: of.area, but: of.but, outcome: of.outcome}
				inGeneral := slices.ContainsFunc(s.position.GetAudiences(), func(a v1.Audience) bool {
					return Contains(a, DefaultAudience(p.findMatter(g.matter), g.measure))
				})
				if readers := lost.members[of]; len(readers) < len(s.position.GetAudiences()) || !inGeneral {
					for _, audience := range readers {
						g.audiences += string(rune(audience))
					}
				}
				if !slices.ContainsFunc(gaps.members[g], func(l lostLine) bool { return l.committee == c }) {
					gaps.add(g, lostLine{s.position, c})
				}
			}
			for _, g := range p.lostApart(s, c, ends) {
				gaps.add(g, lostLine{s.position, c})
			}
		}
	}
	return gaps
}

// inPlaceOf are the committees to ask for what some of them leave: for one that is over, those it
// was merged into.
func (p *publishing) inPlaceOf(committees []string) (now []string) {
	for _, c := range committees {
		of := []string{c}
		if p.Register.IsOver(c, p.Today) {
			of = p.standing.whoAnswers(c, p.Today)
		}
		for _, c := range of {
			if !slices.Contains(now, c) {
				now = append(now, c)
			}
		}
	}
	return now
}

// AreaID is an area as messages name it; nil: of none.
func AreaID(area notation.Area) *v1.AreaId {
	if area == (notation.Area{}) {
		return nil
	}
	return &v1.AreaId{Scheme: area.Scheme, Code: area.Code}
}

func audiencesOf(numbers string) []v1.Audience {
	var all []v1.Audience
	for _, n := range numbers {
		all = append(all, v1.Audience(n))
	}
	return all
}

// saidBy is what one entry says for a committee that is a line, or may become one.
func (p *Prepared) saidBy(e *Entry, committee string) []*assertion {
	var said []*assertion
	for _, matter := range MattersOf(*e) {
		for _, s := range p.saidIn(e, topic{matter, committee}) {
			if !s.mention {
				said = append(said, s)
			}
		}
	}
	return said
}
