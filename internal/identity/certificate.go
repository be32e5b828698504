package identity

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"slices"
	"strings"
	"time"
)

// CertificatePEM returns the certificate ServerTLS presents for the same key and
// hosts, as a PEM file that any gRPC client takes as its certificate authority
// (grpcurl -cacert). It is self-signed, good for hosts, localhost, 127.0.0.1 and ::1,
// from 2000 to 9999, and the same bytes every time.
func CertificatePEM(key ed25519.PrivateKey, hosts []string) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(key, hosts).Certificate[0]})
}

// certificate makes the envelope of a key. Ed25519 signatures are deterministic and the
// serial number comes from the key and names, so that nothing needs storing. It is no
// certificate authority: clients that are strict refuse one as a server's certificate,
// and all take a self-signed one that they hold themselves.
func certificate(key ed25519.PrivateKey, hosts []string) tls.Certificate {
	pub := key.Public().(ed25519.PublicKey)
	t := &x509.Certificate{
		Subject:               pkix.Name{CommonName: PinOf(pub).String()},
		NotBefore:             time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	// The names of this machine too, and none that a certificate cannot hold.
	hosts = slices.DeleteFunc(slices.Concat(hosts, []string{"localhost", "127.0.0.1", "::1"}), func(host string) bool {
		return host == "" || strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r > '~' })
	})
	slices.Sort(hosts)
	serial := sha256.New()
	serial.Write(pub)
	for _, host := range slices.Compact(hosts) {
		serial.Write([]byte(host + "\n"))
		if ip := net.ParseIP(host); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, host)
		}
	}
	t.SerialNumber = new(big.Int).SetBytes(serial.Sum(nil)[:16])
	der, err := x509.CreateCertificate(nil, t, t, pub, key)
	if err != nil {
		panic("identity: making a certificate: " + err.Error())
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic("identity: reading a certificate just made: " + err.Error())
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
