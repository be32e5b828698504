// Package recount knows how a national picture is counted from what it rests on (the entries of
// logs, the register, a question), and how a saved one is counted again by whoever trusts nothing
// but the key of the office that keeps the register.
//
// A node answers from the same functions: what an entry says (Read), which committees there are
// (CommitteeOn) and what of them is not known (Unknown). The rule is guidance's and the counting
// picture's; here it is only gathered what they are asked with.
//
// It does not know nodes, networks or where data lie. A file goes in by a reader, and what came of
// it goes out as a message.
package recount

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// MattersWithoutMandate is how many MATTER entries of an office that speaks for no
// committee count, from the first of its log on: it may want to open a few, and
// must not be able to bury those of everybody else.
const MattersWithoutMandate = 16

// Read puts what a body says into an entry; false: it is no concern of the rule.
func Read(e guidance.Entry, kind ledgerv1.EntryKind, body []byte) (guidance.Entry, bool) {
	m, err := content.Read(kind, body)
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
	case *ledgerv1.Erasure:
		of := e.ID[:strings.LastIndexByte(e.ID, '/')+1] + strconv.FormatUint(m.GetIndex(), 10)
		e.Erasure = &guidance.Erasure{Of: of, Reason: m.GetReason(), Matters: m.GetMatters(), Committees: m.GetCommittees(), Issued: m.GetIssued()}
	default:
		return e, false
	}
	return e, true
}

// CommitteeOn is a committee of a register with who speaks for it on a day.
func CommitteeOn(reg *register.Register, c *guidancev1.Committee, day string) picture.Committee {
	there := picture.Committee{Committee: c}
	if office, ok := reg.OfficeFor(c.Id, day); ok {
		there.Office, there.Contact = office, reg.Office(office).GetContact()
	}
	return there
}

// Unknown says of a committee, for which some offices ever spoke, how much of what they may have said
// is not known, by what an answer says of its completeness.
func Unknown(c picture.Committee, ever []string, unknown map[string]int32, done *answersv1.Completeness) picture.Committee {
	c.NotJoined = true
	for _, office := range ever {
		c.Unknown += unknown[office]
		c.NotJoined = c.NotJoined && slices.Contains(done.GetNotJoined(), office)
	}
	return c
}

// UnknownEntries is, by office, how many entries whoever was answered cannot know.
func UnknownEntries(c *answersv1.Completeness) map[string]int32 {
	unknown := map[string]int32{}
	for _, lag := range c.GetBehind() {
		unknown[lag.GetOffice()] += int32(min(lag.GetSeen()-lag.GetHeld(), math.MaxInt32))
	}
	for _, counts := range []map[string]int32{c.GetWithheld(), c.GetNotHeld(), c.GetNotUnderstood()} {
		for office, count := range counts {
			unknown[office] += count
		}
	}
	return unknown
}

// Rows are the lines of a picture's tables with what each rests on, in their order: the entries named
// in it, with their leaf hashes, where they are known.
func Rows(pic *answersv1.NationalPicture, leafOf func(entry string) ([]byte, bool)) (rows []*answersv1.SavedRow) {
	add := func(measure string, line *answersv1.Line) {
		row := &answersv1.SavedRow{Measure: measure, Committee: line.GetCommittee(), Area: line.GetArea()}
		for _, name := range picture.Named(line) {
			if leaf, ok := leafOf(name); ok {
				row.RestsOn = append(row.RestsOn, &answersv1.SavedReference{Entry: name, LeafHash: leaf})
			}
		}
		rows = append(rows, row)
	}
	for _, t := range pic.GetTables() {
		if t.GetNational() != nil {
			add(t.GetMeasure(), t.GetNational())
		}
		for _, line := range slices.Concat(t.GetLines(), t.GetOtherBodies()) {
			add(t.GetMeasure(), line)
		}
	}
	return rows
}

// matters are the matters an entry says or asks something on, or withdraws it on.
func matters(e guidance.Entry) []string {
	names := slices.Concat(e.Advisory.GetMatters(), e.Withdrawal.GetMatters())
	for _, position := range e.Advisory.GetPositions() {
		names = append(names, position.GetMatter())
	}
	for _, act := range e.Advisory.GetActions() {
		names = append(names, act.GetMatter())
	}
	if e.Erasure != nil {
		names = append(names, e.Erasure.Matters...)
	}
	return append(names, e.Report.GetPosition().GetMatter())
}

// bearing are those of some entries that may bear on a matter: what is on it, and whatever ends one of
// these, or one of those in turn.
func bearing(all map[string]*kept, matter string) []*kept {
	endedBy := map[string][]*kept{}
	var found []*kept
	chosen := map[*kept]bool{}
	choose := func(one *kept) {
		if !chosen[one] {
			chosen[one] = true
			found = append(found, one)
		}
	}
	for _, one := range all {
		for _, name := range guidance.Ends(one.entry) {
			endedBy[name] = append(endedBy[name], one)
		}
		if slices.Contains(matters(one.entry), matter) {
			choose(one)
		}
	}
	for i := 0; i < len(found); i++ {
		for _, one := range endedBy[found[i].entry.ID] {
			choose(one)
		}
	}
	slices.SortFunc(found, func(a, b *kept) int {
		return cmp.Or(cmp.Compare(a.entry.Office, b.entry.Office), cmp.Compare(a.entry.Epoch, b.entry.Epoch), cmp.Compare(a.entry.Index, b.entry.Index))
	})
	return found
}
