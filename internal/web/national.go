package web

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// national is who says what on a matter, counted, for whoever sits at the machine: the figures; beside those of an
// earlier day, with who moved (?compare=); who has no line (?list=silent); and how lines stand in each region or ICB
// (?list=region, ?list=icb).
func (s *site) national(r *http.Request) (answer, error) {
	if !s.Private {
		return answer{}, fault.New(fault.ErrNotEntitled, "the national picture is shown at the office's own machine alone", "whoever may see it runs: lmc open")
	}
	slug, form, err := cut(r.PathValue("slug"), asJSON, asCSV)
	if err != nil {
		return answer{}, err
	}
	q := r.URL.Query()
	sel, err := selector(r, r.PathValue("office")+"/"+slug)
	if err != nil {
		return answer{}, err
	}
	sel.Practice, sel.Committee = "", ""
	req := &answersv1.GetNationalPictureRequest{Selector: sel, Nation: q.Get("nation")}
	if unit := q.Get("unit"); unit != "" {
		number, known := answersv1.Unit_value["UNIT_"+strings.ToUpper(unit)]
		if req.Unit = answersv1.Unit(number); !known || number == 0 {
			return answer{}, fault.New(fault.ErrInvalid, "“"+notation.Clip(unit, 40)+"” is nothing that can be counted", "count committees, offices, practices or patients")
		}
	}
	compare, err := asked(q, "compare")
	if err != nil {
		return answer{}, err
	}
	if compare != "" {
		req.Compare = &answersv1.Since{At: &answersv1.Since_Day{Day: compare}}
	}
	list := q.Get("list")
	sel.WholeMatter = list == "silent" && sel.GetMeasure() == ""
	resp, err := ask[answersv1.GetNationalPictureResponse](r, s, req)
	if err != nil {
		return answer{}, err
	}
	pic := resp.GetPicture()
	name := pic.GetMatter().GetName()
	self := "/national/" + name
	p, title, told := plain.Unlaid(), "The national picture", proto.Message(resp)
	csv := func() ([]byte, error) { return picture.CSV(pic) }
	of := blocksOf{AsOf: pic.GetAsOf(), Asked: sel.GetAsOf()+sel.GetOnDay() != "", Asks: "as-of", Compares: true, Compare: compare}
	switch {
	case compare != "":
		title = "Who moved since " + guidance.DayWords(compare)
		p.Comparison(resp, "")
		csv = func() ([]byte, error) { return picture.MoversCSV(resp) }
	case list == "silent":
		silent := picture.Silent(pic)
		title, told = "Who has no line", silent
		p.Silent(silent, pic)
		csv = func() ([]byte, error) { return picture.SilentCSV(silent, pic) }
	case list == "region" || list == "icb":
		areas := picture.ByArea(pic, list)
		title, told = "How lines stand to the national one, by "+strings.Replace(list, "icb", "ICB", 1), areas
		p.ByArea(areas, pic)
		csv = func() ([]byte, error) { return picture.AreaCSV(areas, pic) }
	case list != "":
		return answer{}, fault.New(fault.ErrInvalid, "there is no list “"+notation.Clip(list, 40)+"” of a national picture", "ask for silent, region or icb")
	default:
		p.National(pic, "")
		of.Bar, of.Blocks = barOf(pic), blocksOfRegions(pic)
	}
	switch form {
	case asJSON:
		return answer{json: told}, nil
	case asCSV:
		b, err := csv()
		return answer{file: b, kind: "text/csv; charset=utf-8", save: "national-" + guidance.MatterName(name).Slug() + asCSV}, err
	}
	l := linker{matters: []string{name}, query: dayOf(sel)}
	sections, warned, notices := l.sections(p.Blocks())
	if of.Bar != nil {
		of.Lead = takeLead(sections)
	}
	and := strings.Replace(l.query, "?", "&", 1)
	for _, unit := range []string{"committees", "offices", "practices", "patients"} {
		of.Links = append(of.Links, link{"Count " + unit, self + "?unit=" + unit + and})
	}
	of.Links = append(of.Links,
		link{"Who has no line", self + "?list=silent" + and}, link{"By region", self + "?list=region" + and}, link{"By ICB", self + "?list=icb" + and},
		link{"Side by side, committee by committee", "/matters/" + name + l.query})
	return answer{page: "blocks", json: told, data: page{
		Title: title + ": " + pic.GetMatter().GetTitle(), Warnings: warned, Notices: notices, Sections: headless(sections, pic.GetMatter().GetTitle()), Back: self, Day: pic.GetAsOf(),
		Formats: []link{{"A table (CSV)", self + asCSV + asking(r, "")}, {"JSON", self + asJSON + asking(r, "")}}, Of: of,
	}}, nil
}

// takeLead takes out of a page what is said first of its first part, to stand before a picture of that.
func takeLead(all []section) template.HTML {
	for i := range all {
		if lead := all[i].Lead(); lead != "" {
			all[i].Pieces = slices.DeleteFunc(all[i].Pieces, func(p piece) bool { return p.Kind == "lead" && p.Words == lead })
			return lead
		}
	}
	return ""
}

// history is everything that was said on a matter, the newest first, with what ended it.
func (s *site) history(r *http.Request) (answer, error) {
	sel, err := selector(r, r.PathValue("office")+"/"+r.PathValue("slug"))
	if err != nil {
		return answer{}, err
	}
	sel.Area, sel.Scope, sel.Practice = "", "", r.URL.Query().Get("practice")
	resp, err := ask[answersv1.ListEntriesResponse](r, s, &answersv1.ListEntriesRequest{Selector: sel, PageSize: officeShown, PageToken: r.URL.Query().Get("from")})
	if err != nil {
		return answer{}, err
	}
	if asksJSON(r) {
		return answer{json: resp, ofOne: sel.GetPractice() != ""}, nil
	}
	next := resp.GetNextPageToken()
	resp.NextPageToken = "" // the page has a link
	p := plain.Unlaid()
	p.Entries(resp, sel.GetMeasure())
	matter := "/matters/" + resp.GetMatter()
	of := blocksOf{Links: []link{{"What stands today, side by side", matter}}}
	if next != "" {
		of.Links = append(of.Links, link{"Earlier ones", matter + "/history" + further(r, next)})
	}
	of.Timeline = s.timeline(r, resp, sel)
	l := linker{matters: []string{resp.GetMatter()}}
	sections, warned, notices := l.sections(p.Blocks())
	return answer{page: "blocks", json: resp, data: page{
		Title: "All that was said on “" + cmp.Or(resp.GetNames().GetMatters()[resp.GetMatter()].GetTitle(), resp.GetMatter()) + "”", Warnings: warned, Notices: s.noticesOr(r, notices, len(resp.GetEntries())), Sections: sections, Back: matter + "/history", Of: of,
	}}, nil
}

// timeline draws a list of what was said on a matter, with the national committee's lane first where it is known.
func (s *site) timeline(r *http.Request, list *answersv1.ListEntriesResponse, sel *answersv1.Selector) *timeline {
	national := ""
	if view, err := ask[answersv1.GetCombinedViewResponse](r, s, &answersv1.GetCombinedViewRequest{Selector: &answersv1.Selector{Matter: sel.GetMatter(), Measure: sel.GetMeasure()}}); err == nil {
		national = view.GetView().GetNational().GetHeadline().GetCommittee()
	}
	titles := list.GetNames().GetMatters()[list.GetMatter()]
	return timelineOf(list, sel.GetMeasure(), national, cmp.Or(titles.GetMeasures()[sel.GetMeasure()], titles.GetTitle(), list.GetMatter()))
}

// votes are what was asked of whom on a matter, and what they answered.
func (s *site) votes(r *http.Request) (answer, error) {
	name := r.PathValue("office") + "/" + r.PathValue("slug")
	resp, err := ask[answersv1.ListVotesResponse](r, s, &answersv1.ListVotesRequest{Selector: &answersv1.Selector{Matter: name}})
	if err != nil {
		return answer{}, err
	}
	p := plain.Unlaid()
	p.Votes(resp, "")
	l := linker{matters: []string{name}}
	sections, warned, notices := l.sections(p.Blocks())
	return answer{page: "blocks", json: resp, data: page{
		Title: "Votes on “" + cmp.Or(resp.GetMatter().GetTitle(), name) + "”", Warnings: warned, Notices: s.noticesOr(r, notices, 0), Sections: headless(sections, resp.GetMatter().GetTitle()), Back: "/matters/" + name + "/votes",
		Of: blocksOf{Links: []link{{"What stands today, side by side", "/matters/" + name}}},
	}}, nil
}
