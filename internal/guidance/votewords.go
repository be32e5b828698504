package guidance

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What the words of a vote tell of how many. Nobody can say for certain what words count, and so a threshold is told as a
// share, or in figures from which no small number can be worked out, and who could vote without a number (domain.md 2).

// numerals are the words that are a number, but for one.
const numerals = `(?:zero|nil|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|dozen|couple|pair|trio|handful)`

var (
	// aDayOrYear counts nobody, and boundOfAll tells of no number, though it has "all" or "no" in it.
	aDayOrYear = regexp.MustCompile(`(?i)\b\d{1,2}(?:st|nd|rd|th)? (?:january|february|march|april|may|june|july|august|september|october|november|december)\b(?: \d{4}\b)?|\b(?:in|of|from|since|by|DES|contract) (?:19|20)\d\d(?:[/–-]\d\d)?\b`)
	aFraction  = regexp.MustCompile(`(?i)\b(?:(?:an?|one|two|three|four)[ -])?(?:half|thirds?|quarters?|fifths?)\b`)
	aPercent   = regexp.MustCompile(`(?i)(\d+(?:\.\d+)?) ?(?:%|per ?cent\b|pc\b)`)
	aFigure    = regexp.MustCompile(`[\p{N}.,]*\p{N}`)
	aNumeral   = regexp.MustCompile(`(?i)\b` + numerals + `\b`)
	numberThen = `(\p{N}[\p{N}.,]*|` + numerals + `)`
	ofThem     = regexp.MustCompile(`(?i)\b` + numberThen + `\b(?:[ -][\p{L}’']+){0,3} (?:practices|surgeries|gps|general practitioners|doctors|locums|contractors)\b|\b(?:practices|surgeries|gps|general practitioners|doctors|partners|locums|contractors)\b[^.;()]{0,40}\([^)]{0,20}?` + numberThen)
	boundOfAll = regexp.MustCompile(`(?i)\b(?:nearly|almost|virtually|of) all\b|\bno (?:more|fewer|less) than\b|\bsingle[- ]handed\b`)
	// ofAllOrFew are the words by which a threshold tells of everybody, of nobody, of one, or of a few.
	ofAllOrFew = regexp.MustCompile(`(?i)\b(?:all|every|each|every(?:one|body)|none|nobody|no|any|some|several|few|both|either|neither|one|single|unanim\w*)\b`)

	practicesOrGPs = regexp.MustCompile(`(?i)\b(?:practices?|surger(?:y|ies)|gps?|general practitioners|partners|doctors|contractors|principals|locums|practice managers)\b`)
	// ownOnes and inAPlace are words by which those who could vote are of less than a nation: "our practices", "practices in Hill".
	ownOnes  = regexp.MustCompile(`(?i)\b(?:our|local|these|neighbouring)\b(?: [\p{L}-]+){0,2} (?:practices|surgeries|gps|partners)\b`)
	inAPlace = regexp.MustCompile(`\b(?:in|of|from|across|within|near|around) (?:the )?\p{Lu}[\p{L}’'-]+`)
	noPlace  = regexp.MustCompile(`\b(?:England|Wales|Scotland|Northern|Great|Britain|United|UK|NHS|BMA|GPC?s?|PCNs?|LMCs?|GMS|PMS|APMS|Primary|General|January|February|March|April|May|June|July|August|September|October|November|December)$`)
	whoSits  = regexp.MustCompile(`(?i)\b(?:members?|representatives?|reps|delegates?|committees?|conference|boards?|executives?|officers?|council|chairs?|LMCs?)\b`)
)

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

// arePractices: those who voted in a committee or at a conference are practices or GPs, and not those who sit there.
func arePractices(voters string) bool {
	return practicesOrGPs.MatchString(voters) && !whoSits.MatchString(voters)
}

// partOf are the words by which those who could vote are of a part of a nation; empty: none are.
func partOf(voters string) string {
	for _, words := range inAPlace.FindAllString(voters, -1) {
		if !noPlace.MatchString(words) {
			return words
		}
	}
	return ownOnes.FindString(voters)
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
