package picture

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func rowsOf(t *testing.T, pic *answersv1.NationalPicture) [][]string {
	t.Helper()
	b, err := CSV(pic)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCSVOfOctober2021(t *testing.T) {
	var all strings.Builder
	for _, unit := range units {
		in := october().input()
		in.Measure = "engage"
		b, err := CSV(nationalPicture(in, unit, ""))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	golden(t, "national.csv", all.String())
}

func TestEveryRowOfTheCSVCanStandAlone(t *testing.T) {
	for _, unit := range units {
		rows := rowsOf(t, nationalPicture(october().input(), unit, ""))
		for _, row := range rows[1:] {
			for i, cell := range row {
				switch name := strings.TrimPrefix(rows[0][i], ByteOrderMark); name {
				case "unit", "denominator", "denominator words", "release", "as of", "known at", "complete", "completeness", "matter", "heading":
					if cell == "" {
						t.Errorf("%s is empty in %q", name, row)
					}
				}
			}
		}
	}
}

func TestCSVNamesTheAdvisoriesBehindAFigure(t *testing.T) {
	w := newWorld()
	for _, id := range []string{"north", "south", "east"} {
		w.committee(id, id, lmc, map[string]string{"north": "essex", "south": "essex", "east": "sussex"}[id])
	}
	w.says("essex", "north", "2021-10-20", refuse)
	w.says("essex", "south", "2021-10-20", caution)
	w.says("sussex", "east", "2021-10-20", refuse)
	advisories := func(unit answersv1.Unit, heading string) string {
		for _, row := range rowsOf(t, nationalPicture(w.input(), unit, "")) {
			if row[5] == "count" && row[6] == heading {
				return row[18]
			}
		}
		return "no such row"
	}
	for _, c := range []struct {
		unit          answersv1.Unit
		heading, want string
	}{
		{byCommittee, "refuse", "essex/0 sussex/0"},
		{byCommittee, "caution", "essex/1"},
		{byOffice, "refuse", "sussex/0"},
		{byOffice, "split", "essex/0 essex/1"},
	} {
		if got := advisories(c.unit, c.heading); got != c.want {
			t.Errorf("%s by %s: %q, want %q", c.heading, UnitWords(c.unit, 2), got, c.want)
		}
	}
}

func TestCSVRunsNoFormula(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	for _, start := range []string{"=", "+", "-", "@", "\t", "\r"} {
		w.in.Matter.Title = start + `HYPERLINK("http://example.org","x")`
		for _, row := range rowsOf(t, nationalPicture(w.input(), 0, ""))[1:2] {
			if !strings.HasPrefix(row[2], "'"+start) && !(start == "\r" && strings.HasPrefix(row[2], "'")) {
				t.Errorf("%q is written as %q", w.in.Matter.Title, row[2])
			}
		}
	}
	if got := Harmless([]string{"", "a=b", "1", "'"}); strings.Join(got, "|") != "|a=b|1|'" {
		t.Errorf("%q", got)
	}
}

func TestCSVSaysAtWhatMomentItIsKnown(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	for _, c := range []struct {
		feed uint64
		at   *timestamppb.Timestamp
		want string
	}{
		{0, nil, "everything recorded"},
		{12, nil, "feed 12"},
		{12, timestamppb.New(time.Date(2021, 10, 28, 22, 59, 59, 0, time.UTC)), "2021-10-28T22:59:59Z"},
	} {
		w.in.KnownAt, w.in.KnownAtTime = c.feed, c.at
		if got := rowsOf(t, nationalPicture(w.input(), 0, ""))[1][14]; got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestCSVHasTheNationalLineEveryLineAndOtherBodies(t *testing.T) {
	w := october()
	w.says("humberside", "humberside", "2021-10-27", refuse, func(a *v1.Advisory) {
		a.Positions[0].Provisional, a.Positions[0].Opinion = true, v1.Opinion_OPINION_OPPOSES
		a.Positions[0].Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: "it costs £5"}}
	})
	rows := rowsOf(t, nationalPicture(w.input(), 0, ""))
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	var got []string
	for _, row := range rows {
		if kind := row[at["row"]]; row[at["measure"]] == "" && (kind == "national line" || kind == "other body" || row[at["name"]] == "Humberside LMC") {
			got = append(got, strings.Join([]string{kind, row[at["heading"]], row[at["name"]], row[at["conditions"]], row[at["for now"]], row[at["opinion"]], row[at["to the national line"]], row[at["issued from"]], row[at["advisories"]]}, "|"))
		}
	}
	want := []string{
		"national line|refuse (gpc-england/2)|GPC England|||||2021-10-21|gpc-england/2",
		"line|refuse, for now, on conditions (humberside/1)|Humberside LMC|To be taken up only if: it costs £5.|for now|opposes it|" +
			guidance.RelationWords(answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS) + "|2021-10-27|humberside/1",
		"other body|only reported by The paper: information only (gpc-england/1)|IGPM|||||2021-10-20|gpc-england/1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Without the mark Excel reads "£" as two other characters.
func TestCSVBeginsWithAByteOrderMark(t *testing.T) {
	b, err := CSV(nationalPicture(october().input(), 0, ""))
	changes, err2 := MoversCSV(&answersv1.GetNationalPictureResponse{})
	for _, file := range [][]byte{b, changes} {
		if err != nil || err2 != nil || !bytes.HasPrefix(file, []byte("\xEF\xBB\xBFmatter,")) {
			t.Errorf("%.20q", file)
		}
	}
}

func TestMoversCSVSaysOfWhomAndByWhat(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", caution)
	w.says("kent", "kent", "2021-10-20", caution, on("disengage"), func(a *v1.Advisory) {
		a.Positions[0].ContractEffects = []*v1.DatedEffect{
			{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH, ValidUntil: "2021-10-29"},
			{Effect: v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH, ValidFrom: "2021-10-30"},
		}
	})
	before := w.input()
	w.says("kent", "kent", "2021-10-29", support, on("fund"), forGroup)
	w.says("kent", "kent", "2021-10-29", refuse, on("fund"), toPartners, until("2021-10-30"))
	w.in.AsOf = "2021-10-30"
	changes, _, err := Changes(context.Background(), before, w.input(), everybody)
	if err != nil {
		t.Fatal(err)
	}
	file, err := MoversCSV(&answersv1.GetNationalPictureResponse{Changes: &answersv1.GetChangesResponse{Changes: changes}})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows[1:] {
		var cells []string
		for _, name := range []string{"measure", "group", "readers", "change", "letter", "on day", "by register", "contract before", "contract after"} {
			cells = append(cells, row[slices.Index(rows[0], name)])
		}
		got = append(got, strings.Join(cells, "|"))
	}
	if diff := cmp.Diff([]string{
		"fund|patients already started||moved|kent/2||false|As it reads it: What the contract says is not settled here: ask your LMC.|As it reads it: What the contract says is not settled here: ask your LMC.",
		"fund||GP partners|moved|kent/3||false|As it reads it: What the contract says is not settled here: ask your LMC.|As it reads it: What the contract says is not settled here: ask your LMC.",
		"disengage|||contract|kent/1|2021-10-30|false|As it reads it: The contract does not require it.|As it reads it: It would be a breach of contract.",
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every figure that rests on something said names it, whatever the reason for having no line.
func TestEveryFigureButSilenceNamesItsLetters(t *testing.T) {
	scoped := func(id string) func(*v1.Advisory) {
		return func(a *v1.Advisory) { a.Positions[0].Scope = &v1.Scope{Id: id, Words: "practices on " + id} }
	}
	later := func(a *v1.Advisory) { a.Positions[0].ValidFrom = "2021-12-01" }
	undated := func(a *v1.Advisory) { a.Issued.Latest = "2021-12-31" }
	for _, c := range []struct {
		heading string
		says    []func(*v1.Advisory)
	}{
		{"differs by group, no line in general", []func(*v1.Advisory){scoped("emis"), on("engage")}},
		{"no line: said to others only", []func(*v1.Advisory){toPartners, on("engage")}},
		{"no line: not in force yet", []func(*v1.Advisory){later, on("engage")}},
		{"no line: written on a day not known", []func(*v1.Advisory){undated, on("engage")}},
		{"no line: on other parts only", []func(*v1.Advisory){on("fund")}},
		{"no line: on measures only", []func(*v1.Advisory){on("fund")}},
	} {
		w := newWorld()
		w.committee("kent", "Kent LMC", lmc, "kent")
		w.committee("silent", "Silent LMC", lmc, "silent")
		letter := w.says("kent", "kent", "2021-10-20", caution, c.says...)
		measure := "engage"
		if c.heading == "no line: on measures only" {
			measure = ""
		}
		found := false
		for _, row := range rowsOf(t, nationalPicture(w.input(), answersv1.Unit_UNIT_COMMITTEES, "")) {
			if row[1] != measure || row[5] != "count" && row[5] != "line" {
				continue
			}
			if strings.Contains(row[17], "kent") != (row[18] == letter) {
				t.Errorf("%s: %q rests on %q, not on %s", c.heading, row[6], row[18], letter)
			}
			if row[5] == "line" && row[17] == "kent" && row[6] != c.heading && row[slices.Index(csvHeader, "scope")] == "" { // a group has a row of its own
				t.Errorf("the line is headed %q, its figure %q", row[6], c.heading)
			}
			found = found || row[5] == "count" && row[6] == c.heading
		}
		if !found {
			t.Errorf("no figure is headed %s", c.heading)
		}
	}
}

func TestTheCSVSaysWhatIsSaidToWhomWhereItIsSaidToOthersOnly(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	letter := w.says("kent", "kent", "2021-10-20", caution, on("engage"), func(a *v1.Advisory) {
		a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_GP_PARTNERS}
	})
	var said []string
	rows := rowsOf(t, nationalPicture(w.input(), answersv1.Unit_UNIT_COMMITTEES, ""))
	for _, row := range rows {
		if row[1] == "engage" && row[5] == "line" {
			said = append(said, row[slices.Index(rows[0], "said to others")])
		}
	}
	if diff := cmp.Diff([]string{"To GP partners: caution (" + letter + ")."}, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFigureOfThoseWhoSpokeOnOtherPartsCitesWhatStands(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	first := w.says("kent", "kent", "2021-10-20", caution, on("fund"))
	second := w.says("kent", "kent", "2021-10-21", refuse, on("fund"), replacing(first))
	letters := func() string {
		return strings.Join(nationalPicture(w.input(), answersv1.Unit_UNIT_COMMITTEES, "").Tables[1].Lines[0].GetNoLine().GetLetters(), " ")
	}
	if got := letters(); got != second {
		t.Errorf("cites %q, want %s", got, second)
	}
	w.withdraws("kent", second, "2021-10-22")
	if got := letters(); got != second {
		t.Errorf("with nothing left it cites %q, want the newest, %s", got, second)
	}
}

func TestARowOfAMeasureSaysThatItIsTheLineOnTheWholeMatter(t *testing.T) {
	w := newWorld()
	w.committee("kent", "Kent LMC", lmc, "kent")
	w.says("kent", "kent", "2021-10-20", refuse)
	w.says("kent", "kent", "2021-10-21", caution, on("fund"))
	want := map[string]string{
		"": "refuse (kent/0)", "engage": "refuse, by the line on the whole matter (kent/0)", "fund": "caution (kent/1)",
	}
	got := map[string]string{}
	for _, row := range rowsOf(t, nationalPicture(w.input(), answersv1.Unit_UNIT_COMMITTEES, "")) {
		if _, asked := want[row[1]]; asked && row[5] == "line" {
			got[row[1]] = row[6]
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What others report of a committee, and what an office said before another took over, is what
// its office's figure rests on.
func TestAnOfficesFigureNamesReportsAndWhatAnotherOfficeSaid(t *testing.T) {
	w := kent()
	w.committee("surrey", "Surrey LMC", lmc, "surrey")
	w.reports("gpc-england", "surrey", "2021-10-20", refuse)
	w.says("kent", "kent", "2021-10-20", support)
	w.in.Committees[1].Office = "medway" // since, and what Kent said stands
	pic := nationalPicture(w.input(), answersv1.Unit_UNIT_OFFICES, "")
	letters := map[string]string{}
	for _, c := range pic.Tables[0].Columns {
		for _, office := range c.Members {
			letters[office] = strings.Join(RestsOn(answersv1.Unit_UNIT_OFFICES, pic.Tables[0], c, office), " ")
		}
	}
	if diff := cmp.Diff(map[string]string{"medway": "kent/0", "surrey": "gpc-england/0"}, letters); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCSVHasTheLastDayOfALineAndWhatIsAheadOfIt(t *testing.T) {
	w := kent()
	w.says("kent", "kent", "2021-10-20", support, until("2021-10-30"))
	w.says("kent", "kent", "2021-10-21", refuse, func(a *v1.Advisory) { a.Positions[0].ValidFrom = "2021-10-31" })
	w.in.AsOf = "2021-10-28"
	rows := rowsOf(t, nationalPicture(w.input(), 0, ""))
	at := func(name string) int { return slices.Index(rows[0], name) }
	i := slices.IndexFunc(rows, func(row []string) bool { return row[at("row")] == "line" && row[at("measure")] == "" })
	if got, want := rows[i][at("last day")]+"|"+rows[i][at("ahead")], "2021-10-30|From 31 October 2021: refuse (kent/1)."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	// A letter that is here already ends it on a day ahead.
	w.says("kent", "kent", "2021-10-22", caution, func(a *v1.Advisory) { a.ValidFrom, a.Replaces = "2021-10-29", []string{"kent/0", "kent/1"} })
	rows = rowsOf(t, nationalPicture(w.input(), 0, ""))
	if got, want := rows[i][at("last day")]+"|"+rows[i][at("ahead")], "2021-10-28|From 29 October 2021: caution (kent/2)."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
