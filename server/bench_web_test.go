package server

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

// browser reads pages over one connection at a time, from an address of its own where it is given one: as compressed as
// a browser has them, and without reading what they say.
func (w *benchWorld) browser(from net.IP) *http.Client {
	dialer := &net.Dialer{}
	if from != nil {
		dialer.LocalAddr = &net.TCPAddr{IP: from}
	}
	transport := &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: viewCallers}
	w.b.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// errTurnedAway is that more is asked of the node than it can answer: whoever asks tries again.
var errTurnedAway = errors.New("turned away")

// fetched asks for a page, and returns how many bytes came. A page that is not there ends the benchmark.
func fetched(ctx context.Context, c *http.Client, url string) (size int64, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := c.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	size, err = io.Copy(io.Discard, resp.Body)
	switch {
	case err != nil || resp.StatusCode == http.StatusOK:
		return size, err
	case resp.StatusCode == http.StatusServiceUnavailable:
		return size, errTurnedAway
	}
	return size, errors.New(url + ": " + resp.Status)
}

// echoing is the URL of a server that answers with so many bytes over HTTP, from memory.
func (w *benchWorld) echoing(size int) string {
	body := make([]byte, size)
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = rw.Write(body)
	})}
	go func() { _ = srv.Serve(lis) }()
	w.b.Cleanup(func() { _ = srv.Close() })
	return "http://" + lis.Addr().String() + "/"
}

// BenchmarkWebPages is a page in a browser against what it shows as JSON, in turns and equally warm: a practice's, each
// time another's; a matter's, which is two answers, for it draws who said what when beside what everybody says; who says
// what of it in the nation; a letter's.
func BenchmarkWebPages(b *testing.B) {
	eachHeld(b, func(w *benchWorld, practices []string) {
		matter, letter := corpus.Ordinary(0), w.offices[7].ID
		for name, at := range map[string]func() string{
			"practice": func() string { return "practice/" + practices[rand.IntN(len(practices))] },
			"matter":   func() string { return "matters/" + matter },
			"national": func() string { return "national/" + matter },
			"letter":   func() string { return "letters/" + letter + "/1" },
		} {
			answers := []string{".json"}
			if name == "matter" {
				answers = append(answers, "/history.json")
			}
			w.within(name, func() { benchmarkWebPage(w, at, answers) })
		}
	})
}

func benchmarkWebPage(w *benchWorld, at func() string, answers []string) {
	b := w.b
	c := w.browser(nil)
	var bytes, jsonBytes rounds
	asks := func(sizes *rounds, forms ...string) func(context.Context) error {
		return func(ctx context.Context) error {
			address, all := w.keeper.url+at(), int64(0)
			for _, form := range forms {
				size, err := fetched(ctx, c, address+form)
				if err != nil {
					return err
				}
				all += size
			}
			if sizes != nil {
				sizes.add(float64(all))
			}
			return nil
		}
	}
	for range 20 {
		w.must(asks(&bytes, "")(b.Context()))
		w.must(asks(&jsonBytes, answers...)(b.Context()))
	}
	var page, json rounds
	for b.Loop() {
		j, _ := askMany(w, asks(nil, answers...))
		json.add(j)
		p, _ := askMany(w, asks(nil, ""))
		page.add(p)
	}
	report(b, map[string]float64{
		"cpu-µs": page.median(), "json-cpu-µs": json.median(), "x-json": page.median() / json.median(), "B": bytes.median(), "json-B": jsonBytes.median(),
	})
}

// BenchmarkWebReaders is 2,000 readers of practices' pages at once, each from an address of its own and with a connection
// that it keeps, against as many of an echo of as many bytes: processor time a page, how many a second, and by how much
// the heap grows at most, garbage and both ends included. Whoever is turned away, for no turn came in time, asks again
// at once, as nobody does; how many were is told by page.
func BenchmarkWebReaders(b *testing.B) {
	const readers = 2000
	eachHeld(b, func(w *benchWorld, practices []string) {
		b := w.b
		var all []*http.Client
		for i := range readers {
			all = append(all, w.browser(net.IPv4(127, 1, byte(i>>8), byte(i))))
		}
		type figures struct{ cpu, perSecond, peak, turnedAway rounds }
		storm := func(to *figures, at func() string) {
			var turnedAway atomic.Int64
			start := time.Now()
			to.cpu.add(cpuOf(func() {
				to.peak.add(peakHeap(func() {
					var work sync.WaitGroup
					for _, c := range all {
						work.Go(func() {
							_, err := fetched(context.Background(), c, at())
							for ; errors.Is(err, errTurnedAway); _, err = fetched(context.Background(), c, at()) {
								turnedAway.Add(1)
							}
							if err != nil {
								b.Error(err)
							}
						})
					}
					work.Wait()
				}))
			}) / readers)
			to.perSecond.add(readers / time.Since(start).Seconds())
			to.turnedAway.add(float64(turnedAway.Load()) / readers)
		}
		aPage := func() string { return w.keeper.url + "practice/" + practices[rand.IntN(len(practices))] }
		var bytes rounds
		for range 20 {
			size, err := fetched(b.Context(), all[0], aPage())
			w.must(err)
			bytes.add(float64(size))
		}
		echo := w.echoing(int(bytes.median()))
		var pages, floor figures
		for b.Loop() {
			storm(&floor, func() string { return echo })
			storm(&pages, aPage)
		}
		report(b, map[string]float64{
			"cpu-µs": pages.cpu.median(), "echo-cpu-µs": floor.cpu.median(), "x-echo": pages.cpu.median() / floor.cpu.median(),
			"pages/s": pages.perSecond.median(), "echo/s": floor.perSecond.median(), "turned-away": pages.turnedAway.median(),
			"peak-MB": pages.peak.median() / 1e6, "echo-peak-MB": floor.peak.median() / 1e6, "B": bytes.median(),
		})
	})
}
