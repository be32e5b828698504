package letter

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Kind is what a file holds, as its key "kind" says.
type Kind string

// The kinds of files. A letter need not say that it is one.
const (
	KindLetter Kind = "letter"
	KindMatter Kind = "matter"
	KindReport Kind = "report"
)

var kinds = []string{string(KindLetter), string(KindMatter), string(KindReport)}

// KindOf tells what a file holds without reading the rest of it. The error is Errors:
// no front matter, or a kind there is not.
func KindOf(b []byte) (Kind, error) {
	r, _ := open(b, "", Defaults{})
	for key, value := range r.pairs("", r.root) {
		if plainWord(key.Value) != "kind" || isNull(value) {
			continue
		}
		if k := plainWord(value.Value); slices.Contains(kinds, k) {
			return Kind(k), nil
		}
		r.complain(r.place("kind", "kind", value), value, "%s", notOneOf(value.Value, "a kind of file", kinds))
	}
	if r.failed() {
		return "", r.errors()
	}
	return KindLetter, nil
}

// kindField is the key that says what a file holds.
func kindField[M any](get func(M) *string) field[M] {
	return one("kind", "kind", (*reader).kind, get)
}

// kind refuses a file of another kind than the one asked for.
func (r *reader) kind(at string, n *yaml.Node) string {
	s := r.scalar(at, n)
	switch k := Kind(plainWord(s)); {
	case k == r.what:
	case slices.Contains(kinds, string(k)):
		r.complain(at, n, "this file is a %s; a %s is wanted here", k, r.what)
	default:
		r.complain(at, n, "%s", notOneOf(s, "a kind of file", kinds))
	}
	return s
}
