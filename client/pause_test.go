package client

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPausesGrowToTheLongestAndStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempt := rapid.IntRange(1, 1<<30).Draw(t, "attempt")
		d := pauseBefore(attempt)
		if d > lastPause || d < firstPause*4/5 {
			t.Fatalf("attempt %d waits %v", attempt, d)
		}
		if attempt >= 10 && d < lastPause*4/5 {
			t.Fatalf("attempt %d waits only %v", attempt, d)
		}
	})
}

// WithPause sets how long Watch waits before it connects again for the n-th time in a
// row (n from 1).
func WithPause(pause func(attempt int) time.Duration) Option {
	return func(o *options) { o.pause = pause }
}
