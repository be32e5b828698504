package guidance

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// relayed is what is passed on.
func relayed(s *answersv1.Statement) string {
	relay := s.GetPosition().GetRelayOf()
	for _, name := range []string{relay.GetReference().GetPublisher(), s.GetPassesOn(), relay.GetCommittee(), relay.GetReference().GetTitle()} {
		if name != "" {
			return "what " + tidy(name) + " says"
		}
	}
	return "another's line"
}

// ConditionWords is what a position depends on: "This holds until: …". Empty: nothing.
func ConditionWords(p *v1.Position) string {
	return conditionWords(p, func(*v1.Condition) bool { return true })
}

func conditionWords(p *v1.Position, wanted func(*v1.Condition) bool) string {
	var phrases []string
	for _, c := range p.GetConditions() {
		if text := tidy(c.GetText()); text != "" && wanted(c) {
			phrases = append(phrases, leadWords(c.GetDirection())+" "+text)
		}
	}
	return sentence(strings.Join(phrases, "; "))
}

func leadWords(d v1.ConditionDirection) string {
	switch d {
	case v1.ConditionDirection_CONDITION_DIRECTION_HOLDS_UNTIL:
		return "this holds until:"
	case v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF:
		return "to be taken up only if:"
	case v1.ConditionDirection_CONDITION_DIRECTION_UNLESS:
		return "unless:"
	case v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN:
		return "once:"
	}
	return "on a condition of a kind not known here:"
}

// AreaWords are an area by its name, where it has one, with the code to ask for it by: "Alpha ICB
// (icb:QXX)".
func AreaWords(id *v1.AreaId, name string) string {
	code := notation.AreaOf(id).String()
	if name == "" {
		return code
	}
	return name + " (" + code + ")"
}

// waitingStance is the stance of a position that waits: nobody advises it yet.
func waitingStance(position *v1.Position) string {
	return "“" + StanceNoun(position.GetStance()) + "” only once a later letter says that its condition is met"
}

// OnceWords marks a position that waits: " once the fund is paid".
func OnceWords(position *v1.Position) string {
	if condition := waitsFor(position); condition != "" {
		return " once " + condition
	}
	return ""
}

// ScopeWords are a group in its letter's words, else its id.
func ScopeWords(s *v1.Scope) string { return cmp.Or(tidy(s.GetWords()), s.GetId()) }

// ActionWords is what is to be done: "send the reply"; what is written as a word of letters is ("do-not-sign") is told in words.
func ActionWords(act *v1.Action) string {
	verb := act.GetVerb()
	if notation.IsSlug(verb) && strings.Count(verb, "-") > 1 { // "re-sign" and "opt-in" are words
		verb = strings.ReplaceAll(verb, "-", " ")
	}
	return strings.TrimSpace(verb + " " + act.GetObject())
}

// AsksSameWords: two actions are to do the same, in the same words: a clerk who types a request again, to correct its day, means
// the same by it.
func AsksSameWords(x, y *v1.Action) bool { return inSameWords(ActionWords(x), ActionWords(y)) }

// inSameWords: two texts have the same words. Case, blanks, hyphens, apostrophes and what ends a clause make no difference.
func inSameWords(a, b string) bool {
	for begun := false; ; begun = true {
		var one, other rune
		one, a = nextLetter(a, begun)
		if other, b = nextLetter(b, begun); one != other {
			return false
		}
		if one == 0 {
			return true
		}
	}
}

// nextLetter is the next of a text that tells it from another, in lower case, and what follows it; 0: there is none.
// Between words that is one blank (“re-sign” is not “resign”), and a figure has its point.
func nextLetter(s string, begun bool) (next rune, rest string) {
	for blank := false; s != ""; {
		r, size := utf8.DecodeRuneInString(s)
		after, _ := utf8.DecodeRuneInString(s[size:])
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r):
			blank = begun
		case strings.ContainsRune("'’‘\"“”", r), strings.ContainsRune(".,;:!?", r) && !unicode.IsDigit(after):
		case blank:
			return ' ', s
		default:
			return unicode.ToLower(r), s[size:]
		}
		s = s[size:]
	}
	return 0, ""
}

// TermsWords are, in a few words, what keeps a stance from saying all: ", for now, until 5 December 2026,
// on conditions".
func TermsWords(p *v1.Position) string {
	words := holdsWords(p)
	if OnConditions(p) {
		words += ", on conditions"
	}
	return words
}

// OnConditions: a position has conditions that its stance does not speak of.
func OnConditions(p *v1.Position) bool {
	return slices.ContainsFunc(p.GetConditions(), qualifies) && p.GetStance() != v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS
}

// qualifies: with a condition a line counts; without it, it waits.
func qualifies(c *v1.Condition) bool {
	return c.GetDirection() != v1.ConditionDirection_CONDITION_DIRECTION_STARTS_WHEN
}

// holdsWords mark a position that is provisional, or has a last day.
func holdsWords(p *v1.Position) (words string) {
	if p.GetProvisional() {
		words = ", for now"
	}
	if until := p.GetValidUntil(); until != "" {
		words += ", until " + DayWords(until)
	}
	return words
}

// SaidNoun is what a statement beside a line says, in a few words, and of a report whose: "refuse, for
// now", "reported by The Gazette: refuse".
func SaidNoun(s *answersv1.Statement) string { return saidNoun(s) + TermsWords(s.GetPosition()) }

func saidNoun(s *answersv1.Statement) string {
	noun := PositionNoun(s.GetPosition())
	if s.GetPosition().GetProvenance() == v1.Provenance_PROVENANCE_RELAY {
		noun = "passes on " + cmp.Or(tidy(s.GetPassesOn()), "another") + "'s line"
	}
	if !IsReported(s) {
		return noun
	}
	return "reported" + strings.TrimPrefix(ReportedBy(s), ",") + ": " + noun
}

// ReportedBy is who reported a statement, behind a comma: ", by The Gazette". Empty: that is not told.
func ReportedBy(s *answersv1.Statement) string {
	if by := sourceWords(s.GetSource()); by != "" {
		return ", by " + by
	}
	return ""
}

// IsReported: others say that a committee said it.
func IsReported(s *answersv1.Statement) bool {
	return s.GetSource() != nil || s.GetPosition().GetProvenance() == v1.Provenance_PROVENANCE_REPORTED
}

// sourceWords is who reported something, or where it was.
func sourceWords(r *v1.Reference) string { return tidy(cmp.Or(r.GetPublisher(), r.GetTitle())) }

// StatementWords is one statement in plain words, without the committee's name and the day of issue, which
// stand beside it: "Advises you to refuse, for now, from 1 December 2021." The first day on which it
// holds is said where that is not the day of issue.
func StatementWords(s *answersv1.Statement) string {
	p := s.GetPosition()
	words, opinion := StanceWords(p.GetStance()), ""
	if IsReported(s) {
		words = reportedWords(p.GetStance())
	}
	if waitsFor(p) != "" && !IsMention(p) { // nobody is told it yet
		if words = "says "; IsReported(s) {
			words = "is reported to say "
		}
		words += waitingStance(p)
	}
	switch {
	case p.GetProvenance() == v1.Provenance_PROVENANCE_RELAY:
		words = "passes on " + relayed(s)
	case p.GetOpinion() == v1.Opinion_OPINION_UNSPECIFIED:
	case OpinionAlone(p) && !IsReported(s):
		words = OpinionWords(p.GetOpinion())
	default:
		opinion = "; as a policy, it " + OpinionWords(p.GetOpinion())
	}
	if p.GetProvisional() {
		words += ", for now"
	}
	from := s.GetValidFrom()
	if from == s.GetIssued().GetLatest() {
		from = ""
	}
	if days := notation.PeriodWords(DayWords(from), DayWords(p.GetValidUntil())); days != "" {
		words += ", " + days
	}
	words = sentence(words + opinion)
	if conditions := ConditionWords(p); conditions != "" {
		words += " " + conditions
	}
	return words
}

// WithdrawalWords is a withdrawal in plain words.
func WithdrawalWords(w *v1.Withdrawal) string {
	words := "Withdraws " + w.GetAdvisory() + " from " + DayWords(cmp.Or(w.GetEffective(), w.GetIssued().GetLatest()))
	if reason := tidy(w.GetReason()); reason != "" {
		words += ": " + reason
	}
	if len(w.GetRestores()) > 0 {
		words += "; " + strings.Join(w.GetRestores(), ", ") + " stands again"
	}
	return words + "."
}
