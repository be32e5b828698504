package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

const (
	// practiceLines is how many lines of practiceWidth columns a practice's page has at five open matters.
	practiceLines, practiceWidth = 40, 100
	// changesShown is how many changes it has in a line each.
	changesShown = 6
)

// Practice writes what concerns one practice, for somebody with five minutes: its committees and whom
// to ring, what changed, each open matter, and what the answer rests on. It says as much as has room,
// what it cuts short it marks, and it never leaves a matter out. known says that less than everything
// was taken into account, and next where to ask from what changes after this; both are usually empty.
func (p *Page) Practice(r *answersv1.GetPracticePageResponse, known, next string) {
	for _, how := range []telling{{}, {why: 150, most: 3}, {why: 150, most: 2, together: true}, {why: 80, most: 1, together: true, oneRow: true}, {why: 80, most: 1, together: true, oneRow: true, fewRows: true}} {
		draft := New(p.width)
		draft.practice(r, known, how)
		text := draft.String()
		room := practiceLines + len(r.GetOthers()) + max(0, len(r.GetMatters())-5)*6
		if r.GetChanges() != nil {
			room += changesShown + 2
		}
		if how.fewRows || strings.Count(text, "\n")*min(p.width, practiceWidth) <= room*practiceWidth {
			p.b.WriteString(text)
			if next != "" {
				p.NextTime(next)
			}
			return
		}
	}
}

// telling is how much of each matter a practice's page says.
type telling struct {
	why      int  // how many characters of the reasons; 0: all
	most     int  // how many lines one row has; 0: all
	together bool // what fits beside one another stands in one row
	oneRow   bool // the title and the line stand in one row
	fewRows  bool // and what is asked with when
	cut      bool // something was cut short
}

func (p *Page) practice(r *answersv1.GetPracticePageResponse, known string, how telling) {
	p.Para(0, Joined(", ", "Practice "+r.GetPractice(), "as of "+guidance.DayWords(r.GetAsOf()), known)+".")
	p.Para(0, whoseWords(r))
	for _, row := range whomToRing(r) {
		p.Para(0, row)
	}
	everybody := &answersv1.CombinedView{} // of all matters: what is said of them once
	for _, v := range r.GetMatters() {
		everybody.Committees = append(append(everybody.Committees, v.GetCommittees()...), v.GetNational())
	}
	late := allLate(everybody)
	p.Para(0, late)
	p.changesInBrief(r.GetChanges())
	if len(r.GetMatters())+len(r.GetOthers()) == 0 {
		p.Gap()
		p.Para(0, "No matter that concerns practices is open here.")
	}
	contract := false
	var dispute []string
	for i, v := range r.GetMatters() {
		if !how.oneRow {
			p.Gap()
		}
		own, national := practiceTopics(v)
		for _, of := range append(own, national...) {
			contract = contract || contractWords(v, of.Line, false) != nil
			dispute = append(dispute, disputed(v, of.Line)...)
		}
		p.practiceMatter(v, i+1, &how, late != "")
	}
	p.mattersInBrief(r)
	end := ""
	if how.cut {
		end = "Cut short (…): --print has all of it, and so has lmc view MATTER --practice " + r.GetPractice() + "."
	}
	if slices.Sort(dispute); len(dispute) > 0 {
		end = Joined(" ", end, "What "+notation.List(slices.Compact(dispute))+" said of the contract leaves a breach or a dispute open: ring your LMC before you reply.")
	}
	if contract {
		end = Joined(" ", end, "Of contracts, GMS and PMS are meant; APMS practices check theirs.")
	}
	p.Footer(r.GetCompleteness(), nil)
	for _, notice := range r.GetNotices() {
		p.Para(0, notice)
	}
	p.Para(0, Joined(" ", end, "Each practice decides for itself. This is not legal advice."))
}

// whoseWords say whose a practice is, but where that is one committee, which stands with whom to ring.
func whoseWords(r *answersv1.GetPracticePageResponse) string {
	if len(r.GetCommittees()) != 1 {
		return r.GetWords()
	}
	return strings.TrimPrefix(r.GetWords(), "Practice "+r.GetPractice()+" belongs to "+r.GetCommittees()[0].GetCommittee().GetName()+".")
}

// whomToRing is, for each committee, who speaks for it, how to reach them and when they were last
// heard; and who can say whose a practice is where that is not known.
func whomToRing(r *answersv1.GetPracticePageResponse) (rows []string) {
	for _, c := range r.GetCommittees() {
		lead := "Your LMC: "
		if c.GetUntil() != "" {
			lead = "Your LMC until " + guidance.DayWords(c.GetUntil()) + ": "
		}
		ring := "By the register nobody speaks for it."
		if c.GetOffice() != "" {
			ring = "Whom to ring: " + cmp.Or(contactWords(c.GetContact()), c.GetOfficeName()+" (how is not in the register)") + "."
		}
		rows = append(rows, Joined(" ", lead+c.GetCommittee().GetName()+".", ring, heardOf(r.GetCompleteness(), c.GetOffice())))
	}
	if o := r.GetAsk(); o != nil {
		rows = append(rows, "Whom to ring: the office that keeps this register can say who your LMC is: "+cmp.Or(contactWords(o.GetContact()), o.GetName(), o.GetId())+".")
	}
	return rows
}

// heardOf is when an office was last heard; empty: it is the node's own, or does not speak today.
func heardOf(c *answersv1.Completeness, office string) string {
	for _, h := range c.GetHeard() {
		switch {
		case h.GetOffice() != office:
		case !picture.IsSilent(h):
			return "Its node was heard within the last two hours."
		case h.GetAge() == nil:
			return "Its node was not heard yet."
		default:
			return "Its node was last heard " + notation.SpanWords(h.GetAge().AsDuration()) + " ago."
		}
	}
	return ""
}

// practiceTopics are the lines of the practice's committees on everything, and those of the national one.
func practiceTopics(v *answersv1.CombinedView) (own, national []voice) {
	of := func(c *answersv1.CommitteeView) (all []voice) {
		if c == nil {
			return nil
		}
		for _, topic := range topicsOf(v, c) {
			all = append(all, topic.voices...)
		}
		return all
	}
	for _, c := range v.GetCommittees() {
		own = append(own, of(c)...)
	}
	for _, one := range of(v.GetNational()) {
		if guidance.EffectsWords(one.GetEffects(), v.GetAsOf()) != "" {
			national = append(national, one)
		}
	}
	return own, national
}

// practiceMatter writes one matter: the line and why; what each says of the contract; what is asked, and
// on what condition; by when, what to send, and what follows; and what the national committee says.
func (p *Page) practiceMatter(v *answersv1.CombinedView, number int, how *telling, late bool) {
	m := v.GetMatter()
	lead := fmt.Sprintf("%d. ", number)
	indent := strings.Repeat(" ", len(lead))
	title := titled(m.GetTitle(), m.GetName())
	rows := practiceRows(v, *how, late)
	if how.oneRow {
		title = notation.Clip(m.GetTitle(), 50) + " (" + guidance.MatterName(m.GetName()).Slug() + "): "
		p.cutShort(lead, title+rows[0].words, 2, how)
		rows = rows[1:]
	} else {
		p.Hang(lead, title)
	}
	for _, row := range rows {
		switch words := row.text(); {
		case how.most == 0:
			p.Hang(indent, words)
		case row.whole != nil:
			p.cutShort(indent, p.fitting(indent, row, how), how.most, how)
		default:
			p.cutShort(indent, words, how.most, how)
		}
	}
}

// fitting is as much of a row as has room, of what must not be cut in two.
func (p *Page) fitting(indent string, r row, how *telling) string {
	for n := len(r.whole); n > 0; n-- {
		words := row{r.lead, strings.Join(r.whole[:n], " "), nil}.text()
		if n < len(r.whole) {
			words += " …"
		}
		if len(wrap(words, max(p.width-len(indent), LeastWidth/2))) <= how.most {
			how.cut = how.cut || n < len(r.whole)
			return words
		}
	}
	how.cut = true
	return Joined(": ", r.lead, "more than has room here: read it before you act …")
}

// cutShort writes as much of a row as so many lines have room for.
func (p *Page) cutShort(lead, words string, most int, how *telling) {
	room := max(p.width-len(lead), LeastWidth/2)
	lines := wrap(words, room)
	if len(lines) > most {
		how.cut = true
		last := strings.Fields(lines[most-1])
		for len(last) > 1 && len([]rune(strings.Join(last, " ")))+2 > room {
			last = last[:len(last)-1]
		}
		lines = append(lines[:most-1:most-1], strings.Join(last, " ")+" …")
	}
	for _, line := range lines {
		p.Line(lead + line)
		lead = strings.Repeat(" ", len([]rune(lead)))
	}
}

// changeInBrief is a change in the node's words.
func changeInBrief(c *answersv1.Change) string {
	return cmp.Or(OneLine(c.GetWords()), Joined(": ", c.GetCommitteeName(), changeWords(c)))
}

// mattersInBrief writes the other open matters in a line each.
func (p *Page) mattersInBrief(r *answersv1.GetPracticePageResponse) {
	if len(r.GetOthers()) > 0 {
		p.Head("Also open (lmc view MATTER --practice " + r.GetPractice() + " shows one):")
	}
	for _, one := range r.GetOthers() {
		var said []string
		for _, line := range one.GetLines() {
			words := brief(line, stateWords)
			if len(one.GetLines()) > 1 || len(r.GetCommittees()) != 1 {
				words = Joined(": ", line.GetCommitteeName(), brief(line, nounWords))
			}
			said = append(said, words)
		}
		due := ""
		if one.GetDueDay() != "" {
			due = "a date for practices: " + shortDay(one.GetDueDay())
		}
		p.cutShort("  ", one.GetName()+": "+Joined("; ", strings.Join(said, "; "), due, one.GetTitle()), 1, &telling{})
	}
	if n := r.GetOfOthers(); n > 0 {
		p.Para(0, notation.Counted(int64(n), "open matter more is", "open matters more are")+" for others than practices, or another LMC's: lmc matters lists all.")
	}
	if r.GetNextPageToken() != "" {
		p.Para(0, "More matters are open that were opened earlier: --all has them in a line each.")
	}
}

// changesInBrief writes what changed in a line each, and how much more did.
func (p *Page) changesInBrief(c *answersv1.GetChangesResponse) {
	if c == nil {
		return
	}
	p.Gap()
	p.Para(0, Joined(" ", fmt.Sprintf("What changed since %s, up to %s:", guidance.DayWords(c.GetFromDay()), guidance.DayWords(c.GetToDay())), c.GetWords()))
	if len(c.GetChanges()) == 0 {
		p.Line("  Nothing has changed.")
	}
	for i, change := range c.GetChanges() {
		if i == changesShown {
			p.Line(fmt.Sprintf("  and %d more: lmc view MATTER --practice CODE --since %s", len(c.GetChanges())-i, c.GetFromDay()))
			break
		}
		p.cutShort("  ", changeInBrief(change), 1, &telling{})
	}
}
