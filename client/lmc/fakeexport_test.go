package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// wholeLog is a page of the node's own log, the newest first, as an export asks for it. An entry that
// another office's log is said to have, and that is not here, comes last.
func (n *fakeNode) wholeLog(req *answersv1.ListEntriesRequest) *answersv1.ListEntriesResponse {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []*answersv1.Entry
	for i, e := range n.entries {
		all = append(all, saidBy(entryName(i), e.msg, e.endedBy))
	}
	slices.Reverse(all)
	all = append(all, &answersv1.Entry{Name: "cambridgeshire/4", Office: "cambridgeshire", Kind: ledgerv1.EntryKind_ENTRY_KIND_ADVISORY})
	complete := allHere()
	complete.Withheld = map[string]int32{"humberside": 2}
	complete.Complete, complete.Words = false, "2 entries of humberside are not for you to read."
	page := &answersv1.ListEntriesResponse{Completeness: complete, Cursor: cursorOf(41), Names: allNames()}
	from, _ := strconv.Atoi(req.GetPageToken())
	to := min(from+int(req.GetPageSize()), len(all))
	if page.Entries = all[from:to]; to < len(all) {
		page.NextPageToken = fmt.Sprint(to)
	}
	return page
}

func (n *fakeNode) ListPractices(context.Context, *answersv1.ListPracticesRequest) (*answersv1.ListPracticesResponse, error) {
	return &answersv1.ListPracticesResponse{Practices: []*guidancev1.Practice{{Code: "F81001", Name: "The Surgery"}}, Total: 1}, nil
}
