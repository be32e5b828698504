package guidance

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The first letter of an LMC that was merged from two took what one of these had insisted on off its practices' pages, and its
// preview, which tells that of the LMC's own letters, said nothing.
func TestAPreviewOfAMergedLMCSaysWhatItStopsOfWhatItsPredecessorsAsk(t *testing.T) {
	asks := func(what string) func(*Entry) {
		return asksFor(what, "2021-11-12", onMeasure("engage"), ofPlan, by(practices))
	}
	norths := say("essex/1", "2021-10-01", on("north", "engage", refuse), asks("write to your patients"))
	souths := say("essex/2", "2021-10-02", on("south", "", caution), asks("tell the ICB"))
	const tellICB = "essex/2 asks “tell the ICB, by 12 November 2021”, which does not go with this"
	general := say("essex/3", "2021-09-20", on("north", "", caution))
	informs := say("essex/4", "2021-10-03", on("north", "engage", info), asks("read it"))
	group := func(p *v1.Position) { p.Scope = &v1.Scope{Id: "started", Words: "practices that have started"} }
	for name, c := range map[string]struct {
		letter   *v1.Advisory
		standing []Entry
		want     []string
	}{
		"turns":                  {draft(on("union", "engage", decides), amends("essex/1")), []Entry{norths, souths}, []string{tellICB}},
		"until a last day":       {draft(on("union", "engage", decides, until("2021-11-20")), amends("essex/1")), []Entry{norths, souths}, []string{tellICB}},
		"in the area of one":     {draft(on("union", "engage", decides, in("C")), amends("essex/1")), []Entry{norths, souths}, []string{tellICB}},
		"for a group":            {draft(on("union", "engage", decides, group), amends("essex/1")), []Entry{norths, souths}, []string{tellICB}},
		"turns the whole matter": {draft(on("union", "", decides), amends("essex/3")), []Entry{general, informs}, []string{"essex/4 asks “read it, by 12 November 2021”, which does not go with this"}},
		"says the same":          {draft(on("union", "engage", caution), amends("essex/1")), []Entry{norths, souths}, nil},
	} {
		_, warnings, _, err := checkPublish(c.letter, atTheUnion(c.standing...))
		got := warningTexts(warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnings))
		if err != nil || len(got) != len(c.want) {
			t.Errorf("%s: %v, %q", name, err, got)
			continue
		}
		for i, want := range c.want {
			if at := strings.Replace(got[i], "until 20 November 2021 ", "", 1); !strings.Contains(at, want) {
				t.Errorf("%s: no %q in %q", name, want, got)
			}
		}
	}
}
