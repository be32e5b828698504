package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Document is an entry as it is found: what it is limited by, and its words, parted by how much
// they say of what it is about.
type Document struct {
	Entry                       string
	Office                      string
	Committees, Matters         []string
	Stances, Audiences          []string // by their names in the schema
	Earliest, Latest            string   // days of issue
	Aliases                     []string // other titles of it
	Title, On, Says, Text, More string
}

// The fields of words, by what a word is worth where it stands: in the title; in the titles and
// other titles of the matters and measures it is on; in what it says and asks in short; in its text.
// What stands beside every hit as it is needs no fragments.
var wordFields = []struct {
	name   string
	worth  float64
	beside bool
	of     func(*Document) string
}{
	{"title", 5, true, func(d *Document) string { return strings.Join(append([]string{d.Title}, d.Aliases...), "\n") }},
	{"on", 1.5, true, func(d *Document) string { return d.On }},
	{"says", 2, false, func(d *Document) string { return d.Says }},
	{"text", 1, false, func(d *Document) string { return d.Text }},
	{"more", 1, false, func(d *Document) string { return d.More }},
}

// Of is the document of an entry that is an advisory or a reported position; false for any other. A
// matter is known by its name; nil: it is not.
func Of(e guidance.Entry, matters func(name string) *guidancev1.Matter) (d Document, ok bool) {
	if e.Advisory == nil && e.Report == nil {
		return Document{}, false
	}
	d = Document{
		Entry: e.ID, Office: e.Office, Committees: guidance.CommitteesOf(e), Matters: guidance.MattersOf(e),
		Earliest: e.Issued().GetEarliest(), Latest: e.Issued().GetLatest(),
	}
	var on, says, more lines
	for _, name := range d.Matters {
		on.matter(matters(name))
	}
	for _, p := range guidance.PositionsOf(e) {
		d.Stances = append(d.Stances, p.GetStance().String())
		for _, a := range p.GetAudiences() {
			d.Audiences = append(d.Audiences, a.String())
		}
		on.measure(guidance.MeasureOf(matters(p.GetMatter()), p.GetMeasure()))
		says.position(p)
	}
	for _, a := range e.Advisory.GetAudiences() {
		d.Audiences = append(d.Audiences, a.String())
	}
	for _, action := range e.Advisory.GetActions() {
		on.measure(guidance.MeasureOf(matters(guidance.ActionMatter(e.Advisory, action)), action.GetMeasure()))
		says.add(action.GetVerb()+" "+action.GetObject(), action.GetCondition())
		if action.GetTemplate() != "" {
			says.add("template to send to " + guidance.AudiencesWords(action.GetTemplateFor()))
			more.add(action.GetTemplate())
		}
	}
	for _, vote := range e.Advisory.GetVotes() {
		says.add(vote.GetQuestion())
	}
	d.Title = cmp.Or(e.Advisory.GetTitle(), e.Report.GetSource().GetTitle())
	d.Text = cmp.Or(e.Advisory.GetBody(), e.Report.GetSummary())
	d.On, d.Says, d.More = on.String(), says.String(), more.String()
	d.tidy()
	return d, true
}

// OfMatter is the document of the newest version of a matter.
func OfMatter(entry string, m *guidancev1.Matter) Document {
	d := Document{
		Entry: entry, Office: notation.OfficeOf(entry), Matters: []string{m.GetName()},
		Earliest: m.GetOpened().GetEarliest(), Latest: m.GetOpened().GetLatest(), Title: m.GetTitle(), Aliases: m.GetAliases(), Text: m.GetSummary(),
	}
	var on, says lines
	on.matter(m)
	for _, measure := range m.GetMeasures() {
		on.measure(measure)
		for _, a := range measure.GetAddressedTo() {
			d.Audiences = append(d.Audiences, a.String())
		}
		for _, deadline := range measure.GetDeadlines() {
			says.add(deadline.GetTitle())
		}
		for _, claim := range measure.GetClaims() {
			says.add(claim.GetWords())
		}
	}
	d.On, d.Says = on.String(), says.String()
	d.tidy()
	return d
}

func (d *Document) tidy() {
	for _, list := range []*[]string{&d.Committees, &d.Matters, &d.Stances, &d.Audiences} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

// lines are texts, each once.
type lines []string

func (l *lines) add(texts ...string) {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" && !slices.Contains(*l, text) {
			*l = append(*l, text)
		}
	}
}

// String is them as sentences.
func (l lines) String() string {
	var b strings.Builder
	for _, text := range l {
		b.WriteString(text)
		if !strings.ContainsRune(".!?:;", rune(text[len(text)-1])) {
			b.WriteByte('.')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (l *lines) matter(m *guidancev1.Matter) {
	l.add(m.GetTitle())
	l.add(m.GetAliases()...)
	l.body(m.GetProposer())
}

func (l *lines) measure(m *guidancev1.Measure) {
	l.add(m.GetTitle(), strings.ReplaceAll(m.GetId(), "-", " ")) // which is on every page beside the title
	l.add(m.GetAliases()...)
	l.body(m.GetProposer())
	for _, scope := range m.GetScopes() {
		l.add(scope.GetWords())
	}
}

func (l *lines) body(b *guidancev1.Body) {
	l.add(b.GetName())
	l.add(b.GetAliases()...)
}

// position adds what a position says in words, and in those its stance and what it says of the contract
// are told in.
func (l *lines) position(p *guidancev1.Position) {
	l.add(guidance.StanceWords(p.GetStance()), p.GetRationale(), p.GetScope().GetWords(), guidance.ConditionWords(p))
	for _, effect := range p.GetContractEffects() {
		l.add(guidance.EffectNoun(effect.GetEffect()), strings.ReplaceAll(strings.TrimPrefix(effect.GetEffect().String(), "CONTRACT_EFFECT_"), "_", " "))
	}
	for _, c := range p.GetConsequences() {
		l.add(c.GetWords())
	}
	for _, claim := range p.GetClaims() {
		l.add(claim.GetWords())
	}
}
