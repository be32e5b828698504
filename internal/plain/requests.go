package plain

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// asking is one time that something is asked: by a line of a topic, or by another letter beside it.
type asking struct {
	*guidancev1.Action
	line  *answersv1.Line
	to    []guidancev1.Audience      // whom the line is for
	also  *answersv1.StandingRequest // of another letter than the line's; nil: of that
	topic int
}

// letter is the entry that asks it.
func (a asking) letter() string {
	return cmp.Or(a.also.GetAdvisory(), a.line.GetCurrent().GetAdvisory())
}

// until is the last day of the line that it is asked with; empty: that has none.
func (a asking) until() string {
	if a.also != nil {
		return a.also.GetValidUntil()
	}
	return a.line.GetCurrent().GetPosition().GetValidUntil()
}

// isSame: two ask the same thing, by the same time, as strongly and from the same day; of whom
// and by which letter, with a text or without, is another matter.
func (a asking) isSame(b asking) bool {
	what := func(of *guidancev1.Action) *guidancev1.Action {
		of = proto.CloneOf(of)
		of.Committees, of.Template, of.TemplateFor = nil, "", nil
		return of
	}
	return guidance.WhenAskedWords(a.also) == guidance.WhenAskedWords(b.also) && proto.Equal(what(a.Action), what(b.Action))
}

// request is what a committee asks, once, by however many letters and of however many readers.
type request struct {
	asking
	by     []asking
	whomBy func(by func(asking) bool) whom // of whom some ask it
	whom   whom                            // of whom it is asked
	on     []string                        // its measure, where the same is asked on another
	groups []*guidancev1.Scope             // that its lines and those around them speak of
	who    string                          // the national committee, where that asks it; empty: one of the reader's own
}

// requestsOf are what a committee asks on some topics, each once, in the order it stands there.
func requestsOf(v *answersv1.CombinedView, topics []topic) []request {
	return requestsBy(v, topics, askedBy)
}

// fallsDue are what a committee asks of practices on some topics, and what it will ask again.
func fallsDue(v *answersv1.CombinedView, topics []topic) []request {
	return ofPractices(withAgain(requestsOf(v, topics), requestsBy(v, topics, askedAgain)))
}

// withAgain are requests with those that will be asked again, but for what another line asks the same readers all along.
func withAgain(asked, again []request) []request {
	return slices.Concat(asked, slices.DeleteFunc(again, func(r request) bool {
		return !slices.ContainsFunc(r.by, func(one asking) bool {
			return !slices.ContainsFunc(asked, func(o request) bool { return o.isAskedOn(one) })
		})
	}))
}

// isAskedOn: it is asked on another topic of those whom it will be asked of again, until it is due.
func (r request) isAskedOn(again asking) bool {
	return slices.ContainsFunc(r.by, func(o asking) bool {
		o.also, again.also = nil, nil
		isThere := o.line.GetArea() == nil || notation.AreaOf(o.line.GetArea()) == notation.AreaOf(again.line.GetArea())
		isOfAll := o.line.GetScope() == nil || o.line.GetScope().GetId() == again.line.GetScope().GetId()
		return o.topic != again.topic && isThere && isOfAll && o.isSame(again) && guidance.Contains(o.line.GetAudience(), again.line.GetAudience())
	}) && guidance.WhenAskedWords(r.also) == "" && r.ends() == ""
}

func requestsBy(v *answersv1.CombinedView, topics []topic, by func(voice) []asking) (requests []request) {
	for i, topic := range topics {
		for _, voice := range topic.voices {
			for _, one := range by(voice) {
				one.topic = i
				if at := slices.IndexFunc(requests, func(r request) bool { return r.isSame(one) }); at >= 0 {
					requests[at].by = append(requests[at].by, one)
				} else {
					requests = append(requests, request{asking: one, by: []asking{one}})
				}
			}
		}
	}
	unasked := map[int]bool{}
	for i := range requests {
		r := &requests[i]
		r.whomBy = func(by func(asking) bool) whom {
			var several []told
			own := r.GetMeasure() != "" && slices.ContainsFunc(r.by, func(of asking) bool { return of.line.GetMeasure() == r.GetMeasure() })
			for at, topic := range topics {
				if own && topic.measure != r.GetMeasure() {
					continue // of whom it is asked, what is said on its measure tells
				}
				asks := func(one voice) bool { // a part's line has all that its letter asks, of other parts too
					return (one.part == "" || r.isTo(one)) && slices.ContainsFunc(r.by, func(of asking) bool { return of.topic == at && of.line == one.Line && by(of) })
				}
				here := func(one voice) bool { // where it is asked by its own words, all around those of a line are asked it
					return r.GetArea() == nil || slices.ContainsFunc(topic.voices, func(o voice) bool { return o.readers == readers{area: one.area} && asks(o) })
				}
				several = append(several, tell(topic, func(one voice) (readers, bool, bool) {
					return r.among(one), asks(one), asks(one) || r.concerns(v, one) && here(one)
				}))
			}
			return whomOf(several)
		}
		r.whom = r.whomBy(func(asking) bool { return true })
		for _, of := range r.by {
			said := topics[of.topic].voices
			at := slices.IndexFunc(said, func(one voice) bool { return one.Line == of.line })
			for _, one := range said {
				if one.area == said[at].area {
					r.groups = append(r.groups, guidance.GroupsIn(one.Line)...)
				}
			}
		}
		unasked[i] = r.dropUnasked(topics)
		again := func(o request) bool {
			return o.GetMeasure() != r.GetMeasure() && guidance.ActionWords(o.Action) == guidance.ActionWords(r.Action)
		}
		if r.GetMeasure() != "" && slices.ContainsFunc(requests, again) {
			r.on = []string{r.GetMeasure()}
		}
	}
	var asked []request
	for i, r := range requests {
		if !unasked[i] {
			asked = append(asked, r)
		}
	}
	return asked
}

// isAgain: it asks nothing that another does not, by the same letters.
func (r request) isAgain(other request) bool {
	return other.isSame(r.asking) && !slices.ContainsFunc(r.by, func(one asking) bool {
		return !slices.ContainsFunc(other.by, func(o asking) bool { return o.letter() == one.letter() })
	})
}

// askedBy are the actions of a line, and those of other letters beside it.
func askedBy(one voice) (all []asking) {
	for _, act := range one.GetActions() {
		all = append(all, asking{Action: act, line: one.Line, to: one.to})
	}
	for _, also := range one.GetAlsoAsked() {
		all = append(all, asking{Action: also.GetAction(), line: one.Line, to: one.to, also: also})
	}
	return all
}

// askedAgain are what is asked again from a day ahead on, where advice for a while has stopped it until then.
func askedAgain(one voice) (all []asking) {
	for _, again := range one.GetAskedAgain() {
		all = append(all, asking{Action: again.GetAction(), line: one.Line, to: one.to, also: again})
	}
	return all
}

// dropUnasked leaves out of those whom an action names who is asked it in no group and nowhere: who is named, and
// then said not to be meant, reads as both; but not who is among others whom it names. It says whether that leaves nobody: whoever it names is
// told otherwise by a line of their own.
func (r *request) dropUnasked(topics []topic) (nobody bool) {
	var none []guidancev1.Audience
	var told []readers
	for _, topic := range topics {
		for _, one := range topic.voices {
			theirs, not := r.theirs(one), readers{part: r.among(one).part}
			byName := !slices.ContainsFunc(theirs, func(a guidancev1.Audience) bool { return !slices.Contains(r.GetActors(), a) })
			asked := func(some readers) bool { return some.part == not.part }
			among := func(a guidancev1.Audience) bool { // all of whom stay named
				return !slices.Contains(theirs, a) && slices.ContainsFunc(theirs, func(b guidancev1.Audience) bool { return guidance.Contains(a, b) })
			}
			if byName && !slices.ContainsFunc(r.GetActors(), among) && len(theirs) > 0 && slices.Contains(r.whom.not, not) && !slices.ContainsFunc(r.whom.some, asked) {
				none, told = append(none, theirs...), append(told, not)
			}
		}
	}
	asked := slices.DeleteFunc(slices.Clone(r.GetActors()), func(a guidancev1.Audience) bool { return slices.Contains(none, a) })
	if len(none) == 0 || len(asked) == 0 {
		return len(none) > 0
	}
	r.Action = proto.CloneOf(r.Action)
	r.Actors = asked
	r.whom.not = slices.DeleteFunc(r.whom.not, func(not readers) bool { return slices.Contains(told, not) })
	return false
}

// among are the readers of a line, but for what an action says of itself: its area and group, and those
// of several whom it names.
func (r *request) among(one voice) readers {
	if r.GetArea() != nil {
		one.area = ""
	}
	if r.GetScope() != "" {
		one.group = ""
	}
	if one.part != "" && len(r.theirs(one)) > 0 {
		one.part = guidance.AudiencesWords(r.theirs(one))
	}
	return one.readers
}

// theirs are those a line is for whom an action is asked of by name, or who are among these, or of whom some are.
func (r *request) theirs(one voice) []guidancev1.Audience {
	return slices.DeleteFunc(slices.Clone(one.to), func(a guidancev1.Audience) bool {
		return !slices.ContainsFunc(r.GetActors(), func(actor guidancev1.Audience) bool {
			return guidance.Contains(actor, a) || guidance.Contains(a, actor)
		})
	})
}

// concerns: that a line does not ask it means that it is not asked of whom that is for. It does not
// of what was due by a day that has passed, which stands with its own letter alone, and of what is
// asked of others, or in another place, by its own words.
func (r *request) concerns(v *answersv1.CombinedView, one voice) bool {
	ofGroup := r.GetScope() != "" && (one.group != "" || one.part != "")
	ofArea := r.GetArea() != nil && one.area != "" && one.readers == readers{area: one.area}
	to := one.GetAudience()
	toOthers := to != guidancev1.Audience_AUDIENCE_UNSPECIFIED && !guidance.Related(to, v.GetAudience()) // whom nobody takes for the readers
	return !r.isPast(v) && !ofGroup && !ofArea && !toOthers && r.isTo(one)
}

// isTo: by whom it names, it is asked of some of those a line is for.
func (r *request) isTo(one voice) bool {
	return len(r.GetActors()) == 0 || len(r.theirs(one)) > 0
}

// isPast: the day it was due by has passed.
func (r *request) isPast(v *answersv1.CombinedView) bool {
	day, _ := guidance.DueMoment(r.GetDue())
	return day != "" && day < v.GetAsOf()
}

// isAhead: it is due by a day that has not passed, or that is not known here: by a rule in words.
func (r *request) isAhead(v *answersv1.CombinedView) bool {
	return guidance.DueWords(r.GetDue()) != "" && !r.isPast(v)
}

// isOn: it is asked on the so many-th topic.
func (r *request) isOn(topic int) bool {
	return slices.ContainsFunc(r.by, func(of asking) bool { return of.topic == topic })
}

// hasText: a letter that asks it has a text to send.
func (r *request) hasText() bool {
	return slices.ContainsFunc(r.by, func(of asking) bool { return of.GetTemplate() != "" })
}

// textMark says that it has a text to send, and to whom, where there is room for that: " (text to commissioners)".
func (r *request) textMark(how viewing) string {
	var to []guidancev1.Audience
	for _, one := range r.by {
		for _, whom := range one.GetTemplateFor() {
			if !how.dense && !slices.Contains(to, whom) {
				to = append(to, whom)
			}
		}
	}
	return " (" + notation.Joined(" to ", "text", guidance.AudiencesWords(to)) + ")"
}

// letters are those that ask it, where none is the letter of a line.
func (r *request) letters() (letters []string) {
	for _, one := range r.by {
		if one.also == nil {
			return nil
		}
		if !slices.Contains(letters, one.letter()) {
			letters = append(letters, one.letter())
		}
	}
	return letters
}

// where are the area and the group it is asked of by its own words, and those of the lines that ask
// it, and whom it is not asked of.
func (r *request) where(v *answersv1.CombinedView) []string { return r.whereOf(v, r.whom) }

// whereOf is where of some who ask it.
func (r *request) whereOf(v *answersv1.CombinedView, of whom) []string {
	groups, listed := r.groupsKnown(v)
	return append(ofWhichPart(v.GetNames(), r.Action, groups, listed...), of.marks()...)
}

// ofGroup is the group it is asked of, in words: its id may be another group's to another committee.
func (r *request) ofGroup(v *answersv1.CombinedView) string {
	groups, listed := r.groupsKnown(v)
	return guidance.OfWhichGroup(r.Action, groups, listed...)
}

// groupsKnown are those that its lines speak of, and those that the matter lists.
func (r *request) groupsKnown(v *answersv1.CombinedView) (groups, listed []*guidancev1.Scope) {
	groups = slices.Clone(r.groups)
	for _, measure := range v.GetMatter().GetMeasures() {
		listed = append(listed, measure.GetScopes()...)
	}
	for _, one := range r.by {
		if one.also.GetScope() != nil {
			groups = append(groups, one.also.GetScope())
		}
	}
	return groups, listed
}

// ends is the day on which what asks it ends before it is due; empty: it does not.
func (one *asking) ends() string {
	return guidance.EndsBeforeDue(one.line, one.letter(), one.until(), one.Action)
}

// ends is the day on which all that asks it does; empty: it does not.
func (r *request) ends() string {
	var days []string
	for _, one := range r.by {
		days = append(days, one.ends())
	}
	if slices.Contains(days, "") {
		return ""
	}
	return slices.Max(days)
}
