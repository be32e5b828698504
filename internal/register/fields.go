package register

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// field is one field of what is recorded, as people read it. Of a list every item stands
// apart, so that what comes and goes can be told.
type field struct {
	name  string
	text  string
	items []string
	list  bool
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
		return []field{
			{name: "name", text: c.GetName()},
			{name: "kind", text: CommitteeKindWords(c.GetKind())},
			{name: "nation", text: notation.Title(c.GetNation())},
			{name: "other names", items: c.GetAliases(), list: true},
			{name: "areas", items: tenureWords(c.GetAreas()), list: true},
			{name: "first day", text: c.GetValidFrom()},
			{name: "last day", text: c.GetValidUntil()},
			{name: "merged from", items: c.GetPredecessors(), list: true},
			{name: "neighbours", items: c.GetNeighbours(), list: true},
		}
	case bodySubject:
		b := r.Body(s.id)
		return []field{
			{name: "name", text: b.GetName()},
			{name: "kind", text: BodyKindWords(b.GetKind())},
			{name: "other names", items: b.GetAliases(), list: true},
			{name: "last day", text: b.GetValidUntil()},
			{name: "successors", items: b.GetSuccessors(), list: true},
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
		{name: "within", items: append(idWords(a.GetWithin()), tenureWords(a.GetLiesIn())...), list: true},
		{name: "successors", items: idWords(a.GetSuccessors()), list: true},
		{name: "practices", text: number(practices)},
		{name: "patients", text: number(patients)},
		{name: "release of its numbers", text: a.GetRelease()},
		{name: "practice codes", items: a.GetPracticeCodes(), list: true},
		{name: "release of its patients", text: a.GetPatientsRelease()},
		{name: "note", text: a.GetNote()},
	}
}

func tenureWords(tenures []*guidancev1.AreaTenure) []string {
	var words []string
	for _, t := range tenures {
		words = append(words, strings.TrimSpace(notation.AreaOf(t.GetArea()).String()+" "+notation.PeriodWords(t.GetValidFrom(), t.GetValidUntil())))
	}
	return words
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
