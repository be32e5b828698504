package replica

import (
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

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

// Clocks of other offices' nodes tell whose is wrong: no one of them does alone where there are more.
func TestWhoseClockIsWrongIsWhatMostOfficesSay(t *testing.T) {
	const hour = time.Hour
	now := stageStart
	for name, tt := range map[string]struct {
		say     map[string]time.Duration // by how much each is ahead
		want    time.Duration
		offices int
	}{
		"nobody is connected":            {nil, 0, 0},
		"one other":                      {map[string]time.Duration{"kent": -hour}, -hour, 1},
		"two agree":                      {map[string]time.Duration{"kent": hour, "essex": hour + time.Minute}, hour, 2},
		"one of two is wrong":            {map[string]time.Duration{"kent": 9 * hour, "essex": 0}, 0, 2},
		"two that disagree":              {map[string]time.Duration{"kent": 9 * hour, "essex": -hour}, 0, 2},
		"one of three is wrong":          {map[string]time.Duration{"kent": -9 * hour, "essex": 0, "devon": time.Second}, 0, 3},
		"one that says no time is none":  {map[string]time.Duration{"kent": hour, "mute": 0}, hour, 1},
		"another node of our own office": {map[string]time.Duration{"surrey": hour}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := coreWith("surrey", 1, 9)
			id := SessionID(0)
			for office, ahead := range tt.say {
				id++
				key := transportKey(office)
				if office == "surrey" {
					key = transportKey("surrey's second")
				}
				node := NodeOf(key)
				c.Step(Opened{id, Peer{Office: office, Key: key}})
				c.Step(Received{Session: id, Now: now, Frame: helloFrame(func(h *nodev1.Hello) {
					h.Office, h.Node, h.Instance = office, node[:], []byte("instance")
					if office != "mute" {
						h.ClockTime = timestamppb.New(now.Add(ahead))
					}
				})})
			}
			if got, offices := c.ClockAhead(now); got != tt.want || offices != tt.offices {
				t.Errorf("ahead by %s, say %d; want %s, %d", got, offices, tt.want, tt.offices)
			}
			c.Step(Tick{Now: 2 * time.Minute})
			if got, _ := c.ClockAhead(now.Add(2 * time.Minute)); got != tt.want {
				t.Errorf("two minutes later ahead by %s, want %s", got, tt.want)
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
