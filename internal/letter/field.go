package letter

import (
	"reflect"

	"go.yaml.in/yaml/v3"
)

// field is one key of a mapping: how it is read into a message M and written from
// it. One table of fields per message serves both directions, so that they cannot
// drift apart, and Parse(Format(x)) equals x key by key.
type field[M any] struct {
	// key is the word in the file: "for".
	key string
	// path is the proto name guidance knows it by: "on_behalf_of".
	path string
	// read sets the field from a node that is there and not null.
	read func(r *reader, at string, n *yaml.Node, m M)
	// write returns what to write, nil for nothing.
	write func(m M) *yaml.Node
	// list says that the field holds many values.
	list bool
	// fallback sets what the field is where the file does not have it; nil: nothing.
	fallback func(m M)
}

// codec reads and writes one value.
type codec[T any] struct {
	// read reports what is wrong to r and then returns anything.
	read func(r *reader, at string, n *yaml.Node) T
	// write writes any value, the zero value too.
	write func(v T) *yaml.Node
}

// one is a field that holds one value; its zero value is not written.
func one[M, T any](key, path string, c codec[T], get func(M) *T) field[M] {
	return field[M]{
		key: key, path: path,
		read: func(r *reader, at string, n *yaml.Node, m M) { *get(m) = c.read(r, at, n) },
		write: func(m M) *yaml.Node {
			if v := *get(m); !reflect.ValueOf(v).IsZero() {
				return c.write(v)
			}
			return nil
		},
	}
}

// many is a field that holds a list. A single value may stand without its dash.
func many[M, T any](key, path string, c codec[T], get func(M) *[]T) field[M] {
	return field[M]{
		key: key, path: path,
		read: func(r *reader, at string, n *yaml.Node, m M) {
			for i, child := range r.items(at, n) {
				*get(m) = append(*get(m), c.read(r, r.place(item(at, i), key, child), child))
			}
		},
		write: func(m M) *yaml.Node {
			if len(*get(m)) == 0 {
				return nil
			}
			list := &yaml.Node{Kind: yaml.SequenceNode}
			for _, v := range *get(m) {
				list.Content = append(list.Content, c.write(v))
			}
			return inline(list)
		},
		list: true,
	}
}

// always makes a field that has a default write its empty value too, as "" or [],
// so that reading does not put the default there.
func (f field[M]) always() field[M] {
	write, empty := f.write, scalar("")
	if f.list {
		empty = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	}
	f.write = func(m M) *yaml.Node {
		if n := write(m); n != nil {
			return n
		}
		return empty
	}
	return f
}

// orElse gives a field the value it has where the file does not have the key. That
// value is not written.
func orElse[M any, T comparable](f field[M], get func(M) *T, usual T) field[M] {
	full := f.always().write
	f.fallback = func(m M) { *get(m) = usual }
	f.write = func(m M) *yaml.Node {
		if *get(m) == usual {
			return nil
		}
		return full(m)
	}
	return f
}

// writtenBy replaces how a field is written.
func (f field[M]) writtenBy(write func(M) *yaml.Node) field[M] {
	f.write = write
	return f
}

// fill reads a mapping into m, reporting keys that are unknown or there twice.
func fill[M any](r *reader, at string, n *yaml.Node, m M, fields []field[M]) {
	for key, value := range r.pairs(at, n) {
		f, known := lookup(fields, key.Value)
		if !known {
			r.unknownKey(key, keys(fields))
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

func lookup[M any](fields []field[M], key string) (field[M], bool) {
	for _, f := range fields {
		if f.key == plainWord(key) {
			return f, true
		}
	}
	return field[M]{}, false
}

func keys[M any](fields []field[M]) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.key
	}
	return all
}

// message is the codec of a mapping. An absent message is not written, an empty one
// is written as {}.
func message[S any](fields []field[*S]) codec[*S] {
	return codec[*S]{
		read: func(r *reader, at string, n *yaml.Node) *S {
			m := new(S)
			fill(r, at, n, m, fields)
			return m
		},
		write: func(m *S) *yaml.Node { return writeMessage(m, fields) },
	}
}

func writeMessage[M any](m M, fields []field[M]) *yaml.Node {
	mapping := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range fields {
		if n := f.write(m); n != nil {
			mapping.Content = append(mapping.Content, scalar(f.key), n)
		}
	}
	if len(mapping.Content) == 0 {
		mapping.Style = yaml.FlowStyle
	}
	return mapping
}
