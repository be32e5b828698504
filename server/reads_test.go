package server

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"connectrpc.com/connect/v2/connectproto"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	pb "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// testWeb is a node whose web listens, too.
type testWeb struct {
	*testNode
	url string // without a slash at its end
}

func serveWeb(t *testing.T, n *Node) *testWeb {
	t.Helper()
	if n.cfg.Web == "" {
		n.cfg.Web = "127.0.0.1:0"
	}
	var url string
	n.cfg.Browse = func(at string) { url = strings.TrimSuffix(at, "/") }
	w := &testWeb{testNode: serveOpened(t, n)}
	if w.url = url; url == "" {
		t.Fatal("the web does not listen")
	}
	return w
}

// newWeb is a keeper with a matter and a letter, whose clock stands, so that answers can be compared.
func newWeb(t *testing.T) *testWeb {
	t.Helper()
	now := time.Now()
	w := serveWeb(t, open(t, Config{
		Dir: initNode(t, "gpc-england", true, true), Now: func() time.Time { return now }, unsearched: true,
		free: func(string) (int64, error) { return 1 << 40, nil },
	}))
	if _, err := w.publication().PublishMatter(testContext(t), &nodev1.PublishMatterRequest{RequestId: "matter", Matter: testMatter()}); err != nil {
		t.Fatal(err)
	}
	w.mustPublish("letter", testAdvisory("2021-10-25", refuse, "gpc-england"))
	return w
}

// readMethods are the methods of the services, and whether HTTP has them.
func readMethods(t *testing.T, each func(m protoreflect.MethodDescriptor, name string, read bool)) {
	t.Helper()
	files := 0
	protoregistry.GlobalFiles.RangeFilesByPackage("lmc.node.v1", func(f protoreflect.FileDescriptor) bool {
		files++
		for i := range f.Services().Len() {
			s := f.Services().Get(i)
			for j := range s.Methods().Len() {
				name := "/" + string(s.FullName()) + "/" + string(s.Methods().Get(j).Name())
				want, known := rightOf(name)
				if !known {
					t.Errorf("%s has no right", name)
				}
				each(s.Methods().Get(j), name, want == anybody)
			}
		}
		return true
	})
	if files == 0 {
		t.Fatal("no services were found")
	}
}

func messageOf(t *testing.T, d protoreflect.MessageDescriptor) pb.Message {
	t.Helper()
	mt, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
	if err != nil {
		t.Fatal(err)
	}
	return mt.New().Interface()
}

// readsAsked is what each method is asked, so that it has something to answer; one that is not here is asked nothing.
var readsAsked = map[string]string{
	"GetMatter": `{"name": "plan"}`, "GetCombinedView": `{"selector": {"matter": "plan"}}`, "GetEntry": `{"name": "gpc-england/5"}`,
	"GetProof": `{"name": "gpc-england/5"}`, "GetChanges": `{"selector": {"matter": "plan"}, "since": {"day": "2021-10-20"}}`,
	"Search": `{"query": "advice"}`, "ListVotes": `{"selector": {"matter": "plan"}}`, "GetNationalPicture": `{"selector": {"matter": "plan"}}`,
	"WatchView": `{"selector": {"matter": "plan"}}`, "SaveNationalPicture": `{"selector": {"matter": "plan"}}`, "LookUpPractice": `{"practice": "X10001"}`,
	"GetPracticePage": `{"practice": "X10001"}`, "ListEntries": `{"office": "gpc-england"}`,
}

// outcome is an answer, or the messages of a stream that come at once, or the error.
type outcome struct {
	answers []pb.Message
	err     error
}

func (o outcome) String() string {
	var words []string
	for _, a := range o.answers {
		words = append(words, protojson.MarshalOptions{Multiline: false}.Format(a))
	}
	if o.err != nil {
		words = append(words, "error: "+o.err.Error())
	}
	return strings.ReplaceAll(strings.Join(words, "\n"), " ", "")
}

func told(code fmt.Stringer, message string, details []pb.Message) error {
	words := strings.ToLower(strings.ReplaceAll(code.String(), "_", "")) + ": " + message
	for _, d := range details {
		words += "; " + protojson.Format(d)
	}
	return errors.New(words)
}

// overGRPC asks a method over gRPC.
func (w *testWeb) overGRPC(ctx context.Context, m protoreflect.MethodDescriptor, name string, req pb.Message) (o outcome) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := w.dial(nil).NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, name)
	if err == nil {
		err = errors.Join(stream.SendMsg(req), stream.CloseSend())
	}
	for err == nil {
		resp := messageOf(w.t, m.Output())
		if err = stream.RecvMsg(resp); err == nil {
			o.answers = append(o.answers, resp)
		}
		if m.IsStreamingServer() && m.Name() == "WatchView" {
			break
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		st := status.Convert(err)
		var details []pb.Message
		for _, d := range st.Details() {
			details = append(details, d.(pb.Message))
		}
		o.err = told(st.Code(), st.Message(), details)
	}
	return o
}

// overConnect asks a method by Connect's own client.
func (w *testWeb) overConnect(ctx context.Context, m protoreflect.MethodDescriptor, name string, req pb.Message, opts ...connecthttp.Option) (o outcome) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client := connect.NewClient(connecthttp.NewTransport(http.DefaultClient, w.url, opts...))
	spec := connect.Spec{Procedure: name, Schema: m, IdempotencyLevel: connect.IdempotencyNoSideEffects}
	var err error
	if !m.IsStreamingServer() {
		resp := messageOf(w.t, m.Output())
		if err = client.CallUnary(ctx, spec, req, resp); err == nil {
			o.answers = append(o.answers, resp)
		}
	} else {
		spec.StreamType = connect.StreamTypeServer
		var stream connect.ClientStream
		stream, err = client.CallServerStream(ctx, spec, req)
		for err == nil {
			resp := messageOf(w.t, m.Output())
			if err = stream.Receive(resp); err == nil {
				o.answers = append(o.answers, resp)
			}
			if m.Name() == "WatchView" {
				break
			}
		}
	}
	var e *connect.Error
	switch {
	case err == nil || errors.Is(err, io.EOF):
	case errors.As(err, &e):
		var details []pb.Message
		for _, d := range e.Details() {
			detail, err := connectproto.UnmarshalErrorDetail(d)
			if err != nil {
				w.t.Error(err)
			}
			details = append(details, detail)
		}
		o.err = told(e.Code(), e.Message(), details)
	default:
		o.err = err
	}
	return o
}

func TestEveryReadMethodAnswersOverHTTPAsOverGRPC(t *testing.T) {
	w := newWeb(t)
	ctx := testContext(t)
	asked := 0
	readMethods(t, func(m protoreflect.MethodDescriptor, name string, read bool) {
		if !read {
			return
		}
		asked++
		req := messageOf(t, m.Input())
		if words := readsAsked[string(m.Name())]; words != "" {
			if err := protojson.Unmarshal([]byte(words), req); err != nil {
				t.Fatal(name, err)
			}
		}
		want := w.overGRPC(ctx, m, name, req)
		for how, got := range map[string]outcome{
			"Connect":                   w.overConnect(ctx, m, name, req),
			"JSON":                      w.overConnect(ctx, m, name, req, connecthttp.WithProtoJSON()),
			"GET":                       w.overConnect(ctx, m, name, req, connecthttp.WithHTTPGet()),
			"JSON by GET":               w.overConnect(ctx, m, name, req, connecthttp.WithHTTPGet(), connecthttp.WithProtoJSON()),
			"gRPC-Web":                  w.overConnect(ctx, m, name, req, connecthttp.WithGRPCWeb()),
			"gRPC-Web that sends JSON ": w.overConnect(ctx, m, name, req, connecthttp.WithGRPCWeb(), connecthttp.WithProtoJSON()),
		} {
			if got.String() != want.String() {
				t.Errorf("%s by %s:\n%s\nover gRPC:\n%s", name, how, got, want)
			}
		}
		if want.err != nil || len(want.answers) == 0 {
			t.Errorf("%s answers nothing that could be compared: %s", name, want)
		}
	})
	if asked < 15 {
		t.Errorf("%d methods were asked", asked)
	}
}

func TestOnlyWhatAnybodyMayReadIsServedOverHTTP(t *testing.T) {
	w := newWeb(t)
	readMethods(t, func(_ protoreflect.MethodDescriptor, name string, read bool) {
		resp := w.post(name, "application/json", "{}")
		if served := !strings.Contains(string(resp.body), "there is no method"); served != read {
			t.Errorf("%s is answered %s", name, resp.Status)
		}
	})
	for _, name := range []string{
		"/grpc.health.v1.Health/Check", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "/lmc.node.v1.PublicationService/PublishAdvisory",
		"/lmc.node.v1.PublicationService/", "/lmc.node.v1.FederationService/Fetch",
	} {
		for _, kind := range []string{"application/json", "application/proto", "application/grpc-web+proto", "application/connect+json"} {
			if resp := w.post(name, kind, "{}"); resp.StatusCode != http.StatusNotFound || !strings.Contains(string(resp.body), "there is no method") {
				t.Errorf("%s as %s is answered %s %s", name, kind, resp.Status, resp.body)
			}
		}
	}
}

// An app that mistyped a method is told so in what it reads, and may read it from a page of its own.
func TestAMistypedMethodIsToldInJSON(t *testing.T) {
	w := newWeb(t)
	for _, name := range []string{"/lmc.node.v1.GuidanceService/PublishEverything", "/lmc.node.v1.GuidanceServce/GetMatter", "/GuidanceService/GetMatter", "/lmc.node.v1.GuidanceService/GetMatter/"} {
		var e struct{ Code string }
		resp := w.post(name, "application/json", "{}")
		if err := json.Unmarshal(resp.body, &e); err != nil || e.Code != "unimplemented" || resp.StatusCode != http.StatusNotFound || resp.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s is answered %s %s", name, resp.Status, resp.body)
		}
	}
}

func TestTheOpenAPIHasEveryReadMethodOfOneAnswer(t *testing.T) {
	b, err := os.ReadFile("../docs/openapi/read.swagger.json")
	if err != nil {
		t.Fatal(err)
	}
	var has struct{ Paths map[string]any }
	if err := json.Unmarshal(b, &has); err != nil {
		t.Fatal(err)
	}
	var want []string
	readMethods(t, func(m protoreflect.MethodDescriptor, name string, read bool) {
		if read && !m.IsStreamingServer() {
			want = append(want, name)
		}
	})
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(has.Paths)); !slices.Equal(got, want) {
		t.Errorf("it has %q, want %q", got, want)
	}
}

type answered struct {
	*http.Response
	body []byte
}

func (w *testWeb) do(req *http.Request, err error) answered {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req.WithContext(testContext(w.t)))
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answered{resp, body}
}

func (w *testWeb) post(path, contentType, body string) answered {
	w.t.Helper()
	req, err := http.NewRequest(http.MethodPost, w.url+path, strings.NewReader(body))
	if err == nil {
		req.Header.Set("Content-Type", contentType)
	}
	return w.do(req, err)
}

func (w *testWeb) get(path string) answered {
	w.t.Helper()
	return w.do(http.NewRequest(http.MethodGet, w.url+path, nil))
}

const viewPath = "/lmc.node.v1.GuidanceService/GetCombinedView"

func TestJSONIsWhatAPageMakesOfTheSameAnswer(t *testing.T) {
	w := newWeb(t)
	for path, ask := range map[string][2]pb.Message{
		viewPath: {&answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: "plan"}}, &answersv1.GetCombinedViewResponse{}},
		"/lmc.node.v1.NationalService/GetNationalPicture": {&answersv1.GetNationalPictureRequest{Selector: &answersv1.Selector{Matter: "plan"}}, &answersv1.GetNationalPictureResponse{}},
	} {
		if err := w.newReads().Ask(testContext(t), ask[0], ask[1]); err != nil {
			t.Fatal(err)
		}
		want, err := protojson.Marshal(ask[1])
		if err != nil {
			t.Fatal(err)
		}
		sent := `{"selector": {"matter": "plan"}}`
		for how, got := range map[string]answered{
			"POST": w.post(path, "application/json", sent), "POST with a charset": w.post(path, "application/json; charset=UTF-8", sent),
			"GET":           w.get(path + "?encoding=json&message=" + url.QueryEscape(sent)),
			"GET in base64": w.get(path + "?connect=v1&encoding=json&base64=1&message=" + base64.RawURLEncoding.EncodeToString([]byte(sent))),
		} {
			if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "application/json" && how != "POST with a charset" || !bytes.Equal(got.body, want) {
				t.Errorf("%s of %s: %s %s\n%s\nwant\n%s", how, path, got.Status, got.Header.Get("Content-Type"), got.body, want)
			}
		}
		if !bytes.Contains(want, []byte(`"committee`)) && !bytes.Contains(want, []byte(`"committees"`)) {
			t.Errorf("%s lacks its parts: %s", path, want)
		}
	}
}

func TestAnErrorInJSONHasMessageHintAndViolations(t *testing.T) {
	w := newWeb(t)
	got := w.post(viewPath, "application/json", `{"selector": {"matter": "plam"}}`)
	var e struct {
		Code, Message string
		Details       []struct {
			Type  string
			Debug json.RawMessage
		}
	}
	if err := json.Unmarshal(got.body, &e); err != nil || got.StatusCode != http.StatusNotFound || e.Code != "not_found" || !strings.Contains(e.Message, "plam") {
		t.Fatalf("%s %s %v", got.Status, got.body, err)
	}
	var reason, hint bool
	for _, d := range e.Details {
		reason = reason || d.Type == "google.rpc.ErrorInfo" && strings.Contains(string(d.Debug), "UNKNOWN_MATTER")
		hint = hint || d.Type == "google.rpc.Help" && strings.Contains(string(d.Debug), "description")
	}
	if !reason || !hint {
		t.Errorf("details: %s", got.body)
	}
	got = w.post("/lmc.node.v1.GuidanceService/ListMatters", "application/json", `{"pageToken": "nonsense"}`)
	if got.StatusCode != http.StatusBadRequest || !strings.Contains(string(got.body), "google.rpc.BadRequest") || !strings.Contains(string(got.body), "page_token") {
		t.Errorf("%s %s", got.Status, got.body)
	}
}

func TestBadInputOverHTTPIsRefusedInWords(t *testing.T) {
	var log said
	n := open(t, Config{Dir: initNode(t, "gpc-england", true, true), Logger: slog.New(slog.NewTextHandler(&log, nil))})
	w := serveWeb(t, n)
	for name, c := range map[string]struct {
		got    answered
		status int
		words  string
	}{
		"not JSON":              {w.post(viewPath, "application/json", "{"), 400, "the request cannot be read"},
		"nothing":               {w.post(viewPath, "application/json", ""), 400, "zero-length"},
		"an unknown field":      {w.post(viewPath, "application/json", `{"selektor": {}}`), 400, "selektor"},
		"not a message":         {w.post(viewPath, "application/proto", "\xff\xff"), 400, "the request cannot be read"},
		"another content type":  {w.post(viewPath, "text/plain", "{}"), 415, "curl --json"},
		"a form":                {w.post(viewPath, "application/x-www-form-urlencoded", "message=1"), 415, "curl --json"},
		"compressed":            {w.do(compressed(w.url + viewPath)), 501, "unknown compression"},
		"GET without a message": {w.get(viewPath + "?encoding=json"), 400, "message"},
		"GET without encoding":  {w.get(viewPath + "?message={}"), 415, "encoding=json"},
		"GET of no JSON":        {w.get(viewPath + "?encoding=json&message=x"), 400, "the request cannot be read"},
		"GET of a stream":       {w.get("/lmc.node.v1.GuidanceService/WatchView?encoding=json&message={}"), 405, "use POST"},
		"a stream as if unary":  {w.post("/lmc.node.v1.GuidanceService/WatchView", "application/json", "{}"), 415, "application/connect+json"},
		"DELETE":                {w.do(http.NewRequest(http.MethodDelete, w.url+viewPath, nil)), 405, "use GET, POST"},
	} {
		if c.got.StatusCode != c.status || !strings.Contains(string(c.got.body), c.words) {
			t.Errorf("%s: %s %s, want %d %q", name, c.got.Status, c.got.body, c.status, c.words)
		}
	}
	if log.times("internal error") > 0 {
		t.Errorf("the log says %s", log.buf.String())
	}
}

func compressed(url string) (*http.Request, error) {
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader("{}"))
	if err == nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Content-Encoding", "gzip")
	}
	return req, err
}

func TestABodyAtTheLimitIsReadAndOnePastItIsNot(t *testing.T) {
	w := newWeb(t)
	limit := w.budgets.visitorMessage
	ask := func(length int) answered {
		query := strings.Repeat("x", length-len(`{"query":""}`))
		return w.post("/lmc.node.v1.GuidanceService/Search", "application/json", `{"query":"`+query+`"}`)
	}
	if got := ask(limit); got.StatusCode != http.StatusBadRequest || strings.Contains(string(got.body), "TOO_LARGE") && !strings.Contains(string(got.body), "characters") || strings.Contains(string(got.body), "larger than") {
		t.Errorf("at the limit: %s %s", got.Status, got.body)
	}
	if got := ask(limit + 1); got.StatusCode != http.StatusBadRequest || !strings.Contains(string(got.body), "TOO_LARGE") || !strings.Contains(string(got.body), "larger than") {
		t.Errorf("one past it: %s %s", got.Status, got.body)
	}
	// Of gRPC-Web the message has an envelope besides.
	for length, words := range map[int]string{limit: "unmarshal", limit + 1: "larger"} {
		frame := append([]byte{0, byte(length >> 24), byte(length >> 16), byte(length >> 8), byte(length)}, make([]byte, length)...)
		got := w.post(viewPath, "application/grpc-web+proto", string(frame))
		all := fmt.Sprint(got.Header) + string(got.body)
		if read := strings.Contains(all, "cannot be read"); read != (length == limit) {
			t.Errorf("%d bytes of gRPC-Web: %s %s, want %q", length, got.Status, all, words)
		}
	}
}

func TestStatusOverHTTPTellsNoAddressOfAnotherNode(t *testing.T) {
	k := newKeeper(t)
	dir, invitation := k.admitted("essex", true, "north-essex")
	w := serveWeb(t, open(t, Config{Dir: dir, Invitation: invitation}))
	w.awaitSame(k)
	var overGRPC nodev1.GetStatusResponse
	await(t, "the keeper is heard", func() bool {
		resp, err := nodev1.NewNodeServiceClient(w.dial(nil)).GetStatus(testContext(t), &nodev1.GetStatusRequest{})
		if err != nil {
			t.Fatal(err)
		}
		pb.Reset(&overGRPC)
		pb.Merge(&overGRPC, resp)
		return len(resp.Peers) > 0 && resp.Peers[0].Address != ""
	})
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	await(t, "the keeper is missed", func() bool { return w.replica.Peers()[0].Problem != nil })
	got := w.post("/lmc.node.v1.NodeService/GetStatus", "application/json", "{}")
	if got.StatusCode != http.StatusOK || strings.Contains(string(got.body), k.address) || !strings.Contains(string(got.body), `"peers"`) {
		t.Errorf("over HTTP: %s %s", got.Status, got.body)
	}
	if strings.Contains(string(got.body), "127.0.0.1") && !strings.Contains(string(got.body), w.address) {
		t.Errorf("over HTTP: %s", got.body)
	}
}

func TestAPageAsksAsWhoeverReadsIt(t *testing.T) {
	w := newWeb(t)
	source := w.newReads()
	var resp answersv1.GetMatterResponse
	err := source.Ask(testContext(t), &answersv1.GetMatterRequest{Name: "plam"}, &resp)
	if !errors.Is(err, fault.ErrUnknownMatter) || fault.Hint(err) == "" {
		t.Errorf("a matter there is not: %v", err)
	}
	if err := source.Ask(testContext(t), &answersv1.GetMatterRequest{Name: "plan"}, &resp); err != nil || resp.Matter.GetTitle() != "A plan" {
		t.Errorf("a matter there is: %v %v", &resp, err)
	}
	for _, req := range []pb.Message{&nodev1.PublishAdvisoryRequest{}, &nodev1.FetchRequest{}, &answersv1.WatchViewRequest{}, &errdetails.Help{}} {
		if err := source.Ask(testContext(t), req, &resp); !errors.Is(err, fault.ErrUnsupported) {
			t.Errorf("%T: %v", req, err)
		}
	}
	if key, shown := identity.PeerKey(caller{}.State); shown {
		t.Errorf("a browser shows the key %v", key)
	}
}
