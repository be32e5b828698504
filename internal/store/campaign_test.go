package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

var (
	damages    = flag.Int("damages", 100, "how many damages TestNoDamageIsEverAnswered makes")
	damageSeed = flag.Uint64("damage-seed", 1, "the seed they are drawn from")
)

const pageSize = 4096

// A disk flips a bit, zeroes, swaps, cuts or loses pages, of a file at rest and of one that is
// open. Whatever is asked of the store then is answered as before, or with ErrCorrupt.
//
//	go test ./internal/store -run TestNoDamageIsEverAnswered -damages 20000 -v
func TestNoDamageIsEverAnswered(t *testing.T) {
	s, authors, older := campaignFixture(t)
	want := asked(s, authors, 0, 1)
	for name, got := range want {
		if strings.HasPrefix(got, "error: ") {
			t.Fatalf("%s: %s", name, got)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	dir := memDir(t)
	path := filepath.Join(dir, "node.db")
	opts := testOptions("essex", dir)
	opts.Guard, opts.AsFound = "", true

	random := rand.New(rand.NewPCG(*damageSeed, 0))
	counts := map[string]int{}
	for n := range *damages {
		broken, what := damage(random, whole, older)
		running := random.IntN(2) == 0
		fine := true
		done := time.AfterFunc(30*time.Second, func() {
			debug.SetTraceback("all") // where it does
			panic(fmt.Sprintf("damage %d (%s) hangs", n, what))
		})
		got, refused := func() (map[string]string, error) {
			first := broken
			if running {
				first = whole
			}
			if err := os.WriteFile(path, first, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(path, opts)
			if err != nil {
				return nil, err
			}
			defer func() {
				if err := s.Close(); err != nil {
					t.Logf("damage %d: %s: closing: %v", n, what, err)
				}
			}()
			if running { // as a disk that gives other bytes than it was given
				if err := overwrite(path, whole, broken); err != nil {
					t.Fatal(err)
				}
			}
			return asked(s, authors, n%entriesEach, entriesEach), nil
		}()
		done.Stop()
		if refused != nil && !errors.Is(refused, ErrCorrupt) && !errors.Is(refused, ErrNotOurs) && !errors.Is(refused, ErrSchema) {
			t.Fatalf("damage %d: %s: opening: %v, want ErrCorrupt", n, what, refused)
		}
		noticed := refused != nil
		for name, answer := range got {
			switch {
			case strings.HasPrefix(answer, "damaged: "):
				noticed = true
				// Of what is damaged nothing is said as if it were a name: it went into the status,
				// which no message could carry any more.
				if place, _, _ := strings.Cut(strings.TrimPrefix(answer, "damaged: "+ErrCorrupt.Error()+": "), ": "); !utf8.ValidString(answer) || strings.Contains(place, "/") && !isEntryOf(place, authors) {
					t.Errorf("damage %d: %s: %s says %q", n, what, name, answer)
				}
			case answer != want[name]:
				fine = false
				t.Errorf("damage %d: %s (running: %v): %s is answered with\n%.300s\nit was\n%.300s", n, what, running, name, answer, want[name])
			}
		}
		kind, _, _ := strings.Cut(what, " ")
		switch {
		case !fine:
			counts[kind+" WRONG"]++
		case noticed:
			counts[kind+" noticed"]++
		default:
			counts[kind+" harmless"]++
		}
		if counts[kind+" WRONG"] > 5 {
			t.FailNow()
		}
	}
	for _, kind := range []string{"flip", "zero", "swap", "cut", "older"} {
		t.Logf("%-6s noticed %d, hit nothing live %d, answered wrongly %d", kind, counts[kind+" noticed"], counts[kind+" harmless"], counts[kind+" WRONG"])
		if counts[kind+" noticed"] < counts[kind+" harmless"]/100 {
			t.Errorf("of %s nearly nothing was noticed: the test damages nothing that matters", kind)
		}
	}
}

// isEntryOf reports whether a name may be that of an entry of one of these offices.
func isEntryOf(name string, authors []*author) bool {
	id, err := ledger.ParseEntryID(name)
	return err == nil && slices.ContainsFunc(authors, func(a *author) bool { return a.log == id.Log("demo") && id.Index < 1000 })
}

// campaignFixture is a store with something of everything, and its file as it was one commit
// and more before.
func campaignFixture(t *testing.T) (s *Store, authors []*author, older [][]byte) {
	t.Helper()
	s = newStore(t, "essex")
	own := newAuthor("essex")
	others := []*author{newAuthor("surrey-sussex"), newAuthor("cambridgeshire"), newAuthor("gpc-england")}
	keep := func() {
		b, err := os.ReadFile(s.Path())
		if err != nil {
			t.Fatal(err)
		}
		older = append(older, b)
	}
	for n, a := range others {
		for i := range 90 + 20*n {
			v := []guidancev1.Visibility{public, public, committees}[i%3]
			switch i % 9 {
			case 4:
				a.add(kindWithdrawal, public, marshal(&guidancev1.Withdrawal{Advisory: a.log.Entry(uint64(i - 1)).String(), Reason: "no", Matters: []string{accessPlan}}))
			case 5:
				a.add(kindMatter, public, marshal(&guidancev1.Matter{Name: fmt.Sprint(a.log.Office, "/matter-", i), Title: fmt.Sprint("Matter ", i), Opened: &guidancev1.DayRange{Latest: "2021-10-14"}}))
			case 7:
				a.add(999, public, []byte("of a later kind"))
			default:
				a.add(kindAdvisory, v, advisory(fmt.Sprint("letter ", i, strings.Repeat(" and so on", 20)), []string{accessPlan, otherPlan}[i%2]))
			}
		}
		size := uint64(len(a.entries))
		for from := uint64(0); from < size-2; {
			end := min(from+1+from%37, size-2)
			a.giveReadable(t, s, from, end, end, onlyPublic)
			from = end
			if from%5 == 0 {
				own.publish(t, s, 1)
			}
		}
		if err := s.PutBodies(a.log, slices.Concat(a.bodies(2, 3), a.bodies(8, 9), a.bodies(80, 81))); err != nil {
			t.Fatal(err)
		}
		keep()
		if err := s.See(a.head(size)); err != nil {
			t.Fatal(err)
		}
		own.publish(t, s, 2)
		keep()
	}
	if err := s.PutDraft(own.drafts(1)...); err != nil {
		t.Fatal(err)
	}
	return s, append(others, own), older
}

// entriesEach is of how many entries one is read in each turn.
const entriesEach = 16

// asked asks everything there is to ask, of entries one in so many.
func asked(s *Store, authors []*author, first, each int) map[string]string {
	answers := map[string]string{}
	var damaged error
	note := func(what string, answer any, err error) {
		switch {
		case errors.Is(err, ErrCorrupt):
			damaged = err
			answers[what] = "damaged: " + err.Error()
		case err != nil:
			answers[what] = "error: " + err.Error()
		default:
			switch of := answer.(type) {
			case []Row:
				answer = summed(of)
			case []Listed:
				rows := make([]Row, len(of))
				for i, l := range of {
					rows[i], of[i].Row = l.Row, Row{}
				}
				answer = fmt.Sprint(of, summed(rows))
			}
			answers[what] = fmt.Sprintf("%+v", answer)
		}
	}
	note("heads", s.Heads(), nil)
	note("seen", s.Seen(), nil)
	n, digest := s.FeedEnd()
	note("feed end", fmt.Sprint(n, digest), nil)
	drafts, err := s.Drafts()
	note("drafts", drafts, err)
	wants, err := s.Wants(ledger.EntryID{}, 1000)
	note("wants", wants, err)
	for _, id := range []string{"request-0", "request-3", "request-never"} {
		entry, content, ok, err := s.Request(id)
		note(id, fmt.Sprint(entry, content, ok), err)
	}
	for _, a := range authors {
		name := a.log.Office + ": "
		note(name+"counts", s.Counts(a.log), nil)
		tree, err := s.Progress(a.log)
		note(name+"progress", tree, err)
		register, err := s.Register(a.log, 0, 1000)
		note(name+"register", register, err)
		grown, err := s.Growth(a.log, 0)
		note(name+"growth", grown, err)
		not, err := s.NotUnderstood(a.log)
		note(name+"not understood", not, err)
		segs, rest, err := s.Segments([]Range{{Log: a.log}}, everything, ledger.ChunkLimit)
		note(name+"segments", fmt.Sprint(plainly(segs), rest), err)
		bodies, _, err := s.Bodies([]ledger.EntryID{a.log.Entry(2), a.log.Entry(8), a.log.Entry(11), a.log.Entry(81)}, everything, ledger.ChunkLimit)
		note(name+"bodies", plainly(bodies), err)
	}
	err = s.Snapshot(context.Background(), func(snap *Snapshot) error {
		rows, err := snap.Candidates(accessPlan)
		note("candidates", rows, err)
		rows, err = snap.CandidatesOf(otherPlan, []string{"surrey-sussex"})
		note("candidates of one", rows, err)
		rows, err = snap.Candidates("gpc-england/never")
		note("candidates of nothing", rows, err)
		rows, err = snap.MattersTitled("matter 5")
		note("by title", rows, err)
		rows, err = snap.MatterVersions("gpc-england/matter-14", "gpc-england")
		note("by name", rows, err)
		feed, err := snap.Feed(3, 1000)
		note("feed", feed, err)
		at, err := snap.FeedAt(testNow)
		note("feed at", at, err)
		var matters []Listed
		err = snap.EachMatter(ListPlace{}, func(ledger.EntryID) bool { return true }, func(l Listed) error { matters = append(matters, l); return nil })
		note("matters", matters, err)
		for _, of := range []Listing{{}, {Matter: accessPlan}, {Offices: []string{"essex"}}, {Began: 9}} {
			var listed []Listed
			err := snap.Newest(of, ListPlace{}, func(l Listed) error { listed = append(listed, l); return nil })
			note(fmt.Sprintf("list %+v", of), listed, err)
			listed = nil
			err = snap.Newest(of, ListPlace{"2021-10-25", authors[1].log.Entry(50)}, func(l Listed) error {
				listed = append(listed, l)
				if len(listed) == 5 {
					return ErrEnough
				}
				return nil
			})
			note(fmt.Sprintf("page of %+v", of), listed, err)
		}
		for _, a := range authors {
			name := a.log.Office + ": "
			matters, err := snap.FirstMatters(a.log, 3)
			note(name+"first matters", matters, err)
			rows, err := snap.Rows(a.log, 7, 40)
			note(name+"rows", rows, err)
			for i := first; i < int(snap.size(a.log)); i += each {
				id := a.log.Entry(uint64(i))
				e, err := snap.Entry(id)
				e.Header, e.Absent = nil, &ledgerv1.AbsentBody{Reason: e.Absent.GetReason(), Visibility: e.Absent.GetVisibility()}
				note(id.String(), fmt.Sprintf("%x %x %v %v %v", e.HeaderBytes, e.Body, e.Absent.GetReason(), e.Feed, e.Recorded), err)
				proof, cp, err := snap.Proof(id)
				note(id.String()+" proof", fmt.Sprint(proof, cp), err)
				ends, err := snap.EndedBy(id)
				note(id.String()+" ended by", ends, err)
				understood, err := snap.Understood(id)
				note(id.String()+" understood", understood, err)
				found, err := snap.FindBody(a.entries[i].Body)
				note(id.String()+" by its body", found, err)
			}
		}
		return damaged
	})
	if err != nil && damaged == nil {
		note("snapshot", nil, err)
	}
	return answers
}

// summed is rows with sums for their bodies.
func summed(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		body := crc32.ChecksumIEEE(r.Body)
		r.Body = nil
		fmt.Fprintf(&b, "%v %x\n", r, body)
	}
	return b.String()
}

// plainly is segments without pointers.
func plainly(segs []ledger.Segment) string {
	var b strings.Builder
	for _, s := range segs {
		fmt.Fprintf(&b, "%v %d %x %x %x %x %v", s.Log, s.First, s.HeaderBlock, s.BodyBlocks, s.Headers, s.Proof, s.BodiesOnly)
		for _, body := range s.Bodies {
			fmt.Fprintf(&b, " %d %x %x", body.GetIndex(), body.GetSalt(), body.GetBody())
		}
	}
	return b.String()
}

// damage is a file with one damage, in most cases where something lies.
func damage(random *rand.Rand, whole []byte, older [][]byte) (broken []byte, what string) {
	broken = bytes.Clone(whole)
	pages := len(whole) / pageSize
	page := func() int {
		for {
			if p := random.IntN(pages); !empty(whole[p*pageSize : (p+1)*pageSize]) {
				return p
			}
		}
	}
	p := page()
	at := broken[p*pageSize : (p+1)*pageSize]
	switch random.IntN(10) {
	default:
		i := random.IntN(pageSize)
		for at[i] == 0 {
			i = random.IntN(pageSize)
		}
		at[i] ^= 1 << random.IntN(8)
		return broken, fmt.Sprintf("flip of byte %d of page %d", i, p)
	case 4, 5, 6: // of what bbolt goes by: the head of a page, and its elements
		i := random.IntN(16 + 16*int(min(200, 1+binary.LittleEndian.Uint16(at[10:]))))
		at[i] ^= 1 << random.IntN(8)
		return broken, fmt.Sprintf("flip of byte %d of page %d, of its elements", i, p)
	case 7:
		clear(at)
		return broken, fmt.Sprintf("zero page %d", p)
	case 8:
		if random.IntN(20) == 0 && p > 0 { // a file without bytes is one that is not there
			return broken[:p*pageSize], fmt.Sprintf("cut before page %d", p)
		}
		q := page()
		copy(at, whole[q*pageSize:(q+1)*pageSize])
		copy(broken[q*pageSize:], whole[p*pageSize:(p+1)*pageSize])
		return broken, fmt.Sprintf("swap of pages %d and %d", p, q)
	case 9: // a write that never came to the disk; of the first two it would be a file of before
		for p < 2 {
			p = page()
		}
		was := older[random.IntN(len(older))]
		for len(was) < (p+1)*pageSize {
			p = page()
		}
		copy(broken[p*pageSize:(p+1)*pageSize], was[p*pageSize:])
		return broken, fmt.Sprintf("older bytes of page %d", p)
	}
}

func empty(page []byte) bool { return !slices.ContainsFunc(page, func(b byte) bool { return b != 0 }) }

// overwrite writes what differs over a file in use, or cuts it.
func overwrite(path string, whole, broken []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	for at := 0; at < len(broken); at += pageSize {
		end := min(at+pageSize, len(broken))
		if !bytes.Equal(whole[at:end], broken[at:end]) && err == nil {
			_, err = f.WriteAt(broken[at:end], int64(at))
		}
	}
	if len(broken) < len(whole) && err == nil {
		err = f.Truncate(int64(len(broken)))
	}
	return errors.Join(err, f.Close())
}
