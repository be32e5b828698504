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
