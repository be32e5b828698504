package letter

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// crowded are defaults that would show in every letter that leaves anything open.
var crowded = Defaults{Office: "default-office", Committees: []string{"default-committee"}, Matter: "x/default"}

func TestAnAdvisoryIsReadBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := advisory().Draw(t, "advisory")
		if err := guidance.ValidateAdvisory(want); err != nil {
			t.Fatalf("the generator draws what guidance refuses: %v", err)
		}
		sameAdvisory(t, want)
	})
}

// What is passed on is somebody else's word.
func TestAnOpinionOnWhatIsPassedOnIsRefusedOnItsLine(t *testing.T) {
	_, err := Parse([]byte("---\ntitle: T\noffice: essex\nfor: [north-essex]\nmatter: gpc-england/m\nissued: 2021-10-25\npositions:\n  - on: the whole matter\n    stance: information-only\n"+
		"    relay-of: {committee: gpc-england, advisory: gpc-england/7}\n    opinion: opposes\n---\n\nDear\n\nthey say no\n"), Defaults{})
	want := "line 11: opinion: what is passed on has no opinion of your own in it: leave it out, or write a position of your own"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// sameAdvisory checks that nothing is lost or added on disk, with or without defaults.
func sameAdvisory(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, want *guidancev1.Advisory,
) {
	t.Helper()
	b := written(want)
	for _, d := range []Defaults{{}, crowded} {
		got, err := Parse(b, d)
		if err != nil {
			t.Fatalf("reading\n%s\n%v", b, err)
		}
		if !proto.Equal(got, want) {
			t.Fatalf("(-want +got)\n%s\n%s", cmp.Diff(want, got, protocmp.Transform()), b)
		}
	}
}

func TestAMatterIsReadBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyMatter().Draw(t, "matter")
		if err := guidance.ValidateMatter(want); err != nil {
			t.Fatalf("the generator draws what guidance refuses: %v", err)
		}
		b := written(want)
		got, err := ParseMatter(b, crowded)
		if err != nil || !proto.Equal(got, want) {
			t.Fatalf("%v (-want +got)\n%s\n%s", err, cmp.Diff(want, got, protocmp.Transform()), b)
		}
	})
}

func TestAReportIsReadBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyReport().Draw(t, "report")
		if err := guidance.ValidateReport(want); err != nil {
			t.Fatalf("the generator draws what guidance refuses: %v", err)
		}
		b := written(want)
		got, err := ParseReport(b, crowded)
		if err != nil || !proto.Equal(got, want) {
			t.Fatalf("%v (-want +got)\n%s\n%s", err, cmp.Diff(want, got, protocmp.Transform()), b)
		}
	})
}

// The table of fields must name every field of the messages: one that is forgotten
// would be lost on disk.
func TestEveryFieldHasItsKey(t *testing.T) {
	checkPaths(t, &guidancev1.Advisory{}, paths(letterFields), "body", "+matter")
	checkPaths(t, &guidancev1.Matter{}, paths(matterFields), "summary")
	checkPaths(t, &guidancev1.ReportedPosition{}, paths(reportFields), "summary")
	checkPaths(t, &guidancev1.Position{}, paths(positionFields))
	checkPaths(t, &guidancev1.RelaySource{}, paths(relayFields))
	checkPaths(t, &guidancev1.Scope{}, paths(scopeFields))
	checkPaths(t, &guidancev1.Vote{}, paths(voteFields))
	checkPaths(t, &guidancev1.VoteOption{}, paths(voteOptionFields))
	checkPaths(t, &guidancev1.Action{}, paths(actionFields))
	checkPaths(t, &guidancev1.Signatory{}, paths(signatoryFields))
	checkPaths(t, &guidancev1.Contact{}, paths(contactFields))
	checkPaths(t, &guidancev1.Reference{}, paths(referenceFields))
	checkPaths(t, &guidancev1.Attachment{}, paths(attachmentFields))
	checkPaths(t, &guidancev1.Body{}, paths(bodyFields), "valid_until", "successors") // the register has these, and a matter may not
	checkPaths(t, &guidancev1.Measure{}, paths(measureFields))
	checkPaths(t, &guidancev1.Deadline{}, paths(deadlineFields))
	checkPaths(t, &guidancev1.Claim{}, paths(claimFields))
	checkPaths(t, &guidancev1.Event{}, paths(eventFields))
	checkPaths(t, &guidancev1.DatedEffect{}, paths(datedEffectFields))
	checkPaths(t, &guidancev1.AreaId{}, paths(areaFields))
}

func paths[M any](fields []field[M]) map[string]bool {
	all := map[string]bool{}
	for _, f := range fields {
		all[f.path] = true
	}
	return all
}

func checkPaths(t *testing.T, m proto.Message, have map[string]bool, elsewhere ...string) {
	t.Helper()
	for _, name := range elsewhere {
		have[name] = true
	}
	fields := m.ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		if name := string(fields.Get(i).Name()); !have[name] {
			t.Errorf("%s: no key for the field %s", m.ProtoReflect().Descriptor().Name(), name)
		}
	}
}

func TestParseTakesWhatTheOfficeKnows(t *testing.T) {
	a, err := Parse([]byte("---\ntitle: T\nissued: 2021-10-25\nto: practices\npositions:\n  on: the whole matter\n  stance: Advise Against\n---\nNo.\n"), Defaults{
		Office: "essex", Committees: []string{"north-essex", "south-essex"}, Matter: "gpc-england/m",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &guidancev1.Advisory{
		Office: "essex", OnBehalfOf: []string{"north-essex", "south-essex"}, Title: "T", Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"},
		Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		Positions: []*guidancev1.Position{{
			Committees: []string{"north-essex", "south-essex"}, Matter: "gpc-england/m",
			Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}, Stance: guidancev1.Stance_STANCE_ADVISE_AGAINST,
			Basis: guidancev1.Basis_BASIS_NOT_STATED, Provenance: guidancev1.Provenance_PROVENANCE_PRIMARY,
		}},
		Body: "No.\n",
	}
	if diff := cmp.Diff(want, a, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

func TestParseReadsDaysAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		"2021-10-25":                        "2021-10-25 2021-10-25",
		"25 October 2021":                   "2021-10-25 2021-10-25",
		"2021-10-18..2021-10-21":            "2021-10-18 2021-10-21",
		"October 2021":                      "2021-10-01 2021-10-31",
		"2021-10":                           "2021-10-01 2021-10-31",
		"2024-02":                           "2024-02-01 2024-02-29",
		"Monday 25th October 2021":          "2021-10-25 2021-10-25",
		"18–21 October 2021":                "2021-10-18 2021-10-21",
		"undated, October to December 2021": "2021-10-01 2021-12-31",
		"2021":                              "2021-01-01 2021-12-31",
	} {
		a, err := Parse(simple("issued: "+in), Defaults{})
		if err != nil {
			t.Errorf("%s: %v", in, err)
		} else if got := a.Issued.Earliest + " " + a.Issued.Latest; got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestParseReadsWhenThingsAreDueAsPeopleWriteIt(t *testing.T) {
	for in, want := range map[string]string{
		"28 October 2021":                   "by 28 October 2021",
		"28 Oct, noon":                      "by 12:00 on 28 October 2021",
		"1 February":                        "by 1 February 2022", // the first after the letter
		"7.30pm on 28 October 2021":         "by 19:30 on 28 October 2021",
		"at once":                           "at once",
		"{rule: 7pm on Tuesday}":            "7pm on Tuesday",
		"{by: 28/10/21, kind: give-notice}": "last day to give notice: by 28 October 2021",
	} {
		a, err := Parse(simple("actions:\n  - do: reply\n    due: "+in), Defaults{})
		if err != nil || guidance.DueWords(a.Actions[0].Due) != want {
			t.Errorf("%s: got %v, %v, want %s", in, a.GetActions(), err, want)
		}
	}
}

// simple is a whole letter with one line of its own; the line wins over the letter's.
func simple(line string) []byte {
	key, _, _ := strings.Cut(line, ":")
	out := "---\n" + line + "\n"
	for _, l := range []string{"title: Our advice", "office: essex", "for: [north-essex]", "matter: gpc-england/access-plan-2021", "issued: 2021-10-25", "to: [practices]", "positions:\n  - on: the whole matter\n    stance: refuse"} {
		if !strings.HasPrefix(l, key+":") {
			out += l + "\n"
		}
	}
	return []byte(out + "---\n\nDear colleagues\n\nThis is our advice.\n")
}

func TestTheWholeMatterMayBeSpeltAsPeopleDo(t *testing.T) {
	for _, said := range []string{"the whole matter", "The Whole Matter", "whole matter", "“the whole matter”", "the whole of the matter", "the entire matter", "Whole-Matter", "the_whole_matter", "the whole plan", "The entire Plan", "whole of the plan", "all of this plan", "the plan as a whole", "The whole scheme", "this offer as a whole"} {
		a, err := Parse(simple("positions:\n  - on: "+said+"\n    stance: refuse\nactions:\n  - do: ring us\n    on: "+said), Defaults{})
		if err != nil || a.Positions[0].Measure != "" || a.Actions[0].Measure != "" {
			t.Errorf("%s: got %v, %v", said, a, err)
		}
	}
	a, err := Parse(simple("positions:\n  - on: whole-matter\n    stance: refuse"), Defaults{})
	if err != nil || a.Positions[0].Measure != "whole-matter" {
		t.Errorf("a measure may be named so: got %v, %v", a, err)
	}
}

func TestMattersAndMeasuresMayBeNamedByTitleOrAlias(t *testing.T) {
	plan := accessPlan()
	plan.Measures[0].Aliases = []string{"PCN meetings", "Meetings"}
	plan.Measures[1].Aliases = []string{"Meetings", "The plan for lists"}
	plan.Aliases = []string{"The GP plan", "The plan for lists"}
	known := Defaults{Matters: func(name string) (*guidancev1.Matter, string) {
		if name == plan.Name || name == "access-plan-2021" || name == plan.Title {
			return plan, ""
		}
		return nil, "matter " + name + " is not known here: did you mean access-plan-2021?"
	}}
	for said, want := range map[string]string{
		"engage-with-plan": "engage-with-plan", "Take part in meetings": "engage-with-plan", "take part in  meetings": "engage-with-plan", "“PCN meetings”": "engage-with-plan", "close lists": "close-lists",
		"Our plan": "", "our  Plan": "", "access-plan-2021": "", "“The GP plan”": "", "gpc-england/access-plan-2021": "",
	} {
		a, err := Parse(simple("positions:\n  - on: "+said+"\n    matter: Our plan\n    stance: refuse\nactions:\n  - do: ring us\n    on: "+said), known)
		if err != nil || a.Positions[0].Measure != want || a.Actions[0].Measure != want || a.Positions[0].Matter != plan.Name {
			t.Errorf("%s: got %v, %v", said, a, err)
		}
	}
	for said, want := range map[string]string{
		"Take part in meeting":          "line 3: on: gpc-england/access-plan-2021 has no measure \"Take part in meeting\"; did you mean engage-with-plan (Take part in meetings)?",
		"engage-with-plans":             "line 3: on: gpc-england/access-plan-2021 has no measure \"engage-with-plans\"; did you mean engage-with-plan (Take part in meetings)?",
		"Meetings":                      "line 3: on: \"Meetings\" may be one of several: write engage-with-plan (Take part in meetings) or close-lists (Close the list)",
		"The plan for lists":            "line 3: on: \"The plan for lists\" may be one of several: write close-lists (Close the list) or the whole matter",
		"Our plam":                      "line 3: on: gpc-england/access-plan-2021 has no measure \"Our plam\"; did you mean the whole matter?",
		"The winter fund":               "line 3: on: gpc-england/access-plan-2021 has no measure \"The winter fund\"; there are engage-with-plan (Take part in meetings), close-lists (Close the list), or the whole matter",
		"x\n    matter: Their own plan": "line 4: matter: matter Their own plan is not known here: did you mean access-plan-2021?",
		"Any\n    matter: acces-plan":   "line 4: matter: matter acces-plan is not known here: did you mean access-plan-2021?",
	} {
		if _, err := Parse(simple("positions:\n  - on: "+said+"\n    stance: refuse"), known); err == nil || err.Error() != want {
			t.Errorf("%s: got\n%v\nwant\n%s", said, err, want)
		}
	}
}

// "there are , or the whole matter" was said of a matter that has no measures, and of one that has not arrived.
func TestNoMeasuresAreToldWhereNoneAreKnown(t *testing.T) {
	for title, want := range map[string]string{
		"":         "line 3: on: gpc-england/plan-2 has not arrived, and its measures are not known here yet: speak on the whole matter",
		"Our plan": "line 3: on: gpc-england/plan-2 has no measures, and so no \"plan\": speak on the whole matter",
	} {
		known := Defaults{Office: "essex", Matters: func(string) (*guidancev1.Matter, string) {
			return &guidancev1.Matter{Name: "gpc-england/plan-2", Title: title}, ""
		}}
		if _, err := Parse(simple("positions:\n  - on: plan\n    matter: gpc-england/plan-2\n    stance: refuse"), known); err == nil || err.Error() != want {
			t.Errorf("%s: got\n%v\nwant\n%s", title, err, want)
		}
	}
}

func TestWhatALetterWithoutPositionsAsksIsOfItsMatter(t *testing.T) {
	letterOf := func(said string) []byte {
		return []byte("---\ntitle: Our advice\nfor: [north-essex]\nissued: 2021-10-25\n" + said + "\n---\n\nThis is our advice.\n")
	}
	a, err := Parse(letterOf("matter: plan\nactions:\n  - do: send\n    on: keep-open\n  - do: sign\n    matter: fund"), Defaults{Office: "essex"})
	if err != nil || a.Actions[0].Matter != "plan" || a.Actions[0].Measure != "keep-open" || a.Actions[1].Matter != "fund" {
		t.Errorf("got %v, %v", a.GetActions(), err)
	}
	a, err = Parse(letterOf("matter: plan\npositions:\n  - on: the whole matter\n    stance: refuse\n  - on: the whole matter\n    matter: fund\n    stance: refuse\nactions:\n  - do: ring us"), Defaults{Office: "essex"})
	if err != nil || a.Actions[0].Matter != "" {
		t.Errorf("on two matters, what is asked without one is the letter's alone: got %v, %v", a.GetActions(), err)
	}
	elsewhere := "matter: plan\npositions:\n  - on: the whole matter\n    matter: fund\n    stance: refuse"
	if _, err := Parse(letterOf(elsewhere), Defaults{Office: "essex"}); err == nil || !strings.Contains(err.Error(), "matter: nothing in this letter is on it") {
		t.Errorf("got %v", err)
	}
	for _, said := range []string{ // a correction, and a letter with votes alone, are on a matter too
		"matter: plan", "matter: plan\nactions:\n  - do: send\n    matter: fund", "also-on: [plan]",
		"matter: plan\nvotes:\n  - id: v\n    kind: committee\n    question: Shall we?\n    of: the committee\n    for: 9",
	} {
		if a, err := Parse(letterOf(said), Defaults{Office: "essex"}); err != nil || !slices.Equal(a.GetMatters(), []string{"plan"}) {
			t.Errorf("%s: got %v, %v", said, a.GetMatters(), err)
		}
	}
	for _, said := range []string{"matter: plan\npositions:\n  - on: the whole matter\n    matter: gpc/plan\n    stance: refuse", "actions:\n  - do: ring us"} {
		if _, err := Parse(letterOf(said), Defaults{Office: "essex", Matter: "plan"}); err != nil {
			t.Errorf("%s: %v", said, err)
		}
	}
}

func TestAThresholdSaysWhetherItIsReached(t *testing.T) {
	vote := func(lines string) error {
		_, err := Parse(simple("votes:\n  - id: v\n    question: Have half of them resigned?\n    of: practices\n"+lines), Defaults{})
		return err
	}
	for lines, want := range map[string]string{
		"    kind: threshold\n    threshold: half of practices\n    reached: no":            "",
		"    kind: threshold\n    threshold: half of practices":                             "reached: is missing: say whether the threshold is reached, yes or no",
		"    kind: threshold\n    reached: yes":                                             "threshold: is empty: write in words what is to be reached",
		"    kind: threshold\n    threshold: reached\n    reached: yes":                     "threshold: “reached” is an answer",
		"    kind: threshold\n    threshold: yes\n    reached: yes":                         "threshold: “yes” is an answer",
		"    kind: committee\n    for: 11\n    reached: no":                                 "reached: belongs to a vote of the kind threshold",
		"    kind: threshold\n    threshold: 50% of those asked answered\n    reached: yes": "",
	} {
		if err := vote(lines); (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", lines, err, want)
		}
	}
}

func TestAnAreaIsWrittenAsTheRegisterAndFlagsWriteIt(t *testing.T) {
	for said, code := range map[string]string{"sub-icb:06Q": "06Q", "sub-icb/06Q": "06Q", "{scheme: sub-icb, code: 06Q}": "06Q"} {
		a, err := Parse(simple("positions:\n  - on: the whole matter\n    stance: refuse\n    area: "+said+"\nactions:\n  - do: ring us\n    area: "+said), Defaults{})
		if err != nil || a.Positions[0].Area.Scheme != "sub-icb" || a.Positions[0].Area.Code != code || a.Actions[0].Area.Code != code {
			t.Errorf("%s: got %v, %v", said, a, err)
		}
	}
}

func TestOnlyIDsThatExistAreSuggested(t *testing.T) {
	known := Defaults{Office: "essex", Committees: []string{"north-essex", "south-essex"}}
	for in, want := range map[string]string{
		"positions:\n  - on: Leave the PCN DES\n    stance: refuse": "\"Leave the PCN DES\" is not the id of a measure: write one that `lmc matters MATTER` lists, or the whole matter",
		"for: [North Essex LMC]":                                    `"North Essex LMC" is not an id; did you mean north-essex?`,
		"for: [Kent and Medway]":                                    "\"Kent and Medway\" is not an id: it has small letters, digits and hyphens; `lmc register show` lists those there are",
		"office: Essex":                                             `"Essex" is not an id; did you mean essex?`,
		"positions:\n  - on: the whole matter\n    stance: refuse\n    for: South Essex": `"South Essex" is not an id; did you mean south-essex?`,
	} {
		if _, err := Parse(simple(in), known); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got\n%v\nwant %s", in, err, want)
		}
	}
}

func TestParseKeepsTheCharactersOfAText(t *testing.T) {
	for in, want := range map[string]string{
		"title: yes": "yes", "title: 1.50": "1.50", "title: 2021-10-25": "2021-10-25", `title: "a: b"`: "a: b", "title: 'it''s'": "it's",
		"title: two\n  lines": "two lines",
	} {
		a, err := Parse(simple(in), Defaults{})
		if err != nil || a.Title != want {
			t.Errorf("%s: got %q, %v, want %q", in, a.GetTitle(), err, want)
		}
	}
}

func TestParseReadsAWindowsFileAsAnyOther(t *testing.T) {
	unix := simple("title: T")
	windows := []byte("\ufeff" + strings.ReplaceAll(string(unix), "\n", "\r\n"))
	a, errA := Parse(unix, Defaults{})
	b, errB := Parse(windows, Defaults{})
	if errA != nil || errB != nil || !proto.Equal(a, b) {
		t.Errorf("%v %v\n%s", errA, errB, cmp.Diff(a, b, protocmp.Transform()))
	}
}

func TestBodyIsKeptByteForByte(t *testing.T) {
	for _, body := range []string{"", "\n", "\n\n", "x", "x\n", "\nx", "\r\n", "\r\nx\r\n", "---\n", "x\n---\ny", " \n", "\t", "\ufeff"} {
		a := valid(t)
		a.Body, a.Attachments = body, []*guidancev1.Attachment{{FileName: "letter.pdf", MediaType: "application/pdf", Sha256: make([]byte, 32)}}
		sameAdvisory(t, a)
	}
}

func valid(t *testing.T) *guidancev1.Advisory {
	t.Helper()
	a, err := Parse(simple("title: T"), Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestEntryNamesMayStandForLettersBesideThisOne(t *testing.T) {
	d := Defaults{Entry: func(name string) (string, bool) { return "gpc-england/31", name == "02-interim" }}
	a, err := Parse(simple(`amends: ["@02-interim", essex/3]`), d)
	if err != nil || strings.Join(a.Amends, " ") != "gpc-england/31 essex/3" {
		t.Errorf("got %v, %v", a.GetAmends(), err)
	}
	if _, err := Parse(simple(`amends: "@other"`), d); err == nil || !strings.Contains(err.Error(), "line 2: amends: \"@other\" names no letter") {
		t.Errorf("got %v", err)
	}
}

func TestAttachmentsNeedOnlyTheirFile(t *testing.T) {
	d := Defaults{ReadFile: func(name string) ([]byte, error) { return []byte(name), nil }}
	a, err := Parse(simple("attachments:\n  - file: plan.pdf"), d)
	if err != nil {
		t.Fatal(err)
	}
	got := a.Attachments[0]
	if got.Size != 8 || got.MediaType != "application/pdf" || len(got.Sha256) != 32 || got.FileName != "plan.pdf" {
		t.Errorf("got %v", got)
	}
}

func TestMatterMayBeNamedBySlugAlone(t *testing.T) {
	b := []byte("---\nkind: matter\nname: access-plan\ntitle: T\nproposer: {id: nhs-england, name: NHS England, kind: nhs-body}\n---\n")
	if m, err := ParseMatter(b, Defaults{Office: "essex"}); err != nil || m.Name != "essex/access-plan" {
		t.Errorf("got %v, %v", m, err)
	}
	if _, err := ParseMatter(b, Defaults{}); err == nil || !strings.HasPrefix(err.Error(), "line 3: name: ") {
		t.Errorf("got %v", err)
	}
}

func TestKindOfReadsNothingElse(t *testing.T) {
	for in, want := range map[string]Kind{
		"---\nkind: matter\nrubbish: 1\n---\n": KindMatter, "---\nkind: Report\n---\n": KindReport, "---\ntitle: x\n---\n": KindLetter, "---\nkind: letter\n---": KindLetter,
	} {
		if got, err := KindOf([]byte(in)); err != nil || got != want {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "hello", "---\nkind: mater\n---\n", "---\nx"} {
		if _, err := KindOf([]byte(in)); err == nil {
			t.Errorf("%q: got no error", in)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(simple("title: T"))
	f.Add([]byte("---\na: &a [*a, *a]\n---\n"))
	f.Add([]byte("---\ntitle: x\n...\n---\n"))
	f.Add([]byte(strings.Repeat("[", 20000)))
	f.Add(simple("positions:\n  - on: Take part in meetings\n    stance:refuse"))
	f.Add(simple("actions:\n  - do: reply\n    due: {days: 14, after: x}\n    template: |\n      \u202e"))
	f.Add([]byte("---\rtitle: T\r---\r\rDear \u202e"))
	f.Add(MatterSkeleton())
	f.Add(ReportSkeleton(accessPlan(), essex()))
	f.Add(Skeleton(accessPlan(), essex()))
	byTitle := Defaults{Matters: func(string) (*guidancev1.Matter, string) { return accessPlan(), "" }}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, parse := range []func() error{
			func() error { _, err := KindOf(b); return err },
			func() error { _, err := Parse(b, byTitle); return err },
			func() error { _, err := ParseReport(b, byTitle); return err },
		} {
			if err := parse(); err != nil && err.Error() == "" {
				t.Fatal("an error without words")
			}
		}
		a, err := Parse(b, crowded)
		if err == nil {
			sameAdvisory(t, a)
		}
		if m, err := ParseMatter(b, crowded); err == nil {
			if again, err := ParseMatter(written(m), Defaults{}); err != nil || !proto.Equal(m, again) {
				t.Fatalf("%v\n%s", err, cmp.Diff(m, again, protocmp.Transform()))
			}
		}
		if p, err := ParseReport(b, crowded); err == nil {
			if again, err := ParseReport(written(p), Defaults{}); err != nil || !proto.Equal(p, again) {
				t.Fatalf("%v\n%s", err, cmp.Diff(p, again, protocmp.Transform()))
			}
		}
	})
}

// A list whose lines begin with dashes as a word processor makes them was published as one reader of copies.
func TestCopiesListedWithAWordProcessorsDashesAreNotOne(t *testing.T) {
	for cc, want := range map[string]string{
		"cc:\n  – Kent ICB\n  – NHS England\n": "line 8: cc: a list begins each line with a hyphen and a blank; a word processor has put another sign there: type - instead",
		"cc: • Kent ICB\n":                     "line 7: cc: a list begins each line with a hyphen",
		"cc: Kent ICB – NHS England\n":         "",
		"cc: \"– Kent ICB\"\n":                 "",
	} {
		_, err := Parse([]byte("---\ntitle: T\noffice: essex\nfor: [north-essex]\nissued: 2021-10-25\nto: [practices]\n"+cc+"---\nOur advice.\n"), Defaults{})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", cc, err)
		}
	}
}
