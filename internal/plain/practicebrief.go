package plain

import (
	"slices"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A matter in few lines. Whatever room there is, each thing that a practice acts on has its place in it: words are
// cut short, marked, and what half a sentence would turn round, a reading of the contract or a day, is said
// shorter or counted.

const (
	mostOfName = 32 // how many characters of a name, at most
	mostOfLead = 60 // and of whom something is for, on what condition, and from when
	asksShown  = 3  // how many days, and how many of what else is asked, are named, at least
)

// What of a matter has room, the most weighty first. What stands is there whatever room there is, and so is what a
// practice must do or would breach, of which the words are not cut to a few: a page is longer rather than without it.
const (
	stands     = iota
	ofDuties   // a must of practices, a date that binds them, a duty or a breach by how their committees read the contract
	ofMeasures // lines on measures and of groups, and what holds from a day ahead
	ofContract
	ofDays
	ofAsked
	ofOthers  // what others claim where no committee of the practice says anything, and dates of theirs
	ofReasons // and on what conditions
	ofNational
	ofRest
)

// inBrief is all that there is to say of a matter, each thing behind its lead.
type inBrief struct {
	line                        label   // the title, and what the practice's committees say
	contract, when, asked, rest []label // rest: what the national committee says, and what follows
}

// labelled is what stands behind a lead, the first of it whatever room there is, and duties too.
func labelled(lead, between string, weight int, items []item) label {
	for i := range items {
		switch {
		case items[i].weight == ofDuties:
		case i == 0:
			items[i].weight = stands
		default:
			items[i].weight = weight
		}
	}
	return label{lead, between, items}
}

func briefOf(v *answersv1.CombinedView, late bool) (of inBrief) {
	line, national := briefSaid(v)
	of.line = label{between: " ", items: line}
	of.contract = append(briefContract(v), label{"Look twice", "; ", briefTwice(v, late)})
	due := briefDue(v)
	of.when = []label{{"By when", "; ", briefDates(v, due)}}
	of.asked = append(briefAsked(v, due), labelled("To send", "; ", ofAsked, briefTexts(v)))
	if len(of.asked) == 1 {
		of.when, of.asked = append(of.when, of.asked...), nil
	}
	of.rest = []label{{between: " ", items: national}, briefConsequences(v)}
	return of
}

// whose is a committee of the practice as a page calls it where room is short.
func whose(v *answersv1.CombinedView, c *answersv1.CommitteeView) string {
	if len(v.GetCommittees()) == 1 {
		return "your LMC"
	}
	return cutWords(c.GetHeadline().GetCommitteeName(), mostOfName)
}

// briefConsequences are what the practice's committees say follows, behind whose it is, for what the national one says
// stands before it. What they say follows for the contract is not cut in two.
func briefConsequences(v *answersv1.CombinedView) label {
	follows, whos := label{lead: "Your LMC says", between: "; "}, map[item][]string{}
	if len(v.GetCommittees()) > 1 {
		follows.lead = "Your LMCs say"
	}
	for _, c := range v.GetCommittees() {
		for _, topic := range topicsOf(v, c) {
			for _, of := range topic.voices {
				for _, one := range of.GetCurrent().GetPosition().GetConsequences() {
					said := item{whole: "for " + guidance.ConsequenceTopicWords(one.GetTopic()) + ":", words: OneLine(one.GetWords()), few: true, weight: ofRest}
					if one.GetTopic() == guidancev1.ConsequenceTopic_CONSEQUENCE_TOPIC_CONTRACT {
						said = item{whole: "for the contract: read " + of.GetCurrent().GetAdvisory(), weight: ofRest}
					}
					if as := asReported(of.Line); as != "" {
						said.whole = as + said.whole
					}
					if whos[said] == nil {
						follows.items = append(follows.items, said)
					}
					if !slices.Contains(whos[said], whose(v, c)) {
						whos[said] = append(whos[said], whose(v, c))
					}
				}
			}
		}
	}
	for i, said := range follows.items {
		if len(whos[said]) < len(v.GetCommittees()) {
			follows.items[i].whole = notation.List(whos[said]) + ", " + said.whole
		}
		if i == 0 {
			follows.items[i].weight, follows.items[i].yields = stands, ofRest
		}
	}
	return follows
}
