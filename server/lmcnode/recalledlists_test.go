package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Lists need not be read again each month. After a merger of sub-ICB locations an LMC with a list stayed in the one
// that had ended: its letters on its new ICB were refused, and no count of that ICB had it.
func TestAnLMCWhoseListIsNotReadAgainIsInTheICBThatItsPracticesHaveComeInto(t *testing.T) {
	k := listsOf("kent", "sussex")
	k.practices = [][]string{{"X10001", "91Q"}, {"X10002", "91Q"}, {"X20001", "09D"}}
	k.reads(t, "2026-01-31", map[string]string{"kent": "X10001,kent,,,\nX10002,kent,2022-07-01,,\n", "sussex": "sub-icb:09D,sussex,,,\n"})
	k.practices = [][]string{{"X10001", "9ZZ"}, {"X10002", "09D"}, {"X20001", "09D"}}
	k.reads(t, "2026-02-28", nil)
	k.reads(t, "2026-03-31", nil)
	covered := func(location, day string) (practices []string) {
		for _, own := range k.reg.CommitteeAreas("kent", day) {
			if k.reg.Contains(&guidancev1.AreaId{Scheme: ods.SubICB, Code: location}, own, day) {
				practices = append(practices, k.reg.Area(own, day).GetPracticeCodes()...)
			}
		}
		slices.Sort(practices)
		return practices
	}
	for _, one := range []struct{ location, day, want string }{
		{"91Q", "2022-06-30", "[X10001]"},
		{"91Q", "2026-02-27", "[X10001 X10002]"},
		{"91Q", "2026-02-28", "[]"},
		{"9ZZ", "2026-02-27", "[]"},
		{"9ZZ", "2026-02-28", "[X10001]"},
		{"09D", "2026-02-28", "[X10002]"},
		{"9ZZ", "2026-03-31", "[X10001]"},
	} {
		if got := fmt.Sprint(covered(one.location, one.day)); got != one.want {
			t.Errorf("on %s Kent has %s in %s, want %s", one.day, got, one.location, one.want)
		}
	}
	k.want(t, "2026-02-27", map[string]string{"X10002": "kent"})
	k.want(t, "2026-03-31", map[string]string{"X10001": "kent", "X10002": "kent sussex", "X20001": "sussex"})
}

// A row with a last day ahead that was taken out of the list was kept until that day.
func TestARowWithALastDayAheadEndsWhenItIsTakenOutOfTheList(t *testing.T) {
	k := listsOf("kent", "surrey")
	k.practices = [][]string{{"X10001", "91Q"}, {"X10002", "91Q"}}
	k.reads(t, "2026-01-31", map[string]string{"kent": "X10001,kent,,2026-12-31,\nX10002,kent,,,\n"})
	k.reads(t, "2026-02-28", map[string]string{"kent": "X10002,kent,,,\n", "surrey": "X10001,surrey,2026-02-28,,\n"})
	k.want(t, "2026-02-27", map[string]string{"X10001": "kent"})
	k.want(t, "2026-02-28", map[string]string{"X10001": "surrey", "X10002": "kent"})
}

// Whose a practice is from the release on is what the list of each LMC says that was read last, wherever the practice
// has come since.
func TestWhoseAPracticeIsIsWhatTheListsLastReadSay(t *testing.T) {
	locations := []string{"06Q", "06T", "07K", "99E"}
	lmcs := []string{"croydon", "kent", "merton"}
	rapid.Check(t, func(rt *rapid.T) {
		k := listsOf(lmcs...)
		for n, location := range append(slices.Clone(locations), locations...) { // the first of each stay, so that it is known
			k.practices = append(k.practices, []string{fmt.Sprintf("X1%04d", n), location})
		}
		list := rapid.Custom(func(rt *rapid.T) string {
			rows := map[string]bool{}
			for range rapid.IntRange(1, 4).Draw(rt, "rows") {
				what := rapid.SampledFrom(k.practices).Draw(rt, "practice")[0]
				if rapid.IntRange(0, 2).Draw(rt, "rule") == 0 {
					what = "sub-icb:" + rapid.SampledFrom(locations).Draw(rt, "location")
				}
				rows[what] = true
			}
			text := ""
			for _, what := range slices.Sorted(maps.Keys(rows)) {
				text += what + ",LMC," + rapid.SampledFrom([]string{",", "2025-07-01,", ",2026-02-15", "2025-07-01,2026-06-01"}).Draw(rt, "days") + ",\n"
			}
			return text
		})
		last := map[string]string{}
		for _, day := range []string{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"} {
			read := map[string]string{}
			for _, id := range lmcs {
				if last[id] == "" || rapid.Bool().Draw(rt, "read again") {
					read[id] = strings.ReplaceAll(list.Draw(rt, id), "LMC", id)
					last[id] = read[id]
				}
			}
			k.reads(t, day, read)
			release, err := ods.Read(k.files(day, last)...)
			if err != nil {
				rt.Fatal(err)
			}
			for _, on := range []string{day, "2026-05-31", "2026-06-02"} {
				for _, p := range k.practices {
					want := map[string]bool{}
					for _, m := range release.MembershipsOn(release.Practice(p[0]), on) {
						want[m.Committee] = true
					}
					got := map[string]bool{}
					for _, c := range k.reg.CommitteesOfPractice(p[0], on) {
						got[c.Id] = true
					}
					if !maps.Equal(want, got) {
						rt.Fatalf("%s, recorded on %s, is on %s of %v, the lists say %v\n%v", p[0], day, on, got, want, k.reg.Practice(p[0]))
					}
				}
			}
			moves := rapid.SampledFrom(k.practices[len(locations):]).Draw(rt, "moves")
			moves[1] = rapid.SampledFrom(locations).Draw(rt, "to")
		}
	})
}

// Where a list came to have practices in another location alone, its area moved there with others in it than before:
// what another LMC had said of that location was told on their pages, and the national picture counted them without it.
func TestTheAreaOfAListStaysWhereItWasWhenTheListHasOthersElsewhere(t *testing.T) {
	k := listsOf("surrey", "kent")
	k.practices = [][]string{{"X10001", "01A"}, {"X10002", "01A"}, {"X20001", "04D"}}
	k.reads(t, "2026-01-31", map[string]string{"surrey": "X20001,surrey,,,\n", "kent": "sub-icb:01A,kent,,,\n"})
	k.reads(t, "2026-02-28", map[string]string{"surrey": "X10001,surrey,,,\n"})
	for _, day := range []string{"2026-01-31", "2026-02-28"} {
		if a := k.reg.Area(&guidancev1.AreaId{Scheme: "lmc", Code: "surrey"}, day); len(a.GetWithin()) != 1 || a.GetWithin()[0].GetCode() != "04D" || len(a.GetLiesIn()) > 0 {
			t.Errorf("on %s Surrey's list lies in %v, %v", day, a.GetWithin(), a.GetLiesIn())
		}
	}
	if in := k.reg.PracticeIn("X10001", "2026-02-28"); !slices.ContainsFunc(in, func(id *guidancev1.AreaId) bool { return id.GetCode() == "surrey.01A" }) {
		t.Errorf("X10001 lies in %v", in)
	}
	k.want(t, "2026-02-28", map[string]string{"X10001": "kent surrey", "X10002": "kent", "X20001": ""})
}

// The area of a list that was first read after its sub-ICB location had taken over from another lay nowhere before that:
// what had been said of the ICB around both was not counted for its practices, and stood on their pages.
func TestAListFirstReadAfterAMergerOfLocationsLayInTheOneBefore(t *testing.T) {
	files := func(day string, areas [][]string, in string, list string) []ods.File {
		var practices [][]string
		for code, in := range map[string]string{"X10001": in, "X20001": "06K", "X20002": "06K"} {
			practices = append(practices, []string{code, "SURGERY", "Y59", "QB1", "", "", "", "", "", "ZZ1 1ZZ", "19740401", "", "A", "B", in, "20200401", "", "", "", "", "", "0", "", in, "", "4", ""})
		}
		areas = append(areas, areaRow("06K", "06K", "QB1", "20200401", ""))
		return []ods.File{
			{Kind: ods.PracticesFile, Name: "epraccur.csv", Day: day, Bytes: corpus.CSV(practices)},
			{Kind: ods.SubICBsFile, Name: "eccg.csv", Day: day, Bytes: corpus.CSV(areas)},
			{Kind: ods.AuthoritiesFile, Name: "eauth.csv", Day: day, Bytes: corpus.CSV([][]string{areaRow("QB1", "QB1", "", "20200401", "")})},
			{Kind: ods.SuccessionsFile, Name: "succ.csv", Day: day, Bytes: []byte("\"04D\",\"51Z\",\"R\",\"20220101\",\"S\"\n")},
			{Kind: ods.CommitteesFile, Name: "kent.csv", Day: day, Bytes: []byte("practice,committee,from,until,took_over_from\n" + list)},
		}
	}
	before := [][]string{areaRow("04D", "04D", "QB1", "20200401", "")}
	after := [][]string{areaRow("04D", "04D", "QB1", "20200401", "20211231"), areaRow("51Z", "51Z", "QB1", "20220101", "")}
	for name, list := range map[string]string{"most of it there": "X10001,kent,,,\n", "a part of it there": "X10001,kent,,,\nX20001,kent,,,\nX20002,kent,,,\n"} {
		k := listsOf("kent")
		k.imports(t, files("2021-10-01", before, "04D", "")...)
		k.imports(t, files("2022-01-31", after, "51Z", list)...)
		for _, day := range []string{"2021-10-20", "2021-12-31", "2022-01-01", "2022-01-31"} {
			for _, own := range k.reg.CommitteeAreas("kent", day) {
				if !k.reg.Contains(&guidancev1.AreaId{Scheme: ods.ICB, Code: "QB1"}, own, day) {
					t.Errorf("%s: on %s %v lies in no part of its ICB", name, day, notation.AreaOf(own))
				}
			}
		}
	}
}
