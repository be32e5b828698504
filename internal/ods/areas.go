package ods

import (
	"cmp"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Area is a sub-ICB location, an integrated care board, a region or a Welsh health board.
type Area struct {
	ID   notation.Area
	Name string
	// Opened and Closed are the first and the last day; empty: not known, and not closed.
	Opened, Closed string
	// ICB and Region are those it lies in, as the file has it on its day; empty: none, or not said.
	ICB, Region string
}

// Succession is an organisation that another took over from. Several rows for one organisation do
// not say which part went where.
type Succession struct {
	Code, Successor, Reason, Day, Indicator string
}

func (s Succession) compare(o Succession) int {
	return cmp.Or(cmp.Compare(s.Code, o.Code), cmp.Compare(s.Successor, o.Successor), cmp.Compare(s.Day, o.Day),
		cmp.Compare(s.Reason, o.Reason), cmp.Compare(s.Indicator, o.Indicator))
}

// Roles of organisations, where column 14 has them.
const (
	roleSubICB = "RO319"
	roleICB    = "RO318"
	roleRegion = "RO209"
)

// readAreas reads those of one scheme; the scheme of authorities is found later, by who names them,
// unless column 14 says it. Of sub-ICB locations, commissioning hubs and other entities are left out.
func readAreas(f *File, scheme string) (all []found[Area], leftOut int, err error) {
	err = f.each(func(r *row) {
		if !r.columns(formColumns) {
			return
		}
		a := Area{ID: notation.Area{Scheme: scheme, Code: r.code(colCode)}, Name: r.text(colName)}
		if a.Name == "" {
			r.fail(colName, "the name is missing")
		}
		a.Opened, a.Closed = r.period(colOpened, colClosed)
		roles := strings.Split(strings.ToUpper(r.text(colType)), "|")
		region, icb := r.codeOrNone(colRegion), r.codeOrNone(colICB)
		switch scheme {
		case SubICB:
			a.Region, a.ICB = region, icb
			if !hasAny(roles, roleSubICB, "RO98", "C", "") {
				leftOut++
				return
			}
		case "":
			if hasAny(roles, roleICB) {
				a.ID.Scheme = ICB
			} else if hasAny(roles, roleRegion) {
				a.ID.Scheme = Region
			}
			if region != a.ID.Code {
				a.Region = region
			}
		}
		all = append(all, found[Area]{f, r.number, a})
	})
	return all, leftOut, err
}

func hasAny(roles []string, wanted ...string) bool {
	for _, role := range roles {
		for _, w := range wanted {
			if strings.TrimSpace(role) == w {
				return true
			}
		}
	}
	return false
}

var successionColumns = []string{"code", "successor", "reason", "effective date", "indicator"}

func readSuccessions(f *File) ([]found[Succession], error) {
	var all []found[Succession]
	return all, f.each(func(r *row) {
		if !r.columns(successionColumns) {
			return
		}
		s := Succession{Code: r.code(0), Successor: r.codeOrNone(1), Reason: r.text(2), Day: r.day(3), Indicator: r.text(4)}
		all = append(all, found[Succession]{f, r.number, s})
	})
}
