package guidance

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// smallest is the smallest number of practices or GPs that is told: who is one of fewer
// could be found out.
const smallest = 5

var percentage = regexp.MustCompile(`^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)$`)

// foundOut is what is said of them, by which such a fault is known from others.
const foundOut = "could be found out"

// oneAnswers is what is said where a vote names one of them.
const oneAnswers = "what one practice was asked or answered is not told: leave it out, or count it among others, under what they have in common"

// anAnswer is what says whether a threshold is reached, and not what it is.
var anAnswer = regexp.MustCompile(`(?i)^(?:it )?(?:(?:is|was|has|been|not|yet|nearly|just|already|un) ?)*(?:reached|met|passed|achieved|exceeded|crossed|missed|yes|no|true|false)[.!]?$`)

// resigns are words of a vote about resignations, haveResigned of one about those that are held.
var (
	resigns      = regexp.MustCompile(`(?i)\bresign(?:ations?|ed|s|ing)?\b`)
	haveResigned = regexp.MustCompile(`(?i)\b(?:have|has|had|did)\b[^.?!\n]*\bresign`)
)

// votes checks what an advisory tells of votes: that figures fit each other, that nobody can
// be found out by them, and that what a part of a nation answered is not for everybody.
func (f *faults) votes(a *v1.Advisory) {
	f.length("votes", len(a.GetVotes()), ListLimit)
	ids := make([]string, len(a.GetVotes()))
	for i, v := range a.GetVotes() {
		path := at("votes", i)
		ids[i] = v.GetId()
		if f.slug(path+".id", "vote", v.GetId()); repeats(ids[:i+1], i) {
			f.add(path+".id", "%s is the id of another vote too: give each its own", clip(v.GetId()))
		}
		f.enum(path+".kind", "kind of vote", v.GetKind())
		f.required(path+".question", v.GetQuestion(), TextLimit)
		f.required(path+".voters", v.GetVoters(), TextLimit)
		if v.GetHeld() != nil {
			f.dayRange(path+".held", v.GetHeld())
			if last := a.GetIssued().GetLatest(); notation.IsDay(v.GetHeld().GetEarliest()) && notation.IsDay(last) && v.GetHeld().GetEarliest() > last {
				f.add(path+".held", "it was held on %s, after the day of issue, %s: check both days", RangeWords(v.GetHeld()), RangeWords(a.GetIssued()))
			}
		}
		f.optionalSlug(path+".nation", "nation", v.GetNation())
		if v.GetReference() != nil {
			f.reference(path+".reference", v.GetReference())
		}
		f.length(path+".options", len(v.GetOptions()), ListLimit)
		for j, o := range v.GetOptions() {
			f.required(at(path+".options", j)+".words", o.GetWords(), TextLimit)
		}
		f.practiceCodes(path, v)
		f.tellingWords(path, v)
		f.figures(path, v)
		isThreshold := v.GetKind() == v1.VoteKind_VOTE_KIND_THRESHOLD
		switch {
		case isThreshold && len(figuresOf(v)) > 0:
			f.add(path, "says only whether a threshold is reached, and no numbers: leave them out")
		case isThreshold && tidy(v.GetThreshold()) == "":
			f.add(path+".threshold", "is empty: write in words what is to be reached (half of practices)")
		case isThreshold && anAnswer.MatchString(tidy(v.GetThreshold())):
			f.add(path+".threshold", "“%s” is an answer: write here in words what is to be reached (half of practices), and under reached whether it is, yes or no", clip(v.GetThreshold()))
		case isThreshold && thresholdTellsOfFew(v.GetThreshold()) != "":
			f.add(path+".threshold", "by “%s” fewer than 5 practices or GPs, or all but so few, "+foundOut+": say what is to be reached as a share (more than half of practices, 75%% of practices), and nothing else in numbers: where, of whom and by when stands under of and question", clip(thresholdTellsOfFew(v.GetThreshold())))
		case isThreshold:
			f.required(path+".threshold", v.GetThreshold(), TextLimit)
		case v.GetKind() == v1.VoteKind_VOTE_KIND_RETURN && resigns.MatchString(v.GetQuestion()+"\n"+v.GetVoters()), countsPeople(v) && haveResigned.MatchString(v.GetQuestion()+"\n"+v.GetVoters()):
			f.add(path+".kind", "how many resignations are held is told by no number: write kind: threshold, in words what is to be reached (half of practices), and whether it is")
		case v.GetThreshold() != "" || v.GetReached():
			f.add(path+".threshold", "belongs to a vote of the kind threshold: leave it out")
		case v.GetAsked().GetPercentage() != "":
			f.add(path+".asked", "is a share, of nothing: write how many were asked, or leave it out")
		case len(figuresOf(v)) == 0:
			f.add(path, "has no figures: say how many were asked, answered, or voted how, as published")
		}
		if countsPeople(v) && a.GetVisibility() == v1.Visibility_VISIBILITY_PUBLIC {
			f.ofAWholeNation(path, v)
		}
	}
	for i, p := range a.GetPositions() {
		f.length(at("positions", i)+".votes", len(p.GetVotes()), ListLimit)
		for j, id := range p.GetVotes() {
			if !slices.Contains(ids, id) {
				f.add(at(at("positions", i)+".votes", j), "no vote of this advisory has the id %s: give one it, or leave it out", clip(id))
			}
		}
	}
	if len(f.list) > 0 {
		return // what does not fit by itself is not held against others
	}
	asked := map[string][]int{}
	for i, v := range a.GetVotes() {
		for _, j := range asked[putAs(v)] {
			f.against(at("votes", i), v, a.GetVotes()[j], at("votes", j), false)
		}
		if put := putAs(v); put != "" {
			asked[put] = append(asked[put], i)
		}
	}
}

// countsPeople: what is counted is practices or GPs, not votes in a committee or a
// conference, but where these are of practices or GPs who were asked.
func countsPeople(v *v1.Vote) bool {
	switch v.GetKind() {
	case v1.VoteKind_VOTE_KIND_BALLOT, v1.VoteKind_VOTE_KIND_SURVEY, v1.VoteKind_VOTE_KIND_RETURN:
		return true
	case v1.VoteKind_VOTE_KIND_COMMITTEE, v1.VoteKind_VOTE_KIND_CONFERENCE:
		return arePractices(v.GetVoters())
	}
	return false
}

// ofAWholeNation refuses in a letter for everybody how practices or GPs of a part of a nation voted.
func (f *faults) ofAWholeNation(path string, v *v1.Vote) {
	const otherwise = "leave the vote out, or say that a threshold is reached"
	part := partOf(v.GetVoters())
	switch {
	case v.GetNation() == "" && (v.GetKind() == v1.VoteKind_VOTE_KIND_COMMITTEE || v.GetKind() == v1.VoteKind_VOTE_KIND_CONFERENCE):
		f.add(path+".nation", "is empty, and those who could vote are practices or GPs: how those of a part of a nation voted may not be told to everybody; where members or representatives voted, write so (members of the committee), else "+otherwise)
	case v.GetNation() == "":
		f.add(path+".nation", "is empty: how practices or GPs of a part of a nation voted may not be told to everybody, and only letters for everybody can be published yet; "+otherwise)
	case !slices.Contains(nations, v.GetNation()):
		f.add(path+".nation", "%s is no nation (these are: %s), and how practices or GPs of a part of one voted may not be told to everybody: "+otherwise, clip(v.GetNation()), strings.Join(nations, ", "))
	case part != "":
		f.add(path+".voters", "“%s” may be a part of the nation, whose practices' or GPs' votes may not be told to everybody: where all of it was asked, say so in plain words (GP practices in England; salaried GPs and locums in England, members of the BMA), else "+otherwise, clip(part))
	}
}

// tellsOfPractices: practices or GPs are counted, or whether they reach a threshold is told.
func tellsOfPractices(v *v1.Vote) bool {
	return countsPeople(v) || v.GetKind() == v1.VoteKind_VOTE_KIND_THRESHOLD
}

// practiceCodes refuses the code of a practice, or of a branch of one, in the words of a vote in which
// practices or GPs are counted, or whether they reach a threshold: what one of them answered is not told.
func (f *faults) practiceCodes(path string, v *v1.Vote) {
	if !tellsOfPractices(v) {
		return
	}
	fields, words := []string{".id", ".question", ".voters", ".threshold"}, []string{v.GetId(), v.GetQuestion(), v.GetVoters(), v.GetThreshold()}
	for i, o := range v.GetOptions() {
		fields, words = append(fields, at(".options", i)+".words"), append(words, o.GetWords())
	}
	for i, field := range fields {
		all := strings.FieldsFunc(words[i], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for j, word := range all {
			code := strings.ToUpper(word)
			if len(code) == 1 && j+1 < len(all) { // "F 81001", "F-81001"
				code += all[j+1]
			}
			if notation.IsPractice(code) || notation.IsBranch(code) {
				f.add(path+field, "%s is a practice's code, and "+oneAnswers, code)
				break
			}
		}
	}
}

// practicesNamed refuses practices by name, as the register has them, as the voters and among the options of such votes:
// alone, or set apart from other words, as where it is.
func (p *publishing) practicesNamed(a *v1.Advisory) {
	apart := func(r rune) bool { return strings.ContainsRune(",;:()–—/", r) }
	for i, v := range a.GetVotes() {
		if !tellsOfPractices(v) {
			continue
		}
		fields, words := []string{".voters"}, []string{v.GetVoters()}
		for j, o := range v.GetOptions() {
			fields, words = append(fields, at(".options", j)+".words"), append(words, o.GetWords())
		}
		for j, field := range fields {
			for _, name := range append([]string{words[j]}, strings.FieldsFunc(words[j], apart)...) {
				if code := p.Register.PracticeNamed(strings.TrimSpace(name)); code != "" {
					p.add(at("votes", i)+field, "“%s” is a practice by the register (%s), and "+oneAnswers, clip(strings.TrimSpace(name)), code)
					break
				}
			}
		}
	}
}

// votingFigure is a figure of a vote, by its field, and what it is a part of; nil: of nothing that is told.
type votingFigure struct {
	field  string
	figure *v1.Figure
	of     *votingFigure
	option *v1.VoteOption // whose it is; nil: it is none's
}

func figuresOf(v *v1.Vote) []votingFigure {
	votedOf := votersOf(v)
	all := []votingFigure{
		{"asked", v.GetAsked(), nil, nil},
		{"answered", v.GetAnswered(), askedOf(v), nil},
		{"votes_for", v.GetVotesFor(), votedOf, nil},
		{"votes_against", v.GetVotesAgainst(), votedOf, nil},
		{"abstained", v.GetAbstained(), votedOf, nil},
	}
	for i, o := range v.GetOptions() {
		all = append(all, votingFigure{at("options", i) + ".figure", o.GetFigure(), votedOf, o})
	}
	return slices.DeleteFunc(all, func(f votingFigure) bool { return f.figure == nil })
}

// votersOf is of how many a vote was cast: of those who answered, else, where that is not told, of those
// who were asked, who are no fewer.
func votersOf(v *v1.Vote) *votingFigure {
	if v.GetAnswered() != nil {
		return &votingFigure{field: "answered", figure: v.GetAnswered(), of: askedOf(v)}
	}
	return askedOf(v)
}

func askedOf(v *v1.Vote) *votingFigure {
	if v.GetAsked() == nil {
		return nil
	}
	return &votingFigure{field: "asked", figure: v.GetAsked()}
}

// count is a figure as a count: what is printed, or what its share of a count comes to, or of a share of
// one.
func (f *votingFigure) count() (n int, known bool) {
	if f == nil {
		return 0, false
	}
	if !f.isShare() {
		return int(f.figure.GetCount()), f.figure.GetPublished() != nil
	}
	share, err := strconv.ParseFloat(f.figure.GetPercentage(), 64)
	of, whole := f.of.count()
	if err != nil || !whole || !percentage.MatchString(f.figure.GetPercentage()) {
		return 0, false
	}
	return int(math.Round(share * float64(of) / 100)), true
}

// isShare: it is printed as a percentage.
func (f *votingFigure) isShare() bool {
	_, share := f.figure.GetPublished().(*v1.Figure_Percentage)
	return share
}

// between is what a figure is at least and at most, given that a share is rounded to its last place.
func (f *votingFigure) between() (least, most float64, known bool) {
	if _, known = f.count(); !known {
		return 0, 0, false
	}
	if !f.isShare() {
		return float64(f.figure.GetCount()), float64(f.figure.GetCount()), true
	}
	share, _ := strconv.ParseFloat(f.figure.GetPercentage(), 64)
	ofLeast, ofMost, _ := f.of.between()
	half := f.half()
	return max(share-half, 0) * ofLeast / 100, min(share+half, 100) * ofMost / 100, true
}

// half is by how much a share may be rounded.
func (f *votingFigure) half() float64 {
	_, decimals, _ := strings.Cut(f.figure.GetPercentage(), ".")
	return 0.5 / math.Pow10(len(decimals))
}

// whole is between, of practices or GPs, who come whole.
func (f *votingFigure) whole() (least, most int, known bool) {
	x, y, known := f.between()
	const slack = 1e-9 // of a share, by the way it is worked out
	return int(math.Ceil(x - slack)), int(math.Floor(y + slack)), known
}

// others is how many of those a figure is a part of are not in it, at least.
func (f *votingFigure) others() int {
	if f.isShare() { // of the same number
		x, _, _ := f.of.between()
		share, _ := strconv.ParseFloat(f.figure.GetPercentage(), 64)
		return int(math.Ceil(x*max(100-share-f.half(), 0)/100 - 1e-9))
	}
	_, most, _ := f.whole()
	least, _, _ := f.of.whole()
	return max(least-most, 0)
}

// figures checks the figures of one vote. Of practices and GPs none may be so small, nor leave
// so few others, that who they are could be found out (at least 5), by the least that a share can mean.
func (f *faults) figures(path string, v *v1.Vote) {
	var votes, options []votingFigure // for, against and abstained; several options may have been ticked
	for _, one := range figuresOf(v) {
		field := path + "." + one.field
		switch printed := one.figure.GetPublished().(type) {
		case *v1.Figure_Count:
			if printed.Count < 0 {
				f.add(field, "is %d: a count is 0 or more", printed.Count)
			}
		case *v1.Figure_Percentage:
			if !percentage.MatchString(printed.Percentage) {
				f.add(field, "%q is no percentage: write it as printed, from 0 to 100 with at most two decimals (98.3)", clip(printed.Percentage))
			}
		default:
			f.add(field, "is empty: write a count or a percentage, or leave it out")
		}
		n, _, known := one.whole()
		atMost := one.isShare() && v.GetAnswered() == nil // a share of those who answered, who are no more than were asked
		_, of, whole := one.of.whole()
		if known && whole && n > of {
			f.add(field, "is %d, more than the %d it is a part of: check both", n, of)
		}
		if one.of != nil && one.figure != v.GetAnswered() && known && !atMost {
			if one.option != nil {
				options = append(options, one)
			} else {
				votes = append(votes, one)
			}
		}
		if !countsPeople(v) || !known {
			continue
		}
		switch {
		case n < smallest:
			f.add(field, "tells of fewer than %d practices or GPs, who "+foundOut+": leave it out", smallest)
		case whole && !atMost && n <= of && one.others() < smallest:
			f.add(field, "leaves fewer than %d others, who "+foundOut+": leave it out", smallest)
		}
	}
	shares := 0.0 // of one and the same number: an answer among options may be one of several
	for _, one := range []*v1.Figure{v.GetVotesFor(), v.GetVotesAgainst(), v.GetAbstained()} {
		share, _ := strconv.ParseFloat(one.GetPercentage(), 64)
		shares += share
	}
	if shares > 100+1.5 { // each of three may be rounded up by half a percent
		f.add(path, "for, against and abstained come to %s%%, over 100%%: check the figures", strconv.FormatFloat(shares, 'f', -1, 64))
	}
	f.sum(path, v, votes, true)
	f.sum(path, v, options, false)
	if len(votes) > 0 && len(options) > 0 {
		f.sum(path, v, append(votes, options...), false)
	}
}

// sum checks that some figures leave nobody who could be found out, were each vote in one of them; and, where
// it is, apart, that they are no more than could vote.
func (f *faults) sum(path string, v *v1.Vote, parts []votingFigure, apart bool) {
	ofLeast, of, whole := votersOf(v).whole()
	if !whole || len(parts) < 2 {
		return
	}
	least, most := 0, 0
	for _, one := range parts {
		x, y, _ := one.whole()
		least, most = least+x, most+y
	}
	left := of - least
	if least == most && ofLeast < of { // counts of a share: the fewest it can leave
		left = max(ofLeast-most, min(left, 1))
	}
	switch {
	case left < 0 && apart:
		f.add(path, "counts %d votes of %d who could cast one: check the figures", least, of)
	case countsPeople(v) && left > 0 && left < smallest:
		f.add(path, "leaves %d who voted otherwise, or not at all, and "+foundOut+": leave one of the figures out", left)
	}
}

// FigureWords is a figure as it was published: "1,798" or "35%".
func FigureWords(figure *v1.Figure) string {
	switch printed := figure.GetPublished().(type) {
	case *v1.Figure_Count:
		return notation.Thousands(int64(printed.Count))
	case *v1.Figure_Percentage:
		return printed.Percentage + "%"
	}
	return ""
}
