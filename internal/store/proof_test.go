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

// A cursor of bbolt does not go back over a page whose rows are all deleted.
func TestAThousandDraftsAreLoggedAtOnce(t *testing.T) {
	for range 20 { // which rows head a span differs from file to file
		s, a := newStore(t, "essex"), newAuthor("essex")
		a.publish(t, s, 1000)
	}
}

// Whatever rows are put, altered and deleted, in whatever transactions, reading proves just
// those, before and after each commit.
func TestRowsProvenAreTheRowsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStore(t, "essex")
		want := map[string]string{}
		check := func(tx *txn) {
			got := map[string]string{}
			var last []byte
			err := tableDrafts.scan(tx, nil, nil, func(key, value []byte) error {
				if bytes.Compare(last, key) >= 0 && last != nil {
					t.Fatalf("%q comes after %q", key, last)
				}
				last = key
				got[string(key)] = string(value)
				return nil
			})
			if err != nil || !maps.Equal(got, want) {
				t.Fatalf("%d rows are read and %d were written: %v", len(got), len(want), err)
			}
			for range 5 {
				key := fmt.Sprintf("%04d", rapid.IntRange(0, 4000).Draw(t, "asked"))
				value, err := tableDrafts.get(tx, []byte(key))
				if w, there := want[key]; err != nil || string(value) != w || (value != nil) != there {
					t.Fatalf("%s is %q, want %q: %v", key, value, w, err)
				}
			}
		}
		for range rapid.IntRange(1, 5).Draw(t, "transactions") {
			rewrite(t, s, func(tx *txn) (err error) {
				if rapid.Bool().Draw(t, "empty it") {
					for _, key := range slices.Sorted(maps.Keys(want)) {
						err = errors.Join(err, tableDrafts.del(tx, []byte(key)))
					}
					clear(want)
				}
				from := rapid.IntRange(0, 3000).Draw(t, "from")
				for i := range rapid.SampledFrom([]int{0, 1, 3, 40, 300, 1000}).Draw(t, "rows") {
					key := fmt.Sprintf("%04d", from+i)
					if i%7 == 0 {
						err = errors.Join(err, tableDrafts.del(tx, []byte(key)))
						delete(want, key)
						continue
					}
					want[key] = fmt.Sprint(i, from)
					err = errors.Join(err, tableDrafts.put(tx, []byte(key), []byte(want[key])))
				}
				if err == nil {
					check(tx)
				}
				return err
			})
			look(t, s, check)
		}
		rewrite(t, s, func(tx *txn) (err error) { // which no draft is
			for key := range want {
				err = errors.Join(err, tableDrafts.del(tx, []byte(key)))
			}
			return err
		})
	})
}
