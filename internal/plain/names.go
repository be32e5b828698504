package plain

import (
	"cmp"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What a page calls by name, where the answer gives it a name (Names), and else by its id. Ids
// stand beside the names of what a reader asks for by id: matters, measures and groups.

func officeName(names *answersv1.Names, id string) string {
	return cmp.Or(names.GetOffices()[id], id)
}

// areaName is an area by its name, with its code.
func areaName(names *answersv1.Names, id *guidancev1.AreaId) string {
	return guidance.AreaWords(id, names.GetAreas()[notation.AreaOf(id).String()])
}

func committeeNames(names *answersv1.Names, ids []string) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = cmp.Or(names.GetCommittees()[id], id)
	}
	return notation.Names(all)
}

// matterName is a matter's title within a sentence, with its name.
func matterName(names *answersv1.Names, matter string) string {
	return titled(names.GetMatters()[matter].GetTitle(), matter)
}

// measureName is a measure's title within a sentence, with its id.
func measureName(names *answersv1.Names, matter, measure string) string {
	if measure == "" {
		return "the whole matter"
	}
	return titled(names.GetMatters()[matter].GetMeasures()[measure], measure)
}
