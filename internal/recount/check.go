package recount

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// ErrOtherFederation: the file is of another federation, or of another keeper's, than the key.
var ErrOtherFederation = errors.New("the file is of another federation than the key")

const (
	// toldLimit is how many things of one kind are told one by one.
	toldLimit = 20
	// keptLimit is about how many bytes of memory what is kept of a file takes, with keptBeside each.
	keptLimit  = 1 << 30
	keptBeside = 512
	// LogsLimit is how many logs a file may have: as many as a node keeps.
	LogsLimit = 10_000
)

// kept is an entry of the file that may bear on the picture.
type kept struct {
	entry guidance.Entry
	leaf  tlog.Hash
}

// version is a MATTER entry of the file.
type version struct {
	matter *guidancev1.Matter
	id     ledger.EntryID
	feed   uint64
	place  int // among those of its log in the file, from 0
}

// checker reads one file.
type checker struct {
	keeper ledger.LogID
	key    ed25519.PublicKey
	result *answersv1.Recount

	head    *answersv1.SavedHead
	picture *answersv1.NationalPicture

	// Of the log that is being read.
	log     ledger.LogID
	cp      ledger.Checkpoint
	tree    ledger.Tree
	isOpen  bool
	ofLog   *answersv1.RecountedLog
	last    uint64 // the index behind the last entry read
	matters int
	absent  map[uint64]bool // whose words are not in the file, and were not taken down

	logs     map[ledger.LogID]bool // begun
	faults   int                   // how many things are not proved
	entries  uint64
	weight   int // about how many bytes are kept
	all      map[string]*kept
	versions []version // of the matter that is asked about
	records  []register.Record
	now      *register.Register // by all of its records; nil: not read yet
	then     *register.Register // as known at the moment asked about
	without  map[string]int32   // by office: entries whose words are not in the file
	sizes    map[string]uint64  // by office
}

// Check reads a saved picture, and counts it again by what is proved by the keeper's key (vkey) alone.
// An error says that the file cannot be read at all. Errors: ErrNotOne, ErrVersion, ErrCut,
// ErrOtherFederation, and what is wrong with the key.
func Check(ctx context.Context, r io.Reader, vkey, software string) (*answersv1.Recount, error) {
	log, key, err := ledger.ParseVKey(vkey)
	if err != nil {
		return nil, err
	}
	c := &checker{
		keeper: log, key: key, result: &answersv1.Recount{},
		all: map[string]*kept{}, logs: map[ledger.LogID]bool{}, without: map[string]int32{}, sizes: map[string]uint64{},
	}
	if err := eachPart(r, func(part *answersv1.SavedPart) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return c.part(part)
	}); err != nil {
		return nil, err
	}
	return c.result, c.finish(ctx, software)
}

// Claim is the key that a file says its keeper's log has: nothing is proved by it.
func Claim(r io.Reader) (vkey string) {
	enough := errors.New("enough")
	_ = eachPart(r, func(part *answersv1.SavedPart) error {
		vkey = part.GetHead().GetKeeperVkey()
		return enough
	})
	return vkey
}

// notProved notes what is not proved. A file of nothing but faults fills neither memory nor page.
func (c *checker) notProved(format string, args ...any) {
	if c.faults++; c.faults <= toldLimit {
		c.result.NotProved = append(c.result.NotProved, fmt.Sprintf(format, args...))
	}
}

func (c *checker) part(part *answersv1.SavedPart) error {
	if (c.head == nil) != (part.GetHead() != nil) {
		return fmt.Errorf("%w: it does not begin with its head, or has two", ErrCut)
	}
	switch of := part.GetPart().(type) {
	case *answersv1.SavedPart_Head:
		return c.begin(of.Head)
	case *answersv1.SavedPart_Log:
		c.endLog()
		return c.beginLog(of.Log)
	case *answersv1.SavedPart_Entry:
		return c.add(of.Entry)
	case *answersv1.SavedPart_End:
		c.endLog()
		if of.End.GetEntries() != c.entries {
			return fmt.Errorf("%w: it had %d entries, and %d are there", ErrCut, of.End.GetEntries(), c.entries)
		}
		return nil
	}
	return fmt.Errorf("%w: a part that this version does not know", ErrCut)
}

func (c *checker) begin(head *answersv1.SavedHead) error {
	if head.GetFederation() != c.keeper.Federation || head.GetKeeper() != c.keeper.Office {
		return fmt.Errorf("%w: the file is of the federation %s, whose register %s keeps; the key is of the federation %s, and of %s", ErrOtherFederation,
			head.GetFederation(), head.GetKeeper(), c.keeper.Federation, c.keeper.Office)
	}
	c.picture = head.GetPicture()
	c.head = head
	c.result.Head = proto.CloneOf(head)
	c.result.Head.Rows, c.result.Head.Picture = nil, nil
	return nil
}

// beginLog begins a log. The keeper's is first: by its records the keys of the others are known.
func (c *checker) beginLog(saved *answersv1.SavedLog) error {
	log, err := ledger.ParseLogID(saved.GetLog())
	switch {
	case err != nil:
		return fmt.Errorf("%w: %v", ErrCut, err)
	case (len(c.result.Logs) == 0) != (log == c.keeper):
		return fmt.Errorf("%w: the log of the register is not the first", ErrCut)
	case len(c.result.Logs) == LogsLimit:
		return fmt.Errorf("%w: it has more than %d logs", ErrCut, LogsLimit)
	case c.logs[log]:
		return fmt.Errorf("%w: the log %s is there twice", ErrCut, log)
	}
	c.log, c.tree, c.last, c.matters, c.absent = log, ledger.Tree{}, 0, 0, map[uint64]bool{}
	c.logs[log] = true
	c.ofLog = &answersv1.RecountedLog{Log: log.String()}
	c.result.Logs = append(c.result.Logs, c.ofLog)
	keys := func(size uint64) []ed25519.PublicKey {
		if c.now == nil {
			return []ed25519.PublicKey{c.key}
		}
		return c.now.LogKeys(log, size)
	}
	peek, err := ledger.PeekCheckpoint(saved.GetCheckpoint())
	if err == nil {
		c.cp, err = ledger.OpenCheckpoint(saved.GetCheckpoint(), keys(peek.Size))
	}
	if err == nil && c.cp.Log != log {
		err = ledger.ErrWrongLog
	}
	if c.isOpen = err == nil; !c.isOpen {
		c.notProved("The head of the log of %s is not signed by the key that it must be signed by (%v): nothing of that log is proved.", c.log.Office, err)
		return nil
	}
	c.ofLog.Size, c.sizes[log.Office] = c.cp.Size, c.sizes[log.Office]+c.cp.Size
	if len(saved.GetStamp()) > 0 {
		st, err := ledger.OpenStamp(saved.GetStamp(), keys(c.cp.Size))
		if err != nil || st.Log != log || st.Size != c.cp.Size || st.Root != c.cp.Root {
			c.notProved("The word of %s that this head was its newest is not signed by its key, or is of another head.", c.log.Office)
			return nil
		}
		c.ofLog.NewestTime = timestamppb.New(st.Time)
	}
	return nil
}

// add takes an entry in: whatever is not proved of it is told, and it counts for nothing.
func (c *checker) add(saved *answersv1.SavedEntry) error {
	if c.ofLog == nil {
		return fmt.Errorf("%w: an entry stands before its log", ErrCut)
	}
	if c.entries++; c.entries > EntriesLimit {
		return fmt.Errorf("%w: it has more than %d entries", ErrCut, EntriesLimit)
	}
	c.ofLog.Entries++
	id := c.log.Entry(saved.GetIndex())
	e := ledger.Entry{Header: saved.GetHeader(), Salt: saved.GetSalt(), Body: saved.GetBody()}
	header, err := e.Check(saved.GetIndex())
	leaf := ledger.LeafHash(e.Header)
	switch {
	case errors.Is(err, ledger.ErrBadBody):
		c.notProved("%s: its words are not those that %s logged: they were altered.", id, id.Office)
	case err != nil:
		c.notProved("%s: it is not what an entry must be at its place: it was altered (%v).", id, err)
	case saved.GetIndex() < c.last:
		c.notProved("%s: it is there twice, or not in its place.", id)
		err = ledger.ErrBadEntry
	case !c.isOpen:
		err = ledger.ErrUnknownKey
	case !c.head.GetWholeLogs():
		if err = c.proves(saved.GetProof(), saved.GetIndex(), leaf); err != nil {
			c.notProved("%s: it is not shown to be in the log of %s: it was altered, or never there.", id, id.Office)
		}
	}
	c.last = saved.GetIndex() + 1
	if c.head.GetWholeLogs() {
		if c.tree.Size() != saved.GetIndex() && err == nil {
			c.notProved("%s: %d entries before it were left out.", id, saved.GetIndex()-c.tree.Size())
			c.isOpen = false
		}
		c.tree.Append(leaf)
	}
	if err != nil {
		return nil
	}
	return c.keep(id, header, saved, leaf)
}

func (c *checker) proves(proof [][]byte, index uint64, leaf tlog.Hash) error {
	if len(proof) > ledger.ProofLimit {
		return ledger.ErrTooLarge
	}
	record := make(tlog.RecordProof, len(proof))
	for i, hash := range proof {
		if len(hash) != tlog.HashSize {
			return ledger.ErrMalformed
		}
		record[i] = tlog.Hash(hash)
	}
	return ledger.CheckInclusion(record, c.cp, index, leaf)
}

// keep keeps what of an entry may bear on the picture.
func (c *checker) keep(id ledger.EntryID, header *ledgerv1.EntryHeader, saved *answersv1.SavedEntry, leaf tlog.Hash) error {
	kind := header.GetKind()
	if saved.GetBody() == nil {
		c.absent[id.Index] = true
		return nil
	}
	if len(content.Unknown(header.GetCritical())) > 0 {
		return nil
	}
	e := guidance.Entry{
		ID: id.String(), Office: id.Office, Epoch: id.Epoch, Index: id.Index, Feed: saved.GetFeed(),
		Recorded: saved.GetRecordedTime().AsTime(), Logged: time.UnixMilli(header.GetClaimedMs()), Visibility: header.GetVisibility(),
	}
	switch kind {
	case ledgerv1.EntryKind_ENTRY_KIND_REGISTER:
		if c.log == c.keeper {
			record := register.Record{Feed: e.Feed, Entry: id, Body: &ledgerv1.RegisterRecord{}}
			if proto.Unmarshal(saved.GetBody(), record.Body) != nil {
				record.Body = nil
			}
			c.records = append(c.records, record)
			c.weight += len(saved.GetBody()) + keptBeside
		}
	case ledgerv1.EntryKind_ENTRY_KIND_MATTER:
		matter := &guidancev1.Matter{}
		c.matters++
		if proto.Unmarshal(saved.GetBody(), matter) == nil && matter.GetName() == c.head.GetSelector().GetMatter() {
			c.versions = append(c.versions, version{matter, id, e.Feed, c.matters - 1})
			c.weight += len(saved.GetBody()) + keptBeside
		}
	default:
		e, ok := Read(e, kind, saved.GetBody())
		if e.Erasure != nil { // the node did not count it among those it lacks
			if of, err := ledger.ParseEntryID(e.Erasure.Of); err == nil {
				delete(c.absent, of.Index)
			}
		}
		if !ok || len(guidance.Ends(e)) > content.LinkLimit || len(matters(e)) > content.LinkLimit {
			return nil
		}
		if e.Advisory != nil {
			e.Advisory.Body, e.Advisory.Attachments = "", nil // nothing in an answer rests on them
		}
		if len(guidance.Ends(e)) > 0 || slices.Contains(matters(e), c.head.GetSelector().GetMatter()) {
			c.all[e.ID] = &kept{e, leaf}
			c.weight += len(saved.GetBody()) + keptBeside
		}
	}
	if c.weight > keptLimit {
		return fmt.Errorf("%w: what bears on the picture has more than %d bytes", ErrCut, keptLimit)
	}
	return nil
}

// endLog ends the log that was being read: of one that is whole the entries must lead to the signed head.
func (c *checker) endLog() {
	if c.ofLog == nil {
		return
	}
	if c.head.GetWholeLogs() && c.isOpen && (c.tree.Size() != c.cp.Size || c.tree.Root() != c.cp.Root) {
		c.notProved("The log of %s is not whole: its signed head has %d entries, and those that are there, %d, do not lead to it.", c.log.Office, c.cp.Size, c.tree.Size())
	}
	c.without[c.log.Office] += int32(len(c.absent))
	if c.log != c.keeper {
		return
	}
	c.now = register.Fold(c.keeper.Federation, c.keeper.Office, c.key, c.records)
	if c.isOpen && len(c.now.LogKeys(c.keeper, c.cp.Size)) == 0 {
		c.notProved("The key of the register's log was revoked before its head: nothing is proved by it.")
	}
	known := c.head.GetSelector().GetKnownAtFeed()
	c.then = c.now
	if later := func(r register.Record) bool { return r.Feed > known }; slices.ContainsFunc(c.records, later) {
		c.then = register.Fold(c.keeper.Federation, c.keeper.Office, c.key, slices.DeleteFunc(slices.Clone(c.records), later))
	}
}
