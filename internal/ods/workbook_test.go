package ods_test

import (
	"archive/zip"
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lmcfed/lmcfed/internal/ods"
)

const (
	detailCells  = `<row r="1"><c r="A1" t="inlineStr"><is><t>PCN Code</t></is></c><c r="B1" t="inlineStr"><is><t>PCN Name</t></is></c><c r="E1" t="inlineStr"><is><t>Open Date</t></is></c><c r="F1" t="inlineStr"><is><t>Close Date</t></is></c></row>`
	partnerCells = `<row r="1"><c r="A1" t="inlineStr"><is><t>Partner Organisation Code</t></is></c><c r="E1" t="inlineStr"><is><t>PCN Code</t></is></c><c r="I1" t="inlineStr"><is><t>Practice to PCN&#10;Relationship&#10;Start Date</t></is></c><c r="J1" t="inlineStr"><is><t>End Date</t></is></c></row>`
)

// book is a workbook of both sheets as they stand above; parts replaces some of it, and those that are empty
// are left out.
func book(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="PCNDetails" r:id="rId1"/><sheet name="PCN Core Partner Details" r:id="rId2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": sheet(detailCells),
		"xl/worksheets/sheet2.xml": sheet(partnerCells),
	}
	maps.Copy(all, parts)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name] == "" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(all[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func sheet(rows ...string) string {
	return `<worksheet><sheetData>` + strings.Join(rows, "") + `</sheetData></worksheet>`
}

func readBook(t testing.TB, b []byte) (*ods.Release, error) {
	t.Helper()
	return ods.Read(fixture(t, ods.PracticesFile, "epraccur.csv"), ods.File{Kind: ods.NetworksFile, Name: "ePCN.xlsx", Day: "2022-07-29", Bytes: b})
}

// Texts shared, in runs with how they are spoken, in their cells, as numbers; cells and rows
// that are not there.
func TestWhatAWorkbookCanHold(t *testing.T) {
	parts := map[string]string{
		"xl/sharedStrings.xml": `<sst><si><t>UX0001</t></si><si><r><rPr><b/></rPr><t>INVENTED </t></r><r><t>PCN</t></r><rPh><t>spoken</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml": sheet(detailCells, `<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="E3"><v>20191001</v></c><c r="XFD3" s="9"/></row>`,
			`<row r="5"><c r="A5" s="1"/><c r="B5" s="1"/></row>`, `<row r="9"/>`),
		"xl/worksheets/sheet2.xml": sheet(partnerCells, `<row><c t="inlineStr"><is><t>x10001</t></is></c><c r="E2" t="str"><f>A1&amp;B1</f><v>UX0001</v></c><c r="I2" t="str"><v>20191001</v></c></row>`),
	}
	r, err := readBook(t, book(t, parts))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Practice("X10001").Networks; len(got) != 1 || got[0].Area.Code != "UX0001" || got[0].From != "2019-10-01" {
		t.Errorf("PCNs of a practice: %v", got)
	}
	if diff := cmp.Diff([]ods.Network{{Code: "UX0001", Name: "INVENTED PCN", Opened: "2019-10-01"}}, r.Networks); diff != "" {
		t.Error(diff)
	}
}

func TestBadWorkbooksAreTold(t *testing.T) {
	good := book(t, nil)
	if _, err := readBook(t, good); err != nil {
		t.Fatal(err)
	}
	with := func(part, text string) []byte { return book(t, map[string]string{part: text}) }
	row := func(cells string) []byte {
		return with("xl/worksheets/sheet1.xml", sheet(detailCells, `<row r="2">`+cells+`</row>`))
	}
	for _, c := range []struct {
		name string
		book []byte
		want string
	}{
		{"cut off", good[:len(good)-30], "ePCN.xlsx: it is no whole workbook (zip: not a valid zip file): download it again"},
		{"some other zip", with("xl/workbook.xml", ""), "ePCN.xlsx: the workbook has no xl/workbook.xml: download it again"},
		{"without relationships", with("xl/_rels/workbook.xml.rels", ""), "ePCN.xlsx: the workbook has no xl/_rels/workbook.xml.rels: download it again"},
		{"another workbook", with("xl/workbook.xml", `<workbook><sheets><sheet name="Sheet1" id="rId1"/></sheets></workbook>`), `ePCN.xlsx: the workbook has no sheet "PCNDetails": check that this is the right file`},
		{"a sheet that is not there", with("xl/worksheets/sheet2.xml", ""), "ePCN.xlsx: the workbook has no xl/worksheets/sheet2.xml: download it again"},
		{"a sheet that ends", with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row>`), "ePCN.xlsx: xl/worksheets/sheet1.xml cannot be read (XML syntax error on line 1: unexpected EOF): download it again"},
		{"a text that is not there", row(`<c r="A2" t="s"><v>7</v></c>`), "ePCN.xlsx, sheet PCNDetails, row 2, column 1: it names a text that the workbook does not have: download it again"},
		{"a day as a number", row(`<c r="A2" t="str"><v>UX0001</v></c><c r="E2"><v>43739</v></c>`), `ePCN.xlsx, sheet PCNDetails, row 2, column 5 (open date): "43739" is no day: it stands there as 20220701`},
		{"too many columns", row(`<c r="A2" t="str"><v>UX0001</v></c><c r="M2" t="str"><v>x</v></c>`), "ePCN.xlsx, sheet PCNDetails, row 2: it has 13 columns, and a file of PCNs has 12: check that this is the right file, or download it again"},
		{"columns past the limit", row(`<c r="A2" t="str"><v>UX0001</v></c><c r="ZZZZZZZZZZ2" t="str"><v>x</v></c>`), "ePCN.xlsx, sheet PCNDetails, row 2: it has more than 64 columns: check that this is the right file"},
		{"an entity of its own", with("xl/worksheets/sheet1.xml", `<!DOCTYPE w [<!ENTITY a "b">]><worksheet><sheetData><row><c t="str"><v>&a;</v></c></row></sheetData></worksheet>`), "ePCN.xlsx: xl/worksheets/sheet1.xml cannot be read (XML syntax error on line 1: invalid character entity &a;): download it again"},
	} {
		r, err := readBook(t, c.book)
		if r != nil || err == nil || err.Error() != c.want {
			t.Errorf("%s:\ngot  %v\nwant %s", c.name, err, c.want)
		}
	}
}
