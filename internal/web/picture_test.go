package web

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// said is an entry with a line of some committees on the whole plan, from a day on and, where another entry ended it,
// up to a day.
func said(name, earliest, latest string, stance v1.Stance, ended string, committees ...string) *answersv1.Entry {
	e := &answersv1.Entry{Name: name, Issued: &v1.DayRange{Earliest: earliest, Latest: latest}, Content: &answersv1.Entry_Advisory{Advisory: &v1.Advisory{
		Positions: []*v1.Position{{Committees: committees, Matter: plan, Stance: stance, Provenance: v1.Provenance_PROVENANCE_PRIMARY}},
	}}}
	for _, c := range committees {
		st := &answersv1.CommitteeStanding{Committee: c, Current: ended == ""}
		if ended != "" {
			st.Endings = []*answersv1.Ending{{Kind: answersv1.EndingKind_ENDING_KIND_REPLACED, Day: ended}}
		}
		e.Standings = append(e.Standings, st)
	}
	return e
}

// A lane is of those who say all by the same letters, the national committee's stands first, and what was said reaches
// to what ended it or took its place, else to the end.
func TestATimelineTellsWhoSaidWhatFromWhenUntilWhen(t *testing.T) {
	list := &answersv1.ListEntriesResponse{Matter: plan, Entries: []*answersv1.Entry{ // the newest first
		said("essex/7", "2021-10-25", "2021-10-25", v1.Stance_STANCE_REFUSE, "", "north-essex", "south-essex"),
		said("gpc/2", "2021-10-21", "2021-10-21", v1.Stance_STANCE_REFUSE, "", "gpc"),
		said("kent/1", "2021-10-18", "2021-10-20", v1.Stance_STANCE_CAUTION, "", "kent"),
		said("gpc/1", "2021-10-14", "2021-10-17", v1.Stance_STANCE_ADVISE_AGAINST, "2021-10-21", "gpc"),
	}, Names: &answersv1.Names{Committees: map[string]string{"gpc": "GPC England", "kent": "Kent LMC", "north-essex": "North Essex LMC", "south-essex": "South Essex LMC"}}}
	got := timelineOf(list, "", "gpc", "The plan")
	var lines []string
	for _, l := range got.Lanes {
		line := l.All
		for _, m := range l.Marks {
			line += fmt.Sprintf(" %s%.1f%v", m.Sign, m.X, m.Dated)
		}
		for _, b := range l.Bands {
			line += fmt.Sprintf(" %s %.1f+%.1f", b.Class, b.X, b.Width)
		}
		lines = append(lines, line)
	}
	want := "GPC England –12.5false ×62.5true stance2 12.5+50.0 stance1 62.5+37.5\nKent LMC !37.5false stance3 37.5+62.5\nNorth Essex LMC, South Essex LMC ×87.5true stance1 87.5+12.5"
	if s := strings.Join(lines, "\n"); s != want {
		t.Errorf("%s\nwant\n%s", s, want)
	}
	if got := timelineOf(list, "fund", "gpc", "The fund"); len(got.Key) > 0 || got.Lanes[0].Marks[0].Sign != "" {
		t.Errorf("on a measure that nobody spoke on it draws %v", got.Lanes[0])
	}
}

// Each committee has a tile in its region, or apart, with a name that no other of its block has.
func TestTilesStandInTheirRegions(t *testing.T) {
	pic := proto.CloneOf(trial("x").answers["GetNationalPictureRequest"].(*answersv1.GetNationalPictureResponse).Picture)
	pic.Tables[0].Columns[1].Members = []string{"kent", "surrey", "haringey", "harrow"}
	pic.Names.Committees = map[string]string{"north-essex": "North Essex LMC", "haringey": "Haringey LMC", "harrow": "Harrow LMC", "kent": "Kent LMC", "surrey": "Surrey & Sussex LMC"}
	for id, region := range map[string]string{"north-essex": "Y61", "haringey": "Y56", "harrow": "Y56", "kent": "Y59"} {
		pic.Places = append(pic.Places, &answersv1.CommitteePlace{Committee: id, Area: &v1.AreaId{Scheme: "region", Code: region}, Name: "Region " + region})
	}
	var lines []string
	for _, b := range blocksOfRegions(pic) {
		line := b.Name + ":"
		for _, one := range b.Tiles {
			line += " " + one.Code + one.Sign
		}
		lines = append(lines, line)
	}
	if got, want := strings.Join(lines, "\n"), "Region Y61: NE×\nRegion Y59: Ken\nRegion Y56: Har Harr\nIn no region by the register: SS"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// Every stance has a sign of its own, besides its colour.
func TestEveryStanceHasASignOfItsOwn(t *testing.T) {
	signs := map[string]string{}
	for number, name := range v1.Stance_name {
		k := kindOf(v1.Stance(number))
		if number == 0 {
			continue
		}
		if k.Class == "other" || signs[k.Sign] != "" {
			t.Errorf("%s is drawn as %v, and so is %q", name, k, signs[k.Sign])
		}
		signs[k.Sign] = name
	}
}
