package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// search finds letters and matters by words.
func (s *site) search(r *http.Request) (answer, error) {
	q := r.URL.Query()
	of := struct {
		Query, Words string
		Hits         []hit
		Found        int32
		Next         string
	}{Query: q.Get("q")}
	data := page{Title: "Search"}
	switch asks := strings.TrimSpace(of.Query) != ""; {
	case asks:
	case asksJSON(r):
		return answer{}, fault.New(fault.ErrInvalid, "nothing is looked for", "put words behind ?q=")
	default:
		data.Of, data.Notices = of, s.notices(r)
		return answer{page: "search", data: data}, nil
	}
	resp, err := ask[answersv1.SearchResponse](r, s, &answersv1.SearchRequest{Query: of.Query, Office: q.Get("office"), Committee: q.Get("committee"), Matter: q.Get("matter"), PageToken: q.Get("from")})
	if err != nil {
		return answer{}, err
	}
	of.Words, of.Found, of.Next = resp.GetWords(), resp.GetFound(), further(r, resp.GetNextPageToken())
	for _, h := range resp.GetHits() {
		one := hit{Title: notation.Capital(cmp.Or(strings.TrimSpace(plain.OneLine(h.GetTitle())), "without a title")), Day: plain.ShortRange(h.GetIssued()), Name: h.GetEntry(), Address: "/letters/" + h.GetEntry(), Words: plain.HitWords(h, resp.GetNames()), Stands: h.GetStands()}
		if h.GetKind() == ledgerv1.EntryKind_ENTRY_KIND_MATTER && len(h.GetMatters()) > 0 {
			one.Address = "/matters/" + h.GetMatters()[0]
		}
		if len(h.GetFragments()) > 0 {
			one.Pieces = h.GetFragments()[0].GetPieces()
		}
		for _, n := range h.GetNotices() {
			if !slices.Contains(data.Notices, n) {
				data.Notices = append(data.Notices, n)
			}
		}
		of.Hits = append(of.Hits, one)
	}
	data.Notices = s.noticesOr(r, data.Notices, len(of.Hits))
	data.Title, data.Warnings, data.Of = "Search: "+notation.Clip(of.Query, 60), warnings(resp.GetCompleteness()), of
	return answer{page: "search", json: resp, data: data}, nil
}

// hit is what a search found.
type hit struct {
	Title, Day, Name, Address, Words string
	Stands                           bool
	Pieces                           []*answersv1.Piece
}
