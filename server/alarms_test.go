package server

import (
	"fmt"
	"testing"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Whoever makes alarms of one kind without end hides those of no other.
func TestManyAlarmsOfOneKindHideNoOther(t *testing.T) {
	var a alarms
	a.raise(&nodev1.Alarm{Code: nodev1.AlarmCode_ALARM_CODE_DAMAGED, Words: "damaged"})
	for i := range 2 * maxAlarms {
		a.raise(&nodev1.Alarm{Code: nodev1.AlarmCode_ALARM_CODE_FORK, Words: fmt.Sprint("fork ", i)})
	}
	all := a.all()
	if len(all) != maxAlarms || all[0].Words != "damaged" || all[maxAlarms-1].Words != fmt.Sprint("fork ", 2*maxAlarms-1) {
		t.Errorf("%d alarms, from %q to %q", len(all), all[0].Words, all[len(all)-1].Words)
	}
}
