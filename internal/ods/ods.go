// Package ods knows the files in which the NHS publishes its organisations, and the list that
// nobody publishes, of which practices belong to which LMC. Bytes go in, a Release comes out. It knows no
// clock, no network, no register and no store.
//
// # What the files are
//
// Practices (epraccur.csv), branches (ebranchs.csv), sub-ICB locations (eccg.csv), regions and
// integrated care boards (eauth.csv) and Welsh boards (wlhb.csv) have one form: no header, 27
// columns, days as YYYYMMDD.
//
//	 1 code                      11 opened            18 telephone
//	 2 name                      12 closed            22 amended
//	 3 region, or W00 of Wales   13 status            24 provider or purchaser
//	 4 integrated care board     14 type              26 prescribing setting
//	 5-9 address                 15 commissioner, or the parent of a branch
//	10 postcode                  16, 17 joined and left it
//
// PCNs come as a workbook (ePCN.xlsx: sheets "PCNDetails" and "PCN Core Partner Details", both
// with a header, days as text) or as the same two tables without a header (reports epcn and
// epcncorepartnerdetails). Patients (gp-reg-pat-prac-all.csv) have a header and are found by it;
// the row of a practice with ALL and ALL has its total. Successions (succ.csv, succarc.csv) have
// five columns: code, successor, reason, day, indicator. They say of no organisation that it was
// split, nor in what parts, and have no mergers of practices.
//
// # What was confirmed, and what was not
//
// Confirmed in copies of published files: the 27 columns and the codes of status and setting of
// epraccur.csv (2019, 2024, 2025: lines that end in LF and in CRLF, quoted, ASCII), W00 and the local
// health board of Welsh practices, eccg.csv of 2024 (RO319 in column 14 of the sub-ICB locations,
// nothing there for CCGs that closed, RO218 and RO327 of others, which are left out), both sheets
// of ePCN.xlsx, and gp-reg-pat-prac-all.csv of April 2026. Confirmed by programs that read them
// alone: the reports of 2025 and since, which have ACTIVE for A, and role codes such as RO76,
// several with "|" between, for the numbers of settings; ebranchs.csv and its parent column; the
// five columns of succ.csv; epcncorepartnerdetails without a header; extract days as 01JUL2026.
//
// From memory: that the status of the newer reports can be INACTIVE; that epcn has the columns of the
// sheet PCNDetails; that eauth.csv and wlhb.csv list integrated care boards and local health
// boards (which row is what is told by who names it, where column 14 does not say, so that a code is
// never judged by its look); that headers said CCG_CODE before July 2022; RO98 and "C" of CCGs.
package ods

import (
	"fmt"
	"strconv"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Kind says which file one is.
type Kind string

// The files there are. A release needs the practices; whatever else is missing is not known.
const (
	PracticesFile   Kind = "practices"                // epraccur.csv
	BranchesFile    Kind = "branches"                 // ebranchs.csv
	NetworksFile    Kind = "PCNs"                     // ePCN.xlsx, or epcn and epcncorepartnerdetails as CSV
	PatientsFile    Kind = "patients"                 // gp-reg-pat-prac-all.csv
	SubICBsFile     Kind = "sub-ICB locations"        // eccg.csv
	AuthoritiesFile Kind = "regions and ICBs"         // eauth.csv: regions and ICBs
	BoardsFile      Kind = "health boards"            // wlhb.csv
	SuccessionsFile Kind = "successions"              // succ.csv, succarc.csv
	CommitteesFile  Kind = "practices and their LMCs" // the list of an office, as Skeleton makes it
)

// The schemes of the areas that the files tell of.
const (
	SubICB = "sub-icb" // sub-ICB locations, and the CCGs before them
	ICB    = "icb"
	Region = "region"
	Board  = "health-board" // of Wales
	PCN    = "pcn"
)

// Limits of what is read; the real files are a tenth of them or less.
const (
	FileLimit     = 64 << 20  // bytes of a file
	PatientsLimit = 256 << 20 // bytes of one of patients, which can come by sex and age
	RowLimit      = 200_000   // rows of a file
	PatientRows   = 1_000_000 // rows of one of patients
	ColumnLimit   = 64        // columns of a file
	FieldLimit    = 400       // bytes of a field
	SheetLimit    = 64 << 20  // bytes of a part of a workbook, uncompressed
	FilesLimit    = 64        // files of one release
)

// File is a published file as it was downloaded.
type File struct {
	Kind Kind
	// Name is what people call it, for messages: "epraccur.csv". Of a list, whose it is, the same in
	// each release: it is Membership.List.
	Name string
	// Day is the day its contents are of, as YYYY-MM-DD. A file of patients says it itself.
	Day   string
	Bytes []byte
}

// Error says what is wrong with a file, where, and what to do about it.
type Error struct {
	File string
	// Row is the line of the file or the row of the sheet; 0: it is the file as a whole.
	Row int
	// Column is counted from 1; 0: it is the row as a whole.
	Column int
	// Field is the name of the column.
	Field string
	// Problem is what is wrong, and what to do.
	Problem string
}

func (e *Error) Error() string {
	s := e.File
	if e.Row > 0 {
		s += ", row " + strconv.Itoa(e.Row)
	}
	if e.Column > 0 {
		s += ", column " + strconv.Itoa(e.Column)
		if e.Field != "" {
			s += " (" + e.Field + ")"
		}
	}
	return s + ": " + e.Problem
}

// fail is an error of the file as a whole. What libraries say may quote the file: it is made safe to
// print.
func (f *File) fail(format string, args ...any) error {
	return &Error{File: f.Name, Problem: notation.CleanLine(fmt.Sprintf(format, args...))}
}

// quoted is what a file says, fit for a message.
func quoted(s string) string { return strconv.Quote(notation.Clip(s, 40)) }
