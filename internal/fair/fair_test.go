package fair

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestAddressesCountAsOneWhereOneCustomerHasThem(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.7:443":                "192.0.2.7",
		"[::ffff:192.0.2.7]:443":       "192.0.2.7",
		"[2001:db8:1:2::1]:443":        "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff::9]:443":   "2001:db8:1:2::/64",
		"[2001:db8:1:3::1]:443":        "2001:db8:1:3::/64",
		"[fe80::1%eth0]:443":           "fe80::/64",
		"pipe":                         "",
		"not an address at all:443":    "",
		"[::1]:443":                    "::/64",
		"[2001:db8:ffff:ffff::1]:7443": "2001:db8:ffff:ffff::/64",
	} {
		if got := AddressOf(in); got != want {
			t.Errorf("%s counts as %q, want %q", in, got, want)
		}
	}
}

// waits has parties wait in a queue whose one turn is taken, in this order, and returns in
// which order they have theirs.
func waits(t *testing.T, parties ...Party) (order []Party) {
	q := NewQueue(1)
	leave, _ := q.Enter(t.Context(), Party{Address: "before"})
	for _, p := range parties {
		go func() {
			leave, err := q.Enter(t.Context(), p)
			if err != nil {
				t.Error(err)
			}
			order = append(order, p)
			leave()
		}()
		synctest.Wait()
	}
	leave()
	synctest.Wait()
	return order
}

func TestTurnsAreTakenByAddressAndThenByConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a1, a2, b1 := Party{"a", 1}, Party{"a", 2}, Party{"b", 3}
		got := waits(t, a1, a1, a1, a2, b1, b1)
		if want := []Party{a1, b1, a2, b1, a1, a1}; !slices.Equal(got, want) {
			t.Errorf("the turns came as %v, want %v", got, want)
		}
	})
}

func TestWhoeverComesFirstIsNextHoweverLongTheFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1)
		served := 0
		flood := func() {
			leave, err := q.Enter(t.Context(), Party{"flood", 1})
			if err == nil {
				time.Sleep(time.Second) // virtual
				served++
				leave()
			}
		}
		for range 100 {
			go flood()
		}
		time.Sleep(2500 * time.Millisecond)
		began := time.Now()
		leave, err := q.Enter(t.Context(), Party{"honest", 2})
		if err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited > time.Second {
			t.Errorf("the honest caller waited %v, more than for the one turn under way", waited)
		}
		leave()
		time.Sleep(200 * time.Second)
		synctest.Wait()
		if served != 100 {
			t.Errorf("%d turns of the flood were served, want all 100", served)
		}
	})
}

// Fresh addresses are cheap: they must not hold up one that was served before.
func TestManyNewAddressesHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1)
		leave, _ := q.Enter(t.Context(), Party{"honest", 1})
		leave()
		for i := range 1000 {
			go func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				if leave, err := q.Enter(t.Context(), Party{string(rune('A' + i)), 1}); err == nil {
					time.Sleep(10 * time.Millisecond)
					leave()
				}
			}()
		}
		time.Sleep(500 * time.Millisecond)
		began := time.Now()
		if leave, err := q.Enter(t.Context(), Party{"honest", 1}); err == nil {
			leave()
		}
		if waited := time.Since(began); waited > 6*time.Second {
			t.Errorf("waited %v", waited)
		}
		time.Sleep(time.Minute)
	})
}

func TestAtMostSoManyTurnsAtOnceAndNoneIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(2)
		var leaves []func()
		for range 2 {
			leave, err := q.Enter(t.Context(), Party{})
			if err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, leave)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := q.Enter(short, Party{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("one past the limit: %v, want that it waits in vain", err)
		}
		leaves[0]()
		leaves[0]() // once is enough
		leave, err := q.Enter(t.Context(), Party{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.Enter(short, Party{}); err == nil {
			t.Error("a turn left twice was given twice")
		}
		leave()
		leaves[1]()
		if q.free != 2 || len(q.addresses.wait) != 0 {
			t.Errorf("%d turns are free and %d addresses wait, want 2 and none", q.free, len(q.addresses.wait))
		}
	})
}

func TestAQueueForgetsWhoIsServed(t *testing.T) {
	q := NewQueue(1)
	for i := range uint64(10_000) {
		leave, err := q.Enter(t.Context(), Party{string(rune(0x4e00 + i)), i})
		if err != nil {
			t.Fatal(err)
		}
		leave()
	}
	if n := len(q.addresses.done); n > 32 {
		t.Errorf("%d addresses are remembered that nobody waits from", n)
	}
}

// takes takes a place and says through left when it has to be given up.
func takes(s *Shares, p Party, places int, name string, left *[]string) *Share {
	return s.Take(p, places, func() { *left = append(*left, name) })
}

func TestWhoeverHoldsMostMakesRoom(t *testing.T) {
	s := NewShares(4)
	var left []string
	takes(s, Party{"county", 1}, 1, "practice", &left)
	takes(s, Party{"county", 2}, 1, "flood 1", &left)
	takes(s, Party{"county", 2}, 1, "flood 2", &left)
	takes(s, Party{"other", 3}, 1, "other", &left)
	if len(left) > 0 {
		t.Fatalf("with room for all, %v gave way", left)
	}
	takes(s, Party{"third", 4}, 1, "newcomer", &left)
	if want := []string{"flood 1"}; !slices.Equal(left, want) {
		t.Errorf("%v gave way, want %v", left, want)
	}
	if all, there := s.Taken("county"); all != 4 || there != 2 {
		t.Errorf("%d places are taken, %d of them by the county; want 4 and 2", all, there)
	}
}

// Each of a site's 65,536 addresses counted as one customer: a thousand of them, with one connection
// each, took all the connections of a county but one.
func TestASiteWithVeryManyAddressesTakesNoCountysPlaces(t *testing.T) {
	const limit, county = 1000, 300
	s := NewShares(limit)
	var left []string
	for i := range uint64(county) {
		takes(s, Party{"192.0.2.7", i}, 1, "county", &left)
	}
	for i := range uint64(2 * limit) {
		takes(s, Party{AddressOf(fmt.Sprintf("[2001:db8:1:%x::1]:443", i)), county + i}, 1, "site", &left)
	}
	if _, there := s.Taken("192.0.2.7"); there != county || slices.Contains(left, "county") {
		t.Errorf("the county has %d of its %d places", there, county)
	}
	takes(s, Party{"192.0.2.7", county + 2*limit}, 1, "county", &left)
	if _, there := s.Taken("192.0.2.7"); there != county+1 {
		t.Errorf("a newcomer of the county makes %d, want one more", there)
	}
}

func TestOfOneConnectionTheOneUsedLongestAgoMakesRoom(t *testing.T) {
	s := NewShares(2)
	var left []string
	first := takes(s, Party{"a", 1}, 1, "first", &left)
	takes(s, Party{"a", 1}, 1, "second", &left)
	first.Used()
	takes(s, Party{"a", 1}, 1, "third", &left)
	if want := []string{"second"}; !slices.Equal(left, want) {
		t.Errorf("%v gave way, want %v", left, want)
	}
}

func TestManyPlacesAtOnceAndAConnectionThatLeaves(t *testing.T) {
	s := NewShares(100)
	var left []string
	small := takes(s, Party{"a", 1}, 10, "small", &left)
	takes(s, Party{"b", 2}, 60, "large", &left)
	takes(s, Party{"b", 2}, 20, "more", &left)
	takes(s, Party{"c", 3}, 30, "third", &left)
	if want := []string{"large"}; !slices.Equal(left, want) {
		t.Errorf("%v gave way, want %v", left, want)
	}
	s.Leave(Party{"b", 2})
	small.GiveBack()
	small.GiveBack()
	if all, _ := s.Taken(""); all != 30 {
		t.Errorf("%d places are taken, want 30", all)
	}
	takes(s, Party{"d", 4}, 1000, "too much", &left)
	if all, _ := s.Taken("d"); all != 1000 || len(left) != 2 {
		t.Errorf("%d are taken, %v gave way: more than there is takes everything", all, left)
	}
}

// Of those who hold as much, it was chance who made room: one that waited for its answer as well as one that had long
// had it.
func TestAmongThoseWhoHoldAsMuchWhoeverIsBeingServedMakesRoomLast(t *testing.T) {
	s := NewShares(3)
	var left []string
	served := takes(s, Party{"a", 1}, 1, "served", &left)
	takes(s, Party{"b", 2}, 1, "idle", &left)
	takes(s, Party{"c", 3}, 1, "idle since", &left)
	served.Serving(true)
	takes(s, Party{"d", 4}, 1, "newcomer", &left)
	takes(s, Party{"e", 5}, 1, "next", &left)
	served.Serving(false)
	takes(s, Party{"f", 6}, 1, "another", &left)
	takes(s, Party{"g", 7}, 1, "last", &left)
	if want := []string{"idle", "idle since", "newcomer", "next"}; !slices.Equal(left, want) {
		t.Errorf("%v gave way, want %v", left, want)
	}
	takes(s, Party{"f", 8}, 1, "more", &left)
	of := takes(s, Party{"f", 8}, 1, "and more", &left)
	of.Serving(true)
	takes(s, Party{"h", 9}, 1, "poor", &left)
	if got := left[len(left)-1]; got != "more" {
		t.Errorf("%q gave way to whoever had nothing", got)
	}
}
