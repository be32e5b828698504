package picture

import (
	"testing"

	"google.golang.org/protobuf/proto"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Lines that were kept for a matter are not told of an amended one: what its proposer claims now may lapse them.
func TestWhatIsKeptIsOfOneVersionOfTheMatter(t *testing.T) {
	in := october().input()
	in.Said = NewSaid(t.Context(), in.Matter, in.Entries, in.Register)
	in.Entries = nil
	after := in
	after.Matter = proto.CloneOf(in.Matter)
	for _, m := range after.Matter.Measures {
		m.ClaimedEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}}
	}
	anew := after
	anew.Said, anew.Entries = nil, in.Said.Entries()
	differs := false
	for _, c := range in.Committees {
		in.Own, after.Own, anew.Own = []string{c.GetId()}, []string{c.GetId()}, []string{c.GetId()}
		differs = differs || !proto.Equal(combined(in).GetCommittees()[0], combined(anew).GetCommittees()[0])
		if got, want := combined(after), combined(anew); !proto.Equal(got, want) {
			t.Errorf("as %s:\n%v\nread anew:\n%v", c.GetId(), got, want)
		}
	}
	if !differs {
		t.Fatal("the claims make no difference here: nothing is tried")
	}
}
