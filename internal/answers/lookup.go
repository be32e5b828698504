package answers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// foundMost is how many practices are named where several can be meant.
const foundMost = 20

// LookUpPractice answers with the committees a practice belongs to, found by its code or by
// what somebody knows of it, and whom to ring.
func (a *Answers) LookUpPractice(ctx context.Context, reader Reader, req *answersv1.LookUpPracticeRequest) (resp *answersv1.LookUpPracticeResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		day, err := m.dayOr(m.today, req.GetDay())
		if err != nil {
			return err
		}
		switch n := utf8.RuneCountInString(req.GetText()); {
		case n > 0 && req.GetPractice() != "":
			return invalid("text", "both a code and a text are asked about", "give one of them", "beside practice")
		case n > register.SearchLimit:
			return invalid("text", fmt.Sprintf("a text of %d characters", n), fmt.Sprintf("write at most %d: a few words of its name are enough", register.SearchLimit), "too long")
		case n == 0:
			if err := guidance.ParsePractice(req.GetPractice()); err != nil {
				return invalid("practice", err.Error(), "a practice code is one letter and five digits, for example F81001", err.Error())
			}
		}
		look := m.rolls.of(m.reg, day, m.Keeper)
		resp = proto.CloneOf(m.find(look, req, day))
		for i, c := range resp.Committees {
			if i < 4 { // of whom a page has room for
				resp.Neighbours = append(resp.Neighbours, look.beside(m.reg, c.Id, day)...)
			}
		}
		own := idsOf(resp.Committees)
		slices.SortStableFunc(resp.Neighbours, func(a, b *answersv1.CommitteeBeside) int { return strings.Compare(a.Name, b.Name) })
		resp.Neighbours = slices.DeleteFunc(slices.CompactFunc(resp.Neighbours, func(a, b *answersv1.CommitteeBeside) bool { return a.Committee == b.Committee }),
			func(c *answersv1.CommitteeBeside) bool { return slices.Contains(own, c.Committee) })
		m.ring(resp, day)
		resp.Completeness = m.completeness(m.reg, []string{m.Keeper})
		return nil
	})
	return only(resp, err)
}

// find is the practice that a request means, or those it can mean.
func (m *moment) find(look *roll, req *answersv1.LookUpPracticeRequest, day string) *answersv1.LookUpPracticeResponse {
	text := strings.TrimSpace(req.GetText())
	if text == "" {
		return look.lookUp(m.reg, req.GetPractice(), day)
	}
	if code := notation.PracticeCode(text); notation.IsPractice(code) {
		return look.lookUp(m.reg, code, day)
	}
	if branch := notation.PracticeCode(text); notation.IsBranch(branch) && m.reg.BranchOf(branch) == "" {
		// only those that are open are recorded, each under its practice's code
		if of := branch[:len(branch)-3]; m.reg.Practice(of) != nil {
			found := proto.CloneOf(look.lookUp(m.reg, of, day))
			found.Words = fmt.Sprintf("%s is no open branch of the practice whose code it begins with: a branch that closed, or a mistyped code. ", branch) + found.Words
			return found
		}
	}
	codes, more := m.reg.FindPractices(text, foundMost)
	switch {
	case len(codes) == 0:
		return &answersv1.LookUpPracticeResponse{Words: fmt.Sprintf("No practice of this register has a code, name or postcode like “%s”. Write its code (one letter and five digits), its postcode, or fewer words of its name; or name your committee.", notation.Clip(text, 80))}
	case len(codes) == 1:
		found := proto.CloneOf(look.lookUp(m.reg, codes[0], day))
		if branch := notation.PracticeCode(text); m.reg.BranchOf(branch) != "" {
			found.Words = fmt.Sprintf("%s is a branch of it. ", branch) + found.Words
		}
		return found
	}
	resp := &answersv1.LookUpPracticeResponse{MoreFound: int32(more)}
	for _, code := range codes {
		p := m.reg.Practice(code)
		resp.Found = append(resp.Found, &answersv1.PracticeFound{
			Code: code, Name: p.GetName(), Postcode: p.GetPostcode(), Words: aside(p, day), CommitteeNames: namesOf(look.lookUp(m.reg, code, day).Committees),
		})
	}
	resp.Words = fmt.Sprintf("%d practices can be meant by “%s”", len(codes)+more, notation.Clip(text, 80))
	if more > 0 {
		resp.Words += fmt.Sprintf("; these are the first %d", len(codes))
	}
	resp.Words += ". Ask again with the code of yours."
	return resp
}

// aside is what is to be known of a practice beside its name; empty: it is an open GP practice.
func aside(p *guidancev1.Practice, day string) string {
	switch {
	case p.GetKind() == guidancev1.PracticeKind_PRACTICE_KIND_OTHER:
		return otherKind(p) + ", and no GP practice"
	case p.GetValidUntil() != "" && p.GetValidUntil() < day:
		return "closed on " + guidance.DayWords(p.GetValidUntil())
	case p.GetValidFrom() > day:
		return "opens on " + guidance.DayWords(p.GetValidFrom())
	}
	return ""
}

func otherKind(p *guidancev1.Practice) string {
	if p.GetOtherKind() == "" {
		return "something else"
	}
	return p.GetOtherKind()
}

// ring says whom to ring: the offices of the practice's committees; where it has none, those of the
// committees that can tell whose it is; else of the national committee of its nation; else the office that keeps the register.
func (m *moment) ring(resp *answersv1.LookUpPracticeResponse, day string) {
	add := func(c *guidancev1.Committee, office string) {
		if o := m.reg.Office(office); o != nil {
			resp.Ring = append(resp.Ring, &answersv1.WhomToRing{Committee: c.GetId(), CommitteeName: c.GetName(), Office: office, OfficeName: o.GetName(), Contact: o.GetContact()})
		}
	}
	spokenFor := func(c *guidancev1.Committee) {
		if office, ok := m.reg.OfficeFor(c.GetId(), day); ok {
			add(c, office)
		}
	}
	asked := resp.Ring
	resp.Ring = nil
	for _, c := range resp.Committees {
		spokenFor(c)
	}
	for _, one := range asked {
		spokenFor(m.reg.Committee(one.Committee))
	}
	if nation := resp.Practice.GetNation(); len(resp.Ring) == 0 && nation != "" {
		for _, c := range m.reg.Committees(day) {
			if isNational(c) && picture.NationOf(c) == nation {
				spokenFor(c)
			}
		}
	}
	if len(resp.Ring) == 0 {
		add(nil, m.Keeper)
	}
}

// asked are committees that can be asked about a practice that is none of theirs.
func asked(resp *answersv1.LookUpPracticeResponse, committees []*guidancev1.Committee) {
	for _, c := range committees {
		if !slices.ContainsFunc(resp.Ring, func(had *answersv1.WhomToRing) bool { return had.Committee == c.Id }) {
			resp.Ring = append(resp.Ring, &answersv1.WhomToRing{Committee: c.Id})
		}
	}
}

// lookUpPractice finds a practice's committees, and says in plain words what to do
// when there are none. Of whom to ring it has the committees alone; the offices, and who is beside them, it
// leaves to its caller.
func lookUpPractice(reg *register.Register, practice, day string) *answersv1.LookUpPracticeResponse {
	resp := &answersv1.LookUpPracticeResponse{
		Committees: reg.CommitteesOfPractice(practice, day), Areas: reg.PracticeAreas(practice, day), Practice: reg.Practice(practice),
	}
	called := "Practice " + practice
	if p := resp.Practice; p != nil {
		called = fmt.Sprintf("%s (%s)", p.Name, p.Code)
	}
	switch listed := reg.AreasListing(practice); {
	case len(resp.Committees) > 0:
		resp.Words = fmt.Sprintf("%s belongs to %s.", called, notation.List(namesOf(resp.Committees)))
		if len(resp.Committees) > 1 && resp.Practice != nil {
			all := "both"
			if len(resp.Committees) > 2 {
				all = "all of them"
			}
			resp.Words += fmt.Sprintf(" It lies in the areas of %s, and what each of them says is for it: ask either which of them it is with.", all)
		}
		return resp
	case aside(resp.Practice, day) != "":
		outOfPractice(reg, resp, called, day)
		return resp
	case len(resp.Areas) > 0:
		if parts := partsAround(reg, resp, day); parts != "" {
			resp.Words = called + parts
			return resp
		}
		but := ", but"
		if nation := picture.NationOf(resp.Practice); nation != picture.DefaultNation {
			but = fmt.Sprintf(", in %s:", notation.Title(nation))
		}
		resp.Words = fmt.Sprintf("%s is in %s%s no LMC of that area is in this federation.", called, resp.Areas[0].Name, but)
	case len(listed) > 0:
		var in []string
		for _, area := range listed {
			in = append(in, area.Name+" ("+joinWords(notation.AreaOf(area.Id).String(), notation.PeriodWords(guidance.DayWords(area.ValidFrom), guidance.DayWords(area.ValidUntil)))+")")
		}
		resp.Words = fmt.Sprintf("%s is in this register, in %s, and in no area of it on %s.", called, notation.List(in), guidance.DayWords(day))
	case resp.Practice != nil:
		resp.Words = fmt.Sprintf("%s is in this register, and in no area of it on %s.", called, guidance.DayWords(day))
	default:
		resp.Words = fmt.Sprintf("Practice %s is not in this register, so your LMC is not known here. Check the code, or name your committee.", practice)
		var near []string
		for _, code := range reg.NearPractices(practice, 3) {
			near = append(near, fmt.Sprintf("%s (%s)", code, reg.Practice(code).GetName()))
		}
		if len(near) > 0 {
			resp.Words += " Did you mean " + strings.Join(near, " or ") + "?"
		}
		return resp
	}
	own := " Ask your own LMC."
	if last, until := reg.LastCommitteesOfPractice(practice, day); len(last) > 0 {
		resp.Words += fmt.Sprintf(" It belonged to %s until %s, and since %s to no LMC of this register.",
			notation.List(namesOf(last)), guidance.DayWords(until), guidance.DayWords(notation.DayAfter(until)))
		if merged := askLast(reg, resp, last, day); merged != "" {
			own = merged
		}
	}
	resp.Words += own
	return resp
}

// askLast has those asked that a practice belonged to last, or that they were merged into since, and says so.
func askLast(reg *register.Register, resp *answersv1.LookUpPracticeResponse, last []*guidancev1.Committee, day string) (merged string) {
	for _, c := range last {
		into := mergedInto(reg, c, day)
		if len(into) == 0 {
			asked(resp, []*guidancev1.Committee{c})
			continue
		}
		asked(resp, into)
		merged += fmt.Sprintf(" %s was merged into %s: ask there.", c.Name, notation.List(namesOf(into)))
	}
	return merged
}

// mergedInto are the committees of a day that one which is over by then was merged into.
func mergedInto(reg *register.Register, c *guidancev1.Committee, day string) (into []*guidancev1.Committee) {
	if reg.IsOver(c.GetId(), day) {
		for _, id := range reg.Successors(c.GetId()) {
			if now := reg.Committee(id); notation.IsWithin(day, now.GetValidFrom(), now.GetValidUntil()) {
				into = append(into, now)
			}
		}
	}
	return into
}

// outOfPractice says of what is closed, not yet open or no GP practice what stands in its place, and whose
// area it is in.
func outOfPractice(reg *register.Register, resp *answersv1.LookUpPracticeResponse, called, day string) {
	p := resp.Practice
	var areas []*guidancev1.Area
	for _, m := range p.GetLiesIn() {
		if a := reg.Area(m.GetArea(), day); a != nil && notation.IsWithin(day, m.GetValidFrom(), m.GetValidUntil()) {
			areas = append(areas, a)
		}
	}
	if p.GetKind() == guidancev1.PracticeKind_PRACTICE_KIND_OTHER {
		resp.Words = fmt.Sprintf("%s is %s: LMCs advise GP practices.", called, withArticle(otherKind(p)))
		var around []*guidancev1.Committee
		for _, c := range reg.Committees(day) {
			if c.GetKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC && slices.ContainsFunc(reg.CommitteeAreas(c.Id, day), func(own *guidancev1.AreaId) bool {
				return slices.ContainsFunc(areas, func(a *guidancev1.Area) bool { return reg.Contains(own, a.Id, day) })
			}) {
				around = append(around, c)
			}
		}
		if len(around) > 0 {
			resp.Words += fmt.Sprintf(" The GP practices around it are %s's.", notation.List(namesOf(around)))
			asked(resp, around)
		}
		return
	}
	if p.GetValidFrom() > day {
		resp.Words = fmt.Sprintf("%s opens on %s.", called, guidance.DayWords(p.GetValidFrom()))
		if later := reg.CommitteesOfPractice(p.Code, p.GetValidFrom()); len(later) > 0 {
			asked(resp, later)
			resp.Words += fmt.Sprintf(" It will belong to %s.", notation.List(namesOf(later)))
		}
		return
	}
	resp.Words = fmt.Sprintf("%s closed on %s.", called, guidance.DayWords(p.GetValidUntil()))
	instead := tookOver(reg, resp, p.Code, day, []string{p.Code})
	if len(instead) > 0 {
		resp.Words += fmt.Sprintf(" It was merged into %s: ask with that code.", notation.List(instead))
		return
	}
	if last, _ := reg.LastCommitteesOfPractice(p.Code, day); len(last) > 0 {
		resp.Words += fmt.Sprintf(" It belonged to %s, and nothing is recorded in its place", notation.List(namesOf(last)))
		if merged := askLast(reg, resp, last, day); merged != "" {
			resp.Words += "." + merged
		} else {
			resp.Words += ": ask them."
		}
	}
}

// tookOver are the practices that one was merged into, each with those that it merged into in its turn by a day, and
// whose the last are. seen are those before it: a register may have two in a circle.
func tookOver(reg *register.Register, resp *answersv1.LookUpPracticeResponse, code, day string, seen []string) (words []string) {
	for _, code := range reg.TookOver(code) {
		if slices.Contains(seen, code) {
			continue
		}
		p := reg.Practice(code)
		one := fmt.Sprintf("%s (%s)", p.GetName(), code)
		of := reg.CommitteesOfPractice(code, day)
		asked(resp, of)
		if len(of) > 0 {
			one += ", of " + notation.List(namesOf(of))
		} else if p.GetValidUntil() != "" && p.GetValidUntil() < day {
			if further := tookOver(reg, resp, code, day, append(slices.Clip(seen), code)); len(further) > 0 {
				one += ", and that into " + strings.Join(further, " and ")
			}
		}
		words = append(words, one)
	}
	return words
}

func withArticle(kind string) string {
	if kind == "something else" {
		return kind
	}
	if strings.ContainsRune("aeiouAEIOU", rune(kind[0])) {
		return "an " + kind
	}
	return "a " + kind
}

// partsAround says that a practice's area is known and which of its LMCs is not, where LMCs cover parts
// of one; empty: none does.
func partsAround(reg *register.Register, resp *answersv1.LookUpPracticeResponse, day string) string {
	for _, around := range resp.Areas {
		var parts []string
		for _, c := range reg.Committees(day) {
			if c.Kind == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC && slices.ContainsFunc(reg.CommitteeAreas(c.Id, day), func(own *guidancev1.AreaId) bool { return reg.Contains(around.Id, own, day) }) {
				parts = append(parts, c.Name+" (--committee "+c.Id+")")
				asked(resp, []*guidancev1.Committee{c})
			}
		}
		if len(parts) > 0 {
			return fmt.Sprintf(" is in %s, and in which part of it is not in the register. Of parts of it there are: %s. Ask one of them whether it is yours, and ask here with it.",
				around.Name, notation.List(parts))
		}
	}
	return ""
}

// ListPractices answers with a page of the practices that lists have.
func (a *Answers) ListPractices(ctx context.Context, reader Reader, req *answersv1.ListPracticesRequest) (resp *answersv1.ListPracticesResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		page, err := m.page(req, req.GetPageSize(), req.GetPageToken())
		if err != nil {
			return err
		}
		codes := m.reg.PracticeCodes()
		resp = &answersv1.ListPracticesResponse{Total: int32(len(codes)), Size: m.size}
		if page.last == "" {
			resp.Releases = m.reg.Releases()
		}
		first, isThere := slices.BinarySearch(codes, page.last)
		if isThere {
			first++
		}
		bytes := 0
		for i, code := range codes[first:] {
			if err := ctx.Err(); err != nil {
				return err
			}
			p := m.reg.Practice(code)
			if bytes += proto.Size(p); i == page.size || bytes > PageBytes {
				resp.NextPageToken = page.next(codes[first+i-1])
				break
			}
			resp.Practices = append(resp.Practices, p)
		}
		return nil
	})
	return only(resp, err)
}
