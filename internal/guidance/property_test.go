package guidance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// --- random worlds ---

// The days of random worlds are few, so that things meet.
func dayOf(n int) string { return fmt.Sprintf("2021-10-%02d", n) }

var (
	someDay   = rapid.Map(rapid.IntRange(1, 12), dayOf)
	maybeDay  = rapid.OneOf(rapid.Just(""), rapid.Just(""), rapid.Just(""), someDay)
	someRange = rapid.Custom(func(t *rapid.T) *v1.DayRange {
		a := rapid.IntRange(1, 12).Draw(t, "issued")
		b := a + rapid.SampledFrom([]int{0, 0, 0, 0, 1, 4}).Draw(t, "unsure")
		return &v1.DayRange{Earliest: dayOf(a), Latest: dayOf(min(b, 12))}
	})
	someAudiences = rapid.SliceOfNDistinct(rapid.SampledFrom([]v1.Audience{practices, practices, partners, pcns, 0}), 1, 2, rapid.ID)
	someStance    = rapid.SampledFrom([]v1.Stance{refuse, refuse, refuse, support, support, caution, info, consulting})
	someArea      = rapid.SampledFrom([]string{"", "", "", "A", "A1", "B", "EAST", "C"})
	someView      = rapid.SampledFrom([]v1.Visibility{1, 1, 1, 1, 1, 2, 3, 4})
)

var somePosition = rapid.Custom(func(t *rapid.T) *v1.Position {
	p := &v1.Position{
		Committees: rapid.SliceOfN(rapid.SampledFrom([]string{"north", "north", "south"}), 1, 2).Draw(t, "committees"),
		Matter:     plan,
		Measure:    rapid.SampledFrom([]string{"", "engage", "engage", "strike"}).Draw(t, "measure"),
		Audiences:  someAudiences.Draw(t, "audiences"),
		Stance:     someStance.Draw(t, "stance"),
		ValidFrom:  maybeDay.Draw(t, "from"),
		ValidUntil: maybeDay.Draw(t, "until"),
	}
	if area := someArea.Draw(t, "area"); area != "" {
		p.Area = code(area)
	}
	switch rapid.IntRange(0, 30).Draw(t, "oddity") {
	case 0, 1:
		startsWhenever("paid")(p)
	case 2, 3:
		p.Provenance, p.Stance = v1.Provenance_PROVENANCE_RELAY, info
	case 4:
		p.Stance = 77
	case 5:
		p.ValidFrom = "2021-13-01"
	case 6:
		p.Provenance = v1.Provenance_PROVENANCE_REPORTED
	case 7:
		p.Matter = "gpc/other"
	}
	return p
})

// someWorld is a register that changes and a handful of entries of four offices.
func someWorld(t *rapid.T, most int) ([]Entry, *book) {
	reg := register()
	moves := rapid.IntRange(1, 13).Draw(t, "north moves to kent")
	reg.mandates = []tenure{
		{office: "essex", committee: "north", until: dayOf(moves)},
		{office: "kent", committee: "north", from: dayOf(moves + 1)},
		{office: "essex", committee: "south"},
	}
	reg.reporters[1].until = dayOf(rapid.IntRange(1, 13).Draw(t, "pulse may report until"))
	if rapid.Bool().Draw(t, "A1 moves") {
		reg.inside["A1"] = []tenure{{committee: "A", until: dayOf(6)}, {committee: "B", from: dayOf(7)}}
	}
	if rapid.Bool().Draw(t, "north's areas overlap") {
		reg.areas["north"] = []tenure{{committee: "EAST"}, {committee: "A1"}}
	}
	n := rapid.IntRange(1, most).Draw(t, "entries")
	entries := make([]Entry, n)
	var names []string
	for i := range entries {
		entries[i] = someName(t, i)
		names = append(names, entries[i].ID)
	}
	order := rapid.Permutation(names).Draw(t, "arrivals")
	for i := range entries {
		entries[i].Feed = uint64(1 + slices.Index(order, entries[i].ID))
		someContent(t, &entries[i], names)
	}
	return entries, reg
}

func someName(t *rapid.T, i int) Entry {
	office := rapid.SampledFrom([]string{"essex", "essex", "essex", "kent", "bma", "pulse"}).Draw(t, "office")
	epoch := rapid.SampledFrom([]string{"", "", "@1"}).Draw(t, "epoch")
	e := entry(fmt.Sprintf("%s%s/%d", office, epoch, i+1))
	e.Visibility = someView.Draw(t, "visibility")
	e.Repudiated = rapid.IntRange(0, 15).Draw(t, "repudiated") == 0
	return e
}

func someContent(t *rapid.T, e *Entry, names []string) {
	targets := rapid.SliceOfN(rapid.SampledFrom(names), 0, 2)
	switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
	case (e.Office == "bma" || e.Office == "pulse") && kind < 9:
		p := somePosition.Draw(t, "position")
		p.Provenance = v1.Provenance_PROVENANCE_REPORTED
		e.Report = &v1.ReportedPosition{Issued: someRange.Draw(t, "said"), Position: p}
	case kind < 3:
		e.Withdrawal = &v1.Withdrawal{
			Advisory: rapid.SampledFrom(names).Draw(t, "withdraws"), Issued: someRange.Draw(t, "issued"),
			Effective: maybeDay.Draw(t, "effective"), Restores: targets.Draw(t, "restores"),
		}
	default:
		e.Advisory = &v1.Advisory{Issued: someRange.Draw(t, "issued"), ValidFrom: maybeDay.Draw(t, "from"), Positions: rapid.SliceOfN(somePosition, 0, 3).Draw(t, "positions")}
		if kind < 7 {
			e.Advisory.Replaces = targets.Draw(t, "replaces")
			e.Advisory.Amends = targets.Draw(t, "amends")
		}
	}
}

func someQuestion(t *rapid.T, entries []Entry) Question {
	q := asked("north engage " + someDay.Draw(t, "T"))
	q.Committee.Id = rapid.SampledFrom([]string{"north", "north", "south"}).Draw(t, "C")
	q.Measure = rapid.SampledFrom([]string{"", "engage", "engage", "strike"}).Draw(t, "M")
	q.Audience = rapid.SampledFrom([]v1.Audience{practices, partners, pcns}).Draw(t, "A")
	q.KnownAt = uint64(rapid.SampledFrom([]int{0, 0, 1, 3, len(entries)}).Draw(t, "K"))
	q.Unknown = int32(rapid.SampledFrom([]int{0, 0, 2}).Draw(t, "unknown"))
	if area := someArea.Draw(t, "R"); area != "" {
		q.Area = code(area)
	}
	return q
}

// --- properties ---

func TestResolveAnswersAsTheOracleDoes(t *testing.T) {
	states := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		entries, reg := someWorld(t, 9)
		p := Prepare(context.Background(), entries, reg)
		for range 4 {
			q := someQuestion(t, entries)
			if q.Area == nil {
				q.Area = code("A")
			}
			got, want := gist(p.Resolve(q)[0]), q.Area.Code+": "+oracle{entries, reg}.answer(q)
			if got != want {
				t.Fatalf("%s on %q for %v in %s as of %s known at %d:\n  got %s\n want %s", q.Committee.Id, q.Measure, q.Audience, q.Area.Code, q.AsOf, q.KnownAt, got, want)
			}
			states[strings.Join(strings.Fields(got)[1:3], " ")]++
		}
	})
	if len(states) < 4 { // a hundred random worlds give about ten kinds of answer
		t.Errorf("the random worlds only ever answered %v: they test less than they should", states)
	}
}

// Without an area: every row is right for its part, the rest is right for the rest,
// and every part in which the answer differs lies in a row that says it.
func TestPartsOfTheAreaAnswerAsTheOracleDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries, reg := someWorld(t, 7)
		o := oracle{entries, reg}
		q := someQuestion(t, entries)
		q.Area = nil
		rest := o.answer(q)
		rows := map[string]string{}
		for _, line := range resolve(q, entries, reg) {
			asked := q
			asked.Area = line.GetArea()
			line.Area = nil
			rows[asked.Area.GetCode()] = gist(line)
			if want := o.answer(asked); gist(line) != want {
				t.Fatalf("in %q:\n  got %s\n want %s", asked.Area.GetCode(), gist(line), want)
			}
		}
		for _, area := range []string{"A", "B", "C", "A1", "EAST"} {
			part := q
			part.Area = code(area)
			if !limited(entries, area) && !ownArea(reg, q, area) || largerThanOwn(reg, q, area) || o.answer(part) == rest {
				continue
			}
			shown := false
			for row, said := range rows {
				shown = shown || row != "" && reg.Contains(code(row), code(area), q.AsOf) && said == o.answer(part)
			}
			// an area that only something irrelevant is limited to may differ unseen
			if !shown && anyRow(o, q, area) {
				t.Fatalf("in %s it differs and no row says so: %s\nrows %v", area, o.answer(part), rows)
			}
		}
	})
}

func limited(entries []Entry, area string) bool {
	for _, e := range entries {
		for _, p := range append(e.Advisory.GetPositions(), e.Report.GetPosition()) {
			if p.GetArea().GetCode() == area {
				return true
			}
		}
	}
	return false
}

// largerThanOwn says whether an area is more than a part of the committee's: around one
// of its own, and within none.
func largerThanOwn(reg *book, q Question, area string) bool {
	around, inside := false, false
	for _, own := range reg.CommitteeAreas(q.Committee.Id, q.AsOf) {
		around = around || own.GetCode() != area && reg.Contains(code(area), own, q.AsOf)
		inside = inside || own.GetCode() != area && reg.Contains(own, code(area), q.AsOf)
	}
	return around && !inside
}

func ownArea(reg *book, q Question, area string) bool {
	return slices.ContainsFunc(reg.CommitteeAreas(q.Committee.Id, q.AsOf), func(a *v1.AreaId) bool { return a.GetCode() == area })
}

// anyRow says whether something said on the question is limited to the area, or the
// area is the committee's own and something is limited at all.
func anyRow(o oracle, q Question, area string) bool {
	found := false
	for _, f := range o.facts(plan, q.Committee.Id, q.KnownAt) {
		if o.about(f, q) && f.addresses(q.Audience) && f.p.Area != nil {
			found = found || f.p.Area.Code == area || ownArea(o.reg, q, area)
		}
	}
	return found
}

// Known at is asked of the feed number in each entry; the order in which entries are handed over never matters.
func TestTheOrderOfEntriesMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries, reg := someWorld(t, 9)
		q := someQuestion(t, entries)
		want := text(resolve(q, entries, reg))
		for range 3 {
			shuffled := rapid.Permutation(entries).Draw(t, "order")
			if got := text(resolve(q, shuffled, reg)); got != want {
				t.Fatalf("in another order:\n%s\nwant\n%s", got, want)
			}
		}
	})
}

func TestNoPermutationOfAFewEntriesMakesADifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries, reg := someWorld(t, 5)
		q := someQuestion(t, entries)
		want := text(resolve(q, entries, reg))
		permute(entries, 0, func(order []Entry) {
			if got := text(resolve(q, order, reg)); got != want {
				t.Fatalf("in another order:\n%s\nwant\n%s", got, want)
			}
		})
	})
}

func permute(list []Entry, k int, visit func([]Entry)) {
	if k == len(list) {
		visit(list)
		return
	}
	for i := k; i < len(list); i++ {
		list[k], list[i] = list[i], list[k]
		permute(list, k+1, visit)
		list[k], list[i] = list[i], list[k]
	}
}

func text(lines []*answersv1.Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(prototext.MarshalOptions{Multiline: true}.Format(l) + "\n")
	}
	return strings.ReplaceAll(b.String(), "  ", " ")
}

// A question asked of what was prepared leaves it as it was.
func TestPreparedAnswersAnyNumberOfQuestions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries, reg := someWorld(t, 9)
		p := Prepare(context.Background(), entries, reg)
		for range 3 {
			q := someQuestion(t, entries)
			if got, want := text(p.Resolve(q)), text(resolve(q, entries, reg)); got != want {
				t.Fatalf("prepared:\n%s\nwant\n%s", got, want)
			}
		}
	})
}

func TestResolveLeavesItsArgumentsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries, reg := someWorld(t, 6)
		q := someQuestion(t, entries)
		before := fmt.Sprint(entries)
		var copies []*v1.Advisory
		for _, e := range entries {
			copies = append(copies, proto.Clone(e.Advisory).(*v1.Advisory))
		}
		resolve(q, entries, reg)
		for i, e := range entries {
			if !proto.Equal(e.Advisory, copies[i]) {
				t.Fatalf("%s was changed", e.ID)
			}
		}
		if before != fmt.Sprint(entries) {
			t.Fatalf("entries were moved or changed")
		}
	})
}

// --- totality: whatever arrives, an answer and no panic ---

// junk is text such as a careless or hostile writer may send.
var junk = rapid.SampledFrom([]string{
	"", "", "essex", "north", "essex/1", "kent/2", plan, "engage", "2021-10-05", "2021-10-01", "2021-02-30", "9999-12-31", "0000-00-00",
	"zzzz-zz-zz", "\xff\xfe", "A", "//", "-", "😀", strings.Repeat("x", 5000),
})

func junkDays(t *rapid.T) *v1.DayRange {
	if rapid.IntRange(0, 5).Draw(t, "no days") == 0 {
		return nil
	}
	return &v1.DayRange{Earliest: junk.Draw(t, "earliest"), Latest: junk.Draw(t, "latest")}
}

func junkArea(t *rapid.T) *v1.AreaId {
	if rapid.Bool().Draw(t, "no area") {
		return nil
	}
	return &v1.AreaId{Scheme: junk.Draw(t, "scheme"), Code: junk.Draw(t, "code")}
}

func junkEffects(t *rapid.T) []*v1.DatedEffect {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *v1.DatedEffect {
		return &v1.DatedEffect{Effect: v1.ContractEffect(rapid.IntRange(-1, 11).Draw(t, "effect")), ValidFrom: junk.Draw(t, "from"), ValidUntil: junk.Draw(t, "until")}
	}), 0, 3).Draw(t, "effects")
}

func junkPosition(t *rapid.T) *v1.Position {
	if rapid.IntRange(0, 9).Draw(t, "nil") == 0 {
		return nil
	}
	return &v1.Position{
		Committees: rapid.SliceOfN(junk, 0, 3).Draw(t, "committees"), Matter: rapid.SampledFrom([]string{plan, plan, ""}).Draw(t, "matter"),
		Measure: junk.Draw(t, "measure"), Area: junkArea(t), Audiences: []v1.Audience{v1.Audience(rapid.IntRange(-1, 11).Draw(t, "audience"))},
		Stance: v1.Stance(rapid.IntRange(-1, 12).Draw(t, "stance")), Provenance: v1.Provenance(rapid.IntRange(0, 5).Draw(t, "provenance")),
		Conditions:      []*v1.Condition{nil, {Direction: v1.ConditionDirection(rapid.IntRange(0, 6).Draw(t, "direction")), Text: junk.Draw(t, "text")}},
		ContractEffects: junkEffects(t), ValidFrom: junk.Draw(t, "from"), ValidUntil: junk.Draw(t, "until"),
	}
}

func junkEntry(t *rapid.T) Entry {
	e := Entry{ID: junk.Draw(t, "id"), Office: junk.Draw(t, "office"), Index: rapid.Uint64().Draw(t, "index"), Feed: rapid.Uint64Range(0, 9).Draw(t, "feed")}
	e.Visibility = v1.Visibility(rapid.IntRange(-1, 7).Draw(t, "visibility"))
	if rapid.Bool().Draw(t, "logged") {
		e.Logged = time.UnixMilli(rapid.Int64().Draw(t, "clock"))
	}
	ids := rapid.SliceOfN(junk, 0, 3)
	if rapid.Bool().Draw(t, "advisory") {
		e.Advisory = &v1.Advisory{Office: junk.Draw(t, "office"), Issued: junkDays(t), ValidFrom: junk.Draw(t, "from"), Replaces: ids.Draw(t, "r"), Amends: ids.Draw(t, "a")}
		e.Advisory.Positions = []*v1.Position{junkPosition(t), junkPosition(t)}
		e.Advisory.Actions = []*v1.Action{nil, {Measure: junk.Draw(t, "m"), Matter: junk.Draw(t, "matter")}}
	}
	if rapid.Bool().Draw(t, "withdrawal") {
		e.Withdrawal = &v1.Withdrawal{Advisory: junk.Draw(t, "target"), Issued: junkDays(t), Effective: junk.Draw(t, "effective"), Restores: ids.Draw(t, "restores")}
	}
	if rapid.Bool().Draw(t, "report") {
		e.Report = &v1.ReportedPosition{Issued: junkDays(t), Position: junkPosition(t)}
	}
	return e
}

// anyBook answers anything to anything, and always the same.
type anyBook struct{ seed int }

func (b anyBook) says(parts ...any) bool { return len(fmt.Sprint(parts...))%7 < b.seed }

func (b anyBook) SpeaksFor(o, c, d string) bool           { return b.says(o, c, d) }
func (b anyBook) MayReport(o, d string) bool              { return b.says(o, d) }
func (b anyBook) Contains(x, y *v1.AreaId, d string) bool { return b.says(x, y, d) }
func (b anyBook) CommitteeAreas(c, _ string) []*v1.AreaId {
	return []*v1.AreaId{nil, {}, {Code: "A"}, {Code: c}}
}

func TestResolveIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Custom(junkEntry), 0, 6).Draw(t, "entries")
		reg := anyBook{rapid.IntRange(0, 7).Draw(t, "register")}
		q := Question{AsOf: junk.Draw(t, "as of"), Measure: junk.Draw(t, "measure"), Area: junkArea(t), Audience: v1.Audience(rapid.IntRange(-1, 11).Draw(t, "audience"))}
		if rapid.IntRange(0, 3).Draw(t, "matter") > 0 {
			q.Matter = &v1.Matter{Name: plan, Measures: []*v1.Measure{nil, {}, {Id: "engage", ClaimedEffects: junkEffects(t), AddressedTo: []v1.Audience{0, 99}}}}
		}
		if rapid.IntRange(0, 3).Draw(t, "committee") > 0 {
			q.Committee = &v1.Committee{Id: junk.Draw(t, "committee")}
		}
		lines := resolve(q, entries, reg)
		checkWellFormed(t, lines)
		for _, e := range entries {
			if endOf(e, entries, reg, "2021-10-05").Words == "" && (e.Advisory != nil || e.Withdrawal != nil || e.Report != nil) {
				t.Fatalf("no words for %v", e)
			}
			_, _, _, _ = checkPublish(e.Advisory, PublishContext{Office: "essex", Today: "2021-10-05", Register: reg, Standing: entries})
			_, _, _, _ = checkWithdraw(e.Withdrawal, PublishContext{Office: "essex", Today: "2021-10-05", Register: reg, Standing: entries})
			_, _, _ = checkReport(e.Report, PublishContext{Office: "essex", Today: "2021-10-05", Register: reg, Standing: entries})
		}
	})
}

// checkWellFormed: what every answer keeps, whatever was asked.
func checkWellFormed(t *rapid.T, lines []*answersv1.Line) {
	if len(lines) == 0 {
		t.Fatalf("no line at all")
	}
	for _, l := range lines {
		stated := l.GetCurrent() != nil
		contested := l.GetState() == answersv1.LineState_LINE_STATE_CONTESTED
		none := l.GetState() == answersv1.LineState_LINE_STATE_NO_LINE
		if stated == (contested || none) || contested != (len(l.GetContested()) > 1) || none != (l.GetNoLine() != nil) {
			t.Fatalf("a line that contradicts itself: %v", l)
		}
		if l.GetWords() == "" || l.GetState() == 0 || l.GetObligation() == 0 {
			t.Fatalf("a line without words, state or obligation: %v", l)
		}
	}
}

func FuzzResolveOfReceivedBytes(f *testing.F) {
	good, _ := proto.Marshal(say("essex/1", "2021-10-01", on("north", "engage", refuse)).Advisory)
	f.Add(good, good, uint64(1))
	f.Add([]byte{}, []byte("\x0a\x05essex"), uint64(0))
	f.Fuzz(func(t *testing.T, x, y []byte, k uint64) {
		a, w := &v1.Advisory{}, &v1.Withdrawal{}
		if proto.Unmarshal(x, a) != nil || proto.Unmarshal(y, w) != nil {
			return
		}
		entries := []Entry{{ID: "essex/1", Office: "essex", Advisory: a, Feed: 1}, {ID: "essex/2", Office: "essex", Withdrawal: w, Feed: 2}}
		lines := resolve(asked("north engage 2021-10-10", k), entries, register())
		if len(lines) == 0 || lines[0].GetWords() == "" {
			t.Fatalf("no answer")
		}
	})
}

func TestPreparedMayBeAskedByMany(t *testing.T) {
	committees, entries, reg := england()
	p := Prepare(context.Background(), entries, reg)
	m := matter()
	want := text(p.Resolve(Question{Matter: m, Committee: committees[3], AsOf: "2021-10-28"}))
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for range 20 {
				if got := text(p.Resolve(Question{Matter: m, Committee: committees[3], AsOf: "2021-10-28"})); got != want {
					t.Errorf("asked at the same time:\n%s\nwant\n%s", got, want)
				}
			}
		})
	}
	asking.Wait()
}
