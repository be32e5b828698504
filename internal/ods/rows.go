package ods

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// columnNames are those of files that have the same columns always.
var columnNames = map[Kind][]string{
	PracticesFile: formColumns, BranchesFile: formColumns, SubICBsFile: formColumns, AuthoritiesFile: formColumns,
	BoardsFile: formColumns, SuccessionsFile: successionColumns, CommitteesFile: listColumns,
}

// row is one of a file. The first thing that is wrong with it is kept in err, so that a reader takes
// its fields one after another and looks once.
type row struct {
	file   *File
	number int
	fields []string
	names  []string // of the columns, for messages
	err    error
}

// fail says what is wrong with a field, counted from 0; -1: with the row.
func (r *row) fail(i int, format string, args ...any) {
	if r.err != nil {
		return
	}
	e := &Error{File: r.file.Name, Row: r.number, Column: i + 1, Problem: fmt.Sprintf(format, args...)}
	if i >= 0 && i < len(r.names) {
		e.Field = r.names[i]
	}
	r.err = e
}

// columns says how the columns are called, and complains where there are more or fewer.
func (r *row) columns(names []string) bool {
	r.names = names
	if len(r.fields) == len(names) {
		return true
	}
	r.fail(-1, "it has %d columns, and a file of %s has %d: check that this is the right file, or download it again", len(r.fields), r.file.Kind, len(names))
	return false
}

// blank says whether nothing stands in any field.
func (r *row) blank() bool {
	for i := range r.fields {
		if r.text(i) != "" {
			return false
		}
	}
	return true
}

// text is a field with single blanks between its words, and nothing that is not seen.
func (r *row) text(i int) string {
	s := r.fields[i]
	for j := range len(s) {
		if c := s[j]; c >= utf8.RuneSelf || c < ' ' || c == ' ' && (j == 0 || j == len(s)-1 || s[j-1] == ' ') {
			return strings.Join(strings.FieldsFunc(strings.Map(seen, s), unicode.IsSpace), " ")
		}
	}
	return s
}

func seen(c rune) rune {
	if notation.IsInvisible(c) && !unicode.IsSpace(c) {
		return -1
	}
	return c
}

// code is an organisation's: capitals and digits, in capitals whatever was typed.
func (r *row) code(i int) string {
	s := notation.PracticeCode(r.text(i))
	if s == "" || len(s) > 12 || strings.ContainsFunc(s, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') }) {
		r.fail(i, "%s is no code: one has letters and digits, as X10001", quoted(r.text(i)))
	}
	return s
}

// codeOrNone is a code, or nothing.
func (r *row) codeOrNone(i int) string {
	if r.text(i) == "" {
		return ""
	}
	return r.code(i)
}

// practice is the code of a practice.
func (r *row) practice(i int) string {
	s := notation.PracticeCode(r.text(i))
	if !notation.IsPractice(s) {
		r.fail(i, "%s is no practice's code: one has a letter and five digits, as X10001", quoted(s))
	}
	return s
}

// day is a day of the published form, or none.
func (r *row) day(i int) string {
	s := r.text(i)
	if s == "" {
		return ""
	}
	if len(s) == len("20220701") {
		if day := s[:4] + "-" + s[4:6] + "-" + s[6:]; notation.IsDay(day) {
			return day
		}
	}
	r.fail(i, "%s is no day: it stands there as 20220701", quoted(s))
	return ""
}

// period is two days, the second not before the first.
func (r *row) period(from, until int) (string, string) {
	a, b := r.day(from), r.day(until)
	if b != "" && b < a {
		r.fail(until, "%s is before %s, the day in column %d", b, a, from+1)
	}
	return a, b
}

// each calls do for every row of a file, the header too where it has one.
func (f *File) each(do func(*row)) error {
	if isWorkbook(f.Bytes) {
		return f.fail("it is a workbook, or packed: unpack it, and save it as CSV")
	}
	text, err := f.text()
	if err != nil {
		return err
	}
	if err := f.parted(text); err != nil {
		return err
	}
	valid := utf8.Valid(text)
	in := csv.NewReader(bytes.NewReader(text))
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	most := f.rowLimit()
	for n := 1; ; n++ {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			if n == 1 {
				return f.fail("it is empty: download it again")
			}
			return nil
		}
		if err != nil {
			return f.broken(err, in.InputOffset() == int64(len(text)))
		}
		line, _ := in.FieldPos(0)
		r := &row{file: f, number: line, fields: fields, names: columnNames[f.Kind]}
		r.within(n, most)
		if !valid {
			r.letters()
		}
		if r.err == nil && f.Kind != CommitteesFile && in.InputOffset() == int64(len(text)) && !ends(text) {
			r.fail(-1, "it is cut off: the file ends in the middle of it; download the file again")
		}
		if r.err == nil {
			do(r)
		}
		if r.err != nil {
			return r.err
		}
	}
}

// ends says whether a text ends with a whole row: a line's end, or a field's closing quote.
func ends(text []byte) bool {
	last := text[len(text)-1]
	return last == '\n' || last == '"'
}

// within holds a row against the limits.
func (r *row) within(n, most int) {
	if n > most {
		r.fail(-1, "the file has more than %s rows, which no file of %s has: check that this is the right one", notation.Thousands(int64(most)), r.file.Kind)
	}
	if len(r.fields) > ColumnLimit {
		r.fail(-1, "it has %d columns, more than %d: check that this is the right file", len(r.fields), ColumnLimit)
	}
	for i, s := range r.fields {
		if len(s) > FieldLimit {
			r.fail(i, "it has %d bytes, more than %d: a quotation mark may be missing; download the file again", len(s), FieldLimit)
		}
	}
}

// letters complains of letters that are not UTF-8.
func (r *row) letters() {
	for i, s := range r.fields {
		if !utf8.ValidString(s) {
			r.fail(i, "%s has letters that are not UTF-8, as of a file saved in Windows-1252: save it as CSV UTF-8", quoted(strings.ToValidUTF8(s, "?")))
		}
	}
}

func (f *File) rowLimit() int {
	if f.Kind == PatientsFile {
		return PatientRows
	}
	return RowLimit
}

// sized complains of a file that is too large, or none.
func (f *File) sized() error {
	most := FileLimit
	if f.Kind == PatientsFile {
		most = PatientsLimit
	}
	if len(f.Bytes) > most {
		return f.fail("it has %s bytes, more than %s: check that this is the right file", notation.Thousands(int64(len(f.Bytes))), notation.Thousands(int64(most)))
	}
	return nil
}

// text is what a CSV file holds without its byte order mark, where it is one at all.
func (f *File) text() ([]byte, error) {
	text := bytes.TrimPrefix(f.Bytes, []byte("\xef\xbb\xbf"))
	begin := bytes.TrimSpace(text[:min(len(text), 512)])
	switch {
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")), bytes.IndexByte(text, 0) >= 0:
		return nil, f.fail("it is saved as UTF-16, or is no text: save it as CSV UTF-8")
	case bytes.HasPrefix(begin, []byte("<")):
		return nil, f.fail("it is a web page and no CSV: the download went wrong; open it to see what it says, and download it again")
	case bytes.HasPrefix(begin, []byte("{")):
		return nil, f.fail("it is an answer of a web service and no CSV: the download went wrong; open it to see what it says")
	}
	return text, nil
}

// parted complains of columns with something else than commas between, by the first row.
func (f *File) parted(text []byte) error {
	n := 0
	for line := range bytes.Lines(text) {
		if n++; bytes.HasPrefix(line, []byte("#")) || len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		for _, c := range []struct{ mark, name string }{{";", "semicolons"}, {"\t", "tabs"}} {
			if marks := bytes.Count(line, []byte(c.mark)); marks >= 4 && marks > bytes.Count(line, []byte(",")) {
				return &Error{File: f.Name, Row: n, Problem: fmt.Sprintf("its columns are parted by %s: save it as CSV with commas, or download it again", c.name)}
			}
		}
		break
	}
	return nil
}

// broken is an error of the reader of CSV, told.
func (f *File) broken(err error, atEnd bool) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return f.fail("%v", err)
	}
	e := &Error{File: f.Name, Row: p.StartLine, Problem: "a quotation mark is missing, or one stands within a field: correct it, or download the file again"}
	if atEnd && errors.Is(p.Err, csv.ErrQuote) {
		e.Problem = "it is cut off, or a quotation mark in it is never closed: download the file again"
	}
	return e
}
