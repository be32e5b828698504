package corpus

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// National is the office, and the committee, that the others are compared with; it keeps
// the register and opens the matters.
const National = "gpc-england"

// What a whole federation is like, beside its letters.
const (
	OrdinaryMatters = 2000 // that are open, at any number of letters
	PracticeCodes   = 6600 // spread over the areas of the committees
	AskedMatters    = 20   // that practices ask about

	perMatter    = 50 // letters on an ordinary matter, on average: most have 10 to 150
	leastLetters = 10
	mostLetters  = 150
	yearsOfDays  = 1300 // over which matters are opened, from October 2021 on
	longest      = 180  // days that letters on a matter go on for
	crowded      = 8    // matters that share what the others leave: thousands, of 250,000 letters
)

// Federation is who there is, what they speak about, and what they say.
type Federation struct {
	// Areas and Committees as the register has them, the national committee first.
	Areas      []*guidancev1.Area
	Committees []*guidancev1.Committee
	// Matters are the skewed ones, then the ordinary ones; all are National's.
	Matters []*guidancev1.Matter
	// National is what the national committee says.
	National Office
	// Offices are those of the LMCs, each with one committee.
	Offices []Office
	// Practices are the codes that the areas list.
	Practices []string
}

// Ordinary is the full resource name of the i-th of the ordinary matters: one that some
// fifty letters are on, as on most, from the first on as many as there are letters for. The
// first twenty are those that practices ask about.
func Ordinary(i int) string {
	return fmt.Sprintf("%s/ordinary-%04d", National, i%OrdinaryMatters)
}

// England makes a federation of n letters: half of them are Generate's, on the few matters
// that all speak about, where one has thousands; the others are on ordinary matters, and
// have what real letters have: lines on measures, conditions, what the contract says,
// things asked by a day, groups, parts of the area, letters that replace or amend.
func England(seed uint64, n, offices int) Federation {
	g := newGenerator(seed + 1)
	f := Federation{
		National: Office{ID: National, Committee: National},
		Offices:  Generate(seed, n/2, offices),
		Matters:  Matters(),
	}
	g.register(&f, offices)
	ordinary := make([]*guidancev1.Matter, OrdinaryMatters)
	for i := range ordinary {
		ordinary[i] = g.matter(i)
	}
	f.Matters = append(f.Matters, ordinary...)
	g.ordinary(&f, ordinary, n-n/2)
	return f
}

// register gives each committee one to three areas within an area of several committees,
// and the areas their practices.
func (g *generator) register(f *Federation, offices int) {
	f.Committees = []*guidancev1.Committee{{
		Id: National, Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "england",
	}}
	var small []*guidancev1.Area
	for i, o := range f.Offices {
		around := &guidancev1.AreaId{Scheme: "icb", Code: fmt.Sprintf("Q%02d", i/3)}
		if i%3 == 0 {
			f.Areas = append(f.Areas, &guidancev1.Area{Id: around, Name: fmt.Sprintf("County %d", i/3)})
		}
		c := &guidancev1.Committee{Id: o.Committee, Name: fmt.Sprintf("Committee %d LMC", i), Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england"}
		for j := range 1 + i%3 {
			id := &guidancev1.AreaId{Scheme: "sub-icb", Code: fmt.Sprintf("%02d%c", i, 'A'+j)}
			small = append(small, &guidancev1.Area{Id: id, Name: fmt.Sprintf("Part %d of committee %d", j, i), Within: []*guidancev1.AreaId{around}})
			c.Areas = append(c.Areas, &guidancev1.AreaTenure{Area: id})
		}
		f.Committees = append(f.Committees, c)
	}
	for k := range PracticeCodes {
		code := fmt.Sprintf("F%05d", 80000+k)
		area := small[k%len(small)]
		area.PracticeCodes, f.Practices = append(area.PracticeCodes, code), append(f.Practices, code)
	}
	for _, area := range small {
		practices := int32(len(area.PracticeCodes))
		patients := practices * int32(7000+g.random.IntN(5000))
		area.Practices, area.Patients, area.Release = &practices, &patients, "made up"
	}
	f.Areas = append(f.Areas, small...)
}

// chance is whether something is so that is so in so many of a hundred.
func (g *generator) chance(percent int) bool { return g.random.IntN(100) < percent }

// pick is one of several.
func pick[T any](g *generator, of ...T) T { return of[g.random.IntN(len(of))] }

// matter is an ordinary matter: two in five have no measures, the others two to twelve.
func (g *generator) matter(i int) *guidancev1.Matter {
	opened := i % yearsOfDays
	if i < AskedMatters {
		opened = yearsOfDays - 1 - i // asked about are the newest
	}
	m := &guidancev1.Matter{
		Name: Ordinary(i), Title: strings.TrimSuffix(g.sentence(5), ".") + fmt.Sprintf(" (%d)", i),
		Proposer: &guidancev1.Body{Id: "nhs-england", Name: "NHS England", Kind: guidancev1.BodyKind_BODY_KIND_NHS_BODY},
		Opened:   onDay(opened), Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC, Summary: g.sentence(40),
	}
	if i%5 < 2 {
		return m
	}
	for j := range 2 + g.random.IntN(11) {
		measure := &guidancev1.Measure{
			Id: fmt.Sprintf("measure-%d", j), Title: g.sentence(8),
			Kind: pick(g, guidancev1.MeasureKind_MEASURE_KIND_DEMAND, guidancev1.MeasureKind_MEASURE_KIND_DEMAND, guidancev1.MeasureKind_MEASURE_KIND_OFFER,
				guidancev1.MeasureKind_MEASURE_KIND_GUIDANCE, guidancev1.MeasureKind_MEASURE_KIND_COLLECTIVE_ACTION),
			AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
		}
		if measure.Kind == guidancev1.MeasureKind_MEASURE_KIND_COLLECTIVE_ACTION {
			measure.Proposer = &guidancev1.Body{Id: National, Name: "GPC England", Kind: guidancev1.BodyKind_BODY_KIND_COMMITTEE}
			measure.AddressedTo = append(measure.AddressedTo, guidancev1.Audience_AUDIENCE_PCNS)
		} else if g.chance(40) {
			measure.ClaimedEffects = []*guidancev1.DatedEffect{{Effect: pick(g,
				guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, guidancev1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY, guidancev1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME)}}
		}
		if g.chance(30) {
			measure.Deadlines = []*guidancev1.Deadline{{
				Title: g.sentence(6), AddressedTo: measure.AddressedTo[:1],
				Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: dayText(opened + 14 + g.random.IntN(120))}},
			}}
		}
		if g.chance(10) {
			measure.Scopes = []*guidancev1.Scope{group}
		}
		m.Measures = append(m.Measures, measure)
	}
	return m
}

// group is the group that letters speak of.
var group = &guidancev1.Scope{Id: "already-started", Words: "patients already started"}

// sent is a letter that is to be written: letters are numbered in the order of their days.
type sent struct {
	day    int
	matter *guidancev1.Matter
	office *Office
	of     int // the office's number; -1: the national one's
}

// ordinary gives the offices n letters more, on ordinary matters.
func (g *generator) ordinary(f *Federation, matters []*guidancev1.Matter, n int) {
	weights, sum := make([]float64, len(f.Offices)), 0.0
	for i := range weights {
		sum += 1 / math.Sqrt(float64(i+1))
		weights[i] = sum
	}
	var all []sent
	for i := 0; len(all) < n; i++ {
		on := matters[i%len(matters)]
		if i >= len(matters) {
			on = matters[len(matters)-crowded+i%crowded]
		}
		size := min(n-len(all), leastLetters+int(g.random.ExpFloat64()*(perMatter-leastLetters)), mostLetters)
		opened := dayNumber(on.Opened.Earliest)
		for j := range size {
			s := sent{day: opened + min(int(g.random.ExpFloat64()*20), longest), matter: on, of: -1, office: &f.National}
			if j%25 > 0 { // and one in twenty-five is the national committee's
				s.of, _ = slices.BinarySearch(weights, g.random.Float64()*sum)
				s.office = &f.Offices[s.of]
			} else {
				s.day = opened + j
			}
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b sent) int { return a.day - b.day })
	last, relayed := map[[2]string]int{}, map[string]string{}
	for _, s := range all {
		key, i := [2]string{s.office.ID, s.matter.Name}, len(s.office.Advisories)
		before, spoke := last[key]
		a := g.letter(f, s, spoke, relayed[s.matter.Name])
		if isLine := a.Positions[0].Stance <= guidancev1.Stance_STANCE_SUPPORT; isLine {
			// Like an office that says where the line it gave before ends: half replace it.
			ended := &a.Amends
			if g.chance(50) {
				ended = &a.Replaces
			}
			if spoke {
				*ended = []string{fmt.Sprintf("%s/%d", s.office.ID, before)}
			}
			if last[key] = i; s.of < 0 {
				relayed[s.matter.Name] = fmt.Sprintf("%s/%d", s.office.ID, i)
			}
		}
		s.office.Advisories = append(s.office.Advisories, a)
	}
}

// letter is one letter on one matter. Where the office has spoken on it, one in six is a
// newsletter or passes on what the national committee says.
func (g *generator) letter(f *Federation, s sent, spoke bool, national string) *guidancev1.Advisory {
	audiences := []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}
	if g.chance(12) {
		audiences = append(audiences, guidancev1.Audience_AUDIENCE_PCNS)
	}
	a := &guidancev1.Advisory{
		Office: s.office.ID, OnBehalfOf: []string{s.office.Committee}, Title: g.sentence(7), Body: g.text(), Issued: onDay(s.day), Audiences: audiences,
		Signatories: []*guidancev1.Signatory{{Name: "The Office", Role: "Chief Executive"}},
		Contact:     &guidancev1.Contact{Name: s.office.ID, Email: s.office.ID + "@example.org"},
		Licence:     "all rights reserved", Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
	}
	if g.chance(5) {
		a.Issued.Latest = dayText(s.day + 6)
	}
	position := func(measure string, stance guidancev1.Stance) *guidancev1.Position {
		p := &guidancev1.Position{
			Committees: a.OnBehalfOf, Matter: s.matter.Name, Measure: measure, Audiences: audiences, Stance: stance,
			Basis: guidancev1.Basis_BASIS_OFFICER, Provenance: guidancev1.Provenance_PROVENANCE_PRIMARY, Evidence: g.sentence(12),
		}
		a.Positions = append(a.Positions, p)
		return p
	}
	if spoke && g.chance(16) {
		p := position("", guidancev1.Stance_STANCE_INFORMATION_ONLY)
		if national != "" && s.of >= 0 && g.chance(50) {
			p.Provenance, p.RelayOf = guidancev1.Provenance_PROVENANCE_RELAY, &guidancev1.RelaySource{Committee: National, Advisory: national}
		}
		return a
	}
	var asked []string // the measures it takes a line on; "": the whole matter
	if len(s.matter.Measures) == 0 || g.chance(65) {
		asked = append(asked, "")
	}
	for len(s.matter.Measures) > 0 && len(asked) < 4 && (len(asked) == 0 || g.chance(45)) {
		if id := pick(g, s.matter.Measures...).Id; !slices.Contains(asked, id) {
			asked = append(asked, id)
		}
	}
	for _, measure := range asked {
		p := position(measure, guidancev1.Stance(1+g.random.IntN(6)))
		p.Provisional = g.chance(10)
		if g.chance(60) {
			p.Rationale = g.sentence(25)
		}
		if p.Stance == guidancev1.Stance_STANCE_SUPPORT_WITH_CONDITIONS || g.chance(15) {
			direction := pick(g, guidancev1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, guidancev1.ConditionDirection_CONDITION_DIRECTION_UNLESS)
			if p.Stance == guidancev1.Stance_STANCE_SUPPORT_WITH_CONDITIONS {
				direction = guidancev1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF
			}
			p.Conditions = []*guidancev1.Condition{{Direction: direction, Text: g.sentence(10)}}
		}
		if g.chance(30) {
			p.ContractEffects = []*guidancev1.DatedEffect{{Effect: pick(g,
				guidancev1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL, guidancev1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY, guidancev1.ContractEffect_CONTRACT_EFFECT_DISPUTED)}}
		}
		if g.chance(25) {
			p.Opinion = pick(g, guidancev1.Opinion_OPINION_OPPOSES, guidancev1.Opinion_OPINION_CONCERNED, guidancev1.Opinion_OPINION_WELCOMES)
			p.Reasons = []guidancev1.Reason{guidancev1.Reason_REASON_WORKLOAD}
		}
		if g.chance(4) {
			p.ValidUntil = dayText(s.day + 60 + g.random.IntN(300))
		}
		g.aside(f, s, a, p)
	}
	for range g.random.IntN(4) {
		action := &guidancev1.Action{
			Verb: pick(g, "send", "check", "tell", "answer", "keep"), Object: g.sentence(6), Actors: audiences[:1],
			Strength: pick(g, guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, guidancev1.ActionStrength_ACTION_STRENGTH_ASKED,
				guidancev1.ActionStrength_ACTION_STRENGTH_MUST, guidancev1.ActionStrength_ACTION_STRENGTH_MAY),
			Matter: s.matter.Name, Measure: pick(g, asked...),
		}
		if g.chance(40) {
			action.Due = &guidancev1.Due{When: &guidancev1.Due_Day{Day: dayText(s.day + 7 + g.random.IntN(60))}}
		}
		if g.chance(10) {
			action.Template = g.sentence(60)
		}
		a.Actions = append(a.Actions, action)
	}
	return a
}

// aside may say something else beside a position: to a group, in part of the area, to
// some of the readers.
func (g *generator) aside(f *Federation, s sent, a *guidancev1.Advisory, p *guidancev1.Position) {
	beside := &guidancev1.Position{
		Committees: p.Committees, Matter: p.Matter, Measure: p.Measure, Audiences: p.Audiences, Stance: guidancev1.Stance(1 + g.random.IntN(4)),
		Basis: p.Basis, Provenance: p.Provenance, Evidence: g.sentence(10),
	}
	switch {
	case g.chance(6):
		beside.Scope = group
	case s.of >= 0 && g.chance(6):
		beside.Area = pick(g, f.Committees[1+s.of].Areas...).Area
	case g.chance(5):
		beside.Audiences = []guidancev1.Audience{pick(g, guidancev1.Audience_AUDIENCE_GP_PARTNERS, guidancev1.Audience_AUDIENCE_PRACTICE_MANAGERS)}
	default:
		return
	}
	a.Positions = append(a.Positions, beside)
}

// firstDay is the day that days are counted from.
var firstDay = time.Date(2021, 10, 14, 0, 0, 0, 0, time.UTC)

// dayText is the i-th day, as it is written.
func dayText(i int) string { return firstDay.AddDate(0, 0, i).Format(time.DateOnly) }

func onDay(i int) *guidancev1.DayRange {
	return &guidancev1.DayRange{Earliest: dayText(i), Latest: dayText(i)}
}

func dayNumber(day string) int {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return int(t.Sub(firstDay) / (24 * time.Hour))
}
