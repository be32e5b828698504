package ods_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

// Of small random releases. Few codes are drawn, so that much meets.

func drawRow(t *rapid.T, code string) []string {
	row := make([]string, 27)
	row[0], row[1] = code, rapid.SampledFrom([]string{"A", "B SURGERY", "c,d", `E "F"`}).Draw(t, "name")
	row[2] = rapid.SampledFrom([]string{"Y61", "Y60", "W00", ""}).Draw(t, "region")
	row[3] = rapid.SampledFrom([]string{"QH8", "QJM"}).Draw(t, "icb")
	row[9] = rapid.SampledFrom([]string{"ZZ1 1ZZ", "ZZ2 2ZZ"}).Draw(t, "postcode")
	row[10] = "20000101"
	row[12] = rapid.SampledFrom([]string{"A", "A", "C", "D", "P"}).Draw(t, "status")
	if row[12] == "C" {
		row[11] = "20210331"
	}
	row[14] = rapid.SampledFrom([]string{"06Q", "06T", "7A1", ""}).Draw(t, "commissioner")
	row[25] = rapid.SampledFrom([]string{"4", "4", "13", "26"}).Draw(t, "setting")
	return row
}

func drawRelease(t *rapid.T, day string) []ods.File {
	codes := rapid.SliceOfNDistinct(rapid.IntRange(1, 9), 1, 8, rapid.ID[int]).Draw(t, "practices")
	var practices, branches, partners [][]string
	patients := "EXTRACT_DATE,TYPE,CODE,SEX,AGE,NUMBER_OF_PATIENTS\n"
	list := "practice,committee,from,until,took_over_from\n"
	for _, n := range codes {
		code := fmt.Sprintf("X1000%d", n)
		practices = append(practices, drawRow(t, code))
		for i := range rapid.IntRange(0, 2).Draw(t, "branches") {
			row := drawRow(t, fmt.Sprintf("%s00%d", code, i))
			row[14] = code
			branches = append(branches, row)
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "networks") {
			partner := make([]string, 11)
			partner[0], partner[4], partner[8] = code, fmt.Sprintf("UX000%d", rapid.IntRange(1, 3).Draw(t, "network")), fmt.Sprintf("202%d0401", i)
			partners = append(partners, partner)
		}
		patients += fmt.Sprintf("%s,GP,%s,ALL,ALL,%d\n", day, code, rapid.IntRange(0, 3).Draw(t, "patients"))
		if rapid.Bool().Draw(t, "listed") {
			list += fmt.Sprintf("%s,%s,2022-01-01,,%s\n", code, rapid.SampledFrom([]string{"north", "south"}).Draw(t, "committee"), rapid.SampledFrom([]string{"", fmt.Sprintf("X1009%d", n), fmt.Sprintf("X1008%d X1007%d", n, n)}).Draw(t, "merger")) // each merges once
		}
	}
	areas := [][]string{drawRow(t, "06Q"), drawRow(t, "06T")}
	for _, row := range areas {
		row[13] = "RO319"
	}
	files := []ods.File{
		{Kind: ods.PracticesFile, Name: "p", Day: day, Bytes: corpus.CSV(practices)},
		{Kind: ods.PatientsFile, Name: "n", Bytes: []byte(patients)},
		{Kind: ods.CommitteesFile, Name: "l", Day: day, Bytes: []byte(list)},
		{Kind: ods.SubICBsFile, Name: "a", Day: day, Bytes: corpus.CSV(areas)},
		{Kind: ods.AuthoritiesFile, Name: "au", Day: day, Bytes: corpus.CSV([][]string{drawRow(t, "QH8"), drawRow(t, "Y61"), drawRow(t, "Q99")})},
		{Kind: ods.SuccessionsFile, Name: "s", Day: day, Bytes: corpus.CSV([][]string{{"QH8", rapid.SampledFrom([]string{"D7T5G", "T6Y0W"}).Draw(t, "successor"), "", "20260401", ""}})},
	}
	if branches != nil {
		files = append(files, ods.File{Kind: ods.BranchesFile, Name: "b", Day: day, Bytes: corpus.CSV(branches)})
	}
	if partners != nil {
		files = append(files, ods.File{Kind: ods.NetworksFile, Name: "c", Day: day, Bytes: corpus.CSV(partners)})
	}
	return files
}

// The order of files and of rows makes no difference.
func TestTheOrderOfRowsAndFilesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := drawRelease(t, "2022-07-01")
		want, err := ods.Read(files...)
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for i, f := range files {
			files[i].Bytes = shuffled(random, string(f.Bytes), f.Kind == ods.PatientsFile || f.Kind == ods.CommitteesFile)
		}
		random.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
		got, err := ods.Read(files...)
		if err != nil {
			t.Fatal(err)
		}
		got.Files = want.Files // their digests differ
		for _, of := range []*ods.Release{got, want} {
			for i := range of.Memberships {
				of.Memberships[i].Row = 0
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}

func shuffled(random *rand.Rand, s string, header bool) []byte {
	lines := strings.SplitAfter(strings.TrimSuffix(s, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	rest := lines
	if header {
		rest = lines[1:]
	}
	random.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return []byte(strings.Join(lines, ""))
}

func TestTheOrderOfRowsOfAFullReleaseDoesNotMatter(t *testing.T) {
	files := corpus.NHS(3, 1)[0]
	want := read(t, files...)
	random := rand.New(rand.NewPCG(3, 3))
	for i, f := range files {
		if f.Kind != ods.NetworksFile && f.Kind != ods.CommitteesFile {
			files[i].Bytes = shuffled(random, string(f.Bytes), f.Kind == ods.PatientsFile)
		}
	}
	got := read(t, files...)
	got.Files = want.Files
	if !reflect.DeepEqual(got, want) {
		t.Error("another release")
	}
}
