package picture

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The digest is compared between nodes of different versions: a change of its text is
// a change of "lmcfed/view/1".
func TestDigestIsWhatItAlwaysWas(t *testing.T) {
	digest := digestNow(october().input())
	golden(t, "digest.txt", hex.EncodeToString(digest[:])+"\n")
	var text strings.Builder
	for _, line := range linesNow(october().input()) {
		text.WriteString(headText(line) + "\n" + statementsText(line))
	}
	golden(t, "canonical.txt", text.String())
}

func TestDigestLeavesOutTheReaderAndTheNode(t *testing.T) {
	want := digestNow(october().input())
	for name, change := range map[string]func(in *Input){
		"reader":        func(in *Input) { in.Own = []string{"kent"} },
		"measure":       func(in *Input) { in.Measure = "fund" },
		"audience":      func(in *Input) { in.Audience = v1.Audience_AUDIENCE_GP_PARTNERS },
		"area":          func(in *Input) { in.Area = areaID("icb:QUE") },
		"completeness":  func(in *Input) { in.Completeness = nil },
		"feed":          func(in *Input) { in.Entries[3].Feed = 99 },
		"recorded":      func(in *Input) { in.Entries[3].Recorded = time.Unix(1e9, 0) },
		"known at":      func(in *Input) { in.KnownAt = 500 },
		"unknown":       func(in *Input) { in.Committees[8].Unknown = 7 },
		"contact":       func(in *Input) { in.Committees[8].Contact = nil },
		"known at time": func(in *Input) { in.KnownAtTime = timestamppb.Now() },
	} {
		in := october().input()
		change(&in)
		if digestNow(in) != want {
			t.Errorf("%s: another digest", name)
		}
	}
}

func TestDigestChangesWithWhatIsSaid(t *testing.T) {
	digests := map[[32]byte]string{digestNow(october().input()): "as it is"}
	for name, change := range map[string]func(w *world, in *Input){
		"day":         func(_ *world, in *Input) { in.AsOf = "2021-10-20" },
		"matter":      func(_ *world, in *Input) { in.Matter.Name += "-2" },
		"provisional": func(_ *world, in *Input) { in.Entries[7].Advisory.Positions[0].Provisional = true },
		"condition": func(_ *world, in *Input) {
			in.Entries[7].Advisory.Positions[0].Conditions = []*v1.Condition{{Direction: v1.ConditionDirection_CONDITION_DIRECTION_UNLESS, Text: "a\nb"}}
		},
		"effect": func(_ *world, in *Input) {
			in.Entries[7].Advisory.Positions[0].ContractEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_DISPUTED}}
		},
		"effect from": func(_ *world, in *Input) {
			in.Entries[7].Advisory.Positions[0].ContractEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_DISPUTED, ValidFrom: "2021-10-02"}}
		},
		"effect until": func(_ *world, in *Input) {
			in.Entries[7].Advisory.Positions[0].ContractEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_DISPUTED, ValidUntil: "2021-12-02"}}
		},
		"earliest": func(_ *world, in *Input) { in.Entries[7].Advisory.Issued.Earliest = "2021-10-24" },
		"latest":   func(_ *world, in *Input) { in.Entries[7].Advisory.Issued.Latest = "2021-10-26" },
		"from":     func(_ *world, in *Input) { in.Entries[7].Advisory.Positions[0].ValidFrom = "2021-10-26" },
		"audience": func(_ *world, in *Input) {
			in.Entries[7].Advisory.Positions[0].Audiences = []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}
		},
		"basis":   func(_ *world, in *Input) { in.Entries[7].Advisory.Positions[0].Basis = v1.Basis_BASIS_BALLOT },
		"until":   func(_ *world, in *Input) { in.Entries[7].Advisory.Positions[0].ValidUntil = "2021-12-31" },
		"a brief": func(w *world, in *Input) { w.says("kent", "kent", "2021-10-27", refuse); *in = w.input() },
		"withdrawal": func(w *world, in *Input) {
			w.withdraws("essex", "essex/0", "2021-10-27")
			*in = w.input()
		},
	} {
		w := october()
		w.offices["kent"] = "kent"
		w.committee("kent", "Kent LMC", lmc, "kent")
		in := w.input()
		before := digestNow(in)
		in = w.input()
		change(w, &in)
		digest := digestNow(in)
		if other, seen := digests[digest]; seen || digest == before {
			t.Errorf("%s: the same digest as %s", name, other)
		}
		digests[digest] = name
	}
}
