package identity

import (
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
)

// alpn is the protocol agreed on in the handshake: gRPC speaks HTTP/2 only.
const alpn = "h2"

// ServerTLS returns the TLS side of a listener (protocol.md 3): TLS 1.3 with the
// node's key, its certificate good for hosts. A client certificate is asked for and
// not demanded; when one comes, admit decides by its key, and its error ends the
// handshake before any byte of a request is read. A nil admit refuses every key.
//
// Hosts that are neither IP addresses nor ASCII names are left out of the
// certificate: pins decide, not names. It panics when key is not an Ed25519 key.
func ServerTLS(key ed25519.PrivateKey, hosts []string, admit func(pub ed25519.PublicKey) error) *tls.Config {
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		NextProtos:   []string{alpn},
		Certificates: []tls.Certificate{certificate(key, hosts)},
		ClientAuth:   tls.RequestClientCert,
		// A resumed session would outlive the register's word on its key.
		SessionTicketsDisabled: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 {
				return nil
			}
			pub, ok := PeerKey(state)
			if !ok {
				return fmt.Errorf("%w: its certificate holds no Ed25519 key", ErrRefused)
			}
			err := errors.New("no client keys are admitted here")
			if admit != nil {
				err = admit(pub)
			}
			if err != nil {
				return fmt.Errorf("%w: %s: %w", ErrRefused, PinOf(pub), err)
			}
			return nil
		},
	}
}

// ClientTLS returns the TLS side of a dialler. The server must hold the key that pin
// names: names, dates and issuers in its certificate decide nothing. The client shows
// key, or nothing when it is nil. Error of the handshake: ErrWrongPin, naming both.
func ClientTLS(key ed25519.PrivateKey, pin Pin) *tls.Config {
	config := &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{alpn},
		// The pin stands in for what this skips: VerifyConnection runs on every
		// handshake, and TLS 1.3 proves that the server holds the key.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			pub, ok := PeerKey(state)
			if !ok {
				return fmt.Errorf("%w: its certificate holds no Ed25519 key, the pin is %s", ErrWrongPin, pin)
			}
			if got := PinOf(pub); got != pin {
				return fmt.Errorf("%w: it has %s, the pin is %s",
					ErrWrongPin, got, pin)
			}
			return nil
		},
	}
	if key != nil {
		config.Certificates = []tls.Certificate{certificate(key, nil)}
	}
	return config
}

// PeerKey returns the Ed25519 key the other side of a connection proved to hold.
func PeerKey(state tls.ConnectionState) (ed25519.PublicKey, bool) {
	if len(state.PeerCertificates) == 0 {
		return nil, false
	}
	pub, ok := state.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	return pub, ok
}
