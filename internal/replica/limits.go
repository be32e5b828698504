package replica

import (
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
)

// What is spoken, and how much of anything is taken from a peer (protocol.md 3).
const (
	// ProtocolMin and ProtocolMax are the versions spoken.
	ProtocolMin = 1
	ProtocolMax = 1

	// FrameLimit is the largest Frame, marshalled, in bytes.
	FrameLimit = 64 << 10
	// HeadsLimit is the most heads in one frame; 64 KiB is usually reached first.
	HeadsLimit = 1000
	// NoteLimit is the largest checkpoint in a frame or chunk, in bytes.
	NoteLimit = ledger.NoteLimit
	// DetailLimit is the longest detail of a refusal that is kept, in bytes.
	DetailLimit = 512
	// NameLimit is the longest federation, office or log name, in bytes.
	NameLimit = 256
	// LogsLimit is the most logs of a federation that are followed.
	LogsLimit = 10_000
	// RangesLimit is the most ranges of logs in one FetchRequest.
	RangesLimit = 1000
	// BodiesLimit is the most late bodies in one FetchRequest.
	BodiesLimit = 1000
	// SegmentsLimit is the most segments in one chunk.
	SegmentsLimit = 4096
	// ElementsLimit is the most headers and bodies in the tails of one chunk: as many of
	// the smallest headers as the raw limit holds.
	ElementsLimit = ledger.RawLimit / 40
	// UselessLimit is the most chunks of one fetch that may bring nothing new.
	UselessLimit = 16
	// FetchesLimit is the most fetches in flight to one peer, and from one peer.
	FetchesLimit = 4
	// SessionsLimit is the most sessions at once.
	SessionsLimit = 256
	// NodeSessionsLimit is the most sessions at once with one node: each side may have
	// dialled, and what is left of the time before a restart is not noticed at once.
	NodeSessionsLimit = 4
	// ChunkLimit is the largest Chunk, marshalled, in bytes.
	ChunkLimit = ledger.ChunkLimit
	// GroupAim is how many raw bytes of a fetch go into one transaction.
	GroupAim = 4 << 20
	// BadLimit is how often a peer may send what does not verify.
	BadLimit = 3
	// StampsOld is how many stamps of one log that were old when they came are taken in an hour.
	StampsOld = 8
)

// How long things may take. All of it is elapsed time: no wall clock decides
// anything here (protocol.md 5, invariant 11).
const (
	// HelloWithin is how long a peer may take to say Hello.
	HelloWithin = 10 * time.Second
	// StallAfter is how long a source may make no progress before the next is asked.
	StallAfter = 3 * time.Second
	// SeenAfter is how long a log may be behind before that is passed on.
	SeenAfter = 3 * time.Second
	// ProofWithin is how long after a challenge its proof counts.
	ProofWithin = 10 * time.Second
	// ProbesKept is how many answered challenges are remembered, so that none is answered twice.
	ProbesKept = 1024
	// ProbeFor is how long an older writer of an office may take to show that it is
	// still there.
	ProbeFor = 5 * time.Second
	// ReceiveWithin is how long the next chunk of a fetch may take.
	ReceiveWithin = 30 * time.Second
	// QuarantineFor is how long a peer that sent what does not verify is refused.
	QuarantineFor = 10 * time.Minute
	// BusyFor is when a peer refused as BUSY is told to come back.
	BusyFor = 10 * time.Second
	// confirmedRetry is when one is that was heard in doubt, and is to hear that there is none any more.
	confirmedRetry = 500 * time.Millisecond
	// RetryFirst and RetryMost bound the pause before a source is asked again for a
	// log it did not bring forward.
	RetryFirst = 3 * time.Second
	RetryMost  = time.Minute
	// LocalPause is how long nothing is asked for after this node could not take what
	// came, for want of room.
	LocalPause = 10 * time.Second
	// BodiesEvery is how often a peer is asked again for the bodies that are missing here: it may have got
	// them since it was asked last.
	BodiesEvery = time.Minute
	// RecheckEvery is how often heads of unknown logs are held against the register.
	RecheckEvery = 3 * time.Second
	// ListFirst and ListMost bound the pause before heads are listed again to a peer
	// whose root still differs although nothing is left to do.
	ListFirst = 30 * time.Second
	ListMost  = 10 * time.Minute
	// TickEvery is how often Replica tells the core the time.
	TickEvery = 500 * time.Millisecond
	// StampEvery is how often a node that may sign says that its office's head is still the
	// newest; StampPause is how long it waits at the least, even where it was started between.
	StampEvery = time.Hour
	StampPause = 30 * time.Minute
	// StampLeast is how much later than the one here a stamp must be. A clock may have been put
	// back a little between the two: hence less than StampPause.
	StampLeast = 20 * time.Minute
	// StampOldAfter is the age from which a stamp counts as old, and its office was not heard:
	// twice StampEvery, so that one may be missed.
	StampOldAfter = store.StampOldAfter
	// StampAhead is how far a stamp may be ahead of this node's wall clock. Beyond, one of the
	// two clocks is wrong, and the stamp tells nothing. No other wall clock is asked here, and
	// only what is shown depends on it.
	StampAhead = store.StampAhead
	// StampsWait is how long stamps wait for others to share their frame.
	StampsWait = 10 * time.Second
	// FarewellWithin is how long the last frame of a session may take.
	FarewellWithin = 2 * time.Second
)
