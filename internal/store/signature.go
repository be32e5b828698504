package store

import (
	"bytes"
	"crypto/sha256"
)

// Which signatures were found good, so that the register of many offices opens without checking each
// again: of the same bytes it is so for ever. They are kept in memory, and written with whatever is
// written next, or at Close. What is damaged of them, or left out by a mend, is checked again.

// signatureLimit is how many are kept.
const signatureLimit = LogLimit

// SignatureSum is what a signature is known by here, over the bytes it signs: these say whose it is.
func SignatureSum(signed, signature []byte) [sha256.Size]byte {
	return sha256.Sum256(appendBytes(appendBytes(nil, signed), signature))
}

// SignatureIsGood reports whether a signature was found good before.
func (s *Store) SignatureIsGood(sum [sha256.Size]byte) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, known := s.signatures[sum]
	return known
}

// SignatureFoundGood keeps it.
func (s *Store) SignatureFoundGood(sum [sha256.Size]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.signatures[sum]; !known && len(s.signatures) < signatureLimit {
		s.signatures[sum] = false
	}
}

// unsavedSignatures are those that are in memory alone.
func (s *Store) unsavedSignatures() (unsaved [][sha256.Size]byte) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for sum, saved := range s.signatures {
		if !saved {
			unsaved = append(unsaved, sum)
		}
	}
	return unsaved
}

func (w *writer) saveSignatures() error {
	w.signatures = w.s.unsavedSignatures()
	for _, sum := range w.signatures {
		if err := tableSignatures.put(w.tx, bytes.Clone(sum[:])); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) loadSignatures(tx *txn) error {
	return tableSignatures.scan(tx, nil, nil, func(key, _ []byte) error {
		if len(key) != sha256.Size {
			return tableSignatures.damaged(key)
		}
		s.signatures[[sha256.Size]byte(key)] = true
		return nil
	})
}
