package server

import (
	"fmt"
	"os"
	"testing"
	"time"

	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// BenchmarkOpen is a node's folder from closed to ready to answer: the data file, the register of
// 131 offices folded, the drafts looked for.
func BenchmarkOpen(b *testing.B) {
	for _, entries := range []int{benchOffices, benchEntries, 5 * benchEntries} {
		b.Run(fmt.Sprint("held=", entries), func(b *testing.B) {
			w := newWorld(b, entries)
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
