package server

import (
	"context"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"testing"
	"time"

	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/sim/corpus"
)

// BenchmarkColdJoin is a new office's node that takes in everything: the register,
// 10,000 letters of 130 offices, verified, indexed, synced and queryable. One round is
// one join by a fresh node over real TLS.
func BenchmarkColdJoin(b *testing.B) {
	w := fullWorld(b)
	fresh := w.admit("joiner", "committee-joiner")
	var wire, file int64
	var cpu, floor, raw, peak rounds
	for range 5 { // apart from the rest: watching the heap takes time too
		dir := w.copyOf(fresh)
		wire, file = w.join(dir, func(join func()) { peak.add(peakHeap(join)) })
	}
	for b.Loop() {
		chunks, size := w.answered(nil)
		raw.add(cpuOf(func() { w.sendBarely(w.offices[0].transport, size) }))
		floor.add(cpuOf(func() { w.takeBarely(chunks) }))
		dir := w.copyOf(fresh)
		chunks = nil
		w.join(dir, func(join func()) { cpu.add(cpuOf(join)) })
	}
	entries := float64(w.keeper.Entries())
	least := floor.median() + raw.median()
	report(b, map[string]float64{
		"µs-cpu/entry": cpu.median() / entries, "floor-µs-cpu/entry": least / entries, "x-floor": cpu.median() / least,
		"wire/raw": float64(wire) / float64(w.bodies), "peak-heap-MB": peak.median() / 1e6, "file-MB": float64(file) / 1e6,
	})
}

// join serves a folder until it holds what the keeper holds, and returns what went
// over the wire and how long the data file is. measured runs the part from before the
// first byte to the last commit.
func (w *benchWorld) join(dir string, measured func(func())) (wire, file int64) {
	w.b.Helper()
	n := w.open(dir, listenCounting(w.b))
	before := w.keeper.lis.count.Load()
	var stop func()
	measured(func() {
		stop = w.serve(n)
		w.await(n)
	})
	wire = w.keeper.lis.count.Load() - before
	w.sameAnswers(n)
	stop()
	w.alone()
	info, err := os.Stat(filepath.Join(dir, dataFile))
	w.must(err)
	w.must(os.RemoveAll(dir))
	return wire, info.Size()
}

// sameAnswers checks that a node answers as the keeper does.
func (w *benchWorld) sameAnswers(n *benchNode) {
	w.b.Helper()
	w.must(n.refold())
	want, err := w.keeper.ViewDigest(corpus.Matter(1), "2022-01-01")
	w.must(err)
	got, err := n.ViewDigest(corpus.Matter(1), "2022-01-01")
	w.must(err)
	if got != want {
		w.b.Fatal("the two nodes give different answers")
	}
}

// BenchmarkReconnect is a session between two nodes that hold the same 10,000 entries
// in 131 logs, from the dial to IN SYNC at both; its floor is a first call over a new
// mutual TLS connection. Bytes are those after the handshake, both ways.
func BenchmarkReconnect(b *testing.B) {
	w := fullWorld(b)
	n := w.open(w.joined("joiner"), listenCounting(w.b))
	defer n.Close()
	handshake := w.handshake(n.keys.Transport)
	var cpu, floor, bytes, bareBytes rounds
	for b.Loop() {
		bare := w.keeper.lis.count.Load()
		var hangUp func()
		floor.add(cpuOf(func() { hangUp = w.call(n.keys.Transport) }))
		bareBytes.add(float64(w.keeper.lis.count.Load() - bare - handshake))
		hangUp()
		before := w.keeper.lis.count.Load()
		cpu.add(cpuOf(func() { hangUp = w.talk(n) }))
		bytes.add(float64(w.keeper.lis.count.Load() - before - handshake))
		hangUp()
	}
	report(b, map[string]float64{
		"B-after-handshake": bytes.median(), "B-bare-call": bareBytes.median(),
		"B-beyond-bare": bytes.median() - bareBytes.median(), "B-handshake": float64(handshake),
		"ms-cpu": cpu.median() / 1e3, "bare-ms-cpu": floor.median() / 1e3, "x-bare": cpu.median() / floor.median(),
	})
}

// joined is the folder of an admitted office that has joined and stopped.
func (w *benchWorld) joined(office string) (dir string) {
	w.b.Helper()
	dir = w.admit(office, "committee-"+office)
	n := w.open(dir, listenCounting(w.b))
	stop := w.serve(n)
	w.await(n)
	w.sameAnswers(n)
	stop()
	w.alone()
	return dir
}

// settled is how long after its end an exchange may still send what it owes: window
// updates and acknowledgements. Waiting costs next to nothing.
const settled = 5 * time.Millisecond

// call is the first call of a new client.
func (w *benchWorld) call(key ed25519.PrivateKey) (hangUp func()) {
	w.b.Helper()
	cc := w.dialNode(w.keeper, key)
	_, err := healthv1.NewHealthClient(cc).Check(context.Background(), &healthv1.HealthCheckRequest{})
	w.must(err)
	time.Sleep(settled)
	return func() { w.must(cc.Close()) }
}

// talk opens a session of a node that does not serve with the keeper, and returns when
// both hold the same and know it.
func (w *benchWorld) talk(n *benchNode) (hangUp func()) {
	w.b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.session(ctx, n.targets()[0]) }()
	for end := time.Now().Add(benchLimit); !inSync(n) || !inSync(w.keeper); time.Sleep(200 * time.Microsecond) {
		if time.Now().After(end) {
			w.b.Fatal("the nodes do not come into sync")
		}
	}
	time.Sleep(settled)
	return func() {
		cancel()
		<-ended
		w.alone()
	}
}

func inSync(n *benchNode) bool {
	for _, p := range n.replica.Peers() {
		if p.Connected && p.InSync {
			return true
		}
	}
	return false
}

// BenchmarkOnePercent is a node that lacks the last hundredth of every office's log,
// from the dial to IN SYNC. Its floor is a first call over mutual TLS, one signature
// checked for each log, and the missing entries decompressed, hashed and committed.
func BenchmarkOnePercent(b *testing.B) {
	w := newWorld(b, benchEntries)
	missing, raw := 0, 0.0
	for _, o := range w.offices {
		lacks := (len(o.entries) + 99) / 100
		missing += lacks
		for _, e := range o.entries[len(o.entries)-lacks:] {
			raw += float64(len(e.Body))
		}
		w.ingest(o, uint64(len(o.entries)-lacks))
	}
	behind := w.joined("joiner")
	w.ingestAll()
	var cpu, floor, wire, growth rounds
	for b.Loop() {
		dir := w.copyOf(behind)
		n := w.open(dir, listenCounting(w.b))
		chunks, _ := w.answered(n.store)
		floor.add(cpuOf(func() {
			defer w.call(n.keys.Transport)()
			w.openHeads()
			w.takeBarely(chunks)
		}))
		before, size := w.keeper.lis.count.Load(), n.store.Used()
		var hangUp func()
		cpu.add(cpuOf(func() { hangUp = w.talk(n) }))
		wire.add(float64(w.keeper.lis.count.Load() - before))
		growth.add(float64(n.store.Used() - size))
		w.await(n)
		hangUp()
		w.must(n.Close())
		w.must(os.RemoveAll(dir))
	}
	report(b, map[string]float64{
		"entries": float64(missing), "ms-cpu": cpu.median() / 1e3, "floor-ms-cpu": floor.median() / 1e3,
		"x-floor": cpu.median() / floor.median(), "wire-KB": wire.median() / 1e3, "wire/raw": wire.median() / raw,
		"file-growth/raw": growth.median() / raw,
	})
}

// openHeads checks the signature of every office's head.
func (w *benchWorld) openHeads() {
	w.b.Helper()
	for _, o := range w.offices {
		head, _ := w.keeper.store.Held(o.log)
		_, err := ledger.OpenCheckpoint(head.Note, []ed25519.PublicKey{publicKey(o.key)})
		w.must(err)
	}
}
