package picture

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
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
				switch name := rows[0][i]; name {
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
				return row[17]
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
	if got := harmless([]string{"", "a=b", "1", "'"}); strings.Join(got, "|") != "|a=b|1|'" {
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
		if got := rowsOf(t, nationalPicture(w.input(), 0, ""))[1][13]; got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
