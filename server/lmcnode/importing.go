package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// nhsSource is whose list of practices an import records.
const nhsSource = "nhs"

// importing makes records of what the NHS's files say and the register does not have yet. Nothing is
// taken out of it: what is no more gets its last day.
type importing struct {
	release    *ods.Release
	today      string // of the keeper's node
	keeper     string // the keeper's office
	areas      areas  // of the register, then as they will be
	committees map[string]*guidancev1.Committee
	known      map[string]*guidancev1.Practice // as the register has them
	practices  map[string]*guidancev1.Practice // as they will be
	releases   []*answersv1.PracticeRelease    // that the register has
	has        map[ods.Kind]bool               // the files there are
	speaks     map[string]string               // which office speaks for each committee
	offices    map[string]string               // how each is called
	given      map[string]string               // which office gave a list, where the keeper says it
	rows       []ods.Membership                // of lists, those that count
	listed     map[string]bool                 // the committees that lists name
	lists      map[string]bool                 // those of them that practices are listed for, and those recalled
	changed    struct {
		areas      map[notation.Area]bool
		committees map[string]bool
	}
	notes []string
}

// newImporting begins an import into the register as it is.
func newImporting(reg *answersv1.GetRegisterResponse, known *answersv1.ListPracticesResponse, release *ods.Release, given map[string]string) *importing {
	i := &importing{
		release: release, given: given, today: reg.GetDay(), keeper: reg.GetKeeper(), areas: areasOf(reg), committees: map[string]*guidancev1.Committee{}, practices: map[string]*guidancev1.Practice{},
		releases: known.GetReleases(), has: map[ods.Kind]bool{}, listed: map[string]bool{}, lists: map[string]bool{}, notes: slices.Clone(release.Notes),
	}
	i.speaks, i.offices = speakersOf(reg)
	i.changed.areas, i.changed.committees = map[notation.Area]bool{}, map[string]bool{}
	for _, c := range reg.GetCommittees() {
		i.committees[c.Id] = c
	}
	for _, p := range known.GetPractices() {
		i.practices[p.Code] = p
	}
	i.known = maps.Clone(i.practices)
	for _, file := range release.Files {
		i.has[file.Kind] = true
	}
	return i
}

// records are those that the register lacks, in the order in which they build on one another; none: it
// has all of it.
func (i *importing) records() ([]*ledgerv1.RegisterRecord, error) {
	if i.release.Day > i.today { // a slip of the year would shut out every release until then
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("--day is %s, which lies after today, %s", plain.Day(i.release.Day), plain.Day(i.today)), "give the day that the files are of; once a release is recorded, none of a day before it is taken any more")
	}
	newest := ""
	for _, had := range i.releases {
		if had.GetSource() == nhsSource {
			newest = max(newest, had.GetDay())
		}
	}
	if newest > i.release.Day {
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("the register has the release of %s, and these files are of %s", plain.Day(newest), plain.Day(i.release.Day)), "take the newest files; an older release is never recorded after a newer one")
	}
	i.putAreas()
	i.putPractices()
	if err := i.putLists(); err != nil {
		return nil, err
	}
	if err := i.putMergers(); err != nil {
		return nil, err
	}
	var records []*ledgerv1.RegisterRecord
	for _, key := range slices.SortedFunc(maps.Keys(i.changed.areas), successorsFirst(i.areas)) {
		records = append(records, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: i.areas[key]}})
	}
	for _, id := range slices.Sorted(maps.Keys(i.changed.committees)) {
		records = append(records, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: i.committees[id]}})
	}
	var changed []*guidancev1.Practice
	for _, code := range slices.Sorted(maps.Keys(i.practices)) {
		if had := i.known[code]; had != nil && proto.Equal(had, i.practices[code]) {
			continue
		}
		if err := register.CheckPractice(i.practices[code]); err != nil {
			return nil, fault.New(fault.ErrInvalid, err.Error(), "put it right in the file, or in the office's list, and read all of them again")
		}
		changed = append(changed, i.practices[code])
	}
	if len(changed) > 0 || newest != "" && newest < i.release.Day { // a month without changes is known to be so
		list := &ledgerv1.PracticeList{Source: nhsSource, Release: "NHS organisation data, " + plain.Day(i.release.Day), Day: i.release.Day}
		for _, file := range i.release.Files {
			if file.Kind != ods.PatientsFile {
				list.Digests = append(list.Digests, file.Digest[:])
			}
		}
		parts, err := register.PackPractices(list, changed)
		if err != nil {
			return nil, err
		}
		for _, part := range parts {
			records = append(records, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: part}})
		}
	}
	switch patients, err := i.patients(); {
	case err != nil:
		return nil, err
	case patients != nil:
		records = append(records, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Patients{Patients: patients}})
	}
	return records, nil
}

// putPractices are the practices of the files. What prescribes beside them and is closed is left out
// where the register does not have it.
func (i *importing) putPractices() {
	seen := map[string]bool{}
	var odd, gone []string
	for n := range i.release.Practices {
		file := &i.release.Practices[n]
		had := i.practices[file.Code]
		switch {
		case !notation.IsPractice(file.Code):
			odd = append(odd, file.Code)
			continue
		case had == nil && !file.IsOpen() && (!file.GP || file.Closed == ""):
			continue
		}
		seen[file.Code] = true
		i.putPractice(i.practice(had, file))
	}
	for code, had := range i.practices {
		if !seen[code] && had.ValidUntil == "" {
			closed := proto.CloneOf(had)
			closed.ValidUntil = notation.DayBefore(i.release.Day)
			i.putPractice(closed)
			gone = append(gone, code)
		}
	}
	if len(gone) > 0 {
		slices.Sort(gone)
		i.notes = append(i.notes, fmt.Sprintf("open until now, and not in the file of practices: %s, which are taken to have closed the day before. The NHS leaves in it what has closed: look whether the file is whole", clipped(gone)))
	}
	if len(odd) > 0 {
		slices.Sort(odd)
		i.notes = append(i.notes, fmt.Sprintf("left out, for the code is no practice's: %s", clipped(odd)))
	}
}

// clipped names the first of many.
func clipped(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// putPractice notes what a practice becomes; whether that is something else than the register has, records looks.
func (i *importing) putPractice(p *guidancev1.Practice) {
	slices.SortStableFunc(p.LiesIn, func(a, b *guidancev1.PracticeMembership) int {
		return cmp.Or(notation.AreaOf(a.Area).Compare(notation.AreaOf(b.Area)), cmp.Compare(a.ValidFrom, b.ValidFrom))
	})
	i.practices[p.Code] = p
}

// practice is one as the files have it, with what the register had that no file tells of.
func (i *importing) practice(had *guidancev1.Practice, file *ods.Practice) *guidancev1.Practice {
	p := &guidancev1.Practice{
		Code: file.Code, Name: cmp.Or(file.Name, had.GetName()), Postcode: file.Postcode, Telephone: file.Telephone, Nation: file.Nation, Kind: guidancev1.PracticeKind_PRACTICE_KIND_GP_PRACTICE,
		ValidFrom: file.Opened, ValidUntil: file.Closed, TookOverFrom: had.GetTookOverFrom(), Branches: had.GetBranches(), Pcn: had.GetPcn(),
	}
	for _, m := range had.GetLiesIn() {
		p.LiesIn = append(p.LiesIn, proto.CloneOf(m))
	}
	if !file.GP {
		p.Kind, p.OtherKind = guidancev1.PracticeKind_PRACTICE_KIND_OTHER, file.Setting
	}
	if !file.IsOpen() && p.ValidUntil == "" {
		p.ValidUntil = cmp.Or(had.GetValidUntil(), notation.DayBefore(i.release.Day))
	}
	if i.has[ods.NetworksFile] {
		network, _ := file.NetworkOn(i.release.Day)
		p.Pcn = network.Code
	}
	if i.has[ods.BranchesFile] {
		p.Branches = nil
		for _, b := range file.Branches {
			if b.Closed == "" && notation.IsBranch(b.Code) && strings.HasPrefix(b.Code, p.Code) {
				p.Branches = append(p.Branches, &guidancev1.PracticeBranch{Code: b.Code, Name: b.Name, Postcode: b.Postcode})
			}
		}
	}
	i.lieIn(p, file.Commissioner)
	return p
}

// lieIn puts a practice into the sub-ICB location, or health board, of the files: out of the one before on
// the day before it came into this.
func (i *importing) lieIn(p *guidancev1.Practice, stay ods.Stay) {
	if !stay.Area.IsValid() {
		return
	}
	from := stay.From
	for _, m := range p.LiesIn {
		if m.ValidUntil != "" || m.Area.Scheme != ods.SubICB && m.Area.Scheme != ods.Board {
			continue
		}
		if notation.AreaOf(m.Area) == stay.Area {
			return
		}
		if from == "" || from <= m.ValidFrom {
			from = i.release.Day
			ended, began := i.areas[notation.AreaOf(m.Area)].GetValidUntil(), i.areas[stay.Area].GetValidFrom()
			if next := notation.DayAfter(ended); ended != "" && ended >= m.ValidFrom && next < from && began <= next { // it was there no longer
				from = next
			}
		}
		m.ValidUntil = notation.DayBefore(from)
	}
	p.LiesIn = slices.DeleteFunc(p.LiesIn, func(m *guidancev1.PracticeMembership) bool { return m.ValidUntil != "" && m.ValidUntil < m.ValidFrom })
	p.LiesIn = append(p.LiesIn, &guidancev1.PracticeMembership{Area: idOf(stay.Area), ValidFrom: from})
}

// patients are those registered by the file of them; nil: there is none, or the register has it.
func (i *importing) patients() (*ledgerv1.PatientList, error) {
	l := &ledgerv1.PatientList{}
	for _, file := range i.release.Files {
		if file.Kind == ods.PatientsFile {
			l.Day, l.Release, l.Digests = file.Day, "patients registered, "+plain.Day(file.Day), [][]byte{file.Digest[:]}
		}
	}
	if l.Day == "" {
		return nil, nil // no file of them
	}
	for _, had := range i.releases { // all of them before any is taken for this one
		if had.GetSource() == "" && had.GetDay() > l.Day {
			return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("the file of patients is of %s, and the register has that of %s: these are the files of an older release", plain.Day(l.Day), plain.Day(had.GetDay())), "take the newest files, and give --day the day that they are of")
		}
	}
	for _, had := range i.releases {
		if had.GetSource() == "" && had.GetDay() == l.Day && slices.EqualFunc(had.GetDigests(), l.Digests, slices.Equal) {
			return nil, nil
		}
	}
	at := map[string]uint32{}
	for _, p := range i.release.Practices {
		if p.Counted && notation.IsPractice(p.Code) {
			at[p.Code] = uint32(p.Patients)
		}
	}
	if len(at) == 0 {
		return nil, nil
	}
	return register.PackPatients(l, at)
}
