package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/lmcfed/lmcfed/internal/hostile/h2"
	"github.com/lmcfed/lmcfed/internal/identity"
)

// message is a gRPC message in its envelope, of which only the beginning may be sent.
func message(b []byte, size int) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(size)), b...)
}

// target is whom a flood is for, and where it comes from.
type target struct {
	address string
	from    net.IP
	keys    string // the folder of the keys of the office's node that it is from; empty: no key is shown
}

func (t target) connect() (net.Conn, error) {
	return (&net.Dialer{Timeout: 5 * time.Second, LocalAddr: &net.TCPAddr{IP: t.from}}).Dial("tcp", t.address)
}

// talk is a greeted connection of HTTP/2.
type talk struct {
	*tls.Conn
	in     *bufio.Reader
	mu     sync.Mutex // one writer at a time
	stream uint32

	room   sync.Cond        // of more than there was
	rooms  map[uint32]int64 // how many bytes more a stream may be sent; -1: it has ended
	window int64            // what a new stream has room for
}

// open connects and opens HTTP/2; window is what each stream may be sent unasked.
func (t target) open(ctx context.Context, window uint32) (*talk, error) {
	raw, err := t.connect()
	if err != nil {
		return nil, err
	}
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS13}
	if t.keys != "" {
		keys, err := identity.Load(t.keys)
		if err != nil {
			return nil, err
		}
		config.Certificates = identity.ClientTLS(keys.Transport, identity.Pin{}).Certificates
	}
	conn := tls.Client(raw, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, err
	}
	c := &talk{Conn: conn, in: bufio.NewReader(conn), stream: ^uint32(0), room: sync.Cond{L: new(sync.Mutex)}, rooms: map[uint32]int64{}, window: 1<<16 - 1}
	first := binary.BigEndian.AppendUint32([]byte{0, 4}, window)
	return c, c.write(append([]byte(h2.Preface), h2.Frame(h2.Settings, 0, 0, first)...))
}

func (c *talk) write(b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.Write(b)
	return err
}

// next is the number of a new stream.
func (c *talk) next() uint32 {
	c.stream += 2
	return c.stream
}

// call opens a stream with the whole request.
func (c *talk) call(method string, request []byte) error {
	id := c.next()
	return c.write(append(h2.Frame(h2.Headers, h2.EndHeaders, id, h2.Request(method)), h2.Frame(h2.Data, h2.EndStream, id, message(request, len(request)))...))
}

// send sends data on a stream as there is room for it, in pieces of a size, until the stream ends.
func (c *talk) send(id uint32, b []byte, size int) {
	c.room.L.Lock()
	if c.rooms[id] >= 0 {
		c.rooms[id] += c.window
	}
	c.room.L.Unlock()
	for len(b) > 0 {
		c.room.L.Lock()
		for c.rooms[id] == 0 {
			c.room.Wait()
		}
		n := min(int64(len(b)), c.rooms[id], 16<<10)
		c.rooms[id] -= n
		c.room.L.Unlock()
		if n < 0 {
			return
		}
		var pieces []byte
		for piece := range slices.Chunk(b[:n], size) {
			pieces = append(pieces, h2.Frame(h2.Data, 0, id, piece)...)
		}
		if c.write(pieces) != nil {
			return
		}
		b = b[n:]
	}
}

// give gives a stream more room; less than none: it has ended.
func (c *talk) give(id uint32, more int64) {
	c.room.L.Lock()
	defer c.room.L.Unlock()
	if has := c.rooms[id]; more < 0 || has < 0 {
		c.rooms[id] = -1
	} else {
		c.rooms[id] = has + more
	}
	c.room.Broadcast()
}

// widen takes from settings what every stream has room for; those under way get the difference.
func (c *talk) widen(all []byte) {
	for ; len(all) >= 6; all = all[6:] {
		if binary.BigEndian.Uint16(all) != h2.InitialWindow {
			continue
		}
		c.room.L.Lock()
		to := int64(binary.BigEndian.Uint32(all[2:]))
		for id, has := range c.rooms {
			if has >= 0 {
				c.rooms[id] = has + to - c.window
			}
		}
		c.window = to
		c.room.L.Unlock()
		c.room.Broadcast()
	}
}

// read takes frames and gives room for more, until the connection ends. ended is told of every
// stream that does.
func (c *talk) read(ended func()) {
	defer func() { // whoever waits for room waits in vain
		c.room.L.Lock()
		defer c.room.L.Unlock()
		for id := range c.rooms {
			c.rooms[id] = -1
		}
		c.room.Broadcast()
	}()
	for {
		var head [9]byte
		if _, err := io.ReadFull(c.in, head[:]); err != nil {
			return
		}
		size, id := binary.BigEndian.Uint32(head[:4])>>8, binary.BigEndian.Uint32(head[5:])
		payload := make([]byte, size)
		if _, err := io.ReadFull(c.in, payload); err != nil {
			return
		}
		switch kind, flags := head[3], head[4]; {
		case kind == h2.Data && size > 0:
			more := binary.BigEndian.AppendUint32(nil, size)
			_ = c.write(append(h2.Frame(h2.WindowUpdate, 0, 0, more), h2.Frame(h2.WindowUpdate, 0, id, more)...))
		case kind == h2.Ping && flags&h2.Ack == 0: // late: whoever measures by it finds a line that holds much
			time.AfterFunc(200*time.Millisecond, func() { _ = c.write(h2.Frame(h2.Ping, h2.Ack, 0, payload)) })
		case kind == h2.Settings && flags&h2.Ack == 0:
			c.widen(payload)
		case kind == h2.WindowUpdate:
			c.give(id, int64(binary.BigEndian.Uint32(payload)))
		case kind == h2.Headers && flags&h2.EndStream != 0, kind == h2.Reset:
			c.give(id, -1)
			ended()
		}
	}
}

// hold reads and answers nothing, until ctx ends or the other side hangs up.
func (c *talk) hold(ctx context.Context) {
	gone := make(chan struct{})
	go func() { defer close(gone); _, _ = io.Copy(io.Discard, c.in) }()
	select {
	case <-ctx.Done():
	case <-gone:
	}
}
