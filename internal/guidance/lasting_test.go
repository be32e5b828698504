package guidance

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// undivided makes the rule look at everything ever said, whatever is over for good.
func undivided(p *Prepared) *Prepared {
	for _, part := range []map[topic][]*assertion{p.byTopic.rest, p.byTopic.newer} {
		for t := range part {
			scopes := map[string]*parted{}
			for _, s := range p.said(t) {
				w := scopes[s.scope]
				if w == nil {
					w = newParted()
					scopes[s.scope] = w
				}
				w.said, w.lasting, w.placed, w.reports = append(w.said, s), append(w.lasting, s), append(w.placed, s), true
				w.alike = w.said
			}
			p.scoped[t] = scopes
		}
	}
	return p
}

// What is over for good is only looked for where it makes a difference: every answer is the one that is found
// by looking at everything, in worlds in which much ends, whatever came in what order.
func TestWhatIsOverForGoodMakesNoDifference(t *testing.T) {
	over, asked := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		about := someTheme(t, someCommittee.Draw(t, "about"))
		entries, reg := someWorldOf(t, about, 20)
		all := undivided(Prepare(context.Background(), entries, reg))
		n := rapid.IntRange(0, len(entries)).Draw(t, "came first")
		p := Prepare(context.Background(), entries[:n], reg)
		for i := n; i < len(entries); i++ {
			p.Resolve(someQuestionOn(t, about, entries)) // which parts what was said by then
			p = p.Beside(context.Background(), entries[i:i+1])
		}
		for range 4 {
			q := someQuestionOn(t, about, entries)
			if rapid.Bool().Draw(t, "as known now") {
				q.KnownAt = 0
			}
			if got, want := text(p.Resolve(q)), text(all.Resolve(q)); got != want {
				t.Fatalf("with what is over for good set apart\n%s\nand looked at\n%s\n%s", got, want, historyOf(q, entries, reg))
			}
			asked++
			over += len(p.parted(newQuery(q).topic, q.Scope).over)
		}
	})
	if over < asked/100 {
		t.Errorf("in %d questions %d lines were over for good: the worlds test less than they should", asked, over)
	}
	t.Logf("%d lines over for good in %d questions", over, asked)
}

// Without an entry, every answer is the one that is found by reading the others alone; and what it was made from
// answers as before.
func TestWithoutAnEntryIsAsIfItHadNeverCome(t *testing.T) {
	differ := 0
	rapid.Check(t, func(t *rapid.T) {
		about := someTheme(t, someCommittee.Draw(t, "about"))
		entries, reg := someWorldOf(t, about, 12)
		q := someQuestionOn(t, about, entries)
		p := Prepare(context.Background(), entries, reg)
		all := text(p.Resolve(q))
		for i, e := range entries {
			if rapid.Bool().Draw(t, "asked before") {
				p.Resolve(someQuestionOn(t, about, entries))
			}
			others := slices.Delete(slices.Clone(entries), i, i+1)
			without := p.Without(context.Background(), e.ID)
			got, want := text(without.Resolve(q)), text(Prepare(context.Background(), others, reg).Resolve(q))
			if got != want {
				t.Fatalf("without %s\n%s\nwant, by the others alone\n%s\n%s", e.ID, got, want, historyOf(q, entries, reg))
			}
			if want != all {
				differ++
			}
			if got := text(without.Beside(context.Background(), []Entry{e}).Resolve(q)); got != all {
				t.Fatalf("without %s and with it again\n%s\nwant\n%s\n%s", e.ID, got, all, historyOf(q, entries, reg))
			}
			if again := without.Entries(); len(again) != len(others) {
				t.Fatalf("%d entries without %s, want %d", len(again), e.ID, len(others))
			}
		}
		if again := text(p.Resolve(q)); again != all {
			t.Fatalf("asked again\n%s\nwant\n%s", again, all)
		}
	})
	if differ < 20 {
		t.Errorf("%d answers differ without an entry: the worlds test less than they should", differ)
	}
}

// An office that has said a thing a thousand times over costs no more to ask than one that has said it thrice.
func TestWhatIsOverForGoodCostsNothingToday(t *testing.T) {
	amending, _ := amendingAndNowhere()
	ask := func(entries []Entry) float64 {
		p := Prepare(context.Background(), entries, register())
		q := asked("north engage 2021-10-05")
		p.Resolve(q)
		return testing.AllocsPerRun(20, func() { p.Resolve(q) })
	}
	if few, many := ask(amending[:3]), ask(amending); many > few {
		t.Errorf("%v allocations after %d letters, %v after three", many, len(amending), few)
	}
	p := Prepare(context.Background(), amending, register())
	if left, _ := p.mayAnswer(newQuery(asked("north engage 2021-10-05"))); len(left) != 1 {
		t.Errorf("%d lines are looked at, want the last alone", len(left))
	}
}

// The days on which a line ended stay: whoever asks about one before is answered by what stood then.
func TestWhatIsOverForGoodStoodBefore(t *testing.T) {
	var entries []Entry
	for i := range 5 {
		day := fmt.Sprintf("2021-10-%02d", 10+i)
		if i == 0 {
			entries = append(entries, say("essex/0", day, on("north", "engage", refuse)))
			continue
		}
		entries = append(entries, say(fmt.Sprint("essex/", i), day, on("north", "engage", v1.Stance(1+i)), replaces(fmt.Sprint("essex/", i-1))))
	}
	p := Prepare(context.Background(), entries, register())
	for i := range 5 {
		line := p.Resolve(asked(fmt.Sprintf("north engage 2021-10-%02d", 10+i)))[0]
		if got, want := line.GetCurrent().GetAdvisory(), fmt.Sprint("essex/", i); got != want {
			t.Errorf("on day %d %s answers, want %s", i, got, want)
		}
	}
}
