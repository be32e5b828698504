package guidance

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What the preview of a withdrawal says of what that brings back, and for whom.

// That a letter asks again what its correction asked in its place was said of all whom that asked, though it is for a part of the area alone.
func TestAWithdrawalSaysOfWhomARequestThatItBringsBackIsMadeAgain(t *testing.T) {
	book := func(strength v1.ActionStrength) func(*Entry) {
		return asksFor("book", "2021-12-17", by(practices), ofPlan, onMeasure("engage"), func(a *v1.Action) { a.Strength = strength })
	}
	asked, must := book(v1.ActionStrength_ACTION_STRENGTH_ASKED), book(v1.ActionStrength_ACTION_STRENGTH_MUST)
	begun := scopedTo("begun")
	for name, c := range map[string]struct {
		older, newer Entry
		want         string
	}{
		"in a part": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")), asked), say("essex/2", "2021-10-20", on("north", "engage", support), must, amends("essex/1")),
			"book, by 17 December 2021: essex/1 asks it again in area:A, by 17 December 2021, and insists on it no more.",
		},
		"of a group there": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A"), begun), asked), say("essex/2", "2021-10-20", on("north", "engage", support, begun), must, amends("essex/1")),
			"book, by 17 December 2021: essex/1 asks it again in area:A, by 17 December 2021, and insists on it no more.",
		},
		"of all": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse), asked), say("essex/2", "2021-10-20", on("north", "engage", support), must, amends("essex/1")),
			"book, by 17 December 2021: essex/1 asks it again, by 17 December 2021, and insists on it no more.",
		},
	} {
		if got := preview(t, withdraw("essex/3", "essex/2", "2021-11-01", restores("essex/1")).Withdrawal, essexToday(c.older, c.newer)); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q is not in\n%s", name, c.want, got)
		}
	}
}

// Of a letter for all of an area that was withdrawn, it said that nobody has a line, though what it had ended, of a part, answers there again.
func TestAWithdrawalSaysForWhomTheLineThatItBringsBackAnswers(t *testing.T) {
	begun := scopedTo("begun")
	for name, c := range map[string]struct {
		older, newer Entry
		want         string // empty: everybody's is back
	}{
		"a part of the area": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A"))), say("essex/2", "2021-10-20", on("north", "engage", support), amends("essex/1")),
			"will have no line on engage, where essex/2 gives one, but in area:A that of essex/1 (refuse): publish",
		},
		"a group in a part of it": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A"), begun)), say("essex/2", "2021-10-20", on("north", "engage", support, begun), amends("essex/1")),
			"will have no line on engage for begun, where essex/2 gives one, but in area:A that of essex/1 (refuse): publish",
		},
		"some of the readers there": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse, partners, in("A"))), say("essex/2", "2021-10-20", on("north", "engage", support), replaces("essex/1")),
			"will have no line on engage, where essex/2 gives one, but in area:A, for GP partners, that of essex/1 (refuse): publish",
		},
		"a group of all": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse, begun)), say("essex/2", "2021-10-20", on("north", "engage", support), replaces("essex/1")),
			"will have no line on engage, where essex/2 gives one, but for begun that of essex/1 (refuse): publish",
		},
		"all": {
			say("essex/1", "2021-10-01", on("north", "engage", refuse)), say("essex/2", "2021-10-20", on("north", "engage", support), replaces("essex/1")), "",
		},
	} {
		got := preview(t, withdraw("essex/3", "essex/2", "2021-11-01", restores("essex/1")).Withdrawal, essexToday(c.older, c.newer))
		if !strings.Contains(got, c.want) || strings.Contains(got, "no line") != (c.want != "") {
			t.Errorf("%s: %q is not in\n%s", name, c.want, got)
		}
	}
}

// areBack: what is said of whom another line answers again is said of a reader: "in area:A, for GP partners, and in area:B,".
func (r someReader) areBack(whom string) bool {
	return slices.ContainsFunc(strings.Split(strings.TrimSuffix(whom, ","), ", and "), r.isBack)
}

func (r someReader) isBack(whom string) bool {
	whom = ", " + whom
	starts := clauses.FindAllStringSubmatchIndex(whom, -1)
	for i, at := range starts {
		end := len(whom)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		kind, except := strings.CutPrefix(whom[at[2]:at[3]], "except ")
		named := whom[at[1]:end]
		is := false
		if kind == "for" { // committees, groups or readers
			tokens := strings.FieldsFunc(named, func(c rune) bool { return c == ' ' || c == ',' })
			is = slices.Contains(tokens, r.committee) || r.scope != "" && slices.Contains(tokens, r.scope)
			for a := range v1.Audience(len(v1.Audience_name)) {
				is = is || Contains(a, r.audience) && strings.Contains(named, AudienceWords(a))
			}
		} else {
			is = r.isOf(", " + kind + " " + named)
		}
		if is == except {
			return false
		}
	}
	return true
}

func TestAPreviewSaysForWhomWhatIsRestoredAnswersAndForNobodyElse(t *testing.T) {
	previewsOfDraws(t, 100, func(t *rapid.T, of previewed) (told int) {
		var back []string
		for _, name := range slices.Concat(of.letter.GetAmends(), of.letter.GetReplaces()) {
			if die(3).Draw(t, "restores") > 0 {
				back = append(back, name)
			}
		}
		of = of.withdrawn(t, back...)
		none := slices.DeleteFunc(warned(answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, of.shown.Warnings), func(w *answersv1.Warning) bool { return w.GetFrom() > "2021-11-01" })
		for _, r := range everyReader() {
			was, is := r.line(of.before, "2021-11-01").GetCurrent(), r.line(of.after, "2021-11-01").GetCurrent()
			if was.GetAdvisory() != "essex/9" || IsMention(was.GetPosition()) {
				continue
			}
			again := is != nil && !IsMention(is.GetPosition()) && slices.Contains(back, is.GetAdvisory())
			as := r // who is told the general line is warned with those
			as.scope = was.GetPosition().GetScope().GetId()
			for _, w := range none {
				bare := &answersv1.Warning{Code: w.GetCode(), Committees: w.GetCommittees(), Matter: w.GetMatter(), Measure: w.GetMeasure(), Area: w.GetArea(), Scope: w.GetScope(), Audiences: w.GetAudiences()}
				its, toThem := false, false // whose line on that it is, where it says of no readers
				for _, p := range of.letter.GetPositions() {
					if p.GetMatter() == r.matter && p.GetMeasure() == w.GetMeasure() && p.GetScope().GetId() == w.GetScope().GetId() {
						its, toThem = true, toThem || reachesAll(p.GetAudiences(), []v1.Audience{r.audience})
					}
				}
				if !as.isWarned(bare) || its && !toThem {
					continue
				}
				said := false
				for _, phrase := range strings.Split(w.GetQuote(), "; ") {
					whom, by, ok := strings.Cut(phrase, " that of ")
					if !ok || !r.areBack(whom) {
						continue
					}
					if said = true; !again || by != is.GetAdvisory()+" ("+StanceNoun(is.GetPosition().GetStance())+")" {
						t.Fatalf("%+v is told %v, and is said to be by %q\n%s", r, is, phrase, of)
					}
				}
				if again {
					told++
				}
				if again && !said {
					t.Fatalf("%+v is told %s again, and is said not to be by %q\n%s", r, is.GetAdvisory(), w.GetWords(), of)
				}
			}
		}
		return told
	})
}

// What others ask again once a letter is over is named in the preview of its end, with the letter that asks it, and nothing that
// nobody is.
func TestAPreviewNamesWhatIsAskedAgainAndNothingElse(t *testing.T) {
	previewsOfDraws(t, 1, func(t *rapid.T, of previewed) int {
		return of.namesWhatIsAskedAgain(t) + of.withdrawn(t).namesWhatIsAskedAgain(t)
	})
}

func (of previewed) namesWhatIsAskedAgain(t *rapid.T) (told int) {
	text, day := strings.Join(append(consequences(of.shown), warningTexts(of.shown.Warnings)...), "\n"), "2021-11-01"
	if slices.ContainsFunc(of.letter.GetPositions(), func(p *v1.Position) bool { return p.GetValidFrom() != "" }) || of.letter.GetValidFrom() != "" {
		return 0 // several days, of which each has its consequence
	}
	for _, e := range of.standing {
		for _, action := range e.Advisory.GetActions() {
			again := false
			if slices.ContainsFunc(of.letter.GetActions(), func(own *v1.Action) bool { return own.GetVerb() == action.GetVerb() }) {
				continue
			}
			for _, r := range everyReader() {
				isAsked := func(line *answersv1.Line) bool {
					return r.isShown(line, action.GetVerb(), func(a *v1.Action) bool { return reachesAll(a.GetActors(), []v1.Audience{r.audience}) })
				}
				again = again || r.matter == action.GetMatter() && !isAsked(r.line(of.before, day)) && isAsked(r.line(of.after, day))
			}
			isNamed := strings.Contains(text, action.GetVerb()) && strings.Contains(text, e.ID)
			if again {
				told++
			}
			if again && !isNamed {
				t.Fatalf("%s asks %s again, unsaid\n%s", e.ID, action.GetVerb(), of)
			}
			for _, c := range of.shown.Consequences {
				for _, words := range c.GetAskedAgain() {
					if strings.HasPrefix(words, action.GetVerb()) && strings.HasSuffix(words, "("+e.ID+")") && !again {
						t.Fatalf("of nobody: %s\n%s", words, of)
					}
				}
			}
		}
	}
	return told
}

// The withdrawal of what had taken the place of a line ahead said what answers until that one's first day, and not from then on: nothing, where
// what it had amended stays ended, or the line itself, where that is named to stand again.
func TestAWithdrawalOfWhatTookThePlaceOfALineAheadSaysWhatHoldsFromItsDay(t *testing.T) {
	hold := say("essex/1", "2021-10-10", on("north", "engage", support), asksFor("hold", "2022-01-10", onMeasure("engage")))
	ahead := func(ends ...func(*Entry)) Entry {
		e := say("essex/2", "2021-10-20", on("north", "engage", refuse, from("2021-12-14")), asksFor("send", "2022-01-14", onMeasure("engage")))
		for _, ends := range ends {
			ends(&e)
		}
		return e
	}
	instead := func(parts ...any) Entry {
		return say("essex/3", "2021-10-22", on("north", "engage", caution, parts...), amends("essex/2"))
	}
	const (
		left    = "north will have the older line of essex/1 (support, with what it asks: “hold, by 10 January 2022”) on engage, where essex/3 gives one: publish what holds instead, if something does."
		none    = "From 14 December 2021 north will have no line on engage, where essex/3 gives one: publish what holds instead, if something does."
		between = "From 1 November 2021 until 13 December 2021 "
		again   = "From 14 December 2021 the line of essex/2 (refuse) answers for north on engage, with what it asks: “send, by 14 January 2022”."
	)
	for name, c := range map[string]struct {
		standing []Entry
		restores []string
		want     []string
	}{
		"from the same day":                 {[]Entry{hold, ahead(amends("essex/1")), instead(from("2021-12-14"))}, nil, []string{none}},
		"beside an older line":              {[]Entry{hold, ahead(), instead(from("2021-12-14"))}, nil, []string{"From 14 December 2021 " + left}},
		"that is to stand again":            {[]Entry{hold, ahead(amends("essex/1")), instead(from("2021-12-14"))}, []string{"essex/2"}, []string{again}},
		"from before that day":              {[]Entry{hold, ahead(amends("essex/1")), instead()}, nil, []string{between + left, none}},
		"and is to stand again":             {[]Entry{hold, ahead(amends("essex/1")), instead()}, []string{"essex/2"}, []string{between + left, again}},
		"and nothing else":                  {[]Entry{ahead(), instead()}, []string{"essex/2"}, []string{between + "north will have no line on engage, where essex/3 gives one: publish what holds instead, if something does.", again}},
		"of one that holds and is restored": {[]Entry{hold, say("essex/3", "2021-10-22", on("north", "engage", caution), amends("essex/1"))}, []string{"essex/1"}, nil},
	} {
		w := withdraw("essex/4", "essex/3", "2021-11-01").Withdrawal
		w.Restores = c.restores
		_, warnings, _, err := checkWithdraw(w, essexToday(c.standing...))
		got := warningTexts(append(warned(answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, warnings), warned(answersv1.WarningCode_WARNING_CODE_COMES_BACK, warnings)...))
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %q, want %q", name, err, got, c.want)
		}
	}
}
