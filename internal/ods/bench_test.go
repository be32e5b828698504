package ods_test

import (
	"testing"

	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

// A full release, each of its files, and what changed to the next.
func BenchmarkRead(b *testing.B) {
	files := corpus.NHS(1, 1)[0]
	bench := func(name string, files ...ods.File) {
		b.Run(name, func(b *testing.B) {
			size := 0
			for _, f := range files {
				size += len(f.Bytes)
			}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ods.Read(files...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	bench("release", files...)
	bench("practices", files[0])
	bench("practices and PCNs", files[0], files[2])
}

func BenchmarkTheNextRelease(b *testing.B) {
	all := corpus.NHS(1, 2)
	before := read(b, all[0]...)
	size := 0
	for _, f := range all[1] {
		size += len(f.Bytes)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		after, err := ods.Read(all[1]...)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := ods.Compare(before, after); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	all := corpus.NHS(1, 2)
	before, after := read(b, all[0]...), read(b, all[1]...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ods.Compare(before, after); err != nil {
			b.Fatal(err)
		}
	}
}
