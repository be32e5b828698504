package guidance

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// Prepared is entries read once for many questions: what was said for whom, and what
// ends what. It holds on to the entries, which must not change while it is used; it is
// itself never changed, so any number of answers may be made from it, each in one goroutine, from its
// own For.
type Prepared struct {
	ctx     context.Context // of the one answer it is used for
	restsOn []string        // the committees whose words were read for it: ResolveFrom
	*reading
}

// reading is what was read. What is worked out as it is asked for is all that changes.
type reading struct {
	reg     Register
	byTopic growing[topic, []*assertion]  // what offices entitled to said, by matter and committee
	byEntry growing[string, []*assertion] // the same, by the name of the entry that said it
	endings growing[string, []ending]     // what ends an entry, by that entry's name
	entries growing[string, *Entry]       // all, by name
	issued  growing[span, []*Entry]       // the same, by when they were issued
	removed growing[topic, []*Entry]      // what took down words on a matter for a committee

	newest    uint64                       // the highest feed number of all
	mu        sync.Mutex                   // guards
	inherited map[topic][]*assertion       // byTopic with what predecessors said
	scoped    map[topic]map[string]*parted // that, by scope
	lists     map[placeOn]listing          // of areas on days, as they were asked for
}

// For is the same for another answer.
func (p *Prepared) For(ctx context.Context) *Prepared { return &Prepared{ctx: ctx, reading: p.reading} }

// With is what was prepared with more entries, none of which it has, and the committees whose
// answers may differ by them: those they speak for, and those that what they end speaks for, or
// what that ended, and so on, for a restored letter answers again.
func (p *Prepared) With(ctx context.Context, entries []Entry) (more *Prepared, committees map[string]bool) {
	more = p.Beside(ctx, entries)
	committees = map[string]bool{}
	var reached []*Entry
	for i := range entries {
		reached = append(reached, &entries[i])
	}
	passed := map[*Entry]bool{}
	for len(reached) > 0 {
		e := reached[len(reached)-1]
		reached = reached[:len(reached)-1]
		if e == nil || passed[e] {
			continue
		}
		passed[e] = true
		for _, committee := range CommitteesOf(*e) {
			committees[committee] = true
		}
		for _, name := range Ends(*e) {
			reached = append(reached, more.entries.of(name))
		}
	}
	return more, committees
}

// copied is the same, to change.
func (p *Prepared) copied(ctx context.Context) *Prepared {
	return &Prepared{ctx: ctx, reading: &reading{
		reg: p.reg, newest: p.newest, byTopic: p.byTopic.grown(), byEntry: p.byEntry.grown(), endings: p.endings.grown(), entries: p.entries.grown(), issued: p.issued.grown(), removed: p.removed.grown(),
		inherited: map[topic][]*assertion{}, scoped: map[topic]map[string]*parted{},
	}}
}

// Beside is With, for who need not know whose answers may differ.
func (p *Prepared) Beside(ctx context.Context, entries []Entry) *Prepared {
	more := p.copied(ctx)
	for i := range entries {
		more.take(&entries[i])
	}
	more.partFrom(p, entries, more.put)
	return more
}

// Without is what was prepared but for one entry: what it said, and what it ends, is said and ended no more.
func (p *Prepared) Without(ctx context.Context, name string) *Prepared {
	less := p.copied(ctx)
	e := p.entries.of(name)
	if e == nil {
		return less
	}
	less.entries.put(name, nil)
	less.byEntry.put(name, nil)
	remove(less.issued, span{e.Issued().GetEarliest(), e.Issued().GetLatest()}, func(one *Entry) bool { return one == e })
	for _, s := range p.byEntry.of(name) {
		for _, committee := range s.position.GetCommittees() {
			remove(less.byTopic, topic{s.position.GetMatter(), committee}, func(one *assertion) bool { return one.entry == e })
		}
	}
	for _, matter := range MattersOf(*e) {
		for _, committee := range CommitteesOf(*e) {
			remove(less.removed, topic{matter, committee}, func(one *Entry) bool { return one == e })
		}
	}
	for _, ended := range Ends(*e) {
		remove(less.endings, ended, func(one ending) bool { return one.by == e })
	}
	less.partFrom(p, []Entry{*e}, less.takeOut)
	return less
}

// Entry is one of those prepared, by its name; nil: it is none of them.
func (p *Prepared) Entry(name string) *Entry { return p.entries.of(name) }

// Entries are those prepared, as they arrived.
func (p *Prepared) Entries() (all []Entry) {
	for _, part := range [...]map[string]*Entry{p.entries.rest, p.entries.newer} {
		for name, e := range part {
			if e != nil && p.entries.of(name) == e {
				all = append(all, *e)
			}
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return byArrival(&a, &b) })
	return all
}

// byArrival sorts some entries as they arrived.
func byArrival(a, b *Entry) int { return cmp.Or(cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.ID, b.ID)) }

// Ends are the names of the entries that one says it ends, amends or restores.
func Ends(e Entry) []string {
	if e.Withdrawal != nil {
		return append(slices.Clip(e.Withdrawal.GetRestores()), e.Withdrawal.GetAdvisory())
	}
	return slices.Concat(e.Advisory.GetReplaces(), e.Advisory.GetAmends())
}

// restOn notes whose words an answer is made from.
func (p *Prepared) restOn(committee string) {
	if !slices.Contains(p.restsOn, committee) {
		p.restsOn = append(p.restsOn, committee)
	}
}

// stopped: nobody waits for the answer any more. What is worked out from
// then on is thrown away by whoever asked, so every long loop ends early.
func (p *Prepared) stopped() bool { return p.ctx.Err() != nil }

// Prepare reads entries once, in any order, so that many questions cost little. The
// register is the one known at the moment the questions are asked for. When ctx ends, so
// does the work within milliseconds, here and in every question asked of what was
// prepared, and what it then says is worth nothing: look at ctx before using it.
func Prepare(ctx context.Context, entries []Entry, reg Register) *Prepared {
	if reg == nil {
		reg = nobody{}
	}
	p := (&Prepared{reading: &reading{reg: reg}}).copied(ctx)
	for i := range entries {
		if i%checkEvery == 0 && p.stopped() {
			break
		}
		p.take(&entries[i])
	}
	return p
}

// checkEvery is how many steps of a loop pass between two looks at whether anybody still
// waits: a few milliseconds at most.
const checkEvery = 256
