package letter

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// day is one calendar day, in any way British letters write one.
func day(r *reader, at string, n *yaml.Node) string {
	s := r.scalar(at, n)
	if s == "" {
		return ""
	}
	d, err := notation.ReadDay(s)
	if err != nil {
		r.complain(at, n, "%v", err)
	}
	return d
}

// lastDay is day, of what may as well have none: letters say “until further notice” of it.
func lastDay(r *reader, at string, n *yaml.Node) string {
	if open := strings.Join(strings.Fields(strings.ToLower(r.scalar(at, n))), " "); open == "until further notice" || open == "further notice" {
		r.complain(at, n, "%q is no day: leave valid-until out, and it holds until further notice", open)
		return ""
	}
	return day(r, at, n)
}

// days is a range of days: one day, a month, a year, or from one to another.
func days(r *reader, at string, n *yaml.Node) *guidancev1.DayRange {
	earliest, latest, err := notation.ReadDays(r.scalar(at, n))
	if err != nil {
		r.complain(at, n, "%v", err)
	}
	return &guidancev1.DayRange{Earliest: earliest, Latest: latest}
}

// firstDay is the first day on which the file can have been issued, or its matter opened, by
// which a day without its year is understood; empty where that is not known. It is looked up
// in the file itself, for it may stand below.
func (r *reader) firstDay() string {
	for i := 0; i+1 < len(r.root.Content); i += 2 {
		if key := plainWord(r.root.Content[i].Value); key == "issued" || key == "opened" {
			earliest, _, _ := notation.ReadDays(r.root.Content[i+1].Value)
			return earliest
		}
	}
	return ""
}
