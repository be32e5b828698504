// Package server is a node of the federation: it opens an office's folder, serves
// the gRPC services over TLS, publishes for the office's officers, keeps sessions
// with peers and answers readers. It knows who may call what and how an answer is
// put together; the rules live in guidance and picture, the bytes in ledger, the
// disk in store and the exchange in replica.
package server

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/notation"
)

// Limits of a node, stated in docs/protocol.md 3 and tested at the limit and one
// past it.
const (
	maxMessage         = 1_310_720 // 1.25 MiB: a chunk and its envelope
	maxStreams         = 64        // open at once on one connection
	maxHeaderList      = 8 << 10
	streamWindow       = 64 << 10 // of what a stream may be sent and has not read
	peerWindow         = 2 << 20  // of what a node that was dialled may send and was not read
	handshakeTimeout   = 10 * time.Second
	unaryTimeout       = 10 * time.Second
	keepaliveInterval  = 30 * time.Second
	keepaliveTimeout   = 10 * time.Second
	maxConnectionAge   = 30 * time.Minute // so that a removed key takes effect
	drainTimeout       = 5 * time.Second
	maxRegisterRecords = 1000
	maxRequestID       = 64
	chosenPeers        = 4 // besides the keeper (protocol.md 3)
	freshSources       = 2 // fewer live sources than this is an alarm
	settingsLimit      = 64 << 10
)

// budgets is what callers may take of a node, all of them together (protocol.md 3). Visitors
// are those who show no key; members show one.
type budgets struct {
	greetings                             int // connections before the handshake's first words
	handshakes                            int // after them, until it is done
	visitorConnections, memberConnections int
	visitorStreams, memberStreams         int
	visitorArriving, memberArriving       int // bytes of messages that are not there yet
	visitorUnread, memberUnread           int // bytes of answers made and not taken yet
	keyStreams                            int // of one member's key
	visitorMessage                        int // bytes of one request; members have maxMessage
	webConnections                        int // of browsers
	publicGreetings, publicHandshakes     int // of browsers that come to the public pages: as greetings and handshakes
	publicConnections                     int // of these, after that
	webUnread                             int // bytes of pages and answers over HTTP, made and not taken yet
	watches, healthWatches                int
	visitorFetches                        int
	saves                                 int           // of pictures with what they rest on: each has a page of entries in hand
	receiving, turn                       time.Duration // a request's arrival; the wait for a turn
}

// usual are the budgets of every node; tests have less. What is public has its own besides (publicly).
func usual() budgets {
	return budgets{
		greetings: 256, handshakes: 128, visitorConnections: 1024, memberConnections: 512,
		visitorStreams: 3072, memberStreams: 1024, visitorArriving: 16 << 20, memberArriving: 48 << 20, visitorUnread: 24 << 20, memberUnread: 64 << 20,
		keyStreams: 64, visitorMessage: 64 << 10, webConnections: 2048, webUnread: 16 << 20, watches: 256, healthWatches: 256, visitorFetches: 8, saves: 8,
		receiving: 10 * time.Second, turn: 10 * time.Second,
	}
}

// publicly are budgets with those of public pages.
func (b budgets) publicly() budgets {
	b.publicGreetings, b.publicHandshakes, b.publicConnections = 128, 64, 2048
	return b
}

const (
	filesReserved = 64               // of those the process may have open, not for connections
	writeTimeout  = 30 * time.Second // for a caller to take what is sent to it
	pieceSize     = 1 << 10          // of what is sent, read in one turn
	messagePieces = 1024             // that one message may come in
	pieceTurn     = 5 * time.Millisecond
	turnRest      = 50 * time.Microsecond
	acceptPause   = 5 * time.Millisecond
	complainEvery = 10 * time.Minute
	webIdle       = time.Minute       // between two requests of a browser
	webPiece      = 32 << 10          // of what is sent, to be taken within writeTimeout
	webFarewell   = time.Second       // for whoever does not take an answer that was ended
	secureFor     = "max-age=2592000" // how long browsers ask for a public name over TLS alone: 30 days
	envelopeSize  = 5                 // before a message: of gRPC-Web, and of streams
)

// Config is how a node runs. The zero value of every field but Dir is usable.
type Config struct {
	// Dir is the node's folder, made by Init. Required.
	Dir string
	// Listen is the address to listen on. Default: the one given to Init.
	Listen string
	// Listener is used instead of Listen when set; the node closes it.
	Listener net.Listener
	// Listening is told the address once the node listens. Default: nobody is.
	Listening func(address string)
	// Admin is the loopback address of the admin listener (profiles).
	// Default: none.
	Admin string
	// Peers are dialled besides those the node chooses itself.
	Peers []PeerAddress
	// Web is the address to listen on for browsers: pages, and JSON, Connect and gRPC-Web. Default: none.
	Web string
	// WebHosts are the names the web is asked by, besides localhost and the address it listens on. Default: none.
	WebHosts []string
	// WebDomain is the name under which the pages are public, over TLS, with a certificate that the node gets by itself.
	// Default: they are not.
	WebDomain string
	// WebHTTPS is the address that listens on then. Default: :443.
	WebHTTPS string
	// WebHTTP is the address to listen on without TLS then, to send browsers to it, and for the issuer of certificates;
	// WebOff: none. Default: :80, where that can be had.
	WebHTTP string
	// ACMEDirectory is where certificates are had (RFC 8555). Default: Let's Encrypt's.
	ACMEDirectory string
	// acmeRoots are who may vouch for it, in tests. Default: the system's.
	acmeRoots *x509.CertPool
	// acmeRetry is how long after a failure it is tried again, in tests. Default: certificateRetry.
	acmeRetry []time.Duration
	// Browse is told the URL of the pages once the web listens. Default: nobody is.
	Browse func(url string)
	// TrustedProxies are whose PROXY protocol header says where a connection comes from; they must
	// send one. Of the web it is their X-Forwarded-For. Default: nobody's.
	TrustedProxies []netip.Prefix
	// WebProxies are whose X-Forwarded-For says for whom a request of the web is; of gRPC nothing is asked of them, so
	// that a proxy and whoever publishes can sit at one machine. Default: TrustedProxies alone.
	WebProxies []netip.Prefix
	// Invitation joins a federation. Default: the one saved at an earlier start.
	Invitation string
	// Solo is why a keeper that fewer than two others can confirm goes on signing though nobody does
	// that its data are not an old copy; and any office though words that it has signed are not here. Default: it
	// does not.
	Solo string
	// Now is the wall clock: only for claimed and arrival times and the default
	// day of a question. Default: time.Now.
	Now func() time.Time
	// MinFree is how many bytes must stay free on the disk. Default: the store's.
	MinFree int64
	// unsearched: search is not kept up to date, so that it is not measured with what is.
	unsearched bool
	// free is the store's Free, in tests.
	free func(path string) (int64, error)
	// Logger gets what a clerk could act on. Default: slog.Default.
	Logger *slog.Logger
}

// PeerAddress is a node to dial: where it is, and the pin of its key.
type PeerAddress struct {
	Address string       `json:"address"`
	Pin     identity.Pin `json:"pin"`
}

// Names of what lies in a node's folder.
const (
	settingsFile    = "node.json"
	dataFile        = "data.db"
	searchFolder    = "search" // derived from the data: made anew where it is not there
	keysFolder      = "keys"
	guardFile       = "guard" // in the key folder: kept apart from copies of the data
	officeFile      = "office.record"
	certificateFile = "node.pem"
	profileFile     = "profile.json"
	// certificatesFolder has what is public under WebDomain's certificates, by issuer: had anew where it is not there, and
	// in no backup.
	certificatesFolder = "certificates"
)

// settings is what Init writes and a join adds to.
type settings struct {
	Federation string   `json:"federation"`
	Office     string   `json:"office"`
	Keeper     bool     `json:"keeper"`
	Listen     string   `json:"listen"`
	Hosts      []string `json:"hosts,omitempty"`
	Invitation string   `json:"invitation,omitempty"`
	// KeeperAt is where the register said last that the keeper's node is, when that is not where the
	// invitation says. Default: where the invitation says.
	KeeperAt *PeerAddress `json:"keeper_at,omitempty"`
	Notice   string       `json:"notice,omitempty"`
}

func loadSettings(dir string) (settings, error) {
	path := filepath.Join(dir, settingsFile)
	b, err := durable.ReadFile(path, settingsLimit)
	if errors.Is(err, fs.ErrNotExist) {
		if err := lostSettings(dir); err != nil {
			return settings{}, err
		}
		return settings{}, fault.New(fault.ErrNotFound, fmt.Sprintf("%s is not a node's folder: it has no %s", dir, settingsFile),
			"make it with: lmcnode init --dir "+dir+" …")
	}
	if err != nil {
		return settings{}, fmt.Errorf("reading the node's settings: %w", err)
	}
	s, err := parseSettings(b)
	if err != nil {
		return settings{}, fault.New(fault.ErrInvalid, fmt.Sprintf("reading the node's settings %s: %v", path, err), "put it right with an editor; it has the keys "+notation.List(settingsKeys()))
	}
	return s, nil
}

// lostSettings is why a folder that has keys and no settings is not served, and not made anew; nil
// of any other.
func lostSettings(dir string) error {
	has := func(name string) bool { _, err := os.Stat(filepath.Join(dir, name)); return err == nil }
	if !has(keysFolder) || has(settingsFile) || halfMade(dir) {
		return nil
	}
	federation, office := "NAME", "ID"
	if _, record, err := ReadOfficeFile(filepath.Join(dir, officeFile)); err == nil {
		federation, office = record.GetFederation(), record.GetOffice().GetId()
	}
	return fault.New(fault.ErrNotFound, fmt.Sprintf("%s is the folder of a node, and its settings are missing: it has no %s", dir, settingsFile),
		fmt.Sprintf("put a copy of it back; without one, make another in a folder of its own, with the addresses this node had (and --keeper where its office keeps the register): lmcnode init --dir OTHER --federation %s --office %s --name NAME --listen HOST:PORT; then copy OTHER/%s here, and nothing else, and start this node once with its invitation (--join), if it had one",
			federation, office, settingsFile))
}

// parseSettings reads settings, and refuses a key there is not: mistyped, it would change nothing.
func parseSettings(b []byte) (s settings, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err = d.Decode(&s)
	if err == nil && d.More() {
		err = errors.New("something stands behind its closing brace")
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return s, fmt.Errorf("line %d: %w", 1+bytes.Count(b[:min(int(syntax.Offset), len(b))], []byte("\n")), err)
	case errors.As(err, &kind):
		return s, fmt.Errorf("%s cannot be of the kind %s", cmp.Or(kind.Field, "all of it"), kind.Value)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return s, errors.New("it was cut short")
	case err != nil:
		key, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
		near := notation.NearestIDs(strings.Trim(key, `"`), settingsKeys())
		switch {
		case unknown && len(near) > 0:
			err = fmt.Errorf("there is no setting %s: did you mean %s?", key, notation.List(near))
		case unknown:
			err = fmt.Errorf("there is no setting %s", key)
		}
		return s, err
	}
	if err := cmp.Or(checkSlug("federation's name", s.Federation, "england"), checkSlug("office's id", s.Office, "surrey-sussex")); err != nil {
		return s, err
	}
	if s.Keeper && s.Invitation != "" {
		return s, errors.New("keeper is true, and there is an invitation, which the office that keeps the register never has: set keeper to false, or, if this office does keep it, take the invitation out")
	}
	return s, checkListen(s.Listen)
}

func settingsKeys() (keys []string) {
	for f := range reflect.TypeFor[settings]().Fields() {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys = append(keys, key)
	}
	return keys
}

func (s settings) save(dir string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the node's settings: %w", err)
	}
	return durable.Write(filepath.Join(dir, settingsFile), append(b, '\n'), 0o600)
}

// join keeps an invitation with the settings. A node that has joined one
// federation refuses an invitation to another, and of another keeper: the register says who speaks for
// whom, and whoever can send an e-mail can make one up.
func (s *settings) join(dir, invitation string) error {
	if invitation == "" || invitation == s.Invitation {
		return nil
	}
	inv, err := identity.ParseInvitation(invitation)
	if err != nil {
		return fault.New(fault.ErrInvalid, err.Error(), "paste the whole invitation, as the keeper's office sent it, on one line")
	}
	switch {
	case s.Keeper:
		return fault.New(fault.ErrInvalid, "this node keeps the register itself: it cannot join by invitation", "leave out --join")
	case inv.Federation != s.Federation:
		return fault.New(fault.ErrInvalid, fmt.Sprintf("the invitation is to federation %q, this node was made for %q", inv.Federation, s.Federation), "make a node for that federation in a new folder")
	case inv.Office != s.Office:
		return fault.New(fault.ErrInvalid, fmt.Sprintf("the invitation is for office %q, this node is of %q", inv.Office, s.Office), "ask the keeper for an invitation of your own")
	}
	if before, err := identity.ParseInvitation(s.Invitation); err == nil &&
		(before.Keeper != inv.Keeper || before.KeeperVkey != inv.KeeperVkey || !bytes.Equal(before.KeeperRootKey, inv.KeeperRootKey)) {
		return fault.New(fault.ErrInvalid, fmt.Sprintf("this node has joined the federation whose register %s keeps, and the invitation is by another keeper's keys (%s)", before.Keeper, inv.Keeper),
			"leave out --join, and ring the keeper's office on a number you already had; only where it says that the register is another one now, take the invitation out of "+settingsFile+" and start with the new one")
	}
	s.Invitation, s.KeeperAt = invitation, nil
	return s.save(dir)
}
