package picture

import (
	"context"
	"fmt"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// counting counts what is asked of a register about areas.
type counting struct {
	*register.Register
	asked int
	hook  func()
}

func (c *counting) count() {
	if c.asked++; c.hook != nil {
		c.hook()
	}
}

func (c *counting) Contains(outer, inner *guidancev1.AreaId, day string) bool {
	c.count()
	return c.Register.Contains(outer, inner, day)
}

func (c *counting) Within(outer *guidancev1.AreaId, day string) []*guidancev1.AreaId {
	c.count()
	return c.Register.Within(outer, day)
}

// linked is a register of one LMC and areas each within the next, the last in the first where
// they make a circle; and three letters limited to three of them.
func linked(n int, circle bool) (*counting, Input) {
	var records []register.Record
	add := func(record *ledgerv1.RegisterRecord) {
		records = append(records, register.Record{Entry: ledger.EntryID{Office: "gpc", Index: uint64(len(records))}, Body: record})
	}
	id := func(i int) *guidancev1.AreaId { return &guidancev1.AreaId{Scheme: "x", Code: fmt.Sprint(i % n)} }
	for i := range n {
		a := &guidancev1.Area{Id: id(i), Name: fmt.Sprint(i)}
		if circle || i+1 < n {
			a.Within = []*guidancev1.AreaId{id(i + 1)}
		}
		add(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: a}})
	}
	c := &guidancev1.Committee{
		Id: "kent", Name: "Kent LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england",
		Areas: []*guidancev1.AreaTenure{{Area: id(n - 1)}},
	}
	add(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: c}})
	add(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "kent", Office: "kent"}}})
	in := Input{Matter: &guidancev1.Matter{Name: "gpc/plan"}, Committees: []Committee{{Committee: c, Office: "kent"}}, AsOf: "2022-01-01"}
	for i := range 3 {
		day := fmt.Sprintf("2021-10-0%d", i+1)
		in.Entries = append(in.Entries, guidance.Entry{ID: fmt.Sprint("kent/", i), Office: "kent", Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC, Advisory: &guidancev1.Advisory{
			Office: "kent", Title: "x", Issued: &guidancev1.DayRange{Earliest: day, Latest: day},
			Positions: []*guidancev1.Position{{
				Matter: "gpc/plan", Committees: []string{"kent"}, Stance: guidancev1.Stance(i + 1), Area: id(i * n / 4),
				Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
			}},
		}})
	}
	reg := &counting{Register: register.Fold("demo", "gpc", nil, records)}
	in.Register = reg
	return reg, in
}

func TestACircleOfAreasHangsNoQuestion(t *testing.T) {
	steps := func(n int) int {
		reg, in := linked(n, true)
		if _, err := Combined(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		return reg.asked
	}
	if few, many := steps(10), steps(1000); many > 2*few {
		t.Errorf("of a circle of 10 areas the register is asked %d times, of 1,000 %d times", few, many)
	}
}

func TestAQuestionAboutAreasEndsWhenNobodyWaitsForIt(t *testing.T) {
	reg, in := linked(1000, false)
	ctx, leave := context.WithCancel(context.Background())
	at := 0
	reg.hook = func() {
		if reg.asked == 10 {
			at = reg.asked
			leave()
		}
	}
	if _, err := Combined(ctx, in); err == nil {
		t.Error("it is answered all the same")
	}
	if reg.asked-at > 200 {
		t.Errorf("after its caller had left, the register was asked %d times more", reg.asked-at)
	}
}
