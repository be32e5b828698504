package register

import (
	"fmt"
	"runtime"
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// BenchmarkFold folds 130 offices with a committee and an area each. Its floor is
// checking 130 signatures.
func BenchmarkFold(b *testing.B) {
	var bodies []*ledgerv1.RegisterRecord
	for i := range 130 {
		id, area := fmt.Sprint("office-", i), fmt.Sprint("sub-icb:", i)
		bodies = append(bodies, admit(id), putArea(area, fmt.Sprint("icb:", i%42)),
			putCommittee(id, covers(area, "", "")), mandate(id, id, "", ""))
	}
	all := records(bodies...)
	b.ReportAllocs()
	for b.Loop() {
		Fold("demo", "gpc-england", nil, all)
	}
}

func BenchmarkContains(b *testing.B) {
	r := fold(putArea("sub-icb:06Q", "icb:QH8"), putArea("icb:QH8", "region:east"), putArea("region:east"))
	outer, inner := areaID("region:east"), areaID("sub-icb:06Q")
	b.ReportAllocs()
	for b.Loop() {
		r.Contains(outer, inner, "2021-10-25")
	}
}

// england is as a register has practices after so many months: 6,600 of them in 106 sub-ICB locations of 42
// ICBs and in the lists of 130 LMCs, a tenth closed; each month 20 open, close or move, and patients are counted.
func england(months int) []Record {
	bodies := []*ledgerv1.RegisterRecord{putArea("region:all")}
	for i := range 42 {
		bodies = append(bodies, putArea(fmt.Sprint("icb:", i), "region:all"))
	}
	for i := range 106 {
		bodies = append(bodies, putArea(fmt.Sprint("sub-icb:", i), fmt.Sprint("icb:", i%42)))
	}
	for i := range 130 {
		bodies = append(bodies, putArea(fmt.Sprint("lmc:", i)), putCommittee(fmt.Sprint("committee-", i), covers(fmt.Sprint("lmc:", i), "", "")))
	}
	one := func(i, month int) *guidancev1.Practice {
		p := practice(fmt.Sprintf("F%05d", i), fmt.Sprintf("sub-icb:%d 2013-04-01..2022-06-30", (i+1)%106), fmt.Sprintf("sub-icb:%d 2022-07-01", (i+month)%106), fmt.Sprint("lmc:", i%130))
		p.Name, p.Postcode, p.Telephone, p.ValidFrom, p.Pcn = fmt.Sprintf("The %d Road Surgery", i), fmt.Sprintf("CM%d %dAB", i%20, i%9), fmt.Sprintf("01632 9%05d", i), "1974-04-01", fmt.Sprintf("U%05d", i/5)
		for j := range i % 3 {
			p.Branches = append(p.Branches, &guidancev1.PracticeBranch{Code: fmt.Sprintf("%s%03d", p.Code, j+1), Name: "Branch Surgery", Postcode: "CM1 1AA"})
		}
		if i%10 == 9 {
			p.ValidUntil = "2020-03-31"
		}
		return p
	}
	add := func(day string, some []*guidancev1.Practice) {
		list, err := PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "NHS organisation data, " + day, Day: day}, some)
		if err != nil {
			panic(err)
		}
		for _, part := range list {
			bodies = append(bodies, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: part}})
		}
	}
	for month := range months {
		day := fmt.Sprintf("20%02d-%02d-28", 25+month/12, 1+month%12)
		var some []*guidancev1.Practice
		for i := range 6600 {
			if month == 0 || i%330 == month {
				some = append(some, one(i, month))
			}
		}
		add(day, some)
		of := map[string]uint32{}
		for i := range 6600 {
			of[fmt.Sprintf("F%05d", i)] = uint32(5000 + i + month)
		}
		bodies = append(bodies, patientsOf(day, of))
	}
	return records(bodies...)
}

// BenchmarkPractices is a register with fifteen monthly releases: folded, which is what opening costs; read, once,
// by whoever first asks for a practice; and asked then.
func BenchmarkPractices(b *testing.B) {
	all := england(15)
	b.Run("fold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Fold("demo", "gpc-england", nil, all)
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Fold("demo", "gpc-england", nil, all).PracticeIn("F00001", "2026-03-31")
		}
	})
	r := Fold("demo", "gpc-england", nil, all)
	if problems := r.Problems(); len(problems) > 0 {
		b.Fatal(problems)
	}
	b.Run("practice", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.PracticeIn("F00001", "2026-03-31")
		}
	})
	b.Run("found by part of a name", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.FindPractices("4711 road", 20)
		}
	})
	b.Run("area of all, first", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.spread = &spread{}
			r.Area(areaID("region:all"), "2026-03-31")
		}
	})
	b.Run("area of all, again", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.Area(areaID("region:all"), "2026-03-31")
		}
	})
}

// What fifteen releases take of memory, read: the limit is half as much again as they took when it was set.
func TestListsTakeBoundedMemory(t *testing.T) {
	inUse := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	all := england(15)
	before := inUse()
	r := Fold("demo", "gpc-england", nil, all)
	folded := inUse()
	r.lists()
	r.Area(areaID("region:all"), "2026-03-31")
	read := inUse()
	t.Logf("folded %d KiB, read %d KiB more", (folded-before)>>10, (read-folded)>>10)
	if took := int64(read) - int64(before); took > 12<<20 {
		t.Errorf("%d KiB of memory", took>>10)
	}
	runtime.KeepAlive(all)
	runtime.KeepAlive(r)
}
