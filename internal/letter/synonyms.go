package letter

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
)

// What offices write that is no word of ours, and which of ours they may mean, with what each
// tells people. One is only ever suggested: which of two is meant is for the office to say, and
// readers act on it.

// meaning is words people use for the same, and what to write instead: each word of ours stands
// in braces, and is told with what readers will see of it.
type meaning struct{ words, instead string }

// synonyms are looked up by what is wanted ("a stance").
var synonyms = map[string][]meaning{
	"a stance": {
		{"neutral, no view", "{practice-decides}, {information-only}, or opinion: neutral without a stance"},
		{"encourage, encouraged, encourages, recommend, recommended, recommends, endorse, endorsed, approve, accept, agree, back, in favour, for, yes, sign, sign up, take part, participate, join, welcome, positive, supported", "{support}"},
		{"conditional support, conditional, conditionally, support if, if funded", "{support-with-conditions}, and say under conditions on which"},
		{"oppose, opposed, opposes, object", "{refuse}, {advise-against}, or opinion: opposes for what you think of it and do not advise"},
		{"do not sign, do not sign up, don't sign, do not take part, do not participate, do not engage, disengage, do not join, boycott, reject, decline, opt out, opt-out, withdraw, resign, no, resist, strike", "{refuse}"},
		{"not recommended, do not recommend, not supported, not advised, discourage, avoid, ignore, against, not in favour, negative", "{advise-against}"},
		{"wait, hold, hold off, pause, delay, defer, careful, beware, check first, wait and see, concerned, warn", "{caution}"},
		{"optional, voluntary, up to you, your choice, your decision, practice decision, individual decision, either", "{practice-decides}"},
		{"must, mandatory, contractual, compulsory, obliged, obligatory, comply", "{required}, by law or contract"},
		{"consult, consultation, asking, survey, ballot, under discussion, undecided", "{consulting}"},
		{"information, inform, for information, fyi, note, noted, none, no position, no stance, not stated", "{information-only}"},
		{"unable, cannot advise, not able to advise", "{unable-to-advise}"},
	},
	"an opinion": {
		{"oppose, opposed, against, reject, refuse, negative", "{opposes}"},
		{"concern, concerns, worried, caution", "{concerned}"},
		{"welcome, support, supports, in favour, positive", "{welcomes}"},
	},
	"an audience": {
		{"practice, surgery, surgeries, gp surgeries, gp practices, general practice, practice staff, all practices", "{practices} (everybody who works in one)"},
		{"gp, gps, doctors, all gps", "{practices} (everybody who works in one), {gp-partners} or {salaried-and-locum-gps}"},
		{"pm, pms, manager, managers, practice manager, business managers", "{practice-managers}"},
		{"partner, partners, contractors, gp contractors", "{gp-partners}"},
		{"locum, locums, salaried, salaried gps, sessional, sessional gps, sessionals, locum gps", "{salaried-and-locum-gps}"},
		{"pcn, network, networks, primary care networks", "{pcns}"},
		{"cd, cds, clinical director, clinical directors, pcn cds", "{pcn-clinical-directors}"},
		{"icb, icbs, ccg, ccgs, ics, icss, commissioner, nhs, nhs england, nhse, health board, health boards, trusts", "{commissioners} (ICBs, CCGs and NHS England)"},
		{"lmc, other lmcs, committees, gpc, bma", "{lmcs}"},
		{"patient, ppg, ppgs", "{patients}"},
		{"press, media, everybody, everyone, all, anybody", "{public}, or each of those it is for"},
	},
	"a strength": {
		{"should, please, ask, request, requested, recommend, recommended, advise, advised, strongly recommended, urged, encouraged", "{asked}"},
		{"shall, required, mandatory, need, needed, have to, obliged, compulsory, urgent", "{must}"},
		{"can, could, might, optional, voluntary, consider, allowed", "{may}"},
	},
	"a contract effect": {
		{"optional, voluntary, non contractual, non-contractual, not contracted, not required, none", "{not-contractual}, or {voluntary-scheme} for one that practices sign up to"},
		{"les, des, nes, lis, lcs, enhanced service, enhanced, scheme, local scheme, incentive scheme, opt-in, opt in, offer", "{voluntary-scheme}, or {contractual} for those who have signed up"},
		{"mandatory, compulsory, required, core, gms, pms, obligatory, must, part of contract, contract", "{contractual}"},
		{"under protest, protest", "{contractual-under-protest}"},
		{"breach, a breach, would breach, in breach", "{action-would-breach}"},
		{"no breach, not a breach, not breach, lawful", "{action-not-a-breach}"},
		{"guidance, advisory, advice, best practice", "{guidance-only}"},
		{"unclear, uncertain, contested, in dispute, legal advice", "{disputed}"},
		{"unknown, not known, n/a, not applicable", "{not-stated}, or leave contract out"},
	},
	"a kind of vote": {
		{"poll, straw poll, referendum, indicative, indicative ballot, vote", "{ballot} (those asked decide by it), or {survey} (they are asked what they think)"},
		{"questionnaire, consultation, feedback, sentiment", "{survey}"},
		{"motion, resolution, arm, conference vote, lmcs conference", "{conference}, or {committee} for a vote of the committee itself"},
		{"meeting, members vote, show of hands", "{committee}, or {ballot} where all were asked"},
		{"uptake, sign up, sign ups, sign-ups, participation, returns, declared", "{return} (how many take part)"},
		{"majority, quorum, target, trigger", "{threshold} (only whether it is reached)"},
	},
}

// suggestion is what may be meant by a word that is none of those wanted.
func suggestion(what, said string) (instead string, ok bool) {
	said = plainWord(strings.ReplaceAll(said, "’", "'"))
	for _, m := range synonyms[what] {
		for word := range strings.SplitSeq(m.words, ", ") {
			if plainWord(word) == said {
				return braced.ReplaceAllStringFunc(m.instead, func(word string) string {
					return withReadersWords(what, strings.Trim(word, "{}"))
				}), true
			}
		}
	}
	return "", false
}

var braced = regexp.MustCompile(`\{[a-z-]+\}`)

// readersWords are what pages say for a word of a letter, by what is wanted.
var readersWords = map[string]func(word string) string{
	"a stance":          readAs(guidance.StanceWords),
	"an opinion":        readAs(guidance.OpinionWords),
	"a strength":        readAs(guidance.StrengthWords),
	"a contract effect": readAs(guidance.EffectNoun),
}

func readAs[E enumValue](words func(E) string) func(string) string {
	known := enumWords[E]()
	return func(word string) string { return words(E(slices.Index(known, word))) }
}

// withReadersWords is a word with what readers will see, where that is another.
func withReadersWords(what, word string) string {
	read := readersWords[what]
	if read == nil || plainWord(read(word)) == word {
		return word
	}
	return word + " (“" + read(word) + "”)"
}
