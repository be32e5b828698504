package server

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

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

// A second node of an office was stopped and deleted, and every node said until it was started again that
// there were two.
func TestAnAlarmOfTwoWritersIsTakenBackWhenTheSecondComesNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a alarms
		two := &nodev1.Alarm{Code: nodev1.AlarmCode_ALARM_CODE_DUPLICATE_WRITER, Words: "two nodes write"}
		own := &nodev1.Alarm{Code: nodev1.AlarmCode_ALARM_CODE_OWN_DUPLICATE_REFUSED, Words: "another node has the keys"}
		damaged := &nodev1.Alarm{Code: nodev1.AlarmCode_ALARM_CODE_DAMAGED, Words: "damaged"}
		a.raise(damaged)
		for range 10 { // it dials again every minute
			a.raise(two)
			a.raise(own)
			time.Sleep(redialMax)
			if all := a.all(); len(all) != 3 {
				t.Fatalf("while the second dials again: %v", all)
			}
		}
		time.Sleep(duplicateGone)
		if all := a.all(); len(all) != 1 || all[0] != damaged {
			t.Errorf("after it has gone: %v", all)
		}
		if !a.raise(two) {
			t.Error("it came again, and that is not new")
		}
	})
}
