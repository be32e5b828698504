package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const plan = "gpc-england/access-plan-2021"

// fake answers each kind of request with what it is given, or refuses it.
type fake struct {
	answers map[string]proto.Message // by the name of the request
	err     error
	asked   []proto.Message
}

func (f *fake) Ask(_ context.Context, req, resp proto.Message) error {
	f.asked = append(f.asked, req)
	if f.err != nil {
		return f.err
	}
	answer, is := f.answers[string(req.ProtoReflect().Descriptor().Name())]
	if !is {
		return fault.New(fault.ErrNotFound, "it is not here", "look elsewhere")
	}
	proto.Merge(resp, answer)
	return nil
}

// trial is a matter with one committee's line and its letter, in whatever words.
func trial(words string) *fake {
	day := &v1.DayRange{Earliest: "2021-10-25", Latest: "2021-10-25"}
	m := &v1.Matter{Name: plan, Title: "The plan " + words, Proposer: &v1.Body{Id: "nhs-england", Name: "NHS England " + words}, Opened: day, Measures: []*v1.Measure{{Id: "fund", Title: "The fund " + words}}}
	position := &v1.Position{
		Committees: []string{"north-essex"}, Matter: plan, Stance: v1.Stance_STANCE_REFUSE, Provenance: v1.Provenance_PROVENANCE_PRIMARY,
		Audiences: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}, Rationale: "It takes time " + words,
	}
	letter := &v1.Advisory{
		Office: "essex", OnBehalfOf: []string{"north-essex"}, Title: "Refuse " + words, Body: "# Dear colleague\n\n" + words + "\n", Issued: day, Positions: []*v1.Position{position},
		Actions: []*v1.Action{{Verb: "send the reply", Matter: plan, Template: "Dear ICB, " + words, TemplateFor: []v1.Audience{v1.Audience_AUDIENCE_COMMISSIONERS}}},
	}
	line := &answersv1.Line{
		Committee: "north-essex", CommitteeName: "North Essex LMC", State: answersv1.LineState_LINE_STATE_STATED, Audience: v1.Audience_AUDIENCE_PRACTICES,
		Current: &answersv1.Statement{Position: position, Advisory: "essex/7", Title: letter.Title, Issued: day},
	}
	committee := &answersv1.CommitteeView{Headline: line, Own: true, Contact: &v1.Contact{Name: "Essex LMCs " + words, Telephone: "01245 000000"}}
	view := &answersv1.CombinedView{
		Matter: m, AsOf: "2021-10-28", Audience: v1.Audience_AUDIENCE_PRACTICES, Committees: []*answersv1.CommitteeView{committee}, Completeness: &answersv1.Completeness{Complete: true, Words: "Everything is here."},
		Notices: []string{"Demonstration: not issued by this office."},
	}
	entry := &answersv1.Entry{
		Name: "essex/7", Office: "essex", Issued: day, Words: "It still stands.", Content: &answersv1.Entry_Advisory{Advisory: letter},
		Standings: []*answersv1.CommitteeStanding{{Committee: "north-essex", Current: true}}, Notices: view.Notices,
	}
	names := &answersv1.Names{Offices: map[string]string{"essex": "Essex LMCs"}, Committees: map[string]string{"north-essex": "North Essex LMC"}, Matters: map[string]*answersv1.MatterTitles{plan: {Title: m.Title}}}
	table := &answersv1.NationalTable{Title: "The whole matter", Proposer: m.Proposer, Denominator: 3, Columns: []*answersv1.Column{
		{Kind: answersv1.ColumnKind_COLUMN_KIND_STANCE, Stance: v1.Stance_STANCE_REFUSE, Count: 1, Members: []string{"north-essex"}, Words: "refuse"},
		{Kind: answersv1.ColumnKind_COLUMN_KIND_NO_LINE, Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT, Count: 2, Members: []string{"kent", "surrey"}, Words: "nothing published here"},
	}, Lines: []*answersv1.Line{line}}
	return &fake{answers: map[string]proto.Message{
		"ListMattersRequest":        &answersv1.ListMattersResponse{Matters: []*v1.Matter{m}},
		"ListEntriesRequest":        &answersv1.ListEntriesResponse{Entries: []*answersv1.Entry{entry}, Names: names},
		"GetCombinedViewRequest":    &answersv1.GetCombinedViewResponse{View: view},
		"GetEntryRequest":           &answersv1.GetEntryResponse{Entry: entry, Names: names, Body: []byte("signed")},
		"GetProofRequest":           &answersv1.GetProofResponse{Body: []byte("signed"), Proof: []byte("proof")},
		"GetNationalPictureRequest": &answersv1.GetNationalPictureResponse{Picture: &answersv1.NationalPicture{Matter: m, AsOf: "2021-10-28", Tables: []*answersv1.NationalTable{table}, Names: names}},
		"VerifyRequest":             &answersv1.VerifyResponse{Genuine: true, Current: true, Words: "exactly as Essex LMCs published it", Entry: &answersv1.Entry{Name: "essex/7"}},
		"ListVotesRequest":          &answersv1.ListVotesResponse{Matter: m},
		"SearchRequest": &answersv1.SearchResponse{Found: 1, Names: names, Hits: []*answersv1.Hit{{
			Entry: "essex/7", Title: letter.Title, Office: "essex", Committees: []string{"north-essex"}, Issued: day, Stands: true,
			Fragments: []*answersv1.Fragment{{Pieces: []*answersv1.Piece{{Text: "refuse "}, {Text: words, Matched: true}}}},
		}}},
		"GetRegisterRequest": &answersv1.GetRegisterResponse{Offices: []*answersv1.RegisteredOffice{{
			Office: &v1.Office{Id: "essex", Name: "Essex LMCs " + words}, Committees: []string{"north-essex"}, RootFingerprint: "vidof japif", Vkeys: []string{"demo/essex/log/0+9794d6fb+AY5"},
		}}, Committees: []*v1.Committee{{Id: "north-essex", Name: "North Essex LMC"}}},
		"LookUpPracticeRequest": &answersv1.LookUpPracticeResponse{Words: "Several can be meant.", Found: []*answersv1.PracticeFound{{Code: "F81001", Name: "The Surgery " + words}, {Code: "F81002", Name: "The other"}}},
		"GetPracticePageRequest": &answersv1.GetPracticePageResponse{
			Practice: "F81001", AsOf: "2021-10-28", Words: "Practice F81001 belongs to North Essex LMC.", Matters: []*answersv1.CombinedView{view},
			Committees:   []*answersv1.PracticeCommittee{{Committee: &v1.Committee{Id: "north-essex", Name: "North Essex LMC"}, Office: "essex", OfficeName: "Essex LMCs", Contact: committee.Contact}},
			Completeness: view.Completeness, Notices: view.Notices,
			Others: []*answersv1.MatterInBrief{{Name: "kent/other", Title: "Another " + words, Lines: []*answersv1.Line{{CommitteeName: "North Essex LMC", Words: "Nothing. " + words}}}},
		},
	}}
}

func site0(f *fake, private bool) http.Handler {
	return New(Config{Source: f, Private: private, Error: func(err error) []byte { return []byte(fmt.Sprintf("{%q: %q}", "message", err)) }, Software: "v1", Now: func() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }})
}

func get(t *testing.T, h http.Handler, address string, with ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	for i := 0; i+1 < len(with); i += 2 {
		r.Header.Set(with[i], with[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var addresses = []string{
	"/", "/matters", "/matters/" + plan, "/matters/" + plan + "?practice=F81001&measure=fund", "/letters/essex/7", "/offices", "/offices/essex", "/search", "/search?q=refuse", "/verify",
	"/practice?q=surgery", "/practice/F81001", "/practice/F81001?on=2021-10-28&since=2021-10-20", "/national/" + plan,
	"/national/" + plan + "?compare=2021-10-20", "/national/" + plan + "?list=silent", "/national/" + plan + "?list=icb&unit=practices", "/matters/" + plan + "/history", "/matters/" + plan + "/votes",
}

// Whatever stands in letters and names, a page runs none of it, loads nothing from elsewhere, and is whole.
func TestNothingInALetterRunsOnAPage(t *testing.T) {
	hostile := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `[press](javascript:alert(1))`, `![x](https://elsewhere.example/x.png)`, `<a href="data:text/html,x">x</a>`,
		`</textarea></pre></details></section></main><h1>Not ours</h1>`, "\u202e rtl \u0301\u0301\u0301", strings.Repeat("x", 300), "<style>*{display:none}</style>", "{{.}} ${x} %00",
		strings.Repeat("- ", 2000) + "deep", strings.Repeat("> ", 2000) + "deep", "essex/7<b>", "lmc advisory essex/7\"><script>",
	}
	for _, words := range hostile {
		h := site0(trial(words), true)
		for _, address := range addresses {
			w := get(t, h, address)
			if w.Code != http.StatusOK {
				t.Fatalf("%s with %.40q: %d %s", address, words, w.Code, w.Body)
			}
			csp := w.Header().Get("Content-Security-Policy")
			if !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Fatalf("%s may run what it likes: %q", address, csp)
			}
			checkHTML(t, address, words, w.Body.String())
		}
	}
}

// checkHTML holds a page against what no letter may bring into it.
func checkHTML(t *testing.T, address, words, page string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ones := map[string]int{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		ones[n.Data]++
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcset", a.Key == "formaction":
				t.Fatalf("%s with %.40q: <%s %s=%q>", address, words, n.Data, a.Key, a.Val)
			case a.Key == "href" || a.Key == "src" || a.Key == "action":
				if strings.Contains(a.Val, "script:") || strings.HasPrefix(a.Val, "data:") && n.Data != "link" || n.Data != "a" && strings.Contains(a.Val, "//") {
					t.Fatalf("%s with %.40q: <%s %s=%q>", address, words, n.Data, a.Key, a.Val)
				}
			}
		}
	}
	if ones["script"] != 1 || ones["style"]+ones["img"]+ones["iframe"]+ones["object"] > 0 || ones["h1"] != 1 || ones["main"] != 1 {
		t.Fatalf("%s with %.40q has elements that are not the page's: %v", address, words, ones)
	}
}

func TestAPageIsTheAnswerInItsOwnBytesBehindJSON(t *testing.T) {
	f := trial("today")
	h := site0(f, true)
	for address, name := range map[string]string{
		"/practice/F81001.json": "GetPracticePageRequest", "/matters/" + plan + ".json": "GetCombinedViewRequest", "/letters/essex/7.json": "GetEntryRequest",
		"/national/" + plan + ".json": "GetNationalPictureRequest", "/offices/essex.json": "ListEntriesRequest",
	} {
		w := get(t, h, address)
		want, err := protojson.Marshal(f.answers[name])
		if err != nil {
			t.Fatal(err)
		}
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" || !bytes.Equal(w.Body.Bytes(), want) {
			t.Errorf("%s: %d %s\n%s\nwant\n%s", address, w.Code, w.Header(), w.Body, want)
		}
	}
}

func TestAPageThatIsTheSameIsNotSentTwice(t *testing.T) {
	h := site0(trial("today"), true)
	for _, address := range addresses {
		first := get(t, h, address)
		tag := first.Header().Get("ETag")
		again := get(t, h, address, "If-None-Match", tag)
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s again: %d, %d bytes", address, again.Code, again.Body.Len())
		}
		zipped := get(t, h, address, "Accept-Encoding", "gzip")
		r, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		if whole, err := io.ReadAll(r); err != nil || !bytes.Equal(whole, first.Body.Bytes()) || zipped.Header().Get("ETag") != tag {
			t.Errorf("%s compressed is something else: %v", address, err)
		}
	}
	other := site0(trial("tomorrow"), true)
	if tag := get(t, h, "/").Header().Get("ETag"); get(t, other, "/", "If-None-Match", tag).Code != http.StatusOK {
		t.Error("a page that changed is said to be the same")
	}
}

func TestAPracticesPageIsKeptByNobodyElse(t *testing.T) {
	h := site0(trial("today"), false)
	for address, want := range map[string]string{
		"/practice/F81001": "private, no-cache", "/matters/" + plan + "?practice=F81001": "private, no-cache", "/matters/" + plan: "no-cache", "/matters/" + plan + ".json?practice=F81001": "private, no-cache",
		"/practice/F81001.json": "private, no-cache", "/practice/F81001.md": "private, no-cache", "/practice/F81001.ics": "private, no-cache", "/practice/F81001.atom": "private, no-cache",
	} {
		if got := get(t, h, address).Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: %q", address, got)
		}
	}
}

// A practice is remembered where its reader asks for that, on their device alone, and forgotten when they do; a page of
// another site can do neither.
func TestAPracticeIsRememberedUntilItIsForgotten(t *testing.T) {
	h := site0(trial("today"), false)
	post := func(address string, with ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, address, nil)
		for i := 0; i+1 < len(with); i += 2 {
			r.Header.Set(with[i], with[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	w := post("/practice/f81001/remember")
	set := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/practice/F81001" || len(set) != 1 || set[0].Value != "F81001" || !set[0].HttpOnly || set[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	home := get(t, h, "/", "Cookie", "practice=F81001")
	if page := home.Body.String(); !strings.Contains(page, "Practice F81001, today") || home.Header().Get("Cache-Control") != "private, no-cache" {
		t.Error(page)
	}
	if page := get(t, h, "/", "Cookie", "practice=<script>").Body.String(); strings.Contains(page, ", today</a>") {
		t.Error("what is no practice is remembered")
	}
	if w := post("/forget"); len(w.Result().Cookies()) != 1 || w.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("forgotten: %v", w.Header())
	}
	for _, address := range []string{"/practice/F81001/remember", "/forget", "/verify"} {
		if w := post(address, "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden || len(w.Result().Cookies()) > 0 {
			t.Errorf("%s from another site: %d", address, w.Code)
		}
	}
	if w := post("/practice/nothing/remember"); w.Code != http.StatusBadRequest {
		t.Errorf("what is no practice: %d", w.Code)
	}
}

// Who is silent is told nobody but who sits at the machine.
func TestWhoIsSilentIsNotToldEverybody(t *testing.T) {
	f := trial("today")
	view := f.answers["GetCombinedViewRequest"].(*answersv1.GetCombinedViewResponse).View
	view.Committees = append(view.Committees, &answersv1.CommitteeView{Headline: &answersv1.Line{
		Committee: "kent", CommitteeName: "Kent LMC", State: answersv1.LineState_LINE_STATE_NO_LINE, NoLine: &answersv1.NoLine{Reason: answersv1.NoLineReason_NO_LINE_REASON_SILENT},
	}})
	for private, told := range map[bool]bool{true: true, false: false} {
		if page := get(t, site0(f, private), "/matters/"+plan).Body.String(); strings.Contains(page, "Kent LMC") != told {
			t.Errorf("private %v: that Kent LMC is silent is told: %v", private, !told)
		}
	}
	if w := get(t, site0(f, false), "/national/"+plan); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "lmc open") {
		t.Errorf("the national picture for everybody: %d", w.Code)
	}
}

func TestWhatGoesWrongSaysWhatToDoWithTheRightStatus(t *testing.T) {
	for reason, want := range map[error]int{
		fault.ErrUnknownMatter: 404, fault.ErrUnknownPractice: 404, fault.ErrUnknownEntry: 404, fault.ErrInvalid: 400, fault.ErrFutureDay: 400, fault.ErrTooLarge: 413, fault.ErrNotJoined: 503,
		fault.ErrRecovering: 503, fault.ErrBusy: 503, fault.ErrStopping: 503, fault.ErrUnavailable: 503, fault.ErrInternal: 500,
	} {
		f := trial("today")
		f.err = fault.New(reason, "the <b>thing</b> is not so", "do this")
		w := get(t, site0(f, true), "/matters/"+plan)
		if page := w.Body.String(); w.Code != want || !strings.Contains(page, "The &lt;b&gt;thing&lt;/b&gt; is not so.") || !strings.Contains(page, "What to do: do this.") {
			t.Errorf("%v: %d\n%s", reason, w.Code, page)
		}
	}
	h := site0(trial("today"), true)
	for address, want := range map[string]int{
		"/nothing": 404, "/practice/F81001?on=30+February+2026": 400, "/matters/" + plan + "?as-of=soon": 400, "/letters/essex/7/text-2.txt": 404, "/letters/essex/7/text-x": 404,
		"/letters/essex/7/text-1.txt": 200, "/letters/essex/7.letter": 200, "/letters/essex/7.proof": 200, "/letters/essex/7.md": 200, "/practice/F81001.md": 200, "/practice/F81001.ics": 200, "/practice/F81001.atom": 200, "/offices/essex.atom": 200, "/matters/" + plan + ".atom": 200,
		"/offices/nobody": 404, "/national/" + plan + ".csv": 200, "/national/" + plan + ".csv?list=silent": 200, "/national/" + plan + "?list=x": 400, "/national/" + plan + "?unit=x": 400, "/national/" + plan + "?unit=unspecified": 400, "/practice/%3Cscript%3E": 400, "/practice/f81%20001": 303, "/practice?q=f81+001": 303, "/practice?q=": 303,
		"/?" + strings.Repeat("x", AddressLimit-len("/?")): 200, "/?" + strings.Repeat("x", AddressLimit-len("/?")+1): 413,
	} {
		if w := get(t, h, address); w.Code != want {
			t.Errorf("%.60s: %d, want %d", address, w.Code, want)
		}
	}
}

// form is an upload of so many bytes.
func form(t *testing.T, h http.Handler, size int) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	file, err := m.CreateFormFile("letter", "a.letter")
	if err == nil {
		_, err = file.Write(make([]byte, size))
	}
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
	r := httptest.NewRequest(http.MethodPost, "/verify", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestALetterIsCheckedUpToItsLimit(t *testing.T) {
	f := trial("today")
	h := site0(f, false)
	for size, want := range map[int]int{0: 400, 1: 200, UploadLimit: 200, UploadLimit + 1: 413, UploadLimit + 1<<20: 413} {
		f.asked = nil
		w := form(t, h, size)
		if w.Code != want {
			t.Errorf("%d bytes: %d, want %d", size, w.Code, want)
		}
		if want != http.StatusOK {
			continue
		}
		if req := f.asked[0].(*answersv1.VerifyRequest); len(req.Body) != size || req.Digest != nil {
			t.Errorf("of %d bytes it asks about %d and the digest %v", size, len(req.Body), req.Digest)
		}
		if !strings.Contains(w.Body.String(), "Exactly as Essex LMCs published it") {
			t.Error(w.Body)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/verify", strings.NewReader("no form"))
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusBadRequest {
		t.Errorf("what is no form: %d", w.Code)
	}
}

func TestWordsLinkToWhatTheyName(t *testing.T) {
	l := linker{query: "?on=2021-10-28", matters: []string{plan}, of: "kent/1"}
	for words, want := range map[string]string{
		"see essex/7.":                         `see <a href="/letters/essex/7">essex/7</a>.`,
		"read it with lmc advisory essex/7":    `read it with <a href="/letters/essex/7">essex/7</a>`,
		"[essex@1/7, kent/1]":                  `[<a href="/letters/essex@1/7">essex@1/7</a>, kent/1]`,
		"on " + plan:                           `on <a href="/matters/` + plan + `?on=2021-10-28">` + plan + `</a>`,
		"and/or 24/7 kent/plan":                `and/or 24/7 kent/plan`,
		"demo/essex/log/0 x.example/a/essex/7": `demo/essex/log/0 x.example/a/essex/7`,
		"<essex/7>\n&":                         `&lt;<a href="/letters/essex/7">essex/7</a>&gt; &amp;`,
	} {
		if got := string(l.html(words)); got != want {
			t.Errorf("%q: %s\nwant %s", words, got, want)
		}
	}
}

func TestPagesAreForThisMachineAlone(t *testing.T) {
	h := Local(site0(trial("today"), true))
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "127.0.0.1:1": 200, "[::1]:8080": 200, "lmc.example.org": 421, "localhost.example.org": 421, "127.0.0.1.example.org:80": 421, "192.0.2.1": 421, "": 421,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%q: %d, want %d", host, w.Code, want)
		}
	}
}

// A page with a hundred committees and a long letter weighs what an old line carries.
func TestAPageIsLight(t *testing.T) {
	f := trial("today")
	view := f.answers["GetCombinedViewRequest"].(*answersv1.GetCombinedViewResponse).View
	for i := range 130 {
		c := proto.CloneOf(view.Committees[0])
		c.Own, c.Headline.CommitteeName, c.Headline.Current.Advisory = false, fmt.Sprintf("The LMC of place number %d", i), fmt.Sprintf("office-%d/%d", i, i)
		view.Committees = append(view.Committees, c)
	}
	for i := range 200 {
		view.Matter.Measures = append(view.Matter.Measures, &v1.Measure{Id: fmt.Sprintf("measure-%d", i), Title: fmt.Sprintf("What is proposed as number %d, at some length", i)})
	}
	w := get(t, site0(f, true), "/matters/"+plan, "Accept-Encoding", "gzip")
	if size := w.Body.Len(); w.Code != http.StatusOK || size > 60<<10 {
		t.Errorf("%d, %d bytes compressed", w.Code, size)
	}
}
