package plain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Due is something that a practice has to do by a day, as its committees ask it or the contract requires.
type Due struct {
	// Day is the last day for it, the sooner one where it is due sooner from a day ahead on, empty where none is known here; Words are what it is, of whom, and by when to the
	// hour, or from what its day was worked out.
	Day, Words string
	// Matter is the matter's name, Title its title.
	Matter, Title string
	// Letters name the letters that ask it, with their titles; of what the contract requires, those
	// by whose reading it does.
	Letters []string
	// Notice is what it must be shown with; usually empty.
	Notice string
}

// undated is put in order as what has no day that is known here: last.
const undated = "9999-99-99"

// DueOf are a practice's own deadlines on a matter that have not passed, soonest first, and last those without a day
// that is known here, with what the national committee asks, as that. Dates that bind no practice are others', and not among them.
func DueOf(v *answersv1.CombinedView) (all []Due) {
	add := func(one entry, sooner string, topics []topic, letters ...string) {
		var names []string
		for _, letter := range letters {
			title := ""
			for _, topic := range topics {
				for _, one := range topic.voices {
					if one.GetCurrent().GetAdvisory() == letter {
						title = one.GetCurrent().GetTitle()
					}
				}
			}
			name := notation.Joined(", ", title, letter)
			if letter != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		day, clock := guidance.DueMoment(one.due)
		if sooner != "" {
			day = min(day, sooner)
		}
		one.holds = append(one.holds, guidance.MovedWords(one.due, v.GetMatter()))
		words := notation.Joined(": ", one.lead, onMeasures(v.GetMatter(), one.on), one.words())
		if clock != "" || guidance.RuleWords(one.due) != "" || one.due.GetKind() == guidancev1.DueKind_DUE_KIND_GIVE_NOTICE {
			words = guidance.DueWords(one.due) + ": " + words
		}
		due := Due{Day: day, Words: words, Matter: v.GetMatter().GetName(), Title: v.GetMatter().GetTitle(), Letters: names, Notice: strings.Join(v.GetNotices(), " ")}
		if !slices.ContainsFunc(all, func(o Due) bool { return o.Day == due.Day && o.Words == due.Words }) {
			all = append(all, due)
		}
	}
	asked := func(topics []topic, asks []request) {
		for _, act := range asks {
			if !act.isAhead(v) {
				continue
			}
			var by []string
			sooner := ""
			for _, one := range act.by {
				by = append(by, one.letter())
				sooner = cmp.Or(sooner, guidance.DueAhead(one.line, one.letter(), one.Action))
			}
			add(act.entry(v), sooner, topics, by...)
		}
	}
	for _, c := range v.GetCommittees() {
		if !c.GetOwn() {
			continue
		}
		topics := topicsOf(v, c)
		for _, d := range datesOf(v, topics) {
			var by []string
			for _, topic := range topics {
				if isOn(v, topic.measure, d.measure) {
					for _, one := range topic.voices {
						if binds(one.Line, d.Deadline) {
							by = append(by, one.GetCurrent().GetAdvisory())
						}
					}
				}
			}
			add(d.entry(v), "", topics, by...)
		}
		asked(topics, fallsDue(v, topics))
	}
	if national := nationalDue(v); national != nil {
		asked(topicsOf(v, v.GetNational()), national)
	}
	slices.SortStableFunc(all, func(a, b Due) int { return cmp.Compare(cmp.Or(a.Day, undated), cmp.Or(b.Day, undated)) })
	return all
}
