package server

import (
	"context"
	"fmt"
	"strings"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// registerService shows the register.
type registerService struct {
	nodev1.UnimplementedRegisterServiceServer
	n *Node
}

func (s registerService) GetRegister(_ context.Context, req *answersv1.GetRegisterRequest) (*answersv1.GetRegisterResponse, error) {
	day, err := s.n.dayOrToday(req.Day)
	if err != nil {
		return nil, err
	}
	state := s.n.reg()
	reg, size := state.Register, state.size
	if req.Size > 0 && req.Size < state.size {
		reg, size = state.asOfSize(s.n, req.Size), req.Size
	}
	resp := &answersv1.GetRegisterResponse{
		Federation: s.n.settings.Federation, Keeper: s.n.keeperOffice(), Size: size, Day: day,
		Committees: reg.Committees(day), Areas: reg.Areas(day), Problems: reg.Problems(),
	}
	for _, office := range reg.Offices() {
		resp.Offices = append(resp.Offices, registeredOffice(reg, office.Id, day))
	}
	return resp, nil
}

func registeredOffice(reg *register.Register, id, day string) *answersv1.RegisteredOffice {
	record := reg.Record(id)
	o := &answersv1.RegisteredOffice{
		Office: reg.Office(id), MayReport: reg.MayReport(id, day), Vkeys: reg.VKeys(id),
		RootFingerprint: identity.Fingerprint(record.GetRootKey()), Nodes: record.GetNodes(),
	}
	for _, c := range reg.Committees(day) {
		if reg.SpeaksFor(id, c.Id, day) {
			o.Committees = append(o.Committees, c.Id)
		}
	}
	return o
}

func (s registerService) LookUpPractice(_ context.Context, req *answersv1.LookUpPracticeRequest) (*answersv1.LookUpPracticeResponse, error) {
	day, err := s.n.dayOrToday(req.Day)
	if err != nil {
		return nil, err
	}
	if err := guidance.ParsePractice(req.Practice); err != nil {
		return nil, fault.New(fault.ErrInvalid, err.Error(), "a practice code is one letter and five digits, for example F81001",
			fault.Violation{Field: "practice", Reason: err.Error()})
	}
	return lookUpPractice(s.n.reg().Register, req.Practice, day), nil
}

func (n *Node) dayOrToday(day string) (string, error) {
	if day == "" {
		return guidance.Today(n.cfg.Now()), nil
	}
	if _, err := guidance.ParseDay(day); err != nil {
		return "", fault.New(fault.ErrInvalid, err.Error(), "write a day as YYYY-MM-DD", fault.Violation{Field: "day", Reason: err.Error()})
	}
	return day, nil
}

// lookUpPractice finds a practice's committees, and says in plain words what to do
// when there are none.
func lookUpPractice(reg *register.Register, practice, day string) *answersv1.LookUpPracticeResponse {
	resp := &answersv1.LookUpPracticeResponse{
		Committees: reg.CommitteesOfPractice(practice, day), Areas: reg.PracticeAreas(practice, day),
	}
	var names []string
	for _, c := range resp.Committees {
		names = append(names, c.Name)
	}
	switch {
	case len(names) > 0:
		resp.Words = fmt.Sprintf("Practice %s belongs to %s.", practice, strings.Join(names, " and "))
	case len(resp.Areas) > 0:
		resp.Words = fmt.Sprintf("Practice %s is in %s, but no LMC of that area is in this federation. Ask your own LMC.", practice, resp.Areas[0].Name)
	default:
		resp.Words = fmt.Sprintf("Practice %s is not in this register, so your LMC is not known here. Check the code, or name your committee.", practice)
	}
	return resp
}

// registerRecord is a record as the fold takes it, before it has been appended.
func registerRecord(office string, index uint64, body *ledgerv1.RegisterRecord) register.Record {
	return register.Record{Entry: ledger.EntryID{Office: office, Index: index}, Body: body}
}
