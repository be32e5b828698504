package store

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// A body is scanned, not unmarshalled: that takes a fifth of the time, and time here
// is what receiving costs. A scan accepts exactly what proto.Unmarshal accepts (the
// tests hold the two against each other), so that whoever unmarshals a row later
// finds nothing worse, and picks out what the entry is found by.

// shape is what a scan must know of a message type.
type shape struct {
	fields []field // by number
}

// field is what a scan must know of a field. Wire types it does not have are those of
// unknown fields, which may hold anything.
type field struct {
	wire   protowire.Type // of one value
	packed bool           // several values of wire may come as one of bytes
	text   bool           // must be UTF-8
	one    bool           // said twice, the last counts
	role   role
	sub    *shape // of a message
}

// role is what a field means to the index.
type role byte

const (
	roleNone   role = iota
	roleMatter      // names a matter the entry says or asks something on, or withdraws it on
	roleEnds        // names an entry this one ends, amends or restores
	roleDated       // says when the entry was issued, or the matter opened
	roleLatest      // is the latest day of that, wherever days are said
	roleVotes       // is a vote that a letter has
	roleLong        // is left out of rows: the letter's text and attachments
)

var roles = map[protoreflect.FullName]role{
	"lmc.guidance.v1.Advisory.body":        roleLong,
	"lmc.guidance.v1.Advisory.attachments": roleLong,
	"lmc.guidance.v1.Advisory.votes":       roleVotes,
	"lmc.guidance.v1.Advisory.replaces":    roleEnds,
	"lmc.guidance.v1.Advisory.amends":      roleEnds,
	"lmc.guidance.v1.Withdrawal.advisory":  roleEnds,
	"lmc.guidance.v1.Withdrawal.restores":  roleEnds,
	"lmc.guidance.v1.Advisory.matters":     roleMatter,
	"lmc.guidance.v1.Withdrawal.matters":   roleMatter,
	"lmc.guidance.v1.Position.matter":      roleMatter,
	"lmc.guidance.v1.Action.matter":        roleMatter,
	"lmc.ledger.v1.Erasure.matters":        roleMatter,

	"lmc.guidance.v1.Advisory.issued":         roleDated,
	"lmc.guidance.v1.Withdrawal.issued":       roleDated,
	"lmc.guidance.v1.ReportedPosition.issued": roleDated,
	"lmc.guidance.v1.Matter.opened":           roleDated,
	"lmc.ledger.v1.Erasure.issued":            roleDated,
	"lmc.guidance.v1.DayRange.latest":         roleLatest,
}

// shapes are the kinds that have behaviour (protocol.md 2, Kinds).
var shapes = map[ledgerv1.EntryKind]*shape{
	ledgerv1.EntryKind_ENTRY_KIND_ADVISORY:          shapeOf((*guidancev1.Advisory)(nil).ProtoReflect().Descriptor(), nil),
	ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL:        shapeOf((*guidancev1.Withdrawal)(nil).ProtoReflect().Descriptor(), nil),
	ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION: shapeOf((*guidancev1.ReportedPosition)(nil).ProtoReflect().Descriptor(), nil),
	ledgerv1.EntryKind_ENTRY_KIND_MATTER:            shapeOf((*guidancev1.Matter)(nil).ProtoReflect().Descriptor(), nil),
	ledgerv1.EntryKind_ENTRY_KIND_ERASURE:           shapeOf((*ledgerv1.Erasure)(nil).ProtoReflect().Descriptor(), nil),
	ledgerv1.EntryKind_ENTRY_KIND_REGISTER:          shapeOf((*ledgerv1.RegisterRecord)(nil).ProtoReflect().Descriptor(), nil),
}

// shapeOf reads a shape off a descriptor; known ends recursion.
func shapeOf(md protoreflect.MessageDescriptor, known map[protoreflect.FullName]*shape) *shape {
	if known == nil {
		known = map[protoreflect.FullName]*shape{}
	}
	if s, ok := known[md.FullName()]; ok {
		return s
	}
	s := &shape{}
	known[md.FullName()] = s
	for i := range md.Fields().Len() {
		fd := md.Fields().Get(i)
		for len(s.fields) <= int(fd.Number()) {
			s.fields = append(s.fields, field{wire: -1})
		}
		f := field{
			wire: wireOf(fd.Kind()), packed: fd.IsList(),
			text: fd.Kind() == protoreflect.StringKind, one: !fd.IsList(), role: roles[fd.FullName()],
		}
		if fd.Message() != nil {
			f.sub = shapeOf(fd.Message(), known)
		}
		f.packed = f.packed && f.wire != protowire.BytesType
		s.fields[fd.Number()] = f
	}
	return s
}

// wireOf is how a value of a kind is written. The schema has no groups.
func wireOf(kind protoreflect.Kind) protowire.Type {
	switch kind {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return protowire.BytesType
	case protoreflect.FloatKind, protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind:
		return protowire.Fixed32Type
	case protoreflect.DoubleKind, protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind:
		return protowire.Fixed64Type
	}
	return protowire.VarintType
}

var (
	errNotUTF8     = errors.New("not UTF-8")
	errFieldNumber = errors.New("field number out of range")
)

// scan walks a message. keep is called with the bytes of each field of it.
func (s *shape) scan(b []byte, u *understood, keep func(f field, raw []byte)) error {
	before := len(u.matters)
	for len(b) > 0 {
		num, wire, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		if num > protowire.MaxValidNumber { // which ConsumeTag lets pass
			return errFieldNumber
		}
		size := protowire.ConsumeFieldValue(num, wire, b[n:])
		if size < 0 {
			return protowire.ParseError(size)
		}
		f := field{wire: -1}
		if int64(num) < int64(len(s.fields)) {
			f = s.fields[num]
		}
		if wire == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(b[n:])
			if f.role == roleMatter && f.one {
				u.matters = u.matters[:before]
			}
			if err := f.scan(value, u); err != nil {
				return fmt.Errorf("field %d: %w", num, err)
			}
		}
		if keep != nil {
			if f.wire != wire {
				f.role = roleNone // not the field it seems: unknown
			}
			keep(f, b[:n+size])
		}
		b = b[n+size:]
	}
	return nil
}

// scan looks into a value that came as bytes.
func (f field) scan(value []byte, u *understood) error {
	switch {
	case f.packed:
		for len(value) > 0 {
			n := protowire.ConsumeFieldValue(1, f.wire, value)
			if n < 0 {
				return protowire.ParseError(n)
			}
			value = value[n:]
		}
		return nil
	case f.wire != protowire.BytesType:
		return nil
	case f.role == roleDated:
		u.latest = u.day // said twice, a field is both together
		err := f.sub.scan(value, u, nil)
		u.day = u.latest
		return err
	case f.sub != nil:
		u.votes = u.votes || f.role == roleVotes
		return f.sub.scan(value, u, nil)
	case f.text && !utf8.Valid(value):
		return errNotUTF8
	}
	switch f.role {
	case roleMatter:
		u.matters = append(u.matters, string(value))
	case roleEnds:
		u.ends = append(u.ends, string(value))
	case roleLatest:
		u.latest = string(value)
	}
	return nil
}
