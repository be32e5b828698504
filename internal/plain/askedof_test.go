package plain

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// toldOf is a picture, beside an earlier one in which everybody was silent, as each page and file tells it.
func toldOf(t *testing.T, pic *answersv1.NationalPicture, readers guidancev1.Audience) (pages, files map[string]string) {
	t.Helper()
	before, pics := proto.CloneOf(pic), []*answersv1.NationalPicture{pic}
	var moved []*answersv1.Change
	for i, table := range before.GetTables() {
		table.Columns[0].Count = 0
		moved = append(moved, &answersv1.Change{Kind: answersv1.ChangeKind_CHANGE_KIND_NEW, Measure: table.GetMeasure(), Committee: "kent", CommitteeName: "Kent LMC", After: pic.GetTables()[i].GetLines()[0]})
	}
	compared := &answersv1.GetNationalPictureResponse{Picture: pic, Before: before, Changes: &answersv1.GetChangesResponse{
		Matter: pic.GetMatter(), FromDay: "2021-10-20", ToDay: "2021-10-28", Changes: moved, Area: pic.GetArea(), AreaName: pic.GetAreaName(), Scope: pic.GetScope(), Audience: readers, Words: pic.GetWords(),
	}}
	list := picture.TextsInUse(pics, func(string) []*guidancev1.Action { return nil })
	list.Texts = []*answersv1.TextInUse{{Entry: "essex/7"}}
	pages, files = map[string]string{}, map[string]string{}
	for name, write := range map[string]func(p *Page){
		"silent":    func(p *Page) { p.Silent(picture.Silent(pic), pic) },
		"by area":   func(p *Page) { p.ByArea(picture.ByArea(pic, "icb"), pic) },
		"templates": func(p *Page) { p.TextsInUse(list, pics) },
		"compare":   func(p *Page) { p.Comparison(compared, "") },
		"since":     func(p *Page) { p.Changes(compared.GetChanges(), "") },
	} {
		p := New(Width)
		write(p)
		pages[name] = OneLine(p.String())
	}
	for name, write := range map[string]func() ([]byte, error){
		"silent":    func() ([]byte, error) { return picture.SilentCSV(picture.Silent(pic), pic) },
		"by area":   func() ([]byte, error) { return picture.AreaCSV(picture.ByArea(pic, "icb"), pic) },
		"templates": func() ([]byte, error) { return picture.TextsCSV(list, pics) },
		"compare":   func() ([]byte, error) { return picture.MoversCSV(compared) },
	} {
		csv, err := write()
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(csv)
	}
	return pages, files
}

// pictureFor is a picture with a table for each of some readers, in which North Essex refuses and Kent is silent.
func pictureFor(readers ...guidancev1.Audience) *answersv1.NationalPicture {
	pic := &answersv1.NationalPicture{Matter: &guidancev1.Matter{Name: "gpc-england/plan", Title: "The plan"}, AsOf: "2021-10-28"}
	for i, to := range readers {
		says, silent := aLine(answersv1.LineState_LINE_STATE_STATED, guidancev1.Stance_STANCE_REFUSE), aLine(answersv1.LineState_LINE_STATE_NO_LINE, 0)
		says.Relation, silent.Committee, silent.CommitteeName = answersv1.Relation_RELATION_STRONGER, "kent", "Kent LMC"
		measure := []string{"", "rota"}[i]
		pic.Tables = append(pic.Tables, &answersv1.NationalTable{
			Measure: measure, Title: measure, Audience: to, DenominatorWords: "Out of 2.", Denominator: 2, Lines: []*answersv1.Line{says, silent},
			Columns: []*answersv1.Column{{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: guidancev1.Stance_STANCE_REFUSE, Count: 1, Words: "refuse", Members: []string{"north-essex"}}},
		})
	}
	return pic
}

// Lists of one area, or of what commissioners were told, read as lists of England and of practices, and their files named
// neither.
func TestListsAndTheirFilesSayWhatTheyWereAskedOf(t *testing.T) {
	const commissioners = guidancev1.Audience_AUDIENCE_COMMISSIONERS
	pic := pictureFor(commissioners)
	pic.Area, pic.AreaName, pic.Scope = &guidancev1.AreaId{Scheme: "sub-icb", Code: "06Q"}, "Mid Essex", &guidancev1.Scope{Words: "practices on EMIS"}
	pages, files := toldOf(t, pic, commissioners)
	for name, page := range pages {
		if !strings.Contains(page, "for commissioners, in Mid Essex (sub-icb:06Q), for practices on EMIS") {
			t.Errorf("%s:\n%s", name, page)
		}
	}
	for name, file := range files {
		rows := strings.Split(strings.TrimSpace(file), "\n")
		for i, row := range rows {
			want := `,"commissioners, in Mid Essex (sub-icb:06Q), for practices on EMIS"`
			if i == 0 {
				want = ",asked of"
			}
			if !strings.HasSuffix(row, want) || len(rows) < 2 {
				t.Errorf("%s: %s", name, row)
			}
		}
	}
	pages, files = toldOf(t, pictureFor(guidancev1.Audience_AUDIENCE_PRACTICES), 0)
	for name, page := range pages {
		if strings.Contains(page, "for practices") || strings.Contains(page, "Essex (") {
			t.Errorf("%s:\n%s", name, page)
		}
	}
	for name, file := range files {
		if !strings.HasSuffix(file, ",practices\n") {
			t.Errorf("%s:\n%s", name, file)
		}
	}
}

// Where measures are for different readers, each that is not for practices says so.
func TestAMeasureForOthersSaysSoInAListOfSeveral(t *testing.T) {
	pages, files := toldOf(t, pictureFor(guidancev1.Audience_AUDIENCE_PRACTICES, guidancev1.Audience_AUDIENCE_COMMISSIONERS), 0)
	for name, want := range map[string]string{"silent": "rota, for commissioners", "by area": "rota, for commissioners", "compare": "The figures on rota, for commissioners:"} {
		if page := pages[name]; !strings.Contains(page, want) || strings.Count(page, "commissioners") != 1 {
			t.Errorf("%s:\n%s", name, page)
		}
	}
	for _, name := range []string{"silent", "by area", "compare"} {
		if file := files[name]; !strings.Contains(file, ",practices\n") || !strings.HasSuffix(file, ",commissioners\n") {
			t.Errorf("%s:\n%s", name, file)
		}
	}
	if file := files["templates"]; !strings.HasSuffix(file, ",\"practices, commissioners\"\n") {
		t.Error(file)
	}
}

// Of an area that was not there on the day the table said so, and the lists said that nobody has a line there.
func TestAnAreaThatIsNotThereIsSaidInEveryList(t *testing.T) {
	const words = "By the register there is no Calder ICB (icb:QC1) on 28 October 2021: ask for what took over from it, North ICB (icb:QX1)."
	pic := pictureFor(guidancev1.Audience_AUDIENCE_PRACTICES)
	pic.Words = words
	pages, files := toldOf(t, pic, 0)
	for name, told := range map[string]map[string]string{"page": pages, "file": files} {
		for list, one := range told {
			if !strings.Contains(one, words) {
				t.Errorf("%s, %s:\n%s", list, name, one)
			}
		}
	}
}
