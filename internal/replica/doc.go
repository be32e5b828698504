// Package replica is the exchange between nodes: what two nodes say to each other
// until both hold the same logs (protocol.md 3).
//
// It knows the conversation, who is asked for which log, what a refusal means, and
// how chunks are packed, checked and handed to the store. It does not know TLS,
// addresses, when to dial, what an advisory is, or how data lies on disk.
//
// # The core
//
// [Core] is the conversation as a state machine: [Core.Step] takes an event and
// returns effects. It has no goroutine, clock, channel or randomness, and its
// effects do not depend on map order; time arrives as [Tick]. The network is the
// caller's: [Replica] drives it over real streams, internal/sim drives many of
// them in one thread under faults.
//
//	essex > surrey: Hello root=3fa2 heads=6      both sides say Hello at once
//	surrey > essex: Hello root=3fa2 heads=6      equal roots: nothing else to do
//	surrey > essex: InSync root=3fa2
//
// When roots differ both sides list their heads, each fetches what it lacks, and
// says InSync when its root has become the other's. From then on heads are
// announced as they are committed: a map from log to newest head per peer, drained
// when the stream takes it, so a slow peer costs memory by the number of logs and
// never by the backlog (protocol.md 5, invariant 9).
//
// # Where to look
//
//	core.go          events in, effects out: the frontier, the score of each peer
//	session.go       one conversation: Hello, heads, refusals
//	duplicates.go    two sessions of one node, two writers of one office
//	progress.go      a log that is behind: who is asked, and who next
//	outbox.go        what is said next, and why in that order
//	headverifier.go  frames and signatures, before the core sees them
//	intake.go        the way of a segment: verify, prove, store, announce
//	latebodies.go    bodies that come after their headers
//	forkcheck.go     has the office signed two histories, or is the proof spoilt
//	answer.go        the serving end of a fetch
//	chunk.go         a chunk on the wire
//	replica.go       the goroutines around the core
//	livesession.go   a session over a stream: one reader, one writer
//	fetch.go         the workers of fetches
//	grpcconn.go      the streams of grpc
//	reversefetch.go  fetching from a node that cannot be dialled
//
// # How a server uses it
//
// One [Replica] per node. The server finds out who is at the other end of a TLS
// connection, and decides whom to dial and when:
//
//	r := replica.New(replica.Config{Store: st, Key: transport, Keeper: log, Keys: keys, …})
//	defer r.Close() // after the streams have ended, before the store is closed
//
//	// The dialling side, in a loop of its own with back-off. It opens Gossip, opens
//	// Serve beside it, fetches by Fetch, and returns when the session has ended.
//	err := r.DialSession(ctx, conn, replica.Peer{Office: "surrey-sussex", Key: key, Address: addr})
//	if errors.Is(err, replica.ErrRedundant) { … wait while r.Connected(key) … }
//
//	// The handlers of FederationService are one line each; ctx is the stream's, and
//	// done when the server drains. A peer whose key the register does not have may be
//	// passed with an empty Office: it is refused in words.
//	func (s *federation) Gossip(stream …) error     { return s.replica.AcceptGossip(ctx, peer, stream) }
//	func (s *federation) Serve(stream …) error      { return s.replica.AcceptServe(ctx, peer, stream) }
//	func (s *federation) Fetch(req, stream …) error { return s.replica.AnswerFetch(ctx, peer, req, stream) }
//
//	// When the register has grown, heads of logs it did not know are checked anew.
//	r.RegisterGrew()
//
// A refusal comes back as [*Refused] and answers errors.Is for ErrProtocol (no common
// version also for ErrVersion), ErrNotInRegister, ErrDuplicateInstance, ErrQuarantined,
// ErrBusy and ErrRedundant. The handlers return it as it is: the server's error table
// gives it a status, ResourceExhausted for ErrBusy. To drain, cancel the contexts of the
// streams: the handlers return at once, even while a peer takes nothing. What grpc
// still holds of such a stream only Stop frees, so GracefulStop needs a timer.
package replica
