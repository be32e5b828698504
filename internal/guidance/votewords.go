package guidance

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What the words of a vote tell of how many. Nobody can say for certain what words count, and so a threshold is told as a
// share, or in figures from which no small number can be worked out, and who could vote without a number (domain.md 2).

// numerals are the words that are a number, but for one.
const numerals = `(?:zero|nil|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|dozen|couple|pair|trio|handful)`

const aMonth = `(?:january|february|march|april|may|june|july|august|september|october|november|december)`

var (
	// aDayOrYear counts nobody, and boundOfAll tells of no number, though it has "all" or "no" in it.
	aDayOrYear = regexp.MustCompile(`(?i)\b\d{1,2}(?:st|nd|rd|th)? ` + aMonth + `\b(?: \d{4}\b)?|\b` + aMonth + ` \d{4}\b|\b(?:in|of|from|since|by|DES|contract) (?:19|20)\d\d(?:[/–-]\d\d)?\b`)
	aFraction  = regexp.MustCompile(`(?i)\b(?:(?:an?|one|two|three|four)[ -])?(?:half|thirds?|quarters?|fifths?)\b`)
	aPercent   = regexp.MustCompile(`(?i)(\d+(?:\.\d+)?) ?(?:%|per ?cent\b|pc\b)`)
	aFigure    = regexp.MustCompile(`[\p{N}.,]*\p{N}`)
	aNumeral   = regexp.MustCompile(`(?i)\b` + numerals + `\b`)
	numberThen = `(\p{N}[\p{N}.,]*|` + numerals + `)`
	ofThem     = regexp.MustCompile(`(?i)\b` + numberThen + `\b(?:[ -][\p{L}’']+){0,3} (?:practices|surgeries|gps|general practitioners|doctors|locums|contractors)\b|\b(?:practices|surgeries|gps|general practitioners|doctors|partners|locums|contractors)\b[^.;()]{0,40}\([^)]{0,20}?` + numberThen)
	boundOfAll = regexp.MustCompile(`(?i)\b(?:nearly|almost|virtually|of) all\b|\bno (?:more|fewer|less) than\b|\bsingle[- ]handed\b`)
	// ofAllOrFew are the words by which a threshold tells of everybody, of nobody, of one, or of a few.
	ofAllOrFew = regexp.MustCompile(`(?i)\b(?:all|every|each|every(?:one|body)|none|nobody|no|any|some|several|few|both|either|neither|one|single|unanim\w*)\b`)

	practicesOrGPs = regexp.MustCompile(`(?i)\b` + practiceOrGP + `\b`)
)

// Who is counted in a committee or at a conference: practices and GPs, but where words say that they sit there.
const (
	practiceOrGP = `(?:practices?|surger(?:y|ies)|gps?|general practitioners|partners|doctors|contractors|principals|locums|practice managers)`
	aSitter      = `(?:members?|representatives?|reps?|delegates?|officers?|chair(?:s|man|men)?|executives?)`
	theirs       = `(?:(?:the|all|our|its|local|these|each|every|both|salaried|sessional|elected|voting|lmc|gp) )*`
)

// sitting are words by which practices or GPs are those who sit there, or are not, and what stands for them, in this order.
var sitting = []struct {
	words *regexp.Regexp
	are   string
}{
	{regexp.MustCompile(`(?i)\bBMA members?\b|\bmembers? of the BMA\b|\bby\b[^,;()]*`), ""}, // by whom or how they were asked or chosen
	{regexp.MustCompile(`(?i)\b` + aSitter + `(?:['’]s?)? (?:own |gp )*(practices?|surger(?:y|ies)|gps)\b`), "$1"},
	{regexp.MustCompile(`(?i)\b(?:(?:gp|general practitioners?|practice|practice manager|partner|doctor|contractor|locum|salaried|sessional|(?:practices|gps|partners|locums|practice managers)['’])(?: and |, |/| ))+(?:` + aSitter + `|committee|board|council)\b`), "members"},
	{regexp.MustCompile(`(?i)\b(?:gps|general practitioners|partners|doctors|contractors|principals|locums|practice managers)(?: (?:who|that|are|were|sit|sat|sitting|serving|there|attending|elected|as))* ` + theirs + `(?:` + aSitter + `\b|(?:on|to) (?:the|our|its|\p{L}+['’]s) (?:[\p{L}’'-]+ )?(?:committee|board|executive|council|LMC)\W*$)`), "members"},
	{regexp.MustCompile(`(?i)\b` + aSitter + `(?: \p{L}+)? (?:of|from|for) ` + theirs + practiceOrGP + `(?: (?:and|or|&) ` + theirs + practiceOrGP + `)*\b`), "members"},
}

var (
	eachOfThem = regexp.MustCompile(`(?i)[,;()&/+]|\b(?:and|or|with|plus)\b`)
	whoSits    = regexp.MustCompile(`(?i)\b` + aSitter + `\b`)
)

// With a nation named, who could vote is said only in words that are known to mean all of it, or a kind of practice or doctor
// all over it: what else there is may be a place, and nobody has a list of these.
var (
	ofAllOfIt = regexp.MustCompile(`(?i)\b(?:(?:takes?|taking|took) part|great britain|northern (?:ireland|irish)|united kingdom|british medical association|general practice|primary care|(?:the )?(?:network contract )?des` +
		`|(?:each|every|any|an?|per) (?:gp |general |medical )?(?:practice|surgery|lmc|pcn)|practice (?:managers?|nurses?|staff|owners?|partners?|teams?)` +
		`|(?:lmc|pcn) (?:chairs?|secretaries|(?:chief )?executives|(?:clinical |medical )?directors?|officers|representatives)` +
		`|(?:bma|rcgp)(?: england)?(?: gp)? members(?:hip)?|members of (?:the )?(?:bma|british medical association|rcgp|lmcs)` +
		`|(?:all|in|of|from|across) (?:lmcs|pcns|icbs|local medical committees|primary care networks))\b|^(?:lmcs|local medical committees)\b`)
	wordsOfAll = strings.Fields(`a all an and any are as at be been being but by each every excepted excluding everybody everyone for from had has have holding hold holds in is not of on one ones or other s
		than that the those throughout across to was were which who whose with whole entire more fewer less least over under
		bma gpc rcgp gmc nhs england english nation nations national nationally nationwide country wide uk britain british scotland scottish wales welsh
		apms gms pms contract contracts contractual contractor contractors dispensing doctor doctors employed family freelance general gp gps grades handed holder holders
		kinds locum locums manager managers medical newly nurse nurses owner owners partner partners partnerships performers practices practitioner practitioners
		principal principals provider providers qualified registrar registrars retainer retainers salaried sessional single staff surgeries trainee trainees training
		able answered answering asked ballot ballotted balloted electronically eligible email entitled invited list lists mailing online participating patients poll polled post
		register registered replied responded respondents sent sign signed survey up vote voted voter voters votes voting work working works`)
	aWord = regexp.MustCompile(`[\p{L}\p{M}]+`)
)

// nations are those that a vote may have been held in as a whole.
var nations = []string{"england", "wales", "scotland", "northern-ireland", "great-britain", "united-kingdom", "uk"}

// plainNumbers is a text with each figure in plain digits, and without what is no number of anybody: days and years.
func plainNumbers(text string) string {
	return aDayOrYear.ReplaceAllString(norm.NFKC.String(text), "")
}

// thresholdTellsOfFew is the words of a threshold by which a small number may be known: one in words; a figure so small, or as
// near to another; a share next to all or nothing, or of a number; all, none or any. Empty: there are none.
func thresholdTellsOfFew(threshold string) string {
	text := boundOfAll.ReplaceAllString(plainNumbers(threshold), "")
	shared := false
	for _, m := range aPercent.FindAllStringSubmatch(text, -1) {
		if share, err := strconv.ParseFloat(m[1], 64); err != nil || share < 5 || share > 95 {
			return m[0]
		}
		shared = true
	}
	shared = shared || aFraction.MatchString(text)
	text = aFraction.ReplaceAllString(aPercent.ReplaceAllString(text, ""), "")
	for _, form := range []*regexp.Regexp{aNumeral, ofAllOrFew} {
		if words := form.FindString(text); words != "" {
			return words
		}
	}
	var counts []int
	for _, figure := range aFigure.FindAllString(text, -1) {
		n, err := strconv.Atoi(strings.ReplaceAll(figure, ",", ""))
		if err != nil || n <= smallest || shared { // “fewer than 5”, too
			return figure
		}
		for _, other := range counts {
			if max(n-other, other-n) <= smallest {
				return figure
			}
		}
		counts = append(counts, n)
	}
	return ""
}

// numberOfThem are the words by which those who could vote are told in a number: "43 practices", "practices (43)". Empty: none.
func numberOfThem(voters string) string { return ofThem.FindString(plainNumbers(voters)) }

// arePractices: those who voted in a committee or at a conference are practices or GPs, and are not said to sit there.
func arePractices(voters string) bool {
	if !practicesOrGPs.MatchString(voters) { // cheap, and so of most
		return false
	}
	for _, s := range sitting {
		voters = s.words.ReplaceAllString(voters, s.are)
	}
	return slices.ContainsFunc(eachOfThem.Split(voters, -1), func(some string) bool {
		them, sitters := practicesOrGPs.FindStringIndex(some), whoSits.FindStringIndex(some)
		return them != nil && (sitters == nil || them[0] < sitters[0])
	})
}

// partOf are the words by which those who could vote may be of a part of a nation; empty: all are known to mean all of it.
func partOf(voters string) string {
	text := ofAllOfIt.ReplaceAllString(plainNumbers(voters), ",")
	from, to := 0, 0
	for _, at := range aWord.FindAllStringIndex(text, -1) {
		word := text[at[0]:at[1]]
		switch known := slices.Contains(wordsOfAll, strings.ToLower(word)) || aNumeral.MatchString(word); {
		case to > 0 && (known || strings.Contains(text[to:at[0]], ",")):
			return text[from:to]
		case !known && to == 0:
			from, to = at[0], at[1]
		case !known:
			to = at[1]
		}
	}
	return text[from:to]
}

// tellingWords refuses words of a vote of practices or GPs by which fewer than five could be found out.
func (f *faults) tellingWords(path string, v *v1.Vote) {
	if !tellsOfPractices(v) {
		return
	}
	if number := numberOfThem(v.GetVoters()); number != "" {
		f.add(path+".voters", "“%s”: who could vote is said without a number, by which some "+foundOut+": write how many were asked under asked, where figures are told, or leave it out", clip(number))
	}
	for i, o := range v.GetOptions() {
		if words := tellsOfFew(o.GetWords()); words != "" {
			f.add(at(path+".options", i)+".words", "“%s” tells of fewer than 5 practices or GPs, who "+foundOut+": leave that out", clip(words))
		}
	}
}
