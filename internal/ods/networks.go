package ods

import (
	"cmp"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Network is a PCN. Its members may lie in areas of several commissioners; Lead is the sub-ICB
// location that leads.
type Network struct {
	Code, Name, Opened, Closed, Lead string
}

// partner is a practice's time in a PCN.
type partner struct {
	practice string
	stay     Stay
}

func (p partner) compare(o partner) int {
	return cmp.Or(cmp.Compare(p.practice, o.practice), p.stay.compare(o.stay))
}

const (
	detailsSheet  = "PCNDetails"
	partnersSheet = "PCN Core Partner Details"
)

var (
	detailColumns = []string{
		"PCN code", "PCN name", "lead commissioner", "lead commissioner's name", "open date", "close date",
		"address line 1", "address line 2", "address line 3", "address line 4", "address line 5", "postcode",
	}
	partnerColumns = []string{
		"practice", "practice's name", "practice's commissioner", "practice's commissioner's name", "PCN code", "PCN name",
		"lead commissioner", "lead commissioner's name", "start date", "end date", "same commissioner",
	}
)

// networkRows are what is read of PCNs.
type networkRows struct {
	networks []found[Network]
	partners []found[partner]
}

func (n *networkRows) detail(f *File, r *row) {
	if !r.columns(detailColumns) || r.isHeader(map[int]string{0: "pcncode", 1: "pcnname", 4: "opendate", 5: "closedate"}) {
		return
	}
	c := Network{Code: r.code(0), Name: r.text(1), Lead: r.codeOrNone(2)}
	c.Opened, c.Closed = r.period(4, 5)
	n.networks = append(n.networks, found[Network]{f, r.number, c})
}

func (n *networkRows) partner(f *File, r *row) {
	if !r.columns(partnerColumns) || r.isHeader(map[int]string{0: "partnerorganisationcode", 4: "pcncode", 8: "startdate", 9: "enddate"}) {
		return
	}
	p := partner{practice: r.code(0), stay: Stay{Area: notation.Area{Scheme: PCN, Code: r.code(4)}}}
	p.stay.From, p.stay.Until = r.period(8, 9)
	n.partners = append(n.partners, found[partner]{f, r.number, p})
}

// isHeader says whether a first row is a header, and complains of one with other columns than
// those that are read. Blanks and line breaks within names differ from release to release.
func (r *row) isHeader(ends map[int]string) bool {
	named := func(i int) string {
		return strings.ToLower(strings.Join(strings.Fields(r.text(i)), ""))
	}
	if r.number != 1 || !strings.HasSuffix(named(0), ends[0]) {
		return false
	}
	for i := range r.fields {
		if end := ends[i]; !strings.HasSuffix(named(i), end) {
			r.fail(i, "the header says %s, and the %s is looked for there: check that this is the right file", quoted(r.text(i)), r.names[i])
		}
	}
	return true
}

// read takes a workbook with both sheets, or either as CSV: the number of columns tells which.
func (n *networkRows) read(f *File) error {
	if !isWorkbook(f.Bytes) {
		return f.each(func(r *row) {
			if len(r.fields) == len(detailColumns) {
				n.detail(f, r)
			} else {
				n.partner(f, r)
			}
		})
	}
	w, err := f.open()
	if err != nil {
		return err
	}
	sheets := []struct {
		name    string
		columns int
		take    func(*File, *row)
	}{{detailsSheet, len(detailColumns), n.detail}, {partnersSheet, len(partnerColumns), n.partner}}
	for _, s := range sheets {
		err := w.each(s.name, func(r *row) {
			for len(r.fields) < s.columns {
				r.fields = append(r.fields, "")
			}
			for len(r.fields) > s.columns && r.text(len(r.fields)-1) == "" {
				r.fields = r.fields[:len(r.fields)-1]
			}
			if !r.blank() {
				s.take(r.file, r)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
