package sim

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
)

// keyOf makes the same key for the same name in every run.
func keyOf(name string) ed25519.PrivateKey {
	if keysMade[name] == nil {
		seed := sha256.Sum256([]byte(name))
		keysMade[name] = ed25519.NewKeyFromSeed(seed[:])
	}
	return keysMade[name]
}

var keysMade = map[string]ed25519.PrivateKey{} // one takes longer to make than to use

func transportKey(office string) ed25519.PublicKey {
	return keyOf("tls " + office).Public().(ed25519.PublicKey)
}

func (n *node) transportKey() ed25519.PublicKey { return n.tls.Public().(ed25519.PublicKey) }

// keys is the register: the keeper's log is known from the start, at the keeper by the key that
// lies there; another when the keeper's entry about it is held.
func (n *node) keys(log ledger.LogID, _ uint64) []ed25519.PublicKey {
	keeper, _ := n.store.Held(logOf("o0"))
	var i int
	switch _, err := fmt.Sscanf(log.Office, "o%d", &i); {
	case err != nil || i >= len(n.w.nodes) || log.Epoch != 0:
		return nil
	case i == 0 && n.index == 0:
		return []ed25519.PublicKey{n.key.Public().(ed25519.PublicKey)}
	case i > 0 && keeper.Size <= uint64(i):
		return nil
	}
	return []ed25519.PublicKey{keyOf(log.Office).Public().(ed25519.PublicKey)}
}

// headKeys are keys, and of the own log the one that lies here until the register names one.
func (n *node) headKeys(log ledger.LogID, size uint64) []ed25519.PublicKey {
	if keys := n.keys(log, size); keys != nil || log != n.log {
		return keys
	}
	return []ed25519.PublicKey{n.key.Public().(ed25519.PublicKey)}
}

// named is what the register held names for the own log.
func (n *node) named(size uint64) (keys []ed25519.PublicKey, admitted bool) {
	if n.w.plan.mutant == anyKey {
		return []ed25519.PublicKey{n.key.Public().(ed25519.PublicKey)}, true
	}
	if n.index == 0 {
		return []ed25519.PublicKey{keyOf(n.office).Public().(ed25519.PublicKey)}, true
	}
	keys = n.keys(n.log, size)
	return keys, keys != nil
}

// loseKeys puts a log key, a transport key or both into the folder that nobody's register names.
func (n *node) loseKeys() {
	n.w.seen.wrongKeys++
	which := n.w.rng.IntN(3)
	if which != 0 {
		n.key = keyOf("wrong " + n.office)
	}
	if which != 1 {
		n.tls = keyOf("wrong tls " + n.office)
	}
	n.w.logf("%s has another log key: %t, another transport key: %t", n.name(), which != 0, which != 1)
}

// putKeysBack starts a node again with the keys that are its office's.
func (n *node) putKeysBack() {
	if n.key.Equal(keyOf(n.office)) && n.tls.Equal(keyOf("tls "+n.office)) {
		return
	}
	n.key, n.tls = keyOf(n.office), keyOf("tls "+n.office)
	if n.up {
		n.w.logf("%s gets its keys back", n.name())
		n.hangUp()
		n.w.after(n.w.between(0, 8*time.Second), n.start)
	}
}
