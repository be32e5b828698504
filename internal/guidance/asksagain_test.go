package guidance

import (
	"strings"
	"testing"
)

// A letter said from which day ahead on it counts again, and the one that corrects it did not.
func TestACorrectionSaysThatItAsksAgainWithItsOriginal(t *testing.T) {
	send := func(day string) func(*Entry) {
		return asksFor("send", day, onMeasure("engage"), by(practices, partners))
	}
	letter := say("essex/1", "2021-10-01", on("north", "engage", refuse, practices, partners), send("2021-12-07"))
	right := say("essex/2", "2021-10-05", onBehalfOf("north"), send("2021-12-09"), amends("essex/1"))
	instead := say("essex/3", "2021-10-06", on("north", "engage", support), replaces("essex/1"))
	back := withdraw("essex/4", "essex/3", "2021-11-08", restores("essex/1"))
	back.Withdrawal.Issued = days("2021-10-07")
	const again = "It asks “send, by 9 December 2021” again from 8 November 2021 on, with essex/1, by essex/4, "
	const over = "It no longer counts, for it only corrects essex/1: replaced by essex/3 from 6 October 2021. "
	for name, c := range map[string]struct {
		later []Entry
		want  string
	}{
		"restored": {[]Entry{instead, back}, over + again + "unless another letter ends it."},
		"under a later line by then": {
			[]Entry{instead, back, say("essex/5", "2021-10-08", on("north", "engage", against))}, over + again + "but a later line stands over that: essex/5.",
		},
		"of part, until a day": {
			[]Entry{say("essex/3", "2021-10-06", on("north", "engage", support, partners, until("2021-11-07")), amends("essex/1"))},
			"It still stands in part. It asks no more: send, by 9 December 2021, of GP partners. Of GP partners a later line stands: essex/3. It asks “send, by 9 December 2021” again from 8 November 2021 on, with essex/1, unless another letter ends it.",
		},
		"corrected itself": {
			[]Entry{instead, back, say("essex/5", "2021-10-05", onBehalfOf("north"), send("2021-12-10"), amends("essex/2"))},
			strings.TrimSpace(over),
		},
		"not restored": {[]Entry{instead}, strings.TrimSpace(over)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pageSays(t, right, append([]Entry{letter, right}, c.later...), "2021-10-10"); got != c.want {
				t.Errorf("it says:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}
