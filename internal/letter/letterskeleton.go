package letter

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Writer is the office that a skeleton is written for, and what it has said on the matter.
type Writer struct {
	Office     string
	Committees []string
	Area       *guidancev1.AreaId  // one that they cover; nil: none is known
	Stands     []Standing          // letters that stand for its committees, newest first
	Groups     []*guidancev1.Scope // those its lines were for
}

// Standing is a letter that stands.
type Standing struct {
	Entry, Title string
	Issued       *guidancev1.DayRange
}

// What stands before the lists of a skeleton.
const (
	saysOn     = "What it says, one dash for each thing it speaks on"
	thereAre   = "There are:"
	thereStand = "On this matter there stand, for the committees your office speaks for:"
)

// Skeleton writes the letter that `lmc new --matter` gives to an office to fill in:
// every key with a remark, the matter's measures with their proposers, what the office has
// said before, and room for the letter itself. Parse has exactly four things to say of it:
// title, issued and stance are not filled in, and nothing stands below the greeting.
func Skeleton(m *guidancev1.Matter, w Writer) []byte {
	s := &sketch{}
	aCommittee := "[" + strings.Join(w.Committees[:min(1, len(w.Committees))], "") + "]"
	aMeasure, area := wholeMatter, "icb:CODE"
	if measures := m.GetMeasures(); len(measures) > 0 {
		aMeasure = measures[0].GetId()
	}
	if w.Area != nil {
		area = notation.AreaOf(w.Area).String()
	}
	s.line(`%s
%s
# What the letter is called, in a line. It is not taken from a heading of the letter.
title:

# The office that publishes it.
office: %s

# The committees it speaks for.
for: %s

# What it is about:`, fence, howToFillIn, w.Office, "["+strings.Join(w.Committees, ", ")+"]")
	s.remark("", m.GetTitle()+" ("+m.GetProposer().GetName()+")")
	s.line("matter: %s", m.GetName())
	s.line(`
# The day on the letter: 25 October 2021. If you only know it roughly, the earliest and the
# latest day it can have been, 18 to 21 October 2021, or a month, October 2021.
issued:

# The first day it is valid, if that is later than the day on the letter.
#valid-from: 2021-11-01

# Whom it is addressed to (practices if you say nothing); one or more of`)
	s.choices("", enumWords[guidancev1.Audience]()[1:])
	s.line(`to: [practices]

# Who else was sent it, as the letter has it.
#cc:
#  - CCG primary care leads

# Who signed it, and as what.
#signed-by:
#  - name: Dr A Person
#    role: Chief Executive

# Whom readers can ask. The office's own addresses, never a person's.
#contact:
#  name: The LMC office
#  telephone: 01632 960000
#  email: office@example.org
#  url: https://example.org/lmc
`)

	s.line("# %s: %s, or one of", saysOn, wholeMatter)
	s.measures(m)
	s.line("positions:\n  - on: %s\n", wholeMatter)
	s.line("    # Your stance towards it as its proposer put it; one of")
	s.stances("    ")
	s.line(`    # What it depends on. The words are holds-until, only-if, unless, starts-when; what
    # starts when something happens is not current until a later letter says so.
    #conditions:
    #  - holds-until: the plan has been agreed with us

    # What it means under the contract as you read it; one of`)
	s.choices("    ", enumWords[guidancev1.ContractEffect]()[1:])
	s.line(`    # That word alone, contract: not-contractual, or with days where it changes.
    #contract:
    #  - effect: action-not-a-breach
    #    until: 2021-10-31
    #  - effect: action-would-breach
    #    from: 2021-11-01

    # What it rests on (not-stated if you say nothing); one of`)
	s.choices("    ", enumWords[guidancev1.Basis]()[1:])
	s.line(`    #basis: officer

    # Why, in a sentence or two.
    #rationale: The figures cannot be relied on.

    # What you think of it as a policy, where you say so: opposes, concerned, neutral, welcomes.
    # It is shown beside your advice and never counted as it. Leave out stance, and it is all
    # you say.
    #opinion: opposes

    # Kinds of reason, to be counted: contract, data, money, workload, pcn-relations, safety,
    # other.
    #reasons: [data, money]

    # What follows for practices, as the letter says it; the words are contract, money, staff,
    # patients.
    #consequences:
    #  - money: no funds pass directly to practices

    # What others claim of the contract, as the letter tells it.
    #claims:
    #  - by: {id: kent-icb, name: Kent ICB, kind: commissioner}
    #    day: 2021-10-20
    #    effect: contractual
    #    words: It is implied by the scheme you signed.

    # More is to be decided, and the line may firm up: yes or no.
    #provisional: yes

    # Whose word it is: primary (your own; so if you say nothing) or relay (you pass on
    # somebody else's; the stance is then information-only and relay-of says whose).
    # relay-of: {committee: gpc-england, advisory: gpc-england/7}
    #provenance: primary

    # The sentence of your letter that says so.
    #evidence: We advise practices not to take part.

    # Where it is for fewer committees, other readers or a smaller area than the letter,
    # or on another matter.
    #for: %s
    #to: [practices, pcns]
    #area: %s
    #matter: %s

    # The votes it rests on, by their ids under votes below.
    #votes: [ballot]

    # Where it is for a group among them only. The id is yours: use the same one again, and
    # the line stands until a letter that replaces or amends this one.`, aCommittee, area, m.GetName())
	group := &guidancev1.Scope{Id: "already-started", Words: "patients already started"}
	if groups := groupsOf(m, w); len(groups) > 0 {
		group = groups[0]
		s.line("    # %s", thereAre)
		for _, g := range groups {
			s.remark("    ", g.GetId()+": "+g.GetWords())
		}
	}
	s.line("    #scope: {id: %s, words: %s}", group.GetId(), strconv.QuoteToGraphic(group.GetWords()))
	s.line(`
    # From when to when it is valid, and when you mean to look at it again.
    #valid-from: 2021-11-01
    #valid-until: 2022-03-31
    #review-by: 2022-01-31
`)

	s.line(`# What it asks of somebody. who is those the letter is addressed to and strength is asked
# if you say nothing; the others are must and may. due is a day, a day with a time
# (28 October 2021, 5pm), words, {rule: 10 working days}, {days: 14, after: the variation notice}
# or {by: 31 October 2021, kind: give-notice}. on is the measure it belongs to. template is the
# text to send, under a | and indented. Where the letter says different things to different
# committees, areas or groups, for, area and scope say whose it is; scope: general is whoever
# is in no group.`)
	if len(m.GetEvents()) > 0 {
		s.line("# Events of the matter, to count from, as in {days: 14, after: %s}:", m.GetEvents()[0].GetId())
		for _, e := range m.GetEvents() {
			words := e.GetId() + ": " + e.GetTitle()
			if e.GetDay() != "" {
				words += " (" + guidance.DayWords(e.GetDay()) + ")"
			}
			s.remark("", words)
		}
	}
	s.line(`#actions:
#  - do: check
#    what: the figures you are shown
#    who: [practices]
#    strength: must
#    due: at once
#    condition: if you are approached
#    on: %s
#    matter: %s
#    for: %s
#    template: |
#      Dear commissioner,
#      we should like to see the figures behind your letter.
#    template-for: [commissioners]

# Votes it tells of, as they were published: each figure a count or a percentage, nothing
# worked out. kind is ballot, survey, return (how many take part), conference, committee, or
# threshold (no numbers: what is to be reached, in words, and whether it is, yes or no).
# Numbers of practices or GPs under 5 are refused, and whatever would tell them.
#votes:
#  - id: ballot
#    kind: ballot
#    question: Will your practice take part?
#    of: GP practices in England
#    held: October 2021
#    nation: england
#    answered: 35%%
#    for: 58%%
#    against: 42%%
#  - id: half
#    kind: threshold
#    question: Has half of our practices said that it takes part?
#    of: our practices
#    threshold: half of practices
#    reached: yes

# What it rests on, and press reports of it.
#references:
#  - title: The plan as published
#    publisher: NHS England
#    number: PAR1043
#    day: 2021-10-14
#    url: https://example.org/plan

# Files that go with it and lie in the same folder. Their type, size and sha256 are worked
# out; write those keys too where the file does not lie there.
#attachments:
#  - file: analysis.pdf
#    title: Our analysis

# Letters that end, whole, with this one; and letters that end only where this one has a
# position of its own. A letter that says otherwise than a standing one must name it.`, aMeasure, m.GetName(), aCommittee)
	replaces, amends := w.Office+"/3", w.Office+"/4"
	if len(w.Stands) > 0 {
		s.line("# %s", thereStand)
		replaces, amends = w.Stands[0].Entry, w.Stands[len(w.Stands)-1].Entry
	}
	for _, stands := range w.Stands {
		s.remark("", stands.Entry+": "+stands.Title+" ("+guidance.RangeWords(stands.Issued)+")")
	}
	s.line("#replaces: [%s]\n#amends: [%s]", replaces, amends)
	s.line(`
# Letters of ours much like this one, of the same day, that stand beside it on purpose.
#beside: [%s/5]

# Matters it is on besides, and takes no position on: lists of them have it.
#also-on: [%s]

# The letter whose words this one took over: the name of its entry, or in words.
#adapted-from: surrey-sussex/2

# More is to follow: yes or no.
#more-to-follow: yes

# The licence its words may be used under.
#licence: all rights reserved

# Who may read it: everybody. No other limit can be published yet.
#visibility: public

# A notice that every copy of it carries.
#notice: Draft for comment.
`, w.Office, m.GetName())
	s.line("# The letter itself goes under the line below, in Markdown. It is published as it")
	s.line("# stands; no key is taken from it.")
	s.line("%s", fence)
	s.line("")
	s.line(greeting)
	return []byte(s.String())
}

// groupsOf are the groups there are for a matter: those of the writer's own lines, then those of
// its measures, each id once.
func groupsOf(m *guidancev1.Matter, w Writer) (groups []*guidancev1.Scope) {
	all := slices.Clone(w.Groups)
	for _, measure := range m.GetMeasures() {
		all = append(all, measure.GetScopes()...)
	}
	for _, g := range all {
		if !slices.ContainsFunc(groups, func(o *guidancev1.Scope) bool { return o.GetId() == g.GetId() }) {
			groups = append(groups, g)
		}
	}
	return groups
}
