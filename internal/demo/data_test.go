package demo

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/letter"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// world is the data published by the rules alone, without a node.
type world struct {
	register *register.Register
	matter   *guidancev1.Matter // that of October 2021
	matters  map[string]*guidancev1.Matter
	entries  []guidance.Entry
	byFile   map[string]string // "gpc-england/02-interim": "gpc-england/31"
	warnings map[string][]*answersv1.Warning
}

// publish publishes every file in order, refusing what a node would refuse.
func publish(t *testing.T, d *Data) *world {
	t.Helper()
	w := &world{register: foldRegister(t, d), matters: map[string]*guidancev1.Matter{}, byFile: map[string]string{}, warnings: map[string][]*answersv1.Warning{}}
	size := map[string]uint64{d.Keeper: uint64(len(d.Register))}
	for i, f := range d.Files {
		m, err := f.Parse(func(office, name string) string { return w.byFile[office+"/"+name] })
		if err != nil {
			t.Fatal(err)
		}
		e := guidance.Entry{
			ID: fmt.Sprintf("%s/%d", f.Office, size[f.Office]), Office: f.Office, Index: size[f.Office],
			Feed: uint64(i + 1), Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
		}
		size[f.Office]++
		w.byFile[f.Office+"/"+strings.TrimSuffix(filepath.Base(f.Path), ".md")] = e.ID
		w.check(t, d, f, &e, m)
		if e.Advisory != nil || e.Report != nil {
			w.entries = append(w.entries, e)
		}
	}
	return w
}

func (w *world) check(t *testing.T, d *Data, f File, e *guidance.Entry, m proto.Message) {
	t.Helper()
	ctx := guidance.PublishContext{
		Office: f.Office, Keeper: d.Keeper, Today: "2026-11-21", Register: w.register, Standing: w.entries,
		Matters: func(name string) *guidancev1.Matter {
			full, err := guidance.NewMatterName(d.Keeper, name)
			if err != nil {
				return nil
			}
			return w.matters[string(full)]
		},
	}
	var shown guidance.Preview
	var err error
	switch m := m.(type) {
	case *guidancev1.Matter:
		var checked *guidancev1.Matter
		if checked, shown, err = guidance.CheckMatter(context.Background(), m, ctx); err == nil {
			w.matters[checked.Name] = checked
			w.matter = w.matters["gpc-england/access-plan-2021"]
		}
	case *guidancev1.Advisory:
		e.Advisory, shown, err = guidance.CheckPublish(context.Background(), m, ctx)
	case *guidancev1.ReportedPosition:
		e.Report, shown, err = guidance.CheckReport(context.Background(), m, ctx)
	}
	if err != nil {
		t.Fatalf("%s: %v", f.Path, err)
	}
	w.warnings[f.Path] = shown.Warnings
}

// foldRegister folds the records as the keeper's log would hold them, after admissions
// that only a node can make.
func foldRegister(t *testing.T, d *Data) *register.Register {
	t.Helper()
	var records []register.Record
	for i, body := range d.Register {
		records = append(records, register.Record{Feed: uint64(i + 1), Entry: ledger.EntryID{Office: d.Keeper, Index: uint64(i)}, Body: body})
	}
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := register.Fold(d.Federation, d.Keeper, public, records)
	for _, problem := range r.Problems() {
		if !strings.Contains(problem.Words, "is not admitted") {
			t.Error(problem)
		}
	}
	return r
}

func loaded(t *testing.T) *Data {
	t.Helper()
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (w *world) line(t *testing.T, committee, measure, day string) *answersv1.Line {
	t.Helper()
	lines := guidance.Prepare(context.Background(), w.entries, w.register).Resolve(guidance.Question{Matter: w.matter, Measure: measure, Committee: w.register.Committee(committee), AsOf: day})
	if len(lines) != 1 {
		t.Fatalf("%s on %q as of %s: %d lines, want 1", committee, measure, day, len(lines))
	}
	return lines[0]
}

// said is a line in a word or two: its stance, else what kind of line it is or why
// there is none.
func said(l *answersv1.Line) string {
	words := strings.ToLower(strings.TrimPrefix(l.GetState().String(), "LINE_STATE_"))
	if l.GetNoLine() != nil {
		words = strings.ToLower(strings.TrimPrefix(l.GetNoLine().GetReason().String(), "NO_LINE_REASON_"))
	}
	if l.GetState() == answersv1.LineState_LINE_STATE_STATED {
		words = guidance.StanceNoun(l.GetCurrent().GetPosition().GetStance())
	}
	if l.GetCurrent().GetPosition().GetProvisional() {
		words += ", provisional"
	}
	if n := len(l.GetMayHaveBeenIssued()); n > 0 {
		words += ", perhaps more"
	}
	return words
}

// The four pictures of domain.md 8.
func TestTheFourDaysGiveFourPictures(t *testing.T) {
	w := publish(t, loaded(t))
	days := []string{"2021-10-18", "2021-10-20", "2021-10-28", "2021-11-01"}
	for who, want := range map[string][]string{
		"gpc-england":                        {"advise against, perhaps more", "advise against, provisional", "refuse", "refuse"},
		"north-essex":                        {"silent", "silent", "refuse", "refuse"},
		"south-essex":                        {"silent", "silent", "refuse", "refuse"},
		"croydon":                            {"day_not_known, perhaps more", "day_not_known, perhaps more", "refuse", "refuse"},
		"surrey":                             {"day_not_known, perhaps more", "day_not_known, perhaps more", "refuse", "refuse"},
		"surrey engage-with-plan":            {"day_not_known, perhaps more", "day_not_known, perhaps more", "advise against, provisional", "advise against, provisional"},
		"cambridgeshire":                     {"silent", "advise against, provisional", "advise against, provisional", "advise against, provisional"},
		"lincolnshire":                       {"silent", "silent", "relayed", "relayed"},
		"humberside":                         {"day_not_known", "day_not_known", "day_not_known", "on_measures_only"},
		"humberside disengage-demands":       {"day_not_known, perhaps more", "day_not_known, perhaps more", "day_not_known, perhaps more", "practice decides"},
		"humberside withdraw":                {"day_not_known, perhaps more", "day_not_known, perhaps more", "day_not_known, perhaps more", "mentioned"},
		"humberside undated-resignations":    {"day_not_known, perhaps more", "day_not_known, perhaps more", "day_not_known, perhaps more", "support"},
		"humberside lmc-disengage":           {"day_not_known, perhaps more", "day_not_known, perhaps more", "day_not_known, perhaps more", "consulting"},
		"gpc-england disengage-demands":      {"on_other_parts", "on_other_parts", "practice decides", "practice decides"},
		"gpc-england withdraw":               {"on_other_parts", "on_other_parts", "on_other_parts", "on_other_parts"},
		"gpc-england close-lists":            {"on_other_parts", "on_other_parts", "support", "support"},
		"gpc-england undated-resignations":   {"on_other_parts", "on_other_parts", "practice decides", "practice decides"},
		"gpc-england lowest-20-list":         {"said_to_others", "said_to_others", "refuse", "refuse"},
		"gpc-england winter-access-fund":     {"advise against, perhaps more", "advise against, provisional", "refuse", "refuse"},
		"igpm":                               {"day_not_known, perhaps more", "day_not_known, perhaps more", "reported", "reported"},
		"rcgp":                               {"day_not_known, perhaps more", "reported", "reported", "reported"},
		"cambridgeshire disengage-demands":   {"silent", "on_other_parts", "on_other_parts", "on_other_parts"},
		"north-essex text-message-ratings":   {"silent", "silent", "refuse", "refuse"},
		"kingston-richmond engage-with-plan": {"day_not_known, perhaps more", "day_not_known, perhaps more", "advise against, provisional", "advise against, provisional"},
	} {
		committee, measure, _ := strings.Cut(who, " ")
		var got []string
		for _, day := range days {
			got = append(got, said(w.line(t, committee, measure, day)))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s on %s (-want +got)\n%s", who, strings.Join(days, ", "), diff)
		}
	}
}

func TestGPCFirmsUpOnThe21stAndEssexSpeaksOnThe25th(t *testing.T) {
	w := publish(t, loaded(t))
	for _, c := range []struct{ committee, before, after string }{
		{"gpc-england", "2021-10-20 advise against, provisional", "2021-10-21 refuse"},
		{"north-essex", "2021-10-24 silent", "2021-10-25 refuse"},
	} {
		for _, want := range []string{c.before, c.after} {
			day, want, _ := strings.Cut(want, " ")
			if got := said(w.line(t, c.committee, "", day)); got != want {
				t.Errorf("%s on %s: got %s, want %s", c.committee, day, got, want)
			}
		}
	}
}

// Dates belong to the LMC that wrote them: GPC England puts it to practices and says nothing
// of a breach, and nowhere does it support what would be one.
func TestDisengagingBecomesABreachAsHumbersideReadsIt(t *testing.T) {
	w := publish(t, loaded(t))
	for who, want := range map[string]string{
		"gpc-england disengage-demands": "practice decides ASK_YOUR_LMC, practice decides ASK_YOUR_LMC",
		"gpc-england pause-arrs":        "practice decides ASK_YOUR_LMC, practice decides ASK_YOUR_LMC",
		"humberside disengage-demands":  "practice decides ASK_YOUR_LMC, practice decides WOULD_BREACH",
		"humberside pause-arrs":         "practice decides ASK_YOUR_LMC, practice decides WOULD_BREACH",
	} {
		committee, measure, _ := strings.Cut(who, " ")
		var got []string
		for _, day := range []string{"2021-10-31", "2021-11-01"} {
			line := w.line(t, committee, measure, day)
			got = append(got, said(line)+" "+strings.TrimPrefix(line.GetObligation().String(), "OBLIGATION_"))
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%s on the last day and the next: %s, want %s", who, got, want)
		}
	}
	for _, c := range w.register.Committees("2021-11-01") {
		for _, m := range w.matter.Measures {
			line := w.line(t, c.Id, m.Id, "2021-11-01")
			if line.GetObligation() == answersv1.Obligation_OBLIGATION_WOULD_BREACH && said(line) == "support" {
				t.Errorf("%s supports %s, which would be a breach", c.Id, m.Id)
			}
		}
	}
}

// The keeper's later letter to commissioners leaves its line for practices alone.
func TestTheLetterToCommissionersIsForThemOnly(t *testing.T) {
	w := publish(t, loaded(t))
	q := guidance.Question{Matter: w.matter, Measure: "lowest-20-list", Committee: w.register.Committee("gpc-england"), AsOf: "2021-11-01"}
	for audience, want := range map[guidancev1.Audience]string{
		guidancev1.Audience_AUDIENCE_COMMISSIONERS: "gpc-england/06-commissioners",
		guidancev1.Audience_AUDIENCE_PRACTICES:     "gpc-england/04-refuse",
	} {
		q.Audience = audience
		if got := guidance.Prepare(context.Background(), w.entries, w.register).Resolve(q)[0].GetCurrent().GetAdvisory(); got != w.byFile[want] {
			t.Errorf("%v: got %s, want %s (%s)", audience, got, w.byFile[want], want)
		}
	}
}

func TestTheMatterHasTheMeasuresOfTheDomain(t *testing.T) {
	w := publish(t, loaded(t))
	var got []string
	for _, m := range w.matter.Measures {
		got = append(got, m.Id+" "+guidance.ProposerOf(w.matter, m.Id).GetName())
	}
	want := []string{
		"engage-with-plan NHS England", "lowest-20-list NHS England", "winter-access-fund NHS England", "text-message-ratings NHS England",
		"access-targets NHS England", "retired-specialists NHS England", "fifteen-minute-appointments GPC England", "close-lists GPC England",
		"disengage-demands GPC England", "withdraw GPC England", "pause-arrs GPC England", "undated-resignations GPC England", "lmc-disengage GPC England",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// For whoever copies it into a federation of their own.
func TestAMattersFileSaysNothingOfADemonstration(t *testing.T) {
	for _, f := range loaded(t).Files {
		if f.Kind == letter.KindMatter && strings.Contains(string(f.Bytes), "emonstration") {
			t.Errorf("%s says itself that it is a demonstration", f.Path)
		}
	}
}

func TestFilesComeInPublishingOrder(t *testing.T) {
	files := loaded(t).Files
	if !slices.IsSortedFunc(files, inPublishingOrder) {
		t.Error("some come out of order")
	}
	var got []string
	for _, f := range files {
		if strings.Contains(string(f.Bytes), "access-plan-2021") {
			got = append(got, strings.TrimSuffix(strings.TrimPrefix(f.Path, "letters/"), ".md"))
		}
	}
	want := []string{
		"gpc-england/00-access-plan-2021", "gpc-england/01-do-not-engage", "cambridgeshire/01-template-letter", "gpc-england/02-interim",
		"gpc-england/03-rcgp", "gpc-england/04-refuse", "gpc-england/05-igpm", "surrey-sussex/01-do-not-participate", "gpc-england/06-commissioners",
		"essex/01-refuse-to-take-part", "lincolnshire/01-gpc-advice-passed-on", "humberside/01-actions", "gpc-england/08-indicative-ballot", "surrey-sussex/04-window-missed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheEssexLetterIsARichOne(t *testing.T) {
	w := publish(t, loaded(t))
	i := slices.IndexFunc(w.entries, func(e guidance.Entry) bool { return e.Office == "essex" })
	a := w.entries[i].Advisory
	if len(a.OnBehalfOf) != 2 || len(a.Cc) != 2 || len(a.Actions) != 2 || len(a.Signatories) != 1 || len(a.References) != 1 || a.Contact.GetEmail() == "" {
		t.Errorf("got %v", a)
	}
}

// How many practices stand behind each committee, and who has no number.
func TestTheRegisterCountsWhatTheSourcesCount(t *testing.T) {
	r := foldRegister(t, loaded(t))
	got, without := map[string]string{}, 0
	for _, c := range r.Committees("2021-10-25") {
		switch numbers := practices(r, c); {
		case c.Kind != guidancev1.CommitteeKind_COMMITTEE_KIND_LMC:
		case numbers == noData:
			without++
		default:
			got[c.Id] = numbers
		}
	}
	want := map[string]string{
		"north-essex": "103 practices, 1096451 patients", "south-essex": "110 practices, 847491 patients", "cambridgeshire": "89 practices, 1025564 patients",
		"surrey": "104 practices, 1125028 patients", "west-sussex": "75 practices, 923432 patients", "east-sussex": "87 practices, 896992 patients",
		"lincolnshire": "83 practices, 809593 patients", "nottinghamshire": "125 practices, 1120281 patients", "kent": "193 practices, 1966316 patients",
		"llr": "133 practices, 1185280 patients", "avon": "79 practices, 1060585 patients", "suffolk": "60 practices, 682035 patients",
		"gloucestershire": "72 practices, 675213 patients", "dorset": "73 practices, 820164 patients",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want := 2 + 1 + 27 + 3 + 7; without != want { // of Surrey & Sussex, Humberside, Londonwide, Berks, Bucks & Oxon, and others in parts of a system
		t.Errorf("%d without numbers, want %d", without, want)
	}
}

const noData = "no data"

func practices(r *register.Register, c *guidancev1.Committee) string {
	var practices, patients int32
	for _, id := range r.CommitteeAreas(c.Id, "2021-10-25") {
		area := r.Area(id, "2021-10-25")
		if area.Practices == nil || area.Patients == nil {
			return noData
		}
		practices, patients = practices+area.GetPractices(), patients+area.GetPatients()
	}
	return fmt.Sprintf("%d practices, %d patients", practices, patients)
}

func TestPracticesFindTheirCommittee(t *testing.T) {
	r := foldRegister(t, loaded(t))
	for code, want := range map[string]string{
		"X20001": "north-essex", "X20002": "south-essex", "X10001": "cambridgeshire", "X10002": "cambridgeshire", "X30001": "surrey", "X30003": "east-sussex",
		"X30004": "east-sussex", "X30002": "west-sussex", "X30005": "croydon", "X30006": "kingston-richmond", "X40001": "lincolnshire", "X50001": "humberside",
		"X61001": "kent", "X65001": "suffolk", "X67003": "berkshire", "X73001": "barnet",
		"X60001": "", // Devon: known, and its LMC is not here
		"X99999": "",
	} {
		var got []string
		for _, c := range r.CommitteesOfPractice(code, "2021-10-25") {
			got = append(got, c.Id)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", code, got, want)
		}
		if known := len(r.PracticeAreas(code, "2021-10-25")) > 0; known != (code != "X99999") {
			t.Errorf("%s: known is %v", code, known)
		}
	}
}

// A picture by region puts under none only whom no one region has.
func TestLMCsLieInOneRegionEach(t *testing.T) {
	r := foldRegister(t, loaded(t))
	for day, inNone := range map[string][]string{
		"2021-10-25": {"lancashire-cumbria"}, // in two
		"2026-05-01": {"eastmarsh", "lancashire-cumbria", "northmoor"},
	} {
		regions := slices.DeleteFunc(r.Areas(day), func(a *guidancev1.Area) bool { return a.Id.Scheme != "region" })
		var got []string
		for _, c := range r.Committees(day) {
			if c.Kind != guidancev1.CommitteeKind_COMMITTEE_KIND_LMC {
				continue
			}
			for _, id := range r.CommitteeAreas(c.Id, day) {
				in := slices.DeleteFunc(slices.Clone(regions), func(region *guidancev1.Area) bool { return !r.Contains(region.Id, id, day) })
				if len(in) == 0 {
					got = append(got, c.Id)
				} else if len(in) > 1 {
					t.Errorf("%s lies in %v on %s", id, in, day)
				}
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(inNone, got); diff != "" {
			t.Errorf("in no region on %s: %s", day, diff)
		}
	}
}

func TestTheRegisterHasPlaceholdersForContacts(t *testing.T) {
	d := loaded(t)
	for _, o := range d.Offices {
		if !strings.HasSuffix(o.Contact.Email, "@example.org") || o.Contact.Telephone != "" || !strings.Contains(o.Contact.Name, "demonstration") {
			t.Errorf("%s: %v", o.Id, o.Contact)
		}
	}
	if d.Offices[0].Id != d.Keeper || len(d.Offices) != 21 {
		t.Errorf("offices %v", officeIDs(d.Offices))
	}
	invented := regexp.MustCompile(`^X[0-9]{5}$`) // no real code begins with X
	for _, record := range d.Register {
		area := record.GetArea()
		if area.GetPractices() > 0 != (area.GetRelease() != "") {
			t.Errorf("area %v: numbers and their release go together", area.GetId())
		}
		for _, c := range area.GetPracticeCodes() {
			if !invented.MatchString(c) || !strings.Contains(area.GetNote(), "invented") {
				t.Errorf("area %v: practice %s", area.GetId(), c)
			}
		}
	}
}

func TestParseRegisterRefusesWhatItDoesNotKnow(t *testing.T) {
	for in, want := range map[string]string{
		"federation: demo\nkeper: x\n":                                          "line 2: field keper not found",
		"keeper: x\ncommittees: [{id: a, kind: lcm}]\noffices: [{id: x}]\n":     `committee a: no kind "lcm"`,
		"keeper: x\noffices: [{id: x}]\nareas: [{area: QH8}]\n":                 `area QH8: "QH8" is not an area`,
		"keeper: x\noffices: [{id: y}, {id: x}]\n":                              "the first office must be the keeper",
		"keeper: x\noffices: [{id: x}]\nbodies: [{id: b, kind: unspecified}]\n": `body b: no kind "unspecified"`,
	} {
		if _, err := parseRegister([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}

func TestEditedAndAddedLettersAreRead(t *testing.T) {
	dir := t.TempDir()
	if err := loaded(t).WriteLetters(dir); err != nil {
		t.Fatal(err)
	}
	same, err := LoadFrom(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range loaded(t).Files {
		if same.Files[i].Path != f.Path || string(same.Files[i].Bytes) != string(f.Bytes) {
			t.Errorf("%s is not as it was: %s", f.Path, same.Files[i].Path)
		}
	}
	edit(t, dir, "essex/01-refuse-to-take-part.md", "stance: refuse", "stance: caution")
	edit(t, dir, "lincolnshire/09-our-line.md", "", "---\ntitle: Our line\nfor: lincolnshire\nmatter: access-plan-2021\nissued: 2021-10-29\npositions:\n  - on: the whole matter\n    stance: refuse\n---\nNo.\n")
	if err := same.WriteLetters(dir); err != nil { // leaves what is there as it is
		t.Fatal(err)
	}
	d, err := LoadFrom(dir)
	if err != nil {
		t.Fatal(err)
	}
	w := publish(t, d)
	if got := said(w.line(t, "north-essex", "", "2021-11-01")); got != "caution" {
		t.Errorf("edited: got %s", got)
	}
	if got := said(w.line(t, "lincolnshire", "", "2021-11-01")); got != "refuse" {
		t.Errorf("added: got %s", got)
	}
}

func TestLoadFromNamesTheFileAndTheLine(t *testing.T) {
	for name, c := range map[string]struct{ file, content, want string }{
		"wrong letter":   {"essex/02-x.md", "---\ntitle: T\nstanse: x\n---\n", "reading letters/essex/02-x.md: line 3: stanse: is not a key here"},
		"unknown office": {"devon/01-x.md", "---\ntitle: T\n---\n", `reading letters/devon/01-x.md: no office "devon" in the demonstration`},
		"no letter":      {"essex/02-x.md", "hello", "reading letters/essex/02-x.md: line 1: no front matter"},
	} {
		dir := t.TempDir()
		edit(t, dir, c.file, "", c.content)
		if _, err := LoadFrom(dir); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s…", name, err, c.want)
		}
	}
}

// edit replaces words of a file, or writes it where old is empty.
func edit(t *testing.T, dir, name, old, with string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	b, err := os.ReadFile(file)
	if err != nil && old != "" {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(b), old, with, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestALetterNamesOthersByTheirFiles(t *testing.T) {
	w := publish(t, loaded(t))
	i := slices.IndexFunc(w.entries, func(e guidance.Entry) bool { return e.ID == w.byFile["gpc-england/04-refuse"] })
	want := []string{w.byFile["gpc-england/01-do-not-engage"], w.byFile["gpc-england/02-interim"]}
	if got := w.entries[i].Advisory.Replaces; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	f := File{Office: "essex", Path: "letters/essex/x.md", Kind: letter.KindLetter, Bytes: []byte("---\ntitle: T\nfor: x\nissued: 2021-10-25\nreplaces: \"@02-none\"\n---\n")}
	if _, err := f.Parse(func(_, _ string) string { return "" }); err == nil || !strings.Contains(err.Error(), `line 5: replaces: "@02-none" names no letter`) {
		t.Errorf("got %v", err)
	}
}
