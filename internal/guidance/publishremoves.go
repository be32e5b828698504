package guidance

import (
	"context"

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
		if ended := p.standing.Entry(name); ended != nil && without.EndOf(*ended, p.Today, p.findMatter).Current && !p.standing.EndOf(*ended, p.Today, p.findMatter).Current {
			p.add("entry", "%s, which it ended, would stand again without it: withdraw that first (lmc withdraw %s --reason …), or publish a letter that replaces both", name, name)
		}
	}
	p.consequence(&answersv1.Consequence{Kind: answersv1.ConsequenceKind_CONSEQUENCE_KIND_TAKES_DOWN, Entry: entry, Day: p.Today}, target.Advisory.GetTitle(), target.Issued())
	if err := p.done("taking down"); err != nil {
		return nil, Preview{}, err
	}
	today := &v1.DayRange{Earliest: p.Today, Latest: p.Today}
	return &Erasure{Of: entry, Reason: reason, Matters: MattersOf(*target), Committees: CommitteesOf(*target), Issued: today}, p.Preview, nil
}

// RemovedWords say to people by whom an entry was taken down, when and why, by what took it down.
func RemovedWords(by *Entry, office string) string {
	return "Removed by " + office + " on " + RangeWords(by.Issued()) + " (" + by.ID + "): “" + tidy(by.Erasure.Reason) + "”. What was saved elsewhere cannot be called back."
}
