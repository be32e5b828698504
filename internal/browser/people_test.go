package browser

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"golang.org/x/net/html"
)

// person is somebody at a browser.
type person struct {
	*tab
	how     string // with a mouse, by the keyboard alone, or with a mouse and without script
	presses int
}

const (
	byMouse       = "mouse"
	byKeyboard    = "keyboard"
	withoutScript = "without script"
)

// people are those who do what do does, each in a browser of their own.
func people(t *testing.T, do func(*testing.T, *person)) {
	t.Helper()
	start(t)
	for _, how := range []string{byMouse, byKeyboard, withoutScript} {
		t.Run(how, func(t *testing.T) {
			p := &person{newTab(t), how, 0}
			if how == withoutScript {
				command(p.tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			}
			p.look(1280, "screen", "light")
			do(t, p)
			for _, sight := range sights { // where they came to, which may be the answer to a form
				p.look(sight.width, sight.media, sight.scheme)
				for _, wrong := range ask[[]string](p.tab, look) {
					t.Errorf("%s, at %s: %s", ask[string](p.tab, "location.href"), sight.name, wrong)
				}
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			for _, trouble := range p.troubles {
				t.Error(trouble)
			}
		})
	}
}

// found finds what is named on a page and can be worked: a link, a button, a field by its label. What is so named
// comes before what has these words among others.
const found = `(words => {
	const clean = s => (s || "").replace(/\s+/g, " ").trim();
	const name = e => clean(e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText || e.textContent);
	const all = [...document.querySelectorAll("a[href], button, summary, input, textarea, pre")].filter(e => e.checkVisibility());
	return all.find(e => name(e) === words) || all.find(e => name(e).includes(words));
})(%s)`

// at goes to what is named: the pointer to it, or the keyboard's focus.
func (p *person) at(words string) (x, y float64) {
	p.t.Helper()
	where := fmt.Sprintf(found, quoted(words))
	if !ask[bool](p.tab, "!!("+where+")") {
		p.t.Fatalf("there is no “%s” on the page:\n%s", words, p.reads())
	}
	if p.how == byKeyboard {
		for range 400 {
			p.types(kb.Tab)
			if ask[bool](p.tab, "document.activeElement === "+where) {
				return 0, 0
			}
		}
		p.t.Fatalf("no way leads to “%s” by the keyboard", words)
	}
	box := ask[[]float64](p.tab, "(e => { e.scrollIntoView({block: 'center'}); const r = e.getClientRects()[0]; return [r.left + r.width / 2, r.top + r.height / 2]; })("+where+")")
	return box[0], box[1]
}

// press presses what is named.
func (p *person) press(words string) {
	p.t.Helper()
	x, y := p.at(words)
	p.presses++
	if p.how == byKeyboard {
		p.types(kb.Enter)
		return
	}
	p.click(x, y)
}

func (p *person) click(x, y float64) {
	p.t.Helper()
	for _, what := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		command(p.tab, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: what, X: x, Y: y, Button: input.MouseButtonLeft, ClickCount: 1})
	}
}

// types presses keys where the focus is.
func (p *person) types(keys string) {
	p.t.Helper()
	ctx, end := p.within()
	defer end()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(keys)); err != nil {
		p.t.Fatal(err)
	}
}

// writes writes words into a field, or a day.
func (p *person) writes(label, words string) {
	p.t.Helper()
	field := fmt.Sprintf(found, quoted(label))
	if p.at(label); p.how != byKeyboard {
		box := ask[[]float64](p.tab, "(e => { const r = e.labels[0].getBoundingClientRect(); return [r.left + 5, r.top + r.height / 2]; })("+field+")")
		p.click(box[0], box[1])
	}
	if !regexp.MustCompile(`^\d{4}-\d\d-\d\d$`).MatchString(words) {
		p.types(words)
		return
	}
	year, month, day := words[:4], words[5:7], words[8:]
	for _, as := range []string{day + month + year, month + day + year} { // as this browser has it
		p.types(as)
		if ask[string](p.tab, field+".value") == words {
			return
		}
		p.types(kb.ArrowLeft + kb.ArrowLeft + kb.ArrowLeft) // to its first part
	}
	p.t.Fatalf("%s: %s cannot be written", label, words)
}

// pastes puts words into a field, as whoever copied them does.
func (p *person) pastes(label, words string) {
	p.t.Helper()
	if x, y := p.at(label); p.how != byKeyboard {
		p.click(x, y)
	}
	command(p.tab, input.InsertText, input.InsertTextParams{Text: words})
}

// chooses names a file to a field: which no keyboard does in a page, but in the window that it opens.
func (p *person) chooses(label, file string) {
	p.t.Helper()
	p.at(label)
	ctx, end := p.within()
	defer end()
	field, err := chromedp.Run(ctx, chromedp.Evaluate[*runtime.RemoteObject](fmt.Sprintf(found, quoted(label))))
	if err != nil {
		p.t.Fatal(err)
	}
	command(p.tab, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, ObjectID: field.ObjectID})
}

// reads is what is to be read on the page.
func (p *person) reads() string { return ask[string](p.tab, "document.body.innerText") }

func (p *person) sees(words ...string) {
	p.t.Helper()
	text := strings.Join(strings.Fields(p.reads()), " ")
	for _, one := range words {
		if !strings.Contains(text, one) {
			p.t.Errorf("“%s” is not on the page at %s:\n%s", one, ask[string](p.tab, "location.href"), text)
		}
	}
}

// A practice manager finds the line, the day and the letter to send in three presses from the first page, has the
// text to paste, and prints the page.
func TestAPracticeManagerFindsWhatToDoInThreePresses(t *testing.T) {
	people(t, func(t *testing.T, p *person) {
		p.open("/")
		p.writes("Your practice’s code, name or postcode", "x10001")
		p.comes(func() { p.press("Show what it is advised") })
		p.sees("What Cambridgeshire LMC advises practice X10001", "Cambridgeshire LMC advises against, for now", "By when No date for practices.", "To send The text for", "Whom to ring: Cambridgeshire LMC", "Each practice decides for itself", "Taking part is not required by our contract")
		text := ask[string](p.tab, `document.querySelector("details[open] pre").textContent`)
		got := ""
		if p.how == withoutScript {
			x, y := p.at("Dear colleague")
			p.click(x, y)
			got = ask[string](p.tab, "getSelection().toString()")
			p.presses++
		} else {
			if _, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: "clipboard-read"}, Setting: browser.PermissionSettingGranted, BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID}); err != nil {
				t.Fatal(err)
			}
			p.press("Copy this text")
			ask[bool](p.tab, `new Promise(done => { const b = document.querySelector("button.copy"); const see = () => b.textContent === "Copied" && done(true); new MutationObserver(see).observe(b, {childList: true, characterData: true, subtree: true}); see(); })`)
			got = ask[string](p.tab, "navigator.clipboard.readText()")
		}
		if strings.TrimSpace(got) != strings.TrimSpace(text) || !strings.Contains(got, "Yours sincerely") {
			t.Errorf("what was copied is %q, and the text is %q", got, text)
		}
		if p.presses > 3 {
			t.Errorf("it took %d presses", p.presses)
		}
		p.look(718, "print", "light")
		p.sees("Cambridgeshire LMC advises against, for now", "To send", "Taking part is not required by our contract", "Demonstration: restated from public reports")
		if pdf := command(p.tab, page.PrintToPDF, page.PrintToPDFParams{}); len(pdf.Data) < 5000 {
			t.Errorf("the page is printed as %d bytes", len(pdf.Data))
		}
	})
}

// A partner on a phone sees what changed since Monday.
func TestAPartnerOnAPhoneSeesWhatChangedSinceMonday(t *testing.T) {
	people(t, func(_ *testing.T, p *person) {
		p.look(320, "screen", "dark")
		p.open(shared.first)
		p.sees("As of 28 October 2021", "North Essex LMC advises you to refuse")
		p.press("Another day, or what changed since")
		p.writes("What changed since", "2021-10-25")
		p.comes(func() { p.press("Show") })
		p.sees("What changed since 25 October 2021, up to 28 October 2021", "by 28 October 2021: Lists of practices handed in", "As of 28 October 2021")
	})
}

// An analyst compares two days, follows a count to its letters, and takes the table along.
func TestAnAnalystComparesTwoDaysAndFollowsACount(t *testing.T) {
	people(t, func(t *testing.T, p *person) {
		p.open("/")
		p.comes(func() { p.press("Our plan for improving access for patients and supporting general practice") })
		p.comes(func() { p.press("The national picture") })
		p.writes("As of which day", "2021-11-01")
		p.comes(func() { p.press("Show") })
		p.press("7 refuse")
		if row := ask[string](p.tab, `document.querySelector("tr:target").innerText`); !strings.Contains(row, "7 of 54") || !strings.Contains(row, "essex/0") {
			t.Errorf("a count leads to %q", row)
		}
		p.comes(func() { p.press("surrey-sussex/0") })
		p.sees("It still stands.", "The letter’s own words")
		p.open("/national/" + plan + "?as-of=2021-11-01")
		p.writes("Compare with", "2021-10-18")
		p.comes(func() { p.press("Show") })
		p.sees("Who moved since 18 October 2021", "North Essex LMC", "Cambridgeshire LMC")
		folder := t.TempDir()
		events := true
		if _, err := chromedp.CallBrowser(p.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID, DownloadPath: folder, EventsEnabled: &events}); err != nil {
			t.Fatal(err)
		}
		done := make(chan browser.DownloadProgressState, 100)
		if err := chromedp.ListenBrowser(p.ctx, func(event any) {
			if e, is := event.(*browser.EventDownloadProgress); is && e.State != browser.DownloadProgressStateInProgress {
				done <- e.State
			}
		}); err != nil {
			t.Fatal(err)
		}
		p.press("A table (CSV)")
		select {
		case state := <-done:
			if state != browser.DownloadProgressStateCompleted {
				t.Fatalf("the table is %s", state)
			}
		case <-time.After(patience):
			t.Fatal("the table did not come")
		}
		csv, err := os.ReadFile(filepath.Join(folder, "national-access-plan-2021.csv"))
		if err != nil || !strings.Contains(string(csv), "North Essex LMC") || !strings.Contains(string(csv), "essex/0") {
			t.Errorf("the table has %q: %v", csv, err)
		}
	})
}

// A reader holds a letter that was saved against what its office signed, and one in which a word is another.
func TestAReaderChecksALetterAndOneThatWasAltered(t *testing.T) {
	start(t)
	_, body := fetch(t, "/letters/essex/0.letter")
	altered := strings.Replace(body, "not", "now", 1)
	if altered == body {
		t.Fatal("no word was altered")
	}
	folder := t.TempDir()
	for name, words := range map[string]string{"saved.letter": body, "altered.letter": altered} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(words), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	people(t, func(t *testing.T, p *person) {
		p.open("/")
		p.comes(func() { p.press("Check a letter") })
		p.chooses("The letter as it was saved", filepath.Join(folder, "saved.letter"))
		p.comes(func() { p.press("Check") })
		p.sees("essex/0", "Demonstration: restated from public reports, not issued by this office.")
		genuine := ask[string](p.tab, `document.querySelector(".banner").innerText`)
		p.chooses("The letter as it was saved", filepath.Join(folder, "altered.letter"))
		p.comes(func() { p.press("Check") })
		p.sees("Where they differ", "As signed", "As sent")
		if now := ask[string](p.tab, `document.querySelector(".banner").innerText`); now == genuine {
			t.Errorf("of both it says %q", now)
		}
		p.comes(func() { p.press("Read essex/0") })
		words := ask[string](p.tab, `document.querySelector(".letter").innerText`)
		p.comes(func() { p.press("Check a letter") })
		p.pastes("Or its words, as you were sent them", strings.Replace(words, "not", "now", 1))
		p.comes(func() { p.press("Check") })
		p.sees("Where they differ", "[not]", "[now]")
	})
}

// A journalist sees what is a demonstration, what is reported by others, and what is not known.
func TestAJournalistSeesWhatIsReportedAndWhatIsNotKnown(t *testing.T) {
	people(t, func(_ *testing.T, p *person) {
		p.open("/matters/" + plan + "?on=2021-10-28")
		p.sees("Demonstration: restated from public reports, not issued by this office.", "Reported by GPonline, not by itself", "Wrote on a day that is not known", "Nothing published here by", "Everything known to have been published is here.", "Silence is not a stance.")
		p.comes(func() { p.press("gpc-england/248") })
		p.sees("Demonstration: restated from public reports, not issued by this office.", "GPonline")
	})
}

// Every page that links lead to from the first is there, and says that this is a demonstration.
func TestEveryPageSaysWhatIsADemonstration(t *testing.T) {
	start(t)
	seen, next := map[string]bool{"/": true}, []string{"/"}
	pages := 0
	for len(next) > 0 {
		address := next[0]
		next = next[1:]
		kind, body := fetch(t, address)
		if !strings.HasPrefix(kind, "text/html") {
			continue
		}
		pages++
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		told := false
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				told = told || a.Key == "class" && a.Val == "notice" && n.FirstChild != nil && strings.HasPrefix(n.FirstChild.Data, "Demonstration: ")
				if a.Key != "href" || n.Data != "a" || !strings.HasPrefix(a.Val, "/") {
					continue
				}
				to, err := url.Parse(a.Val)
				if err != nil {
					t.Errorf("%s leads to %q: %v", address, a.Val, err)
					continue
				}
				if to.RawQuery != "" && !slices.ContainsFunc([]string{"list", "unit"}, to.Query().Has) { // days and practices without end
					to.RawQuery = ""
				}
				to.Fragment = ""
				if one := to.String(); !seen[one] {
					seen[one] = true
					next = append(next, one)
				}
			}
		}
		if !told {
			t.Errorf("%s does not say that it is a demonstration", address)
		}
	}
	if pages < 100 {
		t.Errorf("links lead to %d pages alone", pages)
	}
}

// fetch is an address without a browser.
func fetch(t *testing.T, address string) (kind, body string) {
	t.Helper()
	resp, err := http.Get(shared.site + address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%s: %s %v", address, resp.Status, err)
	}
	return resp.Header.Get("Content-Type"), string(b)
}
