package replica

import (
	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Alarm is something an operator should do something about: an effect of the core, and
// what Config.Alarm is called with.
type Alarm struct {
	Code nodev1.AlarmCode
	// Office is whose doing it is: the writer of the log, or the office whose node or
	// nodes misbehave; empty: this node's own trouble.
	Office string
	// Log is the log it is about; zero: it is not about one.
	Log ledger.LogID
	// Words say it for people, with the remedy.
	Words string
}

// The alarms of the exchange, by short names.
const (
	AlarmFork                = nodev1.AlarmCode_ALARM_CODE_FORK
	AlarmOwnHeadContradicted = nodev1.AlarmCode_ALARM_CODE_OWN_HEAD_CONTRADICTED
	AlarmDuplicateWriter     = nodev1.AlarmCode_ALARM_CODE_DUPLICATE_WRITER
	AlarmOwnDuplicateRefused = nodev1.AlarmCode_ALARM_CODE_OWN_DUPLICATE_REFUSED
	AlarmRefusedAsDuplicate  = nodev1.AlarmCode_ALARM_CODE_REFUSED_AS_DUPLICATE
	AlarmQuarantined         = nodev1.AlarmCode_ALARM_CODE_QUARANTINED
)
