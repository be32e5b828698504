package picture

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// VotesAsked says which votes are wanted, and what is known to tell of them. What is empty limits nothing.
type VotesAsked struct {
	// Matter is their matter, by its full name, Measure the measure of it that they are on; Whole: they
	// are on the whole of it.
	Matter, Measure string
	Whole           bool
	// Committees are those whose they are, or whose letters pass them on.
	Committees []string
	// Kinds are what they may be.
	Kinds []guidancev1.VoteKind
	// All has those too of letters that do not stand.
	All bool
	// AsOf is the day, YYYY-MM-DD.
	AsOf string
	// Register names committees.
	Register guidance.Register
	// Matters knows a matter by its full name; nil: not known.
	Matters func(name string) *guidancev1.Matter
}

// Votes are the votes that letters tell of, some of what was prepared, in any order: those that were asked
// the same together, the question that was last put first; of one question the earliest first. A vote
// of which several letters of one committee tell alike is told once. Nothing is worked out from figures,
// and nothing counted. Letters dated ahead tell of none yet.
func Votes(prepared *guidance.Prepared, letters []guidance.Entry, asked VotesAsked) []*answersv1.ToldVote {
	letters = slices.SortedFunc(slices.Values(letters), byIssue)
	var all []*answersv1.ToldVote
	known := map[string]*answersv1.ToldVote{} // by all that makes it that vote
	for _, e := range letters {
		if e.Issued().GetLatest() > asked.AsOf {
			continue
		}
		for _, told := range asked.toldBy(prepared, e) {
			key := keyOfVote(told)
			before := known[key]
			if before == nil {
				known[key], all = told, append(all, told)
				continue
			}
			if !slices.Contains(before.AlsoIn, e.ID) && before.Entry != e.ID {
				before.AlsoIn = append(before.AlsoIn, e.ID)
			}
			for _, position := range told.Positions {
				position.Entry, position.Issued = e.ID, e.Issued()
				before.Positions = append(before.Positions, position)
			}
			for _, on := range told.Measures {
				if !slices.ContainsFunc(before.Measures, func(o *answersv1.MeasureOfVote) bool { return proto.Equal(o, on) }) {
					before.Measures = append(before.Measures, on)
				}
			}
		}
	}
	return byQuestion(all)
}

// VotingLetters is how many letters of one office it is looked into for votes, the newest: whoever tells
// of thousands buries nobody else's.
const VotingLetters = 64

// NewestVoting are the newest letters of each office among some, issued by a day, and how many more there are.
func NewestVoting(letters []guidance.Entry, asOf string) (newest []guidance.Entry, more int) {
	of := map[string]int{}
	for _, e := range slices.Backward(slices.SortedFunc(slices.Values(letters), byIssue)) {
		if e.Issued().GetLatest() > asOf {
			continue
		}
		if of[e.Office]++; of[e.Office] > VotingLetters {
			more++
			continue
		}
		newest = append(newest, e)
	}
	return newest, more
}

// byIssue sorts letters by their day of issue, then as they stand in their logs.
func byIssue(a, b guidance.Entry) int {
	return cmp.Or(cmp.Compare(a.Issued().GetLatest(), b.Issued().GetLatest()), cmp.Compare(a.Office, b.Office), cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Index, b.Index))
}

// toldBy are the votes that one letter tells of.
func (asked VotesAsked) toldBy(prepared *guidance.Prepared, e guidance.Entry) (all []*answersv1.ToldVote) {
	var stand map[int]bool // its positions that do, worked out where one rests on a vote
	for _, vote := range e.Advisory.GetVotes()[:min(len(e.Advisory.GetVotes()), guidance.ListLimit)] {
		if !guidance.IsVote(vote, e.Visibility) || len(asked.Kinds) > 0 && !slices.Contains(asked.Kinds, vote.GetKind()) {
			continue
		}
		told := &answersv1.ToldVote{Vote: vote, Entry: e.ID, Office: e.Office, Title: e.Advisory.GetTitle(), Issued: e.Issued(), Words: guidance.VoteWords(vote)}
		speaks := guidance.CommitteesOf(e)
		onWhole := false // of the matter asked about
		if resting := guidance.RestingOn(e.Advisory, vote); len(resting) > 0 {
			speaks = nil
			if stand == nil {
				stand = prepared.Standing(e, asked.AsOf, asked.Matters)
			}
			for _, position := range resting {
				addNew(&speaks, position.GetCommittees()...)
				addNew(&told.Matters, position.GetMatter())
				on := &answersv1.MeasureOfVote{Matter: position.GetMatter(), Measure: position.GetMeasure()}
				onWhole = onWhole || position.GetMatter() == asked.Matter && position.GetMeasure() == ""
				if on.Measure != "" && !slices.ContainsFunc(told.Measures, func(o *answersv1.MeasureOfVote) bool { return proto.Equal(o, on) }) {
					told.Measures = append(told.Measures, on)
				}
				told.Positions = append(told.Positions, &answersv1.VotePosition{
					Matter: position.GetMatter(), Measure: position.GetMeasure(), Committees: position.GetCommittees(), Stance: position.GetStance(),
					Stands: stand[slices.Index(e.Advisory.GetPositions(), position)],
				})
			}
		} else {
			told.Matters, onWhole = guidance.MattersOf(e), true
		}
		onIt := func(o *answersv1.MeasureOfVote) bool {
			return o.GetMatter() == asked.Matter && o.GetMeasure() == asked.Measure
		}
		if asked.Matter != "" && !slices.Contains(told.Matters, asked.Matter) || asked.Whole && !onWhole || asked.Measure != "" && !slices.ContainsFunc(told.Measures, onIt) {
			continue
		}
		told.Committees = speaks
		if whose, passedOn := guidance.PassesOn(e.Advisory, vote); passedOn {
			told.Committees, told.ReportedBy = nil, speaks
			addNew(&told.Committees, whose)
		}
		isOf := func(c string) bool { return slices.Contains(told.Committees, c) || slices.Contains(speaks, c) }
		if len(asked.Committees) > 0 && !slices.ContainsFunc(asked.Committees, isOf) || !asked.stands(prepared, e, told, speaks) {
			continue
		}
		for _, c := range told.Committees {
			told.CommitteeNames = append(told.CommitteeNames, cmp.Or(asked.Register.CommitteeName(c), c))
		}
		all = append(all, told)
	}
	return all
}

// stands notes for whom of those that tell of a vote their letter stands, and says whether it is wanted.
func (asked VotesAsked) stands(prepared *guidance.Prepared, e guidance.Entry, told *answersv1.ToldVote, speaks []string) bool {
	var standing, words []string
	whose := map[string][]string{} // by why the letter does not stand for them
	for _, c := range speaks {
		stands, why := prepared.StandsAsLetter(e, c, asked.AsOf)
		if stands {
			standing = append(standing, c)
			continue
		}
		if whose[why] == nil {
			words = append(words, why)
		}
		whose[why] = append(whose[why], cmp.Or(asked.Register.CommitteeName(c), c))
	}
	told.Stands = len(standing) > 0
	for i, why := range words {
		if len(words) > 1 || told.Stands {
			words[i] = "For " + notation.Names(whose[why]) + ": " + notation.Small(why)
		}
	}
	told.Standing = strings.Join(words, " ")
	if told.Stands && len(told.ReportedBy) == 0 {
		told.Committees = standing
	}
	return told.Stands || asked.All
}

func addNew(to *[]string, names ...string) {
	for _, name := range names {
		if name != "" && !slices.Contains(*to, name) {
			*to = append(*to, name)
		}
	}
}

// keyOfVote is what two letters that tell of one vote both have: whose it is, and all that was published of
// it, but for its id and where it was read.
func keyOfVote(told *answersv1.ToldVote) string {
	vote := proto.CloneOf(told.Vote)
	vote.Id, vote.Reference, vote.Question = "", nil, guidance.SameWords(vote.GetQuestion())
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(vote)
	if err != nil {
		return told.Entry + " " + told.Vote.GetId() // it is like no other
	}
	sorted := func(names []string) string { return strings.Join(slices.Sorted(slices.Values(names)), " ") }
	return strings.Join([]string{sorted(told.Committees), sorted(told.ReportedBy), told.Standing, string(b)}, "\n")
}

// byQuestion numbers the questions that were put, by measure or by words, and sorts.
func byQuestion(all []*answersv1.ToldVote) []*answersv1.ToldVote {
	of := make([]int, len(all)) // the first of those that were asked the same
	first := map[string]int{}
	find := func(i int) int {
		for of[i] != i {
			of[i] = of[of[i]]
			i = of[i]
		}
		return i
	}
	for i, told := range all {
		of[i] = i
		keys := []string{"words " + guidance.SameWords(told.Vote.GetQuestion())}
		if len(told.Measures) == 1 { // one on several measures is of none of them
			keys = append(keys, "measure "+told.Measures[0].GetMatter()+" "+told.Measures[0].GetMeasure())
		}
		for _, key := range keys {
			if at, before := first[key]; before {
				x, y := find(at), find(i)
				of[max(x, y)] = min(x, y)
			} else {
				first[key] = i
			}
		}
	}
	day := func(told *answersv1.ToldVote) string { return guidance.VoteDay(told.Vote, told.Issued).GetLatest() }
	last := map[int]string{}
	group, place := map[*answersv1.ToldVote]int{}, map[*answersv1.ToldVote]int{}
	for i, told := range all {
		group[told], place[told] = find(i), i
		last[find(i)] = max(last[find(i)], day(told))
	}
	slices.SortFunc(all, func(a, b *answersv1.ToldVote) int {
		return cmp.Or(cmp.Compare(last[group[b]], last[group[a]]), cmp.Compare(group[a], group[b]),
			cmp.Compare(day(a), day(b)), cmp.Compare(strings.Join(a.CommitteeNames, " "), strings.Join(b.CommitteeNames, " ")), cmp.Compare(place[a], place[b]))
	})
	n, before := int32(0), -1
	for _, told := range all {
		if group[told] != before {
			n, before = n+1, group[told]
		}
		told.Question = n
	}
	return all
}

// votesBesideMost is how many votes of one committee stand beside its line, the newest.
const votesBesideMost = 8

// votesKey is what the votes of a matter that stand are kept under.
type votesKey struct{ day string }

// votes are all that are told of on the matter by letters that stand.
func (r *resolver) votes() []*answersv1.ToldVote {
	return r.keep(votesKey{r.in.AsOf}, true, func() any {
		for _, c := range r.committees {
			r.restOn(append(r.in.Register.Predecessors(c.GetId()), c.GetId()))
		}
		letters, _ := NewestVoting(r.in.Said.voting, r.in.AsOf)
		return Votes(r.prepared, letters, VotesAsked{
			Matter: r.in.Matter.GetName(), AsOf: r.in.AsOf, Register: r.in.Register,
			Matters: func(name string) *guidancev1.Matter {
				if name != r.in.Matter.GetName() {
					return nil
				}
				return r.in.Matter
			},
		})
	}).([]*answersv1.ToldVote)
}

// votesBeside are the newest votes on a measure of those that a table tells of, and of those that these were merged from
// and that are no more, as they stand there. What is passed on is left out: whose it is tells it.
func (r *resolver) votesBeside(measure string, committees []Committee) (beside []*answersv1.VoteBeside, more int32) {
	onIt := func(on *answersv1.MeasureOfVote) bool {
		return on.GetMatter() == r.in.Matter.GetName() && on.GetMeasure() == measure
	}
	all := r.votes()
	for _, c := range committees {
		var own []*answersv1.VoteBeside
		whose := slices.DeleteFunc(r.in.Register.Predecessors(c.GetId()), func(id string) bool {
			_, is := r.committee(id)
			return is
		})
		isOf := func(id string) bool { return id == c.GetId() || slices.Contains(whose, id) }
		for _, told := range all {
			onWhole := len(told.Positions) == 0 || slices.ContainsFunc(told.Positions, func(p *answersv1.VotePosition) bool {
				return p.GetMatter() == r.in.Matter.GetName() && p.GetMeasure() == ""
			})
			if len(told.ReportedBy) > 0 || !slices.ContainsFunc(told.Committees, isOf) || measure == "" && !onWhole || measure != "" && !slices.ContainsFunc(told.Measures, onIt) {
				continue
			}
			words := told.Words
			if !slices.Contains(told.Committees, c.GetId()) { // it is of those that it was merged from, and never its own
				var of []string
				for _, id := range told.Committees {
					if slices.Contains(whose, id) {
						of = append(of, cmp.Or(r.in.Register.CommitteeName(id), id))
					}
				}
				words = "by " + notation.Names(of) + " before it was merged, " + words
			}
			own = append(own, &answersv1.VoteBeside{
				Committee: c.GetId(), CommitteeName: displayName(c), Entry: told.Entry, Vote: told.Vote.GetId(), Day: guidance.VoteDay(told.Vote, told.Issued), Words: words,
			})
		}
		slices.SortStableFunc(own, func(a, b *answersv1.VoteBeside) int {
			return cmp.Compare(b.GetDay().GetLatest(), a.GetDay().GetLatest())
		})
		few := own[:min(len(own), votesBesideMost)]
		beside, more = append(beside, few...), more+int32(len(own)-len(few))
	}
	return beside, more
}

// VotesOf are the votes that stand beside the line of a committee, in words, with when they were held and
// by which letter.
func VotesOf(t *answersv1.NationalTable, committee string) (all []string) {
	for _, v := range t.GetVotes() {
		if v.GetCommittee() == committee {
			all = append(all, v.GetWords()+" ("+guidance.RangeWords(v.GetDay())+", "+v.GetEntry()+")")
		}
	}
	return all
}
