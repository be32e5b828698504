package server

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/health"

	"github.com/lmcfed/lmcfed/internal/answers"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Node is one office's node. Open it, Serve it, Close it.
type Node struct {
	cfg      Config
	settings settings
	invite   *ledgerv1.Invitation // nil at the keeper
	keys     *identity.Keys
	store    *store.Store
	replica  *replica.Replica
	health   *health.Server
	started  time.Time

	answers   *answers.Answers
	register  atomic.Pointer[registerState]
	folding   sync.Mutex    // one fold at a time
	publishes chan struct{} // held by the one writer of the own log: its indexes are contiguous
	drain     chan struct{} // closed when the node stops: every open stream selects on it
	drained   sync.Once
	drainTime time.Duration // what a stop may take: drainTimeout, less in tests
	alarms    alarms
	watchers  atomic.Int32
	unguarded atomic.Bool // own entries were here without a guard: a peer must confirm them
	rival     atomic.Bool // a peer refused this node as a second writer of its office
}

// Open opens the node's folder: keys, settings and data. It finishes drafts a
// crash left behind. Nothing is on the network until Serve.
func Open(cfg Config) (*Node, error) {
	cfg = cfg.withDefaults()
	set, err := loadSettings(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if err := set.join(cfg.Dir, cfg.Invitation); err != nil {
		return nil, err
	}
	keys, err := identity.Load(filepath.Join(cfg.Dir, keysFolder))
	if err != nil {
		return nil, err
	}
	n := &Node{cfg: cfg, settings: set, keys: keys, started: cfg.Now(), health: health.NewServer(), publishes: make(chan struct{}, 1), drain: make(chan struct{}), drainTime: drainTimeout * 9 / 10}
	if set.Invitation != "" {
		if n.invite, err = identity.ParseInvitation(set.Invitation); err != nil {
			return nil, err
		}
	}
	if err := n.openStore(); err != nil {
		return nil, err
	}
	return n, n.ready()
}

func (n *Node) openStore() (err error) {
	_, noGuard := os.Stat(filepath.Join(n.cfg.Dir, keysFolder, guardFile))
	n.store, err = store.Open(filepath.Join(n.cfg.Dir, dataFile), store.Options{
		Federation: n.settings.Federation, Office: n.settings.Office,
		Guard: filepath.Join(n.cfg.Dir, keysFolder, guardFile),
		Now:   n.cfg.Now, MinFree: n.cfg.MinFree,
	})
	if err == nil && noGuard != nil {
		_, holdsOwn := n.store.Held(n.ownLog())
		n.unguarded.Store(holdsOwn)
	}
	return err
}

// ready makes what rests on the store: the register, the exchange, the clients'
// files, and the drafts a crash left.
func (n *Node) ready() error {
	if err := errors.Join(n.refold(), n.finishDrafts()); err != nil {
		return errors.Join(err, n.store.Close())
	}
	n.newReplica()
	pageKey, err := hkdf.Key(sha256.New, n.keys.Transport.Seed(), nil, "lmcfed/page-tokens/1", sha256.Size)
	if err != nil {
		return fmt.Errorf("making the key of page tokens: %w", err)
	}
	n.answers = &answers.Answers{
		Store: n.store, Registers: registers{n}, LogKeys: n.logKeys, Now: n.cfg.Now, Started: n.started,
		Federation: n.settings.Federation, Office: n.settings.Office, Keeper: n.keeperOffice(),
		PageKey: pageKey,
	}
	return nil
}

// join keeps an invitation with the settings. A node that has joined one
// federation refuses an invitation to another.
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
	s.Invitation = invitation
	return s.save(dir)
}

// Close stops whatever Serve left and closes the data.
func (n *Node) Close() error {
	n.stopStreams()
	n.replica.Close()
	return n.store.Close()
}

func (n *Node) stopStreams() { n.drained.Do(func() { close(n.drain) }) }

// Office is the id of the node's office.
func (n *Node) Office() string { return n.settings.Office }

// FrontierRoot is the digest of everything this node holds and serves.
func (n *Node) FrontierRoot() [32]byte { return n.store.FrontierRoot() }

// Entries is how many entries this node holds.
func (n *Node) Entries() uint64 {
	var sum uint64
	for _, h := range n.store.Heads() {
		sum += h.Size
	}
	return sum
}

// ownLog is the log this node's office writes.
func (n *Node) ownLog() ledger.LogID {
	return ledger.LogID{Federation: n.settings.Federation, Office: n.settings.Office}
}

func publicKey(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

// listen opens the listener and writes what a client needs to reach it.
func (n *Node) listen() (net.Listener, error) {
	lis := n.cfg.Listener
	if lis == nil {
		address := n.cfg.Listen
		if address == "" {
			address = n.settings.Listen
		}
		var err error
		if lis, err = net.Listen("tcp", address); err != nil {
			return nil, fault.New(fault.ErrBusy, fmt.Sprintf("listening on %s: %v", address, err), "is another node running there? choose another address with --listen")
		}
	}
	return lis, n.writeClientFiles(lis.Addr().String())
}

// writeClientFiles writes the certificate and the profile for the address the node
// really listens on.
func (n *Node) writeClientFiles(address string) error {
	pem := identity.CertificatePEM(n.keys.Transport, n.settings.Hosts)
	profile := identity.Profile{
		Name: n.settings.Office, Address: address, Office: n.settings.Office,
		Pin:     identity.PinOf(publicKey(n.keys.Transport)),
		KeyFile: filepath.Join(n.absDir(), keysFolder, identity.OfficerFile),
	}
	return errors.Join(
		durable.Write(filepath.Join(n.cfg.Dir, certificateFile), pem, 0o644),
		identity.SaveProfile(filepath.Join(n.cfg.Dir, profileFile), profile),
	)
}

func (n *Node) absDir() string {
	abs, err := filepath.Abs(n.cfg.Dir)
	if err != nil {
		return n.cfg.Dir
	}
	return abs
}

// file is the path of something in the node's folder.
func (n *Node) file(name string) string { return filepath.Join(n.cfg.Dir, name) }

// alarms are what an operator should do something about, newest last, each once.
type alarms struct {
	mu   sync.Mutex // guards list
	list []*nodev1.Alarm
}

const maxAlarms = 32

// raise adds an alarm, once; the oldest makes room for it.
func (a *alarms) raise(alarm *nodev1.Alarm) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, have := range a.list {
		if have.Words == alarm.Words {
			return
		}
	}
	a.list = append(a.list, alarm)
	if len(a.list) > maxAlarms {
		a.list = a.list[1:]
	}
}

func (a *alarms) all() []*nodev1.Alarm {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.list)
}

// newReplica starts the exchange over the store.
func (n *Node) newReplica() {
	n.replica = replica.New(replica.Config{
		Store: n.store, Key: publicKey(n.keys.Transport), Role: n.role(), Keeper: n.keeperLog(),
		Keys: n.logKeys, Logger: n.cfg.Logger, Now: n.cfg.Now,
		Alarm: func(a replica.Alarm) {
			alarm := &nodev1.Alarm{Code: a.Code, Words: a.Words, Office: a.Office}
			if a.Log != (ledger.LogID{}) {
				alarm.Log = a.Log.String()
			}
			n.alarms.raise(alarm)
		},
	})
}
