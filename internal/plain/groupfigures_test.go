package plain

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Figures of a group, beside earlier ones or counted again, looked like those of everybody.
func TestFiguresBesideOthersAndCountedAgainSayForWhichGroupTheyAre(t *testing.T) {
	of := func(n int32) *answersv1.NationalPicture {
		return &answersv1.NationalPicture{
			Matter: aView().GetMatter(), AsOf: "2021-10-28", Scope: &guidancev1.Scope{Id: "emis", Words: "practices on EMIS"},
			Tables: []*answersv1.NationalTable{{Audience: practices, Columns: []*answersv1.Column{{
				Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_REFUSE, Count: n, Words: "refuse", Members: []string{"north-essex"},
			}}}},
		}
	}
	compared, recounted := New(Width), New(Width)
	compared.Comparison(&answersv1.GetNationalPictureResponse{Picture: of(2), Before: of(1)}, "")
	recounted.Recount(&answersv1.Recount{Counted: of(1)})
	for want, got := range map[string]string{
		"The figures on the whole matter, for practices on EMIS (emis):\n":  compared.String(),
		"  The whole matter, for practices, for practices on EMIS (emis)\n": recounted.String(),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
