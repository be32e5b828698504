package server

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/answers"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
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
	a := req.GetAdvisory()
	touched := answers.Touches{
		Entries:    slices.Concat(a.GetReplaces(), a.GetAmends(), a.GetBeside()),
		Committees: slices.Clone(a.GetOnBehalfOf()),
		Newest:     true,
		Votes:      len(a.GetVotes()) > 0,
		Reports:    true,
	}
	for _, p := range a.GetPositions() {
		touched.Matters = append(touched.Matters, p.GetMatter())
		touched.Committees = append(touched.Committees, p.GetCommittees()...)
		if whose := p.GetRelayOf().GetCommittee(); whose != "" {
			touched.Committees = append(touched.Committees, whose)
		}
		if passedOn := p.GetRelayOf().GetAdvisory(); passedOn != "" {
			touched.Entries = append(touched.Entries, passedOn)
		}
	}
	w, err := publish(ctx, s.n, req, ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, a, touched, func(ctx context.Context, a *guidancev1.Advisory, known guidance.PublishContext) (*guidancev1.Advisory, guidance.Preview, error) {
		known.MatterNotHere = req.GetMatterNotHere()
		return guidance.CheckPublish(ctx, a, known)
	})
	if err != nil {
		return nil, err
	}
	return &nodev1.PublishAdvisoryResponse{
		Standing: w.standing, Advisory: w.message, Warnings: w.shown.Warnings, Consequences: w.shown.Consequences, RepeatedRequest: w.repeated, Preview: w.preview, Names: w.names,
	}, nil
}

func (s publicationService) WithdrawAdvisory(ctx context.Context, req *nodev1.WithdrawAdvisoryRequest) (*nodev1.WithdrawAdvisoryResponse, error) {
	touched := answers.Touches{
		Entries:    append([]string{req.GetWithdrawal().GetAdvisory()}, req.GetWithdrawal().GetRestores()...),
		Committees: req.GetWithdrawal().GetOnBehalfOf(),
		Reports:    true, // where a report is denied, another may be what answers then
	}
	w, err := publish(ctx, s.n, req, ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL, req.Withdrawal, touched, guidance.CheckWithdraw)
	if err != nil {
		return nil, err
	}
	return &nodev1.WithdrawAdvisoryResponse{
		Standing: w.standing, Withdrawal: w.message, Warnings: w.shown.Warnings, Consequences: w.shown.Consequences, RepeatedRequest: w.repeated, Preview: w.preview, Names: w.names,
	}, nil
}

func (s publicationService) TakeDown(ctx context.Context, req *nodev1.TakeDownRequest) (*nodev1.TakeDownResponse, error) {
	id, err := ledger.ParseEntryID(req.GetEntry())
	if err != nil || id.Epoch != 0 {
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("%.80q names no entry", req.GetEntry()), "write it as office/number, for example essex/7", fault.Violation{Field: "entry", Reason: "no entry's name"})
	}
	asked := &ledgerv1.Erasure{Index: id.Index, Reason: req.GetReason(), Visibility: guidancev1.Visibility_VISIBILITY_PUBLIC}
	w, err := publish(ctx, s.n, req, ledgerv1.EntryKind_ENTRY_KIND_ERASURE, asked, answers.Touches{Entries: []string{req.GetEntry()}}, func(ctx context.Context, e *ledgerv1.Erasure, known guidance.PublishContext) (*ledgerv1.Erasure, guidance.Preview, error) {
		removes, shown, err := guidance.CheckTakeDown(ctx, e, req.GetEntry(), req.GetReason(), known)
		if err != nil {
			return nil, shown, err
		}
		e = proto.CloneOf(e)
		e.Matters, e.Committees, e.Issued = removes.Matters, removes.Committees, removes.Issued
		return e, shown, nil
	})
	if err != nil {
		return nil, err
	}
	return &nodev1.TakeDownResponse{
		Standing: w.standing, Erasure: w.message, Warnings: w.shown.Warnings, Consequences: w.shown.Consequences, RepeatedRequest: w.repeated, Preview: w.preview,
	}, nil
}

func (s publicationService) PublishMatter(ctx context.Context, req *nodev1.PublishMatterRequest) (*nodev1.PublishMatterResponse, error) {
	w, err := publish(ctx, s.n, req, ledgerv1.EntryKind_ENTRY_KIND_MATTER, req.Matter, answers.Touches{}, guidance.CheckMatter)
	if err != nil {
		return nil, err
	}
	return &nodev1.PublishMatterResponse{
		Standing: w.standing, Matter: w.message, Warnings: w.shown.Warnings, Consequences: w.shown.Consequences, RepeatedRequest: w.repeated, Preview: w.preview,
	}, nil
}

func (s publicationService) ReportPosition(ctx context.Context, req *nodev1.ReportPositionRequest) (*nodev1.ReportPositionResponse, error) {
	touched := answers.Touches{Matters: []string{req.GetReport().GetPosition().GetMatter()}, Committees: req.GetReport().GetPosition().GetCommittees()}
	w, err := publish(ctx, s.n, req, ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION, req.Report, touched, guidance.CheckReport)
	if err != nil {
		return nil, err
	}
	return &nodev1.ReportPositionResponse{
		Standing: w.standing, Report: w.message, Warnings: w.shown.Warnings, RepeatedRequest: w.repeated, Preview: w.preview, Names: w.names,
	}, nil
}

// asking is what every request to write says besides what to write.
type asking interface {
	GetRequestId() string
	GetValidateOnly() bool
	GetPreview() *nodev1.Preview
}

// publishable is a message that becomes an entry.
type publishable interface {
	proto.Message
	comparable
	GetVisibility() guidancev1.Visibility
}

// written is what became of a request to write.
type written[M publishable] struct {
	standing *nodev1.Standing
	message  M // as published, or as it would be
	shown    guidance.Preview
	preview  *nodev1.Preview
	repeated bool
	names    *answersv1.Names
}

// publish writes, or checks, and names what was written.
func publish[M publishable](ctx context.Context, n *Node, req asking, kind ledgerv1.EntryKind, asked M, touched answers.Touches,
	check func(context.Context, M, guidance.PublishContext) (M, guidance.Preview, error),
) (w written[M], err error) {
	if w, err = write(ctx, n, req, kind, asked, touched, check); err == nil {
		w.names, err = n.answers.Names(ctx, answers.Office(n.settings.Office), w.message)
	}
	return w, err
}

// write is the course of every write but the register's: a request made before is
// answered as it was then, before anything is checked anew, for what it published may
// stand in its own way by now. Then it is checked, in one snapshot, and nothing is
// written that holds already in the same words, or that its officer was not shown. Writes
// go one at a time, so that what was checked is what is written after; a check waits for
// nobody and writes nothing.
func write[M publishable](ctx context.Context, n *Node, req asking, kind ledgerv1.EntryKind, asked M, touched answers.Touches,
	check func(context.Context, M, guidance.PublishContext) (M, guidance.Preview, error),
) (w written[M], err error) {
	content, err := contentOf(kind, asked)
	if err != nil {
		return w, err
	}
	first := asked.ProtoReflect().New().Interface().(M)
	done, err := n.begin(ctx, req, content, first, &w.standing)
	defer done()
	if err != nil || w.standing != nil {
		if w.repeated = true; proto.Size(first) > 0 { // else its words are not here
			w.message = first
		}
		return w, err
	}
	err = n.answers.Publishing(ctx, touched, func(known guidance.PublishContext) (err error) {
		w.message, w.shown, err = check(ctx, asked, known)
		if errors.Is(err, guidance.ErrNearlyTheSame) || errors.Is(err, guidance.ErrEndsNothing) { // is it the same? made ready as if nothing of its own stood in its way
			known.Standing = slices.DeleteFunc(known.Said.Entries(), func(e guidance.Entry) bool {
				return e.Report == nil && e.Office == known.Office && !slices.Contains(touched.Entries, e.ID)
			})
			known.Said = nil
			w.message, _, _ = check(ctx, asked, known)
		}
		return err
	})
	if same, err := w.saidBefore(ctx, n, kind); err != nil || same {
		return w, err
	}
	theirs, ours := n.todayElsewhere(), guidance.Today(n.cfg.Now())
	var wrong *fault.Error
	switch {
	case err != nil && theirs != "" && errors.As(asFault(err), &wrong):
		return w, fault.New(wrong.Reason, fmt.Sprintf("%s (this node's clock shows %s, and those of other offices' nodes %s)", wrong.Message, guidance.DayWords(ours), guidance.DayWords(theirs)),
			"have the machine set its clock (NTP), and send it again: nothing was published", wrong.Violations...)
	case err != nil:
		return w, err
	case theirs != "":
		warning := &answersv1.Warning{Code: answersv1.WarningCode_WARNING_CODE_CLOCK, From: theirs, Logged: ours}
		warning.Words = guidance.WarningWords(warning)
		w.shown.Warnings = append(w.shown.Warnings, warning)
	}
	shown := []proto.Message{w.message}
	for _, c := range w.shown.Consequences {
		shown = append(shown, c)
	}
	for _, one := range w.shown.Warnings {
		shown = append(shown, one)
	}
	if w.preview, err = n.preview(kind, shown); err != nil {
		return w, err
	}
	if req.GetValidateOnly() {
		w.standing = n.checked()
		return w, nil
	}
	// Whoever has not seen that it takes the place of a version of a matter would undo what
	// another officer put there.
	amends := slices.ContainsFunc(w.shown.Consequences, func(c *answersv1.Consequence) bool {
		return c.GetKind() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS_MATTER
	})
	if err := n.unmoved(req.GetPreview(), w.preview, amends); err != nil {
		return w, err
	}
	w.standing, err = n.signer.write(writing{req.GetRequestId(), kind, w.message.GetVisibility(), []proto.Message{w.message}, content})
	return w, err
}

// saidBefore answers with the own entry that has these very words and still holds: as a
// request made before is answered, though its id is not known. The ids a node was asked
// under are its own, and what it fetches back from its peers after a loss comes without.
// Words that have ended may be issued again, so they are no repeat; a withdrawal or a report
// is one when it would change nothing.
func (w *written[M]) saidBefore(ctx context.Context, n *Node, kind ledgerv1.EntryKind) (bool, error) {
	if !w.message.ProtoReflect().IsValid() {
		return false, nil // it was refused for something else
	}
	body, err := proto.MarshalOptions{Deterministic: true}.Marshal(w.message)
	if err != nil {
		return false, fmt.Errorf("looking for the same words: %w", err)
	}
	found, err := n.answers.Issued(ctx, answers.Office(n.settings.Office), body)
	if err != nil || !found.GetGenuine() || found.GetEntry().GetKind() != kind {
		return false, err
	}
	holds := found.GetCurrent() || found.GetCurrentNotKnown()
	if kind == ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL || kind == ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION {
		holds = len(w.shown.Consequences) == 0
	}
	id, err := ledger.ParseEntryID(found.GetEntry().GetName())
	if err != nil || !holds || id.Office != n.settings.Office {
		return false, err
	}
	*w = written[M]{standing: n.standing(id), message: w.message, repeated: true}
	return true, nil
}

// begin opens a write, or a check: it answers a request made before, reading what that
// wrote into first; else it waits until it may sign and is the one writer, and signs what got
// no further than its draft, which was published all the same. done must be called at the end.
func (n *Node) begin(ctx context.Context, req asking, content [32]byte, first proto.Message, standing **nodev1.Standing) (done func(), err error) {
	done = func() {}
	switch id := req.GetRequestId(); {
	case id == "" && !req.GetValidateOnly():
		return done, fault.New(fault.ErrInvalid, "the request has no request id", "set request_id to something of your own, the same at every retry",
			fault.Violation{Field: "request_id", Reason: "required"})
	case len(id) > maxRequestID:
		return done, fault.New(fault.ErrTooLarge, fmt.Sprintf("the request id has %d characters, at most %d are allowed", len(id), maxRequestID), "",
			fault.Violation{Field: "request_id", Reason: "too long"})
	}
	if *standing, err = n.firstAnswer(req.GetRequestId(), content, first); err != nil || *standing != nil || req.GetValidateOnly() {
		return done, err
	}
	if err = n.signer.permit(ctx); err == nil {
		err = n.signer.lock(ctx)
	}
	if err != nil {
		return done, err
	}
	if err = n.signer.signDrafts(); err == nil { // and so was another request with this id, while we waited
		*standing, err = n.firstAnswer(req.GetRequestId(), content, first)
	}
	return n.signer.unlock, err
}
