// Package search knows in which of the letters, reports and matters of a node words are
// found: a full-text index, in a folder of its own beside the data.
//
// The index is derived. It is made from what a Source offers and made anew, in the
// background, whenever it is missing, of another version of itself, of another feed, or not
// byte for byte as it was closed; deleting it does no harm, and nothing waits for it. It is
// used to find names of entries and for nothing else: what is shown of an entry is read where
// everybody else reads it, so that a damaged index can hide an entry and never misquote one.
//
// It knows nothing of readers: whatever its source gives is found by all. It does not know
// whether a letter stands, nor the register, whose names come with each query.
package search

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Limits of a query (protocol.md 3).
const (
	// QueryLimit is how many characters it may have, without blanks around it.
	QueryLimit = 256
	// WordsLimit is how many words and phrases it may have.
	WordsLimit = 32
	// nearLimit is how many words that are written nearly alike are looked for beside one.
	nearLimit = 4
)

// Source is what there is to find. Its methods may be called at any time, by several at once.
type Source interface {
	// State is how far the feed has come, how many entries are held, of how many there are no words, and how
	// many bytes may still be written.
	State() State
	// Came is which entries may be found otherwise than before since a place in the feed, and
	// the place it looked as far as, which has not come nearer where there is nothing new. Error:
	// ErrOtherFeed.
	Came(ctx context.Context, since Place) (names []string, to Place, err error)
	// Documents are the documents of entries as of now. Those that nobody is to find have none.
	Documents(ctx context.Context, names []string) ([]Document, error)
	// Wait returns when the feed has come further than a place, or words have come back since.
	Wait(ctx context.Context, since Place) error
}

// ErrOtherFeed is returned for a place that is not in the feed, or where what lies before it may be
// other than it was: all has to be read anew.
var ErrOtherFeed = errors.New("the place is of another feed")

// State is how a source is.
type State struct {
	Feed     uint64 // number of the newest arrival
	Entries  uint64 // held
	Lacking  uint64 // of these: without words
	Returned uint64 // of the process alone: words that were lost and came back without an arrival
	Room     int64  // bytes
}

// Place is how far an index has read a feed.
type Place struct {
	Feed     uint64 // number of the last arrival it has
	Digest   []byte // of the feed, there
	Entries  uint64 // how many entries had come by then
	Lacking  uint64 // how many had no words then
	Returned uint64 `json:"-"` // the State's, then
}

// isBehind says of a place that an index with it lacks something that there is.
func (p Place) isBehind(s State) bool { return p.Feed < s.Feed || p.Returned != s.Returned }

// Query is what is looked for. Whatever is left out limits nothing.
type Query struct {
	Text       string
	Office     string
	Committees []string // any of them
	Matter     string   // by name in full
	Stance     guidancev1.Stance
	Audience   guidancev1.Audience
	From, To   string // days of issue
	Names      *Names // what words may name besides
	After      Hit    // go on behind it; zero: from the best on
	Limit      int
}

// Hit is an entry that was found.
type Hit struct {
	Entry string
	Score float64
}

// Found is what a query found.
type Found struct {
	Hits []Hit
	// All is how many there are, those of other pages with them.
	All int
	// More is whether any come after Hits.
	More bool
	// Making is how many of how many entries have been looked at; nil: all.
	Making *Making
	// words are what was looked for, as the index writes it.
	words map[string]bool
}

// Making is how far an index has come.
type Making struct{ Made, Entries uint64 }

// Index is the index of one node. Safe for use by many goroutines.
type Index struct {
	dir    string
	source Source
	logger *slog.Logger
	how    *mapping.IndexMappingImpl

	mu      sync.RWMutex // held for reading while the files are searched
	files   bleve.Index  // nil: not open
	place   Place
	moved   chan struct{} // closed when place has moved
	damaged chan error    // has one when a search met damage
	behind  chan struct{} // has one when a search met an index that lacks what came
}

// New is the index in a folder. Nothing is read or written until Run.
func New(dir string, source Source, logger *slog.Logger) *Index {
	return &Index{dir: dir, source: source, logger: logger, how: newMapping(), moved: make(chan struct{}), damaged: make(chan error, 1), behind: make(chan struct{}, 1)}
}
