package signing

import (
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/replica"
)

func TestStampsAreMadeAtTheStartAndAtFullHours(t *testing.T) {
	at := func(clock string) time.Time {
		day, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		return day.AddDate(2021, 0, 0)
	}
	for _, tt := range []struct {
		last, now string
		stamped   bool
		want      time.Duration
	}{
		{"12:10", "12:50", false, 0},
		{"12:10", "12:40", false, 0},
		{"12:10", "12:39", false, time.Minute},
		{"12:10", "12:50", true, 10 * time.Minute},
		{"12:10", "13:00", true, 0},
		{"12:45", "13:00", true, 15 * time.Minute},
		{"12:00", "12:01", true, 59 * time.Minute},
		{"12:00", "11:55", true, 65 * time.Minute},
		{"12:00", "11:54", true, 0}, // made by a clock that was wrong
	} {
		if got := stampIn(at(tt.last), at(tt.now), tt.stamped); max(0, got) != tt.want {
			t.Errorf("last at %s, now %s, stamped since the start %t: in %s, want %s", tt.last, tt.now, tt.stamped, got, tt.want)
		}
	}
	if stampIn(time.Time{}, at("12:00"), false) > 0 || replica.StampPause <= replica.StampLeast {
		t.Error("the first of all waits, or is sooner than others take it")
	}
}
