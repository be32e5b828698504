package store

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// messages are the types that are scanned, by kind.
var messages = map[ledgerv1.EntryKind]proto.Message{
	kindAdvisory:   (*guidancev1.Advisory)(nil),
	kindWithdrawal: (*guidancev1.Withdrawal)(nil),
	kindReport:     (*guidancev1.ReportedPosition)(nil),
	kindMatter:     (*guidancev1.Matter)(nil),
	kindErasure:    (*ledgerv1.Erasure)(nil),
	kindRegister:   (*ledgerv1.RegisterRecord)(nil),
}

func TestEveryShapeIsHeldAgainstProtobuf(t *testing.T) {
	for kind := range shapes {
		if messages[kind] == nil {
			t.Errorf("%v is scanned and not tested", kind)
		}
	}
}

// header is of an entry with this body.
func header(kind ledgerv1.EntryKind) *ledgerv1.EntryHeader {
	return &ledgerv1.EntryHeader{Index: 3, Kind: kind, Visibility: public}
}

// agree holds a scan against proto.Unmarshal: the same verdict, and a row that is the
// message without what is left out.
func agree(t interface {
	Errorf(string, ...any)
	Fatalf(string, ...any)
}, kind ledgerv1.EntryKind, body []byte,
) {
	m := messages[kind].ProtoReflect().New()
	want := proto.Unmarshal(body, m.Interface())
	u, err := understand(header(kind), body)
	if (want == nil) != (err == nil) {
		t.Fatalf("%v: scan says %v, Unmarshal says %v, of %x", kind, err, want, body)
	}
	if err != nil {
		return
	}
	row := m.New()
	if err := proto.Unmarshal(u.row, row.Interface()); err != nil {
		t.Fatalf("%v: the row does not parse: %v", kind, err)
	}
	if a, ok := m.Interface().(*guidancev1.Advisory); ok {
		a.Body, a.Attachments = "", nil
		checkLinks(t, a, u)
	}
	if want := dayOf(m.Interface()); u.day != want {
		t.Errorf("%v: dated %q, want %q", kind, u.day, want)
	}
	if !proto.Equal(m.Interface(), row.Interface()) {
		t.Errorf("%v: the row is not the message without its text", kind)
	}
}

// dayOf is the day a message says it was issued or opened on.
func dayOf(m proto.Message) string {
	switch m := m.(type) {
	case interface{ GetIssued() *guidancev1.DayRange }:
		return m.GetIssued().GetLatest()
	case interface{ GetOpened() *guidancev1.DayRange }:
		return m.GetOpened().GetLatest()
	}
	return ""
}

func checkLinks(t interface{ Errorf(string, ...any) }, a *guidancev1.Advisory, u understood) {
	var matters []string
	for _, p := range a.GetPositions() {
		matters = append(matters, p.GetMatter())
	}
	for _, action := range a.GetActions() {
		matters = append(matters, action.GetMatter())
	}
	matters = append(matters, a.GetMatters()...)
	matters = slices.DeleteFunc(matters, func(s string) bool { return s == "" })
	if got := slices.DeleteFunc(slices.Clone(u.matters), func(s string) bool { return s == "" }); !slices.Equal(got, matters) {
		t.Errorf("matters %q, want %q", got, matters)
	}
	ends := slices.Sorted(slices.Values(slices.Concat(a.GetReplaces(), a.GetAmends())))
	if got := slices.Sorted(slices.Values(u.ends)); !slices.Equal(got, ends) {
		t.Errorf("ends %q, want %q", got, ends)
	}
}

// drawMessage fills a message of any type of the schema, unknown fields and all.
func drawMessage(t *rapid.T, m protoreflect.Message, depth int) {
	for i := range m.Descriptor().Fields().Len() {
		fd := m.Descriptor().Fields().Get(i)
		if rapid.IntRange(0, 2).Draw(t, "set") == 0 {
			continue
		}
		switch {
		case fd.IsList():
			for range rapid.IntRange(1, 3).Draw(t, "n") {
				if fd.Message() != nil {
					if depth > 0 {
						drawMessage(t, m.Mutable(fd).List().AppendMutable().Message(), depth-1)
					}
				} else {
					m.Mutable(fd).List().Append(drawValue(t, fd))
				}
			}
		case fd.Message() != nil:
			if depth > 0 {
				drawMessage(t, m.Mutable(fd).Message(), depth-1)
			}
		default:
			m.Set(fd, drawValue(t, fd))
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "unknown") == 0 {
		m.SetUnknown(protowire.AppendString(protowire.AppendTag(nil, 900, protowire.BytesType), "from the future"))
	}
}

func drawValue(t *rapid.T, fd protoreflect.FieldDescriptor) protoreflect.Value {
	switch fd.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(rapid.StringN(0, 20, 60).Draw(t, "s"))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(rapid.SliceOfN(rapid.Byte(), 0, 8).Draw(t, "b"))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(rapid.Bool().Draw(t, "bool"))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(rapid.Int32().Draw(t, "e")))
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(rapid.Int32().Draw(t, "i"))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(rapid.Int64().Draw(t, "i"))
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(rapid.Uint32().Draw(t, "u"))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(rapid.Float64().Draw(t, "f"))
	}
	return protoreflect.ValueOfUint64(rapid.Uint64().Draw(t, "u"))
}

func TestScanAcceptsWhatUnmarshalAccepts(t *testing.T) {
	for kind, message := range messages {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m := message.ProtoReflect().New()
				drawMessage(t, m, 3)
				body := marshal(m.Interface())
				agree(t, kind, body)
				if len(body) == 0 {
					return
				}
				damaged := slices.Clone(body)
				for range rapid.IntRange(1, 3).Draw(t, "flips") {
					damaged[rapid.IntRange(0, len(body)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
				}
				agree(t, kind, damaged)
				agree(t, kind, body[:rapid.IntRange(0, len(body)).Draw(t, "cut")])
			})
		})
	}
}

func FuzzScan(f *testing.F) {
	f.Add(advisory("a letter", accessPlan))
	f.Add([]byte{0x22, 1, 0xff})
	f.Add([]byte{0x32, 2, 0x80, 0x80})
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > ledger.BodyLimit {
			return
		}
		for kind := range messages {
			agree(t, kind, body)
		}
	})
}

// A position that names its matter twice, which no software of ours writes, is on the last.
func TestAMatterNamedTwiceIsTheLast(t *testing.T) {
	position := protowire.AppendTag(nil, 2, protowire.BytesType)
	position = protowire.AppendString(position, "gpc/first")
	position = protowire.AppendTag(position, 2, protowire.BytesType)
	position = protowire.AppendString(position, "gpc/last")
	body := protowire.AppendBytes(protowire.AppendTag(nil, 12, protowire.BytesType), position)
	agree(t, ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, body)
}
