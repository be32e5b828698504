package answers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

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
		entry.Words, err = m.removedWords(stored)
		return entry, err
	}
	e, ok := readEntry(row)
	if !ok || e.Erasure != nil || entry.GetNotUnderstood() != nil {
		entry.Words, err = m.versionWords(row.ID, entry.GetMatter())
		return entry, err
	}
	return entry, m.standsToday(e, entry)
}

// standsToday says of an entry that is answered where it stands today.
func (m *moment) standsToday(e guidance.Entry, entry *answersv1.Entry) error {
	touched := Touches{read: []guidance.Entry{e}, Committees: guidance.CommitteesOf(e)}
	for _, area := range m.areasOf(e) { // and those that speak now where they did
		for _, now := range m.reg.InPlaceOf(area, m.today) {
			touched.Committees = append(touched.Committees, m.speakNow(now)...)
		}
	}
	if e.Withdrawal != nil {
		touched.Entries = []string{e.Withdrawal.GetAdvisory()}
	}
	said, err := m.standing(touched)
	if err != nil {
		return err
	}
	if ended := said.Entry(e.Withdrawal.GetAdvisory()); ended != nil {
		// A withdrawal goes with the notice of what it withdraws.
		if notice := cmp.Or(ended.Advisory.GetNotice(), ended.Report.GetNotice()); notice != "" {
			entry.Notices = []string{notice}
		}
	}
	e.Repudiated = m.reg.Repudiated(ledger.LogID{Federation: m.Federation, Office: e.Office, Epoch: e.Epoch}, e.Index)
	end := said.EndOf(e, m.today, m.matterNamed)
	entry.Standings, entry.Words = end.Committees, end.Words
	over := said.StandsOver(e, m.today, m.matterNamed)
	var by []*guidance.Entry
	whose := map[string][]string{} // by the entry that stands over it
	for _, st := range entry.Standings {
		one := over[st.Committee]
		if one == nil || len(st.Endings) > 0 {
			continue
		}
		if st.OvertakenBy = one.ID; whose[one.ID] == nil {
			by = append(by, one)
		}
		whose[one.ID] = append(whose[one.ID], cmp.Or(m.reg.CommitteeName(st.Committee), st.Committee))
	}
	switch {
	case !end.Current || end.By != "" || len(by) == 0:
	case len(by) == 1 && len(whose[by[0].ID]) == len(entry.Standings):
		entry.Words = guidance.OverWords(by[0], "")
	default:
		var each []string
		for _, one := range by {
			each = append(each, guidance.OverWords(one, notation.Names(whose[one.ID])))
		}
		entry.Words = strings.Join(each, " ")
	}
	if words := said.InPart(e, entry.Standings, m.today, m.matterNamed, m.speakNow); words != "" {
		entry.Words = words + end.Besides
	}
	if err := m.standNow(e, entry, said.StandsNow(e, m.today, m.matterNamed)); err != nil {
		return err
	}
	if e.Advisory != nil {
		for _, name := range guidance.MattersOf(e) {
			if on := m.matterNamed(name); on.GetClosed() != nil && on.GetClosed().GetLatest() < m.today { // which ends no line
				entry.Words += fmt.Sprintf(" The matter it is on, “%s” (%s), was closed: %s.", on.GetTitle(), name, guidance.RangeWords(on.GetClosed()))
			}
		}
	}
	return m.ctx.Err()
}

// areasOf are the areas of which an entry spoke: those it names, and those of its committees.
func (m *moment) areasOf(e guidance.Entry) (areas []*guidancev1.AreaId) {
	for _, p := range guidance.PositionsOf(e) {
		if p.GetArea() != nil {
			areas = append(areas, p.GetArea())
		}
	}
	for _, c := range guidance.CommitteesOf(e) {
		areas = append(areas, m.reg.CommitteeAreas(c, e.Issued().GetLatest())...)
	}
	return areas
}

// speakNow are the LMCs one of whose areas has an area within it today.
func (m *moment) speakNow(area *guidancev1.AreaId) (committees []string) {
	for _, c := range m.reg.Committees(m.today) {
		within := func(own *guidancev1.AreaId) bool { return m.reg.Contains(own, area, m.today) }
		if c.GetKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC && slices.ContainsFunc(m.reg.CommitteeAreas(c.GetId(), m.today), within) {
			committees = append(committees, c.GetId())
		}
	}
	return committees
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
	for i := 0; i < len(around) && i < chainLimit; i++ { // what it corrects, and so ends with
		for _, name := range around[i].Advisory.GetAmends() {
			id, err := ledger.ParseEntryID(name)
			if err != nil || seen[name] || !m.isHeld(id) {
				continue
			}
			stored, err := m.entryFor(name)
			if err != nil {
				return nil, err
			}
			if target, ok := readEntry(rowOf(stored)); ok && stored.Body != nil && m.reader.reads(target) && stored.Feed <= feed {
				target.Repudiated = reg.Repudiated(id.Log(m.Federation), id.Index)
				around, seen[name] = append(around, target), true
			}
		}
	}
	mayEnd := map[string]bool{e.Office: true} // the offices whose endings may count: others can flood
	for _, c := range guidance.CommitteesOf(e) {
		for _, c := range append([]string{c}, reg.Successors(c)...) { // which speak where it did
			for _, office := range reg.OfficesEver(c) {
				mayEnd[office] = true
			}
		}
	}
	for from, depth := 0, 0; depth < 2+guidance.CorrectionsFollowed; depth++ {
		ended := around[from:]
		from = len(around)
		for _, one := range ended {
			if depth >= 2 && len(one.Advisory.GetAmends()) == 0 {
				continue // what corrects a correction may be corrected, or over, itself
			}
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
