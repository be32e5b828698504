package plain

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const (
	practices = guidancev1.Audience_AUDIENCE_PRACTICES
	partners  = guidancev1.Audience_AUDIENCE_GP_PARTNERS
	managers  = guidancev1.Audience_AUDIENCE_PRACTICE_MANAGERS
	salaried  = guidancev1.Audience_AUDIENCE_SALARIED_AND_LOCUM_GPS

	refuse   = guidancev1.Stance_STANCE_REFUSE
	caution  = guidancev1.Stance_STANCE_CAUTION
	supports = guidancev1.Stance_STANCE_SUPPORT
	required = guidancev1.Stance_STANCE_REQUIRED

	theDay = "2026-11-28"
)

// small is a federation of one LMC of three areas, with a practice in each, that writes on one
// matter.
type small struct {
	in      picture.Input
	groups  []*guidancev1.Scope
	records []register.Record
}

// register records something more in the register.
func (w *small) register(body *ledgerv1.RegisterRecord) {
	one := register.Record{Body: body}
	one.Entry.Office, one.Entry.Index = "gpc-england", uint64(len(w.records))
	w.records = append(w.records, one)
	w.in.Register = register.Fold("trial", "gpc-england", nil, w.records)
}

func newSmall() *small {
	w := &small{groups: []*guidancev1.Scope{{Id: "emis", Words: "practices on EMIS"}, {Id: "tpp", Words: "practices on TPP"}}}
	tri := &guidancev1.Committee{Id: "tri", Name: "Tri LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC}
	for i, code := range []string{"AA", "BB", "CC"} {
		id := &guidancev1.AreaId{Scheme: "icb", Code: code}
		tri.Areas = append(tri.Areas, &guidancev1.AreaTenure{Area: id})
		w.register(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: id, Name: "Area " + code, PracticeCodes: []string{practiceIn(i)}}}})
	}
	w.register(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: tri}})
	w.register(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "tri", Office: "tri"}}})
	w.register(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: "bma"}}})
	w.register(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: "gpc-england"}}})
	nhs, gpc := &guidancev1.Body{Id: "nhs-england", Name: "NHS England"}, &guidancev1.Body{Id: "gpc-england", Name: "GPC England"}
	w.in = picture.Input{
		Matter: &guidancev1.Matter{Name: "gpc-england/plan", Title: "The plan", Proposer: nhs, Measures: []*guidancev1.Measure{
			{Id: "hub", Title: "The hub", Proposer: nhs, AddressedTo: []guidancev1.Audience{practices}, Scopes: w.groups},
			{Id: "feed", Title: "The feed", Proposer: nhs, AddressedTo: []guidancev1.Audience{practices}},
			{Id: "act", Title: "The action", Proposer: gpc, AddressedTo: []guidancev1.Audience{practices}},
		}},
		AsOf: theDay, Own: []string{"tri"}, Register: w.in.Register,
		Committees: []picture.Committee{{Committee: tri, Office: "tri"}}, Completeness: &answersv1.Completeness{Complete: true},
	}
	return w
}

// practiceIn is the practice of the so many-th area.
func practiceIn(i int) string { return fmt.Sprintf("F8100%d", i) }

// says publishes a letter on the matter.
func (w *small) says(day string, positions []*guidancev1.Position, actions ...*guidancev1.Action) *guidancev1.Advisory {
	a := &guidancev1.Advisory{
		Office: "tri", OnBehalfOf: []string{"tri"}, Title: "Letter of " + day, Issued: &guidancev1.DayRange{Earliest: day, Latest: day},
		Audiences: []guidancev1.Audience{practices}, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC, Positions: positions, Actions: actions,
	}
	for _, p := range positions {
		p.Matter, p.Committees, p.Provenance = w.in.Matter.GetName(), a.OnBehalfOf, guidancev1.Provenance_PROVENANCE_PRIMARY
		if len(p.Audiences) == 0 {
			p.Audiences = []guidancev1.Audience{practices}
		}
	}
	n := len(w.in.Entries)
	w.in.Entries = append(w.in.Entries, guidance.Entry{ID: fmt.Sprint("tri/", n), Office: "tri", Index: uint64(n), Feed: uint64(n + 1), Visibility: a.Visibility, Advisory: a})
	return a
}

func (w *small) view(t interface{ Fatal(...any) }, measure, practice string) *answersv1.CombinedView {
	in := w.in
	in.Measure, in.Practice = measure, practice
	v, err := picture.Combined(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func dueBy(day string) *guidancev1.Due {
	return &guidancev1.Due{When: &guidancev1.Due_Day{Day: day}}
}

func inArea(code string) *guidancev1.AreaId { return &guidancev1.AreaId{Scheme: "icb", Code: code} }

// someReader is one who may ask: of a practice in an area, of a group or of none, among practices
// or one part of them.
type someReader struct {
	area     int
	group    *guidancev1.Scope
	audience guidancev1.Audience
}

func (w *small) readers() (all []someReader) {
	for area := range w.in.Committees[0].Areas {
		for _, group := range append([]*guidancev1.Scope{nil}, w.groups...) {
			for _, audience := range []guidancev1.Audience{practices, partners, managers, salaried} {
				all = append(all, someReader{area, group, audience})
			}
		}
	}
	return all
}

// line is what the rule answers a reader.
func (w *small) line(p *guidance.Prepared, measure string, r someReader) *answersv1.Line {
	return p.Resolve(guidance.Question{
		Matter: w.in.Matter, Measure: measure, Committee: w.in.Committees[0].Committee, Audience: r.audience, AsOf: theDay, Scope: r.group.GetId(), Practice: practiceIn(r.area),
	})[0]
}

// are: a page's words name a reader among others.
func (r someReader) are(w *small, named readers) bool {
	words := []string{guidance.AudienceWords(r.audience), "GP practices", guidance.AreaWords(inArea(codes[r.area]), "Area "+codes[r.area])}
	if words = append(words, "in "+words[2]); r.group != nil {
		words = append(words, r.group.GetWords(), "for "+r.group.GetWords())
	}
	is := func(said string) bool { return said == "" || slices.Contains(words, said) }
	return slices.ContainsFunc(strings.Split(named.part, ", "), is) && is(named.area) && is(named.group)
}

var codes = []string{"AA", "BB", "CC"}

// isFor: by what a page says, something is for a reader: what names them nearest, says.
func (r someReader) isFor(w *small, of whom) bool {
	is, near := of.all, 0
	for _, list := range []struct {
		named []readers
		is    bool
	}{{of.not, false}, {of.some, true}} {
		for _, named := range list.named {
			parts := 0
			for _, s := range []string{named.area, named.group, named.part} {
				if s != "" {
					parts++
				}
			}
			if r.are(w, named) && parts >= near {
				is, near = list.is, parts
			}
		}
	}
	return is
}

// concerns: an action is asked of a reader, as far as it says so itself.
func (r someReader) concerns(act *guidancev1.Action) bool {
	isTo := func(a guidancev1.Audience) bool { return guidance.Contains(a, r.audience) }
	return (len(act.GetActors()) == 0 || slices.ContainsFunc(act.GetActors(), isTo)) &&
		(act.GetArea() == nil || act.GetArea().GetCode() == codes[r.area]) && (act.GetScope() == "" || act.GetScope() == r.group.GetId())
}

// sameWords: two actions ask the same, of whomever.
func sameWords(a, b *guidancev1.Action) bool {
	return guidance.ActionWords(a) == guidance.ActionWords(b) && a.GetMeasure() == b.GetMeasure() && a.GetStrength() == b.GetStrength() && guidance.DueWords(a.GetDue()) == guidance.DueWords(b.GetDue())
}

// Whatever is asked of anybody, and whatever binds anybody by a day, stands on the page with its day
// and for whom it is; and nothing is said to be for whom it is not.
func TestAPageTellsEachReaderAllThatIsAskedOfThemAndNoMore(t *testing.T) {
	worlds, asked := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := anySmall(t)
		worlds++
		prepared := guidance.Prepare(context.Background(), w.in.Entries, w.in.Register)
		for _, page := range []struct {
			measure string
			area    int
		}{{"", -1}, {fairly("", "hub", "act").Draw(t, "measure"), fairly(-1, 0, 1, 2).Draw(t, "area")}} {
			practice := ""
			if page.area >= 0 {
				practice = practiceIn(page.area)
			}
			v := w.view(t, page.measure, practice)
			for _, r := range w.readers() {
				if page.area < 0 || r.area == page.area {
					asked += w.check(t, prepared, v, page.measure, r)
				}
			}
		}
	})
	t.Logf("%d worlds, %d requests and dates", worlds, asked)
}

// check holds what a page says against what the rule answers one reader, and counts it.
func (w *small) check(t *rapid.T, prepared *guidance.Prepared, v *answersv1.CombinedView, measure string, r someReader) (n int) {
	topics := topicsOf(v, v.GetCommittees()[0])
	asks, dates := requestsOf(v, topics), datesOf(v, topics)
	rows, tight, page := byWhen(v, asks, dates, viewing{}), byWhen(v, asks, dates, viewing{tight: true}), OneLine(viewPage(v))
	fail := func(what string, words string) {
		t.Helper()
		said := ""
		for _, e := range w.in.Entries {
			said += fmt.Sprintln(e.ID, e.Advisory.GetPositions(), e.Advisory.GetActions(), e.Advisory.GetAmends())
		}
		t.Fatalf("on %q, practice in %s, %v, %v: %s: %s\n%s%s", measure, codes[r.area], r.group, r.audience, what, words, said, viewPage(v))
	}
	on := func(due *guidancev1.Due) string { // the row of a day
		i := slices.IndexFunc(rows, func(row string) bool { return strings.HasPrefix(row, guidance.DueWords(due)+": ") })
		if i < 0 || !strings.Contains(page, OneLine(rows[i])) && !strings.Contains(page, OneLine(tight[i])) {
			fail("no row of its day", guidance.DueWords(due))
		}
		return rows[i]
	}
	measures := []string{measure}
	if measure == "" {
		measures = append(measures, "hub", "feed", "act")
	}
	var really, must []asking
	for _, m := range measures {
		for _, one := range askedBy(voice{Line: w.line(prepared, m, r)}) {
			ofItsOwn := slices.ContainsFunc(topics, func(o topic) bool { return o.measure == one.GetMeasure() })
			// What is asked of a group on a measure without lines of its own, the whole matter tells, as the
			// page has it: of a letter amended for the group the measure's answer asks more.
			ofWhole := m != "" && r.group != nil && !ofItsOwn && one.GetMeasure() != ""
			if one.GetMeasure() == m && !ofWhole || !ofItsOwn && !ofWhole || one.GetMeasure() == "" { // what is asked on a measure, that tells
				must = append(must, one)
			}
			really = append(really, one)
		}
	}
	for _, one := range must {
		if day, _ := guidance.DueMoment(one.GetDue()); !r.concerns(one.Action) || day < theDay {
			continue
		}
		n++
		i := slices.IndexFunc(asks, func(of request) bool {
			return sameWords(of.Action, one.Action) && r.concerns(of.Action) && r.isFor(w, of.whom)
		})
		if to := one.line.GetCurrent().GetPosition().GetAudiences(); i < 0 && one.also != nil && r.audience != practices && (to == nil || slices.Contains(to, practices)) {
			continue // of part of the readers, who have no line of their own: that is the rule's to tell
		}
		if i < 0 {
			fail("not told to do", fmt.Sprint(one.Action, guidance.WhenAskedWords(one.also))+" of "+one.letter())
		}
		entry := asks[i].entry(v)
		if row := on(one.GetDue()); !strings.Contains(row, entry.words()) || !strings.Contains(row, entry.lead) {
			fail("not in the row of its day", entry.lead+": "+entry.words())
		}
		if one.also.GetValidFrom() == "" && !w.isAskedThen(prepared, one, r) && !strings.Contains(entry.words(), "1 December 2026") {
			fail("not told that it ends before its day", entry.lead+": "+entry.words())
		}
	}
	// What is told to all of a practice is the practice's, whatever its partners are told besides; so
	// is what a letter to practices asks of their partners, and what is asked on a measure of another
	// proposer with a line on the whole matter alone.
	ofPractices := func(act request) bool {
		practice := someReader{r.area, r.group, practices}
		return act.GetMeasure() == "act" || r.audience != practices && (practice.isFor(w, act.whom) || len(act.GetActors()) > 0 && !slices.Contains(act.GetActors(), practices))
	}
	combined := r.group != nil && r.audience != practices // asked of as groups are, and as parts are
	for _, act := range asks {
		is := slices.ContainsFunc(really, func(one asking) bool { return sameWords(act.Action, one.Action) })
		if !is && !combined && !ofPractices(act) && r.concerns(act.Action) && !act.isPast(v) && r.isFor(w, act.whom) {
			fail("told to do, and not asked", act.words("it", v))
		}
	}
	for _, of := range w.in.Matter.GetMeasures() {
		if !slices.Contains(measures, of.GetId()) {
			continue
		}
		line := w.line(prepared, of.GetId(), r)
		onWhole := !slices.ContainsFunc(topics, func(o topic) bool { return o.measure == of.GetId() }) // nothing was said on it by itself
		for _, d := range of.GetDeadlines() {
			i := slices.IndexFunc(dates, func(o date) bool { return o.Deadline == d })
			told := i >= 0 && r.isFor(w, dates[i].whom)
			switch is := isFor(d, r.audience) && binds(line, d); {
			case is && !told:
				fail("not told of a date", of.GetId()+" "+guidance.DueWords(d.GetDue())+": "+d.GetTitle())
			case is:
				n++
				if entry := dates[i].entry(v); !strings.Contains(on(d.GetDue()), entry.words()) {
					fail("not in the row of its day", entry.words())
				}
			case told && !combined && isFor(d, r.audience) && !(onWhole && binds(w.line(prepared, "", r), d)):
				fail("told of a date that does not bind", of.GetId()+" "+guidance.DueWords(d.GetDue())+": "+d.GetTitle())
			}
		}
	}
	return n
}

// aheadFrom is the day from which on letters of the worlds drawn hold that hold from a day ahead.
const aheadFrom = "2026-12-01"

// isAskedThen: a reader is asked something in the same words, by whatever day, from then on.
func (w *small) isAskedThen(p *guidance.Prepared, one asking, r someReader) bool {
	for _, measure := range []string{"", "hub", "feed", "act"} {
		line := p.Resolve(guidance.Question{
			Matter: w.in.Matter, Measure: measure, Committee: w.in.Committees[0].Committee, Audience: r.audience, AsOf: aheadFrom, Scope: r.group.GetId(), Practice: practiceIn(r.area),
		})[0]
		if slices.ContainsFunc(askedBy(voice{Line: line}), func(o asking) bool {
			return guidance.ActionWords(o.Action) == guidance.ActionWords(one.Action)
		}) {
			return true
		}
	}
	return false
}

// fairly draws one of a list, each as often.
func fairly[T any](list ...T) *rapid.Generator[T] {
	return rapid.Custom(func(t *rapid.T) T {
		n := 0
		for range 6 {
			n *= 2
			if rapid.Bool().Draw(t, "bit") {
				n++
			}
		}
		return list[n%len(list)]
	})
}

// anySmall draws what the matter's proposer claims and when it is due, and letters that speak to
// groups, areas and parts of the readers, and ask the same things again.
func anySmall(t *rapid.T) *small {
	w := newSmall()
	contractual := &guidancev1.DatedEffect{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}
	days := fairly("2026-12-05", "2026-12-05", "2026-12-12", "2026-12-20")
	for _, measure := range w.in.Matter.Measures {
		switch fairly(0, 1, 2).Draw(t, "claims") {
		case 0:
			measure.ClaimedEffects = []*guidancev1.DatedEffect{contractual}
		case 1:
			measure.ClaimedEffects = []*guidancev1.DatedEffect{{Effect: contractual.Effect, ValidFrom: "2026-12-10"}}
		}
		for range fairly(0, 1, 2).Draw(t, "deadlines") {
			measure.Deadlines = append(measure.Deadlines, &guidancev1.Deadline{
				Title: fairly("Claims", "Sign-up").Draw(t, "title"), Due: dueBy(days.Draw(t, "day")),
				AddressedTo: fairly(nil, nil, []guidancev1.Audience{practices}, []guidancev1.Audience{partners}).Draw(t, "addressed to"),
			})
		}
	}
	on, place := fairly("", "hub", "hub", "feed", "act"), fairly(nil, nil, nil, nil, inArea("AA"), inArea("BB"))
	ahead := fairly(false, false, true).Draw(t, "ahead") // some letters hold from a day ahead, and none speaks to a group
	for i := range fairly(1, 2, 2, 3).Draw(t, "letters") {
		var positions []*guidancev1.Position
		for range fairly(1, 2, 2, 3, 4).Draw(t, "positions") {
			p := &guidancev1.Position{
				Measure: on.Draw(t, "on"), Area: place.Draw(t, "in"), Scope: fairly(nil, nil, nil, w.groups[0], w.groups[1]).Draw(t, "scope"),
				Audiences: fairly([]guidancev1.Audience{practices}, []guidancev1.Audience{practices}, []guidancev1.Audience{practices}, []guidancev1.Audience{partners}, []guidancev1.Audience{managers}, []guidancev1.Audience{partners, managers}).Draw(t, "to"),
				Stance:    fairly(refuse, refuse, caution, supports, required).Draw(t, "stance"),
			}
			if ahead || p.Area != nil && p.Audiences[0] != practices { // to part of a group in part of an area: no line of the whole area tells it
				p.Scope = nil
			}
			switch fairly(0, 1, 2, 3).Draw(t, "effects") {
			case 0:
				p.ContractEffects = []*guidancev1.DatedEffect{contractual}
			case 1:
				p.ContractEffects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL}}
			}
			same := func(o *guidancev1.Position) bool {
				return o.GetMeasure() == p.GetMeasure() && o.GetArea().GetCode() == p.GetArea().GetCode() && o.GetScope().GetId() == p.GetScope().GetId() && slices.Equal(o.GetAudiences(), p.GetAudiences())
			}
			if !slices.ContainsFunc(positions, same) {
				positions = append(positions, p)
			}
		}
		var actions []*guidancev1.Action
		for range fairly(1, 2, 3).Draw(t, "actions") {
			actions = append(actions, &guidancev1.Action{
				Verb: "send", Object: fairly("the form", "the form to the ICB").Draw(t, "object"), Due: dueBy(days.Draw(t, "due")), Measure: fairly("", "", on.Draw(t, "on")).Draw(t, "or not"),
				Area: fairly(nil, nil, nil, nil, nil, inArea("AA")).Draw(t, "in"), Scope: fairly("", "", "", "", "", "emis").Draw(t, "scope"),
				Actors:   fairly(nil, []guidancev1.Audience{practices}, []guidancev1.Audience{practices}, []guidancev1.Audience{partners}, []guidancev1.Audience{partners, managers}).Draw(t, "who"),
				Strength: fairly(guidancev1.ActionStrength_ACTION_STRENGTH_MUST, guidancev1.ActionStrength_ACTION_STRENGTH_MUST, guidancev1.ActionStrength_ACTION_STRENGTH_ASKED).Draw(t, "strength"),
			})
		}
		a := w.says(fmt.Sprintf("2026-11-%02d", 10+i), positions, actions...)
		if ahead {
			a.ValidFrom = fairly("", aheadFrom).Draw(t, "from")
		}
		if i > 0 && fairly(0, 1, 2).Draw(t, "amends") == 0 {
			a.Amends = []string{"tri/0"}
		}
	}
	return w
}

// Of one letter's action that stands with lines for two groups, two areas or two parts of the
// readers, only the first was told to do it.
func TestWhatIsAskedOfTwoGroupsAreasOrPartsIsToldOfBoth(t *testing.T) {
	act := func() *guidancev1.Action {
		return &guidancev1.Action{Verb: "decline", Object: "the hub", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Measure: "hub", Due: dueBy("2026-12-10")}
	}
	of := func(p *guidancev1.Position) *guidancev1.Position { p.Measure, p.Stance = "hub", refuse; return p }
	groups := newSmall().groups
	for name, one := range map[string]struct {
		positions [2]*guidancev1.Position
		lead      string
		marks     string
	}{
		"groups": {[2]*guidancev1.Position{{Scope: groups[0]}, {Scope: groups[1]}}, "", " (practices on EMIS or practices on TPP)"},
		"areas":  {[2]*guidancev1.Position{{Area: inArea("AA")}, {Area: inArea("BB")}}, "in Area AA (icb:AA) and Area BB (icb:BB): ", ""},
		"parts":  {[2]*guidancev1.Position{{Audiences: []guidancev1.Audience{partners}}, {Audiences: []guidancev1.Audience{managers}}}, "practice managers and GP partners: ", ""},
	} {
		for _, letters := range []int{1, 2} { // and of equal requests of two letters one was dropped
			w := newSmall()
			if letters == 1 {
				w.says("2026-11-02", []*guidancev1.Position{of(one.positions[0]), of(one.positions[1])}, act())
			} else {
				w.says("2026-11-02", []*guidancev1.Position{of(one.positions[0])}, act())
				w.says("2026-11-03", []*guidancev1.Position{of(one.positions[1])}, act())
			}
			for _, measure := range []string{"", "hub"} {
				got := OneLine(viewPage(w.view(t, measure, "")))
				want := []string{"By when by 10 December 2026: " + one.lead + "decline the hub" + one.marks}
				if measure != "" {
					want = append(want, "To do "+one.lead+"your LMC insists: decline the hub, by 10 December 2026"+one.marks)
				}
				for _, words := range want {
					other := strings.Replace(words, "practice managers and GP partners", "GP partners and practice managers", 1)
					if !strings.Contains(got, words) && !strings.Contains(got, other) {
						t.Errorf("%s, %d letters, on %q: no %q in\n%s", name, letters, measure, words, viewPage(w.view(t, measure, "")))
					}
				}
			}
		}
	}
}

// Where every part of an area has a line of its own, what the one at the head asks was told to all.
func TestWhatTheHeadOfThePartsAsksIsToldOfThatPart(t *testing.T) {
	w := newSmall()
	for i, code := range codes {
		w.says(fmt.Sprint("2026-11-0", i+1), []*guidancev1.Position{{Measure: "hub", Stance: []guidancev1.Stance{refuse, caution, supports}[i], Area: inArea(code)}},
			&guidancev1.Action{Verb: "send", Object: "form " + code, Measure: "hub", Due: dueBy("2026-12-10")})
	}
	got := OneLine(viewPage(w.view(t, "hub", "")))
	for _, want := range []string{"To do in Area AA (icb:AA): your LMC asks: send form AA", "by 10 December 2026: in Area AA (icb:AA): send form AA; in Area BB (icb:BB): send form BB"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, viewPage(w.view(t, "hub", "")))
		}
	}
}

// What is asked of most was told to a group that is advised the other way.
func TestWhatIsNotAskedOfAGroupSaysSo(t *testing.T) {
	w := newSmall()
	w.says("2026-11-01", []*guidancev1.Position{{Measure: "hub", Stance: refuse}}, &guidancev1.Action{Verb: "decline", Object: "it", Measure: "hub", Due: dueBy("2026-12-10")})
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: supports, Scope: w.groups[0]}, {Measure: "hub", Stance: refuse, Scope: w.groups[1]}})
	if got := OneLine(viewPage(w.view(t, "hub", ""))); !strings.Contains(got, "by 10 December 2026: decline it (not practices on EMIS)") {
		t.Errorf("got\n%s", viewPage(w.view(t, "hub", "")))
	}
}

// A date was dropped where another of the same title stood, and a request whose words are in another's.
func TestByWhenDropsNoDateOfATitleAndNoRequestWithinAnothersWords(t *testing.T) {
	w := newSmall()
	for i, measure := range w.in.Matter.Measures {
		measure.ClaimedEffects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}}
		measure.Deadlines = []*guidancev1.Deadline{{Title: "Claims", Due: dueBy(fmt.Sprint("2026-12-1", i))}, {Title: "Claims", Due: dueBy(fmt.Sprint("2027-01-1", i))}}
	}
	due := dueBy("2026-12-05")
	w.says("2026-11-02", []*guidancev1.Position{{Stance: required}},
		&guidancev1.Action{Verb: "return", Object: "the form to the ICB", Due: due}, &guidancev1.Action{Verb: "return", Object: "the form", Due: due})
	got := OneLine(viewPage(w.view(t, "", practiceIn(0))))
	for _, want := range []string{
		"return the form to the ICB; return the form by 10 December 2026: on “The hub”: Claims (NHS England’s date) by 11 December 2026: on “The feed”: Claims (NHS England’s date)",
		"on “The hub”: Claims (NHS England’s date) by 11 January 2027: on “The feed”: Claims (NHS England’s date)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, viewPage(w.view(t, "", practiceIn(0))))
		}
	}
}

// A date that binds a part of the area, a group or partners alone was told to all, or to nobody.
func TestADateSaysWhomItBinds(t *testing.T) {
	contractual := []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}}
	for want, some := range map[string]*guidancev1.Position{
		"Switched on (NHS England’s date, for practices; binds in Area AA (icb:AA))": {Area: inArea("AA")},
		"Switched on (NHS England’s date, for practices; binds practices on EMIS)":   {Scope: newSmall().groups[0]},
		"Switched on (NHS England’s date, for practices; binds GP partners)":         {Audiences: []guidancev1.Audience{partners}},
	} {
		w := newSmall()
		w.in.Matter.Measures[0].Deadlines = []*guidancev1.Deadline{{Title: "Switched on", Due: dueBy("2026-12-20")}}
		some.Measure, some.Stance, some.ContractEffects = "hub", required, contractual
		w.says("2026-11-02", []*guidancev1.Position{{Measure: "hub", Stance: caution}, some})
		for _, measure := range []string{"", "hub"} {
			if got := OneLine(viewPage(w.view(t, measure, ""))); !strings.Contains(got, "By when by 20 December 2026 (a Sunday: offices may be shut): "+want) {
				t.Errorf("on %q, no %q in\n%s", measure, want, viewPage(w.view(t, measure, "")))
			}
		}
	}
}

// What partners are told until a day was told without it to whoever asks for practices.
func TestWhatPartOfTheReadersIsToldHasItsLastDay(t *testing.T) {
	w := newSmall()
	w.says("2026-11-02", []*guidancev1.Position{{Measure: "act", Stance: supports}, {Measure: "act", Stance: refuse, Audiences: []guidancev1.Audience{partners}, ValidUntil: "2026-12-05"}})
	for measure, want := range map[string]string{"act": "To GP partners: refuse, until 5 December 2026 (tri/0).", "": "to GP partners: refuse, until 5 December 2026 [tri/0]"} {
		if got := OneLine(viewPage(w.view(t, measure, ""))); !strings.Contains(got, want) {
			t.Errorf("on %q, no %q in\n%s", measure, want, viewPage(w.view(t, measure, "")))
		}
	}
}

// What a letter to partners and to managers asks of the managers by name was told to the partners.
func TestWhatIsAskedOfOnePartByNameIsNotToldToAnother(t *testing.T) {
	w := newSmall()
	support := func(to guidancev1.Audience) *guidancev1.Position {
		return &guidancev1.Position{Measure: "hub", Stance: supports, Audiences: []guidancev1.Audience{to}}
	}
	w.says("2026-11-02", []*guidancev1.Position{support(partners), support(managers)}, &guidancev1.Action{
		Verb: "file", Object: "the claim", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Measure: "hub",
		Actors: []guidancev1.Audience{managers}, Due: dueBy("2026-12-11"),
	})
	for _, measure := range []string{"", "hub"} {
		got := OneLine(viewPage(w.view(t, measure, "")))
		if !strings.Contains(got, "by 11 December 2026: practice managers: file the claim") || strings.Contains(got, "GP partners and practice managers:") {
			t.Errorf("on %q:\n%s", measure, viewPage(w.view(t, measure, "")))
		}
	}
}

// What a group is asked in a part of the area, where the others are told the other way since, stood on no
// page: by all lines, that part was told as the rest is.
func TestAGroupIsToldWhatItAloneIsAskedInAPartOfTheArea(t *testing.T) {
	w := newSmall()
	w.says("2026-11-10", []*guidancev1.Position{{Measure: "hub", Stance: refuse}, {Measure: "hub", Stance: supports, Scope: w.groups[0]}})
	w.says("2026-11-11", []*guidancev1.Position{{Measure: "hub", Stance: supports, Area: inArea("AA")}}, &guidancev1.Action{Verb: "send", Object: "the form", Measure: "hub", Due: dueBy("2026-12-10")})
	w.says("2026-11-12", []*guidancev1.Position{{Measure: "hub", Stance: refuse}})
	for _, measure := range []string{"", "hub"} {
		w.mustSay(t, measure, []string{"by 10 December 2026: in Area AA (icb:AA): send the form (practices on EMIS)"})
	}
}

// What partners are asked no more from a day ahead on was told as asked until it is due, where others go on being asked it: by a line
// to managers alone, one in part of the area, or one beside which partners have a line of their own that ends too.
func TestWhatEndsForPartnersBeforeItsDaySaysSoThoughOthersAreAskedItOn(t *testing.T) {
	const ends = "send the form (ends on 1 December 2026 for GP partners)"
	must := func() *guidancev1.Action {
		return &guidancev1.Action{Verb: "send", Object: "the form", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST, Due: dueBy("2026-12-05")}
	}
	inAA := must()
	inAA.Area = inArea("AA")
	toManagers, toPartners := []guidancev1.Audience{managers}, []guidancev1.Audience{partners}
	for name, c := range map[string]struct {
		first, then []*guidancev1.Position
		asks        *guidancev1.Action
		want        string
	}{
		"by a line to managers": {
			[]*guidancev1.Position{{Measure: "feed", Stance: refuse}, {Stance: refuse, Audiences: toManagers}}, []*guidancev1.Position{{Stance: refuse, Audiences: toPartners}, {Measure: "hub", Stance: refuse}}, nil, ends,
		},
		"in part of the area": {
			[]*guidancev1.Position{{Stance: refuse}, {Measure: "act", Stance: refuse}}, []*guidancev1.Position{{Measure: "act", Stance: refuse, Audiences: toPartners}, {Stance: refuse}}, inAA, ends,
		},
		"beside a line of theirs": {
			[]*guidancev1.Position{{Stance: refuse}, {Measure: "hub", Stance: refuse, Audiences: toPartners}}, []*guidancev1.Position{{Stance: refuse, Audiences: toPartners}}, nil, ends,
		},
	} {
		w := newSmall()
		w.says("2026-11-10", c.first, must())
		later := w.says("2026-11-11", c.then)
		if later.ValidFrom, later.Amends = aheadFrom, []string{"tri/0"}; c.asks != nil {
			later.Actions = []*guidancev1.Action{c.asks}
		}
		if page := OneLine(viewPage(w.view(t, "", ""))); !strings.Contains(page, c.want) {
			t.Errorf("%s: no %q on\n%s", name, c.want, page)
		}
	}
}

// What a letter asks instead in part of the area, with a line there on one measure, left the must of the older one on all others.
func TestWhatIsAskedInsteadInPartOfTheAreaIsNotSaidOfThemOnOtherMeasures(t *testing.T) {
	w := newSmall()
	w.in.Matter.Measures[1].ClaimedEffects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}} // the page has it by itself
	send := func(how guidancev1.ActionStrength) *guidancev1.Action {
		return &guidancev1.Action{Verb: "send", Object: "the form", Strength: how, Due: dueBy("2026-12-05"), Actors: []guidancev1.Audience{practices}}
	}
	w.says("2026-11-10", []*guidancev1.Position{{Measure: "hub", Stance: refuse}, {Stance: refuse}}, send(guidancev1.ActionStrength_ACTION_STRENGTH_MUST))
	w.says("2026-11-11", []*guidancev1.Position{{Measure: "hub", Stance: refuse, Area: inArea("AA")}, {Stance: refuse, Audiences: []guidancev1.Audience{partners}}}, send(guidancev1.ActionStrength_ACTION_STRENGTH_ASKED)).Amends = []string{"tri/0"}
	page := OneLine(viewPage(w.view(t, "", "")))
	if want := "insists: send the form, by 5 December 2026 (a Saturday: offices may be shut) (not in Area AA (icb:AA), not GP partners)"; !strings.Contains(page, want) {
		t.Errorf("no %q on\n%s", want, page)
	}
}

// What a letter that holds from a day ahead asks on a measure was told as not asked of partners, whose line of another direction it ends.
func TestWhatWillBeAskedOfPartnersOnceTheirOwnLineEndsIsToldOfThem(t *testing.T) {
	w := newSmall()
	w.says("2026-11-10", []*guidancev1.Position{{Stance: supports, Audiences: []guidancev1.Audience{partners}}, {Measure: "act", Stance: refuse}})
	later := w.says("2026-11-11", []*guidancev1.Position{{Stance: refuse}}, &guidancev1.Action{Verb: "send", Object: "the form", Measure: "hub", Due: dueBy("2026-12-05")})
	later.ValidFrom, later.Amends = aheadFrom, []string{"tri/0"}
	if page := OneLine(viewPage(w.view(t, "", ""))); strings.Contains(page, "not GP partners") || !strings.Contains(page, "send the form (with its line from 1 December 2026 on)") {
		t.Error(page)
	}
}

// A line that will be another's from a day ahead, which reads a breach then, said "not a breach" without end and named nobody to ring.
func TestHowALineAheadReadsTheContractIsToldBeforeItHolds(t *testing.T) {
	w := newSmall()
	read := func(effect guidancev1.ContractEffect) []*guidancev1.DatedEffect {
		return []*guidancev1.DatedEffect{{Effect: effect}}
	}
	w.says("2026-11-10", []*guidancev1.Position{{Measure: "act", Stance: supports, ContractEffects: read(guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH)}})
	later := w.says("2026-11-11", []*guidancev1.Position{{Measure: "act", Stance: refuse, ContractEffects: read(guidancev1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH)}})
	later.ValidFrom, later.Amends = aheadFrom, []string{"tri/0"}
	for _, measure := range []string{"", "act"} {
		page := strings.ReplaceAll(OneLine(viewPage(w.view(t, measure, ""))), "1 December", "1 Dec")
		for _, want := range []string{"doing it is not a breach of contract. From 1 Dec 2026 doing it would be a breach of contract.", "leaves a breach or a dispute open: ring your LMC before you reply"} {
			if !strings.Contains(page, want) {
				t.Errorf("on %q: no %q on\n%s", measure, want, page)
			}
		}
	}
	brief := briefContract(w.view(t, "", ""))
	if got := fmt.Sprint(brief); !strings.Contains(got, "a breach to do it from 1 Dec 2026") {
		t.Error(got)
	}
	position := later.Positions[0]
	for name, of := range map[string]func(){
		"in an area":  func() { position.Area = inArea("AA") },
		"to partners": func() { position.Area, position.Audiences = nil, []guidancev1.Audience{partners} },
		"to a group":  func() { position.Audiences, position.Scope = []guidancev1.Audience{practices}, w.groups[0] },
	} {
		of()
		for _, measure := range []string{"", "act"} {
			page := strings.ReplaceAll(OneLine(viewPage(w.view(t, measure, ""))), "1 December", "1 Dec")
			if !strings.Contains(page, "would be a breach of contract") || !strings.Contains(page, "ring your LMC before you reply") {
				t.Errorf("%s, on %q: %s", name, measure, page)
			}
		}
		position.Area, position.Scope, position.Audiences = nil, nil, []guidancev1.Audience{practices}
	}
	w.in.AsOf = aheadFrom
	if page := OneLine(viewPage(w.view(t, "act", ""))); strings.Contains(page, "not a breach") || strings.Count(page, "would be a breach of contract.") != 1 {
		t.Errorf("on its day: %s", page)
	}
}

// What is asked on the whole matter all along stood by its day a second time, "again from 11 December", where holiday advice stops it on one
// measure.
func TestWhatAnotherLineAsksAllAlongIsNotToldAsAskedAgain(t *testing.T) {
	w := newSmall()
	w.says("2026-11-10", []*guidancev1.Position{{Stance: supports}}, &guidancev1.Action{Verb: "send", Object: "the form", Due: dueBy("2026-12-21")}, &guidancev1.Action{Verb: "book", Object: "rooms", Measure: "hub", Due: dueBy("2026-12-21")})
	w.says("2026-11-11", []*guidancev1.Position{{Measure: "hub", Stance: refuse, ValidUntil: "2026-12-10"}}).Amends = []string{"tri/0"}
	const want = "by 21 December 2026: send the form; book rooms (again from 11 December 2026 on)"
	w.mustSay(t, "", []string{want})
	if page := OneLine(viewPage(w.view(t, "", ""))); !strings.Contains(page, "By when "+want+" Letter ") {
		t.Error(page)
	}
}

// What advice for a while stops is told, by its day and with that from which it is asked again, to each of those who are asked it then.
func TestAPageTellsEachReaderWhatComesBack(t *testing.T) {
	worlds, told := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := anySmall(t)
		worlds++
		for _, e := range w.in.Entries[1:] {
			if fairly(true, false).Draw(t, "for a while") {
				for _, p := range e.Advisory.Positions {
					p.ValidUntil = "2026-12-02"
				}
			}
		}
		prepared := guidance.Prepare(context.Background(), w.in.Entries, w.in.Register)
		measure, area := fairly("", "hub", "act").Draw(t, "measure"), fairly(-1, 0, 1, 2).Draw(t, "area")
		practice := ""
		if area >= 0 {
			practice = practiceIn(area)
		}
		v := w.view(t, measure, practice)
		topics := topicsOf(v, v.GetCommittees()[0])
		asks, page := fallsDue(v, topics), OneLine(viewPage(v))
		for _, r := range w.readers() {
			if area >= 0 && r.area != area || r.group != nil && r.audience != practices {
				continue
			}
			for _, m := range []string{measure, "hub", "feed"} {
				if m != measure && (measure != "" || !slices.ContainsFunc(topics, func(o topic) bool { return o.measure == m })) {
					continue
				}
				for _, again := range w.line(prepared, m, r).GetAskedAgain() {
					act := again.GetAction()
					if act.GetMeasure() != m && act.GetMeasure() != "" || !r.concerns(act) || !slices.Contains(act.GetActors(), practices) && len(act.GetActors()) > 0 && r.audience == practices {
						continue
					}
					told++
					i := slices.IndexFunc(asks, func(of request) bool {
						return sameWords(of.Action, act) && r.concerns(of.Action) && r.isFor(w, of.whom)
					})
					if i < 0 || !strings.Contains(page, guidance.DueWords(act.GetDue())) {
						said := ""
						for _, e := range w.in.Entries {
							said += fmt.Sprintln(e.ID, e.Advisory.GetValidFrom(), e.Advisory.GetPositions(), e.Advisory.GetActions(), e.Advisory.GetAmends())
						}
						t.Fatalf("on %q (%s), practice in %s, %v, %v: not told of %v of %s, again from %s\n%s%s", measure, m, codes[r.area], r.group, r.audience, act, again.GetAdvisory(), again.GetAgainFrom(), said, viewPage(v))
					}
				}
			}
		}
	})
	t.Logf("%d worlds, %d requests that come back", worlds, told)
}
