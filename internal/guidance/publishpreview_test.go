package guidance

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A preview is held against what every reader is answered before the letter is published and after.

// someReader is who asks: one of each that a draw may tell apart.
type someReader struct {
	committee, matter, measure, area, scope string
	audience                                v1.Audience
}

func everyReader() (all []someReader) { return readersTo(practices, partners, managers, pcns) }

func readersTo(audiences ...v1.Audience) (all []someReader) {
	for committee, areas := range map[string][]string{"north": {"A", "A1", "B"}, "south": {"C"}} {
		for _, matter := range []string{plan, otherPlan} {
			for _, measure := range []string{"", "engage", "list", "strike"} {
				for _, area := range areas {
					for _, scope := range []string{"", "g1", "g2"} {
						for _, audience := range audiences {
							all = append(all, someReader{committee, matter, measure, area, scope, audience})
						}
					}
				}
			}
		}
	}
	return all
}

// twoMatters knows two matters, alike but for their names.
func twoMatters(name string) *v1.Matter {
	m := matter()
	switch strings.TrimPrefix(name, "gpc/") {
	case "plan":
	case "other":
		m.Name = otherPlan
	default:
		return nil
	}
	return m
}

func (r someReader) line(p *Prepared, day string) *answersv1.Line {
	return p.Resolve(Question{
		Matter: twoMatters(r.matter), Measure: r.measure, Committee: &v1.Committee{Id: r.committee}, Audience: r.audience, Area: code(r.area), Scope: r.scope, AsOf: day,
	})[0]
}

// isAsked is what a line asks a reader, and not only some who are among it.
func (r someReader) isAsked(line *answersv1.Line, verb string) bool {
	return r.isShown(line, verb, func(a *v1.Action) bool {
		return len(a.GetActors()) == 0 || reachesAll(a.GetActors(), []v1.Audience{r.audience})
	})
}

// isShown is what a line asks where a reader is, of whom it is to be.
func (r someReader) isShown(line *answersv1.Line, verb string, of func(*v1.Action) bool) bool {
	asks := line.GetActions()
	for _, also := range line.GetAlsoAsked() {
		asks = append(asks, also.GetAction())
	}
	return slices.ContainsFunc(asks, func(a *v1.Action) bool {
		return a.GetVerb() == verb && (a.GetMeasure() == "" || a.GetMeasure() == r.measure) && of(a) &&
			(a.GetScope() == "" || a.GetScope() == GeneralScope || a.GetScope() == r.scope) &&
			(a.GetArea() == nil || register().Contains(a.GetArea(), code(r.area), "2021-11-01"))
	})
}

var clauses = regexp.MustCompile(`, (of the practices of|on|in|for|of|except on|except in|except for|except of|except of the practices of|from) `)

// isOf: what a preview says that a letter asks no more is said of a reader: "send, in area:A, except of
// GP partners".
func (r someReader) isOf(where string) bool {
	starts := clauses.FindAllStringSubmatchIndex(where, -1)
	for i, at := range starts {
		end := len(where)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		kind, named := where[at[2]:at[3]], where[at[1]:end]
		word, except := strings.CutPrefix(kind, "except ")
		tokens := strings.FieldsFunc(named, func(c rune) bool { return c == ' ' || c == ',' })
		var is bool
		switch word {
		case "of the practices of":
			is = slices.Contains(tokens, r.committee)
		case "on":
			if strings.Contains(named, "gpc/") {
				is = slices.Contains(tokens, r.matter)
				break
			}
			is = r.measure != "" && slices.Contains(tokens, r.measure) || strings.Contains(named, wholeMatter) && (r.measure == "" || SharesProposer(matter(), r.measure))
		case "in":
			is = slices.ContainsFunc(tokens, func(area string) bool {
				return register().Contains(code(strings.TrimPrefix(area, "area:")), code(r.area), "2021-11-01")
			})
		case "for":
			is = slices.Contains(tokens, r.scope)
		case "of":
			for a := range v1.Audience(len(v1.Audience_name)) {
				is = is || Contains(a, r.audience) && strings.Contains(named, AudienceWords(a))
			}
		case "from":
			continue
		}
		if is == except {
			return false
		}
	}
	return true
}

// saysOf is a position of a letter, of which one in so many has a last day.
func saysOf(t *rapid.T, ends int, until string) *v1.Position {
	p := on(fairly([]string{"north", "north", "north", "south", "north south"}).Draw(t, "for"), fairly([]string{"", "engage", "engage", "engage", "list", "strike"}).Draw(t, "on"),
		fairly([]v1.Stance{refuse, refuse, against, support, decides, info}).Draw(t, "stance"))
	p.Audiences = fairly([][]v1.Audience{{practices}, {practices}, {practices}, {partners}, {managers}, {practices, pcns}}).Draw(t, "to")
	p.Matter = fairly([]string{plan, plan, plan, plan, otherPlan}).Draw(t, "of")
	if area := fairly([]string{"", "", "", "A", "B", "A1"}).Draw(t, "in"); area != "" && p.Committees[0] == "north" {
		p.Area = code(area)
	}
	if scope := fairly([]string{"", "", "", "g1", "g2"}).Draw(t, "within"); scope != "" {
		scopedTo(scope)(p)
	}
	if die(6).Draw(t, "later") == 0 {
		p.ValidFrom = fairly([]string{"2021-11-05", "2021-11-10"}).Draw(t, "from")
	}
	if die(ends).Draw(t, "ends") == 0 {
		p.ValidUntil = until // after all that is drawn has begun
	}
	return p
}

func asksOf(t *rapid.T, letter *v1.Advisory, verb string) {
	a := &v1.Action{Verb: verb, Measure: fairly([]string{"", "", "engage", "list"}).Draw(t, "asks on"), Matter: letter.GetPositions()[0].GetMatter(), Strength: v1.ActionStrength_ACTION_STRENGTH_ASKED}
	a.Actors = fairly([][]v1.Audience{{practices}, {practices}, {partners}, {partners, managers}, {practices, pcns}}).Draw(t, "of whom")
	if area := fairly([]string{"", "", "", "A", "B"}).Draw(t, "asks in"); area != "" {
		a.Area = code(area)
	}
	a.Scope = fairly([]string{"", "", "", letter.GetPositions()[0].GetScope().GetId()}).Draw(t, "asks for")
	letter.Actions = append(letter.Actions, a)
}

func lettersOf(t *rapid.T) (standing []Entry) {
	for i := range 1 + die(3).Draw(t, "letters") {
		var parts []any
		for range 1 + die(3).Draw(t, "positions") {
			parts = append(parts, saysOf(t, 5, "2021-11-14"))
		}
		e := say(fmt.Sprintf("essex/%d", i+1), dayOf(1+5*i), parts...)
		for j := range die(3).Draw(t, "actions") {
			asksOf(t, e.Advisory, fmt.Sprintf("v%d%d", i+1, j))
		}
		standing = append(standing, e)
	}
	return standing
}

func draftOf(t *rapid.T, standing []Entry) *v1.Advisory {
	parts := []any{saysOf(t, 2, "2021-11-12")}
	for range die(3).Draw(t, "more") {
		parts = append(parts, saysOf(t, 2, "2021-11-12"))
	}
	a := draft(parts...)
	a.OnBehalfOf = nil
	if die(3).Draw(t, "asks") == 0 {
		asksOf(t, a, "v10")
	}
	for _, e := range standing {
		switch die(4).Draw(t, "names") {
		case 0, 1:
			a.Amends = append(a.Amends, e.ID)
		case 2:
			a.Replaces = append(a.Replaces, e.ID)
		}
	}
	if die(6).Draw(t, "ahead") == 0 {
		a.ValidFrom = "2021-11-05"
	}
	isAhead := func(p *v1.Position) bool { return p.GetValidFrom() != "" }
	if a.ValidFrom != "" || slices.ContainsFunc(append(slices.Clone(standing), Entry{Advisory: a}), func(e Entry) bool { return slices.ContainsFunc(e.Advisory.GetPositions(), isAhead) }) {
		for _, p := range a.GetPositions() { // what will hold after an amendment is over is not announced until then
			p.ValidUntil = ""
		}
	}
	return a
}

// previewed is a letter that may be published, and what is answered before and after.
type previewed struct {
	shown         Preview
	letter        *v1.Advisory
	standing      []Entry
	before, after *Prepared
}

// previewsOfDraws checks what is drawn and may be published; check tells how much there was to say,
// of which there must be so much at least that the test tests something.
func previewsOfDraws(t *testing.T, least int, check func(*rapid.T, previewed) (told int), turns ...func(*rapid.T, []Entry)) {
	published, told := 0, 0
	draw := func(t *rapid.T) {
		of := previewed{standing: lettersOf(t)}
		for _, turn := range turns {
			turn(t, of.standing)
		}
		known := essexToday(of.standing...)
		known.Matters = twoMatters
		var err error
		if of.letter, of.shown, err = CheckPublish(context.Background(), draftOf(t, of.standing), known); err != nil {
			return
		}
		published++
		fresh := entry("essex@9/1")
		fresh.Advisory = of.letter
		of.before = Prepare(context.Background(), of.standing, register())
		of.after = Prepare(context.Background(), append(slices.Clone(of.standing), fresh), register())
		told += check(t, of)
	}
	for range 60 { // of a thousand letters now and then none is such
		if rapid.Check(t, draw); told >= least || t.Failed() {
			break
		}
	}
	if t.Log(published, told); published < 20 || told < least {
		t.Errorf("%d letters could be published, of which %d readers were to be told something: they test less than they should", published, told)
	}
}

func (of previewed) String() string {
	var b strings.Builder
	for _, e := range of.standing {
		fmt.Fprintf(&b, "%s: %v\n", e.ID, e.Advisory)
	}
	fmt.Fprintf(&b, "the letter: %v\n", of.letter)
	for _, c := range of.shown.Consequences {
		fmt.Fprintf(&b, "- %s\n", c.GetWords())
	}
	for _, w := range of.shown.Warnings {
		fmt.Fprintf(&b, "! %s\n", w.GetWords())
	}
	return b.String()
}

// The same of what is asked of others by name than the letter's readers, who are shown it.
func TestAPreviewSaysWhatIsAskedNoMoreOfOthersAndNothingElse(t *testing.T) {
	previewsOfDraws(t, 100, saysWhatIsAskedNoMore, func(t *rapid.T, standing []Entry) {
		for _, e := range standing {
			for _, action := range e.Advisory.GetActions() {
				action.Actors = fairly([][]v1.Audience{{commissioner}, {commissioner}, {pcns}, {commissioner, pcns}}).Draw(t, "of others")
			}
		}
	})
}

func TestAPreviewSaysWhatIsAskedNoMoreAndNothingElse(t *testing.T) {
	previewsOfDraws(t, 100, saysWhatIsAskedNoMore)
}

// saysWhatIsAskedNoMore tells how many readers are asked something no more, as the preview says.
func saysWhatIsAskedNoMore(t *rapid.T, of previewed) (told int) {
	days := []string{"2021-11-01", "2021-11-05", "2021-11-10"}
	if slices.ContainsFunc(of.letter.GetPositions(), func(p *v1.Position) bool { return p.GetValidUntil() != "" }) {
		days = days[:1] // what it asks again ends with it
	}
	for _, e := range of.standing { // what a line with a last day stops is asked again then
		for _, p := range e.Advisory.GetPositions() {
			if then := notation.DayAfter(p.GetValidUntil()); p.GetValidUntil() >= days[0] && !slices.Contains(days, then) {
				days = append(days, then)
			}
		}
	}
	slices.Sort(days)
	for _, target := range of.standing {
		if !slices.Contains(slices.Concat(of.letter.GetAmends(), of.letter.GetReplaces()), target.ID) {
			continue
		}
		among := union(target.Advisory.GetPositions(), (*v1.Position).GetAudiences)
		for _, action := range target.Advisory.GetActions() {
			// Who is asked it is among the readers, or is named beside them.
			if IsOfOthers(action, among) {
				among = action.GetActors()
			}
			shownTo := func(r someReader, a *v1.Action) bool {
				return len(a.GetActors()) == 0 || reachesAll(a.GetActors(), []v1.Audience{r.audience})
			}
			named := func(words string) bool {
				verb, _, _ := strings.Cut(strings.Split(words, ",")[0], " ")
				return verb == action.GetVerb()
			}
			for _, r := range append(everyReader(), readersTo(commissioner)...) {
				isAskedIn := func(line *answersv1.Line) bool {
					return r.isShown(line, action.GetVerb(), func(a *v1.Action) bool { return shownTo(r, a) })
				}
				if r.matter != action.GetMatter() || action.GetMeasure() != "" && action.GetMeasure() != r.measure || !reachesAll(among, []v1.Audience{r.audience}) || !shownTo(r, action) {
					continue
				}
				lost := ""
				for _, day := range days {
					was, is := r.line(of.before, day), r.line(of.after, day)
					if lost == "" && isAskedIn(was) && !isAskedIn(is) {
						lost = day
					}
				}
				said, saidAtAll := "", false
				for _, w := range warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, of.shown.Warnings) {
					if w.GetEntry() == target.ID && slices.Contains(w.GetCommittees(), r.committee) && named(w.GetQuote()) && r.isOf(w.GetQuote()) {
						said, saidAtAll = lost, true
					}
				}
				for _, c := range of.shown.Consequences {
					for _, words := range c.GetNoLongerAsked() {
						if c.GetEntry() != target.ID || !slices.Contains(c.GetCommittees(), r.committee) || !named(words) || !r.isOf(words) {
							continue
						}
						saidAtAll = true
						from := max(c.GetDay(), "2021-11-01")
						if c.GetDay() == "" {
							from = lost // it never holds, and no day is given
						} else if strings.Contains(words, ", from ") {
							from = days[slices.IndexFunc(days, func(day string) bool { return strings.Contains(words, " from "+DayWords(day)) })]
						}
						if said == "" || from < said {
							said = from
						}
					}
				}
				if lost != "" {
					told++
				}
				isAsked := func(day string) bool { return isAskedIn(r.line(of.before, day)) }
				wrong := said != "" && isAsked(said) || said == "" && saidAtAll && slices.ContainsFunc(days, isAsked) // of whom it goes on being asked
				if lost != "" && (said == "" || said > lost || isAsked(said) && said < lost) || lost == "" && wrong {
					t.Fatalf("%+v loses %s on %q, and is said to on %q\n%s", r, action.GetVerb(), lost, said, of)
				}
			}
		}
	}
	return told
}

func TestAPreviewSaysWhoseLineAnswersAfterALastDay(t *testing.T) {
	previewsOfDraws(t, 1, func(t *rapid.T, of previewed) (told int) {
		isTrue := map[*answersv1.Warning]bool{}
		back := slices.DeleteFunc(warned(answersv1.WarningCode_WARNING_CODE_COMES_BACK, of.shown.Warnings), func(w *answersv1.Warning) bool {
			return w.GetFrom() != notation.DayAfter(w.GetUntil()) // it says what answers after there is none
		})
		for _, position := range of.letter.GetPositions() {
			until := position.GetValidUntil()
			for _, r := range everyReader() {
				if until < "2021-11-01" || r.matter != position.GetMatter() || r.scope != position.GetScope().GetId() {
					continue // who is in a group is told the general line, and that comes back in general
				}
				was, is := r.line(of.after, until).GetCurrent(), r.line(of.after, notation.DayAfter(until)).GetCurrent()
				if was.GetPosition() != position || is == nil || IsMention(is.GetPosition()) || is.GetPosition() == position {
					continue
				}
				told++
				by := slices.DeleteFunc(slices.Clone(back), func(w *answersv1.Warning) bool {
					return w.GetUntil() != until || len(w.GetCommittees()) > 0 && !slices.Contains(w.GetCommittees(), r.committee) || w.GetStance() != is.GetPosition().GetStance() || w.GetEntry() != strings.TrimPrefix(is.GetAdvisory(), "essex@9/1") ||
						w.GetMatter() != "" && w.GetMatter() != r.matter || w.GetMeasure() != r.measure && !(w.GetMeasure() == "" && SharesProposer(matter(), r.measure)) ||
						w.GetArea() != nil && !register().Contains(w.GetArea(), code(r.area), until) || w.GetScope() != nil && w.GetScope().GetId() != r.scope ||
						len(w.GetAudiences()) > 0 && !reachesAll(w.GetAudiences(), []v1.Audience{r.audience})
				})
				if len(by) == 0 {
					t.Fatalf("to %+v the line of %s answers after %s, unsaid\n%s", r, is.GetAdvisory(), until, of)
				}
				for _, w := range by {
					isTrue[w] = true
				}
			}
		}
		for _, w := range back {
			if !isTrue[w] {
				t.Fatalf("to nobody: %s\n%s", w.GetWords(), of)
			}
		}
		return told
	})
}

// isWarned: a warning is of a reader, among others.
func (r someReader) isWarned(w *answersv1.Warning) bool {
	isIn := func(area string) bool {
		return register().Contains(code(strings.TrimPrefix(strings.TrimSuffix(area, ","), "area:")), code(r.area), "2021-11-01")
	}
	if w.GetCode() == answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE && slices.ContainsFunc(strings.Fields(w.GetQuote()), isIn) {
		return false // they are told by what is published
	}
	return slices.Contains(w.GetCommittees(), r.committee) && (w.GetMatter() == "" || w.GetMatter() == r.matter) && (w.GetMeasure() == r.measure || w.GetMeasure() == "" && SharesProposer(matter(), r.measure)) &&
		(w.GetArea() == nil || register().Contains(w.GetArea(), code(r.area), "2021-11-01")) && w.GetScope().GetId() == r.scope &&
		(len(w.GetAudiences()) == 0 || reachesAll(w.GetAudiences(), []v1.Audience{r.audience}))
}

// withdrawn is the letter published, and about to be withdrawn.
func (of previewed) withdrawn(t *rapid.T, restores ...string) previewed {
	letter := entry("essex/9")
	letter.Advisory = of.letter
	of.standing = append(slices.Clone(of.standing), letter)
	known := essexToday(of.standing...)
	known.Matters = twoMatters
	gone := entry("essex@9/1")
	var err error
	if gone.Withdrawal, of.shown, err = CheckWithdraw(context.Background(), &v1.Withdrawal{Advisory: letter.ID, Reason: "x", Visibility: public, Restores: restores}, known); err != nil {
		t.Fatalf("%v\n%s", err, of)
	}
	of.before, of.after = Prepare(context.Background(), of.standing, register()), Prepare(context.Background(), append(slices.Clone(of.standing), gone), register())
	return of
}

// What answers in the place of a line, an older one or nothing, may do so until a day ahead.
func TestAPreviewSaysUntilWhenNothingAnswersAndWhatDoesThen(t *testing.T) {
	previewsOfDraws(t, 1, func(t *rapid.T, of previewed) int {
		return of.isToldWhatAnswersThen(t) + of.withdrawn(t).isToldWhatAnswersThen(t)
	})
}

func (of previewed) isToldWhatAnswersThen(t *rapid.T) (told int) {
	none := slices.DeleteFunc(warned(answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, of.shown.Warnings), func(w *answersv1.Warning) bool {
		return w.GetFrom() > "2021-11-01"
	})
	isTrue := map[*answersv1.Warning]bool{}
	for _, r := range everyReader() {
		answers := func(p *Prepared, day string) *answersv1.Statement {
			if is := r.line(p, day).GetCurrent(); is != nil && !IsMention(is.GetPosition()) {
				return is
			}
			return nil
		}
		was, instead := answers(of.before, "2021-11-01"), answers(of.after, "2021-11-01").GetAdvisory()
		if was == nil || instead == was.GetAdvisory() || instead == "essex@9/1" || !slices.Contains(was.GetPosition().GetAudiences(), r.audience) || was.GetPosition().GetScope().GetId() != r.scope {
			continue // who is among those the line is for, or is told the general line, is told with those
		}
		until := ""
		var is *answersv1.Statement
		for day := "2021-11-02"; day < "2021-11-20" && until == ""; day = notation.DayAfter(day) {
			if is = answers(of.after, day); is.GetAdvisory() != instead {
				until = notation.DayBefore(day)
			}
		}
		var all []*answersv1.Warning
		for _, w := range none {
			if w.GetEntry() == was.GetAdvisory() && w.GetInstead() == instead && r.isWarned(w) {
				all = append(all, w)
			}
		}
		by := func(w *answersv1.Warning) bool { return w.GetUntil() == until }
		if len(all) > 0 && !slices.ContainsFunc(all, by) {
			t.Fatalf("%q answers %+v until %q, and that is not said of any\n%s", instead, r, until, of)
		}
		for _, w := range all {
			isTrue[w] = isTrue[w] || by(w)
		}
		if until == "" || len(all) == 0 || is == nil || is.GetAdvisory() == "essex@9/1" {
			continue
		}
		told++
		for _, w := range warned(answersv1.WarningCode_WARNING_CODE_COMES_BACK, of.shown.Warnings) {
			if w.GetFrom() == notation.DayAfter(until) && w.GetEntry() == is.GetAdvisory() && w.GetStance() == is.GetPosition().GetStance() && r.isWarned(w) {
				isTrue[w], is = true, nil
				break
			}
		}
		if is != nil {
			t.Fatalf("%s answers %+v after %s, unsaid\n%s", is.GetAdvisory(), r, until, of)
		}
	}
	for w, is := range isTrue {
		if !is {
			t.Fatalf("of nobody: %s\n%s", w.GetWords(), of)
		}
	}
	return told
}
