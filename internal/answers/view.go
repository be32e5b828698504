package answers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// asks answers a selector with what f makes of everything said on its matter.
func (a *Answers) asks(ctx context.Context, reader Reader, sel *answersv1.Selector, f func(m *moment, q *question, in picture.Input) error) error {
	return a.at(ctx, reader, func(m *moment) error {
		end, _ := m.FeedEnd()
		q, err := m.understand(sel, m.today, end)
		if err != nil {
			return err
		}
		if q.matter == nil {
			return m.unknownMatter("", q.feed)
		}
		in, err := m.input(q)
		if err != nil {
			return err
		}
		return f(m, q, in)
	})
}

// GetCombinedView answers with the current positions of every committee on a matter.
func (a *Answers) GetCombinedView(ctx context.Context, reader Reader, req *answersv1.GetCombinedViewRequest) (*answersv1.GetCombinedViewResponse, error) {
	view, _, err := a.combinedView(ctx, reader, req)
	return only(&answersv1.GetCombinedViewResponse{View: view}, err)
}

// SendCombinedView is GetCombinedView for whoever sends it on: see picture.Written.
func (a *Answers) SendCombinedView(ctx context.Context, reader Reader, req *answersv1.GetCombinedViewRequest) (*answersv1.GetCombinedViewResponse, error) {
	view, written, err := a.combinedView(ctx, reader, req)
	if err != nil {
		return nil, err
	}
	return &answersv1.GetCombinedViewResponse{View: written.View(view)}, nil
}

func (a *Answers) combinedView(ctx context.Context, reader Reader, req *answersv1.GetCombinedViewRequest) (view *answersv1.CombinedView, written picture.Written, err error) {
	err = a.asks(ctx, reader, req.GetSelector(), func(m *moment, q *question, in picture.Input) error {
		if err := m.mayAskByNumber(req.GetSelector()); err != nil {
			return err
		}
		if view, written, err = picture.CombinedWritten(ctx, in); err == nil {
			if q.nobodys || q.notThere {
				q.words = joinWords(q.words, "What others say is shown below.")
			}
			var linked string
			if linked, err = m.linkWords(q, view.GetCommittees()); err != nil {
				return err
			}
			view.Words = joinWords(q.words, view.Words, linked)
			names := m.naming()
			names.view(view)
			view.Names = names.Names
		}
		return err
	})
	return view, written, err
}

// GetNationalPicture answers with the counts of a nation's committees on a matter.
func (a *Answers) GetNationalPicture(ctx context.Context, reader Reader, req *answersv1.GetNationalPictureRequest) (*answersv1.GetNationalPictureResponse, error) {
	resp, _, err := a.nationalPicture(ctx, reader, req)
	return only(resp, err)
}

// SendNationalPicture is GetNationalPicture for whoever sends it on: see picture.Written.
func (a *Answers) SendNationalPicture(ctx context.Context, reader Reader, req *answersv1.GetNationalPictureRequest) (*answersv1.GetNationalPictureResponse, error) {
	resp, written, err := a.nationalPicture(ctx, reader, req)
	if err != nil {
		return nil, err
	}
	resp.Picture = written.Picture(resp.Picture)
	return resp, nil
}

func (a *Answers) nationalPicture(ctx context.Context, reader Reader, req *answersv1.GetNationalPictureRequest) (resp *answersv1.GetNationalPictureResponse, written picture.Written, err error) {
	err = a.asks(ctx, reader, req.GetSelector(), func(m *moment, q *question, in picture.Input) error {
		if err := m.mayAskByNumber(req.GetSelector()); err != nil {
			return err
		}
		if scope := req.GetSelector().GetScope(); scope != "" { // who asks changes no count
			group, err := m.groupAsked(scope, q, nil)
			if err != nil {
				return err
			}
			q.scope = group.Text()
			in.Scope = q.scope
		}
		nation := cmp.Or(req.GetNation(), picture.DefaultNation)
		counts, parts, err := m.countsNation(q, in, req.GetUnit(), nation)
		linked := ""
		if err == nil {
			linked, err = m.linkWords(q, nil)
		}
		if err == nil {
			counts.Words = joinWords(counts.Words, linked)
			resp, written = &answersv1.GetNationalPictureResponse{Picture: counts}, parts
		}
		if err != nil || req.GetCompare() == nil {
			return err
		}
		return m.compare(resp, q, req, nation)
	})
	return resp, written, err
}

// countsNation is the picture of a nation, with what its reader should be told about their question.
func (m *moment) countsNation(q *question, in picture.Input, unit answersv1.Unit, nation string) (*answersv1.NationalPicture, picture.Written, error) {
	if q.feed == 0 {
		return nil, nil, invalid("selector.known_at", "there is no picture of that moment: "+q.words, "ask as known at a later moment, or leave it out", "before this node's first record")
	}
	if err := m.isNation(nation); err != nil {
		return nil, nil, err
	}
	counts, parts, err := picture.NationalWritten(m.ctx, in, unit, nation)
	if err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(in.Committees, func(c picture.Committee) bool { return picture.NationOf(c) == nation }) {
		q.words = joinWords(q.words, fmt.Sprintf("The register as known then has no committee of %s on %s.", nation, guidance.DayWords(q.asOf)))
	}
	counts.Words, counts.Names = joinWords(q.words, counts.Words), m.pictureNames(counts)
	return counts, parts, nil
}

// pictureNames are the names for what the figures of a picture count.
func (m *moment) pictureNames(pic *answersv1.NationalPicture) *answersv1.Names {
	names := m.naming()
	for _, table := range pic.GetTables() {
		for _, line := range table.GetLines() {
			names.committees(line.GetCommittee())
		}
		for _, column := range table.GetColumns() {
			if pic.GetUnit() == answersv1.Unit_UNIT_OFFICES {
				for _, office := range column.GetMembers() {
					names.office(office)
				}
			}
		}
	}
	return names.Names
}

// compare adds the picture at an earlier look, and what changed since.
func (m *moment) compare(resp *answersv1.GetNationalPictureResponse, now *question, req *answersv1.GetNationalPictureRequest, nation string) error {
	then, err := m.since(req.GetCompare(), req.GetSelector(), now)
	if err != nil {
		return err
	}
	if resp.Changes, err = m.changesBetween(then, now, ofNation(nation)); err != nil {
		return err
	}
	in, err := m.input(then)
	if err != nil {
		return err
	}
	if resp.Before, err = picture.National(m.ctx, in, req.GetUnit(), nation); err == nil {
		resp.Before.Words, resp.Before.Names = joinWords(then.words, resp.Before.Words), m.pictureNames(resp.Before)
		if u := req.GetUnit(); u == answersv1.Unit_UNIT_PRACTICES || u == answersv1.Unit_UNIT_PATIENTS {
			resp.Shifts = m.shifts(then, now, u, nation)
		}
	}
	return err
}

// shifts are the LMCs of a nation of which practices became another's, opened or closed between two looks.
func (m *moment) shifts(then, now *question, unit answersv1.Unit, nation string) (all []*answersv1.PracticesShift) {
	name := func(id string) string { return cmp.Or(m.reg.CommitteeName(id), id) }
	for _, one := range register.Shifts(then.register, now.register, then.asOf, now.asOf, now.area) {
		if picture.NationOf(m.reg.Committee(one.Committee)) != nation {
			continue
		}
		shift := &answersv1.PracticesShift{Committee: one.Committee, CommitteeName: name(one.Committee), Before: int32(one.PracticesBefore), After: int32(one.PracticesAfter)}
		if unit == answersv1.Unit_UNIT_PATIENTS {
			shift.Before, shift.After = one.PatientsBefore, one.PatientsAfter
		}
		var moves []string
		for _, moved := range one.Moved {
			if moved.Merged && moved.Came && unit == answersv1.Unit_UNIT_PRACTICES {
				continue // it has as many as before
			}
			to := &answersv1.PracticesMoved{Committees: moved.Committees, Came: moved.Came, Practices: int32(moved.Practices)}
			for _, c := range moved.Committees {
				to.CommitteeNames = append(to.CommitteeNames, name(c))
			}
			shift.Moved, moves = append(shift.Moved, to), append(moves, picture.MoveWords(shift, to, moved.Merged))
		}
		if len(moves) > 0 {
			shift.Words = picture.ShiftWords(unit, shift, moves)
			all = append(all, shift)
		}
	}
	return all
}

// isNation refuses a nation that no committee of the register is of, whatever the day.
func (m *moment) isNation(nation string) error {
	if slices.ContainsFunc(m.reg.EveryCommittee(), func(c *guidancev1.Committee) bool { return picture.NationOf(c) == nation }) {
		return nil
	}
	var of []string
	for _, c := range m.reg.EveryCommittee() {
		if n := picture.NationOf(c); n != "" && !slices.Contains(of, n) {
			of = append(of, n)
		}
	}
	slices.Sort(of)
	return invalid("nation", fmt.Sprintf("the register has no committee of a nation called %q", nation), "its committees are of: "+strings.Join(of, ", "), "unknown")
}

// ViewDigest is the hash of all resolved positions on a matter as of a day, without
// what depends on the reader or the node: equal on every node that holds the same.
func (a *Answers) ViewDigest(ctx context.Context, matter, day string) (digest [32]byte, err error) {
	err = a.asks(ctx, Public(), &answersv1.Selector{Matter: matter, AsOf: day}, func(_ *moment, _ *question, in picture.Input) (err error) {
		digest, err = picture.Digest(ctx, in)
		return err
	})
	return digest, err
}
