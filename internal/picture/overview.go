package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What is read out of national pictures: who is silent, what falls due, which texts are in use. Each
// line is the rule's answer; here they are only picked out.

// Silent are those of a picture who have no line, with why and since when; apart, those who have not joined.
func Silent(pic *answersv1.NationalPicture) *answersv1.SilentList {
	list := &answersv1.SilentList{Matter: pic.GetMatter(), AsOf: pic.GetAsOf(), Completeness: pic.GetCompleteness(), Notices: pic.GetNotices()}
	for _, t := range pic.GetTables() {
		var all []*answersv1.SilentLine
		for _, line := range t.GetLines() {
			if columnOf(line).kind != answersv1.ColumnKind_COLUMN_KIND_NO_LINE || line.GetArea() == nil && slices.ContainsFunc(t.GetColumns(), func(c *answersv1.Column) bool { return IsToldApart(pic.GetUnit(), line, c) }) {
				continue
			}
			no := line.GetNoLine()
			one := &answersv1.SilentLine{
				Measure: t.GetMeasure(), MeasureTitle: t.GetTitle(), Committee: line.GetCommittee(), CommitteeName: line.GetCommitteeName(), Area: line.GetArea(),
				NotJoined: isNotJoined(t, line), Reason: no.GetReason(), Since: no.GetSince(), By: no.GetBy(), Ended: no.GetEnded(), UnknownEntries: no.GetUnknownEntries(),
			}
			if no.GetReason() == answersv1.NoLineReason_NO_LINE_REASON_SILENT && !one.NotJoined {
				if opened := pic.GetMatter().GetOpened(); opened.GetEarliest() == opened.GetLatest() {
					one.Since = opened.GetLatest()
				}
			}
			one.Words = silentWords(one, pic.GetMatter())
			all = append(all, one)
		}
		slices.SortStableFunc(all, func(a, b *answersv1.SilentLine) int { return cmp.Compare(a.Reason, b.Reason) })
		list.Lines = append(list.Lines, all...)
	}
	slices.SortStableFunc(list.Lines, func(a, b *answersv1.SilentLine) int {
		return cmp.Compare(strconv.FormatBool(a.NotJoined), strconv.FormatBool(b.NotJoined))
	})
	return list
}

// isNotJoined: a line is that of a committee of which nobody has published anything, whatever is counted. A node that does
// not name those yet has them in a figure alone.
func isNotJoined(t *answersv1.NationalTable, line *answersv1.Line) bool {
	return line.GetNoLine() != nil && (slices.Contains(t.GetNotJoined(), line.GetCommittee()) || slices.ContainsFunc(t.GetColumns(), func(c *answersv1.Column) bool {
		return c.GetKind() == answersv1.ColumnKind_COLUMN_KIND_NOT_JOINED && slices.Contains(c.GetMembers(), line.GetCommittee())
	}))
}

func silentWords(one *answersv1.SilentLine, m *guidancev1.Matter) string {
	words := ReasonWords(one.GetReason())
	switch since := guidance.DayWords(one.GetSince()); {
	case one.GetNotJoined():
		return "not joined yet: no office that speaks for it has published anything"
	case one.GetReason() == answersv1.NoLineReason_NO_LINE_REASON_SILENT && m.GetOpened() != nil:
		words += " since the matter was opened " + guidance.OpenedWords(m.GetOpened())
	case one.GetSince() == "":
	default:
		words += ", since " + since
	}
	if one.GetBy() != "" {
		words += ", by " + one.GetBy()
	}
	if one.GetEnded() != "" {
		words += " (it was " + one.GetEnded() + ")"
	}
	if n := one.GetUnknownEntries(); n > 0 {
		words += fmt.Sprintf("; %d of its entries are not known here", n)
	}
	return words
}

// ForEachReader are the pictures of a matter for all who were told something on it: first that which asks of
// each measure what those it is addressed to are told. Where an audience is asked about, that alone.
func ForEachReader(asked guidancev1.Audience, national func(guidancev1.Audience) (*answersv1.NationalPicture, error)) ([]*answersv1.NationalPicture, error) {
	pic, err := national(asked)
	if err != nil {
		return nil, err
	}
	pics := []*answersv1.NationalPicture{pic}
	if asked != guidancev1.Audience_AUDIENCE_UNSPECIFIED {
		return pics, nil
	}
	isShown := func(a guidancev1.Audience) bool { // by the first, on every measure
		return !slices.ContainsFunc(pic.GetTables(), func(t *answersv1.NationalTable) bool { return t.GetAudience() != a })
	}
	for _, readers := range readersTold(pic) {
		if isShown(readers) {
			continue
		}
		of, err := national(readers)
		if err != nil {
			return nil, err
		}
		pics = append(pics, of)
	}
	return pics, nil
}

// readersTold are the kinds of readers who may have been told something on the matter of a picture, and practices, who are told of
// every measure.
func readersTold(pic *answersv1.NationalPicture) (told []guidancev1.Audience) {
	for a := range guidancev1.Audience(len(guidancev1.Audience_name)) {
		if guidance.Advised(a) && (len(pic.GetTold()) == 0 || a == guidancev1.Audience_AUDIENCE_PRACTICES || slices.Contains(pic.GetTold(), a)) {
			told = append(told, a)
		}
	}
	return told
}

// DueWithin is what falls due from a day up to another, both included, by the pictures of some matters and
// by these; what is due by a rule has no day that is known here, and stands apart.
func DueWithin(matters [][]*answersv1.NationalPicture, from, until string) *answersv1.DueList {
	list := &answersv1.DueList{FromDay: from, UntilDay: until, Matters: int32(len(matters))}
	for _, pics := range matters {
		for _, pic := range pics {
			list.Completeness = pic.GetCompleteness()
			addNew(&list.Notices, pic.GetNotices()...)
		}
		for _, one := range dueIn(pics, from, until) {
			if one.GetDay() == "" {
				list.WithoutDay = append(list.WithoutDay, one)
			} else {
				list.Items = append(list.Items, one)
			}
		}
	}
	slices.SortStableFunc(list.Items, func(a, b *answersv1.DueItem) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(cmp.Or(a.Clock, "24:00"), cmp.Or(b.Clock, "24:00")))
	})
	return list
}

func dueIn(pics []*answersv1.NationalPicture, from, until string) (items []*answersv1.DueItem) {
	m := pics[0].GetMatter()
	item := func(due *guidancev1.Due, measure string) *answersv1.DueItem {
		day, clock := guidance.DueMoment(due)
		if guidance.DueWords(due) == "" || day != "" && (day < from || day > until) {
			return nil
		}
		one := &answersv1.DueItem{Day: day, Clock: clock, Matter: m.GetName(), MatterTitle: m.GetTitle(), Measure: measure, Due: due, EventMovedTo: guidance.MovedTo(due, m)}
		if measure != "" {
			one.MeasureTitle = cmp.Or(guidance.MeasureOf(m, measure).GetTitle(), measure)
		}
		return one
	}
	for _, measure := range m.GetMeasures() {
		for _, deadline := range measure.GetDeadlines() {
			if one := item(deadline.GetDue(), measure.GetId()); one != nil {
				one.What, one.OfWhom, one.Proposer = deadline.GetTitle(), deadline.GetAddressedTo(), guidance.ProposerOf(m, measure.GetId()).GetName()
				one.Words = dueWords(one, m)
				items = append(items, one)
			}
		}
	}
	in := tablesOf(pics)
	for _, r := range requestsIn(in.rows) {
		if item(r.GetDue(), r.GetMeasure()) == nil {
			continue
		}
		for _, of := range r.whom(m, in) {
			one := item(r.GetDue(), r.GetMeasure())
			one.What, one.OfWhom, one.Condition, one.Entry = guidance.ActionWords(r.Action), of.to, r.GetCondition(), r.letter
			one.Committees, one.CommitteeNames = of.committees, of.names
			one.Among, one.When, one.Ends, one.Strength = of.among, of.when, of.ends, cmp.Or(r.GetStrength(), guidancev1.ActionStrength_ACTION_STRENGTH_ASKED)
			one.Words = dueWords(one, m)
			items = append(items, one)
		}
	}
	return items
}

// dueWords is one thing that falls due: "send the reply, by 28 October 2021 (of practices; by North Essex
// LMC, essex/7)".
func dueWords(one *answersv1.DueItem, m *guidancev1.Matter) string {
	of := askedWords(one.GetOfWhom(), one.GetAmong(), one.GetStrength(), one.GetEnds())
	if len(one.GetOfWhom())+len(one.GetAmong()) == 0 {
		of = notation.Joined("; ", "of whom is not said", of)
	}
	by := "by the matter, as " + one.GetProposer() + " proposes it"
	if one.GetEntry() != "" {
		by = "by " + notation.List(one.GetCommitteeNames()) + ", " + one.GetEntry()
	}
	if moved := guidance.MovedWords(one.GetDue(), m); moved != "" {
		by += "; " + moved
	}
	return notation.Joined(", ", one.GetWhat(), guidance.DueWords(one.GetDue()), one.GetCondition(), one.GetWhen()) + " (" + notation.Joined("; ", of, by) + ")"
}

// askedWords are of whom something is asked, whether it is a must or only what they may do, and when that ends before it is due.
func askedWords(to []guidancev1.Audience, among []string, strength guidancev1.ActionStrength, ends string) string {
	if len(to) > 0 {
		among = append([]string{"of " + guidance.AudiencesWords(to)}, among...)
	}
	return notation.Joined("; ", strings.Join(among, ", "), guidance.StrengthMark(strength), guidance.EndsWords(ends))
}

// LettersThatAsk are the letters by which something is asked in the pictures of a matter that may have a text to
// send, by name.
func LettersThatAsk(pics []*answersv1.NationalPicture) (letters []string) {
	for _, a := range askedIn(tableLines(pics)) {
		addNew(&letters, a.GetAdvisory())
	}
	slices.Sort(letters)
	return letters
}

// TextsInUse are the texts to send that stand in the pictures of a matter. texts are those of a letter, as numbered
// from 1: a national picture leaves them out.
func TextsInUse(pics []*answersv1.NationalPicture, texts func(letter string) []*guidancev1.Action) *answersv1.TextList {
	m := pics[0].GetMatter()
	list := &answersv1.TextList{Matter: m, AsOf: pics[0].GetAsOf(), Completeness: pics[0].GetCompleteness(), Notices: pics[0].GetNotices()}
	in := tablesOf(pics)
	requests := requestsIn(in.rows)
	for _, letter := range LettersThatAsk(pics) {
		for i, text := range texts(letter) {
			at := slices.IndexFunc(requests, func(r *request) bool { return r.letter == letter && isSameRequest(r.Action, text) })
			if at < 0 {
				continue // it is asked no more
			}
			on := text.GetMeasure()
			title := m.GetTitle()
			if on != "" {
				title = cmp.Or(guidance.MeasureOf(m, on).GetTitle(), on)
			}
			for _, of := range requests[at].whom(m, in) {
				one := &answersv1.TextInUse{
					Entry: letter, Number: int32(i + 1), Action: text, Measures: []string{on}, MeasureTitles: []string{title},
					Committees: of.committees, CommitteeNames: of.names, OfWhom: of.to, Among: of.among, When: of.when, Ends: of.ends,
				}
				one.Words = textWords(one)
				list.Texts = append(list.Texts, one)
			}
		}
	}
	return list
}

func textWords(one *answersv1.TextInUse) string {
	act := one.GetAction()
	words := notation.List(one.GetCommitteeNames()) + ": " + notation.Joined(", ", whatAsked(act), one.GetWhen())
	if of := askedWords(one.GetOfWhom(), one.GetAmong(), act.GetStrength(), one.GetEnds()); of != "" {
		words += " (" + of + ")"
	}
	if to := act.GetTemplateFor(); len(to) > 0 {
		words += ", written to " + guidance.AudiencesWords(to)
	}
	return fmt.Sprintf("%s; on %s (%s, text %d)", words, strings.Join(one.GetMeasureTitles(), "; "), one.GetEntry(), one.GetNumber())
}

// noticesCell is what a row of a picture's list must be shown with, with what the picture's reader should know.
func noticesCell(notices []string, pic *answersv1.NationalPicture) string {
	return notation.Joined(" ", append(slices.Clip(notices), pic.GetWords())...)
}

// SilentCSV is who is silent as a comma-separated file with a heading, a row each that can stand alone;
// harmless in a spreadsheet, as CSV is.
func SilentCSV(list *answersv1.SilentList, pic *answersv1.NationalPicture) ([]byte, error) {
	rows := [][]string{{"matter", "measure", "title", "committee", "name", "area", "joined", "why", "since", "by", "ended", "entries not known", "as of", "complete", "completeness", "notices", "asked of"}}
	for _, one := range list.GetLines() {
		area := ""
		if one.GetArea() != nil {
			area = notation.AreaOf(one.GetArea()).String()
		}
		rows = append(rows, []string{
			list.GetMatter().GetName(), one.GetMeasure(), one.GetMeasureTitle(), one.GetCommittee(), one.GetCommitteeName(), area,
			strconv.FormatBool(!one.GetNotJoined()), ReasonWords(one.GetReason()), one.GetSince(), one.GetBy(), one.GetEnded(), strconv.Itoa(int(one.GetUnknownEntries())),
			list.GetAsOf(), strconv.FormatBool(list.GetCompleteness().GetComplete()), list.GetCompleteness().GetWords(), noticesCell(list.GetNotices(), pic), readersOn(one.GetMeasure(), pic),
		})
	}
	return written(rows)
}

// strengthWord is how strongly something is asked, as letters write it: "may"; empty: not said.
func strengthWord(s guidancev1.ActionStrength) string {
	if s == guidancev1.ActionStrength_ACTION_STRENGTH_UNSPECIFIED {
		return ""
	}
	return strings.ToLower(short(s, "ACTION_STRENGTH_"))
}

// kindWord is what kind of deadline something has, as letters write it: "give-notice"; empty: one like any other.
func kindWord(k guidancev1.DueKind) string {
	if k == guidancev1.DueKind_DUE_KIND_UNSPECIFIED {
		return ""
	}
	return strings.ReplaceAll(strings.ToLower(short(k, "DUE_KIND_")), "_", "-")
}

// DueCSV is what falls due, as SilentCSV; what has no day that is known here stands last.
func DueCSV(list *answersv1.DueList) ([]byte, error) {
	rows := [][]string{{"day", "time", "matter", "matter title", "measure", "measure title", "what", "of whom", "among these", "condition", "with which line", "strength", "ends", "rule", "event moved to", "kind", "letter", "committees", "names", "proposer", "from", "until", "matters looked at", "matters not looked at", "complete", "completeness", "notices"}}
	for _, one := range slices.Concat(list.GetItems(), list.GetWithoutDay()) {
		rows = append(rows, []string{
			one.GetDay(), one.GetClock(), one.GetMatter(), one.GetMatterTitle(), one.GetMeasure(), one.GetMeasureTitle(), one.GetWhat(), guidance.AudiencesWords(one.GetOfWhom()), strings.Join(one.GetAmong(), ", "), one.GetCondition(),
			one.GetWhen(), strengthWord(one.GetStrength()), one.GetEnds(), guidance.RuleWords(one.GetDue()), one.GetEventMovedTo(), kindWord(one.GetDue().GetKind()), one.GetEntry(), strings.Join(one.GetCommittees(), " "), strings.Join(one.GetCommitteeNames(), "; "), one.GetProposer(),
			list.GetFromDay(), list.GetUntilDay(), strconv.Itoa(int(list.GetMatters())), strconv.Itoa(int(list.GetMoreMatters())),
			strconv.FormatBool(list.GetCompleteness().GetComplete()), list.GetCompleteness().GetWords(), strings.Join(list.GetNotices(), " "),
		})
	}
	return written(rows)
}

// TextsCSV is which texts are in use, as SilentCSV.
func TextsCSV(list *answersv1.TextList, pics []*answersv1.NationalPicture) ([]byte, error) {
	rows := [][]string{{"matter", "letter", "text", "measures", "titles", "committees", "names", "what", "of whom", "among these", "written to", "day", "condition", "with which line", "strength", "ends", "words to send", "as of", "complete", "completeness", "notices", "asked of"}}
	var tables []*answersv1.NationalTable
	for _, pic := range pics {
		tables = append(tables, pic.GetTables()...)
	}
	for _, one := range list.GetTexts() {
		act := one.GetAction()
		day, _ := guidance.DueMoment(act.GetDue())
		rows = append(rows, []string{
			list.GetMatter().GetName(), one.GetEntry(), strconv.Itoa(int(one.GetNumber())), strings.Join(one.GetMeasures(), " "), strings.Join(one.GetMeasureTitles(), "; "),
			strings.Join(one.GetCommittees(), " "), strings.Join(one.GetCommitteeNames(), "; "), guidance.ActionWords(act), guidance.AudiencesWords(one.GetOfWhom()), strings.Join(one.GetAmong(), ", "), guidance.AudiencesWords(act.GetTemplateFor()),
			day, act.GetCondition(), one.GetWhen(), strengthWord(act.GetStrength()), one.GetEnds(), act.GetTemplate(), list.GetAsOf(),
			strconv.FormatBool(list.GetCompleteness().GetComplete()), list.GetCompleteness().GetWords(), noticesCell(list.GetNotices(), pics[0]), readers(pics[0], tables...),
		})
	}
	return written(rows)
}
