package answers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// linksTold is how many links of a matter an answer tells; how many more there are it counts.
const linksTold = 4

// link is that one matter is said to be the same as another, or to go on from it, by the office that opened the one.
type link struct {
	from, to, office string
	same             bool
}

// links are those of the matter of a question, its own before those that others claim of it, of these the keeper's
// and the reader's own offices' first: any office may claim one. What others say is read of matters as they are
// now, and so is not told of a moment that has passed.
func (m *moment) links(q *question) ([]link, error) {
	all := linksOf(knownMatter{q.matter, q.version})
	if end, _ := m.FeedEnd(); q.feed < end {
		return all, nil
	}
	matters, err := m.openingsAt(q.feed)
	if err != nil {
		return nil, err
	}
	near := append(m.speakersFor(q.own), m.Keeper)
	var nearest, others []link
	for _, of := range matters {
		for _, one := range of.links {
			told := slices.ContainsFunc(all, func(o link) bool { return o.same && one.same && o.to == one.from })
			switch {
			case one.to != q.matter.GetName() || told || of.opened > q.asOf:
			case slices.Contains(near, one.office):
				nearest = append(nearest, one)
			default:
				others = append(others, one)
			}
		}
	}
	return slices.Concat(all, nearest, others), nil
}

// linkWords tell what a question's matter is linked with, by whom, and where a committee of the reader's that has no
// line here has one under the other name. Lines are never carried from one to the other.
func (m *moment) linkWords(q *question, own []*answersv1.CommitteeView) (string, error) {
	if q.matter == nil {
		return "", nil
	}
	all, err := m.links(q)
	var said []string
	for i, one := range all {
		if i == linksTold {
			said = append(said, notation.Counted(int64(len(all)-i), "more matter is", "more matters are")+" said to be linked with it.")
			break
		}
		words, err := m.oneLink(q, one, own)
		if err != nil {
			return "", err
		}
		said = append(said, words)
	}
	return strings.Join(said, " "), err
}

func (m *moment) oneLink(q *question, one link, own []*answersv1.CommitteeView) (string, error) {
	other := one.to
	if one.from != q.matter.GetName() {
		other = one.from
	}
	found, err := m.findMatter(other, q.feed)
	here := err == nil && found.matter.GetName() == other
	called := other
	if here {
		called = "“" + found.matter.GetTitle() + "”" // its id is in the command
	}
	by := "By " + cmp.Or(m.reg.OfficeName(one.office), one.office) + ", "
	words := ""
	switch {
	case one.same:
		words = by + "this is the same as: " + called
	case other == one.to:
		words = by + "this goes on from: " + called
	default:
		words = by + called + " goes on from this"
	}
	if !here {
		return words + ", which is not here.", nil
	}
	words += fmt.Sprintf(": lmc view %s.", other)
	if one.same {
		there, err := m.linesThere(q, found, own)
		if err != nil {
			return "", err
		}
		if there != nil {
			whose := ""
			if q.practice != "" {
				whose = " --practice " + q.practice
			}
			words += fmt.Sprintf(" %s, with no line here, has one there: lmc view %s%s.", notation.List(there), other, whose)
		}
	}
	return words, nil
}

// linesThere are the reader's committees that have no line here and one on another matter.
func (m *moment) linesThere(q *question, other knownMatter, own []*answersv1.CommitteeView) (names []string, err error) {
	var without []string
	for _, c := range own {
		if c.GetOwn() && c.GetHeadline().GetCurrent() == nil && len(c.GetHeadline().GetContested()) == 0 {
			without = append(without, c.GetHeadline().GetCommittee())
		}
	}
	if without == nil {
		return nil, nil
	}
	of := *q
	of.matter, of.version, of.measure, of.scope = other.matter, other.entry, "", ""
	in, err := m.input(&of)
	if err != nil {
		return nil, err
	}
	in.Committees = slices.DeleteFunc(slices.Clone(in.Committees), func(c picture.Committee) bool { return !slices.Contains(without, c.GetId()) })
	view, err := picture.OwnView(m.ctx, in)
	if err != nil {
		return nil, err
	}
	for _, c := range view.GetCommittees() {
		lines := append([]*answersv1.Line{c.GetHeadline()}, c.GetMeasures()...)
		if slices.ContainsFunc(lines, func(line *answersv1.Line) bool { return line.GetState() == answersv1.LineState_LINE_STATE_STATED }) {
			names = append(names, c.GetHeadline().GetCommitteeName())
		}
	}
	return names, nil
}

// linksOf are the links that a matter claims.
func linksOf(of knownMatter) (all []link) {
	for i, name := range slices.Concat(of.matter.GetSameAs(), of.matter.GetFollows()) {
		if guidance.MatterName(name).Office() != "" {
			all = append(all, link{of.matter.GetName(), name, of.entry.Office, i < len(of.matter.GetSameAs())})
		}
	}
	return all
}
