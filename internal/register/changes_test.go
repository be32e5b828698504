package register

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// changesOf is what records change of a register: "committee kent | name: Kent -> Kent LMC".
func changesOf(before, more []*ledgerv1.RegisterRecord) []string {
	var words []string
	for _, c := range Changes(fold(before...), fold(append(before[:len(before):len(before)], more...)...), more, "2021-11-01") {
		words = append(words, c.GetOf()+" | "+c.GetWords())
	}
	return words
}

func TestChangesAreToldFieldByField(t *testing.T) {
	body := func(b *guidancev1.Body) *ledgerv1.RegisterRecord {
		return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Body{Body: b}}
	}
	has := []*ledgerv1.RegisterRecord{
		admit("kent"), admit("wessex"), putArea("icb:QKS"), putArea("icb:QH8"),
		putCommittee("kent", covers("icb:QKS", "", "")), mandate("kent", "kent", "", ""),
		areaRecord(&guidancev1.Area{Id: areaID("icb:NUM"), Name: "Numbers", Practices: proto.Int32(1200), Release: "1 May 2022", PracticeCodes: []string{"G82001", "G82002"}}),
	}
	for name, c := range map[string]struct {
		more []*ledgerv1.RegisterRecord
		want []string
	}{
		"nothing, in the same words": {[]*ledgerv1.RegisterRecord{has[4], has[5], has[6]}, nil},
		"a new committee": {
			[]*ledgerv1.RegisterRecord{putCommittee("avon")},
			[]string{"committee avon | name: AVON", "committee avon | kind: LMC", "committee avon | nation: England", "committee avon | nobody speaks for avon yet: record a mandate, or admit its office."},
		},
		"a list": {
			[]*ledgerv1.RegisterRecord{putCommittee("kent", covers("icb:QKS", "", "2021-12-31"), covers("icb:QH8", "2022-01-01", ""))},
			[]string{
				"committee kent | areas: icb:QKS until 2021-12-31, icb:QH8 from 2022-01-01 added; icb:QKS taken out",
				"committee kent | kent had icb:QKS until 2021-12-31, and from the next day on no LMC has it, or some practices of it: these are told that they are in no LMC's area. Record what is in its place: lmcnode register committee kent --area icb:QKS=2022-01-01.., or the same of the LMC that has it",
			},
		},
		"a field that was, and one that is no more": {
			[]*ledgerv1.RegisterRecord{areaRecord(&guidancev1.Area{Id: areaID("icb:NUM"), Name: "Numbers of Kent", Practices: proto.Int32(0), PracticeCodes: []string{"G82001"}})},
			[]string{
				"area icb:NUM | name: Numbers -> Numbers of Kent", "area icb:NUM | practices: 1,200 -> 0",
				"area icb:NUM | release of its numbers: 1 May 2022 -> not recorded", "area icb:NUM | practice codes: G82002 taken out",
			},
		},
		"a mandate ahead": {
			[]*ledgerv1.RegisterRecord{mandate("kent", "wessex", "2022-04-01", "")},
			[]string{"committee kent | kent is spoken for by: kent -> kent until 2022-03-31; wessex from 2022-04-01"},
		},
		"a mandate that takes days back": {
			[]*ledgerv1.RegisterRecord{mandate("kent", "", "2021-10-01", "")},
			[]string{
				"committee kent | kent is spoken for by: kent -> kent until 2021-09-30; nobody from 2021-10-01",
				"committee kent | from 2021-10-01, which lies behind: from then on kent did not speak for kent by this register, and what it published for it since counts no more.",
			},
		},
		"a right": {
			[]*ledgerv1.RegisterRecord{right("kent", "2021-10-01", "2022-01-01")},
			[]string{"office kent | may record what others are reported to have said: yes from 2021-10-01 until 2022-01-01"},
		},
		"a body": {
			[]*ledgerv1.RegisterRecord{body(&guidancev1.Body{Id: "dhsc", Name: "Department of Health, and more", Kind: guidancev1.BodyKind_BODY_KIND_GOVERNMENT})},
			[]string{"body dhsc | name: Department of Health, and more", "body dhsc | kind: government"},
		},
		"a merger beside what was merged": {
			[]*ledgerv1.RegisterRecord{
				committeeRecord(&guidancev1.Committee{Id: "south", Name: "South", Kind: lmc, Nation: "england", ValidFrom: "2022-04-01", Predecessors: []string{"kent"}}), mandate("south", "kent", "", ""),
			},
			[]string{
				"committee south | name: South", "committee south | kind: LMC", "committee south | nation: England", "committee south | first day: 2022-04-01", "committee south | merged from: kent",
				"committee south | south is spoken for by: kent",
				"committee south | south was merged from kent, which is still there on 2022-04-01: both are counted. Record the last day of kent: lmcnode register committee kent --until 2022-03-31",
			},
		},
		"a merger that leaves an area to nobody": {
			[]*ledgerv1.RegisterRecord{
				committeeRecord(&guidancev1.Committee{Id: "south", Name: "South", Kind: lmc, Nation: "england", ValidFrom: "2022-04-01", Predecessors: []string{"east"}}), mandate("south", "kent", "", ""),
				committeeRecord(&guidancev1.Committee{Id: "east", Name: "East", Kind: lmc, Nation: "england", ValidUntil: "2022-03-31", Areas: []*guidancev1.AreaTenure{{Area: areaID("icb:NUM")}}}), mandate("east", "kent", "", ""),
			},
			[]string{
				"committee south | name: South", "committee south | kind: LMC", "committee south | nation: England", "committee south | first day: 2022-04-01", "committee south | merged from: east",
				"committee east | name: East", "committee east | kind: LMC", "committee east | nation: England", "committee east | areas: icb:NUM", "committee east | last day: 2022-03-31",
				"committee south | south is spoken for by: kent", "committee east | east is spoken for by: kent",
				"committee south | east had icb:NUM until 2022-03-31, and from the next day on no LMC has it, or some practices of it: these are told that they are in no LMC's area. Record what is in its place: lmcnode register committee south --area icb:NUM=2022-04-01..",
				"committee east | east had icb:NUM until 2022-03-31, and from the next day on no LMC has it, or some practices of it: these are told that they are in no LMC's area. Record what is in its place: lmcnode register committee south --area icb:NUM=2022-04-01..",
			},
		},
		"an area divided into nothing": {
			[]*ledgerv1.RegisterRecord{areaRecord(&guidancev1.Area{Id: areaID("icb:NUM"), Name: "Numbers", Practices: proto.Int32(1200), Release: "1 May 2022", PracticeCodes: []string{"G82001", "G82002"}, ValidUntil: "2022-03-31"})},
			[]string{
				"area icb:NUM | last day: 2022-03-31",
				"area icb:NUM | icb:NUM ends on 2022-03-31 with practices in it, and nothing is recorded to take over from it: from then on they are counted nowhere by this area. Record its successors when they are known.",
			},
		},
	} {
		if diff := cmp.Diff(c.want, changesOf(has, c.more)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Two LMCs were recorded under names that people read alike, by a change of name or another name too, and nothing told it.
func TestAnLMCThatIsCalledAsAnotherIsLookedAtTwice(t *testing.T) {
	of := func(id, name, from, until string, aliases ...string) *ledgerv1.RegisterRecord {
		return committeeRecord(&guidancev1.Committee{Id: id, Name: name, Kind: lmc, Nation: "england", ValidFrom: from, ValidUntil: until, Aliases: aliases})
	}
	has := []*ledgerv1.RegisterRecord{of("grange", "Grange LMC", "", "", "GLMC"), of("ashby", "Ashby LMC", "", ""), of("over", "Over LMC", "", "2020-12-31"), of("twin", "ashby lmc", "", "")}
	for name, c := range map[string]struct {
		more *ledgerv1.RegisterRecord
		want string
	}{
		"two blanks":                        {of("kay", "Grange  LMC", "", ""), "committee kay | kay is called “Grange  LMC”, and so is grange"},
		"a full stop, and the":              {of("kay", "The Grange LMC.", "", ""), "and so is grange"},
		"as another is called besides":      {of("kay", "Kay LMC", "", "", "G.L.M.C."), "kay is called “G.L.M.C.”, and so is grange"},
		"a change of name":                  {of("grange", "Ashby LMC", "", "", "GLMC"), "grange is called “Ashby LMC”, and so is ashby"},
		"a name that it had before":         {of("twin", "Ashby LMC", "", "", "Twin"), ""},
		"of one that is over":               {of("kay", "Over LMC", "2021-01-01", ""), ""},
		"of one that was there on some day": {of("kay", "Over LMC", "2020-01-01", ""), "and so is over"},
		"another name":                      {of("kay", "Orange LMC", "", ""), ""},
	} {
		got := strings.Join(changesOf(has, []*ledgerv1.RegisterRecord{c.more}), "\n")
		if strings.Contains(got, "is called") != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestAnAdmissionChangesTheOffice(t *testing.T) {
	got := strings.Join(changesOf(nil, []*ledgerv1.RegisterRecord{admit("kent")}), "\n")
	if !strings.Contains(got, "office kent | name: KENT") || !strings.Contains(got, "office kent | nodes: kent.example:7443") || !strings.Contains(got, "office kent | keys: ") {
		t.Error(got)
	}
}

func TestALongListNamesTheFirst(t *testing.T) {
	var codes []string
	for i := range 20 {
		codes = append(codes, "G820"+string(rune('0'+i/10))+string(rune('0'+i%10)))
	}
	got := strings.Join(changesOf(nil, []*ledgerv1.RegisterRecord{areaRecord(&guidancev1.Area{Id: areaID("icb:A"), Name: "A", PracticeCodes: codes})}), "\n")
	if !strings.Contains(got, "G82011 and 8 more") || strings.Contains(got, "G82012") {
		t.Error(got)
	}
}

func TestTurnsAreTheDaysOnWhichSomethingBeginsOrHasEnded(t *testing.T) {
	has := []*ledgerv1.RegisterRecord{putArea("icb:A"), putCommittee("kent", covers("icb:A", "2020-01-01", "2021-03-31")), admit("kent")}
	more := []*ledgerv1.RegisterRecord{mandate("kent", "kent", "", "2022-02-28")}
	got := Turns(fold(has...), fold(append(has[:3:3], more...)...), Subjects(more))
	if diff := cmp.Diff([]string{"2020-01-01", "2021-04-01", "2022-03-01"}, got); diff != "" {
		t.Errorf("turns (-want +got):\n%s", diff)
	}
}

// What a received record gets wrong is listed, and nothing hangs on it.
func TestCirclesAndUnknownKindsAreListed(t *testing.T) {
	after := func(name string, successors ...string) *ledgerv1.RegisterRecord {
		a := &guidancev1.Area{Id: areaID(name), Name: name, ValidUntil: "2021-01-01"}
		for _, s := range successors {
			a.Successors = append(a.Successors, areaID(s))
		}
		return areaRecord(a)
	}
	merged := func(id string, from ...string) *ledgerv1.RegisterRecord {
		return committeeRecord(&guidancev1.Committee{Id: id, Name: id, Kind: lmc, Predecessors: from})
	}
	for name, c := range map[string]struct {
		records []*ledgerv1.RegisterRecord
		want    []string
	}{
		"an area that took over from itself": {[]*ledgerv1.RegisterRecord{after("icb:A", "icb:A")}, []string{"area icb:A: took over from itself, through icb:A"}},
		"a circle of successors":             {[]*ledgerv1.RegisterRecord{after("icb:A", "icb:B"), after("icb:B", "icb:C"), after("icb:C", "icb:A")}, []string{"area icb:C: took over from itself, through icb:A"}},
		"a committee of itself":              {[]*ledgerv1.RegisterRecord{merged("kent", "kent")}, []string{"committee kent: it cannot have been merged from itself"}},
		"a circle of predecessors":           {[]*ledgerv1.RegisterRecord{merged("a", "b"), merged("b", "a")}, []string{"committee b: was merged from itself, through a"}},
		"a committee of a kind to come":      {[]*ledgerv1.RegisterRecord{committeeRecord(&guidancev1.Committee{Id: "kent", Name: "Kent", Kind: 99})}, []string{"committee kent: its kind is not stated, or not one this software knows"}},
		"a body of a kind to come": {
			[]*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{Id: "x", Name: "X", Kind: 99}}}},
			[]string{"body x: its kind is not one this software knows"},
		},
		"no practice's code": {
			[]*ledgerv1.RegisterRecord{areaRecord(&guidancev1.Area{Id: areaID("icb:A"), Name: "A", PracticeCodes: []string{"81001", "F81001"}})},
			[]string{`area icb:A: "81001" is no practice's code`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := fold(c.records...)
			wantProblems(t, r, c.want...)
			for _, a := range r.EveryArea() { // and they end
				r.InPlaceOf(a.GetId(), "2022-01-01")
				r.Origin(a.GetId(), "2000-01-01")
			}
			for _, committee := range r.EveryCommittee() {
				r.Predecessors(committee.GetId())
			}
		})
	}
}

func TestEveryKindHasWords(t *testing.T) {
	for kind := range guidancev1.CommitteeKind_name {
		if words := CommitteeKindWords(guidancev1.CommitteeKind(kind)); strings.Contains(words, "does not know") || words == "" && kind != 0 {
			t.Errorf("%v: %q", guidancev1.CommitteeKind(kind), words)
		}
	}
	for kind := range guidancev1.BodyKind_name {
		if words := BodyKindWords(guidancev1.BodyKind(kind)); strings.Contains(words, "does not know") || words == "" && kind != 0 {
			t.Errorf("%v: %q", guidancev1.BodyKind(kind), words)
		}
	}
}

func TestChangesCarryTheirKinds(t *testing.T) {
	has := []*ledgerv1.RegisterRecord{admit("kent"), putCommittee("kent")}
	more := []*ledgerv1.RegisterRecord{mandate("kent", "kent", "2020-01-01", "")}
	got := Changes(fold(has...), fold(append(has[:2:2], more...)...), more, "2021-11-01")
	if len(got) != 1 || got[0].GetKind() != answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_SPEAKS || got[0].GetBefore() != "" || got[0].GetAfter() != "kent from 2020-01-01" {
		t.Errorf("%v", got)
	}
}

// Where an ICB was merged into another, the practices of its parts came to be in no LMC's area, and the keeper was told so in
// figures alone.
func TestAnAreaThatEndsUnderAnLMCWithItsPracticesIsPointedOut(t *testing.T) {
	part := &guidancev1.Area{Id: areaID("sub-icb:P1"), Name: "P1", Within: []*guidancev1.AreaId{areaID("icb:P"), areaID("icb:R")}, PracticeCodes: []string{"F81001"}}
	has := []*ledgerv1.RegisterRecord{
		admit("kent"), putArea("icb:P"), putArea("icb:R"), areaRecord(part), mandate("kent", "kent", "", ""),
		committeeRecord(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: lmc, Nation: "england", Areas: []*guidancev1.AreaTenure{covers("icb:P", "", "")}}),
	}
	ends := areaRecord(&guidancev1.Area{Id: areaID("icb:P"), Name: "P", ValidUntil: "2022-03-31", Successors: []*guidancev1.AreaId{areaID("icb:R")}})
	const want = "kent had icb:P, which is no more on 2022-04-01, and practices of it are in no LMC's area from then on: they are told so. Record what is in its place, which is no other LMC's: lmcnode register committee kent --area sub-icb:P1=2022-04-01.."
	if got := changesOf(has, []*ledgerv1.RegisterRecord{ends}); !slices.Contains(got, "area icb:P | "+want) {
		t.Errorf("%q", got)
	}
	merged := []*ledgerv1.RegisterRecord{ // and so when the LMC merges some days later
		committeeRecord(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: lmc, Nation: "england", ValidUntil: "2022-05-31", Areas: []*guidancev1.AreaTenure{covers("icb:P", "", "")}}),
		committeeRecord(&guidancev1.Committee{Id: "union", Name: "Union LMC", Kind: lmc, Nation: "england", ValidFrom: "2022-06-01", Predecessors: []string{"kent"}}),
	}
	const later = "kent had icb:P, which is no more on 2022-04-01, and practices of it are in no LMC's area from then on: they are told so. Record what is in its place, which is no other LMC's: lmcnode register committee kent --area sub-icb:P1=2022-04-01.., and lmcnode register committee union --area sub-icb:P1=2022-06-01.."
	if got := changesOf(append(has, ends), merged); !slices.Contains(got, "committee union | "+later) {
		t.Errorf("then %q", got)
	}
}
