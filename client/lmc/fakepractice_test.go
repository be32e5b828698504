package main

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/wire"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// GetPracticePage knows F81001, which is North Essex's; F81002, which two LMCs say is theirs and which
// has more matters than a page has; F81003, which closed; F81004, of which something is insisted on; and no other.
func (n *fakeNode) GetPracticePage(_ context.Context, req *answersv1.GetPracticePageRequest) (*answersv1.GetPracticePageResponse, error) {
	code := notation.PracticeCode(req.GetPractice())
	if err := guidance.ParsePractice(code); err != nil {
		return nil, wire.Status(fault.New(fault.ErrInvalid, err.Error(), "a practice code is one letter and five digits, for example F81001"))
	}
	view := essexView(&answersv1.Selector{Practice: "F81001", OnDay: req.GetOnDay()})
	view.Committees, view.OtherBodies, view.Completeness = view.GetCommittees()[:1], nil, nil
	if view.GetAsOf() < "2021-10-25" {
		view.Committees[0].Headline = line("north-essex", essexPlace, nil, answersv1.LineState_LINE_STATE_NO_LINE)
	}
	page := &answersv1.GetPracticePageResponse{
		Practice: code, AsOf: view.GetAsOf(), KnownAtFeed: 41, Notices: []string{notice}, Completeness: allHere(), Matters: []*answersv1.CombinedView{view},
	}
	north := &answersv1.PracticeCommittee{
		Committee: &guidancev1.Committee{Id: "north-essex", Name: essexPlace}, Office: "essex", OfficeName: "Essex LMCs", Contact: essexContact(),
	}
	keeper := &guidancev1.Office{Id: "gpc-england", Name: "GPC England", Contact: &guidancev1.Contact{Name: "GPC England", Email: "office@gpc.example"}}
	switch code {
	case "F81001":
		page.Committees, page.Words = []*answersv1.PracticeCommittee{north}, "Practice F81001 belongs to North Essex LMC."
	case "F81002":
		south := proto.CloneOf(north)
		south.Committee = &guidancev1.Committee{Id: "south-essex", Name: "South Essex LMC"}
		page.Committees, page.Words = []*answersv1.PracticeCommittee{north, south}, "Practice F81002 belongs to North Essex LMC and South Essex LMC."
		view.Committees = append(view.Committees, own("south-essex", "South Essex LMC", true))
		page.Others, page.OfOthers, page.NextPageToken = []*answersv1.MatterInBrief{picture.InBrief(view, "2021-10-28")}, 1, "more"
		if req.GetPageToken() != "" {
			page = &answersv1.GetPracticePageResponse{Practice: code, AsOf: view.GetAsOf(), Others: page.Others, Completeness: allHere()}
			page.Others[0].Name, page.Others[0].Title, page.Others[0].DueDay = "gpc-england/older", "An earlier matter", ""
		}
	case "F81004": // insists on something, beside which others are more pressing
		page.Committees, page.Words = []*answersv1.PracticeCommittee{north}, "Practice F81004 belongs to North Essex LMC."
		if req.GetPageSize() > 0 {
			page.Others, page.Matters = []*answersv1.MatterInBrief{picture.InBrief(view, "2021-10-28")}, nil
			page.Others[0].Insists = true
		}
	case "F81003":
		north.Until = "2021-09-30"
		page.Committees, page.Ask = []*answersv1.PracticeCommittee{north}, keeper
		page.Words = "Practice F81003 is in this register, in Mid Essex (sub-icb:06Q until 30 September 2021), and in no area of it on 28 October 2021. It belonged to North Essex LMC until 30 September 2021, and since 1 October 2021 to no LMC of this register. Ask your own LMC."
		view.Committees = nil
	default:
		page.Words, page.Ask = "Practice "+code+" is not in this register, so your LMC is not known here. Check the code, or name your committee.", keeper
		view.Committees = nil
	}
	if req.GetSince() != nil {
		var err error
		if page.Changes, err = essexMoved(&answersv1.Selector{Practice: code}, req.GetSince()); err != nil {
			return nil, wire.Status(err)
		}
		page.Changes.Changes[0].Words = strings.TrimSpace(page.Changes.Changes[0].Words)
	}
	return page, nil
}
