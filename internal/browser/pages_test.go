package browser

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
)

//go:embed look.js
var look string

//go:embed glyphs.js
var glyphs string

const plan = "gpc-england/access-plan-2021"

// addresses are all kinds of pages, each with the name of its pictures.
var addresses = map[string]string{
	"home":              "/",
	"matters":           "/matters",
	"which-practice":    "/practice?q=surgery",
	"practice":          "/practice/X20001?on=2021-10-28",
	"practice-text":     "/practice/X10001?on=2021-10-28",
	"practice-changes":  "/practice/X20001?on=2021-10-28&since=2021-10-25",
	"practice-today":    "/practice/X30001",
	"practice-nobodys":  "/practice/X60001?on=2021-10-28",
	"matter":            "/matters/" + plan + "?practice=X20001&on=2021-10-28",
	"matter-measure":    "/matters/" + plan + "?measure=disengage-demands&on=2021-11-01",
	"matter-boards":     "/matters/gpc-england/adhd-shared-care",
	"history":           "/matters/" + plan + "/history",
	"history-2020":      "/matters/gpc-england/pcn-des-2020/history",
	"votes":             "/matters/" + plan + "/votes",
	"letter":            "/letters/cambridgeshire/1",
	"letter-replaced":   "/letters/gpc-england/247",
	"letter-reported":   "/letters/gpc-england/248",
	"offices":           "/offices",
	"office":            "/offices/essex",
	"search":            "/search",
	"found":             "/search?q=template+letter",
	"verify":            "/verify",
	"national":          "/national/" + plan + "?as-of=2021-11-01",
	"national-patients": "/national/" + plan + "?as-of=2021-11-01&unit=patients",
	"national-2020":     "/national/gpc-england/pcn-des-2020?as-of=2020-03-01",
	"moved":             "/national/" + plan + "?as-of=2021-11-01&compare=2021-10-18",
	"silent":            "/national/" + plan + "?as-of=2021-11-01&list=silent",
	"by-region":         "/national/" + plan + "?as-of=2021-11-01&list=region",
	"refused":           "/nothing",
}

// sights are how pages are looked at.
var sights = []struct {
	name          string
	width         int64
	media, scheme string
	whole         bool // all of axe-core's rules are asked; else those that a width or colours bear on
}{
	{"320", 320, "screen", "light", true},
	{"768", 768, "screen", "light", false},
	{"1280", 1280, "screen", "light", true},
	{"320-dark", 320, "screen", "dark", false},
	{"768-dark", 768, "screen", "dark", false},
	{"1280-dark", 1280, "screen", "dark", false},
	{"print", 718, "print", "light", false}, // A4 between its margins
	{"print-dark", 718, "print", "dark", false},
}

// A page is read on whatever people have: nothing on it is cut off, stands on something else, has no glyph, is too
// faint, is against axe-core's rules, fails, or is asked of elsewhere.
func TestEveryPageIsWholeOnAnyScreen(t *testing.T) {
	start(t)
	axe := readAxe(t)
	t.Run("axe-core", func(t *testing.T) {
		if axe == "" {
			missing(t, "the pages were not held against axe-core's rules: npm install axe-core@4.14.1, and name its axe.min.js in "+axeVariable)
		}
	})
	turns := make(chan struct{}, 2)
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			turns <- struct{}{}
			defer func() { <-turns }()
			b := newTab(t)
			b.refusal = name == "refused"
			b.open(address)
			b.weigh()
			if axe != "" {
				ask[bool](b, axe+"; true")
			}
			wrongs := map[string][]string{} // what is wrong, and in which sights
			for _, sight := range sights {
				b.look(sight.width, sight.media, sight.scheme)
				rules := axeSight
				if sight.whole {
					rules = axeAll
				}
				all := ask[[]string](b, look)
				if axe != "" {
					all = append(all, ask[[]string](b, fmt.Sprintf(axeRun, rules))...)
				}
				for _, wrong := range all {
					wrongs[wrong] = append(wrongs[wrong], sight.name)
				}
				if *screenshots != "" {
					b.picture(filepath.Join(*screenshots, name+"-"+sight.name+".png"), 0)
				}
			}
			for wrong, in := range wrongs {
				t.Errorf("%s, at %s: %s", address, strings.Join(in, ", "), wrong)
			}
			for _, wrong := range ask[[]string](b, glyphs) {
				t.Errorf("%s: %s", address, wrong)
			}
			b.mu.Lock()
			defer b.mu.Unlock()
			for _, trouble := range b.troubles {
				t.Errorf("%s: %s", address, trouble)
			}
		})
	}
}

// weigh holds what a page took against what an old line carries.
func (b *tab) weigh() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	asked := 0
	for _, one := range b.requests {
		if u, err := url.Parse(one); err == nil && u.Scheme != "data" {
			asked++
		}
	}
	if asked > 4 || b.bytes > 60<<10 {
		b.t.Errorf("it takes %d requests and %.0f bytes, and is to take 4 and 60 KB: %s", asked, b.bytes, strings.Join(b.requests, " "))
	}
}

// axeRun runs rules of axe-core, and tells what is against one: all of them, or those that a width or colours bear on.
const (
	axeRun = `axe.run(document, {resultTypes: ["violations"], %s}).then(r =>
	r.violations.flatMap(v => v.nodes.slice(0, 5).map(n => "axe-core, " + v.id + ": " + v.help + ": " + n.html.slice(0, 160) + " " + (n.any.concat(n.all, n.none)[0] || {message: ""}).message)))`
	axeAll   = `rules: {"target-size": {enabled: true}}`
	axeSight = `runOnly: ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "meta-viewport"].concat(matchMedia("print").matches ? [] : ["target-size"])`
)

// readAxe is axe-core's script; empty: it is not said where it is.
func readAxe(t *testing.T) string {
	t.Helper()
	path := os.Getenv(axeVariable)
	if path == "" {
		return ""
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// picture writes what a tab shows, the whole page or its first so many pixels.
func (b *tab) picture(path string, height float64) {
	b.t.Helper()
	size := ask[[]float64](b, `[document.documentElement.clientWidth, document.documentElement.scrollHeight]`)
	if height > 0 {
		size[1] = min(height, size[1])
	}
	beyond := true
	r := command(b, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: &page.Viewport{Width: size[0], Height: size[1], Scale: 1}, CaptureBeyondViewport: &beyond})
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
		err = os.WriteFile(path, r.Data, 0o644)
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// quoted is a string as JavaScript has it.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("%q: %v", s, err))
	}
	return string(b)
}
