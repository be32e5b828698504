package plain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// PracticeMarkdown is a practice's page as Markdown to take to the partners: every reason, the texts to
// send, and each letter's name. Received words stand so that none can pose as a heading of ours.
func PracticeMarkdown(r *answersv1.GetPracticePageResponse, known string) string {
	d := &document{}
	for _, notice := range r.GetNotices() {
		d.para("**" + AsText(notice) + "**")
	}
	d.para("# Practice " + r.GetPractice() + ", as of " + AsText(notation.Joined(", ", guidance.DayWords(r.GetAsOf()), known)))
	d.para(AsText(r.GetCompleteness().GetWarning()))
	d.para(AsText(r.GetWords()))
	for _, row := range whomToRing(r, false) {
		d.item(row)
	}
	if c := r.GetChanges(); c != nil {
		d.para(fmt.Sprintf("## What changed since %s, up to %s", guidance.DayWords(c.GetFromDay()), guidance.DayWords(c.GetToDay())))
		d.para(AsText(c.GetWords()))
		if len(c.GetChanges()) == 0 {
			d.para("Nothing has changed.")
		}
		for _, change := range c.GetChanges() {
			is, was := changeInBrief(c, change)
			d.item(notation.Joined(", ", is, was))
		}
	}
	for _, v := range r.GetMatters() {
		d.matter(v)
	}
	if len(r.GetOthers()) > 0 {
		d.para("## Also open")
		for _, one := range r.GetOthers() {
			var said []string
			for _, line := range one.GetLines() {
				said = append(said, line.GetWords())
			}
			d.item(one.GetTitle() + " (" + one.GetName() + "): " + strings.Join(said, " "))
		}
	}
	d.para("---")
	d.para(AsText(r.GetCompleteness().GetWords()))
	d.para("Of contracts, GMS and PMS are meant; APMS practices check theirs. Each practice decides for itself. This is not legal advice.")
	return d.b.String()
}

// document is Markdown being written.
type document struct {
	b    strings.Builder
	list bool // the last thing was an item
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

// matter writes all that a practice acts on of one matter.
func (d *document) matter(v *answersv1.CombinedView) {
	m := v.GetMatter()
	d.para("## " + AsText(m.GetTitle()))
	d.para(AsText(notation.Joined(", ", m.GetName(), "proposed by "+m.GetProposer().GetName(), guidance.RangeWords(m.GetOpened()))))
	for _, of := range v.GetCeased() {
		d.para(AsText(of.GetWords()))
	}
	for _, r := range practiceRows(v, false, true) {
		if r.lead == "" {
			d.para(AsText(r.words))
		} else {
			d.para("**" + AsText(r.lead) + ":** " + AsText(r.words))
		}
		for _, one := range r.behind {
			d.item(one)
		}
	}
	for _, c := range v.GetCommittees() {
		d.letters(v, c)
		d.texts(requestsOf(v, topicsOf(v, c)))
	}
	d.texts(nationalAsks(v))
	d.para("All LMCs’ lines: `lmc view " + m.GetName() + "`")
}

// letters names each letter that a committee's lines, and what stands beside them, are in, what they rest on, and
// whom to ring.
func (d *document) letters(v *answersv1.CombinedView, c *answersv1.CommitteeView) {
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
	if words := contactWords(c.GetContact()); words != "" {
		told = append(told, "Whom to ring about it: "+words)
	}
	if told != nil {
		d.para("**" + AsText(c.GetHeadline().GetCommitteeName()) + ", its letters and whom to ring:**")
	}
	for _, words := range told {
		d.item(words)
	}
}

// texts writes the texts to send in whole, each with what it is for and the letter it comes from.
func (d *document) texts(asks []request) {
	told := map[string]bool{}
	for _, act := range asks {
		for _, one := range act.by {
			if one.GetTemplate() == "" || told[one.GetTemplate()] {
				continue
			}
			told[one.GetTemplate()] = true
			to := ""
			if len(one.GetTemplateFor()) > 0 {
				to = ", to " + guidance.AudiencesWords(one.GetTemplateFor())
			}
			d.para("**Text for “" + AsText(guidance.ActionWords(act.Action)) + "”" + AsText(to) + " (" + one.letter() + "):**")
			d.quote(one.GetTemplate())
		}
	}
}
