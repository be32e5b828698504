package guidance

import (
	"fmt"
	"sort"
	"strings"
	"time"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The oracle answers questions by domain.md 4 a second time, written from the text and
// not from the code: one flat list of everything said, whole-list filters with the
// clause written out, and knock-out rounds. It is slow and shares nothing with Resolve
// but the messages and the test register. It answers in the words of gist.

// fact is one position of one entry for one committee.
type fact struct {
	e      Entry
	p      *v1.Position
	n      int
	c      string
	a, z   string // issued, earliest and latest
	v, w   string // valid, first and last day ("9999-12-31" when open)
	report bool
}

type oracle struct {
	all []Entry
	reg *book
}

func realDay(s string) bool {
	t, err := time.Parse("2006-01-02", s)
	return err == nil && t.Format("2006-01-02") == s
}

func orElse(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

// facts is everything anybody said that means anything and that they were entitled to.
func (o oracle) facts(matter, c string, k uint64) (out []fact) {
	for _, e := range o.all {
		if e.Repudiated || k != 0 && e.Feed > k {
			continue
		}
		var ps []*v1.Position
		start := ""
		if e.Advisory != nil {
			ps, start = e.Advisory.Positions, orElse(e.Advisory.ValidFrom, e.Advisory.Issued.GetLatest())
		} else if e.Report != nil {
			ps, start = []*v1.Position{e.Report.Position}, e.Report.Issued.GetLatest()
		}
		a, z := e.Issued().GetEarliest(), e.Issued().GetLatest()
		for n, p := range ps {
			f := fact{e, p, n, c, a, z, orElse(p.GetValidFrom(), start), orElse(p.GetValidUntil(), "9999-12-31"), e.Report != nil}
			named := false
			for _, x := range p.GetCommittees() {
				named = named || x == c
			}
			good := realDay(a) && realDay(z) && a <= z && realDay(f.v) && realDay(f.w) && realDay(start) && len(p.GetAudiences()) > 0 &&
				v1.Stance_name[int32(p.GetStance())] != "" && p.GetStance() != 0 && !(p.GetProvenance() == 3 && !f.report)
			may := o.reg.SpeaksFor(e.Office, c, z)
			if f.report {
				may = !may && o.reg.MayReport(e.Office, z)
			}
			if named && good && may && p.GetMatter() == matter {
				out = append(out, f)
			}
		}
	}
	return out
}

func (f fact) mention() bool {
	return f.p.Stance == 9 || f.p.Stance == 10 || f.p.Provenance == 2
}

func (f fact) waits() bool { return strings.Contains(fmt.Sprint(f.p.Conditions), "STARTS_WHEN") }

var audienceSets = map[v1.Audience]string{
	1: "partners salaried managers other-practice", 2: "partners", 3: "salaried", 4: "managers",
	5: "directors other-pcn", 6: "directors", 7: "commissioner-gps other-commissioner", 8: "commissioner-gps", 9: "lmcs",
}

func (f fact) addresses(aud v1.Audience) bool {
	for _, a := range f.p.Audiences {
		every := audienceSets[a] != ""
		for _, who := range strings.Fields(audienceSets[aud]) {
			every = every && strings.Contains(" "+audienceSets[a]+" ", " "+who+" ")
		}
		if every {
			return true
		}
	}
	return false
}

func (o oracle) about(f fact, q Question) bool {
	if f.p.Measure == q.Measure {
		return true
	}
	if f.p.Measure != "" {
		return false
	}
	for _, m := range q.Matter.Measures {
		if m.Id == q.Measure {
			return m.Proposer == nil || m.Proposer.Id == q.Matter.Proposer.Id
		}
	}
	return false
}

func (o oracle) where(f fact, q Question) bool {
	if f.p.Area == nil {
		return true
	}
	if q.Area != nil {
		return o.reg.Contains(f.p.Area, q.Area, f.z)
	}
	own := o.reg.CommitteeAreas(f.c, f.z)
	held := 0
	for _, a := range own {
		if o.reg.Contains(f.p.Area, a, f.z) {
			held++
		}
	}
	return len(own) > 0 && held == len(own)
}

// endings lists, for one fact, every (day, how, by) that ends it by T.
type endNote struct {
	day, by string
	rank    int // withdrawn 0, replaced 1, amended 2, expired 3
	byEntry Entry
}

// counts: who may end what (4.2).
func (o oracle) counts(by, target Entry, c string, k uint64) bool {
	rank := map[v1.Visibility]int{1: 0, 2: 1, 3: 2, 4: 2, 5: 3}
	wide := by.Visibility == target.Visibility || rank[by.Visibility] < rank[target.Visibility]
	return by.ID != target.ID && !by.Repudiated && (k == 0 || by.Feed <= k) && wide && realDay(by.Issued().GetLatest()) && realDay(by.Issued().GetEarliest()) &&
		by.Issued().GetEarliest() <= by.Issued().GetLatest() && by.Issued().GetLatest() >= target.Issued().GetEarliest() &&
		o.reg.SpeaksFor(by.Office, c, by.Issued().GetLatest())
}

func has(list []string, s string) bool {
	return strings.Contains(" "+strings.Join(list, " ")+" ", " "+s+" ")
}

func (o oracle) restored(f fact, by Entry, q Question) bool {
	for _, w := range o.all {
		if w.Withdrawal != nil && w.Withdrawal.Advisory == by.ID && has(w.Withdrawal.Restores, f.e.ID) && o.counts(w, by, f.c, q.KnownAt) &&
			orElse(w.Withdrawal.Effective, w.Withdrawal.Issued.GetLatest()) <= q.AsOf {
			return true
		}
	}
	return false
}

func (o oracle) ends(f fact, q Question, candidates []fact) (notes []endNote) {
	if f.w < q.AsOf {
		t, _ := time.Parse("2006-01-02", f.w)
		notes = append(notes, endNote{t.AddDate(0, 0, 1).Format("2006-01-02"), "", 3, Entry{}})
	}
	for _, by := range o.all {
		if !o.counts(by, f.e, f.c, q.KnownAt) {
			continue
		}
		if w := by.Withdrawal; w != nil && w.Advisory == f.e.ID {
			if day := orElse(w.Effective, w.Issued.Latest); day <= q.AsOf {
				notes = append(notes, endNote{day, by.ID, 0, by})
			}
		}
		if by.Advisory == nil || o.restored(f, by, q) {
			continue
		}
		if has(by.Advisory.Replaces, f.e.ID) {
			if day := orElse(by.Advisory.ValidFrom, by.Advisory.Issued.Latest); day <= q.AsOf && realDay(day) {
				notes = append(notes, endNote{day, by.ID, 1, by})
			}
		}
		for _, x := range candidates {
			if has(by.Advisory.Amends, f.e.ID) && x.e.ID == by.ID {
				notes = append(notes, endNote{max(x.v, x.z), by.ID, 2, by})
			}
		}
	}
	sort.Slice(notes, func(i, j int) bool {
		x, y := notes[i], notes[j]
		return fmt.Sprintf("%s %d %s %04d %08d", x.day, x.rank, x.byEntry.Office, x.byEntry.Epoch, x.byEntry.Index) <
			fmt.Sprintf("%s %d %s %04d %08d", y.day, y.rank, y.byEntry.Office, y.byEntry.Epoch, y.byEntry.Index)
	})
	return notes
}

func pick(fs []fact, keep func(fact) bool) (out []fact) {
	for _, f := range fs {
		if keep(f) {
			out = append(out, f)
		}
	}
	return out
}

// knockOut is one round: whoever is beaten by anybody left goes out.
func knockOut(fs []fact, beats func(x, y fact) bool) []fact {
	out := pick(fs, func(y fact) bool {
		return len(pick(fs, func(x fact) bool { return beats(x, y) })) == 0
	})
	return out
}

// answer is gist, worked out the slow way, of one line.
func (o oracle) answer(q Question) string {
	all := o.facts(q.Matter.Name, q.Committee.Id, q.KnownAt)
	bearing := pick(all, func(f fact) bool { return o.about(f, q) && f.addresses(q.Audience) && o.where(f, q) })
	issued := pick(bearing, func(f fact) bool { return f.z <= q.AsOf })
	valid := pick(issued, func(f fact) bool { return f.v <= q.AsOf && q.AsOf <= f.w })
	candidates := pick(valid, func(f fact) bool { return !f.waits() })
	alive := func(f fact) bool { return len(o.ends(f, q, candidates)) == 0 }

	// 4.4: when it last spoke itself on M
	spoke := ""
	for _, f := range pick(all, func(f fact) bool { return o.about(f, q) && !f.report && !f.mention() }) {
		if f.z <= q.AsOf {
			spoke = max(spoke, f.z)
		}
		for _, w := range o.all {
			if w.Withdrawal != nil && w.Withdrawal.Advisory == f.e.ID && w.Withdrawal.Issued.Latest <= q.AsOf && o.counts(w, f.e, f.c, q.KnownAt) {
				spoke = max(spoke, w.Withdrawal.Issued.Latest)
			}
		}
	}
	standing := pick(candidates, alive)
	since := pick(standing, func(f fact) bool { return f.report && spoke != "" && f.z > spoke })
	left := pick(standing, func(f fact) bool { return !(f.report && spoke != "") })
	waiting := pick(pick(valid, fact.waits), alive)
	maybe := pick(bearing, func(f fact) bool { return f.a <= q.AsOf && f.z > q.AsOf && alive(f) })

	var best []fact
	for _, kind := range []string{"line", "reported line", "mention", "reported mention"} {
		best = pick(left, func(f fact) bool {
			return strings.HasPrefix(kind, "reported") == f.report && strings.HasSuffix(kind, "mention") == f.mention()
		})
		if len(best) > 0 {
			break
		}
	}
	best = o.ladder(best, q)
	stances := map[v1.Stance]bool{}
	for _, f := range best {
		stances[f.p.Stance] = true
	}
	out := ""
	switch {
	case len(stances) > 1:
		sort.Slice(best, func(i, j int) bool { return best[i].e.Office < best[j].e.Office })
		out = "contested"
		for _, f := range best {
			out += " " + f.words()
		}
	case len(stances) == 1:
		sort.Slice(best, func(i, j int) bool { return best[i].e.Office < best[j].e.Office })
		best = best[:1]
		out = best[0].state() + " " + best[0].words()
	default:
		out = "no_line " + o.why(issued, q, candidates, spoke)
	}
	chosen := func(f fact) bool {
		for _, b := range best {
			if b.e.ID == f.e.ID && b.n == f.n {
				return true
			}
		}
		return false
	}
	beside := pick(left, func(f fact) bool { return f.mention() && !chosen(f) })
	return out + listed("beside", beside) + listed("since", since) + listed("maybe", maybe) + listed("waiting", waiting)
}

func (o oracle) ladder(fs []fact, q Question) []fact {
	fs = knockOut(fs, func(x, y fact) bool { return x.z > y.z })
	fs = knockOut(fs, func(x, y fact) bool { return x.p.Measure != "" && y.p.Measure == "" })
	fs = knockOut(fs, func(x, y fact) bool { return distinctNames(x.p.Committees) < distinctNames(y.p.Committees) })
	fs = knockOut(fs, func(x, y fact) bool {
		if x.p.Area == nil || y.p.Area == nil {
			return x.p.Area != nil
		}
		return o.reg.Contains(y.p.Area, x.p.Area, x.z) && !o.reg.Contains(x.p.Area, y.p.Area, x.z)
	})
	fs = knockOut(fs, func(x, y fact) bool {
		return x.e.Office == y.e.Office && (x.e.Epoch > y.e.Epoch || x.e.Epoch == y.e.Epoch && x.e.Index > y.e.Index)
	})
	names := func(f fact) int {
		for _, a := range f.p.Audiences {
			if a == q.Audience {
				return 0
			}
		}
		return 1
	}
	return knockOut(fs, func(x, y fact) bool {
		return x.e.ID == y.e.ID && (names(x) < names(y) || names(x) == names(y) && x.n < y.n)
	})
}

func distinctNames(list []string) int {
	set := map[string]bool{}
	for _, s := range list {
		set[s] = true
	}
	return len(set)
}

// why is domain.md 4.7.
func (o oracle) why(issued []fact, q Question, candidates []fact, spoke string) string {
	type gone struct {
		f    fact
		note endNote
	}
	var all []gone
	for _, f := range issued {
		if notes := o.ends(f, q, candidates); len(notes) > 0 && !(f.report && spoke != "") {
			all = append(all, gone{f, notes[0]})
		}
	}
	for _, class := range []int{0, 1, 2, 3} { // own lines, own mentions, reported lines, reported mentions
		var here []gone
		for _, g := range all {
			n := 0
			if g.f.mention() {
				n++
			}
			if g.f.report {
				n += 2
			}
			if n == class {
				here = append(here, g)
			}
		}
		if len(here) == 0 {
			continue
		}
		sort.SliceStable(here, func(i, j int) bool { return here[i].f.before(here[j].f) })
		sort.SliceStable(here, func(i, j int) bool { return here[i].note.day > here[j].note.day })
		g := here[0]
		how := []string{"withdrawn", "replaced", "replaced", "expired"}[g.note.rank]
		return strings.Join(strings.Fields(how+" "+g.f.e.ID+" "+g.note.by+" "+g.note.day), " ")
	}
	if q.Unknown > 0 {
		return fmt.Sprint("not_known ", q.Unknown)
	}
	return "silent"
}

func (f fact) words() string {
	return f.e.ID + " " + strings.ReplaceAll(StanceNoun(f.p.Stance), " ", "-")
}

func (f fact) state() string {
	switch {
	case f.report:
		return "reported"
	case f.p.Provenance == 2:
		return "relayed"
	case f.p.Stance == 9:
		return "consulting"
	case f.p.Stance == 10:
		return "mentioned"
	}
	return "stated"
}

// before is newest first.
func (f fact) before(g fact) bool {
	x := []string{g.z, g.a, f.e.Office, fmt.Sprintf("%04d%08d", g.e.Epoch, g.e.Index), fmt.Sprintf("%04d", f.n)}
	y := []string{f.z, f.a, g.e.Office, fmt.Sprintf("%04d%08d", f.e.Epoch, f.e.Index), fmt.Sprintf("%04d", g.n)}
	return strings.Join(x, " ") < strings.Join(y, " ")
}

func listed(what string, fs []fact) string {
	if len(fs) == 0 {
		return ""
	}
	sort.Slice(fs, func(i, j int) bool { return fs[i].before(fs[j]) })
	out := " | " + what
	for _, f := range fs {
		out += " " + f.e.ID
	}
	return out
}
