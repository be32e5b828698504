package replica

import (
	"errors"
	"strings"
	"testing"
	"time"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// A Hello that does not fit ends the session, and says what does not fit.
func TestHelloIsHeldAgainstTheRegister(t *testing.T) {
	node := NodeOf(transportKey("kent"))
	tests := []struct {
		name   string
		change func(*nodev1.Hello)
		want   string
	}{
		{"a newer protocol alone", func(h *nodev1.Hello) { h.ProtocolMin, h.ProtocolMax = 2, 3 }, "you speak versions 2 to 3, this node 1 to 1"},
		{"no protocol", func(h *nodev1.Hello) { h.ProtocolMin, h.ProtocolMax = 0, 0 }, "you speak versions 0 to 0"},
		{"another federation", func(h *nodev1.Hello) { h.Federation = "other" }, `your federation is "other"`},
		{"another node", func(h *nodev1.Hello) { h.Node = make([]byte, 32) }, "not the one whose key was shown"},
		{"another office", func(h *nodev1.Hello) { h.Office = "essex" }, `the register gives your key to "kent"`},
		{"a protocol range that fits", func(h *nodev1.Hello) { h.ProtocolMin, h.ProtocolMax = 0, 9 }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := coreWith("surrey", 1, 9)
			c.Step(Opened{1, Peer{Office: "kent", Key: transportKey("kent")}})
			f := helloFrame(func(h *nodev1.Hello) {
				h.Office, h.Node = "kent", node[:]
				tt.change(h)
			})
			refused := refusal(c.Step(Received{Session: 1, Frame: f}))
			if tt.want == "" {
				if refused != nil {
					t.Errorf("refused: %v", refused)
				}
				return
			}
			if !errors.Is(refused, ErrProtocol) || !strings.Contains(refused.Detail, tt.want) {
				t.Errorf("%v, want ErrProtocol with %q", refused, tt.want)
			}
		})
	}
}

func refusal(effects []Effect) *Refused {
	for _, e := range effects {
		if end, ok := e.(End); ok {
			return end.Refused
		}
	}
	return nil
}

// What comes out of turn ends the session.
func TestFramesOutOfTurnAreRefused(t *testing.T) {
	node := NodeOf(transportKey("kent"))
	hello := helloFrame(func(h *nodev1.Hello) { h.Office, h.Node = "kent", node[:] })
	for name, frames := range map[string][]*nodev1.Frame{
		"heads before Hello": {headsFrame()},
		"a second Hello":     {hello, hello},
		"an empty frame":     {hello, {}},
	} {
		c := coreWith("surrey", 1, 9)
		c.Step(Opened{1, Peer{Office: "kent", Key: transportKey("kent")}})
		var refused *Refused
		for _, f := range frames {
			refused = refusal(c.Step(Received{Session: 1, Frame: f}))
		}
		if !errors.Is(refused, ErrProtocol) {
			t.Errorf("%s: %v, want ErrProtocol", name, refused)
		}
	}
}

func TestRetryAfterSaysWhenToComeBack(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want time.Duration
	}{
		{errors.New("connection reset"), 0},
		{&Refused{Reason: reasonBusy, RetryAfter: 3 * time.Second}, 3 * time.Second},
		{&Refused{Reason: reasonQuarantined}, QuarantineFor},
		{&Refused{Reason: reasonDuplicate}, time.Minute},
		{&Refused{Reason: reasonRedundant}, time.Minute},
		{&Refused{Reason: reasonProtocol}, 0},
	} {
		if got := RetryAfter(tt.err); got != tt.want {
			t.Errorf("after %v: %s, want %s", tt.err, got, tt.want)
		}
	}
}
