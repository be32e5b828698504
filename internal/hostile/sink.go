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
	if _, err := io.ReadFull(in, make([]byte, len(preface))); err != nil {
		return
	}
	if _, err := conn.Write(frame(settings, 0, 0, nil)); err != nil {
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
		if kind := head[3]; (kind == data || kind == headers) && head[4]&endStream != 0 {
			end := append(field(":status", "200"), field("grpc-status", "0")...)
			if _, err := conn.Write(frame(headers, endHeaders|endStream, binary.BigEndian.Uint32(head[5:]), end)); err != nil {
				return
			}
		}
	}
}
