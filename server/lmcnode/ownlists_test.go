package main

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// merge records that LMCs merged into one on 1 February 2026; a new one covers their lists from then on.
func (k *officesLists) merge(into *guidancev1.Committee) {
	if reg, _ := k.asked(); k.reg.Committee(into.Id) == nil {
		into.Areas = takenOver(into, reg)
	}
	k.lmc(into)
	for _, id := range into.Predecessors {
		old := proto.CloneOf(k.reg.Committee(id))
		old.ValidUntil = "2026-01-31"
		k.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: old}})
	}
}

// listsCovered are the lists that a committee is recorded to cover, and until when those of others.
func (k *officesLists) listsCovered(id string) string {
	var all []string
	for _, t := range k.reg.Committee(id).Areas {
		if t.Area.Scheme == register.ListScheme {
			all = append(all, notation.AreaOf(t.Area).String()+map[bool]string{true: " until " + t.ValidUntil}[t.ValidUntil != ""])
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// After two LMCs merged and the one they merged into sent a list of its own, it went on covering their lists for ever: a
// practice that moved away from it later was told two LMCs.
func TestAPracticeThatLeftAMergedLMCsOwnListIsItsNewLMCsAlone(t *testing.T) {
	const deal = "X40001,deal,,,\n"
	for name, c := range map[string]struct {
		own  string
		want map[string]string // whose is X20001, by day
		left string            // that Abbey covers
	}{
		"from its first day": {
			"X10001,abbey,2026-02-01,,\nX20001,abbey,2026-02-01,2026-03-19,\n",
			map[string]string{"2026-01-31": "bray", "2026-02-01": "abbey", "2026-03-19": "abbey", "2026-03-20": "deal"},
			"lmc:abbey, lmc:abbey.06T",
		},
		"as long as is known": {
			"X10001,abbey,,,\nX20001,abbey,,2026-03-19,\n",
			map[string]string{"2026-01-31": "bray", "2026-02-01": "abbey", "2026-03-19": "abbey", "2026-03-20": "deal"},
			"lmc:abbey, lmc:abbey.06T",
		},
		"from a later day": {
			"X10001,abbey,2026-02-16,,\nX20001,abbey,2026-02-16,2026-03-19,\n",
			map[string]string{"2026-02-01": "abbey", "2026-02-15": "abbey", "2026-02-16": "abbey", "2026-03-20": "deal"},
			"lmc:abbey, lmc:abbey.06T, lmc:ayr until 2026-02-15, lmc:bray until 2026-02-15",
		},
		"without it": {
			"X10001,abbey,2026-02-01,,\n",
			map[string]string{"2026-02-01": "abbey", "2026-02-27": "abbey", "2026-02-28": "", "2026-03-20": "deal"},
			"lmc:abbey, lmc:bray until 2026-02-27",
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := listsOf("ayr", "bray", "deal")
			k.practices = [][]string{{"X10001", "06Q"}, {"X20001", "06T"}, {"X40001", "07K"}}
			lists := map[string]string{"north": "X10001,ayr,,,\nX20001,bray,,,\n", "south": deal}
			k.reads(t, "2026-01-15", lists)
			k.merge(&guidancev1.Committee{Id: "abbey", ValidFrom: "2026-02-01", Predecessors: []string{"ayr", "bray"}})
			lists["north"] = c.own
			if name != "without it" { // as the office writes it at first
				lists["north"] = strings.ReplaceAll(c.own, "2026-03-19", "")
			}
			k.reads(t, "2026-02-28", lists)
			if again := k.imports(t, k.files("2026-02-28", lists)...); len(again) > 0 {
				t.Errorf("once more: %v", again)
			}
			lists["north"], lists["south"] = c.own, deal+"X20001,deal,2026-03-20,,\n"
			k.reads(t, "2026-03-31", lists)
			k.practices[1][1] = "06X" // and by no list that is read: it lay in the list of Bray all along
			k.reads(t, "2026-04-30", nil)
			for day, want := range c.want {
				k.want(t, day, map[string]string{"X20001": want})
			}
			k.want(t, "2026-04-30", map[string]string{"X10001": "abbey", "X20001": "deal"})
			if got := k.listsCovered("abbey"); got != c.left {
				t.Errorf("it covers %s, want %s", got, c.left)
			}
		})
	}
}

// The keeper is told whose list ends so, and reads it again to undo that.
func TestAMergedLMCsListThatItsOwnTakesThePlaceOfIsNamed(t *testing.T) {
	k := listsOf("ayr", "bray")
	k.practices = [][]string{{"X10001", "06Q"}, {"X20001", "06Q"}, {"X20002", "06Q"}}
	lists := map[string]string{"old": "X10001,ayr,,,\nX20001,bray,,,\n"}
	k.reads(t, "2026-01-15", lists)
	k.merge(&guidancev1.Committee{Id: "abbey", ValidFrom: "2026-02-01", Predecessors: []string{"ayr", "bray"}})
	lists["new"] = "X20002,abbey,2026-02-10,,\nX10001,abbey,2026-02-10,,\n"
	k.reads(t, "2026-02-28", lists)
	if got := k.listsCovered("abbey"); got != "lmc:abbey, lmc:ayr, lmc:bray" {
		t.Errorf("with those of both it covers %s", got)
	}
	alone := k.files("2026-03-31", map[string]string{"new": lists["new"]})
	want := []string{
		"lmc:ayr stands in no list for abbey any more, whose own list takes its place from 10 February 2026; if it is meant to go on, import the lists once more with that of ayr",
		"lmc:bray stands in no list for abbey any more, whose own list takes its place from 31 March 2026; if it is meant to go on, import the lists once more with that of bray",
	}
	told := func() []string {
		return slices.DeleteFunc(k.notesOf(t, alone...), func(note string) bool { return strings.HasPrefix(note, "no file of") })
	}
	if got := told(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if again := told(); len(again) > 0 {
		t.Errorf("once it is recorded: %q", again)
	}
	k.want(t, "2026-03-31", map[string]string{"X10001": "abbey", "X20001": "", "X20002": "abbey"})
	k.reads(t, "2026-04-30", lists)
	if got := k.listsCovered("abbey"); got != "lmc:abbey, lmc:ayr, lmc:bray" {
		t.Errorf("read again with those of both it covers %s", got)
	}
	k.want(t, "2026-04-30", map[string]string{"X10001": "abbey", "X20001": "abbey", "X20002": "abbey"})
}

// An LMC that goes on had practices on its own list all along, some of whom were in the meantime on that of one which merged
// into it: its list takes the place of that when it begins for those who are in it.
func TestAnLMCThatGoesOnCoversTheListOfOneThatMergedIntoItUntilItsOwnHasThem(t *testing.T) {
	k := listsOf("bray", "deal")
	k.lmc(&guidancev1.Committee{Id: "ayr", ValidFrom: "1950-01-01"})
	k.practices = [][]string{{"X10001", "06Q"}, {"X20001", "06Q"}, {"X20002", "06Q"}, {"X40001", "06Q"}}
	const old, deal = "X10001,ayr,,,\nX20001,ayr,,2024-12-31,\n", "X40001,deal,,,\n"
	lists := map[string]string{"ayr": old, "bray": "X20001,bray,2025-01-01,,\nX20002,bray,,,\n", "deal": deal}
	k.reads(t, "2026-01-15", lists)
	ayr := proto.CloneOf(k.reg.Committee("ayr"))
	ayr.Predecessors = []string{"bray"}
	k.merge(ayr)
	k.reads(t, "2026-02-10", lists) // by which it covers that of Bray, from the merger on
	delete(lists, "bray")
	lists["ayr"] = old + "X20001,ayr,2026-02-20,,\nX20002,ayr,2026-02-20,2026-02-24,\n"
	lists["deal"] = deal + "X20002,deal,2026-02-25,,\n"
	k.reads(t, "2026-02-28", lists)
	if again := k.imports(t, k.files("2026-02-28", lists)...); len(again) > 0 {
		t.Errorf("once more: %v", again)
	}
	k.practices[2][1] = "06T"
	k.reads(t, "2026-03-31", nil)
	for day, want := range map[string][2]string{
		"2024-12-31": {"ayr", "bray"},
		"2025-01-01": {"bray", "bray"},
		"2026-01-31": {"bray", "bray"},
		"2026-02-01": {"ayr", "ayr"},
		"2026-02-24": {"ayr", "ayr"},
		"2026-02-25": {"ayr", "deal"},
		"2026-03-31": {"ayr", "deal"},
	} {
		k.want(t, day, map[string]string{"X10001": "ayr", "X20001": want[0], "X20002": want[1]})
	}
	if got := k.listsCovered("ayr"); got != "lmc:ayr, lmc:bray until 2026-02-19" {
		t.Errorf("it covers %s", got)
	}
}

// Once a merged LMC had a list of its own, the lists of those that merged lay nowhere: what these had said was, by the letter's page, asked
// no more, and previews ended it without a word, while the practices were told it still.
func TestTheListsThatMergedLieInTheOwnListThatTookTheirPlace(t *testing.T) {
	k := listsOf("ayr", "bray", "deal")
	k.practices = [][]string{{"X10001", "06Q"}, {"X10002", "06Q"}, {"X20001", "06T"}, {"X40001", "07K"}}
	lists := map[string]string{"old": "X10001,ayr,,,\nX10002,ayr,,,\nX20001,bray,,,\n", "deal": "X40001,deal,,,\n"}
	k.reads(t, "2026-01-15", lists)
	k.merge(&guidancev1.Committee{Id: "abbey", ValidFrom: "2026-02-01", Predecessors: []string{"ayr", "bray"}})
	delete(lists, "old")
	lists["new"] = "X10001,abbey,2026-02-10,,\nX20001,abbey,2026-02-10,,\n"
	lists["deal"] += "X10002,deal,2026-02-10,,\n"
	k.reads(t, "2026-02-28", lists)
	list := func(code string) *guidancev1.AreaId {
		return &guidancev1.AreaId{Scheme: register.ListScheme, Code: code}
	}
	for _, c := range []struct {
		outer, inner, day string
		lies              bool
	}{
		{"abbey", "ayr", "2026-02-10", true}, {"abbey.06T", "bray", "2026-02-28", true}, {"abbey", "bray", "2026-02-28", false}, {"abbey", "ayr", "2026-02-09", false},
	} {
		if got := k.reg.Contains(list(c.outer), list(c.inner), c.day); got != c.lies {
			t.Errorf("%+v: %v", c, got)
		}
	}
	k.want(t, "2026-02-28", map[string]string{"X10001": "abbey", "X10002": "deal", "X20001": "abbey"})
	for code, names := range map[string]string{"abbey": ": the practices of its list in ", "ayr": ": the practices of its list"} { // of Abbey half is in another place
		if name := k.reg.AreaName(list(code)); !strings.HasSuffix(name, names) && (code != "abbey" || !strings.Contains(name, names)) {
			t.Errorf("lmc:%s is called %q", code, name)
		}
	}
	letter := guidance.Entry{ID: "ayr/0", Office: "ayr", Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC, Advisory: &guidancev1.Advisory{
		Office: "ayr", OnBehalfOf: []string{"ayr"}, Title: "Letter", Issued: &guidancev1.DayRange{Earliest: "2026-01-20", Latest: "2026-01-20"}, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		Positions: []*guidancev1.Position{{
			Committees: []string{"ayr"}, Matter: "gpc/plan", Measure: "buy", Stance: guidancev1.Stance_STANCE_REFUSE, Provenance: guidancev1.Provenance_PROVENANCE_PRIMARY,
			Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
		}},
		Actions: []*guidancev1.Action{{Verb: "write", Measure: "buy", Due: &guidancev1.Due{When: &guidancev1.Due_Day{Day: "2026-12-20"}}}},
	}}
	m := &guidancev1.Matter{Name: "gpc/plan", Measures: []*guidancev1.Measure{{Id: "buy", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND}}}
	k.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "ayr", Office: "ayr"}}})
	prepared, matters := guidance.Prepare(t.Context(), []guidance.Entry{letter}, k.reg), func(string) *guidancev1.Matter { return m }
	end := prepared.EndOf(letter, "2026-02-28", matters)
	if in := prepared.InPart(letter, end.Committees, "2026-02-28", matters, func(*guidancev1.AreaId) []string { return nil }); end.Words != "It still stands." || in != "" {
		t.Errorf("%q, %q", end.Words, in)
	}
}
