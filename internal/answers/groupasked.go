package answers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// groupsNamed is how many groups that have one id are named in a refusal.
const groupsNamed = 6

// askScope finds the group that is asked about, which goes by its words from here on: an id may mean another to another
// LMC, or by another day.
func (m *moment) askScope(sel *answersv1.Selector, q *question) error {
	if sel.GetScope() == "" || q.matter == nil {
		return nil
	}
	group, err := m.groupAsked(sel.GetScope(), q, q.own)
	if err == nil {
		q.scope = group.Text()
	}
	return err
}

// groupAsked is a group by its id, or by its words. An id that stands for several on what is asked is that of one's own
// committees, where these mean one by it; else the question is refused, and so is a group that nobody has spoken of and that
// the matter does not list: the general line would be told as that group's.
func (m *moment) groupAsked(asked string, q *question, own []string) (picture.Group, error) {
	today := *q // not spoken of then: its id of today will do
	today.feed, today.register = everything, m.reg
	var ids []string
	for _, then := range []*question{q, &today} {
		said, err := m.said(then)
		if err != nil {
			return picture.Group{}, err
		}
		found := picture.GroupsAsked(said, q.measure, q.whole, q.asOf, asked)
		if len(found) > 1 {
			for _, c := range own {
				own = append(slices.Clip(own), then.register.Predecessors(c)...)
			}
			ours := slices.DeleteFunc(slices.Clone(found), func(g picture.Group) bool {
				return !slices.ContainsFunc(g.Committees, func(c string) bool { return slices.Contains(own, c) })
			})
			if len(ours) == 1 {
				found = ours
			}
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return picture.Group{}, m.severalGroups(asked, found, q)
		}
		ids = picture.GroupIDs(said)
	}
	return picture.Group{}, unknownOf(q.matter, fault.ErrUnknownScope, "group", asked, ids)
}

// severalGroups refuses an id that several groups have, each with who says so.
func (m *moment) severalGroups(asked string, groups []picture.Group, q *question) error {
	var words []string
	for _, g := range groups[:min(len(groups), groupsNamed)] {
		var who []string
		if g.Listed {
			who = append(who, "the matter")
		}
		for _, c := range g.Committees[:min(len(g.Committees), groupsNamed)] {
			name := m.reg.CommitteeName(c)
			if name == "" {
				name = c
			}
			who = append(who, name)
		}
		if more := len(g.Committees) - groupsNamed; more > 0 {
			who = append(who, fmt.Sprintf("%d more", more))
		}
		words = append(words, fmt.Sprintf("“%s” (%s)", notation.CleanLine(guidance.ScopeWords(g.Scope)), notation.List(who)))
	}
	if more := len(groups) - groupsNamed; more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	on := guidance.MatterName(q.matter.Name).Slug()
	if q.measure != "" {
		on = q.measure + " of " + on
	}
	ask := strings.ReplaceAll(notation.CleanLine(groups[len(groups)-1].Text()), "'", "’")
	return invalid("selector.scope", fmt.Sprintf("the group %s is not the same to all who speak of it on %s: %s", asked, on, strings.Join(words, "; ")),
		fmt.Sprintf("ask for one by its words: --scope '%s'", ask), "several groups")
}

// isUnknownGroup: nobody speaks of a group that was asked for.
func isUnknownGroup(err error) bool { return errors.Is(err, fault.ErrUnknownScope) }
