// Package content knows what the body of an entry is: which message each kind of entry
// holds, and which features a reader must know to make sense of one. Whoever writes,
// indexes or answers entries asks here, so that a new kind or a new feature is told in
// one place: the schema.
package content

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// LinkLimit is how many matters, and how many entries ended, one entry may name.
// An entry that names more is stored and relayed, and counted as not understood.
const LinkLimit = 128

// kinds is the message in the body of each kind of entry.
var kinds = map[ledgerv1.EntryKind]proto.Message{
	ledgerv1.EntryKind_ENTRY_KIND_ADVISORY:          (*guidancev1.Advisory)(nil),
	ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL:        (*guidancev1.Withdrawal)(nil),
	ledgerv1.EntryKind_ENTRY_KIND_MATTER:            (*guidancev1.Matter)(nil),
	ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION: (*guidancev1.ReportedPosition)(nil),
	ledgerv1.EntryKind_ENTRY_KIND_ERASURE:           (*ledgerv1.Erasure)(nil),
	ledgerv1.EntryKind_ENTRY_KIND_REGISTER:          (*ledgerv1.RegisterRecord)(nil),
}

// ErrUnknownKind is returned for an entry of a kind this software does not know.
var ErrUnknownKind = errors.New("the kind of entry is not known to this software")

// Read reads a body. Errors: ErrUnknownKind, or what is wrong with its bytes.
func Read(kind ledgerv1.EntryKind, body []byte) (proto.Message, error) {
	of, ok := kinds[kind]
	if !ok {
		return nil, fmt.Errorf("%w: %d", ErrUnknownKind, kind)
	}
	m := of.ProtoReflect().New().Interface()
	if err := proto.Unmarshal(body, m); err != nil {
		return nil, fmt.Errorf("reading a body of kind %s: %w", kind, err)
	}
	return m, nil
}

// known are the features of every field that a body may have.
var known = featuresOf(kinds)

func featuresOf(kinds map[ledgerv1.EntryKind]proto.Message) map[uint32]bool {
	features, seen := map[uint32]bool{}, map[protoreflect.FullName]bool{}
	var walk func(protoreflect.MessageDescriptor)
	walk = func(m protoreflect.MessageDescriptor) {
		if seen[m.FullName()] {
			return
		}
		seen[m.FullName()] = true
		for i := range m.Fields().Len() {
			field := m.Fields().Get(i)
			features[feature(field)] = true
			if field.Message() != nil {
				walk(field.Message())
			}
		}
	}
	for _, m := range kinds {
		walk(m.ProtoReflect().Descriptor())
	}
	delete(features, 0)
	return features
}

func feature(field protoreflect.FieldDescriptor) uint32 {
	n, _ := proto.GetExtension(field.Options(), guidancev1.E_Feature).(uint32)
	return n
}

// Critical are the numbers of the features that the fields set in a message belong to,
// each once, ascending: what the header of its entry names under critical.
func Critical(m proto.Message) []uint32 {
	var all []uint32
	var walk func(protoreflect.Message)
	walk = func(m protoreflect.Message) {
		m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
			if n := feature(field); n != 0 {
				all = append(all, n)
			}
			switch {
			case field.Message() == nil || field.IsMap():
			case field.IsList():
				for i := range value.List().Len() {
					walk(value.List().Get(i).Message())
				}
			default:
				walk(value.Message())
			}
			return true
		})
	}
	walk(m.ProtoReflect())
	slices.Sort(all)
	return slices.Compact(all)
}

// Kinds lists the kinds of entries whose messages are known here, ascending.
func Kinds() []ledgerv1.EntryKind { return slices.Sorted(maps.Keys(kinds)) }

// Features lists the features known here, ascending.
func Features() []uint32 { return slices.Sorted(maps.Keys(known)) }

// Unknown are those of some critical features that this software does not know.
func Unknown(critical []uint32) []uint32 {
	return slices.DeleteFunc(slices.Clone(critical), func(n uint32) bool { return known[n] })
}
