package register

import (
	"cmp"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// NamedLimit is how many items of a list, how many committees and how many matters are named
// before "and 3 more".
const NamedLimit = 12

// Changes is what records change of what is recorded: field by field as it was and as it will
// be, and who speaks for whom; then what to look at twice. before and after are the register
// without and with them. today is what past and future are told by.
func Changes(before, after *Register, records []*ledgerv1.RegisterRecord, today string) []*answersv1.RegisterChange {
	var changes []*answersv1.RegisterChange
	subjects := Subjects(records)
	hasLists := slices.ContainsFunc(subjects, Subject.IsList)
	many := map[string]int{}
	for _, subject := range subjects {
		if many[subject.kind]++; subject.IsList() || hasLists && many[subject.kind] > NamedLimit {
			continue // they are many: told together
		}
		changes = append(changes, fieldChanges(before.isKnown(subject), subject.String(), before.fields(subject), after.fields(subject))...)
	}
	for _, subject := range subjects {
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
	told := map[string]int{}
	for _, subject := range subjects {
		if told[subject.kind]++; hasLists && told[subject.kind] > NamedLimit {
			continue
		}
		for _, words := range lookTwice(before, after, subject, today) {
			changes = append(changes, &answersv1.RegisterChange{Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE, Of: subject.String(), Words: words})
		}
	}
	for _, kind := range []string{areaSubject, committeeSubject} {
		if n := many[kind] - NamedLimit; hasLists && n > 0 {
			changes = append(changes, &answersv1.RegisterChange{
				Kind: answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_FIELD, Of: kind + "s", Field: "more",
				Words: fmt.Sprintf("and %d more %ss", n, kind),
			})
		}
	}
	if hasLists {
		changes = append(changes, listChanges(before, after, today)...)
		slices.SortStableFunc(changes, func(a, b *answersv1.RegisterChange) int { return cmp.Compare(shownAs(a), shownAs(b)) })
	}
	return changes
}

// shownAs is the order of kinds: what to look at twice stands last.
func shownAs(c *answersv1.RegisterChange) int {
	switch c.GetKind() {
	case answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_FIELD:
		return 0
	case answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE:
		return 2
	}
	return 1
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
	listSubject      = "practices"
)

// String is the subject as people read it: "committee kent".
func (s Subject) String() string {
	if s.kind == listSubject {
		return listSubject
	}
	return s.kind + " " + s.id
}

// IsList says whether a record is a list of practices, or of patients.
func (s Subject) IsList() bool { return s.kind == listSubject }

// Committee is the committee that a record is about, by its id.
func (s Subject) Committee() (id string, ok bool) { return s.id, s.kind == committeeSubject }

// IsBody says whether a record is about a body.
func (s Subject) IsBody() bool { return s.kind == bodySubject }

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
		case *ledgerv1.RegisterRecord_Practices, *ledgerv1.RegisterRecord_Patients:
			s = Subject{kind: listSubject}
		default:
			continue
		}
		if !slices.ContainsFunc(all, func(other Subject) bool { return other.String() == s.String() }) {
			all = append(all, s)
		}
	}
	return all
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
		words = append(words, leftToNobody(before, after, s, today)...)
		words = append(words, thereTwice(before, after, notation.AreaOf(s.area))...)
		words = append(words, coveredTwiceBy(before, after, s.area)...)
	case bodySubject:
		b := after.Body(s.id)
		if b.GetValidUntil() != "" && len(b.GetSuccessors()) == 0 {
			words = append(words, fmt.Sprintf("%s ceases on %s, and nothing is recorded in its place: readers are told so. Record its successors when they are known.", s.id, b.GetValidUntil()))
		}
	case committeeSubject:
		c := after.Committee(s.id)
		from := cmp.Or(c.GetValidFrom(), today)
		isStillThere := func(old *guidancev1.Committee) bool {
			return old != nil && slices.Contains(c.GetPredecessors(), old.GetId()) && notation.IsWithin(from, old.GetValidFrom(), old.GetValidUntil())
		}
		for _, id := range c.GetPredecessors() {
			if isStillThere(after.Committee(id)) {
				words = append(words, after.besideMerged(c, id, from))
			}
		}
		words = append(words, leftToNobody(before, after, s, today)...)
		words = append(words, coveredTwice(before, after, c, isStillThere)...)
		words = append(words, after.calledAlike(c, before.Committee(s.id))...)
		if c != nil && c.GetKind() != guidancev1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY && len(after.mandates[s.id]) == 0 { // other bodies are reported on
			words = append(words, "nobody speaks for "+s.id+" yet: record a mandate, or admit its office.")
		}
		for _, id := range append([]string{s.id}, after.Successors(s.id)...) {
			if told := after.unspoken(id); told != "" && told != before.unspoken(id) {
				words = append(words, told)
			}
		}
		for _, m := range after.mandates[s.id] {
			isNew := !slices.ContainsFunc(before.mandates[s.id], func(had span) bool { return had.from == m.from && had.who == m.who })
			if isNew && m.who != "" && c.GetValidUntil() != "" && m.from > c.GetValidUntil() {
				words = append(words, fmt.Sprintf("%s ended on %s, before %s begins to speak for it on %s.", s.id, c.GetValidUntil(), m.who, m.from))
			}
		}
		switch day, was, ok := FirstHandover(before, after, s.id); {
		case !ok || day > today:
		case day == today:
			words = append(words, fmt.Sprintf("%s, which is today: from then on %s does not speak for %s by this register, and what it published for it today counts no more.", dayWords(day), was, s.id))
		default:
			words = append(words, fmt.Sprintf("%s, which lies behind: from then on %s did not speak for %s by this register, and what it published for it since counts no more.", dayWords(day), was, s.id))
		}
	}
	return words
}

// calledAlike is which names of a committee, that it did not have before, others have too on a day on which it is there.
func (r *Register) calledAlike(c, was *guidancev1.Committee) (words []string) {
	names := func(of *guidancev1.Committee) []string { return append([]string{of.GetName()}, of.GetAliases()...) }
	isOne := func(name string, of *guidancev1.Committee) bool {
		return slices.ContainsFunc(names(of), func(s string) bool { return notation.NameAsRead(s) == notation.NameAsRead(name) })
	}
	for _, name := range names(c) {
		if name == "" || isOne(name, was) {
			continue
		}
		for _, other := range r.EveryCommittee() {
			if from := max(c.GetValidFrom(), other.GetValidFrom()); other.GetId() != c.GetId() && isOne(name, other) &&
				notation.IsWithin(from, c.GetValidFrom(), c.GetValidUntil()) && notation.IsWithin(from, other.GetValidFrom(), other.GetValidUntil()) {
				words = append(words, fmt.Sprintf("%s is called “%s”, and so is %s: readers cannot tell one from the other. If the two are one, record it as %s alone; else give one of them another name.", c.GetId(), name, other.GetId(), other.GetId()))
			}
		}
	}
	return words
}

// FirstHandover is the first day on which an office speaks for a committee by the register
// before and not by the one after, and that office.
func FirstHandover(before, after *Register, committee string) (day, from string, ok bool) {
	for _, day := range append([]string{notation.FirstDay}, Turns(before, after, []Subject{{kind: committeeSubject, id: committee}})...) {
		was, spoke := before.OfficeFor(committee, day)
		if is, _ := after.OfficeFor(committee, day); spoke && was != is {
			return day, was, true
		}
	}
	return "", "", false
}

func dayWords(day string) string {
	if day == notation.FirstDay {
		return "from the beginning"
	}
	return "from " + day
}
