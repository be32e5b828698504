package plain

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// nationalAsks is what the national committee asks itself of those a page is for, as its own: not what a committee of
// theirs asks too, in the same words by the same time, or by that time with the national line where it passes that on.
func nationalAsks(v *answersv1.CombinedView) []request {
	c := v.GetNational()
	if c.GetHeadline() == nil {
		return nil
	}
	var own []request
	for _, of := range v.GetCommittees() {
		if of.GetOwn() {
			own = append(own, requestsOf(v, topicsOf(v, of))...)
		}
	}
	asks := slices.DeleteFunc(ofReaders(v, requestsOf(v, topicsOf(v, c))), func(act request) bool {
		return slices.ContainsFunc(own, func(o request) bool {
			again := strings.EqualFold(guidance.ActionWords(o.Action), guidance.ActionWords(act.Action))
			return o.GetMeasure() == act.GetMeasure() && proto.Equal(o.GetDue(), act.GetDue()) && (again || o.passesOn(c.GetHeadline().GetCommittee()))
		})
	})
	for i := range asks {
		asks[i].who = c.GetHeadline().GetCommitteeName()
	}
	return asks
}

// passesOn: a letter that asks it passes on what another committee says.
func (r *request) passesOn(committee string) bool {
	return slices.ContainsFunc(r.by, func(of asking) bool {
		return slices.ContainsFunc(append(slices.Clone(of.line.GetMentions()), of.line.GetCurrent()), func(st *answersv1.Statement) bool {
			p := st.GetPosition()
			return st.GetAdvisory() == of.letter() && p.GetProvenance() == guidancev1.Provenance_PROVENANCE_RELAY && p.GetRelayOf().GetCommittee() == committee
		})
	})
}

// nationalAsks writes what the national committee asks itself, and which texts to send with that.
func (p *Page) nationalAsks(v *answersv1.CombinedView) {
	var todo []string
	asks := nationalAsks(v)
	for _, act := range asks {
		words := notation.Joined(", ", append([]string{act.words(act.who, v)}, act.holds()[2:]...)...)
		if act.letters() == nil {
			words += " [" + act.letter() + "]"
		}
		todo = append(todo, words)
	}
	p.rows("  To do        ", todo)
	p.rows("  To send      ", toSend(v, asks, p.unlaid))
	if p.unlaid {
		p.texts(asks)
	}
}
