package identity

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
)

// Profile is where a client finds its node: a small JSON file without secrets.
//
//	{
//	  "name": "essex",
//	  "address": "node.essexlmc.example:7443",
//	  "pin": "lmcpin1:rl3otkntfszr5jh3jxyqg4wmkhcj3pyxx2hzpdk5uvknt64yjqxa",
//	  "keyFile": "/home/essex/officer.key",
//	  "office": "essex",
//	  "keeper": "england/gpc-england/log/0+4ecd3f27+AYqI4910…"
//	}
type Profile struct {
	// Name is what the profile is called ("essex").
	Name string `json:"name"`
	// Address is host and port of the node.
	Address string `json:"address"`
	// Pin is the pin of the node's transport key.
	Pin Pin `json:"pin"`
	// KeyFile is the key the client shows; empty: none, which reads PUBLIC only.
	KeyFile string `json:"keyFile,omitempty"`
	// Office is the office the client publishes for; empty: none.
	Office string `json:"office,omitempty"`
	// Keeper is the verifier key of the log of the office that keeps the federation's register, had
	// from that office: what is checked without a node is checked by it; empty: not noted.
	Keeper string `json:"keeper,omitempty"`
}

// LoadProfile reads a profile. Errors: ErrMalformed, ErrTooLarge, durable.ErrNotAFile,
// fs.ErrNotExist.
func LoadProfile(path string) (Profile, error) {
	f, err := durable.Open(path)
	if err != nil {
		return Profile{}, fmt.Errorf("reading profile: %w", err)
	}
	defer f.Close()
	b, err := readLimited(f, path, ProfileLimit)
	if err != nil {
		return Profile{}, fmt.Errorf("reading profile: %w", err)
	}
	var p Profile
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields() // a typing error is an error, not a default
	if err := d.Decode(&p); err != nil {
		return Profile{}, fmt.Errorf("reading profile %s: %w: %w", path, ErrMalformed, err)
	}
	if d.More() {
		return Profile{}, fmt.Errorf("reading profile %s: %w: something follows the profile", path, ErrMalformed)
	}
	if err := p.check(); err != nil {
		return Profile{}, fmt.Errorf("reading profile %s: %w", path, err)
	}
	return p, nil
}

func (p Profile) check() error {
	if err := notation.CheckAddress(p.Address); err != nil {
		return fmt.Errorf("%w: address: %w: want HOST:PORT", ErrMalformed, err)
	}
	if p.Keeper != "" {
		if _, _, err := ledger.ParseVKey(p.Keeper); err != nil {
			return fmt.Errorf("%w: keeper: %w", ErrMalformed, err)
		}
	}
	if p.Pin == (Pin{}) {
		return fmt.Errorf("%w: pin: there is none; the node prints its own when it starts", ErrMalformed)
	}
	return nil
}

// SaveProfile writes a profile, replacing one that is there, and returns once it is
// durable.
func SaveProfile(path string, p Profile) error {
	if err := p.check(); err != nil {
		return fmt.Errorf("writing profile %s: %w", path, err)
	}
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("writing profile %s: %w", path, err)
	}
	if err := durable.Write(path, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing profile: %w", err)
	}
	return nil
}
