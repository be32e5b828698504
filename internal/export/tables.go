package export

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Formats are what an export can be in.
var Formats = []string{"json", "csv", "markdown"}

// heads are the tables, with their columns.
var heads = map[string][]string{
	"letters.csv": {
		"entry", "kind", "office", "office name", "title", "issued from", "issued to", "logged", "for committees", "for", "matters", "to", "may be read by",
		"where it stands", "ended from", "ended by", "replaces", "amends", "notice",
	},
	"positions.csv": {
		"matter", "measure", "committee", "committee name", "kind of committee", "area", "group", "to", "line", "conditions", "for now", "opinion", "reasons",
		"contract", "to the national line", "why", "in words", "entry", "letter", "issued from", "issued to", "last day", "as of",
	},
	"actions.csv": {
		"entry", "office", "matter", "measure", "kind", "what", "who", "how strongly", "when", "day", "time", "worked out here", "on what condition", "of which committees",
		"area", "group", "text to send", "no more asked for", "where the letter stands",
	},
	"votes.csv": {
		"entry", "office", "vote", "kind", "question", "voters", "held from", "held to", "nation", "answer", "figure", "threshold", "reached", "published in",
		"where the letter stands",
	},
	"committees.csv": {"committee", "name", "kind", "nation", "first day", "last day", "office", "office name", "telephone", "email", "merged from"},
	"practices.csv":  {"practice", "name", "postcode", "telephone", "nation", "kind", "first day", "last day", "lies in", "PCN", "took over from"},
	"matters.csv":    {"matter", "title", "measure", "measure title", "kind", "proposed by", "opened from", "opened to", "closed", "same as", "goes on from", "notice", "entry"},
}

// messages are the files of JSON lines.
var messages = []string{"advisories.jsonl", "entries.jsonl", "matters.jsonl", "positions.jsonl", "register.jsonl", "practices.jsonl"}

// growing are the files that grow.
var growing = append([]string{filesRows, indexRows, missingFile}, slices.Concat(messages, sorted(heads))...)

// Head begins every file that grows, so that one without a row is there too.
func (f *Folder) Head() {
	if f.Has("json") {
		for _, name := range messages {
			f.Add(name, 0, nil)
		}
	}
	if f.Has("csv") {
		for name, head := range heads {
			f.Add(name, 0, []byte(picture.ByteOrderMark))
			f.Add(name, 0, csvLine(head))
		}
	}
}

// csvLine is a row of a table: a spreadsheet runs nothing of it as a formula, and nothing in it steers
// whoever prints it.
func csvLine(cells []string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	clean := make([]string, len(cells))
	for i, cell := range cells {
		clean[i] = notation.Clean(strings.ReplaceAll(cell, "\r\n", "\n"))
	}
	_ = w.Write(picture.Harmless(clean)) // into memory, with a comma: cannot fail
	w.Flush()
	return b.Bytes()
}

func (f *Folder) row(name string, cells ...string) { f.Add(name, 1, csvLine(cells)) }

// message adds a message to a file of JSON lines.
func (f *Folder) message(name string, m proto.Message) error {
	if !f.Has("json") {
		return nil
	}
	b, err := protojson.Marshal(m)
	if err != nil {
		return err
	}
	var line bytes.Buffer
	if err := json.Compact(&line, b); err != nil { // protojson varies its spaces on purpose
		return err
	}
	f.Add(name, 1, append(line.Bytes(), '\n'))
	return nil
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// AddEntry adds an entry as the node gave it, without what is of the answer alone.
func (f *Folder) AddEntry(resp *answersv1.GetEntryResponse) error {
	resp = proto.CloneOf(resp)
	resp.Completeness = nil
	e := resp.GetEntry()
	f.Entries++
	name := "entries.jsonl"
	if e.GetAdvisory() != nil {
		name = "advisories.jsonl"
	}
	for _, notice := range e.GetNotices() {
		f.Notice(notice)
	}
	if f.Has("csv") {
		f.letterRow(e, resp.GetNames())
		f.actionRows(e)
		f.voteRows(e)
	}
	return f.message(name, resp)
}

func (f *Folder) letterRow(e *answersv1.Entry, names *answersv1.Names) {
	var kind, title, replaces, amends string
	var to []guidancev1.Audience
	of := guidance.Entry{Advisory: e.GetAdvisory(), Withdrawal: e.GetWithdrawal(), Report: e.GetReportedPosition()}
	switch {
	case e.GetAdvisory() != nil:
		a := e.GetAdvisory()
		kind, title, to, replaces, amends = "letter", a.GetTitle(), a.GetAudiences(), strings.Join(a.GetReplaces(), " "), strings.Join(a.GetAmends(), " ")
	case e.GetWithdrawal() != nil:
		kind, title = "withdrawal", guidance.WithdrawalWords(e.GetWithdrawal())
	case e.GetReportedPosition() != nil:
		kind, title, to = "report", e.GetReportedPosition().GetSource().GetTitle(), e.GetReportedPosition().GetPosition().GetAudiences()
	default:
		return
	}
	var day, by []string
	for _, standing := range e.GetStandings() {
		for _, end := range standing.GetEndings() {
			day, by = append(day, end.GetDay()), append(by, end.GetEntry())
		}
	}
	f.row("letters.csv", e.GetName(), kind, e.GetOffice(), cmp.Or(names.GetOffices()[e.GetOffice()], e.GetOffice()), title,
		e.GetIssued().GetEarliest(), e.GetIssued().GetLatest(), e.GetLoggedTime().AsTime().Format(time.RFC3339),
		strings.Join(guidance.CommitteesOf(of), " "), called(names.GetCommittees(), guidance.CommitteesOf(of)), strings.Join(guidance.MattersOf(of), " "),
		guidance.AudiencesWords(to), guidance.VisibilityWords(e.GetVisibility()), e.GetWords(), once(day), once(by), replaces, amends, strings.Join(e.GetNotices(), " "))
}

// called are ids by their names.
func called(names map[string]string, ids []string) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = cmp.Or(names[id], id)
	}
	return strings.Join(all, "; ")
}

// once lists words, each once.
func once(words []string) string {
	words = slices.DeleteFunc(words, func(s string) bool { return s == "" })
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

func areaCode(id *guidancev1.AreaId) string {
	if id == nil {
		return ""
	}
	return notation.AreaOf(id).String()
}

// dueCells are when something is due: in words, the day, the time, and whether the day is worked out here.
func dueCells(due *guidancev1.Due) []string {
	day, clock := guidance.DueMoment(due)
	here := ""
	if due.GetFromEvent() != nil && day != "" {
		here = "yes"
	}
	return []string{guidance.DueWords(due), day, clock, here}
}

func (f *Folder) actionRows(e *answersv1.Entry) {
	a := e.GetAdvisory()
	for i, act := range a.GetActions() {
		var noMore []string
		for _, standing := range e.GetStandings() {
			if slices.Contains(standing.GetNotAsked(), int32(i)) {
				noMore = append(noMore, standing.GetCommittee())
			}
		}
		text := ""
		if act.GetTemplate() != "" {
			text = "yes"
		}
		cells := append([]string{
			e.GetName(), e.GetOffice(), guidance.ActionMatter(a, act), act.GetMeasure(), "asked", guidance.ActionWords(act), guidance.AudiencesWords(act.GetActors()), guidance.StrengthWords(act.GetStrength()),
		}, dueCells(act.GetDue())...)
		f.row("actions.csv", append(cells, act.GetCondition(), strings.Join(act.GetCommittees(), " "), areaCode(act.GetArea()), act.GetScope(), text, once(noMore), e.GetWords())...)
	}
}

func (f *Folder) voteRows(e *answersv1.Entry) {
	for _, v := range e.GetAdvisory().GetVotes() {
		add := func(answer string, figure *guidancev1.Figure) {
			reached := ""
			if v.GetKind() == guidancev1.VoteKind_VOTE_KIND_THRESHOLD {
				reached = map[bool]string{true: "yes", false: "no"}[v.GetReached()]
			}
			f.row("votes.csv", e.GetName(), e.GetOffice(), v.GetId(), guidance.VoteKindWords(v.GetKind()), v.GetQuestion(), v.GetVoters(),
				v.GetHeld().GetEarliest(), v.GetHeld().GetLatest(), v.GetNation(), answer, guidance.FigureWords(figure), v.GetThreshold(), reached, cmp.Or(v.GetReference().GetUrl(), v.GetReference().GetTitle()), e.GetWords())
		}
		rows := f.Rows["votes.csv"]
		for _, one := range []struct {
			words  string
			figure *guidancev1.Figure
		}{{"asked", v.GetAsked()}, {"answered", v.GetAnswered()}, {"for", v.GetVotesFor()}, {"against", v.GetVotesAgainst()}, {"abstained", v.GetAbstained()}} {
			if one.figure != nil {
				add(one.words, one.figure)
			}
		}
		for _, option := range v.GetOptions() {
			add("“"+option.GetWords()+"”", option.GetFigure())
		}
		if f.Rows["votes.csv"] == rows {
			add("", nil)
		}
	}
}

// AddMatter adds a matter as it is now.
func (f *Folder) AddMatter(resp *answersv1.GetMatterResponse) error {
	resp = proto.CloneOf(resp)
	resp.Completeness = nil
	m := resp.GetMatter()
	f.Matters++
	f.Notice(m.GetNotice())
	if f.Has("csv") {
		add := func(measure, title, kind string, proposer *guidancev1.Body) {
			f.row("matters.csv", m.GetName(), m.GetTitle(), measure, title, kind, proposer.GetName(), m.GetOpened().GetEarliest(), m.GetOpened().GetLatest(), m.GetClosed().GetLatest(),
				strings.Join(m.GetSameAs(), " "), strings.Join(m.GetFollows(), " "), m.GetNotice(), resp.GetEntry())
		}
		add("", "", "", m.GetProposer())
		for _, of := range m.GetMeasures() {
			add(of.GetId(), of.GetTitle(), guidance.MeasureKindWords(of.GetKind()), guidance.ProposerOf(m, of.GetId()))
			for _, d := range of.GetDeadlines() {
				cells := append([]string{resp.GetEntry(), notation.OfficeOf(resp.GetEntry()), m.GetName(), of.GetId(), "date of the matter", d.GetTitle(), guidance.AudiencesWords(d.GetAddressedTo()), ""}, dueCells(d.GetDue())...)
				f.row("actions.csv", append(cells, "", "", "", "", "", "", "")...)
			}
		}
	}
	return f.message("matters.jsonl", resp)
}

// AddLine adds what a committee says, as the node worked it out as of a day.
func (f *Folder) AddLine(line *answersv1.Line, asOf string) error {
	if f.Has("csv") {
		for _, one := range slices.Concat([]*answersv1.Line{line}, line.GetGroups(), line.GetPartLines()) {
			f.lineRow(one, asOf)
		}
	}
	return f.message("positions.jsonl", line)
}

func (f *Folder) lineRow(line *answersv1.Line, asOf string) {
	st := line.GetCurrent()
	p := st.GetPosition()
	var reasons []string
	for _, r := range p.GetReasons() {
		reasons = append(reasons, guidance.ReasonWords(r))
	}
	forNow := ""
	if p.GetProvisional() {
		forNow = "for now"
	}
	f.row("positions.csv", line.GetMatter(), line.GetMeasure(), line.GetCommittee(), line.GetCommitteeName(), committeeKind(line.GetCommitteeKind()), areaCode(line.GetArea()),
		guidance.ScopeWords(line.GetScope()), guidance.AudienceWords(line.GetAudience()), lineNoun(line), guidance.ConditionWords(p), forNow, guidance.OpinionWords(line.GetOpinion()),
		strings.Join(reasons, "; "), guidance.ObligationWords(line.GetObligation()), guidance.RelationWords(line.GetRelation()), p.GetRationale(), cmp.Or(line.GetWords(), guidance.LineWords(line)),
		strings.Join(picture.LettersOf(line), " "), st.GetTitle(), st.GetIssued().GetEarliest(), st.GetIssued().GetLatest(), p.GetValidUntil(), asOf)
}

// lineNoun is what a line is, in a word that can be sorted by.
func lineNoun(line *answersv1.Line) string {
	switch state := line.GetState(); state {
	case answersv1.LineState_LINE_STATE_STATED, answersv1.LineState_LINE_STATE_MENTIONED:
		return guidance.StanceNoun(line.GetCurrent().GetPosition().GetStance())
	case answersv1.LineState_LINE_STATE_REPORTED:
		return "only reported: " + guidance.StanceNoun(line.GetCurrent().GetPosition().GetStance())
	case answersv1.LineState_LINE_STATE_NO_LINE:
		return "no line: " + words(line.GetNoLine().GetReason().String(), "NO_LINE_REASON_")
	default:
		return words(state.String(), "LINE_STATE_")
	}
}

// words are an enum's name as people read it.
func words(name, prefix string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, prefix), "_", " "))
}

func committeeKind(kind guidancev1.CommitteeKind) string {
	if kind == guidancev1.CommitteeKind_COMMITTEE_KIND_LMC {
		return "LMC"
	}
	return words(kind.String(), "COMMITTEE_KIND_")
}

// AddRegister adds a page of the register.
func (f *Folder) AddRegister(page *answersv1.GetRegisterResponse) error {
	page = proto.CloneOf(page)
	page.Completeness, page.NextPageToken = nil, ""
	if f.Has("csv") {
		speaks := map[string]*guidancev1.Office{}
		for _, of := range page.GetOffices() {
			for _, c := range of.GetCommittees() {
				speaks[c] = of.GetOffice()
			}
		}
		for _, c := range page.GetCommittees() {
			of := speaks[c.GetId()]
			f.row("committees.csv", c.GetId(), c.GetName(), committeeKind(c.GetKind()), c.GetNation(), c.GetValidFrom(), c.GetValidUntil(), of.GetId(), of.GetName(),
				of.GetContact().GetTelephone(), of.GetContact().GetEmail(), strings.Join(c.GetPredecessors(), " "))
		}
	}
	return f.message("register.jsonl", page)
}

// AddPractice adds a practice that the register lists.
func (f *Folder) AddPractice(p *guidancev1.Practice) error {
	if f.Has("csv") {
		kind := "GP practice"
		if p.GetKind() != guidancev1.PracticeKind_PRACTICE_KIND_GP_PRACTICE {
			kind = p.GetOtherKind()
		}
		var liesIn []string
		for _, m := range p.GetLiesIn() {
			liesIn = append(liesIn, strings.TrimSpace(notation.AreaOf(m.GetArea()).String()+" "+notation.PeriodWords(m.GetValidFrom(), m.GetValidUntil())))
		}
		f.row("practices.csv", p.GetCode(), p.GetName(), p.GetPostcode(), p.GetTelephone(), p.GetNation(), kind, p.GetValidFrom(), p.GetValidUntil(),
			strings.Join(liesIn, "; "), p.GetPcn(), strings.Join(p.GetTookOverFrom(), " "))
	}
	return f.message("practices.jsonl", p)
}

// AddMissing notes an entry or a matter that the node listed and could not give.
func (f *Folder) AddMissing(name, why string) {
	f.Missing++
	f.Add(missingFile, 1, jsonLine(struct {
		Name string `json:"name"`
		Why  string `json:"why"`
	}{name, why}))
}
