package store

import (
	"errors"

	"go.etcd.io/bbolt"
)

type boltTx = bbolt.Tx

// failAfter commits and says that it failed, as bbolt does when the sync of the meta
// page fails.
func failAfter(commit func(*bbolt.Tx) error) func(*bbolt.Tx) error {
	return func(tx *bbolt.Tx) error {
		return errors.Join(commit(tx), errors.New("input/output error"))
	}
}
