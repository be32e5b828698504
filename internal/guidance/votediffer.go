package guidance

import (
	"math"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What one vote tells of nobody, two on the same question may: who came to it between two days, who is
// in the whole and not in a part, how many a share is of that the other gives in figures.

// putAs is how the question is compared that practices or GPs were asked and counted by; empty: none were.
func putAs(v *v1.Vote) string {
	if !countsPeople(v) {
		return ""
	}
	return SameWords(v.GetQuestion())
}

// differs refuses what a vote tells beside another on the same question that was published, or will be:
// figures that certainly differ by so few that they could be found out.
func (f *faults) differs(path string, v, other *v1.Vote, where string) {
	before := numbersOf(other)
	for _, figure := range numbersOf(v) {
		for _, was := range before {
			if figure.field != was.field {
				continue
			}
			least, most := figure.least-was.most, figure.most-was.least
			if least < 0 && most < 0 {
				least, most = -most, -least
			}
			if least > 0 && most < smallest {
				f.add(path, "differs from %s, on the same question, by fewer than %d practices or GPs in %s, who "+foundOut+": leave that out", where, smallest, figure.words)
			}
		}
	}
}

// addUp refuses what two tell together of one and the same vote, one in counts and one in shares.
func (f *faults) addUp(path string, v, other *v1.Vote, where string) {
	var both faults
	both.figures("", together(v, other))
	for _, fault := range both.list {
		if strings.Contains(fault.Reason, foundOut) {
			f.add(path+fault.Field, "beside %s, which tells of the same vote in other figures, this %s", where, fault.Reason)
		}
	}
}

// against holds a vote against another on the same question. What corrects that, in a letter that ends the
// one that told of it, may differ from it.
func (f *faults) against(path string, v, other *v1.Vote, where string, corrects bool) {
	if isOneVote(v, other) {
		f.addUp(path, v, other, where)
	} else {
		corrects = false
	}
	if !corrects {
		f.differs(path, v, other, where)
	}
}

// isOneVote: two that ask the same were of the same voters on the same days.
func isOneVote(a, b *v1.Vote) bool {
	return SameWords(a.GetVoters()) == SameWords(b.GetVoters()) && proto.Equal(a.GetHeld(), b.GetHeld())
}

// toldFigure is a number that a vote tells, or leaves to be worked out, of at least and at most so many.
type toldFigure struct {
	field, words string
	least, most  float64
}

// numbersOf are the numbers of a vote that are known: those of its figures, of who is not in one, and of who
// voted neither for, nor against, nor abstained, as far as these are told.
func numbersOf(v *v1.Vote) (all []toldFigure) {
	words := map[string]string{"asked": "how many were asked", "answered": "how many answered", "votes_for": "votes for", "votes_against": "votes against", "abstained": "abstentions"}
	var ways []string // in which each voted one, as counted
	rest := 0.0
	for _, one := range figuresOf(v) {
		least, most, known := one.between()
		if !known || one.isShare() && v.GetAnswered() == nil && one.figure != v.GetAnswered() {
			continue
		}
		name, field := words[one.field], one.field
		if one.option != nil {
			name = "votes for “" + clip(one.option.GetWords()) + "”"
			field = SameWords(one.option.GetWords())
		}
		all = append(all, toldFigure{field, name, least, most})
		ofLeast, ofMost, whole := one.of.between()
		if !whole || one.isShare() || one.of.isShare() {
			continue
		}
		all = append(all, toldFigure{"not " + field, "who is not among “" + name + "”", ofLeast - most, ofMost - least})
		if one.option == nil && one.figure != v.GetAnswered() {
			if ways == nil {
				rest = ofLeast
			}
			ways, rest = append(ways, name), rest-least
		}
	}
	if len(ways) > 1 { // else it is who is not in that
		words := "who is not among “" + strings.Join(ways, "” or “") + "”"
		all = append(all, toldFigure{words, words, rest, rest})
	}
	return all
}

// together is one vote as two tell it: counts of either go before shares, and where a figure stands as a
// count in one and as a share in the other, of how many that is.
func together(v, other *v1.Vote) *v1.Vote {
	both := proto.CloneOf(v)
	better := func(a, b *v1.Figure) *v1.Figure {
		if _, counted := b.GetPublished().(*v1.Figure_Count); a == nil || counted && a.GetPercentage() != "" {
			return b
		}
		return a
	}
	var whole *v1.Figure // of how many, by a count beside a share
	of := func(a, b *v1.Figure) {
		count, share := a, b
		if a.GetPercentage() != "" {
			count, share = b, a
		}
		f := votingFigure{figure: share, of: &votingFigure{figure: &v1.Figure{Published: &v1.Figure_Count{Count: 1_000_000}}}}
		if _, counted := count.GetPublished().(*v1.Figure_Count); counted && f.isShare() {
			if millionth, known := f.count(); known && millionth > 0 {
				whole = &v1.Figure{Published: &v1.Figure_Count{Count: int32(math.Min(math.Round(float64(count.GetCount())*1e6/float64(millionth)), math.MaxInt32))}}
			}
		}
	}
	for _, pair := range []struct {
		to   **v1.Figure
		a, b *v1.Figure
		cast bool
	}{
		{&both.Asked, v.GetAsked(), other.GetAsked(), false},
		{&both.Answered, v.GetAnswered(), other.GetAnswered(), false},
		{&both.VotesFor, v.GetVotesFor(), other.GetVotesFor(), true},
		{&both.VotesAgainst, v.GetVotesAgainst(), other.GetVotesAgainst(), true},
		{&both.Abstained, v.GetAbstained(), other.GetAbstained(), true},
	} {
		if pair.cast {
			of(pair.a, pair.b)
		}
		*pair.to = better(pair.a, pair.b)
	}
	for _, o := range other.GetOptions() {
		i := slices.IndexFunc(both.Options, func(p *v1.VoteOption) bool { return SameWords(p.GetWords()) == SameWords(o.GetWords()) })
		if i < 0 {
			both.Options = append(both.Options, o)
			continue
		}
		of(both.Options[i].GetFigure(), o.GetFigure())
		both.Options[i].Figure = better(both.Options[i].GetFigure(), o.GetFigure())
	}
	if _, counted := both.Answered.GetPublished().(*v1.Figure_Count); !counted && whole != nil {
		both.Answered = whole
	}
	return both
}

// published is a vote that an office tells of, and where.
type published struct {
	*v1.Vote
	where string
}

// besideLimit is how many other votes on one question a vote is held against together with another one.
const besideLimit = 64

// votesBefore holds the votes of a letter against those that its office told of before, on the same
// question: they stand in its log for good, whatever became of their letters. What other
// offices' letters tell is not held against it: their logs may come here later.
func (p *publishing) votesBefore(a *v1.Advisory) {
	asked, ended := map[string][]published{}, map[*v1.Vote]bool{}
	for i := range p.Voted {
		by := &p.Voted[i]
		for _, v := range by.Advisory.GetVotes() {
			asked[putAs(v)] = append(asked[putAs(v)], published{v, "the vote " + v.GetId() + " of " + by.ID})
			ended[v] = namesToEnd(a, by.ID)
		}
	}
	for i, v := range a.GetVotes() {
		if put := putAs(v); put != "" {
			path, before := at("votes", i), asked[put]
			for _, of := range before {
				if !slices.Contains(a.GetVotes(), of.Vote) {
					p.against(path, v, of.Vote, of.where, ended[of.Vote])
				}
			}
			p.remains(path, v, before)
			asked[put] = append(before, published{v, path})
		}
	}
}

// remains refuses what a vote leaves with two others of the same days: a whole and two parts of it, of which
// too few are in neither. Who is a part of whom no words tell for certain, so any three are held against
// each other.
func (f *faults) remains(path string, v *v1.Vote, before []published) {
	type voters struct {
		published
		figures []toldFigure
	}
	others := []voters{{published{v, ""}, numbersOf(v)}}
	for _, of := range slices.Backward(before) {
		if isNew := !slices.ContainsFunc(others, func(o voters) bool { return isOneVote(o.Vote, of.Vote) }); isNew && len(others) <= besideLimit && proto.Equal(of.GetHeld(), v.GetHeld()) {
			others = append(others, voters{of, numbersOf(of.Vote)})
		}
	}
	find := func(o voters, field string) (toldFigure, bool) {
		i := slices.IndexFunc(o.figures, func(n toldFigure) bool { return n.field == field })
		if i < 0 {
			return toldFigure{}, false
		}
		return o.figures[i], true
	}
	for _, own := range others[0].figures {
		for i, b := range others[1:] {
			y, told := find(b, own.field)
			if !told {
				continue
			}
			for _, c := range others[1:][i+1:] {
				z, told := find(c, own.field)
				if !told {
					continue
				}
				for _, three := range [][3]toldFigure{{own, y, z}, {y, own, z}, {z, own, y}} {
					least, most := three[0].least-three[1].most-three[2].most, three[0].most-three[1].least-three[2].least
					if least > 0 && most < smallest {
						f.add(path, "with %s and %s, on the same question, leaves fewer than %d practices or GPs in %s, were two of them parts of the third, and they "+foundOut+": leave that out", b.where, c.where, smallest, own.words)
						break
					}
				}
			}
		}
	}
}
