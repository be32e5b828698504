package plain

import (
	"cmp"
	"strings"

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

// CommitteeNames are committees by name, by their ids where they have none here.
func CommitteeNames(names *answersv1.Names, ids []string) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = cmp.Or(names.GetCommittees()[id], id)
	}
	return notation.Names(all)
}

// groupsNamed are the groups that positions are for, and those that a correction asks something of, as the letters call
// them that it corrects: of an entry of a list, or where that is empty of the one that the names are for.
func groupsNamed(names *answersv1.Names, entry string, positions []*guidancev1.Position) []*guidancev1.Scope {
	groups := guidance.GroupsOf(positions)
	for _, of := range names.GetGroups() {
		if entry == "" || of.GetEntry() == entry {
			groups = append(groups, of.GetScope())
		}
	}
	return groups
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

// areaOf is the area of a line.
func areaOf(line *answersv1.Line) string {
	return guidance.AreaWords(line.GetArea(), line.GetAreaName())
}

// partOf is the area of some line of a picture.
func partOf(pic *answersv1.NationalPicture, id *guidancev1.AreaId) string {
	for _, t := range pic.GetTables() {
		for _, line := range t.GetLines() {
			if notation.AreaOf(line.GetArea()) == notation.AreaOf(id) {
				return areaOf(line)
			}
		}
	}
	return areaName(nil, id)
}

// quotedMeasure is a measure's title within a sentence.
func quotedMeasure(m *guidancev1.Matter, id string) string {
	return quoted(guidance.MeasureOf(m, id).GetTitle(), measureTitle(m, id))
}

// quoted is a title within a sentence, or what stands for one that is not known.
func quoted(title, otherwise string) string {
	if title == "" {
		return otherwise
	}
	return "“" + title + "”"
}

func quotedMeasures(m *guidancev1.Matter, ids []string) string {
	var titles []string
	for _, id := range ids {
		titles = append(titles, quotedMeasure(m, id))
	}
	return strings.Join(titles, ", ")
}

// measureTitle is a measure's title, with the id to ask for it by.
func measureTitle(m *guidancev1.Matter, id string) string {
	if id == "" {
		return "the whole matter"
	}
	if title := guidance.MeasureOf(m, id).GetTitle(); title != "" {
		return title + " (" + id + ")"
	}
	return id
}

// titled is the title of a matter or measure within a sentence, with the id to ask for it
// by; the id alone where the title is not known.
func titled(title, id string) string {
	if title == "" {
		return id
	}
	return quoted(title, id) + " (" + id + ")"
}

// groupWords is a group in its letter's words, with the id to ask for it by.
func groupWords(s *guidancev1.Scope) string {
	if s.GetId() == "" || s.GetWords() == "" { // it is asked for by its words, or has none
		return guidance.ScopeWords(s)
	}
	return s.GetWords() + " (" + s.GetId() + ")"
}
