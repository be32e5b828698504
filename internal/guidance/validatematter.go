package guidance

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ValidateMatter checks the structure of a matter, as ValidateAdvisory does.
func ValidateMatter(m *v1.Matter) error {
	f := &faults{}
	f.matter("name", m.GetName())
	f.title("title", m.GetTitle())
	f.aliases(m)
	if m.GetProposer() == nil {
		f.add("proposer", "is missing: say who proposes it")
	} else {
		f.body("proposer", m.GetProposer())
	}
	f.opened(m)
	f.references("references", m.GetReferences())
	f.measures(m)
	f.events(m.GetEvents())
	f.links("same_as", m, m.GetSameAs())
	f.links("follows", m, m.GetFollows())
	f.text("summary", m.GetSummary(), SummaryLimit)
	f.enum("visibility", "visibility", m.GetVisibility())
	f.text("notice", m.GetNotice(), TextLimit)
	f.size(m)
	return f.err("matter")
}

// links checks the matters that one is linked with: each once, and not itself.
func (f *faults) links(field string, m *v1.Matter, names []string) {
	f.length(field, len(names), ListLimit)
	for i, name := range names {
		f.matter(at(field, i), name)
		switch {
		case name == m.GetName():
			f.add(at(field, i), "%s is this matter itself: leave it out", clip(name))
		case slices.Contains(names[:i], name):
			f.add(at(field, i), "%s stands here twice: leave one out", clip(name))
		}
	}
}

// aliases refuses, besides what no line may be, an alias that reads as the name of another
// office's matter: whoever means that one would be answered with this.
func (f *faults) aliases(m *v1.Matter) {
	f.lines("aliases", m.GetAliases())
	for i, alias := range m.GetAliases() {
		name, err := ParseMatterName(strings.ToLower(alias))
		if own := MatterName(m.GetName()).Office(); err == nil && name.Office() != own {
			f.add(at("aliases", i), "%q has the form of the name of a matter of the office %s, and this one is of %s: leave it out, or write it with a space beside the stroke", clip(alias), name.Office(), clip(own))
		}
	}
}

func (f *faults) body(field string, b *v1.Body) {
	f.slug(field+".id", "body", b.GetId())
	f.required(field+".name", b.GetName(), TextLimit)
	f.enum(field+".kind", "kind of body", b.GetKind())
	f.lines(field+".aliases", b.GetAliases())
	const ceased = "is the register's to say: leave it out"
	if b.GetValidUntil() != "" {
		f.add(field+".valid_until", ceased)
	}
	for i := range b.GetSuccessors() {
		f.add(at(field+".successors", i), ceased)
	}
}

// opened checks when a matter was opened and closed; either may be left out.
func (f *faults) opened(m *v1.Matter) {
	if m.GetOpened() != nil {
		f.dayRange("opened", m.GetOpened())
	}
	if m.GetClosed() == nil {
		return
	}
	f.dayRange("closed", m.GetClosed())
	if notation.IsDay(m.GetClosed().GetLatest()) && m.GetClosed().GetLatest() < m.GetOpened().GetEarliest() {
		f.add("closed.latest", "%s lies before the day it was opened: put the days in order", m.GetClosed().GetLatest())
	}
}

func (f *faults) measures(matter *v1.Matter) {
	list := matter.GetMeasures()
	f.length("measures", len(list), MeasureLimit)
	taken := map[string]int{}
	for i, m := range list {
		path := at("measures", i)
		f.slug(path+".id", "measure", m.GetId())
		if earlier, ok := taken[m.GetId()]; ok {
			f.add(path+".id", "%q is the id of measures[%d] already: give each its own", clip(m.GetId()), earlier)
		}
		taken[m.GetId()] = i
		f.measure(path, m, matter.GetOpened())
	}
}

func (f *faults) measure(path string, m *v1.Measure, opened *v1.DayRange) {
	f.title(path+".title", m.GetTitle())
	if m.GetProposer() != nil {
		f.body(path+".proposer", m.GetProposer())
	}
	f.enum(path+".kind", "kind of measure", m.GetKind())
	if len(m.GetAddressedTo()) > 0 {
		f.advised(path+".addressed_to", m.GetAddressedTo())
	}
	f.effects(path+".claimed_effects", m.GetClaimedEffects())
	f.deadlines(path+".deadlines", m.GetDeadlines(), opened)
	f.claims(path+".claims", m.GetClaims())
	f.scopes(path+".scopes", m.GetScopes())
	f.lines(path+".aliases", m.GetAliases())
}

func (f *faults) deadlines(field string, list []*v1.Deadline, opened *v1.DayRange) {
	f.length(field, len(list), ListLimit)
	for i, d := range list {
		path := at(field, i)
		f.title(path+".title", d.GetTitle())
		if d.GetDue() == nil {
			f.add(path+".due", "is missing: say when")
		}
		f.due(path+".due", d.GetDue(), opened.GetEarliest())
		f.audiences(path+".addressed_to", d.GetAddressedTo(), false)
	}
}

// notGeneral refuses the id of no group as that of one.
func (f *faults) notGeneral(path string, s *v1.Scope) {
	if s.GetId() == GeneralScope {
		f.add(path, "%s is whoever is in no group: leave the scope out, or give the group another id", GeneralScope)
	}
}

// scopes checks the groups a measure lists: each id once.
func (f *faults) scopes(field string, list []*v1.Scope) {
	f.length(field, len(list), ListLimit)
	for i, s := range list {
		f.slug(at(field, i)+".id", "scope", s.GetId())
		f.notGeneral(at(field, i)+".id", s)
		f.required(at(field, i)+".words", s.GetWords(), TitleLimit)
		if slices.ContainsFunc(list[:i], func(o *v1.Scope) bool { return o.GetId() == s.GetId() }) {
			f.add(at(field, i)+".id", "%q is the id of another group too: give each its own", clip(s.GetId()))
		}
	}
}

// events checks what times are counted from: each id once.
func (f *faults) events(list []*v1.Event) {
	f.length("events", len(list), ListLimit)
	for i, e := range list {
		path := at("events", i)
		f.slug(path+".id", "event", e.GetId())
		f.title(path+".title", e.GetTitle())
		f.day(path+".day", e.GetDay())
		if slices.ContainsFunc(list[:i], func(o *v1.Event) bool { return o.GetId() == e.GetId() }) {
			f.add(path+".id", "%q is the id of another event too: give each its own", clip(e.GetId()))
		}
	}
}

// AmendedWords says what of a matter is amended that lines and figures rest on: who proposes it, and
// of measures in both to whom it is addressed, who proposes it, what they claim and when something falls due; and events that
// are no more, from which letters may count.
func AmendedWords(was, is *v1.Matter) (words []string) {
	if was.GetProposer().GetId() != is.GetProposer().GetId() {
		words = append(words, "It is proposed by "+is.GetProposer().GetName()+", and was by "+was.GetProposer().GetName()+": a line on the whole matter answers for its proposer's measures alone.")
	}
	for _, now := range is.GetMeasures() {
		before := MeasureOf(was, now.GetId())
		if before == nil {
			says := now.GetId() + " is new"
			if claimed := EffectsWords(now.GetClaimedEffects(), ""); claimed != "" {
				says += ", and is claimed to be: " + claimed
			}
			for _, d := range now.GetDeadlines() {
				says += "; “" + tidy(d.GetTitle()) + "” falls due: " + cmp.Or(DueWords(d.GetDue()), "no day")
			}
			if SharesProposer(is, now.GetId()) {
				says += "; lines on the whole matter answer for it too, until their offices speak on it"
			}
			words = append(words, says+".")
			continue
		}
		if x, y := AudiencesWords(before.GetAddressedTo()), AudiencesWords(now.GetAddressedTo()); x != y {
			words = append(words, now.GetId()+" is addressed to "+cmp.Or(y, "nobody by name")+", and was to "+cmp.Or(x, "nobody by name")+": it is asked about, and counted, for those.")
		}
		if x, y := ProposerOf(was, now.GetId()), ProposerOf(is, now.GetId()); x.GetId() != y.GetId() && before.GetProposer().GetId() != now.GetProposer().GetId() {
			words = append(words, now.GetId()+" is proposed by "+y.GetName()+", and was by "+x.GetName()+".")
		}
		if x, y := EffectsWords(before.GetClaimedEffects(), ""), EffectsWords(now.GetClaimedEffects(), ""); x != y {
			words = append(words, now.GetId()+" is claimed to be: "+cmp.Or(y, "nothing stated")+"; it was: "+cmp.Or(x, "nothing stated")+".")
		}
		for _, d := range slices.Concat(before.GetDeadlines(), now.GetDeadlines()) {
			when := func(all []*v1.Deadline) string { // those of one title
				var dues []string
				for _, o := range all {
					if o.GetTitle() == d.GetTitle() {
						dues = append(dues, cmp.Or(DueWords(o.GetDue()), "no day"))
					}
				}
				return notation.List(dues)
			}
			x, y := when(before.GetDeadlines()), when(now.GetDeadlines())
			of := now.GetId() + ": “" + tidy(d.GetTitle()) + "” falls due: " + cmp.Or(y, "not said any more") + "; it was: " + cmp.Or(x, "not said") + "."
			if x != y && !slices.Contains(words, of) {
				words = append(words, of)
			}
		}
	}
	for _, event := range was.GetEvents() {
		if !slices.ContainsFunc(is.GetEvents(), func(o *v1.Event) bool { return o.GetId() == event.GetId() }) {
			words = append(words, "the event "+event.GetId()+" is left out, from which letters may count what they ask.")
		}
		if now := eventMoved(event.GetId(), event.GetDay(), is); now != "" {
			words = append(words, notation.Joined(", and was on ", notation.Capital(event.GetTitle())+" ("+event.GetId()+") is on "+DayWords(now), DayWords(event.GetDay()))+".")
		}
	}
	return words
}
