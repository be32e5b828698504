package web

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"maps"
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
)

// letterLine is a letter in a list.
type letterLine struct {
	Name, Title, Day, Office, Words string
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

// noticesOr are the notices of what a page shows, or, where it shows nothing, those of the newest letters: whoever reads
// that nothing was found must know of what.
func (s *site) noticesOr(r *http.Request, of []string, shows int) []string {
	if len(of) > 0 || shows > 0 {
		return of
	}
	return s.notices(r)
}

// letterName is the name of a letter, by its address.
func letterName(r *http.Request, index string) (string, error) {
	name := r.PathValue("office") + "/" + index
	if !notation.IsEntryName(name) {
		return "", fault.New(fault.ErrNotFound, "“"+notation.Clip(name, 80)+"” is no letter's name", "a letter is named by its office and its number, as essex/7; the page of its office lists those it published")
	}
	return name, nil
}

// letter is one letter: whether it stands, what it says and asks, its own words, and how to check it.
func (s *site) letter(r *http.Request) (answer, error) {
	index, form, err := cut(r.PathValue("index"), asJSON, asMarkdown)
	if err != nil {
		return answer{}, err
	}
	for _, one := range []string{".letter", ".proof"} {
		if of, is := strings.CutSuffix(index, one); is {
			return s.signed(r, of, one)
		}
	}
	name, err := letterName(r, index)
	if err != nil {
		return answer{}, err
	}
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
	l := linker{of: name, matters: slices.Collect(maps.Keys(resp.GetNames().GetMatters()))}
	sections, warned, notices := l.sections(withoutHead(p.Blocks(), e))
	of := letterOf{
		Name: name, Standing: l.html(e.GetWords()), Stands: plain.Stands(e), Signed: strings.ReplaceAll(name, "/", "-"),
		Office: e.GetOffice(), OfficeName: cmp.Or(resp.GetNames().GetOffices()[e.GetOffice()], e.GetOffice()), Day: guidance.RangeWords(e.GetIssued()),
		For: plain.CommitteeNames(resp.GetNames(), e.GetAdvisory().GetOnBehalfOf()), Body: markdown(body), Held: len(resp.GetBody()) > 0,
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

// signed is a letter byte for byte as it was signed, or what proves it.
func (s *site) signed(r *http.Request, index, form string) (answer, error) {
	name, err := letterName(r, index)
	if err != nil {
		return answer{}, err
	}
	resp, err := ask[answersv1.GetProofResponse](r, s, &answersv1.GetProofRequest{Name: name})
	if err != nil {
		return answer{}, err
	}
	a := answer{file: resp.GetBody(), kind: "application/octet-stream", save: strings.ReplaceAll(name, "/", "-") + form}
	if form == ".proof" {
		a.file = resp.GetProof()
	}
	return a, nil
}

// text is a text to send, as a file.
func (s *site) text(r *http.Request) (answer, error) {
	name, err := letterName(r, r.PathValue("index"))
	if err != nil {
		return answer{}, err
	}
	n, err := notation.ParseCount(strings.TrimSuffix(strings.TrimPrefix(r.PathValue("text"), "text-"), ".txt"), 16)
	if err != nil || n == 0 {
		return answer{}, fault.New(fault.ErrNotFound, fmt.Sprintf("%s has no file of that name", name), "its page names those it has")
	}
	resp, err := ask[answersv1.GetEntryResponse](r, s, &answersv1.GetEntryRequest{Name: name})
	if err != nil {
		return answer{}, err
	}
	texts := plain.Texts(resp.GetEntry().GetAdvisory())
	if n > uint64(len(texts)) {
		return answer{}, fault.New(fault.ErrNotFound, fmt.Sprintf("%s has no text %d to send", name, n), "its page shows those it has")
	}
	return answer{file: []byte(texts[n-1].GetTemplate()), kind: "text/plain; charset=utf-8", save: fmt.Sprintf("%s-%s-text-%d.txt", r.PathValue("office"), r.PathValue("index"), n)}, nil
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
