package guidance

import (
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Words for people: plain British English, one line, no shapes of the wire.

// StanceWords is a stance as said to people after the committee's name: "advises you
// to refuse" (domain.md 3).
func StanceWords(s v1.Stance) string {
	switch s {
	case v1.Stance_STANCE_REFUSE:
		return "advises you to refuse"
	case v1.Stance_STANCE_ADVISE_AGAINST:
		return "advises against"
	case v1.Stance_STANCE_CAUTION:
		return "urges caution"
	case v1.Stance_STANCE_PRACTICE_DECIDES:
		return "leaves it to you"
	case v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS:
		return "supports on conditions"
	case v1.Stance_STANCE_SUPPORT:
		return "supports"
	case v1.Stance_STANCE_REQUIRED:
		return "says it is required"
	case v1.Stance_STANCE_UNABLE_TO_ADVISE:
		return "is not able to advise"
	case v1.Stance_STANCE_CONSULTING:
		return "is asking its members"
	case v1.Stance_STANCE_INFORMATION_ONLY:
		return "passes on information"
	}
	return "takes a stance this software does not know"
}

// OpinionAlone: a position says what its committee thinks, and advises nothing.
func OpinionAlone(p *v1.Position) bool {
	return p.GetStance() == v1.Stance_STANCE_INFORMATION_ONLY && p.GetOpinion() != v1.Opinion_OPINION_UNSPECIFIED && p.GetProvenance() != v1.Provenance_PROVENANCE_RELAY
}

// PositionNoun is what a position says, in a word or two: its stance, and of an opinion alone what
// is thought: "refuse", "opposes it".
func PositionNoun(p *v1.Position) string {
	if OpinionAlone(p) {
		return OpinionWords(p.GetOpinion())
	}
	return StanceNoun(p.GetStance())
}

// StanceNoun is a stance as the heading of a column: "refuse".
func StanceNoun(s v1.Stance) string {
	switch s {
	case v1.Stance_STANCE_REFUSE:
		return "refuse"
	case v1.Stance_STANCE_ADVISE_AGAINST:
		return "advise against"
	case v1.Stance_STANCE_CAUTION:
		return "caution"
	case v1.Stance_STANCE_PRACTICE_DECIDES:
		return "practice decides"
	case v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS:
		return "support on conditions"
	case v1.Stance_STANCE_SUPPORT:
		return "support"
	case v1.Stance_STANCE_REQUIRED:
		return "required"
	case v1.Stance_STANCE_UNABLE_TO_ADVISE:
		return "unable to advise"
	case v1.Stance_STANCE_CONSULTING:
		return "asking its members"
	case v1.Stance_STANCE_INFORMATION_ONLY:
		return "information only"
	}
	return "not known"
}

// reportedWords is a stance as others say the committee takes it.
func reportedWords(s v1.Stance) string {
	switch s {
	case v1.Stance_STANCE_REFUSE:
		return "is reported to advise refusing"
	case v1.Stance_STANCE_ADVISE_AGAINST:
		return "is reported to advise against"
	case v1.Stance_STANCE_CAUTION:
		return "is reported to urge caution"
	case v1.Stance_STANCE_PRACTICE_DECIDES:
		return "is reported to leave it to practices"
	case v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS:
		return "is reported to support it on conditions"
	case v1.Stance_STANCE_SUPPORT:
		return "is reported to support it"
	case v1.Stance_STANCE_REQUIRED:
		return "is reported to say it is required"
	case v1.Stance_STANCE_UNABLE_TO_ADVISE:
		return "is reported not to be able to advise"
	case v1.Stance_STANCE_CONSULTING:
		return "is reported to be asking its members"
	case v1.Stance_STANCE_INFORMATION_ONLY:
		return "is reported to have commented, without a line"
	}
	return "is reported to have taken a stance this software does not know"
}

// VisibilityWords says who may read something.
func VisibilityWords(v v1.Visibility) string {
	switch v {
	case v1.Visibility_VISIBILITY_PUBLIC:
		return "anybody"
	case v1.Visibility_VISIBILITY_PRACTICES:
		return "practices of the federation"
	case v1.Visibility_VISIBILITY_CONSTITUENTS:
		return "practices of the committees it speaks for"
	case v1.Visibility_VISIBILITY_COMMITTEES:
		return "offices of LMCs and GPC"
	case v1.Visibility_VISIBILITY_OFFICE:
		return "the office's own nodes"
	}
	return "readers this software does not know"
}

// AudienceWords is an audience as people say it: "GP partners".
func AudienceWords(a v1.Audience) string {
	switch a {
	case v1.Audience_AUDIENCE_PRACTICES:
		return "practices"
	case v1.Audience_AUDIENCE_GP_PARTNERS:
		return "GP partners"
	case v1.Audience_AUDIENCE_SALARIED_AND_LOCUM_GPS:
		return "salaried and locum GPs"
	case v1.Audience_AUDIENCE_PRACTICE_MANAGERS:
		return "practice managers"
	case v1.Audience_AUDIENCE_PCNS:
		return "primary care networks"
	case v1.Audience_AUDIENCE_PCN_CLINICAL_DIRECTORS:
		return "PCN clinical directors"
	case v1.Audience_AUDIENCE_COMMISSIONERS:
		return "commissioners"
	case v1.Audience_AUDIENCE_COMMISSIONER_GPS:
		return "GPs who work for a commissioner"
	case v1.Audience_AUDIENCE_LMCS:
		return "LMCs"
	case v1.Audience_AUDIENCE_PATIENTS:
		return "patients"
	case v1.Audience_AUDIENCE_PUBLIC:
		return "the public"
	}
	return "readers not named"
}

// AudiencesWords are some of them: "GP partners, practice managers".
func AudiencesWords(as []v1.Audience) string {
	words := make([]string, len(as))
	for i, a := range as {
		words[i] = AudienceWords(a)
	}
	return strings.Join(words, ", ")
}

// OpinionWords is what a committee thinks of something, after its name: "opposes it". Empty:
// it has not said.
func OpinionWords(o v1.Opinion) string {
	switch o {
	case v1.Opinion_OPINION_OPPOSES:
		return "opposes it"
	case v1.Opinion_OPINION_CONCERNED:
		return "has concerns about it"
	case v1.Opinion_OPINION_NEUTRAL:
		return "is neither for nor against it"
	case v1.Opinion_OPINION_WELCOMES:
		return "welcomes it"
	}
	return ""
}

// StrengthWords is how strongly something is asked, after the name of who asks: "insists".
// Empty: this software does not know.
func StrengthWords(s v1.ActionStrength) string {
	switch s {
	case v1.ActionStrength_ACTION_STRENGTH_MUST:
		return "insists"
	case v1.ActionStrength_ACTION_STRENGTH_MAY:
		return "leaves open to you"
	case v1.ActionStrength_ACTION_STRENGTH_UNSPECIFIED, v1.ActionStrength_ACTION_STRENGTH_ASKED:
		return "asks"
	}
	return ""
}

// BasisWords is what a position rests on, for people. Empty: not set.
func BasisWords(b v1.Basis) string {
	switch b {
	case v1.Basis_BASIS_UNSPECIFIED:
		return ""
	case v1.Basis_BASIS_NOT_STATED:
		return "not stated"
	case v1.Basis_BASIS_OFFICER:
		return "an officer's decision"
	case v1.Basis_BASIS_EXECUTIVE:
		return "the executive's decision"
	case v1.Basis_BASIS_COMMITTEE_RESOLUTION:
		return "a resolution of the committee"
	case v1.Basis_BASIS_SURVEY:
		return "a survey of members"
	case v1.Basis_BASIS_BALLOT:
		return "a ballot"
	case v1.Basis_BASIS_CONFERENCE:
		return "a resolution of a conference"
	case v1.Basis_BASIS_LEGAL_ADVICE:
		return "legal advice"
	}
	return "not known here"
}

// ReasonWords is a kind of reason, for people.
func ReasonWords(r v1.Reason) string {
	switch r {
	case v1.Reason_REASON_CONTRACT:
		return "the contract"
	case v1.Reason_REASON_DATA:
		return "data"
	case v1.Reason_REASON_MONEY:
		return "money"
	case v1.Reason_REASON_WORKLOAD:
		return "workload"
	case v1.Reason_REASON_PCN_RELATIONS:
		return "relations within the PCN"
	case v1.Reason_REASON_SAFETY:
		return "safety"
	case v1.Reason_REASON_OTHER:
		return "other reasons"
	}
	return "reasons not known here"
}

// ConsequenceTopicWords is what a consequence touches, for people.
func ConsequenceTopicWords(t v1.ConsequenceTopic) string {
	switch t {
	case v1.ConsequenceTopic_CONSEQUENCE_TOPIC_CONTRACT:
		return "contract"
	case v1.ConsequenceTopic_CONSEQUENCE_TOPIC_MONEY:
		return "money"
	case v1.ConsequenceTopic_CONSEQUENCE_TOPIC_STAFF:
		return "staff"
	case v1.ConsequenceTopic_CONSEQUENCE_TOPIC_PATIENTS:
		return "patients"
	}
	return "other things"
}

// DirectionWords is which way a line moved; "" where it did not.
func DirectionWords(d answersv1.Direction) string {
	switch d {
	case answersv1.Direction_DIRECTION_TOWARDS_REFUSING:
		return "towards refusing"
	case answersv1.Direction_DIRECTION_TOWARDS_SUPPORTING:
		return "towards supporting"
	case answersv1.Direction_DIRECTION_OFF_THE_SCALE:
		return "neither way: not both are on the scale"
	}
	return ""
}

// RelationWords is how a line stands to the national line, for people: of one line, and behind a number
// of them.
func RelationWords(r answersv1.Relation) string {
	switch r {
	case answersv1.Relation_RELATION_ALIGNED:
		return "same as the national line"
	case answersv1.Relation_RELATION_ALIGNED_ON_CONDITIONS:
		return "same as the national line, on conditions or for now"
	case answersv1.Relation_RELATION_STRONGER:
		return "further than the national line"
	case answersv1.Relation_RELATION_WEAKER:
		return "less far than the national line"
	case answersv1.Relation_RELATION_DIVERGENT:
		return "on the other side from the national line"
	case answersv1.Relation_RELATION_NO_NATIONAL_LINE:
		return "without a national line"
	case answersv1.Relation_RELATION_RELAYED:
		return "only passing on another's line"
	case answersv1.Relation_RELATION_NOT_COMPARABLE:
		return "not comparable with the national line"
	case answersv1.Relation_RELATION_CONSULTING:
		return "asking members"
	case answersv1.Relation_RELATION_NO_LINE:
		return "without a line"
	}
	return ""
}

// MeasureKindWords is what kind of thing is proposed, for people.
func MeasureKindWords(k v1.MeasureKind) string {
	switch k {
	case v1.MeasureKind_MEASURE_KIND_DEMAND:
		return "demand"
	case v1.MeasureKind_MEASURE_KIND_OFFER:
		return "offer"
	case v1.MeasureKind_MEASURE_KIND_GUIDANCE:
		return "guidance"
	case v1.MeasureKind_MEASURE_KIND_COLLECTIVE_ACTION:
		return "collective action"
	case v1.MeasureKind_MEASURE_KIND_LEGAL_CHANGE:
		return "change of law or contract"
	}
	return "proposal"
}

// tidy makes a phrase of what was written, to stand within a sentence: one line, no
// full stop at its end.
func tidy(s string) string {
	return strings.TrimRight(strings.Join(strings.Fields(s), " "), ".;, ")
}

// GroupWords are the words of a group by which it is known, however they are typed; its id where it has none.
func GroupWords(s *v1.Scope) string {
	var read strings.Builder
	for next, rest := nextLetter(ScopeWords(s), false); next != 0; next, rest = nextLetter(rest, true) {
		read.WriteRune(next)
	}
	return read.String()
}

// sentence makes a sentence of a phrase: a capital first, a full stop last.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return notation.Capital(s) + "."
}
