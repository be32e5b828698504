package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	now    = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	choice = Choice{Node: "lmcpin1:x", Formats: []string{"json"}}
)

func opened(t interface {
	Helper()
	Fatal(...any)
}, dir string,
) *Folder {
	t.Helper()
	f, err := Open(dir, choice, now)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// However often, and wherever, it is broken off: what is in the files is each item once, and whole.
func TestAFolderBrokenOffAnywhereHoldsEachItemOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "export")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		items := rapid.IntRange(0, 10).Draw(t, "items")
		var want strings.Builder
		for i := range items {
			fmt.Fprintf(&want, "item %d\n", i)
		}
		f := opened(t, dir)
		for f.Done < items {
			f.Add("entries.jsonl", 1, fmt.Appendf(nil, "item %d\n", f.Done))
			switch rapid.SampledFrom([]string{"on", "on", "saved", "killed before", "killed after"}).Draw(t, "then") {
			case "killed before": // the item was asked for and not written
				f.Close()
				f = opened(t, dir)
				continue
			case "killed after": // written and not saved, the last line by halves
				if err := f.Commit(); err != nil {
					t.Fatal(err)
				}
				f.Close()
				file, err := os.OpenFile(filepath.Join(dir, "UNFINISHED", "entries.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
				if err != nil {
					t.Fatal(err)
				}
				file.WriteString("item")
				file.Close()
				f = opened(t, dir)
				continue
			case "saved":
				err := f.Commit()
				f.Done++
				if err := errors.Join(err, f.Save()); err != nil {
					t.Fatal(err)
				}
			default:
				if err := f.Commit(); err != nil {
					t.Fatal(err)
				}
				f.Done++
			}
		}
		if err := f.Finish(now); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "entries.jsonl"))
		if items == 0 && errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		if err != nil || string(got) != want.String() || f.Rows["entries.jsonl"] != items {
			t.Fatalf("it holds %q (%d rows, %v), and not %q", got, f.Rows["entries.jsonl"], err, want.String())
		}
		if _, err := os.Stat(filepath.Join(dir, "UNFINISHED")); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("it is whole, and says that it is not: %v", err)
		}
	})
}

func TestAFolderBrokenOffWhileItIsFinishedIsFinished(t *testing.T) {
	dir := t.TempDir()
	f := opened(t, dir)
	f.Add("entries.jsonl", 1, []byte("a\n"))
	f.Add("matters.jsonl", 1, []byte("b\n"))
	if err := errors.Join(f.Commit(), f.Save(), f.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "UNFINISHED", "entries.jsonl"), filepath.Join(dir, "entries.jsonl")); err != nil {
		t.Fatal(err) // it was killed here
	}
	if err := opened(t, dir).Finish(now); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"entries.jsonl": "a\n", "matters.jsonl": "b\n"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); string(got) != want || err != nil {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
}

func TestAFolderThatIsNoneIsLeftAlone(t *testing.T) {
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "holiday.jpg"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	whole := t.TempDir()
	if err := opened(t, whole).Finish(now); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(whole, unfinished), 0o755); err != nil {
		t.Fatal(err) // it was killed before this went
	}
	begun := t.TempDir()
	f := opened(t, begun)
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(begun, choice, now); !errors.Is(err, ErrBusy) {
		t.Errorf("two at once: %v", err)
	}
	f.Close()
	for dir, want := range map[string]error{other: ErrOther, whole: ErrFinished} {
		if _, err := Open(dir, choice, now); !errors.Is(err, want) {
			t.Errorf("%s: %v, and not %v", dir, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(whole, unfinished)); err == nil {
		t.Error("a folder that is whole says that it is not")
	}
	another := choice
	another.Matter = "gpc-england/plan"
	if _, err := Open(begun, another, now); !errors.Is(err, ErrAnother) {
		t.Errorf("begun otherwise: %v", err)
	}
	if _, err := Open(filepath.Join(other, "holiday.jpg"), choice, now); err == nil {
		t.Error("a file was taken for a folder")
	}
}

// What was saved before the disk was full is there, and it goes on once there is room.
func TestAFullDiskLosesNothingThatWasSaved(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no disk that is always full here")
	}
	dir := t.TempDir()
	f := opened(t, dir)
	f.Add("entries.jsonl", 1, []byte("a\n"))
	if err := errors.Join(f.Commit(), f.Save()); err != nil {
		t.Fatal(err)
	}
	full := filepath.Join(dir, "UNFINISHED", "matters.jsonl")
	if err := os.Symlink("/dev/full", full); err != nil {
		t.Fatal(err)
	}
	f.Add("entries.jsonl", 1, []byte("again\n"))
	f.Add("matters.jsonl", 1, []byte("b\n"))
	if err := f.Commit(); err == nil {
		t.Fatal("a full disk was not noticed")
	}
	f.Close()
	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	if err := opened(t, dir).Finish(now); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "entries.jsonl")); string(got) != "a\n" || err != nil {
		t.Errorf("it holds %q, %v", got, err)
	}
}

// Whatever a folder that somebody else began says of itself: nothing outside of it is touched, and nothing
// is asked for at a place that is none.
func FuzzAFolderBegunElsewhereReachesNothingOutside(f *testing.F) {
	f.Add([]byte(`{"choice":{"node":"lmcpin1:x","formats":["json"]},"place":{"step":1,"done":2},"report":{"rows":{}},"sizes":{"entries.jsonl":0}}`))
	f.Add([]byte(`{"choice":{"node":"lmcpin1:x","formats":["json"]},"place":{"step":-1},"report":{"rows":{}},"sizes":{"../../outside":0}}`))
	f.Add([]byte(`{"choice":{"node":"lmcpin1:x","formats":["json"]},"report":{"rows":{}},"sizes":{"entries.jsonl":9223372036854775807}}`))
	f.Fuzz(func(t *testing.T, state []byte) {
		root := t.TempDir()
		outside, dir := filepath.Join(root, "outside"), filepath.Join(root, "a", "b")
		err := errors.Join(os.MkdirAll(filepath.Join(dir, unfinished), 0o755), os.WriteFile(outside, []byte("mine"), 0o600), os.WriteFile(filepath.Join(dir, unfinished, stateFile), state, 0o600))
		if err != nil {
			t.Fatal(err)
		}
		folder, err := Open(dir, choice, now)
		if err == nil {
			if folder.Step < 0 || folder.Done < 0 {
				t.Fatalf("it goes on at %v", folder.Place)
			}
			_ = folder.Finish(now)
			folder.Close()
		}
		if b, err := os.ReadFile(outside); string(b) != "mine" || err != nil {
			t.Fatalf("a file outside of the folder is %q, %v", b, err)
		}
	})
}
