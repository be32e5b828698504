package letter

import (
	"fmt"

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
		if k := Kind(plainWord(value.Value)); k == KindLetter || k == KindMatter || k == KindReport {
			return k, nil
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
	return one("kind", "kind", codec[string]{read: (*reader).kind, write: scalar}, get)
}

// kind refuses a file of another kind than the one asked for.
func (r *reader) kind(at string, n *yaml.Node) string {
	s := r.scalar(at, n)
	if k := Kind(plainWord(s)); k != r.what {
		r.complain(at, n, "%s", otherKind(s, k, r.what))
	}
	return s
}

func otherKind(s string, k, want Kind) string {
	switch k {
	case KindLetter, KindMatter, KindReport:
		return fmt.Sprintf("this file is a %s; a %s is wanted here", k, want)
	}
	return notOneOf(s, "a kind of file", kinds)
}
