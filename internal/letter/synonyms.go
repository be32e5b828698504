package letter

import "strings"

// What offices write that is no word of ours, and which of ours they may mean, with what each
// tells people. One is only ever suggested: which of two is meant is for the office to say, and
// readers act on it.

// meaning is words people use for the same, and what to write instead.
type meaning struct{ words, instead string }

// synonyms are looked up by what is wanted ("a stance").
var synonyms = map[string][]meaning{
	"a stance": {
		{"neutral, no view", "practice-decides (“leaves it to you”), information-only (“passes on information”), or opinion: neutral without a stance"},
		{"encourage, encouraged, encourages, recommend, recommended, recommends, endorse, endorsed, approve, accept, agree, back, in favour, for, yes, sign, sign up, take part, participate, join, welcome, positive, supported", "support (“supports”)"},
		{"conditional support, conditional, conditionally, support if, if funded", "support-with-conditions (“supports on conditions”), and say under conditions on which"},
		{"oppose, opposed, opposes, object", "refuse (“advises you to refuse”), advise-against (“advises against”), or opinion: opposes for what you think of it and do not advise"},
		{"do not sign, do not sign up, don't sign, do not take part, do not participate, do not engage, disengage, do not join, boycott, reject, decline, opt out, opt-out, withdraw, resign, no, resist, strike", "refuse (“advises you to refuse”)"},
		{"not recommended, do not recommend, not supported, not advised, discourage, avoid, ignore, against, not in favour, negative", "advise-against (“advises against”)"},
		{"wait, hold, hold off, pause, delay, defer, careful, beware, check first, wait and see, concerned, warn", "caution (“urges caution”)"},
		{"optional, voluntary, up to you, your choice, your decision, practice decision, individual decision, either", "practice-decides (“leaves it to you”)"},
		{"must, mandatory, contractual, compulsory, obliged, obligatory, comply", "required (“says it is required”, by law or contract)"},
		{"consult, consultation, asking, survey, ballot, under discussion, undecided", "consulting (“is asking its members”)"},
		{"information, inform, for information, fyi, note, noted, none, no position, no stance, not stated", "information-only (“passes on information”)"},
		{"unable, cannot advise, not able to advise", "unable-to-advise (“is not able to advise”)"},
	},
	"an opinion": {
		{"oppose, opposed, against, reject, refuse, negative", "opposes (“opposes it”)"},
		{"concern, concerns, worried, caution", "concerned (“is concerned about it”)"},
		{"welcome, support, supports, in favour, positive", "welcomes (“welcomes it”)"},
	},
	"an audience": {
		{"practice, surgery, surgeries, gp surgeries, gp practices, general practice, practice staff, all practices", "practices (everybody who works in one)"},
		{"gp, gps, doctors, all gps", "practices (everybody who works in one), gp-partners or salaried-and-locum-gps"},
		{"pm, pms, manager, managers, practice manager, business managers", "practice-managers"},
		{"partner, partners, contractors, gp contractors", "gp-partners"},
		{"locum, locums, salaried, salaried gps, sessional, sessional gps, sessionals, locum gps", "salaried-and-locum-gps"},
		{"pcn, network, networks, primary care networks", "pcns"},
		{"cd, cds, clinical director, clinical directors, pcn cds", "pcn-clinical-directors"},
		{"icb, icbs, ccg, ccgs, ics, icss, commissioner, nhs, nhs england, nhse, health board, health boards, trusts", "commissioners (ICBs, CCGs and NHS England)"},
		{"lmc, other lmcs, committees, gpc, bma", "lmcs"},
		{"patient, ppg, ppgs", "patients"},
		{"press, media, everybody, everyone, all, anybody", "public, or each of those it is for"},
	},
	"a strength": {
		{"should, please, ask, request, requested, recommend, recommended, advise, advised, strongly recommended, urged, encouraged", "asked (“you are asked to”)"},
		{"shall, required, mandatory, need, needed, have to, obliged, compulsory, urgent", "must (“you must”)"},
		{"can, could, might, optional, voluntary, consider, allowed", "may (“you may”)"},
	},
	"a contract effect": {
		{"optional, voluntary, non contractual, non-contractual, not contracted, not required, none", "not-contractual (not part of the contract: “you may say no”), or voluntary-scheme (one that practices sign up to: “you may say no”)"},
		{"les, des, nes, lis, lcs, enhanced service, enhanced, scheme, local scheme, incentive scheme, opt-in, opt in, offer", "voluntary-scheme (“you may say no”), or contractual (“you must”) for those who have signed up"},
		{"mandatory, compulsory, required, core, gms, pms, obligatory, must, part of contract, contract", "contractual (“you must”)"},
		{"under protest, protest", "contractual-under-protest (“you must, and may do it under protest”)"},
		{"breach, a breach, would breach, in breach", "action-would-breach (“it would be a breach of contract”)"},
		{"no breach, not a breach, not breach, lawful", "action-not-a-breach (“not a breach of contract: you may”)"},
		{"guidance, advisory, advice, best practice", "guidance-only (“you may say no”)"},
		{"unclear, uncertain, contested, in dispute, legal advice", "disputed (“ask your LMC”)"},
		{"unknown, not known, n/a, not applicable", "not-stated (“ask your LMC”), or leave contract out"},
	},
	"a kind of vote": {
		{"poll, straw poll, referendum, indicative, indicative ballot, vote", "ballot (those asked decide by it), or survey (they are asked what they think)"},
		{"questionnaire, consultation, feedback, sentiment", "survey"},
		{"motion, resolution, arm, conference vote, lmcs conference", "conference, or committee for a vote of the committee itself"},
		{"meeting, members vote, show of hands", "committee, or ballot where all were asked"},
		{"uptake, sign up, sign ups, sign-ups, participation, returns, declared", "return (how many take part)"},
		{"majority, quorum, target, trigger", "threshold (only whether it is reached)"},
	},
}

// suggestion is what may be meant by a word that is none of those wanted.
func suggestion(what, said string) (instead string, ok bool) {
	said = plainWord(strings.ReplaceAll(said, "’", "'"))
	for _, m := range synonyms[what] {
		for word := range strings.SplitSeq(m.words, ", ") {
			if plainWord(word) == said {
				return m.instead, true
			}
		}
	}
	return "", false
}
