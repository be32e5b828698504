package guidance

import (
	"regexp"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// betweenDigits is what may stand between the groups of an NHS number: blanks of any width, line breaks, dashes, dots and the
// bars of a table.
const betweenDigits = `\s\p{Z}\p{Pd}\x{00AD}\x{200B}\x{2060}\x{2212}.·•|`

var (
	// tenDigits is ten digits as NHS numbers are written: in one run, or 3-3-4 with a few of these between.
	tenDigits   = regexp.MustCompile(`\d{3}[` + betweenDigits + `]{0,4}\d{3}[` + betweenDigits + `]{0,4}\d{4}`)
	ofTelephone = regexp.MustCompile(`(?:\+44|\(0\))[` + betweenDigits + `]*$`)
)

// patients refuses text in which a patient could be identified: no patient data ever
// (domain.md 7). What can be told for certain enough is an NHS number.
func (f *faults) patients(m proto.Message) {
	eachText("", m.ProtoReflect(), func(field, s string) {
		if found, at := nhsNumber(s); found != "" {
			f.add(field, "holds what looks like an NHS number (%s…) at byte %d: remove it; no patient data is ever published (where they are other figures, write a word between them)", found[:3], at)
		}
	})
}

// nhsNumber finds a valid NHS number that stands by itself, not inside a longer number,
// a web address or a telephone number, and at which byte; empty when there is none.
func nhsNumber(s string) (number string, at int) {
	for start := 0; start < len(s); {
		loc := tenDigits.FindStringIndex(s[start:])
		if loc == nil {
			return "", 0
		}
		from, to := start+loc[0], start+loc[1]
		if standsAlone(s, from, to) && validNHSNumber(s[from:to]) {
			return s[from:to], from
		}
		start = from + 1
	}
	return "", 0
}

// standsAlone says whether nothing before or after the digits makes them part of
// something else.
func standsAlone(s string, from, to int) bool {
	before, after := s[:from], s[to:]
	if before != "" && partOfWord(before[len(before)-1]) || after != "" && partOfWord(after[0]) {
		return false
	}
	return !ofTelephone.MatchString(before[max(0, len(before)-16):])
}

// partOfWord is a character that makes digits beside it part of a word, a number or a
// web address.
func partOfWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("/=_&%#@+", c) >= 0
}

// validNHSNumber checks the last of ten digits, modulus 11.
func validNHSNumber(s string) bool {
	sum, n, last := 0, 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		last = int(s[i] - '0')
		if n++; n < 10 {
			sum += (11 - n) * last
		}
	}
	check := 11 - sum%11
	return n == 10 && check != 10 && check%11 == last
}

// eachText visits every text of a message with its path ("positions[1].rationale").
func eachText(path string, m protoreflect.Message, visit func(field, s string)) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() { // in the order of the schema, so that errors keep theirs
		field := fields.Get(i)
		if !m.Has(field) || field.IsMap() {
			continue
		}
		here := join(path, string(field.Name()))
		if !field.IsList() {
			eachValue(here, field, m.Get(field), visit)
			continue
		}
		list := m.Get(field).List()
		for j := range list.Len() {
			eachValue(at(here, j), field, list.Get(j), visit)
		}
	}
}

func eachValue(path string, field protoreflect.FieldDescriptor, v protoreflect.Value, visit func(field, s string)) {
	switch field.Kind() {
	case protoreflect.StringKind:
		visit(path, v.String())
	case protoreflect.MessageKind:
		eachText(path, v.Message(), visit)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
