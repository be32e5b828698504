package server

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// floorGroup is how many raw bytes share a transaction of the floor.
const floorGroup = 4 << 20

// answered are the chunks the keeper answers a fetch of everything with that the
// store given does not have yet, and their bytes on the wire.
func (w *benchWorld) answered(have *store.Store) (chunks []*nodev1.Chunk, wire int) {
	w.b.Helper()
	req := &nodev1.FetchRequest{}
	for _, h := range w.keeper.store.Heads() {
		from := uint64(0)
		if have != nil {
			held, _ := have.Held(h.Log)
			from = held.Size
		}
		if from < h.Size {
			req.Ranges = append(req.Ranges, &nodev1.LogRange{Log: h.Log.String(), From: from, Size: h.Size})
		}
	}
	a, err := replica.NewAnswer(w.keeper.store, req, func(guidancev1.Visibility) bool { return true })
	w.must(err)
	for {
		c, err := a.Next()
		if errors.Is(err, io.EOF) {
			return chunks, wire
		}
		w.must(err)
		chunks, wire = append(chunks, c), wire+proto.Size(c)
	}
}

// takeBarely is what nobody who receives these chunks can do without: decompress,
// hash every byte once, and make the frames durable as they came, 4 MB of raw bytes
// in a transaction. Nothing is parsed, compared or indexed.
func (w *benchWorld) takeBarely(chunks []*nodev1.Chunk) {
	w.b.Helper()
	db := w.bareDB()
	defer db.Close()
	var group [][]byte
	raw, n := 0, uint64(0)
	flush := func() {
		w.must(db.Update(func(tx *bbolt.Tx) error {
			for _, frame := range group {
				n++
				if err := tx.Bucket(bareBucket).Put(binary.BigEndian.AppendUint64(nil, n), frame); err != nil {
					return err
				}
			}
			return nil
		}))
		group, raw = nil, 0
	}
	for _, c := range chunks {
		for _, frame := range framesOf(c) {
			unpacked, err := ledger.Unpack(frame, ledger.RawLimit)
			w.must(err)
			sha256.Sum256(unpacked)
			group, raw = append(group, frame), raw+len(unpacked)
		}
		if raw >= floorGroup {
			flush()
		}
	}
	flush()
}

func framesOf(c *nodev1.Chunk) [][]byte {
	var frames [][]byte
	for _, s := range c.Segments {
		if len(s.HeaderBlock) > 0 {
			frames = append(append(frames, s.HeaderBlock), s.BodyBlocks...)
		}
	}
	if len(c.Tails) > 0 {
		frames = append(frames, c.Tails)
	}
	return frames
}

var bareBucket = []byte("bare")

// bareDB is a bbolt file with one bucket, nothing of ours in it.
func (w *benchWorld) bareDB() *bbolt.DB {
	w.b.Helper()
	db, err := bbolt.Open(filepath.Join(w.b.TempDir(), "bare.db"), 0o600, nil)
	w.must(err)
	w.must(db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(bareBucket)
		return err
	}))
	return db
}

// bareCommitter commits a value of an entry's size and returns how long it took.
func (w *benchWorld) bareCommitter() func() time.Duration {
	w.b.Helper()
	db := w.bareDB()
	w.b.Cleanup(func() { _ = db.Close() })
	value, n := make([]byte, 3300), uint64(0)
	return func() time.Duration {
		start := time.Now()
		n++
		w.must(db.Update(func(tx *bbolt.Tx) error {
			return tx.Bucket(bareBucket).Put(binary.BigEndian.AppendUint64(nil, n), value)
		}))
		return time.Since(start)
	}
}

func (w *benchWorld) serverTLS() *tls.Config {
	return identity.ServerTLS(w.keeper.keys.Transport, nil, w.keeper.admit)
}

func (w *benchWorld) clientTLS(key ed25519.PrivateKey) *tls.Config {
	return identity.ClientTLS(key, identity.PinOf(publicKey(w.keeper.keys.Transport)))
}

// sendBarely sends as many bytes over mutual TLS alone, one way, and returns what
// went over the connection, both ways and the handshake too.
func (w *benchWorld) sendBarely(key ed25519.PrivateKey, size int) int64 {
	w.b.Helper()
	lis := listenCounting(w.b)
	defer lis.Close()
	sent := make(chan error, 1)
	go func() {
		c, err := lis.Accept()
		if err != nil {
			sent <- err
			return
		}
		server := tls.Server(c, w.serverTLS())
		buf := make([]byte, 64<<10)
		for left := size; left > 0 && err == nil; left -= len(buf) {
			_, err = server.Write(buf[:min(left, len(buf))])
		}
		sent <- errors.Join(err, server.Handshake(), server.CloseWrite())
	}()
	conn, err := tls.Dial("tcp", lis.Addr().String(), w.clientTLS(key))
	w.must(err)
	defer conn.Close()
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{conn}, make([]byte, 64<<10))
	w.must(errors.Join(err, <-sent))
	if n != int64(size) {
		w.b.Fatalf("%d bytes came, want %d", n, size)
	}
	return lis.count.Load()
}

// handshake is how many bytes a mutual handshake takes, by itself.
func (w *benchWorld) handshake(key ed25519.PrivateKey) int64 {
	const closing = 24 // the alert that says so
	return w.sendBarely(key, 0) - closing
}
