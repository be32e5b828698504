package server

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/acme/autocert"

	"github.com/lmcfed/lmcfed/internal/durable"
)

// issuer carries what is asked of the issuer, and notes why it refuses: autocert tells little of that, and nothing of a
// renewal. Once the certificate is closed it carries nothing any more.
type issuer struct {
	c    *certificate
	next http.RoundTripper
}

func (i issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(i.c.open, cancel)()
	resp, err := i.next.RoundTrip(r.WithContext(ctx))
	if err == nil {
		var body []byte
		body, err = io.ReadAll(io.LimitReader(resp.Body, issuerLimit))
		_ = resp.Body.Close()
		resp.Body = io.NopCloser(bytes.NewReader(body))
		if err == nil {
			for _, reason := range refusals(resp.StatusCode, body) {
				i.c.note(reason)
			}
			return resp, nil
		}
	}
	if i.c.open.Err() == nil {
		i.c.note(fmt.Sprintf("the issuer of certificates, %s, cannot be asked: %v", r.URL.Host, err))
	}
	return nil, err
}

// problem is why an issuer refuses (RFC 7807).
type problem struct {
	Type   string `json:"type"`
	Detail string `json:"detail"`
}

// refusals are why what an issuer answers is no good: the request, an order, or its look whether the name leads here.
func refusals(status int, body []byte) (reasons []string) {
	var said struct {
		problem
		Status     any      `json:"status"`
		Error      *problem `json:"error"`
		Challenges []struct {
			Type  string   `json:"type"`
			Error *problem `json:"error"`
		} `json:"challenges"`
	}
	known := json.Unmarshal(body, &said) == nil
	switch {
	case strings.HasSuffix(said.Type, ":badNonce"): // it is asked again at once
	case status >= http.StatusBadRequest && known && said.Detail != "":
		reasons = append(reasons, "the issuer refuses: "+said.Detail)
	case status >= http.StatusBadRequest:
		reasons = append(reasons, fmt.Sprintf("the issuer answers %d %s", status, http.StatusText(status)))
	case known && said.Status == "invalid":
		for _, ch := range said.Challenges {
			if ch.Error != nil {
				reasons = append(reasons, ch.Type+": "+ch.Error.Detail)
			}
		}
		if said.Error != nil && len(reasons) == 0 {
			reasons = append(reasons, said.Error.Detail)
		}
	}
	return reasons
}

// certificateFolder keeps what autocert has: the account's key and the certificate with its. Whatever is no key is for the
// moment, and kept in memory alone.
type certificateFolder string

func (f certificateFolder) path(name string) string {
	return filepath.Join(string(f), filepath.Clean("/"+name)+".pem")
}

func (f certificateFolder) Get(_ context.Context, name string) ([]byte, error) {
	b, err := durable.ReadFile(f.path(name), issuerLimit)
	if block, _ := pem.Decode(b); errors.Is(err, fs.ErrNotExist) || err == nil && block == nil {
		return nil, autocert.ErrCacheMiss
	}
	return b, err
}

func (f certificateFolder) Put(_ context.Context, name string, b []byte) error {
	if block, _ := pem.Decode(b); block == nil {
		return nil
	}
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	return durable.Write(f.path(name), b, 0o600)
}

func (f certificateFolder) Delete(_ context.Context, name string) error {
	if err := os.Remove(f.path(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
