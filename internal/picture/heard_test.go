package picture

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// heardAgo is "essex:3h", "!essex:72h" for one asked about, "essex:" for one never heard.
func heardAgo(offices ...string) *answersv1.Completeness {
	c := &answersv1.Completeness{OfficeNames: map[string]string{"essex": "Essex LMCs"}}
	for _, s := range offices {
		office, age, _ := strings.Cut(s, ":")
		h := &answersv1.OfficeHeard{Office: strings.TrimPrefix(office, "!"), AskedAbout: office[0] == '!'}
		if d, err := time.ParseDuration(age); err == nil {
			h.Age, h.HeardTime = durationpb.New(d), timestamppb.New(time.Date(2021, 10, 28, 12, 0, 0, 0, time.UTC).Add(-d))
		}
		c.Heard = append(c.Heard, h)
	}
	c.Warning = CompletenessWarning(c)
	c.Complete = c.Warning == ""
	return c
}

func TestWordsOfWhoWasHeard(t *testing.T) {
	const here, all = "Everything known to have been published is here.", "Everything else known to have been published is here."
	for _, tt := range []struct {
		in   *answersv1.Completeness
		want string
	}{
		{heardAgo(), here}, // a federation of one
		{heardAgo("kent:2h"), here + " The one other office was heard within the last two hours."},
		{heardAgo("essex:0s", "hull:90m", "kent:2h"), here + " All 3 other offices were heard within the last two hours."},
		{heardAgo("essex:1h", "kent:49h", "hull:"), here + " Not heard for over two hours, so that what they published since is not known here: kent (2 days ago), hull (never yet)."},
		{heardAgo("!essex:72h", "kent:1h"), "The node of Essex LMCs was last heard 3 days ago: what it published since is not known here. " + all + " All others were heard within the last two hours."},
		{heardAgo("!essex:", "kent:1h"), "The node of Essex LMCs was not heard yet: what it published is known here only as far as it is held. " + all + " All others were heard within the last two hours."},
		{heardAgo("!essex:1h", "kent:1h"), here + " All 2 other offices were heard within the last two hours."},
		{heardAgo("!essex:72h", "kent:2h1s"), "This node hears no other node, the last was heard 2 hours ago: what other offices published since is not known here. " + all},
		{heardAgo("essex:", "kent:"), "This node has heard no other node yet: what other offices published is known here only as far as it is held. " + all},
	} {
		if got := CompletenessWords(tt.in); got != tt.want {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
	damaged := heardAgo("kent:1h")
	damaged.Damaged, damaged.Lost = true, []string{"essex"}
	damaged.Warning, damaged.Complete = CompletenessWarning(damaged), false
	if got, want := CompletenessWords(damaged), "The data of this node are damaged: what cannot be read is not answered, and something may be missing here until they are mended. "+
		"This node has lost entries of Essex LMCs, or may have, with damaged data, and is fetching them again. This answer is not complete. The one other office was heard within the last two hours."; got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
	behind := heardAgo("kent:3h")
	behind.Behind = []*answersv1.OfficeLag{{Office: "kent", Seen: 8, Held: 7}}
	if got, want := CompletenessWords(behind), behind.Warning+" This answer is not complete. Behind kent: 7 of 8 entries are here."; got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func TestSixOfficesNotHeardAreNamedAndTheOthersCounted(t *testing.T) {
	offices := []string{"kent:1h"}
	for i := range silentNamed {
		offices = append(offices, fmt.Sprintf("o%d:50h", i))
	}
	if words := CompletenessWords(heardAgo(offices...)); !strings.HasSuffix(words, "o4 (2 days ago), o5 (2 days ago).") {
		t.Errorf("six: %s", words)
	}
	if words := CompletenessWords(heardAgo(append(offices, "o6:50h", "o7:50h")...)); !strings.HasSuffix(words, "o5 (2 days ago), 2 more.") {
		t.Errorf("eight: %s", words)
	}
}

func TestTheCSVSaysWhoWasNotHeardAndBeginsItsWordsWithTheWarning(t *testing.T) {
	pic := &answersv1.NationalPicture{
		Completeness: heardAgo("!essex:72h", "kent:3h", "hull:"),
		Tables:       []*answersv1.NationalTable{{Columns: []*answersv1.Column{{}}}},
	}
	pic.Completeness.Words = CompletenessWords(pic.Completeness)
	csv, err := CSV(pic)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{",false,\"This node hears no other node", ",essex 2021-10-25T12:00:00Z; kent 2021-10-28T09:00:00Z; hull never,\n", ",not heard since,"} {
		if !strings.Contains(string(csv), want) {
			t.Errorf("want %q in\n%s", want, csv)
		}
	}
	moved, err := MoversCSV(&answersv1.GetNationalPictureResponse{Changes: &answersv1.GetChangesResponse{Completeness: pic.Completeness}})
	if err != nil || !strings.Contains(string(moved), ",not heard since,") {
		t.Errorf("%v\n%s", err, moved)
	}
}
