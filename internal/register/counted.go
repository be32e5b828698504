package register

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// counted is what lists of patients say, worked out when somebody first asks, once for all registers that
// have the same.
type counted struct {
	lists []patientList
	once  sync.Once

	read     []readPatients // those that hold, by day
	problems []wrongRelease
}

// readPatients is a list of patients that was read.
type readPatients struct {
	patientList
	*ledgerv1.PatientRows
	all int64
}

// counts are the lists of patients that hold.
func (r *Register) counts() []readPatients {
	if r.counted == nil {
		return nil
	}
	r.counted.once.Do(r.counted.readAll)
	return r.counted.read
}

func (c *counted) readAll() {
	for _, list := range c.lists {
		one, err := readPatientList(list)
		if err != nil {
			c.problems = append(c.problems, wrongRelease{list.entry, fmt.Errorf("%.80q, of which nothing was taken: %w", list.GetRelease(), err)})
			continue
		}
		c.read = append(c.read, one)
	}
}

func readPatientList(list patientList) (readPatients, error) {
	one := readPatients{patientList: list, PatientRows: new(ledgerv1.PatientRows)}
	rows, err := unpack(list.GetRows())
	if err != nil {
		return one, err
	}
	if proto.Unmarshal(rows, one.PatientRows) != nil {
		return one, errors.New("its practices cannot be read")
	}
	switch n := len(one.GetPatients()); {
	case n == 0:
		return one, errors.New("it has no practices")
	case n > PracticesLimit:
		return one, coded{tooMany, fmt.Errorf("it has %d practices: at most %d", n, PracticesLimit)}
	case len(one.GetCodes()) != codeLength*n:
		return one, fmt.Errorf("it has %d bytes of codes for %d numbers: six for each", len(one.GetCodes()), n)
	}
	before := ""
	for i, n := range one.GetPatients() {
		code := one.codeAt(i)
		if !notation.IsPractice(code) || code <= before {
			return one, fmt.Errorf("%.20q stands after %q: each is a practice's code, once, in ascending order", code, before)
		}
		one.all, before = one.all+int64(n), code
	}
	if one.all > PatientsLimit {
		return one, coded{tooMany, fmt.Errorf("it has %d patients: check its numbers", one.all)}
	}
	return one, nil
}

func (p readPatients) codeAt(i int) string { return p.GetCodes()[i*codeLength:][:codeLength] }

// patientsAt is how many patients a list has at a practice on a day, with those it has under the codes of practices that
// had merged into it by then: whoever is registered is so under one code alone, and lists have the old ones for months.
func (r *Register) patientsAt(list readPatients, code, day string) (n uint32, known bool) {
	n, known = list.at(code)
	for _, old := range r.lists().merged(code, day) {
		if patients, listed := list.at(old); listed {
			n, known = n+patients, true
		}
	}
	return n, known
}

// at is how many patients a list has at a practice.
func (p readPatients) at(code string) (n uint32, listed bool) {
	i, listed := sort.Find(len(p.GetPatients()), func(i int) int { return strings.Compare(code, p.codeAt(i)) })
	if !listed {
		return 0, false
	}
	return p.GetPatients()[i], true
}
