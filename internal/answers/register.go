package answers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// GetRegister answers with a page of the register as it stands here: areas and practice
// codes on all, everything else on the first.
func (a *Answers) GetRegister(ctx context.Context, reader Reader, req *answersv1.GetRegisterRequest) (resp *answersv1.GetRegisterResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		page, err := m.page(req, req.GetPageSize(), req.GetPageToken())
		if err != nil {
			return err
		}
		day, err := m.dayOr(page.Day, req.GetDay())
		if err != nil {
			return err
		}
		reg, size := m.reg, m.size
		if req.GetSize() > size {
			return invalid("size", fmt.Sprintf("only %d entries of the keeper's log are held here", size), "leave it out for all that is held", "more than is held")
		}
		if req.GetSize() > 0 && req.GetSize() < size {
			reg, size = m.Registers.OfSize(req.GetSize()), req.GetSize()
		}
		resp = &answersv1.GetRegisterResponse{Federation: m.Federation, Keeper: m.Keeper, Size: size, Day: day}
		if page.last == "" {
			resp.Committees, resp.Problems, resp.Bodies = reg.Committees(day), reg.Problems(), reg.Bodies()
			resp.Mandates, resp.ReportingRights = reg.Mandates(), reg.ReportingRights()
			resp.Completeness = m.completeness(m.reg, []string{m.Keeper})
			if req.GetEver() {
				resp.Committees = reg.EveryCommittee()
			}
			for _, office := range reg.Offices() {
				if err := ctx.Err(); err != nil {
					return err
				}
				resp.Offices = append(resp.Offices, registeredOffice(reg, office.Id, day))
			}
		}
		areas := reg.Areas(day)
		if req.GetEver() {
			areas = reg.EveryArea()
		}
		resp.Areas, resp.NextPageToken, err = areasOf(areas, page)
		return err
	})
	return only(resp, err)
}

// areasOf is a page of areas and their practice codes, counted together: an area is one
// and each of its codes is one. An area whose codes are cut goes on with its id alone.
func areasOf(areas []*guidancev1.Area, page page) (out []*guidancev1.Area, next string, err error) {
	first := 0
	if page.last != "" {
		if first, err = strconv.Atoi(page.last); err != nil {
			return nil, "", err
		}
	}
	n := 0 // items passed
	for _, area := range areas {
		codes := area.GetPracticeCodes()
		if n+1+len(codes) <= first { // all of it was on an earlier page
			n += 1 + len(codes)
			continue
		}
		if n == first+page.size {
			return out, page.next(strconv.Itoa(n)), nil
		}
		part := &guidancev1.Area{Id: area.GetId()}
		if n >= first {
			part = proto.CloneOf(area)
			part.PracticeCodes = nil
		}
		skip := max(first-n-1, 0)
		take := min(len(codes)-skip, first+page.size-n-1-skip)
		part.PracticeCodes = slices.Clone(codes[skip : skip+take])
		out, n = append(out, part), n+1+skip+take
		if skip+take < len(codes) {
			return out, page.next(strconv.Itoa(n)), nil
		}
	}
	return out, "", nil
}

func registeredOffice(reg *register.Register, id, day string) *answersv1.RegisteredOffice {
	record := reg.Record(id)
	o := &answersv1.RegisteredOffice{
		Office: reg.Office(id), MayReport: reg.MayReport(id, day, day), Vkeys: reg.VKeys(id),
		RootFingerprint: identity.Fingerprint(record.GetRootKey()), Nodes: record.GetNodes(),
	}
	for _, c := range reg.Committees(day) {
		if reg.SpeaksFor(id, c.Id, day, day) {
			o.Committees = append(o.Committees, c.Id)
		}
	}
	return o
}

func (m *moment) dayOr(today, day string) (string, error) {
	if day == "" {
		return today, nil
	}
	if _, err := guidance.ParseDay(day); err != nil {
		return "", invalid("day", err.Error(), "write a day as YYYY-MM-DD", err.Error())
	}
	return day, nil
}

func namesOf(committees []*guidancev1.Committee) []string {
	var names []string
	for _, c := range committees {
		names = append(names, c.Name)
	}
	return names
}

// notThere says why a committee of the register is not there on a day, and which took its place
// or will give way to it; empty: it is there.
func notThere(reg *register.Register, c *guidancev1.Committee, day string) string {
	there := map[string]bool{}
	for _, id := range committeeIDs(reg, day) {
		there[id] = true
	}
	if there[c.Id] {
		return ""
	}
	var words string
	var instead []string
	switch on := guidance.DayWords(day); {
	case c.ValidFrom > day:
		words = fmt.Sprintf("The register has %s from %s on, and not yet on %s.", c.Name, guidance.DayWords(c.ValidFrom), on)
		instead = reg.Predecessors(c.Id)
	case c.ValidUntil != "" && c.ValidUntil < day:
		words = fmt.Sprintf("The register has %s until %s, and no more on %s.", c.Name, guidance.DayWords(c.ValidUntil), on)
		instead = reg.Successors(c.Id)
	default:
		var areas []string
		for _, tenure := range c.Areas {
			areas = append(areas, joinWords(notation.AreaOf(tenure.Area).String(), notation.PeriodWords(guidance.DayWords(tenure.ValidFrom), guidance.DayWords(tenure.ValidUntil))))
		}
		words = fmt.Sprintf("By the register %s covers no area on %s, and nobody speaks for it then. It covers %s.", c.Name, on, notation.List(areas))
		instead = reg.Successors(c.Id)
	}
	var names []string
	for _, id := range instead {
		if there[id] {
			names = append(names, reg.Committee(id).Name+" (--committee "+id+")")
		}
	}
	if len(names) > 0 {
		words += fmt.Sprintf(" On that day there is in its place: %s.", notation.List(names))
	}
	return words
}

func (m *moment) officeName(id string) string {
	return cmp.Or(m.reg.OfficeName(id), id)
}
