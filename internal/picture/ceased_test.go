package picture

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func (w *world) body(b *v1.Body) {
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Body{Body: b}})
}

// The cases that domain.md 4.9 names.
func TestAMeasureWhoseProposerHasCeasedSaysSo(t *testing.T) {
	w := newWorld()
	w.in.Matter.Proposer = &v1.Body{Id: "surrey-ccg", Name: "NHS Surrey Heartlands CCG"}
	w.body(&v1.Body{Id: "surrey-ccg", Name: "Surrey CCG", ValidUntil: "2021-10-30", Successors: []string{"surrey-icb"}})
	w.body(&v1.Body{Id: "surrey-icb", Name: "NHS Surrey Heartlands ICB"})
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &v1.Committee{Id: "gpc-england", Name: "GPC England", Kind: national, Nation: "england", ValidUntil: "2021-11-30"}}})
	const (
		ccg = "NHS Surrey Heartlands CCG, which proposed this, ceased on 30 October 2021; in its place: NHS Surrey Heartlands ICB."
		gpc = "GPC England, which proposed “Leave the PCN DES”, ceased on 30 November 2021; the register names nothing in its place."
	)
	for _, c := range []struct {
		day, measure string
		whole        bool
		want         []string
	}{
		{day: "2021-10-30"},
		{day: "2021-10-31", want: []string{ccg}},
		{day: "2021-10-31", measure: "engage", want: []string{ccg}},
		{day: "2021-10-31", measure: "disengage"},
		{day: "2021-12-01", want: []string{ccg, gpc}},
		{day: "2021-12-01", whole: true, want: []string{ccg}},
		{day: "2021-12-01", measure: "disengage", want: []string{strings.Replace(gpc, "“Leave the PCN DES”", "this", 1)}},
	} {
		in := w.input()
		in.AsOf, in.Measure, in.Whole = c.day, c.measure, c.whole
		view, err := Combined(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, of := range view.GetCeased() {
			got = append(got, of.GetWords())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("as of %s, measure %q (-want +got):\n%s", c.day, c.measure, diff)
		}
	}

	in := w.input()
	in.AsOf = "2021-10-31"
	pic := nationalPicture(in, byCommittee, "")
	for _, table := range pic.GetTables() {
		want := ccg
		if table.GetMeasure() == "disengage" {
			want = ""
		}
		if got := table.GetCeased().GetWords(); got != want {
			t.Errorf("the table of %q says %q", table.GetMeasure(), got)
		}
	}
	csv, err := CSV(pic)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(csv)), "\n")[1:] {
		if strings.Contains(line, ",disengage,") == strings.Contains(line, ccg) {
			t.Errorf("a row of the CSV says, or does not say, that its proposer has ceased: %s", line)
		}
	}
}

func TestManyMeasuresOfAProposerThatHasCeasedAreCounted(t *testing.T) {
	w := newWorld()
	w.in.AsOf = "2022-07-01"
	phe := &v1.Body{Id: "phe", Name: "Public Health England", ValidUntil: "2021-09-30"}
	w.body(phe)
	for _, id := range strings.Fields("a b c d") {
		w.in.Matter.Measures = append(w.in.Matter.Measures, &v1.Measure{Id: id, Title: strings.ToUpper(id), Proposer: &v1.Body{Id: "phe", Name: "PHE"}})
	}
	words := func() string {
		all := CeasedProposers(w.input().Register, w.in.Matter, w.in.AsOf)
		if len(all) != 1 {
			t.Fatalf("%d proposers have ceased", len(all))
		}
		return all[0].GetWords()
	}
	if got := words(); !strings.HasPrefix(got, "PHE, which proposed “A”, “B”, “C” and “D”, ceased on 30 September 2021;") {
		t.Error(got)
	}
	w.in.Matter.Measures = append(w.in.Matter.Measures, &v1.Measure{Id: "e", Title: "E", Proposer: &v1.Body{Id: "phe", Name: "PHE"}})
	if got := words(); !strings.HasPrefix(got, "PHE, which proposed 5 measures of this, ceased on 30 September 2021;") {
		t.Error(got)
	}
	if got := nationalPicture(w.input(), answersv1.Unit_UNIT_OFFICES, "").GetTables()[0].GetCeased(); got != nil {
		t.Errorf("the whole matter's proposer has ceased: %v", got)
	}
}
