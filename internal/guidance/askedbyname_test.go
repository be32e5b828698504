package guidance

import (
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Networks that a letter to practices asked something by name read in their own view "nothing published here on
// this to primary care networks".
func TestWhoeverIsAskedByNameIsToldWhatThoughTheLineIsToOthers(t *testing.T) {
	const managers, salaried = v1.Audience_AUDIENCE_PRACTICE_MANAGERS, v1.Audience_AUDIENCE_SALARIED_AND_LOCUM_GPS
	const commissioners, directors = v1.Audience_AUDIENCE_COMMISSIONERS, v1.Audience_AUDIENCE_PCN_CLINICAL_DIRECTORS
	tell := asksFor("tell", "2021-12-03", by(pcns))
	all := say("essex/1", "2021-10-01", on("north", "engage", refuse), tell)
	for name, c := range map[string]struct {
		entries []Entry
		reader  v1.Audience
		want    string // what is asked, by which letter
		words   string // that the line has
	}{
		"networks by a letter to practices": {[]Entry{all}, pcns, "tell essex/1", "north LMC has no line on this for primary care networks, and asks of them: tell, by 3 December 2021 (essex/1). It has written to others. To practices: refuse (essex/1)."},
		"their directors":                   {[]Entry{all}, directors, "tell essex/1", ""},
		"networks of which directors are asked": {
			[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("tell", "", by(directors)))}, pcns, "tell essex/1", "and asks of some of them: tell (essex/1). It has written",
		},
		"others":                            {[]Entry{all}, commissioners, "", "nothing published here on this to commissioners"},
		"managers by a letter to salaried":  {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, salaried), asksFor("tell", "", by(salaried, managers)))}, managers, "tell essex/1", ""},
		"practices of which managers are":   {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, salaried), asksFor("tell", "", by(salaried, managers)))}, practices, "tell essex/1", ""},
		"whose letter ended":                {[]Entry{all, say("essex/2", "2021-10-02", on("north", "engage", caution), replaces("essex/1"))}, pcns, "", ""},
		"whose line turned":                 {[]Entry{all, say("essex/2", "2021-10-02", on("north", "engage", support))}, pcns, "", ""},
		"beside a line of their own":        {[]Entry{all, say("kent/2", "2021-10-02", on("north", "engage", caution, pcns))}, pcns, "tell essex/1", ""},
		"of a group":                        {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, scopedTo("a")), tell)}, pcns, "tell essex/1 for a", ""},
		"in an area":                        {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, in("A")), tell)}, pcns, "tell essex/1", "In area:A, north LMC has no line on this for primary care networks, and asks of them"},
		"with a line that holds from a day": {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, from("2021-11-01")), tell)}, pcns, "tell essex/1 from 2021-11-01", ""},
		"on the whole matter":               {[]Entry{say("essex/1", "2021-10-01", on("north", "", refuse), tell)}, pcns, "tell essex/1", ""},
		"corrected":                         {[]Entry{all, say("essex/2", "2021-10-02", amends("essex/1"), asksFor("tell", "2021-12-10", by(pcns)), func(e *Entry) { e.Advisory.Actions[0].Matter = plan })}, pcns, "tell essex/2", ""},
		"where the day has passed":          {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("tell", "2021-10-05", by(pcns)))}, pcns, "", ""},
		"practices by a letter to networks": {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, pcns), asksFor("tell", "", by(practices)))}, practices, "tell essex/1", ""},
		"of managers, said to part of whom": {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, managers), asksFor("tell", "", by(practices)))}, v1.Audience_AUDIENCE_GP_PARTNERS, "", ""},
		"patients, whom no view is for":     {[]Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("tell", "", by(v1.Audience_AUDIENCE_PUBLIC)))}, pcns, "", ""},
		"by both, of which one is to networks": {[]Entry{
			all, say("essex/2", "2021-10-01", on("north", "engage", refuse, pcns), asksFor("tell", "2021-12-03", by(pcns))),
		}, pcns, "", ""},
	} {
		q := asked("north engage 2021-10-10", func(q *Question) { q.Audience = c.reader })
		var got []string
		words := ""
		for _, line := range resolve(q, c.entries, register()) {
			for _, of := range line.GetAlsoAsked() {
				one := of.GetAction().GetVerb() + " " + of.GetAdvisory()
				if of.GetScope() != nil {
					one += " for " + of.GetScope().GetId()
				}
				if of.GetAction().GetArea() != nil {
					one += " in " + of.GetAction().GetArea().GetCode()
				}
				if of.GetValidFrom() != "" {
					one += " from " + of.GetValidFrom()
				}
				got = append(got, one)
			}
			words += line.GetWords()
			if len(got) > 0 && strings.Contains(line.GetWords(), "nothing published here") {
				t.Errorf("%s: %s", name, line.GetWords())
			}
		}
		if strings.Join(got, "; ") != c.want || !strings.Contains(words, c.words) {
			t.Errorf("%s: asked %q, want %q; %s", name, got, c.want, words)
		}
	}
}

// What networks are asked by a letter to practices was said to be asked no more “of practice managers”, who never were, where
// a later letter took another line for these: in its preview, and where the first stands.
func TestWhatNetworksAreAskedIsNotSaidToBeAskedNoMoreOfReadersWhoNeverWere(t *testing.T) {
	first := say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("tell", "2021-12-09", by(pcns), ofPlan))
	for name, c := range map[string]struct {
		by   *v1.Position
		want string
	}{
		"for managers alone": {on("north", "engage", support, managers), ""},
		"for practices":      {on("north", "engage", support), "It asks no more: tell, by 9 December 2021"},
		"in an area":         {on("north", "engage", support, in("A")), "It asks no more: tell, by 9 December 2021, in area:A."},
	} {
		p := Prepare(t.Context(), []Entry{first, say("essex/2", "2021-10-05", c.by, amends("essex/1"))}, register())
		end := p.EndOf(first, "2021-10-10", theMatter)
		words := p.InPart(first, end.Committees, "2021-10-10", theMatter, func(*v1.AreaId) []string { return nil })
		if asked := strings.Contains(words, "asks no more") || len(end.Committees[0].NotAsked) > 0; asked != (c.want != "") || name == "in an area" && !strings.Contains(words, c.want) {
			t.Errorf("%s: it stands so: %q, not asked %v", name, words, end.Committees[0].NotAsked)
		}
		want := strings.Replace(c.want, "2021", "2021 (asked of primary care networks)", 1)
		if got := previewOf(t, essexToday(first), draft(c.by, amends("essex/1"))); strings.Contains(got, "asks no more") != (want != "") || !strings.Contains(got, want) {
			t.Errorf("%s: the preview says %s", name, got)
		}
	}
}

// What a letter on behalf of two LMCs asks, with a line of one alone, was said on its page to be asked no more for the other, which takes
// no line there and is asked by the letter itself.
func TestWhatALetterAsksIsNotSaidToHaveEndedForThoseOfWhomItTakesNoLine(t *testing.T) {
	base := say("essex/1", "2021-10-01", on("north", "engage", refuse))
	joint := say("essex/2", "2021-10-05", on("north", "engage", against), asksFor("call", "2021-12-09", ofPlan), amends("essex/1"))
	joint.Advisory.OnBehalfOf = []string{"north", "south"}
	gone := withdraw("essex/3", "essex/2", "2021-10-08")
	gone.Withdrawal.OnBehalfOf = []string{"south"}
	for _, c := range []struct {
		said []Entry
		not  int // of south's
	}{{[]Entry{base, joint}, 0}, {[]Entry{base, joint, gone}, 1}} {
		for _, st := range Prepare(t.Context(), c.said, register()).EndOf(joint, "2021-10-10", theMatter).Committees {
			if want := map[string]int{"south": c.not}[st.GetCommittee()]; len(st.GetNotAsked()) != want {
				t.Errorf("%s: not asked %v, want %d", st.GetCommittee(), st.GetNotAsked(), want)
			}
		}
	}
}
