package plain

import (
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// lateLine is a line of a letter that was logged on a day; empty: in time.
func lateLine(committee, letter, issued, logged string) *answersv1.Line {
	line := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE)
	line.Committee, line.CommitteeName, line.Current.Advisory = committee, committee, letter
	line.Current.Issued = &guidancev1.DayRange{Earliest: issued, Latest: issued}
	if logged != "" {
		w := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_LOGGED_LATE, Entry: letter, Issued: line.Current.Issued, Logged: logged}
		w.Words = guidance.WarningWords(w)
		line.Warnings = []*answersv1.Warning{w}
	}
	return line
}

func TestThatAllLettersWereLoggedLateIsSaidOnce(t *testing.T) {
	page := func(own, other, national *answersv1.Line) string {
		v := aView(own, other)
		v.National = &answersv1.CommitteeView{Headline: national}
		return strings.Join(strings.Fields(viewPage(v)), " ")
	}
	own, other := lateLine("own", "essex/0", "2021-10-25", "2026-11-28"), lateLine("other", "kent/0", "2021-10-18", "2026-11-28")
	national := lateLine("national", "gpc-england/0", "2021-10-21", "2026-11-28")
	got := page(own, other, national)
	wants(t, got, "Logged late: every letter on this page was first logged on 28 November 2026, 1,860 to 1,867 days after it was issued.")
	if n := strings.Count(got, "Logged late"); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, got)
	}
	for name, otherwise := range map[string]string{"one was logged in time": page(own, lateLine("other", "kent/0", "2021-10-18", ""), national), "one was logged on another day": page(own, other, lateLine("national", "gpc-england/0", "2021-10-21", "2021-11-28"))} {
		wants(t, otherwise, "Look twice Logged late: essex/0 was first logged on 28 November 2026", "Look twice Logged late: gpc-england/0 was first logged on")
		if strings.Contains(otherwise, "every letter") {
			t.Errorf("%s:\n%s", name, otherwise)
		}
	}
	silent := aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
	// One that stands among the other LMCs' alone said nothing.
	wants(t, page(silent, other, silent), "18 Oct 2021, logged 28 Nov 2026")
	wants(t, page(own, other, lateLine("national", "gpc-england/0", "2021-10-21", "")), "18 Oct 2021, logged 28 Nov 2026")
	if all := page(own, other, national); strings.Contains(all, ", logged") {
		t.Errorf("said of all, and in the table:\n%s", all)
	}
	grouped := lateLine("other", "kent/0", "2021-10-18", "")
	grouped.Groups = []*answersv1.Line{lateLine("other", "kent/1", "2021-10-19", "2026-11-28")}
	wants(t, page(silent, grouped, silent), "18 Oct 2021, kent/1 logged 28 Nov 2026")
	wants(t, page(own, silent, aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)), "Look twice Logged late: essex/0")
}
