package answers

import (
	"cmp"
	"context"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// readEntry reads a row as the rule sees it; false for what is no concern of it.
func readEntry(row store.Row) (guidance.Entry, bool) {
	e := guidance.Entry{
		ID: row.ID.String(), Office: row.ID.Office, Epoch: row.ID.Epoch, Index: row.ID.Index,
		Feed: row.Feed, Recorded: row.Recorded, Logged: row.Logged, Visibility: row.Visibility,
	}
	return recount.Read(e, row.Kind, row.Body)
}

// contentField is where the oneof of an answer's entry has the message of a kind.
func contentField(kind ledgerv1.EntryKind) protoreflect.FieldDescriptor {
	return (*answersv1.Entry)(nil).ProtoReflect().Descriptor().Fields().ByNumber(10 + protoreflect.FieldNumber(kind))
}

// answered is a row, whose words the reader may read, as it is answered, but for where
// it stands.
func (m *moment) answered(row store.Row, critical []uint32, understood bool) *answersv1.Entry {
	e := &answersv1.Entry{
		Name: row.ID.String(), Office: row.ID.Office, Kind: row.Kind, Visibility: row.Visibility, Feed: row.Feed,
		LoggedTime: timestamppb.New(row.Logged), RecordedTime: timestamppb.New(row.Recorded),
	}
	said, err := content.Read(row.Kind, row.Body)
	if missing := content.Unknown(critical); err != nil || len(missing) > 0 || !understood {
		e.Content = &answersv1.Entry_NotUnderstood{NotUnderstood: &answersv1.NotUnderstood{
			Features: missing, Words: "This entry is not understood by this software: its bytes are kept as they came.",
		}}
		return e
	}
	e.ProtoReflect().Set(contentField(row.Kind), protoreflect.ValueOfMessage(said.ProtoReflect()))
	notice := ""
	switch said := said.(type) {
	case *guidancev1.Advisory:
		e.Issued, notice = said.GetIssued(), said.GetNotice()
	case *guidancev1.Withdrawal:
		e.Issued = said.GetIssued()
	case *guidancev1.ReportedPosition:
		e.Issued, notice = said.GetIssued(), said.GetNotice()
	case *guidancev1.Matter:
		e.Issued, notice = said.GetOpened(), said.GetNotice()
	case *ledgerv1.Erasure:
		e.Issued = said.GetIssued()
	}
	if notice != "" {
		e.Notices = []string{notice}
	}
	return e
}

// GetEntry answers with one entry of a log, and where it stands today.
func (a *Answers) GetEntry(ctx context.Context, reader Reader, req *answersv1.GetEntryRequest) (resp *answersv1.GetEntryResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		stored, err := m.entryFor(req.GetName())
		if err != nil {
			return err
		}
		resp = &answersv1.GetEntryResponse{Body: stored.Body, Completeness: m.completeness(m.reg, []string{stored.ID.Office})}
		if resp.Entry, err = m.standingToday(stored); err != nil {
			return err
		}
		resp.Entry.Header = stored.Header
		names := m.naming()
		resp.Names = names.Names
		return names.entry(resp.Entry)
	})
	return only(resp, err)
}

// removedWords say by whom, when and why the words of an entry were taken down; empty: they were not, or that may not
// be read.
func (m *moment) removedWords(stored store.StoredEntry) (string, error) {
	if stored.Absent.GetReason() != ledgerv1.AbsentReason_ABSENT_REASON_ERASED {
		return "", nil
	}
	by, err := m.Entry(stored.ID.Log(m.Federation).Entry(stored.Absent.GetErasedBy()))
	if err != nil {
		return "", err
	}
	e, ok := readEntry(rowOf(m.forReader(by)))
	if !ok || e.Erasure == nil {
		return "", nil
	}
	return guidance.RemovedWords(&e, cmp.Or(m.reg.OfficeName(e.Office), e.Office)), nil
}

// entryFor reads an entry by its name as the reader may: words not for them are withheld.
func (m *moment) entryFor(name string) (store.StoredEntry, error) {
	id, err := ledger.ParseEntryID(name)
	if err != nil {
		return store.StoredEntry{}, invalid("name", err.Error(), "write an entry as office/number, for example essex/7", err.Error())
	}
	e, err := m.Entry(id)
	if err != nil {
		return e, err
	}
	return m.forReader(e), nil
}

// forReader is an entry without its words where they are not for the reader.
func (m *moment) forReader(e store.StoredEntry) store.StoredEntry {
	var committees []string
	if read, ok := readEntry(rowOf(e)); ok {
		committees = guidance.CommitteesOf(read)
	}
	if vis := e.Header.Visibility; e.Body != nil && !m.reader.mayRead(vis, e.ID.Office, committees) {
		e.Body, e.Salt = nil, nil
		e.Absent = &ledgerv1.AbsentBody{Reason: ledgerv1.AbsentReason_ABSENT_REASON_WITHHELD, Visibility: vis}
	}
	return e
}

func rowOf(e store.StoredEntry) store.Row {
	return store.Row{
		ID: e.ID, Kind: e.Header.Kind, Visibility: e.Header.Visibility, Feed: e.Feed,
		Recorded: e.Recorded, Logged: claimed(e.Header), Body: e.Body,
	}
}

func claimed(h *ledgerv1.EntryHeader) time.Time { return time.UnixMilli(h.ClaimedMs) }

// matterNamed is what a matter is now, by its full name; nil: not known.
func (m *moment) matterNamed(name string) *guidancev1.Matter {
	now, _, err := m.newest(name, everything)
	if err != nil {
		return nil // whoever reads on meets the same damage
	}
	return now.matter
}
