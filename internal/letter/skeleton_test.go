package letter

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

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

func TestSkeletonIsWhatAnOfficeGets(t *testing.T) {
	golden(t, "testdata/skeleton.golden", string(Skeleton(accessPlan(), "essex", []string{"north-essex", "south-essex"})))
}

// Whatever the matter says, what is wrong with a skeleton is what has to be filled in.
func TestSkeletonLacksExactlyWhatMustBeFilledIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Skeleton(anyMatter().Draw(t, "matter"), "essex", []string{"north-essex"})
		_, err := Parse(b, Defaults{})
		if err == nil {
			t.Fatal("got no error")
		}
		var keys []string
		for _, line := range strings.Split(err.Error(), "\n") {
			_, rest, _ := strings.Cut(line, ": ")
			keys = append(keys, strings.SplitN(rest, ":", 2)[0])
		}
		if got := strings.Join(keys, " "); got != "title issued stance" {
			t.Fatalf("got %s: %v\n%s", got, err, b)
		}
	})
}

func TestSkeletonFilledInIsALetter(t *testing.T) {
	a, err := Parse(filledIn(string(Skeleton(accessPlan(), "essex", []string{"north-essex", "south-essex"}))), Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Positions[0]; got.Measure != "" || got.Matter != "gpc-england/access-plan-2021" || len(got.Committees) != 2 {
		t.Errorf("got %v", got)
	}
}

func filledIn(s string) []byte {
	return []byte(strings.NewReplacer("\ntitle:\n", "\ntitle: T\n", "\nissued:\n", "\nissued: 2021-10-25\n", "    stance:\n", "    stance: refuse\n").Replace(s))
}

// Taking the # from every example at once gives a letter that uses every key there is.
func TestSkeletonExplainsEveryKeyWithAnExampleThatWorks(t *testing.T) {
	s := filledIn(string(Skeleton(accessPlan(), "essex", []string{"north-essex", "south-essex"})))
	used := regexp.MustCompile(`(?m)^( *)#(\S|  )`).ReplaceAllString(string(s), "$1$2")
	a, err := Parse([]byte(used), Defaults{ReadFile: func(string) ([]byte, error) { return []byte("x"), nil }})
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
