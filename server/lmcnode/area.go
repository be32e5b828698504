package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// areaFlags are what is named of an area; what is empty stays as it is.
type areaFlags struct {
	name, from, until, release, note, codes     string
	practices, patients                         string
	within, successors, notWithin, notSuccessor []string
}

func areaCommand() *cobra.Command {
	var k keeping
	var named areaFlags
	cmd := &cobra.Command{
		Use:   "area SCHEME:CODE --dir DIR [--yes]",
		Short: "Add an area, or change what is recorded of it",
		Long: `area adds an area, or changes what is recorded of it: what is not named stays as
it is. Its numbers are what is counted, and come from a release; its practices'
codes are what a practice is found by, and need not be all. One that comes into
another that was there before lies in it from a day on:
--within icb:QRL=2026-04-01..

--practice-codes takes a file or a list, and is the whole list: codes that stand
in it no more are taken out. In a file each practice may have a line, with its
name behind its code. An area that ends names the areas that take over
from it with --successor, which must be in the register before.`,
		Example: `  lmcnode register area icb:QKS --dir gpc --name "Kent and Medway" \
    --practices 193 --patients 1966316 --release "list sizes, 1 May 2022" --yes
  lmcnode register area icb:QKS --dir gpc --practice-codes G82001,G82002
  lmcnode register area sub-icb:91Q --dir gpc --name Kent --within icb:QKS
  lmcnode register area icb:S9B9J --dir gpc --name "Surrey and Sussex" \
    --from 2026-04-01 --yes
  lmcnode register area icb:QKS --dir gpc --until 2026-03-31 \
    --successor icb:S9B9J`,
		Args: exactly("SCHEME:CODE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseArea("the area", args[0])
			if err != nil {
				return err
			}
			change, err := named.read()
			if err != nil {
				return err
			}
			return k.record(cmd, func(reg *answersv1.GetRegisterResponse) (*ledgerv1.RegisterRecord, error) {
				a, err := named.area(id, change, reg, k.isNew)
				return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: a}}, err
			})
		},
	}
	k.flags(cmd)
	newFlag(cmd, &k.isNew)
	f := cmd.Flags()
	f.StringVar(&named.name, "name", "", "its `NAME`")
	f.StringVar(&named.from, "from", "", "the first `DAY` it existed (2021-10-01 or 1 October 2021), or always")
	f.StringVar(&named.until, "until", "", "the last `DAY` it existed (2021-10-01 or 1 October 2021), or open")
	f.StringArrayVar(&named.within, "within", nil, "an `AREA[=FROM..UNTIL]` that wholly contains it, without days as long as both exist; may be repeated")
	f.StringArrayVar(&named.notWithin, "no-within", nil, "take out an `AREA` of those that contain it; may be repeated")
	f.StringArrayVar(&named.successors, "successor", nil, "an `AREA` that took over from it; may be repeated")
	f.StringArrayVar(&named.notSuccessor, "no-successor", nil, "take out an `AREA` of its successors; may be repeated")
	f.StringVar(&named.practices, "practices", "", "the `NUMBER` of practices in it, or none: not known")
	f.StringVar(&named.patients, "patients", "", "the `NUMBER` of patients registered in it, or none: not known")
	f.StringVar(&named.release, "release", "", "the `TEXT` that says where the numbers come from")
	f.StringVar(&named.codes, "practice-codes", "", "a `FILE` of its practices' codes, or a list with commas, or none")
	f.StringVar(&named.note, "note", "", "`TEXT` for readers of the figures: what was not checked")
	return cmd
}

// read is an area with what is named of it and can be read without the register.
func (named areaFlags) read() (a *guidancev1.Area, err error) {
	a = &guidancev1.Area{Name: named.name, Release: named.release, Note: named.note}
	if a.ValidFrom, err = dayOr("--from", named.from, "always"); err != nil {
		return nil, err
	}
	if a.ValidUntil, err = dayOr("--until", named.until, "open"); err != nil {
		return nil, err
	}
	if a.Practices, err = number("--practices", named.practices); err != nil {
		return nil, err
	}
	if a.Patients, err = number("--patients", named.patients); err != nil {
		return nil, err
	}
	if (a.Practices != nil || a.Patients != nil) && named.release == "" {
		return nil, usage("--practices and --patients need --release: where the numbers come from, for example \"list sizes, 1 May 2022\"")
	}
	for _, s := range named.within {
		t, err := parseTenure("--within", s)
		switch {
		case err != nil:
			return nil, err
		case t.ValidFrom == "" && t.ValidUntil == "":
			a.Within = append(a.Within, t.Area)
		default:
			a.LiesIn = append(a.LiesIn, t)
		}
	}
	if a.Successors, err = parseAreas("--successor", named.successors); err != nil {
		return nil, err
	}
	a.PracticeCodes, err = practiceCodes(named.codes)
	return a, err
}

// area is what is recorded of an area with what is named changed.
func (named areaFlags) area(id *guidancev1.AreaId, change *guidancev1.Area, reg *answersv1.GetRegisterResponse, isNew bool) (a *guidancev1.Area, err error) {
	known := areasOf(reg)
	a = &guidancev1.Area{Id: id}
	if has := known[notation.AreaOf(id)]; has != nil {
		a = proto.CloneOf(has)
	} else if near := known.near(id); len(near) > 0 && !isNew {
		return nil, unknown("area", notation.AreaOf(id).String(), near, " if it is a new one, say --new")
	} else if named.name == "" {
		return nil, usage("%s is new: say --name", notation.AreaOf(id))
	}

	a.Name, a.Release, a.Note = cmp.Or(change.Name, a.Name), cmp.Or(change.Release, a.Release), cmp.Or(change.Note, a.Note)
	if named.from != "" {
		a.ValidFrom = change.ValidFrom
	}
	if named.until != "" {
		a.ValidUntil = change.ValidUntil
	}
	if named.practices != "" {
		a.Practices = change.Practices
	}
	if named.patients != "" {
		a.Patients = change.Patients
	}
	if named.codes != "" {
		a.PracticeCodes = change.PracticeCodes
	}
	outer := slices.Clone(change.Within)
	for _, t := range change.LiesIn {
		outer = append(outer, t.Area)
	}
	for _, other := range append(outer, change.Successors...) {
		if notation.AreaOf(other) == notation.AreaOf(id) {
			return nil, usage("%s can neither lie within itself nor take over from itself", notation.AreaOf(id))
		}
		if err := known.check(other); err != nil {
			return nil, err
		}
	}
	if a.Within, a.LiesIn, err = liesIn(a, change, named.notWithin); err != nil {
		return nil, err
	}
	a.Successors, err = editedAreas("successor", a.Successors, change.Successors, named.notSuccessor)
	return a, err
}

// liesIn is what an area lies in, always and for a time, with what is named taken out and added. What it is said to
// lie in for a time it lies in no longer always, and the other way round.
func liesIn(has, change *guidancev1.Area, remove []string) (always []*guidancev1.AreaId, dated []*guidancev1.AreaTenure, err error) {
	always, dated = has.Within, slices.Clone(has.LiesIn)
	var notAlways []string
	for _, s := range remove {
		before := len(dated)
		dated = slices.DeleteFunc(dated, func(t *guidancev1.AreaTenure) bool { return notation.AreaOf(t.Area).String() == s })
		if len(dated) == before {
			notAlways = append(notAlways, s)
		}
	}
	if always, err = editedAreas("within", always, change.Within, notAlways); err != nil {
		return nil, nil, err
	}
	for _, t := range change.LiesIn {
		if dated, err = withTenure("--within", dated, t); err != nil {
			return nil, nil, err
		}
		always = slices.DeleteFunc(always, func(id *guidancev1.AreaId) bool { return notation.AreaOf(id) == notation.AreaOf(t.Area) })
	}
	for _, id := range change.Within {
		dated = slices.DeleteFunc(dated, func(t *guidancev1.AreaTenure) bool { return notation.AreaOf(t.Area) == notation.AreaOf(id) })
	}
	return always, dated, nil
}

func number(flag, s string) (*int32, error) {
	if s == "" || s == "none" {
		return nil, nil
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(s, ",", ""), 10, 32)
	if grouped := strings.Contains(s, ","); err != nil || n < 0 || grouped && notation.Thousands(n) != s {
		return nil, usage("%s %q is no number: write digits, with commas before each three or without, or none where it is not known", flag, s)
	}
	return proto.Int32(int32(n)), nil
}

// codesLimit is far more than the codes of all practices there are.
const codesLimit = 4 << 20

// practiceCodes reads codes from a file of that name, or a list of them; "none" is none. A line
// of a file may have the practice's name behind its code, as offices keep such lists, and the
// first may say what the columns are.
func practiceCodes(s string) ([]string, error) {
	if s == "" || s == "none" {
		return nil, nil
	}
	text, inFile := []byte(s), false
	if words := codeWords(s); slices.ContainsFunc(words, func(word string) bool { return !isCode(word) }) {
		read, err := durable.ReadFile(s, codesLimit)
		switch {
		case err == nil:
			text, inFile = read, true
		case !errors.Is(err, fs.ErrNotExist) && !slices.ContainsFunc(words, isCode): // a list may be longer than a file's name
			return nil, err
		}
	}
	where := ": it was read as a list, for there is no file " + notation.Clip(s, 80)
	if inFile {
		where = ", in the file " + s
	}
	var codes []string
	seen := map[string]bool{}
	lines := strings.FieldsFunc(strings.TrimPrefix(string(text), "\uFEFF"), func(r rune) bool { return r == '\r' || r == '\n' })
	for i, line := range lines {
		fields := codeWords(line)
		if inFile && i == 0 && !strings.ContainsAny(line, "0123456789") {
			continue // the heads of columns
		}
		if inFile && len(fields) > 1 && isCode(fields[0]) && !slices.ContainsFunc(fields[1:], isLikePractice) {
			fields = fields[:1]
		}
		for _, code := range fields {
			code = strings.ToUpper(code)
			if !isCode(code) {
				return nil, usage("--practice-codes: %q is no practice's code, which is one letter and five digits (F81001)%s", code, where)
			}
			if seen[code] {
				return nil, usage("--practice-codes: %s stands there twice", code)
			}
			seen[code], codes = true, append(codes, code)
		}
	}
	if len(codes) == 0 {
		return nil, usage("--practice-codes: there is no code in %s", s)
	}
	return codes, nil
}

// codeWords are the words of a list of codes, or of a line of a file of them.
func codeWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;\"\u00a0", r) })
}

func isCode(word string) bool { return notation.IsPractice(strings.ToUpper(word)) }

// isLikePractice: a word may be a practice's code, perhaps mistyped, rather than of a name.
func isLikePractice(s string) bool {
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 4 && unicode.IsLetter(rune(s[0]))
}

func parseArea(flag, s string) (*guidancev1.AreaId, error) {
	area, ok := notation.ReadArea(s)
	if !ok {
		return nil, usage("%s %q is not SCHEME:CODE, for example icb:QH8 or sub-icb:06Q, each at most %d characters without blanks or equals signs", flag, notation.Clip(s, 80), notation.SlugLimit)
	}
	return &guidancev1.AreaId{Scheme: area.Scheme, Code: area.Code}, nil
}

func parseAreas(flag string, list []string) ([]*guidancev1.AreaId, error) {
	var ids []*guidancev1.AreaId
	for _, s := range list {
		id, err := parseArea(flag, s)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func editedAreas(flag string, list, add []*guidancev1.AreaId, remove []string) ([]*guidancev1.AreaId, error) {
	with, err := edited(flag, idWords(list), idWords(add), remove)
	if err != nil {
		return nil, err
	}
	return parseAreas("--"+flag, with)
}

func idWords(ids []*guidancev1.AreaId) []string {
	var all []string
	for _, id := range ids {
		all = append(all, notation.AreaOf(id).String())
	}
	return all
}

func tenureWords(tenures []*guidancev1.AreaTenure) []string {
	var all []string
	for _, t := range tenures {
		all = append(all, strings.TrimSpace(notation.AreaOf(t.Area).String()+" "+period(t.ValidFrom, t.ValidUntil)))
	}
	return all
}

// areas are those of the register, whatever the day.
type areas map[notation.Area]*guidancev1.Area

func areasOf(reg *answersv1.GetRegisterResponse) areas {
	all := areas{}
	for _, a := range reg.Areas {
		all[notation.AreaOf(a.Id)] = a
	}
	return all
}

func (known areas) near(id *guidancev1.AreaId) []string {
	var near []string
	for other := range known {
		if notation.IsNearArea(notation.AreaOf(id), other) {
			near = append(near, other.String())
		}
	}
	slices.Sort(near)
	return near
}

// check refuses an area that must be in the register and is not.
func (known areas) check(id *guidancev1.AreaId) error {
	if known[notation.AreaOf(id)] != nil {
		return nil
	}
	var near []string
	for _, other := range notation.NearestAreas(notation.AreaOf(id), slices.Collect(maps.Keys(known))) {
		near = append(near, other.String())
	}
	if len(near) == 0 {
		return fault.New(fault.ErrInvalid, fmt.Sprintf("the register has no area %q", notation.AreaOf(id)), "lmcnode register show --areas --ever lists those it has; lmcnode register area adds one")
	}
	return unknown("area", notation.AreaOf(id).String(), near, "")
}
