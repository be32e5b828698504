package register

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Limits of lists of practices.
const (
	// RowsLimit is how many bytes of practices, or of patients, one record has, compressed; a release has as many
	// records as it needs, and with PartsLimit of them is a request's whole.
	RowsLimit = 128 << 10
	// PartsLimit is how many records one release has.
	PartsLimit = 8
	// UnpackedLimit is how many bytes those of one record are once they are read.
	UnpackedLimit = 1 << 20
	// PracticesLimit is how many practices the register has, open or closed.
	PracticesLimit = 32768
	// MembershipsLimit is how many areas one practice has lain in, over the years.
	MembershipsLimit = 16
	// BranchesLimit is how many branches it has, and how many were merged into it.
	BranchesLimit = 64
	// DigestsLimit is how many files a release was made from.
	DigestsLimit = 64
	// PatientsLimit is how many patients all practices have together, so that with what areas' own
	// records have (CountLimit) no sum is more than an answer can say.
	PatientsLimit = 140_000_000
)

// ListScheme is the scheme of areas that are an LMC's list of practices: their code is its id, and behind a full stop
// where the practices are that do not lie where most do.
// What else lies around such an area, the list does not say.
const ListScheme = "lmc"

// release is a release of practices whose last part is here, as yet unread.
type release struct {
	source, name, day string
	entry             ledger.EntryID // of its last part
	digests           [][]byte
	rows              [][]byte
}

// unfinished is a release of which only the first parts are here.
type unfinished struct {
	release
	parts uint32
}

// patientList is a list of patients, as yet unread.
type patientList struct {
	*ledgerv1.PatientList
	entry ledger.EntryID
}

// putPractices takes a part of a release in. What is in it nobody reads before somebody asks for
// practices (listed.go).
func (r *Register) putPractices(entry ledger.EntryID, l *ledgerv1.PracticeList) error {
	words := fmt.Sprintf("practices of %.80q", l.GetRelease())
	if l.GetParts() > 1 {
		words += fmt.Sprintf(", part %d of %d", l.GetPart(), l.GetParts())
	}
	if err := checkPracticeList(l); err != nil {
		return fmt.Errorf("%s: %w", words, err)
	}
	if newest := r.newestOf(l.GetSource()); newest.day > l.GetDay() {
		return coded{contradicts, fmt.Errorf("%s is of %s, and %q of %s is recorded already: an older release is never taken after a newer one", words, l.GetDay(), newest.name, newest.day)}
	}
	open, before := r.unfinished[l.GetSource()]
	delete(r.unfinished, l.GetSource())
	isNext := before && open.name == l.GetRelease() && open.day == l.GetDay() && open.parts == l.GetParts()
	switch {
	case l.GetPart() == 1:
		if before {
			r.problem(open.entry, incomplete(open))
		}
		open = unfinished{release: release{source: l.GetSource(), name: l.GetRelease(), day: l.GetDay()}, parts: l.GetParts()}
	case !isNext || int(l.GetPart()) != len(open.rows)+1:
		if before {
			r.unfinished[l.GetSource()] = open
		}
		return coded{contradicts, fmt.Errorf("%s does not follow the part before it: send all of them again, in order", words)}
	}
	open.rows, open.entry, open.digests = append(slices.Clip(open.rows), l.GetRows()), entry, l.GetDigests()
	if l.GetPart() < l.GetParts() {
		r.unfinished[l.GetSource()] = open
		return nil
	}
	r.releases = append(slices.Clip(r.releases), open.release)
	return nil
}

// newestOf is the release of a source that was taken last.
func (r *Register) newestOf(source string) (newest release) {
	for _, one := range r.releases {
		if one.source == source {
			newest = one
		}
	}
	return newest
}

func incomplete(open unfinished) error {
	return coded{notUnderstood, fmt.Errorf("practices of %.80q: %d of its %d parts are here: nothing of it counts before the last is", open.name, len(open.rows), open.parts)}
}

// settleReleases lists the releases of which parts are not here.
func (r *Register) settleReleases() {
	for _, source := range slices.Sorted(maps.Keys(r.unfinished)) {
		r.problem(r.unfinished[source].entry, incomplete(r.unfinished[source]))
	}
}

func checkPracticeList(l *ledgerv1.PracticeList) error {
	switch n := len(l.GetRows()); {
	case !notation.IsSlug(l.GetSource()):
		return fmt.Errorf("its source %.80q: %w", l.GetSource(), errSlug)
	case l.GetParts() < 1 || l.GetPart() < 1 || l.GetPart() > l.GetParts():
		return fmt.Errorf("part %d of %d: there is no such part", l.GetPart(), l.GetParts())
	case l.GetParts() > PartsLimit:
		return coded{tooMany, fmt.Errorf("it has %d parts: at most %d", l.GetParts(), PartsLimit)}
	case n == 0:
		return errors.New("it has no practices")
	case n > RowsLimit:
		return coded{tooMany, fmt.Errorf("it has %d bytes of practices: at most %d", n, RowsLimit)}
	}
	return checkRelease(l.GetRelease(), l.GetDay(), l.GetDigests())
}

// checkRelease refuses a release that says not what it is, of which day, and from which files.
func checkRelease(name, day string, digests [][]byte) error {
	if strings.TrimSpace(name) == "" {
		return errors.New("it does not say which release it is")
	}
	if err := checkLine("release", name); err != nil {
		return err
	}
	if !notation.IsDay(day) {
		return fmt.Errorf("%.20q is not a day: write YYYY-MM-DD", day)
	}
	if n := len(digests); n > DigestsLimit {
		return coded{tooMany, fmt.Errorf("it was made from %d files: at most %d", n, DigestsLimit)}
	}
	if slices.ContainsFunc(digests, func(digest []byte) bool { return len(digest) != sha256.Size }) {
		return fmt.Errorf("a digest of its files is not of %d bytes", sha256.Size)
	}
	return nil
}

// putPatients takes a list of patients in, as yet unread.
func (r *Register) putPatients(entry ledger.EntryID, l *ledgerv1.PatientList) error {
	wrong := func(err error) error { return fmt.Errorf("%.80q: %w", l.GetRelease(), err) }
	if err := checkRelease(l.GetRelease(), l.GetDay(), l.GetDigests()); err != nil {
		return wrong(err)
	}
	if n := len(l.GetRows()); n > RowsLimit {
		return wrong(coded{tooMany, fmt.Errorf("it has %d bytes of practices: at most %d", n, RowsLimit)})
	}
	if n := len(r.patientLists); n > 0 {
		switch newest := r.patientLists[n-1]; {
		case newest.GetDay() > l.GetDay():
			return wrong(coded{contradicts, fmt.Errorf("it is of %s, and %q of %s is recorded already: an older release is never taken after a newer one", l.GetDay(), newest.GetRelease(), newest.GetDay())})
		case newest.GetDay() == l.GetDay(): // recorded anew
			r.patientLists = append(slices.Clone(r.patientLists[:n-1]), patientList{PatientList: l, entry: entry})
			return nil
		}
	}
	r.patientLists = append(slices.Clip(r.patientLists), patientList{PatientList: l, entry: entry})
	return nil
}

const codeLength = 6

// PackPractices makes the records of one release, in as few parts as it needs; what they have in
// common stands in list. The practices are put in the order of their codes.
func PackPractices(list *ledgerv1.PracticeList, practices []*guidancev1.Practice) ([]*ledgerv1.PracticeList, error) {
	practices = slices.SortedFunc(slices.Values(practices), func(a, b *guidancev1.Practice) int { return strings.Compare(a.GetCode(), b.GetCode()) })
	for n := 1; n <= PartsLimit; n++ {
		parts := make([]*ledgerv1.PracticeList, n)
		fits := true
		for i := range parts {
			rows := &ledgerv1.PracticeRows{Practices: practices[i*len(practices)/n : (i+1)*len(practices)/n]}
			if fits = proto.Size(rows) <= UnpackedLimit; !fits {
				break
			}
			packed, err := pack(rows)
			if err != nil {
				return nil, err
			}
			if fits = len(packed) <= RowsLimit; !fits {
				break
			}
			parts[i] = proto.CloneOf(list)
			parts[i].Part, parts[i].Parts, parts[i].Rows = uint32(i+1), uint32(n), packed
		}
		if fits {
			return parts, nil
		}
	}
	return nil, fmt.Errorf("%d practices are more than one release may have, which is %d parts of %d KiB", len(practices), PartsLimit, RowsLimit>>10)
}

// pack compresses a message of rows.
func pack(rows proto.Message) ([]byte, error) {
	plain, err := proto.MarshalOptions{Deterministic: true}.Marshal(rows)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// PackPatients makes the record of a list of patients, of so many at each code; what else it says stands
// in list.
func PackPatients(list *ledgerv1.PatientList, at map[string]uint32) (*ledgerv1.PatientList, error) {
	rows := &ledgerv1.PatientRows{}
	for _, code := range slices.Sorted(maps.Keys(at)) {
		rows.Codes, rows.Patients = rows.Codes+code, append(rows.Patients, at[code])
	}
	packed, err := pack(rows)
	if err != nil {
		return nil, err
	}
	list = proto.CloneOf(list)
	list.Rows = packed
	return list, nil
}

// unpack is what pack packed.
func unpack(packed []byte) ([]byte, error) {
	rows, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), UnpackedLimit+1))
	if err != nil {
		return nil, fmt.Errorf("its practices cannot be read: %w", err)
	}
	if len(rows) > UnpackedLimit {
		return nil, coded{tooMany, fmt.Errorf("its practices are over %d bytes once they are read", UnpackedLimit)}
	}
	return rows, nil
}

// CheckPractice refuses a practice that cannot be recorded as it is.
func CheckPractice(p *guidancev1.Practice) error {
	if !notation.IsPractice(p.GetCode()) {
		return fmt.Errorf("%.20q is no practice's code: one letter and five digits", p.GetCode())
	}
	wrong := func(err error) error { return fmt.Errorf("practice %s: %w", p.GetCode(), err) }
	if err := checkNames(p.GetName(), nil); err != nil {
		return wrong(err)
	}
	for _, line := range []struct{ what, text string }{
		{"postcode", p.GetPostcode()}, {"telephone number", p.GetTelephone()}, {"kind", p.GetOtherKind()}, {"network", p.GetPcn()},
	} {
		if err := checkLine(line.what, line.text); err != nil {
			return wrong(err)
		}
	}
	if nation := p.GetNation(); nation != "" && !notation.IsSlug(nation) {
		return wrong(fmt.Errorf("its nation %.80q is no slug: write it as england or northern-ireland", nation))
	}
	if p.GetKind() == guidancev1.PracticeKind_PRACTICE_KIND_UNSPECIFIED {
		return wrong(errors.New("it does not say whether it is a GP practice"))
	}
	if err := checkDays(p.GetValidFrom(), p.GetValidUntil()); err != nil {
		return wrong(err)
	}
	if n := len(p.GetLiesIn()); n > MembershipsLimit {
		return wrong(coded{tooMany, fmt.Errorf("it has lain in %d areas: at most %d", n, MembershipsLimit)})
	}
	for _, m := range p.GetLiesIn() {
		if !isAreaID(m.GetArea()) {
			return wrong(fmt.Errorf("it lies in %.80q: %w", notation.AreaOf(m.GetArea()), errArea))
		}
		if err := checkDays(m.GetValidFrom(), m.GetValidUntil()); err != nil {
			return wrong(fmt.Errorf("area %s: %w", notation.AreaOf(m.GetArea()), err))
		}
	}
	if n := max(len(p.GetBranches()), len(p.GetTookOverFrom())); n > BranchesLimit {
		return wrong(coded{tooMany, fmt.Errorf("it has %d branches, or practices merged into it: at most %d of each", n, BranchesLimit)})
	}
	for _, code := range p.GetTookOverFrom() {
		if !notation.IsPractice(code) || code == p.GetCode() {
			return wrong(fmt.Errorf("it cannot have taken over from %.20q", code))
		}
	}
	for _, b := range p.GetBranches() {
		if code := b.GetCode(); !notation.IsBranch(code) || code[:codeLength] != p.GetCode() {
			return wrong(fmt.Errorf("%.20q is no code of a branch of it: its own, and three digits", code))
		}
		if err := errors.Join(checkLine("branch's name", b.GetName()), checkLine("branch's postcode", b.GetPostcode())); err != nil {
			return wrong(err)
		}
	}
	return nil
}
