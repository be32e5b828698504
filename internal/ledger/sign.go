package ledger

import "crypto/ed25519"

// SignBytes signs msg as what ("office"): the Ed25519 signature of
// "lmcfed/<what>/1\n" || msg. Every signature that is not a note is made so
// (protocol.md 2), and none can be taken for one made for another purpose.
func SignBytes(what string, msg []byte, key ed25519.PrivateKey) []byte {
	return ed25519.Sign(key, signed(what, msg))
}

// VerifyBytes reports whether sig is key's signature of msg as what. A key that is
// not 32 bytes verifies nothing.
func VerifyBytes(what string, msg, sig []byte, key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, signed(what, msg), sig)
}

func signed(what string, msg []byte) []byte {
	return append([]byte("lmcfed/"+what+"/1\n"), msg...)
}
