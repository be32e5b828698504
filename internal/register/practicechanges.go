package register

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What lists of practices change: which opened, closed, moved, merged or are called otherwise, whose LMCs
// become others, which are left in no LMC's area and which lie in two.

const (
	// practiceNames is how many practices are named before "and 3 more".
	practiceNames = 6
	// closingAtOnce and closingShare, in hundredths, are how many practices close or merge with one release
	// before that is asked about, whichever is more: in England some 15 to 60 do in a month.
	closingAtOnce, closingShare = 20, 4
	// releaseGap is how many days after the one before a release is asked about.
	releaseGap = 200
)

// changedPractices are the codes of practices of which something else is recorded, in order.
func changedPractices(before, after *Register) []string {
	if before.listed == after.listed {
		return nil
	}
	var codes []string
	was, is := before.lists(), after.lists()
	for _, code := range after.PracticeCodes() { // none is ever taken out
		if old := was.entry(code); old == nil || string(old.row) != string(is.of[code].row) {
			codes = append(codes, code)
		}
	}
	return codes
}

// listChanges are those of the practices of lists, as of today.
func listChanges(before, after *Register, today string) []*answersv1.RegisterChange {
	var changes []*answersv1.RegisterChange
	add := func(kind answersv1.RegisterChangeKind, field, was, is, words string) {
		changes = append(changes, &answersv1.RegisterChange{Kind: kind, Of: listSubject, Field: field, Before: was, After: is, Words: words})
	}
	const field = answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_FIELD
	for i, release := range after.releases[len(before.releases):] {
		if i < NamedLimit {
			add(field, "release", before.newestOf(release.source).name, release.name, "release: "+release.name)
		}
	}
	if lists := after.counts(); before.counted != after.counted && len(lists) > 0 {
		newest, was := lists[len(lists)-1], ""
		if had := before.counts(); len(had) > 0 {
			was = had[len(had)-1].GetRelease()
		}
		add(field, "patients", was, newest.GetRelease(), fmt.Sprintf("%s: %s at %s practices", newest.GetRelease(), notation.Thousands(newest.all), notation.Thousands(int64(len(newest.GetPatients())))))
	}
	some := map[string][]string{}
	was, is := before.committeesOfAll(today), after.committeesOfAll(today)
	for _, code := range changedPractices(before, after) {
		isSame := slices.Equal(was[code], is[code]) // whichever list, or area, has it for its LMCs
		for what, words := range practiceChanges(before.Practice(code), after.Practice(code), after, today, isSame) {
			some[what] = append(some[what], words)
		}
	}
	for _, what := range []string{"new", "opened", "open again", "merged", "closed", "moved", "added", "taken out", "renamed", "changed otherwise"} {
		if n := len(some[what]); n > 0 {
			add(field, what, "", notation.Thousands(int64(n)), fmt.Sprintf("%s: %s, %s", what, notation.Thousands(int64(n)), firstOf(some[what])))
		}
	}
	changes = append(changes, committeesOfLists(was, is, after, today)...)
	look := func(format string, args ...any) {
		changes = append(changes, &answersv1.RegisterChange{
			Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE, Of: listSubject, Day: today, Words: fmt.Sprintf(format, args...),
		})
	}
	if gone, open := len(some["closed"])+len(some["merged"]), before.openPractices(today); gone > max(closingAtOnce, open*closingShare/100) {
		look("%s of %s practices close or merge at once: a file that was cut short looks so. Ask its publisher how many rows it has, and read it again.", notation.Thousands(int64(gone)), notation.Thousands(int64(open)))
	}
	if again := some["open again"]; len(again) > 0 {
		look("Open again after they had closed: %s, %s. A file that is older than the day it is recorded of looks so.", notation.Counted(int64(len(again)), "practice", "practices"), firstOf(again))
	}
	for _, release := range after.releases[len(before.releases):] {
		if had := before.newestOf(release.source); had.day != "" && release.day > notation.MoveDay(had.day, releaseGap) {
			look("%s is of over %d days after %s: where its day is wrong, none of a day before it can be recorded any more.", release.name, releaseGap, had.name)
		}
	}
	return changes
}

// openPractices are how many practices of lists are open on a day.
func (r *Register) openPractices(day string) (n int) {
	if r.listed == nil {
		return 0
	}
	for _, one := range r.lists().of {
		if notation.IsWithin(day, one.from, one.until) {
			n++
		}
	}
	return n
}

// firstOf names the first of many practices.
func firstOf(words []string) string {
	if len(words) > practiceNames {
		return strings.Join(words[:practiceNames], "; ") + fmt.Sprintf("; and %s more", notation.Thousands(int64(len(words)-practiceNames)))
	}
	return strings.Join(words, "; ")
}

// practiceChanges is in which ways a practice is recorded otherwise, each with the practice in words. Where its LMCs
// are the same, it has not moved by coming into the list of one.
func practiceChanges(was, is *guidancev1.Practice, after *Register, today string, sameLMCs bool) map[string]string {
	called := is.GetCode() + " " + is.GetName()
	closes := is.GetValidUntil() != "" && is.GetValidUntil() != was.GetValidUntil()
	ways := map[string]string{}
	switch into := after.TookOver(is.GetCode()); {
	case closes && len(into) > 0:
		ways["merged"] = fmt.Sprintf("%s into %s %s, on %s", called, into[0], after.Practice(into[0]).GetName(), is.GetValidUntil())
	case closes && was != nil:
		ways["closed"] = called + ", on " + is.GetValidUntil()
	case was == nil && is.GetValidFrom() != "" && is.GetValidFrom() >= notation.MoveDay(today, -400):
		ways["opened"] = called + ", on " + is.GetValidFrom()
	case was == nil:
		ways["new"] = called
	case was.GetValidUntil() != "" && is.GetValidUntil() == "":
		ways["open again"] = called + ", closed on " + was.GetValidUntil()
		if len(into) > 0 {
			ways["open again"] += fmt.Sprintf(", as it merged into %s %s", into[0], after.Practice(into[0]).GetName())
		}
	}
	if was == nil || len(ways) > 0 {
		return ways
	}
	if was.GetName() != is.GetName() {
		ways["renamed"] = fmt.Sprintf("%s, until now %s", called, was.GetName())
	}
	then, now := lyingIn(was, sameLMCs), lyingIn(is, sameLMCs)
	if from, to := without(then, now), without(now, then); len(from)+len(to) > 0 && notation.IsWithin(today, is.GetValidFrom(), is.GetValidUntil()) {
		switch {
		case len(from) > 0 && len(to) > 0:
			ways["moved"] = fmt.Sprintf("%s, %s -> %s", called, notation.Names(from), notation.Names(to))
		case len(to) > 0:
			ways["added"] = called + ", to " + notation.Names(to)
		default:
			ways["taken out"] = called + ", of " + notation.Names(from)
		}
	}
	if len(ways) == 0 {
		ways["changed otherwise"] = called
	}
	return ways
}

// lyingIn are the areas that a practice is recorded to lie in last, but for those of lists where these are not asked.
func lyingIn(p *guidancev1.Practice, butLists bool) []string {
	var in []string
	for _, m := range p.GetLiesIn() {
		if m.GetValidUntil() == "" && !(butLists && m.GetArea().GetScheme() == ListScheme) {
			in = append(in, notation.AreaOf(m.GetArea()).String())
		}
	}
	return in
}

// committeesOfLists says which LMCs gain or lose practices, as of today, by the LMCs that each had and has; and to
// look at twice, which GP practices are in none's area, and which in two.
func committeesOfLists(was, is map[string][]string, after *Register, today string) []*answersv1.RegisterChange {
	gains, losses, of := map[string][]string{}, map[string][]string{}, map[string]bool{}
	var none, twice []string
	changed := 0
	for _, code := range after.PracticeCodes() {
		for _, id := range without(is[code], was[code]) {
			gains[id], of[id] = append(gains[id], code+" "+after.practiceName(code)), true
		}
		for _, id := range without(was[code], is[code]) {
			losses[id], of[id] = append(losses[id], code+" "+after.practiceName(code)), true
		}
		if !slices.Equal(was[code], is[code]) {
			changed++
		}
		one := after.listed.of[code]
		if !one.isPractice || !notation.IsWithin(today, one.from, one.until) {
			continue
		}
		switch {
		case len(is[code]) == 0:
			none = append(none, code+" "+after.practiceName(code))
		case len(is[code]) > 1:
			twice = append(twice, fmt.Sprintf("%s %s (%s)", code, after.practiceName(code), notation.List(is[code])))
		}
	}
	var changes []*answersv1.RegisterChange
	for i, id := range slices.Sorted(maps.Keys(of)) {
		if i == NamedLimit {
			changes = append(changes, &answersv1.RegisterChange{Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_COVERED, Words: fmt.Sprintf("and %d more LMCs gain or lose practices", len(of)-i)})
			break
		}
		var words []string
		if n := len(gains[id]); n > 0 {
			words = append(words, fmt.Sprintf("gains %s: %s", notation.Thousands(int64(n)), firstOf(gains[id])))
		}
		if n := len(losses[id]); n > 0 {
			words = append(words, fmt.Sprintf("loses %s: %s", notation.Thousands(int64(n)), firstOf(losses[id])))
		}
		changes = append(changes, &answersv1.RegisterChange{
			Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_COVERED, Of: "committee " + id, Day: today,
			Before: firstOf(losses[id]), After: firstOf(gains[id]), Words: after.CommitteeName(id) + " " + strings.Join(words, "; and "),
		})
	}
	look := func(all []string, format string) {
		if len(all) > 0 {
			changes = append(changes, &answersv1.RegisterChange{
				Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE, Of: listSubject, Day: today,
				Words: fmt.Sprintf(format, notation.Thousands(int64(len(all))), firstOf(all)),
			})
		}
	}
	look(none, "GP practices in no LMC's area: %s, which are told so: %s. Put them in a list of their LMC, or record the area that it covers.")
	look(twice, "GP practices in the areas of several LMCs: %s, which are told what each says: %s. Where that is not meant, these have to settle whose they are.")
	return changes
}

func (r *Register) practiceName(code string) string { return r.Practice(code).GetName() }

// committeesOfAll are the LMCs of each practice that is in a list, on a day: as CommitteesOfPractice has them,
// by id.
func (r *Register) committeesOfAll(day string) map[string][]string {
	covering := map[notation.Area][]string{} // the LMCs whose areas contain an area, as far as asked
	var lmcs []*guidancev1.Committee
	for _, c := range r.Committees(day) {
		if c.GetKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC {
			lmcs = append(lmcs, c)
		}
	}
	all := map[string][]string{}
	for _, code := range r.PracticeCodes() {
		for _, area := range r.PracticeIn(code, day) {
			key := notation.AreaOf(area)
			of, known := covering[key]
			if !known {
				around := r.around(key, asked(day))
				for _, c := range lmcs {
					if slices.ContainsFunc(areasOn(c, asked(day)), func(outer *guidancev1.AreaId) bool {
						return slices.Contains(around, notation.AreaOf(outer)) && r.Contains(outer, area, day)
					}) {
						of = append(of, c.GetId())
					}
				}
				covering[key] = of
			}
			all[code] = append(all[code], of...)
		}
		slices.Sort(all[code])
		all[code] = slices.Compact(all[code])
	}
	return all
}

// PracticeTurns are days on which practices, as lists change them, open or move, or have closed or left: the
// first most after a day, and the last most up to it. In order.
func PracticeTurns(before, after *Register, today string, most int) []string {
	turns := map[string]bool{}
	for _, code := range changedPractices(before, after) {
		for _, one := range []*entryOf{before.lists().entry(code), after.lists().entry(code)} {
			if one == nil {
				continue
			}
			turns[one.from], turns[notation.DayAfter(one.until)] = true, true
			for _, m := range one.liesIn {
				turns[m.from], turns[notation.DayAfter(m.until)] = true, true
			}
		}
	}
	days := slices.DeleteFunc(slices.Sorted(maps.Keys(turns)), func(day string) bool { return day <= notation.FirstDay })
	at, _ := slices.BinarySearch(days, notation.DayAfter(today))
	return days[max(0, at-most):min(len(days), at+most)]
}
