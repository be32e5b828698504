package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/letter"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// selection is the flags that say which answer is wanted. Not every command has all.
type selection struct {
	measure, practice, committee, audience, area, scope string
	whole                                               bool
	asOf, knownAt, onDay, since                         string

	earlier *answersv1.Since // what since means, once the selection is built; nil: nothing
}

// reader adds the flags that say who is asking, and about what.
func (s *selection) reader(a *app, cmd *cobra.Command) {
	s.own(a, cmd)
	s.aMeasure(a, cmd)
	f := cmd.Flags()
	f.StringVar(&s.audience, "audience", "", "whom it is for, `WHO` (practices, pcns, …); without it those the measure is addressed to")
	f.StringVar(&s.area, "area", "", "the area to answer for, by its `CODE` (06Q, or sub-icb:06Q)")
	f.StringVar(&s.scope, "scope", "", "the `GROUP` within them, by its id (already-started) or its words (\"patients already started\"), for an id may mean another group to another LMC; without it in general, with the groups beside")
	must(cmd.RegisterFlagCompletionFunc("scope", cobra.NoFileCompletions))
	must(cmd.RegisterFlagCompletionFunc("audience", cobra.FixedCompletions(audienceNames(), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("area", cobra.NoFileCompletions))
}

// own adds the flags that say whose LMC is meant.
func (s *selection) own(a *app, cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.practice, "practice", "", "your practice's `CODE` (F81001): decides which LMC is yours")
	f.StringVar(&s.committee, "committee", "", "your LMC's `ID` (north-essex), instead of a practice code")
	must(cmd.RegisterFlagCompletionFunc("committee", a.completeCommittees))
	must(cmd.RegisterFlagCompletionFunc("practice", cobra.NoFileCompletions))
}

// aMeasure adds the flag for one measure.
func (s *selection) aMeasure(a *app, cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.measure, "measure", "", "one measure of the matter, by its `ID`; without it the whole matter and each measure")
	cmd.Flags().BoolVar(&s.whole, "whole", false, "the whole matter alone, without its measures")
	must(cmd.RegisterFlagCompletionFunc("measure", a.completeMeasures))
}

// time adds the flags that say when.
func (s *selection) time(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.asOf, "as-of", "", "what stood on this `DAY` (2021-10-28, or \"28 October 2021\"); without it today")
	f.StringVar(&s.knownAt, "known-at", "", "what this node knew at `T`: a feed number, or an instant (2021-10-28T09:00:00Z)")
	f.StringVar(&s.onDay, "on", "", "both at once: what stood on this `DAY`, as the node knew it at its end")
	for _, name := range []string{"as-of", "known-at", "on"} {
		must(cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions))
	}
}

// build makes the selector, or says which flag is wrong.
func (s *selection) build(matter string) (*answersv1.Selector, error) {
	for flag, day := range map[string]*string{"--as-of": &s.asOf, "--on": &s.onDay} {
		if err := flags.ReadDay(flag, day, usageOf); err != nil {
			return nil, err
		}
	}
	audience, err := readAudience(s.audience)
	if err != nil {
		return nil, err
	}
	whole, measure := s.whole, s.measure
	if letter.NamesTheWhole(measure) {
		whole, measure = true, ""
	}
	if whole && measure != "" {
		return nil, usage("leave one of them out", "--whole excludes --measure")
	}
	sel := &answersv1.Selector{
		Matter: matter, Measure: measure, WholeMatter: whole, Committee: s.committee,
		Practice: notation.PracticeCode(s.practice), Audience: audience, Area: s.area, Scope: s.scope,
		AsOf: s.asOf, OnDay: s.onDay,
	}
	if s.practice != "" && s.committee != "" {
		return nil, usage("a practice's LMC follows from its code: give one of them", "--practice excludes --committee")
	}
	if s.onDay != "" && (s.asOf != "" || s.knownAt != "") {
		return nil, usage("--on DAY stands for --as-of DAY --known-at the end of that DAY", "--on excludes --as-of and --known-at")
	}
	if s.since != "" {
		if s.earlier, err = s.earlierLook("--since", s.since); err != nil {
			return nil, err
		}
	}
	if s.knownAt == "" {
		return sel, nil
	}
	if n, err := strconv.ParseUint(s.knownAt, 10, 64); err == nil && n > 0 {
		sel.KnownAt = &answersv1.Selector_KnownAtFeed{KnownAtFeed: n}
		return sel, nil
	}
	t, err := time.Parse(time.RFC3339, s.knownAt)
	if err != nil {
		return nil, usage("give a feed number (1 or more), or an instant such as 2021-10-28T09:00:00Z; for a whole day use --on",
			"--known-at %q is neither", s.knownAt)
	}
	sel.KnownAt = &answersv1.Selector_KnownAtTime{KnownAtTime: timestamppb.New(t)}
	return sel, nil
}

// changes adds the flag that asks for what changed in place of the whole answer.
func (s *selection) changes(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.since, "since", "", "only what changed since the end of this `DAY`, or since the cursor printed then")
	must(cmd.RegisterFlagCompletionFunc("since", cobra.NoFileCompletions))
}

// earlierLook reads a flag that names an earlier look to compare with what is known now.
func (s *selection) earlierLook(flag, value string) (*answersv1.Since, error) {
	if s.onDay != "" || s.knownAt != "" {
		return nil, usage("it compares with what is known now; for up to an earlier day add --as-of", "%s excludes --on and --known-at", flag)
	}
	return readSince(flag, value)
}

// readSince reads a flag that names an earlier look: a day, or the cursor that an answer
// ended with.
func readSince(flag, value string) (*answersv1.Since, error) {
	if day, err := notation.ReadDay(value); err == nil {
		return &answersv1.Since{At: &answersv1.Since_Day{Day: day}}, nil
	}
	cursor, err := parseCursor(value)
	if err != nil {
		return nil, usage("write a day as in 2021-10-21 or “21 October 2021”, or copy all of the cursor that stands at the end of an earlier answer", "%s %q is neither a day nor a cursor", flag, value)
	}
	return &answersv1.Since{At: &answersv1.Since_Cursor{Cursor: cursor}}, nil
}

// readAudience reads --audience; empty: nobody is named.
func readAudience(value string) (guidancev1.Audience, error) {
	audience := guidancev1.Audience(guidancev1.Audience_value["AUDIENCE_"+enumName(value)])
	if !guidance.Advised(audience) && value != "" {
		return 0, usage("use one of: "+strings.Join(audienceNames(), ", "), "--audience %q is nobody known", value)
	}
	return audience, nil
}

// audienceNames are what --audience takes.
func audienceNames() (names []string) {
	for n := 1; n < len(guidancev1.Audience_name); n++ {
		if audience := guidancev1.Audience(n); guidance.Advised(audience) {
			names = append(names, flagName(strings.TrimPrefix(audience.String(), "AUDIENCE_")))
		}
	}
	return names
}

// flagName is an enum's name as letters and flags write it: of ADVISE_AGAINST, "advise-against".
func flagName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "-")) }

// enumName is the enum's name that a flag gives.
func enumName(value string) string { return strings.ToUpper(strings.ReplaceAll(value, "-", "_")) }

// nearest asks whether one of the names that there are was meant by one that there is not; where none is
// near it says what else to do.
func nearest(name string, known []string, otherwise string) string {
	if near := notation.NearestIDs(name, known); len(near) > 0 {
		return "did you mean " + strings.Join(near, " or ") + "?"
	}
	return otherwise
}

// knownWords says that less than everything was taken into account, and how much. An answer
// on a day before the node's records has no moment it is as known at.
func (s *selection) knownWords(at *timestamppb.Timestamp) string {
	switch {
	case s.onDay != "" && at == nil:
		return ""
	case s.onDay != "":
		return "as this node knew it at the end of that day"
	case s.knownAt != "":
		return "as this node knew it at " + s.knownAt
	}
	return ""
}
