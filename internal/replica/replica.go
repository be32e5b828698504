package replica

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Config says whose replica this is and what it works on.
type Config struct {
	// Store is where logs are held. Its federation and office are the node's.
	Store *store.Store
	// Key is the node's transport public key.
	Key ed25519.PublicKey
	// Sign signs with that key.
	Sign func(message []byte) []byte
	// Role is what the node does for its office; unspecified: it writes.
	Role ledgerv1.NodeRole
	// Keeper is the log of the register.
	Keeper ledger.LogID
	// Keys are those of the register held now, and of the own log this node's until that has one.
	// Heads of logs without keys are held
	// against it again every few seconds, and at once when RegisterGrew is called.
	Keys Keys
	// Readable says which bodies a peer may read; nil: PUBLIC ones.
	Readable func(Peer) func(guidancev1.Visibility) bool
	// Alarm is told what an operator should do something about; nil: it is logged.
	Alarm func(Alarm)
	// Logger; nil: slog.Default().
	Logger *slog.Logger
	// Now is the wall clock, for "since" in PeerStatus and for stamps alone; nil: time.Now.
	Now func() time.Time
	// Doubtful: whoever runs this node says that its data are all there, and nobody has confirmed it:
	// it tells peers that they may be an old copy.
	Doubtful bool
}

func isPublic(v guidancev1.Visibility) bool { return v == guidancev1.Visibility_VISIBILITY_PUBLIC }

// Replica runs the conversations of one node over real streams. It is safe for
// concurrent use.
type Replica struct {
	cfg      Config
	verifier HeadVerifier
	start    time.Time
	ctx      context.Context
	cancel   context.CancelFunc
	wg       sync.WaitGroup // every goroutine this package starts

	mu          sync.Mutex // the core is stepped by one at a time; never held across I/O
	core        *Core
	lastSession SessionID
	sessions    map[SessionID]*liveSession
	peers       map[NodeID]*peerRecord
	lastHeard   time.Time // when a session that was taken ended last; at first, the start
	serves      map[NodeID][]*reverseClient
	// serveChanged is closed and replaced when a Serve stream comes.
	serveChanged chan struct{}
	answering    map[NodeID]int
	alarmed      map[string]bool
	deferred     []func()
	hasDeferred  chan struct{}
}

// New makes a replica over an open store. Close ends it.
func New(cfg Config) *Replica {
	if cfg.Role == ledgerv1.NodeRole_NODE_ROLE_UNSPECIFIED {
		cfg.Role = ledgerv1.NodeRole_NODE_ROLE_WRITER
	}
	if cfg.Readable == nil {
		cfg.Readable = func(Peer) func(guidancev1.Visibility) bool { return isPublic }
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.Alarm == nil {
		cfg.Alarm = func(a Alarm) { cfg.Logger.Error("alarm", "text", a.Words) }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &Replica{
		cfg: cfg, start: time.Now(), ctx: ctx, cancel: cancel,
		sessions: map[SessionID]*liveSession{}, peers: map[NodeID]*peerRecord{},
		serves: map[NodeID][]*reverseClient{}, alarmed: map[string]bool{}, answering: map[NodeID]int{},
		hasDeferred: make(chan struct{}, 1), serveChanged: make(chan struct{}),
	}
	r.lastHeard = cfg.Now()
	feed, _ := cfg.Store.FeedEnd() // before Heads: what comes between is told twice
	core := CoreConfig{
		Federation: cfg.Store.Federation(), Office: cfg.Store.Office(), Key: cfg.Key, Sign: cfg.Sign,
		Nonce: func() []byte {
			nonce := make([]byte, 32)
			rand.Read(nonce)
			return nonce
		},
		Role: cfg.Role, Keeper: cfg.Keeper, Heads: cfg.Store.Heads(), Stamps: cfg.Store.Stamps(),
	}
	rand.Read(core.Instance[:])
	r.core = NewCore(core)
	r.verifier = HeadVerifier{Federation: core.Federation, Keys: cfg.Keys, Opened: &ledger.Verifier{}, Holds: func(h ledger.Checkpoint) bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.core.Holds(h)
	}, Now: cfg.Now, Wants: func(st ledger.Stamp, now time.Time) bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.core.Wants(st, now)
	}}
	for _, other := range cfg.Store.Forks() { // and once more whatever follows from it
		held, _ := cfg.Store.Held(other.Log)
		r.post(Forked{held, other})
	}
	r.wg.Go(r.tickLoop)
	r.wg.Go(func() { r.followStore(feed) })
	return r
}

// Close ends all sessions and returns when every goroutine has ended. The streams
// behind the sessions must be ended too: a handler that has returned does that.
func (r *Replica) Close() {
	r.mu.Lock() // whoever starts a goroutine looks at ctx under it
	r.cancel()
	r.mu.Unlock()
	r.wg.Wait()
}

// spawn starts a goroutine that Close waits for, unless it is too late for that.
func (r *Replica) spawn(f func()) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil {
		return false
	}
	r.wg.Go(f)
	return true
}

// tickLoop tells the core the time, and does what takes too long to be done under
// r.mu.
func (r *Replica) tickLoop() {
	ticker := time.NewTicker(TickEvery)
	defer ticker.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-ticker.C:
			r.post(Tick{time.Since(r.start), r.inDoubt()})
		case <-r.hasDeferred:
			r.mu.Lock()
			deferred := r.deferred
			r.deferred = nil
			r.mu.Unlock()
			for _, do := range deferred {
				do()
			}
		}
	}
}

// followStore tells the core what the store has committed, own entries and others'.
func (r *Replica) followStore(feed uint64) {
	for {
		if err := r.cfg.Store.Wait(r.ctx, feed); err != nil {
			return // closed, or we are: nothing more will be committed
		}
		var heads []ledger.Checkpoint
		heads, feed = r.cfg.Store.HeadsSince(feed)
		if len(heads) > 0 {
			r.post(Committed{heads})
		}
	}
}

// post steps the core and does what it says, but for the frames to send, which are
// the caller's. Nothing done here waits for anything: effects of two events cannot
// overtake each other.
func (r *Replica) post(ev Event) (frames []Send) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.core.Step(ev) {
		if send, ok := e.(Send); ok {
			frames = append(frames, send)
		} else {
			r.do(e)
		}
	}
	return frames
}

// do does one effect. Those of sessions that have ended are late, not wrong. r.mu is
// held: what takes long is deferred.
func (r *Replica) do(e Effect) {
	switch e := e.(type) {
	case Wake:
		if s := r.sessions[e.Session]; s != nil {
			signal(s.wake)
		}
	case End:
		switch s := r.sessions[e.Session]; {
		case s == nil:
		case e.Refused.ByPeer:
			s.finish(e.Refused)
		default: // ours goes out first, unless the stream takes nothing any more
			s.refused = e.Refused
			time.AfterFunc(FarewellWithin, func() { s.finish(e.Refused) })
		}
	case Fetch:
		if s := r.sessions[e.Session]; s != nil {
			r.startFetch(s, e)
		}
	case Cancel:
		if s := r.sessions[e.Session]; s != nil && s.cancels[e.Fetch] != nil {
			s.cancels[e.Fetch]()
		}
	case Recheck:
		r.later(func() {
			heads, err := r.verifier.Heads(e.Heads)
			if err != nil {
				r.cfg.Logger.Error("checking heads again", "error", err)
				return
			}
			stamps, now, err := r.verifier.Stamps(e.Stamps)
			if err != nil {
				r.cfg.Logger.Error("checking stamps again", "error", err)
				return
			}
			r.post(Rechecked{e.Session, heads, stamps, now})
		})
	case RecordSeen:
		r.later(func() { r.recordSeen(e.Head) })
	case RecordStamp:
		r.later(func() { r.cfg.Store.Stamp(e.Stamp) })
	case RecordFork:
		r.later(func() {
			if err := r.cfg.Store.NoteFork(e.Other); err != nil {
				r.cfg.Logger.Warn("noting a log with two histories", "log", e.Other.Log, "error", err)
			}
		})
	case Alarm:
		r.later(func() { r.cfg.Alarm(e) })
	}
}

// later has something done by tickLoop. r.mu is held.
func (r *Replica) later(do func()) {
	r.deferred = append(r.deferred, do)
	signal(r.hasDeferred)
}

// signal does not wait: a signal that is already there is enough.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// recordSeen tells the store that a head exists. Entries that came from elsewhere may
// reach just its size: then it is held.
func (r *Replica) recordSeen(head ledger.Checkpoint) {
	err := r.cfg.Store.See(head)
	if h, ok := r.cfg.Store.Held(head.Log); ok {
		r.post(Committed{[]ledger.Checkpoint{h}})
	}
	var fork *store.ForkError
	switch {
	case errors.As(err, &fork):
		r.post(Forked{fork.Held, fork.Other})
	case errors.Is(err, store.ErrForked):
		r.alarmOwnContradicted(head.Log, err)
	case err != nil:
		r.cfg.Logger.Warn("noting a head", "log", head.Log, "size", head.Size, "error", err)
	}
}

// alarmOwnContradicted raises an alarm about the own log, unless the same was raised
// since the start: each peer that has the other history shows it again and again.
func (r *Replica) alarmOwnContradicted(log ledger.LogID, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.alarmed[err.Error()] || len(r.alarmed) >= LogsLimit {
		return
	}
	r.alarmed[err.Error()] = true
	r.later(func() {
		r.cfg.Alarm(Alarm{Code: AlarmOwnHeadContradicted, Office: log.Office, Log: log, Words: err.Error()})
	})
}

// Stamp passes on that the own head is still the newest, as this node has signed it.
func (r *Replica) Stamp(st ledger.Stamp) { r.post(Stamped{st}) }

// RegisterGrew says that Keys may know more than before.
func (r *Replica) RegisterGrew() { r.post(RegisterGrew{}) }

// Confirmed reports whether the peers now connected confirm that the own log is all here.
func (r *Replica) Confirmed(own ledger.LogID, registered []string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.core.Confirmed(own, registered)
}

// ClockAhead is by how much the clocks of so many other offices' nodes, now connected, are ahead
// of this one's.
func (r *Replica) ClockAhead() (ahead time.Duration, offices int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.core.ClockAhead(r.cfg.Now())
}

// HeldBy counts the peers, now connected, known to hold a log up to size.
func (r *Replica) HeldBy(log ledger.LogID, size uint64) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.core.HeldBy(log, size)
}
