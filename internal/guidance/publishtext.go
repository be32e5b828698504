package guidance

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What an office is asked to look at twice in its own words, before everybody reads them for
// good. Only few and certain forms are looked for: a warning that is mostly wrong is read by
// nobody.

// saying is a sentence of what is about to be published, and the measure it belongs to, if to
// one.
type saying struct{ measure, words string }

// sayings takes texts on a measure apart.
func sayings(measure string, texts ...string) (all []saying) {
	for _, text := range texts {
		for _, sentence := range sentencesOf(text) {
			all = append(all, saying{measure, sentence})
		}
	}
	return all
}

// sayingsOf is what an advisory says for the office. Templates are for others to send.
func sayingsOf(a *v1.Advisory) []saying {
	all := sayings("", a.GetTitle(), a.GetBody())
	for _, p := range a.GetPositions() {
		all = append(all, sayingsOn(p)...)
	}
	for _, action := range a.GetActions() {
		all = append(all, sayings(action.GetMeasure(), action.GetVerb()+" "+action.GetObject(), action.GetCondition())...)
	}
	return all
}

func sayingsOn(p *v1.Position) []saying {
	all := sayings(p.GetMeasure(), p.GetRationale(), p.GetEvidence())
	for _, c := range p.GetConditions() {
		word := map[v1.ConditionDirection]string{v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF: "only if ", v1.ConditionDirection_CONDITION_DIRECTION_UNLESS: "unless "}[c.GetDirection()]
		all = append(all, sayings(p.GetMeasure(), word+c.GetText())...)
	}
	for _, c := range p.GetConsequences() {
		all = append(all, sayings(p.GetMeasure(), c.GetWords())...)
	}
	return all
}

// saidElsewhere is what the other texts of a message say, whoever's words they are: those who are named there are named
// for everybody too. on is the measure of what a path begins with.
func saidElsewhere(m proto.Message, on map[string]string) (all []saying) {
	eachText("", m.ProtoReflect(), func(field, s string) {
		if block, _, _ := strings.Cut(field, "."); !saidOrNamed.MatchString(field) {
			all = append(all, sayings(on[block], s)...)
		}
	})
	return all
}

// saidOrNamed are texts that sayings have, with what belongs to them, and those of which nothing is asked: who signs and
// whom to ask, and addresses.
var saidOrNamed = regexp.MustCompile(`^(?:title|body|summary)$|^(?:signatories|contact)\b|(?:^|\.)(?:verb|object|url)$|\bconditions\[\d+\]`)

// looksAtWords warns of what an advisory says.
func (p *publishing) looksAtWords(a *v1.Advisory) {
	all := sayingsOf(a)
	own := []string{a.GetContact().GetName()}
	for _, s := range a.GetSignatories() {
		own = append(own, s.GetName())
	}
	on := map[string]string{}
	for i, position := range a.GetPositions() {
		on[at("positions", i)] = position.GetMeasure()
	}
	for i, action := range a.GetActions() {
		on[at("actions", i)] = action.GetMeasure()
	}
	p.persons(slices.Concat(all, saidElsewhere(a, on)), own)
	p.persons(sayings("", a.GetContact().GetTelephone(), a.GetContact().GetEmail(), a.GetContact().GetUrl()), nil)
	if name := a.GetContact().GetName(); isPerson.MatchString(name) && !inNoName.MatchString(name) {
		p.warnOnce("", &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_PERSONAL_CONTACT, Quote: name})
	}
	p.decidedTogether(a, all)
	p.Warnings = append(p.Warnings, copiedBeyondReaders(a)...)
}

// persons warns of people who are named, or could be found out by their number.
func (p *publishing) persons(all []saying, own []string) {
	for _, s := range all {
		if quote := namedManager(s.words, own); quote != "" {
			p.warnOnce("", &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_NAMES_MANAGER, Measure: s.measure, Quote: quote})
		}
		if quote := ownContact.FindString(s.words); quote != "" {
			p.warnOnce("", &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_PERSONAL_CONTACT, Measure: s.measure, Quote: quote})
		}
		if quote := personsAddress(s.words); quote != "" {
			p.warnOnce("", &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_PERSONAL_CONTACT, Measure: s.measure, Quote: quote})
		}
		if quote := tellsOfFew(s.words); quote != "" {
			p.warnOnce("", &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_SMALL_NUMBER, Measure: s.measure, Quote: quote})
		}
	}
}

// decidedTogether warns of what competition law may be about: practices are told at what price
// to sell, or to turn down together what each of them may take or leave.
func (p *publishing) decidedTogether(a *v1.Advisory, all []saying) {
	offers := slices.DeleteFunc(slices.Clone(a.GetPositions()), func(position *v1.Position) bool { return !p.isOffer(position) })
	for _, s := range all {
		if len(offers) == 0 || !setsPrice(s.words) && !allDecline(s.words) {
			continue
		}
		for _, position := range offers {
			if s.measure == "" || s.measure == position.GetMeasure() {
				p.warnOnce("", &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_DECIDED_TOGETHER, Measure: position.GetMeasure(), Quote: notation.Clip(s.words, 160)})
				break
			}
		}
	}
}

// isOffer says whether a position is on what each practice may take or leave, by the kind of
// its measure or by what anybody says of the contract.
func (p *publishing) isOffer(position *v1.Position) bool {
	measure := MeasureOf(p.findMatter(position.GetMatter()), position.GetMeasure())
	return measure.GetKind() == v1.MeasureKind_MEASURE_KIND_OFFER ||
		slices.ContainsFunc(slices.Concat(position.GetContractEffects(), measure.GetClaimedEffects()), func(e *v1.DatedEffect) bool {
			return e.GetEffect() == v1.ContractEffect_CONTRACT_EFFECT_VOLUNTARY_SCHEME
		})
}

var (
	titled   = regexp.MustCompile(`\b(Mr|Mrs|Ms|Dr|Prof|St)\. `)
	emphasis = regexp.MustCompile("[*_`]+")
	stop     = regexp.MustCompile(`[.!?;]['’"”)]*\s+`)
)

// sentencesOf takes a text apart, without its Markdown. An abbreviation may cut one short, and an
// item of a list begins one.
func sentencesOf(s string) (all []string) {
	var parts strings.Builder
	for line := range strings.Lines(titled.ReplaceAllString(s, "$1 ")) {
		if mark := notation.ItemMark(line); mark != "" || strings.TrimSpace(line) == "" {
			parts.WriteString(betweenParts)
			line = line[len(mark):]
		}
		parts.WriteString(emphasis.ReplaceAllString(line, ""))
	}
	for part := range strings.SplitSeq(parts.String(), betweenParts) {
		for _, sentence := range stop.Split(part, -1) {
			if sentence = strings.Join(strings.Fields(sentence), " "); sentence != "" {
				all = append(all, sentence)
			}
		}
	}
	return all
}

// quotes says whether a text has a quotation, of which "…" leaves something out.
func quotes(text, quotation string) bool {
	text = evened(text)
	for part := range strings.SplitSeq(evened(quotation), "...") {
		if !strings.Contains(text, strings.Trim(part, " .[]()\"'")) {
			return false
		}
	}
	return true
}

// evened is a text as it is compared with a quotation of it: blanks, quotation marks, dashes and
// emphasis are written in many ways.
func evened(s string) string {
	return strings.Join(strings.Fields(typography.Replace(emphasis.ReplaceAllString(s, ""))), " ")
}

var typography = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'", "‚", "'", "–", "-", "—", "-", "‑", "-", "…", "...", "\u00ad", "")

const betweenParts = "\x00"

const anAmount = `(?:(?:£|\bGBP)\s?\d|\d[\d,.]*\s?(?:p|pence|pounds?|GBP)\b)`

// What is looked for, as letters write it: a price by the piece and words that ask for one; all
// practices, or none, with what they are to do; and what leaves it to each of them.
var (
	unitPrice  = regexp.MustCompile(`(?i)(?:(?:£|\bGBP)\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:p|pence|pounds?|GBP))\s?(?:per|an?|each|for each|for every|/)\s?(?:weighted |registered |eligible )?(?:patient|item|appointment|consultation|hour|session|dose|vaccination|jab|head|visit|contact|procedure|injection|test|referral|review)s?\b`)
	priceAsked = regexp.MustCompile(`(?i)\b(?:at least|no less than|not less than|less than|below|under|minimum|charge|ask for|demand|insist|(?:should|must) be paid|unless|until|only (?:if|when|at|for))\b`)
	pricePaid  = regexp.MustCompile(`(?i)\b(?:pay|pays|paid|paying|payments?|offer|offers|offered|offering|receiv\w+|gets?|worth|costs?|funded|funding|reimburs\w+|deduct\w*|fell|fallen|rose|risen)\b`)
	fixedPrice = regexp.MustCompile(`(?i)\bminimum (?:fee|price|rate|tariff)s?\b`)
	// agreedPrice is a price that practices agreed on, are told to ask, or are told not to go below, by whatever it is.
	agreedPrice = regexp.MustCompile(`(?i)\b(?:practices|surgeries|GPs)(?: [\p{L}]+){0,2} agreed (?:on )?(?:a|the|one|our|their) (?:[\p{L}]+ )?(?:price|fee|rate|tariff)\b` +
		`|\b(?:should|must|ought to|please|all) (?:all )?charge (?:(?:at least|no less than|a (?:fee|price) of) )?` + anAmount +
		`|(?:\b(?:not|never)|n['’]t) (?:to )?(?:sign(?: up)?|accept|agree|join|settle|opt in|do it|take part)(?: [\p{L}]+){0,3} (?:below|under|less than) ` + anAmount)

	practicesAll  = regexp.MustCompile(`(?i)\b(?:all|every|each)(?: of)?(?: our| the| your)?(?: GP| member)? (?:practices?|surger(?:y|ies)|GPs?|PCNs?|networks?|colleagues|members?)\b|\b(?:everybody|everyone|together|collectively|jointly|en masse|as one)\b`)
	turnDown      = regexp.MustCompile(`(?i)\b(?:declin(?:e|es|ing)|refus(?:e|es|ing)|boycott(?:s|ing)?|withdraw(?:s|ing)?|opt(?:s|ing)? out|(?:not|never) (?:to )?(?:sign(?: up)?|join|take part|participate|accept|opt in|agree))\b`)
	practicesNone = regexp.MustCompile(`(?i)\b(?:no(?: GP| member)? (?:practices?|surger(?:y|ies)|GPs?|PCNs?|networks?)|none of (?:our|the|you|us)|nobody|no[ -]one)\b`)
	takeUp        = regexp.MustCompile(`(?i)\b(?:signs?(?: up)?|joins?|takes? part|participates?|accepts?|opts? in|agrees?)\b`)
	notTurnedDown = regexp.MustCompile(`(?i)(?:\b(?:not|never)|n['’]t) (?:to )?(?:declin|refus|boycott|withdraw|opt(?:ing)? out)\w*`)
	denied        = regexp.MustCompile(`(?i)(?:(?:\bnot|\bnever|\bcannot|n['’]t|\bwithout|\bno[ -]?(?:body|one)(?: is| has| would)?) (?:(?:now|here|therefore|yet|ever|simply) )?(?:a |an |our )?` +
		`(?:say|call|ask|tell|told|said|advis|recommend|suggest|urg|mean|want|propos|instruct|request|encourag|advice)\w*\b).*?(?:,|\band\b|\bbut\b|$)`)
	ownChoice = regexp.MustCompile(`(?i)\b(?:may|can|could|might|free to|whether|entitled|choose|choice|decide|right to|oblig\w+|requir\w+|need\w*|ha(?:s|ve) to|forced|compel\w*|penalis\w+)\b`)
)

// setsPrice says whether a sentence asks for a price by the piece, or names one for all. One that
// tells what is paid does not.
func setsPrice(sentence string) bool {
	return unitPrice.MatchString(sentence) && (priceAsked.MatchString(sentence) || !pricePaid.MatchString(sentence)) || fixedPrice.MatchString(sentence) || agreedPrice.MatchString(sentence)
}

// allDecline says whether a sentence has all practices turn something down. One that leaves it
// to each of them, says that nobody has to, or denies that they are asked to, does not.
func allDecline(sentence string) bool {
	sentence = notTurnedDown.ReplaceAllString(denied.ReplaceAllString(sentence, ""), "")
	return !ownChoice.MatchString(sentence) &&
		(practicesAll.MatchString(sentence) && turnDown.MatchString(sentence) || practicesNone.MatchString(sentence) && takeUp.MatchString(sentence))
}

const (
	aName = `(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Dame|Sir) (?:[A-Z][\p{L}'’-]*\.? ){0,2}[A-Z][\p{L}'’-]+`
	aRole = `(?i:director|head of|manager|chief [a-z]+|accountable officer)`

	aDeed = `(?:(?:has|have|had|will|who|also|then|since|again) )*(?:rang|ring|rung|wr(?:ote|ite|itten)|spoken?|said|asked|told|call(?:ed)?|e-?mail(?:ed)?|phoned?|met|visit(?:ed)?)\b` // what letters and schemes do not do

	aFullName = `\p{Lu}\p{Ll}[\p{L}'’-]+(?: \p{Lu}\.?)? \p{Lu}\p{L}?[\p{Ll}'’-]+[\p{L}'’-]*` // of somebody without a title
)

// A commissioner behind the name of somebody, and the words that are in no name.
const (
	aCommissioner = `(?:the )?(?:NHS England|NHSE\w*|(?:[A-Z][\p{L}'’-]* (?:and |of )?){0,5}(?:ICB|CCG|ICS|Integrated Care (?:Board|System)|(?:Clinical )?Commissioning Group|Health Board))\b`
	noName        = `(?i)\b(?:access|advisers?|alliance|areas?|boards?|care|centre|chairs?|chief|clinical|colleagues|commission\w*|committees?|contracts?|dear|deputy|directed|directors?|east|england|enhanced|executives?|five|forum|framework|funds?|general|governing|government|groups?|guidance|heads?|health|hospitals?|impact|improvement|integrated|investment|leads?|leadership|letters?|local|long|managers?|management|medical|meetings?|mid|ministers?|networks?|north|nurses?|officers?|operating|our|package|partners?|patients?|plans?|policy|practices?|practitioners?|primary|procedure|programmes?|quality|regional|regions?|reports?|royal|schemes?|secretar(?:y|ies)|services?|south|specification|staff|standards?|state|strategic|strategy|support|systems?|targets?|teams?|term|the|this|transformation|unit|west|winter|workforce|year)\b`
)

// A name near an office held, or with a commissioner's behind it, and whether that office is a
// commissioner's.
var (
	titledAtCommissioner = regexp.MustCompile(`\b(` + aName + `),? (?:of|at|from) ` + aCommissioner + `|\b(` + aName + `) \(` + aCommissioner)
	namedAtCommissioner  = regexp.MustCompile(`(` + aFullName + `),? (?:of|at) ` + aCommissioner)
	namedBySomeDeed      = regexp.MustCompile(`(` + aFullName + `),? (?:from ` + aCommissioner + `|\(` + aCommissioner + `\)),? ` + aDeed + `|` + aCommissioner + `['’]s (` + aFullName + `) ` + aDeed)
	toldAtCommissioner   = regexp.MustCompile(`\b(?i:wrote to|spoke (?:to|with)|met(?: with)?|rang|asked|told|contact|e-?mail|ring|ask) (` + aFullName + `)(?:,? from | \()` + aCommissioner + `|\b(?i:SRO|owner|lead|contact|from): (` + aFullName + `), ` + aCommissioner)
	namedThenRole        = regexp.MustCompile(`(` + aFullName + `)(?:, | \()[^.;()]{0,60}?\b` + aRole + `\b.{0,30}`)
	roleThenNamed        = regexp.MustCompile(`.{0,30}\b` + aRole + `\b[^.;,]{0,40}, (` + aFullName + `)`)
	hasTitle             = regexp.MustCompile(`^` + aName + `$`)
	inNoName             = regexp.MustCompile(noName)
	nameThenRole         = regexp.MustCompile(`\b(` + aName + `)\b[^.;]{1,60}?\b` + aRole + `\b.{0,30}`)
	roleThenName         = regexp.MustCompile(`.{0,30}\b` + aRole + `\b[^.;]{1,60}?\b(` + aName + `)\b`)
	ofCommissioner       = regexp.MustCompile(`\b(?:ICBs?|CCGs?|ICSs?|NHS[A-Z]?|(?i:integrated care|commission(?:er|ers|ing)|primary care|health boards?|contract(?:s|ing)))\b`)
	ofPractices          = regexp.MustCompile(`\b(?:\w*LMCs?|GPC|BMA|RCGP|IGPM|PCNs?|(?i:primary care networks?|practice managers?|clinical directors?))\b`)
)

// namedManager is the words in which a sentence names somebody who works for a commissioner;
// empty: it names nobody, or only who writes the letter.
func namedManager(sentence string, own []string) string {
	if !ofCommissioner.MatchString(sentence) { // cheap, and so of most
		return ""
	}
	for _, form := range []*regexp.Regexp{nameThenRole, roleThenName, titledAtCommissioner, namedAtCommissioner, namedBySomeDeed, toldAtCommissioner, namedThenRole, roleThenNamed} {
		for _, m := range form.FindAllStringSubmatch(sentence, -1) {
			name := strings.Join(m[1:], "")
			names := strings.Fields(name)
			surname := names[len(names)-1]
			isOwn := slices.ContainsFunc(own, func(name string) bool { return strings.Contains(name, surname) })
			isName := hasTitle.MatchString(name) || !inNoName.MatchString(name)
			if !isOwn && isName && ofCommissioner.MatchString(m[0]) && !ofPractices.MatchString(m[0]) {
				return name
			}
		}
	}
	return ""
}

// aPlace is a capital behind "in", but for a month, a weekday or a part of Britain.
const aPlace = `(\p{Lu}[\p{L}'’-]+)`

var notAPlace = regexp.MustCompile(`^(?:January|February|March|April|May|June|July|August|September|October|November|December|\w+day|England|Scotland|Wales|Britain|GPs?|NHS|PCNs?|Phase|Wave)\b`)

var (
	few     = regexp.MustCompile(`(?i)(?:^|[^\d.,/-])\b((?:two|three|four|[2-4]) (?:of (?:our|the) )?(?:more |other |local |member |of our )?(?:GP )?(?:practices|surgeries|GPs|(?:GP )?partners))\b`)
	only    = regexp.MustCompile(`(?:^|[^\d.,/-])\b((?i:(?:one|1) (?:of (?:our|the) )?(?:more |other |local |member |of our )?(?:GP )?(?:practices?|surger(?:y|ies)|GPs?))),? (?:(?i:has|had|have|that has|which has|who has|was|did|told|said|signed|closed|left|lost|refused|declined|resigned|wrote|reported)\b|(?i:in|at|near) (?i:the (?:town|village|city) of )?` + aPlace + `)`)
	inOther = regexp.MustCompile(`(?i)(?:\b(?:(?:\d+|one|two|three|four|five|six|seven|eight|nine) in|out of|no|if|when|whether|unless|should|any|every|each|between|wave|phase|tier|level|group|part|section|table|step|cohort|version|to|or|than)|[£%])\s*$`)
)

// tellsOfFew is the words in which a sentence tells of fewer than five practices or GPs, or leaves so few; empty: it
// does not.
func tellsOfFew(sentence string) string { return cmp.Or(fewPractices(sentence), fewOthers(sentence)) }

// fewPractices is the words in which a sentence tells of fewer than five practices or GPs;
// empty: it does not. Shares (two in three GPs) and what may be any (every two practices) are
// no such number.
func fewPractices(sentence string) string {
	for _, form := range []*regexp.Regexp{few, only} {
		for _, at := range form.FindAllStringSubmatchIndex(sentence, -1) {
			if place := len(at) > 5 && at[4] >= 0; place && notAPlace.MatchString(sentence[at[4]:]) {
				continue
			}
			if !inOther.MatchString(sentence[:at[2]]) {
				return sentence[at[2]:at[3]]
			}
		}
	}
	return ""
}

// fewOthers is the words in which a sentence leaves fewer than five practices or GPs, or comes to
// so few, by what they are out of ("98% of our 52 practices"); empty: it does not.
func fewOthers(sentence string) string {
	for _, m := range outOf.FindAllStringSubmatch(sentence, -1) {
		part, _ := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64)
		of, err := strconv.Atoi(strings.ReplaceAll(m[3], ",", ""))
		if m[2] != "" {
			part = math.Round(part * float64(of) / 100)
		}
		for _, n := range []int{int(part), of - int(part)} {
			if err == nil && n > 0 && n < smallest {
				return m[0]
			}
		}
	}
	return ""
}

var outOf = regexp.MustCompile(`(?i)\b(\d[\d,]*(?:\.\d+)?)( ?%| per ?cent)? (?:out )?of (?:(?:all|our|the|its|their|those|these|local|member) ){0,3}(\d[\d,]*) (?:(?:local|member|GP) )*(?:practices|surgeries|GPs|partners)\b`)

// Numbers and addresses of somebody's own: a mobile telephone's, a mailbox with a provider for
// anybody, one that has a first name and a last name; and a name that may be a person's.
var (
	ownContact = regexp.MustCompile(`(?i)(?:\+44[ (0)]{0,5}|\b0)7\d(?:[ -]?\d){8}\b|\b[\w.+-]+@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|aol|icloud|me|mac|btinternet|btopenworld|sky|talktalk|virginmedia|ntlworld|protonmail|proton)\.(?:com|co\.uk|uk|net|me)\b`)
	fullNameAt = regexp.MustCompile(`(?i)\b(\p{L}[\p{L}'’-]+)\.(?:\p{L}\.)?(\p{L}[\p{L}'’-]+?)\d*@(?:[\w-]+\.)+[a-z]{2,}\b`)
	ofOffices  = regexp.MustCompile(`(?i)lmc|icb|ccg|ics|pcn|gpc|bma|nhs|office|admin|info|enquir|contact|team|press|help|desk|mail|advice|med|data|commission|surger|practice`)
	isPerson   = regexp.MustCompile(`^(?:` + aName + `|` + aFullName + `)$`)
)

// personsAddress is an address of a mailbox that is named for a person; empty: there is none.
func personsAddress(sentence string) string {
	for _, m := range fullNameAt.FindAllStringSubmatch(sentence, -1) {
		if name := m[1] + " " + m[2]; !ofOffices.MatchString(name) && !inNoName.MatchString(name) {
			return m[0]
		}
	}
	return ""
}

// copiedTo is a reader of copies who works for a commissioner.
var copiedTo = regexp.MustCompile(`\b(?:ICBs?|CCGs?|ICSs?|NHS|(?i:commissioners?|integrated care|health boards?))\b`)

// copiedBeyondReaders warns of copies to commissioners of what not everybody may read.
func copiedBeyondReaders(a *v1.Advisory) (all []*answersv1.Warning) {
	if a.GetVisibility() == v1.Visibility_VISIBILITY_PUBLIC {
		return nil
	}
	for _, cc := range a.GetCc() {
		if copiedTo.MatchString(cc) {
			all = append(all, warning(&answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_COPIED_BEYOND_READERS, Quote: cc, Visibility: a.GetVisibility()}))
		}
	}
	return all
}
