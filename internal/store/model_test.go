package store

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// model is what a store should hold, in plain maps.
type model struct {
	held   map[ledger.LogID]uint64
	stored map[ledger.LogID]uint64
	bodies map[entryPlace]bool
	late   map[entryPlace]bool // bodies that must have a feed row of their own
	drafts map[string]bool
}

// machine runs random operations against a store and the model.
type machine struct {
	t       *rapid.T
	dir     string
	s       *Store
	own     *author
	authors []*author // the last one is own
	model   model
}

func (m *machine) open() {
	s, err := Open(filepath.Join(m.dir, "node.db"), testOptions("essex", m.dir))
	if err != nil {
		m.t.Fatal(err)
	}
	m.s = s
}

// draw is an author with something in its log.
func (m *machine) draw() *author {
	a := rapid.SampledFrom(m.authors[:len(m.authors)-1]).Draw(m.t, "author")
	if len(a.entries) == 0 {
		m.write(a)
	}
	return a
}

// write adds entries of any kind to an author's log.
func (m *machine) write(a *author) {
	for range rapid.IntRange(1, 70).Draw(m.t, "entries") {
		v := rapid.SampledFrom([]guidancev1.Visibility{public, public, committees, 77}).Draw(m.t, "visibility")
		a.add(drawEntry(m.t, a, v))
	}
}

func drawEntry(t *rapid.T, a *author, v guidancev1.Visibility) (ledgerv1.EntryKind, guidancev1.Visibility, []byte) {
	n := a.tree.Size()
	title := fmt.Sprint(a.log.Office, " ", n)
	day := &guidancev1.DayRange{Latest: rapid.SampledFrom([]string{"2021-10-14", "2021-10-15", "2021-10-25", "2022-01-01", "", "2021-02-30", "October"}).Draw(t, "day")}
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return kindWithdrawal, v, marshal(&guidancev1.Withdrawal{Advisory: fmt.Sprint("gpc-england/", n/2), Reason: title, Issued: day, Matters: []string{otherPlan}})
	case 1:
		return 999, v, []byte(title)
	case 2:
		return kindMatter, v, marshal(&guidancev1.Matter{Name: accessPlan, Title: title, Opened: day})
	case 3:
		return kindErasure, v, marshal(&ledgerv1.Erasure{Index: rapid.Uint64Range(0, n+2).Draw(t, "erased"), Reason: title, Matters: []string{accessPlan}, Issued: day})
	case 4:
		return kindReport, v, marshal(&guidancev1.ReportedPosition{Issued: day, Position: &guidancev1.Position{Matter: otherPlan}})
	}
	return kindAdvisory, v, marshal(&guidancev1.Advisory{Title: title, Issued: day, Positions: []*guidancev1.Position{{Matter: accessPlan}, {Matter: otherPlan}}})
}

// ingest gives a random run of what an author wrote: new, held, overlapping, leading
// to any head from its end on, with or without its bodies.
func (m *machine) ingest() {
	a := m.draw()
	stored := m.model.stored[a.log]
	first := rapid.Uint64Range(0, stored).Draw(m.t, "first")
	end := rapid.Uint64Range(stored, min(uint64(len(a.entries)), stored+100)).Draw(m.t, "end")
	if end <= first {
		return
	}
	size := rapid.Uint64Range(end, uint64(len(a.entries))).Draw(m.t, "size")
	readable := rapid.SampledFrom([]func(guidancev1.Visibility) bool{everything, onlyPublic, nothing}).Draw(m.t, "readable")
	seg := a.segment(first, end, size, readable)
	if end-first <= blockEntries && rapid.Bool().Draw(m.t, "in frames") {
		seg = a.inFrames(seg)
	}
	v := m.verify(a, seg)
	if err := m.s.Ingest([]ledger.Verified{v}); err != nil {
		m.t.Fatal(err)
	}
	for i := stored; i < end; i++ {
		if readable(visibilityOf(a.entries[i])) {
			m.model.bodies[entryPlace{a.log, i}] = true
		}
	}
	m.model.stored[a.log] = end
	m.reach(a, size)
}

// inFrames is a segment of at most a block as frames, of each visibility its own.
func (a *author) inFrames(seg ledger.Segment) ledger.Segment {
	seg.HeaderBlock, seg.Headers = ledger.PackHeaders(seg.Headers), nil
	by := map[guidancev1.Visibility][]*ledgerv1.SaltedBody{}
	for _, b := range seg.Bodies {
		v := visibilityOf(a.entries[b.GetIndex()])
		by[v] = append(by[v], b)
	}
	for _, v := range slices.Sorted(maps.Keys(by)) {
		seg.BodyBlocks = append(seg.BodyBlocks, ledger.PackBodies(by[v]))
	}
	seg.Bodies = nil
	return seg
}

func (m *machine) reach(a *author, size uint64) {
	if size <= m.model.stored[a.log] {
		m.model.held[a.log] = max(m.model.held[a.log], size)
	}
}

func (m *machine) verify(a *author, seg ledger.Segment) ledger.Verified {
	tree, err := m.s.Progress(a.log)
	if err != nil {
		m.t.Fatal(err)
	}
	v, err := new(ledger.Verifier).Verify(tree, seg, a.keys())
	if err != nil {
		m.t.Fatal(err)
	}
	return v
}

func visibilityOf(e ledger.Entry) guidancev1.Visibility {
	h, err := ledger.ParseHeader(e.Header)
	if err != nil {
		panic(err)
	}
	return h.GetVisibility()
}

// see shows a head: one within what is stored is held from then on.
func (m *machine) see() {
	a := m.draw()
	size := rapid.Uint64Range(1, uint64(len(a.entries))).Draw(m.t, "size")
	if err := m.s.See(a.head(size)); err != nil {
		m.t.Fatal(err)
	}
	m.reach(a, size)
}

// putBodies gives random bodies late, some of them again.
func (m *machine) putBodies() {
	a := m.draw()
	stored, erased := m.model.stored[a.log], m.erased(a)
	var bodies []*ledgerv1.SaltedBody
	for i := range stored {
		if rapid.IntRange(0, 3).Draw(m.t, "late") != 0 {
			continue
		}
		e := a.entries[i]
		if bodies = append(bodies, &ledgerv1.SaltedBody{Index: i, Salt: e.Salt, Body: e.Body}); erased[i] {
			continue
		}
		at := entryPlace{a.log, i}
		if !m.model.bodies[at] && i < m.model.held[a.log] {
			m.model.late[at] = true
		}
		m.model.bodies[at] = true
	}
	if err := m.s.PutBodies(a.log, bodies); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) draft() {
	if len(m.model.drafts) > 0 {
		return
	}
	drafts := m.own.drafts(rapid.IntRange(1, 70).Draw(m.t, "drafts"))
	if err := m.s.PutDraft(drafts...); err != nil {
		m.t.Fatal(err)
	}
	for _, d := range drafts {
		m.model.drafts[d.RequestID] = true
	}
}

func (m *machine) append() {
	drafts, err := m.s.Drafts()
	if err != nil {
		m.t.Fatal(err)
	}
	if len(drafts) == 0 {
		return
	}
	if _, _, err := m.s.Append(m.own.log, drafts, m.own.sign); err != nil {
		m.t.Fatal(err)
	}
	for _, d := range drafts {
		delete(m.model.drafts, d.RequestID)
		m.model.bodies[entryPlace{m.own.log, m.own.tree.Size()}] = true
		m.own.take(d.Entry())
	}
	m.model.stored[m.own.log], m.model.held[m.own.log] = m.own.tree.Size(), m.own.tree.Size()
}

func (m *machine) reopen() {
	root, digest := m.s.FrontierRoot(), m.s.digest
	if err := m.s.Close(); err != nil {
		m.t.Fatal(err)
	}
	m.open()
	if m.s.FrontierRoot() != root || m.s.digest != digest {
		m.t.Error("frontier or feed changed by reopening")
	}
}

// crash goes on from a copy of the file, taken while the store is open.
func (m *machine) crash() {
	dir := filepath.Join(m.dir, "c")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		m.t.Fatal(err)
	}
	for _, name := range []string{"node.db", "guard.json"} {
		b, err := os.ReadFile(filepath.Join(m.dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), b, 0o600)
		}
		if err != nil && !os.IsNotExist(err) {
			m.t.Fatal(err)
		}
	}
	if err := m.s.Close(); err != nil {
		m.t.Fatal(err)
	}
	m.dir = dir
	m.open()
}

// erased are the letters and reports of an author's that others erase, which are held and whose words are here.
func (m *machine) erased(a *author) map[uint64]bool {
	all := map[uint64]bool{}
	for j := range m.model.held[a.log] {
		h, err := ledger.ParseHeader(a.entries[j].Header)
		if err != nil || h.GetKind() != kindErasure || !m.model.bodies[entryPlace{a.log, j}] {
			continue
		}
		var e ledgerv1.Erasure
		if err := proto.Unmarshal(a.entries[j].Body, &e); err != nil || e.GetIndex() >= j {
			continue
		}
		h, err = ledger.ParseHeader(a.entries[e.GetIndex()].Header)
		if err == nil && (h.GetKind() == kindAdvisory || h.GetKind() == kindReport) {
			all[e.GetIndex()] = true
		}
	}
	return all
}

// glance is after every step, check now and then and at the end.
func (m *machine) glance() {
	for log, size := range m.model.held {
		if m.s.size(log) != size {
			m.t.Fatalf("%s is held to %d, want %d", log, m.s.size(log), size)
		}
	}
}

func (m *machine) check() {
	report, err := m.s.Check(m.t.Context())
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		m.t.Fatal(err)
	}
	for _, a := range m.authors {
		m.checkLog(a)
	}
	m.checkMatter()
	m.checkLists()
	if drafts, err := m.s.Drafts(); err != nil || len(drafts) != len(m.model.drafts) {
		m.t.Fatalf("%d drafts, %v; want %d", len(drafts), err, len(m.model.drafts))
	}
}

// checkLog reads a few entries of a log and all its counts.
func (m *machine) checkLog(a *author) {
	var want tally
	erased := m.erased(a)
	for i := range m.model.held[a.log] {
		v := class(visibilityOf(a.entries[i]))
		want.entries[v]++
		if !m.model.bodies[entryPlace{a.log, i}] && !erased[i] {
			want.absent[v]++
		}
		if i%37 == 0 || erased[i] {
			m.checkEntry(a, i, erased[i])
		}
	}
	got := m.s.heads[a.log].counts
	got.notUnderstood = 0
	if got != want {
		m.t.Fatalf("%s counts %+v, want %+v", a.log, got, want)
	}
}

func (m *machine) checkEntry(a *author, i uint64, erased bool) {
	got, err := m.s.Entry(a.log.Entry(i))
	if err != nil {
		m.t.Fatal(err)
	}
	want := a.entries[i]
	if (got.Absent.GetReason() == ledgerv1.AbsentReason_ABSENT_REASON_ERASED) != erased {
		m.t.Fatalf("%v: erased is %v, absent %v", got.ID, erased, got.Absent)
	}
	if !m.model.bodies[entryPlace{a.log, i}] || erased {
		want.Salt, want.Body = nil, nil
	}
	if !bytes.Equal(got.HeaderBytes, want.Header) || !bytes.Equal(got.Salt, want.Salt) || !bytes.Equal(got.Body, want.Body) {
		m.t.Fatalf("%v is not what was given", got.ID)
	}
	if (got.Absent == nil) != (want.Salt != nil) {
		m.t.Fatalf("%v: absent is %v", got.ID, got.Absent)
	}
	rows, err := m.s.Feed(got.Feed, 1)
	if err != nil || len(rows) != 1 || rows[0].Log != a.log || i < rows[0].First || i >= rows[0].End {
		m.t.Fatalf("%v arrived with %v, %v", got.ID, rows, err)
	}
	if late := rows[0].Type == FeedBodies; late != m.model.late[entryPlace{a.log, i}] {
		m.t.Fatalf("%v: late is %v", got.ID, late)
	}
}

// checkMatter finds the advisories on the plan that are held, by reading them all.
func (m *machine) checkMatter() {
	want := map[string]bool{}
	for _, a := range m.authors {
		erased := m.erased(a)
		for i := range m.model.held[a.log] {
			var advisory guidancev1.Advisory
			h, err := ledger.ParseHeader(a.entries[i].Header)
			if err != nil || h.GetKind() != kindAdvisory || !m.model.bodies[entryPlace{a.log, i}] || erased[i] {
				continue
			}
			if err := proto.Unmarshal(a.entries[i].Body, &advisory); err != nil {
				m.t.Fatal(err)
			}
			want[a.log.Entry(i).String()] = true
		}
	}
	rows, err := m.s.Candidates(accessPlan)
	if err != nil {
		m.t.Fatal(err)
	}
	got := map[string]bool{}
	for _, r := range rows {
		if r.Kind == kindAdvisory {
			got[r.ID.String()] = true
		}
	}
	if !maps.Equal(got, want) {
		m.t.Fatalf("%d advisories on the plan, want %d", len(got), len(want))
	}
}

func TestRandomOperationsMatchThePlainModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir := memDir(t)
		guarded(t, testOptions("essex", dir))
		m := &machine{t: t, dir: dir, own: newAuthor("essex"), model: model{
			map[ledger.LogID]uint64{}, map[ledger.LogID]uint64{}, map[entryPlace]bool{}, map[entryPlace]bool{}, map[string]bool{},
		}}
		again := newAuthor("surrey-sussex")
		again.log.Epoch = 1
		m.authors = []*author{newAuthor("gpc-england"), newAuthor("surrey-sussex"), again, m.own}
		m.open()
		defer func() { _ = m.s.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"ingest":    func(*rapid.T) { m.ingest() },
			"ingest2":   func(*rapid.T) { m.ingest() },
			"write":     func(*rapid.T) { m.write(m.draw()) },
			"see":       func(*rapid.T) { m.see() },
			"putBodies": func(*rapid.T) { m.putBodies() },
			"draft":     func(*rapid.T) { m.draft() },
			"append":    func(*rapid.T) { m.append() },
			"reopen":    func(*rapid.T) { m.reopen() },
			"crash":     func(*rapid.T) { m.crash() },
			"check":     func(*rapid.T) { m.check() },
			"":          func(*rapid.T) { m.glance() },
		})
		m.check()
	})
}
