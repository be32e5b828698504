package plain

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// PracticeMarkdown is a practice's page as Markdown to take to the partners: every reason, the texts to
// send, and each letter's name. Received words stand so that none can pose as a heading of ours.
func PracticeMarkdown(r *answersv1.GetPracticePageResponse, known string) string {
	d := &document{practice: r.GetPractice()}
	for _, b := range PracticeBlocks(r, known) {
		d.block(b)
	}
	return d.b.String()
}

// PracticeBlocks is all that a practice's page says, not laid out.
func PracticeBlocks(r *answersv1.GetPracticePageResponse, known string) []Block {
	p := Unlaid()
	for _, notice := range r.GetNotices() {
		p.notice(notice)
	}
	p.put(Block{Kind: Title, Words: "Practice " + r.GetPractice() + ", as of " + notation.Joined(", ", guidance.DayWords(r.GetAsOf()), known)})
	p.put(Block{Kind: Warning, Words: r.GetCompleteness().GetWarning()})
	p.Para(0, r.GetWords())
	for _, row := range whomToRing(r, false) {
		p.Item(0, row)
	}
	p.changesWhole(r.GetChanges())
	for _, v := range r.GetMatters() {
		p.matterWhole(v)
	}
	if len(r.GetOthers()) > 0 {
		p.Head("Also open")
		for _, one := range r.GetOthers() {
			var said []string
			if first := notation.Joined("; ", pressing(one, guidance.DayWords), linesOnMeasures(one)); first != "" {
				said = append(said, first+".")
			}
			for _, line := range one.GetLines() {
				said = append(said, brief(line, (*answersv1.Line).GetWords))
			}
			item := Block{Kind: Item, Words: one.GetTitle() + " (" + one.GetName() + "): " + notation.Joined(" ", said...)}
			if one.GetInsists() {
				item.Matter = one.GetName()
			}
			p.put(item)
		}
	}
	p.put(Block{Kind: Rule})
	p.Para(0, r.GetCompleteness().GetWords())
	_, dispute := contractsOn(r)
	p.Para(0, ringFirst(dispute))
	p.Para(0, "Of contracts, GMS and PMS are meant; APMS practices check theirs. Each practice decides for itself. This is not legal advice.")
	return p.blocks
}

// document is Markdown being written.
type document struct {
	b        strings.Builder
	practice string // whose it is
	list     bool   // the last thing was an item
}

// block writes a block, its words as text.
func (d *document) block(b Block) {
	switch words := AsText(notation.Joined(" ", b.Words, b.More)); b.Kind {
	case Warning, Para:
		d.para(words)
	case Notice:
		d.para("**" + AsText(b.Words) + "**")
	case Title:
		d.para("# " + AsText(b.Words))
	case Heading:
		d.para("## " + AsText(b.Words))
	case Subheading:
		d.para("**" + AsText(b.Words) + ":**")
	case Row:
		if b.Lead != "" {
			words = "**" + AsText(b.Lead) + ":** " + words
		}
		d.para(words)
	case Item:
		d.item(b.Words)
		if b.Matter != "" {
			d.b.WriteString("  What is a must: `lmc view " + b.Matter + " --practice " + d.practice + "`\n")
		}
	case Text:
		d.para("**" + AsText(b.Lead) + " (" + b.Entry + "):**")
		d.quote(b.Words)
	case See:
		d.para(b.Words + ": `lmc view " + b.Matter + "`")
	case Rule:
		d.para("---")
	}
}

// para writes a paragraph of Markdown.
func (d *document) para(s string) {
	if s == "" {
		return
	}
	if d.b.Len() > 0 {
		d.b.WriteString("\n")
	}
	d.list = false
	d.b.WriteString(s + "\n")
}

// item writes received words as an item of a list.
func (d *document) item(s string) {
	if !d.list && d.b.Len() > 0 {
		d.b.WriteString("\n")
	}
	d.list = true
	d.b.WriteString("- " + AsText(OneLine(s)) + "\n")
}

// quote writes a received text as a quotation, its Markdown as it is: no line of it can stand outside.
func (d *document) quote(text string) {
	d.para("> " + strings.NewReplacer("\n", "\n> ", "<", `\<`).Replace(strings.TrimSpace(lineEnds.Replace(text))))
}

// AsText is received words in which nothing is Markdown.
func AsText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "#", `\#`, "|", `\|`).Replace(OneLine(s))
}

// matterWhole writes all that a practice acts on of one matter.
func (p *Page) matterWhole(v *answersv1.CombinedView) {
	m := v.GetMatter()
	p.put(Block{Kind: Heading, Words: m.GetTitle(), Matter: m.GetName()})
	p.Para(0, notation.Joined(", ", m.GetName(), "proposed by "+m.GetProposer().GetName(), guidance.RangeWords(m.GetOpened())))
	p.ceased(v.GetCeased())
	for i, r := range practiceRows(v, false, true) {
		b := Block{Kind: Row, Lead: r.lead, Words: r.words, More: r.more}
		if i > 0 && r.lead == "" {
			b.Kind = Para
		}
		if len(r.each) > 1 { // a list of things to do is no paragraph
			b.Words = r.each[0]
		}
		p.put(b)
		for _, words := range r.each[min(len(r.each), 1):] {
			p.put(Block{Kind: Row, Words: words})
		}
		for _, one := range r.behind {
			p.Item(0, one)
		}
		if r.lead == toSendLead {
			for _, c := range v.GetCommittees() {
				p.texts(v, requestsOf(v, topicsOf(v, c)))
			}
			p.texts(v, nationalAsks(v))
		}
	}
	for _, c := range v.GetCommittees() {
		p.letters(v, c)
	}
	p.put(Block{Kind: See, Words: "All LMCs’ lines", Matter: m.GetName()})
}

// letters names each letter that a committee's lines, and what stands beside them, are in, what they rest on, and
// whom to ring.
func (p *Page) letters(v *answersv1.CombinedView, c *answersv1.CommitteeView) {
	var told []string
	name := func(st *answersv1.Statement, basis string) {
		words := "Letter: " + notation.Joined(", ", st.GetTitle(), guidance.RangeWords(st.GetIssued())) + " (" + st.GetAdvisory() + ")"
		if basis != "" {
			words += "; it rests on " + basis
		}
		if st != nil && !slices.ContainsFunc(told, func(o string) bool { return strings.HasPrefix(o, words) }) {
			told = append(told, words)
		}
	}
	topics := topicsOf(v, c)
	for _, topic := range topics {
		for _, one := range topic.voices {
			name(one.GetCurrent(), basisWords(one.Line))
		}
	}
	for _, topic := range topics {
		for _, one := range topic.voices {
			for _, aside := range besideOf(one.Line, true) {
				name(aside.Statement, "")
			}
		}
	}
	if words := ContactWords(c.GetContact()); words != "" {
		told = append(told, "Whom to ring about it: "+words)
	}
	if told != nil {
		p.put(Block{Kind: Subheading, Words: c.GetHeadline().GetCommitteeName() + ", its letters and whom to ring"})
	}
	for _, words := range told {
		p.Item(0, words)
	}
}

// texts writes the texts to send in whole, each with what it is for, of whom that is asked, and the letter it comes from.
func (p *Page) texts(v *answersv1.CombinedView, asks []request) {
	told := map[string]bool{}
	for _, act := range asks {
		for _, one := range act.by {
			if one.GetTemplate() == "" || told[one.GetTemplate()] {
				continue
			}
			told[one.GetTemplate()] = true
			p.put(Block{Kind: Text, Lead: notation.Capital(act.textWords(v, one)), Words: one.GetTemplate(), Entry: one.letter()})
		}
	}
}
