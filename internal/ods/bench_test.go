package ods_test

import (
	"testing"

	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

// A full release, and some of its files.
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
