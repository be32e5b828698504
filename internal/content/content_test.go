package content

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// A kind without a message, or without a place in an answer, would be told nobody.
func TestEveryKindHasAMessageAndItsPlaceInAnAnswer(t *testing.T) {
	fields := (*answersv1.Entry)(nil).ProtoReflect().Descriptor().Fields()
	for n, name := range ledgerv1.EntryKind_name {
		kind := ledgerv1.EntryKind(n)
		if kind == ledgerv1.EntryKind_ENTRY_KIND_UNSPECIFIED {
			continue
		}
		m, err := Read(kind, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		field := fields.ByNumber(protoreflect.FieldNumber(10 + n))
		if field == nil || field.ContainingOneof() == nil || field.Message() != m.ProtoReflect().Descriptor() {
			t.Errorf("%s: the field %d of an answer's entry is %v", name, 10+n, field)
		}
		if want := "ENTRY_KIND_" + strings.ToUpper(string(field.Name())); want != name && name != "ENTRY_KIND_REGISTER" {
			t.Errorf("%s is answered as %s", name, field.Name())
		}
	}
	if _, err := Read(99, nil); !errors.Is(err, ErrUnknownKind) {
		t.Errorf("kind 99: %v", err)
	}
	if _, err := Read(ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, []byte{0xff}); err == nil || errors.Is(err, ErrUnknownKind) {
		t.Errorf("bytes that do not parse: %v", err)
	}
}

// The schema of the day after tomorrow: a letter with a scope, which changes what it
// means, deep within it.
func tomorrow(t *testing.T) protoreflect.MessageDescriptor {
	t.Helper()
	options := &descriptorpb.FieldOptions{}
	proto.SetExtension(options, guidancev1.E_Feature, uint32(7))
	field := func(name string, n int32, label descriptorpb.FieldDescriptorProto_Label, of string, options *descriptorpb.FieldOptions) *descriptorpb.FieldDescriptorProto {
		f := &descriptorpb.FieldDescriptorProto{Name: proto.String(name), Number: proto.Int32(n), Label: label.Enum(), Options: options}
		if f.Type = descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(); of != "" {
			f.Type, f.TypeName = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), proto.String(of)
		}
		return f
	}
	one, many := descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL, descriptorpb.FieldDescriptorProto_LABEL_REPEATED
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("tomorrow.proto"), Package: proto.String("tomorrow"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{
			{Name: proto.String("Letter"), Field: []*descriptorpb.FieldDescriptorProto{
				field("title", 1, one, "", nil), field("parts", 2, many, ".tomorrow.Part", nil),
			}},
			{Name: proto.String("Part"), Field: []*descriptorpb.FieldDescriptorProto{
				field("words", 1, one, "", nil), field("scope", 2, one, "", options), field("inner", 3, one, ".tomorrow.Part", nil),
			}},
		},
	}, protoregistry.GlobalFiles)
	if err != nil {
		t.Fatal(err)
	}
	return file.Messages().ByName("Letter")
}

func TestAFieldThatChangesTheMeaningIsNamedInTheHeader(t *testing.T) {
	letter := dynamicpb.NewMessage(tomorrow(t))
	parts := letter.Mutable(letter.Descriptor().Fields().ByName("parts")).List()
	part := parts.AppendMutable().Message()
	fields := part.Descriptor().Fields()
	part.Set(fields.ByName("words"), protoreflect.ValueOfString("to all"))
	if got := Critical(letter); len(got) != 0 {
		t.Errorf("a letter to all needs %v", got)
	}
	for range 2 {
		inner := parts.AppendMutable().Message().Mutable(fields.ByName("inner")).Message()
		inner.Set(fields.ByName("scope"), protoreflect.ValueOfString("patients already started"))
	}
	got := Critical(letter)
	if !slices.Equal(got, []uint32{7}) {
		t.Fatalf("a letter to some needs %v", got)
	}
	if unknown := Unknown(got); !slices.Equal(unknown, got) {
		t.Errorf("software that does not know the scope lacks %v", unknown)
	}
	kinds := map[ledgerv1.EntryKind]proto.Message{1: letter}
	if !featuresOf(kinds)[7] || featuresOf(kinds)[0] || len(featuresOf(kinds)) != 1 {
		t.Errorf("software of that day knows %v", featuresOf(kinds))
	}
}

// A number stands for one feature for ever: two fields of one number are one feature on
// purpose, so the whole list is written down here, and only grows.
func TestTheFeaturesAreTheseAndNoOthers(t *testing.T) {
	want := []uint32{1, 2, 3} // the scope of a position; whose an action is; what an area lies in for a time
	if got := Features(); !slices.Equal(got, want) {
		t.Errorf("known features are %v, want %v: write them into docs/protocol.md 2 and here", got, want)
	}
	a := &guidancev1.Advisory{Positions: []*guidancev1.Position{{}, {Scope: &guidancev1.Scope{Id: "started"}}}, Actions: []*guidancev1.Action{{Committees: []string{"north-essex"}}}}
	if got := Critical(a); !slices.Equal(got, want[:2]) || len(Unknown(got)) != 0 {
		t.Errorf("a letter with a scope needs %v, of which unknown %v", got, Unknown(got))
	}
	area := &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{LiesIn: []*guidancev1.AreaTenure{{}}}}}
	if got := Critical(area); !slices.Equal(got, want[2:]) {
		t.Errorf("an area that lies in another for a time needs %v", got)
	}
}
