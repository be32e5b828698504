package store

import (
	"os"
	"testing"
)

// An office that had published nothing lost its data, or an older copy was put in their place: what was
// known at a number, or an instant, was then told otherwise than before, without a word.
func TestDataThatWentBackAreNoticedThoughTheOwnLogDidNot(t *testing.T) {
	for name, tt := range map[string]struct {
		doubt Doubt // of the guard as it is made
		spoil func(t *testing.T, c corpse, older string)
		want  *uint64
	}{
		"lost": {DoubtNew, func(t *testing.T, c corpse, _ string) {
			if err := os.Remove(c.path()); err != nil {
				t.Fatal(err)
			}
		}, new(uint64(0))},
		"an older copy": {DoubtNew, func(t *testing.T, c corpse, older string) { copyFile(t, older, c.path()) }, new(uint64(1))},
		"as they were":  {DoubtNew, func(*testing.T, corpse, string) {}, nil},
		"the keeper's":  {"", func(*testing.T, corpse, string) {}, nil},
	} {
		c := corpse{memDir(t)}
		kent, own := newAuthor("kent"), newAuthor("essex")
		if err := CreateGuard(c.guard(), own.log, tt.doubt); err != nil {
			t.Fatal(err)
		}
		open := func() *Store {
			t.Helper()
			s, err := Open(c.path(), testOptions("essex", c.dir))
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		s := open()
		if s.renumbered != nil {
			t.Errorf("%s: on the first start: %+v", name, s.renumbered)
		}
		if err := s.Confirm(); err != nil {
			t.Fatal(err)
		}
		kent.addMany(3)
		kent.give(t, s, 0, 1, 1)
		finish(t, s)
		older := c.path() + "-older"
		copyFile(t, c.path(), older)
		s = open()
		kent.give(t, s, 1, 3, 3)
		finish(t, s)
		tt.spoil(t, c, older)
		for range 2 { // and it stays
			s = open()
			switch got := s.renumbered; {
			case (got == nil) != (tt.want == nil), got != nil && got.After != *tt.want:
				t.Errorf("%s: %+v, want it after %v", name, got, tt.want)
			}
			if s.Doubt() != "" {
				t.Errorf("%s: a doubt of what was signed: %q", name, s.Doubt())
			}
			finish(t, s)
		}
	}
	// Nor does a crash leave anything of the kind.
	s, a, kent := newStore(t, "essex"), newAuthor("essex"), newAuthor("kent")
	a.publish(t, s, 1)
	kent.addMany(2)
	kent.give(t, s, 0, 2, 2)
	if again := die(t, s).revive(t, "essex"); again.renumbered != nil {
		t.Errorf("after a crash: %+v", again.renumbered)
	}
}
