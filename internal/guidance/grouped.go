package guidance

import "slices"

// grouped is members under keys, both in the order they came.
type grouped[K, M comparable] struct {
	keys    []K
	members map[K][]M
}

func (g *grouped[K, M]) add(key K, member M) {
	if g.members == nil {
		g.members = map[K][]M{}
	}
	if _, again := g.members[key]; !again {
		g.keys = append(g.keys, key)
	}
	if !slices.Contains(g.members[key], member) {
		g.members[key] = append(g.members[key], member)
	}
}
