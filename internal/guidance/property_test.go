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

// What was prepared with more, whatever comes in whatever order, answers as if it had been there from
// the beginning; what was answered before stays right until something touches a committee that it
// rests on; and whoever still asks what was there before gets what they got.
func TestWhatIsKeptIsWhatWouldBeAnsweredAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, reg := someWorld(t, 12)
		all = rapid.Permutation(all).Draw(t, "arrival")
		type kept struct {
			asked      Question
			answer     string
			committees []string
		}
		var answers []kept
		cut := die(len(all)+1).Draw(t, "held")
		p := Prepare(t.Context(), all[:cut], reg)
		for {
			for range 2 {
				q := someQuestion(t, all)
				q.KnownAt = 0
				lines, on := p.For(t.Context()).ResolveFrom(q)
				answers = append(answers, kept{q, text(lines), on})
			}
			if cut == len(all) {
				return
			}
			before, next := p, min(len(all), cut+1+die(2).Draw(t, "come"))
			more, touched := p.With(t.Context(), slices.Clone(all[cut:next]))
			anew := Prepare(t.Context(), all[:next], reg)
			p, cut = more, next
			for i, one := range answers {
				want := text(anew.Resolve(one.asked))
				if got := text(more.For(t.Context()).Resolve(one.asked)); got != want {
					t.Fatalf("with more:\n%s\nprepared anew:\n%s", got, want)
				}
				if got := text(before.For(t.Context()).Resolve(one.asked)); got != one.answer {
					t.Fatalf("what was there before answers otherwise now:\n%s\nit was\n%s", got, one.answer)
				}
				switch {
				case !slices.ContainsFunc(one.committees, func(c string) bool { return touched[c] }):
					if one.answer != want {
						t.Fatalf("kept, though it rests on %v and %v came:\n%s\nanew\n%s", one.committees, touched, one.answer, want)
					}
				default:
					answers[i].answer = want
					_, answers[i].committees = more.For(t.Context()).ResolveFrom(one.asked)
				}
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
		Scope:  &v1.Scope{Id: junk.Draw(t, "scope")},
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

func (b anyBook) SpeaksFor(o, c, first, last string) bool { return b.says(o, c, first, last) }
func (b anyBook) MayReport(o, first, last string) bool    { return b.says(o, first, last) }
func (b anyBook) Contains(x, y *v1.AreaId, d string) bool { return b.says(x, y, d) }
func (b anyBook) HasArea(a *v1.AreaId) bool               { return b.says(a) }
func (b anyBook) IsOver(c, d string) bool                 { return b.says("over", c, d) }
func (b anyBook) LastDay(c string) string {
	if b.says("last", c) {
		return dayOf(1 + len(c)%20)
	}
	return ""
}

func (b anyBook) CommitteeAreas(c, _ string) []*v1.AreaId {
	return []*v1.AreaId{nil, {}, {Code: "A"}, {Code: c}}
}

func (b anyBook) Predecessors(c string) []string {
	return []string{"north", c, "", "south"}[:b.seed%5]
}

func (b anyBook) Successors(c string) []string {
	return []string{"south", c, "north"}[:b.seed%4]
}

func (b anyBook) Within(a *v1.AreaId, d string) []*v1.AreaId {
	return []*v1.AreaId{a, nil, {Code: "A1"}, {Code: d}}[:b.seed%5]
}

func (b anyBook) Origin(a *v1.AreaId, d string) *v1.AreaId {
	return []*v1.AreaId{a, nil, {Code: "A"}, {Code: d}}[b.seed%4]
}

func (b anyBook) InPlaceOf(a *v1.AreaId, d string) []*v1.AreaId {
	return []*v1.AreaId{nil, a, {Code: d}}[:b.seed%4]
}

func (anyBook) CommitteeName(string) string { return "" }
func (anyBook) OfficeName(string) string    { return "" }
func (anyBook) AreaName(*v1.AreaId) string  { return "" }

func (b anyBook) PracticesOf(a *v1.AreaId, d string) ([]string, bool) {
	return []string{"F00001", a.GetCode(), d}[:b.seed%4], b.seed%2 == 0
}

func (b anyBook) PracticeNamed(name string) string {
	return []string{"", name, "F00001"}[b.seed%3]
}

func (b anyBook) PracticeIn(p, _ string) []*v1.AreaId {
	return []*v1.AreaId{nil, {Code: p}, {Code: "A"}}[:b.seed%4]
}

func TestResolveIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Custom(junkEntry), 0, 6).Draw(t, "entries")
		reg := anyBook{rapid.IntRange(0, 7).Draw(t, "register")}
		q := Question{AsOf: junk.Draw(t, "as of"), Measure: junk.Draw(t, "measure"), Area: junkArea(t), Audience: v1.Audience(rapid.IntRange(-1, 11).Draw(t, "audience"))}
		q.Practice, q.Scope = junk.Draw(t, "practice"), junk.Draw(t, "scope")
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
				if got := text(p.For(t.Context()).Resolve(Question{Matter: m, Committee: committees[3], AsOf: "2021-10-28"})); got != want {
					t.Errorf("asked at the same time:\n%s\nwant\n%s", got, want)
				}
			}
		})
	}
	asking.Wait()
}
