// Package recounttest knows how a world of tests (a register, letters, a question) becomes a saved
// picture as a node would send it: sealed into logs, signed and proved. It is for tests alone.
package recounttest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// T is a test, be it of testing or of rapid.
type T interface {
	Helper()
	Fatal(args ...any)
}

// Federation and Keeper are of every world.
const (
	Federation = "demo"
	Keeper     = "gpc-england"
	// Software is what the node ran.
	Software = "v1"
	known    = 1_000_000
)

// Key is the log key of an office.
func Key(office string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(office))
	return ed25519.NewKeyFromSeed(seed[:])
}

// VKey is the keeper's verifier key.
func VKey() string {
	return ledger.VKey(ledger.LogID{Federation: Federation, Office: Keeper}, Key(Keeper).Public().(ed25519.PublicKey))
}

// Log is a log of a world.
type Log struct {
	ID      ledger.LogID
	entries []ledger.Entry
	bears   []bool // what is saved where not all is
	feeds   []uint64
	hashes  []tlog.Hash
	tree    ledger.Tree
}

func (l *Log) add(t T, kind ledgerv1.EntryKind, m proto.Message, feed uint64, bears bool) ledger.Entry {
	t.Helper()
	body, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	index := uint64(len(l.entries))
	salt := sha256.Sum256([]byte(l.ID.Entry(index).String()))
	e, err := ledger.Seal(kind, guidancev1.Visibility_VISIBILITY_PUBLIC, index, At, body, bytes.NewReader(salt[:]))
	if err != nil {
		t.Fatal(err)
	}
	leaf := ledger.LeafHash(e.Header)
	hashes, err := tlog.StoredHashesForRecordHash(int64(index), leaf, tlog.HashReaderFunc(l.read))
	if err != nil {
		t.Fatal(err)
	}
	l.hashes, l.entries, l.bears, l.feeds = append(l.hashes, hashes...), append(l.entries, e), append(l.bears, bears), append(l.feeds, feed)
	l.tree.Append(leaf)
	return e
}

func (l *Log) read(at []int64) ([]tlog.Hash, error) {
	all := make([]tlog.Hash, len(at))
	for i, n := range at {
		all[i] = l.hashes[n]
	}
	return all, nil
}

// At is when everything was logged and arrived.
var At = time.Date(2021, 10, 30, 9, 0, 0, 0, time.UTC)

// Saved is the picture of a world, as a node would send it: with all entries of all logs, or those it
// rests on. The world's own register and committees are replaced by those of the records.
func Saved(t T, in picture.Input, records []register.Record, unit answersv1.Unit, whole bool) []*answersv1.SavedPart {
	t.Helper()
	logs := map[string]*Log{}
	logOf := func(office string) *Log {
		if logs[office] == nil {
			logs[office] = &Log{ID: ledger.LogID{Federation: Federation, Office: office}}
		}
		return logs[office]
	}
	entries := slices.Clone(in.Entries)
	slices.SortFunc(entries, func(a, b guidance.Entry) int {
		return cmp.Or(cmp.Compare(a.Office, b.Office), cmp.Compare(a.Index, b.Index))
	})
	in.Entries = nil
	for _, e := range entries {
		kind, m := ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, proto.Message(e.Advisory)
		switch {
		case e.Withdrawal != nil:
			kind, m = ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL, e.Withdrawal
		case e.Report != nil:
			kind, m = ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION, e.Report
		}
		logOf(e.Office).add(t, kind, m, e.Feed, true)
		e.Logged, e.Recorded = At, At
		in.Entries = append(in.Entries, e)
	}
	in.Matter = valid(in.Matter)
	keeper := logOf(Keeper)
	keeper.add(t, ledgerv1.EntryKind_ENTRY_KIND_MATTER, in.Matter, 1, true)
	var folded []register.Record
	put := func(record *ledgerv1.RegisterRecord) {
		keeper.add(t, ledgerv1.EntryKind_ENTRY_KIND_REGISTER, record, 1, true)
		folded = append(folded, register.Record{Feed: 1, Entry: keeper.ID.Entry(uint64(len(keeper.entries) - 1)), Body: record})
	}
	for _, office := range officesOf(records, logs) {
		put(admission(t, office))
	}
	for _, record := range records {
		put(record.Body)
	}
	for _, office := range slices.Sorted(maps.Keys(logs)) { // what bears on nothing
		logOf(office).add(t, ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, &guidancev1.Advisory{Office: office, Title: "On something else"}, 1, false)
	}

	reg := register.Fold(Federation, Keeper, Key(Keeper).Public().(ed25519.PublicKey), folded)
	in.Register, in.KnownAt, in.Said = reg, known, nil
	in.Completeness = proto.CloneOf(in.Completeness)
	for _, office := range reg.Offices() {
		if logs[office.Id] == nil {
			in.Completeness.NotJoined = append(in.Completeness.NotJoined, office.Id)
		}
	}
	in.Committees = nil
	for _, c := range reg.Committees(in.AsOf) {
		in.Committees = append(in.Committees, recount.Unknown(recount.CommitteeOn(reg, c, in.AsOf), reg.OfficesEver(c.Id), nil, in.Completeness))
	}
	pic, err := picture.National(context.Background(), in, unit, "")
	if err != nil {
		t.Fatal(err)
	}
	head := &answersv1.SavedHead{
		Federation: Federation, Keeper: Keeper, KeeperVkey: VKey(), Office: "essex", Unit: pic.GetUnit(), Nation: picture.DefaultNation,
		Selector: &answersv1.Selector{
			Matter: in.Matter.GetName(), Measure: in.Measure, WholeMatter: in.Whole, Audience: in.Audience, Scope: in.Scope, AsOf: in.AsOf,
			KnownAt: &answersv1.Selector_KnownAtFeed{KnownAtFeed: known},
		},
		RegisterSize: uint64(len(keeper.entries)), Cursor: &answersv1.Cursor{Feed: known}, Picture: pic, WholeLogs: whole,
		SavedTime: timestamppb.New(At), Software: Software,
	}
	if in.Area != nil {
		head.Selector.Area = notation.AreaOf(in.Area).String()
	}
	head.Rows = recount.Rows(pic, func(name string) ([]byte, bool) {
		id, err := ledger.ParseEntryID(name)
		if err != nil || logs[id.Office] == nil || id.Index >= uint64(len(logs[id.Office].entries)) {
			return nil, false
		}
		leaf := ledger.LeafHash(logs[id.Office].entries[id.Index].Header)
		return leaf[:], true
	})
	parts := []*answersv1.SavedPart{{Part: &answersv1.SavedPart_Head{Head: head}}}
	order := append([]string{Keeper}, slices.DeleteFunc(slices.Sorted(maps.Keys(logs)), func(o string) bool { return o == Keeper })...)
	sent := uint64(0)
	for _, office := range order {
		more := logs[office].parts(t, whole)
		sent += uint64(len(more) - 1)
		parts = append(parts, more...)
	}
	parts = append(parts, &answersv1.SavedPart{Part: &answersv1.SavedPart_End{End: &answersv1.SavedEnd{Entries: sent}}})
	for i := range parts { // nothing of what was counted is shared
		parts[i] = proto.CloneOf(parts[i])
	}
	return parts
}

// parts are a log and its entries.
func (l *Log) parts(t T, whole bool) []*answersv1.SavedPart {
	t.Helper()
	cp, err := ledger.SignCheckpoint(l.ID, l.tree.Size(), l.tree.Root(), Key(l.ID.Office))
	if err != nil {
		t.Fatal(err)
	}
	stamp, err := ledger.SignStamp(cp, At, Key(l.ID.Office))
	if err != nil {
		t.Fatal(err)
	}
	parts := []*answersv1.SavedPart{{Part: &answersv1.SavedPart_Log{Log: &answersv1.SavedLog{Log: l.ID.String(), Checkpoint: cp.Note, Stamp: stamp.Note}}}}
	for i, e := range l.entries {
		if !whole && !l.bears[i] {
			continue
		}
		saved := &answersv1.SavedEntry{Index: uint64(i), Header: e.Header, Salt: e.Salt, Body: e.Body, Feed: l.feeds[i], RecordedTime: timestamppb.New(At)}
		if !whole {
			proof, err := ledger.ProveInclusion(tlog.HashReaderFunc(l.read), uint64(i), l.tree.Size())
			if err != nil {
				t.Fatal(err)
			}
			for _, hash := range proof {
				saved.Proof = append(saved.Proof, hash[:])
			}
		}
		parts = append(parts, &answersv1.SavedPart{Part: &answersv1.SavedPart_Entry{Entry: saved}})
	}
	return parts
}

// officesOf are the offices of some records and logs, by id.
func officesOf(records []register.Record, logs map[string]*Log) []string {
	all := slices.Collect(maps.Keys(logs))
	for _, record := range records {
		if office := record.Body.GetMandate().GetOffice(); office != "" {
			all = append(all, office)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// admission admits an office, with its own signature.
func admission(t T, office string) *ledgerv1.RegisterRecord {
	t.Helper()
	root := Key(office + " root")
	record, err := proto.Marshal(&ledgerv1.OfficeRecord{
		Federation: Federation, Office: &guidancev1.Office{Id: office, Name: "The office " + office}, Serial: 1,
		RootKey: root.Public().(ed25519.PublicKey), LogKey: Key(office).Public().(ed25519.PublicKey),
	})
	if err != nil {
		t.Fatal(err)
	}
	signed := &ledgerv1.SignedOfficeRecord{Record: record, Signature: ledger.SignBytes("office", record, root)}
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: signed}}}
}

// valid is a matter with what publishing asks for and worlds leave out.
func valid(m *guidancev1.Matter) *guidancev1.Matter {
	m = proto.CloneOf(m)
	m.Visibility = guidancev1.Visibility_VISIBILITY_PUBLIC
	kind := func(b *guidancev1.Body) {
		if b != nil && b.Kind == guidancev1.BodyKind_BODY_KIND_UNSPECIFIED {
			b.Kind = guidancev1.BodyKind_BODY_KIND_NHS_BODY
		}
	}
	kind(m.Proposer)
	for _, measure := range m.Measures {
		if kind(measure.Proposer); measure.Kind == guidancev1.MeasureKind_MEASURE_KIND_UNSPECIFIED {
			measure.Kind = guidancev1.MeasureKind_MEASURE_KIND_COLLECTIVE_ACTION
		}
	}
	return m
}

// File is parts as they stand in a file.
func File(t T, parts []*answersv1.SavedPart) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := recount.NewWriter(&b)
	for _, part := range parts {
		if err == nil {
			err = w.Write(part)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
