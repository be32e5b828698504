package guidance

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The world of the tests (its register: book_test.go): Essex and Kent are offices; North, South and Kent are
// committees; BMA and Pulse may report on others.

const plan = "gpc/plan"

// short names, so that a case reads as a line
const (
	refuse     = v1.Stance_STANCE_REFUSE
	against    = v1.Stance_STANCE_ADVISE_AGAINST
	caution    = v1.Stance_STANCE_CAUTION
	decides    = v1.Stance_STANCE_PRACTICE_DECIDES
	support    = v1.Stance_STANCE_SUPPORT
	required   = v1.Stance_STANCE_REQUIRED
	consulting = v1.Stance_STANCE_CONSULTING
	info       = v1.Stance_STANCE_INFORMATION_ONLY

	practices     = v1.Audience_AUDIENCE_PRACTICES
	partners      = v1.Audience_AUDIENCE_GP_PARTNERS
	managers      = v1.Audience_AUDIENCE_PRACTICE_MANAGERS
	pcns          = v1.Audience_AUDIENCE_PCNS
	commissioners = v1.Audience_AUDIENCE_COMMISSIONERS

	public = v1.Visibility_VISIBILITY_PUBLIC
)

// matter is the plan: NHS England's, with one measure of its own proposer, one that
// leaves the proposer out, and one that is GPC's.
func matter() *v1.Matter {
	nhs, gpc := &v1.Body{Id: "nhs-england", Name: "NHS England"}, &v1.Body{Id: "gpc-england", Name: "GPC England"}
	return &v1.Matter{Name: plan, Title: "The plan", Proposer: nhs, Events: []*v1.Event{{Id: "notice", Title: "the notice", Day: "2021-11-03"}}, Measures: []*v1.Measure{
		{Id: "engage", Title: "Engage", Proposer: nhs, AddressedTo: []v1.Audience{practices, pcns}},
		{Id: "list", Title: "The list"},
		{Id: "strike", Title: "Strike", Proposer: gpc},
	}}
}

// days reads "2021-10-25" or "2021-10-01..2021-10-31".
func days(s string) *v1.DayRange {
	earliest, latest, found := strings.Cut(s, "..")
	if !found {
		latest = earliest
	}
	return &v1.DayRange{Earliest: earliest, Latest: latest}
}

// entry makes an entry of a name such as "essex/7"; it arrives in order of its number.
func entry(id string) Entry {
	log, index, _ := strings.Cut(id, "/")
	office, epoch, _ := strings.Cut(log, "@")
	n, _ := strconv.ParseUint(index, 10, 64)
	e, _ := strconv.ParseUint(epoch, 10, 32)
	return Entry{ID: id, Office: office, Epoch: uint32(e), Index: n, Feed: n, Visibility: public}
}

// say is an advisory with its positions.
func say(id, issued string, parts ...any) Entry {
	e := entry(id)
	e.Advisory = &v1.Advisory{Office: e.Office, Title: "Letter " + id, Issued: days(issued), Visibility: public}
	for _, part := range parts {
		switch part := part.(type) {
		case *v1.Position:
			e.Advisory.Positions = append(e.Advisory.Positions, part)
		case func(*Entry):
			part(&e)
		}
	}
	return e
}

// on is a position of the committees (one, or several with spaces between) on a
// measure, for practices unless said otherwise.
func on(committees, measure string, stance v1.Stance, parts ...any) *v1.Position {
	p := &v1.Position{Committees: strings.Fields(committees), Matter: plan, Measure: measure, Stance: stance, Audiences: []v1.Audience{practices}}
	for i, part := range parts {
		switch part := part.(type) {
		case v1.Audience:
			if i == 0 || len(p.Audiences) == 0 {
				p.Audiences = nil
			}
			p.Audiences = append(p.Audiences, part)
		case func(*v1.Position):
			part(p)
		}
	}
	return p
}

func in(area string) func(*v1.Position)   { return func(p *v1.Position) { p.Area = code(area) } }
func from(day string) func(*v1.Position)  { return func(p *v1.Position) { p.ValidFrom = day } }
func until(day string) func(*v1.Position) { return func(p *v1.Position) { p.ValidUntil = day } }
func provisional(p *v1.Position)          { p.Provisional = true }
func relay(p *v1.Position)                { p.Provenance = v1.Provenance_PROVENANCE_RELAY }
func replaces(ids ...string) func(*Entry) { return func(e *Entry) { e.Advisory.Replaces = ids } }
func amends(ids ...string) func(*Entry)   { return func(e *Entry) { e.Advisory.Amends = ids } }
func validSince(day string) func(*Entry)  { return func(e *Entry) { e.Advisory.ValidFrom = day } }
func arrives(n uint64) func(*Entry)       { return func(e *Entry) { e.Feed = n } }
func logged(t time.Time) func(*Entry)     { return func(e *Entry) { e.Logged = t } }
func seenBy(v v1.Visibility) func(*Entry) { return func(e *Entry) { e.Visibility = v } }
func repudiated(e *Entry)                 { e.Repudiated = true }
func effect(e ...*v1.DatedEffect) func(*v1.Position) {
	return func(p *v1.Position) { p.ContractEffects = e }
}

func because(why string) func(*v1.Position) {
	return func(p *v1.Position) { p.Rationale = why }
}

func onlyIf(text string) func(*v1.Position) {
	return func(p *v1.Position) {
		p.Conditions = append(p.Conditions, &v1.Condition{Direction: v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: text})
	}
}

func startsWhenever(text string) func(*v1.Position) {
	return func(p *v1.Position) {
		p.Conditions = append(p.Conditions, &v1.Condition{Direction: v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN, Text: text})
	}
}

// withdraw is a withdrawal of a target, effective the day it is issued unless said
// otherwise.
func withdraw(id, target, issued string, parts ...func(*Entry)) Entry {
	e := entry(id)
	e.Withdrawal = &v1.Withdrawal{Office: e.Office, Advisory: target, Issued: days(issued), Visibility: public}
	e.Withdrawal.Effective = e.Withdrawal.Issued.GetLatest()
	for _, part := range parts {
		part(&e)
	}
	return e
}

func effective(day string) func(*Entry)   { return func(e *Entry) { e.Withdrawal.Effective = day } }
func restores(ids ...string) func(*Entry) { return func(e *Entry) { e.Withdrawal.Restores = ids } }

// reported is what a committee is said to have said.
func reported(id, said string, p *v1.Position, parts ...func(*Entry)) Entry {
	e := entry(id)
	p.Provenance = v1.Provenance_PROVENANCE_REPORTED
	e.Report = &v1.ReportedPosition{Office: e.Office, Issued: days(said), Position: p, Source: &v1.Reference{Publisher: "The Gazette"}, Visibility: public}
	for _, part := range parts {
		part(&e)
	}
	return e
}

// gist is a line as a case expects it: "stated essex/7 refuse | beside essex/8".
func gist(l *answersv1.Line) string {
	var b strings.Builder
	if l.GetArea() != nil {
		b.WriteString(l.GetArea().GetCode() + ": ")
	}
	b.WriteString(strings.ToLower(strings.TrimPrefix(l.GetState().String(), "LINE_STATE_")))
	if l.GetCurrent() != nil {
		b.WriteString(" " + statementGist(l.GetCurrent()))
	}
	for _, s := range l.GetContested() {
		b.WriteString(" " + statementGist(s))
	}
	if no := l.GetNoLine(); no != nil {
		b.WriteString(" " + strings.ToLower(strings.TrimPrefix(no.GetReason().String(), "NO_LINE_REASON_")))
		for _, s := range []string{no.GetEnded(), no.GetBy(), no.GetSince()} {
			if s != "" {
				b.WriteString(" " + s)
			}
		}
		if no.GetUnknownEntries() != 0 {
			b.WriteString(" " + strconv.Itoa(int(no.GetUnknownEntries())))
		}
	}
	listGist(&b, "beside", l.GetMentions())
	listGist(&b, "since", l.GetReportedSince())
	listGist(&b, "maybe", l.GetMayHaveBeenIssued())
	listGist(&b, "waiting", l.GetWaiting())
	return b.String()
}

func listGist(b *strings.Builder, name string, list []*answersv1.Statement) {
	if len(list) == 0 {
		return
	}
	b.WriteString(" | " + name)
	for _, s := range list {
		b.WriteString(" " + s.GetAdvisory())
	}
}

func statementGist(s *answersv1.Statement) string {
	return s.GetAdvisory() + " " + strings.ReplaceAll(StanceNoun(s.GetPosition().GetStance()), " ", "-")
}

func gists(lines []*answersv1.Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, gist(l))
	}
	return strings.Join(all, "\n")
}

// asked is a question in words: "north engage 2021-10-25", with "whole" for the whole
// matter.
func asked(s string, parts ...any) Question {
	words := strings.Fields(s)
	q := Question{Matter: matter(), Committee: &v1.Committee{Id: words[0], Name: words[0] + " LMC", Kind: v1.CommitteeKind_COMMITTEE_KIND_LMC}, Measure: words[1], AsOf: words[2], Audience: practices}
	if q.Measure == "whole" {
		q.Measure = ""
	}
	for _, part := range parts {
		switch part := part.(type) {
		case v1.Audience:
			q.Audience = part
		case *v1.AreaId:
			q.Area = part
		case uint64:
			q.KnownAt = part
		case int32:
			q.Unknown = part
		case func(*Question):
			part(&q)
		}
	}
	return q
}

// clause is one named case of a clause: entries, and what is answered to questions.
type clause struct {
	name    string
	reg     *book // nil: register()
	entries []Entry
	asks    []ask
}

type ask struct {
	question Question
	want     string
}

func runClauses(t *testing.T, cases []clause) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			reg := c.reg
			if reg == nil {
				reg = register()
			}
			for _, a := range c.asks {
				got := gists(resolve(a.question, c.entries, reg))
				if got != a.want {
					t.Errorf("asked of %s on %q as of %s:\n got %s\nwant %s", a.question.Committee.GetId(), a.question.Measure, a.question.AsOf, got, a.want)
				}
			}
		})
	}
}

// endOf is how an entry stands given everything said on its matters.
func endOf(e Entry, all []Entry, reg Register, day string) End {
	if !slices.ContainsFunc(all, func(other Entry) bool { return other.ID == e.ID }) {
		all = append(slices.Clip(all), e)
	}
	p := Prepare(context.Background(), all, reg)
	end := p.EndOf(e, day, theMatter)
	if end.Current && end.By == "" {
		for _, over := range p.StandsOver(e, day, theMatter) {
			end.Words = OverWords(over, "")
		}
	}
	return end
}

// The checks as most tests look at them: what is published, the warnings, and the
// consequences in words.

func checkPublish(a *v1.Advisory, known PublishContext) (*v1.Advisory, []*answersv1.Warning, []string, error) {
	got, shown, err := CheckPublish(context.Background(), a, known)
	return got, shown.Warnings, consequences(shown), err
}

func checkWithdraw(w *v1.Withdrawal, known PublishContext) (*v1.Withdrawal, []*answersv1.Warning, []string, error) {
	got, shown, err := CheckWithdraw(context.Background(), w, known)
	return got, shown.Warnings, consequences(shown), err
}

func checkReport(r *v1.ReportedPosition, known PublishContext) (*v1.ReportedPosition, []*answersv1.Warning, error) {
	got, shown, err := CheckReport(context.Background(), r, known)
	return got, shown.Warnings, err
}

func checkMatter(m *v1.Matter, known PublishContext) (*v1.Matter, error) {
	got, _, err := CheckMatter(context.Background(), m, known)
	return got, err
}

func consequences(shown Preview) (words []string) {
	for _, c := range shown.Consequences {
		words = append(words, c.GetWords())
	}
	return words
}

// resolve answers one question over entries prepared for it alone.
func resolve(q Question, entries []Entry, reg Register) []*answersv1.Line {
	return Prepare(context.Background(), entries, reg).Resolve(q)
}

// theMatter is the one matter there is.
func theMatter(name string) *v1.Matter {
	if m := matter(); m.GetName() == name {
		return m
	}
	return nil
}
