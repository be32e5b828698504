package plain

import (
	"cmp"
	"strings"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// What a page calls by name, where the answer gives it a name (Names), and else by its id. Ids
// stand beside the names of what a reader asks for by id: matters, measures and groups.

func officeName(names *answersv1.Names, id string) string {
	return cmp.Or(names.GetOffices()[id], id)
}

func committeeNames(names *answersv1.Names, ids []string) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = cmp.Or(names.GetCommittees()[id], id)
	}
	return listed(all)
}

// listed are names in a list that can be told apart: some have commas.
func listed(names []string) string {
	for _, name := range names {
		if strings.Contains(name, ",") {
			return strings.Join(names, "; ")
		}
	}
	return strings.Join(names, ", ")
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
