package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// aLetterToCheck is a form with words that somebody was sent.
func aLetterToCheck(words string) string {
	body := "--edge\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\n" + words + "\r\n--edge--\r\n"
	return fmt.Sprintf("POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// isAnswered is what a connection has in the end: its status, and its page.
func isAnswered(conn net.Conn) string {
	_ = conn.SetReadDeadline(time.Now().Add(testLimit))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err.Error()
	}
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return resp.Status + " " + string(page)
}

// A letter that was to be checked took as much room as the longest there can be: of a hundred who checked a letter of a
// page at once, forty were hung up on while they waited.
func TestShortLettersThatAreCheckedAtOnceTakeNoMoreRoomThanTheyHave(t *testing.T) {
	w := lessWeb(t, func(b *budgets) { b.turn = testLimit })
	leave := w.takeTurns()
	var all []net.Conn
	for i := range 100 {
		conn := w.dialWeb(fmt.Sprintf("127.0.1.%d", i+1))
		if _, err := io.WriteString(conn, aLetterToCheck("Do not take part.")); err != nil {
			t.Fatal(err)
		}
		all = append(all, conn)
	}
	waiting := func() int { n, _ := w.doors.web.streams.Taken(""); return n }
	await(t, "all wait", func() bool { n, _ := w.doors.web.connections.Taken(""); return waiting() == len(all) || n < len(all) })
	leave()
	lost := 0
	for _, conn := range all {
		if got := isAnswered(conn); !strings.HasPrefix(got, "200") {
			if lost++; lost == 1 {
				t.Error(got)
			}
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d were lost", lost, len(all))
	}
}

// docs/clients.md told apps of the places that there had been before there were eight times as many.
func TestAppsAreToldHowManyConnectionsANodeTakes(t *testing.T) {
	page, err := os.ReadFile("../docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	for row, limit := range map[string]int{"connections over HTTP at a node": usual().webConnections, "watches at a node": usual().watches} {
		if want := fmt.Sprintf("| %s | %s", row, notation.Thousands(int64(limit))); !strings.Contains(string(page), want) {
			t.Errorf("it does not have %q", want)
		}
	}
}

// Whoever's letter was longer in coming than it may be was told that they had sent none.
func TestALetterThatIsTooLongInComingIsSaidToBe(t *testing.T) {
	w := lessWeb(t, func(b *budgets) { b.receiving = 50 * time.Millisecond })
	for sent, want := range map[string]string{
		strings.TrimSuffix(aLetterToCheck("Do not take part."), "--edge--\r\n"): "The letter was too long in coming",
		aLetterToCheck(""): "Neither a file nor words came with the form",
	} {
		conn := w.dialWeb("")
		if _, err := io.WriteString(conn, sent); err != nil {
			t.Fatal(err)
		}
		if got := isAnswered(conn); !strings.Contains(got, want) {
			t.Errorf("want %q: %s", want, got)
		}
	}
}

// However a request for a page ends, every turn is free again, and nobody is left among those who wait.
func TestATurnIsNeitherKeptNorLostHoweverAPageEnds(t *testing.T) {
	w := lessWeb(t, func(b *budgets) { b.turn, b.receiving = testLimit, 200*time.Millisecond })
	plan := "/matters/gpc-england/plan"
	for name, request := range map[string]string{
		"a page":                      "GET " + plan + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"its head":                    "HEAD " + plan + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"the same page again":         "GET " + plan + " HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n",
		"what is not there":           "GET /letters/gpc-england/99 HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"what is no name":             "GET /letters/gpc-england/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"what leads elsewhere":        "GET /practice?q=X10001 HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"what leads on with a stroke": "GET " + plan + "/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"another verb":                "DELETE " + plan + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"a letter to check":           aLetterToCheck("Do not take part."),
		"a letter that never comes":   strings.TrimSuffix(aLetterToCheck("Do not take part."), "--edge--\r\n"),
		"a form of nothing":           aLetterToCheck(""),
	} {
		for _, leaves := range []bool{false, true} { // before it is answered
			ready := w.takeTurns()
			conn := w.dialWeb("127.0.0.2")
			if _, err := io.WriteString(conn, request); err != nil {
				t.Fatal(err)
			}
			if leaves {
				await(t, name+" is asked for", func() bool { n, _ := w.doors.web.connections.Taken("127.0.0.2"); return n == 1 })
				conn.Close()
			}
			ready()
			if !leaves {
				if _, err := conn.Read(make([]byte, 1)); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				conn.Close()
			}
			await(t, name+" is over", func() bool {
				n, _ := w.doors.web.connections.Taken("127.0.0.2")
				return n == 0 && !w.doors.web.dear.Waited()
			})
			w.takeTurns()() // all of them
		}
	}
}
