package store

import "testing"

// A signature is checked once for all starts, also where nothing else was written.
func TestASignatureFoundGoodIsKnownAfterARestart(t *testing.T) {
	s, a := newStore(t, "essex"), newAuthor("kent")
	path, opts := s.Path(), s.opts
	first, second, other := SignatureSum([]byte("a"), []byte("bc")), SignatureSum([]byte("ab"), []byte("c")), SignatureSum(nil, nil)
	s.SignatureFoundGood(first)
	a.addMany(1)
	a.give(t, s, 0, 1, 1)
	s.SignatureFoundGood(second)
	finish(t, s)
	again := openStore(t, path, opts)
	for sum, want := range map[[32]byte]bool{first: true, second: true, other: false} {
		if got := again.SignatureIsGood(sum); got != want {
			t.Errorf("known %t, want %t", got, want)
		}
	}
	if n := len(again.unsavedSignatures()); n > 0 {
		t.Errorf("%d would be written again", n)
	}
}
