package answers

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Whatever comes in whatever order, letters that end what is not here yet, words after their headers,
// another version of the matter, records of the register, days: what is answered from what was read
// before is what is answered by reading everything, and the same on the wire.
func TestWhatIsReadOnAnswersAsWhatIsReadAnew(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			h := history{newWorld(t), rand.New(rand.NewPCG(seed, 8)), nil, nil}
			h.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
				Id: "gpc-england", Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "england",
			}}}, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "gpc-england", Office: "gpc"}}})
			for id, area := range map[string]string{"kent": "K", "north-essex": "E"} {
				h.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{Id: &guidancev1.AreaId{Scheme: "icb", Code: area}, Name: area}}},
					committeeOf(&guidancev1.Committee{Id: id, Name: id, Kind: lmc, Nation: "england", Areas: []*guidancev1.AreaTenure{{Area: &guidancev1.AreaId{Scheme: "icb", Code: area}}}}))
			}
			h.record(admissionOf(t, "kent", "Kent LMC", kentKey))
			h.put("gpc", public_, h.planned("The plan"))
			for range 40 {
				was, day, reg := h.digest(), h.now, h.reg
				feed, _ := h.Store.FeedEnd()
				h.step()
				if day == h.now && reg == h.reg && h.digest() != was {
					h.mustTouch(feed)
				}
				h.compare()
			}
		})
	}
}

var kentKey = []byte(strings.Repeat("k", ed25519.PublicKeySize))

// history is a world to which anything may happen.
type history struct {
	*world
	random  *rand.Rand
	arrive  []func() // the words of what came by its header
	cursors []*answersv1.Cursor
}

func oneOf[T any](random *rand.Rand, of ...T) T { return of[random.IntN(len(of))] }

// step lets one thing happen.
func (h *history) step() {
	day := h.now.AddDate(0, 0, -h.random.IntN(9)).Format(time.DateOnly)
	office := oneOf(h.random, essexOffice, "kent", "kent", "gpc")
	switch h.random.IntN(15) {
	case 14: // Kent's key is revoked, through a size its log may have come past
		h.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Revocation{Revocation: &ledgerv1.Revocation{
			Office: "kent", Key: kentKey, ValidThroughSize: 2 + h.random.Uint64N(12),
		}}})
	case 13:
		h.erase(office, day)
	case 12: // a practice moves, or goes back
		lay, lies := inAreas("F81001", "A surgery", "", oneOf(h.random, "icb:K", "icb:E")), inAreas("", "", "", oneOf(h.random, "icb:K", "icb:E")).LiesIn[0]
		lay.LiesIn[0].ValidUntil, lies.ValidFrom = day, notation.DayAfter(day)
		lay.LiesIn = append(lay.LiesIn, lies)
		h.record(practiceList(h.t, h.now.Format(time.DateOnly), lay, inAreas("F81002", "Another surgery", "", "icb:K"), inAreas("F81003", "A third surgery", "", "icb:E")))
	case 0:
		h.now = h.now.AddDate(0, 0, 1+h.random.IntN(3))
	case 1:
		h.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: oneOf(h.random, "kent", "medway"), Office: oneOf(h.random, "kent", essexOffice), ValidFrom: day}}})
	case 2:
		h.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
			Id: oneOf(h.random, "medway", "kent-medway"), Name: "Kent & Medway LMC", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england", Predecessors: []string{"kent"},
		}}})
	case 3:
		h.put("gpc", public_, h.planned(oneOf(h.random, "The plan", "The plan amended")))
	case 4:
		if len(h.arrive) > 0 {
			h.arrive[0]()
			h.arrive = h.arrive[1:]
		}
	case 5:
		if office != essexOffice {
			h.arrive = append(h.arrive, h.putBodiless(office, h.letter(office, day)))
		}
	case 6, 7:
		h.put(office, oneOf(h.random, public_, public_, guidancev1.Visibility_VISIBILITY_COMMITTEES), &guidancev1.Withdrawal{
			Office: office, OnBehalfOf: h.committees(office)[:h.random.IntN(2)], Advisory: h.name(), Restores: []string{h.name()}[:h.random.IntN(2)],
			Issued: &guidancev1.DayRange{Earliest: day, Latest: day}, Visibility: public_,
		})
	default:
		h.put(office, oneOf(h.random, public_, public_, public_, guidancev1.Visibility_VISIBILITY_COMMITTEES), h.letter(office, day))
	}
}

// erase takes down a letter, or what was none, or is gone already.
func (h *history) erase(office, day string) {
	h.t.Helper()
	tree, err := h.Store.Progress(ledger.LogID{Federation: "trial", Office: office})
	if err != nil {
		h.t.Fatal(err)
	}
	if tree.Size() > 0 {
		h.put(office, public_, &ledgerv1.Erasure{
			Index: h.random.Uint64N(tree.Size()), Reason: "It named a patient.", Matters: []string{thePlan}, Committees: h.committees(office),
			Issued: &guidancev1.DayRange{Earliest: day, Latest: day}, Visibility: public_,
		})
	}
}

func (h *history) digest() [32]byte {
	h.t.Helper()
	digest, err := h.ViewDigest(context.Background(), thePlan, h.now.Format(time.DateOnly))
	if err != nil {
		h.t.Fatal(err)
	}
	return digest
}

// mustTouch checks that what came after a place, which changed the plan's view, is known to touch it.
func (h *history) mustTouch(feed uint64) {
	h.t.Helper()
	came, err := h.arrivalsAfter(context.Background(), feed)
	if err != nil || !slices.ContainsFunc(came, func(one arrival) bool { return one.touches(thePlan) }) {
		h.t.Fatalf("the view changed, by %+v, %v", came, err)
	}
}

// planned is the plan with measures.
func (h *history) planned(title string) *guidancev1.Matter {
	matter := plan(thePlan, title)
	for _, id := range []string{"hubs", "returns"} {
		matter.Measures = append(matter.Measures, &guidancev1.Measure{
			Id: id, Title: "On " + id, Kind: guidancev1.MeasureKind_MEASURE_KIND_OFFER, Proposer: matter.Proposer,
			AddressedTo: []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES},
		})
	}
	if err := guidance.ValidateMatter(matter); err != nil {
		h.t.Fatal(err)
	}
	return matter
}

// name is that of an entry that may have come, come yet, or be somebody else's.
func (h *history) name() string {
	return fmt.Sprintf("%s/%d", oneOf(h.random, essexOffice, "kent", "gpc"), h.random.IntN(14))
}

func (h *history) committees(office string) []string {
	switch office {
	case "gpc":
		return []string{"gpc-england"}
	case essexOffice:
		return []string{oneOf(h.random, "north-essex", "north-essex", "kent", "medway")}
	}
	return []string{oneOf(h.random, "kent", "kent-medway", "medway")}
}

func (h *history) letter(office, day string) *guidancev1.Advisory {
	a := advisory(office, day, oneOf(h.random, refuse, support, guidancev1.Stance_STANCE_CAUTION, guidancev1.Stance_STANCE_INFORMATION_ONLY), h.committees(office)...)
	p := a.Positions[0]
	p.Measure = oneOf(h.random, "", "", "hubs", "returns")
	if h.random.IntN(4) == 0 {
		p.Scope = &guidancev1.Scope{Id: "started", Words: "practices that have started"}
	}
	if h.random.IntN(4) == 0 {
		p.ValidUntil = h.now.AddDate(0, 0, h.random.IntN(6)-1).Format(time.DateOnly)
	}
	if h.random.IntN(4) == 0 {
		p.Area = &guidancev1.AreaId{Scheme: "icb", Code: oneOf(h.random, "K", "E")}
	}
	switch h.random.IntN(6) {
	case 0:
		a.Replaces = []string{h.name()}
	case 1:
		a.Amends = []string{h.name()}
	case 2:
		p.Provenance, p.Stance = guidancev1.Provenance_PROVENANCE_RELAY, guidancev1.Stance_STANCE_INFORMATION_ONLY
		p.RelayOf = &guidancev1.RelaySource{Committee: oneOf(h.random, "gpc-england", "kent"), Advisory: oneOf(h.random, "", h.name())}
	case 3:
		p.Matter = oneOf(h.random, "gpc/another", thePlan)
		a.Matters = []string{thePlan}
	}
	return a
}

// compare asks the same of what was read on and of what is read anew.
func (h *history) compare() {
	h.t.Helper()
	w := h.world
	anew := &Answers{Store: w.Store, Registers: w, Federation: w.Federation, Office: w.Office, Keeper: w.Keeper, LogKeys: w.LogKeys, PageKey: w.PageKey, Now: w.Now, Started: w.Started}
	end, digest := w.Store.FeedEnd()
	ctx, reader := context.Background(), oneOf(h.random, Public(), Public(), Office("kent"), Practice("kent"))
	sel := &answersv1.Selector{
		Matter: "plan", Committee: oneOf(h.random, "", "", "kent", "north-essex"), Measure: oneOf(h.random, "", "", "hubs"),
		AsOf: oneOf(h.random, "", "", "", h.now.AddDate(0, 0, -4).Format(time.DateOnly), h.now.AddDate(0, 0, 2).Format(time.DateOnly)),
	}
	if sel.Committee == "" && h.random.IntN(2) == 0 {
		sel.Practice = oneOf(h.random, "F81001", "F81001", "F81002")
	}
	if h.random.IntN(4) == 0 {
		sel.KnownAt = &answersv1.Selector_KnownAtFeed{KnownAtFeed: 1 + h.random.Uint64N(end)}
	}
	unit := oneOf(h.random, answersv1.Unit_UNIT_COMMITTEES, answersv1.Unit_UNIT_OFFICES, answersv1.Unit_UNIT_PRACTICES)
	type asking func(a *Answers) (proto.Message, error)
	for what, ask := range map[string]asking{
		"view": func(a *Answers) (proto.Message, error) {
			return a.GetCombinedView(ctx, reader, &answersv1.GetCombinedViewRequest{Selector: sel})
		},
		"view to send": func(a *Answers) (proto.Message, error) {
			if a == anew {
				return a.GetCombinedView(ctx, reader, &answersv1.GetCombinedViewRequest{Selector: sel})
			}
			sent, err := a.SendCombinedView(ctx, reader, &answersv1.GetCombinedViewRequest{Selector: sel})
			return h.onWire(sent, err)
		},
		"national": func(a *Answers) (proto.Message, error) {
			return a.GetNationalPicture(ctx, reader, &answersv1.GetNationalPictureRequest{Selector: sel, Unit: unit})
		},
		"national to send": func(a *Answers) (proto.Message, error) {
			if a == anew {
				return a.GetNationalPicture(ctx, reader, &answersv1.GetNationalPictureRequest{Selector: sel, Unit: unit})
			}
			sent, err := a.SendNationalPicture(ctx, reader, &answersv1.GetNationalPictureRequest{Selector: sel, Unit: unit})
			return h.onWire(sent, err)
		},
		"changes": func(a *Answers) (proto.Message, error) {
			now := proto.CloneOf(sel)
			now.KnownAt = nil
			since := &answersv1.Since{At: &answersv1.Since_Day{Day: h.now.AddDate(0, 0, -6).Format(time.DateOnly)}}
			if len(h.cursors) > 3 {
				since = &answersv1.Since{At: &answersv1.Since_Cursor{Cursor: h.cursors[len(h.cursors)-3]}}
			}
			return a.GetChanges(ctx, reader, &answersv1.GetChangesRequest{Selector: now, Since: since})
		},
	} {
		got, gotErr := ask(w.Answers)
		want, wantErr := ask(anew)
		if fmt.Sprint(gotErr) != fmt.Sprint(wantErr) {
			h.t.Fatalf("%s of %v for %v, read on: %v, read anew: %v", what, sel, reader, gotErr, wantErr)
		}
		if gotErr == nil && !proto.Equal(got, want) {
			on, all := strings.Split(prototext.Format(got), "\n"), strings.Split(prototext.Format(want), "\n")
			at := 0
			for at < len(on) && at < len(all) && strings.ReplaceAll(on[at], " ", "") == strings.ReplaceAll(all[at], " ", "") {
				at++
			}
			h.t.Fatalf("%s of %v for %v, read on, from line %d:\n%s\nread anew:\n%s", what, sel, reader, at,
				strings.Join(on[max(0, at-5):min(len(on), at+9)], "\n"), strings.Join(all[max(0, at-5):min(len(all), at+9)], "\n"))
		}
	}
	h.cursors = append(h.cursors, &answersv1.Cursor{Feed: end, Digest: digest[:], Day: h.now.Format(time.DateOnly)})
}

// onWire is a message as whoever gets it reads it.
func (h *history) onWire(m proto.Message, err error) (proto.Message, error) {
	if err != nil {
		return nil, err
	}
	raw, err := proto.Marshal(m)
	if err != nil {
		return nil, err
	}
	read := m.ProtoReflect().New().Interface()
	return read, proto.Unmarshal(raw, read)
}

// Each of those who watched one view folded it again for every letter, and those who watched others too.
func TestWhatManyWatchIsWorkedOutOnce(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan("gpc/another", "Another plan"))
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	var turns atomic.Int32
	events := make(chan *answersv1.WatchViewResponse)
	watch := func(matter string) {
		err := w.Watch(ctx, Public(), &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: matter}}, func() (func(), error) {
			turns.Add(1)
			return func() {}, nil
		}, func(m *answersv1.WatchViewResponse) error {
			events <- m
			return nil
		})
		if ctx.Err() == nil {
			t.Error(err)
		}
	}
	next := func() *answersv1.WatchViewResponse {
		select {
		case m := <-events:
			return m
		case <-ctx.Done():
			t.Fatal("nothing is told")
			return nil
		}
	}
	const many = 20
	for range many {
		go watch(thePlan)
		go watch("gpc/another")
	}
	for range 2 * many {
		if next().GetReset_() == nil {
			t.Fatal("a watch does not begin with the view")
		}
	}
	turns.Store(0)
	name := w.put("kent", public_, advisory("kent", "2021-10-25", refuse, "kent"))
	for range many {
		if m := next(); len(m.GetChange().GetLines()) != 1 || m.GetChange().GetLines()[0].GetEntry() != name {
			t.Fatalf("told: %v", m)
		}
	}
	other := advisory(essexOffice, "2021-10-26", refuse, "north-essex")
	other.Positions[0].Matter = "gpc/another"
	w.put(essexOffice, public_, other)
	for range many {
		if m := next(); m.GetChange().GetLines()[0].GetCommittee() != "north-essex" {
			t.Fatalf("told: %v", m)
		}
	}
	if n := turns.Load(); n != 2 {
		t.Errorf("two letters are worked out %d times for %d watchers of two views", n, 2*many)
	}
}

// Many ask at once while letters come: everybody gets an answer of some moment, and the last is the last.
func TestAskedByManyWhileLettersComeTheLastAnswerIsTheLast(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan("gpc/another", "Another plan"))
	ctx, stop := context.WithCancel(context.Background())
	var asking sync.WaitGroup
	for i := range 4 {
		asking.Go(func() {
			for ctx.Err() == nil {
				matter := []string{thePlan, "gpc/another"}[i%2]
				view, err := w.GetCombinedView(ctx, Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: matter}})
				if err != nil && ctx.Err() == nil || err == nil && len(view.GetView().GetCommittees()) != 2 {
					t.Errorf("%v, %v", view, err)
				}
			}
		})
	}
	name := ""
	for i := range 30 {
		name = w.put("kent", public_, advisory("kent", fmt.Sprintf("2021-10-%02d", 1+i), oneOf(rand.New(rand.NewPCG(uint64(i), 1)), refuse, support), "kent"))
	}
	stop()
	asking.Wait()
	view, err := w.GetCombinedView(t.Context(), Public(), &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: thePlan}})
	if got := view.GetView().GetCommittees()[0].GetHeadline().GetCurrent().GetAdvisory(); err != nil || got != name {
		t.Errorf("the last answer has %s, want %s, %v", got, name, err)
	}
}

// A letter that passes GPC on asked something that was not shown while GPC said otherwise. Once GPC said the
// same the LMC asked it, and its watch told GPC's change alone.
func TestAWatchTellsThatALetterAsksAgainWhatItPassesOn(t *testing.T) {
	h := history{newWorld(t), nil, nil, nil}
	h.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
		Id: "gpc-england", Name: "GPC England", Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE, Nation: "england",
	}}}, &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "gpc-england", Office: "gpc"}}})
	h.put(essexOffice, public_, advisory(essexOffice, "2021-10-20", refuse, "north-essex"))
	gpc := h.put("gpc", public_, advisory("gpc", "2021-10-21", support, "gpc-england"))
	relay := advisory(essexOffice, "2021-10-22", guidancev1.Stance_STANCE_INFORMATION_ONLY, "north-essex")
	relay.Positions[0].Provenance, relay.Positions[0].RelayOf = guidancev1.Provenance_PROVENANCE_RELAY, &guidancev1.RelaySource{Committee: "gpc-england"}
	relay.Actions = []*guidancev1.Action{{Verb: "return", Object: "form B", Strength: guidancev1.ActionStrength_ACTION_STRENGTH_MUST}}
	h.put(essexOffice, public_, relay)
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	var told []string
	err := h.Watch(ctx, Public(), &answersv1.WatchViewRequest{Selector: &answersv1.Selector{Matter: thePlan, Committee: "north-essex"}}, anyTurn, func(m *answersv1.WatchViewResponse) error {
		if m.GetReset_() != nil {
			turned := advisory("gpc", "2021-10-22", refuse, "gpc-england")
			turned.Replaces = []string{gpc}
			h.put("gpc", public_, turned)
			return nil
		}
		for _, line := range m.GetChange().GetLines() {
			told = append(told, line.GetCommittee())
		}
		stop()
		return nil
	})
	if !slices.Contains(told, "gpc-england") || !slices.Contains(told, "north-essex") {
		t.Errorf("told of %v, want of gpc-england and north-essex: %v", told, err)
	}
}
