package ods

import (
	"strconv"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// count is how many patients are registered at a practice.
type count struct {
	practice string
	patients int32
}

// readPatients reads the totals, and the day they are of.
func readPatients(f *File) (all []found[count], day string, err error) {
	var at struct{ day, kind, code, sex, age, number int }
	var names []string
	err = f.each(func(r *row) {
		if names == nil {
			names = make([]string, len(r.fields))
			for i := range r.fields {
				names[i] = strings.ToUpper(r.text(i))
			}
			r.columns(names)
			for _, c := range []struct {
				name  string
				index *int
			}{
				{"EXTRACT_DATE", &at.day},
				{"TYPE", &at.kind},
				{"CODE", &at.code},
				{"SEX", &at.sex},
				{"AGE", &at.age},
				{"NUMBER_OF_PATIENTS", &at.number},
			} {
				*c.index = r.headed(c.name)
			}
			return
		}
		if !r.columns(names) {
			return
		}
		said := extractDay(r, at.day)
		if day == "" {
			day = said
		}
		if said != day {
			r.fail(at.day, "it is of %s, and the rows before are of %s: a file has one day", said, day)
		}
		if r.fields[at.sex] != "ALL" || r.fields[at.age] != "ALL" || r.text(at.kind) != "GP" {
			return
		}
		n, err := strconv.ParseInt(r.text(at.number), 10, 32)
		if err != nil || n < 0 {
			r.fail(at.number, "%s is no number of patients", quoted(r.text(at.number)))
		}
		all = append(all, found[count]{f, r.number, count{r.practice(at.code), int32(n)}})
	})
	if err == nil && len(all) == 0 {
		err = f.fail("no row has ALL as sex and as age: take gp-reg-pat-prac-all.csv, which has the totals")
	}
	return all, day, err
}

// headed is the column of a name in a header.
func (r *row) headed(name string) int {
	at := -1
	for i, n := range r.names {
		if n == name && at >= 0 {
			r.fail(i, "the header has it twice: download the file again")
		} else if n == name {
			at = i
		}
	}
	if at < 0 {
		r.fail(-1, "the header has no %s: check that this is the right file", name)
		return 0
	}
	return at
}

// extractDay reads 2026-04-01, and 01JUL2022 as files had it before.
func extractDay(r *row, i int) string {
	s := r.text(i)
	if notation.IsDay(s) {
		return s
	}
	if len(s) == len("01JUL2022") {
		if t, err := time.Parse("02Jan2006", s[:3]+strings.ToLower(s[3:5])+s[5:]); err == nil && notation.IsDay(t.Format(time.DateOnly)) {
			return t.Format(time.DateOnly)
		}
	}
	r.fail(i, "%s is no day: it stands there as 2026-04-01 or 01JUL2022", quoted(s))
	return ""
}
