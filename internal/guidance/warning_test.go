package guidance

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// warned is the warnings of one code among those of a check and of a line.
func warned(code answersv1.WarningCode, lists ...[]*answersv1.Warning) (found []*answersv1.Warning) {
	for _, list := range lists {
		for _, w := range list {
			if w.GetCode() == code {
				found = append(found, w)
			}
		}
	}
	return found
}

// Each code is met in the way people meet it, with its values and its words. A code that
// is missing here fails: nobody would ever be told it.
// What has ended otherwise does not stand again, and ends no second time.
func TestNoConsequenceIsPromisedThatWillNotBe(t *testing.T) {
	old := say("essex/1", "2021-10-01", on("north", "engage", against))
	newer := say("essex/2", "2021-10-10", on("north", "engage", refuse), replaces("essex/1"))
	for name, standing := range map[string][]Entry{
		"withdrawn itself": {old, newer, withdraw("essex/3", "essex/1", "2021-10-05")},
		"expired":          {say("essex/1", "2021-10-01", on("north", "engage", against, until("2021-10-05"))), newer},
	} {
		_, warnings, ends, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/2", Visibility: public, Restores: []string{"essex/1"}}, essexToday(standing...))
		if err != nil || len(ends) != 1 || len(warned(answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, warnings)) != 1 {
			t.Errorf("restoring what was %s: %q, %v, %v", name, ends, warnings, err)
		}
	}
	_, warnings, ends, err := checkPublish(draft(on("north", "engage", refuse), replaces("essex/1")), essexToday(old, withdraw("essex/3", "essex/1", "2021-10-05")))
	if err != nil || len(ends) != 0 || len(warned(answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE, warnings)) != 1 {
		t.Errorf("replacing what was withdrawn: %q, %v, %v", ends, warnings, err)
	}
}

func TestAWithdrawalSaysWhatItEndsAndFromWhichDay(t *testing.T) {
	old := say("essex/1", "2021-10-10", on("north south", "engage", against), on("north", "engage", support, scopedTo("started")))
	withdrawing := func(w *v1.Withdrawal, standing ...Entry) ([]string, []string, error) {
		w.Advisory, w.Visibility = "essex/1", public
		_, warnings, ends, err := checkWithdraw(w, essexToday(append(standing, old)...))
		return ends, warningTexts(warnings), err
	}
	ends, warnings, err := withdrawing(&v1.Withdrawal{Effective: "2021-10-01"})
	if err != nil || len(ends) != 1 || !strings.Contains(ends[0], "no longer counts from 10 October 2021, the day it was issued, for ") {
		t.Errorf("named before its own day: %q, %v", ends, err)
	}
	for _, want := range []string{"It takes effect on 1 October 2021", "From 10 October 2021 north, south will have no line on engage, where", "From 10 October 2021 north will have no line on engage for started, where"} {
		if !slices.ContainsFunc(warnings, func(w string) bool { return strings.HasPrefix(w, want) }) {
			t.Errorf("%q is not among %q", want, warnings)
		}
	}
	ends, warnings, err = withdrawing(&v1.Withdrawal{Effective: "2021-10-28"})
	if err != nil || !strings.Contains(ends[0], "from 28 October 2021 for ") || !strings.HasPrefix(warnings[1], "From 28 October 2021 ") {
		t.Errorf("as of last week: %q, %q, %v", ends, warnings, err)
	}
	first := withdraw("essex/2", "essex/1", "2021-10-20")
	for name, w := range map[string]*v1.Withdrawal{"once more": {}, "later": {Effective: "2021-12-01"}, "for one of them": {OnBehalfOf: []string{"south"}}} {
		if _, _, err := withdrawing(w, first); !errors.Is(err, ErrEndsNothing) || !strings.Contains(err.Error(), "south: withdrawn by essex/2 from 20 October 2021") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if ends, _, err := withdrawing(&v1.Withdrawal{Effective: "2021-10-15"}, first); err != nil || len(ends) != 1 {
		t.Errorf("from before the first: %q, %v", ends, err)
	}
	first.Withdrawal.OnBehalfOf = []string{"north"}
	if ends, _, err := withdrawing(&v1.Withdrawal{}, first); err != nil || len(ends) != 1 || !strings.Contains(ends[0], "for south.") {
		t.Errorf("for whom it still stands: %q, %v", ends, err)
	}
	if _, _, err := withdrawing(&v1.Withdrawal{OnBehalfOf: []string{"north"}}, first); err == nil || !strings.Contains(err.Error(), "nothing is left of essex/1 to withdraw for north: withdrawn by essex/2 from 20 October 2021") {
		t.Errorf("for whom it has ended: %v", err)
	}
}

func TestEveryWarningIsMetWithItsValuesAndWords(t *testing.T) {
	publish := func(a *v1.Advisory, standing ...Entry) []*answersv1.Warning {
		_, warnings, _, err := checkPublish(a, essexToday(standing...))
		if err != nil {
			t.Fatal(err)
		}
		return warnings
	}
	withdrawing := func(w *v1.Withdrawal, standing ...Entry) []*answersv1.Warning {
		_, warnings, _, err := checkWithdraw(w, essexToday(standing...))
		if err != nil {
			t.Fatal(err)
		}
		return warnings
	}
	line := func(about string, entries ...Entry) []*answersv1.Warning {
		return resolve(asked(about), entries, register())[0].GetWarnings()
	}
	contractual := func(e v1.ContractEffect) func(*v1.Position) { return effect(&v1.DatedEffect{Effect: e}) }
	noonOf := func(day int) time.Time { return time.Date(2021, 10, day, 12, 0, 0, 0, time.UTC) }
	report := func() []*answersv1.Warning {
		bma := essexToday(say("kent/1", "2021-10-25", on("kent", "engage", refuse)))
		bma.Office = "bma"
		r := goodReport()
		r.Position.Committees, r.Position.Measure, r.Position.Provenance, r.Office = []string{"kent"}, "engage", 0, ""
		_, warnings, err := checkReport(r, bma)
		if err != nil {
			t.Fatal(err)
		}
		return warnings
	}
	unmet := map[answersv1.WarningCode]bool{}
	for n := range answersv1.WarningCode_name {
		unmet[answersv1.WarningCode(n)] = n != 0 && answersv1.WarningCode(n) != answersv1.WarningCode_WARNING_CODE_CLOCK // the node's (server/heard_test.go)
	}
	old := say("essex/1", "2021-10-10", on("north south", "engage", against))
	for code, c := range map[answersv1.WarningCode]struct {
		in    []*answersv1.Warning
		has   func(*answersv1.Warning) bool
		words string
	}{
		answersv1.WarningCode_WARNING_CODE_SAME_MATTER: {
			opening(t, func(m *v1.Matter) {}),
			func(w *answersv1.Warning) bool { return w.GetMatter() == plan && w.GetIssued() != nil }, "write “matter: gpc/plan” in your letter",
		},
		answersv1.WarningCode_WARNING_CODE_ENDS_LATER: {
			line("north engage 2021-10-26", say("essex/1", "2021-10-25", on("north", "engage", refuse)), withdraw("essex/2", "essex/1", "2021-10-25", effective("2021-11-10"))),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetBy() == "essex/2" && w.GetFrom() == "2021-11-10"
			}, "essex/1 ends on 10 November 2021, by essex/2.",
		},
		// A letter that said that the press was wrong, and took no line, left the press's heading the committee.
		answersv1.WarningCode_WARNING_CODE_REPORT_GOES_ON: {
			publish(draft(on("north", "engage", info)), reported("bma/1", "2021-10-20", on("north", "engage", support))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "bma/1" && w.GetStance() == support }, "you are reported to say support on engage (bma/1), and readers go on being told so first, for this takes no line: if that is not your position, withdraw the report (lmc withdraw bma/1), or take a line.",
		},
		// A practice read "supports on conditions", and no condition.
		answersv1.WarningCode_WARNING_CODE_CONDITIONS_UNSAID: {
			publish(draft(on("north", "engage", v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS))),
			func(w *answersv1.Warning) bool { return w.GetMeasure() == "engage" }, "It says “support on conditions”, and not on which: readers are told of conditions and of none.",
		},
		// What falls due by a day that was written in words was in no calendar, and nobody who published it was told.
		answersv1.WarningCode_WARNING_CODE_DAY_IN_WORDS: {
			publish(draft(on("north", "engage", refuse), asksFor("send", "", func(a *v1.Action) { a.Due = &v1.Due{When: &v1.Due_Rule{Rule: "by close of play on Friday 3 December"}} }))),
			func(w *answersv1.Warning) bool { return w.GetQuote() == "by close of play on Friday 3 December" }, "“by close of play on Friday 3 December” names a day in words: lists of what falls due have it last, and no calendar has it.",
		},
		// Practices were told that a letter was passed on, and it had nothing on what they read.
		answersv1.WarningCode_WARNING_CODE_PASSES_ON_NOTHING: {
			publish(draft(on("north", "engage", info, relayOf("kent", "kent/1"))), say("kent/1", "2021-10-20", on("kent", "list", refuse))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "kent/1" && w.GetMeasure() == "engage" }, "It passes on what kent says on engage by kent/1, which takes no position on that",
		},
		answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL: {
			line("north engage 2021-10-26", say("essex/1", "2021-10-25", on("north", "engage", refuse), asksFor("send", "2021-11-12")), say("essex/2", "2021-10-25", on("north", "engage", support, scopedTo("paid"), from("2021-11-10")))),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetBy() == "essex/2" && w.GetFrom() == "2021-11-10" && w.GetScope().GetId() == "paid"
			}, "essex/1 asks “send, by 12 November 2021” no more of paid from 10 November 2021 on, by essex/2.",
		},
		answersv1.WarningCode_WARNING_CODE_STILL_ENDS: {
			publish(draft(on("north", "engage", support), replaces("essex/2"), amends("essex/1")), say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "list", support)), say("essex/2", "2021-10-20", on("north", "engage", caution), validSince("2021-12-12"), replaces("essex/1"))),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetBy() == "essex/2" && w.GetFrom() == "2021-12-12"
			}, "essex/1 still ends on 12 December 2021, by essex/2, though this takes the place of that",
		},
		answersv1.WarningCode_WARNING_CODE_MATTER_CHANGES_LINE: {
			amending(t),
			func(w *answersv1.Warning) bool {
				return w.GetQuote() == "North LMC on engage: was support, now no line."
			}, "By this amendment: North LMC on engage",
		},
		answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL: {
			publish(draft(on("north", "engage", refuse, contractual(v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)))),
			func(w *answersv1.Warning) bool {
				return w.GetStance() == refuse && w.GetMeasure() == "engage" && w.GetFrom() == "" && w.GetClaimedBy() == ""
			}, "It says “refuse”, and reads the contract so that this is contractual: practices are told to ask you before they decline",
		},
		// A corrected day stood beside the wrong one, and nobody who published it was told.
		answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING: {
			publish(draft(on("north", "engage", refuse), asksFor("send the form", "2021-12-11")), say("essex/1", "2021-10-20", on("north", "engage", refuse), asksFor("send the form", "2021-12-04"))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" && w.GetMeasure() == "engage" }, "essex/1 goes on asking “send the form, by 4 December 2021 (a Saturday: offices may be shut)” beside this. If that is to end, write “replaces: [essex/1]”, or “amends: [essex/1]” with a position on engage.",
		},
		answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE: {
			publish(draft(on("north", "engage", support), replaces("essex/1")), say("essex/1", "2021-10-18", on("north", "engage", refuse)), say("essex/2", "2021-10-20", on("north", "engage", info), asksFor("come to our meeting", "2021-12-03"))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/2" && w.GetMeasure() == "engage" }, "essex/2 asks “come to our meeting, by 3 December 2021”, which does not go with this, and readers are shown it no more",
		},
		answersv1.WarningCode_WARNING_CODE_HOLDS_UNTIL_THEN: {
			publish(draft(on("north", "engage", support), replaces("essex/1"), validSince("2021-12-21")), say("essex/1", "2021-10-20", on("north", "engage", support), validSince("2021-12-14"))),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetFrom() == "2021-12-14" && w.GetUntil() == "2021-12-21"
			}, "essex/1 holds from 14 December 2021 until this does, on 21 December 2021: withdraw it",
		},
		answersv1.WarningCode_WARNING_CODE_COMES_BACK: {
			publish(draft(on("north", "engage", decides, until("2021-12-04")), amends("essex/1")), say("essex/1", "2021-10-20", on("north", "engage", refuse))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" && w.GetFrom() == "2021-12-05" }, "This is valid until 4 December 2021. From 5 December 2021 the line of essex/1 (refuse) answers on engage.",
		},
		answersv1.WarningCode_WARNING_CODE_CONTRACT_UNSAID: {
			publish(draft(on("north", "engage", refuse)), say("essex/1", "2021-10-20", on("north", "engage", refuse, contractual(v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL)))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" }, "where essex/1 says “not in the contract”: readers are told of the contract by the newest line alone",
		},
		answersv1.WarningCode_WARNING_CODE_OPINION_UNSAID: {
			publish(draft(on("north", "engage", refuse)), say("essex/1", "2021-10-20", on("north", "engage", refuse, func(p *v1.Position) { p.Opinion = v1.Opinion_OPINION_CONCERNED }))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" && w.GetMeasure() == "engage" }, "where essex/1 says that as a policy the committee “has concerns about it”",
		},
		answersv1.WarningCode_WARNING_CODE_LIMITS_UNSAID: {
			publish(draft(on("north", "engage", support)), say("essex/1", "2021-10-20", on("north", "engage", support, onlyIf("it is paid"), until("2022-03-31")))),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetMeasure() == "engage" && w.GetQuote() != "" && w.GetUntil() == "2022-03-31"
			}, "of what limits the line of essex/1: “To be taken up only if: it is paid”, valid until 31 March 2022",
		},
		answersv1.WarningCode_WARNING_CODE_ASKS_AGAIN: {
			publish(draft(on("north", "engage", info), asksFor("send", "2021-12-07", onMeasure("engage"))),
				say("essex/1", "2021-10-18", on("north", "engage", refuse), asksFor("send", "2021-12-07", onMeasure("engage"))), say("essex/2", "2021-10-20", on("north", "engage", decides, partners), amends("essex/1"))),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/2" && w.GetTitle() == "of GP partners" && slices.Equal(w.GetAudiences(), []v1.Audience{partners})
			}, "“send, by 7 December 2021” is asked again of GP partners, for whom essex/2 ended it: write who: [salaried-and-locum-gps, practice-managers], if it is meant for the others alone.",
		},
		answersv1.WarningCode_WARNING_CODE_GOES_ON_WAITING: {
			publish(draft(on("north", "engage", refuse)), say("essex/1", "2021-10-20", on("north", "engage", refuse, startsWhenever("they ask")))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" && w.GetCondition() == "they ask" }, "essex/1 waits for “they ask”, and goes on waiting beside this",
		},
		answersv1.WarningCode_WARNING_CODE_INHERITS_EFFECTS: {
			publishAmong(demands(), draft(on("north", "", refuse, contractual(v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL)), on("north", "engage", refuse))),
			func(w *answersv1.Warning) bool { return w.GetMeasure() == "engage" }, "readers are told there what it states on the whole matter: “not in the contract”",
		},
		answersv1.WarningCode_WARNING_CODE_CLAIMS_OTHERWISE: {
			publishAmong(demands(func(m *v1.Measure) {
				m.Proposer, m.ClaimedEffects = &v1.Body{Id: "north", Name: "North LMC"}, always(v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH)
			}), draft(on("north", "engage", refuse, contractual(v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH)))),
			func(w *answersv1.Warning) bool { return w.GetClaimedBy() == "North LMC" }, "The matter says that North LMC claims “doing it is not a breach of contract” of engage, and this reads the contract otherwise",
		},
		answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST: {
			append(line("north engage 2021-10-26", say("kent/1", "2021-10-20", on("kent", "engage", support)), say("kent/2", "2021-10-22", on("kent", "engage", refuse)), say("essex/1", "2021-10-21", on("north", "engage", info, relayOf("kent", "kent/1")))),
				line("north engage 2021-10-26", say("kent/1", "2021-10-20", on("kent", "engage", support)), withdraw("kent/2", "kent/1", "2021-10-22"), say("essex/1", "2021-10-21", on("north", "engage", info, relayOf("kent", "kent/1"))))...),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetBy() == "kent/2" && w.GetInstead() == "kent/1" && w.GetCommittees()[0] == "kent" && (w.GetStance() == 0 || w.GetStance() == refuse && w.GetIssued().GetLatest() == "2021-10-22")
			}, "essex/1 passes on ",
		},
		answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH: {
			publish(draft(on("north", "strike", support, until("2021-11-30"), effect(dated(wouldBreach, "2021-12-01", ""))))),
			func(w *answersv1.Warning) bool { return w.GetStance() == support }, "breach of contract from 1 December 2021: say in the letter when to stop",
		},
		answersv1.WarningCode_WARNING_CODE_DATED_AHEAD: {
			line("north engage 2021-10-30", say("essex/1", "2021-10-25", on("north", "engage", refuse), logged(noonOf(20)))),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetLogged() == "2021-10-20" && w.GetFrom() == "2021-10-25"
			}, "is dated 25 October 2021 but was logged on 20 October 2021",
		},
		answersv1.WarningCode_WARNING_CODE_LOGGED_LATE: {
			line("north engage 2021-10-30", say("essex/1", "2021-10-25", on("north", "engage", refuse), logged(noonOf(28)))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" && w.GetLogged() == "2021-10-28" }, "3 days after it was issued",
		},
		answersv1.WarningCode_WARNING_CODE_STARTS_WHEN: {
			append(publish(draft(on("north", "strike", support, startsWhenever("a ballot")))), line("north strike 2021-10-30", say("essex/1", "2021-10-25", on("north", "strike", support, startsWhenever("a ballot"))))...),
			func(w *answersv1.Warning) bool {
				return w.GetCondition() == "a ballot" && (w.GetEntry() == "") == (w.GetStance() == 0)
			}, "a ballot",
		},
		answersv1.WarningCode_WARNING_CODE_OVERRIDES_MEASURE: {
			append(publish(draft(on("north south", "", refuse), amends("essex/1")), old), line("north engage 2021-10-30", old, say("essex/2", "2021-10-20", on("north", "", refuse)))...),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetMeasure() == "engage" && w.GetStance() == against
			}, "stands over",
		},
		answersv1.WarningCode_WARNING_CODE_AMENDS_NOTHING: {
			publish(draft(on("north", "strike", refuse), amends("essex/1")), old),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" && w.GetTitle() != "" }, "stands as it is",
		},
		answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE: {
			publish(draft(on("north", "engage", refuse), replaces("essex/1")), old),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetCommittees()[0] == "south" && w.GetConsequence() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES
			}, "will have no line on engage",
		},
		answersv1.WarningCode_WARNING_CODE_PERSONAL_CONTACT: {
			publish(draft(on("north", "engage", refuse, because("Ring 07700 900123.")))),
			func(w *answersv1.Warning) bool { return w.GetQuote() == "07700 900123" }, "looks like somebody's own",
		},
		answersv1.WarningCode_WARNING_CODE_EVIDENCE_NOT_IN_TEXT: {
			publish(draft(on("north", "engage", refuse, func(p *v1.Position) { p.Evidence = "We never wrote this." }))),
			func(w *answersv1.Warning) bool {
				return w.GetQuote() == "We never wrote this." && w.GetMeasure() == "engage"
			}, "copy the sentence from the letter",
		},
		answersv1.WarningCode_WARNING_CODE_REQUIRED_NOT_CONTRACTUAL: {
			publish(draft(on("north", "engage", v1.Stance_STANCE_REQUIRED, contractual(v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL)))),
			func(w *answersv1.Warning) bool { return w.GetMeasure() == "engage" }, "readers are told both",
		},
		answersv1.WarningCode_WARNING_CODE_ISSUED_BEFORE_MATTER: {
			publish(func() *v1.Advisory {
				a := draft(on("north", "engage", refuse))
				a.Issued = days("2012-11-10")
				return a
			}()),
			func(w *answersv1.Warning) bool { return w.GetMatter() == plan && w.GetFrom() > "2021" }, "It is dated 10 November 2012, before gpc/plan was opened on ",
		},
		answersv1.WarningCode_WARNING_CODE_MATTER_CLOSED: {
			publishAmong(closedMatter("2021-10-20"), draft(on("north", "engage", refuse))),
			func(w *answersv1.Warning) bool { return w.GetMatter() == plan && w.GetFrom() == "2021-10-20" }, "gpc/plan was closed on 20 October 2021: no practice's page",
		},
		answersv1.WarningCode_WARNING_CODE_MATTER_NOT_HERE: {
			publishAhead(draft(on("north", "", refuse, func(p *v1.Position) { p.Matter = "gpc/plam" }))),
			func(w *answersv1.Warning) bool { return w.GetMatter() == "gpc/plam" && w.GetQuote() != "" }, "gpc/plam is not known here yet: what is said on it is kept and shown when it arrives",
		},
		answersv1.WarningCode_WARNING_CODE_VALID_BEFORE_ISSUED: {
			publish(draft(on("north", "engage", refuse), validSince("2020-10-25"))),
			func(w *answersv1.Warning) bool { return w.GetFrom() == "2020-10-25" }, "It is valid from 25 October 2020, before the day it was issued, 25 October 2021",
		},
		answersv1.WarningCode_WARNING_CODE_GROUP_ENDS: {
			publish(draft(on("north", "engage", refuse), replaces("essex/1")), say("essex/1", "2021-10-10", on("north", "engage", refuse), on("north", "engage", support, scopedTo("started")))),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetScope().GetId() == "started" && w.GetStance() == refuse && w.GetFrom() == "2021-10-25"
			}, "are told what this says in general, refuse",
		},
		answersv1.WarningCode_WARNING_CODE_ENDS_BEFORE_ISSUED: {
			publish(draft(on("north south", "engage", refuse), replaces("essex/1"), validSince("2021-10-20")), old),
			func(w *answersv1.Warning) bool { return w.GetFrom() == "2021-10-20" }, "before the day it is issued",
		},
		answersv1.WarningCode_WARNING_CODE_REACHES_BACK: {
			withdrawing(&v1.Withdrawal{Advisory: "essex/1", Visibility: public, Effective: "2021-10-15"}, old),
			func(w *answersv1.Warning) bool { return w.GetFrom() == "2021-10-15" }, "takes effect on 15 October 2021",
		},
		answersv1.WarningCode_WARNING_CODE_STAYS_ENDED: {
			withdrawing(&v1.Withdrawal{Advisory: "essex/2", Visibility: public}, old, say("essex/2", "2021-10-20", on("north south", "engage", refuse), replaces("essex/1"))),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" && w.GetBy() == "essex/2" }, "does not come back",
		},
		answersv1.WarningCode_WARNING_CODE_WITHDRAWN_BEFORE: {
			withdrawing(&v1.Withdrawal{Advisory: "essex/1", Visibility: public, Effective: "2021-10-20"}, old, withdraw("essex/3", "essex/1", "2021-10-30")),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" && w.GetBy() == "essex/3" }, "was withdrawn already by essex/3",
		},
		answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE: {
			publish(draft(on("north south", "engage", refuse), amends("essex/1")), old, withdraw("essex/3", "essex/1", "2021-10-30")),
			func(w *answersv1.Warning) bool { return w.GetEntry() == "essex/1" && w.GetBy() == "essex/3" }, "has ended before, by essex/3",
		},
		answersv1.WarningCode_WARNING_CODE_GROUP_GOES_ON: {
			publish(draft(on("north", "engage", refuse)), say("essex/1", "2021-10-20", on("north", "engage", support, scopedTo("started")))),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetScope().GetId() == "started" && w.GetStance() == support
			}, "goes on beside this",
		},
		answersv1.WarningCode_WARNING_CODE_NEW_GROUP: {
			publish(draft(on("north", "engage", refuse, scopedTo("already-on-it"))), say("essex/1", "2021-10-20", on("north", "engage", support, scopedTo("started")))),
			func(w *answersv1.Warning) bool {
				return w.GetScope().GetId() == "already-on-it" && len(w.GetGroups()) == 1 && w.GetGroups()[0].GetId() == "started"
			}, "is a new one; there are: started (started)",
		},
		answersv1.WarningCode_WARNING_CODE_EVENT_MOVED: {
			line("north engage 2021-10-26", say("essex/1", "2021-10-25", on("north", "engage", refuse), func(e *Entry) {
				e.Advisory.Actions = []*v1.Action{{Verb: "reply", Actors: []v1.Audience{practices}, Due: fromTheEvent(&v1.DueFromEvent{Event: "notice", EventDay: "2021-11-01", Count: 14, Unit: v1.DueUnit_DUE_UNIT_DAYS})}}
			})),
			func(w *answersv1.Warning) bool {
				return w.GetEntry() == "essex/1" && w.GetFrom() == "2021-11-01" && w.GetUntil() == "2021-11-03"
			}, "the matter now gives 3 November 2021",
		},
		answersv1.WarningCode_WARNING_CODE_DECIDED_TOGETHER: {
			publish(draft(on("north", "engage", refuse, effect(&v1.DatedEffect{Effect: v1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME}), because("All practices should decline the scheme.")))),
			func(w *answersv1.Warning) bool {
				return w.GetMeasure() == "engage" && w.GetQuote() == "All practices should decline the scheme."
			}, "practices decide one by one",
		},
		answersv1.WarningCode_WARNING_CODE_NAMES_MANAGER: {
			publish(draft(on("north", "engage", refuse, because("Ms A Person, head of primary care, asks for it.")))),
			func(w *answersv1.Warning) bool { return w.GetQuote() == "Ms A Person" }, "write the office held",
		},
		answersv1.WarningCode_WARNING_CODE_COPIED_BEYOND_READERS: {
			copiedBeyondReaders(&v1.Advisory{Cc: []string{"Clinical directors", "CCG primary care leads"}, Visibility: v1.Visibility_VISIBILITY_PRACTICES}),
			func(w *answersv1.Warning) bool {
				return w.GetQuote() == "CCG primary care leads" && w.GetVisibility() == v1.Visibility_VISIBILITY_PRACTICES
			}, "practices of the federation only",
		},
		answersv1.WarningCode_WARNING_CODE_SMALL_NUMBER: {
			publish(draft(on("north", "engage", refuse, because("So far three practices have signed.")))),
			func(w *answersv1.Warning) bool { return w.GetQuote() == "three practices" }, "readers may find out who",
		},
		answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE: {
			publish(&v1.Advisory{
				Title: "The return", Body: "Send it.", OnBehalfOf: []string{"north"}, Audiences: []v1.Audience{practices}, Visibility: public,
				Actions: []*v1.Action{{Verb: "send", Object: "the return", Matter: "plan"}},
			}),
			func(w *answersv1.Warning) bool { return w.GetMatter() == plan }, "lmc history gpc/plan finds it",
		},
		answersv1.WarningCode_WARNING_CODE_ASKS_ON_NO_MATTER: {
			publishAhead(draft(on("north", "", refuse), on("north", "", support, func(p *v1.Position) { p.Matter = "gpc/other" }),
				asksFor("answer", "2021-12-06"), asksFor("send", "2021-12-05", func(a *v1.Action) { a.Matter = plan }), asksFor("wait", "", func(a *v1.Action) { a.Actors = []v1.Audience{v1.Audience_AUDIENCE_PATIENTS} }))),
			func(w *answersv1.Warning) bool { return w.GetQuote() == "answer, by 6 December 2021" }, "is on no matter, and so on no practice's page",
		},
		answersv1.WarningCode_WARNING_CODE_SPOKEN_SINCE: {
			report(),
			func(w *answersv1.Warning) bool { return w.GetCommittees()[0] == "kent" && w.GetFrom() == "2021-10-25" }, "has spoken itself on this, last on 25 October 2021",
		},
	} {
		found := warned(code, c.in)
		if len(found) == 0 {
			t.Errorf("%s is not among %v", code, c.in)
		}
		for _, w := range found {
			if !c.has(w) || !strings.Contains(w.GetWords(), c.words) || w.GetWords() != WarningWords(w) {
				t.Errorf("%s: %v", code, w)
			}
		}
		delete(unmet, code)
	}
	for code, missing := range unmet {
		if missing {
			t.Errorf("%s is met nowhere", code)
		}
	}
}

// demands is the matter with its first measure a demand of its proposer, changed.
func demands(changes ...func(*v1.Measure)) *v1.Matter {
	m := goodMatter()
	m.Measures[0].Kind = v1.MeasureKind_MEASURE_KIND_DEMAND
	for _, change := range changes {
		change(m.Measures[0])
	}
	return m
}

// publishAmong is what an office is warned of that publishes on a matter.
func publishAmong(m *v1.Matter, a *v1.Advisory) []*answersv1.Warning {
	known := essexToday()
	known.Matters = func(string) *v1.Matter { return m }
	_, warnings, _, _ := checkPublish(a, known)
	return warnings
}

// publishAhead publishes on a matter that has not arrived.
func publishAhead(a *v1.Advisory) []*answersv1.Warning {
	known := essexToday()
	known.MatterNotHere = true
	_, warnings, _, _ := checkPublish(a, known)
	return warnings
}

// Only another office's matter can be one that has not arrived, and of its measures nothing is known.
func TestWhatIsSaidAheadOfAMatterIsOfAnotherOfficesAndOnTheWhole(t *testing.T) {
	for matter, measure := range map[string]string{"gpc/plam": "engage", "essex/plam": ""} {
		known := essexToday()
		known.MatterNotHere = true
		_, _, _, err := checkPublish(draft(on("north", measure, refuse, func(p *v1.Position) { p.Matter = matter })), known)
		if err == nil {
			t.Errorf("%s, %s was taken", matter, measure)
		}
	}
	if _, _, _, err := checkPublish(draft(on("north", "", refuse, func(p *v1.Position) { p.Matter = "gpc/plam" })), essexToday()); err == nil {
		t.Error("without being asked for, a matter that is not here was taken")
	}
}

func closedMatter(day string) *v1.Matter {
	m := goodMatter()
	m.Closed = days(day)
	return m
}

// Of a matter opened within a range of days, a letter of before was told that it was opened on the first of them.
func TestALetterOfBeforeAMatterNamesTheDaysThatWasOpenedWithin(t *testing.T) {
	m := goodMatter()
	m.Opened = &v1.DayRange{Earliest: "2021-04-01", Latest: "2021-04-30"}
	early := draft(on("north", "engage", refuse))
	early.Issued = days("2020-11-10")
	all := warned(answersv1.WarningCode_WARNING_CODE_ISSUED_BEFORE_MATTER, publishAmong(m, early))
	if len(all) != 1 || !strings.Contains(all[0].GetWords(), "before gpc/plan was opened (April 2021): check") {
		t.Errorf("%v", all)
	}
}

// A letter on a closed matter was taken without a word; one on a matter closed from tomorrow on is on an open one.
func TestALetterOnAMatterOpenTodayIsNotLookedAtTwice(t *testing.T) {
	for _, day := range []string{"", essexToday().Today} {
		m := goodMatter()
		if day != "" {
			m = closedMatter(day)
		}
		if all := warned(answersv1.WarningCode_WARNING_CODE_MATTER_CLOSED, publishAmong(m, draft(on("north", "engage", refuse)))); len(all) > 0 {
			t.Errorf("closed on %q: %v", day, all)
		}
	}
}

// relayOf passes on another committee's line, by its letter.
func relayOf(committee, letter string) func(*v1.Position) {
	return func(p *v1.Position) {
		p.Provenance, p.RelayOf = v1.Provenance_PROVENANCE_RELAY, &v1.RelaySource{Committee: committee, Advisory: letter}
	}
}

// "It says “refuse”, but this is contractual from 10 November 2026" stood beside "Says: not in the
// contract": it was NHS England's claim, without a day, and the day was the letter's.
func TestAContractWarningNamesWhoClaimsItAndNoDayOfTheLetters(t *testing.T) {
	m := matter()
	m.Measures[0].ClaimedEffects = always(v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL)
	q := asked("north engage 2021-10-26")
	q.Matter = m
	got := resolve(q, []Entry{say("essex/1", "2021-10-25", on("north", "engage", refuse, effect(always(v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL)...)))}, register())[0].GetWarnings()
	if want := "It says “refuse”, and NHS England claims that this is contractual: ask your LMC before you decline."; len(got) != 1 || got[0].GetWords() != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// A line that is passed on was said to have changed to one that stood between, or was to others.
func TestWhatIsPassedOnIsHeldAgainstWhatWhoseItIsSaysNow(t *testing.T) {
	relays := say("essex/9", "2021-10-21", on("north", "engage", info, relayOf("kent", "kent/1")))
	first := say("kent/1", "2021-10-20", on("kent", "engage", refuse))
	second := say("kent/2", "2021-10-22", on("kent", "engage", support), replaces("kent/1"))
	for name, c := range map[string]struct {
		entries []Entry
		want    string
	}{
		"as it was":                  {[]Entry{relays, first}, ""},
		"said again":                 {[]Entry{relays, first, say("kent/2", "2021-10-22", on("kent", "engage", refuse))}, ""},
		"turned":                     {[]Entry{relays, first, second}, "it says now: support (kent/2"},
		"turned and back":            {[]Entry{relays, first, second, say("kent/3", "2021-10-23", on("kent", "engage", refuse), replaces("kent/2"))}, ""},
		"turned, and that withdrawn": {[]Entry{relays, first, second, withdraw("kent/3", "kent/2", "2021-10-23")}, "which has ended, by kent/"},
		"told otherwise to others":   {[]Entry{relays, first, say("kent/2", "2021-10-22", on("kent", "engage", support, pcns))}, ""},
		"withdrawn":                  {[]Entry{relays, first, withdraw("kent/2", "kent/1", "2021-10-22")}, "passes on the line of kent (kent/1), which has ended, by kent/2: kent has none on this now."},
		"expired":                    {[]Entry{relays, say("kent/1", "2021-10-20", on("kent", "engage", refuse, until("2021-10-25")))}, "(kent/1), which has ended: kent"},
		"before it holds":            {[]Entry{relays, say("kent/1", "2021-10-20", on("kent", "engage", refuse, from("2021-12-01")))}, ""},
		"by no letter, said again":   {[]Entry{say("essex/9", "2021-10-21", on("north", "engage", info, relayOf("kent", ""))), first, say("kent/2", "2021-10-22", on("kent", "engage", refuse))}, ""},
		"by no letter, turned":       {[]Entry{say("essex/9", "2021-10-21", on("north", "engage", info, relayOf("kent", ""))), first, second}, "it says now: support (kent/2"},
	} {
		got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, resolve(asked("north engage 2021-10-28"), c.entries, register())[0].GetWarnings())
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(strings.ToLower(got[0].GetWords()), strings.ToLower(c.want))) {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
	// A relay of the whole matter answers on a measure too, and is held against the line there.
	whole := []Entry{say("kent/1", "2021-10-20", on("kent", "", refuse)), say("kent/2", "2021-10-22", on("kent", "engage", support), amends("kent/1")), say("essex/9", "2021-10-21", on("north", "", info, relayOf("kent", "kent/1")))}
	for question, want := range map[string]string{"north whole 2021-10-28": "", "north engage 2021-10-28": "it says now: support (kent/2"} {
		got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, resolve(asked(question), whole, register())[0].GetWarnings())
		if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0].GetWords(), want)) {
			t.Errorf("%s: %v, want %q", question, got, want)
		}
	}
	late := draft(on("north", "engage", info, relayOf("kent", "kent/1")))
	if got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, warnedOf(late, first, second)); len(got) != 1 || !strings.HasPrefix(got[0].GetWords(), "It passes on what ") {
		t.Errorf("whoever passes it on late is told %v", got)
	}
}

// A refusal of the whole plan passed on for one measure, for a group, or to all practices though it was
// said to partners, stayed what readers were told after it had been turned round or withdrawn.
func TestWhatIsPassedOnInPartIsHeldAgainstTheLineThere(t *testing.T) {
	whole, turned := say("kent/1", "2021-10-20", on("kent", "", refuse)), say("kent/2", "2021-10-22", on("kent", "", support), replaces("kent/1"))
	parts := say("kent/1", "2021-10-20", on("kent", "engage", refuse), on("kent", "list", refuse, partners))
	gone := withdraw("kent/2", "kent/1", "2021-10-22")
	passes := func(measure string, parts ...any) Entry {
		return say("essex/9", "2021-10-21", on("north", measure, info, append(parts, relayOf("kent", "kent/1"))...))
	}
	ahead := say("kent/1", "2021-10-20", on("kent", "engage", refuse, from("2021-11-05")))
	waits := say("kent/1", "2021-10-20", on("kent", "engage", refuse, startsWhenever("the ballot is over")))
	turnedAhead := say("kent/2", "2021-10-22", on("kent", "engage", support), replaces("kent/1"))
	ofGroup, groupTurned := say("kent/1", "2021-10-20", on("kent", "engage", refuse, scopedTo("started"))), say("kent/2", "2021-10-22", on("kent", "engage", support, scopedTo("started")), amends("kent/1"))
	ofArea, areaTurned := say("kent/1", "2021-10-20", on("kent", "engage", refuse, in("A"))), say("kent/2", "2021-10-22", on("kent", "engage", support, in("A")), amends("kent/1"))
	byNobody := func(measure string) Entry {
		return say("essex/9", "2021-10-21", on("north", measure, info, relayOf("kent", "")))
	}
	now, over := "it says now: support (kent/2", "which has ended, by kent/2: kent has none on this now."
	chained := []Entry{whole, say("south/1", "2021-10-20", on("kent", "engage", support)), passes("engage"), say("essex/10", "2021-10-22", on("south", "engage", info, relayOf("north", "essex/9")))}
	for name, c := range map[string]struct {
		q       Question
		entries []Entry
		want    string
	}{
		"on a measure, as it was":                 {asked("north engage 2021-10-28"), []Entry{whole, passes("engage")}, ""},
		"on a measure":                            {asked("north engage 2021-10-28"), []Entry{whole, passes("engage"), turned}, now},
		"on a measure, withdrawn":                 {asked("north engage 2021-10-28"), []Entry{whole, passes("engage"), gone}, over},
		"to a group":                              {asked("north whole 2021-10-28 started", groupOf("north whole 2021-10-28 started")), []Entry{whole, passes("", scopedTo("started")), turned}, now},
		"to a group, seen by all":                 {asked("north whole 2021-10-28"), []Entry{whole, passes("", scopedTo("started")), turned}, now},
		"to a group, beside a general line":       {asked("north whole 2021-10-28 started", groupOf("north whole 2021-10-28 started")), []Entry{whole, say("essex/8", "2021-10-20", on("north", "", caution)), passes("", scopedTo("started")), turned}, now},
		"to partners, seen by practices":          {asked("north engage 2021-10-28"), []Entry{whole, passes("engage", partners), turned}, now},
		"of measures only, on the whole":          {asked("north whole 2021-10-28"), []Entry{parts, passes(""), gone}, over},
		"of measures only, on the whole, turned":  {asked("north whole 2021-10-28"), []Entry{parts, passes(""), turned}, now},
		"of measures only, on one":                {asked("north engage 2021-10-28"), []Entry{parts, passes(""), gone}, over},
		"of measures only, on one it has not":     {asked("north strike 2021-10-28"), []Entry{parts, passes(""), gone}, ""},
		"to practices what was said to partners":  {asked("north list 2021-10-28"), []Entry{parts, passes("list"), turned}, now},
		"the same, as it was":                     {asked("north list 2021-10-28"), []Entry{parts, passes("list")}, ""},
		"passed on again, as it was":              {asked("south engage 2021-10-28"), chained, ""},
		"passed on again, and spoken instead":     {asked("south engage 2021-10-28"), append(slices.Clone(chained), say("essex/11", "2021-10-23", on("north", "engage", support), replaces("essex/9"))), "it says now: support (essex/11"},
		"passed on again, and spoken alike":       {asked("south engage 2021-10-28"), append(slices.Clone(chained), say("essex/11", "2021-10-23", on("north", "engage", refuse), replaces("essex/9"))), ""},
		"passed on again, and turned at its root": {asked("south engage 2021-10-28"), append(slices.Clone(chained), turned), now},
		"passed on in a circle":                   {asked("south engage 2021-10-28"), []Entry{say("essex/9", "2021-10-21", on("north", "engage", info, relayOf("south", "essex/10"))), say("essex/10", "2021-10-22", on("south", "engage", info, relayOf("north", "essex/9")))}, ""},
		"where an area is told otherwise":         {asked("north engage 2021-10-28", code("A")), []Entry{say("kent/1", "2021-10-20", on("kent", "engage", refuse), on("kent", "engage", support, in("A"))), passes("engage")}, ""},
		"of a line ahead, as it was":              {asked("north engage 2021-10-28"), []Entry{ahead, passes("engage")}, ""},
		"of a line ahead, turned":                 {asked("north engage 2021-10-28"), []Entry{ahead, passes("engage"), turnedAhead}, now},
		"of a line ahead, withdrawn":              {asked("north engage 2021-10-28"), []Entry{ahead, passes("engage"), gone}, over},
		"of a line that waits, as it was":         {asked("north engage 2021-10-28"), []Entry{waits, passes("engage")}, ""},
		"of a line that waits, turned":            {asked("north engage 2021-10-28"), []Entry{waits, passes("engage"), turnedAhead}, now},
		"to all what was said to a group":         {asked("north engage 2021-10-28"), []Entry{ofGroup, passes("engage"), groupTurned}, now},
		"to all what was said to a group, still":  {asked("north engage 2021-10-28"), []Entry{ofGroup, passes("engage")}, ""},
		"to all what was said of an area":         {asked("north engage 2021-10-28"), []Entry{ofArea, passes("engage"), areaTurned}, now},
		"to all what was said of an area, still":  {asked("north engage 2021-10-28"), []Entry{ofArea, passes("engage")}, ""},
		"of no letter, of measures only":          {asked("north whole 2021-10-28"), []Entry{parts, byNobody(""), turned}, now},
		"of no letter, of measures only, still":   {asked("north whole 2021-10-28"), []Entry{parts, byNobody("")}, ""},
	} {
		got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, resolve(c.q, c.entries, register())[0].GetWarnings())
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(strings.ToLower(got[0].GetWords()), strings.ToLower(c.want))) {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
	for name, late := range map[string]*v1.Advisory{
		"on the whole":        draft(on("north", "", info, relayOf("kent", "kent/1"))),
		"said to partners":    draft(on("north", "list", info, relayOf("kent", "kent/1"))),
		"on a single measure": draft(on("north", "engage", info, relayOf("kent", "kent/1"))),
	} {
		if got := warned(answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST, warnedOf(late, parts, turned)); len(got) != 1 || !strings.HasPrefix(got[0].GetWords(), "It passes on what ") {
			t.Errorf("whoever passes it on late %s is told %v", name, got)
		}
	}
}

// warnedOf is what an office is warned of that publishes beside what stands.
func warnedOf(a *v1.Advisory, standing ...Entry) []*answersv1.Warning {
	_, warnings, _, _ := checkPublish(a, essexToday(standing...))
	return warnings
}

// "Shown no more" was said of what stands with the line on the whole matter and goes on being told
// with that; nothing was said of a request that a new relay beside a line brings and no view shows.
func TestShownNoMoreIsSaidOfWhatNoViewShows(t *testing.T) {
	shown := func(a *v1.Advisory, standing ...Entry) (quotes []string) {
		for _, w := range warned(answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE, warnedOf(a, standing...)) {
			quotes = append(quotes, w.GetEntry()+": "+w.GetQuote())
		}
		return quotes
	}
	plan := say("essex/1", "2021-10-18", on("north", "", refuse), asksFor("send the letter", "2021-12-04"))
	survey := say("essex/2", "2021-10-19", on("north", "", info), asksFor("answer our survey", "2021-12-07"))
	if got := shown(draft(on("north", "engage", support)), plan, survey); len(got) > 0 {
		t.Errorf("a line on a measure beside the plan: %q", got)
	}
	line := say("essex/1", "2021-10-18", on("north", "engage", refuse))
	kents := say("kent/1", "2021-10-20", on("kent", "engage", support))
	relays := draft(on("north", "engage", info, relayOf("kent", "kent/1")), asksFor("answer our survey", "2021-12-04"))
	if got := shown(relays, line, kents); len(got) != 1 || got[0] != ": answer our survey, by 4 December 2021 (a Saturday: offices may be shut)" {
		t.Errorf("a relay beside a line: %q", got)
	}
	alike := say("kent/1", "2021-10-20", on("kent", "engage", refuse))
	if got := shown(relays, line, alike); len(got) > 0 {
		t.Errorf("a relay that goes with the line: %q", got)
	}
}

// A refusal of the whole matter was published without a word, and its readers were told on two
// measures to ask before they decline.
func TestARefusalOfTheWholeMatterIsHeldAgainstEachMeasureItAnswers(t *testing.T) {
	m := demands(func(m *v1.Measure) { m.ClaimedEffects = always(v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL) })
	for _, c := range []struct {
		letter *v1.Advisory
		want   int
	}{
		{draft(on("north", "", refuse)), 1},
		{draft(on("north", "", refuse), on("north", "engage", caution)), 0},
		{draft(on("north south", "", refuse), on("north", "engage", caution)), 1}, // South has none there
		{draft(on("north", "", caution)), 0},
	} {
		got := warned(answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL, publishAmong(m, c.letter))
		if len(got) != c.want || c.want == 1 && got[0].GetMeasure() != "engage" {
			t.Errorf("%v: warned of %v", c.letter.GetPositions(), got)
		}
	}
}

// A general line, one for a part of the area, and what is asked there: it was refused with "say
// whose it is, under area", which it did say.
func TestWhatIsAskedInAPartOfTheAreaStandsWithThePartsLine(t *testing.T) {
	asks := func(area string) func(*Entry) {
		return func(e *Entry) {
			act := &v1.Action{Verb: "decline", Object: "it", Measure: "engage"}
			if area != "" {
				act.Area = code(area)
			}
			e.Advisory.Actions = []*v1.Action{act}
		}
	}
	a := draft(on("north", "engage", support), on("north", "engage", refuse, in("A")), asks("A"))
	joint := draft(on("north south", "engage", support), on("north", "engage", refuse, in("A")), asks("A"), func(e *Entry) { e.Advisory.Actions[0].Committees = []string{"north"} })
	for _, letter := range []*v1.Advisory{a, joint} {
		if _, _, _, err := checkPublish(letter, essexToday()); err != nil {
			t.Errorf("refused: %v", err)
		}
	}
	for name, letter := range map[string]*v1.Advisory{
		"asked everywhere":         draft(on("north", "engage", support), on("north", "engage", refuse, in("A")), asks("")),
		"asked for two committees": draft(on("north south", "engage", support), on("north", "engage", refuse, in("EAST")), asks("EAST")), // which both lie in
	} {
		if _, _, _, err := checkPublish(letter, essexToday()); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

func TestAnOfficeIsNotToldToAskItsOwnLMC(t *testing.T) {
	says := on("north", "engage", refuse, effect(dated(contractual, "2021-10-01", "")))
	_, shown, _, err := checkPublish(draft(says), essexToday())
	if err != nil || len(shown) != 1 || strings.Contains(shown[0].GetWords(), "your LMC") {
		t.Errorf("the office is told %v, %v", shown, err)
	}
	line := resolve(asked("north engage 2021-10-26"), []Entry{say("essex/1", "2021-10-25", says)}, register())[0]
	if len(line.GetWarnings()) != 1 || !strings.Contains(line.GetWarnings()[0].GetWords(), "ask your LMC before you decline") || line.GetWarnings()[0].GetEntry() != "essex/1" {
		t.Errorf("practices are told %v", line.GetWarnings())
	}
}
