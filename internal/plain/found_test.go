package plain

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestALetterWithoutPositionsHasNoEmptyHeading(t *testing.T) {
	p := New(Width)
	p.Advisory(&guidancev1.Advisory{
		Title: "Correction: office hours", Office: "essex", OnBehalfOf: []string{"north-essex"}, Body: "We are not open on Saturday.",
		Issued: &guidancev1.DayRange{Earliest: "2021-10-12", Latest: "2021-10-12"}, Replaces: []string{"essex/3"},
	}, nil)
	if got := p.String(); strings.Contains(got, "What it") || !strings.Contains(got, "Replaces: essex/3\n") {
		t.Errorf("got\n%s", got)
	}
}

// Six matters of one newsletter: each measure is under the title of its own matter, in the
// order in which the letter first names them.
func TestANewsletterOfSixMattersNamesEachByItsTitle(t *testing.T) {
	letter := &guidancev1.Advisory{Title: "Newsletter", Office: "kent", OnBehalfOf: []string{"kent"}, Issued: &guidancev1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}}
	names := &answersv1.Names{Matters: map[string]*answersv1.MatterTitles{}}
	titles := []string{"Vaccines", "The network scheme", "Data", "Pay", "Premises", "Blood tests"}
	for i, title := range titles {
		name, measure := "gpc-england/matter-"+string(rune('a'+i)), "join"
		if i%2 == 1 {
			measure = "declare"
		}
		names.Matters[name] = &answersv1.MatterTitles{Title: title, Measures: map[string]string{"join": "Joining of " + title, "declare": "Declaring to " + title}}
		letter.Positions = append(letter.Positions, &guidancev1.Position{Matter: name, Measure: measure, Committees: []string{"kent"}, Stance: guidancev1.Stance_STANCE_CAUTION})
	}
	p := New(Width)
	p.Advisory(letter, names)
	rest := p.String()
	for i, title := range titles {
		measure := "“Joining of " + title + "” (join)"
		if i%2 == 1 {
			measure = "“Declaring to " + title + "” (declare)"
		}
		for _, want := range []string{"\nOn “" + title + "” (gpc-england/matter-", "What it says:\n", "On " + measure + ": this office urges caution"} {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Fatalf("no %q behind the matter before, in\n%s", want, p)
			}
			rest = after
		}
	}
}
