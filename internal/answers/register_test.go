package answers

import (
	"context"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func TestAViewForACommitteeThatIsNotThereOnTheDaySaysSoAndWhatIs(t *testing.T) {
	w := newWorld(t)
	w.record(
		committeeOf(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: lmc, Nation: "england", ValidUntil: "2021-10-31"}),
		committeeOf(&guidancev1.Committee{Id: "surrey", Name: "Surrey LMC", Kind: lmc, Nation: "england", ValidUntil: "2021-10-31"}),
		committeeOf(&guidancev1.Committee{Id: "kent-surrey", Name: "Kent and Surrey LMC", Kind: lmc, Nation: "england", ValidFrom: "2021-11-01", Predecessors: []string{"kent", "surrey"}}),
		areaOf("GONE", 5, 500, "1 May 2021"),
		committeeOf(&guidancev1.Committee{Id: "avon", Name: "Avon LMC", Kind: lmc, Nation: "england", Areas: []*guidancev1.AreaTenure{
			{Area: &guidancev1.AreaId{Scheme: "icb", Code: "GONE"}, ValidUntil: "2021-10-20"},
		}}),
		committeeOf(&guidancev1.Committee{Id: "town", Name: "Town LMC", Kind: lmc, Nation: "england"}),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "town", Office: "essex", ValidUntil: "2021-10-25"}}},
	)
	for _, c := range []struct{ committee, day, want string }{
		{"kent", "2021-10-31", ""},
		{"kent", "2021-11-01", "The register has Kent LMC until 31 October 2021, and no more on 1 November 2021. On that day there is in its place: Kent and Surrey LMC (--committee kent-surrey). What others say is shown below."},
		{"kent-surrey", "2021-10-20", "The register has Kent and Surrey LMC from 1 November 2021 on, and not yet on 20 October 2021. On that day there is in its place: Kent LMC (--committee kent) and Surrey LMC (--committee surrey). What others say is shown below."},
		{"kent-surrey", "2021-11-01", ""},
		{"town", "2021-10-25", ""},
		{"town", "2021-10-26", "By the register nobody speaks for Town LMC on 26 October 2021: whom to ring is not in it."},
		{"avon", "2021-11-01", "By the register Avon LMC covers no area on 1 November 2021, and nobody speaks for it then. It covers icb:GONE until 20 October 2021. What others say is shown below."},
	} {
		resp, err := w.GetCombinedView(context.Background(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan", Committee: c.committee, AsOf: c.day}})
		if err != nil {
			t.Fatal(err)
		}
		words, _, _ := strings.Cut(resp.View.Words, "No advice on")
		if words = strings.TrimSpace(words); words != c.want {
			t.Errorf("%s on %s: %q, want %q", c.committee, c.day, words, c.want)
		}
	}
}

func TestAPracticeWithoutACommitteeIsToldWhatIsInTheRegisterAndSinceWhen(t *testing.T) {
	area := func(until string, successors ...*guidancev1.AreaId) *ledgerv1.RegisterRecord {
		record := areaOf("QKS", 5, 500, "1 May 2021")
		record.GetArea().Name, record.GetArea().ValidUntil, record.GetArea().Successors = "Kent and Medway", until, successors
		return record
	}
	covers := func(until string) *ledgerv1.RegisterRecord {
		return committeeOf(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: lmc, Nation: "england", Areas: []*guidancev1.AreaTenure{
			{Area: &guidancev1.AreaId{Scheme: "icb", Code: "QKS"}, ValidUntil: until},
		}})
	}
	since := " It belonged to Kent LMC until 20 October 2021, and since 21 October 2021 to no LMC of this register. Ask your own LMC."
	for name, c := range map[string]struct {
		records []*ledgerv1.RegisterRecord
		want    string
	}{
		"there":               {[]*ledgerv1.RegisterRecord{area(""), covers("")}, "Practice F81001 belongs to Kent LMC."},
		"the area has ended":  {[]*ledgerv1.RegisterRecord{area("2021-10-20"), covers("")}, "Practice F81001 is in this register, in Kent and Medway (icb:QKS until 20 October 2021), and in no area of it on 1 November 2021." + since},
		"the committee's has": {[]*ledgerv1.RegisterRecord{area(""), covers("2021-10-20")}, "Practice F81001 is in Kent and Medway, but no LMC of that area is in this federation." + since},
		"the committee's is a part of it": {
			[]*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{
				Id: &guidancev1.AreaId{Scheme: "area", Code: "PCN"}, Name: "A network", Release: "1 May 2021", PracticeCodes: []string{"F81001"},
			}}}, area(""), {Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{
				Id: &guidancev1.AreaId{Scheme: "sub-icb", Code: "91Q"}, Name: "Kent", Release: "1 May 2021", Within: []*guidancev1.AreaId{{Scheme: "icb", Code: "QKS"}},
			}}}, committeeOf(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: lmc, Nation: "england", Areas: []*guidancev1.AreaTenure{{Area: &guidancev1.AreaId{Scheme: "sub-icb", Code: "91Q"}}}})},
			"Practice F81001 is in Kent and Medway, and in which part of it is not in the register. Of parts of it there are: Kent LMC (--committee kent). Ask one of them whether it is yours, and ask here with it.",
		},
		"the committee was merged": {
			[]*ledgerv1.RegisterRecord{
				area(""), func() *ledgerv1.RegisterRecord { c := covers(""); c.GetCommittee().ValidUntil = "2021-10-20"; return c }(),
				committeeOf(&guidancev1.Committee{Id: "kent-surrey", Name: "Kent and Surrey LMC", Kind: lmc, Nation: "england", ValidFrom: "2021-10-21", Predecessors: []string{"kent"}}),
			},
			"Practice F81001 is in Kent and Medway, but no LMC of that area is in this federation. It belonged to Kent LMC until 20 October 2021, and since 21 October 2021 to no LMC of this register. Kent LMC was merged into Kent and Surrey LMC: ask there.",
		},
		"no committee ever":      {[]*ledgerv1.RegisterRecord{area("2021-10-20")}, "Practice F81001 is in this register, in Kent and Medway (icb:QKS until 20 October 2021), and in no area of it on 1 November 2021. Ask your own LMC."},
		"not in the register":    {nil, "Practice F81001 is not in this register, so your LMC is not known here. Check the code, or name your committee."},
		"the committee has gone": {[]*ledgerv1.RegisterRecord{area(""), func() *ledgerv1.RegisterRecord { c := covers(""); c.GetCommittee().ValidUntil = "2021-10-20"; return c }()}, "Practice F81001 is in Kent and Medway, but no LMC of that area is in this federation." + since},
	} {
		w := newWorld(t)
		w.record(c.records...)
		resp, err := w.LookUpPractice(context.Background(), Public(), &answersv1.LookUpPracticeRequest{Practice: "F81001"})
		if err != nil || resp.Words != c.want {
			t.Errorf("%s: %q, want %q (%v)", name, resp.GetWords(), c.want, err)
		}
	}
}
