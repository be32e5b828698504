package plain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What is asked, by when and with which text, on a page in brief (practicebrief.go).

// briefAsked is what is asked by no day, of practices first and most strongly first, what one asks as strongly, of the
// same and on one condition together. Of whom it is asked is not cut: of others than practices it stands first.
func briefAsked(v *answersv1.CombinedView, due []entry) (labels []label) {
	type group struct {
		who, others, condition string
		strength               guidancev1.ActionStrength
	}
	var groups []group
	asked := map[group][]item{}
	inWords := len(due) == 0 || !hasDay(due[0].due)
	for _, one := range askedOf(v, func(all []request) []request {
		return slices.DeleteFunc(all, func(act request) bool {
			return act.isAhead(v) && picture.ForPractices(act.GetActors()) && (inWords || hasDay(act.GetDue())) // which stands with by when
		})
	}) {
		act, of := &one.act, group{one.who, "", one.condition, cmp.Or(one.act.GetStrength(), guidancev1.ActionStrength_ACTION_STRENGTH_ASKED)}
		if !picture.ForPractices(act.GetActors()) {
			of.others = cutWords(guidance.AudiencesWords(act.GetActors()), mostOfLead)
		}
		if asked[of] == nil {
			groups = append(groups, of)
		}
		item := askedInBrief(v, act, of.others == "")
		if of.strength == guidancev1.ActionStrength_ACTION_STRENGTH_MUST && of.others == "" && act.who == "" {
			item.weight = ofDuties
		}
		asked[of] = append(asked[of], item)
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(min(len(a.others), 1), min(len(b.others), 1)), cmp.Compare(a.strength, b.strength), cmp.Compare(min(len(a.condition), 1), min(len(b.condition), 1)))
	})
	for i, of := range groups {
		items, asks := asked[of], strengthWords(of.who, &guidancev1.Action{Strength: of.strength})
		if open, is := strings.CutSuffix(asks, " to you"); is && of.others != "" {
			asks = open + " to " + of.others
		} else if of.others != "" {
			asks += ", of " + of.others
		}
		lead := notation.Capital(notation.Joined(", ", asks, notation.Small(cutWords(of.condition, mostOfLead))))
		if of.condition != "" && i > 0 && groups[i-1].who == of.who && groups[i-1].others == of.others { // who asks it of whom stands before
			if lead = cutWords(of.condition, mostOfLead); strengthInBrief(of.strength) != "" {
				lead += " (" + strengthInBrief(of.strength) + ")"
			}
		}
		if len(labels) < asksShown {
			labels = append(labels, labelled(lead, "; ", ofAsked, items))
			if of.others != "" && i > 0 { // what practices are asked has room first
				labels[len(labels)-1].items[0].weight = ofOthers
			}
			continue
		}
		last := labels[asksShown-1]
		for i := range items { // each says whose it is, whatever has room before it
			items[i].whole = notation.Joined(" ", notation.Small(lead)+":", items[i].whole)
		}
		labels[asksShown-1] = labelled(last.lead, last.between, ofAsked, append(last.items, items...))
	}
	return labels
}

// askedInBrief is what is asked, of whom, where the page does not lead it with that, and with what line.
func askedInBrief(v *answersv1.CombinedView, act *request, named bool) item {
	one := item{whole: cutWords(act.whom.lead(), mostOfLead), words: notation.Joined(", ", guidance.ActionWords(act.Action), guidance.DueWords(act.GetDue()))}
	if act.on != nil {
		one.whole = notation.Joined(": ", one.whole, onInBrief(v, act.on))
	}
	if one.whole != "" {
		one.whole += ":"
	}
	var marks []string
	if named && !slices.Contains(act.GetActors(), act.reader(v)) {
		marks = append(marks, guidance.AudiencesWords(act.GetActors()))
	}
	marks = append(append(marks, act.where(v)...), guidance.WhenAskedWords(act.also))
	if act.isPast(v) {
		marks = append(marks, "that day has passed")
	}
	for i := range marks {
		marks[i] = cutWords(shortDays(marks[i], nil), mostOfLead)
	}
	if of := notation.Joined(", ", marks...); of != "" {
		one.end = "(" + of + ")"
	}
	if letters := act.letters(); letters != nil {
		one.end = notation.Joined(" ", one.end, "["+strings.Join(letters, ", ")+"]")
	}
	return one
}

// briefDue are what has its place by when: a practice's own days, soonest first, and, where it has none, what is due
// by a rule in words, which stands with what is asked where there are days.
func briefDue(v *answersv1.CombinedView) (all []entry) {
	for _, c := range v.GetCommittees() {
		topics := topicsOf(v, c)
		all = append(all, dueEntries(v, fallsDue(v, topics), datesOf(v, topics))...)
	}
	all = append(all, dueEntries(v, nationalDue(v), nil)...)
	slices.SortStableFunc(all, func(a, b entry) int { return guidance.CompareDue(a.due, b.due) })
	if i := slices.IndexFunc(all, func(one entry) bool { return !hasDay(one.due) }); i > 0 {
		return all[:i]
	}
	return all
}

// hasDay: something is due by a day that is known here.
func hasDay(d *guidancev1.Due) bool {
	day, _ := guidance.DueMoment(d)
	return day != ""
}

// briefDates are a practice's own days, soonest first, with how strongly something is asked, of whom and on what
// condition, and dates of others, as theirs. A must, and what the contract requires, is a duty.
func briefDates(v *answersv1.CombinedView, all []entry) (items []item) {
	standing := 0
	for _, due := range all {
		must, may := due.strength == guidancev1.ActionStrength_ACTION_STRENGTH_MUST, due.strength == guidancev1.ActionStrength_ACTION_STRENGTH_MAY
		marks := []string{strengthInBrief(due.strength)}
		for _, of := range slices.Concat(due.of, due.holds) {
			marks = append(marks, cutWords(shortDays(of, nil), mostOfLead))
		}
		one := item{whole: notation.Joined(": ", shortDays(guidance.DueWords(due.due), nil), cutWords(due.lead, mostOfLead)) + ":", words: due.what}
		if due.on != nil {
			one.whole += " " + onInBrief(v, due.on) + ":"
		}
		if of := notation.Joined(", ", marks...); of != "" {
			one.end = "(" + of + ")"
		}
		switch {
		case due.national && len(items) > 0: // behind what the practice's own ask
			one.weight = ofAsked
		case must || due.binds:
			one.weight = ofDuties
		case len(items) == 0, !may && standing < asksShown:
			standing++
		default:
			one.weight = ofDays
		}
		if !slices.ContainsFunc(items, func(o item) bool { o.weight = one.weight; return o == one }) {
			items = append(items, one)
		}
	}
	if len(items) == 0 && len(v.GetCommittees()) > 0 {
		items = append(items, item{whole: noDate(v)})
	}
	for _, d := range othersDates(v) {
		one := item{whole: d.whose + ", " + shortDays(guidance.DueWords(d.GetDue()), nil) + ":", words: d.GetTitle()}
		if len(items) > 0 {
			one.weight = ofOthers
		}
		items = append(items, one)
	}
	return items
}

// strengthInBrief is how strongly something is asked, where it is not just asked.
func strengthInBrief(s guidancev1.ActionStrength) string {
	switch s {
	case guidancev1.ActionStrength_ACTION_STRENGTH_MUST:
		return "a must"
	case guidancev1.ActionStrength_ACTION_STRENGTH_MAY:
		return "if you like"
	case guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, guidancev1.ActionStrength_ACTION_STRENGTH_UNSPECIFIED:
		return ""
	}
	return "how strongly is not known here"
}

// briefTexts are the texts to send, by for whom and in which letters.
func briefTexts(v *answersv1.CombinedView) (items []item) {
	var whom []string
	letters := map[string][]string{}
	var asks []request
	for _, c := range v.GetCommittees() {
		asks = append(asks, requestsOf(v, topicsOf(v, c))...)
	}
	for _, act := range append(asks, nationalAsks(v)...) {
		for _, one := range act.by {
			to := guidance.AudiencesWords(one.GetTemplateFor())
			if one.GetTemplate() == "" || slices.Contains(letters[to], one.letter()) {
				continue
			}
			if letters[to] == nil {
				whom = append(whom, to)
			}
			letters[to] = append(letters[to], one.letter())
		}
	}
	for _, to := range whom {
		items = append(items, item{whole: notation.Joined(", to ", "text in "+notation.List(letters[to]), to)})
	}
	if len(items) == 0 && len(v.GetCommittees()) > 0 {
		items = append(items, item{whole: "none issued"})
	}
	return items
}

// noDate is that nothing is due of practices; where others have set them dates, that their LMC has not.
func noDate(v *answersv1.CombinedView) string {
	if len(othersDates(v)) > 0 {
		return "no date of your LMC’s"
	}
	return "no date for practices"
}
