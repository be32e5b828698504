package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What is looked for is found where it is: pages with one fault each, and one with none.
func TestWhatIsWrongWithAPageIsFound(t *testing.T) {
	start(t)
	axe := readAxe(t)
	const elsewhere = "it asks elsewhere"
	faults := map[string][2]string{ // what is on the page, and what is to be said of it
		"nothing":   {`<p>Whole</p>`, ""},
		"wide":      {`<p><svg width="500" height="9"></svg></p>`, "px wide, on a screen of 320"},
		"outside":   {`<p style="white-space:nowrap">Words that go on and on and on and on and on and on and on</p>`, "on a screen of 320"},
		"over":      {`<p style="position:absolute;top:50px">One thing stands</p><p style="position:absolute;top:52px">on another one</p>`, "stand on one another"},
		"cut":       {`<p style="overflow:hidden;width:60px;white-space:nowrap">Words that are cut off</p>`, "is cut off"},
		"scrolls":   {`<div style="overflow:auto;width:90px;height:60px;white-space:nowrap">Words that no key leads to the end of, for they go on</div>`, "no keyboard can"},
		"glyph":     {"<p>A character without a glyph: \U000F1234</p>", "no font has"},
		"drawn":     {`<svg width="90" height="30"><rect width="90" height="30" fill="rgb(90,90,90)"/><text x="5" y="20" fill="rgb(110,110,110)">faint</text></svg>`, "in a picture has a contrast of"},
		"faint":     {`<p style="color:#aaa;background:#fff">Faint words</p>`, "axe-core, color-contrast"},
		"nameless":  {`<a href="/x"></a>`, "axe-core, link-name"},
		"script":    {`<script>throw new Error("x")</script>`, "the page's script failed"},
		"console":   {`<script>console.log("x")</script>`, "the console was written to"},
		"elsewhere": {`<img alt="" src="http://127.0.0.1:9/x.png">`, elsewhere},
		"not there": {`<img alt="" src="/missing.png">`, "the console says"},
		"forbidden": {`<script src="data:text/javascript,1"></script>`, "the console says"},
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "forbidden" {
			w.Header().Set("Content-Security-Policy", "script-src 'self'")
		}
		if name == "missing.png" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head><body><main><h1>Page</h1>%s</main></body></html>`, faults[strings.ReplaceAll(name, "%20", " ")][0])
	}))
	defer site.Close()
	for name, of := range faults {
		t.Run(name, func(t *testing.T) {
			b := newTab(t)
			b.site = site.URL
			b.look(320, "screen", "light")
			b.open(site.URL + "/" + strings.ReplaceAll(name, " ", "%20"))
			all := append(ask[[]string](b, look), ask[[]string](b, glyphs)...)
			if axe != "" {
				ask[bool](b, axe+"; true")
				all = append(all, ask[[]string](b, fmt.Sprintf(axeRun, axeAll))...)
			}
			b.mu.Lock()
			all = append(all, b.troubles...)
			b.mu.Unlock()
			said := strings.Join(all, "\n")
			if of[1] == "" && said != "" || !strings.Contains(said, of[1]) && (axe != "" || !strings.HasPrefix(of[1], "axe")) {
				t.Errorf("it says %q, and %q is wrong", said, of[1])
			}
		})
	}
}
