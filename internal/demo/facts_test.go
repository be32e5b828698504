package demo

import (
	"context"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The letters and articles that the demonstration restates, and what they say, fact by fact:
//
//	000  the letter of Essex LMCs to practices, 25 October 2021
//	001  a copy, of 28 October 2021, of a report by Pulse on that letter
//	002  a copy of a report by Pulse on the letter of Surrey & Sussex LMCs; day not known
//	003  a report by GPonline on the update of Cambridgeshire LMC of 20 October 2021
//	004  a report by Management in Practice, of the week after 14 October 2021
//	LMC  public pages of Lincolnshire (26 October) and Humberside (October), and of the BMA
//
// Each row is asked of the rule, as of its day: who [to whom], on what, as of when, and then
// which part of the answer has which words. Words are ours, but for single terms.
var facts = []struct{ source, who, on, day, part, words string }{
	// Essex: the letter itself.
	{"000", "north-essex", "", "2021-10-24", "line", "silent"},
	{"000", "north-essex", "", "2021-10-25", "line", "refuse"},
	{"000", "south-essex", "", "2021-10-25", "line", "refuse"},
	{"000", "north-essex to pcns", "", "2021-10-25", "line", "refuse"},
	{"000", "south-essex to pcns", "", "2021-10-25", "line", "refuse"},
	{"000", "north-essex", "winter-access-fund", "2021-10-25", "line", "refuse"},
	{"000", "north-essex", "fifteen-minute-appointments", "2021-10-25", "line", "on_other_parts"},
	{"000", "north-essex", "", "2021-10-25", "letter", "essex/01-refuse-to-take-part"},
	{"000", "north-essex", "", "2021-10-25", "contract", "may"},
	{"000", "north-essex", "", "2021-10-25", "condition", ""},
	{"000", "north-essex", "", "2021-10-25", "opinion", "opposes"},
	{"000", "north-essex", "", "2021-10-25", "reasons", "contract data money workload pcn_relations"},
	{"000", "north-essex", "", "2021-10-25", "text", "joining in is voluntary"},
	{"000", "north-essex", "", "2021-10-25", "text", "They may wish for a plan that does not single out a fifth of practices"},
	{"000", "north-essex", "", "2021-10-25", "text", "while the Secretary of State drives it, that cannot be had"},
	{"000", "north-essex", "", "2021-10-25", "text", "knowing that it harms relations and networks and may set practices against each other"},
	{"000", "north-essex", "", "2021-10-25", "text", "manage the performance of their own members"},
	{"000", "north-essex", "", "2021-10-25", "text", "a network is there to serve its practices and their patients"},
	{"000", "north-essex", "", "2021-10-25", "text", "We go on working with CCGs where performance is clearly poor"},
	{"000", "north-essex", "", "2021-10-25", "text", "at every meeting of practices with a CCG or the CQC"},
	{"000", "north-essex", "", "2021-10-25", "text", "We support anybody who is harassed"},
	{"000", "north-essex", "", "2021-10-25", "text", "every way to challenge them"},
	{"000", "north-essex", "", "2021-10-25", "text", "in time it can reach any practice"},
	{"000", "north-essex", "", "2021-10-25", "text", "Percentages punish those who triage well"},
	{"000", "north-essex", "", "2021-10-25", "text", "Not one of our CCGs has spent all the money it has for those roles"},
	{"000", "north-essex", "", "2021-10-25", "text", "What is of use in the plan is little"},
	{"000", "north-essex", "", "2021-10-25", "text", "has to stand up to it"},
	{"000", "north-essex", "", "2021-10-25", "text", "decided last week to go to BMA Council, to clarify whether GPs have to be balloted"},
	{"000", "north-essex", "", "2021-10-25", "text", "The profession and NHS England have never been further apart"},
	{"000", "north-essex", "", "2021-10-25", "follows", "money: no funds pass directly to practices; what is spent in other ways may only raise the cost of locums"},
	{"000", "north-essex", "", "2021-10-25", "must", "scrutinise the figures you are shown, and insist that they are checked and read locally; at once; if your practice is targeted"},
	{"000", "north-essex", "", "2021-10-25", "asked", "call the LMC office; if you are approached about the plan"},
	{"000", "north-essex", "", "2021-10-25", "signed", "Dr Brian Balmer, Chief Executive (signatory of the real letter; words ours)"},
	{"000", "north-essex", "", "2021-10-25", "cc", "Clinical directors of primary care networks; Primary care leads of the CCGs"},

	// Essex as reported, and GPC England beside it.
	{"001", "north-essex", "", "2021-10-28", "sources", "Press report of this letter, a copy of one by Pulse, a sister title of Pulse, 2021-10-28"},
	{"001", "gpc-england", "", "2021-10-28", "line", "refuse"},
	{"001", "gpc-england", "", "2021-10-28", "letter", "gpc-england/04-refuse"},
	{"001", "gpc-england", "", "2021-10-28", "sources", "it says that the committee voted to ballot the profession, a sister title of Pulse, 2021-10-28"},
	{"001", "gpc-england", "", "2021-10-28", "text", "Ballot**: the sources differ"},
	{"001", "gpc-england", "fifteen-minute-appointments", "2021-10-28", "line", "support"},
	{"001", "gpc-england", "fifteen-minute-appointments", "2021-10-28", "asked", "start offering appointments of fifteen minutes or longer; at once"},
	{"001", "gpc-england", "close-lists", "2021-10-28", "line", "support"},
	{"001", "gpc-england", "close-lists", "2021-10-28", "asked", "apply to close your list"},
	{"001", "gpc-england to commissioners", "lowest-20-list", "2021-10-21", "line", "said_to_others"},
	{"001", "gpc-england to commissioners", "lowest-20-list", "2021-10-22", "line", "refuse"},
	{"001", "gpc-england to commissioners", "lowest-20-list", "2021-10-22", "why", "punishes and does damage; practices should be supported"},
	{"001", "gpc-england to commissioners", "lowest-20-list", "2021-10-22", "asked", "resist handing in the list of practices; by 28 October 2021"},
	{"001", "gpc-england to commissioners", "lowest-20-list", "2021-10-22", "text", "CCGs and managers of integrated care systems"},
	{"001", "gpc-england to commissioners", "lowest-20-list", "2021-10-22", "sources", "a copy of one by Pulse, a sister title of Pulse, 2021-10-28"},
	{"001", "gpc-england to commissioners", "lowest-20-list", "2021-10-22", "measure", "for immediate action"},

	// Surrey & Sussex.
	{"002", "surrey", "", "2021-10-17", "line", "silent"},
	{"002", "surrey", "", "2021-10-18", "line", "day_not_known, perhaps more"},
	{"002", "surrey", "", "2021-10-20", "line", "day_not_known, perhaps more"},
	{"002", "surrey", "", "2021-10-21", "line", "refuse"},
	{"002", "croydon", "", "2021-10-21", "line", "refuse"},
	{"002", "east-sussex", "", "2021-10-21", "line", "refuse"},
	{"002", "west-sussex", "", "2021-10-21", "line", "refuse"},
	{"002", "kingston-richmond", "", "2021-10-21", "line", "refuse"},
	{"002", "surrey", "", "2021-10-21", "contract", "may"},
	{"002", "surrey", "", "2021-10-21", "condition", "holds_until: local negotiation can bring about another process that is worth having and has clinical evidence behind it, and only if it does"},
	{"002", "surrey", "", "2021-10-21", "opinion", "opposes"},
	{"002", "surrey", "", "2021-10-21", "reasons", "contract data"},
	{"002", "surrey", "", "2021-10-21", "why", "managing performance outside the contract, was imposed without negotiation with GPC or the BMA, and rests on data that are incomplete and have no evidence behind them"},
	{"002", "surrey", "engage-with-plan", "2021-10-21", "line", "advise against, provisional"},
	{"002", "surrey", "engage-with-plan", "2021-10-21", "condition", "unless: the CCG turns the plan into something of tangible benefit to practices, and so to the care of patients"},
	{"002", "surrey", "engage-with-plan", "2021-10-21", "contract", "may"},
	{"002", "surrey", "engage-with-plan", "2021-10-21", "why", "need not trouble a practice, and nothing obliges it to answer"},
	{"002", "surrey", "", "2021-10-21", "may", "ignore attempts to manage your performance on the plan's targets"},
	{"002", "surrey", "", "2021-10-21", "asked", "say what you think"},
	{"002", "surrey", "", "2021-10-21", "asked", "tell the clinical director of your network where you stand"},
	{"002", "surrey", "", "2021-10-21", "asked", "keep to the safe and responsive care of patients (strongly recommended)"},
	{"002", "surrey", "", "2021-10-21", "text", "You **can ignore** attempts to do so"},
	{"002", "surrey", "", "2021-10-21", "text", "a meeting, a discussion, an analysis or a comment, nothing obliges you to give one"},
	{"002", "surrey", "", "2021-10-21", "text", "the contract has none of it, and its targets are no ground to manage your performance"},
	{"002", "surrey", "", "2021-10-21", "text", "The dates NHS England has set cannot be kept"},
	{"002", "surrey", "", "2021-10-21", "text", "Politics is behind the plan, and it plays to campaigns of some newspapers"},
	{"002", "surrey", "", "2021-10-21", "text", "freer to speak than managers"},
	{"002", "surrey", "", "2021-10-21", "text", "We strongly recommend that GPs, managers and everybody else in the practice keep to what they do: safe and responsive care"},
	{"002", "surrey", "", "2021-10-21", "text", "GPC hopes to write as well"},
	{"002", "surrey", "", "2021-10-21", "more", "yes"},
	{"002", "surrey", "", "2021-10-21", "signed", "Dr Julius Parker, Chief Executive (signatory of the real letter; words ours)"},
	{"002", "surrey", "", "2021-10-21", "sources", "its day is not known, Pulse"},
	{"002", "surrey", "retired-specialists", "2021-10-21", "line", "refuse"},
	{"002", "surrey", "text-message-ratings", "2021-10-21", "line", "refuse"},

	// Cambridgeshire, and what else the article on its update tells.
	{"003", "cambridgeshire", "", "2021-10-19", "line", "silent"},
	{"003", "cambridgeshire", "", "2021-10-20", "line", "advise against, provisional"},
	{"003", "cambridgeshire to pcns", "", "2021-10-20", "line", "advise against, provisional"},
	{"003", "cambridgeshire", "", "2021-10-20", "contract", "may"},
	{"003", "cambridgeshire", "", "2021-10-20", "condition", ""},
	{"003", "cambridgeshire", "", "2021-10-20", "why", "neither for recruitment, for keeping GPs or for their morale nor for the care of patients"},
	{"003", "cambridgeshire", "engage-with-plan", "2021-10-20", "line", "advise against, provisional"},
	{"003", "cambridgeshire", "engage-with-plan", "2021-10-20", "contract", "may"},
	{"003", "cambridgeshire", "engage-with-plan", "2021-10-20", "may", "ignore any attempt to make you engage with the new targets"},
	{"003", "cambridgeshire", "engage-with-plan", "2021-10-20", "may", "send the template letter to your CCG (its words are ours, for the real one was not seen); if you are asked to engage"},
	{"003", "cambridgeshire", "engage-with-plan", "2021-10-20", "template", "to commissioners: Dear colleague"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "You **can ignore** attempts to make you engage"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "its targets are no ground to manage anybody's performance"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "nothing in the plan that supports general practice"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "neither practices nor networks are obliged to take part"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "they give all they can, and there is nobody to be had for more"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "only with a concerted effort to take away work that hospitals hand on"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "the words of the template here are invented"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "This week we met leaders of the integrated care system and of the CCG"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "from a patient's own practice where possible, could be delivered"},
	{"003", "cambridgeshire", "", "2021-10-20", "text", "published the year before, found 8.6 hours for every 10,000 patients"},
	{"003", "gpc-england", "", "2021-10-20", "sources", "It quotes the chair: until the committee has met later that week"},
	{"003", "gpc-england", "", "2021-10-20", "asked", ""}, // what the press quotes is no action of the e-mail
	{"003", "rcgp", "", "2021-10-20", "line", "reported"},
	{"003", "rcgp", "", "2021-10-20", "opinion", "opposes"},
	{"003", "cambridgeshire", "winter-access-fund", "2021-10-20", "measure", "£250m winter access fund, November 2021 to March 2022, for more appointments and more of them face to face"},
	{"003", "cambridgeshire", "text-message-ratings", "2021-10-20", "measure", "possibly from April 2022; scores published for each practice beside its activity and waiting times; incentive money in 2022/23, much more of it in 2023/24"},
	{"003", "cambridgeshire", "access-targets", "2021-10-20", "measure", "Quality and Outcomes Framework"},

	// GPC England before it met, and the institute.
	{"004", "gpc-england", "", "2021-10-13", "line", "silent"},
	{"004", "gpc-england", "", "2021-10-17", "line", "advise against"},
	{"004", "gpc-england", "", "2021-10-17", "letter", "gpc-england/01-do-not-engage"},
	{"004", "gpc-england", "", "2021-10-18", "line", "advise against, perhaps more"},
	{"004", "gpc-england", "", "2021-10-20", "line", "advise against, provisional"},
	{"004", "gpc-england", "", "2021-10-20", "letter", "gpc-england/02-interim"},
	{"004", "gpc-england", "", "2021-10-20", "why", "punishes practices and does harm"},
	{"004", "gpc-england", "", "2021-10-20", "text", "An update, with guidance, will follow"},
	{"004", "gpc-england", "", "2021-10-20", "more", "yes"},
	{"004", "gpc-england", "", "2021-10-20", "signed", "Dr Richard Vautrey, Chair, GPC England (signatory of the real letter; words ours)"},
	{"004", "gpc-england", "", "2021-10-20", "sources", "more than half of the GPs would consider leaving the NHS"},
	{"004", "igpm", "", "2021-10-20", "line", "day_not_known, perhaps more"},
	{"004", "igpm", "", "2021-10-21", "line", "reported"},
	{"004", "igpm", "", "2021-10-21", "opinion", "concerned"},
	{"004", "igpm", "", "2021-10-21", "why", "had called the plan arbitrary before"},
	{"004", "igpm", "", "2021-10-21", "text", "75% of the Covid vaccines early in the campaign"},
	{"004", "igpm", "", "2021-10-21", "text", "would penalise practices that need support"},
	{"004", "gpc-england", "winter-access-fund", "2021-10-20", "measure", "lost by practices that are not back to the level before the pandemic by November"},

	// Between the days of the seeds.
	{"LMC", "gpc-england", "", "2021-10-21", "line", "refuse"},
	{"LMC", "gpc-england", "", "2021-10-21", "text", "unanimously as is reported"},
	{"LMC", "gpc-england", "disengage-demands", "2021-10-20", "line", "on_other_parts"},
	{"LMC", "gpc-england", "disengage-demands", "2021-10-21", "line", "practice decides"},
	{"LMC", "gpc-england", "disengage-demands", "2021-10-21", "may", "disengage from the demands of the network scheme"},
	{"LMC", "gpc-england", "disengage-demands", "2021-11-01", "contract", "ask_your_lmc"},
	{"LMC", "gpc-england", "withdraw", "2021-11-01", "line", "on_other_parts"},
	{"LMC", "gpc-england", "pause-arrs", "2021-11-01", "line", "practice decides"},
	{"LMC", "gpc-england", "pause-arrs", "2021-11-01", "contract", "ask_your_lmc"},
	{"LMC", "gpc-england", "undated-resignations", "2021-11-01", "line", "practice decides"},
	{"LMC", "gpc-england", "undated-resignations", "2021-11-01", "why", "releases them above 50%"},
	{"LMC", "gpc-england", "lmc-disengage", "2021-11-01", "line", "mentioned"},
	{"LMC", "lincolnshire", "", "2021-10-25", "line", "silent"},
	{"LMC", "lincolnshire", "", "2021-10-26", "line", "relayed"},
	{"LMC", "lincolnshire", "", "2021-10-26", "text", "28 October 2021 at 19:00"},
	{"LMC", "humberside", "disengage-demands", "2021-10-30", "line", "day_not_known, perhaps more"},
	{"LMC", "humberside", "disengage-demands", "2021-11-01", "line", "practice decides"},
	{"LMC", "humberside", "disengage-demands", "2021-11-01", "contract", "would_breach"},
	{"LMC", "humberside", "pause-arrs", "2021-10-30", "line", "day_not_known, perhaps more"},
	{"LMC", "humberside", "pause-arrs", "2021-11-01", "line", "practice decides"},
	{"LMC", "humberside", "pause-arrs", "2021-11-01", "contract", "would_breach"},
	{"LMC", "humberside", "undated-resignations", "2021-10-30", "line", "day_not_known, perhaps more"},
	{"LMC", "humberside", "undated-resignations", "2021-11-01", "line", "support"},
	{"LMC", "humberside", "withdraw", "2021-11-01", "line", "mentioned"},
	{"LMC", "west-sussex", "withdraw", "2022-02-15", "line", "on_other_parts"},
	{"LMC", "west-sussex", "withdraw", "2022-02-16", "line", "said_to_others"},
	{"LMC", "humberside", "withdraw", "2021-10-31", "text", "another thing, and no breach up to 31 October"},
	{"LMC", "humberside", "lmc-disengage", "2021-10-30", "line", "day_not_known, perhaps more"},
	{"LMC", "humberside", "lmc-disengage", "2021-11-01", "line", "consulting"},
	{"LMC", "gpc-england to commissioners", "lowest-20-list", "2021-10-22", "sources", "Press report of the bulletin, which gives its day, Management in Practice"},
}

func TestTheFactsOfTheSeedsStand(t *testing.T) {
	w := publish(t, loaded(t))
	prepared := guidance.Prepare(context.Background(), w.entries, w.register)
	for _, f := range facts {
		committee, audience, _ := strings.Cut(f.who, " to ")
		lines := prepared.Resolve(guidance.Question{
			Matter: w.matter, Measure: f.on, Committee: w.register.Committee(committee), AsOf: f.day,
			Audience: guidancev1.Audience(guidancev1.Audience_value["AUDIENCE_"+strings.ToUpper(audience)]),
		})
		if len(lines) != 1 {
			t.Fatalf("%v: %d lines, want 1", f, len(lines))
		}
		got := w.parts(lines[0], f.on, f.part)
		exact := slices.Contains([]string{"line", "letter", "contract", "opinion", "reasons"}, f.part) || f.words == ""
		if exact && got != f.words || !strings.Contains(got, f.words) {
			t.Errorf("seed %s: %s on %q as of %s, %s: want\n  %s\ngot\n  %s", f.source, f.who, f.on, f.day, f.part, f.words, got)
		}
	}
}

// parts is one part of an answer, on one line.
func (w *world) parts(line *answersv1.Line, measure, part string) string {
	var all []string
	position := line.GetCurrent().GetPosition()
	from := w.entry(line.GetCurrent().GetAdvisory())
	switch part {
	case "line":
		return said(line)
	case "letter":
		for file, entry := range w.byFile {
			if entry == from.ID {
				return file
			}
		}
	case "contract":
		return word(line.GetObligation())
	case "opinion":
		return word(position.GetOpinion())
	case "condition":
		for _, c := range position.GetConditions() {
			all = append(all, word(c.GetDirection())+": "+c.GetText())
		}
	case "why":
		return position.GetRationale()
	case "reasons":
		for _, r := range position.GetReasons() {
			all = append(all, word(r))
		}
		return strings.Join(all, " ")
	case "follows":
		for _, c := range position.GetConsequences() {
			all = append(all, word(c.GetTopic())+": "+c.GetWords())
		}
	case "must", "asked", "may":
		for _, a := range line.GetActions() {
			if word(a.GetStrength()) == part {
				all = append(all, strings.Join(slices.DeleteFunc([]string{a.GetVerb() + " " + a.GetObject(), guidance.DueWords(a.GetDue()), a.GetCondition()}, func(s string) bool { return s == "" }), "; "))
			}
		}
	case "template":
		for _, a := range line.GetActions() {
			for _, to := range a.GetTemplateFor() {
				all = append(all, "to "+word(to)+": "+a.GetTemplate())
			}
		}
	case "text":
		all = []string{from.Advisory.GetBody(), from.Report.GetSummary()}
	case "more":
		if from.Advisory.GetFollowUpExpected() {
			return "yes"
		}
	case "signed":
		for _, s := range from.Advisory.GetSignatories() {
			all = append(all, s.GetName()+", "+s.GetRole())
		}
	case "cc":
		return strings.Join(from.Advisory.GetCc(), "; ")
	case "sources":
		for _, r := range from.Advisory.GetReferences() {
			all = append(all, r.GetTitle()+", "+r.GetPublisher()+", "+r.GetDay())
		}
	case "measure":
		for _, m := range w.matter.GetMeasures() {
			if m.GetId() == measure {
				return m.GetTitle()
			}
		}
	}
	return strings.Join(strings.Fields(strings.Join(all, " | ")), " ")
}

// word is the word of an enum's value: "holds_until".
func word(value protoreflect.Enum) string {
	descriptor := value.Descriptor()
	unspecified := string(descriptor.Values().Get(0).Name())
	return strings.ToLower(strings.TrimPrefix(string(descriptor.Values().ByNumber(value.Number()).Name()), strings.TrimSuffix(unspecified, "UNSPECIFIED")))
}

// entry is an entry by its name; the zero one when there is none.
func (w *world) entry(id string) guidance.Entry {
	for _, e := range w.entries {
		if e.ID == id {
			return e
		}
	}
	return guidance.Entry{}
}

// Who says what on the other matters, on chosen days, as the sources listed with each letter have it.
// A day that is known only within a month counts from the end of that month.
func TestTheOtherMattersStandAsTheirSourcesHaveThem(t *testing.T) {
	w := publish(t, loaded(t))
	prepared := guidance.Prepare(context.Background(), w.entries, w.register)
	for _, c := range []struct{ matter, who, on, days, lines string }{
		// Three lines in four months.
		{"pcn-des-2020", "oxfordshire", "", "2019-12-31 2020-01-31 2020-02-28 2020-02-29 2020-04-29 2020-04-30", "silent | refuse | refuse, perhaps more | advise against | advise against, perhaps more | caution"},
		{"pcn-des-2020", "berkshire", "", "2020-01-31 2020-02-29 2020-04-30", "refuse | advise against | caution"},
		{"pcn-des-2020", "buckinghamshire", "sign-up", "2020-01-31 2020-02-29 2020-04-30", "refuse | advise against | caution"},
		{"pcn-des-2020", "birmingham", "", "2019-12-30 2019-12-31", "day_not_known, perhaps more | caution"},
		{"pcn-des-2020", "nottinghamshire", "", "2020-01-31", "caution"},
		{"pcn-des-2020", "humberside", "", "2020-01-31", "advise against"},
		{"pcn-des-2020", "barnet", "", "2020-01-09 2020-01-10 2020-05-30 2020-05-31", "silent | consulting | consulting, perhaps more | practice decides"},
		{"pcn-des-2020", "westminster", "", "2020-05-31", "practice decides"},
		{"pcn-des-2020", "cambridgeshire", "", "2020-04-19 2020-04-20", "day_not_known, perhaps more | caution"},
		{"pcn-des-2020", "kent", "sign-up", "2020-04-30", "reported"},
		{"pcn-des-2020", "special-conference", "", "2020-03-10 2020-03-11", "silent | reported"},
		{"pcn-des-2020", "gpc-england", "", "2020-05-31", "silent"},

		{"collective-action-2024", "gpc-england", "", "2024-07-31 2024-08-01", "day_not_known, perhaps more | support"},
		{"collective-action-2024", "gpc-england", "cap-25", "2024-08-01", "support"},
		{"collective-action-2024", "lincolnshire", "", "2024-07-29 2024-08-01", "mentioned | mentioned"},
		{"collective-action-2024", "kent", "", "2024-07-31 2024-08-01", "silent | practice decides"},
		{"collective-action-2024", "llr", "", "2024-08-31 2025-03-31 2025-04-01", "support | support | expired"},
		{"collective-action-2024", "sefton", "", "2025-12-30 2025-12-31", "day_not_known, perhaps more | support"},
		{"collective-action-2024", "gateshead-south-tyneside", "", "2024-09-10", "mentioned"},
		{"collective-action-2024", "avon", "no-ag", "2024-10-08 2024-10-09", "silent | support"},
		{"collective-action-2024", "cambridgeshire", "cap-25", "2024-11-22", "reported"},
		{"collective-action-2024", "dorset", "notice-unfunded", "2024-11-22", "reported"},
		{"collective-action-2024", "gloucestershire", "notice-unfunded", "2025-03-31", "reported"},
		{"collective-action-2024", "north-yorkshire", "notice-unfunded", "2025-03-31", "reported"},

		// Of each board: refused in one, for now in another, nothing in the third.
		{"adhd-shared-care", "south-essex", "mid-south-essex", "2025-03-30 2025-03-31", "day_not_known, perhaps more | refuse"},
		{"adhd-shared-care", "north-essex in icb/QH8", "mid-south-essex", "2025-03-31", "refuse"},
		{"adhd-shared-care", "north-essex in sub-icb/06Q", "mid-south-essex", "2025-03-31", "refuse"},
		{"adhd-shared-care", "north-essex in sub-icb/06T", "suffolk-north-east-essex", "2025-03-31", "refuse, provisional"},
		{"adhd-shared-care", "north-essex in sub-icb/07H", "mid-south-essex", "2025-03-31", "said_to_others"},
		{"adhd-shared-care", "north-essex in sub-icb/07H", "suffolk-north-east-essex", "2025-03-31", "said_to_others"},
		{"adhd-shared-care", "suffolk for in-action", "suffolk-north-east-essex", "2025-03-31", "refuse"},
		{"adhd-shared-care", "suffolk", "suffolk-north-east-essex-scheme", "2025-03-31", "refuse"},

		{"online-access-2025", "gpc-england", "", "2025-09-17 2025-09-18", "silent | mentioned"},
		{"online-access-2025", "city-hackney", "", "2025-09-19 2025-09-20 2025-09-22", "silent | mentioned | mentioned"},
		{"online-access-2025", "surrey", "online-requests", "2025-09-29 2025-09-30", "day_not_known, perhaps more | required"},
		{"online-access-2025", "newcastle-north-tyneside", "", "2025-10-16 2025-10-17", "silent | relayed"},

		// Four lines on one measure.
		{"collective-action-2026", "gpc-england", "dsa", "2026-04-30 2026-05-01", "silent | support"},
		{"collective-action-2026", "llr", "dsa", "2026-05-31", "support"},
		{"collective-action-2026", "avon", "dsa", "2026-05-26 2026-05-27", "silent | practice decides"},
		{"collective-action-2026", "avon", "medicines-software", "2026-05-27", "caution"},
		{"collective-action-2026", "croydon", "dsa", "2026-05-31", "mentioned"},
		{"collective-action-2026", "lancashire-cumbria", "dsa", "2026-06-30", "relayed"},
		{"collective-action-2026", "wigan", "dsa", "2026-06-29 2026-06-30", "day_not_known, perhaps more | relayed"},
	} {
		who, area, _ := strings.Cut(c.who, " in ")
		who, scope, _ := strings.Cut(who, " for ")
		var got []string
		for day := range strings.FieldsSeq(c.days) {
			q := guidance.Question{Matter: w.matters["gpc-england/"+c.matter], Measure: c.on, Committee: w.register.Committee(who), AsOf: day, Scope: scope}
			if read, ok := notation.ReadArea(area); ok {
				q.Area = &guidancev1.AreaId{Scheme: read.Scheme, Code: read.Code}
			}
			got = append(got, said(prepared.Resolve(q)[0]))
		}
		if got := strings.Join(got, " | "); got != c.lines {
			t.Errorf("%s: %s on %q as of %s:\n got %s\nwant %s", c.matter, c.who, c.on, c.days, got, c.lines)
		}
	}
	line := prepared.Resolve(guidance.Question{Matter: w.matters["gpc-england/online-access-2025"], Measure: "online-requests", Committee: w.register.Committee("surrey"), AsOf: "2025-10-01"})[0]
	if got := w.parts(line, "", "contract"); got != "must" {
		t.Errorf("Surrey on what the contract requires: %s, want must", got)
	}
}

// Whoever reads a letter is told what it was taken from, and what is invented says so.
func TestEveryLetterNamesItsSource(t *testing.T) {
	data := loaded(t)
	w := publish(t, data)
	for file, id := range w.byFile {
		e := w.entry(id)
		names := ""
		for _, r := range e.Advisory.GetReferences() {
			names += r.GetTitle() + r.GetPublisher()
		}
		switch office, _, _ := strings.Cut(file, "/"); {
		case e.Advisory == nil && e.Report == nil: // a matter
		case office == "northmoor" || office == "eastmarsh":
			if !strings.Contains(data.NoticeOf[office], "invented") || !strings.Contains(e.Advisory.GetBody(), "invented") {
				t.Errorf("%s does not say that it is invented", file)
			}
		case names == "" && e.Report.GetSource().GetTitle() == "" && !slices.Contains(withoutReference, file):
			t.Errorf("%s names no source", file)
		}
	}
}

// withoutReference are letters that are themselves public pages, and say so in a remark of their file.
var withoutReference = []string{"gpc-england/01-do-not-engage", "humberside/01-actions", "lincolnshire/01-gpc-advice-passed-on"}
