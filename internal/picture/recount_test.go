package picture_test

import (
	"bytes"
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/recount/recounttest"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// What a node answered is what comes of its file without it, whatever was said and asked.
func TestWhatIsCountedAgainIsWhatWasAnswered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, records, unit := picture.AnyWorld(t)
		parts := recounttest.Saved(t, in, records, unit, rapid.Bool().Draw(t, "whole"))
		file := recounttest.File(t, parts)
		result, err := recount.Check(context.Background(), bytes.NewReader(file), recounttest.VKey(), recounttest.Software)
		if err != nil {
			t.Fatal(err)
		}
		if result.GetOutcome() != answersv1.RecountOutcome_RECOUNT_OUTCOME_SAME {
			t.Fatalf("%v: not proved %q, differs %q", result.GetOutcome(), result.GetNotProved(), result.GetDifferences())
		}
	})
}
