package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/recount"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// BenchmarkRecount is a national picture of 130 committees that is saved through gRPC and TLS, and
// counted again from the file: on an ordinary matter, on the one that a fifth of all letters are on,
// and with all entries of all logs. Beside it an echo of as many bytes as were sent, in messages of the
// same size.
func BenchmarkRecount(b *testing.B) {
	eachHeld(b, func(w *benchWorld, _ []string) {
		for name, req := range map[string]*answersv1.SaveNationalPictureRequest{
			"ordinary": {Selector: &answersv1.Selector{Matter: benchMatters["ordinary"]}},
			"skewed":   {Selector: &answersv1.Selector{Matter: benchMatters["skewed"]}},
			"whole":    {Selector: &answersv1.Selector{Matter: benchMatters["ordinary"]}, WholeLogs: true},
		} {
			w.within(name, func() { benchmarkRecount(w, req) })
		}
	})
}

func benchmarkRecount(w *benchWorld, req *answersv1.SaveNationalPictureRequest) {
	b := w.b
	cc := w.dialNode(w.keeper, nil)
	defer cc.Close()
	national := nodev1.NewNationalServiceClient(cc)
	keeper := ledger.LogID{Federation: benchFederation, Office: benchKeeper}
	vkey := ledger.VKey(keeper, w.keeper.reg().LogKeys(keeper, 0)[0])
	var file bytes.Buffer
	var sent, entries float64
	save := func() {
		file.Reset()
		sent, entries = 0, 0
		out, err := recount.NewWriter(&file)
		w.must(err)
		stream, err := national.SaveNationalPicture(b.Context(), req)
		w.must(err)
		for {
			resp, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			w.must(err)
			sent += float64(proto.Size(resp))
			if resp.GetPart().GetEntry() != nil {
				entries++
			}
			w.must(out.Write(resp.GetPart()))
		}
		w.must(out.Close())
	}
	save()
	const piece = 1 << 20
	echo := w.echoed(piece)
	var saving, again, floor, wallSave, wallAgain rounds
	heap := 0.0
	for b.Loop() {
		f, _ := askMany(w, echo)
		floor.add(f * sent / piece)
		start := time.Now()
		saving.add(cpuOf(save))
		wallSave.add(float64(time.Since(start).Milliseconds()))
		start = time.Now()
		heap = max(heap, peakHeap(func() {
			again.add(cpuOf(func() {
				got, err := recount.Check(context.Background(), bytes.NewReader(file.Bytes()), vkey, "")
				w.must(err)
				if got.GetOutcome() == answersv1.RecountOutcome_RECOUNT_OUTCOME_NOT_PROVED || len(got.GetDifferences()) > 0 {
					b.Fatalf("%v: %q %q", got.GetOutcome(), got.GetNotProved(), got.GetDifferences())
				}
			}))
		}))
		wallAgain.add(float64(time.Since(start).Milliseconds()))
	}
	report(b, map[string]float64{
		"save-cpu-ms": saving.median() / 1000, "save-p50-ms": wallSave.median(), "save-p99-ms": wallSave.at(0.99), "x-echo": saving.median() / floor.median(),
		"recount-cpu-ms": again.median() / 1000, "recount-p50-ms": wallAgain.median(), "recount-p99-ms": wallAgain.at(0.99), "recount-MB": heap / (1 << 20),
		"file-KB": float64(file.Len()) / 1024, "sent-KB": sent / 1024, "entries": entries,
	})
}
