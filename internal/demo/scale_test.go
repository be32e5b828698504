package demo

import (
	"context"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
)

// As many as there may be are admitted, and all say what they are; one more is refused.
func TestOfficesForLoadAreInventedAndBounded(t *testing.T) {
	d := loaded(t)
	before := len(d.Offices)
	if err := d.scale(ScaleLimit, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if got := len(d.Offices) - before; got != ScaleLimit {
		t.Errorf("%d offices more, want %d", got, ScaleLimit)
	}
	for _, o := range d.Offices[before:] {
		if !strings.Contains(o.Name, "invented") {
			t.Errorf("%s does not say that it is invented", o.Name)
		}
	}
	w := publish(t, d)
	for file, id := range w.byFile {
		if a := w.entry(id).Advisory; strings.HasPrefix(file, "scale-") && (!strings.Contains(a.GetBody(), "invented") || len(a.GetPositions()) != 5) {
			t.Errorf("%s: %v", file, a)
		}
	}
	prepared := guidance.Prepare(context.Background(), w.entries, w.register)
	q := guidance.Question{Matter: w.matters["gpc-england/collective-action-2026"], Committee: w.register.Committee(scaled(ScaleLimit)), AsOf: scaleDay}
	if got := said(prepared.Resolve(q)[0]); got != "support" {
		t.Errorf("the last office says %s", got)
	}
	for _, n := range []int{-1, ScaleLimit + 1} {
		if err := loaded(t).scale(n, t.TempDir()); err == nil || !strings.Contains(err.Error(), "there can be 0 to") {
			t.Errorf("%d: got %v", n, err)
		}
	}
}
