package corpus

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// CSV writes rows as the NHS does: every field in quotation marks, a line feed after each row.
func CSV(rows [][]string) []byte {
	var b bytes.Buffer
	for _, row := range rows {
		for i, s := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// Sheet is a sheet of a workbook.
type Sheet struct {
	Name string
	Rows [][]string
}

// Workbook writes sheets of text as a spreadsheet program does: each text once, and in the cells
// its number.
func Workbook(sheets []Sheet) []byte {
	var book, rels, shared bytes.Buffer
	texts := map[string]int{}
	files := map[string]*bytes.Buffer{"xl/workbook.xml": &book, "xl/_rels/workbook.xml.rels": &rels, "xl/sharedStrings.xml": &shared}
	order := []string{"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
	book.WriteString(xml.Header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`)
	rels.WriteString(xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	shared.WriteString(xml.Header + `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	for i, s := range sheets {
		part := fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)
		fmt.Fprintf(&book, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, s.Name, i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
		body := &bytes.Buffer{}
		files[part], order = body, append(order, part)
		body.WriteString(xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
		for r, row := range s.Rows {
			fmt.Fprintf(body, `<row r="%d">`, r+1)
			for c, text := range row {
				if _, ok := texts[text]; !ok {
					texts[text] = len(texts)
					shared.WriteString(`<si><t xml:space="preserve">`)
					xml.EscapeText(&shared, []byte(text))
					shared.WriteString(`</t></si>`)
				}
				fmt.Fprintf(body, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+c, r+1, texts[text])
			}
			body.WriteString(`</row>`)
		}
		body.WriteString(`</sheetData></worksheet>`)
	}
	book.WriteString(`</sheets></workbook>`)
	rels.WriteString(`</Relationships>`)
	shared.WriteString(`</sst>`)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range append(order, "xl/sharedStrings.xml") {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(files[name].Bytes())
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}
