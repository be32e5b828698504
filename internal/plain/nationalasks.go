package plain

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// nationalAsks is what the national committee asks itself of those a page is for, as its own: not what a committee of
// theirs asks too, of all of these.
func nationalAsks(v *answersv1.CombinedView) []request { return nationalBy(v, askedBy) }

// nationalDue are these, and what it will ask again.
func nationalDue(v *answersv1.CombinedView) []request {
	return withAgain(nationalAsks(v), nationalBy(v, askedAgain))
}

func nationalBy(v *answersv1.CombinedView, by func(voice) []asking) []request {
	c := v.GetNational()
	if c.GetHeadline() == nil {
		return nil
	}
	var own []request
	for _, of := range v.GetCommittees() {
		if of.GetOwn() {
			own = append(own, requestsBy(v, topicsOf(v, of), by)...)
		}
	}
	asks := slices.DeleteFunc(ofReaders(v, requestsBy(v, topicsOf(v, c), by)), func(act request) bool {
		return slices.ContainsFunc(own, func(o request) bool { return o.asksAllOf(v, act) })
	})
	for i := range asks {
		asks[i].who = c.GetHeadline().GetCommitteeName()
	}
	return asks
}

// asksAllOf: it asks what another committee asks, in the same words, by the same time and as strongly, of all whom that is
// asked of, and until then; tied to nothing that the other is not. What is put otherwise may be something else.
func (r *request) asksAllOf(v *answersv1.CombinedView, other request) bool {
	reader := v.GetAudience()
	same := r.GetMeasure() == other.GetMeasure() && proto.Equal(r.GetDue(), other.GetDue()) && strings.EqualFold(guidance.ActionWords(r.Action), guidance.ActionWords(other.Action))
	holds := func(words string) bool { return words == "" || slices.Contains(other.holds(), words) }
	return same && guidance.IsNoWeaker(r.Action, other.Action) && !slices.ContainsFunc(r.holds(), func(words string) bool { return !holds(words) }) &&
		(r.GetScope() == "" || strings.EqualFold(r.ofGroup(v), other.ofGroup(v))) && (r.GetArea() == nil || proto.Equal(r.GetArea(), other.GetArea())) &&
		r.isAskedOf(other.askedOf(reader), reader) && r.whom.covers(other.whom)
}

// askedOf are those whom it is asked of by name, else who reads the page.
func (r *request) askedOf(reader guidancev1.Audience) []guidancev1.Audience {
	if len(r.GetActors()) == 0 {
		return []guidancev1.Audience{reader}
	}
	return r.GetActors()
}

// isAskedOf: it is asked of each of some audiences, or of those that these are among.
func (r *request) isAskedOf(some []guidancev1.Audience, reader guidancev1.Audience) bool {
	return !slices.ContainsFunc(some, func(one guidancev1.Audience) bool {
		return !slices.ContainsFunc(r.askedOf(reader), func(of guidancev1.Audience) bool { return guidance.Contains(of, one) })
	})
}

// national writes what the national committee says, on how many measures it has more to say, what it asks itself, and
// which texts to send with that.
func (p *Page) national(v *answersv1.CombinedView, how viewing) {
	c := v.GetNational()
	line, measures := c.GetHeadline(), c.GetOwnMeasureLines()
	said := append([]*answersv1.Line{line}, c.GetParts()...)
	if how.tight || how.dense && isSilent(line) && measures == 0 {
		p.Gap()
		p.Para(0, "National: "+lineWords(v.GetMatter(), v.GetMeasure(), line))
		said = said[1:]
	} else {
		p.Head("National: " + line.GetCommitteeName())
	}
	for _, of := range said {
		p.first(lineWords(v.GetMatter(), v.GetMeasure(), of))
	}
	switch {
	case measures == 0 || v.GetMeasure() != "":
	case how.tight:
		p.Hang("  ", "Lines of its own, in force or to come, on "+measuresWords(measures)+": --measure ID.")
	default:
		p.Hang("  ", "It has lines of its own on "+measuresWords(measures)+", in force or to come"+p.typed(": see one with --measure ID")+".")
	}
	p.asides(voices(line)[:1], how)
	asks, who := nationalAsks(v), line.GetCommitteeName()
	if how.tight {
		who = "it"
	}
	p.rows("  To do        ", toDo(v, who, asks, how))
	p.rows("  To send      ", toSend(v, asks, p.unlaid, how.tight))
	if p.unlaid {
		p.texts(v, asks)
	}
}
