package server

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// everything is a feed number that leaves nothing out.
const everything = math.MaxUint64

// matters are the newest versions of all matters as known at some moment, newest
// opened first.
type matters struct {
	keeper string // whose matter a bare slug means
	all    []knownMatter
}

type knownMatter struct {
	matter *guidancev1.Matter
	entry  ledger.EntryID
}

// mattersAt reads the matters as known at a feed number. Only the office a matter's
// name stands under can have opened or amended it.
func (n *Node) mattersAt(feed uint64) (matters, error) {
	rows, err := n.store.Matters()
	if err != nil {
		return matters{}, fmt.Errorf("reading the matters: %w", err)
	}
	newest := map[string]knownMatter{}
	for _, row := range rows {
		m := &guidancev1.Matter{}
		if row.Feed > feed || proto.Unmarshal(row.Body, m) != nil || !strings.HasPrefix(m.Name, "offices/"+row.ID.Office+"/matters/") || guidance.ValidateMatter(m) != nil {
			continue
		}
		if have, ok := newest[m.Name]; !ok || after(row.ID, have.entry) {
			newest[m.Name] = knownMatter{m, row.ID}
		}
	}
	found := matters{keeper: n.keeperOffice(), all: make([]knownMatter, 0, len(newest))}
	for _, k := range newest {
		found.all = append(found.all, k)
	}
	slices.SortFunc(found.all, newestOpenedFirst)
	return found, nil
}

func newestOpenedFirst(a, b knownMatter) int {
	if c := strings.Compare(b.matter.GetOpened().GetLatest(), a.matter.GetOpened().GetLatest()); c != 0 {
		return c
	}
	return strings.Compare(a.matter.Name, b.matter.Name)
}

func after(a, b ledger.EntryID) bool {
	return a.Epoch > b.Epoch || a.Epoch == b.Epoch && a.Index > b.Index
}

// find finds a matter by resource name, bare slug, title or alias, in this order.
func (ms matters) find(name string) (knownMatter, error) {
	full := name
	if name != "" && !strings.Contains(name, "/") {
		full = "offices/" + ms.keeper + "/matters/" + name
	}
	for _, match := range []func(*guidancev1.Matter) bool{
		func(m *guidancev1.Matter) bool { return m.Name == full },
		func(m *guidancev1.Matter) bool { return slug(m.Name) == name },
		func(m *guidancev1.Matter) bool { return strings.EqualFold(m.Title, name) },
		func(m *guidancev1.Matter) bool {
			return slices.ContainsFunc(m.Aliases, func(a string) bool { return strings.EqualFold(a, name) })
		},
	} {
		for _, k := range ms.all {
			if match(k.matter) {
				return k, nil
			}
		}
	}
	return knownMatter{}, ms.unknown(name)
}

func (ms matters) unknown(name string) error {
	if len(ms.all) == 0 {
		return fault.New(fault.ErrUnknownMatter, fmt.Sprintf("matter %q is not known here: no matter has been opened yet, or this node has not caught up", name), "ask how the node is: lmc status")
	}
	var slugs []string
	for _, full := range ms.names() {
		short := slug(full)
		if slices.Contains(slugs, short) {
			short = full // two offices opened a matter of that name
		}
		slugs = append(slugs, short)
	}
	return fault.New(fault.ErrUnknownMatter, fmt.Sprintf("matter %q is not known here", name), "the matters are: "+strings.Join(slugs, ", "))
}

func (ms matters) names() []string {
	names := make([]string, len(ms.all))
	for i, k := range ms.all {
		names[i] = k.matter.Name
	}
	return names
}

func slug(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// findMatter finds the newest version of a matter.
func (n *Node) findMatter(name string, feed uint64) (knownMatter, error) {
	known, err := n.mattersAt(feed)
	if err != nil {
		return knownMatter{}, err
	}
	return known.find(name)
}
