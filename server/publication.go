package server

import (
	"context"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/answers"
	"github.com/lmcfed/lmcfed/internal/guidance"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// publicationService writes the office's log for its officers.
type publicationService struct {
	nodev1.UnimplementedPublicationServiceServer
	n *Node
}

func (s publicationService) PublishAdvisory(ctx context.Context, req *nodev1.PublishAdvisoryRequest) (*nodev1.PublishAdvisoryResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	const kind = ledgerv1.EntryKind_ENTRY_KIND_ADVISORY
	content, err := contentOf(kind, req.Advisory)
	if err != nil {
		return nil, err
	}
	first := &guidancev1.Advisory{}
	if standing, err := s.n.firstAnswer(ctx, req.RequestId, content, first); err != nil || standing != nil {
		return &nodev1.PublishAdvisoryResponse{Standing: standing, Advisory: first, RepeatedRequest: true}, err
	}
	var advisory *guidancev1.Advisory
	var warnings []*answersv1.Warning
	var ends []string
	err = s.n.answers.Publishing(ctx, advisoryTouches(req.Advisory), func(known guidance.PublishContext) (err error) {
		advisory, warnings, ends, err = guidance.CheckPublish(req.Advisory, known)
		return err
	})
	if err != nil {
		return nil, err
	}
	standing, err := s.n.writeUnless(ctx, req.ValidateOnly, writing{req.RequestId, kind, advisory.Visibility, []proto.Message{advisory}, content})
	return &nodev1.PublishAdvisoryResponse{Standing: standing, Advisory: advisory, Warnings: warnings, Ends: ends}, err
}

func (s publicationService) WithdrawAdvisory(ctx context.Context, req *nodev1.WithdrawAdvisoryRequest) (*nodev1.WithdrawAdvisoryResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	const kind = ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL
	content, err := contentOf(kind, req.Withdrawal)
	if err != nil {
		return nil, err
	}
	first := &guidancev1.Withdrawal{}
	if standing, err := s.n.firstAnswer(ctx, req.RequestId, content, first); err != nil || standing != nil {
		return &nodev1.WithdrawAdvisoryResponse{Standing: standing, Withdrawal: first, RepeatedRequest: true}, err
	}
	touched := answers.Touches{
		Entries:    append([]string{req.GetWithdrawal().GetAdvisory()}, req.GetWithdrawal().GetRestores()...),
		Committees: req.GetWithdrawal().GetOnBehalfOf(),
	}
	var withdrawal *guidancev1.Withdrawal
	var warnings []*answersv1.Warning
	var ends []string
	err = s.n.answers.Publishing(ctx, touched, func(known guidance.PublishContext) (err error) {
		withdrawal, warnings, ends, err = guidance.CheckWithdraw(req.Withdrawal, known)
		return err
	})
	if err != nil {
		return nil, err
	}
	standing, err := s.n.writeUnless(ctx, req.ValidateOnly, writing{req.RequestId, kind, withdrawal.Visibility, []proto.Message{withdrawal}, content})
	return &nodev1.WithdrawAdvisoryResponse{Standing: standing, Withdrawal: withdrawal, Warnings: warnings, Ends: ends}, err
}

func (s publicationService) PublishMatter(ctx context.Context, req *nodev1.PublishMatterRequest) (*nodev1.PublishMatterResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	const kind = ledgerv1.EntryKind_ENTRY_KIND_MATTER
	content, err := contentOf(kind, req.Matter)
	if err != nil {
		return nil, err
	}
	first := &guidancev1.Matter{}
	if standing, err := s.n.firstAnswer(ctx, req.RequestId, content, first); err != nil || standing != nil {
		return &nodev1.PublishMatterResponse{Standing: standing, Matter: first, RepeatedRequest: true}, err
	}
	var matter *guidancev1.Matter
	err = s.n.answers.Publishing(ctx, answers.Touches{}, func(known guidance.PublishContext) (err error) {
		matter, err = guidance.CheckMatter(req.Matter, known)
		return err
	})
	if err != nil {
		return nil, err
	}
	standing, err := s.n.writeUnless(ctx, req.ValidateOnly, writing{req.RequestId, kind, matter.Visibility, []proto.Message{matter}, content})
	return &nodev1.PublishMatterResponse{Standing: standing, Matter: matter}, err
}

func (s publicationService) ReportPosition(ctx context.Context, req *nodev1.ReportPositionRequest) (*nodev1.ReportPositionResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	const kind = ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION
	content, err := contentOf(kind, req.Report)
	if err != nil {
		return nil, err
	}
	first := &guidancev1.ReportedPosition{}
	if standing, err := s.n.firstAnswer(ctx, req.RequestId, content, first); err != nil || standing != nil {
		return &nodev1.ReportPositionResponse{Standing: standing, Report: first, RepeatedRequest: true}, err
	}
	touched := answers.Touches{Matters: []string{req.GetReport().GetPosition().GetMatter()}, Committees: req.GetReport().GetPosition().GetCommittees()}
	var report *guidancev1.ReportedPosition
	var warnings []*answersv1.Warning
	err = s.n.answers.Publishing(ctx, touched, func(known guidance.PublishContext) (err error) {
		report, warnings, err = guidance.CheckReport(req.Report, known)
		return err
	})
	if err != nil {
		return nil, err
	}
	standing, err := s.n.writeUnless(ctx, req.ValidateOnly, writing{req.RequestId, kind, report.Visibility, []proto.Message{report}, content})
	return &nodev1.ReportPositionResponse{Standing: standing, Report: report, Warnings: warnings}, err
}

// advisoryTouches is what an advisory bears on.
func advisoryTouches(a *guidancev1.Advisory) answers.Touches {
	t := answers.Touches{
		Entries:    slices.Concat(a.GetReplaces(), a.GetAmends(), a.GetBeside()),
		Committees: slices.Clone(a.GetOnBehalfOf()),
		Newest:     true,
	}
	for _, p := range a.GetPositions() {
		t.Matters = append(t.Matters, p.GetMatter())
		t.Committees = append(t.Committees, p.GetCommittees()...)
	}
	return t
}
