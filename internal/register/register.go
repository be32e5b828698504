// Package register knows what the keeper's log says about the federation: its
// offices with their keys and addresses, its committees, which office speaks for
// which committee from when, who may report what others said, and the areas.
//
// It is one pure fold over the REGISTER records of the keeper's log, in log order
// (protocol.md 6). The caller chooses "as of a size" by passing the prefix of the
// records; "as of a day" is an argument of the questions. The fold is total: a
// record that is malformed, unknown to this software or contradicts earlier ones is
// listed in Problems in plain words and otherwise left alone, so that no record can
// stop a node from reading the rest.
//
// The package does not know how records are stored or fetched (store, replica), what
// positions are or what an answer says (guidance, picture), and never asks a clock.
// The messages handed out belong to the register: callers must not change them.
package register

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// Limits of a record. A body is at most ledger.BodyLimit before it comes here.
const (
	// NodesLimit is how many nodes an office may have.
	NodesLimit = 16
	// NameLimit is the length in runes of a name, and of any other text on one line.
	NameLimit = 300
	// NoteLimit is that of an area's note.
	NoteLimit = 2000
	// TenuresLimit is how many areas one committee may cover.
	TenuresLimit = 256
	// PredecessorsLimit is how many committees one may have been merged from.
	PredecessorsLimit = 256
	// NeighboursLimit is how many committees one has beside it.
	NeighboursLimit = 64
	// SuccessorsLimit is how many may have taken the place of one body.
	SuccessorsLimit = 256
	// CountLimit is how many practices, or patients, all areas have together, so that no
	// sum of them is more than an answer can say: England's are 62 million, in each of its
	// schemes of areas.
	CountLimit = 2_000_000_000
)

// forever is the day asked for when a caller gives none: things as they stand last.
const forever = "9999-12-31"

// Record is one REGISTER entry.
type Record struct {
	// Feed is the feed number the entry arrived with; not part of the fold.
	Feed uint64
	// Entry is where it stands ("gpc-england/3").
	Entry ledger.EntryID
	// Body is the record; nil when its words are not here.
	Body *ledgerv1.RegisterRecord
	// SignatureIsGood is set of an admission whose signature was found good before, by the
	// function of that name: it is not checked again.
	SignatureIsGood bool
}

// Register is the federation as of a size of the keeper's log. It never changes
// after Fold and may be read by any number of goroutines.
type Register struct {
	federation, keeper  string
	size                uint64
	last                ledger.EntryID
	offices             map[string]*ledgerv1.OfficeRecord
	signed              map[string]*ledgerv1.SignedOfficeRecord // as the offices signed those
	logs                map[string][]logKey                     // by office; one per epoch
	owners              map[string]string                       // every key ever admitted -> office
	revoked             map[string]bool                         // office + "/" + key
	committees          map[string]committee
	mandates            map[string]timeline // by committee
	reporting           map[string]timeline // by office
	areas               map[notation.Area]area
	bodies              map[string]body
	practices, patients int64 // of all areas together, as their own records have them
	releases            []release
	unfinished          map[string]unfinished // by source
	patientLists        []patientList         // by day
	problems            []*answersv1.RegisterProblem
	lacking             int // records whose words are not here

	// What follows is worked out from the whole (settle): it and what is in it is never changed.
	nodes            map[string]nodeOf // by transport key
	byPractice       map[string][]*guidancev1.Area
	inside, cameFrom map[notation.Area][]notation.Area // the areas directly within one, and those it took over from
	// ofRecords and ofAreas are those problems that more records of other things do not change.
	ofRecords, ofAreas []*answersv1.RegisterProblem
	listed             *listed  // shared by those that have the same releases; nil: none
	counted            *counted // the same of lists of patients
	spread             *spread  // of the practices listed, over the areas
}

// Fold reads the records in the order given, which is the order of the keeper's log.
// keeperLogKey is the key of the keeper's own log, from the invitation or from the
// keeper's own files: it is believed before, and over, any record. It may be nil
// where nothing of the keeper has to be verified.
func Fold(federation, keeper string, keeperLogKey ed25519.PublicKey, records []Record) *Register {
	r := &Register{
		federation: federation, keeper: keeper,
		offices:    map[string]*ledgerv1.OfficeRecord{},
		signed:     map[string]*ledgerv1.SignedOfficeRecord{},
		logs:       map[string][]logKey{},
		owners:     map[string]string{},
		revoked:    map[string]bool{},
		committees: map[string]committee{},
		mandates:   map[string]timeline{},
		reporting:  map[string]timeline{},
		areas:      map[notation.Area]area{},
		bodies:     map[string]body{},
		unfinished: map[string]unfinished{},
	}
	if len(keeperLogKey) == ed25519.PublicKeySize {
		r.logs[keeper] = []logKey{{pub: bytes.Clone(keeperLogKey)}}
		r.owners[string(keeperLogKey)] = keeper
	}
	r.take(records, true)
	return r
}

// With is the register with more records, which follow those it has: the same as Fold of all of
// them.
func (r *Register) With(records []Record) *Register {
	with := *r
	with.offices, with.signed, with.owners, with.revoked = maps.Clone(r.offices), maps.Clone(r.signed), maps.Clone(r.owners), maps.Clone(r.revoked)
	with.committees, with.bodies, with.areas = maps.Clone(r.committees), maps.Clone(r.bodies), maps.Clone(r.areas)
	with.unfinished = maps.Clone(r.unfinished)
	with.logs, with.mandates, with.reporting = cloneLists(r.logs), cloneLists(r.mandates), cloneLists(r.reporting)
	with.take(records, slices.ContainsFunc(records, func(record Record) bool { return record.Body.GetArea() != nil }))
	return &with
}

// cloneLists is a copy of lists that are changed in place.
func cloneLists[L ~[]V, V any](lists map[string]L) map[string]L {
	lists = maps.Clone(lists)
	for key, list := range lists {
		lists[key] = slices.Clone(list)
	}
	return lists
}

// take takes records in, and looks at the whole once they are. Of the areas it does so only when one
// of them may have changed: they list the practices, which are many.
func (r *Register) take(records []Record, areas bool) {
	r.problems = slices.Clone(r.ofRecords)
	had, patients := len(r.releases), r.patientLists
	for _, record := range records {
		if err := r.add(record); err != nil {
			r.problem(record.Entry, err)
		}
	}
	r.ofRecords = r.problems
	if areas {
		r.problems = nil
		r.settleAreas()
		r.ofAreas = r.problems
	}
	if len(r.releases) > had {
		r.listed = &listed{releases: r.releases}
	}
	isCounted := !slices.Equal(patients, r.patientLists)
	if isCounted {
		r.counted = &counted{lists: r.patientLists}
	}
	if areas || len(r.releases) > had || isCounted {
		r.spread = &spread{}
	}
	r.problems = slices.Concat(r.ofRecords, r.ofAreas)
	r.settle()
}

// Federation returns the federation's short name ("demo").
func (r *Register) Federation() string { return r.federation }

// Keeper returns the office whose log the register is.
func (r *Register) Keeper() string { return r.keeper }

// Size returns the size of the keeper's log up to the last record folded: its index
// plus one, or 0 without records.
func (r *Register) Size() uint64 { return r.size }

// Lacking is how many of the records have no words here. What any of them says may be the opposite of what the
// others do, so that nothing can be told by a register with even one.
func (r *Register) Lacking() int { return r.lacking }

// Problems lists what was not understood or contradicts earlier records, in log order;
// its words are "gpc-england/9: …". Those of lists of practices, which are read for that, stand last.
func (r *Register) Problems() []*answersv1.RegisterProblem {
	all := *r
	all.problems = slices.Clone(r.problems)
	all.settleListed()
	return all.problems
}

// add takes one record in. An error says why it was left out.
func (r *Register) add(record Record) error {
	if record.Entry.Office != r.keeper {
		return fmt.Errorf("a register record outside the keeper's log (%s): only the keeper's are read", r.keeper)
	}
	if first := r.last == (ledger.EntryID{}); !first && cmp.Or(cmp.Compare(r.last.Epoch, record.Entry.Epoch), cmp.Compare(r.last.Index, record.Entry.Index)) >= 0 {
		return fmt.Errorf("the record does not follow %s: records are read once, in log order", r.last)
	}
	r.last, r.size = record.Entry, record.Entry.Index+1
	switch change := record.Body.GetChange().(type) {
	case *ledgerv1.RegisterRecord_Admission:
		return r.admit(record.Entry, change.Admission, record.SignatureIsGood)
	case *ledgerv1.RegisterRecord_Committee:
		return r.putCommittee(record.Entry, change.Committee)
	case *ledgerv1.RegisterRecord_Mandate:
		return r.mandate(record.Entry, change.Mandate)
	case *ledgerv1.RegisterRecord_ReportingRight:
		return r.grant(record.Entry, change.ReportingRight)
	case *ledgerv1.RegisterRecord_Area:
		return r.putArea(record.Entry, change.Area)
	case *ledgerv1.RegisterRecord_Revocation:
		return r.revoke(record.Entry, change.Revocation)
	case *ledgerv1.RegisterRecord_Body:
		return r.putBody(record.Entry, change.Body)
	case *ledgerv1.RegisterRecord_Practices:
		return r.putPractices(record.Entry, change.Practices)
	case *ledgerv1.RegisterRecord_Patients:
		return r.putPatients(record.Entry, change.Patients)
	}
	if record.Body == nil {
		r.lacking++
		return coded{notUnderstood, errors.New("the words of this record are not here: fetch them from a peer")}
	}
	return coded{notUnderstood, errors.New("a record this software does not understand: it may need a newer version")}
}

// settleAreas indexes practices and what the areas say of each other once every record is in.
func (r *Register) settleAreas() {
	r.byPractice = map[string][]*guidancev1.Area{}
	r.inside, r.cameFrom = map[notation.Area][]notation.Area{}, map[notation.Area][]notation.Area{}
	for _, a := range r.EveryArea() {
		for _, code := range a.GetPracticeCodes() {
			code = notation.PracticeCode(code)
			if !notation.IsPractice(code) {
				key := notation.AreaOf(a.GetId())
				r.problem(r.areas[key].entry, fmt.Errorf("area %s: %.20q is no practice's code: one letter and five digits", key, code))
				continue
			}
			if list := r.byPractice[code]; len(list) == 0 || list[len(list)-1] != a {
				r.byPractice[code] = append(list, a)
			}
		}
	}
	for _, a := range r.EveryArea() {
		key := notation.AreaOf(a.GetId())
		for _, outer := range outerEver(a) {
			if in := r.inside[notation.AreaOf(outer)]; len(in) == 0 || in[len(in)-1] != key { // for a time, and again
				r.inside[notation.AreaOf(outer)] = append(in, key)
			}
		}
		for _, later := range a.GetSuccessors() {
			if from := r.cameFrom[notation.AreaOf(later)]; len(from) == 0 || from[len(from)-1] != key { // it names one twice
				r.cameFrom[notation.AreaOf(later)] = append(from, key)
			}
			if r.areas[notation.AreaOf(later)].record == nil {
				r.problemf(r.areas[key].entry, unknown, "area %s: its successor %s is not in the register", key, notation.AreaOf(later))
			}
		}
	}
	r.checkCircles("lies within itself", outerEver)
	r.checkCircles("took over from itself", (*guidancev1.Area).GetSuccessors)
}

// settle looks at the rest: it indexes nodes, and lists mandates that give nothing, because
// their office or committee is not recorded anywhere, and areas that committees cover and
// nobody recorded, which have no practices to find and no numbers to count.
func (r *Register) settle() {
	r.nodes = map[string]nodeOf{}
	for id, record := range r.offices {
		for _, node := range record.GetNodes() {
			if key := node.GetTransportKey(); !r.isRevoked(id, key) {
				r.nodes[string(key)] = nodeOf{office: id, node: node}
			}
		}
	}
	for _, committee := range slices.Sorted(maps.Keys(r.mandates)) {
		for _, s := range r.mandates[committee] {
			if _, known := r.committees[committee]; !known {
				r.problemf(s.entry, unknown, "mandate for %s: the register has no such committee", committee)
			}
			if s.who != "" && r.offices[s.who] == nil {
				r.problemf(s.entry, unknown, "mandate for %s: the office %s is not admitted", committee, s.who)
			}
		}
	}
	for _, c := range inOrder(r.committees) {
		for _, before := range c.record.GetPredecessors() {
			if _, known := r.committees[before]; !known {
				r.problemf(c.entry, unknown, "committee %s: merged from %s, which the register does not have", c.record.GetId(), before)
			}
		}
		for _, beside := range c.record.GetNeighbours() {
			if _, known := r.committees[beside]; !known {
				r.problemf(c.entry, unknown, "committee %s: beside %s, which the register does not have", c.record.GetId(), beside)
			}
		}
		for _, tenure := range c.record.GetAreas() {
			if area := notation.AreaOf(tenure.GetArea()); r.areas[area].record == nil {
				r.problemf(c.entry, unknown, "committee %s: covers %s, which the register does not describe", c.record.GetId(), area)
			}
		}
	}
	r.settleBodies()
	r.settleReleases()
	circles(slices.Sorted(maps.Keys(r.committees)), r.predecessors, func(from, to string) {
		r.problemf(r.committees[from].entry, contradicts, "committee %s: was merged from itself, through %s", from, to)
	})
}

func (r *Register) problem(entry ledger.EntryID, err error) {
	code := answersv1.RegisterProblemCode_REGISTER_PROBLEM_CODE_INVALID
	if as := (coded{}); errors.As(err, &as) {
		code = as.code
	}
	r.problems = append(r.problems, &answersv1.RegisterProblem{Code: code, Entry: entry.String(), Words: notation.CleanLine(fmt.Sprintf("%s: %v", entry, err))})
}

func (r *Register) problemf(entry ledger.EntryID, code answersv1.RegisterProblemCode, format string, args ...any) {
	r.problem(entry, coded{code, fmt.Errorf(format, args...)})
}

// What is wrong with a record, where it is not just invalid.
const (
	notUnderstood = answersv1.RegisterProblemCode_REGISTER_PROBLEM_CODE_NOT_UNDERSTOOD
	unknown       = answersv1.RegisterProblemCode_REGISTER_PROBLEM_CODE_UNKNOWN
	contradicts   = answersv1.RegisterProblemCode_REGISTER_PROBLEM_CODE_CONTRADICTS
	tooMany       = answersv1.RegisterProblemCode_REGISTER_PROBLEM_CODE_TOO_MANY
)

// coded is an error with the code it is listed under.
type coded struct {
	code answersv1.RegisterProblemCode
	error
}

// inOrder returns the values of m ordered by key.
func inOrder[V any](m map[string]V) []V {
	all := make([]V, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		all = append(all, m[key])
	}
	return all
}
