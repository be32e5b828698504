package guidance

import (
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func withText(a *v1.Action) { a.Template = "Dear ICB" }

// Whoever withdrew the second of two temporary letters was told to name the first, and not what both had stopped: that stayed ended
// until the second's last day, with what it asks by a day before, and naming the first alone left nobody's line in between.
func TestAWithdrawalOfTheSecondTemporaryLetterNamesWhatBothHadStopped(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("reply", "2021-12-16", by(practices), ofPlan, onMeasure("engage"), withText), asksFor("count", "2021-12-21", by(managers), ofPlan, onMeasure("engage")))
	first := say("essex/2", "2021-10-10", on("north", "engage", caution, until("2021-12-11")), amends("essex/1"))
	const (
		names   = "essex/3 ended essex/1, which does not come back before 19 December 2021, losing “reply, by 16 December 2021 (with its text)”: name it under restores too, if it is to stand again from 12 December 2021 on."
		none    = "From 12 December 2021 until 18 December 2021 north will have no line on engage, where essex/3 gives one"
		again   = "essex/1 “Letter essex/1” (1 October 2021) stands again from 12 December 2021. It asks again: reply, by 16 December 2021 (with its text); count, by 21 December 2021."
		answers = "From 12 December 2021 the line of essex/1 (refuse) answers for north on engage"
	)
	for _, second := range []*v1.Position{on("north", "engage", caution, until("2021-12-18")), on("north", "engage", caution, from("2021-12-05"), until("2021-12-18"))} {
		known := essexToday(base, first, say("essex/3", "2021-10-20", second, amends("essex/2", "essex/1")))
		for _, c := range []struct {
			restores  []string
			want, not []string
		}{
			{nil, []string{names, " until 18 December 2021 north will have no line on engage, where essex/3 gives one"}, []string{again, answers}},
			{[]string{"essex/2"}, []string{names, none, "essex/2 “Letter essex/2” (10 October 2021) stands again"}, []string{again, answers}},
			{[]string{"essex/2", "essex/1"}, []string{again, answers}, []string{"essex/3 ended essex/1", "no line", "has ended before"}},
		} {
			got := preview(t, withdraw("essex/4", "essex/3", "2021-11-01", restores(c.restores...)).Withdrawal, known)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%v restored: %s\nwithout %s", c.restores, got, want)
				}
			}
			for _, not := range c.not {
				if strings.Contains(got, not) {
					t.Errorf("%v restored: %s\nwith %s", c.restores, got, not)
				}
			}
		}
	}
}

// Of a letter without a line that corrects what temporary advice to all has stopped, the preview said that it changes nothing: from the
// day after that advice its request is asked in the place of the other, without that one's text.
func TestACorrectionOfWhatTemporaryAdviceStopsSaysWhatItDoesOnceThatIsOver(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("reply", "2021-12-21", by(managers), ofPlan, onMeasure("engage"), withText))
	hold := func(to ...any) Entry {
		return say("essex/2", "2021-10-20", on("north", "engage", caution, append(to, until("2021-12-18"))...), amends("essex/1"))
	}
	asks := func(day string, ends ...string) *v1.Advisory {
		a := draft(amends(ends...), asksFor("reply", day, by(managers), ofPlan, onMeasure("engage")))
		a.OnBehalfOf, a.Audiences = []string{"north"}, []v1.Audience{practices}
		return a
	}
	correction := entry("essex/3")
	correction.Advisory = asks("2021-12-28", "essex/1")
	correction.Advisory.Office, correction.Advisory.Visibility = "essex", public
	const again = "essex/1 “Letter essex/1” (1 October 2021) counts again from 19 December 2021 on, but for what this asks in its place for north."
	for name, c := range map[string]struct {
		standing []Entry
		letter   *v1.Advisory
		want     []string
	}{
		"to all":                     {[]Entry{base, hold()}, asks("2021-12-28", "essex/1"), []string{again + " It asks no more: reply, by 21 December 2021 (with its text): this asks it, without its text."}},
		"of the correction":          {[]Entry{base, hold(), correction}, asks("2021-12-30", "essex/3", "essex/1"), []string{again, "It asks no more: reply, by 28 December 2021, from 19 December 2021."}},
		"of that, to those asked":    {[]Entry{base, hold(managers), correction}, asks("2021-12-30", "essex/3", "essex/1"), []string{"no longer counts for north from 19 December 2021 on. It asks no more: reply, by 28 December 2021."}},
		"of what has ended for good": {[]Entry{base, hold(), withdraw("essex/4", "essex/1", "2021-10-24")}, asks("2021-12-28", "essex/1"), []string{"essex/1 has ended before"}},
	} {
		got := previewOf(t, essexToday(c.standing...), c.letter)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s\nwithout %s", name, got, want)
			}
		}
		if name != "of what has ended for good" && strings.Contains(got, "has ended before") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Of a joint letter that temporary advice stops for one of two LMCs, a withdrawal said what the other's practices are asked no more, and
// left out what those of the one would be asked again.
func TestAWithdrawalNamesWhatALetterWouldAskAgainOfThoseForWhomItIsStopped(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", refuse), asksFor("reply", "2021-12-21", by(practices), ofPlan, onMeasure("engage"), withText))
	hold := say("essex/2", "2021-10-20", on("north", "engage", caution, until("2021-12-18")), amends("essex/1"))
	const (
		letter = "essex/1 “Letter essex/1” (1 October 2021) no longer counts from "
		souths = letter + "1 November 2021 for south. It asks no more: reply, by 21 December 2021 (with its text)."
		norths = letter + "19 December 2021 for north. From 19 December 2021 it asks no more: reply, by 21 December 2021 (with its text)."
	)
	w := withdraw("essex/4", "essex/1", "2021-11-01").Withdrawal
	got := preview(t, w, essexToday(joint, hold))
	if !strings.Contains(got, souths+"\n"+norths) {
		t.Error(got)
	}
	w.OnBehalfOf = []string{"south"}
	if got := preview(t, w, essexToday(joint, hold)); !strings.Contains(got, souths) || strings.Contains(got, norths) {
		t.Errorf("for the other alone: %s", got)
	}
}

// Whoever let temporary advice end sooner, by a letter that replaces it, was told that nothing answers then, and not what does bring back
// what it had stopped; to restore that by a withdrawal of the newer letter was refused without a word of how.
func TestWhoeverEndsTemporaryAdviceSoonerIsToldHowWhatItStopsComesBack(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("reply", "2021-12-16", by(practices), ofPlan, onMeasure("engage"), withText))
	hold := say("essex/2", "2021-10-20", on("north", "engage", caution, until("2021-12-18")), amends("essex/1"))
	sooner := on("north", "engage", caution, until("2021-12-11"))
	const how = "essex/2 still stops essex/1 until 18 December 2021, though this takes its place: if essex/1 is to count again from 12 December 2021 on, withdraw essex/2 from that day on (lmc withdraw essex/2 --effective 2021-12-12 --restores essex/1), beside this or in its place."
	for _, ends := range [][]func(*Entry){{replaces("essex/2")}, {replaces("essex/2"), amends("essex/1")}} {
		letter := draft(sooner)
		for _, ends := range ends {
			ends(&Entry{Advisory: letter})
		}
		if got := previewOf(t, essexToday(base, hold), letter); strings.Count(got, how) != 1 {
			t.Error(got)
		}
	}
	if got := previewOf(t, essexToday(base, hold), draft(on("north", "engage", caution, until("2021-12-18")), replaces("essex/2"))); strings.Contains(got, "still stops") {
		t.Errorf("by the same day: %s", got)
	}
	known := essexToday(base, hold, say("essex/3", "2021-10-25", sooner, replaces("essex/2")))
	_, _, err := CheckWithdraw(t.Context(), withdraw("essex/4", "essex/3", "2021-11-01", effective("2021-12-12"), restores("essex/1")).Withdrawal, known)
	if err == nil || !strings.Contains(err.Error(), "essex/2 did, which essex/3 ended: to have it stand again, withdraw essex/2 (lmc withdraw essex/2 --effective 2021-12-12 --restores essex/1)") {
		t.Error(err)
	}
	for _, known := range []PublishContext{known, essexToday(base, hold)} { // beside it, and in its place
		w := withdraw("essex/4", "essex/2", "2021-11-01", effective("2021-12-12"), restores("essex/1")).Withdrawal
		if got := preview(t, w, known); !strings.Contains(got, "stands again from 12 December 2021. It asks again: reply, by 16 December 2021 (with its text).") {
			t.Error(got)
		}
	}
}

// Of a line ahead that answers in the place of a letter that is entered late, its office was told twice: once more for those alone who are
// asked something by that.
func TestALateLetterSaysOnceUntilWhenItHoldsWhateverItAsksOfSome(t *testing.T) {
	known := essexToday(say("essex/1", "2021-10-24", on("north", "engage", support, from("2021-12-14")), asksFor("sign", "2021-12-17", onMeasure("engage"))))
	late := draft(on("north", "engage", caution), asksFor("keep", "2021-12-16", by(managers), ofPlan, onMeasure("engage")), asksFor("ask", "2021-12-08", onMeasure("engage")))
	late.Issued = days("2021-10-20")
	got := previewOf(t, known, late)
	const once = "This holds until 13 December 2021: from 14 December 2021 the line of essex/1 (support) answers on engage, with what it asks: “sign, by 17 December 2021”. This asks no more from then on: “keep, by 16 December 2021”."
	if !strings.Contains(got, once) || strings.Count(got, "This holds until") != 1 {
		t.Error(got)
	}
}

// Temporary advice to all that stops a letter to partners was said to give way to that, once it is over, for all.
func TestWhatComesBackForSomeOfThoseWhomALetterIsToIsSaidToBeTheirs(t *testing.T) {
	known := essexToday(say("essex/1", "2021-10-09", on("north", "engage", refuse, partners), asksFor("return", "2021-12-21", by(partners), ofPlan, onMeasure("engage"))))
	got := previewOf(t, known, draft(on("north", "engage", caution, until("2021-12-18")), amends("essex/1")))
	if !strings.Contains(got, "From 19 December 2021 the line of essex/1 (refuse) answers on engage for GP partners, with what it asks: “return, by 21 December 2021”.") {
		t.Error(got)
	}
}

// What managers alone are asked was named, in a preview of temporary advice to partners, as what partners are asked once that is over; and a
// correction of it, which that advice stops, could not be withdrawn, unsaid from when on it can.
func TestPreviewsOfAdviceToPartnersNameWhatPartnersAreAsked(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("reply", "2021-12-21", by(practices), ofPlan, onMeasure("engage")), asksFor("count", "2021-12-22", by(managers), ofPlan, onMeasure("engage")))
	hold := draft(on("north", "engage", caution, partners, until("2021-12-18")), amends("essex/1"))
	got := preview(t, hold, essexToday(base))
	if !strings.Contains(got, "From 19 December 2021 the line of essex/1 (refuse) answers") || !strings.Contains(got, "“reply, by 21 December 2021”") || strings.Contains(got, "“count") {
		t.Error(got)
	}
	toAll := say("essex/2", "2021-10-20", on("north", "engage", caution, managers, until("2021-12-18")), amends("essex/1"))
	correction := entry("essex/3")
	correction.Advisory = &v1.Advisory{Office: "essex", Title: "Letter essex/3", OnBehalfOf: []string{"north"}, Audiences: []v1.Audience{practices}, Amends: []string{"essex/1"}, Issued: days("2021-10-21"), Visibility: public}
	asksFor("count", "2021-12-28", by(managers), ofPlan, onMeasure("engage"))(&correction)
	_, _, err := CheckWithdraw(t.Context(), withdraw("essex/4", "essex/3", "2021-11-01").Withdrawal, essexToday(base, toAll, correction))
	if err == nil || !strings.Contains(err.Error(), "again from 19 December 2021 on") || !strings.Contains(err.Error(), "Withdraw it from that day on") {
		t.Error(err)
	}
}

// Of temporary advice to all over an older line in part of the area, which asks nothing, a view of the whole LMC said only "until 18
// December": who is there is told that line again from then on.
func TestWhatAnswersInPartOfTheAreaAfterTemporaryAdviceIsToldOfTheWhole(t *testing.T) {
	const want = "essex/2 is valid until 18 December 2021; from then on essex/1 answers in area:A (refuse)."
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")))
	hold := say("essex/2", "2021-10-20", on("north", "engage", support, until("2021-12-18")), amends("essex/1"))
	for question, told := range map[string]bool{"north engage 2021-12-02": true, "north engage 2021-12-19": false} {
		got := ""
		for _, line := range resolve(asked(question), []Entry{base, hold}, register()) {
			got += strings.Join(warningTexts(line.GetWarnings()), " ")
		}
		if strings.Contains(got, want) != told {
			t.Errorf("%s: %q", question, got)
		}
	}
}

// Of temporary advice that is withdrawn from a day ahead, the page said no more than that it ends then: what it stops counts again from the
// day after its last one all the same.
func TestWhatAnswersOnceTemporaryAdviceThatEndsSoonerWouldBeOverIsTold(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", support), asksFor("reply", "2022-01-20", by(practices), ofPlan, onMeasure("engage")))
	hold := say("essex/2", "2021-10-20", on("north", "engage", refuse, until("2022-01-03")), amends("essex/1"))
	gone := withdraw("essex/3", "essex/2", "2021-12-20")
	gone.Withdrawal.Issued = days("2021-10-21")
	line := resolve(asked("north engage 2021-12-02"), []Entry{base, hold, gone}, register())[0]
	const want = "essex/2 ends on 20 December 2021, by essex/3. From 4 January 2022 the line of essex/1 (support) answers on engage, with what it asks: “reply, by 20 January 2022”."
	if got := strings.Join(warningTexts(line.GetWarnings()), " "); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// "It asks no more: serve notice: this insists on it, of GP partners" read as if nobody else were asked.
func TestAPreviewSaysOfWhomSomethingIsAskedNoMoreBeforeWhatAsksItInstead(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("reply", "2021-12-16", by(practices), ofPlan, onMeasure("engage"), withText))
	d := draft(on("north", "engage", refuse, in("A")), asksFor("reply", "2021-12-16", by(practices), ofPlan, onMeasure("engage")), amends("essex/1"))
	if got := previewOf(t, essexToday(base), d); !strings.Contains(got, "(with its text), in area:A: this asks it") {
		t.Error(got)
	}
}
