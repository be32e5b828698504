package guidance

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// besides checks what an advisory says it stands beside: advisories of this office that
// are known here.
func (p *publishing) besides(a *v1.Advisory) {
	for i, name := range a.GetBeside() {
		field := at("beside", i)
		switch target := p.standing.Entry(name); {
		case !notation.IsEntryName(name): // said already
		case target == nil:
			p.addKind(ErrUnknownEntry, field, "no entry %s is known here: check its number", name)
		case target.Advisory == nil || target.Office != p.Office:
			p.add(field, "%s is not an advisory of %s: name one that is much like this", name, p.Office)
		}
	}
}

// nearlyTheSame refuses a second letter that is much like one that stands, unless it
// says which of the two is meant: readers would count one as two.
func (p *publishing) nearlyTheSame(a *v1.Advisory) {
	named := slices.Concat(a.GetReplaces(), a.GetAmends(), a.GetBeside())
	sameDay := span{a.GetIssued().GetEarliest(), a.GetIssued().GetLatest()}
	for _, e := range slices.SortedFunc(slices.Values(p.standing.issued.of(sameDay)), byArrival) {
		if p.standing.stopped() {
			return
		}
		if e.Advisory == nil || e.Office != p.Office || e.Repudiated || slices.Contains(named, e.ID) || !muchLike(a, e.Advisory) ||
			!p.standing.EndOf(*e, p.Today, p.findMatter).Current {
			continue
		}
		p.addKind(ErrNearlyTheSame, "replaces", "%s is much like this and stands: write “replaces: [%s]” if this takes its place, or “beside: [%s]” if both are meant",
			describe(e.ID, e.Advisory.GetTitle(), e.Issued()), e.ID, e.ID)
	}
}

// muchLike says whether two advisories of one day have a committee and the title in common,
// but for case, blanks and slips of the pen.
func muchLike(a, b *v1.Advisory) bool {
	others := committeesOf(b)
	if !slices.ContainsFunc(committeesOf(a), func(c string) bool { return slices.Contains(others, c) }) {
		return false
	}
	x, y := foldTitle(a.GetTitle()), foldTitle(b.GetTitle())
	return x == y || notation.Distance(x, y)*10 <= min(len(x), len(y))
}

// sameMatters are matters that may be the one about to be opened, at most three: those with a
// title in common, and those opened on a day in common that have nearly the same title, or
// mostly the same measures.
func sameMatters(m *v1.Matter, all []*v1.Matter) (same []*v1.Matter) {
	titles := foldedTitles(m)
	for _, other := range all {
		if other.GetName() == m.GetName() || len(same) == 3 {
			continue
		}
		others := foldedTitles(other)
		has := func(title string) bool { return slices.Contains(others, title) }
		near := func(title string) bool { return len(nearest(title, others)) > 0 }
		sameDay := m.GetOpened().GetEarliest() <= other.GetOpened().GetLatest() && other.GetOpened().GetEarliest() <= m.GetOpened().GetLatest()
		if slices.ContainsFunc(titles, has) || sameDay && (slices.ContainsFunc(titles, near) || mostlyTheSameMeasures(m, other)) {
			same = append(same, other)
		}
	}
	return same
}

// foldedTitles are the titles a matter goes by, as nearest compares them.
func foldedTitles(m *v1.Matter) []string {
	var titles []string
	for _, title := range append([]string{m.GetTitle()}, m.GetAliases()...) {
		titles = append(titles, strings.ReplaceAll(foldTitle(title), " ", "-"))
	}
	return titles
}

// mostlyTheSameMeasures: half or more of the measures of each of two matters have the id or
// the title of one of the other's.
func mostlyTheSameMeasures(a, b *v1.Matter) bool {
	alike := 0
	for _, x := range a.GetMeasures() {
		if slices.ContainsFunc(b.GetMeasures(), func(y *v1.Measure) bool {
			return x.GetId() == y.GetId() || foldTitle(x.GetTitle()) == foldTitle(y.GetTitle())
		}) {
			alike++
		}
	}
	return alike > 0 && alike*2 >= max(len(a.GetMeasures()), len(b.GetMeasures()))
}

func foldTitle(title string) string {
	return strings.ToLower(strings.Join(strings.Fields(title), " "))
}
