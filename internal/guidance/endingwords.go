package guidance

import (
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// endingsWords says of all that ended an entry how, and for whom where that differs: "replaced
// by essex/9 from 1 November 2021 for north-essex; valid until 2 November 2021 for south-essex".
func (p *Prepared) endingsWords(standings []*answersv1.CommitteeStanding) string {
	var endings []*answersv1.Ending
	whose := map[int][]string{}
	for _, st := range standings {
		for _, ending := range st.GetEndings() {
			i := slices.IndexFunc(endings, func(e *answersv1.Ending) bool { return proto.Equal(e, ending) })
			if i < 0 {
				i, endings = len(endings), append(endings, ending)
			}
			whose[i] = append(whose[i], st.GetCommittee())
		}
	}
	var all []string
	for i, ending := range endings[:min(len(endings), endingsTold)] {
		words := endingWords(ending)
		if len(whose[i]) < len(standings) {
			words += " for " + notation.Names(committeeNames(p.reg, whose[i]))
		}
		all = append(all, words)
	}
	if more := len(endings) - endingsTold; more > 0 {
		all = append(all, strconv.Itoa(more)+" more")
	}
	return strings.Join(all, "; ")
}

// reasonTold is how many bytes of a withdrawal's reason are told with what it ended.
const reasonTold = 300

// endingsTold is how many endings of one entry are told one by one.
const endingsTold = 8

// endingWords says how something ended, and why where that is said: "replaced by essex/9 from 1 November 2021".
func endingWords(e *answersv1.Ending) string {
	from := e.GetEntry() + " from " + DayWords(e.GetDay())
	switch kind := e.GetKind(); kind {
	case answersv1.EndingKind_ENDING_KIND_WITHDRAWN, answersv1.EndingKind_ENDING_KIND_DENIED:
		if reason := tidy(e.GetReason()); reason != "" {
			from += " (“" + notation.Clip(reason, reasonTold) + "”)"
		}
		if kind == answersv1.EndingKind_ENDING_KIND_DENIED {
			return "denied by " + from
		}
		return "withdrawn by " + from
	case answersv1.EndingKind_ENDING_KIND_EXPIRED:
		return "valid until " + DayWords(notation.DayBefore(e.GetDay()))
	case answersv1.EndingKind_ENDING_KIND_LAPSED:
		return "lapsed on " + DayWords(e.GetDay()) + ", for doing it would breach the contract from then on"
	case answersv1.EndingKind_ENDING_KIND_AMENDED:
		return "amended by " + from
	}
	return "replaced by " + from
}
