package picture

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

var rewrite = flag.Bool("rewrite", false, "write testdata anew instead of comparing with it")

const (
	lmc      = v1.CommitteeKind_COMMITTEE_KIND_LMC
	national = v1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE
	other    = v1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY

	refuse     = v1.Stance_STANCE_REFUSE
	against    = v1.Stance_STANCE_ADVISE_AGAINST
	caution    = v1.Stance_STANCE_CAUTION
	decides    = v1.Stance_STANCE_PRACTICE_DECIDES
	support    = v1.Stance_STANCE_SUPPORT
	consulting = v1.Stance_STANCE_CONSULTING
	informs    = v1.Stance_STANCE_INFORMATION_ONLY

	plan = "gpc-england/access-plan-2021"
)

// world is a federation under construction: a register and what was said.
type world struct {
	records []register.Record
	offices map[string]string // committee -> office
	said    map[string]uint64 // office -> entries in its log
	in      Input
}

// newWorld has the matter, its national committee and nothing else.
func newWorld() *world {
	w := &world{offices: map[string]string{}, said: map[string]uint64{}}
	nhs := &v1.Body{Id: "nhs-england", Name: "NHS England"}
	gpc := &v1.Body{Id: "gpc-england", Name: "GPC England"}
	w.in.Matter = &v1.Matter{
		Name: plan, Title: "Improving access", Proposer: nhs,
		Measures: []*v1.Measure{
			{Id: "engage", Title: "Take part in meetings", Kind: v1.MeasureKind_MEASURE_KIND_DEMAND, AddressedTo: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}},
			{Id: "fund", Title: "Winter access fund", Kind: v1.MeasureKind_MEASURE_KIND_OFFER, AddressedTo: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}, Deadlines: []*v1.Deadline{
				{Title: "Plans due", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-10-28"}}}, {Title: "Money ends", Due: &v1.Due{When: &v1.Due_Day{Day: "2022-03-31"}}},
			}},
			{Id: "disengage", Title: "Leave the PCN DES", Proposer: gpc, AddressedTo: []v1.Audience{v1.Audience_AUDIENCE_PCNS}, Deadlines: []*v1.Deadline{
				{Title: "Last day without a breach", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-10-31"}}}, {Title: "Call", Due: &v1.Due{When: &v1.Due_Time{Time: "2021-10-28T12:00"}}},
			}},
		},
	}
	w.in.AsOf = "2021-10-28"
	w.in.Completeness = &answersv1.Completeness{Complete: true, Words: "Everything known to have been published is here."}
	w.committee("gpc-england", "GPC England", national, "gpc-england")
	return w
}

func (w *world) record(body *ledgerv1.RegisterRecord) {
	n := uint64(len(w.records))
	w.records = append(w.records, register.Record{Entry: ledger.EntryID{Office: "gpc-england", Index: n}, Body: body})
}

// committee adds a committee that an office ("" for nobody) speaks for and that covers
// some areas.
func (w *world) committee(id, name string, kind v1.CommitteeKind, office string, areas ...string) {
	c := &v1.Committee{Id: id, Name: name, Kind: kind, Nation: "england"}
	for _, area := range areas {
		c.Areas = append(c.Areas, &v1.AreaTenure{Area: areaID(area)})
	}
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: c}})
	if office != "" {
		w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: id, Office: office}}})
		w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: office}}})
	}
	w.in.Committees = append(w.in.Committees, Committee{Committee: c, Office: office, Contact: &v1.Contact{Name: name}})
}

// area adds an area; numbers below zero are no data.
func (w *world) area(name string, practices, patients int64, within ...string) *v1.Area {
	a := &v1.Area{Id: areaID(name), Name: name, Release: "list sizes, October 2021"}
	if practices >= 0 {
		a.Practices = proto.Int32(int32(practices))
	}
	if patients >= 0 {
		a.Patients = proto.Int32(int32(patients))
	}
	for _, outer := range within {
		a.Within = append(a.Within, areaID(outer))
	}
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: a}})
	return a
}

// says publishes an advisory of one position; more changes it before it is heard.
func (w *world) says(office, committees, day string, stance v1.Stance, more ...func(*v1.Advisory)) string {
	a := &v1.Advisory{
		Office: office, OnBehalfOf: strings.Fields(committees), Title: "Letter", Issued: &v1.DayRange{Earliest: day, Latest: day},
		Visibility: v1.Visibility_VISIBILITY_PUBLIC,
		Positions: []*v1.Position{{
			Committees: strings.Fields(committees), Matter: plan, Stance: stance, Provenance: v1.Provenance_PROVENANCE_PRIMARY,
			Audiences: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PCNS},
		}},
	}
	for _, change := range more {
		change(a)
	}
	return w.hear(guidance.Entry{Office: office, Advisory: a})
}

func (w *world) hear(e guidance.Entry) string {
	e.Index = w.said[e.Office]
	e.ID = e.Office + "/" + strconv.FormatUint(e.Index, 10)
	w.said[e.Office]++
	e.Feed = uint64(len(w.in.Entries) + 1)
	e.Visibility = v1.Visibility_VISIBILITY_PUBLIC
	w.in.Entries = append(w.in.Entries, e)
	return e.ID
}

func (w *world) withdraws(office, advisory, day string) string {
	return w.hear(guidance.Entry{Office: office, Withdrawal: &v1.Withdrawal{
		Office: office, Advisory: advisory, Effective: day, Issued: &v1.DayRange{Earliest: day, Latest: day}, Visibility: v1.Visibility_VISIBILITY_PUBLIC,
	}})
}

// reports records what a committee is said to have said.
func (w *world) reports(office, committee, day string, stance v1.Stance) string {
	return w.hear(guidance.Entry{Office: office, Report: &v1.ReportedPosition{
		Office: office, Issued: &v1.DayRange{Earliest: day, Latest: day}, Source: &v1.Reference{Title: "The paper"},
		Position: &v1.Position{
			Committees: []string{committee}, Matter: plan, Stance: stance, Provenance: v1.Provenance_PROVENANCE_REPORTED,
			Audiences: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES},
		},
	}})
}

// onDay is the input as of a day, with those committees that are there then.
func (w *world) onDay(committees []Committee) func(day string) Input {
	return func(day string) Input {
		in := w.input()
		in.AsOf = day
		in.Committees = slices.DeleteFunc(slices.Clone(committees), func(c Committee) bool {
			return c.GetValidFrom() > day || c.GetValidUntil() != "" && c.GetValidUntil() < day
		})
		return in
	}
}

// input is the world as asked about.
func (w *world) input() Input {
	in := w.in
	in.Register = register.Fold("demo", "gpc-england", nil, w.records)
	return in
}

func on(measure string) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Positions[0].Measure = measure }
}

func in(area string) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Positions[0].Area = areaID(area) }
}

func relaying(a *v1.Advisory) {
	a.Positions[0].Stance, a.Positions[0].Provenance = informs, v1.Provenance_PROVENANCE_RELAY
}

func until(day string) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Positions[0].ValidUntil = day }
}

func replacing(id string) func(*v1.Advisory) {
	return func(a *v1.Advisory) { a.Replaces = []string{id} }
}

func areaID(name string) *v1.AreaId {
	scheme, code, _ := strings.Cut(name, ":")
	return &v1.AreaId{Scheme: scheme, Code: code}
}

// october is the federation of October 2021 in small, with numbers made up for tests.
func october() *world {
	w := newWorld()
	w.area("icb:QH8", 150, 1_200_000, "region:east")
	w.area("icb:QUE", 86, 980_000, "region:east")
	w.area("icb:QNX", 170, 1_800_000, "region:south")
	w.area("icb:QJM", -1, 780_000)
	w.area("icb:QOQ", 160, -1)
	w.area("sub-icb:06Q", 40, 390_000, "icb:QH8")
	w.committee("north-essex", "North Essex LMC", lmc, "essex", "sub-icb:06Q")
	w.committee("south-essex", "South Essex LMC", lmc, "essex", "icb:QH8")
	w.committee("east-sussex", "East Sussex LMC", lmc, "surrey-sussex", "icb:QNX")
	w.committee("west-sussex", "West Sussex LMC", lmc, "surrey-sussex", "icb:QNX")
	w.committee("cambridgeshire", "Cambridgeshire LMC", lmc, "cambridgeshire", "icb:QUE")
	w.committee("lincolnshire", "Lincolnshire LMC", lmc, "lincolnshire", "icb:QJM")
	w.committee("humberside", "Humberside LMC", lmc, "humberside", "icb:QOQ")
	w.committee("kent", "Kent LMC", lmc, "")
	w.committee("igpm", "IGPM", other, "")
	w.says("gpc-england", "gpc-england", "2021-10-17", against)
	w.says("surrey-sussex", "east-sussex west-sussex", "2021-10-19", refuse)
	w.says("surrey-sussex", "east-sussex west-sussex", "2021-10-19", against, on("engage"))
	w.says("cambridgeshire", "cambridgeshire", "2021-10-20", against)
	w.reports("gpc-england", "igpm", "2021-10-20", informs)
	w.says("gpc-england", "gpc-england", "2021-10-21", refuse)
	w.says("humberside", "humberside", "2021-10-22", decides, on("disengage"))
	w.says("essex", "north-essex south-essex", "2021-10-25", refuse, func(a *v1.Advisory) { a.Notice = "Demonstration: made up." })
	w.says("lincolnshire", "lincolnshire", "2021-10-26", informs, relaying)
	return w
}

// golden compares text with a file of testdata, or writes it with -rewrite.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: write it with go test ./internal/picture -rewrite", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s\nif this is meant: go test ./internal/picture -rewrite", name, diff)
	}
}

// shuffled is an input in another order, with other feed numbers.
func shuffled(in Input, swap func(n int, swap func(i, j int))) Input {
	in.Committees, in.Entries = slices.Clone(in.Committees), slices.Clone(in.Entries)
	swap(len(in.Committees), func(i, j int) { in.Committees[i], in.Committees[j] = in.Committees[j], in.Committees[i] })
	swap(len(in.Entries), func(i, j int) { in.Entries[i], in.Entries[j] = in.Entries[j], in.Entries[i] })
	for i := range in.Entries {
		in.Entries[i].Feed = uint64(1000 - i)
	}
	return in
}

// viewLines are all lines of a view.
func viewLines(view *answersv1.CombinedView) []*answersv1.Line {
	var all []*answersv1.Line
	for _, c := range slices.Concat([]*answersv1.CommitteeView{view.National}, view.Committees, view.OtherBodies) {
		if c != nil {
			all = append(append(all, c.Headline), c.Parts...)
		}
	}
	return all
}
