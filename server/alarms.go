package server

import (
	"slices"
	"sync"
	"time"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// alarms are what an operator should do something about, newest last, each once.
type alarms struct {
	mu   sync.Mutex // guards both
	list []*nodev1.Alarm
	last map[*nodev1.Alarm]time.Time // when each of a second writer was raised last
}

const (
	maxAlarms = 32
	// duplicateGone is how long after a second writer was last refused it is taken to be gone: it dials
	// again every minute (protocol.md 3).
	duplicateGone = 10 * redialMax
)

// raise adds an alarm, once, and says whether it is new; the oldest of the kind that has most makes
// room for it.
func (a *alarms) raise(alarm *nodev1.Alarm) (isNew bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.dropGone()
	i := slices.IndexFunc(a.list, func(have *nodev1.Alarm) bool { return have.Words == alarm.Words })
	if i >= 0 {
		alarm = a.list[i]
	}
	switch alarm.Code {
	case nodev1.AlarmCode_ALARM_CODE_DUPLICATE_WRITER, nodev1.AlarmCode_ALARM_CODE_OWN_DUPLICATE_REFUSED:
		if a.last == nil {
			a.last = map[*nodev1.Alarm]time.Time{}
		}
		a.last[alarm] = time.Now()
	}
	if i >= 0 {
		return false
	}
	a.list = append(a.list, alarm)
	if len(a.list) > maxAlarms {
		of, most := map[nodev1.AlarmCode]int{}, alarm.Code
		for _, have := range a.list {
			if of[have.Code]++; of[have.Code] > of[most] {
				most = have.Code
			}
		}
		oldest := slices.IndexFunc(a.list, func(have *nodev1.Alarm) bool { return have.Code == most })
		delete(a.last, a.list[oldest])
		a.list = slices.Delete(a.list, oldest, oldest+1)
	}
	return true
}

// dropGone takes back what is said of second writers that are gone. a.mu is held.
func (a *alarms) dropGone() {
	a.list = slices.DeleteFunc(a.list, func(have *nodev1.Alarm) bool {
		raised, passes := a.last[have]
		gone := passes && time.Since(raised) >= duplicateGone
		if gone {
			delete(a.last, have)
		}
		return gone
	})
}

func (a *alarms) all() []*nodev1.Alarm {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.dropGone()
	return slices.Clone(a.list)
}
