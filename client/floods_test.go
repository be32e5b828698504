package client_test

import (
	"crypto/sha256"
	"net"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/identity"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func TestANodeThatDoesNotGreetIsNotSaidToBeDown(t *testing.T) {
	lis, err := net.Listen("tcp", "127.0.0.1:0") // the system takes connections, and nobody else does
	if err != nil {
		t.Fatal(err)
	}
	defer lis.Close()
	c, err := client.Dial(lis.Addr().String(), client.Pin{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err = c.Status(t.Context()); err == nil || !strings.Contains(err.Error(), "said nothing") || !strings.Contains(client.Hint(err), "try again in a minute") {
		t.Errorf("got %v, hint %q", err, client.Hint(err))
	}
}

func TestALongLetterIsVerifiedByItsDigestAndAShortOneAsItIs(t *testing.T) {
	asked := make(chan *answersv1.VerifyRequest, 1)
	n := startNode(t, &node{verify: func(req *answersv1.VerifyRequest) (*answersv1.VerifyResponse, error) {
		asked <- req
		return &answersv1.VerifyResponse{}, nil
	}})
	c, err := client.Dial(n.address, identity.PinOf(public(n.key)))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for size, sent := range map[int]bool{32 << 10: true, 32<<10 + 1: false} {
		body := make([]byte, size)
		for _, ask := range []func() error{
			func() error { _, err := c.Verify(t.Context(), body); return err },
			func() error {
				return c.Ask(t.Context(), &answersv1.VerifyRequest{Body: body}, &answersv1.VerifyResponse{})
			},
		} {
			if err := ask(); err != nil {
				t.Fatal(err)
			}
			req := <-asked
			if got := len(req.Body) == size && req.Digest == nil; got != sent {
				t.Errorf("of %d bytes, %d are sent and the digest %v", size, len(req.Body), req.Digest)
			}
			if sum := sha256.Sum256(body); !sent && (string(req.Digest.GetSha256()) != string(sum[:]) || req.Digest.GetSizeBytes() != int64(size)) {
				t.Errorf("its digest is %v", req.Digest)
			}
		}
	}
}
