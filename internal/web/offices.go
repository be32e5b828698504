package web

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/feeds"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// offices lists the offices of the register, with for whom each speaks and how to ring it.
func (s *site) offices(r *http.Request) (answer, error) {
	resp, err := ask[answersv1.GetRegisterResponse](r, s, &answersv1.GetRegisterRequest{PageSize: 1})
	if err != nil {
		return answer{}, err
	}
	sec := section{}
	for _, o := range resp.GetOffices() {
		sec.Pieces = append(sec.Pieces, piece{Kind: "office", Words: template.HTML(template.HTMLEscapeString(o.GetOffice().GetName())), Entry: "/offices/" + o.GetOffice().GetId(), Items: []template.HTML{linker{}.html(speaksFor(resp, o)), linker{}.html(plain.ContactWords(o.GetOffice().GetContact()))}}) //nolint:gosec // escaped
	}
	return answer{page: "blocks", json: resp, data: page{Title: "Offices", Notices: s.notices(r), Warnings: warnings(resp.GetCompleteness()), Sections: []section{sec}, Of: blocksOf{Intro: "Who publishes here, for whom, and how to ring them."}}}, nil
}

func speaksFor(resp *answersv1.GetRegisterResponse, o *answersv1.RegisteredOffice) string {
	var names []string
	for _, id := range o.GetCommittees() {
		i := slices.IndexFunc(resp.GetCommittees(), func(c *guidancev1.Committee) bool { return c.GetId() == id })
		if i >= 0 {
			names = append(names, resp.GetCommittees()[i].GetName())
		}
	}
	if len(names) == 0 {
		return "Speaks for no committee today"
	}
	return "Speaks for " + notation.Names(names)
}

// office is one office: who they are, for whom they speak, how to ring, their keys as words, and their letters.
func (s *site) office(r *http.Request) (answer, error) {
	id, form, err := cut(r.PathValue("office"), asJSON, asAtom)
	if err != nil {
		return answer{}, err
	}
	resp, err := ask[answersv1.GetRegisterResponse](r, s, &answersv1.GetRegisterRequest{PageSize: 1})
	if err != nil {
		return answer{}, err
	}
	i := slices.IndexFunc(resp.GetOffices(), func(o *answersv1.RegisteredOffice) bool { return o.GetOffice().GetId() == id })
	if i < 0 {
		return answer{}, fault.New(fault.ErrUnknownOffice, fmt.Sprintf("no office %q is in the register", notation.Clip(id, 64)), "the page of offices lists them")
	}
	o := resp.GetOffices()[i]
	list, err := ask[answersv1.ListEntriesResponse](r, s, &answersv1.ListEntriesRequest{Office: id, PageSize: officeShown, Kinds: feeds.LetterKinds, PageToken: r.URL.Query().Get("from")})
	if err != nil {
		return answer{}, err
	}
	switch form {
	case asJSON:
		return answer{json: list}, nil
	case asAtom:
		return s.feed(r, feeds.Of{Office: id}, id)
	}
	of := listing{Letters: lettersOf(list), Next: further(r, list.GetNextPageToken())}
	add := func(lead string, words ...string) {
		one := row{Lead: lead}
		for _, w := range words {
			if w != "" {
				one.Words = append(one.Words, linker{}.html(w))
			}
		}
		if one.Words != nil {
			of.Rows = append(of.Rows, one)
		}
	}
	add("For whom", speaksFor(resp, o))
	add("Ring", plain.ContactWords(o.GetOffice().GetContact()))
	add("Its root key, as words to read out", o.GetRootFingerprint())
	add("The keys of its log", o.GetVkeys()...)
	return answer{page: "home", json: list, data: page{
		Title: o.GetOffice().GetName(), Warnings: warnings(list.GetCompleteness()), Notices: noticesOf(list.GetEntries()), Back: "/offices/" + id,
		Formats: []link{{"Letters for a feed reader", "/offices/" + id + asAtom}, {"JSON", "/offices/" + id + asJSON}}, Of: of,
	}}, nil
}
