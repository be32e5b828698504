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
		switch target := p.entry(name); {
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
	for i := range p.Standing {
		if p.standing.stopped() {
			return
		}
		e := &p.Standing[i]
		if e.Advisory == nil || e.Office != p.Office || e.Repudiated || slices.Contains(slices.Concat(a.GetReplaces(), a.GetAmends(), a.GetBeside()), e.ID) ||
			!muchLike(a, e.Advisory) || !p.standing.EndOf(*e, p.Today, p.findMatter).Current {
			continue
		}
		p.addKind(ErrNearlyTheSame, "replaces", "%s is much like this and stands: write “replaces: [%s]” if this takes its place, or “beside: [%s]” if both are meant",
			describe(e.ID, e.Advisory.GetTitle(), e.Issued()), e.ID, e.ID)
	}
}

// muchLike says whether two advisories have the same day, a committee and the title in
// common, but for case, blanks and slips of the pen.
func muchLike(a, b *v1.Advisory) bool {
	if a.GetIssued().GetEarliest() != b.GetIssued().GetEarliest() || a.GetIssued().GetLatest() != b.GetIssued().GetLatest() {
		return false
	}
	others := committeesOf(b)
	if !slices.ContainsFunc(committeesOf(a), func(c string) bool { return slices.Contains(others, c) }) {
		return false
	}
	x, y := foldTitle(a.GetTitle()), foldTitle(b.GetTitle())
	return x == y || notation.Distance(x, y)*10 <= min(len(x), len(y))
}

func foldTitle(title string) string {
	return strings.ToLower(strings.Join(strings.Fields(title), " "))
}
