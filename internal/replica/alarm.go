package replica

import "github.com/lmcfed/lmcfed/internal/ledger"

// Alarm is something an operator should do something about: an effect of the core, and
// what Config.Alarm is called with.
type Alarm struct {
	Code AlarmCode
	// Office is whose doing it is: the writer of the log, or the office whose node or
	// nodes misbehave; empty: this node's own trouble.
	Office string
	// Log is the log it is about; zero: it is not about one.
	Log ledger.LogID
	// Words say it for people, with the remedy.
	Words string
}

// AlarmCode says what an alarm is about.
type AlarmCode string

// The alarms.
const (
	// AlarmFork: two validly signed heads of a log contradict each other (protocol.md 6).
	AlarmFork AlarmCode = "FORK"
	// AlarmOwnHeadContradicted: what peers hold of this office's own log is not what this
	// node released.
	AlarmOwnHeadContradicted AlarmCode = "OWN_HEAD_CONTRADICTED"
	// AlarmDuplicateWriter: two nodes write for one office at once; this node refused the
	// second.
	AlarmDuplicateWriter AlarmCode = "DUPLICATE_WRITER"
	// AlarmOwnDuplicateRefused: a peer refused a second node that writes for this office;
	// this one stays.
	AlarmOwnDuplicateRefused AlarmCode = "OWN_DUPLICATE_REFUSED"
	// AlarmRefusedAsDuplicate: a peer refused this node, for another writes for its office.
	AlarmRefusedAsDuplicate AlarmCode = "REFUSED_AS_DUPLICATE"
	// AlarmQuarantined: what a peer sent did not verify, too often; it is not listened to.
	AlarmQuarantined AlarmCode = "QUARANTINED"
	// AlarmNotAnnouncing: the feed of the store cannot be read, so that peers are told of
	// nothing new.
	AlarmNotAnnouncing AlarmCode = "NOT_ANNOUNCING"
)
