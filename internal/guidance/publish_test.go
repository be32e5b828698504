package guidance

import (
	stdcmp "cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// essexToday is Essex, about to publish on 1 November 2021.
func essexToday(standing ...Entry) PublishContext {
	m := goodMatter()
	return PublishContext{
		Office: "essex", Keeper: "gpc", Today: "2021-11-01", Register: register(), Standing: standing,
		Matters: func(name string) *v1.Matter {
			if name == plan || name == "plan" {
				return m
			}
			return nil
		},
		KnownMatters: []string{"plan"}, Committees: committees("north", "south", "kent"),
	}
}

func committees(ids ...string) (all []*v1.Committee) {
	for _, id := range ids {
		all = append(all, &v1.Committee{Id: id})
	}
	return all
}

// draft is a letter as an office writes it: only what must be said.
func draft(parts ...any) *v1.Advisory {
	a := say("essex/0", "2021-10-25", parts...).Advisory
	a.Issued, a.OnBehalfOf, a.Audiences = days("2021-10-25"), nil, nil
	return a
}

// A letter published by hand at a node of the demonstration was said to be genuine.
func TestANodesNoticeIsOnAllItPublishesBeforeItsOwn(t *testing.T) {
	known := essexToday()
	known.Notice = "Demonstration: not issued."
	for own, want := range map[string]string{
		"": "Demonstration: not issued.", "Draft.": "Demonstration: not issued. Draft.", "Demonstration: not issued. Draft.": "Demonstration: not issued. Draft.",
	} {
		a := draft(on("north", "", refuse))
		m := goodMatter()
		m.Name, a.Notice, m.Notice = "essex/other", own, own
		letter, _, _, err := checkPublish(a, known)
		matter, _, errMatter := CheckMatter(t.Context(), m, known)
		if err != nil || errMatter != nil || letter.GetNotice() != want || matter.GetNotice() != want {
			t.Errorf("%q: letter %q (%v), matter %q (%v)", own, letter.GetNotice(), err, matter.GetNotice(), errMatter)
		}
	}
}

func TestPublishFillsInWhatIsLeftOut(t *testing.T) {
	a := &v1.Advisory{
		Title: "Do not take part", OnBehalfOf: []string{"north", "south"}, Audiences: []v1.Audience{practices}, Visibility: public,
		Positions: []*v1.Position{{Matter: "plan", Stance: refuse}},
		Actions:   []*v1.Action{{Verb: "call"}},
	}
	before := proto.Clone(a)
	got, warnings, ends, err := checkPublish(a, essexToday())
	if err != nil || len(warnings) != 0 || len(ends) != 0 {
		t.Fatalf("%v %v %v", warnings, ends, err)
	}
	p, action := got.GetPositions()[0], got.GetActions()[0]
	if got.GetOffice() != "essex" || RangeWords(got.GetIssued()) != "1 November 2021" ||
		strings.Join(p.GetCommittees(), " ") != "north south" || p.GetMatter() != plan || p.GetAudiences()[0] != practices ||
		p.GetBasis() != v1.Basis_BASIS_NOT_STATED || p.GetProvenance() != v1.Provenance_PROVENANCE_PRIMARY ||
		action.GetStrength() != v1.ActionStrength_ACTION_STRENGTH_ASKED || action.GetMatter() != plan || action.GetActors()[0] != practices {
		t.Errorf("filled in %v", got)
	}
	if !proto.Equal(before, a) {
		t.Error("the draft was changed")
	}
	again, _, _, err := checkPublish(got, essexToday())
	if err != nil || !proto.Equal(again, got) {
		t.Errorf("filling in twice changes it: %v %v", again, err)
	}
}

// refusal is one thing publishing refuses, with what it must name.
type refusal struct {
	name  string
	draft *v1.Advisory
	ctx   PublishContext
	want  []string
}

func runRefusals(t *testing.T, list []refusal) {
	t.Helper()
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			normalised, _, _, err := checkPublish(c.draft, c.ctx)
			got := strings.Join(violations(t, err), "\n")
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("got %q\nwant %q", got, want)
				}
			}
			if len(c.want) == 0 && err != nil || len(c.want) > 0 && normalised != nil {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestPublishRefusesWhatItMayNotSay(t *testing.T) {
	ahead := draft(on("north", "engage", refuse))
	ahead.Issued = days("2021-10-25..2021-11-02")
	other := draft(on("north", "engage", refuse))
	other.Office = "kent"
	members := draft(on("north", "engage", refuse))
	members.Visibility = v1.Visibility_VISIBILITY_PRACTICES
	patient := draft(on("north", "engage", refuse))
	patient.Body = "About patient 943 476 5919."
	action := draft(on("north", "engage", refuse))
	action.Actions = []*v1.Action{{Verb: "send", Measure: "lists"}}
	ofNoMatter := draft()
	ofNoMatter.OnBehalfOf, ofNoMatter.Actions = []string{"north"}, []*v1.Action{{Verb: "send", Measure: "list"}}
	passingOn := func(advisory string) *v1.Advisory {
		a := draft(on("north", "engage", refuse))
		a.Positions[0].Provenance, a.Positions[0].RelayOf = v1.Provenance_PROVENANCE_RELAY, &v1.RelaySource{Committee: "kent", Advisory: advisory}
		return a
	}
	others := essexToday(say("kent/1", "2021-10-20", on("kent", "engage", refuse)), say("south/1", "2021-10-20", on("south", "engage", refuse)))
	noRegister := essexToday()
	noRegister.Register, noRegister.Committees = nil, nil
	ended := essexToday()
	ended.Register, ended.Committees = unionBook(), committees("north", "south", "union")
	ended.Committees[0].ValidFrom, ended.Committees[0].ValidUntil = "2021-01-01", "2021-10-24"
	runRefusals(t, []refusal{
		{"a committee the register does not give it", draft(on("kent", "engage", refuse)), essexToday(), []string{
			"on_behalf_of[0]: essex does not speak for kent on 25 October 2021 by the register: leave it out, or ask the keeper",
		}},
		{"a committee that had ended by then", draft(on("north", "engage", refuse)), ended, []string{
			"on_behalf_of[0]: the register has north from 1 January 2021 until 24 October 2021, not on 25 October 2021, and in its place union",
		}},
		{"another committee's letter passed on as its", passingOn("south/1"), others, []string{"positions[0].relay_of.advisory: south/1 is of south, not of kent: check its number"}},
		{"a letter passed on that is not here", passingOn("kent/2"), others, []string{"positions[0].relay_of.advisory: no entry kent/2 is known here"}},
		{"an unknown committee", draft(on("nort", "engage", refuse)), essexToday(), []string{"on_behalf_of[0]: no committee nort in the register: did you mean north?"}},
		{"no register at all", draft(on("north", "engage", refuse)), noRegister, []string{"essex does not speak for north"}},
		{"an unknown measure", draft(on("north", "engag", refuse)), essexToday(), []string{"positions[0].measure: " + plan + " has no measure engag: did you mean engage?"}},
		{"a measure like none", draft(on("north", "xyzzy", refuse)), essexToday(), []string{"has no measure xyzzy: there is engage, list, strike, the whole matter"}},
		{"the whole matter taken for a measure", draft(on("north", "whole-matter", refuse)), essexToday(), []string{"has no measure whole-matter: did you mean the whole matter?"}},
		{"an unknown matter", draft(on("north", "engage", refuse, func(p *v1.Position) { p.Matter = "plans" })), essexToday(), []string{
			"positions[0].matter: matter \"plans\" is not known here: did you mean plan?",
		}},
		{"a measure of no matter", ofNoMatter, essexToday(), []string{"actions[0].measure: belongs to no matter: name the matter under matter"}},
		{"an unknown measure of an action", action, essexToday(), []string{"actions[0].measure: " + plan + " has no measure lists: did you mean list?"}},
		{"a day that lies ahead", ahead, essexToday(), []string{"issued.latest: 2021-11-02 lies after today, 2021-11-01: give the day it is issued, and say under valid_from"}},
		{"another office's advisory", other, essexToday(), []string{"office: this node publishes for essex, not for kent"}},
		{"anything but PUBLIC", members, essexToday(), []string{"visibility: only PUBLIC can be published for now"}},
		{"an NHS number", patient, essexToday(), []string{"body: holds what looks like an NHS number (943…) at byte 14: remove it"}},
		{"two positions on one thing", draft(on("north", "engage", refuse), on("north", "engage", support)), essexToday(), []string{"positions[1]: says for north and practices what positions[0] says already"}},
		{"one after the other in one letter", draft(on("north", "engage", refuse, until("2021-12-31")), on("north", "engage", caution, from("2022-01-01"))), essexToday(), []string{"keep one of them; what holds from another day on is a letter of its own, with valid_from, that names this under"}},
		{"an area of nobody it speaks for", draft(on("north", "engage", refuse, in("C"))), essexToday(), []string{
			"positions[0].area: area:C is no part of the area of north: it would reach nobody; write an area of theirs, or leave it out",
		}},
		{"an area of one of those it speaks for", draft(on("north south", "engage", refuse, in("A"))), essexToday(), nil},
		{"a refusal that reads as its opposite", draft(on("north", "engage", refuse, onlyIf("the practice takes part in the action"))), essexToday(), []string{
			"positions[0].conditions[0]: only-if says what must be so to take it up, which of a line that says “refuse” reads as its opposite",
		}},
		{"caution, and what makes it worth while", draft(on("north", "engage", caution, onlyIf("it is paid for"))), essexToday(), nil},
		{"nothing at all", nil, essexToday(), []string{"title: is empty", "audiences: is empty", "visibility: is not set"}},
	})
}

// Such a line answered nobody, and whoever was in the area was told the line around it.
func TestALineOfAnAreaThatIsNotThereOnTheDayOfTheLetterReachesNobody(t *testing.T) {
	context := func(lives tenure) PublishContext {
		c, b := essexToday(), register()
		b.lives, b.tookOver = map[string]tenure{"A": lives}, map[string][]string{"A": {"B"}}
		c.Register = b
		return c
	}
	ended, ahead := context(tenure{until: "2021-10-24"}), context(tenure{from: "2021-11-15"})
	ahead.Register.(*book).tookOver = nil
	letter := func(opts ...any) *v1.Advisory {
		return draft(on("north", "", refuse), on("north", "engage", caution, append(opts, in("A"))...))
	}
	asks := draft(on("north", "engage", refuse))
	asks.Actions = []*v1.Action{{Verb: "send", Area: code("A"), Measure: "engage"}}
	runRefusals(t, []refusal{
		{"ended the day before", letter(), ended, []string{
			"positions[1].area: by the register there is no area:A on 25 October 2021, the day of the letter: it would reach nobody; write what took over from it (area:B), or the part of that which is meant, or leave it out",
		}},
		{"still there on the day", letter(), context(tenure{until: "2021-10-25"}), nil},
		{"there from a day ahead", letter(from("2021-11-15")), ahead, []string{
			"positions[1].area: by the register there is no area:A on 25 October 2021, the day of the letter: it would reach nobody; write the area that its practices are in on that day, or leave it out",
		}},
		{"asked there", asks, ended, []string{"actions[0].area: by the register there is no area:A on 25 October 2021"}},
	})
}

// An office that published its letters in another order than it wrote them was told to end the line for all on the
// day before a newer one for a part: the others would have had none.
func TestAnOlderLineIsNotRefusedForANewerOneThatIsForLess(t *testing.T) {
	older := func(position *v1.Position) *v1.Advisory {
		a := draft(position)
		a.Issued = days("2021-10-10")
		return a
	}
	inA := say("essex/3", "2021-10-20", on("north", "list", against, in("A")))
	inB := say("essex/4", "2021-10-20", on("north", "list", against, in("B")))
	toPartners := say("essex/5", "2021-10-20", on("north", "list", against, partners))
	later := []string{"is later than this and stands: give this valid_until 2021-10-19"}
	runRefusals(t, []refusal{
		{"a newer one in part of the area", older(on("north", "list", refuse)), essexToday(inA), nil},
		{"newer ones in all of its parts", older(on("north", "list", refuse)), essexToday(inA, inB), later},
		{"a newer one in its area", older(on("north", "list", refuse, in("A"))), essexToday(inA), later},
		{"a newer one to partners", older(on("north", "list", refuse)), essexToday(toPartners), nil},
		{"a newer one to all, of one to partners", older(on("north", "list", refuse, partners)), essexToday(say("essex/6", "2021-10-20", on("north", "list", against))), later},
	})
}

// Of an undated letter it was said to be later than one of a day within its range, which may as well be the later;
// and that ending it is allowed was not.
func TestALetterThatMayBeLaterThanAnUndatedOneIsToldHowToEndIt(t *testing.T) {
	undated := say("essex/1", "2021-10-01", on("north", "engage", against))
	undated.Advisory.Issued = days("2021-10-01..2021-10-31")
	a := draft(on("north", "engage", refuse))
	a.Issued = days("2021-10-18")
	runRefusals(t, []refusal{{"within its range", a, essexToday(undated), []string{"on this and stands: write “amends: [essex/1]” to end only that"}}})
	a = draft(on("north", "engage", refuse), amends("essex/1"))
	a.Issued = days("2021-10-18")
	runRefusals(t, []refusal{{"ending it", a, essexToday(undated), nil}})
}

func TestPublishRefusesToContradictWhatStands(t *testing.T) {
	standing := say("essex/1", "2021-10-20", on("north", "engage", against))
	whole := say("essex/2", "2021-10-20", on("north", "", against))
	inA := say("essex/3", "2021-10-20", on("north", "list", against, in("A")))
	const ends = "positions[0].stance: essex/1 (20 October 2021) says advise against on this and stands: write “amends: [essex/1]” to end only that, or “replaces: [essex/1]”"
	runRefusals(t, []refusal{
		{"another stance", draft(on("north", "engage", refuse)), essexToday(standing), []string{ends}},
		{"another stance for part of the readers", draft(on("north", "engage", refuse, partners)), essexToday(standing), []string{ends}},
		{"another stance in part of the area", draft(on("north", "engage", refuse, in("A"))), essexToday(standing), []string{ends}},
		{"an older letter of another stance", func() *v1.Advisory {
			a := draft(on("north", "engage", refuse))
			a.Issued = days("2021-10-10")
			return a
		}(), essexToday(standing), []string{"is later than this and stands: give this valid_until 2021-10-19"}},
		{"the same stance", draft(on("north", "engage", against)), essexToday(standing), nil},
		{"replacing it", draft(on("north", "engage", refuse), replaces("essex/1")), essexToday(standing), nil},
		{"amending it", draft(on("north", "engage", refuse), amends("essex/1")), essexToday(standing), nil},
		{"a newsletter", draft(on("north", "engage", info)), essexToday(standing), nil},
		{"one that waits", draft(on("north", "engage", support, startsWhenever("paid"))), essexToday(standing), nil},
		{"other readers", draft(on("north", "engage", refuse, pcns)), essexToday(standing), nil},
		{"another committee", draft(on("south", "engage", refuse)), essexToday(standing), nil},
		{"another measure", draft(on("north", "list", refuse)), essexToday(standing), nil},
		{"after it was withdrawn", draft(on("north", "engage", refuse)), essexToday(standing, withdraw("essex/9", "essex/1", "2021-10-22")), nil},
		{"after it was replaced", draft(on("north", "engage", refuse)), essexToday(standing, say("essex/9", "2021-10-22", replaces("essex/1"))), nil},
		{"after it expired", draft(on("north", "engage", refuse)), essexToday(say("essex/1", "2021-10-20", on("north", "engage", against, until("2021-10-22")))), nil},
		{"an older letter that ended before", func() *v1.Advisory {
			a := draft(on("north", "engage", refuse, until("2021-10-19")))
			a.Issued = days("2021-10-10")
			return a
		}(), essexToday(standing), nil},
		{"another part of the area", draft(on("north", "list", refuse, in("B"))), essexToday(inA), nil},
		{"what only others reported", draft(on("north", "engage", refuse)), essexToday(reported("bma/1", "2021-10-20", on("north", "engage", support))), nil},
		{"a later line on the whole over one on a measure", draft(on("north", "", refuse)), essexToday(standing), []string{
			"positions[0].stance: on the whole matter it would stand over essex/1, which says advise against on engage: write “amends: [essex/1]” if that is meant, or add a position on engage",
		}},
		{"the same, of the same day: the measure goes first", func() *v1.Advisory {
			a := draft(on("north", "", refuse))
			a.Title = "On the whole of it" // not much like the standing one
			a.Issued = days("2021-10-20")
			return a
		}(), essexToday(standing), nil},
		{"the same, said so", draft(on("north", "", refuse), amends("essex/1")), essexToday(standing), nil},
		{"the same, with a position on the measure", draft(on("north", "", refuse), on("north", "engage", against)), essexToday(standing), nil},
		{"the same, of another proposer", draft(on("north", "", refuse)), essexToday(say("essex/1", "2021-10-20", on("north", "strike", support))), nil},
		{"a line on a measure beside one on the whole", draft(on("north", "engage", refuse)), essexToday(whole), nil},
	})
}

// Two areas that lie in neither have a part in common: who is there would be told both.
func TestPublishRefusesToContradictWhatStandsInAPartOfBothAreas(t *testing.T) {
	over := essexToday(say("essex/1", "2021-10-20", on("north", "engage", against, in("R1"))))
	over.Register = overlapBook()
	apart := over
	apart.Register = &book{mandates: register().mandates, areas: overlapBook().areas}
	other := draft(on("north", "engage", refuse, in("R2")))
	runRefusals(t, []refusal{
		{"with R5 in both", other, over, []string{"positions[0].stance: essex/1 (20 October 2021) says advise against on this and stands"}},
		{"with nothing in both", other, apart, nil},
	})
}

// One letter that refuses in one area and supports in another was published without a word, and whoever was in both was
// told what stood first in it.
func TestALetterThatSaysTwoThingsOfAnAreaWithinTwoIsRefused(t *testing.T) {
	known := essexToday()
	known.Register = overlapBook()
	apart := known
	apart.Register = &book{mandates: register().mandates, areas: overlapBook().areas}
	refuses, supports := on("north", "engage", refuse, in("R1")), on("north", "engage", support, in("R2"))
	const both = "positions[1].stance: practices of north in area:R5 would be told refuse, and another position of this says support of them too: add a position for just them (for: [north], area: area:R5), or say under for, to and area of each whose it is"
	runRefusals(t, []refusal{
		{"with R5 in both", draft(refuses, supports), known, []string{both}},
		{"of which some readers are named alone", draft(refuses, on("north", "engage", support, partners, in("R2"))), known, nil},
		{"with a position for R5", draft(refuses, supports, on("north", "engage", caution, in("R5"))), known, nil},
		{"of one direction", draft(refuses, on("north", "engage", refuse, in("R2"))), known, nil},
		{"on two measures", draft(refuses, on("north", "list", support, in("R2"))), known, nil},
		{"for a group", draft(refuses, on("north", "engage", support, in("R2"), scopedTo("started"))), known, nil},
		{"one of which is a mention", draft(refuses, on("north", "engage", info, in("R2"))), known, nil},
		{"of which one lies in the other", draft(on("north", "engage", support, in("R5")), refuses), known, nil},
		{"one after the other", draft(on("north", "engage", refuse, in("R1"), until("2021-12-31")), on("north", "engage", support, in("R2"), from("2022-01-01"))), known, nil},
		{"one from a later day on", draft(refuses, on("north", "engage", support, in("R2"), from("2022-01-01"))), known, []string{both}},
		{"with nothing in both", draft(refuses, supports), apart, nil},
	})
}

// A line for part of the area stood in a letter beside one of fewer committees, and one to partners beside one for part of the
// area: whom they were for was told the other, and nobody had been warned.
func TestALineOfWhichAnotherOfItsLetterIsToldInsteadIsRefused(t *testing.T) {
	north, south := on("north", "engage", refuse), on("south", "engage", against)
	downs := func(committees string) *v1.Position { return on(committees, "engage", support, in("A")) }
	toPartners := on("north south", "engage", refuse, partners)
	const twice = ", or say under for, to and area of each whose it is"
	runRefusals(t, []refusal{
		{"an area beside fewer committees", draft(north, south, downs("north south")), essexToday(), []string{
			"positions[2].stance: practices of north in area:A would be told refuse, and another position of this says support of them too: add a position for just them (for: [north], area: area:A)" + twice,
		}},
		{"for its own committee", draft(north, south, downs("north")), essexToday(), nil},
		{"in general beside one of the area", draft(on("north south", "engage", refuse), downs("north")), essexToday(), nil},
		{"partners beside fewer committees", draft(toPartners, on("north", "engage", support)), essexToday(), []string{
			"positions[1].stance: GP partners of north would be told support, and another position of this says refuse of them too: add a position for just them (for: [north], to: [gp-partners])" + twice,
		}},
		{"partners beside an area", draft(on("north", "engage", refuse, partners), downs("north")), essexToday(), []string{
			"positions[1].stance: GP partners of north in area:A would be told support, and another position of this says refuse of them too: add a position for just them (for: [north], area: area:A, to: [gp-partners])" + twice,
		}},
		{"partners beside an area around the committee's", draft(on("north", "engage", refuse, partners), on("north", "engage", support, in("EAST"))), essexToday(), []string{
			"add a position for just them (for: [north], area: area:EAST, to: [gp-partners])", // and not for each area within it
		}},
		{"with a position for just them", draft(on("north", "engage", refuse, partners), downs("north"), on("north", "engage", refuse, partners, in("A"))), essexToday(), nil},
		{"partners beside practices", draft(north, on("north", "engage", support, partners)), essexToday(), nil},
		{"of one stance", draft(toPartners, on("north", "engage", refuse)), essexToday(), nil},
	})
}

// A practice read that its LMC passes on what its LMC says, and takes no line of its own.
func TestNobodyPassesOnWhatItSaysItself(t *testing.T) {
	const itself = "positions[0].relay_of.committee: north would pass on what it says itself"
	before := say("essex/1", "2021-10-20", on("north", "engage", refuse))
	runRefusals(t, []refusal{
		{"by name", draft(on("north", "engage", info, relayOf("north", ""))), essexToday(), []string{itself}},
		{"by letter, with another", draft(on("north south", "engage", info, relayOf("north", "essex/1"))), essexToday(before), []string{itself}},
		{"of the other", draft(on("south", "engage", info, relayOf("north", "essex/1"))), essexToday(before), nil},
	})
}

// domain.md 4.7: a line does not outlive its lawfulness
func TestPublishRefusesToAdviseABreach(t *testing.T) {
	from := func(day string, parts ...any) *v1.Advisory {
		return draft(on("north", "strike", support, append(parts, effect(dated(noBreach, "", theDayBefore(day)), dated(wouldBreach, day, "")))...))
	}
	runRefusals(t, []refusal{
		{"from the first day on", from("2021-10-20"), essexToday(), []string{"positions[0].stance: support on strike, and from 25 October 2021 doing it would breach the contract"}},
		{"from a later day on", from("2021-12-01"), essexToday(), []string{"positions[0].valid_until: from 1 December 2021 doing it would breach the contract, which no LMC may advise: write valid-until: 2021-11-30"}},
		{"up to the day before", from("2021-12-01", until("2021-11-30")), essexToday(), nil},
		{"up to that day", from("2021-12-01", until("2021-12-01")), essexToday(), []string{"positions[0].valid_until: from 1 December 2021"}},
	})
}

func TestPublishRefusesToEndWhatItMayNot(t *testing.T) {
	moved := essexToday(say("essex/1", "2021-10-01", on("north", "engage", against)))
	moved.Register = &book{mandates: []tenure{{office: "essex", committee: "south"}, {office: "kent", committee: "north"}}}
	hidden := say("essex/1", "2021-10-01", on("north", "engage", against))
	with := func(part func(*Entry)) *v1.Advisory { return draft(on("north", "engage", refuse), part) }
	limited := with(replaces("essex/1"))
	limited.Visibility = v1.Visibility_VISIBILITY_COMMITTEES
	runRefusals(t, []refusal{
		{"an entry that is not known", with(replaces("essex/9")), essexToday(), []string{"replaces[0]: no entry essex/9 is known here: check its number"}},
		{"a withdrawal", with(amends("essex/2")), essexToday(hidden, withdraw("essex/2", "essex/1", "2021-10-02")), []string{"amends[0]: essex/2 is a withdrawal and cannot be ended"}},
		{"a report", with(replaces("bma/2")), essexToday(reported("bma/2", "2021-10-02", on("north", "list", refuse))), []string{"replaces[0]: bma/2 is not an advisory"}},
		{"what is of another office's committee", with(replaces("kent/1")), essexToday(say("kent/1", "2021-10-01", on("kent", "engage", against))), []string{
			"replaces[0]: kent/1 is for kent, and essex speaks for none of them on 25 October 2021",
		}},
		{"what it may no longer end", draft(on("south", "engage", refuse), replaces("essex/1")), moved, []string{"essex/1 is for north, and essex speaks for none of them"}},
		{"what was issued later", with(replaces("essex/1")), essexToday(say("essex/1", "2021-10-26", on("north", "engage", against))), []string{"replaces[0]: essex/1 was issued on 26 October 2021, after this"}},
		{"what is more widely visible", limited, essexToday(hidden), []string{
			"replaces[0]: essex/1 may be read by anybody, this only by offices of LMCs and GPC", "visibility: only PUBLIC",
		}},
	})
}

func TestPublishSaysWhatItEndsAndWarnsOf(t *testing.T) {
	lawful := effect(dated(noBreach, "", "2021-11-30"), dated(wouldBreach, "2021-12-01", ""))
	a := draft(on("north", "strike", support, lawful, until("2021-11-30")), replaces("essex/1"), amends("essex/2"))
	_, warnings, ends, err := checkPublish(a, essexToday(say("essex/1", "2021-10-01", on("north south", "engage", against)), say("essex/2", "2021-10-02", on("north", "strike", caution))))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"essex/1 “Letter essex/1” (1 October 2021) ends as a whole on 25 October 2021 for north, south.",
		"essex/2 “Letter essex/2” (2 October 2021) ends for north: nothing of it is left there, for this advisory takes a position on all that it speaks on.",
	}
	if strings.Join(ends, "\n") != strings.Join(want, "\n") {
		t.Errorf("ends %q", ends)
	}
	if len(warnings) != 3 || warnings[0].GetCode() != answersv1.WarningCode_WARNING_CODE_SUPPORTS_BREACH || warnings[0].GetFrom() != "2021-12-01" ||
		warnings[1].GetCode() != answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE || !slices.Equal(warnings[1].GetCommittees(), []string{"south"}) ||
		warnings[2].GetCode() != answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE || warnings[2].GetMeasure() != "engage" {
		t.Errorf("warnings %v", warnings)
	}
}

// What waits takes the place of nothing yet, and does not say that it does.
func TestAmendingByWhatWaitsEndsNothing(t *testing.T) {
	a := draft(on("north", "engage", support, startsWhenever("paid")), amends("essex/1"))
	_, _, ends, err := checkPublish(a, essexToday(say("essex/1", "2021-10-01", on("north", "engage", against))))
	if err != nil || len(ends) != 0 {
		t.Errorf("%q %v", ends, err)
	}
}

func TestAmendingEndsOnlyForWhomTheLetterSpeaks(t *testing.T) {
	both := say("essex/1", "2021-10-01", on("north south", "", against), on("south", "list", caution))
	for name, c := range map[string]struct {
		draft *v1.Advisory
		ends  string
	}{
		"one of two committees":      {draft(on("north", "", refuse), amends("essex/1")), "ends for north: nothing of it is left there"},
		"a measure of the whole":     {draft(on("south", "engage", refuse), amends("essex/1")), "ends, for south, where"},
		"the whole over a measure":   {draft(on("south", "", refuse), amends("essex/1")), "ends for south: nothing of it is left there"},
		"another proposer's measure": {draft(on("north", "strike", refuse), amends("essex/1")), ""},
		"other readers":              {draft(on("north", "", refuse, pcns), amends("essex/1")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, warnings, ends, err := checkPublish(c.draft, essexToday(both))
			got := strings.Join(ends, "\n")
			if err != nil || !strings.Contains(got, c.ends) || (c.ends == "") != (got == "") {
				t.Errorf("ends %q (%v)", got, err)
			}
			stands := "essex/1 “Letter essex/1” (1 October 2021) stands as it is: this advisory takes no position on anything it speaks on while that holds."
			if texts := warningTexts(warnings); c.ends == "" && !slices.Contains(texts, stands) {
				t.Errorf("warnings %q", texts)
			}
		})
	}
}

func warningTexts(warnings []*answersv1.Warning) []string {
	var texts []string
	for _, w := range warnings {
		texts = append(texts, w.GetWords())
	}
	return texts
}

func TestPublishWarnsOfWhoLosesALineByWhatIsReplaced(t *testing.T) {
	const silentForSouth = "It takes no position of south on gpc/plan: lmc view names it to practices there, without what it says or asks. If they are to see that, add a position for [south] too (information-only, where you only pass facts on)."
	both := say("essex/1", "2021-10-10", on("north south", "", against, func(p *v1.Position) { p.Audiences = append(p.Audiences, pcns) }), on("north south", "strike", support))
	older := say("essex/0", "2021-10-01", on("south", "", caution))
	toPCNs := func(p *v1.Position) { p.Audiences = append(p.Audiences, pcns) }
	const keep = ", where essex/1 gives one: add a position, or write “amends: [essex/1]” to end only what this speaks on."
	for name, c := range map[string]struct {
		draft    *v1.Advisory
		standing []Entry
		want     []string
	}{
		"nobody": {draft(on("north south", "", refuse, toPCNs), on("north south", "strike", caution), replaces("essex/1")), []Entry{both}, nil},
		"a committee": {draft(on("north", "", refuse, toPCNs), on("north", "strike", caution), replaces("essex/1")), []Entry{both}, []string{
			silentForSouth,
			"From 25 October 2021 south will have no line on the whole matter" + keep, "From 25 October 2021 south will have no line on strike" + keep,
		}},
		"a measure": {draft(on("north south", "", refuse, toPCNs), replaces("essex/1")), []Entry{both}, []string{
			"From 25 October 2021 north, south will have no line on strike" + keep,
		}},
		"some readers": {draft(on("north south", "", refuse), on("north south", "strike", caution), replaces("essex/1")), []Entry{both}, []string{
			"From 25 October 2021 north, south will have no line on the whole matter for primary care networks" + keep,
		}},
		"one that falls back": {draft(on("north", "", refuse, toPCNs), on("north south", "strike", caution), replaces("essex/1")), []Entry{older, both}, []string{
			"From 25 October 2021 south will have the older line of essex/0 (caution) on the whole matter for practices" + keep,
			"From 25 October 2021 south will have no line on the whole matter for primary care networks" + keep,
		}},
		"later, when it holds": {draft(on("north", "", refuse, toPCNs), on("north south", "strike", caution), replaces("essex/1"), validSince("2021-12-01")), []Entry{both}, []string{
			"From 1 December 2021 south will have no line on the whole matter" + keep,
		}},
		"part of the area": {draft(on("north south", "", refuse, toPCNs, in("A")), on("north south", "strike", caution), replaces("essex/1")), []Entry{both}, []string{
			"From 25 October 2021, except in area:A, north will have no line on the whole matter" + keep, "From 25 October 2021 south will have no line on the whole matter" + keep,
		}},
		"by a newsletter that amends": {draft(on("north", "strike", info), amends("essex/1")), []Entry{both}, []string{
			"From 25 October 2021 north will have no line on strike, where essex/1 gives one: add a position with a line.",
		}},
		"whoever had another line in between": {draft(on("north", "", refuse, toPCNs), on("north south", "strike", caution), replaces("essex/1")), []Entry{both, say("essex/4", "2021-10-20", on("south", "", refuse, toPCNs, until("2021-10-28")))}, []string{
			"From 29 October 2021 south will have no line on the whole matter" + keep,
		}},
		"a group": {draft(on("north", "strike", support), replaces("essex/1")), []Entry{say("essex/1", "2021-10-10", on("north", "strike", support), on("north", "strike", caution, scopedTo("started")))}, []string{
			"From 25 October 2021 started have no line of their own on strike any more, where essex/1 gives one, and are told what this says in general, support: add a position for them, if that is not meant.",
		}},
		"a group, told the same": {draft(on("north", "strike", support), replaces("essex/1")), []Entry{say("essex/1", "2021-10-10", on("north", "strike", caution), on("north", "strike", support, scopedTo("started")))}, nil},
		"a group, with nothing in general": {draft(on("north", "strike", info), replaces("essex/1")), []Entry{say("essex/1", "2021-10-10", on("north", "strike", caution, scopedTo("started")))}, []string{
			"From 25 October 2021 north will have no line on strike for started" + keep,
		}},
		"what had ended already": {draft(on("north", "", refuse), replaces("essex/1")), []Entry{both, withdraw("essex/2", "essex/1", "2021-10-20")}, []string{
			"essex/1 has ended before, by essex/2: this changes nothing of it.", silentForSouth,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, warnings, _, err := checkPublish(c.draft, essexToday(c.standing...))
			if diff := cmp.Diff(c.want, warningTexts(warnings)); diff != "" || err != nil {
				t.Errorf("(-want +got; %v)\n%s", err, diff)
			}
		})
	}
}

func TestPublishWarnsOfWhatWaitsAndWhatIsOverridden(t *testing.T) {
	a := draft(on("north", "", refuse), on("north", "strike", support, startsWhenever("a ballot")), amends("essex/1"))
	_, warnings, _, err := checkPublish(a, essexToday(say("essex/1", "2021-10-20", on("north", "engage", against))))
	if err != nil || len(warnings) != 2 || warnings[0].GetCode() != answersv1.WarningCode_WARNING_CODE_OVERRIDES_MEASURE || warnings[1].GetCode() != answersv1.WarningCode_WARNING_CODE_STARTS_WHEN {
		t.Errorf("%v %v", warnings, err)
	}
}

// Nobody may be left without a line, and no committee's letter go on, unsaid.
func TestAnEndingSaysWhoIsLeftAndForWhomItGoesOn(t *testing.T) {
	joint := say("essex/1", "2021-10-01", on("north south", "engage", against))
	_, warnings, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", Visibility: public}, essexToday(joint))
	left := warned(answersv1.WarningCode_WARNING_CODE_LEAVES_NO_LINE, warnings)
	if err != nil || len(left) != 1 || !slices.Equal(left[0].GetCommittees(), []string{"north", "south"}) || !strings.Contains(left[0].GetWords(), "publish what holds instead") {
		t.Errorf("withdrawn: %v, %v", err, left)
	}
	_, _, ends, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", OnBehalfOf: []string{"north"}, Visibility: public}, essexToday(joint))
	if err != nil || len(ends) != 1 || !strings.HasSuffix(ends[0], "for north. It still stands for south.") {
		t.Errorf("withdrawn for one: %v, %q", err, ends)
	}
	alone := draft(on("north", "engage", refuse), replaces("essex/1"))
	alone.OnBehalfOf = []string{"north"}
	_, _, ends, err = checkPublish(alone, essexToday(joint))
	if err != nil || len(ends) != 1 || !strings.HasSuffix(ends[0], "for north. It still stands for south.") {
		t.Errorf("replaced for one: %v, %q", err, ends)
	}
}

// A wrong day of issue can be put right: the refusal says how.
func TestAReplacementWithAnEarlierDaySaysTheWay(t *testing.T) {
	earlier := draft(on("north south", "engage", against), replaces("essex/1"))
	earlier.Issued = days("2021-10-10")
	_, _, _, err := checkPublish(earlier, essexToday(say("essex/1", "2021-10-12", on("north south", "engage", against))))
	if err == nil || !strings.Contains(err.Error(), "withdraw essex/1 with --effective 2021-10-12 (without that it goes on answering for the days until today), and publish this without naming it") {
		t.Errorf("got %v", err)
	}
}

func TestWithdrawChecksWhatItEnds(t *testing.T) {
	standing := []Entry{
		say("essex/1", "2021-10-01", on("north south", "engage", against)),
		say("essex/2", "2021-10-10", on("north south", "engage", refuse), replaces("essex/1")),
		say("kent/1", "2021-10-10", on("kent", "engage", refuse)),
	}
	got, warnings, ends, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/2", Visibility: public, Restores: []string{"essex/1"}, Matters: []string{"kent/other"}}, essexToday(standing...))
	if err != nil || len(warnings) != 0 {
		t.Fatal(err, warnings)
	}
	if got.GetEffective() != "2021-11-01" || strings.Join(got.GetOnBehalfOf(), " ") != "north south" || got.GetOffice() != "essex" ||
		!slices.Equal(got.GetMatters(), []string{plan}) {
		t.Errorf("filled in %v", got)
	}
	if want := "essex/2 “Letter essex/2” (10 October 2021) no longer counts from 1 November 2021 for north, south.|essex/1 “Letter essex/1” (1 October 2021) stands again from 1 November 2021."; strings.Join(ends, "|") != want {
		t.Errorf("ends %q", ends)
	}
	for want, w := range map[string]*v1.Withdrawal{
		"advisory: no entry essex/9 is known here":                                      {Advisory: "essex/9", Visibility: public, OnBehalfOf: []string{"north"}},
		"advisory: kent/1 is for kent, and essex speaks for none of them":               {Advisory: "kent/1", Visibility: public, OnBehalfOf: []string{"north"}},
		"restores[0]: kent/1 was neither replaced nor amended by essex/2":               {Advisory: "essex/2", Visibility: public, Restores: []string{"kent/1"}},
		"issued.latest: 2021-11-02 lies after today":                                    {Advisory: "essex/2", Visibility: public, Issued: days("2021-11-02")},
		"visibility: only PUBLIC can be published":                                      {Advisory: "essex/2", Visibility: v1.Visibility_VISIBILITY_OFFICE},
		"advisory: essex/2 may be read by anybody, this only by the office's own nodes": {Advisory: "essex/2", Visibility: v1.Visibility_VISIBILITY_OFFICE},
	} {
		if _, _, _, err := checkWithdraw(w, essexToday(standing...)); !strings.Contains(strings.Join(violations(t, err), "\n"), want) {
			t.Errorf("got %v\nwant %q", err, want)
		}
	}
	back := &v1.Withdrawal{Advisory: "essex/2", Visibility: public, Effective: "2021-10-15"}
	_, warnings, _, err = checkWithdraw(back, essexToday(append(standing, withdraw("essex/3", "essex/2", "2021-10-30"))...))
	var texts []string
	for _, w := range warnings {
		texts = append(texts, w.GetWords())
	}
	want := []string{"essex/2 ended essex/1, which does not come back", "before the day it is issued", "was withdrawn already by essex/3"}
	for i := range want {
		if err != nil || len(texts) != 3 || !strings.Contains(texts[i], want[i]) {
			t.Errorf("%v %q", err, texts)
		}
	}
}

// A report is withdrawn by whoever recorded it, or by an office that speaks for whom it is on.
func TestOnlyItsOwnReportIsWithdrawnByAnOfficeThatReports(t *testing.T) {
	said := reported("bma/1", "2021-10-01", on("kent", "engage", refuse))
	for office, may := range map[string]bool{"bma": true, "kent": true, "pulse": false, "essex": false} {
		known := essexToday(said)
		known.Office = office
		w := &v1.Withdrawal{Advisory: "bma/1", Visibility: public, OnBehalfOf: []string{"kent"}}
		if office == "bma" {
			w.OnBehalfOf = nil
		}
		if _, _, _, err := checkWithdraw(w, known); (err == nil) != may {
			t.Errorf("by %s: %v", office, err)
		}
	}
}

func TestReportsNeedTheRightAndAnother(t *testing.T) {
	bma := essexToday(say("essex/1", "2021-10-25", on("north", "engage", refuse)))
	bma.Office = "bma"
	report := func(committee string) *v1.ReportedPosition {
		r := goodReport()
		r.Position.Committees, r.Position.Measure, r.Position.Provenance, r.Office = []string{committee}, "engage", 0, ""
		return r
	}
	if got, warnings, err := checkReport(report("kent"), bma); err != nil || len(warnings) != 0 || got.GetOffice() != "bma" || got.GetPosition().GetProvenance() != v1.Provenance_PROVENANCE_REPORTED {
		t.Errorf("%v %v %v", got, warnings, err)
	}
	if _, warnings, err := checkReport(report("north"), bma); err != nil || len(warnings) != 1 || !strings.Contains(warnings[0].GetWords(), "north has spoken itself on this, last on 25 October 2021") {
		t.Errorf("%v %v", warnings, err)
	}
	odd := report("kent")
	odd.Position.Measure = "engag"
	if _, _, err := checkReport(odd, bma); !strings.Contains(fmt.Sprint(err), "position.measure: "+plan+" has no measure engag: did you mean engage?") {
		t.Error(err)
	}
	if _, _, err := checkReport(report("kent"), essexToday()); !strings.Contains(fmt.Sprint(err), "essex has no right by the register to record what others said on 20 October 2021") {
		t.Error(err)
	}
	own := essexToday()
	own.Register = &book{mandates: []tenure{{office: "essex", committee: "north"}}, reporters: []tenure{{office: "essex"}}}
	if _, _, err := checkReport(report("north"), own); !strings.Contains(fmt.Sprint(err), "essex speaks for north itself: publish an advisory") {
		t.Error(err)
	}
}

func TestOnlyTheOfficeThatOpenedAMatterAmendsIt(t *testing.T) {
	if _, err := checkMatter(goodMatter(), essexToday()); !strings.Contains(fmt.Sprint(err), "name: only gpc, the office that opened it, may amend plan") {
		t.Error(err)
	}
	m := goodMatter()
	m.Name = "local-plan"
	got, err := checkMatter(m, essexToday())
	if err != nil || got.GetName() != "essex/local-plan" {
		t.Errorf("%v %v", got, err)
	}
	m.Visibility, m.Summary = v1.Visibility_VISIBILITY_OFFICE, "9434765919"
	if _, err := checkMatter(m, essexToday()); len(violations(t, err)) != 2 {
		t.Error(err)
	}
}

// One that was wrapped over a line, in the cells of a table, or written with dots or dashes of another kind, was published.
func TestNHSNumbersAreFoundAndOtherNumbersLeft(t *testing.T) {
	for s, want := range map[string]bool{
		"943 476 5919": true, "9434765919": true, "(943-476-5919)": true, "x 9434765919.": true, "943\u00a0476\u00a05919": true,
		"943 476 5918": false, "94347659191": false, "+44 9434765919": false, "+44 (0)9434765919": false,
		"https://example.org/9434765919": false, "?id=9434765919": false, "a9434765919": false, "01245 383430": false, "": false,
		"1 9434765919":  true,
		"943\n476 5919": true, "943 476\r\n5919": true, "943  476  5919": true, "943\u2011476\u20115919": true, "943\u2009476\u20095919": true, "943.476.5919": true, "943 – 476 – 5919": true,
		"|943|476|5919|": true, "| 943 | 476 | 5919 |": true, "943\u200b4765919": true,
		"943, 476, 5919": false, "943 of 476 in 5919": false, "+44-943-476-5919": false, "(0).943.476.5919": false, "020 7946 0958": false, "0300 123 4567": false, "01522 496 0201": false, "|943|476|5918|": false,
		"1,943 476 5919x": false, "943\n\n\n\n\n476 5919": false,
	} {
		if found, _ := nhsNumber(s); (found != "") != want {
			t.Errorf("%q: %v, want %v", s, found, want)
		}
	}
}

// What publishing accepts is what the rule then answers with: the two never part.
func TestWhatIsPublishedAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries, _ := someWorld(t, 6)
		p := somePosition.Draw(t, "position")
		p.ValidFrom, p.ValidUntil, p.Area, p.Audiences = "", "", nil, []v1.Audience{practices}
		p.Scope, p.ContractEffects = nil, nil
		a := draft(p)
		a.Issued = days("2021-11-01")
		got, _, _, err := checkPublish(a, essexToday(entries...))
		if err != nil || IsMention(p) || waitsFor(p) != "" {
			return
		}
		fresh := entry("essex@9/1")
		fresh.Advisory = got
		q := asked(p.Committees[0] + " " + stdcmp.Or(p.Measure, "whole") + " 2021-11-01")
		if line := resolve(q, append(entries, fresh), register())[0]; line.GetCurrent().GetAdvisory() != fresh.ID {
			t.Fatalf("published, but the answer is %s", gist(line))
		}
	})
}

func TestAnActionMayNotStandWithTwoDirections(t *testing.T) {
	two := func(action *v1.Action) *v1.Advisory {
		a := draft(on("north", "engage", refuse), on("south", "engage", support))
		a.Actions = []*v1.Action{action}
		return a
	}
	for name, c := range map[string]struct {
		action *v1.Action
		fault  string
	}{
		"of both":                {&v1.Action{Verb: "switch off"}, "“switch off” would stand with “refuse” for north and with “support” for south, on engage: say whose"},
		"of one":                 {&v1.Action{Verb: "switch off", Committees: []string{"north"}}, ""},
		"on another measure":     {&v1.Action{Verb: "switch off", Measure: "list"}, ""},
		"of nobody's":            {&v1.Action{Verb: "switch off", Committees: []string{"kent"}}, "kent is not under on_behalf_of"},
		"for a group unheard of": {&v1.Action{Verb: "switch off", Committees: []string{"north"}, Scope: "started"}, "no position of this advisory is for the group started"},
		"in an area unheard of":  {&v1.Action{Verb: "switch off", Committees: []string{"north"}, Area: code("NOWHERE")}, "no area area:NOWHERE in the register"},
	} {
		_, _, _, err := checkPublish(two(c.action), essexToday())
		if got := fmt.Sprint(err); (err == nil) != (c.fault == "") || !strings.Contains(got, c.fault) {
			t.Errorf("%s: %v, want %q", name, err, c.fault)
		}
	}
}

// The day of a group's request could be corrected by no letter of that alone: that the group has a line in the letter that
// it corrects was not looked at.
func TestTheDayOfAGroupsRequestIsCorrectedByThatAlone(t *testing.T) {
	first := say("essex/1", "2021-10-01", onBehalfOf("north"), on("north", "engage", refuse), on("north", "engage", decides, scopedTo("signed")), asksFor("give", "2021-12-31", by(practices), ofPlan, onMeasure("engage"), func(a *v1.Action) { a.Scope = "signed" }))
	correction := func(scope string) *v1.Advisory {
		a := draft()
		a.OnBehalfOf, a.Amends, a.Audiences, a.Positions = []string{"north"}, []string{"essex/1"}, []v1.Audience{practices}, nil
		e := Entry{Advisory: a}
		asksFor("give", "2022-01-15", ofPlan, onMeasure("engage"), func(a *v1.Action) { a.Scope = scope })(&e)
		return a
	}
	filled, _, _, err := checkPublish(correction("signed"), essexToday(first))
	if err != nil {
		t.Fatal(err)
	}
	fresh := entry("essex/2")
	fresh.Advisory = filled
	line := resolve(asked("north engage 2021-11-20", func(q *Question) { q.Scope = "signed" }), []Entry{first, fresh}, register())[0]
	if got := asksOn(line); !strings.Contains(got, "2022-01-15") || strings.Contains(got, "2021-12-31") {
		t.Errorf("the group is asked %v", got)
	}
	if _, _, _, err := checkPublish(correction("started"), essexToday(first)); err == nil || !strings.Contains(err.Error(), "or of one that it amends, is for the group started") {
		t.Errorf("a group of neither: %v", err)
	}
}

func TestAnActionOfTwoDirectionsNamesMeasureGroupAndArea(t *testing.T) {
	group := func(p *v1.Position) { p.Scope = &v1.Scope{Id: "emis", Words: "practices on EMIS"} }
	for name, c := range map[string]struct {
		x, y *v1.Position
		want string
		on   string
	}{
		"a group": {
			on("north", "engage", refuse), on("north", "engage", support, group),
			"“switch off” would stand with “refuse” for north and with “support” for north, for practices on EMIS, on engage: say whose it is, under for, area or scope (general is whoever is in no group), or",
			"",
		},
		"part of the area": {
			on("north", "engage", refuse, func(p *v1.Position) { p.Area = code("MID") }), on("north", "engage", support),
			"would stand with “refuse” for north, in area:MID and with “support” for north, on engage: say whose it is, under for, area or scope, or",
			"",
		},
		"the whole matter": {
			on("north", "", refuse), on("south", "", support),
			"would stand with “refuse” for north and with “support” for south, on the whole matter:",
			"",
		},
		"one by the line on the whole matter": {
			on("north south", "", refuse), on("north", "engage", support),
			"would stand with “refuse” for north, south, by the line on the whole matter, and with “support” for north, on engage:",
			"engage",
		},
	} {
		a := draft(c.x, c.y)
		a.Actions = []*v1.Action{{Verb: "switch off", Measure: c.on}}
		_, _, _, err := checkPublish(a, essexToday())
		if !strings.Contains(fmt.Sprint(err), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if inPart := name == "part of the area"; strings.Contains(fmt.Sprint(err), "amend that for the area in a second letter") != inPart { // no area is all but one
			t.Errorf("%s: %v", name, err)
		}
		if !strings.Contains(fmt.Sprint(err), "or write two actions (lmc register show has the ids of committees and areas)") {
			t.Errorf("%s: where the ids are is not said: %v", name, err)
		}
	}
}

// A line on a measure was turned round by one on the whole matter, without a word, where the same
// letter said anything at all on the measure: to a group, to some of the readers, in part of the
// area, or as information.
func TestALineOnTheWholeMatterTurnsNoneRoundUnsaid(t *testing.T) {
	standing := say("essex/1", "2021-10-20", on("north", "engage", refuse))
	for name, c := range map[string]struct {
		narrow  *v1.Position
		refused bool
	}{
		"nothing":         {on("north", "list", support), true},
		"a group":         {on("north", "engage", refuse, scopedTo("a")), true},
		"information":     {on("north", "engage", info), true},
		"an area":         {on("north", "engage", refuse, in("A")), true},
		"partners":        {on("north", "engage", refuse, partners), true},
		"a line":          {on("north", "engage", refuse), false},
		"another for all": {on("north", "engage", refuse, practices, pcns), false},
	} {
		_, _, _, err := checkPublish(draft(on("north", "", support), c.narrow), essexToday(standing))
		if (err != nil) != c.refused || c.refused && !strings.Contains(err.Error(), "on the whole matter it would stand over essex/1") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is asked with no line of its letter was shown nowhere, and nobody was told.
func TestWhatIsAskedWithNoLineIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		action *v1.Action
		told   bool
	}{
		"of south, on a measure that north has": {&v1.Action{Measure: "engage", Committees: []string{"south"}}, true},
		"of north":                              {&v1.Action{Measure: "engage", Committees: []string{"north"}}, false},
		"on another measure":                    {&v1.Action{Measure: "list"}, true},
		"of patients":                           {&v1.Action{Measure: "list", Actors: []v1.Audience{v1.Audience_AUDIENCE_PATIENTS}}, false},
	} {
		a := draft(on("north", "engage", refuse), on("south", "engage", refuse, scopedTo("a")))
		a.OnBehalfOf = []string{"north", "south"}
		c.action.Verb = "sign"
		if c.action.Committees != nil && c.action.Committees[0] == "south" {
			c.action.Scope = GeneralScope
		}
		a.Actions = []*v1.Action{c.action}
		_, warnings, _, err := checkPublish(a, essexToday())
		told := slices.ContainsFunc(warnings, func(w *answersv1.Warning) bool {
			return w.GetCode() == answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE && strings.Contains(w.GetWords(), "“sign” goes with none of the lines")
		})
		if err != nil || told != c.told {
			t.Errorf("%s: told %v, %v", name, told, err)
		}
	}
}

// A general line that amends the letter of a group's line was published without a word of it: it
// ends that only where it speaks on the group.
func TestAGeneralLineThatAmendsAsksWhichGroupsEnd(t *testing.T) {
	standing := say("essex/1", "2021-10-20", on("north", "engage", support, scopedTo("a")), on("north", "list", refuse))
	ofGroup := on("north", "engage", caution, scopedTo("a"))
	for name, c := range map[string]struct {
		letter *v1.Advisory
		asks   bool
	}{
		"beside it":                  {draft(on("north", "engage", refuse)), true},
		"amending it":                {draft(on("north", "engage", refuse), amends("essex/1")), true},
		"amending it, and the group": {draft(on("north", "engage", refuse), ofGroup, amends("essex/1")), false},
		"replacing it":               {draft(on("north", "engage", refuse), replaces("essex/1")), false},
	} {
		_, warnings, _, err := checkPublish(c.letter, essexToday(standing))
		asks := slices.ContainsFunc(warnings, func(w *answersv1.Warning) bool {
			return w.GetCode() == answersv1.WarningCode_WARNING_CODE_GROUP_GOES_ON
		})
		if err != nil || asks != c.asks {
			t.Errorf("%s: asks %v, %v", name, asks, err)
		}
	}
}

func TestAGroupKeepsItsWords(t *testing.T) {
	group := func(words string) func(*v1.Position) {
		return func(p *v1.Position) { p.Scope = &v1.Scope{Id: "started", Words: words} }
	}
	standing := say("essex/1", "2021-10-20", on("north", "engage", support, group("patients already started")))
	for words, refused := range map[string]bool{"patients already started": false, "patients already on it": true} {
		_, _, _, err := checkPublish(draft(on("north", "list", refuse, group(words))), essexToday(standing))
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "essex/1 “patients already started”") {
			t.Errorf("%s: %v", words, err)
		}
	}
}

func TestAMatterThatWouldCountForNothingIsNotPublished(t *testing.T) {
	known := essexToday()
	known.FewMatters = 16
	if _, err := checkMatter(&v1.Matter{Name: "mine", Title: "Mine"}, known); !errors.Is(err, ErrNotEntitled) || !strings.Contains(err.Error(), "the first 16 matters of its log are all that count") {
		t.Errorf("the 17th matter of an office that speaks for nobody: %v", err)
	}
}

// Whoever withdraws what is of nobody they speak for is told whose it is, and nothing of fields
// they did not fill in.
func TestWithdrawingAnothersLetterSaysWhoseItIsAlone(t *testing.T) {
	kents := say("kent/1", "2021-10-10", on("kent", "engage", refuse))
	_, _, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "kent/1", Visibility: public}, essexToday(kents))
	if got := violations(t, err); len(got) != 1 || !strings.HasPrefix(got[0], "advisory: kent/1 is for kent, and essex speaks for none of them") {
		t.Errorf("%q", got)
	}
}

// An office that ended a letter of another of its committees was told that it speaks for none of those.
func TestWhoeverEndsALetterOfAnotherOfItsCommitteesIsToldWhomToAdd(t *testing.T) {
	norths := say("essex/1", "2021-10-10", on("north", "engage", refuse))
	for name, part := range map[string]func(*Entry){"amends": amends("essex/1"), "replaces": replaces("essex/1")} {
		late := draft(on("south", "engage", refuse), part)
		late.OnBehalfOf = []string{"south"}
		_, _, _, err := checkPublish(late, essexToday(norths))
		if got, want := violations(t, err), name+"[0]: essex/1 is for north, and this is not: add north under for, or leave essex/1 out"; !slices.Equal(got, []string{want}) || errors.Is(err, ErrNotEntitled) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	_, _, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", Visibility: public, OnBehalfOf: []string{"south"}}, essexToday(norths))
	if got, want := violations(t, err), "advisory: essex/1 is for north, and this is not: withdraw it for north (--for)"; !slices.Equal(got, []string{want}) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestEndOfSaysWhetherALetterStands(t *testing.T) {
	one := say("essex/1", "2021-10-01", on("north", "engage", refuse), on("south", "engage", refuse))
	const endsNothing = "false  It ends nothing: what it names is not an advisory or report that it may end, or has been removed."
	for _, c := range []struct {
		name string
		e    Entry
		all  []Entry
		want string
	}{
		{"alone", one, nil, "true  It still stands."},
		{"from a later day", say("essex/3", "2021-10-01", on("north", "engage", refuse, from("2021-12-01"))), nil, "true  It still stands, and holds from 1 December 2021 on."},
		{"until a day", say("essex/3", "2021-10-01", on("north", "engage", refuse, until("2021-12-01"))), nil, "true  It still stands, until 1 December 2021."},
		{"withdrawn", one, []Entry{one, withdraw("essex/2", "essex/1", "2021-10-05")}, "false essex/2 It no longer counts: withdrawn by essex/2 from 5 October 2021."},
		{"replaced", one, []Entry{one, say("essex/2", "2021-10-05", replaces("essex/1"))}, "false essex/2 It no longer counts: replaced by essex/2 from 5 October 2021."},
		{"to be replaced, by what is withdrawn and restores it", one, []Entry{one, say("essex/2", "2021-10-05", on("north", "engage", refuse), replaces("essex/1"), validSince("2021-12-01")), withdraw("essex/3", "essex/2", "2021-10-06", restores("essex/1"))}, "true  It still stands."},
		{"to be replaced, by what is withdrawn", one, []Entry{one, say("essex/2", "2021-10-05", on("north", "engage", refuse), replaces("essex/1"), validSince("2021-12-01")), withdraw("essex/3", "essex/2", "2021-10-06")}, "true  It still stands. On 1 December 2021 it ends for north, by essex/2."},
		{"to be withdrawn", one, []Entry{one, withdraw("essex/2", "essex/1", "2021-10-05", effective("2021-12-01"))}, "true  It still stands. On 1 December 2021 it ends, by essex/2."},
		{"amended in part", one, []Entry{one, say("essex/2", "2021-10-05", on("north", "engage", caution), amends("essex/1"))}, "true essex/2 It still stands in part. Of the rest: amended by essex/2 from 5 October 2021 for north."},
		{"a later line over it", one, []Entry{one, say("essex/2", "2021-10-05", on("south", "engage", refuse))}, "true  Nothing has ended it, but a later line stands over it: essex/2 (5 October 2021)."},
		{"expired", say("essex/3", "2021-10-01", on("north", "engage", refuse, until("2021-10-05"))), nil, "false  It no longer counts: valid until 5 October 2021."},
		{"not entitled", say("kent/3", "2021-10-01", on("north", "engage", refuse)), nil, "false  The register did not let kent speak for those it names on that day, and it does not count."},
		{"without a position", func() Entry { e := say("essex/4", "2021-10-01"); e.Advisory.OnBehalfOf = []string{"north"}; return e }(), []Entry{withdraw("essex/5", "essex/4", "2021-10-05")}, "false essex/5 It no longer counts: withdrawn by essex/5 from 5 October 2021."},
		{"repudiated", say("essex/6", "2021-10-01", repudiated), nil, "false  It was signed with a key that had been revoked, and does not count."},
		{"a withdrawal", withdraw("essex/7", "essex/1", "2021-10-05"), []Entry{one}, "true  It withdraws essex/1."},
		{"a withdrawal by a stranger", withdraw("kent/7", "essex/1", "2021-10-05"), []Entry{one}, "false  The register did not let kent speak for those it names on that day, and it does not count."},
		{"a withdrawal dated before what it names", withdraw("essex/7", "essex/1", "2021-09-30", speakingFor("north")), []Entry{one}, endsNothing},
		{"a withdrawal of the day of what it names", withdraw("essex/7", "essex/1", "2021-10-01", speakingFor("north")), []Entry{one}, "true  It withdraws essex/1."},
		{"a withdrawal for fewer readers", withdraw("essex/7", "essex/1", "2021-10-05", speakingFor("north"), seenBy(v1.Visibility_VISIBILITY_PRACTICES)), []Entry{one}, endsNothing},
		{"a withdrawal of a withdrawal", withdraw("essex/8", "essex/7", "2021-10-06", speakingFor("north")), []Entry{one, withdraw("essex/7", "essex/1", "2021-10-05", speakingFor("north"))}, endsNothing},
		{"a withdrawal for whom it does not speak of", withdraw("essex/8", "essex/7", "2021-10-06", speakingFor("south")), []Entry{say("essex/7", "2021-10-01", on("north", "engage", refuse))}, endsNothing},
		{"a withdrawal of what is not here, for somebody", withdraw("essex/7", "essex/99", "2021-10-05", speakingFor("north")), nil, "true  It withdraws essex/99."},
		{"a withdrawal of what is not there", withdraw("essex/7", "essex/99", "2021-10-05"), nil, "false  The register did not let essex speak for those it names on that day, and it does not count."},
		{"a letter for nobody", func() Entry { e := say("essex/4", "2021-10-01"); e.Advisory.OnBehalfOf = nil; return e }(), nil, "false  The register did not let essex speak for those it names on that day, and it does not count."},
		{"dated ahead", say("essex/4", "2022-01-01", on("north", "engage", refuse)), nil, "false  It is dated ahead, and counts from 1 January 2022."},
		{"amended for some readers", say("essex/4", "2021-10-01", on("north", "engage", refuse, practices, pcns)), []Entry{say("essex/5", "2021-10-05", on("north", "engage", caution, pcns), amends("essex/4"))}, "true essex/5 It still stands in part. Of the rest: amended by essex/5 from 5 October 2021."},
		{"amended for the first of its readers", say("essex/4", "2021-10-01", on("north", "engage", refuse, practices, pcns)), []Entry{say("essex/5", "2021-10-05", on("north", "engage", caution), amends("essex/4"))}, "true essex/5 It still stands in part. Of the rest: amended by essex/5 from 5 October 2021."},
		{"amended on one measure", say("essex/4", "2021-10-01", on("north", "", refuse)), []Entry{say("essex/5", "2021-10-05", on("north", "engage", caution), amends("essex/4"))}, "true essex/5 It still stands in part. Of the rest: amended by essex/5 from 5 October 2021."},
		{"amended on another measure", say("essex/4", "2021-10-01", on("north", "engage", refuse)), []Entry{say("essex/5", "2021-10-05", on("north", "list", caution), amends("essex/4"))}, "true  It still stands."},
		{"amended on a measure of another proposer", say("essex/4", "2021-10-01", on("north", "", refuse)), []Entry{say("essex/5", "2021-10-05", on("north", "strike", caution), amends("essex/4"))}, "true  It still stands."},
		{"amended by the whole matter", say("essex/4", "2021-10-01", on("north", "engage", refuse)), []Entry{say("essex/5", "2021-10-05", on("north", "", support), amends("essex/4"))}, "false essex/5 It no longer counts: amended by essex/5 from 5 October 2021."},
		{"amended in a part of its area", say("essex/4", "2021-10-01", on("north", "engage", refuse)), []Entry{say("essex/5", "2021-10-05", on("north", "engage", caution, in("A1")), amends("essex/4"))}, "true essex/5 It still stands in part. Of the rest: amended by essex/5 from 5 October 2021."},
		{"of a range that is not over", say("essex/4", "2021-10-20..2021-11-05", on("north", "engage", refuse)), nil, "false  It is dated ahead, and counts from 5 November 2021."},
		{"a report", reported("bma/1", "2021-10-05", on("north", "list", refuse)), nil, "true  It still stands."},
	} {
		end := endOf(c.e, c.all, register(), "2021-11-01")
		if got := fmt.Sprint(end.Current, " ", end.By, " ", end.Words); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestWhatIsTooLargeIsRefusedBeforeItIsLookedThrough(t *testing.T) {
	position := &v1.Position{Conditions: make([]*v1.Condition, MessageLimit)}
	for i := range position.Conditions {
		position.Conditions[i] = &v1.Condition{}
	}
	_, _, _, err := checkPublish(&v1.Advisory{Positions: []*v1.Position{position}}, PublishContext{})
	var invalid *InvalidError
	if !errors.As(err, &invalid) || !errors.Is(err, ErrTooLarge) || len(invalid.Violations) != 1 {
		t.Errorf("got %v, want that it is too large and nothing else", err)
	}
}

func TestAWithdrawalForAnotherCommitteeIsNoEarlierOne(t *testing.T) {
	old := say("essex/1", "2021-10-20", on("north south", "engage", against))
	forNorth := withdraw("essex/2", "essex/1", "2021-10-21")
	forNorth.Withdrawal.OnBehalfOf = []string{"north"}
	for committee, refused := range map[string]bool{"south": false, "north": true} {
		_, warnings, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", OnBehalfOf: []string{committee}, Visibility: public}, essexToday(old, forNorth))
		if (err != nil) != refused || slices.ContainsFunc(warnings, func(w *answersv1.Warning) bool {
			return w.GetCode() == answersv1.WarningCode_WARNING_CODE_WITHDRAWN_BEFORE
		}) {
			t.Errorf("for %s: %v, %v", committee, warnings, err)
		}
	}
}

// What an ending uncovers may say the opposite on a measure, to part of the readers or in part of
// the area, where in general there is no line left. What answers a group then may be newer than its own line, and was
// called older.
func TestEndingALineTellsWhereAnOlderOneComesBack(t *testing.T) {
	for name, c := range map[string]struct {
		older *v1.Position
		ended *v1.Position
		want  string
	}{
		"on a measure":              {on("north", "engage", support), on("north", "", refuse), "north will have the older line of essex/0 (support) on engage, where essex/1 gives one"},
		"to managers":               {on("north", "engage", support, v1.Audience_AUDIENCE_PRACTICE_MANAGERS), on("north", "engage", refuse), "north will have the older line of essex/0 (support) on engage for practice managers, where"},
		"in part of the area":       {on("north", "engage", support, in("A1")), on("north", "engage", refuse), "north will have the older line of essex/0 (support) on engage in area:A1, where"},
		"for a group, a newer line": {on("north", "", support), on("north", "engage", refuse, scopedTo("started")), "north will have the line of essex/0 (support) on engage for started, where essex/1 gives one"},
		"nowhere: it is later":      {on("north", "list", support), on("north", "engage", refuse), ""},
	} {
		older := "2021-10-20"
		if strings.Contains(name, "newer") {
			older = "2021-10-26"
		}
		known := essexToday(say("essex/0", older, c.older), say("essex/1", "2021-10-25", c.ended))
		_, warnings, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/1", OnBehalfOf: []string{"north"}, Visibility: public}, known)
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, w := range warnings {
			if w.GetInstead() != "" {
				told += w.GetWords()
			}
			if w.GetWords() != WarningWords(w) {
				t.Errorf("%s: its words need more than its values: %v", name, w)
			}
		}
		if c.want == "" && told != "" || !strings.Contains(told, c.want) {
			t.Errorf("%s: told %q, want %q", name, told, c.want)
		}
	}
}

// A letter issued on 12 May that should have been dated the 10th.
func TestAWrongDayOfIssueIsMendedByWithdrawingAndIssuingAnew(t *testing.T) {
	wrong := say("essex/1", "2021-10-12", on("north", "engage", refuse))
	gone := withdraw("essex/2", "essex/1", "2021-10-13")
	again := draft(on("north", "engage", refuse))
	again.Issued = days("2021-10-10")
	if _, _, _, err := checkPublish(again, essexToday(wrong, gone)); err != nil {
		t.Fatal(err)
	}
	right := say("essex/3", "2021-10-10", on("north", "engage", refuse))
	if line := resolve(asked("north engage 2021-10-14"), []Entry{wrong, gone, right}, register())[0]; line.GetCurrent().GetAdvisory() != "essex/3" {
		t.Errorf("got %v", line)
	}
}

// What partners are asked may stand beside another line for practices: it is theirs alone.
func TestAnActionForThoseWrittenToByThemselvesStandsWithTheirLine(t *testing.T) {
	act := func(who v1.Audience) *v1.Advisory {
		a := draft(on("north", "engage", support), on("north", "engage", refuse, partners))
		a.Actions = []*v1.Action{{Verb: "send", Object: "the form", Actors: []v1.Audience{who}, Measure: "engage"}}
		return a
	}
	runRefusals(t, []refusal{
		{"for partners", act(partners), essexToday(), nil},
		{"for practices, partners among them", act(practices), essexToday(), []string{"would stand with “support” for north, to practices and with “refuse” for north, to GP partners, on engage"}},
	})
}

// After a merger the successor's letter turned round what stood by its predecessors, unsaid.
func TestASuccessorIsAskedWhatBecomesOfItsPredecessorsLines(t *testing.T) {
	known := essexToday(
		say("essex/1", "2021-10-01", on("north", "engage", refuse)),
		say("essex/2", "2021-10-02", on("north", "list", refuse, partners)),
		say("essex/3", "2021-10-03", on("south", "engage", support, scopedTo("a"))),
	)
	book := unionBook()
	book.mandates = append(register().mandates, tenure{office: "essex", committee: "union", from: "2021-10-10"})
	known.Register, known.Committees = book, committees("north", "south", "union")
	for name, c := range map[string]struct {
		letter *v1.Advisory
		want   string
	}{
		"on the measure":       {draft(on("union", "engage", support)), "essex/1 (1 October 2021) says refuse on this and stands: write “amends: [essex/1]”"},
		"on the whole matter":  {draft(on("union", "", support)), "on the whole matter it would stand over essex/1"},
		"over its partners'":   {draft(on("union", "", support), on("union", "engage", refuse)), "on the whole matter it would stand over essex/2"},
		"amending what stands": {draft(on("union", "engage", support), amends("essex/1")), ""},
	} {
		_, warnings, _, err := checkPublish(c.letter, known)
		if (err == nil) != (c.want == "") || !strings.Contains(fmt.Sprint(err), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		goesOn := slices.ContainsFunc(warnings, func(w *answersv1.Warning) bool {
			return w.GetCode() == answersv1.WarningCode_WARNING_CODE_GROUP_GOES_ON && w.GetEntry() == "essex/3"
		})
		if err == nil && !goesOn {
			t.Errorf("%s: the group of a predecessor is not asked about: %v", name, warnings)
		}
	}
}

// A successor was asked about what its predecessor had said of an area, where its own letter is for practices alone that
// the predecessor did not cover.
func TestASuccessorIsAskedAboutWhatItsOwnPracticesWereToldOfASharedArea(t *testing.T) {
	known := essexToday(say("essex/1", "2021-10-03", on("south", "engage", refuse, in("W"))))
	book := sharedUnionBook()
	book.mandates = append(register().mandates, tenure{office: "essex", committee: "union", from: "2021-10-10"})
	known.Register, known.Committees = book, committees("north", "south", "union")
	for area, want := range map[string]bool{"": true, "W": true, "L": true, "Y": false, "T": false} {
		letter := draft(on("union", "engage", support))
		if area != "" {
			letter = draft(on("union", "engage", support, in(area)))
		}
		if _, _, _, err := checkPublish(letter, known); (err != nil) != want {
			t.Errorf("in %q: %v", area, err)
		}
	}
}

// What corrects a letter is found where that is: on its matters.
func TestACorrectionIsOnTheMattersOfWhatItCorrects(t *testing.T) {
	standing := say("essex/1", "2021-10-20", on("north", "engage", refuse))
	for _, how := range []func(*Entry){amends("essex/1"), replaces("essex/1")} {
		correction := draft(how)
		correction.OnBehalfOf, correction.Audiences = []string{"north"}, []v1.Audience{practices}
		a, warnings, _, err := checkPublish(correction, essexToday(standing))
		if err != nil || !slices.Equal(a.GetMatters(), []string{plan}) {
			t.Fatalf("%v, %v", a, err)
		}
		if !slices.ContainsFunc(warnings, func(w *answersv1.Warning) bool {
			return w.GetCode() == answersv1.WarningCode_WARNING_CODE_ASKS_WITHOUT_LINE
		}) {
			t.Errorf("nobody says that no view shows it: %v", warnings)
		}
	}
	correction := say("essex/2", "2021-10-25", speakingFor("north"), amends("essex/1"))
	end := Prepare(t.Context(), []Entry{standing, correction}, register()).EndOf(standing, "2021-10-26", func(string) *v1.Matter { return matter() })
	if want := "It still stands. essex/2 (25 October 2021) corrects it and takes no position: read that too."; !end.Current || end.Words != want {
		t.Errorf("who reads the letter is told %q, want %q", end.Words, want)
	}
	_, warnings, _, err := checkWithdraw(&v1.Withdrawal{Advisory: "essex/2", Visibility: public, Reason: "It was right."}, essexToday(standing, correction))
	if err != nil || len(warned(answersv1.WarningCode_WARNING_CODE_STAYS_ENDED, warnings)) > 0 {
		t.Errorf("withdrawing what ended nothing: %v, %v", warnings, err)
	}
	gone := withdraw("essex/3", "essex/2", "2021-10-26")
	end = Prepare(t.Context(), []Entry{standing, correction, gone}, register()).EndOf(standing, "2021-10-26", func(string) *v1.Matter { return matter() })
	if end.Words != "It still stands." {
		t.Errorf("its correction was withdrawn: %q", end.Words)
	}
	unknown := draft(on("north", "engage", refuse))
	unknown.Matters = []string{"gpc/nosuch"}
	if _, _, _, err := checkPublish(unknown, essexToday()); !errors.Is(err, ErrUnknownMatter) {
		t.Errorf("on a matter that nobody knows: %v", err)
	}
}

// A measure was taken out of a matter, and the lines on it were gone from every page.
func TestAMeasureThatALetterSpeaksOnStays(t *testing.T) {
	known := essexToday()
	known.Office, known.SpokenOn = "gpc", func(_, measure string) string {
		return map[string]string{"engage": "essex/2"}[measure]
	}
	for gone, want := range map[string]string{"engage": "engage is left out, and essex/2 speaks on it: keep it", "list": ""} {
		m := goodMatter()
		m.Measures = slices.DeleteFunc(m.Measures, func(measure *v1.Measure) bool { return measure.GetId() == gone })
		_, err := checkMatter(m, known)
		if (err == nil) != (want == "") || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s: %v", gone, err)
		}
	}
}

// amending are the warnings of whoever amends the plan.
func amending(t *testing.T) []*answersv1.Warning {
	known := essexToday()
	known.Office, known.ReadOtherwise = "gpc", func(was, is *v1.Matter) []string {
		if was.GetTitle() == is.GetTitle() {
			t.Error("the same matter")
		}
		return []string{"North LMC on engage: was support, now no line."}
	}
	m := goodMatter()
	m.Title = "Another title"
	_, shown, err := CheckMatter(t.Context(), m, known)
	if err != nil {
		t.Fatal(err)
	}
	return shown.Warnings
}

// An ending ahead was told to no reader: "it still stands", and nothing more.
func TestWhatEndsOnADayAheadSaysSo(t *testing.T) {
	standing := say("essex/1", "2021-10-20", on("north", "engage", refuse))
	gone := withdraw("essex/2", "essex/1", "2021-10-25", effective("2021-11-10"))
	line := resolve(asked("north engage 2021-10-26"), []Entry{standing, gone}, register())[0]
	told := warned(answersv1.WarningCode_WARNING_CODE_ENDS_LATER, line.GetWarnings())
	if len(told) != 1 || told[0].GetWords() != "essex/1 ends on 10 November 2021, by essex/2." {
		t.Errorf("got %v", line.GetWarnings())
	}
	again := withdraw("essex/3", "essex/1", "2021-10-25", effective("2021-11-10")) // of two on one day, whichever arrived first
	if other := resolve(asked("north engage 2021-10-26"), []Entry{again, standing, gone}, register())[0]; !proto.Equal(other, line) {
		t.Errorf("in another order, with another withdrawal: %v", other.GetWarnings())
	}
	end := Prepare(t.Context(), []Entry{standing, gone}, register()).EndOf(standing, "2021-10-26", func(string) *v1.Matter { return matter() })
	if want := "It still stands. On 10 November 2021 it ends, by essex/2."; end.Words != want {
		t.Errorf("got %q, want %q", end.Words, want)
	}
}

// Whoever takes back a report of its own was told that the withdrawal does not count.
func TestTakingBackAReportOfOnesOwnCounts(t *testing.T) {
	said := reported("bma/1", "2021-10-20", on("north", "engage", refuse))
	back := withdraw("bma/2", "bma/1", "2021-10-22")
	end := Prepare(t.Context(), []Entry{said, back}, register()).EndOf(back, "2021-10-26", func(string) *v1.Matter { return matter() })
	if !end.Counts || end.Words != "It withdraws bma/1." {
		t.Errorf("got %v", end)
	}
}

// Of one letter from a day ahead on, two lines were announced for one question.
func TestWhatALetterWillSayOnAMeasureIsSaidOnce(t *testing.T) {
	ahead := say("essex/1", "2021-10-20", on("north", "", caution), on("north", "engage", required), func(e *Entry) { e.Advisory.ValidFrom = "2021-12-01" })
	words := resolve(asked("north engage 2021-10-26"), []Entry{ahead}, register())[0].GetWords()
	if strings.Contains(words, "caution") || strings.Count(words, "From 1 December 2021") != 1 {
		t.Errorf("got %q", words)
	}
}

// Whom a measure is for, who proposes it and what they claim was amended without a word.
func TestAmendingSaysWhatLinesRestOn(t *testing.T) {
	known := essexToday()
	known.Office = "gpc"
	m := goodMatter()
	m.Proposer = &v1.Body{Id: "dhsc", Name: "DHSC", Kind: v1.BodyKind_BODY_KIND_GOVERNMENT}
	m.Measures[0].AddressedTo = []v1.Audience{v1.Audience_AUDIENCE_COMMISSIONERS}
	m.Measures[0].ClaimedEffects = []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_DISPUTED}}
	m.Events = nil
	_, shown, err := CheckMatter(t.Context(), m, known)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, w := range warned(answersv1.WarningCode_WARNING_CODE_MATTER_CHANGES_LINE, shown.Warnings) {
		told = append(told, w.GetQuote())
	}
	for _, want := range []string{"It is proposed by DHSC, and was by ", " is addressed to commissioners, and was to ", " is claimed to be: disputed; it was: ", "is left out, from which letters may count"} {
		if !slices.ContainsFunc(told, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("no %q in %q", want, told)
		}
	}
	// So was a deadline.
	due := func(title, day string) *v1.Deadline {
		return &v1.Deadline{Title: title, Due: &v1.Due{When: &v1.Due_Day{Day: day}}}
	}
	was, is := goodMatter(), goodMatter()
	was.Measures[0].Deadlines = []*v1.Deadline{due("Sign-up form", "2021-12-10"), due("Survey", "2021-12-20"), due("Return", "2021-12-15")}
	is.Measures[0].Deadlines = []*v1.Deadline{due("Sign-up form", "2021-12-14"), due("Notice", "2021-12-21"), due("Return", "2021-12-15")}
	got := AmendedWords(was, is)
	if want := []string{
		"engage: “Sign-up form” falls due: by 14 December 2021; it was: by 10 December 2021.",
		"engage: “Survey” falls due: not said any more; it was: by 20 December 2021.",
		"engage: “Notice” falls due: by 21 December 2021; it was: not said.",
	}; !slices.Equal(got, want) {
		t.Errorf("of deadlines: %q", got)
	}
	if _, shown, _ = CheckMatter(t.Context(), goodMatter(), known); len(warned(answersv1.WarningCode_WARNING_CODE_MATTER_CHANGES_LINE, shown.Warnings)) > 0 {
		t.Errorf("of the same matter: %v", shown.Warnings)
	}
}

// What a matter was amended to was told without a measure that is new, and without the day of an event that moved.
func TestWhatAMatterIsAmendedToNamesANewMeasureAndAMovedEvent(t *testing.T) {
	was, is := goodMatter(), goodMatter()
	was.Events, is.Events = []*v1.Event{{Id: "launch", Title: "the launch", Day: "2022-02-01"}}, []*v1.Event{{Id: "launch", Title: "the launch", Day: "2022-03-01"}}
	is.Measures = append(is.Measures, &v1.Measure{
		Id: "rota", Title: "Rota", ClaimedEffects: []*v1.DatedEffect{{Effect: v1.ContractEffect_CONTRACT_EFFECT_CONTRACTUAL}},
		Deadlines: []*v1.Deadline{{Title: "Return", Due: &v1.Due{When: &v1.Due_Day{Day: "2021-12-10"}}}},
	})
	want := []string{
		"rota is new, and is claimed to be: contractual; “Return” falls due: by 10 December 2021; lines on the whole matter answer for it too, until their offices speak on it.",
		"The launch (launch) is on 1 March 2022, and was on 1 February 2022.",
	}
	if got := AmendedWords(was, is); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Whoever moves the day of an event is told that letters that count from it keep theirs, and whoever gives one its first
// day, or leaves it, is not.
func TestWhoeverMovesAnEventIsToldWhatLettersKeep(t *testing.T) {
	for name, c := range map[string]struct {
		was, is string
		want    int
	}{"moved": {"2021-11-20", "2021-11-27", 1}, "as it was": {"2021-11-20", "2021-11-20", 0}, "its first day": {"", "2021-11-20", 0}} {
		was := goodMatter()
		was.Events = []*v1.Event{{Id: "variation", Title: "The variation notice", Day: c.was}}
		is := clone(was)
		is.Events[0].Day = c.is
		known := essexToday()
		known.Office, known.Matters = "gpc", func(string) *v1.Matter { return was }
		_, shown, err := CheckMatter(t.Context(), is, known)
		if got := warned(answersv1.WarningCode_WARNING_CODE_EVENT_MOVED, shown.Warnings); err != nil || len(got) != c.want || c.want == 1 && !strings.Contains(got[0].GetWords(), "moves from 20 November 2021 to 27 November 2021") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// An office that had lost a committee was told to end its successor's letter by an undated one of the month, and did.
func TestAnUndatedLetterOfTheOfficeBeforeEndsNoLetterOfTheOneAfter(t *testing.T) {
	known := essexToday(say("kent/1", "2021-10-20", on("north", "engage", support)))
	known.Register = handoverBook()
	dated := func(latest string, parts ...any) *v1.Advisory {
		a := draft(append(parts, on("north", "engage", refuse, until("2021-10-19")))...)
		if latest == "2021-10-31" {
			a.Positions[0].ValidUntil = ""
		}
		a.Issued = &v1.DayRange{Earliest: "2021-10-01", Latest: latest}
		return a
	}
	runRefusals(t, []refusal{
		{"as it is told to", dated("2021-10-31"), known, []string{
			"kent/1 (20 October 2021) says support on this and stands, and essex spoke for north until 14 October 2021: give this no later day than that under issued, and valid_until 2021-10-19",
		}},
		{"by name", dated("2021-10-31", amends("kent/1")), known, []string{
			"amends[0]: kent/1 is for north, and essex speaks for none of them on the days of this on which that stood (from 20 October 2021) by the register",
		}},
		{"within its days", dated("2021-10-14"), known, nil},
	})
}
