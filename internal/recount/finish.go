package recount

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// finish counts again what was proved, and says what came of it.
func (c *checker) finish(ctx context.Context, software string) error {
	c.answered()
	if len(c.result.NotProved) == 0 {
		counted, err := c.count(ctx)
		if err != nil {
			return err
		}
		if c.result.Counted = counted; counted != nil {
			c.compare(counted, software)
		}
	}
	switch {
	case len(c.result.NotProved) > 0:
		c.result.Outcome = answersv1.RecountOutcome_RECOUNT_OUTCOME_NOT_PROVED
	case len(c.result.Differences) > 0:
		c.result.Outcome = answersv1.RecountOutcome_RECOUNT_OUTCOME_DIFFERS
	default:
		c.result.Outcome = answersv1.RecountOutcome_RECOUNT_OUTCOME_SAME
	}
	c.result.NotProved, c.result.Differences = toldOf(c.result.NotProved, c.faults), toldOf(c.result.Differences, len(c.result.Differences))
	c.say(software)
	return nil
}

// toldOf is a list of so many as it is told.
func toldOf(list []string, n int) []string {
	if n <= toldLimit {
		return list
	}
	return append(slices.Clip(list[:toldLimit]), fmt.Sprintf("And %d more.", n-toldLimit))
}

// answered holds what the node said of the logs against those that are in the file.
func (c *checker) answered() {
	if c.now == nil {
		c.notProved("The log of the register is not in the file.")
		return
	}
	done := c.picture.GetCompleteness()
	known := slices.Concat(done.GetNotJoined(), done.GetLost())
	for _, lag := range done.GetBehind() {
		known = append(known, lag.GetOffice())
	}
	for _, office := range c.then.Offices() {
		switch id := office.GetId(); {
		case slices.Contains(done.GetNotJoined(), id) && c.sizes[id] > 0:
			c.notProved("The answer says that %s has published nothing, and its signed log has %d entries.", office.GetName(), c.sizes[id])
		case c.sizes[id] == 0 && !slices.Contains(known, id):
			c.notProved("The log of %s, which by the answer has published something, is not in the file.", office.GetName())
		}
	}
	if !c.head.GetWholeLogs() {
		return
	}
	for _, office := range c.now.Offices() {
		id := office.GetId()
		if said := done.GetWithheld()[id] + done.GetNotHeld()[id]; c.without[id] > said {
			c.notProved("Of %s, the words of %d entries are not in the file, and the answer says so of %d.", office.GetName(), c.without[id], said)
		}
	}
}

// count asks the rule the question of the file, with what was proved.
func (c *checker) count(ctx context.Context) (*answersv1.NationalPicture, error) {
	sel := c.head.GetSelector()
	if _, err := guidance.ParseDay(sel.GetAsOf()); err != nil {
		c.notProved("The question names no day (%v).", err)
		return nil, nil
	}
	matter := c.matter()
	if matter == nil {
		c.notProved("No entry of the office that a matter is of opens the matter %s.", sel.GetMatter())
		return nil, nil
	}
	in := picture.Input{
		Matter: matter, Measure: sel.GetMeasure(), Whole: sel.GetWholeMatter(), Audience: sel.GetAudience(), Scope: sel.GetScope(),
		AsOf: sel.GetAsOf(), KnownAt: sel.GetKnownAtFeed(), KnownAtTime: c.picture.GetKnownAtTime(),
		Register: c.then, Completeness: c.picture.GetCompleteness(),
	}
	if sel.GetCommittee() != "" {
		in.Own = []string{sel.GetCommittee()}
	}
	if sel.GetArea() != "" {
		areas := c.then.FindArea(sel.GetArea())
		if len(areas) != 1 {
			c.notProved("The area %s that was asked about is not in the register.", sel.GetArea())
			return nil, nil
		}
		in.Area = areas[0].GetId()
	}
	unknown := UnknownEntries(in.Completeness)
	for _, one := range c.then.Committees(sel.GetAsOf()) {
		ever := c.then.OfficesEver(one.GetId())
		in.Committees = append(in.Committees, Unknown(CommitteeOn(c.then, one, sel.GetAsOf()), ever, unknown, in.Completeness))
	}
	for _, one := range bearing(c.all, matter.GetName()) {
		e := one.entry
		id := ledger.EntryID{Office: e.Office, Epoch: e.Epoch, Index: e.Index}
		e.Repudiated = c.then.Repudiated(id.Log(c.then.Federation()), e.Index)
		in.Entries = append(in.Entries, e)
	}
	return picture.National(ctx, in, c.head.GetUnit(), c.head.GetNation())
}

// matter is the newest version that counts of what is asked about, as known at the moment: where it was
// not known then, as it is known now.
func (c *checker) matter() *guidancev1.Matter {
	name := guidance.MatterName(c.head.GetSelector().GetMatter())
	slices.SortFunc(c.versions, func(a, b version) int {
		return cmp.Or(cmp.Compare(a.id.Epoch, b.id.Epoch), cmp.Compare(a.id.Index, b.id.Index))
	})
	for _, known := range []bool{true, false} {
		for _, v := range slices.Backward(c.versions) {
			switch {
			case known && v.feed > c.head.GetSelector().GetKnownAtFeed(), v.id.Office != name.Office(), guidance.ValidateMatter(v.matter) != nil,
				c.now.Repudiated(v.id.Log(c.now.Federation()), v.id.Index), v.place >= MattersWithoutMandate && !c.now.HasCommittee(v.id.Office):
				continue
			}
			return v.matter
		}
	}
	return nil
}

// compare says where the answer is not what came of counting again.
func (c *checker) compare(counted *answersv1.NationalPicture, software string) {
	figures, words := picture.Differences(c.picture, counted)
	c.result.Differences = append(c.result.Differences, figures...)
	if len(words) > 0 {
		where := notation.List(words)
		if c.head.GetSoftware() == software {
			c.result.Differences = append(c.result.Differences, "The words beside the figures are others on: "+where+".")
		} else {
			c.result.CannotShow = append(c.result.CannotShow, fmt.Sprintf("That the words beside the figures are the answer's: they are others on %s, as they may be in another version of the software (the node's is %s, this is %s).",
				where, c.head.GetSoftware(), software))
		}
	}
	if size := c.then.Size(); size > c.head.GetRegisterSize() {
		c.result.Differences = append(c.result.Differences, fmt.Sprintf("The register: the answer rests on the first %d entries of its log, and a record among those that had arrived is number %d.", c.head.GetRegisterSize(), size))
	}
	leafOf := func(name string) ([]byte, bool) {
		if one := c.all[name]; one != nil {
			return one.leaf[:], true
		}
		return nil, false
	}
	rows := Rows(counted, leafOf)
	said := c.head.GetRows()
	for i, row := range rows {
		switch {
		case i >= len(said):
			c.result.Differences = append(c.result.Differences, "What "+rowWords(counted, row)+" rests on is missing.")
		case !proto.Equal(row, said[i]):
			c.result.Differences = append(c.result.Differences, c.rowDiffers(counted, row, said[i]))
			return // those behind one that is missing are all others
		}
	}
	if len(said) > len(rows) {
		c.result.Differences = append(c.result.Differences, fmt.Sprintf("The answer tells of %d rows more what they rest on.", len(said)-len(rows)))
	}
}

func (c *checker) rowDiffers(counted *answersv1.NationalPicture, row, said *answersv1.SavedRow) string {
	if row.GetCommittee() == said.GetCommittee() && row.GetMeasure() == said.GetMeasure() {
		for _, ref := range row.GetRestsOn() {
			for _, other := range said.GetRestsOn() {
				if ref.GetEntry() == other.GetEntry() && !bytes.Equal(ref.GetLeafHash(), other.GetLeafHash()) {
					return fmt.Sprintf("%s rests on %s, and the answer has another hash of that.", rowWords(counted, row), ref.GetEntry())
				}
			}
		}
	}
	return "The rows and what they rest on are not those that were counted again, from this on: " + rowWords(counted, row) + "."
}

// rowWords is whose line on what a row is.
func rowWords(pic *answersv1.NationalPicture, row *answersv1.SavedRow) string {
	on := "the whole matter"
	if row.GetMeasure() != "" {
		on = "“" + cmp.Or(guidance.MeasureOf(pic.GetMatter(), row.GetMeasure()).GetTitle(), row.GetMeasure()) + "”"
	}
	whose := row.GetCommittee()
	for _, t := range pic.GetTables() {
		for _, line := range slices.Concat(t.GetLines(), t.GetOtherBodies(), []*answersv1.Line{t.GetNational()}) {
			if line.GetCommittee() == whose && line.GetCommitteeName() != "" {
				return "the line of " + line.GetCommitteeName() + " on " + on
			}
		}
	}
	return "the line of " + whose + " on " + on
}

// say says what is shown and what is not, whatever came of it.
func (c *checker) say(software string) {
	shown := func(format string, args ...any) {
		c.result.Shown = append(c.result.Shown, fmt.Sprintf(format, args...))
	}
	cannot := func(format string, args ...any) {
		c.result.CannotShow = append(c.result.CannotShow, fmt.Sprintf(format, args...))
	}
	if c.result.Outcome != answersv1.RecountOutcome_RECOUNT_OUTCOME_NOT_PROVED {
		shown("Every entry that is counted stands, byte for byte, in the log of its office, whose head is signed by the key that the register gives it, and the register by the key that you named.")
		if c.head.GetWholeLogs() {
			shown("Of %s nothing was left out, up to their signed heads: %s.", notation.Counted(int64(len(c.result.Logs)), "log", "logs"), notation.Counted(int64(c.entries), "entry", "entries"))
		}
	}
	if !c.head.GetWholeLogs() {
		cannot("That nothing was left out: a letter, or a record of the register, that the node did not put into the file. A file saved with --full can show that.")
	}
	if c.result.Outcome == answersv1.RecountOutcome_RECOUNT_OUTCOME_DIFFERS && c.head.GetSoftware() != software {
		cannot("Whether what differs is the node's doing or the software's: the node ran %s, and this is %s.", c.head.GetSoftware(), software)
	}
	if len(c.picture.GetCompleteness().GetBehind()) > 0 || len(c.picture.GetCompleteness().GetNotJoined()) > 0 {
		cannot("Which offices had published nothing, or more than the node held: that is the node's word.")
	}
	if c.head.GetWholeLogs() {
		cannot("That no newer letter existed: a head tells of what its office had signed by then, and of nothing later.")
	} else {
		cannot("That no newer letter existed.")
	}
	if end := c.head.GetCursor().GetFeed(); c.head.GetSelector().GetKnownAtFeed() < end {
		cannot("What had arrived at the node by the moment asked about: the order of arrival is the node's word.")
	}
}
