package letter

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// field is one key of a mapping: how it is read into a message M.
type field[M any] struct {
	// key is the word in the file: "for".
	key string
	// path is the proto name guidance knows it by: "on_behalf_of".
	path string
	// read sets the field from a node that is there and not null.
	read func(r *reader, at string, n *yaml.Node, m M)
	// fallback sets what the field is where the file does not have it; nil: nothing.
	fallback func(m M)
}

// keysIn are the keys of a table.
func keysIn[M any](fields []field[M]) (keys []string) {
	for _, f := range fields {
		keys = append(keys, f.key)
	}
	return keys
}

// reading reads one value: it reports what is wrong to r and then returns anything.
type reading[T any] func(r *reader, at string, n *yaml.Node) T

// one is a field that holds one value.
func one[M, T any](key, path string, value reading[T], get func(M) *T) field[M] {
	return field[M]{key: key, path: path, read: func(r *reader, at string, n *yaml.Node, m M) { *get(m) = value(r, at, n) }}
}

// many is a field that holds a list. A single value may stand without its dash.
func many[M, T any](key, path string, value reading[T], get func(M) *[]T) field[M] {
	return field[M]{key: key, path: path, read: func(r *reader, at string, n *yaml.Node, m M) {
		for i, child := range r.items(at, n) {
			*get(m) = append(*get(m), value(r, r.place(item(at, i), key, child), child))
		}
	}}
}

// several is a field that holds a list of words. A single value may stand without its dash,
// and hold several with commas between.
func several[M, T any](key, path string, value reading[T], get func(M) *[]T) field[M] {
	list := many(key, path, value, get)
	return field[M]{key: key, path: path, read: func(r *reader, at string, n *yaml.Node, m M) {
		if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, ",") {
			apart := &yaml.Node{Kind: yaml.SequenceNode, Line: n.Line, Column: n.Column}
			for word := range strings.SplitSeq(n.Value, ",") {
				if word = strings.TrimSpace(word); word != "" {
					apart.Content = append(apart.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: word, Line: n.Line, Column: n.Column})
				}
			}
			n = apart
		}
		list.read(r, at, n, m)
	}}
}

// orElse is a field that holds one value, which is usual where the file does not have
// the key.
func orElse[M, T any](key, path string, value reading[T], usual T, get func(M) *T) field[M] {
	f := one(key, path, value, get)
	f.fallback = func(m M) { *get(m) = usual }
	return f
}

// message reads a mapping.
func message[S any](fields []field[*S]) reading[*S] {
	return func(r *reader, at string, n *yaml.Node) *S {
		m := new(S)
		fill(r, at, n, m, fields)
		return m
	}
}

// fill reads a mapping into m, reporting keys that are unknown or there twice.
func fill[M any](r *reader, at string, n *yaml.Node, m M, fields []field[M]) {
	byKey, keys := map[string]field[M]{}, keysIn(fields)
	for _, f := range fields {
		byKey[f.key] = f
	}
	for key, value := range r.pairs(at, n) {
		f, known := byKey[plainWord(key.Value)]
		if !known {
			if n.Style&yaml.FlowStyle != 0 && isNull(value) { // {words: over 5,000 patients}
				r.add(place{line: r.line(key), column: key.Column, key: clip(key.Value)}, "is what stands behind a comma: a text with a comma in it must stand in quotation marks where it is in {…}")
				continue
			}
			r.unknownKey(key, keys)
			continue
		}
		path := under(at, f.path)
		if !r.first(path, f.key, key) || isNull(value) {
			continue
		}
		r.place(path, f.key, value)
		r.set[path] = true
		f.read(r, path, value, m)
	}
	for _, f := range fields {
		path := under(at, f.path)
		r.words[path] = f.key
		if f.fallback != nil && !r.set[path] {
			f.fallback(m)
		}
	}
}
