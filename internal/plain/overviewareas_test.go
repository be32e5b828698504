package plain

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A part of an LMC's area was told by its code alone, though the answer has its name.
func TestWhoIsSilentAndHowLinesStandNameTheirAreas(t *testing.T) {
	in := &guidancev1.AreaId{Scheme: "sub-icb", Code: "06T"}
	silent := &answersv1.Line{Committee: "north-essex", CommitteeName: "North Essex LMC", Area: in, AreaName: "North East Essex", State: answersv1.LineState_LINE_STATE_NO_LINE, NoLine: &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_EXPIRED}}
	says := &answersv1.Line{
		Committee: "north-essex", CommitteeName: "North Essex LMC", Area: in, AreaName: "North East Essex", State: answersv1.LineState_LINE_STATE_STATED, Relation: answersv1.Relation_RELATION_STRONGER,
		Current: &answersv1.Statement{Advisory: "essex/1", Position: &guidancev1.Position{Stance: guidancev1.Stance_STANCE_REFUSE}},
	}
	pic := func(line *answersv1.Line) *answersv1.NationalPicture {
		return &answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Tables: []*answersv1.NationalTable{{Lines: []*answersv1.Line{line}}}}
	}
	silence, stand := New(200), New(200)
	silence.Silent(picture.Silent(pic(silent)), pic(silent))
	stand.ByArea(picture.ByArea(pic(says), "icb"), pic(says))
	for _, page := range []string{silence.String(), stand.String()} {
		if !strings.Contains(page, "North Essex LMC in North East Essex (sub-icb:06T)") {
			t.Error(page)
		}
	}
}

// Who is silent, and how lines stand, was told of a group without naming it; and of nobody in an area, that every LMC of the
// register has a line.
func TestWhoIsSilentAndHowLinesStandNameTheGroupAskedAbout(t *testing.T) {
	pic := &answersv1.NationalPicture{Matter: aView().GetMatter(), AsOf: "2021-10-28", Scope: &guidancev1.Scope{Id: "started", Words: "patients already started"}, Tables: []*answersv1.NationalTable{{}}}
	silence, stand := New(200), New(200)
	silence.Silent(picture.Silent(pic), pic)
	stand.ByArea(picture.ByArea(pic, "icb"), pic)
	for page, want := range map[string]string{
		silence.String(): "Who has no line for patients already started (started) as of 28 October 2021.", stand.String(): "to the national line, for patients already started (started), by ICB, as of 28 October 2021.",
	} {
		if !strings.Contains(page, want) || strings.Contains(page, "every LMC") {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}
