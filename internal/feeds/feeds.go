// Package feeds knows what other programs follow: the newest letters of an office, on a matter or for a practice as a
// feed, and a practice's own deadlines as events of a calendar.
//
// It asks a Source, which may be a client or a node, and writes no file: packages atom and calendar have the formats.
package feeds

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/atom"
	"github.com/lmcfed/lmcfed/internal/calendar"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Source answers what the read services of a node answer: a node from its data, a client by asking its node.
type Source interface {
	// Ask answers req into resp, by the method of the read services that takes such a request.
	Ask(ctx context.Context, req, resp proto.Message) error
}

// LetterKinds are the kinds of entries that people call letters.
var LetterKinds = []ledgerv1.EntryKind{
	ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL, ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION,
}

// Of is what a feed is of: one of its fields is set.
type Of struct{ Office, Matter, Practice string }

// Letters are the newest letters as a feed, so many at most: each with what it says, whether that still stands, and its
// page. words tells whoever asks what could not be found; usually empty.
func Letters(ctx context.Context, src Source, of Of, limit int32, software string) (feed atom.Feed, words string, err error) {
	reg, list := &answersv1.GetRegisterResponse{}, &answersv1.ListEntriesResponse{}
	if err = src.Ask(ctx, &answersv1.GetRegisterRequest{PageSize: 1}, reg); err != nil {
		return feed, "", err
	}
	if err = src.Ask(ctx, &answersv1.ListEntriesRequest{
		Selector: &answersv1.Selector{Matter: of.Matter, Practice: of.Practice}, Office: of.Office, PageSize: limit, Kinds: LetterKinds,
	}, list); err != nil {
		return feed, "", err
	}
	names := list.GetNames()
	feed.Generator, feed.Version = "lmc", software
	switch {
	case of.Office != "":
		feed.Of, feed.Title = "office "+of.Office, "Letters of "+cmp.Or(names.GetOffices()[of.Office], of.Office)
	case of.Matter != "":
		feed.Of, feed.Title = "matter "+list.GetMatter(), "Letters on “"+cmp.Or(names.GetMatters()[list.GetMatter()].GetTitle(), list.GetMatter())+"”"
	default:
		feed.Of, feed.Title = "practice "+of.Practice, "Letters for practice "+of.Practice
	}
	feed.Of = reg.GetFederation() + " " + feed.Of
	notices := []string{list.GetWords(), list.GetCompleteness().GetWords()}
	for _, e := range list.GetEntries() {
		for _, notice := range e.GetNotices() {
			if !slices.Contains(notices, notice) {
				notices = append(notices, notice)
			}
		}
		whole := &answersv1.GetEntryResponse{}
		if err = src.Ask(ctx, &answersv1.GetEntryRequest{Name: e.GetName()}, whole); err != nil {
			return feed, "", err
		}
		p := plain.New(plain.Width)
		p.Entry(whole.GetEntry(), whole.GetNames())
		feed.Entries = append(feed.Entries, atom.Entry{
			Commitment: whole.GetEntry().GetHeader().GetCommitment(), Title: plain.EntryTitle(whole.GetEntry()), Author: cmp.Or(names.GetOffices()[e.GetOffice()], e.GetOffice()),
			Logged:  e.GetLoggedTime().AsTime(),
			Summary: strings.Join(append([]string{whole.GetEntry().GetWords()}, plain.SaidWords(e, list, "")...), "\n"),
			Text:    p.String(),
		})
	}
	feed.Subtitle = notation.Joined(" ", notices...)
	return feed, list.GetWords(), nil
}

// Deadlines are the own deadlines of a practice on every open matter of its page, soonest first, and in words those
// without a day that is known here. onDay is the day that the page was asked for; empty: today.
func Deadlines(ctx context.Context, src Source, page *answersv1.GetPracticePageResponse, onDay string) (events []calendar.Event, undated []string, err error) {
	views := page.GetMatters()
	for _, one := range page.GetOthers() {
		if one.GetDueDay() == "" {
			continue
		}
		view := &answersv1.GetCombinedViewResponse{}
		if err := src.Ask(ctx, &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: one.GetName(), Practice: page.GetPractice(), OnDay: onDay}}, view); err != nil {
			return nil, nil, err
		}
		views = append(views, view.GetView())
	}
	for _, view := range views {
		for _, due := range plain.DueOf(view) {
			if due.Day == "" {
				undated = append(undated, due.Words+" ("+notation.Joined("; ", append([]string{due.Title}, due.Letters...)...)+")")
				continue
			}
			events = append(events, calendar.Event{
				Day: due.Day, Summary: notation.Capital(due.Words), Same: []string{page.GetPractice(), due.Matter, due.Day, due.Words},
				Description: notation.Joined("\n",
					due.Notice, due.Title+" ("+due.Matter+")", "Letter: "+cmp.Or(strings.Join(due.Letters, "; "), "none: a date of the matter"),
					"Practice "+page.GetPractice()+". Each practice decides for itself. This is not legal advice.",
				),
			})
		}
	}
	slices.SortStableFunc(events, func(x, y calendar.Event) int { return strings.Compare(x.Day, y.Day) })
	return events, undated, nil
}
