package fair

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// Queue gives turns: so many at once, and to those who wait in turn by address, and within
// an address by connection. It is safe for concurrent use.
//
// The order is that of fair queueing by a virtual clock: whoever has not asked for long is next
// after the turn under way, and whoever had a turn waits until the others had theirs. So a flood
// of one address costs another address one turn, however long the flood is, and a thousand new
// addresses cost it as many turns as there are of them waiting.
type Queue struct {
	mu        sync.Mutex // guards all below
	free      int        // turns that nobody has; 0 while anybody waits
	addresses rota
}

// NewQueue makes a queue of so many turns at once.
func NewQueue(atOnce int) *Queue { return &Queue{free: atOnce} }

// Enter waits for a turn of the party, which leave ends; it may be called again. The error is
// that of ctx.
func (q *Queue) Enter(ctx context.Context, p Party) (leave func(), err error) {
	q.mu.Lock()
	if q.free > 0 {
		q.free--
		q.addresses.serve(p)
		q.mu.Unlock()
		return q.leaver(), nil
	}
	turn := make(chan struct{})
	q.addresses.join(p, turn)
	q.mu.Unlock()
	select {
	case <-turn:
		return q.leaver(), nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.addresses.quit(p, turn) { // it was given the turn meanwhile
		q.next()
	}
	return func() {}, ctx.Err()
}

// Waited says whether somebody waits for a turn.
func (q *Queue) Waited() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.addresses.wait) > 0
}

func (q *Queue) leaver() func() {
	return sync.OnceFunc(func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.next()
	})
}

// next passes a turn on. q.mu is held.
func (q *Queue) next() {
	if turn := q.addresses.next(); turn != nil {
		close(turn)
	} else {
		q.free++
	}
}

// rota says whose turn it is: among addresses, and in each of them among its lines. Its clock
// is that of a round: in the time of one turn of everybody who waits it advances by oneTurn.
type rota struct {
	now  uint64
	done map[any]uint64 // when the last turn of each ends, while that lies ahead of now
	wait []*waiting     // each once, as they came
}

const oneTurn = 1 << 16

// waiting is an address or a line with somebody who waits.
type waiting struct {
	key   any
	from  uint64          // when its next turn may begin
	lines rota            // of an address
	turns []chan struct{} // of a line
}

// serve notes a turn that did not have to be waited for. Lines are not told apart: none waits.
func (r *rota) serve(p Party) {
	r.advance()
	r.began(p.Address, max(r.now, r.done[p.Address]))
}

// advance lets the clock pass the turn that has ended.
func (r *rota) advance() { r.now += oneTurn / uint64(max(1, len(r.wait))) }

func (r *rota) began(key any, from uint64) {
	r.now = max(r.now, from)
	if r.done == nil {
		r.done = map[any]uint64{}
	}
	r.done[key] = from + oneTurn
	if len(r.done) > 2*len(r.wait)+16 {
		for k, end := range r.done {
			if end <= r.now {
				delete(r.done, k)
			}
		}
	}
}

// place is where a key waits, made when it is not there.
func (r *rota) place(key any) *waiting {
	i := slices.IndexFunc(r.wait, func(w *waiting) bool { return w.key == key })
	if i < 0 {
		i = len(r.wait)
		r.wait = append(r.wait, &waiting{key: key, from: max(r.now, r.done[key])})
	}
	return r.wait[i]
}

func (r *rota) join(p Party, turn chan struct{}) {
	line := r.place(p.Address).lines.place(p.Line)
	line.turns = append(line.turns, turn)
}

// quit takes a turn out that is not waited for any more; false: it is not there.
func (r *rota) quit(p Party, turn chan struct{}) bool {
	address := r.place(p.Address)
	line := address.lines.place(p.Line)
	i := slices.Index(line.turns, turn)
	if i >= 0 {
		line.turns = slices.Delete(line.turns, i, i+1)
	}
	address.lines.tidy(line, len(line.turns) == 0)
	r.tidy(address, len(address.lines.wait) == 0)
	return i >= 0
}

// next takes out the turn that is next; nil: nobody waits.
func (r *rota) next() chan struct{} {
	if len(r.wait) == 0 {
		return nil
	}
	address := r.first()
	line := address.lines.first()
	turn := line.turns[0]
	line.turns = line.turns[1:]
	address.lines.tidy(line, len(line.turns) == 0)
	r.tidy(address, len(address.lines.wait) == 0)
	return turn
}

// first is whose next turn may begin soonest, of those the one that came first; it begins.
func (r *rota) first() *waiting {
	r.advance()
	w := slices.MinFunc(r.wait, func(a, b *waiting) int { return cmp.Compare(a.from, b.from) })
	r.began(w.key, w.from)
	w.from += oneTurn
	return w
}

func (r *rota) tidy(w *waiting, empty bool) {
	if i := slices.Index(r.wait, w); empty && i >= 0 {
		r.wait = slices.Delete(r.wait, i, i+1)
	}
}
