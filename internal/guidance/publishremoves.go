package guidance

import (
	"context"
	"slices"

	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// CheckTakeDown says whether an advisory or report of this office may be taken down today, for a reason, and what of
// it stays known: domain.md 4.11. What nobody can read any more must not be what readers go by: it must have ended
// before, and what it ended must not stand again without it. request is what was asked, whose size is limited;
// results as CheckPublish.
func CheckTakeDown(ctx context.Context, request proto.Message, entry, reason string, known PublishContext) (*Erasure, Preview, error) {
	p, err := known.begin(ctx, "taking down", request, "")
	if err != nil {
		return nil, Preview{}, err
	}
	if p.line("reason", reason, TextLimit); reason == "" {
		p.add("reason", "is empty: say in plain words why it is removed, and name nobody")
	}
	p.patients(request)
	target := p.standing.Entry(entry)
	switch {
	case target == nil || target.Advisory == nil && target.Report == nil:
		p.add("entry", "%s is no letter or report of which the words are here: lmc advisory %s says what it is", clip(entry), clip(entry))
	case target.Office != p.Office:
		p.addKind(ErrNotEntitled, "entry", "%s stands in the log of %s, which alone can take it down: ask that office", entry, target.Office)
	}
	if err := p.done("taking down"); err != nil {
		return nil, Preview{}, err
	}
	if target.Advisory != nil && p.standing.EndOf(*target, p.Today, p.findMatter).Current {
		p.add("entry", "%s still stands: publish a letter that replaces it, or withdraw it (lmc withdraw %s --reason …), and take it down then, so that readers are told what holds in its place", entry, entry)
	}
	without := p.standing.Without(ctx, entry)
	for _, name := range Ends(*target) {
		if ended := p.standing.Entry(name); ended != nil {
			p.standsAgain(without, ended)
		}
	}
	p.consequence(&answersv1.Consequence{Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_TAKES_DOWN, Entry: entry, Day: p.Today}, target.Advisory.GetTitle(), target.Issued())
	if err := p.done("taking down"); err != nil {
		return nil, Preview{}, err
	}
	p.persons(sayings("", reason), nil)
	today := &v1.DayRange{Earliest: p.Today, Latest: p.Today}
	return &Erasure{Of: entry, Reason: reason, Matters: MattersOf(*target), Committees: CommitteesOf(*target), Issued: today}, p.Preview, nil
}

// standsAgain refuses where something of an entry would stand again without what is taken down: all of it for a
// committee, a line on some question, or a request, which a correction alone may have taken the place of.
func (p *publishing) standsAgain(without *Prepared, ended *Entry) {
	var all, committees []string
	line, asks := false, grouped[string, string]{}
	for i, c := range CommitteesOf(*ended) {
		if repeats(CommitteesOf(*ended), i) || p.standing.stopped() {
			continue
		}
		committees = append(committees, c)
		is, _ := p.standing.standingFor(ended, c, p.Today, p.findMatter)
		then, _ := without.standingFor(ended, c, p.Today, p.findMatter)
		if then.Current && !is.Current {
			all = append(all, c)
			continue
		}
		for _, s := range p.standing.byEntry.of(ended.ID) {
			if !slices.Contains(s.position.GetCommittees(), c) {
				continue
			}
			fates := p.standing.fatesOf(s, c, p.Today, p.findMatter)
			for i, f := range without.fatesOn(p.standing.questionsOf(s, c, p.Today, p.findMatter), s, p.Today) {
				line = line || f.ends == nil && fates[i].ends != nil
			}
		}
		for _, action := range Actions(ended.Advisory) {
			for _, carrier := range without.carriersOf(ended, action, c, p.findMatter) {
				fates := without.fatesOf(carrier.assertion, c, p.Today, p.findMatter)
				again := func(f fate) bool {
					_, was := p.standing.corrected(f.query, carrier.assertion, carrier.action)
					_, in := without.corrected(f.query, carrier.assertion, carrier.action)
					return f.ends == nil && in.entry.ID == ended.ID && was.entry.ID != ended.ID
				}
				if slices.ContainsFunc(without.aboutAction(fates, action), again) {
					asks.add(askWords(action), c)
				}
			}
		}
	}
	if len(all) > 0 {
		p.add("entry", "%s, which it ended, would stand again without it%s: withdraw that first (lmc withdraw %s --reason …), or publish a letter that replaces both", ended.ID, p.standing.forSome(all, committees), ended.ID)
	}
	if line {
		p.add("entry", "%s, which it ended in part, would stand there again without it: publish a letter first that amends %s too and says there what holds, or one that replaces %s", ended.ID, ended.ID, ended.ID)
	}
	for _, words := range asks.keys {
		p.add("entry", "%s, which it ended, would ask “%s” again without it: publish a letter first that amends %s too and says what is asked instead, or one that replaces %s", ended.ID, words, ended.ID, ended.ID)
	}
}

// RemovedWords say to people by whom an entry was taken down, when and why, by what took it down.
func RemovedWords(by *Entry, office string) string {
	return "Removed by " + office + " on " + RangeWords(by.Issued()) + " (" + by.ID + "): “" + tidy(by.Erasure.Reason) + "”. What was saved elsewhere cannot be called back."
}
