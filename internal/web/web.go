// Package web knows pages: how answers look in a browser, whole without script, for a practice manager with
// five minutes on an old PC and a partner on a phone.
//
// What a page says comes from package plain, block by block, and what it says it of from a Source: no rule,
// no count and hardly a sentence is its own. It knows addresses, HTML, what may be cached, and what a
// browser may do with it all. It does not know how answers are had, nor gRPC.
//
// A page's address is a name that can be cited: /practice/X10001, /matters/gpc-england/access-plan-2021,
// /letters/essex/7. With .json behind it, it is the answer itself, in the bytes that the service gives.
package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/feeds"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/plain"
)

// Limits of what a browser sends.
const (
	// UploadLimit is how many bytes a letter that is to be checked has at most: no entry has more.
	UploadLimit = 256 << 10
	// FormLimit is how many bytes the form has at most that brings it, to VerifyPath.
	FormLimit = UploadLimit + 8<<10
	// AddressLimit is how many bytes an address has at most.
	AddressLimit = 2 << 10
	// VerifyPath is where a letter that is to be checked is sent.
	VerifyPath = "/verify"
	zippedFrom = 1 << 10             // bytes from which an answer is compressed
	private    = "private, no-cache" // how long what is for one practice is kept, and by whom
)

// Source answers what the read services of a node answer: a node from its data, a client by asking its node.
type Source = feeds.Source

// Config is what pages are made of.
type Config struct {
	// Source answers. Required.
	Source Source
	// Private: whoever asks sits at this machine, and is shown who is silent, too.
	Private bool
	// Now is the wall clock, for the day of today alone. Default: time.Now.
	Now func() time.Time
	// Turn is what a request asks within: whatever it asks first waits for its turn, and all else of its page is asked and
	// made in that turn too, until leave is called. Default: nobody waits.
	Turn func(context.Context) (in context.Context, leave func())
	// Error is an error as a program has it that asked for JSON. Default: as a page.
	Error func(error) []byte
	// Software is the version that every page names.
	Software string
}

//go:embed pages/*.html
var pagesFS embed.FS

//go:embed static
var staticFS embed.FS

// site is all pages of one source.
type site struct {
	Config
	pages map[string]*template.Template
	style string // the address of the stylesheet, with its digest
}

// New makes the handler of all pages.
func New(cfg Config) http.Handler {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Turn == nil {
		cfg.Turn = func(ctx context.Context) (context.Context, func()) { return ctx, func() {} }
	}
	s := &site{Config: cfg, pages: map[string]*template.Template{}}
	mux := http.NewServeMux()
	files, _ := fs.Sub(staticFS, "static")
	for _, name := range []string{"style.css", "page.js"} {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err) // it is built in
		}
		address := "/" + digest(b)[:12] + "/" + name
		if name == "style.css" {
			s.style = address
		}
		mux.HandleFunc("GET "+address, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			s.send(w, r, http.StatusOK, map[string]string{"style.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}[name], func() ([]byte, error) { return b, nil })
		})
	}
	script := "/" + digest(must(fs.ReadFile(files, "page.js")))[:12] + "/page.js"
	base := template.Must(template.New("").Funcs(template.FuncMap{
		"style": func() string { return s.style }, "script": func() string { return script }, "day": guidance.DayWords, "lower": strings.ToLower,
		"pc": func(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) + "%" }, "half": func(n int) int { return n / 2 },
		"inc": func(n int) int { return n + 1 }, "column": func(head []string, i int) string {
			if i < len(head) {
				return head[i]
			}
			return ""
		},
	}).ParseFS(pagesFS, "pages/base.html"))
	for _, name := range []string{"home", "found", "blocks", "letter", "search", "verify", "error"} {
		s.pages[name] = template.Must(template.Must(base.Clone()).ParseFS(pagesFS, "pages/"+name+".html"))
	}
	for pattern, page := range map[string]func(*http.Request) (answer, error){
		"GET /{$}":                                  s.home,
		"GET /practice":                             s.find,
		"GET /practice.json":                        s.find,
		"GET /practice/{code}":                      s.practice,
		"POST /practice/{code}/remember":            s.remember,
		"POST /forget":                              s.remember,
		"GET /matters":                              s.matters,
		"GET /matters.json":                         s.matters,
		"GET /matters/{office}/{slug}":              s.matter,
		"GET /matters/{office}/{slug}/history":      s.history,
		"GET /matters/{office}/{slug}/history.json": s.history,
		"GET /matters/{office}/{slug}/votes":        s.votes,
		"GET /matters/{office}/{slug}/votes.json":   s.votes,
		"GET /letters/{office}/{index}":             s.letter,
		"GET /letters/{office}/{index}/{text}":      s.text,
		"GET /offices":                              s.offices,
		"GET /offices.json":                         s.offices,
		"GET /offices/{office}":                     s.office,
		"GET /search":                               s.search,
		"GET /search.json":                          s.search,
		"GET /verify":                               s.verify,
		"POST " + VerifyPath:                        s.verify,
		"GET /national/{office}/{slug}":             s.national,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, page) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.elsewhere(w, r, mux) })
	same := http.NewCrossOriginProtection()
	same.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fails(w, r, fault.New(fault.ErrNotEntitled, "this was sent from a page of another site", "open the page here, and press its button"))
	}))
	return same.Handler(mux)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // of what is built in
	}
	return v
}

// answer is what a page's handler makes of its answer.
type answer struct {
	page   string // the template; empty: it is a file
	data   page
	json   proto.Message // what the page is made of
	file   []byte        // in its place
	kind   string        // of the file
	save   string        // the name that a file is saved under; empty: it is shown
	goTo   string        // another address
	cookie *http.Cookie
	ofOne  bool // it is for one practice: no cache between may keep it
}

// page is what every template has.
type page struct {
	Title    string
	Warnings []string // what a reader must know before anything else
	Notices  []string // what the page must be shown with
	Sections []section
	Formats  []link // the same as a file
	Back     string // the address of this page, for forms that come back to it
	Practice string // the reader's practice, where it is known
	Day      string // the day asked about; empty: today
	Private  bool
	Software string
	Of       any // what the template has besides
}

// link is a name with an address.
type link struct{ Name, Address string }

// serve answers one request.
func (s *site) serve(w http.ResponseWriter, r *http.Request, make func(*http.Request) (answer, error)) {
	if len(r.URL.RequestURI()) > AddressLimit {
		s.fails(w, r, fault.New(fault.ErrTooLarge, fmt.Sprintf("the address has over %d characters", AddressLimit), "ask for less"))
		return
	}
	if r.URL.Query().Has("known-at") { // passed over, an address would show something else than it says
		s.fails(w, r, fault.New(fault.ErrInvalid, "no page is of what was known at an instant", "ask of a day what stood and was known on it: on=2021-10-28; a program puts known_at into its request"))
		return
	}
	in, leave := s.Turn(r.Context())
	defer leave()
	r = r.WithContext(context.WithValue(in, leaving{}, leave))
	a, err := make(r)
	if err != nil {
		s.fails(w, r, err)
		return
	}
	if a.cookie != nil {
		http.SetCookie(w, a.cookie)
	}
	if a.ofOne {
		w.Header().Set("Cache-Control", private)
	}
	switch {
	case a.goTo != "":
		http.Redirect(w, r, a.goTo, http.StatusSeeOther)
		return
	case a.file != nil:
		if a.save != "" {
			w.Header().Set("Content-Disposition", "attachment; filename="+a.save)
		}
		s.send(w, r, http.StatusOK, a.kind, func() ([]byte, error) { return a.file, nil })
		return
	case a.json != nil && asksJSON(r):
		s.send(w, r, http.StatusOK, "application/json", func() ([]byte, error) { return protojson.Marshal(a.json) })
		return
	}
	s.write(w, r, http.StatusOK, a.page, a.data)
}

// write writes a page.
func (s *site) write(w http.ResponseWriter, r *http.Request, status int, name string, data page) {
	data.Private, data.Software, data.Notices = s.Private, s.Software, plain.Notices(data.Notices)
	if data.Practice == "" {
		data.Practice = practiceOf(r)
	}
	h := w.Header()
	if data.Practice != "" { // its name stands at the page's head
		h.Set("Cache-Control", private)
	}
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	s.send(w, r, status, "text/html; charset=utf-8", func() ([]byte, error) {
		var b bytes.Buffer
		err := s.pages[name].ExecuteTemplate(&b, "base.html", data)
		return b.Bytes(), err
	})
}

// zippers are used again: to make one takes more memory than any page.
var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// leaving is where a request's context has how its turn ends: when its answer is made, and before anybody takes it.
type leaving struct{}

// send sends what is made with its digest, compressed where that is worth it, or says that it is
// the same as before.
func (s *site) send(w http.ResponseWriter, r *http.Request, status int, kind string, make func() ([]byte, error)) {
	h := w.Header()
	b, err := make()
	zip := err == nil && len(b) >= zippedFrom && takesGzip(r)
	tag := `"` + digest(b)[:27] + `"`
	same := status == http.StatusOK && has(r, tag)
	if zip && !same {
		var small bytes.Buffer
		z := zippers.Get().(*gzip.Writer)
		z.Reset(&small)
		_, _ = z.Write(b) // into memory
		_ = z.Close()
		zippers.Put(z)
		b = small.Bytes()
	}
	if leave, ok := r.Context().Value(leaving{}).(func()); ok {
		leave()
	}
	if err != nil {
		http.Error(w, "This page cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Robots-Tag", "noindex")
	h.Add("Vary", "Accept-Encoding, Cookie")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	if status == http.StatusOK {
		h.Set("ETag", "W/"+tag)
	}
	if same {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if zip {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b)
	}
}

// takesGzip: whoever asks reads what is compressed so.
func takesGzip(r *http.Request) bool {
	for one := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.Trim(strings.TrimPrefix(strings.TrimSpace(weight), "q="), "0.") != "" || strings.TrimSpace(weight) == ""
		}
	}
	return false
}

// has: whoever asks has what has this tag, whichever way the tag is written.
func has(r *http.Request, tag string) bool {
	all := strings.Join(r.Header.Values("If-None-Match"), ",")
	return strings.Contains(all, tag) || strings.TrimSpace(all) == "*"
}

// digest is a short name for some bytes.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Local keeps pages to whoever asks for this machine by one of its own names: a page of somebody else's, under a
// name that is made to lead here, reads nothing.
func Local(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		ip := net.ParseIP(strings.Trim(host, "[]"))
		if host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "These pages are at http://localhost alone: open them by that name.", http.StatusMisdirectedRequest)
			return
		}
		h.ServeHTTP(w, r)
	})
}
