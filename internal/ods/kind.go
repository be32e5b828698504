package ods

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// lookedAt is how much of a file is read to tell what it is.
const lookedAt = 64 << 10

// KindOf tells which file one is by what is in it, whatever its name; false: it is none of them. What is
// wrong with it, Read says.
func KindOf(file []byte) (Kind, bool) {
	if isWorkbook(file) {
		return NetworksFile, true
	}
	votes := map[Kind]int{}
	for _, row := range firstRows(file) {
		if kind, ok := kindOfRow(row); ok {
			votes[kind]++
		}
	}
	for _, header := range []Kind{PatientsFile, CommitteesFile} { // one row says it
		if votes[header] > 0 {
			return header, true
		}
	}
	best := Kind("")
	for kind, n := range votes {
		if n > votes[best] || n == votes[best] && kind < best {
			best = kind
		}
	}
	return best, best != ""
}

// firstRows are the rows at the beginning of a file, as far as they can be read.
func firstRows(file []byte) [][]string {
	file = bytes.TrimPrefix(file, []byte("\uFEFF"))
	if len(file) > lookedAt {
		file = file[:lookedAt]
		file = file[:bytes.LastIndexByte(file, '\n')+1] // the last row is cut
	}
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	for first := range bytes.Lines(file) {
		if !bytes.HasPrefix(first, []byte("#")) {
			if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
				r.Comma = ';'
			}
			break
		}
	}
	var rows [][]string
	for len(rows) < 200 {
		row, err := r.Read()
		if err != nil {
			break
		}
		rows = append(rows, row)
	}
	return rows
}

// kindOfRow tells what file a row may be of.
func kindOfRow(row []string) (Kind, bool) {
	at := func(i int) string {
		if i >= len(row) {
			return ""
		}
		return strings.ToUpper(strings.TrimSpace(row[i]))
	}
	switch n := len(row); {
	case slices.ContainsFunc(row, func(field string) bool {
		field = strings.TrimSpace(field)
		return strings.EqualFold(field, "NUMBER_OF_PATIENTS") || strings.EqualFold(field, "EXTRACT_DATE")
	}):
		return PatientsFile, true
	case n <= len(listColumns) && (at(0) == "PRACTICE" || at(1) == "COMMITTEE"): // with the other in want of a letter, its reader says so
		return CommitteesFile, true
	case n == 5 && len(at(3)) == 8 && notation.Number(at(3)) > 0:
		return SuccessionsFile, true
	case (n == 11 || n == 12) && at(0) != "":
		return NetworksFile, true
	case n < len(formColumns)-1:
		return "", false
	case len(at(0)) == 9 && notation.IsPractice(at(0)[:6]):
		return BranchesFile, true
	case notation.IsPractice(at(0)):
		return PracticesFile, true
	case len(at(0)) > 5:
		return "", false
	case at(2) == "W00":
		return BoardsFile, true
	case at(3) != "":
		return SubICBsFile, true
	}
	return AuthoritiesFile, at(0) != ""
}
