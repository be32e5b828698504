package picture

import (
	"cmp"
	"encoding/binary"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Written are the parts of an answer that were written out before, as their bytes.
type Written map[proto.Message][]byte

// writtenOut is a message's bytes; nil: it cannot be written, which whoever sends it meets again.
func writtenOut(m proto.Message) []byte {
	raw, err := proto.Marshal(m)
	if err != nil {
		return nil
	}
	return raw
}

// View is a view to be sent: the same on the wire, with the parts that were written before as bytes,
// which are not written again. To read it here, it has to be unmarshalled.
func (w Written) View(v *answersv1.CombinedView) *answersv1.CombinedView {
	return w.sent(v.ProtoReflect()).(*answersv1.CombinedView)
}

// Picture is a national picture to be sent, as View.
func (w Written) Picture(p *answersv1.NationalPicture) *answersv1.NationalPicture {
	return w.sent(p.ProtoReflect()).(*answersv1.NationalPicture)
}

// sent is a message with its parts, of the kinds that are written before, as bytes: as fields that it
// does not know, which whoever reads it finds where they belong. What cannot be written is sent as it is,
// and fails there.
func (w Written) sent(m protoreflect.Message) proto.Message {
	out, size := m.New(), 0
	for _, bytes := range w {
		size += len(bytes) + 2*binary.MaxVarintLen32
	}
	raw := make([]byte, 0, size)
	var failed error
	write := func(field protoreflect.FieldDescriptor, part protoreflect.Message) {
		bytes := w[part.Interface()]
		raw = protowire.AppendTag(raw, field.Number(), protowire.BytesType)
		if bytes != nil {
			raw = protowire.AppendBytes(raw, bytes)
			return
		}
		raw = protowire.AppendVarint(raw, uint64(proto.Size(part.Interface())))
		var err error
		raw, err = proto.MarshalOptions{UseCachedSize: true}.MarshalAppend(raw, part.Interface())
		failed = cmp.Or(failed, err)
	}
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case !isWrittenBefore(field):
			out.Set(field, value)
		case field.IsList():
			for i := range value.List().Len() {
				write(field, value.List().Get(i).Message())
			}
		default:
			write(field, value.Message())
		}
		return failed == nil
	})
	if failed != nil {
		return m.Interface()
	}
	out.SetUnknown(raw)
	return out.Interface()
}

// isWrittenBefore: a field has committees' views, tables or lines.
func isWrittenBefore(field protoreflect.FieldDescriptor) bool {
	if field.Message() == nil || field.IsMap() {
		return false
	}
	switch field.Message().Name() {
	case "CommitteeView", "NationalTable", "Line":
		return true
	}
	return false
}
