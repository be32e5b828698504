package terminal

import (
	"bytes"
	"testing"
)

func TestAPageIsAsWideAsColumnsSayElse80(t *testing.T) {
	for columns, want := range map[string]int{"": 80, "wide": 80, "120": 120} {
		t.Setenv("COLUMNS", columns)
		if got := Width(new(bytes.Buffer), 80); got != want {
			t.Errorf("with COLUMNS=%q: %d, want %d", columns, got, want)
		}
	}
}
