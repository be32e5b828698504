package answers

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// logged is a world whose register stands in the keeper's log, with the keys of its offices.
type logged struct {
	*history
	put int // how many of the records are in the log
}

func (l *logged) KnownAt(feed uint64) (*register.Register, uint64) {
	log := ledger.LogID{Federation: "trial", Office: "gpc"}
	rows, err := l.Store.Register(log, 0, math.MaxUint64)
	if err != nil {
		l.t.Fatal(err)
	}
	var records []register.Record
	size := uint64(0)
	for _, row := range rows {
		if row.Feed <= feed {
			body := &ledgerv1.RegisterRecord{}
			if err := proto.Unmarshal(row.Body, body); err != nil {
				l.t.Fatal(err)
			}
			records, size = append(records, register.Record{Feed: row.Feed, Entry: row.ID, Body: body}), row.ID.Index+1
		}
	}
	return register.Fold("trial", "gpc", l.keys["gpc"].Public().(ed25519.PublicKey), records), size
}

func (l *logged) OfSize(uint64) *register.Register { reg, _ := l.KnownAt(everything); return reg }

// sync puts what was recorded since into the keeper's log.
func (l *logged) sync() {
	for _, record := range l.records[l.put:] {
		l.world.put("gpc", public_, record.Body)
	}
	l.put = len(l.records)
}

// newLogged has every office admitted.
func newLogged(t *testing.T, seed uint64) *logged {
	w := newWorld(t)
	l := &logged{history: &history{w, mathrand.New(mathrand.NewPCG(seed, 90)), nil, nil}}
	w.Registers = l
	w.LogKeys = func(log ledger.LogID, size uint64) []ed25519.PublicKey {
		reg, _ := l.KnownAt(everything)
		return reg.LogKeys(log, size)
	}
	for _, office := range []string{"gpc", essexOffice, "kent"} {
		if w.keys[office] == nil {
			_, w.keys[office], _ = ed25519.GenerateKey(rand.Reader)
		}
		root, key, _ := ed25519.GenerateKey(rand.Reader)
		record, err := proto.Marshal(&ledgerv1.OfficeRecord{
			Federation: "trial", Office: &guidancev1.Office{Id: office, Name: "The office " + office}, Serial: 1, RootKey: root, LogKey: w.keys[office].Public().(ed25519.PublicKey),
		})
		if err != nil {
			t.Fatal(err)
		}
		signed := &ledgerv1.SignedOfficeRecord{Record: record, Signature: ledger.SignBytes("office", record, key)}
		w.put("gpc", public_, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: signed}}})
	}
	l.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
		Id: "gpc-england", Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "england",
	}}}, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "gpc-england", Office: "gpc"}}})
	l.sync()
	l.world.put("gpc", public_, l.planned("The plan"))
	return l
}

// saves is a picture as a file.
func (l *logged) saves(req *answersv1.SaveNationalPictureRequest) ([]byte, error) {
	var file bytes.Buffer
	w, err := recount.NewWriter(&file)
	if err != nil {
		return nil, err
	}
	inTurn := false
	turn := func() (func(), error) { inTurn = true; return func() { inTurn = false }, nil }
	err = l.SaveNationalPicture(context.Background(), Public(), req, "v1", turn, func(resp *answersv1.SaveNationalPictureResponse) error {
		if inTurn {
			l.t.Error("something is sent in a turn")
		}
		return w.Write(resp.Part)
	})
	err = errors.Join(err, w.Close())
	return file.Bytes(), err
}

// Whatever happened, a picture that is saved counts up to what was answered: as of any day, as known at
// any moment, in any unit, with all logs or those it rests on.
func TestASavedPictureCountsUpToWhatWasAnswered(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			l := newLogged(t, seed)
			for range 25 {
				l.step()
				l.sync()
				end, _ := l.Store.FeedEnd()
				sel := &answersv1.Selector{Matter: "plan", AsOf: l.now.AddDate(0, 0, -l.random.IntN(9)).Format(time.DateOnly)}
				if l.random.IntN(3) == 0 {
					sel.KnownAt = &answersv1.Selector_KnownAtFeed{KnownAtFeed: 1 + l.random.Uint64N(end)}
				}
				req := &answersv1.SaveNationalPictureRequest{Selector: sel, Unit: answersv1.Unit(l.random.IntN(3)), WholeLogs: l.random.IntN(2) == 0}
				file, err := l.saves(req)
				if errors.Is(err, fault.ErrInvalid) { // the register as known then had no committee
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				vkey := ledger.VKey(ledger.LogID{Federation: "trial", Office: "gpc"}, l.keys["gpc"].Public().(ed25519.PublicKey))
				got, err := recount.Check(context.Background(), bytes.NewReader(file), vkey, "v1")
				if err != nil || got.Outcome != answersv1.RecountOutcome_RECOUNT_OUTCOME_SAME {
					t.Fatalf("%v: %v %v: %q %q", req, err, got.GetOutcome(), got.GetNotProved(), got.GetDifferences())
				}
			}
		})
	}
}

// Once a letter was taken down, nothing that was saved with all logs was proved any more: its words were said to be
// missing from the file.
func TestASavedPictureIsProvedThoughALetterWasTakenDown(t *testing.T) {
	l := newLogged(t, 1)
	l.world.put("gpc", public_, l.planned("The plan"))
	gone := l.world.put("kent", public_, advisory("kent", "2021-10-19", refuse, "kent"))
	letter := advisory("kent", "2021-10-20", guidancev1.Stance_STANCE_ADVISE_AGAINST, "kent")
	letter.Replaces = []string{gone}
	l.world.put("kent", public_, letter)
	of, err := ledger.ParseEntryID(gone)
	if err != nil {
		t.Fatal(err)
	}
	l.world.put("kent", public_, &ledgerv1.Erasure{
		Index: of.Index, Reason: "It named a patient.", Matters: []string{thePlan}, Committees: []string{"kent"},
		Issued: &guidancev1.DayRange{Earliest: "2021-10-22", Latest: "2021-10-22"}, Visibility: public_,
	})
	if e, err := l.Store.Entry(of); err != nil || e.Body != nil {
		t.Fatalf("it is not taken down: %v", err)
	}
	for _, whole := range []bool{false, true} {
		file, err := l.saves(&answersv1.SaveNationalPictureRequest{Selector: &answersv1.Selector{Matter: "plan", AsOf: "2021-10-28"}, WholeLogs: whole})
		if err != nil {
			t.Fatal(err)
		}
		got, err := recount.Check(t.Context(), bytes.NewReader(file), ledger.VKey(ledger.LogID{Federation: "trial", Office: "gpc"}, l.keys["gpc"].Public().(ed25519.PublicKey)), "v1")
		if err != nil || got.Outcome != answersv1.RecountOutcome_RECOUNT_OUTCOME_SAME {
			t.Errorf("whole logs %v: %v %v %q %q", whole, err, got.GetOutcome(), got.GetNotProved(), got.GetDifferences())
		}
	}
}
