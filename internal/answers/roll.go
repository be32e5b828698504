package answers

import (
	"cmp"
	"slices"
	"sync"

	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// roll is who is there on a day by a register, worked out once for many answers.
type roll struct {
	offices    []*guidancev1.Office
	committees []picture.Committee // without what is unknown of each
	ever       [][]string          // of each of these, the offices that ever spoke for it
	speaking   []string            // the offices whose words count on the day

	mu        sync.Mutex
	practices map[string]*answersv1.LookUpPracticeResponse // those looked up, by code
	besides   map[string][]*answersv1.CommitteeBeside      // by committee
}

// practicesKept is how many there are at most: as many as England has, and some more.
const practicesKept = 8192

// lookUp is lookUpPractice by the register and on the day of a roll. What it gives is shared: not to be
// changed.
func (r *roll) lookUp(reg *register.Register, practice, day string) *answersv1.LookUpPracticeResponse {
	r.mu.Lock()
	defer r.mu.Unlock()
	look := r.practices[practice]
	if look == nil {
		look = lookUpPractice(reg, practice, day)
		if r.practices == nil || len(r.practices) >= practicesKept {
			r.practices = map[string]*answersv1.LookUpPracticeResponse{}
		}
		r.practices[practice] = look
	}
	return look
}

// beside are the neighbours of a committee, by name. They are shared: not to be changed.
func (r *roll) beside(reg *register.Register, committee, day string) []*answersv1.CommitteeBeside {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, again := r.besides[committee]; again {
		return known
	}
	var all []*answersv1.CommitteeBeside
	committees, listed := reg.Neighbours(committee, day)
	for _, c := range committees {
		all = append(all, &answersv1.CommitteeBeside{Committee: c.Id, Name: c.Name, Listed: listed})
	}
	if r.besides == nil {
		r.besides = map[string][]*answersv1.CommitteeBeside{}
	}
	r.besides[committee] = all
	return all
}

// byName is the order in which pictures ask.
func byName(a, b *guidancev1.Committee) int {
	return cmp.Or(cmp.Compare(a.GetName(), b.GetName()), cmp.Compare(a.GetId(), b.GetId()))
}

// rolls are those asked for last.
type rolls struct {
	mu  sync.Mutex
	all map[rollOf]*roll
}

type rollOf struct {
	register *register.Register
	day      string
}

// rollsKept is how many there are: today's, and those of the days asked about.
const rollsKept = 16

func (rs *rolls) of(reg *register.Register, day, keeper string) *roll {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if one := rs.all[rollOf{reg, day}]; one != nil {
		return one
	}
	one := &roll{offices: reg.Offices()}
	if reg.Office(keeper) != nil {
		one.speaking = append(one.speaking, keeper)
	}
	for _, c := range slices.SortedFunc(slices.Values(reg.Committees(day)), byName) {
		there := recount.CommitteeOn(reg, c, day)
		if reg.Office(there.Office) != nil {
			one.speaking = append(one.speaking, there.Office)
		}
		one.committees, one.ever = append(one.committees, there), append(one.ever, reg.OfficesEver(c.Id))
	}
	for _, office := range reg.Reporters() {
		if reg.MayReport(office, day, day) && reg.Office(office) != nil {
			one.speaking = append(one.speaking, office)
		}
	}
	slices.Sort(one.speaking)
	one.speaking = slices.Compact(one.speaking)
	if rs.all == nil || len(rs.all) >= rollsKept {
		rs.all = map[rollOf]*roll{}
	}
	rs.all[rollOf{reg, day}] = one
	return one
}
