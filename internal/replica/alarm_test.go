package replica

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/store"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// What the core raises, by what raises it: an alarm says of what it is, whose doing, and
// of which log. Those of a duplicate that was proved: duplicates_test.go.
func TestAlarmsOfTheCoreHaveACode(t *testing.T) {
	node := NodeOf(transportKey("kent"))
	hello := helloFrame(func(h *nodev1.Hello) {
		h.Office, h.Node, h.Role = "kent", node[:], ledgerv1.NodeRole_NODE_ROLE_WRITER
	})
	frame := func(f *nodev1.Frame) []Event { return []Event{Received{Session: 1, Frame: f}} }
	forged := CheckedHead{Head: head(testLog("o0"), 3), Signature: SignatureInvalid}
	for _, tt := range []struct {
		peer   string // its office, as the register has it
		events []Event
		want   Alarm
	}{
		{"kent", []Event{Forked{head(testLog("o0"), 2), head(testLog("o0"), 3)}}, Alarm{Code: AlarmFork, Office: "o0", Log: testLog("o0")}},
		{"kent", []Event{Rechecked{Session: 1, Heads: []CheckedHead{forged, forged, forged}}}, Alarm{Code: AlarmQuarantined, Office: "kent"}},
		{"essex", frame(helloFrame(func(h *nodev1.Hello) { h.Node, h.Role = node[:], ledgerv1.NodeRole_NODE_ROLE_WRITER })), Alarm{Code: AlarmDuplicateWriter, Office: "essex"}}, // with another key
	} {
		c := coreWith("essex", 1, 9)
		c.Step(Opened{1, Peer{Office: tt.peer, Key: transportKey("kent")}})
		if tt.peer == "kent" {
			c.Step(Received{Session: 1, Frame: hello})
		}
		var got []Alarm
		for _, ev := range tt.events {
			for _, e := range c.Step(ev) {
				if a, ok := e.(Alarm); ok {
					got = append(got, a)
				}
			}
		}
		if len(got) != 1 || got[0].Words == "" {
			t.Errorf("%s: %d alarms, want one, with words: %+v", tt.want.Code, len(got), got)
			continue
		}
		got[0].Words = ""
		if got[0] != tt.want {
			t.Errorf("got %+v, want %+v", got[0], tt.want)
		}
	}
}

// The data of an office is lost, its guard is not, and a peer has another history of its
// log than the guard says was released: nothing of it is taken in, and one alarm says so
// however often it is shown.
func TestAnotherHistoryOfTheOwnLogIsOneAlarm(t *testing.T) {
	dir := testDir(t)
	open := func(file string) *store.Store {
		st, err := store.Open(filepath.Join(dir, file), store.Options{Federation: "demo", Office: "essex", Guard: filepath.Join(dir, "guard"), MinFree: -1})
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	if err := store.CreateGuard(filepath.Join(dir, "guard"), ledger.LogID{Federation: "demo", Office: "essex"}, ""); err != nil {
		t.Fatal(err)
	}
	first, clone := open("first.db"), openStore(t, "essex")
	fill(t, first, letters(3)...)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	lost := open("lost.db")
	defer lost.Close()
	fill(t, clone, []byte("the other history"), []byte("goes on"), []byte("and on"))

	alarms := make(chan Alarm, 2)
	r := New(Config{Store: lost, Key: transportKey("essex"), Keys: testVerifier().Keys, Alarm: func(a Alarm) { alarms <- a }})
	defer r.Close()
	for range 2 {
		in := intakeOf(t, lost, testVerifier().Keys, "essex")
		for _, c := range chunksOf(t, clone, isPublic) {
			if err := in.Take(c); err != nil {
				t.Fatal(err)
			}
		}
		if moved, _, err := in.Commit(); err != nil || len(moved) != 0 {
			t.Fatalf("Commit: %v, %v, want nothing kept", moved, err)
		}
		found := in.Findings()
		if !errors.Is(found.OwnContradicted, store.ErrForked) || found.OwnLog != testLog("essex") || len(found.Forks)+len(found.Unproven) != 0 {
			t.Fatalf("found %+v, want that the own log is contradicted", found)
		}
		r.alarmOwnContradicted(found.OwnLog, found.OwnContradicted)
	}
	want := Alarm{Code: AlarmOwnHeadContradicted, Office: "essex", Log: ledger.LogID{Federation: "demo", Office: "essex"}}
	got := <-alarms
	if got.Words == "" {
		t.Error("an alarm without words")
	}
	got.Words = ""
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	select {
	case again := <-alarms:
		t.Errorf("it was raised again: %+v", again)
	case <-time.After(50 * time.Millisecond):
	}
}
