package server

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/sim/corpus"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// BenchmarkPracticePage is the page of any of 6,600 practices, each time another, with all matters open
// that there are, against an echo of as many bytes and against that echo read as the answer is: asked
// again and again (warm), and first after a newer letter on a matter of the page.
func BenchmarkPracticePage(b *testing.B) {
	eachHeld(b, func(w *benchWorld, practices []string) {
		for _, how := range []string{"warm", "newer"} {
			w.within(how, func() { benchmarkPracticePage(w, practices, how) })
		}
	})
}

func benchmarkPracticePage(w *benchWorld, practices []string, how string) {
	b := w.b
	client := nodev1.NewGuidanceServiceClient(w.dialNode(w.keeper, nil))
	aPage := func(ctx context.Context) (*answersv1.GetPracticePageResponse, error) {
		return client.GetPracticePage(ctx, &answersv1.GetPracticePageRequest{Practice: practices[rand.IntN(len(practices))]})
	}
	bytes, looked := rounds{}, rounds{}
	var page *answersv1.GetPracticePageResponse
	for range 20 {
		var err error
		page, err = aPage(b.Context())
		w.must(err)
		bytes.add(float64(proto.Size(page)))
		looked.add(float64(len(page.Matters) + len(page.Others) + int(page.OfOthers)))
	}
	if page.Committees == nil || len(page.Matters) == 0 {
		b.Fatalf("the page of a practice is %v", page)
	}
	echo := w.echoed(int(bytes.median()))
	raw, err := proto.Marshal(page)
	w.must(err)
	var cpu, floor, read rounds
	for b.Loop() {
		f, _ := askMany(w, echo)
		floor.add(f)
		read.add(cpuOf(func() {
			for range viewCalls {
				w.must(proto.Unmarshal(raw, &answersv1.GetPracticePageResponse{}))
			}
		}) / viewCalls)
		if how == "newer" {
			w.says(w.offices[7], corpus.Ordinary(0))
			time.Sleep(settled)
			cpu.add(cpuOf(func() {
				_, err := aPage(b.Context())
				w.must(err)
			}))
			continue
		}
		c, _ := askMany(w, func(ctx context.Context) error {
			_, err := aPage(ctx)
			return err
		})
		cpu.add(c)
	}
	report(b, map[string]float64{
		"cpu-µs": cpu.median(), "echo-cpu-µs": floor.median(), "x-echo": cpu.median() / floor.median(),
		"x-echo-read": cpu.median() / (floor.median() + read.median()), "B": bytes.median(), "matters": looked.median(),
	})
}
