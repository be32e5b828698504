package picture

import (
	"fmt"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// england is 130 committees of 60 offices, each over an area of its own within one of
// 42, with some entries a committee on a matter of thirteen measures.
func england(entries int) Input {
	w := newWorld()
	for i := range 10 {
		w.in.Matter.Measures = append(w.in.Matter.Measures, &v1.Measure{Id: fmt.Sprint("measure-", i), Title: "A measure"})
	}
	for i := range 42 {
		w.area(fmt.Sprint("icb:", i), 150, 1_400_000)
	}
	stances := []v1.Stance{refuse, against, caution, decides, support}
	for i := range 130 {
		id, office, area := fmt.Sprint("committee-", i), fmt.Sprint("office-", i%60), fmt.Sprint("sub-icb:", i)
		w.area(area, 45, 420_000, fmt.Sprint("icb:", i%42))
		w.committee(id, "LMC "+id, lmc, office, area)
		for n := range entries {
			w.says(office, id, fmt.Sprintf("2021-10-%02d", 15+n), stances[(i+n)%5], on([]string{"", "engage", "measure-3", "", "fund"}[n]))
		}
	}
	w.says("gpc-england", "gpc-england", "2021-10-17", against)
	return w.input()
}

func BenchmarkCombined130Committees(b *testing.B) {
	for _, entries := range []int{1, 5} {
		b.Run(fmt.Sprint("entries=", entries), func(b *testing.B) {
			in := england(entries)
			b.ReportAllocs()
			for b.Loop() {
				combined(in)
			}
		})
	}
}

func BenchmarkCombined130CommitteesOneMeasure(b *testing.B) {
	in := england(5)
	in.Measure = "engage"
	b.ReportAllocs()
	for b.Loop() {
		combined(in)
	}
}

func BenchmarkNational130Committees(b *testing.B) {
	for _, unit := range []answersv1.Unit{byCommittee, byPractice} {
		b.Run(UnitWords(unit, 2), func(b *testing.B) {
			in := england(5)
			b.ReportAllocs()
			for b.Loop() {
				nationalPicture(in, unit, "")
			}
		})
	}
}

func BenchmarkDigest130Committees(b *testing.B) {
	in := england(5)
	b.ReportAllocs()
	for b.Loop() {
		digestNow(in)
	}
}
