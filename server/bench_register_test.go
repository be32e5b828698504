package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// BenchmarkOpen is a node's folder from closed to ready to answer: the data file, the register of
// 131 offices folded, the drafts looked for.
func BenchmarkOpen(b *testing.B) {
	for _, held := range []struct{ entries, months int }{{benchOffices, 0}, {benchEntries, 0}, {benchEntries, 15}, {5 * benchEntries, 0}} {
		b.Run(fmt.Sprint("held=", held.entries, " releases=", held.months), func(b *testing.B) {
			w := newWorld(b, held.entries)
			w.listPractices(held.months)
			w.ingestAll()
			dir := w.joined("joiner")
			var took, cpu rounds
			for b.Loop() {
				lis := listenCounting(b)
				var n *benchNode
				cpu.add(cpuOf(func() {
					start := time.Now()
					n = w.open(dir, lis)
					took.add(micros(time.Since(start)))
				}))
				w.must(n.Close())
			}
			w.must(os.RemoveAll(dir))
			report(b, map[string]float64{"ms": took.median() / 1e3, "ms-cpu": cpu.median() / 1e3})
		})
	}
}

// BenchmarkRecord is one record more in a register of 130 offices, from its commit until what is
// answered rests on it.
func BenchmarkRecord(b *testing.B) {
	w := newWorld(b, benchOffices)
	before := w.keeper.reg()
	w.record("one more", []*ledgerv1.RegisterRecord{
		{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: w.offices[0].Committee, Office: w.offices[1].ID, ValidFrom: "2030-01-01"}}},
	})
	var cpu rounds
	for b.Loop() {
		w.keeper.register.Store(before)
		cpu.add(cpuOf(func() { w.must(w.keeper.refold()) }))
	}
	report(b, map[string]float64{"ms-cpu": cpu.median() / 1e3})
}

// BenchmarkLookUp is a practice looked for by part of its name, each time another, in a register of 6,600 and fifteen
// releases, against an echo of as many bytes.
func BenchmarkLookUp(b *testing.B) {
	w := newWorld(b, benchOffices)
	w.listPractices(15)
	client := nodev1.NewRegisterServiceClient(w.dialNode(w.keeper, nil))
	ask := func(ctx context.Context) error {
		_, err := client.LookUpPractice(ctx, &answersv1.LookUpPracticeRequest{Text: fmt.Sprint(rand.IntN(corpus.PracticeCodes), " road")})
		return err
	}
	bytes := rounds{}
	for range 100 {
		found, err := client.LookUpPractice(b.Context(), &answersv1.LookUpPracticeRequest{Text: fmt.Sprint(rand.IntN(corpus.PracticeCodes), " road")})
		w.must(err)
		bytes.add(float64(proto.Size(found)))
	}
	echo := w.echoed(int(bytes.median()))
	var cpu, floor rounds
	for b.Loop() {
		f, _ := askMany(w, echo)
		floor.add(f)
		c, _ := askMany(w, ask)
		cpu.add(c)
	}
	report(b, map[string]float64{"cpu-µs": cpu.median(), "echo-cpu-µs": floor.median(), "x-echo": cpu.median() / floor.median(), "B": bytes.median()})
}

// listPractices records so many monthly releases of England's practices and of their patients: the first whole,
// of each next what changed.
func (w *benchWorld) listPractices(months int) {
	for month := range months {
		day := fmt.Sprintf("20%02d-%02d-01", 25+month/12, 1+month%12)
		var records []*ledgerv1.RegisterRecord
		if month == 0 {
			for i := range 106 {
				records = append(records, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: "sub-icb", Code: fmt.Sprint(i)}, Name: fmt.Sprint("Sub-ICB location ", i)}}})
			}
		}
		var some []*guidancev1.Practice
		at := map[string]uint32{}
		for i := range corpus.PracticeCodes {
			code := fmt.Sprintf("F%05d", 80000+i)
			at[code] = uint32(5000 + i + month)
			if month == 0 || i%300 == month {
				some = append(some, &guidancev1.Practice{
					Code: code, Name: fmt.Sprintf("The %d Road Surgery", i), Postcode: fmt.Sprintf("ZZ%d %dZZ", i%99, i%9), Telephone: fmt.Sprintf("01632 9%05d", i), Nation: "england",
					Kind: guidancev1.PracticeKind_PRACTICE_KIND_GP_PRACTICE, ValidFrom: "1974-04-01",
					LiesIn: []*guidancev1.PracticeMembership{{Area: &guidancev1.AreaId{Scheme: "sub-icb", Code: fmt.Sprint((i + month) % 106)}, ValidFrom: "2013-04-01"}},
				})
			}
		}
		list, err := register.PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "NHS organisation data, " + day, Day: day}, some)
		w.must(err)
		for _, part := range list {
			records = append(records, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: part}})
		}
		patients, err := register.PackPatients(&ledgerv1.PatientList{Release: "patients registered, " + day, Day: day}, at)
		w.must(err)
		w.record(day, append(records, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Patients{Patients: patients}}))
	}
}
