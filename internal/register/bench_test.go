package register

import (
	"fmt"
	"testing"

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
