package ods

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// What is read of a workbook is the text of its cells: its sheets by name, the strings they
// share, and nothing of formulas, formats or links. What ends a part is its limit, whatever the
// archive says of its size.

// isWorkbook says whether a file is a zip, as workbooks are.
func isWorkbook(file []byte) bool { return bytes.HasPrefix(file, []byte("PK\x03\x04")) }

type workbook struct {
	file   *File
	parts  map[string]*zip.File
	sheets map[string]string // name -> part
	shared []string
}

var errTooLarge = errors.New("too large")

// open reads what the sheets of a workbook share.
func (f *File) open() (*workbook, error) {
	z, err := zip.NewReader(bytes.NewReader(f.Bytes), int64(len(f.Bytes)))
	if err != nil {
		return nil, f.fail("it is no whole workbook (%v): download it again", err)
	}
	w := &workbook{file: f, parts: map[string]*zip.File{}, sheets: map[string]string{}}
	for _, p := range z.File {
		w.parts[p.Name] = p
	}
	targets := map[string]string{}
	err = w.walk("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" {
			targets[attr(e, "Id")] = path.Join("/xl", strings.TrimPrefix(attr(e, "Target"), "/xl/"))[1:]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = w.walk("xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "sheet" {
			w.sheets[attr(e, "name")] = targets[attr(e, "id")]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return w, w.readShared()
}

func (w *workbook) readShared() error {
	const part = "xl/sharedStrings.xml"
	if w.parts[part] == nil {
		return nil // all strings stand in their cells
	}
	return w.walk(part, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		s, err := cellText(d)
		w.shared = append(w.shared, s)
		return err
	})
}

// walk calls do for each element that begins in a part; do may read on to its end.
func (w *workbook) walk(part string, do func(*xml.Decoder, xml.StartElement) error) error {
	p := w.parts[part]
	if p == nil {
		return w.file.fail("the workbook has no %s: download it again", part)
	}
	in, err := p.Open()
	if err != nil {
		return w.file.fail("%s cannot be unpacked (%v): download it again", part, err)
	}
	defer in.Close()
	d := xml.NewDecoder(&limited{in: in, left: SheetLimit})
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if e, ok := token.(xml.StartElement); ok && err == nil {
			err = do(d, e)
		}
		var told *Error
		switch {
		case errors.As(err, &told):
			return told
		case errors.Is(err, errTooLarge):
			return w.file.fail("%s is larger than %s bytes when unpacked: check that this is the right file", part, notation.Thousands(SheetLimit))
		case err != nil:
			return w.file.fail("%s cannot be read (%v): download it again", part, err)
		}
	}
}

// limited reads so many bytes, and is an error then.
type limited struct {
	in   io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.in.Read(p[:min(int64(len(p)), l.left+1)])
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// cellText is the text within an element that has begun, up to its end; how words are spoken is
// left out.
func cellText(d *xml.Decoder) (string, error) {
	var b strings.Builder
	for depth, texts := 1, 0; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				if err := d.Skip(); err != nil {
					return "", err
				}
				continue
			}
			depth++
			if isText(t.Name.Local) {
				texts++
			}
		case xml.EndElement:
			depth--
			if isText(t.Name.Local) {
				texts--
			}
		case xml.CharData:
			if texts > 0 && b.Len() <= FieldLimit {
				b.Write(t)
			}
		}
	}
	return b.String(), nil
}

// isText says whether an element holds a cell's text: t of a string, v of a value.
func isText(name string) bool { return name == "t" || name == "v" }

// each calls do for every row of a sheet that has anything in it.
func (w *workbook) each(sheet string, do func(*row)) error {
	part := w.sheets[sheet]
	if part == "" {
		return w.file.fail("the workbook has no sheet %q: check that this is the right file", sheet)
	}
	rows, number := 0, 0
	return w.walk(part, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "row" {
			return nil
		}
		number++
		if said := attr(e, "r"); said != "" && len(said) <= 7 {
			number = notation.Number(said)
		}
		r := &row{file: &File{Name: w.file.Name + ", sheet " + sheet, Kind: w.file.Kind}, number: number}
		if err := w.cells(d, r); err != nil {
			return err
		}
		if r.err == nil && len(r.fields) > 0 {
			rows++
			if r.within(rows, RowLimit); r.err == nil {
				do(r)
			}
		}
		return r.err
	})
}

// cells reads those of a row that has begun.
func (w *workbook) cells(d *xml.Decoder, r *row) error {
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			at := columnOf(attr(t, "r"), len(r.fields))
			s, err := cellText(d)
			if err != nil {
				return err
			}
			if at >= ColumnLimit {
				if s != "" {
					r.fail(-1, "it has more than %d columns: check that this is the right file", ColumnLimit)
				}
				continue
			}
			for len(r.fields) <= at {
				r.fields = append(r.fields, "")
			}
			if attr(t, "t") == "s" {
				n, err := strconv.Atoi(s)
				if err != nil || n < 0 || n >= len(w.shared) {
					r.fail(at, "it names a text that the workbook does not have: download it again")
					continue
				}
				s = w.shared[n]
			}
			r.fields[at] = s
		}
	}
}

// columnOf is the column of a cell's name, "J12", counted from 0; without a name, the next.
func columnOf(name string, next int) int {
	n := 0
	for i := range len(name) {
		if c := name[i]; c >= 'A' && c <= 'Z' && n <= ColumnLimit {
			n = n*26 + int(c-'A') + 1
			continue
		}
		break
	}
	if n == 0 {
		return next
	}
	return n - 1
}
