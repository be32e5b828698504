package store

import (
	"errors"
	"os"
	"testing"
)

// A mistake in what reads was taken for damage: the file was made anew and the node began again,
// and a second within the hour left it read-only.
func TestAMistakeOfOursIsNoDamage(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	defer func() { finish(t, s) }()
	panics := func(name string, do func() error) {
		t.Helper()
		defer func() {
			if r := recover(); r == nil {
				t.Errorf("%s: it did not panic", name)
			}
			if s.Damage() != nil {
				t.Errorf("%s: taken for %v", name, s.Damage())
			}
		}()
		_ = do()
	}
	var nothing map[string]int
	mistake := func() error { nothing["x"] = 1; return nil }
	panics("reading", func() error { return s.Snapshot(t.Context(), func(*Snapshot) error { return mistake() }) })
	panics("writing", func() error { return s.update(0, func(*writer) error { return mistake() }) })
	var log []byte
	panics("out of range", func() error { return s.view(func(*reading) error { _ = log[len(log)]; return nil }) })
	a.publish(t, s, 1) // and writing goes on
}

// What is behind the end of the mapped file, as of one that was cut short, is.
func TestAFaultOfTheFileIsDamage(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	a.publish(t, s, 70)
	if err := os.Truncate(s.Path(), 8192); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Entry(a.log.Entry(3)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("of a file that was cut under the store: %v", err)
	}
	_ = s.Close() // it stays damaged: not checked
}
