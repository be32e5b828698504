package register

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// NamedLimit is how many items of a list, how many committees and how many matters are named
// before "and 3 more".
const NamedLimit = 12

// field is one field of what is recorded, as people read it. Of a list every item stands
// apart, so that what comes and goes can be told.
type field struct {
	name  string
	text  string
	items []string
	list  bool
}

// Changes is what records change of what is recorded: field by field as it was and as it will
// be, and who speaks for whom; then what to look at twice. before and after are the register
// without and with them. today is what past and future are told by.
func Changes(before, after *Register, records []*ledgerv1.RegisterRecord, today string) []*answersv1.RegisterChange {
	var changes []*answersv1.RegisterChange
	for _, subject := range Subjects(records) {
		changes = append(changes, fieldChanges(before.isKnown(subject), subject.String(), before.fields(subject), after.fields(subject))...)
	}
	for _, subject := range Subjects(records) {
		if subject.kind != committeeSubject {
			continue
		}
		was, is := before.mandates[subject.id].String(), after.mandates[subject.id].String()
		if was != is {
			changes = append(changes, &answersv1.RegisterChange{
				Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_SPEAKS, Of: subject.String(), Before: was, After: is,
				Words: fmt.Sprintf("%s is spoken for by: %s", subject.id, beforeAndAfter(was, is)),
			})
		}
	}
	for _, subject := range Subjects(records) {
		for _, words := range lookTwice(before, after, subject, today) {
			changes = append(changes, &answersv1.RegisterChange{Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE, Of: subject.String(), Words: words})
		}
	}
	return changes
}

// Subject is what a record is about.
type Subject struct {
	kind, id string
	area     *guidancev1.AreaId // of an area
}

const (
	officeSubject    = "office"
	committeeSubject = "committee"
	bodySubject      = "body"
	areaSubject      = "area"
)

// String is the subject as people read it: "committee kent".
func (s Subject) String() string { return s.kind + " " + s.id }

// Subjects are what records are about, each once, in the order of the records.
func Subjects(records []*ledgerv1.RegisterRecord) []Subject {
	var all []Subject
	for _, record := range records {
		var s Subject
		switch change := record.GetChange().(type) {
		case *ledgerv1.RegisterRecord_Admission:
			office := new(ledgerv1.OfficeRecord)
			if proto.Unmarshal(change.Admission.GetSigned().GetRecord(), office) != nil {
				continue // the fold refuses it
			}
			s = Subject{kind: officeSubject, id: office.GetOffice().GetId()}
		case *ledgerv1.RegisterRecord_Revocation:
			s = Subject{kind: officeSubject, id: change.Revocation.GetOffice()}
		case *ledgerv1.RegisterRecord_ReportingRight:
			s = Subject{kind: officeSubject, id: change.ReportingRight.GetOffice()}
		case *ledgerv1.RegisterRecord_Committee:
			s = Subject{kind: committeeSubject, id: change.Committee.GetId()}
		case *ledgerv1.RegisterRecord_Mandate:
			s = Subject{kind: committeeSubject, id: change.Mandate.GetCommittee()}
		case *ledgerv1.RegisterRecord_Body:
			s = Subject{kind: bodySubject, id: change.Body.GetId()}
		case *ledgerv1.RegisterRecord_Area:
			s = Subject{kind: areaSubject, id: notation.AreaOf(change.Area.GetId()).String(), area: change.Area.GetId()}
		default:
			continue
		}
		if !slices.ContainsFunc(all, func(other Subject) bool { return other.String() == s.String() }) {
			all = append(all, s)
		}
	}
	return all
}

func (r *Register) isKnown(s Subject) bool {
	switch s.kind {
	case officeSubject:
		return r.Office(s.id) != nil
	case committeeSubject:
		return r.Committee(s.id) != nil
	case bodySubject:
		return r.Body(s.id) != nil
	}
	return r.HasArea(s.area)
}

// fields are those of what is recorded of a subject, in the order they are shown.
func (r *Register) fields(s Subject) []field {
	switch s.kind {
	case officeSubject:
		record := r.offices[s.id]
		contact := record.GetOffice().GetContact()
		var nodes, keys []string
		for _, node := range record.GetNodes() {
			nodes = append(nodes, cmp.Or(node.GetAddress(), "one that only dials"))
		}
		if record != nil {
			for _, key := range keysOf(record) {
				if !r.isRevoked(s.id, key) {
					keys = append(keys, hex.EncodeToString(key)[:16])
				}
			}
		}
		serial := ""
		if record.GetSerial() > 0 {
			serial = strconv.FormatUint(record.GetSerial(), 10)
		}
		mayReport := slices.Clone(r.reporting[s.id])
		for i := range mayReport {
			mayReport[i].who = "yes"
		}
		return []field{
			{name: "name", text: record.GetOffice().GetName()},
			{name: "other names", items: record.GetOffice().GetAliases(), list: true},
			{name: "its record's number", text: serial},
			{name: "contact", text: contact.GetName()},
			{name: "telephone", text: contact.GetTelephone()},
			{name: "e-mail", text: contact.GetEmail()},
			{name: "page", text: contact.GetUrl()},
			{name: "nodes", items: nodes, list: true},
			{name: "keys", items: keys, list: true},
			{name: "may record what others are reported to have said", text: mayReport.String()},
		}
	case committeeSubject:
		c := r.Committee(s.id)
		var areas []string
		for _, tenure := range c.GetAreas() {
			areas = append(areas, strings.TrimSpace(notation.AreaOf(tenure.GetArea()).String()+" "+periodWords(tenure.GetValidFrom(), tenure.GetValidUntil())))
		}
		return []field{
			{name: "name", text: c.GetName()},
			{name: "kind", text: CommitteeKindWords(c.GetKind())},
			{name: "nation", text: notation.Title(c.GetNation())},
			{name: "other names", items: c.GetAliases(), list: true},
			{name: "areas", items: areas, list: true},
			{name: "first day", text: c.GetValidFrom()},
			{name: "last day", text: c.GetValidUntil()},
			{name: "merged from", items: c.GetPredecessors(), list: true},
		}
	case bodySubject:
		b := r.Body(s.id)
		return []field{
			{name: "name", text: b.GetName()},
			{name: "kind", text: BodyKindWords(b.GetKind())},
			{name: "other names", items: b.GetAliases(), list: true},
		}
	}
	a := r.areas[notation.AreaOf(s.area)].record
	number := func(n *int32) string {
		if n == nil {
			return ""
		}
		return notation.Thousands(int64(*n))
	}
	var practices, patients *int32
	if a != nil {
		practices, patients = a.Practices, a.Patients
	}
	return []field{
		{name: "name", text: a.GetName()},
		{name: "first day", text: a.GetValidFrom()},
		{name: "last day", text: a.GetValidUntil()},
		{name: "within", items: idWords(a.GetWithin()), list: true},
		{name: "successors", items: idWords(a.GetSuccessors()), list: true},
		{name: "practices", text: number(practices)},
		{name: "patients", text: number(patients)},
		{name: "release of its numbers", text: a.GetRelease()},
		{name: "practice codes", items: a.GetPracticeCodes(), list: true},
		{name: "note", text: a.GetNote()},
	}
}

func idWords(ids []*guidancev1.AreaId) []string {
	var names []string
	for _, id := range ids {
		names = append(names, notation.AreaOf(id).String())
	}
	return names
}

// fieldChanges are the fields in which two looks at one thing differ. before and after of a
// list are what goes and what comes.
func fieldChanges(known bool, of string, was, is []field) []*answersv1.RegisterChange {
	var changes []*answersv1.RegisterChange
	add := func(name, before, after, words string) {
		changes = append(changes, &answersv1.RegisterChange{
			Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_FIELD, Of: of, Field: name, Before: before, After: after, Words: words,
		})
	}
	for i := range is {
		name, before, after := is[i].name, was[i].text, is[i].text
		if !is[i].list {
			if before != after {
				add(name, before, after, name+": "+beforeAndAfter(before, after))
			}
			continue
		}
		gone, come := without(was[i].items, is[i].items), without(is[i].items, was[i].items)
		var words []string
		if len(come) > 0 {
			words = append(words, some(come)+" added")
		}
		if len(gone) > 0 {
			words = append(words, some(gone)+" taken out")
		}
		if !known && len(come) > 0 {
			words = []string{some(come)}
		}
		if len(words) > 0 {
			add(name, notation.Names(gone), notation.Names(come), name+": "+strings.Join(words, "; "))
		}
	}
	return changes
}

func beforeAndAfter(before, after string) string {
	switch {
	case before == "":
		return after
	case after == "":
		return before + " -> not recorded"
	}
	return before + " -> " + after
}

// without is the items that others does not have.
func without(items, others []string) []string {
	have := map[string]bool{}
	for _, other := range others {
		have[other] = true
	}
	return slices.DeleteFunc(slices.Clone(items), func(item string) bool { return have[item] })
}

// some names the first of many.
func some(items []string) string {
	if len(items) <= NamedLimit {
		return notation.Names(items)
	}
	return notation.Names(items[:NamedLimit]) + " and " + strconv.Itoa(len(items)-NamedLimit) + " more"
}

// lookTwice is what is allowed of a subject, and seldom meant.
func lookTwice(before, after *Register, s Subject, today string) []string {
	var words []string
	switch s.kind {
	case areaSubject:
		a := after.areas[notation.AreaOf(s.area)].record
		if a.GetValidUntil() != "" && len(a.GetSuccessors()) == 0 && (a.GetPractices() > 0 || a.GetPatients() > 0 || len(a.GetPracticeCodes()) > 0) {
			words = append(words, fmt.Sprintf("%s ends on %s with practices in it, and nothing is recorded to take over from it: from then on they are counted nowhere by this area. Record its successors when they are known.", s.id, a.GetValidUntil()))
		}
	case committeeSubject:
		c := after.Committee(s.id)
		for _, id := range c.GetPredecessors() {
			old := after.Committee(id)
			from := cmp.Or(c.GetValidFrom(), today)
			if old != nil && on(old.GetValidFrom(), old.GetValidUntil(), from) {
				words = append(words, fmt.Sprintf("%s was merged from %s, which is still there on %s: both are counted. Record the last day of %s.", s.id, id, from, id))
			}
		}
		if c != nil && c.GetKind() == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC && len(after.mandates[s.id]) == 0 {
			words = append(words, "nobody speaks for "+s.id+" yet: record a mandate, or admit its office.")
		}
		for _, m := range after.mandates[s.id] {
			isNew := !slices.ContainsFunc(before.mandates[s.id], func(had span) bool { return had.from == m.from && had.who == m.who })
			if isNew && m.who != "" && c.GetValidUntil() != "" && m.from > c.GetValidUntil() {
				words = append(words, fmt.Sprintf("%s ended on %s, before %s begins to speak for it on %s.", s.id, c.GetValidUntil(), m.who, m.from))
			}
		}
		for _, day := range append([]string{firstDay}, Turns(before, after, []Subject{s})...) {
			was, spoke := before.OfficeFor(s.id, day)
			is, _ := after.OfficeFor(s.id, day)
			if !spoke || was == is || day > today {
				continue
			}
			if day == today {
				words = append(words, fmt.Sprintf("%s, which is today: from then on %s does not speak for %s by this register, and what it published for it today counts no more.", dayWords(day), was, s.id))
			} else {
				words = append(words, fmt.Sprintf("%s, which lies behind: from then on %s did not speak for %s by this register, and what it published for it counts no more.", dayWords(day), was, s.id))
			}
			break
		}
	}
	return words
}

// firstDay is the first there is: what always was, was then.
const firstDay = "0001-01-01"

func dayWords(day string) string {
	if day == firstDay {
		return "from the beginning"
	}
	return "from " + day
}

// Turns are the days, after the first there is, on which anything that is recorded of the
// subjects begins, or has ended, without or with their records. In order, each once.
func Turns(before, after *Register, subjects []Subject) []string {
	var days []string
	add := func(from, until string) { days = append(days, from, DayAfter(until)) }
	for _, r := range []*Register{before, after} {
		for _, s := range subjects {
			switch s.kind {
			case committeeSubject:
				c := r.Committee(s.id)
				add(c.GetValidFrom(), c.GetValidUntil())
				for _, tenure := range c.GetAreas() {
					add(tenure.GetValidFrom(), tenure.GetValidUntil())
				}
				for _, m := range r.mandates[s.id] {
					add(m.from, m.until)
				}
			case officeSubject:
				for _, right := range r.reporting[s.id] {
					add(right.from, right.until)
				}
			case areaSubject:
				a := r.areas[notation.AreaOf(s.area)].record
				add(a.GetValidFrom(), a.GetValidUntil())
			}
		}
	}
	days = slices.DeleteFunc(days, func(day string) bool { return day <= firstDay })
	slices.Sort(days)
	return slices.Compact(days)
}

// PracticesNear are practices that what is recorded of the subjects bears on, whatever the day:
// those listed by their areas, by what lies within these, or by what these took over from or
// were taken over by. Of practices that the same areas list, one stands for all. At most limit,
// by code.
func PracticesNear(before, after *Register, subjects []Subject, limit int) []string {
	both := []*Register{before, after}
	near := map[notation.Area]bool{}
	for _, r := range both {
		next := func(key notation.Area) []notation.Area {
			return slices.Concat(r.inside[key], r.cameFrom[key], keysOfAreas(r.areas[key].record.GetSuccessors()))
		}
		for _, s := range subjects {
			var own []notation.Area
			if s.kind == areaSubject {
				own = append(own, notation.AreaOf(s.area))
			}
			if s.kind == committeeSubject {
				for _, tenure := range r.Committee(s.id).GetAreas() {
					own = append(own, notation.AreaOf(tenure.GetArea()))
				}
			}
			for _, key := range own {
				for _, reached := range reach(key, next) {
					near[reached] = true
				}
			}
		}
	}
	listed := map[string]bool{}
	for _, r := range both {
		for key := range near {
			for _, code := range r.areas[key].record.GetPracticeCodes() {
				listed[practiceCode(code)] = true
			}
		}
	}
	first := map[string]string{} // by those areas, the first code
	for _, code := range slices.Sorted(maps.Keys(listed)) {
		var by strings.Builder
		for _, r := range both {
			for _, a := range r.byPractice[code] {
				by.WriteString(notation.AreaOf(a.GetId()).String() + " ")
			}
			by.WriteByte('/')
		}
		if _, again := first[by.String()]; !again {
			first[by.String()] = code
		}
	}
	codes := slices.Sorted(maps.Values(first))
	return codes[:min(len(codes), limit)]
}

// CommitteeKindWords is a committee's kind as people read it; empty: not stated.
func CommitteeKindWords(kind guidancev1.CommitteeKind) string {
	switch kind {
	case guidancev1.CommitteeKind_COMMITTEE_KIND_UNSPECIFIED:
		return ""
	case guidancev1.CommitteeKind_COMMITTEE_KIND_LMC:
		return "LMC"
	case guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE:
		return "national committee"
	case guidancev1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY:
		return "other body, not counted"
	case guidancev1.CommitteeKind_COMMITTEE_KIND_CONFERENCE:
		return "conference, not counted"
	}
	return "of a kind this software does not know"
}

// BodyKindWords is a body's kind as people read it; empty: not stated.
func BodyKindWords(kind guidancev1.BodyKind) string {
	switch kind {
	case guidancev1.BodyKind_BODY_KIND_UNSPECIFIED:
		return ""
	case guidancev1.BodyKind_BODY_KIND_NHS_BODY:
		return "NHS body"
	case guidancev1.BodyKind_BODY_KIND_GOVERNMENT:
		return "government"
	case guidancev1.BodyKind_BODY_KIND_COMMISSIONER:
		return "commissioner"
	case guidancev1.BodyKind_BODY_KIND_COMMITTEE:
		return "committee"
	}
	return "of a kind this software does not know"
}
