package server

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// publicationService writes the office's log for its officers.
type publicationService struct {
	nodev1.UnimplementedPublicationServiceServer
	n *Node
}

func (s publicationService) PublishAdvisory(_ context.Context, req *nodev1.PublishAdvisoryRequest) (*nodev1.PublishAdvisoryResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	const kind = ledgerv1.EntryKind_ENTRY_KIND_ADVISORY
	first := &guidancev1.Advisory{}
	if standing, err := s.n.firstAnswer(req.RequestId, kind, first); err != nil || standing != nil {
		return &nodev1.PublishAdvisoryResponse{Standing: standing, Advisory: first, RepeatedRequest: true}, err
	}
	known, err := s.n.publishContext(advisoryTouches(req.Advisory))
	if err != nil {
		return nil, err
	}
	advisory, warnings, ends, err := guidance.CheckPublish(req.Advisory, known)
	if err != nil {
		return nil, err
	}
	standing, err := s.n.writeUnless(req.ValidateOnly, writing{req.RequestId, kind, advisory.Visibility, []proto.Message{advisory}})
	return &nodev1.PublishAdvisoryResponse{Standing: standing, Advisory: advisory, Warnings: warnings, Ends: ends}, err
}

func (s publicationService) WithdrawAdvisory(_ context.Context, req *nodev1.WithdrawAdvisoryRequest) (*nodev1.WithdrawAdvisoryResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	const kind = ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL
	first := &guidancev1.Withdrawal{}
	if standing, err := s.n.firstAnswer(req.RequestId, kind, first); err != nil || standing != nil {
		return &nodev1.WithdrawAdvisoryResponse{Standing: standing, Withdrawal: first, RepeatedRequest: true}, err
	}
	known, err := s.n.publishContext(withdrawalTouches(req.Withdrawal))
	if err != nil {
		return nil, err
	}
	withdrawal, warnings, ends, err := guidance.CheckWithdraw(req.Withdrawal, known)
	if err != nil {
		return nil, err
	}
	standing, err := s.n.writeUnless(req.ValidateOnly, writing{req.RequestId, kind, withdrawal.Visibility, []proto.Message{withdrawal}})
	return &nodev1.WithdrawAdvisoryResponse{Standing: standing, Withdrawal: withdrawal, Warnings: warnings, Ends: ends}, err
}

func (s publicationService) PublishMatter(_ context.Context, req *nodev1.PublishMatterRequest) (*nodev1.PublishMatterResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	const kind = ledgerv1.EntryKind_ENTRY_KIND_MATTER
	first := &guidancev1.Matter{}
	if standing, err := s.n.firstAnswer(req.RequestId, kind, first); err != nil || standing != nil {
		return &nodev1.PublishMatterResponse{Standing: standing, Matter: first, RepeatedRequest: true}, err
	}
	known, err := s.n.publishContext(touches{})
	if err != nil {
		return nil, err
	}
	matter, err := guidance.CheckMatter(req.Matter, known)
	if err != nil {
		return nil, err
	}
	standing, err := s.n.writeUnless(req.ValidateOnly, writing{req.RequestId, kind, matter.Visibility, []proto.Message{matter}})
	return &nodev1.PublishMatterResponse{Standing: standing, Matter: matter}, err
}

func (s publicationService) ReportPosition(_ context.Context, req *nodev1.ReportPositionRequest) (*nodev1.ReportPositionResponse, error) {
	s.n.publishes.Lock()
	defer s.n.publishes.Unlock()
	const kind = ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION
	first := &guidancev1.ReportedPosition{}
	if standing, err := s.n.firstAnswer(req.RequestId, kind, first); err != nil || standing != nil {
		return &nodev1.ReportPositionResponse{Standing: standing, Report: first, RepeatedRequest: true}, err
	}
	known, err := s.n.publishContext(touches{matters: []string{req.GetReport().GetPosition().GetMatter()}, committees: req.GetReport().GetPosition().GetCommittees()})
	if err != nil {
		return nil, err
	}
	report, warnings, err := guidance.CheckReport(req.Report, known)
	if err != nil {
		return nil, err
	}
	standing, err := s.n.writeUnless(req.ValidateOnly, writing{req.RequestId, kind, report.Visibility, []proto.Message{report}})
	return &nodev1.ReportPositionResponse{Standing: standing, Report: report, Warnings: warnings}, err
}
