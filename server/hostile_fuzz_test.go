package server

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// openKeeper is a keeper that is not served, with a matter, a letter that stands and a
// report: handlers are called without a network.
func openKeeper(tb testing.TB) *Node {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "gpc-england")
	_, err := Init(InitConfig{
		Dir: dir, Federation: "trial", Office: &guidancev1.Office{Id: "gpc-england", Name: "GPC"}, Listen: "127.0.0.1:0", Keeper: true,
		National: &guidancev1.Committee{Id: "gpc-england", Name: "GPC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "england"},
	})
	if err != nil {
		tb.Fatal(err)
	}
	n, err := Open(Config{Dir: dir, MinFree: -1, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		report, err := n.store.Check(context.Background())
		if err := errors.Join(err, report.Err(), n.Close()); err != nil {
			tb.Error(err)
		}
	})
	for i, req := range []proto.Message{
		&nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()},
		&nodev1.AppendRegisterRequest{RequestId: "surrey", Records: []*ledgerv1.RegisterRecord{committeeRecord(0)}},
		&nodev1.PublishAdvisoryRequest{RequestId: "letter", Advisory: testAdvisory("2021-10-25", refuse, "gpc-england")},
	} {
		if err := n.call(req); err != nil {
			tb.Fatalf("request %d: %v", i, err)
		}
	}
	return n
}

// call calls the handler of a request, and gives the status its caller would get.
func (n *Node) call(req proto.Message) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = status.Errorf(codes.Internal, "panic: %v", v)
		}
	}()
	ctx := context.Background()
	publish, ask, reg := publicationService{n: n}, guidanceService{n: n}, registerService{n: n}
	switch req := req.(type) {
	case *nodev1.PublishAdvisoryRequest:
		_, err = publish.PublishAdvisory(ctx, req)
	case *nodev1.WithdrawAdvisoryRequest:
		_, err = publish.WithdrawAdvisory(ctx, req)
	case *nodev1.PublishMatterRequest:
		_, err = publish.PublishMatter(ctx, req)
	case *nodev1.ReportPositionRequest:
		_, err = publish.ReportPosition(ctx, req)
	case *nodev1.AppendRegisterRequest:
		_, err = publish.AppendRegister(ctx, req)
	case *nodev1.InviteRequest:
		_, err = publish.Invite(ctx, req)
	case *answersv1.ListMattersRequest:
		_, err = ask.ListMatters(ctx, req)
	case *answersv1.GetMatterRequest:
		_, err = ask.GetMatter(ctx, req)
	case *answersv1.GetCombinedViewRequest:
		_, err = ask.GetCombinedView(ctx, req)
	case *answersv1.GetEntryRequest:
		_, err = ask.GetEntry(ctx, req)
	case *answersv1.ListEntriesRequest:
		_, err = ask.ListEntries(ctx, req)
	case *answersv1.GetChangesRequest:
		_, err = ask.GetChanges(ctx, req)
	case *answersv1.GetProofRequest:
		_, err = ask.GetProof(ctx, req)
	case *answersv1.VerifyRequest:
		_, err = ask.Verify(ctx, req)
	case *answersv1.WatchViewRequest:
		err = n.watchOnce(req)
	case *answersv1.GetNationalPictureRequest:
		_, err = nationalService{n: n}.GetNationalPicture(ctx, req)
	case *answersv1.GetRegisterRequest:
		_, err = reg.GetRegister(ctx, req)
	case *answersv1.LookUpPracticeRequest:
		_, err = reg.LookUpPractice(ctx, req)
	case *answersv1.ListPracticesRequest:
		_, err = reg.ListPractices(ctx, req)
	default:
		panic(fmt.Sprintf("no handler for %T", req))
	}
	if err == nil {
		return nil
	}
	return wire.Status(asFault(err))
}

// watchOnce is a watch that is given up as soon as it would wait.
func (n *Node) watchOnce(req *answersv1.WatchViewRequest) error {
	ctx, giveUp := context.WithCancel(context.Background())
	giveUp()
	err := guidanceService{n: n}.WatchView(req, &watchStream{ctx: ctx})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// watchStream is the stream of a reader who takes everything.
type watchStream struct {
	nodev1.GuidanceService_WatchViewServer
	ctx context.Context
}

func (s *watchStream) Context() context.Context { return s.ctx }

func (s *watchStream) Send(m *answersv1.WatchViewResponse) error {
	_, err := proto.Marshal(m)
	return err
}

// ours says that a status is a mistake of the node.
func ours(err error) bool {
	code := status.Code(err)
	return code == codes.Internal || code == codes.Unknown
}

// mustBlameTheCaller sends a request, which may be refused but not with Internal.
func mustBlameTheCaller(tb testing.TB, n *Node, what string, req proto.Message) {
	tb.Helper()
	if err := n.call(req); ours(err) {
		tb.Errorf("%s: %v\n%T{%v}", what, err, req, req)
	}
}

// requests are one of every kind, as an honest caller might send it.
func requests() []proto.Message {
	letter := testAdvisory("2021-10-26", refuse, "gpc-england")
	letter.Replaces = []string{"gpc-england/6"}
	letter.Actions = []*guidancev1.Action{{}}
	source := &guidancev1.Reference{Title: "A letter", Url: "https://example.org/"}
	day := &guidancev1.DayRange{Earliest: "2021-10-26", Latest: "2021-10-27"}
	report := &guidancev1.ReportedPosition{
		Position: &guidancev1.Position{Committees: []string{"committee-0"}, Matter: "plan", Measure: "meetings", Stance: refuse, Audiences: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}},
		Source:   source, Issued: day, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC,
	}
	selector := &answersv1.Selector{
		Matter: "plan", Measure: "meetings", Practice: "A81001", AsOf: "2021-10-26",
		KnownAt: &answersv1.Selector_KnownAtTime{KnownAtTime: timestamppb.New(time.Unix(1635200000, 0))},
	}
	cursor := &answersv1.Cursor{Feed: 1, Digest: make([]byte, 32), Day: "2021-10-26"}
	records := []*ledgerv1.RegisterRecord{
		committeeRecord(1),
		{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: &ledgerv1.SignedOfficeRecord{Record: []byte{1}, Signature: []byte{2}}}}},
		{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "gpc-england", Office: "gpc-england", ValidFrom: "2021-10-26", ValidUntil: "2021-10-27"}}},
		{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: "gpc-england", ValidFrom: "2021-10-26"}}},
		{Change: &ledgerv1.RegisterRecord_Revocation{Revocation: &ledgerv1.Revocation{Office: "gpc-england", Key: make([]byte, 32), ValidThroughSize: 2, Root: make([]byte, 32)}}},
		{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: "sicbl", Code: "92A"}, Name: "Surrey"}}},
		{Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{Id: "nhs-england", Name: "NHS England"}}},
	}
	list, err := register.PackPractices(&ledgerv1.PracticeList{Source: "nhs", Release: "NHS organisation data", Day: "2021-10-26", Digests: [][]byte{make([]byte, 32)}}, []*guidancev1.Practice{{
		Code: "A81001", Name: "A surgery", Kind: guidancev1.PracticeKind_PRACTICE_KIND_GP_PRACTICE, LiesIn: []*guidancev1.PracticeMembership{{Area: &guidancev1.AreaId{Scheme: "sicbl", Code: "92A"}}},
	}})
	if err != nil {
		panic(err)
	}
	patients, err := register.PackPatients(&ledgerv1.PatientList{Release: "patients registered", Day: "2021-10-26", Digests: [][]byte{make([]byte, 32)}}, map[string]uint32{"A81001": 9000})
	if err != nil {
		panic(err)
	}
	records = append(records, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Practices{Practices: list[0]}}, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Patients{Patients: patients}})
	all := []proto.Message{
		&nodev1.PublishAdvisoryRequest{RequestId: "a", Advisory: letter},
		&nodev1.WithdrawAdvisoryRequest{RequestId: "w", Withdrawal: &guidancev1.Withdrawal{Advisory: "gpc-england/6", OnBehalfOf: []string{"gpc-england"}, Issued: day, Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC}},
		&nodev1.PublishMatterRequest{RequestId: "m", Matter: testMatter()},
		&nodev1.ReportPositionRequest{RequestId: "r", Report: report},
		&nodev1.AppendRegisterRequest{RequestId: "reg", Records: records},
		&nodev1.InviteRequest{Office: "gpc-england"},
		&answersv1.ListMattersRequest{PageSize: 1, PageToken: "1"},
		&answersv1.GetMatterRequest{Name: "plan"},
		&answersv1.GetCombinedViewRequest{Selector: selector},
		&answersv1.GetEntryRequest{Name: "gpc-england/6"},
		&answersv1.ListEntriesRequest{Selector: selector, PageSize: 1, PageToken: "0"},
		&answersv1.GetChangesRequest{Selector: &answersv1.Selector{Matter: "plan", Area: "92A"}, Since: &answersv1.Since{At: &answersv1.Since_Cursor{Cursor: cursor}}},
		&answersv1.GetChangesRequest{Since: &answersv1.Since{At: &answersv1.Since_Day{Day: "2021-10-26"}}, Nation: "england"},
		&answersv1.GetProofRequest{Name: "gpc-england/6"},
		&answersv1.VerifyRequest{Body: []byte("x")},
		&answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: "plan", Area: "92A"}, Cursor: cursor},
		&answersv1.GetNationalPictureRequest{Selector: selector, Unit: 1, Nation: "england"},
		&answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: "plan"}, Compare: &answersv1.Since{At: &answersv1.Since_Day{Day: "2021-10-26"}}},
		&answersv1.GetRegisterRequest{Size: 1, Day: "2021-10-26"},
		&answersv1.LookUpPracticeRequest{Practice: "A81001", Day: "2021-10-26"},
		&answersv1.LookUpPracticeRequest{Text: "a81 001 surgery"},
		&answersv1.ListPracticesRequest{PageSize: 1},
	}
	for _, r := range records { // each alone, so that none hides behind another
		all = append(all, &nodev1.AppendRegisterRequest{RequestId: "reg", Records: []*ledgerv1.RegisterRecord{r}})
	}
	return all
}

// extremes are values of a field that nobody honest sends.
func extremes(f protoreflect.FieldDescriptor) []protoreflect.Value {
	switch f.Kind() {
	case protoreflect.StringKind:
		var all []protoreflect.Value
		for _, s := range []string{
			"", " ", "\x00", "x\ny", "/", "//", "@", "essex@0/7", "gpc-england/99999999999999999999", "gpc-england/1099511627776", "-1", "9223372036854775807", "9223372036854775808",
			"0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2021-02-30", "\u202e", "😀", strings.Repeat("x", 5000), strings.Repeat("x/", 300), "gpc-england/", "/plan",
		} {
			all = append(all, protoreflect.ValueOfString(s))
		}
		return all
	case protoreflect.BytesKind:
		return []protoreflect.Value{protoreflect.ValueOfBytes(nil), protoreflect.ValueOfBytes(make([]byte, 31)), protoreflect.ValueOfBytes(make([]byte, 70_000))}
	case protoreflect.EnumKind:
		return []protoreflect.Value{protoreflect.ValueOfEnum(-1), protoreflect.ValueOfEnum(0), protoreflect.ValueOfEnum(math.MaxInt32)}
	case protoreflect.BoolKind:
		return []protoreflect.Value{protoreflect.ValueOfBool(true)}
	case protoreflect.Int32Kind:
		return []protoreflect.Value{protoreflect.ValueOfInt32(math.MinInt32), protoreflect.ValueOfInt32(math.MaxInt32)}
	case protoreflect.Int64Kind:
		return []protoreflect.Value{protoreflect.ValueOfInt64(math.MinInt64), protoreflect.ValueOfInt64(math.MaxInt64)}
	case protoreflect.Uint32Kind:
		return []protoreflect.Value{protoreflect.ValueOfUint32(math.MaxUint32)}
	case protoreflect.Uint64Kind:
		return []protoreflect.Value{protoreflect.ValueOfUint64(math.MaxUint64), protoreflect.ValueOfUint64(1 << 63)}
	}
	return nil
}

// spoilt gives a request once for every field of it and every extreme of that field,
// with the field so, missing, or many times there. The request is as it was afterwards.
func spoilt(m protoreflect.Message) iter.Seq[string] {
	return func(yield func(string) bool) {
		fields := m.Descriptor().Fields()
		for i := range fields.Len() {
			if !spoilField(m, fields.Get(i), yield) {
				return
			}
		}
	}
}

func spoilField(m protoreflect.Message, f protoreflect.FieldDescriptor, yield func(string) bool) bool {
	name, was, had := string(f.FullName()), valueOf(m, f), m.Has(f)
	defer func() {
		if m.Clear(f); had {
			m.Set(f, was)
		}
	}()
	m.Clear(f)
	if !yield(name + " missing") {
		return false
	}
	switch {
	case f.IsMap():
		return true
	case f.IsList():
		return spoilList(m, f, was, had, yield)
	case f.Message() != nil:
		return spoilMessage(m, f, was, had, yield)
	}
	for _, v := range extremes(f) {
		if m.Set(f, v); !yield(fmt.Sprintf("%s = %.40q", name, v.String())) {
			return false
		}
	}
	return true
}

// valueOf is a field's value that stays when the field is set: a list is a view of its
// field.
func valueOf(m protoreflect.Message, f protoreflect.FieldDescriptor) protoreflect.Value {
	if !f.IsList() {
		return m.Get(f)
	}
	list := m.NewField(f)
	for i := range m.Get(f).List().Len() {
		list.List().Append(m.Get(f).List().Get(i))
	}
	return list
}

func spoilList(m protoreflect.Message, f protoreflect.FieldDescriptor, was protoreflect.Value, had bool, yield func(string) bool) bool {
	fill := func(v protoreflect.Value, count int) bool {
		list := m.NewField(f)
		for range count {
			list.List().Append(v)
		}
		m.Set(f, list)
		return yield(fmt.Sprintf("%s: %d of %.40q", f.FullName(), count, v.String()))
	}
	if f.Message() == nil {
		for _, v := range extremes(f) {
			if !fill(v, 1) || !fill(v, 2) {
				return false
			}
		}
		return !had || fill(was.List().Get(0), 2000)
	}
	if empty := m.NewField(f).List().NewElement(); !fill(empty, 1) || !fill(empty, 2000) {
		return false
	}
	if had {
		m.Set(f, was)
		for i := range was.List().Len() {
			for what := range spoilt(was.List().Get(i).Message()) {
				if !yield(what) {
					return false
				}
			}
		}
	}
	return true
}

func spoilMessage(m protoreflect.Message, f protoreflect.FieldDescriptor, was protoreflect.Value, had bool, yield func(string) bool) bool {
	if m.Set(f, m.NewField(f)); !yield(string(f.FullName()) + " empty") {
		return false
	}
	if !had {
		return true // its own fields would go on without end
	}
	m.Set(f, was)
	for what := range spoilt(was.Message()) {
		if !yield(what) {
			return false
		}
	}
	return true
}

func TestNoFieldOfAnyRequestMakesTheNodeMistaken(t *testing.T) {
	n := openKeeper(t)
	tried := 0
	for _, req := range requests() {
		for what := range spoilt(req.ProtoReflect()) {
			mustBlameTheCaller(t, n, what, req)
			tried++
		}
	}
	if tried < 1000 {
		t.Errorf("only %d requests were tried", tried)
	}
}

// fuzzRequest decodes bytes as a request and sends it.
func fuzzRequest(f *testing.F, kinds ...proto.Message) {
	n := openKeeper(f)
	for _, req := range requests() {
		for i, kind := range kinds {
			if req.ProtoReflect().Descriptor() == kind.ProtoReflect().Descriptor() {
				b, err := proto.Marshal(req)
				if err != nil {
					f.Fatal(err)
				}
				f.Add(uint8(i), b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, b []byte) {
		req := kinds[int(which)%len(kinds)].ProtoReflect().New().Interface()
		if proto.Unmarshal(b, req) == nil {
			mustBlameTheCaller(t, n, "decoded", req)
		}
	})
}

func FuzzPublishAdvisory(f *testing.F) {
	fuzzRequest(f, &nodev1.PublishAdvisoryRequest{}, &nodev1.WithdrawAdvisoryRequest{}, &nodev1.PublishMatterRequest{}, &nodev1.ReportPositionRequest{}, &nodev1.AppendRegisterRequest{})
}

func FuzzSelector(f *testing.F) {
	fuzzRequest(f, &answersv1.GetCombinedViewRequest{}, &answersv1.ListEntriesRequest{}, &answersv1.GetNationalPictureRequest{}, &answersv1.WatchViewRequest{}, &answersv1.ListMattersRequest{}, &answersv1.GetRegisterRequest{})
}
