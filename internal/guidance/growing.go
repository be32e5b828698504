package guidance

import "maps"

// growing is a map that is never changed while it is read: what comes later goes into a copy of
// the small part of it, which is joined with the rest when it is no longer small.
type growing[K comparable, V any] struct{ rest, newer map[K]V }

func (g growing[K, V]) of(key K) V {
	if v, ok := g.newer[key]; ok {
		return v
	}
	return g.rest[key]
}

func (g growing[K, V]) put(key K, v V) { g.newer[key] = v }

// newerLimit is how many keys are copied whenever something comes.
const newerLimit = 256

// grown is a copy to put more into.
func (g growing[K, V]) grown() growing[K, V] {
	switch {
	case len(g.newer) == 0:
		return growing[K, V]{g.rest, map[K]V{}}
	case len(g.newer) < newerLimit:
		return growing[K, V]{g.rest, maps.Clone(g.newer)}
	case g.rest == nil:
		return growing[K, V]{g.newer, map[K]V{}}
	}
	all := maps.Clone(g.rest)
	maps.Copy(all, g.newer)
	return growing[K, V]{all, map[K]V{}}
}
