package guidance

import (
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// by is an action's actors.
func by(actors ...v1.Audience) func(*v1.Action) { return func(a *v1.Action) { a.Actors = actors } }

// placedIn is where an action is asked.
func placedIn(area string) func(*v1.Action) { return func(a *v1.Action) { a.Area = code(area) } }

// toDo is all that a line asks, in general and of part of its readers: "send essex/1".
func toDo(q Question, entries []Entry) string {
	var all []string
	line := resolve(q, entries, register())[0]
	for _, a := range line.GetActions() {
		all = append(all, a.GetVerb()+" "+line.GetCurrent().GetAdvisory())
	}
	for _, of := range line.GetAlsoAsked() {
		all = append(all, of.GetAction().GetVerb()+" "+of.GetAdvisory())
	}
	return strings.Join(all, "; ")
}

// “Must sign the hub contract” of Mid Essex, which was told to support it until 20 November, was
// asked under the refusal that answered from the 21st on; and of partners likewise.
func TestWhatIsAskedWithALineForSomeEndsWithThatLine(t *testing.T) {
	area := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", support, in("A"), until("2021-10-20")), asksFor("sign", "2021-12-31", placedIn("A")))
	whole := say("essex/1", "2021-10-01", on("north", "", refuse), on("north", "", support, in("A"), until("2021-10-20")), asksFor("sign", "", placedIn("A")))
	inA1 := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", support, in("A"), until("2021-10-20")), asksFor("sign", "2021-12-31", placedIn("A1")))
	part := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", support, partners, until("2021-10-20")), asksFor("sign", "2021-12-31", by(partners)))
	fewer := say("essex/1", "2021-10-01", on("north south", "engage", refuse), on("north", "engage", support, until("2021-10-20")), asksFor("sign", "2021-12-31"))
	ahead := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", support, in("A"), from("2021-11-05")), asksFor("sign", "2021-12-31", placedIn("A")))
	same := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", against, in("A"), until("2021-10-20")), asksFor("sign", "2021-12-31", placedIn("A")))
	amended := say("essex/2", "2021-10-15", on("north", "engage", refuse, partners), amends("essex/1"))
	for name, c := range map[string]struct {
		q       Question
		entries []Entry
		want    string
	}{
		"in its area, while it holds":               {asked("north engage 2021-10-20", code("A")), []Entry{area}, "sign essex/1"},
		"in its area, when it has ended":            {asked("north engage 2021-10-21", code("A")), []Entry{area}, ""},
		"within its area":                           {asked("north engage 2021-10-21", code("A1")), []Entry{inA1}, ""},
		"on the whole matter":                       {asked("north whole 2021-10-21", code("A")), []Entry{whole}, ""},
		"on the whole matter, seen on a measure":    {asked("north engage 2021-10-21", code("A")), []Entry{whole}, ""},
		"of the same direction":                     {asked("north engage 2021-10-21", code("A")), []Entry{same}, ""},
		"of one of its committees":                  {asked("north engage 2021-10-21"), []Entry{fewer}, ""},
		"of partners, seen by practices":            {asked("north engage 2021-10-21"), []Entry{part}, ""},
		"of partners, seen by partners":             {asked("north engage 2021-10-21", partners), []Entry{part}, ""},
		"of partners, amended away, seen by all":    {asked("north engage 2021-10-16"), []Entry{part, amended}, ""},
		"of partners, amended away, seen by them":   {asked("north engage 2021-10-16", partners), []Entry{part, amended}, ""},
		"of partners, amended, of a letter to all":  {asked("north engage 2021-10-16"), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("sign", "", by(partners))), amended}, ""},
		"of partners and managers, amended for one": {asked("north engage 2021-10-16"), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("sign", "", by(partners, managers))), amended}, "sign essex/1"},
		"of partners, who have been told otherwise": {asked("north engage 2021-10-16"), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("sign", "", by(partners))), say("essex/2", "2021-10-15", on("north", "engage", support, partners))}, ""},
		"of partners, who have been told again":     {asked("north engage 2021-10-16"), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), asksFor("sign", "", by(partners))), say("essex/2", "2021-10-15", on("north", "engage", against, partners))}, "sign essex/1"},
		"of managers, whose line was amended, beside one to partners": {asked("north engage 2021-10-16", partners), []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support), on("north", "engage", caution, partners), asksFor("sign", "", by(managers))),
			say("essex/2", "2021-10-15", on("north", "engage", refuse, managers), amends("essex/1")),
		}, ""},
		"of managers, whose line has ended, beside one to partners": {asked("north engage 2021-10-16", partners), []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support, until("2021-10-10")), on("north", "engage", caution, partners), asksFor("sign", "", by(managers))),
		}, ""},
		"of managers, whose line on another measure has ended, beside one to partners": {asked("north list 2021-10-16", partners), []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support, until("2021-10-10")), on("north", "list", caution, partners), asksFor("sign", "", by(managers))),
		}, ""},
		"of managers and others, who had a line between them, beside one to partners": {asked("north engage 2021-10-16", partners), []Entry{
			say("essex/1", "2021-10-01", on("north", "engage", support, managers, until("2021-10-10")), on("north", "engage", caution, partners), asksFor("sign", "", by(managers, pcns))),
		}, ""},
		"of practices on a measure, where theirs was amended, seen by networks on the whole": {asked("north whole 2021-10-16", pcns), []Entry{
			say("essex/1", "2021-10-01", on("north", "", refuse, practices, pcns), asksFor("sign", "", by(practices), func(a *v1.Action) { a.Measure = "engage" })),
			say("essex/2", "2021-10-15", on("north", "engage", support), amends("essex/1")),
		}, ""},
		"of practices on a measure of another's, with the line on the whole": {asked("north whole 2021-10-16", pcns), []Entry{
			say("essex/1", "2021-10-01", on("north", "", refuse, practices, pcns), asksFor("sign", "", by(practices), func(a *v1.Action) { a.Measure = "strike" })),
		}, "sign essex/1"},
		"of practices, whose line to come has ended before it comes, and that to networks has not": {asked("north engage 2021-11-01", pcns), []Entry{
			say("essex/1", "2021-10-06", on("north", "engage", support, practices, pcns, from("2021-11-10")), asksFor("sign", "", by(practices))),
			say("essex/2", "2021-10-25", on("north", "engage", info, from("2021-11-05")), amends("essex/1")),
		}, ""},
		"of managers, in a letter to partners alone": {asked("north engage 2021-10-16", partners), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse, partners), asksFor("sign", "", by(managers)))}, "sign essex/1"},
		"of practices, beside a line to partners":    {asked("north engage 2021-10-16", partners), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", against, partners), asksFor("sign", "", by(practices)))}, "sign essex/1"},
		"in an area whose own line is to come":       {asked("north engage 2021-10-20", code("A")), []Entry{ahead}, "sign essex/1"},
		"a malformed line points no other way":       {asked("north engage 2021-10-21"), []Entry{say("essex/1", "2021-10-01", on("north", "", refuse), on("north", "engage", 77), asksFor("sign", "", func(a *v1.Action) { a.Measure = "engage" }))}, "sign essex/1"},
		"a malformed line carves out nothing":        {asked("north engage 2021-10-21", code("A")), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", 77, in("A")), asksFor("sign", "", placedIn("A")))}, "sign essex/1"},
		"a mention carves out nothing of a line":     {asked("north engage 2021-10-21", code("A")), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", info, in("A"), until("2021-10-20")), asksFor("sign", "", placedIn("A")))}, "sign essex/1"},
		"general, which the line for some says more": {asked("north engage 2021-10-21", code("A")), []Entry{say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", against, in("A"), until("2021-10-20")), asksFor("sign", ""))}, "sign essex/1"},
	} {
		if got := toDo(c.q, c.entries); got != c.want {
			t.Errorf("%s: asked %q, want %q", name, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		letter *v1.Advisory
		old    Entry
	}{
		"partners": {draft(on("north", "engage", refuse, partners), amends("essex/1")), say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", support, partners), asksFor("sign", "", by(partners)))},
		"an area":  {draft(on("north", "engage", against, in("A")), amends("essex/1")), say("essex/1", "2021-10-01", on("north", "engage", refuse), on("north", "engage", support, in("A")), asksFor("sign", "", placedIn("A")))},
	} {
		_, _, ends, err := checkPublish(c.letter, essexToday(c.old))
		if all := strings.Join(ends, "\n"); err != nil || !strings.Contains(all, "It asks no more: sign.") {
			t.Errorf("amended for %s: %v, %q", name, err, all)
		}
	}
}

// A letter that said refuse to all, and support to partners in one area, was published with “partners
// must sign” everywhere.
func TestWhatIsAskedUnderTwoDirectionsIsRefusedWhereverTheyAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		letter *v1.Advisory
		fine   bool
	}{
		"of partners, whose line a smaller area's is before": {draft(on("north", "engage", support, partners), on("north", "engage", refuse, in("A")), asksFor("sign", "", by(partners))), false},
		"of partners, who have a line in that area":          {draft(on("north", "engage", support, partners), on("north", "engage", refuse, in("A")), on("north", "engage", support, partners, in("A")), asksFor("sign", "", by(partners))), true},
		"of partners, outside that area":                     {draft(on("north", "engage", support, partners), on("north", "engage", refuse, in("A")), asksFor("sign", "", by(partners), placedIn("B"))), true},
		"of partners, who have a line":                       {draft(on("north", "engage", support, partners), on("north", "engage", refuse), asksFor("sign", "", by(partners))), true},
		"in an area of one committee alone":                  {draft(on("north", "engage", support, in("A")), on("north south", "engage", refuse), asksFor("sign", "", placedIn("A"))), true},
		"in an area of the other":                            {draft(on("north", "engage", support), on("south", "engage", refuse), asksFor("sign", "", placedIn("A"))), true},
		"in an area that has a line":                         {draft(on("north", "engage", support, in("A")), on("north", "engage", refuse), asksFor("sign", "", by(practices), placedIn("A"))), true},
	} {
		_, _, _, err := checkPublish(c.letter, essexToday())
		if refused := err != nil && strings.Contains(err.Error(), "would stand with"); refused == c.fine {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a letter asked of partners, or of a group, that it only passed facts on to was shown to nobody
// but who asked as one of them; of a group beside a general line not even then.
func TestWhatIsAskedWithAMentionToSomeIsTold(t *testing.T) {
	toPartners := say("essex/1", "2021-10-01", on("north", "engage", info, partners), asksFor("sign", "2021-12-31"))
	toGroup := say("essex/1", "2021-10-01", on("north", "engage", info, scopedTo("started")), asksFor("sign", "2021-12-31"))
	general := say("essex/2", "2021-10-05", on("north", "engage", support))
	group := func(s string) Question { return asked(s+" started", groupOf(s+" started")) }
	for name, c := range map[string]struct {
		q       Question
		entries []Entry
		want    string
	}{
		"of partners, seen by practices":             {asked("north engage 2021-10-20"), []Entry{toPartners}, "sign essex/1"},
		"of partners, beside a general line":         {asked("north engage 2021-10-20"), []Entry{toPartners, general}, "sign essex/1"},
		"of partners, withdrawn":                     {asked("north engage 2021-10-20"), []Entry{toPartners, withdraw("essex/2", "essex/1", "2021-10-05")}, ""},
		"of a group, seen by all":                    {asked("north engage 2021-10-20"), []Entry{toGroup}, "sign essex/1"},
		"of a group, seen by all beside a line":      {asked("north engage 2021-10-20"), []Entry{toGroup, general}, "sign essex/1"},
		"of a group, seen by it":                     {group("north engage 2021-10-20"), []Entry{toGroup}, "sign essex/1"},
		"of a group, seen by it beside a line":       {group("north engage 2021-10-20"), []Entry{toGroup, general}, "sign essex/1"},
		"of a group, seen by it, withdrawn":          {group("north engage 2021-10-20"), []Entry{toGroup, general, withdraw("essex/3", "essex/1", "2021-10-06")}, ""},
		"of a group, seen by another":                {asked("north engage 2021-10-20 resigned", groupOf("north engage 2021-10-20 resigned")), []Entry{toGroup, general}, ""},
		"of a group, after its day, beside the line": {group("north engage 2022-01-02"), []Entry{toGroup, general}, ""},
	} {
		if got := toDo(c.q, c.entries); got != c.want {
			t.Errorf("%s: asked %q, want %q", name, got, c.want)
		}
	}
}

// Who asks "ring us" in a letter that says two things on one of its measures was not told that it can go with another.
func TestARequestThatGoesWithTwoThingsMayNameAnotherMeasure(t *testing.T) {
	group := scopedTo("started")
	ring := asksFor("ring us", "2021-12-07", ofPlan)
	runRefusals(t, []refusal{
		{"of several measures", draft(on("north", "engage", refuse), on("north", "engage", support, group), on("north", "list", refuse), ring), essexToday(), []string{"or scope (general is whoever is in no group), or on which one measure, under on, or write two actions"}},
		{"of one", draft(on("north", "engage", refuse), on("north", "engage", support, group), ring), essexToday(), []string{"or scope (general is whoever is in no group), or write two actions"}},
	})
}
