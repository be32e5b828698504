package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"

	"github.com/lmcfed/lmcfed/internal/hostile/h2"
)

// runSink greets whoever comes, takes what they send and ends every call with nothing: what a
// flood costs whoever is there to take it. It prints its address.
func runSink() error {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, key.Public(), key)
	if err != nil {
		return err
	}
	cfg := &tls.Config{NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, lis.Addr())
	for {
		raw, err := lis.Accept()
		if err != nil {
			return err
		}
		go sink(tls.Server(raw, cfg))
	}
}

func sink(conn *tls.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	if _, err := io.ReadFull(in, make([]byte, len(h2.Preface))); err != nil {
		return
	}
	if _, err := conn.Write(h2.Frame(h2.Settings, 0, 0, nil)); err != nil {
		return
	}
	for {
		var head [9]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, in, int64(binary.BigEndian.Uint32(head[:4])>>8)); err != nil {
			return
		}
		if kind := head[3]; (kind == h2.Data || kind == h2.Headers) && head[4]&h2.EndStream != 0 {
			end := append(h2.Field(":status", "200"), h2.Field("grpc-status", "0")...)
			if _, err := conn.Write(h2.Frame(h2.Headers, h2.EndHeaders|h2.EndStream, binary.BigEndian.Uint32(head[5:]), end)); err != nil {
				return
			}
		}
	}
}
