package server

import (
	"context"

	"github.com/lmcfed/lmcfed/internal/answers"
	"github.com/lmcfed/lmcfed/internal/version"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// MemoryKept is about how many bytes of memory a node keeps of what it has read for answers.
const MemoryKept = answers.MemoryKept

// The services that answer. Each method hands over what was asked and by whom, and
// returns what package answers says.

// readerOf is who calls. Today everybody reads what is PUBLIC, whatever key they show:
// narrower visibility is not exchanged yet (decision 0013).
func readerOf(context.Context) answers.Reader { return answers.Public() }

// guidanceService answers practices and client applications.
type guidanceService struct {
	nodev1.UnimplementedGuidanceServiceServer
	n *Node
}

func (s guidanceService) ListMatters(ctx context.Context, req *answersv1.ListMattersRequest) (*answersv1.ListMattersResponse, error) {
	return s.n.answers.ListMatters(ctx, readerOf(ctx), req)
}

func (s guidanceService) GetMatter(ctx context.Context, req *answersv1.GetMatterRequest) (*answersv1.GetMatterResponse, error) {
	return s.n.answers.GetMatter(ctx, readerOf(ctx), req)
}

func (s guidanceService) GetCombinedView(ctx context.Context, req *answersv1.GetCombinedViewRequest) (*answersv1.GetCombinedViewResponse, error) {
	return s.n.answers.SendCombinedView(ctx, readerOf(ctx), req)
}

func (s guidanceService) GetPracticePage(ctx context.Context, req *answersv1.GetPracticePageRequest) (*answersv1.GetPracticePageResponse, error) {
	return s.n.answers.GetPracticePage(ctx, readerOf(ctx), req)
}

func (s guidanceService) GetEntry(ctx context.Context, req *answersv1.GetEntryRequest) (*answersv1.GetEntryResponse, error) {
	return s.n.answers.GetEntry(ctx, readerOf(ctx), req)
}

func (s guidanceService) ListEntries(ctx context.Context, req *answersv1.ListEntriesRequest) (*answersv1.ListEntriesResponse, error) {
	return s.n.answers.ListEntries(ctx, readerOf(ctx), req)
}

func (s guidanceService) GetProof(ctx context.Context, req *answersv1.GetProofRequest) (*answersv1.GetProofResponse, error) {
	return s.n.answers.GetProof(ctx, readerOf(ctx), req)
}

func (s guidanceService) Verify(ctx context.Context, req *answersv1.VerifyRequest) (*answersv1.VerifyResponse, error) {
	return s.n.answers.Verify(ctx, readerOf(ctx), req)
}

func (s guidanceService) GetChanges(ctx context.Context, req *answersv1.GetChangesRequest) (*answersv1.GetChangesResponse, error) {
	return s.n.answers.GetChanges(ctx, readerOf(ctx), req)
}

func (s guidanceService) Search(ctx context.Context, req *answersv1.SearchRequest) (*answersv1.SearchResponse, error) {
	return s.n.answers.Search(ctx, readerOf(ctx), req)
}

func (s guidanceService) ListVotes(ctx context.Context, req *answersv1.ListVotesRequest) (*answersv1.ListVotesResponse, error) {
	return s.n.answers.ListVotes(ctx, readerOf(ctx), req)
}

// WatchView streams what changes in a view.
func (s guidanceService) WatchView(req *answersv1.WatchViewRequest, stream nodev1.GuidanceService_WatchViewServer) error {
	ctx, done := placed(stream.Context(), (*doors).ofWatches)
	defer done()
	turn := func() (func(), error) { return awaitDearTurn(ctx) }
	return because(ctx, s.n.answers.Watch(ctx, readerOf(ctx), req, turn, stream.Send))
}

// nationalService folds the positions of every committee.
type nationalService struct {
	nodev1.UnimplementedNationalServiceServer
	n *Node
}

func (s nationalService) GetNationalPicture(ctx context.Context, req *answersv1.GetNationalPictureRequest) (*answersv1.GetNationalPictureResponse, error) {
	return s.n.answers.SendNationalPicture(ctx, readerOf(ctx), req)
}

// SaveNationalPicture streams a picture with what it rests on.
func (s nationalService) SaveNationalPicture(req *answersv1.SaveNationalPictureRequest, stream nodev1.NationalService_SaveNationalPictureServer) error {
	ctx, done := placed(stream.Context(), (*doors).ofSaves)
	defer done()
	turn := func() (func(), error) { return awaitDearTurn(ctx) }
	return because(ctx, s.n.answers.SaveNationalPicture(ctx, readerOf(ctx), req, version.Software(), turn, stream.Send))
}

// registerService shows the register.
type registerService struct {
	nodev1.UnimplementedRegisterServiceServer
	n *Node
}

func (s registerService) GetRegister(ctx context.Context, req *answersv1.GetRegisterRequest) (*answersv1.GetRegisterResponse, error) {
	return s.n.answers.GetRegister(ctx, readerOf(ctx), req)
}

func (s registerService) LookUpPractice(ctx context.Context, req *answersv1.LookUpPracticeRequest) (*answersv1.LookUpPracticeResponse, error) {
	return s.n.answers.LookUpPractice(ctx, readerOf(ctx), req)
}

func (s registerService) ListPractices(ctx context.Context, req *answersv1.ListPracticesRequest) (*answersv1.ListPracticesResponse, error) {
	return s.n.answers.ListPractices(ctx, readerOf(ctx), req)
}
