package server

import (
	"context"
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// besideLetters is how many letters the office below writes.
const besideLetters = 1000

// BenchmarkBesideAnOffice is another reader's view, warm and first after a letter of an ordinary office,
// before and after one office has written many letters on the same matter: each amends the 64 before
// and takes 64 positions, each in an area that it made up. Asked are that matter and another.
func BenchmarkBesideAnOffice(b *testing.B) {
	eachHeld(b, func(w *benchWorld, _ []string) {
		measure := func(b *testing.B, matter string) (warm, newer float64) {
			ask := func(ctx context.Context) error {
				_, err := guidanceService{n: w.keeper.Node}.GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: matter}})
				return err
			}
			w.must(ask(b.Context()))
			var warms, newers rounds
			for range 9 {
				c, _ := askMany(w, ask)
				warms.add(c)
				w.says(w.offices[7], matter)
				newers.add(cpuOf(func() { w.must(ask(b.Context())) }))
			}
			return warms.median(), newers.median()
		}
		b := w.b
		matters := []string{corpus.Ordinary(0), corpus.Ordinary(1)}
		figures := map[string]float64{}
		for b.Loop() {
			var before [2][2]float64
			for i, matter := range matters {
				before[i][0], before[i][1] = measure(b, matter)
			}
			o := w.offices[20]
			tree, err := w.keeper.store.Progress(o.log)
			w.must(err)
			for n := range uint64(besideLetters) {
				at := tree.Size() + n
				a := w.letter(o, n, matters[0])
				for j := max(tree.Size(), at-min(at, 64)); j < at; j++ {
					a.Amends = append(a.Amends, fmt.Sprintf("%s/%d", o.ID, j))
				}
				one := a.Positions[0]
				a.Positions = nil
				for k := range 64 {
					position := proto.CloneOf(one)
					position.Area = &guidancev1.AreaId{Scheme: "icb", Code: fmt.Sprintf("M%d-%d", n, k)}
					a.Positions = append(a.Positions, position)
				}
				w.put(o, a)
			}
			for i, matter := range matters {
				warm, newer := measure(b, matter)
				name := []string{"its", "another"}[i]
				figures[name+"-warm-x"], figures[name+"-newer-x"] = warm/before[i][0], newer/before[i][1]
				figures[name+"-warm-µs"], figures[name+"-newer-µs"] = warm, newer
			}
		}
		report(b, figures)
	})
}

// besideMatters is how many matters the office below opens, and speaks on.
const besideMatters = 1750

// BenchmarkBesideManyMatters is other readers' view of an ordinary matter, list of matters and practice's page,
// warm, before and after one office that speaks for nobody has opened many matters, with a letter on each.
func BenchmarkBesideManyMatters(b *testing.B) {
	eachHeld(b, func(w *benchWorld, practices []string) {
		guidance := guidanceService{n: w.keeper.Node}
		asks := map[string]func(context.Context) error{
			"view": func(ctx context.Context) error {
				_, err := guidance.GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: corpus.Ordinary(0)}})
				return err
			},
			"list": func(ctx context.Context) error {
				_, err := guidance.ListMatters(ctx, &answersv1.ListMattersRequest{PageSize: 50})
				return err
			},
			"practice": func(ctx context.Context) error {
				_, err := guidance.GetPracticePage(ctx, &answersv1.GetPracticePageRequest{Practice: practices[0]})
				return err
			},
		}
		measure := func(ask func(context.Context) error) float64 {
			w.must(ask(w.b.Context()))
			var warm rounds
			for range 9 {
				c, _ := askMany(w, ask)
				warm.add(c)
			}
			return warm.median()
		}
		b := w.b
		figures := map[string]float64{}
		for b.Loop() {
			before := map[string]float64{}
			for name, ask := range asks {
				before[name] = measure(ask)
			}
			o := w.newOffice(corpus.Office{ID: "nobodys", Committee: "nobodys"})
			signed := w.admission(o, lmc(o.Committee))[:1] // admitted, and no more
			w.record("nobodys", signed)
			for n := range uint64(besideMatters) {
				m := proto.CloneOf(corpus.Matters()[0])
				m.Name = fmt.Sprintf("%s/made-up-%d", o.ID, n)
				w.logs(o, ledgerv1.EntryKind_ENTRY_KIND_MATTER, m)
				w.put(o, w.letter(o, n, m.Name))
			}
			for name, ask := range asks {
				after := measure(ask)
				figures[name+"-x"], figures[name+"-µs"] = after/before[name], after
			}
		}
		report(b, figures)
	})
}
