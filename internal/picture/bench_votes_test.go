package picture

import (
	"context"
	"fmt"
	"testing"

	"github.com/lmcfed/lmcfed/internal/guidance"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The votes of 130 committees on a matter, five each of two letters, read anew.
func BenchmarkVotes(b *testing.B) {
	w := newWorld()
	for c := range 130 {
		id := fmt.Sprint("c", c)
		w.committee(id, "LMC "+id, lmc, id)
		for letter := range 2 {
			w.says(id, id, fmt.Sprintf("2021-10-%d", 20+letter), refuse, func(a *v1.Advisory) {
				for n := range 5 {
					count := &v1.Figure{Published: &v1.Figure_Count{Count: int32(10 + n)}}
					a.Votes = append(a.Votes, &v1.Vote{Id: fmt.Sprint("v", n), Kind: v1.VoteKind_VOTE_KIND_COMMITTEE, Question: fmt.Sprint("Shall we, ", n, "?"), Voters: "its members", VotesFor: count})
				}
				a.Positions[0].Votes = []string{"v0"}
			})
		}
	}
	in := w.input()
	said := NewSaid(context.Background(), in.Matter, in.Entries, in.Register)
	asked := VotesAsked{Matter: plan, AsOf: in.AsOf, Register: in.Register, Matters: func(string) *v1.Matter { return in.Matter }}
	prepared := said.Prepared(context.Background())
	var letters []guidance.Entry
	for b.Loop() {
		letters, _ = NewestVoting(said.Voting(), in.AsOf)
		if votes := Votes(prepared, letters, asked); len(votes) < 130 {
			b.Fatal(len(votes))
		}
	}
}
