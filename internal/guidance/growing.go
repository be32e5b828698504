package guidance

import (
	"maps"
	"slices"
)

// growing is a map that is never changed while it is read: what comes later goes into a copy of
// the small part of it, which is joined with the rest when it is no longer small.
type growing[K comparable, V any] struct {
	rest, newer map[K]V
	mine        map[K]bool // the lists in newer that nobody else has
}

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
		return growing[K, V]{g.rest, map[K]V{}, map[K]bool{}}
	case len(g.newer) < newerLimit:
		return growing[K, V]{g.rest, maps.Clone(g.newer), map[K]bool{}}
	case g.rest == nil:
		return growing[K, V]{g.newer, map[K]V{}, map[K]bool{}}
	}
	all := maps.Clone(g.rest)
	maps.Copy(all, g.newer)
	return growing[K, V]{all, map[K]V{}, map[K]bool{}}
}

// add puts one more into a key's list: into a copy of one that another has too.
func add[K comparable, V any](g growing[K, []V], key K, one V) {
	list := g.of(key)
	if !g.mine[key] {
		list, g.mine[key] = slices.Clip(list), true
	}
	g.put(key, append(list, one))
}

// remove takes some out of a key's list: out of a copy of it.
func remove[K comparable, V any](g growing[K, []V], key K, gone func(V) bool) {
	g.put(key, slices.DeleteFunc(slices.Clone(g.of(key)), gone))
	g.mine[key] = true
}
