package server

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// completeness says whether what is here is everything any node is known to have
// said. Every answer carries it (domain.md 5).
func (n *Node) completeness(reg *register.Register) *answersv1.Completeness {
	c := &answersv1.Completeness{
		Withheld: map[string]int64{}, NotHeld: map[string]int64{}, NotUnderstood: map[string]int64{},
	}
	for _, seen := range n.store.Seen() {
		held, _ := n.store.Held(seen.Log)
		if seen.Size > held.Size {
			c.Behind = append(c.Behind, &answersv1.OfficeLag{
				Office: seen.Log.Office, Seen: seen.Size, Held: held.Size, SinceTime: timestamppb.New(seen.BehindSince),
			})
		}
	}
	if need, have, yes := n.store.Recovering(); yes {
		c.Behind = append(c.Behind, &answersv1.OfficeLag{Office: n.settings.Office, Seen: need, Held: have, SinceTime: timestamppb.New(n.started)})
	}
	sizes := n.countLogs(c)
	for _, office := range reg.Offices() {
		if sizes[office.Id] == 0 {
			c.NotJoined = append(c.NotJoined, office.Id)
		}
	}
	slices.SortFunc(c.Behind, func(a, b *answersv1.OfficeLag) int { return strings.Compare(a.Office, b.Office) })
	c.Behind = slices.CompactFunc(c.Behind, func(a, b *answersv1.OfficeLag) bool { return a.Office == b.Office })
	c.Complete = len(c.Behind) == 0 && len(c.Withheld) == 0 && len(c.NotHeld) == 0 && len(reg.Offices()) > 0
	c.Words = picture.CompletenessWords(c)
	if len(reg.Offices()) == 0 {
		c.Words = "This node holds nothing yet: it has not got the register."
	}
	return c
}

// countLogs adds what of each office's logs is not here, or not understood, and
// returns how much each office is known to have published.
func (n *Node) countLogs(c *answersv1.Completeness) map[string]uint64 {
	sizes := map[string]uint64{}
	for _, head := range n.store.Heads() {
		office := head.Log.Office
		sizes[office] += head.Size
		counts := n.store.Counts(head.Log)
		for _, withheld := range counts.Withheld {
			addIf(c.Withheld, office, withheld)
		}
		addIf(c.NotHeld, office, counts.NotHeld)
		addIf(c.NotUnderstood, office, counts.NotUnderstood)
	}
	for _, lag := range c.Behind {
		sizes[lag.Office] += lag.Seen
	}
	return sizes
}

func addIf(m map[string]int64, office string, count uint64) {
	if count > 0 {
		m[office] += int64(count)
	}
}

// unknownEntries is, by office, how many entries this reader cannot know.
func unknownEntries(c *answersv1.Completeness) map[string]int64 {
	unknown := map[string]int64{}
	for _, lag := range c.Behind {
		unknown[lag.Office] += int64(lag.Seen - lag.Held)
	}
	for _, m := range []map[string]int64{c.Withheld, c.NotHeld, c.NotUnderstood} {
		for office, count := range m {
			unknown[office] += count
		}
	}
	return unknown
}
