package answers

import (
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// endingsUndone are the withdrawals, replacements and amendments that count no more with the
// records, of letters that do: who spoke on the day of an ending decides, and that may be the
// very day on which another office begins to speak.
func (c comparison) endingsUndone() ([]*answersv1.RegisterChange, error) {
	var changes []*answersv1.RegisterChange
	seen := map[string]bool{} // what was told, of a letter for several committees
	more := 0
	for _, s := range c.subjects {
		committee, ok := s.Committee()
		if !ok {
			continue
		}
		first, _, ok := register.FirstHandover(c.before, c.after, committee)
		if !ok {
			continue
		}
		err := c.Newest(store.Listing{Offices: c.before.OfficesEver(committee)}, store.ListPlace{}, func(one store.Listed) error {
			if one.Day < first {
				return store.ErrEnough // issued while the same office spoke
			}
			by, ok := readEntry(one.Row)
			if !one.HasBody || !ok {
				return c.ctx.Err()
			}
			for _, name := range slices.Concat(by.Advisory.GetReplaces(), by.Advisory.GetAmends(), []string{by.Withdrawal.GetAdvisory()}) {
				words, err := c.endingUndone(by, name)
				if err != nil {
					return err
				}
				if words == "" || seen[words] {
					continue
				}
				if seen[words] = true; len(changes) == register.NamedLimit {
					more++
					continue
				}
				changes = append(changes, &answersv1.RegisterChange{
					Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE, Of: s.String(), Day: by.Issued().GetLatest(), Words: words,
				})
			}
			return c.ctx.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	if more > 0 {
		changes = append(changes, &answersv1.RegisterChange{
			Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE, Words: fmt.Sprintf("and %d more endings count no more.", more),
		})
	}
	return changes, nil
}

// endingUndone says for whom an entry ends another no more with the records, though that one
// still counts; empty: for nobody.
func (c comparison) endingUndone(by guidance.Entry, name string) (string, error) {
	id, err := ledger.ParseEntryID(name)
	if err != nil || !c.isHeld(id) {
		return "", nil
	}
	stored, err := c.entryFor(name)
	if err != nil {
		return "", err
	}
	target, ok := readEntry(rowOf(stored))
	if stored.Body == nil || !ok {
		return "", nil
	}
	day := max(c.today, by.Withdrawal.GetEffective(), by.Advisory.GetValidFrom())
	var ends [2]guidance.End // without and with the records
	for i, reg := range []*register.Register{c.before, c.after} {
		target.Repudiated = reg.Repudiated(id.Log(c.Federation), id.Index)
		around, err := c.withEndings(target, everything, reg, map[ledger.EntryID]guidance.Entry{})
		if err != nil {
			return "", err
		}
		ends[i] = guidance.Prepare(c.ctx, around, reg).EndOf(target, day, c.matterNamed)
	}
	isEnded := func(st *answersv1.CommitteeStanding) bool {
		return slices.ContainsFunc(st.GetEndings(), func(e *answersv1.Ending) bool { return e.GetEntry() == by.ID })
	}
	var whose, again []string
	for i, was := range ends[0].Committees {
		is := ends[1].Committees[i]
		if !isEnded(was) || isEnded(is) || is.GetNotCounted() != 0 {
			continue
		}
		if whose = append(whose, is.GetCommittee()); is.GetCurrent() && !was.GetCurrent() {
			again = append(again, is.GetCommittee())
		}
	}
	if len(whose) == 0 {
		return "", nil
	}
	issued := by.Issued().GetLatest()
	words := fmt.Sprintf("%s, issued on %s, ends %s and would count no more for %s: by this %s did not speak for it on that day.",
		by.ID, guidance.DayWords(issued), name, notation.List(whose), by.Office)
	if len(again) > 0 {
		words += " " + name + " would count again."
	}
	return words + " Where that is not meant, begin on " + guidance.DayWords(notation.DayAfter(issued)) + " at the earliest.", nil
}
