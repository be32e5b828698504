package store

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Keys in runs are the keys that were put and not deleted since, in whatever order and however many
// at once, in the transaction that changes them and after it.
func TestKeysInRunsAreThoseThatWerePut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStore(t, "essex")
		want := map[string]bool{}
		check := func(tx *txn) {
			keys := slices.Sorted(maps.Keys(want))
			for range 3 {
				prefix := rapid.SampledFrom([]string{"", "k", "k0", "k01", "k02", "k9", "z"}).Draw(t, "prefix")
				from := rapid.SampledFrom(append(slices.Clone(keys), "", "k", "k0150", "zz")).Draw(t, "from")
				if from < prefix { // which nobody asks for
					from = ""
				}
				var got, inRange []string
				err := tableIndex.scan(tx, []byte(prefix), []byte(from), func(key, _ []byte) error {
					got = append(got, string(key))
					return nil
				})
				for _, key := range keys {
					if bytes.HasPrefix([]byte(key), []byte(prefix)) && key >= from {
						inRange = append(inRange, key)
					}
				}
				if err != nil || !slices.Equal(got, inRange) {
					t.Fatalf("under %q from %q there are %q, %v; want %q", prefix, from, got, err, inRange)
				}
				value, err := tableIndex.get(tx, []byte(from+"x"))
				if err != nil || value != nil {
					t.Fatalf("%q: %v, %v", from+"x", value, err)
				}
				value, err = tableIndex.get(tx, []byte(from))
				if err != nil || (value != nil) != want[from] {
					t.Fatalf("%q: %v, %v, want %t", from, value, err, want[from])
				}
			}
		}
		for range rapid.IntRange(1, 6).Draw(t, "transactions") {
			rewrite(t, s, func(tx *txn) (err error) {
				for range rapid.IntRange(1, 3).Draw(t, "batches") {
					from := rapid.IntRange(0, 300).Draw(t, "from")
					step := rapid.SampledFrom([]int{-1, 1, 37}).Draw(t, "step")
					gone := rapid.IntRange(0, 2).Draw(t, "gone") == 0
					for i := range rapid.SampledFrom([]int{1, 2, 20, 300}).Draw(t, "keys") {
						n := ((from+i*step)%400 + 400) % 400
						key := fmt.Sprintf("k%04d%s", n, "long enough to be shared in part"[:n%30])
						if gone || i%9 == 8 {
							err = errors.Join(err, tableIndex.del(tx, []byte(key)))
							delete(want, key)
						} else {
							err = errors.Join(err, tableIndex.put(tx, []byte(key)))
							want[key] = true
						}
					}
					if rapid.Bool().Draw(t, "looked at") {
						check(tx)
					}
				}
				return err
			})
			look(t, s, check)
		}
		rewrite(t, s, func(tx *txn) (err error) { // which no entry has
			for key := range want {
				err = errors.Join(err, tableIndex.del(tx, []byte(key)))
			}
			return err
		})
	})
}

func TestARunThatIsNoneIsNotRead(t *testing.T) {
	first, keys := []byte("abc"), [][]byte{[]byte("abc"), []byte("abd"), []byte("b"), []byte("bc")}
	whole := packKeyRun(first, keys)
	if got, ok := unpackKeyRun(first, whole); !ok || !slices.EqualFunc(got, keys, bytes.Equal) {
		t.Fatalf("read back: %q, %t", got, ok)
	}
	if got, ok := unpackKeyRun(first, nil); !ok || len(got) != 0 {
		t.Fatalf("an empty one: %q, %t", got, ok)
	}
	for name, packed := range map[string][]byte{
		"cut short":         whole[:len(whole)-1],
		"shares too much":   {4, 1, 'x'},
		"the same again":    {3, 0, 3, 0},
		"before its first":  {2, 1, 'b'},
		"out of order":      {0, 1, 'b', 0, 1, 'a'},
		"longer than it is": {0, 200, 'x'},
		"no number":         {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 'x'},
		"a vast number":     {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1, 'x'},
	} {
		if got, ok := unpackKeyRun(first, packed); ok {
			t.Errorf("%s: %q", name, got)
		}
	}
}
