package server

import (
	"net"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// Every benchmark measures its floor in the same run, in turns with the thing itself,
// and reports medians and the ratio of the two: on a shared machine times move
// severalfold, ratios hold. docs/performance.md says what each floor is.

// rounds are the figures of several rounds.
type rounds []float64

func (r *rounds) add(v float64) { *r = append(*r, v) }

// at is the figure that the given part of all rounds stays below.
func (r rounds) at(part float64) float64 {
	if len(r) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(r))
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}

func (r rounds) median() float64 { return r.at(0.5) }

// report gives the metrics, without the time of a whole round: it means nothing.
func report(b *testing.B, metrics map[string]float64) {
	b.Helper()
	b.ReportMetric(0, "ns/op")
	for unit, value := range metrics {
		b.ReportMetric(value, unit)
	}
}

// cpuOf is what f uses, in microseconds, from a heap just collected.
func cpuOf(f func()) float64 {
	runtime.GC()
	before := cpuTime()
	f()
	return micros(cpuTime() - before)
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// peakHeap is by how many bytes the heap grew at most while f ran, garbage included.
// Pages of the data file are not in it: they are the system's to keep or drop.
func peakHeap(f func()) float64 {
	runtime.GC()
	start, peak := heap(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(time.Millisecond); ; {
			peak = max(peak, heap())
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	}()
	f()
	close(stop)
	<-stopped
	return float64(peak) - float64(start)
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// countingListener counts what goes over its connections, both ways, below TLS.
type countingListener struct {
	net.Listener
	count *atomic.Int64
}

func (l countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return countingConn{c, l.count}, nil
}

type countingConn struct {
	net.Conn
	count *atomic.Int64
}

func (c countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.count.Add(int64(n))
	return n, err
}

func (c countingConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.count.Add(int64(n))
	return n, err
}

func listenCounting(b *testing.B) countingListener {
	b.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = lis.Close() }) // whoever served on it has closed it already
	return countingListener{lis, new(atomic.Int64)}
}
