package guidance

import (
	"strings"
	"testing"
	"time"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const (
	notStated      = v1.ContractEffect_CONTRACT_EFFECT_NOT_STATED
	notContractual = v1.ContractEffect_CONTRACT_EFFECT_NOT_CONTRACTUAL
	voluntary      = v1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME
	contractual    = v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL
	noBreach       = v1.ContractEffect_CONTRACT_EFFECT_ACTION_NOT_A_BREACH
	wouldBreach    = v1.ContractEffect_CONTRACT_EFFECT_ACTION_WOULD_BREACH
	disputed       = v1.ContractEffect_CONTRACT_EFFECT_DISPUTED
)

func dated(e v1.ContractEffect, from, until string) *v1.DatedEffect {
	return &v1.DatedEffect{Effect: e, ValidFrom: from, ValidUntil: until}
}

func always(e v1.ContractEffect) []*v1.DatedEffect { return []*v1.DatedEffect{dated(e, "", "")} }

// domain.md 3: to people
func TestObligationOfEveryEffect(t *testing.T) {
	for effect, want := range map[v1.ContractEffect]string{
		0: "ASK_YOUR_LMC", notStated: "ASK_YOUR_LMC", notContractual: "MAY", v1.ContractEffect_CONTRACT_EFFECT_GUIDANCE_ONLY: "MAY",
		voluntary: "MAY", contractual: "MUST", v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL_UNDER_PROTEST: "MUST",
		noBreach: "MAY", wouldBreach: "WOULD_BREACH", disputed: "ASK_YOUR_LMC", 99: "ASK_YOUR_LMC",
	} {
		if got := ObligationOn(always(effect), nil, "2021-10-25"); got.String() != "OBLIGATION_"+want {
			t.Errorf("%s: %s, want %s", effect, got, want)
		}
	}
}

func TestObligationOfBothSides(t *testing.T) {
	for _, c := range []struct {
		name        string
		own, theirs []*v1.DatedEffect
		want        string
	}{
		{"nobody says", nil, nil, "ASK_YOUR_LMC"},
		{"only the proposer says", nil, always(contractual), "ASK_YOUR_LMC"},
		{"only the committee says", always(notContractual), nil, "MAY"},
		{"the proposer states nothing", always(notContractual), always(notStated), "MAY"},
		{"both say may, in different words", always(notContractual), always(voluntary), "MAY"},
		{"they differ", always(notContractual), always(contractual), "ASK_YOUR_LMC"},
		{"the proposer disputes", always(notContractual), always(disputed), "ASK_YOUR_LMC"},
		{"both say must", always(contractual), always(contractual), "MUST"},
		{"two readings on one day", []*v1.DatedEffect{dated(contractual, "", ""), dated(wouldBreach, "", "")}, nil, "ASK_YOUR_LMC"},
	} {
		if got := ObligationOn(c.own, c.theirs, "2021-10-25"); got.String() != "OBLIGATION_"+c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// The measure of October 2021 that becomes a breach on 1 November.
func TestObligationChangesByDate(t *testing.T) {
	effects := []*v1.DatedEffect{dated(noBreach, "", "2021-10-31"), dated(wouldBreach, "2021-11-01", "")}
	entries := []Entry{say("essex/1", "2021-10-21", on("north", "engage", support, effect(effects...)))}
	before := resolve(asked("north engage 2021-10-31"), entries, register())[0]
	after := resolve(asked("north engage 2021-11-01"), entries, register())[0]
	if before.GetObligation() != answersv1.Obligation_OBLIGATION_MAY || after.GetObligation() != answersv1.Obligation_OBLIGATION_WOULD_BREACH {
		t.Errorf("before %s, after %s", before.GetObligation(), after.GetObligation())
	}
	var runs []string
	for _, o := range before.GetObligations() {
		runs = append(runs, o.GetObligation().String()+" "+o.GetValidFrom()+".."+o.GetValidUntil())
	}
	if got, want := strings.Join(runs, "; "), "OBLIGATION_MAY ..2021-10-31; OBLIGATION_WOULD_BREACH 2021-11-01.."; got != want {
		t.Errorf("over time %q, want %q", got, want)
	}
	if len(before.GetWarnings()) != 0 {
		t.Errorf("warned before it changes: %v", before.GetWarnings())
	}
	if no := after.GetNoLine(); no.GetReason() != answersv1.NoLineReason_NO_LINE_REASON_LAPSED || no.GetEnded() != "essex/1" || no.GetSince() != "2021-11-01" {
		t.Errorf("from the day it changes: %v", after)
	}
}

// domain.md 3: every stance against every effect
func TestWarningsWhereStanceMeetsContract(t *testing.T) {
	for _, stance := range everyStance {
		for effect := range v1.ContractEffect_name {
			got := Warnings(on("north", "engage", stance), nil, always(v1.ContractEffect(effect)), "NHS England", "2021-10-01")
			want := ""
			switch e := v1.ContractEffect(effect).String(); {
			case strings.HasPrefix(e, "CONTRACT_EFFECT_CONTRACTUAL") && (stance == refuse || stance == against):
				want = "WARNING_CODE_AGAINST_CONTRACTUAL"
			case e == "CONTRACT_EFFECT_ACTION_WOULD_BREACH" && (stance == support || stance == required || stance == v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS):
				want = "WARNING_CODE_SUPPORTS_BREACH"
			}
			if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || got[0].GetCode().String() != want) {
				t.Errorf("%s meets %s: %v, want %q", stance, v1.ContractEffect(effect), got, want)
			}
		}
	}
}

// The days are those of whoever reads the contract so, and not the letter's.
func TestWarningsOnlyForDaysThePositionIsValid(t *testing.T) {
	breach := []*v1.DatedEffect{dated(wouldBreach, "2021-11-01", "2021-11-30")}
	for _, c := range []struct {
		name string
		p    *v1.Position
		want string
	}{
		{"open end", on("north", "engage", support), "2021-11-01..2021-11-30"},
		{"ends before", on("north", "engage", support, until("2021-10-31")), ""},
		{"ends on the first day", on("north", "engage", support, until("2021-11-01")), "2021-11-01..2021-11-30"},
		{"starts within", on("north", "engage", support, from("2021-11-15")), "2021-11-01..2021-11-30"},
		{"starts after", on("north", "engage", support, from("2021-12-01")), ""},
	} {
		got := ""
		for _, w := range Warnings(c.p, c.p.GetContractEffects(), breach, "NHS England", "2021-10-01") {
			got += w.GetFrom() + ".." + w.GetUntil()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestReadersAreWarnedOfDates(t *testing.T) {
	at := func(s string) time.Time { t, _ := time.Parse(time.RFC3339, s); return t }
	for _, c := range []struct {
		name   string
		logged time.Time
		want   answersv1.WarningCode
	}{
		{"on the day", at("2021-10-25T12:00:00Z"), 0},
		{"the day after", at("2021-10-26T22:59:59Z"), 0},
		{"over a day after, in London", at("2021-10-26T23:00:00Z"), answersv1.WarningCode_WARNING_CODE_LOGGED_LATE},
		{"the day before, in London", at("2021-10-24T22:59:59Z"), answersv1.WarningCode_WARNING_CODE_DATED_AHEAD},
		{"not said", time.Time{}, 0},
	} {
		entries := []Entry{say("essex/1", "2021-10-25", on("north", "engage", refuse), logged(c.logged))}
		line := resolve(asked("north engage 2021-10-25"), entries, register())[0]
		var got answersv1.WarningCode
		for _, w := range line.GetWarnings() {
			got = w.GetCode()
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// What was lawful again for a while lapsed from the day it last ceased to be.
func TestALineLapsesFromTheLastDayItBecameABreach(t *testing.T) {
	e := say("essex/1", "2021-10-01", on("north", "engage", support, effect(
		dated(wouldBreach, "", "2021-10-10"), dated(noBreach, "2021-10-11", "2021-10-20"), dated(wouldBreach, "2021-10-21", ""))))
	for day, want := range map[string]string{"2021-10-05": "2021-10-01", "2021-10-15": "", "2021-10-21": "2021-10-21", "2021-10-30": "2021-10-21"} {
		if got := resolve(asked("north engage "+day), []Entry{e}, register())[0].GetNoLine().GetSince(); got != want {
			t.Errorf("on %s: lapsed since %q, want %q", day, got, want)
		}
	}
}

// domain.md 4.6: readers of the measure are told what was overridden
func TestReadersAreWarnedOfAnOverriddenMeasureLine(t *testing.T) {
	entries := []Entry{say("essex/1", "2021-10-10", on("north", "engage", caution)), say("essex/2", "2021-10-11", on("north", "", refuse))}
	line := resolve(asked("north engage 2021-10-11"), entries, register())[0]
	if w := line.GetWarnings(); len(w) != 1 || w[0].GetCode() != answersv1.WarningCode_WARNING_CODE_OVERRIDES_MEASURE || !strings.Contains(w[0].GetWords(), "essex/1") {
		t.Errorf("warnings %v", w)
	}
	entries[1] = say("essex/2", "2021-10-11", on("north", "engage", refuse)) // a later line on the measure overrides nothing
	if w := resolve(asked("north engage 2021-10-11"), entries, register())[0].GetWarnings(); len(w) != 0 {
		t.Errorf("warnings %v", w)
	}
}

// One letter, two committees with two lines, and one action for one of them; and others for
// an area and a group.
func TestAnActionIsAskedOfWhomItIsFor(t *testing.T) {
	e := say("essex/1", "2021-10-10", on("north", "engage", refuse), on("south", "engage", support), on("north", "engage", caution, scopedTo("started")))
	e.Advisory.Actions = []*v1.Action{
		{Verb: "all", Measure: "engage"},
		{Verb: "south", Measure: "engage", Committees: []string{"south"}},
		{Verb: "in-a", Measure: "engage", Area: code("A")},
		{Verb: "started", Measure: "engage", Scope: "started"},
	}
	for asks, want := range map[string]string{
		"north engage 2021-10-11": ": all; A: all in-a", "south engage 2021-10-11": ": all south", "started": ": all started; A: all in-a started",
	} {
		q := asked(strings.Replace(asks, "started", "north engage 2021-10-11", 1))
		if asks == "started" {
			q.Scope = "started"
		}
		var got []string
		for _, line := range resolve(q, []Entry{e}, register()) {
			said := line.GetArea().GetCode() + ":"
			for _, a := range line.GetActions() {
				said += " " + a.GetVerb()
			}
			got = append(got, said)
		}
		if got := strings.Join(got, "; "); got != want {
			t.Errorf("%s: %q, want %q", asks, got, want)
		}
	}
}

func TestAnActionWithoutAMatterIsTheLettersWhereItsPositionsAreOnSeveral(t *testing.T) {
	e := say("essex/1", "2021-10-10", on("north", "engage", refuse), on("north", "", refuse, func(p *v1.Position) { p.Matter = otherPlan }))
	e.Advisory.Actions = []*v1.Action{{Verb: "answer the survey"}}
	if got := resolve(asked("north engage 2021-10-11"), []Entry{e}, register())[0].GetActions(); len(got) != 0 {
		t.Errorf("it is asked on the first matter: %v", got)
	}
}

func TestActionsOfTheCurrentAdvisory(t *testing.T) {
	e := say("essex/1", "2021-10-10", on("north", "", refuse))
	e.Advisory.Actions = []*v1.Action{
		{Verb: "send", Measure: "engage"}, {Verb: "check"}, {Verb: "call", Measure: "list", Matter: plan}, {Verb: "other", Matter: "gpc/other"},
	}
	for measure, want := range map[string]string{"whole": "send check call", "engage": "send check", "list": "check call"} {
		var verbs []string
		for _, a := range resolve(asked("north "+measure+" 2021-10-11"), []Entry{e}, register())[0].GetActions() {
			verbs = append(verbs, a.GetVerb())
		}
		if got := strings.Join(verbs, " "); got != want {
			t.Errorf("%s: %q, want %q", measure, got, want)
		}
	}
}

// "Ask your LMC" was the answer although the letter and the proposer agreed.
func TestAMeasureLineWithoutAnEffectIsReadAsItsLetterReadsTheWholePlan(t *testing.T) {
	m := matter()
	m.Measures[0].Kind = v1.MeasureKind_MEASURE_KIND_DEMAND
	m.Measures[0].ClaimedEffects = always(notContractual)
	m.Measures[1].Kind = v1.MeasureKind_MEASURE_KIND_OFFER
	letter := say("essex/1", "2021-10-20",
		on("north", "", refuse, effect(always(notContractual)...)), on("north", "engage", against), on("north", "list", against), on("north", "strike", support))
	whole := say("essex/1", "2021-10-20", on("north", "", refuse, effect(always(notContractual)...))) // which answers for measures
	for question, want := range map[string]answersv1.Obligation{
		"north engage 2021-10-25": answersv1.Obligation_OBLIGATION_MAY,
		"north list 2021-10-25":   answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC, // an offer: nothing is inherited
		"north strike 2021-10-25": answersv1.Obligation_OBLIGATION_ASK_YOUR_LMC, // another proposer's
	} {
		q := asked(question)
		q.Matter = m
		for _, letter := range []Entry{letter, whole} {
			if line := resolve(q, []Entry{letter}, register())[0]; line.GetObligation() != want {
				t.Errorf("%s, by %v: %v, want %v", question, letter.Advisory, line.GetObligation(), want)
			}
		}
	}
}

// A letter against a whole plan that says of one demand that it is in the contract, and takes no line there, was told to read the
// contract there as it does on the plan; its publisher was not warned.
func TestWhatALetterInformsOfTheContractOnAMeasureGoesBeforeWhatItSaysOnTheWhole(t *testing.T) {
	informs := func(parts ...any) any {
		return on("north", "engage", info, append([]any{effect(always(contractual)...)}, parts...)...)
	}
	m := matter()
	m.Measures[0].Kind = v1.MeasureKind_MEASURE_KIND_DEMAND
	for name, c := range map[string]struct {
		informs any
		want    v1.ContractEffect
	}{
		"of the demand":        {informs(), contractual},
		"of another committee": {on("south", "engage", info, effect(always(contractual)...)), notContractual},
		"to part of readers":   {informs(func(p *v1.Position) { p.Audiences = []v1.Audience{partners} }), notContractual},
		"of a group":           {informs(func(p *v1.Position) { p.Scope = &v1.Scope{Id: "a", Words: "A"} }), notContractual},
		"until a day before":   {informs(func(p *v1.Position) { p.ValidUntil = "2021-10-01" }), notContractual},
		"passed on":            {informs(relay), notContractual},
		"nothing of it":        {on("north", "engage", info), notContractual},
	} {
		letter := say("essex/1", "2021-10-01", on("north", "", against, effect(always(notContractual)...)), c.informs)
		line := resolve(asked("north engage 2021-10-10", func(q *Question) { q.Matter = m }), []Entry{letter}, register())[0]
		if got := line.GetEffects(); len(got) != 1 || got[0].GetEffect() != c.want {
			t.Errorf("%s: reads %v, want %v", name, got, c.want)
		}
		if got := len(warned(answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL, line.GetWarnings())) > 0; got != (c.want == contractual) {
			t.Errorf("%s: warned %v", name, got)
		}
	}
	warnings := publishAmong(demands(), draft(on("north", "", against, effect(always(notContractual)...)), informs()))
	if said := warned(answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL, warnings); len(said) != 1 || said[0].GetMeasure() != "engage" {
		t.Errorf("its publisher is told %v", warningTexts(warnings))
	}
}
