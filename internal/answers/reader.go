package answers

import (
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Reader is who asks, as what they are entitled to by (domain.md 7), never as a level:
// practices of some committees and offices are different readers, neither of whom reads
// more. Two readers who may read the same are equal.
type Reader struct {
	kind readerKind
	of   string // the office, or the practice's committees, sorted and joined by commas
}

type readerKind byte

const (
	public readerKind = iota
	practice
	office
)

// Public is anybody.
func Public() Reader { return Reader{} }

// Practice is an authenticated practice of some committees.
func Practice(committees ...string) Reader {
	sorted := slices.Compact(slices.Sorted(slices.Values(committees)))
	return Reader{practice, strings.Join(sorted, ",")}
}

// Office is an office of a committee of the federation, or its node.
func Office(id string) Reader { return Reader{office, id} }

// String is what the reader is entitled by: "public", "practice of kent,surrey" or
// "office essex".
func (r Reader) String() string {
	switch r.kind {
	case practice:
		return "practice of " + r.of
	case office:
		return "office " + r.of
	}
	return "public"
}

// mayRead is the one table of who reads what (domain.md 7): the words of an entry of a
// visibility, in the log of author, said for committees.
//
//	              anybody   practice            office
//	PUBLIC        yes       yes                 yes
//	PRACTICES     no        yes                 yes
//	CONSTITUENTS  no        of its committees   the author
//	COMMITTEES    no        no                  yes
//	OFFICE        no        no                  the author
//	not known     no        no                  the author
func (r Reader) mayRead(visibility guidancev1.Visibility, author string, committees []string) bool {
	if visibility == guidancev1.Visibility_VISIBILITY_PUBLIC || r.kind == office && r.of == author {
		return true
	}
	switch visibility {
	case guidancev1.Visibility_VISIBILITY_PRACTICES:
		return r.kind != public
	case guidancev1.Visibility_VISIBILITY_CONSTITUENTS:
		return r.kind == practice && slices.ContainsFunc(strings.Split(r.of, ","), func(c string) bool { return slices.Contains(committees, c) })
	case guidancev1.Visibility_VISIBILITY_COMMITTEES:
		return r.kind == office
	}
	return false
}

// reads says whether the reader may read an entry's words.
func (r Reader) reads(e guidance.Entry) bool {
	return r.mayRead(e.Visibility, e.Office, guidance.CommitteesOf(e))
}

// withheld is how many entries of an office's log, by visibility, the reader cannot be
// sure to read: those of CONSTITUENTS are told apart by their words, which are not read
// to count them, so that they are withheld from every reader but the author.
func (r Reader) withheld(author string, byVisibility store.PerVisibility) uint64 {
	var n uint64
	for visibility, count := range byVisibility {
		if count > 0 && !r.mayRead(guidancev1.Visibility(visibility), author, nil) {
			n += count
		}
	}
	return n
}
