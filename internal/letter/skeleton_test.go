package letter

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func accessPlan() *guidancev1.Matter {
	nhs := &guidancev1.Body{Id: "nhs-england", Name: "NHS England", Kind: guidancev1.BodyKind_BODY_KIND_NHS_BODY}
	gpc := &guidancev1.Body{Id: "gpc-england", Name: "GPC England", Kind: guidancev1.BodyKind_BODY_KIND_COMMITTEE}
	return &guidancev1.Matter{
		Name: "gpc-england/access-plan-2021", Title: "Our plan", Proposer: nhs,
		Measures: []*guidancev1.Measure{
			{Id: "engage-with-plan", Title: "Take part in meetings", Kind: guidancev1.MeasureKind_MEASURE_KIND_DEMAND},
			{Id: "close-lists", Title: "Close the list", Kind: guidancev1.MeasureKind_MEASURE_KIND_COLLECTIVE_ACTION, Proposer: gpc},
		},
	}
}

func essex() Writer {
	return Writer{Office: "essex", Committees: []string{"north-essex", "south-essex"}, Area: &guidancev1.AreaId{Scheme: "sub-icb", Code: "06Q"}}
}

func TestSkeletonIsWhatAnOfficeGets(t *testing.T) {
	golden(t, "testdata/skeleton.golden", string(Skeleton(accessPlan(), essex())))
	golden(t, "testdata/skeleton-matter.golden", string(MatterSkeleton()))
	golden(t, "testdata/skeleton-report.golden", string(ReportSkeleton(accessPlan(), essex())))
}

// What an office has said before, and what the matter has, is offered to it.
func TestSkeletonOffersWhatStands(t *testing.T) {
	plan, writer := accessPlan(), essex()
	plan.Measures[0].Scopes = []*guidancev1.Scope{{Id: "on-one-supplier", Words: "practices on one supplier"}}
	plan.Events = []*guidancev1.Event{{Id: "variation-notice", Title: "the variation notice", Day: "2021-11-01"}}
	writer.Groups = []*guidancev1.Scope{{Id: "begun", Words: "who \"began\"\nalready"}}
	writer.Stands = []Standing{
		{"essex/7", "Access plan: more advice", &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}},
		{"essex/3", "Access plan", &guidancev1.DayRange{Earliest: "2021-10-18", Latest: "2021-10-21"}},
	}
	s := string(Skeleton(plan, writer))
	for _, want := range []string{
		"\n# On this matter there stand, for the committees your office speaks for:\n# essex/7: Access plan: more advice (25 October 2021)\n# essex/3: Access plan (18 to 21 October 2021)\n#replaces: [essex/7]\n#amends: [essex/3]\n",
		"\n    # There are:\n    # begun: who \"began\" already\n    # on-one-supplier: practices on one supplier\n    #scope: {id: begun, words: \"who \\\"began\\\"\\nalready\"}\n",
		"\n# Events of the matter, to count from, as in {days: 14, after: variation-notice}:\n# variation-notice: the variation notice (1 November 2021)\n#actions:\n",
	} {
		if !strings.Contains(s, want) {
			t.Errorf("there is no\n%s\nin\n%s", want, s)
		}
	}
	if strings.Contains(s, "constituents") {
		t.Error("it offers who may read it, of which only public is accepted")
	}
}

// Whatever the matter says, what is wrong with a skeleton is what has to be filled in.
func TestSkeletonLacksExactlyWhatMustBeFilledIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		writer := essex()
		writer.Groups = scopes().Draw(t, "groups")
		writer.Stands = []Standing{{Entry: entryName().Draw(t, "entry"), Title: anyText().Draw(t, "title"), Issued: dayRange().Draw(t, "issued")}}
		plan := anyMatter().Draw(t, "matter")
		for _, c := range []struct {
			skeleton []byte
			want     string
		}{
			{Skeleton(plan, writer), "title issued stance the text under the front matter"},
			{ReportSkeleton(plan, writer), "issued source for stance"},
			{MatterSkeleton(), "name title id name kind"},
		} {
			_, err := parseAny(c.skeleton, Defaults{Office: "essex"})
			if err == nil {
				t.Fatal("got no error")
			}
			var keys []string
			for _, line := range strings.Split(err.Error(), "\n") {
				_, rest, _ := strings.Cut(line, ": ")
				keys = append(keys, strings.SplitN(rest, ":", 2)[0])
			}
			if got := strings.Join(keys, " "); got != c.want {
				t.Fatalf("got %s: %v\n%s", got, err, c.skeleton)
			}
		}
	})
}

func TestSkeletonFilledInIsALetter(t *testing.T) {
	a, err := Parse(filledIn(string(Skeleton(accessPlan(), essex()))), Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Positions[0]; got.Measure != "" || got.Matter != "gpc-england/access-plan-2021" || len(got.Committees) != 2 {
		t.Errorf("got %v", got)
	}
}

func filledIn(s string) []byte {
	return []byte(strings.NewReplacer("\ntitle:\n", "\ntitle: T\n", "\nissued:\n", "\nissued: 2021-10-25\n", "    stance:\n", "    stance: refuse\n").Replace(s) + "\nThis is our advice.\n")
}

// An example that named another matter, measure or committee would file there what somebody
// only meant to say here.
func TestSkeletonExamplesSpeakOnlyOfTheLettersOwnMatterMeasuresAndCommittees(t *testing.T) {
	flu := &guidancev1.Matter{
		Name: "surrey-sussex/flu-2026", Title: "Flu vaccines", Proposer: accessPlan().Proposer,
		Measures: []*guidancev1.Measure{{Id: "order-early", Title: "Order early"}, {Id: "share-stock", Title: "Share stock"}},
	}
	survey := &guidancev1.Matter{Name: "gpc-england/survey", Title: "A survey", Proposer: accessPlan().Proposer}
	for _, c := range []struct {
		matter *guidancev1.Matter
		writer Writer
		area   *guidancev1.AreaId
	}{
		{flu, Writer{Office: "surrey-sussex", Committees: []string{"surrey", "east-sussex"}, Area: &guidancev1.AreaId{Scheme: "icb", Code: "S9B9J"}}, &guidancev1.AreaId{Scheme: "icb", Code: "S9B9J"}},
		{survey, Writer{Office: "cambridgeshire", Committees: []string{"cambridgeshire"}}, &guidancev1.AreaId{Scheme: "icb", Code: "CODE"}},
		{survey, Writer{Office: "cambridgeshire", Committees: []string{"cambridgeshire"}, Stands: []Standing{{"cambridgeshire/2", "More", nil}, {"cambridgeshire/0", "Survey", nil}}}, &guidancev1.AreaId{Scheme: "icb", Code: "CODE"}},
	} {
		used := withExamples(filledIn(string(Skeleton(c.matter, c.writer))))
		a, err := Parse(used, Defaults{ReadFile: func(string) ([]byte, error) { return []byte("x"), nil }})
		if err != nil {
			t.Errorf("%v\n%s", err, used)
			continue
		}
		subject := func(what, matter, measure string, committees []string, area *guidancev1.AreaId) {
			strange := slices.ContainsFunc(committees, func(id string) bool { return !slices.Contains(c.writer.Committees, id) })
			if matter != c.matter.Name || measure != "" && guidance.MeasureOf(c.matter, measure) == nil || strange || area != nil && !proto.Equal(area, c.area) {
				t.Errorf("an example of %s's speaks %s on %s %s for %s in %v", c.writer.Office, what, matter, measure, committees, area)
			}
		}
		for _, p := range a.GetPositions() {
			subject("a position", p.GetMatter(), p.GetMeasure(), p.GetCommittees(), p.GetArea())
		}
		for _, action := range a.GetActions() {
			subject("an action", action.GetMatter(), action.GetMeasure(), action.GetCommittees(), action.GetArea())
		}
		for _, entry := range slices.Concat(a.GetReplaces(), a.GetAmends(), a.GetBeside()) {
			if !strings.HasPrefix(entry, c.writer.Office+"/") {
				t.Errorf("an example of %s's is about the letter %s", c.writer.Office, entry)
			}
		}
		if len(a.GetActions()) == 0 || a.GetPositions()[0].GetArea() == nil || len(a.GetBeside()) == 0 {
			t.Errorf("examples were not used:\n%s", used)
		}
		used = withExamples([]byte(strings.NewReplacer("\nissued:\n", "\nissued: October 2021\n", "  for:\n", "  for: rcgp\n", "  publisher:\n", "  publisher: The Gazette\n", "  stance:\n", "  stance: refuse\n").Replace(string(ReportSkeleton(c.matter, c.writer)))))
		report, err := ParseReport(used, Defaults{})
		if err != nil {
			t.Errorf("%v\n%s", err, used)
			continue
		}
		subject("a report", report.GetPosition().GetMatter(), report.GetPosition().GetMeasure(), nil, nil)
	}
}

// withExamples takes the # from every example.
func withExamples(skeleton []byte) []byte {
	return regexp.MustCompile(`(?m)^( *)#(\S|  )`).ReplaceAll(skeleton, []byte("$1$2"))
}

// Taking the # from every example at once gives a letter that uses every key there is.
func TestSkeletonExplainsEveryKeyWithAnExampleThatWorks(t *testing.T) {
	s := filledIn(string(Skeleton(accessPlan(), essex())))
	used := withExamples(s)
	a, err := Parse(used, Defaults{ReadFile: func(string) ([]byte, error) { return []byte("x"), nil }})
	if err != nil {
		t.Fatalf("%v\n%s", err, used)
	}
	if a.Contact == nil || len(a.Attachments) == 0 || len(a.Actions) == 0 {
		t.Errorf("examples were not used:\n%s", used)
	}
	for _, f := range letterFields {
		if f.key != "kind" && !regexp.MustCompile(`(?m)^#?`+f.key+`:`).Match(s) {
			t.Errorf("the key %s is not explained", f.key)
		}
	}
}

func TestSkeletonsOfMattersAndReportsExplainEveryKey(t *testing.T) {
	used := func(skeleton []byte, filled ...string) []byte {
		return withExamples([]byte(strings.NewReplacer(filled...).Replace(string(skeleton))))
	}
	b := used(MatterSkeleton(), "\nname:\n", "\nname: access-plan-2021\n", "\ntitle:\n", "\ntitle: T\n", "  id:\n", "  id: nhs-england\n", "  name:\n", "  name: NHS England\n", "  kind:\n", "  kind: nhs-body\n")
	m, err := ParseMatter(b, Defaults{Office: "essex"})
	if err != nil || len(m.GetMeasures()) != 1 || len(m.GetEvents()) != 1 || m.GetClosed() == nil {
		t.Errorf("a matter: %v, %v\n%s", m, err, b)
	}
	for _, keys := range [][]string{keysIn(matterFields), keysIn(measureFields), keysIn(eventFields)} {
		for _, key := range keys {
			if !regexp.MustCompile(`(?m)^[ -]*` + key + `:`).Match(b) {
				t.Errorf("of a matter the key %s is not explained", key)
			}
		}
	}
	b = used(ReportSkeleton(accessPlan(), essex()), "\nissued:\n", "\nissued: October 2021\n", "  for:\n", "  for: rcgp\n", "  publisher:\n", "  publisher: The Gazette\n", "  stance:\n", "  stance: refuse\n")
	if p, err := ParseReport(b, Defaults{}); err != nil || p.GetPosition().GetMatter() != "gpc-england/access-plan-2021" {
		t.Errorf("a report: %v, %v\n%s", p, err, b)
	}
	for _, key := range keysIn(reportFields) {
		if !regexp.MustCompile(`(?m)^` + key + `:`).Match(b) {
			t.Errorf("of a report the key %s is not explained", key)
		}
	}
}
