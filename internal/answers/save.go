package answers

import (
	"cmp"
	"context"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// saving is what is to be sent of a picture: all of one snapshot, named there and read bit by bit.
type saving struct {
	head *answersv1.SavedHead
	end  uint64 // of the feed
	logs []savedLog
}

// savedLog is a log with its head, and the entries of it that are sent; whole: all of them.
type savedLog struct {
	head  ledger.Checkpoint
	stamp []byte
	whole bool
	some  []uint64
}

// SaveNationalPicture sends the national picture with what it takes to count it again without the node,
// part by part. What has to be read is read in turns, and sent when the turn is over, with no
// transaction open: whoever takes nothing keeps nobody waiting.
func (a *Answers) SaveNationalPicture(ctx context.Context, reader Reader, req *answersv1.SaveNationalPictureRequest, software string, turn func() (leave func(), err error), send func(*answersv1.SaveNationalPictureResponse) error) error {
	inTurn := func(work func() error) error {
		leave, err := turn()
		if err != nil {
			return err
		}
		defer leave()
		return work()
	}
	part := func(part *answersv1.SavedPart) error {
		return send(&answersv1.SaveNationalPictureResponse{Part: part})
	}
	var s saving
	if err := inTurn(func() (err error) { s, err = a.toSave(ctx, reader, req); return err }); err != nil {
		return err
	}
	s.head.Software = software
	if err := part(&answersv1.SavedPart{Part: &answersv1.SavedPart_Head{Head: s.head}}); err != nil {
		return err
	}
	sent := uint64(0)
	for _, log := range s.logs {
		if err := part(&answersv1.SavedPart{Part: &answersv1.SavedPart_Log{Log: &answersv1.SavedLog{Log: log.head.Log.String(), Checkpoint: log.head.Note, Stamp: log.stamp}}}); err != nil {
			return err
		}
		for next := 0; next < log.len(); {
			var page []*answersv1.SavedEntry
			err := inTurn(func() error {
				return a.at(ctx, reader, func(m *moment) (err error) {
					page, next, err = m.saved(s, log, next)
					return err
				})
			})
			if err != nil {
				return err
			}
			for _, e := range page {
				if err := part(&answersv1.SavedPart{Part: &answersv1.SavedPart_Entry{Entry: e}}); err != nil {
					return err
				}
				sent++
			}
		}
	}
	return part(&answersv1.SavedPart{Part: &answersv1.SavedPart_End{End: &answersv1.SavedEnd{Entries: sent}}})
}

func (l savedLog) len() int {
	if l.whole {
		return int(l.head.Size)
	}
	return len(l.some)
}

func (l savedLog) index(i int) uint64 {
	if l.whole {
		return uint64(i)
	}
	return l.some[i]
}

// saved reads those entries of a log, from a place on, that lie in one block, and says where it stopped.
func (m *moment) saved(s saving, log savedLog, next int) (page []*answersv1.SavedEntry, then int, err error) {
	block := log.index(next) / ledger.BlockEntries
	var indices []uint64
	for ; next < log.len() && log.index(next)/ledger.BlockEntries == block; next++ {
		indices = append(indices, log.index(next))
	}
	entries, err := m.Entries(log.head.Log, indices)
	if err != nil {
		return nil, next, err
	}
	for _, e := range entries {
		if e = m.forReader(e); e.Feed > s.end { // its words came since
			e.Salt, e.Body = nil, nil
		}
		one := &answersv1.SavedEntry{Index: e.ID.Index, Header: e.HeaderBytes, Salt: e.Salt, Body: e.Body, Feed: e.Feed, RecordedTime: timestamppb.New(e.Recorded)}
		if !log.whole {
			proof, err := m.ProofTo(e.ID, log.head)
			if err != nil {
				return nil, next, err
			}
			for _, hash := range proof {
				one.Proof = append(one.Proof, hash[:])
			}
		}
		page = append(page, one)
	}
	return page, next, nil
}

// toSave answers with the picture, and names what it rests on.
func (a *Answers) toSave(ctx context.Context, reader Reader, req *answersv1.SaveNationalPictureRequest) (s saving, err error) {
	err = a.asks(ctx, reader, req.GetSelector(), func(m *moment, q *question, in picture.Input) error {
		if err := m.mayAskByNumber(req.GetSelector()); err != nil {
			return err
		}
		nation := cmp.Or(req.GetNation(), picture.DefaultNation)
		pic, _, err := m.countsNation(q, in, req.GetUnit(), nation)
		if err != nil {
			return err
		}
		keeper := ledger.LogID{Federation: m.Federation, Office: m.Keeper}
		end, digest := m.FeedEnd()
		_, size := m.Registers.KnownAt(q.feed)
		s.end = end
		s.head = &answersv1.SavedHead{
			Federation: m.Federation, Keeper: m.Keeper, Office: m.Office, Selector: q.canonical(req.GetSelector()), Unit: pic.GetUnit(), Nation: nation,
			RegisterSize: size, Cursor: &answersv1.Cursor{Feed: end, Digest: digest[:], Day: m.today}, Picture: pic,
			WholeLogs: req.GetWholeLogs(), SavedTime: timestamppb.New(m.Now()),
		}
		if held, ok := m.Held(keeper); ok {
			for _, key := range m.LogKeys(keeper, held.Size) {
				s.head.KeeperVkey = ledger.VKey(keeper, key)
			}
		}
		rests, err := m.restsOn(q, keeper)
		if err != nil {
			return err
		}
		if s.head.Rows, err = m.savedRows(pic, rests); err != nil {
			return err
		}
		some := map[ledger.LogID][]uint64{}
		for id := range rests {
			log := id.Log(m.Federation)
			some[log] = append(some[log], id.Index)
		}
		for log := range m.Counts() {
			head, _ := m.Held(log)
			if head.Size == 0 {
				continue
			}
			one := savedLog{head: head, whole: req.GetWholeLogs(), some: slices.Sorted(slices.Values(some[log]))}
			if st := m.Store.LastStamp(log); st.Size == head.Size && st.Root == head.Root {
				one.stamp = st.Note
			}
			s.logs = append(s.logs, one)
		}
		slices.SortFunc(s.logs, func(x, y savedLog) int {
			if (x.head.Log == keeper) != (y.head.Log == keeper) { // by its records the keys of the others are known
				if x.head.Log == keeper {
					return -1
				}
				return 1
			}
			return x.head.Log.Compare(y.head.Log)
		})
		return nil
	})
	return s, err
}

// canonical is a selector as it means the same to whoever has no node: every name in full, both times
// settled, and of a practice its committee.
func (q *question) canonical(sel *answersv1.Selector) *answersv1.Selector {
	sel = proto.CloneOf(sel)
	sel.Matter, sel.AsOf, sel.OnDay, sel.Practice, sel.Committee, sel.Scope = q.matter.GetName(), q.asOf, "", "", "", q.scope
	sel.KnownAt = &answersv1.Selector_KnownAtFeed{KnownAtFeed: q.feed}
	if len(q.own) > 0 {
		sel.Committee = q.own[0]
	}
	if q.area != nil {
		sel.Area = notation.AreaOf(q.area).String()
	}
	return sel
}

// restsOn are the entries that a picture rests on: what bears on its matter and had arrived, for this
// reader (true: a row may rest on it); the matter's versions; and the records of the register.
func (m *moment) restsOn(q *question, keeper ledger.LogID) (map[ledger.EntryID]bool, error) {
	rests := map[ledger.EntryID]bool{}
	rows, err := m.Candidates(q.matter.GetName())
	if err != nil {
		return nil, err
	}
	entries, err := m.entries(rows, q.feed, q.register)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		rests[ledger.EntryID{Office: e.Office, Epoch: e.Epoch, Index: e.Index}] = true
	}
	versions, err := m.MatterVersions(q.matter.GetName(), q.version.Office)
	if err != nil {
		return nil, err
	}
	for _, row := range slices.DeleteFunc(versions, func(row store.Row) bool { return !m.reader.mayRead(row.Visibility, row.ID.Office, nil) }) {
		if cmp.Or(cmp.Compare(row.ID.Epoch, q.version.Epoch), cmp.Compare(row.ID.Index, q.version.Index)) <= 0 {
			rests[row.ID] = false
		}
	}
	records, err := m.OfKind(keeper, ledgerv1.EntryKind_ENTRY_KIND_REGISTER)
	for _, id := range records {
		rests[id] = false
	}
	return rests, err
}

// savedRows are the rows of a picture with the entries each rests on.
func (m *moment) savedRows(pic *answersv1.NationalPicture, rests map[ledger.EntryID]bool) ([]*answersv1.SavedRow, error) {
	leaves, failed := map[string][]byte{}, error(nil)
	rows := recount.Rows(pic, func(name string) ([]byte, bool) {
		id, err := ledger.ParseEntryID(name)
		if err != nil || !rests[id] {
			return nil, false
		}
		if leaves[name] == nil {
			e, err := m.Entry(id)
			failed = cmp.Or(failed, err)
			leaf := ledger.LeafHash(e.HeaderBytes)
			leaves[name] = leaf[:]
		}
		return leaves[name], true
	})
	return rows, failed
}
