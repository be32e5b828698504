package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/feeds"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// letterLine is a letter in a list.
type letterLine struct {
	Name, Title, Day, Office, Words string
	Said                            []template.HTML
	Stands                          bool
}

func lettersOf(list *answersv1.ListEntriesResponse) (all []letterLine) {
	for _, e := range list.GetEntries() {
		all = append(all, letterLine{
			Name: e.GetName(), Title: notation.Capital(plain.OneLine(plain.EntryTitle(e))), Day: plain.ShortRange(e.GetIssued()),
			Office: cmp.Or(list.GetNames().GetOffices()[e.GetOffice()], e.GetOffice()), Words: e.GetWords(), Stands: plain.Stands(e),
		})
	}
	return all
}

// noticesOf are what some entries must be shown with, each once.
func noticesOf(entries []*answersv1.Entry) (all []string) {
	for _, e := range entries {
		for _, n := range e.GetNotices() {
			if !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	return all
}

// notices are what the newest letters must be shown with, for a page that shows none.
func (s *site) notices(r *http.Request) []string {
	list, err := ask[answersv1.ListEntriesResponse](r, s, &answersv1.ListEntriesRequest{PageSize: homeLetters, Kinds: feeds.LetterKinds})
	if err != nil {
		return nil
	}
	return noticesOf(list.GetEntries())
}

// letter is one letter: whether it stands, what it says and asks, its own words, and how to check it.
func (s *site) letter(r *http.Request) (answer, error) {
	index, form := cut(r.PathValue("index"))
	for _, one := range []string{".letter", ".proof"} {
		if name, is := strings.CutSuffix(index, one); is {
			return s.signed(r, r.PathValue("office"), name, one)
		}
	}
	name := r.PathValue("office") + "/" + index
	resp, err := ask[answersv1.GetEntryResponse](r, s, &answersv1.GetEntryRequest{Name: name})
	if err != nil {
		return answer{}, err
	}
	e := resp.GetEntry()
	if form == asJSON {
		return answer{json: resp}, nil
	}
	if form == asMarkdown {
		return answer{file: []byte(notation.Clean(plain.EntryMarkdown(e, resp.GetNames(), strings.ReplaceAll(name, "/", "-"), ""))), kind: "text/markdown; charset=utf-8", save: strings.ReplaceAll(name, "/", "-") + asMarkdown}, nil
	}
	body := e.GetAdvisory().GetBody()
	if a := e.GetAdvisory(); a != nil {
		a.Body = ""
	}
	p := plain.Unlaid()
	p.Entry(e, resp.GetNames())
	p.Footer(resp.GetCompleteness(), nil)
	l := linker{of: name, matters: slices.Collect(keys(resp.GetNames().GetMatters()))}
	sections, warned, notices := l.sections(withoutHead(p.Blocks(), e))
	of := letterOf{
		Name: name, Standing: l.html(e.GetWords()), Stands: plain.Stands(e), Signed: strings.ReplaceAll(name, "/", "-"),
		Office: e.GetOffice(), OfficeName: cmp.Or(resp.GetNames().GetOffices()[e.GetOffice()], e.GetOffice()), Day: guidance.RangeWords(e.GetIssued()),
		For: committeesIn(resp.GetNames(), e.GetAdvisory().GetOnBehalfOf()), Body: markdown(body), Held: len(resp.GetBody()) > 0,
	}
	for i, act := range plain.Texts(e.GetAdvisory()) {
		of.Texts = append(of.Texts, link{notation.Capital(guidance.ActionWords(act)), fmt.Sprintf("/letters/%s/text-%d.txt", name, i+1)})
	}
	self := "/letters/" + name
	return answer{page: "letter", json: resp, data: page{
		Title: notation.Capital(plain.OneLine(plain.EntryTitle(e))), Warnings: warned, Notices: notices, Sections: sections, Back: self,
		Formats: []link{{"JSON", self + asJSON}, {"Markdown", self + asMarkdown}}, Of: of,
	}}, nil
}

// letterOf is what the page of a letter has besides its sections.
type letterOf struct {
	Name, Office, OfficeName, Day, For, Signed string
	Standing                                   template.HTML
	Stands, Held                               bool
	Body                                       template.HTML
	Texts                                      []link
}

// withoutHead leaves out of a letter's blocks what its page says at its head.
func withoutHead(blocks []plain.Block, e *answersv1.Entry) []plain.Block {
	said := []string{e.GetName(), e.GetWords(), plain.OneLine(e.GetAdvisory().GetTitle())}
	return slices.DeleteFunc(blocks, func(b plain.Block) bool { return b.Kind == plain.Para && slices.Contains(said, b.Words) })
}

func committeesIn(names *answersv1.Names, ids []string) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = cmp.Or(names.GetCommittees()[id], id)
	}
	return notation.Names(all)
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// signed is a letter byte for byte as it was signed, or what proves it.
func (s *site) signed(r *http.Request, office, index, form string) (answer, error) {
	resp, err := ask[answersv1.GetProofResponse](r, s, &answersv1.GetProofRequest{Name: office + "/" + index})
	if err != nil {
		return answer{}, err
	}
	a := answer{file: resp.GetBody(), kind: "application/octet-stream", save: office + "-" + index + form}
	if form == ".proof" {
		a.file = resp.GetProof()
	}
	return a, nil
}

// nestingLimit is how deep what a letter holds may stand in one another.
const nestingLimit = 32

// marksLimit is how many marks of Markdown a paragraph may have.
const marksLimit = 2000

var (
	renderer = goldmark.New() // without HTML of the letter's own: it is left out
	// shown is what of a letter a browser may be given: text and its shape, and links that open nothing by themselves.
	shown = func() *bluemonday.Policy {
		p := bluemonday.NewPolicy()
		p.AllowElements("p", "br", "hr", "strong", "em", "ul", "li", "blockquote", "pre", "code", "h3", "h4", "h5", "h6")
		p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
		p.AllowElements("ol")
		p.AllowAttrs("href").OnElements("a")
		p.AllowURLSchemes("https", "http", "mailto", "tel")
		p.RequireNoReferrerOnLinks(true)
		p.RequireNoFollowOnLinks(true)
		return p
	}()
)

// markdown is a letter's own words as HTML in which nothing runs, and no heading stands above the page's.
func markdown(s string) template.HTML {
	if s == "" {
		return ""
	}
	source := []byte(notation.Clean(s))
	var b bytes.Buffer
	plainly := isTwisted(source)
	if !plainly {
		doc := renderer.Parser().Parse(text.NewReader(source))
		lowerHeadings(doc)
		plainly = isDeep(doc) || renderer.Renderer().Render(&b, source, doc) != nil
	}
	if plainly {
		return template.HTML("<pre>" + template.HTMLEscapeString(string(source)) + "</pre>") //nolint:gosec // escaped
	}
	return template.HTML(shown.Sanitize(b.String())) //nolint:gosec // by the policy above
}

// lowerHeadings puts a letter's headings below those of the page, each at most one deeper than that before it.
func lowerHeadings(doc ast.Node) {
	type level struct{ own, shown int }
	above := []level{{0, 2}}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, is := n.(*ast.Heading); is && entering {
			for above[len(above)-1].own >= h.Level {
				above = above[:len(above)-1]
			}
			above = append(above, level{h.Level, min(above[len(above)-1].shown+1, 6)})
			h.Level = above[len(above)-1].shown
		}
		return ast.WalkContinue, nil
	})
}

// isTwisted: a paragraph has so many marks of Markdown, or a line quotes so deep, that reading it would take a node
// long, and says nothing to a reader.
func isTwisted(source []byte) bool {
	marks := 0
	for line := range bytes.Lines(source) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			marks = 0
		}
		deep := 0
		for _, c := range line {
			switch c {
			case '*', '_', '[', ']', '`', '<', '!', '\\', '&':
				marks++
			case '>':
				deep++
			}
		}
		if marks > marksLimit || deep > marksLimit/8 {
			return true
		}
	}
	return false
}

// isDeep: quotations or lists stand in one another deeper than a page, or a reader, can follow.
func isDeep(doc ast.Node) bool {
	deepest := 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		depth := 0
		for at := n; entering && at != nil; at = at.Parent() {
			depth++
		}
		if deepest = max(deepest, depth); deepest > nestingLimit {
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return deepest > nestingLimit
}

// offices lists the offices of the register, with for whom each speaks and how to ring it.
func (s *site) offices(r *http.Request) (answer, error) {
	resp, err := ask[answersv1.GetRegisterResponse](r, s, &answersv1.GetRegisterRequest{PageSize: 1})
	if err != nil {
		return answer{}, err
	}
	sec := section{}
	for _, o := range resp.GetOffices() {
		sec.Pieces = append(sec.Pieces, piece{Kind: "office", Words: template.HTML(template.HTMLEscapeString(o.GetOffice().GetName())), Entry: "/offices/" + o.GetOffice().GetId(), Items: []template.HTML{linker{}.html(speaksFor(resp, o)), linker{}.html(reached(o.GetOffice().GetContact()))}}) //nolint:gosec // escaped
	}
	return answer{page: "blocks", json: resp, data: page{Title: "Offices", Notices: s.notices(r), Warnings: warnings(resp.GetCompleteness()), Sections: []section{sec}, Of: blocksOf{Intro: "Who publishes here, for whom, and how to ring them."}}}, nil
}

func speaksFor(resp *answersv1.GetRegisterResponse, o *answersv1.RegisteredOffice) string {
	var names []string
	for _, id := range o.GetCommittees() {
		i := slices.IndexFunc(resp.GetCommittees(), func(c *guidancev1.Committee) bool { return c.GetId() == id })
		if i >= 0 {
			names = append(names, resp.GetCommittees()[i].GetName())
		}
	}
	if len(names) == 0 {
		return "Speaks for no committee today"
	}
	return "Speaks for " + notation.Names(names)
}

func reached(c *guidancev1.Contact) string {
	return notation.Joined(", ", c.GetName(), c.GetTelephone(), c.GetEmail(), c.GetUrl())
}

// office is one office: who they are, for whom they speak, how to ring, their keys as words, and their letters.
func (s *site) office(r *http.Request) (answer, error) {
	id, form := cut(r.PathValue("office"))
	resp, err := ask[answersv1.GetRegisterResponse](r, s, &answersv1.GetRegisterRequest{PageSize: 1})
	if err != nil {
		return answer{}, err
	}
	i := slices.IndexFunc(resp.GetOffices(), func(o *answersv1.RegisteredOffice) bool { return o.GetOffice().GetId() == id })
	if i < 0 {
		return answer{}, fault.New(fault.ErrUnknownOffice, fmt.Sprintf("no office %q is in the register", notation.Clip(id, 64)), "the page of offices lists them")
	}
	o := resp.GetOffices()[i]
	list, err := ask[answersv1.ListEntriesResponse](r, s, &answersv1.ListEntriesRequest{Office: id, PageSize: officeShown, Kinds: feeds.LetterKinds, PageToken: r.URL.Query().Get("from")})
	if err != nil {
		return answer{}, err
	}
	switch form {
	case asJSON:
		return answer{json: list}, nil
	case asAtom:
		return s.feed(r, feeds.Of{Office: id}, id)
	}
	of := listing{Letters: lettersOf(list), Next: list.GetNextPageToken()}
	add := func(lead string, words ...string) {
		one := row{Lead: lead}
		for _, w := range words {
			if w != "" {
				one.Words = append(one.Words, linker{}.html(w))
			}
		}
		if one.Words != nil {
			of.Rows = append(of.Rows, one)
		}
	}
	add("For whom", speaksFor(resp, o))
	add("Ring", reached(o.GetOffice().GetContact()))
	add("Its root key, as words to read out", o.GetRootFingerprint())
	add("The keys of its log", o.GetVkeys()...)
	return answer{page: "home", json: list, data: page{
		Title: o.GetOffice().GetName(), Warnings: warnings(list.GetCompleteness()), Notices: noticesOf(list.GetEntries()), Back: "/offices/" + id,
		Formats: []link{{"Letters for a feed reader", "/offices/" + id + asAtom}, {"JSON", "/offices/" + id + asJSON}}, Of: of,
	}}, nil
}

// search finds letters and matters by words.
func (s *site) search(r *http.Request) (answer, error) {
	q := r.URL.Query()
	of := struct {
		Query, Words string
		Hits         []hit
		Found        int32
		Next         string
	}{Query: q.Get("q")}
	data := page{Title: "Search"}
	if strings.TrimSpace(of.Query) == "" {
		data.Of, data.Notices = of, s.notices(r)
		return answer{page: "search", data: data}, nil
	}
	resp, err := ask[answersv1.SearchResponse](r, s, &answersv1.SearchRequest{Query: of.Query, Office: q.Get("office"), Committee: q.Get("committee"), Matter: q.Get("matter"), PageToken: q.Get("from")})
	if err != nil {
		return answer{}, err
	}
	of.Words, of.Found, of.Next = resp.GetWords(), resp.GetFound(), resp.GetNextPageToken()
	for _, h := range resp.GetHits() {
		one := hit{Title: notation.Capital(cmp.Or(strings.TrimSpace(plain.OneLine(h.GetTitle())), "without a title")), Day: plain.ShortRange(h.GetIssued()), Name: h.GetEntry(), Address: "/letters/" + h.GetEntry(), Words: plain.HitWords(h, resp.GetNames()), Stands: h.GetStands()}
		if h.GetKind() == ledgerv1.EntryKind_ENTRY_KIND_MATTER && len(h.GetMatters()) > 0 {
			one.Address = "/matters/" + h.GetMatters()[0]
		}
		if len(h.GetFragments()) > 0 {
			one.Pieces = h.GetFragments()[0].GetPieces()
		}
		for _, n := range h.GetNotices() {
			if !slices.Contains(data.Notices, n) {
				data.Notices = append(data.Notices, n)
			}
		}
		of.Hits = append(of.Hits, one)
	}
	data.Title, data.Warnings, data.Of = "Search: "+notation.Clip(of.Query, 60), warnings(resp.GetCompleteness()), of
	return answer{page: "search", json: resp, data: data}, nil
}

// hit is what a search found.
type hit struct {
	Title, Day, Name, Address, Words string
	Stands                           bool
	Pieces                           []*answersv1.Piece
}

// bodySent is the longest body that is sent to be verified; of a longer one its digest is.
const bodySent = 56 << 10

// verify says whether a file that somebody has is a letter as its office signed it, and whether it still stands.
func (s *site) verify(r *http.Request) (answer, error) {
	of := struct {
		Words   string
		Genuine bool
		Current bool
		Entry   string
		Asked   bool
		Alike   []section
	}{}
	data := page{Title: "Is this letter genuine, and does it stand?"}
	if r.Method != http.MethodPost {
		data.Of, data.Notices = of, s.notices(r)
		return answer{page: "verify", data: data}, nil
	}
	r.Body = http.MaxBytesReader(nil, r.Body, FormLimit)
	body, err := uploaded(r)
	if err != nil {
		return answer{}, err
	}
	req := &answersv1.VerifyRequest{Body: body}
	if len(body) > bodySent {
		sum := sha256.Sum256(body)
		crc := binary.BigEndian.AppendUint32(nil, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
		req = &answersv1.VerifyRequest{Digest: &answersv1.BodyDigest{Sha256: sum[:], Crc32C: crc, SizeBytes: int64(len(body))}}
	}
	resp, err := ask[answersv1.VerifyResponse](r, s, req)
	if err != nil {
		return answer{}, err
	}
	of.Asked, of.Words, of.Genuine, of.Current, of.Entry = true, notation.Capital(resp.GetWords()), resp.GetGenuine(), resp.GetCurrent(), resp.GetEntry().GetName()
	if like := resp.GetAlike(); like != nil {
		p := plain.Unlaid()
		p.Alike(like)
		of.Alike, _, _ = linker{}.sections(p.Blocks())
		of.Entry = like.GetEntry()
	}
	data.Warnings, data.Notices, data.Of = warnings(resp.GetCompleteness()), resp.GetEntry().GetNotices(), of
	if len(data.Notices) == 0 {
		data.Notices = s.notices(r)
	}
	return answer{page: "verify", json: resp, data: data}, nil
}

// uploaded is the file of a form.
func uploaded(r *http.Request) ([]byte, error) {
	if words := r.FormValue("words"); words != "" {
		return []byte(words), nil
	}
	file, _, err := r.FormFile("letter")
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case err == nil:
	case errors.As(err, &tooLarge):
		return nil, fault.New(fault.ErrTooLarge, "the file has over 256 KiB, and no letter has", "choose the letter as it was saved (ending in .letter)")
	default:
		return nil, fault.New(fault.ErrInvalid, "no file came with the form", "choose the letter as it was saved (ending in .letter), then press Check")
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, UploadLimit+1))
	if err != nil || len(body) > UploadLimit {
		return nil, fault.New(fault.ErrTooLarge, "the file has over 256 KiB, and no letter has", "choose the letter as it was saved (ending in .letter)")
	}
	if len(body) == 0 {
		return nil, fault.New(fault.ErrInvalid, "the file is empty", "choose the letter as it was saved (ending in .letter)")
	}
	return body, nil
}
