package picture

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Digest is the SHA-256 over all resolved positions: every committee on the whole
// matter and on each measure, each for the audience it is addressed to, everywhere,
// as canonical text in order of text. Nothing that depends on the reader or the node
// enters: not feed numbers or recording times, completeness, or why exactly nothing
// is known of a silent committee. Nor do words for people, which may be improved. It
// is equal on every node that holds the same.
//
//	lmcfed/view/2
//	gpc-england/access-plan-2021 2021-10-28
//	"north-essex" "" PRACTICES "" STATED MAY ALIGNED
//	  current "essex/7" REFUSE PRIMARY false NOT_STATED "" "" "" "2021-10-25" "2021-10-25" "" "" PRACTICES,PCNS
//	   effect NOT_CONTRACTUAL "" ""
func Digest(ctx context.Context, in Input) ([32]byte, error) {
	in.Measure, in.Area, in.Own, in.Practice, in.Scope, in.Audience = "", nil, nil, "", "", guidancev1.Audience_AUDIENCE_UNSPECIFIED
	lines, err := Lines(ctx, in)
	if err != nil {
		return [32]byte{}, err
	}
	var texts []string
	for _, line := range lines {
		texts = append(texts, headText(line)+" "+short(line.GetRelation(), "RELATION_")+"\n"+statementsText(line))
	}
	slices.Sort(texts)
	h := sha256.New()
	fmt.Fprintf(h, "lmcfed/view/2\n%s %s\n", in.Matter.GetName(), in.AsOf)
	for _, text := range texts {
		h.Write([]byte(text))
	}
	return [32]byte(h.Sum(nil)), nil
}

// headText is what a line is about and what kind of answer it is.
func headText(line *answersv1.Line) string {
	return strings.Join([]string{
		strconv.Quote(line.GetCommittee()), strconv.Quote(line.GetMeasure()),
		short(line.GetAudience(), "AUDIENCE_"), areaText(line.GetArea()),
		short(line.GetState(), "LINE_STATE_"), short(line.GetObligation(), "OBLIGATION_"),
	}, " ")
}

// statementsText is everything a line says, a statement a row, and what ended. SILENT
// and NOT_KNOWN are the same here: which of them it is depends on what this node holds. So
// are the reasons that rest on other lines, which say it themselves.
func statementsText(line *answersv1.Line) string {
	var b strings.Builder
	for _, shown := range listsOf(line) {
		if shown.name == "said-to-others" && line.GetNoLine() == nil {
			continue // it has not been told beside a line from the first on
		}
		for _, s := range shown.statements {
			b.WriteString(statementText(shown.name, s))
		}
	}
	switch no := line.GetNoLine(); no.GetReason() {
	case answersv1.NoLineReason_NO_LINE_REASON_UNSPECIFIED, answersv1.NoLineReason_NO_LINE_REASON_SILENT, answersv1.NoLineReason_NO_LINE_REASON_NOT_KNOWN,
		answersv1.NoLineReason_NO_LINE_REASON_ON_MEASURES_ONLY, answersv1.NoLineReason_NO_LINE_REASON_ON_OTHER_PARTS:
	default:
		b.WriteString(rowText("no-line", short(no.GetReason(), "NO_LINE_REASON_"), no.GetSince(), strconv.Quote(no.GetEnded()), strconv.Quote(no.GetBy())))
	}
	for _, group := range line.GetGroups() {
		b.WriteString(" group " + strconv.Quote(group.GetScope().GetId()) + " " + headText(group) + "\n" + statementsText(group))
	}
	return b.String()
}

func rowText(fields ...string) string { return "  " + strings.Join(fields, " ") + "\n" }

// statementText is one statement of a list of a line.
func statementText(list string, s *answersv1.Statement) string {
	p := s.GetPosition()
	var audiences []string
	for _, a := range guidance.SaidTo(s) {
		audiences = append(audiences, short(a, "AUDIENCE_"))
	}
	text := rowText(list, strconv.Quote(s.GetAdvisory()), short(p.GetStance(), "STANCE_"), short(p.GetProvenance(), "PROVENANCE_"),
		strconv.FormatBool(p.GetProvisional()), short(p.GetBasis(), "BASIS_"), strconv.Quote(p.GetMeasure()), areaText(p.GetArea()), strconv.Quote(p.GetScope().GetId()),
		strconv.Quote(s.GetIssued().GetEarliest()), strconv.Quote(s.GetIssued().GetLatest()),
		strconv.Quote(p.GetValidFrom()), strconv.Quote(p.GetValidUntil()), strings.Join(audiences, ","))
	for _, c := range p.GetConditions() {
		text += rowText(" condition", short(c.GetDirection(), "CONDITION_DIRECTION_"), strconv.Quote(c.GetText()))
	}
	for _, e := range p.GetContractEffects() {
		text += rowText(" effect", short(e.GetEffect(), "CONTRACT_EFFECT_"), strconv.Quote(e.GetValidFrom()), strconv.Quote(e.GetValidUntil()))
	}
	return text
}

// list is some of the statements that a line shows.
type list struct {
	name       string // in the canonical text
	words      string // of one that stands beside an answer; empty: it is part of the answer
	statements []*answersv1.Statement
}

// listsOf is everything that a line shows but its groups, in the order of the canonical text.
func listsOf(line *answersv1.Line) []list {
	var current, former []*answersv1.Statement
	if line.GetCurrent() != nil {
		current = []*answersv1.Statement{line.GetCurrent()}
	}
	for _, f := range line.GetFormerAreas() {
		former = append(former, f.GetStatement())
	}
	return []list{
		{"current", "", current},
		{"contested", "", line.GetContested()},
		{"mentions", "said beside it", line.GetMentions()},
		{"reported-since", "reported since, not by itself", line.GetReportedSince()},
		{"may-have-been-issued", "may already have been issued", line.GetMayHaveBeenIssued()},
		{"waiting", "waits for something to happen", line.GetWaiting()},
		{"not-yet", notInForce, line.GetNotYet()},
		{"reported-earlier", "reported earlier, not by itself", line.GetReportedEarlier()},
		{"said-to-others", "said to others", line.GetSaidToOthers()},
		{"said-to-part", "", line.GetSaidToPart()},
		{"unknown-area", "said of an area that is not in the register", line.GetUnknownAreas()},
		{"former-area", "said of an area that is no more", former},
	}
}

// short is an enum's name without its prefix: REFUSE.
func short(e fmt.Stringer, prefix string) string { return strings.TrimPrefix(e.String(), prefix) }

func areaText(id *guidancev1.AreaId) string {
	if id == nil {
		return `""`
	}
	return strconv.Quote(notation.AreaOf(id).String())
}
