package plain

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Whoever says yes to a preview signs every field, so every field has a place on the page:
// these tests walk the schema, and a field that is added without a place fails them.

// choices is the most choices that a oneof of the schema has.
const choices = 4

// filled is a message with a value of its own in every field.
type filled struct {
	choice int               // which field of each oneof is set
	last   int               // the last value given
	words  map[string]string // path -> how it is found on a page
	enums  []enumField
	bools  []boolField
}

type enumField struct {
	path string
	enum protoreflect.EnumDescriptor
	set  func(protoreflect.EnumNumber)
}

type boolField struct {
	path string
	set  func(bool)
}

// days are the fields that hold a day: schema and code know them by their names alone.
var days = []protoreflect.Name{"day", "earliest", "latest", "valid_from", "valid_until", "review_by", "event_day", "effective"}

// fill gives every field of m a value, two to every list.
func (f *filled) fill(path string, m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if one := field.ContainingOneof(); one != nil && !one.IsSynthetic() && field != one.Fields().Get(f.choice%one.Fields().Len()) {
			continue
		}
		here := strings.TrimPrefix(path+"."+string(field.Name()), ".")
		if !field.IsList() {
			set := func(v protoreflect.Value) { m.Set(field, v) }
			f.value(here, field, func() protoreflect.Value { return m.NewField(field) }, set)
			continue
		}
		list := m.Mutable(field).List()
		for at := range 2 {
			set := func(v protoreflect.Value) {
				if at == list.Len() {
					list.Append(v)
				}
				list.Set(at, v)
			}
			f.value(fmt.Sprintf("%s[%d]", here, at), field, list.NewElement, set)
		}
	}
}

func (f *filled) value(path string, field protoreflect.FieldDescriptor, empty func() protoreflect.Value, set func(protoreflect.Value)) {
	f.last++
	switch kind := field.Kind(); kind {
	case protoreflect.MessageKind:
		v := empty()
		f.fill(path, v.Message())
		set(v)
	case protoreflect.EnumKind:
		to := func(n protoreflect.EnumNumber) { set(protoreflect.ValueOfEnum(n)) }
		to(field.Enum().Values().Get(1).Number())
		f.enums = append(f.enums, enumField{path, field.Enum(), to})
	case protoreflect.BoolKind:
		to := func(b bool) { set(protoreflect.ValueOfBool(b)) }
		to(true)
		f.bools = append(f.bools, boolField{path, to})
	case protoreflect.BytesKind:
		b := fmt.Appendf(nil, "bytes %026d", f.last)
		set(protoreflect.ValueOfBytes(b))
		f.words[path] = hex.EncodeToString(b)
	case protoreflect.Int32Kind:
		set(protoreflect.ValueOfInt32(int32(1_000_000 + f.last)))
		f.words[path] = notation.Thousands(int64(1_000_000 + f.last))
	case protoreflect.Int64Kind:
		set(protoreflect.ValueOfInt64(int64(1_000_000 + f.last)))
		f.words[path] = notation.Thousands(int64(1_000_000 + f.last))
	case protoreflect.StringKind:
		// Days lie in years of their own: a range of them is written out.
		day := time.Date(1000+f.last, 3, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		switch {
		case slices.Contains(days, field.Name()):
			set(protoreflect.ValueOfString(day))
			f.words[path] = guidance.DayWords(day)
		case field.FullName() == "lmc.guidance.v1.Due.time":
			set(protoreflect.ValueOfString(day + "T17:00"))
			f.words[path] = "17:00 on " + guidance.DayWords(day)
		default:
			word := fmt.Sprintf("word%04d", f.last)
			set(protoreflect.ValueOfString(word))
			f.words[path] = word
		}
	default:
		panic("no value is known for " + path + ": " + kind.String())
	}
}

// signed are the pages of everything that an office signs and readers see: as it is shown
// before it is published, and as an entry.
var signed = map[string]struct {
	empty func() proto.Message
	page  func(p *Page, m proto.Message)
	entry func(m proto.Message) *answersv1.Entry
}{
	"advisory": {
		func() proto.Message { return &guidancev1.Advisory{} },
		func(p *Page, m proto.Message) { p.Advisory(m.(*guidancev1.Advisory), namesIn(m)) },
		func(m proto.Message) *answersv1.Entry {
			return &answersv1.Entry{Content: &answersv1.Entry_Advisory{Advisory: m.(*guidancev1.Advisory)}}
		},
	},
	"matter": {
		func() proto.Message { return &guidancev1.Matter{} },
		func(p *Page, m proto.Message) { p.Matter(m.(*guidancev1.Matter)) },
		func(m proto.Message) *answersv1.Entry {
			return &answersv1.Entry{Content: &answersv1.Entry_Matter{Matter: m.(*guidancev1.Matter)}}
		},
	},
	"report": {
		func() proto.Message { return &guidancev1.ReportedPosition{} },
		func(p *Page, m proto.Message) { p.Report(m.(*guidancev1.ReportedPosition), namesIn(m)) },
		func(m proto.Message) *answersv1.Entry {
			return &answersv1.Entry{Content: &answersv1.Entry_ReportedPosition{ReportedPosition: m.(*guidancev1.ReportedPosition)}}
		},
	},
	"withdrawal": {
		func() proto.Message { return &guidancev1.Withdrawal{} },
		func(p *Page, m proto.Message) { p.Withdrawal(m.(*guidancev1.Withdrawal), namesIn(m)) },
		func(m proto.Message) *answersv1.Entry {
			return &answersv1.Entry{Content: &answersv1.Entry_Withdrawal{Withdrawal: m.(*guidancev1.Withdrawal)}}
		},
	},
}

// namesIn are names for everything that a message names by an id: what is signed is found
// behind the names and beside the titles too.
func namesIn(m proto.Message) *answersv1.Names {
	names := &answersv1.Names{Committees: map[string]string{}, Offices: map[string]string{}, Matters: map[string]*answersv1.MatterTitles{}}
	about := func(matter, measure string) {
		names.Matters[matter] = &answersv1.MatterTitles{Title: "A title", Measures: map[string]string{measure: "A part"}}
	}
	called := func(ids ...string) {
		for _, id := range ids {
			names.Committees[id], names.Offices[id] = "The LMC of "+id, "The office of "+id
		}
	}
	position := func(pos *guidancev1.Position) {
		about(pos.GetMatter(), pos.GetMeasure())
		called(append(pos.GetCommittees(), pos.GetRelayOf().GetCommittee())...)
	}
	switch m := m.(type) {
	case *guidancev1.Advisory:
		called(append(m.GetOnBehalfOf(), m.GetOffice())...)
		for _, pos := range m.GetPositions() {
			position(pos)
		}
		for _, act := range m.GetActions() {
			about(act.GetMatter(), act.GetMeasure())
			called(act.GetCommittees()...)
		}
	case *guidancev1.ReportedPosition:
		called(m.GetOffice())
		position(m.GetPosition())
	case *guidancev1.Withdrawal:
		called(append(m.GetOnBehalfOf(), m.GetOffice())...)
		for _, name := range m.GetMatters() {
			about(name, "")
		}
	}
	return names
}

// eachSigned runs a test on every message, once for every choice of its oneofs. page is what
// a way of showing it prints, on one line, so that what is looked for is not broken.
func eachSigned(t *testing.T, test func(t *testing.T, m proto.Message, f *filled, pages func() map[string]string)) {
	for name, one := range signed {
		for choice := range choices {
			t.Run(fmt.Sprintf("%s/%d", name, choice), func(t *testing.T) {
				m, f := one.empty(), &filled{choice: choice, words: map[string]string{}}
				f.fill("", m.ProtoReflect())
				test(t, m, f, func() map[string]string {
					preview, entry, nameless := New(Width), New(Width), New(Width)
					one.page(preview, m)
					entry.Entry(one.entry(m), namesIn(m))
					nameless.Entry(one.entry(m), nil)
					pages := map[string]string{"preview": preview.String(), "advisory": entry.String(), "without names": nameless.String()}
					for way, page := range pages {
						pages[way] = strings.Join(strings.Fields(notation.Clean(page)), " ")
					}
					return pages
				})
			})
		}
	}
}

// missing are the fields that a page does not show.
func (f *filled) missing(page string) []string {
	var paths []string
	for path, words := range f.words {
		// A number of days, weeks or months stands within a sentence, without commas.
		if !strings.Contains(page, words) && !strings.Contains(page, strings.ReplaceAll(words, ",", "")) {
			paths = append(paths, path+" ("+words+")")
		}
	}
	slices.Sort(paths)
	return paths
}

func TestEverythingSignedIsShown(t *testing.T) {
	eachSigned(t, func(t *testing.T, _ proto.Message, f *filled, pages func() map[string]string) {
		for way, page := range pages() {
			for _, path := range f.missing(page) {
				t.Errorf("%s does not show %s", way, path)
			}
		}
	})
}

// Every value of an enumeration has words of its own, which are not those for one that
// this software does not know, and none hides another field.
func TestEveryKindOfThingSignedIsShown(t *testing.T) {
	eachSigned(t, func(t *testing.T, m proto.Message, f *filled, pages func() map[string]string) {
		for _, field := range f.enums {
			before := proto.Clone(m)
			seen := map[string]protoreflect.Name{}
			field.set(9999)
			for way, page := range pages() {
				seen[way+page] = "a value not known"
			}
			values := field.enum.Values()
			for i := 1; i < values.Len(); i++ {
				field.set(values.Get(i).Number())
				for way, page := range pages() {
					if other := seen[way+page]; other != "" {
						t.Errorf("%s shows %s alike as %s and as %s", way, field.path, values.Get(i).Name(), other)
					}
					seen[way+page] = values.Get(i).Name()
					if strings.Contains(page, string(values.Get(i).Name())) {
						t.Errorf("%s shows the name %s", way, values.Get(i).Name())
					}
					for _, path := range f.missing(page) {
						t.Errorf("%s, with %s as %s, does not show %s", way, field.path, values.Get(i).Name(), path)
					}
				}
			}
			field.set(values.Get(1).Number())
			if !proto.Equal(before, m) {
				t.Fatalf("%s was not put back", field.path)
			}
		}
	})
}

func TestEveryFlagSignedIsShown(t *testing.T) {
	eachSigned(t, func(t *testing.T, _ proto.Message, f *filled, pages func() map[string]string) {
		for _, last := range []bool{false, true} { // with the first kind of everything, and with the last
			for _, field := range f.enums {
				if values := field.enum.Values(); last {
					field.set(values.Get(values.Len() - 1).Number())
				}
			}
			with := pages()
			for _, field := range f.bools {
				field.set(false)
				for way, page := range pages() {
					if page == with[way] {
						t.Errorf("%s does not show %s", way, field.path)
					}
				}
				field.set(true)
			}
		}
	})
}

// The months in a letter's own words, in the names of bodies and in what is quoted were cut to three letters on the
// page of all measures.
func TestMonthsInALettersOwnWordsAreNotShortened(t *testing.T) {
	w := newSmall()
	w.in.Matter.Measures[0].Proposer = &guidancev1.Body{Id: "march", Name: "March and Wisbech ICB"}
	w.in.Matter.Measures[0].ClaimedEffects = []*guidancev1.DatedEffect{{Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL, ValidFrom: "2026-12-15"}}
	w.in.Matter.Measures[0].Claims = []*guidancev1.Claim{{
		Claimant: &guidancev1.Body{Id: "april", Name: "April Consulting"}, Effect: guidancev1.ContractEffect_CONTRACT_EFFECT_DISPUTED, Words: "The variation of 1 December 2026 says otherwise",
	}}
	w.says("2026-11-02", []*guidancev1.Position{{Stance: caution}, {Measure: "hub", Stance: refuse}},
		&guidancev1.Action{Verb: "hand over", Object: "the data of 3 November", Measure: "hub", Due: dueBy("2026-12-04")})
	w.mustSay(t, "", []string{
		"March and Wisbech ICB claims: from 15 Dec 2026 contractual.", "April Consulting claims: disputed: The variation of 1 December 2026 says otherwise.",
		"hand over the data of 3 November, by 4 Dec 2026",
	}, "Mar and", "Apr Con", "3 Nov,")
}
