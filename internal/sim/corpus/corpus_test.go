package corpus_test

import (
	"testing"

	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

func TestTheSameSeedGivesTheSameLetters(t *testing.T) {
	a, b := corpus.Generate(1, 300, 20), corpus.Generate(1, 300, 20)
	other := corpus.Generate(2, 300, 20)
	for i := range a {
		for j := range a[i].Advisories {
			if !proto.Equal(a[i].Advisories[j], b[i].Advisories[j]) {
				t.Fatalf("%s/%d differs", a[i].ID, j)
			}
		}
	}
	if proto.Equal(a[0].Advisories[0], other[0].Advisories[0]) {
		t.Error("another seed gives the same letters")
	}
}

func TestOfficesShareUnequally(t *testing.T) {
	offices := corpus.Generate(1, 10_000, 130)
	total := 0
	for _, o := range offices {
		if len(o.Advisories) == 0 {
			t.Errorf("%s publishes nothing", o.ID)
		}
		total += len(o.Advisories)
	}
	if total != 10_000 {
		t.Errorf("%d advisories, want 10,000", total)
	}
	if first := len(offices[0].Advisories); first < 1500 || first > 2200 {
		t.Errorf("the first office has %d of 10,000, want about a fifth", first)
	}
}

func TestFewerAdvisoriesThanOfficesIsFine(t *testing.T) {
	total := 0
	for _, o := range corpus.Generate(1, 3, 10) {
		total += len(o.Advisories)
	}
	if total != 3 {
		t.Errorf("%d advisories, want 3", total)
	}
}

// What compression does to the letters decides what a benchmark of bytes on the wire
// means.
func TestLettersCompressAsRealOnesDo(t *testing.T) {
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	var raw, alone int
	var joined []byte
	for _, a := range corpus.Generate(1, 200, 5)[0].Advisories {
		b, err := proto.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		raw += len(b)
		alone += len(encoder.EncodeAll(b, nil))
		joined = append(joined, b...)
	}
	mean := raw / len(corpus.Generate(1, 200, 5)[0].Advisories)
	within(t, "mean size", float64(mean), 2800, 3800)
	within(t, "alone", float64(alone)/float64(raw), 0.46, 0.58)
	joined = joined[:256<<10]
	within(t, "256 KB joined", float64(len(encoder.EncodeAll(joined, nil)))/float64(len(joined)), 0.33, 0.39)
}

func within(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	t.Logf("%s: %.3f", what, got)
	if got < low || got > high {
		t.Errorf("%s is %.3f, want %.2f to %.2f", what, got, low, high)
	}
}
