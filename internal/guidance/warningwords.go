package guidance

import (
	"cmp"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// warnedWords are the committees a warning is about.
func warnedWords(w *answersv1.Warning) string {
	if names := w.GetCommitteeNames(); len(names) > 0 {
		return notation.Names(names)
	}
	return notation.Names(w.GetCommittees())
}

// passedOf is whose line it is that is passed on, and the committee that it was merged into, which answers now; empty: it
// does itself.
func passedOf(w *answersv1.Warning) (whose, as string) {
	if names := w.GetCommitteeNames(); len(names) > 1 {
		return names[0], names[1]
	}
	return warnedWords(w), ""
}

// warnedOn is what a warning is about: a measure, or the whole matter, and of which matter where it
// says so.
func warnedOn(w *answersv1.Warning) string {
	switch {
	case w.GetMatter() == "":
		return cmp.Or(w.GetMeasure(), wholeMatter)
	case w.GetMeasure() == "":
		return w.GetMatter()
	}
	return w.GetMeasure() + " of " + w.GetMatter()
}

// warnedReaders is of whom a warning is, among all who are told: " for GP partners in area:A".
func warnedReaders(w *answersv1.Warning) (words string) {
	if w.GetScope() != nil {
		words = " for " + ScopeWords(w.GetScope())
	}
	if len(w.GetAudiences()) > 0 {
		words += " for " + AudiencesWords(w.GetAudiences())
	}
	if w.GetArea() != nil {
		words += " in " + AreaWords(w.GetArea(), w.GetAreaName())
	}
	return words
}

// WarningWords is a warning in plain words, made of its values alone. One without an
// entry is of what is about to be published.
func WarningWords(w *answersv1.Warning) string {
	words := warningWords(w)
	if w.GetMatter() != "" && !strings.Contains(words, w.GetMatter()) {
		return "On " + warnedOn(w) + ": " + words
	}
	return words
}

func warningWords(w *answersv1.Warning) string {
	entry := w.GetEntry()
	switch w.GetCode() {
	case answersv1.WarningCode_WARNING_CODE_AGAINST_CONTRACTUAL:
		says := saysWords(w) + " “" + StanceNoun(w.GetStance()) + "”, and " + claimantWords(w) + " that this is contractual" + spanWords(w)
		if entry == "" {
			return says + ": practices are told to ask you before they decline."
		}
		return says + ": ask your LMC before you decline."
	case answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH:
		says := saysWords(w) + " “" + StanceNoun(w.GetStance()) + "”, and " + claimantWords(w) + " that doing it would be a breach of contract" + spanWords(w)
		if entry == "" {
			return says + ": say in the letter when to stop."
		}
		return says + ": ask your LMC before you act."
	case answersv1.WarningCode_WARNING_CODE_DATED_AHEAD:
		return "Dated ahead: " + entry + " is dated " + DayWords(w.GetIssued().GetLatest()) + " but was logged on " + DayWords(w.GetLogged()) + "."
	case answersv1.WarningCode_WARNING_CODE_CLOCK:
		return "This node's clock shows " + DayWords(w.GetLogged()) + ", and those of other offices' nodes " + DayWords(w.GetFrom()) +
			": what is published now is dated wrongly for good. Have the machine set its clock first."
	case answersv1.WarningCode_WARNING_CODE_LOGGED_LATE:
		return "Logged late: " + entry + " was first logged on " + DayWords(w.GetLogged()) + ", " +
			notation.Thousands(int64(notation.DaysBetween(w.GetIssued().GetLatest(), w.GetLogged()))) + " days after it was issued."
	case answersv1.WarningCode_WARNING_CODE_STARTS_WHEN:
		if entry == "" {
			return "This position waits for “" + w.GetCondition() + "”: it is not current until a later advisory says so."
		}
		return "Not yet in force: " + entry + " says " + StanceNoun(w.GetStance()) + ", waiting for “" + w.GetCondition() + "”, and holds only when a later advisory says so."
	case answersv1.WarningCode_WARNING_CODE_OVERRIDES_MEASURE:
		if w.GetIssued() == nil {
			return "This line on the whole matter stands over " + entry + ", which says " + StanceNoun(w.GetStance()) + " on " + warnedOn(w) + "."
		}
		return "This later line on the whole matter stands over an earlier one on this measure: " + entry +
			" (" + RangeWords(w.GetIssued()) + ") said " + StanceNoun(w.GetStance()) + "."
	case answersv1.WarningCode_WARNING_CODE_AMENDS_NOTHING:
		return describe(entry, w.GetTitle(), w.GetIssued()) + " stands as it is: this advisory takes no position on anything it speaks on while that holds." + askedBeside(w)
	case answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE:
		outcome, remedy := "no line", "add a position with a line."
		switch w.GetConsequence() {
		case answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS:
			remedy = "publish what holds instead, if something does."
		case answersv1.ConsequenceKind_CONSEQUENCE_KIND_REPLACES:
			remedy = "add a position, or write “amends: [" + entry + "]” to end only what this speaks on."
		}
		if w.GetInstead() != "" {
			older, reported := "older ", ""
			if w.GetIssued() != nil { // before that line was
				older = ""
			}
			if w.GetTitle() != "" {
				reported = ", as " + w.GetTitle() + " reports"
			}
			outcome = "the " + older + "line of " + w.GetInstead() + " (" + StanceNoun(w.GetStance()) + asksToo(w) + reported + ")"
		}
		if w.GetClaimedBy() != "" {
			entry += ", a report of " + w.GetClaimedBy() + ","
		}
		from, but := notation.Capital(notation.PeriodWords(DayWords(w.GetFrom()), DayWords(w.GetUntil()))), ""
		switch {
		case w.GetQuote() == "":
		case w.GetConsequence() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_WITHDRAWS: // where what is restored has a line
			but = ", but " + w.GetQuote()
		default: // where what is published has one
			from += ", except in " + w.GetQuote() + ","
		}
		return from + " " + warnedWords(w) + " will have " + outcome + " on " +
			warnedOn(w) + warnedReaders(w) + ", where " + entry + " gives one" + but + ": " + remedy
	case answersv1.WarningCode_WARNING_CODE_GROUP_ENDS:
		return "From " + DayWords(w.GetFrom()) + " " + ScopeWords(w.GetScope()) + " have no line of their own on " + warnedOn(w) + " any more, where " + entry +
			" gives one, and are told what this says in general, " + StanceNoun(w.GetStance()) + ": add a position for them, if that is not meant."
	case answersv1.WarningCode_WARNING_CODE_ENDS_BEFORE_ISSUED:
		return "It ends what it replaces on " + DayWords(w.GetFrom()) + ", before the day it is issued: for the days between there will be no line."
	case answersv1.WarningCode_WARNING_CODE_REACHES_BACK:
		return "It takes effect on " + DayWords(w.GetFrom()) + ", before the day it is issued: what readers are told of the days between changes."
	case answersv1.WarningCode_WARNING_CODE_STAYS_ENDED:
		of, until, again := "", "does not come back", ""
		if len(w.GetCommittees()) > 0 {
			of = " for " + warnedWords(w)
		}
		if w.GetFrom() != "" {
			until, again = "does not come back before "+DayWords(w.GetFrom()), " at once"
		}
		if w.GetConsequence() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS {
			entry = "a part of " + entry
		}
		if w.GetQuote() != "" {
			until += ", losing " + w.GetQuote()
		}
		if w.GetAgainFrom() != "" { // another stops it until then
			return w.GetBy() + " ended " + entry + of + ", which " + until + ": name it under restores too, if it is to stand again from " + DayWords(w.GetAgainFrom()) + " on."
		}
		return w.GetBy() + " ended " + entry + of + ", which " + until + ": name it under restores if it is to stand again" + again + "."
	case answersv1.WarningCode_WARNING_CODE_WITHDRAWN_BEFORE:
		return entry + " was withdrawn already by " + w.GetBy() + "."
	case answersv1.WarningCode_WARNING_CODE_ENDED_BEFORE:
		by := cmp.Or(w.GetBy(), "its own last day")
		if w.GetFrom() != "" {
			return entry + " will have ended by " + DayWords(w.GetFrom()) + ", by " + by + ": this changes nothing of it."
		}
		if w.GetUntil() != "" {
			return entry + " has ended before, by " + by + ", and counts again from " + DayWords(w.GetUntil()) + " on: by this it does not, where this stands."
		}
		if w.GetQuote() != "" {
			return entry + " has ended before, by " + by + ": this changes nothing of it, and what it asked is asked no more (" + w.GetQuote() + "): ask that again in this letter, if it is still asked."
		}
		return entry + " has ended before, by " + by + ": this changes nothing of it."
	case answersv1.WarningCode_WARNING_CODE_GROUP_GOES_ON:
		if w.GetGroups() != nil {
			return entry + " says " + StanceNoun(w.GetStance()) + " for " + ScopeWords(w.GetScope()) + " under the id " + w.GetScope().GetId() +
				", and goes on beside this, which has another: write “replaces: [" + entry + "]” if it is to end."
		}
		return entry + " says " + StanceNoun(w.GetStance()) + " for " + ScopeWords(w.GetScope()) + ", and goes on beside this: write “amends: [" + entry +
			"]” with a position on that scope, or “replaces: [" + entry + "]”, if it is to end."
	case answersv1.WarningCode_WARNING_CODE_NEW_GROUP:
		if is := w.GetGroups(); len(is) == 1 && is[0].GetId() == w.GetScope().GetId() {
			return "The matter says of the group " + is[0].GetId() + " “" + ScopeWords(is[0]) + "”, and this “" + ScopeWords(w.GetScope()) + "”: use its words, or give another group another id."
		}
		var groups []string
		for _, g := range w.GetGroups() {
			groups = append(groups, g.GetId()+" ("+ScopeWords(g)+")")
		}
		return "The group " + w.GetScope().GetId() + " is a new one; there are: " + strings.Join(groups, ", ") + ". Use one of these, if that is meant; what stands for them goes on beside this, unless this ends it."
	case answersv1.WarningCode_WARNING_CODE_EVENT_MOVED:
		if entry == "" {
			return "The day of “" + w.GetTitle() + "” moves from " + DayWords(w.GetFrom()) + " to " + DayWords(w.GetUntil()) + ": letters that count from it keep the day they were signed with."
		}
		return "What " + entry + " asks counts from “" + w.GetTitle() + "” on " + cmp.Or(DayWords(w.GetFrom()), "a day not yet known") + ", and the matter now gives " + DayWords(w.GetUntil()) + " for it: ring before you rely on either day."
	case answersv1.WarningCode_WARNING_CODE_DECIDED_TOGETHER:
		return "“" + w.GetQuote() + "” is said of " + warnedOn(w) + ", which each practice may take or leave: practices decide one by one, and competition law may not let them be told a price, or to turn it down together. Take advice before you publish."
	case answersv1.WarningCode_WARNING_CODE_NAMES_MANAGER:
		return "“" + w.GetQuote() + "” works for a commissioner, and is named for everybody and for good: write the office held, unless it must be the person."
	case answersv1.WarningCode_WARNING_CODE_COPIED_BEYOND_READERS:
		return "It is copied to “" + w.GetQuote() + "”, and is to be read by " + VisibilityWords(w.GetVisibility()) + " only: leave out the copy, or let everybody read it."
	case answersv1.WarningCode_WARNING_CODE_PERSONAL_CONTACT:
		return "“" + w.GetQuote() + "” looks like somebody's own, and is told to everybody and for good: write that of the office."
	case answersv1.WarningCode_WARNING_CODE_EVIDENCE_NOT_IN_TEXT:
		return "The letter's text does not say “" + w.GetQuote() + "”, which is given under evidence as read from it: copy the sentence from the letter, or leave it out."
	case answersv1.WarningCode_WARNING_CODE_REQUIRED_NOT_CONTRACTUAL:
		return "It says “required”, and of the contract that it does not require it" + spanWords(w) + ": readers are told both. Say in the letter which law requires it, or correct one of them."
	case answersv1.WarningCode_WARNING_CODE_ISSUED_BEFORE_MATTER:
		return "It is dated " + RangeWords(w.GetIssued()) + ", before " + w.GetMatter() + " was opened " + OpenedWords(&v1.DayRange{Earliest: w.GetFrom(), Latest: cmp.Or(w.GetUntil(), w.GetFrom())}) + ": check the day of the letter, and its year."
	case answersv1.WarningCode_WARNING_CODE_MATTER_CLOSED:
		return w.GetMatter() + " was closed on " + DayWords(w.GetFrom()) + ": no practice's page and no list of what falls due has it since. Ask " +
			MatterName(w.GetMatter()).Office() + ", which opened it, to open it again, or write on the matter that goes on from it."
	case answersv1.WarningCode_WARNING_CODE_MATTER_NOT_HERE:
		return w.GetMatter() + " is not known here yet: what is said on it is kept and shown when it arrives, and by then nobody sees it. Check its name letter by letter: " + w.GetQuote()
	case answersv1.WarningCode_WARNING_CODE_VALID_BEFORE_ISSUED:
		return "It is valid from " + DayWords(w.GetFrom()) + ", before the day it was issued, " + RangeWords(w.GetIssued()) + ": check both days."
	case answersv1.WarningCode_WARNING_CODE_SMALL_NUMBER:
		return "“" + w.GetQuote() + "” is so small a number that readers may find out who: write “some”, or leave the number out."
	case answersv1.WarningCode_WARNING_CODE_MATTER_CHANGES_LINE:
		return "By this amendment: " + w.GetQuote()
	case answersv1.WarningCode_WARNING_CODE_ENDS_LATER:
		if entry == "" { // what is about to be published
			return holdsUntilWords(w)
		}
		again := ""
		if from := w.GetAgainFrom(); from != "" {
			again = "; it counts again from " + DayWords(from) + " on"
		}
		if w.GetConsequence() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS {
			return entry + " gives way here on " + DayWords(w.GetFrom()) + ", to " + w.GetBy() + again + "."
		}
		then := again
		if w.GetInstead() != "" {
			then = "; from then on " + w.GetInstead() + " answers (" + StanceNoun(w.GetStance()) + asksToo(w) + ")" + again
		}
		return entry + " ends on " + DayWords(w.GetFrom()) + ", by " + w.GetBy() + then + "."
	case answersv1.WarningCode_WARNING_CODE_ASKED_UNTIL:
		words, by := entry+" asks “"+w.GetQuote()+"” no more", ""
		if !IsOfAll(w) {
			words += " of " + ofSomeWords(w)
		}
		if w.GetBy() != "" {
			by = ", by " + w.GetBy()
		}
		if w.GetAsks() != "" {
			by = ", but " + w.GetAsks() + " (" + w.GetBy() + ")"
		}
		if from := w.GetAgainFrom(); from != "" {
			by += ", and again from " + DayWords(from) + " on"
		}
		return words + " from " + DayWords(w.GetFrom()) + " on" + by + "."
	case answersv1.WarningCode_WARNING_CODE_STILL_ENDS:
		if w.GetUntil() != "" { // by what is temporary
			return w.GetBy() + " still stops " + entry + " until " + DayWords(w.GetUntil()) + ", though this takes its place: if " + entry + " is to count again from " + DayWords(w.GetFrom()) + " on, withdraw " + w.GetBy() +
				" from that day on (lmc withdraw " + w.GetBy() + " --effective " + w.GetFrom() + " --restores " + entry + "), beside this or in its place."
		}
		does := " still ends on "
		if w.GetConsequence() == answersv1.ConsequenceKind_CONSEQUENCE_KIND_AMENDS {
			does = " still gives way in part on "
		}
		alone := ""
		for _, c := range w.GetCommittees() {
			alone += " --for " + c
		}
		return entry + does + DayWords(w.GetFrom()) + ", by " + w.GetBy() + ", though this takes the place of that: if it is to stand on, withdraw " + w.GetBy() +
			" (lmc withdraw " + w.GetBy() + alone + " --restores " + entry + ") and publish this without naming " + w.GetBy() + "."
	case answersv1.WarningCode_WARNING_CODE_SAME_MATTER:
		return w.GetMatter() + " looks the same: “" + w.GetTitle() + "” (" + RangeWords(w.GetIssued()) + "). What is said on two matters is not put side by side: to write on that one, open no other, and write “matter: " +
			w.GetMatter() + "” in your letter."
	case answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE:
		if w.GetQuote() != "" && w.GetFrom() != "" {
			return "“" + w.GetQuote() + "” is due before the line that it goes with begins, on " + DayWords(w.GetFrom()) + ": check both days."
		}
		if w.GetQuote() != "" {
			return "“" + w.GetQuote() + "” goes with none of the lines of this letter, and no view shows it: see what it says under on, for, area and scope, or add the line that it goes with."
		}
		if of := warnedWords(w); of != "" {
			return "It takes no position of " + of + " on " + w.GetMatter() + ": lmc view names it to practices there, without what it says or asks. If they are to see that, add a position for [" +
				strings.Join(w.GetCommittees(), ", ") + "] too (information-only, where you only pass facts on)."
		}
		add := "add a position on the matter (information-only, where you only pass facts on)"
		if by := w.GetBy(); by != "" { // which it corrects
			add = "say again here what " + by + " says where it asks that"
		}
		return "It takes no position on " + w.GetMatter() + ": lmc history " + w.GetMatter() + " finds it, and lmc view names it to your own practices, without what it says or asks. If they are to see that there, " + add + "."
	case answersv1.WarningCode_WARNING_CODE_ASKS_ON_NO_MATTER:
		return "“" + w.GetQuote() + "” is on no matter, and so on no practice's page, in no view and on no list of what falls due: write “matter:” under it, or at the top of the letter, if it belongs to one."
	case answersv1.WarningCode_WARNING_CODE_GOES_ON_ASKING:
		return goesOnAskingWords(w)
	case answersv1.WarningCode_WARNING_CODE_SHOWN_NO_MORE:
		return shownNoMoreWords(w)
	case answersv1.WarningCode_WARNING_CODE_COMES_BACK:
		if w.GetBy() != "" {
			answers := entry + " answers" + warnedReaders(w)
			if entry == w.GetBy() {
				answers = "its other line answers" + warnedReaders(w)
			}
			return w.GetBy() + " is valid until " + DayWords(w.GetUntil()) + "; from then on " + answers + " (" + StanceNoun(w.GetStance()) + asksToo(w) + ")."
		}
		if w.GetStance() == v1.Stance_STANCE_UNSPECIFIED {
			return "From " + DayWords(w.GetFrom()) + " on " + entry + " asks again what is stopped until then: " + w.GetAsks() + "."
		}
		of := "the line of " + entry
		if entry == "" {
			of = "another line of this letter"
		}
		says := "From " + DayWords(w.GetFrom()) + " " + of + " (" + StanceNoun(w.GetStance()) + ") answers"
		if len(w.GetCommittees()) > 0 {
			says += " for " + warnedWords(w)
		}
		if says += " on " + warnedOn(w) + warnedReaders(w) + asksToo(w) + "."; w.GetUntil() == "" { // by what another letter leaves
			return says
		}
		if then := notation.DayAfter(w.GetUntil()); then != w.GetFrom() && w.GetInstead() == "" {
			says = "From " + DayWords(then) + " nothing answers there. " + says
		}
		return "This is valid until " + DayWords(w.GetUntil()) + ". " + says
	case answersv1.WarningCode_WARNING_CODE_HOLDS_UNTIL_THEN:
		restores, naming := "", "without naming it"
		if ends := w.GetQuote(); ends != "" { // and that would be over from then on, with nothing in its place
			restores, naming = " --restores "+ends, "naming "+strings.ReplaceAll(ends, ",", ", ")+" in its place"
		}
		return entry + " holds from " + DayWords(w.GetFrom()) + " until this does, on " + DayWords(w.GetUntil()) + ": withdraw it (lmc withdraw " + entry + " --effective " + w.GetFrom() + restores + ") and publish this " + naming + ", if it is not to hold at all."
	case answersv1.WarningCode_WARNING_CODE_CONTRACT_UNSAID, answersv1.WarningCode_WARNING_CODE_OPINION_UNSAID, answersv1.WarningCode_WARNING_CODE_LIMITS_UNSAID:
		return unsaidWords(w)
	case answersv1.WarningCode_WARNING_CODE_ASKS_AGAIN:
		return asksAgainOfWords(w)
	case answersv1.WarningCode_WARNING_CODE_GOES_ON_WAITING:
		return entry + " waits for “" + w.GetCondition() + "”, and goes on waiting beside this: write “amends: [" + entry + "]”, if this says that it has come, or is instead of it."
	case answersv1.WarningCode_WARNING_CODE_INHERITS_EFFECTS:
		return "It states nothing of the contract on " + w.GetMeasure() + ", and readers are told there what it states on the whole matter: “" + w.GetQuote() + "”. State it under contract, if that is not meant."
	case answersv1.WarningCode_WARNING_CODE_CLAIMS_OTHERWISE:
		return "The matter says that " + w.GetClaimedBy() + " claims “" + w.GetQuote() + "” of " + warnedOn(w) + ", and this reads the contract otherwise: practices are told both, until the matter is amended."
	case answersv1.WarningCode_WARNING_CODE_PASSES_ON_THE_PAST:
		on, says := "", "it says now"
		whose, as := passedOf(w)
		if w.GetTitle() != "" {
			on = " on " + w.GetTitle()
		}
		if by := w.GetClaimedBy(); by != "" {
			says = "by " + by + ", it is reported to say now"
		}
		if w.GetStance() == v1.Stance_STANCE_UNSPECIFIED {
			by, none := "", whose+" has none on this now."
			if w.GetBy() != "" {
				by = ", by " + w.GetBy()
			}
			if as != "" {
				none = as + " has none on this now for what " + whose + " covered."
			}
			return cmp.Or(entry, "It") + " passes on the line of " + whose + on + " (" + w.GetInstead() + "), which has ended" + by + ": " + none
		}
		if as != "" {
			as = ", as " + as
		}
		return cmp.Or(entry, "It") + " passes on what " + whose + " had said" + on + " (" + w.GetInstead() + "); " + says + ": " + StanceNoun(w.GetStance()) + " (" + w.GetBy() + ", " + RangeWords(w.GetIssued()) + ")" + as + "."
	case answersv1.WarningCode_WARNING_CODE_REPORT_GOES_ON:
		return "By " + w.GetTitle() + " you are reported to say " + StanceNoun(w.GetStance()) + " on " + warnedOn(w) + " (" + entry + "), and readers go on being told so first, for this takes no line: if that is not your position, withdraw the report (lmc withdraw " +
			entry + "), or take a line."
	case answersv1.WarningCode_WARNING_CODE_CONDITIONS_UNSAID:
		return "It says “" + StanceNoun(v1.Stance_STANCE_SUPPORT_WITH_CONDITIONS) + "”, and not on which: readers are told of conditions and of none. Write them under conditions (only-if: it is paid for), or “support”."
	case answersv1.WarningCode_WARNING_CODE_DAY_IN_WORDS:
		of, instead := "names a day in words", "Where it is the last day, write it alone, or with a time behind it, for example: due: 4 December 2026, 5pm."
		if w.GetTitle() != "" {
			of, instead = "is told as words, where the matter has the event "+w.GetTitle(), "Where it counts from that, write so: {days: 14, after: "+w.GetTitle()+"}."
		}
		return "“" + w.GetQuote() + "” " + of + ": lists of what falls due have it last, and no calendar has it. " + instead
	case answersv1.WarningCode_WARNING_CODE_PASSES_ON_NOTHING:
		return "It passes on what " + warnedWords(w) + " says on " + warnedOn(w) + " by " + entry + ", which takes no position on that: check its number, and what this is on."
	case answersv1.WarningCode_WARNING_CODE_SPOKEN_SINCE:
		return warnedWords(w) + " has spoken itself on this, last on " + DayWords(w.GetFrom()) + ": a report of that day or an earlier one is no answer any more, and stands beside its own word."
	}
	return ""
}

// askedBeside is what goes on being asked beside what the letter asks that names it to amend it; empty: nothing.
func askedBeside(w *answersv1.Warning) string {
	if w.GetQuote() == "" {
		return ""
	}
	return " It goes on asking “" + w.GetQuote() + "” beside this. To ask that by another day or in another way, ask it in the same words, of the same: then this takes its place."
}

// asksToo is what the line that answers then asks; empty: nothing.
func asksToo(w *answersv1.Warning) string {
	if w.GetAsks() == "" {
		return ""
	}
	return ", with what it asks: " + w.GetAsks()
}

// saysWords is that a committee says something, or is reported to by whom its title names.
func saysWords(w *answersv1.Warning) string {
	if w.GetTitle() != "" {
		return "It is reported by " + w.GetTitle() + " to say"
	}
	return "It says"
}
