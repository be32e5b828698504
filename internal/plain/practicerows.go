package plain

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// toSendLead is the lead of the row that names texts to send, below which they stand.
const toSendLead = "To send"

// row is a row of a matter, with what stands before it, and sentences behind it that each stand for themselves.
type row struct {
	lead, words string
	more        string // what follows the words: reasons
	behind      []string
	each        []string // the words, each sentence that tells of another thing by itself
}

func (r row) text() string {
	return notation.Joined(" ", append([]string{notation.Joined(": ", r.lead, r.words), r.more}, r.behind...)...)
}

// practiceRows are the rows of a matter in full. The first is what the practice's committees advise, or, where it has
// none, the national one. reasons: those of the national committee are among it, and texts to send stand below in whole.
func practiceRows(v *answersv1.CombinedView, late, reasons bool) []row {
	of := func(rows func(*answersv1.CommitteeView) []string) string { return ofEach(v, rows) }
	why := notation.Joined(" ", of(func(c *answersv1.CommitteeView) []string {
		return saidBy(voicesOf(c), func(of *answersv1.Line) []string { return []string{sentence(whyWords(of, viewing{full: true}))} })
	}), v.GetWords())
	var twice []string
	for _, c := range v.GetCommittees() {
		for _, words := range twiceOf(v, c, late) {
			if !slices.Contains(twice, words) {
				twice = append(twice, words)
			}
		}
	}
	var others []string
	for _, d := range othersDates(v) {
		others = append(others, guidance.DueWords(d.GetDue())+": "+d.GetTitle()+" ("+d.whose+")")
	}
	when, send := row{lead: "By when"}, row{lead: toSendLead}
	if dates := strings.Join(others, "; "); len(v.GetCommittees()) == 0 { // nobody is there who could ask, or send
		when.words = sentence(dates)
	} else {
		if dates != "" {
			dates = " (" + dates + ")"
		}
		national := nationalAsks(v)
		when.words = cmp.Or(notation.Joined("; ", of(func(c *answersv1.CommitteeView) []string {
			return []string{strings.Join(dueRows(v, c), "; ")}
		}), strings.Join(byWhen(v, nationalDue(v), nil, viewing{}), "; ")), noDate(v)) + dates + "."
		send.words = cmp.Or(notation.Joined("; ", of(func(c *answersv1.CommitteeView) []string {
			return []string{strings.Join(toSend(v, requestsOf(v, topicsOf(v, c)), reasons, false), "; ")}
		}), strings.Join(toSend(v, national, reasons, false), "; ")), "none issued") + "."
	}
	follows := row{lead: "It says", words: of(func(c *answersv1.CommitteeView) []string {
		var all []string
		for _, topic := range topicsOf(v, c) {
			for _, said := range saidBy(topic.voices, consequenceWords) {
				if words := sentence(said); !slices.Contains(all, words) {
					all = append(all, words)
				}
			}
		}
		return all
	})}
	national, first := nationalRow(v, reasons), row{}
	if len(v.GetCommittees()) == 0 {
		national, first = first, national
	}
	rows := append([]row{first, {words: adviceWords(v), more: why, behind: onOthers(v)}, {lead: "Contract", words: strings.Join(contractSaid(v), " ")}, {words: strings.Join(twice, " ")}}, askedRows(v)...)
	rows = append(rows, when, send, follows, national)
	return slices.DeleteFunc(rows, func(r row) bool { return r.words+r.more == "" })
}

// contractSaid is what each says of the contract, what others claim once.
func contractSaid(v *answersv1.CombinedView) (all []string) {
	for _, c := range v.GetCommittees() {
		for _, words := range contractOf(v, c) {
			if !slices.Contains(all, words) || !slices.Contains(claimedWords(v, c.GetHeadline()), words) {
				all = append(all, words)
			}
		}
	}
	for _, c := range v.GetCommittees() {
		onWhole := append(contractWords(v, c.GetHeadline(), true), contractWords(v, c.GetHeadline(), false)...)
		said, on := groupedOn(c.GetMeasures(), func(line *answersv1.Line) string {
			return contractOnMeasure(v, line, onWhole)
		})
		for _, words := range said {
			all = append(all, sentence(onMeasures(v.GetMatter(), on[words])+": "+words))
		}
	}
	return all
}

// contractOnMeasure is what each says of the contract on a measure, by name, but for what is said in the same
// words of the whole matter, which the measure is a part of.
func contractOnMeasure(v *answersv1.CombinedView, line *answersv1.Line, onWhole []string) string {
	var all []string
	for _, words := range contractWords(v, line, false) {
		if slices.Contains(onWhole, words) && guidance.SharesProposer(v.GetMatter(), line.GetMeasure()) {
			continue
		}
		if own, is := strings.CutPrefix(words, "Says"); is {
			words = line.GetCommitteeName() + " says" + own
		}
		all = append(all, words)
	}
	in := ""
	if line.GetArea() != nil && all != nil {
		in = "in " + areaOf(line) + ", "
	}
	return in + strings.Join(all, " ")
}

// groupedOn is what some lines on measures come to, each once in the order it stands there, and on which
// measures; nothing is left out.
func groupedOn(lines []*answersv1.Line, words func(*answersv1.Line) string) (said []string, on map[string][]string) {
	on = map[string][]string{}
	for _, line := range lines {
		one := words(line)
		if one == "" {
			continue
		}
		if on[one] == nil {
			said = append(said, one)
		}
		on[one] = append(on[one], line.GetMeasure())
	}
	return said, on
}

// ofEach is what the words of each of the practice's committees come to: said once where all say the same.
func ofEach(v *answersv1.CombinedView, words func(*answersv1.CommitteeView) []string) string {
	var all, names []string
	for _, c := range v.GetCommittees() {
		all = append(all, notation.Joined(" ", words(c)...))
		names = append(names, c.GetHeadline().GetCommitteeName())
	}
	if len(slices.Compact(slices.Clone(all))) <= 1 {
		return notation.Joined(" ", slices.Compact(all)...)
	}
	for i := range all {
		if all[i] != "" && !strings.HasPrefix(all[i], names[i]) {
			all[i] = names[i] + ": " + all[i]
		}
	}
	return notation.Joined(" ", all...)
}

// adviceWords is what the practice's committees advise on the whole matter, and in parts of their areas
// where that differs, as views say it.
func adviceWords(v *answersv1.CombinedView) string {
	var said []string
	for _, c := range v.GetCommittees() {
		wording := guidance.Wording{ContractApart: true, Letters: true, Measures: titlesOf(v.GetMatter())}
		for _, line := range append([]*answersv1.Line{c.GetHeadline()}, c.GetParts()...) {
			said = append(said, placed(v.GetMatter(), v.GetMeasure(), line, wording))
		}
	}
	return strings.Join(said, " ")
}

// twiceOf is what to look at twice in a committee's lines, on which of its measures too, and what stands beside
// that on the whole matter, as views lead it ("Look twice", "Also", "Perhaps"); but for when they were logged,
// where that is said of all. What stands beside lines on measures stands with these.
func twiceOf(v *answersv1.CombinedView, c *answersv1.CommitteeView, late bool) (words []string) {
	twice, logged := lookTwice(voicesOf(c), late), []voice(nil)
	on, onMeasure := map[string][]string{}, []string(nil)
	for _, line := range c.GetMeasures() {
		logged = append(logged, voices(line)...)
		for _, one := range lookTwice(voices(line), true) {
			if on[one] == nil && !slices.Contains(twice, one) {
				onMeasure = append(onMeasure, one)
			}
			on[one] = append(on[one], line.GetMeasure())
		}
	}
	for _, one := range onMeasure {
		twice = append(twice, notation.Capital(onMeasures(v.GetMatter(), on[one]))+": "+one)
	}
	for _, one := range lookTwice(logged, late) {
		if on[one] == nil && !slices.Contains(twice, one) {
			twice = append(twice, one)
		}
	}
	for _, one := range twice {
		words = append(words, "Look twice: "+sentence(one))
	}
	for _, one := range standingBeside(voicesOf(c)) {
		words = append(words, one.lead+": "+sentence(one.words))
	}
	return words
}

// askedRows are what the practice's committees ask, those of one condition together: what is asked
// whatever comes first, then "If you are approached: call the LMC office (your LMC asks)". What the national
// committee alone asks stands behind all of them.
func askedRows(v *answersv1.CombinedView) []row {
	asked := askedOf(v, func(all []request) []request { return all })
	var rows []row
	if slices.ContainsFunc(asked, func(one asks) bool { return one.condition == "" && len(one.by) > 0 }) {
		rows = []row{{lead: "To do"}}
	}
	for _, one := range asked {
		lead := cmp.Or(one.condition, "To do")
		i := slices.IndexFunc(rows, func(r row) bool { return r.lead == lead })
		if i < 0 {
			i, rows = len(rows), append(rows, row{lead: lead})
		}
		words := strings.TrimSuffix(one.act.words(one.who, v), ".") + "."
		if rows[i].words != "" {
			words = sentence(words)
		}
		rows[i].words = notation.Joined(" ", rows[i].words, words)
		rows[i].each = append(rows[i].each, words)
	}
	return slices.DeleteFunc(rows, func(r row) bool { return r.words == "" })
}

// asks is what some committees ask, who these are, and on what condition, which stands before it.
type asks struct {
	condition, who string
	act            request
	by             []string
}

// askedOf is what the practice's committees ask of some requests, what several ask once, and behind that what the
// national one does.
func askedOf(v *answersv1.CombinedView, some func([]request) []request) (all []asks) {
	asked := func(who string, act request) asks {
		one := asks{notation.Capital(OneLine(act.GetCondition())), who, act, nil}
		one.act.Action = proto.CloneOf(act.Action)
		one.act.Action.Condition = ""
		return one
	}
	for _, c := range v.GetCommittees() {
		for _, act := range some(requestsOf(v, topicsOf(v, c))) {
			one := asked("your LMC", act)
			i := slices.IndexFunc(all, func(o asks) bool {
				return o.condition == one.condition && o.act.words("your LMC", v) == one.act.words("your LMC", v)
			})
			if i < 0 {
				i, all = len(all), append(all, one)
			}
			all[i].by = append(all[i].by, c.GetHeadline().GetCommitteeName())
		}
	}
	for i := range all {
		switch one := &all[i]; {
		case len(v.GetCommittees()) == 1:
		case len(one.by) == len(v.GetCommittees()):
			one.who = "each of your LMCs"
		case len(one.by) > 1:
			one.who = "each of " + notation.List(one.by)
		default:
			one.who = one.by[0]
		}
	}
	for _, act := range some(nationalAsks(v)) {
		all = append(all, asked(act.who, act))
	}
	return all
}

// dueRows are what a practice has to do by when, as a committee asks it or the contract requires.
func dueRows(v *answersv1.CombinedView, c *answersv1.CommitteeView) []string {
	topics := topicsOf(v, c)
	return byWhen(v, fallsDue(v, topics), datesOf(v, topics), viewing{})
}

// ofPractices are the requests that are asked of practices, or of somebody in one.
func ofPractices(asks []request) []request {
	return slices.DeleteFunc(asks, func(act request) bool { return !picture.ForPractices(act.GetActors()) })
}

// ofReaders are the requests that are asked of those a view is for, or of some of them.
func ofReaders(v *answersv1.CombinedView, asks []request) []request {
	return slices.DeleteFunc(slices.Clone(asks), func(act request) bool {
		return len(act.GetActors()) > 0 && !slices.ContainsFunc(act.GetActors(), func(a guidancev1.Audience) bool {
			return guidance.Contains(a, v.GetAudience()) || guidance.Contains(v.GetAudience(), a)
		})
	})
}

// othersDate is a date with whose it is, and for whom they set it.
type othersDate struct {
	*guidancev1.Deadline
	whose string
}

// othersDates are the dates of a matter that are set for practices and bind none, whosever they are.
func othersDates(v *answersv1.CombinedView) (dates []othersDate) {
	bound := map[*guidancev1.Deadline]bool{}
	for _, c := range v.GetCommittees() {
		for _, d := range datesOf(v, topicsOf(v, c)) {
			bound[d.Deadline] = true
		}
	}
	for _, measure := range v.GetMatter().GetMeasures() {
		for _, d := range measure.GetDeadlines() {
			date := othersDate{d, guidance.WhoseDate(v.GetMatter(), measure.GetId()) + guidance.DateFor(v.GetMatter(), measure.GetId(), d)}
			told := slices.ContainsFunc(dates, func(o othersDate) bool {
				return o.whose == date.whose && o.GetTitle() == d.GetTitle() && proto.Equal(o.GetDue(), d.GetDue())
			})
			if !bound[d] && !told && isForSome(v, d, v.GetAudience()) {
				dates = append(dates, date)
			}
		}
	}
	return dates
}

// nationalRow is what the national committee says to these readers, and which of it the practice's
// committees do not speak on; with its reasons, and on what conditions, where these are asked for.
func nationalRow(v *answersv1.CombinedView, reasons bool) row {
	c := v.GetNational()
	if c.GetHeadline() == nil {
		return row{}
	}
	words := placed(v.GetMatter(), v.GetMeasure(), c.GetHeadline(), guidance.Wording{Others: true, Letters: true, Measures: titlesOf(v.GetMatter())})
	if reasons {
		words = notation.Joined(" ", append([]string{words}, saidBy(voicesOf(c), func(of *answersv1.Line) []string { return []string{sentence(whyWords(of, viewing{full: true}))} })...)...)
	}
	ends := func(said ...beside) (words string) {
		for _, one := range said {
			for _, w := range endingsOf(c, one) {
				words = notation.Joined(" ", words, sentence(w.GetWords()))
			}
		}
		return words
	}
	of := row{words: notation.Joined(" ", words, ends(beside{Statement: c.GetHeadline().GetCurrent()}))}
	for _, said := range saidOnMeasures(v, c, false, true, reasons) {
		names, why := onMeasures(v.GetMatter(), said.measures), []string(nil)
		if reasons {
			names, why = namesOf(v.GetMatter(), said.measures), said.why
		}
		of.behind = append(of.behind, notation.Joined(" ", append([]string{said.words(names, reasons), ends(said.all...), said.contract}, why...)...))
	}
	for _, own := range v.GetCommittees() {
		if words := unspokenOn(v, own, own.GetHeadline().GetCommitteeName(), func(ids []string) string { return onMeasures(v.GetMatter(), ids) }); words != "" {
			of.behind = append(of.behind, words)
		}
	}
	return of
}

// unspokenOn says on which of the measures that the national committee speaks on one of the practice's does not;
// empty: on none.
func unspokenOn(v *answersv1.CombinedView, own *answersv1.CommitteeView, name string, on func(ids []string) string) string {
	var all, left []string
	for _, line := range v.GetNational().GetMeasures() {
		id := line.GetMeasure()
		if isToOthers(v, line) || line.GetState() == answersv1.LineState_LINE_STATE_NO_LINE && len(line.GetNotYet()) == 0 || slices.Contains(all, id) {
			continue
		}
		if all = append(all, id); !speaksOn(v, own, id) {
			left = append(left, id)
		}
	}
	switch {
	case len(left) == 0:
		return ""
	case len(left) == len(all):
		return name + " speaks on none of the measures that " + v.GetNational().GetHeadline().GetCommitteeName() + " speaks on: ring before you act on them."
	}
	return name + " does not speak " + on(left) + ": ring before you act on " + itOrThem(left) + "."
}

func itOrThem(of []string) string {
	if len(of) == 1 {
		return "it"
	}
	return "them"
}

// speaksOn: a committee has said something on a measure, or its line on the whole matter answers for it.
func speaksOn(v *answersv1.CombinedView, c *answersv1.CommitteeView, measure string) bool {
	if slices.ContainsFunc(c.GetMeasures(), func(line *answersv1.Line) bool { return line.GetMeasure() == measure }) {
		return true
	}
	return c.GetHeadline().GetCurrent() != nil && c.GetHeadline().GetMeasure() == "" && guidance.SharesProposer(v.GetMatter(), measure)
}
