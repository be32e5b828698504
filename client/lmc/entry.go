package main

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// summary is what a proved body says, in a line, and the notice it must be shown with.
func summary(office string, said proto.Message) (words, notice string) {
	switch said := said.(type) {
	case *guidancev1.Advisory:
		return fmt.Sprintf("%q, %s, issued %s", said.GetTitle(), office, guidance.RangeWords(said.GetIssued())), said.GetNotice()
	case *guidancev1.Withdrawal:
		return fmt.Sprintf("%s withdraws %s from %s", office, said.GetAdvisory(), guidance.DayWords(said.GetEffective())), ""
	case *guidancev1.ReportedPosition:
		return fmt.Sprintf("what %s is reported to have said, recorded by %s", strings.Join(said.GetPosition().GetCommittees(), ", "), office), said.GetNotice()
	case *guidancev1.Matter:
		return fmt.Sprintf("the matter %q", said.GetTitle()), said.GetNotice()
	}
	return "", ""
}

// hintOfProof says what to do about a proof that does not hold.
func hintOfProof(err error) string {
	switch {
	case errors.Is(err, ledger.ErrBadBody):
		return "the letter was altered, or is another one: ask the office for its own copy"
	case errors.Is(err, ledger.ErrUnknownKey), errors.Is(err, ledger.ErrWrongLog):
		return "have the key of the office that published it: lmc register show, or by telephone"
	case errors.Is(err, ledger.ErrMalformed):
		return "copy file and key again, whole: lmc advisory ENTRY --save FILE --proof FILE"
	}
	return "do not rely on it: ask the office that is said to have published it"
}
