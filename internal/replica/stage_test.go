package replica

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/ledger"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// stage is a federation of cores with stores that are just numbers.
type stage struct {
	t      *testing.T
	names  []string
	actors map[string]*actor
	next   SessionID
	said   strings.Builder
}

// actor is one node.
type actor struct {
	name     string
	core     *Core
	key      ed25519.PublicKey
	now      time.Duration
	wrong    time.Duration // what its clock is wrong by
	heard    map[ledger.LogID]ledger.Stamp
	office   string
	sizes    map[ledger.LogID]uint64 // stored, perhaps beyond what is held
	held     map[ledger.LogID]ledger.Checkpoint
	links    map[SessionID]*link
	order    []SessionID
	holds    map[*actor]bool       // what is written to them is held back: slow peers
	strange  map[ledger.LogID]bool // not in its register
	lies     map[ledger.LogID]bool // served with a bad proof
	spoils   map[ledger.LogID]bool // served with bad bodies
	silent   bool                  // never answers a fetch
	loses    int                   // so many of its next frames get lost
	cutAfter uint64                // cuts a fetch after so many entries
	jobs     []job
}

// link is one end of a session.
type link struct {
	to     *actor
	remote SessionID
	ready  bool
	inbox  []*nodev1.Frame
}

type job struct {
	fetch Fetch
	from  *actor
}

func (st *stage) printf(format string, args ...any) { fmt.Fprintf(&st.said, format+"\n", args...) }

func (st *stage) play(words []string) {
	cmd, args := words[0], words[1:]
	switch cmd {
	case "node":
		st.addNode(args)
	case "connect":
		st.connect(st.actors[args[0]], st.actors[args[1]])
		st.run()
	case "cut":
		st.cut(st.actors[args[0]], st.actors[args[1]])
		st.run()
	case "publish":
		a := st.actors[args[0]]
		log := st.log(a.office)
		n := 1
		if len(args) > 1 {
			n, _ = strconv.Atoi(args[1])
		}
		a.sizes[log] += uint64(n)
		st.commit(a, log)
		st.run()
	case "tick":
		d, err := time.ParseDuration(args[0])
		if err != nil {
			st.t.Fatal(err)
		}
		for _, name := range st.names {
			a := st.actors[name]
			a.now += d
			st.step(a, Tick{Now: a.now})
		}
		st.run()
	case "stamp": // NAME
		a := st.actors[args[0]]
		st.step(a, Stamped{stageStamp(a.held[st.log(a.office)], a.wall())})
		st.run()
	case "relays": // FROM TO OFFICE SIZE @TIME
		from, to := st.actors[args[0]], st.actors[args[1]]
		frame := &nodev1.Frame{Message: &nodev1.Frame_Stamps{Stamps: &nodev1.Stamps{Stamps: [][]byte{st.stampSaid(args[2], args[3], args[4]).Note}}}}
		st.printf("%s > %s: %s", from.name, to.name, describe(frame))
		for _, id := range from.order {
			if l := from.links[id]; l.to == to {
				to.links[l.remote].inbox = append(to.links[l.remote].inbox, frame)
			}
		}
		st.run()
	case "clock": // NAME WRONG-BY
		d, err := time.ParseDuration(args[1])
		if err != nil {
			st.t.Fatal(err)
		}
		st.actors[args[0]].wrong = d
	case "lies":
		st.actors[args[0]].lies[st.log(args[1])] = true
	case "spoils":
		st.actors[args[0]].spoils[st.log(args[1])] = true
	case "silent":
		st.actors[args[0]].silent = true
	case "cuts-after":
		n, _ := strconv.ParseUint(args[1], 10, 64)
		st.actors[args[0]].cutAfter = n
	case "strange":
		st.actors[args[0]].strange[st.log(args[1])] = true
	case "register-grows":
		a := st.actors[args[0]]
		clear(a.strange)
		st.step(a, RegisterGrew{})
		st.run()
	case "hold", "release":
		st.actors[args[0]].holds[st.actors[args[1]]] = cmd == "hold"
		st.run()
	case "lose":
		st.actors[args[0]].loses++
	case "status":
		st.status()
	default:
		st.t.Fatalf("no such command: %s", cmd)
	}
}

func (st *stage) log(office string) ledger.LogID {
	return ledger.LogID{Federation: "demo", Office: office}
}

// addNode reads "NAME [office=O] [keys=N] LOG:SIZE …"; keys: those of another node.
func (st *stage) addNode(args []string) {
	name := args[0]
	keys := name
	for _, arg := range args[1:] {
		if of, other := strings.CutPrefix(arg, "keys="); other {
			keys = of
		}
	}
	key := officeKey(keys)
	a := &actor{
		name: name, office: name, key: key.Public().(ed25519.PublicKey),
		sizes: map[ledger.LogID]uint64{}, held: map[ledger.LogID]ledger.Checkpoint{},
		links: map[SessionID]*link{}, holds: map[*actor]bool{}, strange: map[ledger.LogID]bool{}, lies: map[ledger.LogID]bool{},
		spoils: map[ledger.LogID]bool{}, heard: map[ledger.LogID]ledger.Stamp{},
	}
	cfg := CoreConfig{
		Federation: "demo", Key: a.key,
		Keeper: st.log("keeper"), Sign: func(message []byte) []byte { return ed25519.Sign(key, message) }, Nonce: nonces(name),
	}
	copy(cfg.Instance[:], name)
	for _, arg := range args[1:] {
		log, size, isHead := strings.Cut(arg, ":")
		office, isOffice := strings.CutPrefix(arg, "office=")
		switch {
		case isHead:
			h := headOf(st.log(log), size)
			a.sizes[st.log(log)] = h.Size
			a.held[st.log(log)] = h
			cfg.Heads = append(cfg.Heads, a.held[st.log(log)])
		case isOffice:
			a.office = office
		case arg == "federation=other":
			cfg.Federation = "other"
		}
	}
	cfg.Office = a.office
	if old := st.actors[name]; old != nil {
		a.heard, a.now, a.wrong = old.heard, old.now, old.wrong
		for _, st := range a.heard { // they lie in the store
			cfg.Stamps = append(cfg.Stamps, st)
		}
		cfg.Instance[7] = 1 // started again
		for _, id := range slices.Clone(old.order) {
			old.links[id].to.drop(st, old.links[id].remote)
		}
	} else {
		st.names = append(st.names, name)
	}
	a.core = NewCore(cfg)
	st.actors[name] = a
}

// head is the head of a log in this theatre: everybody writes the same entries.
func head(log ledger.LogID, size uint64) ledger.Checkpoint {
	root := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(log.String()), size))
	return ledger.Checkpoint{Log: log, Size: size, Root: root, Note: fmt.Appendf(nil, "%s %d", log, size)}
}

// headOf reads "7", or "7x" for a head of that size in another history.
func headOf(log ledger.LogID, size string) ledger.Checkpoint {
	n, _ := strconv.ParseUint(strings.TrimSuffix(size, "x"), 10, 64)
	h := head(log, n)
	if strings.HasSuffix(size, "x") {
		h.Root[0] ^= 1
		h.Note = append(h.Note, 'x')
	}
	return h
}

func (st *stage) connect(a, b *actor) {
	st.next++
	ida := st.next
	st.next++
	idb := st.next
	a.links[ida] = &link{to: b, remote: idb}
	b.links[idb] = &link{to: a, remote: ida}
	a.order, b.order = append(a.order, ida), append(b.order, idb)
	st.step(a, Opened{ida, Peer{Office: b.office, Key: b.key, Dialled: true}})
	st.step(b, Opened{idb, Peer{Office: a.office, Key: a.key}})
}

func (st *stage) cut(a, b *actor) {
	for _, id := range slices.Clone(a.order) {
		if l := a.links[id]; l.to == b {
			b.drop(st, l.remote)
			a.drop(st, id)
		}
	}
}

func (a *actor) drop(st *stage, id SessionID) {
	if a.links[id] == nil {
		return
	}
	delete(a.links, id)
	a.order = slices.DeleteFunc(a.order, func(o SessionID) bool { return o == id })
	a.jobs = slices.DeleteFunc(a.jobs, func(j job) bool { return j.fetch.Session == id })
	st.step(a, Closed{id})
}

// run lets everybody act in turn until nobody has anything to do.
func (st *stage) run() {
	for acted := true; acted; {
		acted = false
		for _, name := range st.names {
			acted = st.actors[name].act(st) || acted
		}
	}
}

func (a *actor) act(st *stage) bool {
	for _, id := range slices.Clone(a.order) {
		l := a.links[id]
		if l == nil {
			continue
		}
		if len(l.inbox) > 0 {
			f := l.inbox[0]
			l.inbox = l.inbox[1:]
			st.step(a, st.receive(a, id, f))
			return true
		}
		if l.ready && !a.holds[l.to] {
			l.ready = false
			st.step(a, Writable{Session: id, Now: a.wall()})
			return true
		}
	}
	for i, j := range a.jobs {
		if !j.from.silent || j.fetch.Bodies {
			a.jobs = slices.Delete(a.jobs, i, i+1)
			st.fetch(a, j)
			return true
		}
	}
	return false
}

func (st *stage) receive(a *actor, id SessionID, f *nodev1.Frame) Event {
	return Received{Session: id, Frame: f, Heads: a.check(f.GetHeads().GetHeads()), Stamps: a.checkStamps(f.GetStamps().GetStamps()), Now: a.wall()}
}

// wall is what an actor's clock shows.
func (a *actor) wall() time.Time { return stageStart.Add(a.now + a.wrong) }

var stageStart = time.Date(2021, 10, 18, 9, 0, 0, 0, time.UTC)

// stageStamp is a stamp in this theatre: "demo/essex/log/0 7 @1h0m0s".
func stageStamp(h ledger.Checkpoint, at time.Time) ledger.Stamp {
	h.Note = fmt.Appendf(nil, "%s @%s", h.Note, at.Sub(stageStart))
	return ledger.Stamp{Checkpoint: h, Time: at}
}

// stampSaid reads "essex 7 @1h".
func (st *stage) stampSaid(office, size, at string) ledger.Stamp {
	d, err := time.ParseDuration(strings.TrimPrefix(at, "@"))
	if err != nil {
		st.t.Fatal(err)
	}
	return stageStamp(headOf(st.log(office), size), stageStart.Add(d))
}

func (a *actor) checkStamps(notes [][]byte) []CheckedStamp {
	var checked []CheckedStamp
	for _, note := range notes {
		words := strings.Fields(string(note))
		log, _ := ledger.ParseLogID(words[0])
		d, _ := time.ParseDuration(words[2][1:])
		of := CheckedStamp{Stamp: stageStamp(headOf(log, words[1]), stageStart.Add(d))}
		switch {
		case !a.core.Wants(of.Stamp, a.wall()):
			of.Signature = SignatureUnchecked
		case a.strange[log]:
			of.Signature = SignatureUnknownKey
		}
		checked = append(checked, of)
	}
	return checked
}

func (a *actor) check(heads []*nodev1.Head) []CheckedHead {
	var checked []CheckedHead
	for _, h := range heads {
		name, size, _ := strings.Cut(string(h.GetCheckpoint()), " ")
		log, _ := ledger.ParseLogID(name)
		j := CheckedHead{Head: headOf(log, size), Held: h.GetHeld()}
		if a.strange[log] {
			j.Signature = SignatureUnknownKey
		}
		checked = append(checked, j)
	}
	return checked
}

// contradict says whether two heads are of two histories.
func contradict(a, b ledger.Checkpoint) bool {
	return a.Size > 0 && b.Size > 0 && (a.Note[len(a.Note)-1] == 'x') != (b.Note[len(b.Note)-1] == 'x')
}

// fetch answers a fetch at once, as the source is made to.
func (st *stage) fetch(a *actor, j job) {
	if j.fetch.Bodies {
		st.step(a, Done{Fetch: j.fetch.Fetch})
		return
	}
	done := Done{Fetch: j.fetch.Fetch}
	for _, t := range j.fetch.Logs {
		from, to := a.sizes[t.Log], j.from.held[t.Log].Size
		switch {
		case j.from.lies[t.Log]:
			st.printf("%s < %s: chunk of %s with a bad proof", a.name, j.from.name, t.Log.Office)
			done.Outcome, done.Err = NoProof, fmt.Errorf("%s: %w", t.Log, ledger.ErrProof)
		case j.from.spoils[t.Log]:
			st.printf("%s < %s: chunk of %s with a bad body", a.name, j.from.name, t.Log.Office)
			done.Outcome, done.Bad, done.Err = Bad, append(done.Bad, t.Log), fmt.Errorf("%s: %w", t.Log, ledger.ErrBadBody)
		case contradict(a.held[t.Log], j.from.held[t.Log]):
			st.printf("%s < %s: %s from its beginning, another history", a.name, j.from.name, t.Log.Office)
			done.Outcome, done.Err = NoProof, fmt.Errorf("%s: %w", t.Log, ledger.ErrProof)
			st.step(a, Forked{a.held[t.Log], j.from.held[t.Log]})
		case j.from.cutAfter > 0 && to > from+j.from.cutAfter:
			st.printf("%s < %s: %s/%d..%d, then cut", a.name, j.from.name, t.Log.Office, from, from+j.from.cutAfter-1)
			a.sizes[t.Log] += j.from.cutAfter
			j.from.cutAfter = 0
			st.step(a, Progressed{j.fetch.Fetch, []ledger.LogID{t.Log}})
			done.Outcome, done.Err = Cut, fmt.Errorf("connection reset")
		case to > from:
			st.printf("%s < %s: %s/%d..%d", a.name, j.from.name, t.Log.Office, from, to-1)
			a.sizes[t.Log] = to
			st.commit(a, t.Log)
			st.step(a, Progressed{j.fetch.Fetch, []ledger.LogID{t.Log}})
		}
	}
	st.step(a, done)
}

func (st *stage) commit(a *actor, log ledger.LogID) {
	a.held[log] = head(log, a.sizes[log])
	st.step(a, Committed{[]ledger.Checkpoint{a.held[log]}})
}

// step steps one core and does what it says.
func (st *stage) step(a *actor, ev Event) {
	for _, e := range a.core.Step(ev) {
		switch e := e.(type) {
		case Wake:
			if l := a.links[e.Session]; l != nil {
				l.ready = true
			}
		case Send:
			l := a.links[e.Session]
			if a.loses > 0 {
				a.loses--
				st.printf("%s > %s: %s (lost)", a.name, l.to.name, describe(e.Frame))
				continue
			}
			st.printf("%s > %s: %s", a.name, l.to.name, describe(e.Frame))
			if far := l.to.links[l.remote]; far != nil {
				far.inbox = append(far.inbox, e.Frame)
			}
		case End:
			st.printf("%s: session with %s ends: %v", a.name, a.links[e.Session].to.name, e.Refused)
			if e.Refused.ByPeer {
				l := a.links[e.Session]
				a.drop(st, e.Session)
				l.to.drop(st, l.remote)
			}
		case Fetch:
			if !e.Bodies {
				var asks []string
				for _, t := range e.Logs {
					asks = append(asks, fmt.Sprintf("%s/%d..%d", t.Log.Office, a.sizes[t.Log], t.Size-1))
				}
				st.printf("%s asks %s: %s", a.name, a.links[e.Session].to.name, strings.Join(asks, " "))
			}
			a.jobs = append(a.jobs, job{e, a.links[e.Session].to})
		case Cancel:
			a.jobs = slices.DeleteFunc(a.jobs, func(j job) bool { return j.fetch.Fetch == e.Fetch })
			if l := a.links[e.Session]; l != nil {
				st.printf("%s gives up asking %s", a.name, l.to.name)
				st.step(a, Done{Fetch: e.Fetch, Outcome: Cut})
			}
		case Recheck:
			st.step(a, Rechecked{Session: e.Session, Heads: a.check(e.Heads), Stamps: a.checkStamps(e.Stamps), Now: a.wall()})
		case RecordStamp:
			st.printf("%s hears %s: %d at %s", a.name, e.Stamp.Log.Office, e.Stamp.Size, e.Stamp.Time.Sub(stageStart))
			a.heard[e.Stamp.Log] = e.Stamp
		case RecordSeen:
			if own := a.held[e.Head.Log]; own.Size > e.Head.Size && contradict(own, e.Head) {
				st.step(a, Forked{own, e.Head})
			}
		case Alarm:
			st.printf("%s: ALARM: %s", a.name, e.Words)
		}
	}
}

func (st *stage) status() {
	for _, name := range st.names {
		a := st.actors[name]
		root := a.core.Root()
		st.printf("%s: root=%x", name, root[:2])
		for _, id := range a.order {
			sync := "not in sync"
			if a.core.InSync(id) {
				sync = "in sync"
			}
			st.printf("  with %s: %s", a.links[id].to.name, sync)
		}
	}
}
