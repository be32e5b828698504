package ods

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Membership is a row of an office's list: a practice, or all GP practices of an area, belongs to
// a committee from a day until a day. Release.MembershipsOn says what holds for a practice.
type Membership struct {
	// List is the name of the file: offices' lists can contradict each other. Row is its row there, from 1.
	List string
	Row  int
	// Practice is a practice's code; empty: the rule of an area.
	Practice string
	Area     notation.Area
	// Committee is the committee's id, a slug.
	Committee string
	// From and Until are the first and the last day; empty: as long as is known.
	From, Until string
}

func (m Membership) compare(o Membership) int {
	return cmp.Or(m.sameWhere(o), cmp.Compare(m.From, o.From), cmp.Compare(m.Until, o.Until))
}

func (m Membership) sameWhere(o Membership) int {
	return cmp.Or(cmp.Compare(m.List, o.List), cmp.Compare(m.Practice, o.Practice), m.Area.Compare(o.Area), cmp.Compare(m.Committee, o.Committee))
}

// What is the practice or area that a row is of.
func (m Membership) What() string {
	if m.Practice != "" {
		return m.Practice
	}
	return m.Area.String()
}

// Merger is a practice that took over from another on a day.
type Merger struct {
	From, Into, Day string
}

func (m Merger) compare(o Merger) int {
	return cmp.Or(cmp.Compare(m.From, o.From), cmp.Compare(m.Into, o.Into), cmp.Compare(m.Day, o.Day))
}

var listColumns = []string{"practice", "committee", "from", "until", "took_over_from"}

// most errors of a list that are told at once
const errorsTold = 20

// Skeleton is an office's list to fill in with a text editor or a spreadsheet.
func Skeleton() []byte {
	return []byte(`# Which practices belong to which LMC. One row for each practice and committee.
# Rows that begin with # are not read. Take it away from the examples to use them.
#
# practice: the code of the practice as the NHS has it. Capital or small letters are the same.
#   Or the code of an area: all GP practices there belong to the committee.
#   An area is written sub-icb:06Q or icb:QH8 or pcn:U00070 or health-board:7A1
#   Where this list has a row for a practice itself the rows of areas here do not count for it.
# committee: the name that the register has for the LMC. A practice on a border can have two rows.
# from: the first day as 2022-07-01 or 1/7/2022. Empty: as long as anybody knows.
# until: the last day. Empty: it still belongs there.
# took_over_from: the practices that merged into this one on that first day. Blanks between several.
#   The NHS publishes no mergers of practices. They are known from here alone.
practice,committee,from,until,took_over_from
# X10001,north-example,,,
# X10002,north-example,2022-07-01,,X10003 X10004
# sub-icb:00X,south-example,2022-07-01,,
`)
}

// listRows are what is read of offices' lists.
type listRows struct {
	memberships []found[Membership]
	mergers     []found[Merger]
}

// read takes a list; what is wrong with its first rows is told together.
func (l *listRows) read(f *File) error {
	var wrong []error
	header := false
	err := f.each(func(r *row) {
		switch first := r.text(0); {
		case strings.HasPrefix(first, "#"), r.blank():
		case !r.columns(listColumns):
		case !header:
			header = true
			for i, name := range listColumns {
				if said := strings.ToLower(r.text(i)); said != name {
					r.fail(i, "the header says %s where %s stands in the skeleton: begin with the header of the skeleton", quoted(said), name)
				}
			}
			if r.err != nil {
				return // nothing below means anything
			}
		default:
			l.row(f, r)
		}
		if r.err != nil && header && len(wrong) < errorsTold {
			wrong = append(wrong, r.err)
			r.err = nil
		}
	})
	if err == nil && !header {
		err = f.fail("it has no header: begin with %q", strings.Join(listColumns, ","))
	}
	return errors.Join(append(wrong, err)...)
}

func (l *listRows) row(f *File, r *row) {
	m := Membership{List: f.Name, Row: r.number, Committee: strings.ToLower(r.text(1)), From: r.written(2), Until: r.written(3)}
	if where := r.text(0); strings.ContainsAny(where, ":/") {
		a, ok := notation.ReadArea(where)
		if m.Area = (notation.Area{Scheme: strings.ToLower(a.Scheme), Code: notation.PracticeCode(a.Code)}); !ok || !slices.Contains([]string{SubICB, ICB, Region, Board, PCN}, m.Area.Scheme) {
			r.fail(0, "%s is no area: write sub-icb:06Q, icb:QH8, pcn:U00070, region:Y61 or health-board:7A1", quoted(where))
		}
	} else {
		m.Practice = r.practice(0)
	}
	if !notation.IsSlug(m.Committee) {
		r.fail(1, "%s is no committee: write its name in the register, as north-essex", quoted(r.text(1)))
	}
	if m.Until != "" && m.Until < m.From {
		r.fail(3, "%s is before %s, the first day", m.Until, m.From)
	}
	l.memberships = append(l.memberships, found[Membership]{f, r.number, m})
	for _, from := range strings.FieldsFunc(r.text(4), func(c rune) bool { return c == ' ' || c == ';' || c == ',' || c == '+' }) {
		g := Merger{From: notation.PracticeCode(from), Into: m.Practice, Day: m.From}
		switch {
		case !notation.IsPractice(g.From) || g.From == g.Into:
			r.fail(4, "%s is not the code of another practice: one has a letter and five digits, as X10001", quoted(from))
		case m.Practice == "":
			r.fail(4, "an area takes over from no practice: write it in the row of the practice")
		case m.From == "":
			r.fail(2, "the day on which it took over from %s is missing", g.From)
		}
		l.mergers = append(l.mergers, found[Merger]{f, r.number, g})
	}
}

// written is a day as people write it, as spreadsheets turn it round, or none.
func (r *row) written(i int) string {
	s := r.text(i)
	if s == "" || notation.IsDay(s) {
		return s
	}
	day, err := notation.ReadDay(s)
	if err != nil {
		r.fail(i, "%s is no day: write it as 2022-07-01", quoted(s))
	}
	return day
}
