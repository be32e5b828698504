package server

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/peer"

	"github.com/lmcfed/lmcfed/internal/fair"
	"github.com/lmcfed/lmcfed/internal/fault"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

const aPage = "GET /matters/gpc-england/plan HTTP/1.1\r\nHost: localhost\r\n\r\n"

// takeTurns takes every turn of what costs something.
func (w *testWeb) takeTurns() (leave func()) {
	w.t.Helper()
	var all []func()
	for range runtime.GOMAXPROCS(0) {
		leave, err := w.doors.web.dear.Enter(w.t.Context(), fair.Party{Address: "others"})
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, leave)
	}
	return func() {
		for _, leave := range all {
			leave()
		}
	}
}

// Whoever reads a page at once with more than 256 others, by one address or each by its own, was cut off, for a
// connection that came took the place of one that waited for its page.
func TestFiveHundredReadersAtOnceAllHaveTheirPage(t *testing.T) {
	for name, addresses := range map[string]int{"of one address": 1, "each of its own": 500} {
		w := lessWeb(t, func(b *budgets) { b.turn = testLimit })
		leave := w.takeTurns()
		var all []net.Conn
		for i := range 500 {
			i %= addresses
			conn := w.dialWeb(fmt.Sprintf("127.0.%d.%d", 1+i>>8, i&255))
			if _, err := io.WriteString(conn, aPage); err != nil {
				t.Fatal(err)
			}
			all = append(all, conn)
		}
		await(t, "all wait for their page", func() bool { n, _ := w.doors.web.streams.Taken(""); return n == len(all) })
		leave()
		lost := 0
		for _, conn := range all {
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil || resp.StatusCode != http.StatusOK {
				if lost++; lost == 1 {
					t.Error(name, err, resp)
				}
			}
		}
		if lost > 0 {
			t.Errorf("%s: %d were lost", name, lost)
		}
	}
}

// A page that asked several things waited for a turn for each, behind all that had waited for their first: where many
// read at once most waited in vain, when half of their page was made already.
func TestAPageWaitsForOneTurn(t *testing.T) {
	w := lessWeb(t, func(b *budgets) { b.turn = 50 * time.Millisecond })
	source := w.newReads()
	here, _ := net.Pipe()
	reader := newWebConn(t.Context(), here, &line{raw: here, doors: w.doors, way: w.doors.web, party: fair.Party{Address: "reader", Line: 1}})
	t.Cleanup(func() { reader.Close() })
	in, leave := inOneTurn(peer.NewContext(t.Context(), &peer.Peer{AuthInfo: caller{line: reader.line}}))
	asks := func() error { return source.Ask(in, &answersv1.ListMattersRequest{}, &answersv1.ListMattersResponse{}) }
	others := w.takeTurns()
	if err := asks(); !errors.Is(err, fault.ErrBusy) {
		t.Errorf("before its turn it is answered %v", err)
	}
	others()
	if err := asks(); err != nil {
		t.Fatal(err)
	}
	kept := testContext(t)
	for range runtime.GOMAXPROCS(0) - 1 {
		if _, err := w.doors.web.dear.Enter(kept, fair.Party{Address: "others"}); err != nil {
			t.Fatal(err)
		}
	}
	entered := make(chan error, 1)
	go func() {
		_, err := w.doors.web.dear.Enter(kept, fair.Party{Address: "next"})
		entered <- err
	}()
	await(t, "the next waits", w.doors.web.dear.Waited)
	if err := asks(); err != nil {
		t.Errorf("in its turn it is answered %v", err)
	}
	leave()
	leave()
	if err := <-entered; err != nil {
		t.Errorf("after the page was made, the next gets %v", err)
	}
}

// Whoever had to give way to others before its turn came was told that it had hung up itself.
func TestACallThatGivesWayBeforeItsTurnIsToldSo(t *testing.T) {
	w := lessWeb(t, func(b *budgets) { b.visitorStreams, b.turn = 1, testLimit })
	leave := w.takeTurns()
	defer leave()
	first := w.dialWeb("127.0.0.2")
	if _, err := io.WriteString(first, aPage); err != nil {
		t.Fatal(err)
	}
	await(t, "the first waits", func() bool { n, _ := w.doors.web.streams.Taken("127.0.0.2"); return n == 1 })
	if _, err := io.WriteString(w.dialWeb("127.0.0.3"), aPage); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(first), nil)
	if err != nil {
		t.Fatal(err)
	}
	if page, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(page), "as many calls open") {
		t.Errorf("%s: %s", resp.Status, page)
	}
}
