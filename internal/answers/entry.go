package answers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
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
	m, err := content.Read(row.Kind, row.Body)
	if err != nil {
		return e, false
	}
	switch m := m.(type) {
	case *guidancev1.Advisory:
		e.Advisory = m
	case *guidancev1.Withdrawal:
		e.Withdrawal = m
	case *guidancev1.ReportedPosition:
		e.Report = m
	default:
		return e, false
	}
	return e, true
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
		resp = &answersv1.GetEntryResponse{Body: stored.Body, Completeness: m.completeness(m.reg)}
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
	var committees []string
	if read, ok := readEntry(rowOf(e)); ok {
		committees = guidance.CommitteesOf(read)
	}
	if vis := e.Header.Visibility; e.Body != nil && !m.reader.mayRead(vis, id.Office, committees) {
		e.Body, e.Salt = nil, nil
		e.Absent = &ledgerv1.AbsentBody{Reason: ledgerv1.AbsentReason_ABSENT_REASON_WITHHELD, Visibility: vis}
	}
	return e, nil
}

func rowOf(e store.StoredEntry) store.Row {
	return store.Row{
		ID: e.ID, Kind: e.Header.Kind, Visibility: e.Header.Visibility, Feed: e.Feed,
		Recorded: e.Recorded, Logged: claimed(e.Header), Body: e.Body,
	}
}

func claimed(h *ledgerv1.EntryHeader) time.Time { return time.UnixMilli(h.ClaimedMs) }

// standingToday is a stored entry as it is answered, with all that may be said of where it
// stands today: what ended it, and which later line stands over it.
func (m *moment) standingToday(stored store.StoredEntry) (*answersv1.Entry, error) {
	row := rowOf(stored)
	understood, err := m.Understood(row.ID)
	if err != nil {
		return nil, err
	}
	entry := m.answered(row, stored.Header.GetCritical(), understood)
	if stored.Body == nil {
		entry.Content = &answersv1.Entry_Absent{Absent: stored.Absent}
		return entry, nil
	}
	e, ok := readEntry(row)
	if !ok || entry.GetNotUnderstood() != nil {
		entry.Words, err = m.versionWords(row.ID, entry.GetMatter())
		return entry, err
	}
	touched := Touches{read: []guidance.Entry{e}, Committees: guidance.CommitteesOf(e)}
	if e.Withdrawal != nil {
		touched.Entries = []string{e.Withdrawal.GetAdvisory()}
	}
	around, err := m.standing(touched)
	if err != nil {
		return entry, err
	}
	if i := slices.IndexFunc(around, func(one guidance.Entry) bool { return one.ID == e.Withdrawal.GetAdvisory() }); i >= 0 {
		// A withdrawal goes with the notice of what it withdraws.
		if notice := cmp.Or(around[i].Advisory.GetNotice(), around[i].Report.GetNotice()); notice != "" {
			entry.Notices = []string{notice}
		}
	}
	e.Repudiated = m.reg.Repudiated(row.ID.Log(m.Federation), row.ID.Index)
	said := guidance.Prepare(m.ctx, around, m.reg)
	end := said.EndOf(e, m.today, m.matterNamed)
	entry.Standings, entry.Words = end.Committees, end.Words
	for committee, over := range said.StandsOver(e, m.today, m.matterNamed) {
		i := slices.IndexFunc(entry.Standings, func(s *answersv1.CommitteeStanding) bool { return s.Committee == committee })
		if i < 0 || len(entry.Standings[i].Endings) > 0 {
			continue
		}
		entry.Standings[i].OvertakenBy = over.ID
		if end.Current && end.By == "" {
			entry.Words = guidance.OverWords(over)
		}
	}
	if err := m.standNow(e, entry, said.StandsNow(e, m.today, m.matterNamed)); err != nil {
		return entry, err
	}
	return entry, m.ctx.Err()
}

// chainLimit is how many letters that took the place of one another are followed.
const chainLimit = 1024

// standNow says of an entry that has ended for a committee what stands there now: the entry
// whose line answers, else the newest that stands of those that took its place, one after
// another, which need take no position.
func (m *moment) standNow(e guidance.Entry, entry *answersv1.Entry, lines map[string]*guidance.Entry) error {
	if e.Withdrawal != nil || !slices.ContainsFunc(entry.Standings, func(st *answersv1.CommitteeStanding) bool { return !st.Current && len(st.Endings) > 0 }) {
		return nil
	}
	chain, whole, err := m.inPlaceOf(e)
	if err != nil {
		return err
	}
	said := guidance.Prepare(m.ctx, chain, m.reg)
	standing := map[string]string{} // by committee: the newest of the chain that stands
	newest := map[string]string{}
	for _, other := range chain {
		if other.ID == e.ID || other.Withdrawal != nil {
			continue
		}
		for _, st := range said.EndOf(other, m.today, m.matterNamed).Committees {
			if day := other.Issued().GetLatest(); st.Current && day >= newest[st.Committee] {
				newest[st.Committee], standing[st.Committee] = day, other.ID
			}
		}
	}
	var now, whose []string
	for _, st := range entry.Standings {
		if st.Current || len(st.Endings) == 0 {
			continue
		}
		for _, c := range append(m.reg.Successors(st.Committee), st.Committee) {
			if line := lines[st.Committee]; line != nil {
				st.StandsNow = line.ID
			} else if standing[c] != "" {
				st.StandsNow = standing[c]
			}
		}
		if st.StandsNow != "" {
			now, whose = append(now, st.StandsNow), append(whose, st.StandsNow+" for "+cmp.Or(m.reg.CommitteeName(st.Committee), st.Committee))
		}
	}
	endings := entry.Standings[0].GetEndings()
	switch {
	case len(now) == 0 && !whole:
		entry.Words += fmt.Sprintf(" What took its place was followed for %d letters: lmc history lists the rest.", chainLimit)
	case len(now) == 0:
		entry.Words += " Nothing stands in its place."
	case len(slices.Compact(slices.Clone(now))) > 1:
		entry.Words += " What stands now: " + strings.Join(whose, ", ") + "."
	case len(endings) == 0 || endings[len(endings)-1].Entry != now[0]: // else it is said already
		entry.Words += " What stands now is " + now[0] + "."
	}
	return nil
}

// inPlaceOf reads what took the place of an entry, of that, and so on, with the withdrawals
// among them and what those restored; whole says that it was followed to its end. Each entry is
// read once, whatever the committees and however often it is named.
func (m *moment) inPlaceOf(e guidance.Entry) (chain []guidance.Entry, whole bool, err error) {
	chain, seen := []guidance.Entry{e}, map[string]bool{e.ID: true}
	offices := map[string]bool{e.Office: true}
	for _, c := range guidance.CommitteesOf(e) {
		for _, of := range append(m.reg.Successors(c), c) {
			for _, office := range m.reg.OfficesEver(of) {
				offices[office] = true
			}
		}
	}
	looked := 0
	for n := 0; n < len(chain); n++ {
		at := chain[n]
		ids, err := m.EndedBy(ledger.EntryID{Office: at.Office, Epoch: at.Epoch, Index: at.Index})
		if err != nil {
			return nil, false, err
		}
		next := at.Withdrawal.GetRestores()
		for _, id := range ids {
			if offices[id.Office] {
				next = append(next, id.String())
			}
		}
		for _, name := range next {
			if seen[name] {
				continue
			}
			if looked++; looked > chainLimit {
				return chain, false, m.ctx.Err()
			}
			seen[name] = true
			if id, err := ledger.ParseEntryID(name); err != nil || !m.isHeld(id) {
				continue // restored, and not here
			}
			stored, err := m.entryFor(name)
			if err != nil {
				return nil, false, err
			}
			by, ok := readEntry(rowOf(stored))
			if stored.Body == nil || !ok || by.Advisory != nil && !slices.Contains(by.Advisory.GetReplaces(), at.ID) && at.Withdrawal == nil {
				continue // what only amends takes nothing's place
			}
			by.Repudiated = m.reg.Repudiated(stored.ID.Log(m.Federation), stored.ID.Index)
			chain = append(chain, by)
		}
	}
	return chain, true, m.ctx.Err()
}

// versionWords says of a version of a matter when it is not what the matter is: it does not
// count, or another has taken its place. Nothing of what is no matter.
func (m *moment) versionWords(id ledger.EntryID, matter *guidancev1.Matter) (string, error) {
	if matter == nil {
		return "", nil
	}
	now, known, err := m.newest(matter.GetName(), everything)
	switch {
	case err != nil || known && now.entry == id:
		return "", err
	case m.reg.Repudiated(id.Log(m.Federation), id.Index):
		return guidance.NotCountedWords(answersv1.NotCountedReason_NOT_COUNTED_REASON_KEY_REVOKED, nil), nil
	case guidance.ValidateMatter(matter) != nil:
		return "It does not count: " + guidance.ValidateMatter(matter).Error(), nil
	case !known || now.entry.Office != id.Office || cmp.Or(cmp.Compare(now.entry.Epoch, id.Epoch), cmp.Compare(now.entry.Index, id.Index)) < 0:
		return "It does not count: only its opener may amend a matter, and an office that speaks for no committee may open few.", nil
	}
	return now.entry.String() + " has taken its place.", nil
}

// matterNamed is what a matter is now, by its full name; nil: not known.
func (m *moment) matterNamed(name string) *guidancev1.Matter {
	now, _, err := m.newest(name, everything)
	if err != nil {
		return nil // whoever reads on meets the same damage
	}
	return now.matter
}

func (m *moment) isHeld(id ledger.EntryID) bool {
	held, _ := m.Held(id.Log(m.Federation))
	return id.Index < held.Size
}

// withEndings is an entry with what ends it, and what takes those endings back: all that
// decides where it stands, as known at a feed number. What was read stays in read.
func (m *moment) withEndings(e guidance.Entry, feed uint64, reg *register.Register, read map[ledger.EntryID]guidance.Entry) ([]guidance.Entry, error) {
	around, seen := []guidance.Entry{e}, map[string]bool{e.ID: true}
	if id, err := ledger.ParseEntryID(e.Withdrawal.GetAdvisory()); e.Withdrawal != nil && err == nil && m.isHeld(id) {
		stored, err := m.entryFor(id.String())
		if err != nil {
			return nil, err
		}
		if target, ok := readEntry(rowOf(stored)); ok {
			around, seen[target.ID] = append(around, target), true
		}
	}
	mayEnd := map[string]bool{e.Office: true} // the offices whose endings may count: others can flood
	for _, c := range guidance.CommitteesOf(e) {
		for _, office := range reg.OfficesEver(c) {
			mayEnd[office] = true
		}
	}
	for from, depth := 0, 0; depth < 2; depth++ {
		ended := around[from:]
		from = len(around)
		for _, one := range ended {
			ids, err := m.EndedBy(ledger.EntryID{Office: one.Office, Epoch: one.Epoch, Index: one.Index})
			if err != nil {
				return nil, err
			}
			for _, id := range ids {
				if !mayEnd[id.Office] {
					continue
				}
				by, before := read[id]
				if !before {
					row, err := m.RowOf(id)
					if err != nil {
						return nil, err
					}
					found, err := m.entries([]store.Row{row}, feed, reg)
					if err != nil {
						return nil, err
					}
					if len(found) == 1 { // else not for this reader, or of later
						by = found[0]
					}
					read[id] = by
				}
				if by.ID != "" && !seen[by.ID] {
					around, seen[by.ID] = append(around, by), true
				}
			}
		}
	}
	return around, m.ctx.Err()
}

// GetProof answers with the offline proof of one entry.
func (a *Answers) GetProof(ctx context.Context, reader Reader, req *answersv1.GetProofRequest) (resp *answersv1.GetProofResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		e, err := m.entryFor(req.GetName())
		if err != nil {
			return err
		}
		id := e.ID
		if e.Body == nil {
			return fault.New(fault.ErrAbsent, fmt.Sprintf("the words of %s are not here, so they cannot be proved", id), "ask the node of the office that published it")
		}
		record, cp, err := m.Proof(id)
		if err != nil {
			return err
		}
		file, err := ledger.ProofFile(id, ledger.Entry{Header: e.HeaderBytes, Salt: e.Salt, Body: e.Body}, cp, record)
		if err != nil {
			return fmt.Errorf("proving %s: %w", id, err)
		}
		log := id.Log(m.Federation)
		for _, key := range m.LogKeys(log, cp.Size) {
			if _, err := ledger.CheckProofFile(file, e.Body, log, key); err == nil {
				resp = &answersv1.GetProofResponse{Proof: file, Body: e.Body, Name: id.String(), Vkey: ledger.VKey(log, key)}
				return nil
			}
		}
		return fault.New(fault.ErrAbsent, fmt.Sprintf("%s cannot be proved: the register has no key that may sign the log of %s at the size held here, %d", id, id.Office, cp.Size),
			"ask the office: its key was revoked, and it has to begin its log anew")
	})
	return only(resp, err)
}

// Verify answers whether a letter is genuine and current. Of a demonstration's, whose bytes
// are those of the log, it never says that its office published it.
func (a *Answers) Verify(ctx context.Context, reader Reader, req *answersv1.VerifyRequest) (resp *answersv1.VerifyResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		resp = &answersv1.VerifyResponse{Completeness: m.completeness(m.reg)}
		entry, err := m.issued(req.GetBody())
		if err != nil {
			return err
		}
		if entry == nil {
			resp.Words = "Not found: no office's log held here has a letter with exactly these bytes. It may have been changed, never published through a node, or not have arrived here yet."
			return nil
		}
		resp.Genuine, resp.Entry, resp.Current = true, entry, isCurrent(entry)
		stands := entry.Words
		if missing := m.mayHaveEnded(entry, resp.Completeness); resp.Current && len(missing) > 0 {
			resp.Current, resp.CurrentNotKnown = false, true
			if stands != "" {
				stands = "As far as is held here: " + strings.ToLower(stands[:1]) + stands[1:]
			}
			stands = joinWords("Whether it is current is not known: "+notation.List(missing)+".", stands)
		}
		what := fmt.Sprintf("This is %s, exactly as %s published it.", entry.Name, m.officeName(entry.Office))
		if guidance.SaysDemonstration(entry.Notices...) {
			what = fmt.Sprintf("Demonstration: not issued by %s. This is %s, byte for byte as the log here has it.", m.officeName(entry.Office), entry.Name)
		}
		resp.Words = joinWords(what, stands, entry.GetNotUnderstood().GetWords())
		if letter := entry.GetAdvisory(); letter != nil {
			letter.Body, letter.Attachments = "", nil // whoever asks has them
		}
		return nil
	})
	return only(resp, err)
}

// mayHaveEnded says which entries are known of and not here, or not understood, of the offices
// that could end an entry; none: whatever did is here. What is withheld from a reader ends
// nothing that they may read.
func (m *moment) mayHaveEnded(e *answersv1.Entry, done *answersv1.Completeness) (missing []string) {
	offices := []string{e.Office}
	for _, st := range e.Standings {
		for _, c := range append(m.reg.Successors(st.Committee), st.Committee) {
			offices = append(offices, m.reg.OfficesEver(c)...)
		}
	}
	slices.Sort(offices)
	unknown := unknownEntries(&answersv1.Completeness{NotHeld: done.NotHeld, NotUnderstood: done.NotUnderstood})
	for _, office := range slices.Compact(offices) {
		for _, lag := range done.Behind {
			if lag.Office == office {
				missing = append(missing, fmt.Sprintf("of %s, %d entries are known of and only %d are held here", office, lag.Seen, lag.Held))
			}
		}
		if n := unknown[office]; n > 0 {
			missing = append(missing, fmt.Sprintf("of %s, %d of the entries held here cannot be read", office, n))
		}
	}
	return missing
}

// officeNamed is the office that a message says it is of, empty when it says none: a matter
// by its name, the others in a field.
func officeNamed(said proto.Message) string {
	switch said := said.(type) {
	case *guidancev1.Matter:
		return guidance.MatterName(said.GetName()).Office()
	case interface{ GetOffice() string }:
		return said.GetOffice()
	}
	return ""
}

// isCurrent says whether an entry still stands for somebody, or a matter's version is what
// the matter is. What is not understood does for nobody.
func isCurrent(e *answersv1.Entry) bool {
	if e.GetMatter() != nil {
		return e.Words == ""
	}
	return slices.ContainsFunc(e.Standings, (*answersv1.CommitteeStanding).GetCurrent)
}

// issued finds the entry that words are genuine by, or nil: of an office that issued them
// itself, for anybody may copy another's words into a log; the newest that stands, for
// words that were withdrawn may have been issued again. Of words that name no office nobody
// can tell whose they are.
func (m *moment) issued(body []byte) (best *answersv1.Entry, err error) {
	var named []string // whose words they are, read as each kind there is: bytes do not say of which
	for _, kind := range content.Kinds() {
		if said, err := content.Read(kind, body); err == nil && officeNamed(said) != "" {
			named = append(named, officeNamed(said))
		}
	}
	if len(named) == 0 {
		return nil, nil
	}
	ids, err := m.FindBody(body, named...)
	if err != nil {
		return nil, err
	}
	for _, one := range ids {
		stored, err := m.entryFor(one.String())
		if err != nil {
			return nil, err
		}
		said, err := content.Read(stored.Header.Kind, stored.Body)
		if stored.Body == nil || err != nil || officeNamed(said) != one.Office {
			continue // not for this reader, or logged under a kind that it is not of
		}
		entry, err := m.standingToday(stored)
		if err != nil {
			return nil, err
		}
		if best == nil || isCurrent(entry) || !isCurrent(best) {
			best = proto.CloneOf(entry)
		}
	}
	return best, nil
}
