package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestFullDiskRefusesWritingAndGoesOnReading(t *testing.T) {
	s, a, other := newStore(t, "essex"), newAuthor("essex"), newAuthor("surrey-sussex")
	a.publish(t, s, 2)
	other.addMany(3)
	free := int64(1000)
	s.opts.Free = func(string) (int64, error) { return free, nil }
	commits := 0
	commit := s.commit
	s.commit = func(tx *boltTx) error { commits++; return commit(tx) }

	v := other.verify(t, s, other.segment(0, 3, 3, everything))
	_, _, appending := s.Append(a.log, a.drafts(1), a.sign)
	for what, err := range map[string]error{
		"PutDraft":  s.PutDraft(a.drafts(1)...),
		"Append":    appending,
		"Ingest":    s.Ingest(verifieds{v}),
		"PutBodies": s.PutBodies(a.log, a.bodies(0, 1)),
	} {
		if !errors.Is(err, ErrDiskFull) {
			t.Errorf("%s: %v, want ErrDiskFull", what, err)
			continue
		}
		for _, part := range []string{s.Path(), "1000 bytes are free", "needed", "make room", "reading goes on"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", what, err, part)
			}
		}
	}
	if commits != 0 {
		t.Errorf("%d transactions were written", commits)
	}
	if _, err := s.Entry(a.log.Entry(1)); err != nil {
		t.Errorf("reading on a full disk: %v", err)
	}
	if n, err := s.Room(); n != 1000 || !errors.Is(err, ErrDiskFull) {
		t.Errorf("Room() = %d, %v; want 1000 and ErrDiskFull", n, err)
	}
	free = 1 << 30
	a.publish(t, s, 1)
	if err := s.Ingest(verifieds{v}); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestSignIsNotAskedWhenThereIsNoRoom(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	s.opts.Free = func(string) (int64, error) { return 0, nil }
	_, _, err := s.Append(a.log, a.drafts(1), nil) // a call would panic
	if !errors.Is(err, ErrDiskFull) {
		t.Errorf("Append: %v, want ErrDiskFull", err)
	}
}

func TestBytesThatMustStayFreeDo(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("essex")
	s.opts.MinFree = 1 << 30
	for _, free := range []int64{writeFloor - 1, 2 * writeFloor} { // room for the draft, and none for what it is kept for
		s.opts.Free = func(string) (int64, error) { return 1<<30 + free, nil }
		if err := s.PutDraft(a.drafts(1)...); !errors.Is(err, ErrDiskFull) {
			t.Errorf("PutDraft with %d bytes: %v, want ErrDiskFull", free, err)
		}
	}
	s.opts.Free = func(string) (int64, error) { return 1<<30 + 3*writeFloor, nil }
	a.publish(t, s, 1)
}

func TestMaxSizeIsKept(t *testing.T) {
	dir := memDir(t)
	opts := testOptions("essex", dir)
	opts.MaxSize = 3 << 20
	s, a := openStore(t, filepath.Join(dir, "node.db"), opts), newAuthor("surrey-sussex")
	var full error
	for n := uint64(0); full == nil && n < 100; n++ {
		a.addMany(300)
		full = s.Ingest(verifieds{a.verify(t, s, a.segment(n*300, (n+1)*300, (n+1)*300, everything))})
	}
	if !errors.Is(full, ErrDiskFull) || !strings.Contains(full.Error(), "at most 3145728") {
		t.Fatalf("filling up: %v, want ErrDiskFull naming the limit", full)
	}
	if used := s.Used(); used > opts.MaxSize || used < opts.MaxSize/4 {
		t.Errorf("%d bytes are used of %d", used, opts.MaxSize)
	}
	if _, err := s.Entry(a.log.Entry(0)); err != nil {
		t.Errorf("reading: %v", err)
	}
}

func TestRoomSaysThatTheDiskCannotBeAsked(t *testing.T) {
	s := newStore(t, "essex")
	s.opts.Free = func(string) (int64, error) { return 0, errors.New("input/output error") }
	if _, err := s.Room(); err == nil {
		t.Error("Room does not say that the disk could not be asked")
	}
}
