package replica

import (
	"os"
	"testing"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// TestMain makes the compressors that all tests share: made inside a synctest bubble
// their channels would belong to it, and the next bubble could not use them.
func TestMain(m *testing.M) {
	if _, err := ledger.Unpack(ledger.Pack([]byte("warm")), 4); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
