// Package server is a node of the federation: it opens an office's folder, serves
// the gRPC services over TLS, publishes for the office's officers, keeps sessions
// with peers and answers readers. It knows who may call what and how an answer is
// put together; the rules live in guidance and picture, the bytes in ledger, the
// disk in store and the exchange in replica.
package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
)

// Limits of a node, stated in docs/protocol.md 3 and tested at the limit and one
// past it.
const (
	maxMessage         = 1_310_720 // 1.25 MiB: a chunk and its envelope
	maxStreams         = 64        // open at once on one connection
	maxHeaderList      = 8 << 10
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
)

// budgets is what callers may take of a node, all of them together (protocol.md 3). Visitors
// are those who show no key; members show one.
type budgets struct {
	greetings                             int // connections before the handshake
	visitorConnections, memberConnections int
	visitorStreams, memberStreams         int
	visitorUnread, memberUnread           int // bytes of answers made and not taken yet
	keyStreams                            int // of one member's key
	visitorMessage                        int // bytes of one request; members have maxMessage
	watches, healthWatches                int
	visitorFetches                        int
	receiving, turn                       time.Duration // a request's arrival; the wait for a turn
}

// usual are the budgets of every node; tests have less.
func usual() budgets {
	return budgets{
		greetings: 256, visitorConnections: 1024, memberConnections: 512,
		visitorStreams: 1024, memberStreams: 1024, visitorUnread: 24 << 20, memberUnread: 64 << 20,
		keyStreams: 64, visitorMessage: 64 << 10, watches: 256, healthWatches: 256, visitorFetches: 8,
		receiving: 10 * time.Second, turn: 10 * time.Second,
	}
}

const (
	filesReserved = 64               // of those the process may have open, not for connections
	writeTimeout  = 30 * time.Second // for a caller to take what is sent to it
	pieceSize     = 1 << 10          // of what a visitor sends, read in one turn
	pieceTurn     = 5 * time.Millisecond
	turnRest      = 50 * time.Microsecond
	acceptPause   = 5 * time.Millisecond
	complainEvery = 10 * time.Minute
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
	// Invitation joins a federation. Default: the one saved at an earlier start.
	Invitation string
	// Solo is why the only office of a federation goes on signing though nobody can confirm
	// that its data are not an old copy. Default: it does not.
	Solo string
	// Now is the wall clock: only for claimed and arrival times and the default
	// day of a question. Default: time.Now.
	Now func() time.Time
	// MinFree is how many bytes must stay free on the disk. Default: the store's.
	MinFree int64
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
	keysFolder      = "keys"
	guardFile       = "guard" // in the key folder: kept apart from copies of the data
	officeFile      = "office.record"
	certificateFile = "node.pem"
	profileFile     = "profile.json"
)

// settings is what Init writes and a join adds to.
type settings struct {
	Federation string   `json:"federation"`
	Office     string   `json:"office"`
	Keeper     bool     `json:"keeper"`
	Replica    bool     `json:"replica,omitempty"`
	Listen     string   `json:"listen"`
	Hosts      []string `json:"hosts,omitempty"`
	Invitation string   `json:"invitation,omitempty"`
	Notice     string   `json:"notice,omitempty"`
}

func loadSettings(dir string) (settings, error) {
	path := filepath.Join(dir, settingsFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return settings{}, fault.New(fault.ErrNotFound, fmt.Sprintf("%s is not a node's folder: it has no %s", dir, settingsFile),
			"make it with: lmcnode init --dir "+dir+" …")
	}
	if err != nil {
		return settings{}, fmt.Errorf("reading the node's settings: %w", err)
	}
	var s settings
	if err := json.Unmarshal(b, &s); err != nil {
		return settings{}, fmt.Errorf("reading the node's settings %s: %w", path, err)
	}
	return s, nil
}

func (s settings) save(dir string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the node's settings: %w", err)
	}
	return durable.Write(filepath.Join(dir, settingsFile), append(b, '\n'), 0o600)
}
