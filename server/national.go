package server

import (
	"context"
	"fmt"
	"slices"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// defaultNation is the nation a question is about unless it says so.
const defaultNation = "england"

// nationalService folds the positions of every committee.
type nationalService struct {
	nodev1.UnimplementedNationalServiceServer
	n *Node
}

func (s nationalService) GetNationalPicture(_ context.Context, req *answersv1.GetNationalPictureRequest) (*answersv1.GetNationalPictureResponse, error) {
	q, err := s.n.understand(req.Selector)
	if err != nil {
		return nil, err
	}
	in, err := s.n.input(q)
	if err != nil {
		return nil, err
	}
	nation := req.Nation
	if nation == "" {
		nation = defaultNation
	}
	if !slices.ContainsFunc(in.Committees, func(c picture.Committee) bool { return c.Nation == nation }) {
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("the register has no committee of a nation called %q", nation), "a nation is england, scotland, wales or northern-ireland",
			fault.Violation{Field: "nation", Reason: "unknown"})
	}
	return &answersv1.GetNationalPictureResponse{Picture: picture.National(in, req.Unit, nation)}, nil
}
