package guidance

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// goodAdvisory is the Essex letter, filled in.
func goodAdvisory() *v1.Advisory {
	return &v1.Advisory{
		Office: "essex", OnBehalfOf: []string{"north", "south"}, Title: "Do not take part", Body: "Dear colleagues,\n\nplease refuse.\n",
		Issued: days("2021-10-25"), Audiences: []v1.Audience{practices, pcns}, Cc: []string{"PCN clinical directors"},
		Signatories: []*v1.Signatory{{Name: "A. Chief", Role: "Chief Executive"}},
		Contact:     &v1.Contact{Name: "Essex LMCs", Telephone: "01245 383430", Email: "info@example.org", Url: "https://example.org"},
		Attachments: []*v1.Attachment{{Sha256: make([]byte, 32), MediaType: "application/pdf", Size: 10, FileName: "analysis.pdf"}},
		References:  []*v1.Reference{{Title: "Our plan", Url: "https://example.org/plan", Day: "2021-10-14"}},
		Positions: []*v1.Position{{
			Committees: []string{"north", "south"}, Matter: plan, Audiences: []v1.Audience{practices, pcns}, Stance: refuse,
			Conditions:      []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL, Text: "talks end"}},
			ContractEffects: always(notContractual), Basis: v1.Basis_BASIS_NOT_STATED, Provenance: v1.Provenance_PROVENANCE_PRIMARY,
		}},
		Actions: []*v1.Action{{
			Verb: "call", Object: "the LMC office", Actors: []v1.Audience{practices}, Strength: v1.ActionStrength_ACTION_STRENGTH_ASKED,
			Due: &v1.Due{When: &v1.Due_Rule{Rule: "at once"}}, Matter: plan,
		}},
		Licence: "all rights reserved", Visibility: public,
	}
}

func goodWithdrawal() *v1.Withdrawal {
	return &v1.Withdrawal{Office: "essex", OnBehalfOf: []string{"north", "south"}, Advisory: "essex/1", Effective: "2021-10-30", Issued: days("2021-10-30"), Visibility: public}
}

func goodReport() *v1.ReportedPosition {
	return &v1.ReportedPosition{
		Office: "bma", Issued: days("2021-10-20"), Source: &v1.Reference{Publisher: "The Gazette"}, Visibility: public,
		Position: &v1.Position{Committees: []string{"igpm"}, Matter: plan, Audiences: []v1.Audience{practices}, Stance: info, Basis: v1.Basis_BASIS_NOT_STATED, Provenance: v1.Provenance_PROVENANCE_REPORTED},
	}
}

func goodMatter() *v1.Matter {
	m := matter()
	m.Visibility, m.Opened = public, days("2021-10-14")
	m.Proposer = &v1.Body{Id: "nhs-england", Name: "NHS England", Kind: v1.BodyKind_BODY_KIND_NHS_BODY}
	for _, measure := range m.Measures {
		measure.Kind = v1.MeasureKind_MEASURE_KIND_DEMAND
		if measure.Proposer != nil {
			measure.Proposer.Kind = v1.BodyKind_BODY_KIND_NHS_BODY
		}
	}
	return m
}

// violations is what is wrong, as "field: reason" lines.
func violations(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var invalid *InvalidError
	if !errors.As(err, &invalid) || len(invalid.Violations) == 0 {
		t.Fatalf("%v is no *InvalidError with violations", err)
	}
	var out []string
	for _, v := range invalid.Violations {
		out = append(out, v.String())
	}
	return out
}

func TestWhatIsGoodIsAccepted(t *testing.T) {
	for _, err := range []error{ValidateAdvisory(goodAdvisory()), ValidateWithdrawal(goodWithdrawal()), ValidateReport(goodReport()), ValidateMatter(goodMatter())} {
		if err != nil {
			t.Error(err)
		}
	}
}

// Every entry: what is broken, the field named, and a piece of the remedy.
func TestAdvisoryViolationsNameTheFieldAndTheRemedy(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(*v1.Advisory)
	}{
		{"office: is empty: name the office", func(a *v1.Advisory) { a.Office = "" }},
		{"office: \"Essex LMC\" is no office's id: use lower-case", func(a *v1.Advisory) { a.Office = "Essex LMC" }},
		{"on_behalf_of: is empty", func(a *v1.Advisory) { a.OnBehalfOf, a.Positions = nil, nil }},
		{"on_behalf_of[1]: north is named twice", func(a *v1.Advisory) { a.OnBehalfOf = []string{"north", "north", "south"} }},
		{"title: is empty: write it", func(a *v1.Advisory) { a.Title = " " }},
		{"title: has a line break", func(a *v1.Advisory) { a.Title = "a\nb" }},
		{"title: is not UTF-8", func(a *v1.Advisory) { a.Title = "a\xff" }},
		{"title: holds the invisible character U+202E at byte 1", func(a *v1.Advisory) { a.Title = "a\u202eb" }},
		{"title: holds the invisible character U+200B at byte 1", func(a *v1.Advisory) { a.Title = "a\u200bb" }},
		{"title: holds the invisible character U+00AD at byte 1", func(a *v1.Advisory) { a.Title = "a\u00adb" }},
		{"title: holds the invisible character U+E0041 at byte 1", func(a *v1.Advisory) { a.Title = "a\U000e0041" }},
		{"title: holds the invisible character U+3164 at byte 0", func(a *v1.Advisory) { a.Title = "\u3164" }},
		{"title: holds the invisible character U+2028 at byte 1", func(a *v1.Advisory) { a.Title = "a\u2028b" }},
		{"title: holds the invisible character U+E000 at byte 1", func(a *v1.Advisory) { a.Title = "a\ue000b" }},
		{"title: holds the invisible character U+FFFC at byte 1", func(a *v1.Advisory) { a.Title = "a\ufffcb" }},
		{"title: holds the invisible character U+FDD0 at byte 1", func(a *v1.Advisory) { a.Title = "a\ufdd0b" }},
		{"body: holds the invisible character U+001B", func(a *v1.Advisory) { a.Body = "\x1b[31m" }},
		{"body: is not UTF-8", func(a *v1.Advisory) { a.Body = "\xff" }},
		{"issued: is missing: write the day", func(a *v1.Advisory) { a.Issued = nil }},
		{"issued.earliest: \"2021-02-30\" is no day that exists", func(a *v1.Advisory) { a.Issued = days("2021-02-30..2021-03-01") }},
		{"issued.latest: is empty: write the day", func(a *v1.Advisory) { a.Issued.Latest = "" }},
		{"issued.latest: 2021-10-01 lies before the earliest day, 2021-10-02", func(a *v1.Advisory) { a.Issued = days("2021-10-02..2021-10-01") }},
		{"audiences: is empty: say whom", func(a *v1.Advisory) { a.Audiences = nil }},
		{"audiences[1]: practices are named twice", func(a *v1.Advisory) { a.Audiences = []v1.Audience{practices, practices} }},
		{"audiences[0]: 77 is no audience", func(a *v1.Advisory) { a.Audiences[0] = 77 }},
		{"cc[0]: is empty", func(a *v1.Advisory) { a.Cc[0] = "" }},
		{"signatories[0].name: is empty", func(a *v1.Advisory) { a.Signatories[0].Name = "" }},
		{"contact.email: \"info\" is no e-mail address", func(a *v1.Advisory) { a.Contact.Email = "info" }},
		{"contact.url: \"javascript:alert(1)\" is no web address", func(a *v1.Advisory) { a.Contact.Url = "javascript:alert(1)" }},
		{"attachments[0].sha256: is 3 bytes", func(a *v1.Advisory) { a.Attachments[0].Sha256 = make([]byte, 3) }},
		{"attachments[0].size: -1 bytes", func(a *v1.Advisory) { a.Attachments[0].Size = -1 }},
		{"attachments[0].media_type: \"pdf file\"", func(a *v1.Advisory) { a.Attachments[0].MediaType = "pdf file" }},
		{"attachments[0].file_name: \"../x.pdf\" is not safe", func(a *v1.Advisory) { a.Attachments[0].FileName = "../x.pdf" }},
		{"attachments[0].file_name: \"C:x\" is not safe", func(a *v1.Advisory) { a.Attachments[0].FileName = "C:x" }},
		{"references[0]: is empty", func(a *v1.Advisory) { a.References[0] = &v1.Reference{} }},
		{"references[0].day: \"soon\" is no day", func(a *v1.Advisory) { a.References[0].Day = "soon" }},
		{"references[0].url: \"example.org\" is no web address", func(a *v1.Advisory) { a.References[0].Url = "example.org" }},
		{"positions[0].committees: is empty", func(a *v1.Advisory) { a.Positions[0].Committees = nil }},
		{"positions[0].committees[0]: kent is not under on_behalf_of", func(a *v1.Advisory) { a.Positions[0].Committees = []string{"kent"} }},
		{"positions[0].matter: is empty", func(a *v1.Advisory) { a.Positions[0].Matter = "" }},
		{"positions[0].matter: \"plan\" is not a matter's name", func(a *v1.Advisory) { a.Positions[0].Matter = "plan" }},
		{"positions[0].measure: \"A b\" is no measure's id", func(a *v1.Advisory) { a.Positions[0].Measure = "A b" }},
		{"positions[0].area.code: is empty", func(a *v1.Advisory) { a.Positions[0].Area = &v1.AreaId{Scheme: "icb"} }},
		{"positions[0].area.scheme: is empty", func(a *v1.Advisory) { a.Positions[0].Area = &v1.AreaId{Code: "QH8"} }},
		{"positions[0].audiences: is empty", func(a *v1.Advisory) { a.Positions[0].Audiences = nil }},
		{"positions[0].stance: is not set: choose the stance", func(a *v1.Advisory) { a.Positions[0].Stance = 0 }},
		{"positions[0].conditions[0].direction: is not set", func(a *v1.Advisory) { a.Positions[0].Conditions[0].Direction = 0 }},
		{"positions[0].conditions[0].text: is empty", func(a *v1.Advisory) { a.Positions[0].Conditions[0].Text = "\n" }},
		{"positions[0].contract_effects[0].effect: is not set", func(a *v1.Advisory) { a.Positions[0].ContractEffects[0].Effect = 0 }},
		{"positions[0].contract_effects[1]: holds on a day on which positions[0].contract_effects[0] holds too", func(a *v1.Advisory) {
			a.Positions[0].ContractEffects = append(a.Positions[0].ContractEffects, dated(contractual, "2021-11-01", ""))
		}},
		{"positions[0].contract_effects[0].valid_until: 2021-10-01 lies before 2021-10-02", func(a *v1.Advisory) {
			a.Positions[0].ContractEffects[0] = dated(contractual, "2021-10-02", "2021-10-01")
		}},
		{"positions[0].basis: is not set", func(a *v1.Advisory) { a.Positions[0].Basis = 0 }},
		{"positions[0].provenance: is not set", func(a *v1.Advisory) { a.Positions[0].Provenance = 0 }},
		{"positions[0].provenance: an advisory does not report", func(a *v1.Advisory) { a.Positions[0].Provenance = v1.Provenance_PROVENANCE_REPORTED }},
		{"positions[0].stance: what is passed on is information only", func(a *v1.Advisory) { a.Positions[0].Provenance = v1.Provenance_PROVENANCE_RELAY }},
		{"positions[0].relay_of: is empty: name", func(a *v1.Advisory) { a.Positions[0].Provenance = v1.Provenance_PROVENANCE_RELAY }},
		{"positions[0].relay_of: is only for a position passed on", func(a *v1.Advisory) { a.Positions[0].RelayOf = &v1.RelaySource{Committee: "gpc"} }},
		{"positions[0].valid_until: 2021-10-01 lies before 2021-10-02", func(a *v1.Advisory) {
			a.Positions[0].ValidFrom, a.Positions[0].ValidUntil = "2021-10-02", "2021-10-01"
		}},
		{"positions[0].review_by: \"soon\" is no day", func(a *v1.Advisory) { a.Positions[0].ReviewBy = "soon" }},
		{"positions[1]: says for north and practices what positions[0] says already", func(a *v1.Advisory) {
			again := proto.Clone(a.Positions[0]).(*v1.Position)
			again.Stance, again.Committees, again.Audiences = support, []string{"north"}, []v1.Audience{partners, practices}
			a.Positions = append(a.Positions, again)
		}},
		{"actions[0].verb: is empty", func(a *v1.Advisory) { a.Actions[0].Verb = "" }},
		{"actions[0].actors: is empty", func(a *v1.Advisory) { a.Actions[0].Actors = nil }},
		{"actions[0].strength: is not set", func(a *v1.Advisory) { a.Actions[0].Strength = 0 }},
		{"actions[0].due: is empty: give a day", func(a *v1.Advisory) { a.Actions[0].Due = &v1.Due{} }},
		{"actions[0].due.day: \"2021-13-01\" is no day", func(a *v1.Advisory) { a.Actions[0].Due = &v1.Due{When: &v1.Due_Day{Day: "2021-13-01"}} }},
		{"actions[0].due.time: \"2021-10-28\" is no time", func(a *v1.Advisory) { a.Actions[0].Due = &v1.Due{When: &v1.Due_Time{Time: "2021-10-28"}} }},
		{"actions[0].due.day: falls on 24 October 2021, before 25 October 2021", func(a *v1.Advisory) { a.Actions[0].Due = &v1.Due{When: &v1.Due_Day{Day: "2021-10-24"}} }},
		{"actions[0].due.from_event: names no event", func(a *v1.Advisory) {
			a.Actions[0].Due = fromTheEvent(&v1.DueFromEvent{Count: 14, Unit: v1.DueUnit_DUE_UNIT_DAYS})
		}},
		{"actions[0].due.from_event.unit: is not set", func(a *v1.Advisory) { a.Actions[0].Due = fromTheEvent(&v1.DueFromEvent{Event: "notice"}) }},
		{"actions[0].due.from_event.count: is 1001: count from 0 to 1000", func(a *v1.Advisory) {
			a.Actions[0].Due = fromTheEvent(&v1.DueFromEvent{Event: "notice", Unit: v1.DueUnit_DUE_UNIT_DAYS, Count: DueCountLimit + 1})
		}},
		{"actions[0].due.from_event: falls on 18 October 2021, before 25 October 2021", func(a *v1.Advisory) {
			a.Actions[0].Due = fromTheEvent(&v1.DueFromEvent{Event: "notice", EventDay: "2021-11-01", Before: true, Unit: v1.DueUnit_DUE_UNIT_WEEKS, Count: 2})
		}},
		{"actions[0].template_for: there is no template", func(a *v1.Advisory) {
			a.Actions[0].Template, a.Actions[0].TemplateFor = "", []v1.Audience{v1.Audience_AUDIENCE_PATIENTS}
		}},
		{"positions[0].audiences[0]: no position is for patients", func(a *v1.Advisory) { a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PATIENTS} }},
		{"positions[0].valid_until: 31 March 2020 lies before the day of issue, 25 October 2021", func(a *v1.Advisory) { a.Positions[0].ValidUntil = "2020-03-31" }},
		{"positions[0].review_by: 24 October 2021 lies before the day of issue", func(a *v1.Advisory) { a.Positions[0].ReviewBy = "2021-10-24" }},
		{"positions[0].opinion: 9 is no opinion", func(a *v1.Advisory) { a.Positions[0].Opinion = 9 }},
		{"positions[0].reasons[1]: is there twice", func(a *v1.Advisory) {
			a.Positions[0].Reasons = []v1.Reason{v1.Reason_REASON_DATA, v1.Reason_REASON_DATA}
		}},
		{"positions[0].consequences[0].topic: is not set", func(a *v1.Advisory) { a.Positions[0].Consequences = []*v1.StatedConsequence{{Words: "no money"}} }},
		{"positions[0].consequences[0].words: is empty", func(a *v1.Advisory) {
			a.Positions[0].Consequences = []*v1.StatedConsequence{{Topic: v1.ConsequenceTopic_CONSEQUENCE_TOPIC_MONEY}}
		}},
		{"positions[0].claims[0].claimant: is missing", func(a *v1.Advisory) { a.Positions[0].Claims = []*v1.Claim{{Words: "implied"}} }},
		{"positions[0].claims[0]: claims nothing", func(a *v1.Advisory) { a.Positions[0].Claims = []*v1.Claim{{}} }},
		{"votes[0].held: it was held on 26 October 2021, after the day of issue", func(a *v1.Advisory) { a.Votes = []*v1.Vote{{Held: days("2021-10-26")}} }},
		{"visibility: is not set", func(a *v1.Advisory) { a.Visibility = 0 }},
		{"replaces[0]: \"7\" is no entry's name: write OFFICE/NUMBER", func(a *v1.Advisory) { a.Replaces = []string{"7"} }},
		{"replaces[1]: essex/1 is named twice", func(a *v1.Advisory) { a.Replaces = []string{"essex/1", "essex/1"} }},
		{"amends[0]: essex/1 is under replaces too", func(a *v1.Advisory) { a.Replaces, a.Amends = []string{"essex/1"}, []string{"essex/1"} }},
		{"valid_from: \"soon\" is no day", func(a *v1.Advisory) { a.ValidFrom = "soon" }},
	} {
		a := goodAdvisory()
		c.spoil(a)
		if got := strings.Join(violations(t, ValidateAdvisory(a)), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("got %q\nwant %q", got, c.want)
		}
	}
}

func TestOtherViolationsNameTheFieldAndTheRemedy(t *testing.T) {
	check := func(want string, err error) {
		t.Helper()
		if got := strings.Join(violations(t, err), "\n"); !strings.Contains(got, want) {
			t.Errorf("got %q\nwant %q", got, want)
		}
	}
	w := goodWithdrawal()
	w.Advisory, w.Effective, w.Restores, w.Reason = "seven", "", []string{"seven"}, "sent\u200b in error"
	for _, want := range []string{"reason: holds the invisible character U+200B at byte 4: remove it", "advisory: \"seven\" is no entry's name", "effective: is empty", "restores[0]: seven is what is withdrawn"} {
		check(want, ValidateWithdrawal(w))
	}
	r := goodReport()
	r.Source, r.Position.Committees, r.Position.Provenance = nil, []string{"igpm", "rcgp"}, v1.Provenance_PROVENANCE_PRIMARY
	for _, want := range []string{"source: is empty", "position.committees: names 2", "position.provenance: must be REPORTED"} {
		check(want, ValidateReport(r))
	}
	check("position.stance: is not set", ValidateReport(&v1.ReportedPosition{}))
	m := goodMatter()
	m.Name, m.Proposer, m.Measures[1].Id, m.Measures[2].Title, m.Closed = "plan", nil, "engage", "", days("2021-10-01")
	m.Measures[0].Deadlines = []*v1.Deadline{
		{Title: "List", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-10-32"}}}, {Title: "List", Due: &v1.Due{When: &v1.Due_Time{Time: "2021-10-28T25:00"}}}, {Title: "List"},
	}
	m.SameAs, m.Follows = []string{"kent/plan", "kent/plan"}, []string{"older plan", m.Name}
	for _, want := range []string{
		"same_as[1]: kent/plan stands here twice", "follows[0]: \"older plan\" is not a matter's name", "follows[1]: plan is this matter itself",
		"name: \"plan\" is not a matter's name", "proposer: is missing", "measures[1].id: \"engage\" is the id of measures[0] already", "measures[2].title: is empty",
		"closed.latest: 2021-10-01 lies before the day it was opened", "measures[0].deadlines[0].due.day: \"2021-10-32\"", "measures[0].deadlines[1].due.time: \"2021-10-28T25:00\"", "measures[0].deadlines[2].due: is missing",
	} {
		check(want, ValidateMatter(m))
	}
}

// A report has no votes to rest on, so what it names as one was any text at all.
func TestAReportThatRestsOnVotesIsRefused(t *testing.T) {
	r := goodReport()
	r.Position.Votes = []string{"\x1b[31m"}
	if got := violations(t, ValidateReport(r)); len(got) != 1 || !strings.HasPrefix(got[0], "position.votes: is only for advisories") {
		t.Errorf("%q", got)
	}
}

// Whoever asks for a name means the matter that has it, whatever another is also called.
func TestAnAliasThatReadsAsAnotherOfficesMatterIsRefused(t *testing.T) {
	m := goodMatter()
	own := MatterName(m.Name).Office() + "/old-name"
	for alias, refused := range map[string]bool{
		"somebody/next-plan": true, "Somebody/Next-Plan": true,
		own: false, "next-plan": false, "Plan 2021/22": false, "2021/22": false, "Access / recovery": false,
	} {
		m.Aliases = []string{"Access plan", alias}
		err := ValidateMatter(m)
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "aliases[1]: ") {
			t.Errorf("an alias %q: %v, want refused %v", alias, err, refused)
		}
	}
}

// Every limit at the limit and one beyond it.
func TestLimits(t *testing.T) {
	many := func(n int, make func(i int) *v1.Position) []*v1.Position {
		var out []*v1.Position
		for i := range n {
			out = append(out, make(i))
		}
		return out
	}
	advisory := func(set func(a *v1.Advisory, n int)) func(int) error {
		return func(n int) error { a := goodAdvisory(); set(a, n); return ValidateAdvisory(a) }
	}
	matter := func(set func(m *v1.Matter, n int)) func(int) error {
		return func(n int) error { m := goodMatter(); set(m, n); return ValidateMatter(m) }
	}
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		name  string
		limit int
		check func(n int) error
		field string
	}{
		{"title in runes", TitleLimit, advisory(func(a *v1.Advisory, n int) { a.Title = strings.Repeat("é", n) }), "title"},
		{"body", BodyLimit, advisory(func(a *v1.Advisory, n int) { a.Body = x(n) }), "body"},
		{"slug", NameLimit, advisory(func(a *v1.Advisory, n int) { a.Office = x(n) }), "office"},
		{"cc", ListLimit, advisory(func(a *v1.Advisory, n int) { a.Cc = strings.Fields(strings.Repeat("x ", n)) }), "cc"},
		{"text", TextLimit, advisory(func(a *v1.Advisory, n int) { a.Positions[0].Rationale = x(n) }), "positions[0].rationale"},
		{"group of a position", TitleLimit, advisory(func(a *v1.Advisory, n int) { a.Positions[0].Scope = &v1.Scope{Id: "started", Words: x(n)} }), "positions[0].scope.words"},
		{"group of a measure", TitleLimit, matter(func(m *v1.Matter, n int) { m.Measures[0].Scopes = []*v1.Scope{{Id: "started", Words: x(n)}} }), "measures[0].scopes[0].words"},
		{"group's id", NameLimit, advisory(func(a *v1.Advisory, n int) { a.Positions[0].Scope = &v1.Scope{Id: x(n), Words: "started"} }), "positions[0].scope.id"},
		{"notice", TextLimit, advisory(func(a *v1.Advisory, n int) { a.Notice = x(n) }), "notice"},
		{"positions", PositionLimit, advisory(func(a *v1.Advisory, n int) {
			a.Positions = many(n, func(i int) *v1.Position {
				p := proto.Clone(a.Positions[0]).(*v1.Position)
				p.Measure = fmt.Sprint("m", i)
				return p
			})
		}), "positions"},
		{"actions", ActionLimit, advisory(func(a *v1.Advisory, n int) {
			for len(a.Actions) < n {
				a.Actions = append(a.Actions, a.Actions[0])
			}
		}), "actions"},
		{"template", TemplateLimit, advisory(func(a *v1.Advisory, n int) { a.Actions[0].Template = x(n) }), "actions[0].template"},
		{"attachment", AttachmentLimit, advisory(func(a *v1.Advisory, n int) { a.Attachments[0].Size = int64(n) }), "attachments[0].size"},
		{"file name", FileNameLimit, advisory(func(a *v1.Advisory, n int) { a.Attachments[0].FileName = x(n) }), "attachments[0].file_name"},
		{"replaces", ListLimit, advisory(func(a *v1.Advisory, n int) {
			for i := range n {
				a.Replaces = append(a.Replaces, fmt.Sprint("essex/", i))
			}
		}), "replaces"},
		{"measures", MeasureLimit, matter(func(m *v1.Matter, n int) {
			m.Measures = m.Measures[:0]
			for i := range n {
				m.Measures = append(m.Measures, &v1.Measure{Id: fmt.Sprint("m", i), Title: "M", Kind: 1})
			}
		}), "measures"},
		{"followed", ListLimit, matter(func(m *v1.Matter, n int) {
			for i := range n {
				m.Follows = append(m.Follows, fmt.Sprint("kent/plan-", i))
			}
		}), "follows"},
		{"summary", SummaryLimit, matter(func(m *v1.Matter, n int) { m.Summary = x(n) }), "summary"},
	} {
		if err := c.check(c.limit); err != nil {
			t.Errorf("%s at the limit of %d: %v", c.name, c.limit, err)
		}
		got := violations(t, c.check(c.limit+1))
		if len(got) == 0 || !strings.HasPrefix(got[0], c.field+": ") {
			t.Errorf("%s over the limit of %d: %q, want a violation of %s", c.name, c.limit, got, c.field)
		}
	}
}

func TestTheWholeMessageHasALimit(t *testing.T) {
	a := goodAdvisory()
	a.Body = strings.Repeat("x", 150<<10)
	for range 4 {
		action := proto.Clone(a.Actions[0]).(*v1.Action)
		action.Template = strings.Repeat("x", TemplateLimit)
		a.Actions = append(a.Actions, action)
	}
	last := a.Actions[4]
	last.Template = last.Template[:TemplateLimit-(proto.Size(a)-MessageLimit)]
	for proto.Size(a) < MessageLimit { // shorter text needs fewer bytes to say its length
		last.Verb += "x"
	}
	if err := ValidateAdvisory(a); proto.Size(a) != MessageLimit || err != nil {
		t.Errorf("%d bytes: %v", proto.Size(a), err)
	}
	last.Verb += "x"
	if got := violations(t, ValidateAdvisory(a)); len(got) != 1 || !strings.Contains(got[0], "bytes in all") {
		t.Errorf("over the limit: %q", got)
	}
}

func TestViolationsAreBounded(t *testing.T) {
	a := goodAdvisory()
	a.Cc = make([]string, 1000)
	if got := violations(t, ValidateAdvisory(a)); len(got) != ViolationLimit {
		t.Errorf("%d violations, want %d", len(got), ViolationLimit)
	}
}

func TestSignedBytesNameMattersInFull(t *testing.T) {
	for _, name := range []string{"plan", "2021", "gpc/2021"} {
		want := fmt.Sprintf("%q is not a matter's name", name)
		a := goodAdvisory()
		a.Positions[0].Matter, a.Actions[0].Matter = name, name
		for _, field := range []string{"positions[0].matter: ", "actions[0].matter: "} {
			if err := ValidateAdvisory(a); !strings.Contains(fmt.Sprint(err), field+want) {
				t.Errorf("advisory, %s%v", field, err)
			}
		}
		r := goodReport()
		r.Position.Matter = name
		if err := ValidateReport(r); !strings.Contains(fmt.Sprint(err), "position.matter: "+want) {
			t.Errorf("report: %v", err)
		}
		m := goodMatter()
		m.Name = name
		if err := ValidateMatter(m); !strings.Contains(fmt.Sprint(err), "name: "+want) {
			t.Errorf("matter: %v", err)
		}
	}
}

// What could make a page or a terminal show something else than was written, to the last of
// each kind.
func TestCharactersThatHideSomethingAreRefused(t *testing.T) {
	for r, want := range map[rune]bool{
		'\n': false, '\r': false, '\t': false, 'a': false, 'é': false, 0: true, 0x1B: true, 0x7F: true,
		0x2029: false, 0x202A: true, 0x202E: true, 0x202F: false, 0x2065: false, 0x2066: true, 0x2069: true, 0x206A: false,
	} {
		if got := unsafeRune(r); got != want {
			t.Errorf("%U: %v", r, got)
		}
	}
}

// Every field of text is looked at: an escape, which could make a terminal show something
// else, is refused wherever it stands, by the field's name or that of what it is in.
func TestNoFieldOfTextGoesUnchecked(t *testing.T) {
	relaying := goodAdvisory()
	relaying.Positions[0].Provenance, relaying.Positions[0].Stance = v1.Provenance_PROVENANCE_RELAY, info
	for _, c := range []struct {
		good    proto.Message
		refused string // what may not be there at all
		check   func(proto.Message) error
	}{
		{goodAdvisory(), "positions[0].relay_of", func(m proto.Message) error { return ValidateAdvisory(m.(*v1.Advisory)) }},
		{relaying, "-", func(m proto.Message) error { return ValidateAdvisory(m.(*v1.Advisory)) }},
		{goodWithdrawal(), "-", func(m proto.Message) error { return ValidateWithdrawal(m.(*v1.Withdrawal)) }},
		{goodReport(), "position.relay_of", func(m proto.Message) error { return ValidateReport(m.(*v1.ReportedPosition)) }},
		{goodMatter(), "-", func(m proto.Message) error { return ValidateMatter(m.(*v1.Matter)) }},
	} {
		everyText(c.good.ProtoReflect(), "", "\x1b", func(field string) {
			figure, _ := strings.CutSuffix(field, ".percentage") // a figure is one thing
			listed, _ := strings.CutSuffix(field, "[0]")
			for _, v := range violations(t, c.check(c.good)) {
				at, _, _ := strings.Cut(v, ": ")
				if at == field || at == figure || at == listed || at == c.refused && strings.HasPrefix(field, c.refused+".") {
					return
				}
			}
			t.Errorf("%T: an escape in %s is let through", c.good, field)
		})
	}
}

// everyText puts a text into each field of text of a message and what it holds, one after
// the other, where it is empty into a first one of its own.
func everyText(m protoreflect.Message, path, text string, visit func(field string)) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		name, before, had := path+string(field.Name()), m.Get(field), m.Has(field)
		switch {
		case field.IsList() && field.Kind() == protoreflect.StringKind:
			list := m.NewField(field).List()
			list.Append(protoreflect.ValueOfString(text))
			m.Set(field, protoreflect.ValueOfList(list))
			visit(name + "[0]")
		case field.IsList() && field.Kind() == protoreflect.MessageKind:
			if list := m.Mutable(field).List(); list.Len() == 0 {
				list.AppendMutable()
			}
			everyText(m.Mutable(field).List().Get(0).Message(), name+"[0].", text, visit)
		case field.IsList():
		case field.Kind() == protoreflect.StringKind:
			m.Set(field, protoreflect.ValueOfString(text))
			visit(name)
		case field.Kind() == protoreflect.MessageKind:
			everyText(m.Mutable(field).Message(), name+".", text, visit)
		}
		if m.Clear(field); had {
			m.Set(field, before)
		}
	}
}

// A position in a letter to patients was refused as "is empty", though its letter said whom it was to.
func TestAPositionInALetterToPatientsAloneIsToldWhyItIsForNobody(t *testing.T) {
	a := draft(on("north", "engage", refuse))
	a.Audiences, a.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PATIENTS}, nil
	if _, _, _, err := checkPublish(a, essexToday()); err == nil || !strings.Contains(err.Error(), "no position is for patients or the public") {
		t.Error(err)
	}
}
