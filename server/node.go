package server

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
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
	"github.com/lmcfed/lmcfed/internal/search"
	"github.com/lmcfed/lmcfed/internal/store"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Node is one office's node. Open it, Serve it, Close it.
type Node struct {
	cfg      Config
	settings settings
	invite   *ledgerv1.Invitation // nil at the keeper
	// newerKeeperAt is the settings' KeeperAt.
	newerKeeperAt atomic.Pointer[PeerAddress]
	keys          *identity.Keys
	store         *store.Store
	replica       *replica.Replica
	health        *health.Server
	started       time.Time

	answers   *answers.Answers
	search    *search.Index
	register  atomic.Pointer[registerState]
	folding   sync.Mutex // one fold at a time
	signer    *signer
	drain     chan struct{} // closed when the node stops: every open stream selects on it
	drained   sync.Once
	drainTime time.Duration // what a stop may take: drainTimeout, less in tests
	alarms    alarms
	moves     moves
	// turnedAway: a key came, since the start, that the register held does not know.
	turnedAway atomic.Bool
	told       sync.Map // offices that were heard since a mend (noteTold)
	budgets    budgets
	doors      *doors // while it serves
	// certificate of the public pages; nil: there are none.
	certificate *certificate
}

// Open opens the node's folder: keys, settings and data. It finishes drafts a
// crash left behind. Nothing is on the network until Serve.
func Open(cfg Config) (*Node, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.Listening == nil {
		cfg.Listening = func(string) {}
	}
	if cfg.Browse == nil {
		cfg.Browse = func(string) {}
	}
	if err := cmp.Or(checkWebHosts(cfg.WebHosts), checkPublic(cfg)); err != nil {
		return nil, err
	}
	set, err := loadSettings(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if err := checkFolder(cfg.Dir); err != nil {
		return nil, err
	}
	if err := set.join(cfg.Dir, cfg.Invitation); err != nil {
		return nil, err
	}
	keys, err := loadKeys(cfg.Dir)
	if err != nil {
		return nil, err
	}
	n := &Node{
		cfg: cfg, settings: set, keys: keys, started: cfg.Now(), health: health.NewServer(), drain: make(chan struct{}), drainTime: drainTimeout * 9 / 10,
		budgets: usual(),
	}
	n.newerKeeperAt.Store(set.KeeperAt)
	if cfg.WebDomain != "" {
		n.certificate, n.budgets = newCertificate(cfg), n.budgets.publicly()
	}
	if set.Invitation != "" {
		if n.invite, err = identity.ParseInvitation(set.Invitation); err != nil {
			return nil, err
		}
	}
	opts := store.Options{
		Federation: set.Federation, Office: set.Office, Guard: filepath.Join(cfg.Dir, keysFolder, guardFile), Now: cfg.Now, MinFree: cfg.MinFree, Free: cfg.free, Logger: cfg.Logger,
	}
	if set.Keeper && len(cfg.Peers) == 0 {
		opts.Essential = []ledger.LogID{n.ownLog()} // nobody is known without it
	}
	for {
		if n.store, err = store.Open(filepath.Join(cfg.Dir, dataFile), opts); err != nil {
			return nil, unmended(err)
		}
		err = n.ready()
		if err == nil {
			_ = os.Remove(filepath.Join(cfg.Dir, makingFolder)) // empty, of an Init that was cut off at its end
			n.tellMended()
			return n, nil
		}
		if found := n.store.Damage(); found != nil && opts.Damaged == nil { // of what is read before anybody asks
			opts.Damaged = found
			_ = n.store.Close()
			continue
		}
		return nil, errors.Join(err, n.store.Close())
	}
}

// ready makes what rests on the store: the register, the drafts a crash left, the
// exchange and the answers.
func (n *Node) ready() error {
	n.signer = newSigner(n)
	unfolded := n.refold()
	if n.cfg.Solo != "" && unfolded == nil {
		if err := n.signer.solo(n.cfg.Solo); err != nil {
			return err
		}
	}
	drafts := n.signer.signDrafts()
	for _, wait := range []error{store.ErrDiskFull, fault.ErrDiskFull, fault.ErrReadOnly, fault.ErrRecovering} {
		if errors.Is(drafts, wait) { // what cannot be signed now waits
			n.alarms.raise(&nodev1.Alarm{Code: nodev1.AlarmCode_ALARM_CODE_DRAFTS_WAIT, Words: fmt.Sprintf("drafts wait to be signed: %v", drafts)})
			drafts = nil
		}
	}
	if err := errors.Join(unfolded, drafts); err != nil {
		return err
	}
	n.replica = replica.New(replica.Config{
		Store: n.store, Key: publicKey(n.keys.Transport), Sign: func(message []byte) []byte { return ed25519.Sign(n.keys.Transport, message) }, Keeper: n.keeperLog(),
		Keys: n.headKeys, Logger: n.cfg.Logger, Now: n.cfg.Now, Doubtful: n.cfg.Solo != "",
		Alarm: func(a replica.Alarm) {
			alarm := &nodev1.Alarm{Code: a.Code, Words: a.Words, Office: a.Office}
			if a.Log != (ledger.LogID{}) {
				alarm.Log = a.Log.String()
			}
			n.alarms.raise(alarm)
			if err := n.signer.rule.Heed(a); err != nil {
				n.cfg.Logger.Error("the guard cannot be written", "error", err)
			}
		},
	})
	pageKey, err := hkdf.Key(sha256.New, n.keys.Transport.Seed(), nil, "lmcfed/page-tokens/1", sha256.Size)
	if err != nil {
		return fmt.Errorf("making the key of page tokens: %w", err)
	}
	n.answers = &answers.Answers{
		Store: n.store, Registers: registers{n}, LogKeys: n.logKeys, Now: n.cfg.Now, Started: n.started, AloneSince: n.replica.AloneSince, HasHeard: n.replica.HasHeard, TodayElsewhere: n.todayElsewhere,
		Told:       func(office string) bool { _, told := n.told.Load(office); return told },
		Federation: n.settings.Federation, Office: n.settings.Office, Keeper: n.keeperOffice(),
		Notice: n.settings.Notice, PageKey: pageKey,
	}
	n.search = search.New(filepath.Join(n.cfg.Dir, searchFolder), answers.Searched{Answers: n.answers}, n.cfg.Logger)
	n.answers.Index = n.search
	return nil
}

// loadKeys reads the keys of a node's folder.
func loadKeys(dir string) (*identity.Keys, error) {
	keys, err := identity.Load(filepath.Join(dir, keysFolder))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, durable.ErrNotAFile) {
		return nil, fault.New(fault.ErrNotFound, err.Error(), "put the "+keysFolder+" back from the copy that was kept when the node was made; without one, see docs/operating.md, \"The keys are lost\"")
	}
	return keys, err
}

// loadRoot is loadKeys for what only the root key signs, which may lie elsewhere otherwise.
func loadRoot(dir string) (*identity.Keys, error) {
	keys, err := loadKeys(dir)
	if err == nil && keys.Root == nil {
		return nil, fault.New(fault.ErrNotFound, fmt.Sprintf("%s is not there, and what the office says of itself is signed with it", filepath.Join(dir, keysFolder, identity.RootFile)), "put it there for this command, from where it is kept")
	}
	return keys, err
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

// HeldSize is how many entries of an office's log this node holds.
func (n *Node) HeldSize(office string) uint64 {
	log := n.ownLog()
	log.Office = office
	head, _ := n.store.Held(log)
	return head.Size
}

// Await returns when cond holds; it looks again whenever something arrives.
func (n *Node) Await(ctx context.Context, cond func() bool) error {
	for {
		changed := n.store.Changed()
		if cond() {
			return nil
		}
		if _, err := n.store.Feed(1, 1); err != nil {
			return err // closed: nothing arrives any more
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Hears reports whether the node of every other office that ever was heard is heard now.
func (n *Node) Hears(ctx context.Context) bool {
	c, err := n.answers.Completeness(ctx, answers.Public())
	return err == nil && len(c.Stale) == 0
}

// Address is where the register says this node can be dialled; empty: it only
// dials.
func (n *Node) Address() string {
	_, record, _ := n.reg().Node(publicKey(n.keys.Transport))
	return record.GetAddress()
}

// ViewDigest is the hash of all resolved positions on a matter as of a day, without
// what depends on the reader or the node: equal on every node that holds the same.
func (n *Node) ViewDigest(matter, day string) ([32]byte, error) {
	return n.answers.ViewDigest(context.Background(), matter, day)
}

// ownLog is the log this node's office writes.
func (n *Node) ownLog() ledger.LogID {
	return ledger.LogID{Federation: n.settings.Federation, Office: n.settings.Office}
}

func publicKey(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }
