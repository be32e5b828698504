package search

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// memory is a source: one document an arrival.
type memory struct {
	mu       sync.Mutex
	feed     []Document
	gone     map[string]bool
	salt     string // of the feed
	returned uint64
	lacking  uint64
	room     int64
	changed  chan struct{}
	looked   bool          // what came was asked for
	asked    int           // for how many documents
	slow     chan struct{} // not nil: documents wait for it
	refusing func()        // called before a place is refused
}

func newMemory(salt string, documents ...Document) *memory {
	return &memory{feed: documents, gone: map[string]bool{}, salt: salt, room: 1 << 40, changed: make(chan struct{}), refusing: func() {}}
}

func (m *memory) add(documents ...Document) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.feed = append(m.feed, documents...)
	close(m.changed)
	m.changed = make(chan struct{})
}

func (m *memory) digest(n uint64) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", m.salt, n))
	return sum[:]
}

func (m *memory) State() State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return State{Feed: uint64(len(m.feed)), Entries: uint64(len(m.feed)), Lacking: m.lacking, Returned: m.returned, Room: m.room}
}

func (m *memory) Came(_ context.Context, since Place) (names []string, to Place, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if since.Feed > uint64(len(m.feed)) || since.Feed > 0 && (string(since.Digest) != string(m.digest(since.Feed)) || since.Returned != m.returned) {
		m.refusing()
		return nil, to, ErrOtherFeed
	}
	m.looked = true
	end := min(since.Feed+256, uint64(len(m.feed)))
	for _, d := range m.feed[since.Feed:end] {
		names = append(names, d.Entry)
	}
	return names, Place{Feed: end, Digest: m.digest(end), Entries: end, Lacking: m.lacking, Returned: m.returned}, nil
}

func (m *memory) Documents(ctx context.Context, names []string) (documents []Document, err error) {
	m.mu.Lock()
	slow := m.slow
	m.asked += len(names)
	m.mu.Unlock()
	if slow != nil {
		select {
		case <-slow:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	for _, d := range m.feed {
		if wanted[d.Entry] && !m.gone[d.Entry] {
			documents = append(documents, d)
		}
	}
	return documents, nil
}

func (m *memory) Wait(ctx context.Context, since Place) error {
	m.mu.Lock()
	changed, more := m.changed, uint64(len(m.feed)) > since.Feed || m.returned != since.Returned
	m.mu.Unlock()
	if more {
		return nil
	}
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// running is an index that is kept up to date until it is stopped, or the test ends.
type running struct {
	*Index
	t    testing.TB
	stop func()
}

func run(t testing.TB, dir string, m *memory) *running {
	t.Helper()
	x := New(dir, m, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); x.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Error("the index does not stop")
		}
	})
	t.Cleanup(stop)
	return &running{x, t, stop}
}

// found are the entries that a query finds once all has been taken in.
func (r *running) found(q Query) (names []string) {
	r.t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		found, err := r.Find(context.Background(), q)
		if err != nil {
			r.t.Fatal(err)
		}
		if found.Making == nil {
			for _, hit := range found.Hits {
				names = append(names, hit.Entry)
			}
			if found.All != len(names) && !found.More && q.After == (Hit{}) {
				r.t.Errorf("%d are found in all, and %d are there", found.All, len(names))
			}
			return names
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("still being made: %+v", found.Making)
		}
		time.Sleep(time.Millisecond)
	}
}

func (r *running) finds(text string, want ...string) {
	r.t.Helper()
	if got := r.found(Query{Text: text}); fmt.Sprint(got) != fmt.Sprint(want) {
		r.t.Errorf("%q finds %v, want %v", text, got, want)
	}
}

func letter(entry, title, text string) Document {
	return Document{
		Entry: entry, Office: "essex", Committees: []string{"north-essex"}, Matters: []string{"gpc/plan"}, Earliest: "2021-10-20", Latest: "2021-10-25",
		Stances: []string{guidancev1.Stance_STANCE_REFUSE.String()}, Audiences: []string{guidancev1.Audience_AUDIENCE_PRACTICES.String()},
		Title: title, Text: text,
	}
}

// files are the files of an index, by their path.
func files(t testing.TB, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
