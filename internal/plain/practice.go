package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

const (
	// practiceLines is how many lines of practiceWidth columns a practice's page has at five open matters.
	practiceLines, practiceWidth = 40, 100
	// changesShown is how many changes it has in a line each, and nextLines how many lines say where to ask from next.
	changesShown, nextLines = 6, 2
)

// Practice writes what concerns one practice, for somebody with five minutes: its committees and whom
// to ring, what changed, each open matter, and what the answer rests on. Where not all has room, each matter is
// said in brief (practicebrief.go), which is marked. known says that less than everything
// was taken into account, and next where to ask from what changes after this; both are usually empty.
func (p *Page) Practice(r *answersv1.GetPracticePageResponse, known, next string) {
	everybody := &answersv1.CombinedView{} // of all matters: what is said of them once
	for _, v := range r.GetMatters() {
		everybody.Committees = append(append(everybody.Committees, v.GetCommittees()...), v.GetNational())
	}
	late := allLate(everybody)
	room := practiceLines + len(r.GetOthers()) + max(0, len(r.GetMatters())-5)*6
	if next != "" {
		room -= nextLines
	}
	room = room * practiceWidth / min(p.width, practiceWidth)
	matters := New(p.width)
	for i, v := range r.GetMatters() {
		matters.practiceMatter(v, i+1, late != "")
	}
	p.practice(r, known, late, matters.String(), false)
	if strings.Count(p.String(), "\n") > room {
		p.b.Reset()
		p.practice(r, known, late, "", true)
		left := room - strings.Count(p.String(), "\n")
		p.b.Reset()
		p.practice(r, known, late, mattersInBrief(r, left, p.width, late != ""), true)
	}
	if next != "" {
		p.NextTime(next)
	}
}

// mattersInBrief are a page's matters in so many lines, or in more where what practices must do takes these.
func mattersInBrief(r *answersv1.GetPracticePageResponse, lines, width int, late bool) (text string) {
	all := make([]inBrief, len(r.GetMatters()))
	for i, v := range r.GetMatters() {
		all[i] = briefOf(v, late)
	}
	for i, room := range roomOf(all, lines, width) {
		text += strings.Join(all[i].inLines(i+1, room, width), "\n") + "\n"
	}
	return text
}

// practice writes a page around its matters.
func (p *Page) practice(r *answersv1.GetPracticePageResponse, known, late, matters string, brief bool) {
	p.Para(0, notation.Joined(", ", "Practice "+r.GetPractice(), "as of "+guidance.DayWords(r.GetAsOf()), known)+".")
	words := whoseWords(r)
	if brief && len(r.GetCommittees()) > 1 { // each of which stands with whom to ring
		var names []string
		for _, c := range r.GetCommittees() {
			names = append(names, c.GetCommittee().GetName())
		}
		if _, more, is := strings.Cut(words, notation.List(names)+"."); is {
			words = strings.TrimSpace(more)
		}
	}
	p.Para(0, words)
	for _, row := range whomToRing(r, brief) {
		p.Para(0, row)
	}
	p.Para(0, late)
	p.changesInBrief(r.GetChanges())
	if len(r.GetMatters())+len(r.GetOthers()) == 0 {
		p.Gap()
		none := "No matter that concerns practices is open here."
		if LacksEntries(r.GetCompleteness()) {
			none = "Whether a matter that concerns practices is open is not known here."
		}
		p.Para(0, none)
	}
	contract, dispute := contractsOn(r)
	p.b.WriteString(matters)
	p.othersInBrief(r)
	end := ""
	if brief {
		end = "In brief, cut short at “…”: --print has all of it."
	}
	if brief && len(dispute) > 3 {
		dispute = append(dispute[:2:2], "others")
	}
	end = notation.Joined(" ", end, ringFirst(dispute))
	if contract {
		end = notation.Joined(" ", end, "Of contracts, GMS and PMS are meant; APMS practices check theirs.")
	}
	end = notation.Joined(" ", end, "Each practice decides for itself. This is not legal advice.")
	rests := r.GetCompleteness()
	if brief { // in one paragraph
		rests = proto.CloneOf(rests)
		rests.Words = notation.Joined(" ", append(append([]string{cmp.Or(rests.GetWords(), picture.CompletenessWords(rests))}, r.GetNotices()...), end)...)
		p.Footer(rests, nil)
		return
	}
	p.Footer(rests, nil)
	for _, notice := range r.GetNotices() {
		p.Para(0, notice)
	}
	p.Para(0, end)
}

// whoseWords say whose a practice is, but where that is one committee, which stands with whom to ring.
func whoseWords(r *answersv1.GetPracticePageResponse) string {
	if len(r.GetCommittees()) != 1 {
		return r.GetWords()
	}
	return strings.TrimPrefix(r.GetWords(), "Practice "+r.GetPractice()+" belongs to "+r.GetCommittees()[0].GetCommittee().GetName()+".")
}

// whomToRing is, for each committee, who speaks for it, how to reach them and when they were last
// heard; and who can say whose a practice is where that is not known. In brief, it is the telephone where
// there is one, and who was heard of late stands with all others at the end of the page.
func whomToRing(r *answersv1.GetPracticePageResponse, brief bool) (rows []string) {
	for _, c := range r.GetCommittees() {
		lead := "Your LMC: "
		if c.GetUntil() != "" {
			lead = "Your LMC until " + guidance.DayWords(c.GetUntil()) + ": "
		}
		ring, heard, contact := "By the register nobody speaks for it.", heardOf(r.GetCompleteness(), c.GetOffice()), reachable(r, c)
		if brief && contact.GetTelephone() != "" {
			contact = &guidancev1.Contact{Name: contact.GetName(), Telephone: contact.GetTelephone()}
		}
		if brief && heard == heardOfLate {
			heard = ""
		}
		if c.GetOffice() != "" {
			ring = "Whom to ring: " + cmp.Or(ContactWords(contact), c.GetOfficeName()+" (how is not in the register)") + "."
		}
		rows = append(rows, notation.Joined(" ", lead+c.GetCommittee().GetName()+".", ring, heard))
	}
	if o := r.GetAsk(); o != nil {
		rows = append(rows, "Whom to ring, who may know who your LMC is: "+cmp.Or(ContactWords(o.GetContact()), o.GetName(), o.GetId())+".")
	}
	return rows
}

// reachable is how to reach a committee's office: by the register, else by a letter on the page.
func reachable(r *answersv1.GetPracticePageResponse, c *answersv1.PracticeCommittee) *guidancev1.Contact {
	hasWay := func(of *guidancev1.Contact) bool { return of.GetTelephone()+of.GetEmail()+of.GetUrl() != "" }
	for _, v := range r.GetMatters() {
		for _, of := range v.GetCommittees() {
			if of.GetHeadline().GetCommittee() == c.GetCommittee().GetId() && hasWay(of.GetContact()) && !hasWay(c.GetContact()) {
				return of.GetContact()
			}
		}
	}
	return c.GetContact()
}

const heardOfLate = "Its node was heard within the last two hours."

// heardOf is when an office was last heard; empty: it is the node's own, or does not speak today.
func heardOf(c *answersv1.Completeness, office string) string {
	for _, h := range c.GetHeard() {
		switch {
		case h.GetOffice() != office:
		case !picture.IsSilent(h):
			return heardOfLate
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

// contractsOn are, of a practice's page, whether the contract is spoken of on it, and by whose readings a breach or a
// dispute can come of what is on it.
func contractsOn(r *answersv1.GetPracticePageResponse) (spoken bool, dispute []string) {
	for _, v := range r.GetMatters() {
		own, national := practiceTopics(v)
		for _, of := range append(own, national...) {
			spoken = spoken || contractWords(v, of.Line, false) != nil
			dispute = append(dispute, disputed(v, of.Line)...)
		}
	}
	slices.Sort(dispute)
	return spoken, slices.Compact(dispute)
}

// ringFirst is what a page says before its last words where a breach or a dispute can come of what is on it.
func ringFirst(dispute []string) string {
	if len(dispute) == 0 {
		return ""
	}
	return "What " + notation.List(dispute) + " said of the contract leaves a breach or a dispute open: ring your LMC before you reply."
}

// practiceMatter writes all of one matter: the line and why; what each says of the contract; what is asked, and
// on what condition; by when, what to send, and what follows; and what the national committee says.
func (p *Page) practiceMatter(v *answersv1.CombinedView, number int, late bool) {
	lead := fmt.Sprintf("%d. ", number)
	p.b.WriteString("\n")
	p.Hang(lead, titled(v.GetMatter().GetTitle(), v.GetMatter().GetName()))
	for _, row := range practiceRows(v, late, false) {
		p.Hang(strings.Repeat(" ", len(lead)), row.text())
	}
}

// cutShort writes as much of a row as so many lines have room for.
func (p *Page) cutShort(lead, words string, most int) {
	room := max(p.width-len(lead), LeastWidth/2)
	lines := wrap(words, room)
	if len(lines) > most {
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

// othersInBrief writes the other open matters in a line each.
func (p *Page) othersInBrief(r *answersv1.GetPracticePageResponse) {
	if len(r.GetOthers()) > 0 {
		p.Head("Also open (lmc view MATTER --practice " + r.GetPractice() + " shows one):")
	}
	for _, one := range r.GetOthers() {
		var said []string
		for _, line := range one.GetLines() {
			words := brief(line, stateWords)
			if len(one.GetLines()) > 1 || len(r.GetCommittees()) != 1 {
				words = notation.Joined(": ", line.GetCommitteeName(), brief(line, nounWords))
			}
			said = append(said, words)
		}
		name, first := one.GetName()+": ", pressing(one, shortDay)
		most := len(wrap(name+first+"; …", max(p.width-2, LeastWidth/2))) // no day is cut short
		p.cutShort("  ", name+notation.Joined("; ", first, strings.Join(said, "; "), linesOnMeasures(one), one.GetTitle()), most)
	}
	if n := r.GetOfOthers(); n > 0 {
		p.Para(0, notation.Counted(int64(n), "open matter more is", "open matters more are")+" for others than practices, or another LMC's: lmc matters lists all.")
	}
	if r.GetNextPageToken() != "" {
		p.Para(0, "More matters are open that were opened earlier: --all has them in a line each.")
	}
}

// pressing is what a matter in one line says before all else: by when something is asked of practices, and that something is
// insisted on.
func pressing(one *answersv1.MatterInBrief, day func(string) string) string {
	by, must := "", ""
	if one.GetDueDay() != "" {
		by = "by " + day(one.GetDueDay())
	}
	if one.GetInsists() {
		must = "something is a must"
	}
	return notation.Joined("; ", by, must)
}

// linesOnMeasures is on how many measures a matter in one line has lines, where none of its lines says so.
func linesOnMeasures(one *answersv1.MatterInBrief) string {
	n := one.GetOwnMeasureLines()
	if n == 0 || slices.ContainsFunc(one.GetLines(), func(line *answersv1.Line) bool { return len(line.GetNoLine().GetMeasures()) > 0 }) {
		return ""
	}
	return "lines on " + measuresWords(n)
}

// changed is whose answer a change is of: the committee, in which part of its area, for which group, to whom.
func changed(names *answersv1.Names, c *answersv1.Change) string {
	who := c.GetCommitteeName()
	if area := c.GetArea(); area != nil {
		who += " in " + areaName(names, area)
	}
	if group := c.GetScope(); group != nil {
		who += ", for " + guidance.ScopeWords(group)
	}
	if c.GetReaders() != guidancev1.Audience_AUDIENCE_UNSPECIFIED {
		who += ", to " + guidance.AudienceWords(c.GetReaders())
	}
	return who
}
