package main

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ods"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// spokenFor is a register in which an office of the same name speaks for each of some LMCs.
func (k *officesLists) spokenFor(t *testing.T, day string, lists, given map[string]string, lmcs ...string) (notes []string, err error) {
	t.Helper()
	release, err := ods.Read(k.files(day, lists)...)
	if err != nil {
		t.Fatal(err)
	}
	reg, known := k.asked()
	reg.Keeper = "gpc"
	for _, id := range lmcs {
		reg.Offices = append(reg.Offices, &answersv1.RegisteredOffice{Office: &guidancev1.Office{Id: id, Name: "Office of " + id}, Committees: []string{id}})
	}
	i := newImporting(reg, known, release, given)
	records, err := i.records()
	if err == nil {
		k.record(records...)
	}
	return i.notes, err
}

// A list that had one practice for another office's LMC, read without that office's, took all others out of that LMC.
func TestAListTakesNoPracticeOutOfAnotherOfficesLMC(t *testing.T) {
	k := listsOf("kent", "surrey", "sussex")
	k.practices = [][]string{{"X10001", "91Q"}, {"X10002", "91Q"}, {"X20001", "92A"}, {"X20002", "92A"}, {"X30001", "09D"}}
	k.reads(t, "2026-01-31", map[string]string{"kent": "sub-icb:91Q,kent,,,\n", "surrey": "sub-icb:92A,surrey,,,\n", "sussex": "X30001,sussex,,,\n"})
	lists := map[string]string{"surrey": "sub-icb:92A,surrey,,,\nX20002,kent,,,\nX30001,surrey,,,\n"}
	_, err := k.spokenFor(t, "2026-02-28", lists, nil, "kent", "surrey")
	if want := "surrey.csv has rows for LMCs of several offices: kent for kent: X20002 (row 3); surrey for surrey: "; err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("a list with rows for two offices' LMCs: %v, want %s", err, want)
	}
	given := map[string]string{"surrey.csv": "surrey"}
	notes, err := k.spokenFor(t, "2026-02-28", lists, given, "kent", "surrey")
	if err != nil {
		t.Fatal(err)
	}
	if want := "surrey.csv: set aside for kent, for which Office of kent speaks: X20002 (row 3). If that is right, a list of that office has to say it"; !slices.Contains(notes, want) {
		t.Errorf("not noted: %s\n%q", want, notes)
	}
	// Surrey says itself that the one set aside is not its own.
	k.want(t, "2026-02-28", map[string]string{"X10001": "kent", "X10002": "kent", "X20001": "surrey", "X20002": ""})
	lists["kent"] = "sub-icb:91Q,kent,,,\nX20002,kent,,,\n"
	notes, err = k.spokenFor(t, "2026-03-31", lists, given, "kent", "surrey")
	if err != nil || slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "set aside") }) {
		t.Errorf("what Kent's list says, too, is noted: %v, %q", err, notes)
	}
	k.want(t, "2026-03-31", map[string]string{"X10001": "kent", "X10002": "kent", "X20001": "surrey", "X20002": "kent"})
	for _, wrong := range []map[string]string{{"surrey.csv": "sussex"}, {"sury.csv": "surrey"}} {
		if _, err := k.spokenFor(t, "2026-03-31", lists, wrong, "kent", "surrey"); err == nil || !strings.Contains(err.Error(), "--given-by") {
			t.Errorf("given by %v: %v", wrong, err)
		}
	}
}

// Whoever keeps the register writes down for all what they told by telephone.
func TestAListOfTheKeeperSpeaksForTheLMCsOfAllOffices(t *testing.T) {
	k := listsOf("kent", "surrey")
	k.practices = [][]string{{"X10001", "91Q"}, {"X20001", "92A"}}
	lists := map[string]string{"all": "X10001,kent,,,\nsub-icb:92A,surrey,,,\n"}
	_, err := k.spokenFor(t, "2026-01-31", lists, nil, "kent", "surrey")
	if refused := (*fault.Error)(nil); !errors.As(err, &refused) || !strings.HasSuffix(refused.Hint, "--given-by FILE=gpc") {
		t.Errorf("not said whose it is: %v", err)
	}
	notes, err := k.spokenFor(t, "2026-01-31", lists, map[string]string{"all.csv": "gpc"}, "kent", "surrey")
	if err != nil || slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, "set aside") }) {
		t.Errorf("the keeper's: %v, %q", err, notes)
	}
	k.want(t, "2026-01-31", map[string]string{"X10001": "kent", "X20001": "surrey"})
}

// A list may go on to name an LMC that merged: it is the same office's as that which speaks for the one it merged into.
func TestAListWithAMergedLMCIsOfTheOfficeThatSpeaksForTheOneItMergedInto(t *testing.T) {
	k := listsOf("surrey", "sussex")
	k.lmc(&guidancev1.Committee{Id: "downs", ValidFrom: "2026-02-01", Predecessors: []string{"sussex"}})
	k.practices = [][]string{{"X20001", "92A"}, {"X30001", "09D"}}
	lists := map[string]string{"both": "X20001,surrey,,,\nX30001,sussex,,,\n"}
	if _, err := k.spokenFor(t, "2026-02-28", lists, nil, "surrey", "downs"); err == nil || !strings.Contains(err.Error(), "downs for sussex: X30001 (row 3)") {
		t.Errorf("an office's list with a row for what another's LMC was: %v", err)
	}
}

// Two offices called their lists alike, as the skeleton does: they were read as one list, and the office given for the
// second was that of both.
func TestListsOfTheSameNameInTwoFoldersAreTwoLists(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for _, one := range []string{"kent/our-practices.csv:sub-icb:91Q,kent,,,\n", "surrey/our-practices.csv:X20001,surrey,,,\n", "epraccur.csv:"} {
		name, rows, _ := strings.Cut(one, ":")
		path := filepath.Join(dir, filepath.FromSlash(name))
		file := []byte("practice,committee,from,until,took_over_from\n" + rows)
		if name == "epraccur.csv" {
			file = (&officesLists{practices: [][]string{{"X10001", "91Q"}, {"X20001", "91Q"}}}).files("2026-01-31", nil)[0].Bytes
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, file, 0o600)); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	names := fileNames(paths)
	release, err := readRelease("2026-01-31", paths, names)
	if err != nil {
		t.Fatal(err)
	}
	if m := release.Memberships; len(m) != 2 || m[0].List == m[1].List {
		t.Errorf("lists of the same name: %v", m)
	}
	kent, surrey := filepath.ToSlash(paths[0]), filepath.ToSlash(paths[1])
	for _, c := range []struct {
		typed []string
		want  map[string]string
		wrong string
	}{
		{[]string{paths[0] + "=kent", paths[1] + "=surrey"}, map[string]string{kent: "kent", surrey: "surrey"}, ""},
		{[]string{"our-practices.csv=kent"}, nil, "are called so"},
		{[]string{paths[0] + "=kent", paths[0] + "=surrey"}, nil, "one list is of one office"},
		{[]string{"epraccur.csv=kent"}, map[string]string{"epraccur.csv": "kent"}, ""},
		{[]string{"no-such.csv=kent"}, map[string]string{"no-such.csv": "kent"}, ""},
	} {
		given, err := givenLists(c.typed, names)
		if !maps.Equal(given, c.want) || (err != nil) != (c.wrong != "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%q: %v, %v", c.typed, given, err)
		}
	}
}
