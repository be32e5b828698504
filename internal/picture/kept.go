package picture

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// keptLimit is about how many bytes are kept of one matter's answers: twice that at most.
const keptLimit = 8 << 20

// keeping is what was worked out from the newest version of what was said.
type keeping struct {
	mu       sync.Mutex
	version  int
	now, old map[any]kept // what was not asked for while now filled up is forgotten with old
	weight   int          // of now

	asked, had uint64 // how often something was asked for, and was kept
}

// weightOf is about how much memory a thing worked out takes.
func weightOf(value any) int {
	const overhead, perByte = 512, 4 // of a message over its bytes on the wire
	weight := overhead
	switch value := value.(type) {
	case []*answersv1.Line:
		for _, line := range value {
			weight += overhead + perByte*proto.Size(line)
		}
	case []*answersv1.ToldVote:
		for _, told := range value {
			weight += overhead + perByte*proto.Size(told)
		}
	case keptView:
		weight += len(value.written)
	case keptLine:
		weight += len(value.written)
	case keptTable:
		weight += 2 * len(value.written)
	}
	return weight
}

// kept is one thing worked out, and the committees whose words it rests on.
type kept struct {
	value  any
	on     []string
	weight int
}

// get returns what is kept under a key, for a version.
func (k *keeping) get(version int, key any) (kept, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked++
	if version != k.version {
		return kept{}, false
	}
	one, ok := k.now[key]
	if !ok {
		if one, ok = k.old[key]; ok {
			k.add(key, one)
		}
	}
	if ok {
		k.had++
	}
	return one, ok
}

// put keeps what a version worked out, unless it is the newest no more.
func (k *keeping) put(version int, key any, one kept) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if version == k.version && one.weight < keptLimit/4 { // else it alone would have everything forgotten
		k.add(key, one)
	}
}

func (k *keeping) add(key any, one kept) {
	if k.now == nil || k.weight+one.weight > keptLimit {
		k.old, k.now, k.weight = k.now, map[any]kept{}, 0
	}
	k.now[key] = one
	k.weight += one.weight
}

// pass goes on to another version, without what rests on the committees that it touches; nil: without all.
func (k *keeping) pass(version int, touched map[string]bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.version = version
	if touched == nil {
		k.now, k.old, k.weight = nil, nil, 0
	}
	rests := func(_ any, one kept) bool {
		return slices.ContainsFunc(one.on, func(c string) bool { return touched[c] })
	}
	maps.DeleteFunc(k.old, rests)
	maps.DeleteFunc(k.now, func(key any, one kept) bool {
		if !rests(key, one) {
			return false
		}
		k.weight -= one.weight
		return true
	})
}

func (k *keeping) weighs() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := k.weight
	for _, one := range k.old {
		all += one.weight
	}
	return all
}

// keptView is a committee's view with what an answer needs of it beside.
type keptView struct {
	*answersv1.CommitteeView
	rank    int      // of its lines on what is asked about
	notices []string // what that is shown with
	written []byte   // nil: of the reader's own committee
}

// viewKey is what a committee's view is kept under.
type viewKey struct {
	committee, measure string
	whole              bool
	audience           guidancev1.Audience // asked for
	ofPractice         bool                // who asks has a committee
	ownAlone           bool                // it has its measures too
	area               notation.Area
	scope, day         string
	unknown, national  int32 // how much is unknown of it, and of its nation's committee
}

func (r *resolver) committeeView(c Committee) keptView {
	work := func() any {
		view := r.newCommitteeView(c)
		lines := append(slices.Clone(view.Parts), view.Headline)
		kept := keptView{CommitteeView: view, rank: rank(lines)}
		if !view.Own {
			kept.written = writtenOut(view)
		}
		kept.notices = noticesOf(append(lines, view.GetMeasures()...))
		return kept
	}
	national, _ := r.nationalCommittee(NationOf(c))
	key := viewKey{
		c.GetId(), r.in.Measure, r.in.Whole, r.in.Audience, r.isOfPractices(), r.ownAlone, notation.AreaOf(r.in.Area), r.group.key(), r.in.AsOf, c.Unknown, national.Unknown,
	}
	return r.keep(key, !r.isOwn(c), work).(keptView)
}

// keptTable is a table, and what an answer needs of it beside.
type keptTable struct {
	*answersv1.NationalTable
	notices []string
	written []byte
}

// tableKey is what a table is kept under.
type tableKey struct {
	measure, nation string
	unit            answersv1.Unit
	audience        guidancev1.Audience // asked for
	area            notation.Area
	scope, day      string
	unknown         string
}

// unknown is what is unknown of each committee, for which a table differs though nobody said anything.
func (r *resolver) unknown() string {
	var all strings.Builder
	for _, c := range r.committees {
		if c.Unknown != 0 || c.NotJoined {
			fmt.Fprintln(&all, c.GetId(), c.Unknown, c.NotJoined)
		}
	}
	return all.String()
}

// keptLine is a line as a table has it, without texts to send, and what an answer needs of it beside.
type keptLine struct {
	*answersv1.Line
	notices []string
	written []byte
}
