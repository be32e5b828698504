package plain

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A picture of one area, pasted into a report, read as one of England: "1 of 1, 100%: refuse".
func TestAPictureOfAnAreaNamesTheAreaWhereverItIsTold(t *testing.T) {
	of := func(area *guidancev1.AreaId, name string) *answersv1.NationalPicture {
		return &answersv1.NationalPicture{
			Matter: aView().GetMatter(), AsOf: "2021-10-28", Area: area, AreaName: name, Scope: &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"},
			Tables: []*answersv1.NationalTable{{
				Audience: guidancev1.Audience_AUDIENCE_PRACTICES, DenominatorWords: "Out of 1.", Denominator: 1,
				Columns: []*answersv1.Column{{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_REFUSE, Count: 1, Words: "refuse", Members: []string{"north-essex"}}},
				Lines:   []*answersv1.Line{aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)},
			}},
		}
	}
	pages := func(pic *answersv1.NationalPicture) map[string]string {
		before := proto.CloneOf(pic)
		before.Tables[0].Columns[0].Count = 0
		csv, err := picture.CSV(pic)
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]string{"csv": string(csv)}
		for name, write := range map[string]func(p *Page){
			"national": func(p *Page) { p.National(pic, "") },
			"silent":   func(p *Page) { p.Silent(picture.Silent(pic), pic) },
			"by area":  func(p *Page) { p.ByArea(picture.ByArea(pic, "icb"), pic) },
			"compare":  func(p *Page) { p.Comparison(&answersv1.GetNationalPictureResponse{Picture: pic, Before: before}, "") },
			"recount":  func(p *Page) { p.countedAgain(pic) },
		} {
			p := New(Width)
			write(p)
			told[name] = OneLine(p.String())
		}
		return told
	}
	for name, words := range pages(of(&guidancev1.AreaId{Scheme: "sub-icb", Code: "06Q"}, "Mid Essex")) {
		if !strings.Contains(words, "in Mid Essex (sub-icb:06Q), for practices on EMIS") {
			t.Errorf("%s: got\n%s", name, words)
		}
	}
	for name, words := range pages(of(nil, "")) {
		if strings.Contains(words, "Mid Essex") || !strings.Contains(words, "for practices on EMIS") {
			t.Errorf("%s: got\n%s", name, words)
		}
	}
}

// What was saved before pictures named their areas is still the same when it is counted again.
func TestAPictureHeadedForAnotherAreaIsNotTheSame(t *testing.T) {
	midEssex, kent := &guidancev1.AreaId{Scheme: "sub-icb", Code: "06Q"}, &guidancev1.AreaId{Scheme: "icb", Code: "QKS"}
	counted := &answersv1.NationalPicture{Matter: aView().GetMatter(), Area: midEssex, AreaName: "Mid Essex"}
	for name, one := range map[string]struct {
		area           *guidancev1.AreaId
		figures, words int
	}{
		"the same":       {midEssex, 0, 0},
		"not named then": {nil, 0, 1},
		"another":        {kent, 1, 0},
	} {
		told := proto.CloneOf(counted)
		if told.Area = one.area; one.area == nil {
			told.AreaName = ""
		}
		figures, words := picture.Differences(told, counted)
		if len(figures) != one.figures || len(words) != one.words {
			t.Errorf("%s: %q, %q", name, figures, words)
		}
	}
	told := proto.CloneOf(counted)
	told.AreaName = "Kent"
	if figures, _ := picture.Differences(told, counted); len(figures) != 1 {
		t.Errorf("by another name: %q", figures)
	}
	told = proto.CloneOf(counted)
	counted.Area, counted.AreaName = nil, ""
	if figures, _ := picture.Differences(told, counted); len(figures) != 1 || !strings.Contains(figures[0], "Mid Essex (sub-icb:06Q), where none was asked for") {
		t.Errorf("%q", figures)
	}
}
