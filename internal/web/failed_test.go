package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// asks sends a request without a body.
func asks(h http.Handler, method, address string, with ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, nil)
	for i := 0; i+1 < len(with); i += 2 {
		r.Header.Set(with[i], with[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A program that asked for JSON reads no page to learn that there is none.
func TestWhatGoesWrongBehindJSONIsJSON(t *testing.T) {
	f := trial("today")
	f.err = fault.New(fault.ErrUnknownMatter, "matter \"plam\" is not known here", "look at /matters", fault.Violation{Field: "selector.matter", Reason: "unknown"})
	for address, want := range map[string]int{
		"/matters/gpc-england/plam.json": 404, "/nothing.json": 404, "/practice/x.json": 400, "/practice/F81001.json?on=30+February+2026": 400, "/search.json": 400, "/practice.json": 400, "/national/" + plan + ".json": 403,
	} {
		w := get(t, site0(f, false), address)
		if w.Code != want || w.Header().Get("Content-Type") != "application/json" || !strings.HasPrefix(w.Body.String(), `{"message": `) {
			t.Errorf("%s: %d %s %s", address, w.Code, w.Header(), w.Body)
		}
	}
}

func TestWhatAnAnswerHasNotIsNotAPageUnderItsName(t *testing.T) {
	h := site0(trial("today"), true)
	for _, address := range []string{
		"/matters/" + plan + ".csv", "/matters/" + plan + ".ics", "/letters/essex/7.atom", "/letters/essex/7.csv", "/offices/essex.md", "/practice/F81001.csv", "/national/" + plan + ".atom", "/practice/F81001.json.json",
	} {
		if w := get(t, h, address); w.Code != http.StatusNotFound && w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	if page := get(t, h, "/matters/"+plan+".csv").Body.String(); !strings.Contains(page, ".json and .atom") {
		t.Errorf("what there is is not said: %s", page)
	}
}

func TestEveryPageOfAnAnswerHasItBehindJSON(t *testing.T) {
	h := site0(trial("today"), true)
	for _, address := range []string{"/matters.json", "/offices.json", "/search.json?q=refuse", "/practice.json?q=surgery", "/matters/" + plan + "/history.json", "/matters/" + plan + "/votes.json"} {
		if w := get(t, h, address); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %d %s %s", address, w.Code, w.Header(), w.Body)
		}
	}
	if w := get(t, h, "/practice.json?q=F81001"); w.Header().Get("Location") != "/practice/F81001.json" {
		t.Errorf("a code leads to %s", w.Header())
	}
}

// What a device remembers is no part of an answer that is the service's own.
func TestTheJSONOfAMatterIsTheSameOnEveryDevice(t *testing.T) {
	f := trial("today")
	h := site0(f, true)
	get(t, h, "/matters/"+plan+".json", "Cookie", "practice=F81001")
	if asked := f.asked[0].(*answersv1.GetCombinedViewRequest); asked.GetSelector().GetPractice() != "" {
		t.Errorf("asked: %v", asked)
	}
	if page := get(t, h, "/matters/"+plan, "Cookie", "practice=F81001").Body.String(); !strings.Contains(page, plan+".json?practice=F81001") {
		t.Error("the JSON behind a page is not what it was made of")
	}
}

func TestAMistypedPracticeIsNotPassedOver(t *testing.T) {
	h := site0(trial("today"), true)
	if w := get(t, h, "/matters/"+plan+"?practice=F8100"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "“F8100” is no practice") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAMethodThatAnAddressHasNotIsToldSo(t *testing.T) {
	h := site0(trial("today"), true)
	for _, c := range []struct{ method, address, allow string }{
		{"POST", "/matters", "GET, HEAD"}, {"DELETE", "/", "GET, HEAD"}, {"OPTIONS", "/practice/F81001", "GET, HEAD"}, {"PUT", "/verify", "GET, POST, HEAD"}, {"GET", "/forget", "POST"}, {"GET", "/practice/F81001/remember", "POST"},
	} {
		if w := asks(h, c.method, c.address); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != c.allow || !strings.Contains(w.Body.String(), "What to do") {
			t.Errorf("%s %s: %d %q", c.method, c.address, w.Code, w.Header().Get("Allow"))
		}
	}
	if w := asks(h, "POST", "/nothing"); w.Code != http.StatusNotFound {
		t.Errorf("POST /nothing: %d", w.Code)
	}
}

func TestAStrokeTooManyLeadsToThePage(t *testing.T) {
	h := site0(trial("today"), true)
	for address, want := range map[string]string{"/matters/": "/matters", "/practice/F81001/?on=2021-10-28": "/practice/F81001?on=2021-10-28", "/letters/essex/7/": "/letters/essex/7", "/nothing/": "", "/%5Cevil.example/": ""} {
		if w := get(t, h, address); w.Header().Get("Location") != want {
			t.Errorf("%s: %d %q", address, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestWhatAnotherSiteSendsIsRefusedInWords(t *testing.T) {
	w := asks(site0(trial("today"), true), "POST", "/forget", "Sec-Fetch-Site", "cross-site")
	if page := w.Body.String(); w.Code != http.StatusForbidden || !strings.Contains(page, "<h1>") || !strings.Contains(page, "another site") {
		t.Errorf("%d %s", w.Code, page)
	}
}

// What is wrong with one thing is said once.
func TestAnErrorIsNotToldTwiceOnAPage(t *testing.T) {
	f := trial("today")
	f.err = fault.New(fault.ErrInvalid, "what is looked for has 300 characters", "ask for less", fault.Violation{Field: "query", Reason: "too long"})
	if page := get(t, site0(f, true), "/search?q=x").Body.String(); !strings.Contains(page, "What is looked for has 300 characters.") {
		t.Error(page)
	}
}

func TestAListGoesOnWithAllThatWasAsked(t *testing.T) {
	f := trial("today")
	f.answers["SearchRequest"].(*answersv1.SearchResponse).NextPageToken = "a+b"
	list := f.answers["ListEntriesRequest"].(*answersv1.ListEntriesResponse)
	list.NextPageToken, list.Matter = "a+b", plan
	h := site0(f, true)
	for address, want := range map[string]string{
		"/search?q=refuse&office=essex":              `href="?from=a%2Bb&amp;office=essex&amp;q=refuse"`,
		"/matters/" + plan + "/history?measure=fund": `href="/matters/` + plan + `/history?from=a%2Bb&amp;measure=fund"`,
	} {
		if page := get(t, h, address).Body.String(); !strings.Contains(page, want) {
			t.Errorf("%s has no %s:\n%s", address, want, page)
		}
	}
	if got := get(t, h, "/matters/"+plan+"/history.json").Body.String(); !strings.Contains(got, "a+b") {
		t.Errorf("a program cannot go on: %s", got)
	}
}

func TestADayAskedAboutIsKeptByEveryLink(t *testing.T) {
	f := trial("today")
	h := site0(f, true)
	for address, want := range map[string][]string{
		"/national/" + plan + "?on=2021-10-28":    {"?list=silent&amp;on=2021-10-28", "/matters/" + plan + "?on=2021-10-28", ">Today</a>"},
		"/national/" + plan + "?as-of=2021-10-28": {"?list=silent&amp;as-of=2021-10-28", "/matters/" + plan + "?as-of=2021-10-28", ">Today</a>"},
		"/matters/" + plan + "?as-of=2021-10-28":  {"/national/" + plan + "?as-of=2021-10-28"},
	} {
		page := get(t, h, address).Body.String()
		for _, one := range want {
			if !strings.Contains(page, one) {
				t.Errorf("%s has no %s", address, one)
			}
		}
	}
	f.asked = nil
	get(t, h, "/practice/F81001?as-of=2021-10-28")
	for _, m := range f.asked {
		if m, is := m.(*answersv1.GetPracticePageRequest); is && m.GetOnDay() != "2021-10-28" {
			t.Errorf("a practice's page is asked for %v", m)
		}
	}
	if w := get(t, h, "/matters/"+plan+"?as-of=2021-10-28&on=2021-10-20"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Two days") {
		t.Errorf("two days: %d", w.Code)
	}
}

func TestOnlyWhoTakesGzipGetsIt(t *testing.T) {
	h := site0(trial("today"), true)
	for accepts, want := range map[string]bool{"gzip": true, "br, GZIP;q=0.5": true, "gzip;q=1": true, "gzip; q=1.0, identity": true, "": false, "identity": false, "gzip;q=0": false, "gzip; q=0.0": false, "xgzip": false} {
		if got := get(t, h, "/", "Accept-Encoding", accepts).Header().Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("%q: %v", accepts, got)
		}
	}
}

// Proxies write a tag anew, as a strong one.
func TestATagIsKnownAgainHoweverItIsWritten(t *testing.T) {
	h := site0(trial("today"), true)
	tag := strings.TrimPrefix(get(t, h, "/").Header().Get("ETag"), "W/")
	for _, has := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
		if w := get(t, h, "/", "If-None-Match", has); w.Code != http.StatusNotModified {
			t.Errorf("%s: %d", has, w.Code)
		}
	}
	if w := get(t, h, "/", "If-None-Match", `"x"`); w.Code != http.StatusOK {
		t.Errorf("another's: %d", w.Code)
	}
}

// Whoever mistyped a code, or whose LMC is not here, is told that before what others say.
func TestThatAPracticesLMCIsNotKnownStandsBeforeAnyMatter(t *testing.T) {
	for _, matters := range []int{1, 2} {
		f := trial("today")
		resp := f.answers["GetPracticePageRequest"].(*answersv1.GetPracticePageResponse)
		resp.Committees, resp.Words = nil, "Practice F81001 is not in this register. Check the code."
		for len(resp.GetMatters()) < matters {
			resp.Matters = append(resp.Matters, resp.GetMatters()[0])
		}
		page := get(t, site0(f, true), "/practice/F81001").Body.String()
		said, matter := strings.Index(page, `<p class="lead">Practice F81001 is not in this register. Check the code.</p>`), strings.Index(page, "The plan today")
		if said < 0 || matter < said {
			t.Errorf("%d matters: it is told at %d, and a matter at %d:\n%s", matters, said, matter, page)
		}
	}
}

// A page said to name one's LMC, and had nowhere to.
func TestWhoseLMCIsNotKnownIsLedToThoseThatAreHere(t *testing.T) {
	f := trial("today")
	f.answers["LookUpPracticeRequest"] = &answersv1.LookUpPracticeResponse{Words: "None has a name like it; or name your committee."}
	practice := f.answers["GetPracticePageRequest"].(*answersv1.GetPracticePageResponse)
	practice.Committees, practice.Words = nil, "It is not in this register. Check the code, or name your committee."
	for _, address := range []string{"/practice?q=surrey", "/practice/F81001"} {
		if page := get(t, site0(f, true), address).Body.String(); !strings.Contains(page, `<a href="/offices">The LMCs that are here, by name</a>`) {
			t.Errorf("%s leads to none:\n%s", address, page)
		}
	}
}

// Above whether an LMC's letter is genuine stood that its office was invented, which another letter said of its own.
func TestANoticeOfSomeLettersIsNotToldOfAll(t *testing.T) {
	f := trial("today")
	list := f.answers["ListEntriesRequest"].(*answersv1.ListEntriesResponse)
	list.Entries = append(list.Entries, &answersv1.Entry{Name: "kent/1", Office: "kent", Words: "It still stands.", Notices: []string{"Demonstration: invented, as is this office."}})
	f.answers["VerifyRequest"] = &answersv1.VerifyResponse{Words: "Not found"}
	for address, page := range map[string]string{"the first page": get(t, site0(f, true), "/").Body.String(), "a letter's check": form(t, site0(f, true), 10).Body.String()} {
		if !strings.Contains(page, `<p class="notice">Demonstration: invented, as is this office. (Said of some of what is here.)</p>`) {
			t.Errorf("%s has it of everything:\n%s", address, page)
		}
	}
}

// The national line stood below a bar and a map.
func TestTheNationalLineStandsBeforeAnyPicture(t *testing.T) {
	f := trial("today")
	table := f.answers["GetNationalPictureRequest"].(*answersv1.GetNationalPictureResponse).GetPicture().GetTables()[0]
	table.National = table.GetLines()[0]
	page := get(t, site0(f, true), "/national/"+plan).Body.String()
	lead, picture := strings.Index(page, `<p class="lead">`), strings.Index(page, `<figure class="picture bar">`)
	if lead < 0 || picture < lead || strings.Count(page, `<p class="lead">`) != 1 {
		t.Errorf("the line stands at %d, the bar at %d:\n%s", lead, picture, page)
	}
}

// On a day before all letters, and where nothing was found, a page did not say that it is of a demonstration.
func TestAPageThatShowsNothingSaysOfWhatItIsADemonstration(t *testing.T) {
	for _, address := range []string{"/practice/F81001?on=2001-01-01", "/search?q=nothing", "/matters/" + plan + "/history?on=2001-01-01", "/matters/" + plan + "/votes", "/verify"} {
		f := trial("today")
		f.answers["GetPracticePageRequest"] = &answersv1.GetPracticePageResponse{Practice: "F81001", AsOf: "2001-01-01", Words: "Practice F81001 belongs to North Essex LMC."}
		f.answers["SearchRequest"] = &answersv1.SearchResponse{Words: "Nothing was found."}
		h := New(Config{Source: onlyNewest{f}})
		if page := get(t, h, address).Body.String(); !strings.Contains(page, `<p class="notice">Demonstration`) {
			t.Errorf("%s: %s", address, page)
		}
	}
}

// onlyNewest has letters, and none on any matter.
type onlyNewest struct{ *fake }

func (s onlyNewest) Ask(ctx context.Context, req, resp proto.Message) error {
	if list, is := req.(*answersv1.ListEntriesRequest); is && list.GetSelector().GetMatter() != "" {
		resp.(*answersv1.ListEntriesResponse).Matter = list.GetSelector().GetMatter()
		return nil
	}
	return s.fake.Ask(ctx, req, resp)
}

// No program that follows a calendar shows that it is empty because the code was mistyped.
func TestNobodyFollowsAPracticeThatIsNotInTheRegister(t *testing.T) {
	f := trial("today")
	f.answers["GetPracticePageRequest"].(*answersv1.GetPracticePageResponse).Committees = nil
	for _, form := range []string{".ics", ".atom"} {
		if w := get(t, site0(f, true), "/practice/F81001"+form); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d %s", form, w.Code, w.Body)
		}
	}
}

func TestAnAddressThatAsksWhatNoPageAnswersIsNotPassedOver(t *testing.T) {
	f := trial("today")
	h := site0(f, true)
	for address, want := range map[string]string{
		"/matters/" + plan + "?known-at=36": "on=2021-10-28", "/practice/F81001?known-at=36": "on=2021-10-28", "/matters/" + plan + "?audience=everybody": "nobody that letters are to",
	} {
		if w := get(t, h, address); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", address, w.Code, w.Body)
		}
	}
	f.asked = nil
	get(t, h, "/matters/"+plan+"?audience=gp-partners")
	if got := f.asked[0].(*answersv1.GetCombinedViewRequest).GetSelector().GetAudience(); got != guidancev1.Audience_AUDIENCE_GP_PARTNERS {
		t.Errorf("asked for %v", got)
	}
}

// A reader in a browser has no command to type, and knows no way of writing names.
func TestAnErrorOnAPageNamesNoCommandAndNoSyntax(t *testing.T) {
	f := trial("today")
	for _, address := range []string{"/letters/essex/-1", "/letters/ESSEX/0", "/letters/essex/x.letter", "/letters/essex/y/text-1.txt"} {
		if w := get(t, site0(f, true), address); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "is no letter&#39;s name") {
			t.Errorf("%s: %d %s", address, w.Code, w.Body)
		}
	}
	f.err = fault.New(fault.ErrUnknownEntry, "reading essex/9: no such entry here", "check its number: lmc history --office ID lists what an office has published")
	if page := get(t, site0(f, true), "/letters/essex/9").Body.String(); strings.Contains(page, "lmc history") || !strings.Contains(page, "check its number: the page of its office") {
		t.Error(page)
	}
}

// Where many read at once, whoever was turned away sat before “try again in a minute” and had to.
func TestAPageThatHadNoTurnAsksAgainByItself(t *testing.T) {
	f := trial("today")
	f.err = fault.New(fault.ErrBusy, "no turn came", "try again in a minute")
	w := get(t, site0(f, true), "/practice/F81001")
	again, err := strconv.Atoi(w.Header().Get("Refresh"))
	if w.Code != http.StatusServiceUnavailable || err != nil || again < 20 || again >= 60 || w.Header().Get("Retry-After") != strconv.Itoa(again) || !strings.Contains(w.Body.String(), fmt.Sprintf("asks again by itself in %d seconds", again)) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := get(t, site0(f, true), "/practice/F81001.json"); w.Header().Get("Refresh") != "" || w.Header().Get("Retry-After") == "" {
		t.Errorf("a program: %v", w.Header())
	}
}
