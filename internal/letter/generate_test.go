package letter

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Generators of everything guidance accepts, with texts chosen to upset YAML.

var hostile = []string{
	"", "yes", "No", "null", "~", "1.5", "0x1F", "1e3", "2021-10-25", "2021-10-25 17:00", "12:30", "- x", "-", "---", "...", "--- |",
	"? x", ": x", "x: y", "x:", "#x", "x #y", "# x", "@x", "`x", "%x", "&a", "*a", "!t", "!!int 3", "|", ">", "> x", "{a: b}", "[a]", "a, b", "]", "}",
	" lead", "trail ", "  ", "\t", "a\tb", "\n", "\n\n", "a\n", "a\n\n", "\na", " a\nb", "a \nb", "a\n b", "a\n\nb\n", "a\n---\nb", "a\r\nb", "\r", "a\rb",
	"'", "\"", "it's", "say \"no\"", "\\", "\\n", "£250m – “quoted”", "Łódź", "日本語", "😀", "\u00a0", "\u0085", "\u2028", "\u2029", "\ufeff", "\ufeffx", "a\ufeff", "\u0007", "\x1b[31m", "\u007f", "\u00ad",
	"the whole matter", "whole-matter", "<<", "=", "@02-interim", "a  b", "a: 'b", "key: |", "%YAML 1.2", "end.", "a;b", "(x)", "1_000", ".inf", "+1", "0o7", "Off", "on",
}

// anyText draws text of any number of lines that guidance accepts.
func anyText() *rapid.Generator[string] {
	return rapid.Map(rawText(), func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
				return -1
			}
			return r
		}, s)
	}).Filter(func(s string) bool { return len(s) < 280 })
}

// oneLine draws text of one line that guidance accepts.
func oneLine() *rapid.Generator[string] {
	return rapid.Map(anyText(), func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune("\n\r\t", r) || notation.IsInvisible(r) {
				return -1
			}
			return r
		}, s)
	})
}

func rawText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(hostile),
		rapid.StringMatching(`[A-Za-z ,.'&£:-]{0,40}`),
		rapid.String(),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom(hostile), 1, 4), func(s []string) string { return strings.Join(s, "") }),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom(hostile), 1, 4), func(s []string) string { return strings.Join(s, "\n") }),
	)
}

func someText() *rapid.Generator[string] {
	return oneLine().Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
}

func anySlug() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}`),
		rapid.SampledFrom([]string{"yes", "no", "null", "1", "1e3", "0x1f", "on", "off", "true", "north-essex", "whole-matter", "the-whole-matter"}),
	)
}

func slugs(least int) *rapid.Generator[[]string] {
	return rapid.SliceOfNDistinct(anySlug(), least, 4, rapid.ID[string])
}

func matterName() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%s/%s", anySlug().Draw(t, "office"), anySlug().Filter(func(s string) bool { return strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz") }).Draw(t, "slug"))
	})
}

func entryName() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		epoch := rapid.SampledFrom([]string{"", "@1", "@12"}).Draw(t, "epoch")
		return fmt.Sprintf("%s%s/%d", anySlug().Draw(t, "office"), epoch, rapid.Uint64().Draw(t, "index"))
	})
}

func anyDay() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%04d-%02d-%02d", rapid.IntRange(1, 9999).Draw(t, "y"), rapid.IntRange(1, 12).Draw(t, "m"), rapid.IntRange(1, 28).Draw(t, "d"))
	})
}

func maybe[T any](g *rapid.Generator[T]) *rapid.Generator[T] {
	var zero T
	return rapid.OneOf(rapid.Just(zero), g)
}

func dayRange() *rapid.Generator[*guidancev1.DayRange] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.DayRange {
		a, b := anyDay().Draw(t, "earliest"), anyDay().Draw(t, "latest")
		switch rapid.IntRange(0, 2).Draw(t, "form") {
		case 0:
			return &guidancev1.DayRange{Earliest: a, Latest: a}
		case 1:
			earliest, latest, _ := notation.ReadDays(a[:7])
			return &guidancev1.DayRange{Earliest: earliest, Latest: latest}
		}
		return &guidancev1.DayRange{Earliest: min(a, b), Latest: max(a, b)}
	})
}

// oneOf draws any named value of an enum but the unspecified one.
func oneOf[E enumValue]() *rapid.Generator[E] {
	return rapid.Map(rapid.IntRange(1, len(enumWords[E]())-1), func(i int) E { return E(i) })
}

func someOf[E enumValue](least int) *rapid.Generator[[]E] {
	return rapid.SliceOfNDistinct(oneOf[E](), least, 3, rapid.ID[E])
}

func list[T any](g *rapid.Generator[T]) *rapid.Generator[[]T] { return rapid.SliceOfN(g, 0, 3) }

func reference() *rapid.Generator[*guidancev1.Reference] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Reference {
		return &guidancev1.Reference{
			Title: someText().Draw(t, "title"), Number: oneLine().Draw(t, "number"), Url: maybe(rapid.Just("https://example.org/a?b=c#d")).Draw(t, "url"),
			Day: maybe(anyDay()).Draw(t, "day"), Publisher: oneLine().Draw(t, "publisher"),
		}
	})
}

func contact() *rapid.Generator[*guidancev1.Contact] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Contact {
		return &guidancev1.Contact{
			Name: oneLine().Draw(t, "name"), Telephone: maybe(rapid.Just("01632 960000")).Draw(t, "telephone"),
			Email: maybe(rapid.Just("office@example.org")).Draw(t, "email"), Url: maybe(rapid.Just("https://example.org")).Draw(t, "url"),
		}
	})
}

// effects draws contract effects that follow one another, the ends open or not.
func effects() *rapid.Generator[[]*guidancev1.DatedEffect] {
	return rapid.Custom(func(t *rapid.T) []*guidancev1.DatedEffect {
		days := rapid.SliceOfNDistinct(anyDay(), 0, 6, rapid.ID[string]).Draw(t, "days")
		slices.Sort(days)
		days = days[:len(days)/2*2]
		var all []*guidancev1.DatedEffect
		for i := 0; i < len(days); i += 2 {
			all = append(all, &guidancev1.DatedEffect{Effect: oneOf[guidancev1.ContractEffect]().Draw(t, "effect"), ValidFrom: days[i], ValidUntil: days[i+1]})
		}
		if n := len(all); n > 0 && rapid.Bool().Draw(t, "open") {
			all[0].ValidFrom, all[n-1].ValidUntil = "", ""
		} else if n == 0 && rapid.Bool().Draw(t, "always") {
			all = append(all, &guidancev1.DatedEffect{Effect: oneOf[guidancev1.ContractEffect]().Draw(t, "effect")})
		}
		return all
	})
}

// anyDue draws what falls due on a day or later.
func anyDue(first string) *rapid.Generator[*guidancev1.Due] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Due {
		due := &guidancev1.Due{Kind: maybe(oneOf[guidancev1.DueKind]()).Draw(t, "kind")}
		switch rapid.IntRange(0, 3).Draw(t, "form") {
		case 0:
			due.When = &guidancev1.Due_Day{Day: dayFrom(first).Draw(t, "day")}
		case 1:
			clock := fmt.Sprintf("T%02d:%02d", rapid.IntRange(0, 23).Draw(t, "h"), rapid.IntRange(0, 59).Draw(t, "min"))
			due.When = &guidancev1.Due_Time{Time: dayFrom(first).Draw(t, "day") + clock}
		case 2:
			e := &guidancev1.DueFromEvent{
				Event: maybe(anySlug()).Draw(t, "event"), Words: someText().Filter(func(s string) bool { return !notation.IsSlug(s) }).Draw(t, "words"),
				Count: rapid.Int32Range(0, guidance.DueCountLimit).Draw(t, "count"), Unit: oneOf[guidancev1.DueUnit]().Draw(t, "unit"), Before: rapid.Bool().Draw(t, "before"),
			}
			if !e.Before {
				e.EventDay = maybe(dayFrom(first)).Draw(t, "event day")
			}
			due.When = &guidancev1.Due_FromEvent{FromEvent: e}
		default:
			due.When = &guidancev1.Due_Rule{Rule: someText().Draw(t, "rule")}
		}
		return due
	})
}

// dayFrom draws a day, and that one or a later one.
func dayFrom(first string) *rapid.Generator[string] {
	return rapid.Map(anyDay(), func(day string) string { return max(day, first) })
}

func claim() *rapid.Generator[*guidancev1.Claim] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Claim {
		return &guidancev1.Claim{
			Claimant: body().Draw(t, "claimant"), Day: maybe(anyDay()).Draw(t, "day"), Effect: maybe(oneOf[guidancev1.ContractEffect]()).Draw(t, "effect"),
			Words: someText().Draw(t, "words"), Reference: maybe(reference()).Draw(t, "reference"),
		}
	})
}

func scopes() *rapid.Generator[[]*guidancev1.Scope] {
	return rapid.Custom(func(t *rapid.T) (all []*guidancev1.Scope) {
		for _, id := range slugs(0).Draw(t, "ids") {
			all = append(all, &guidancev1.Scope{Id: id, Words: someText().Draw(t, "words")})
		}
		return all
	})
}

// advised draws audiences that committees advise.
func advised() *rapid.Generator[[]guidancev1.Audience] {
	return rapid.SliceOfNDistinct(oneOf[guidancev1.Audience]().Filter(guidance.Advised), 1, 3, rapid.ID[guidancev1.Audience])
}

func anyCondition() *rapid.Generator[*guidancev1.Condition] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Condition {
		return &guidancev1.Condition{Direction: oneOf[guidancev1.ConditionDirection]().Draw(t, "direction"), Text: someText().Draw(t, "text")}
	})
}

func areaID() *rapid.Generator[*guidancev1.AreaId] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.AreaId {
		short := someText().Filter(func(s string) bool { return len(s) <= guidance.NameLimit })
		return &guidancev1.AreaId{
			Scheme: rapid.OneOf(anySlug(), short).Draw(t, "scheme"),
			Code:   rapid.OneOf(rapid.SampledFrom([]string{"06Q", "QJM", "1", "D7T5G"}), short).Draw(t, "code"),
		}
	})
}

func relaySource() *rapid.Generator[*guidancev1.RelaySource] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.RelaySource {
		return &guidancev1.RelaySource{
			Committee: anySlug().Draw(t, "committee"), Advisory: maybe(entryName()).Draw(t, "advisory"),
			Reference: maybe(reference()).Draw(t, "reference"),
		}
	})
}

// position draws a position on a matter that nothing else in its letter is on, so that
// no two meet.
func position(committees []string, matter string, issued *guidancev1.DayRange) *rapid.Generator[*guidancev1.Position] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Position {
		p := &guidancev1.Position{
			Committees: committees[:rapid.IntRange(1, len(committees)).Draw(t, "committees")],
			Matter:     matter, Measure: maybe(anySlug()).Draw(t, "measure"),
			Area: maybe(areaID()).Draw(t, "area"), Audiences: advised().Draw(t, "audiences"),
			Stance: oneOf[guidancev1.Stance]().Draw(t, "stance"), Conditions: list(anyCondition()).Draw(t, "conditions"),
			ContractEffects: effects().Draw(t, "effects"), Basis: oneOf[guidancev1.Basis]().Draw(t, "basis"),
			Rationale: anyText().Draw(t, "rationale"), Provisional: rapid.Bool().Draw(t, "provisional"),
			Provenance: guidancev1.Provenance_PROVENANCE_PRIMARY, Evidence: anyText().Draw(t, "evidence"),
			ValidFrom: maybe(anyDay()).Draw(t, "from"), ReviewBy: maybe(dayFrom(issued.GetEarliest())).Draw(t, "review"),
			Opinion: maybe(oneOf[guidancev1.Opinion]()).Draw(t, "opinion"), Reasons: someOf[guidancev1.Reason](0).Draw(t, "reasons"), Claims: list(claim()).Draw(t, "claims"),
		}
		for _, topic := range someOf[guidancev1.ConsequenceTopic](0).Draw(t, "consequences") {
			p.Consequences = append(p.Consequences, &guidancev1.StatedConsequence{Topic: topic, Words: someText().Draw(t, "follows")})
		}
		if until := maybe(dayFrom(issued.GetEarliest())).Draw(t, "until"); until >= p.ValidFrom {
			p.ValidUntil = until
		}
		if rapid.IntRange(0, 4).Draw(t, "relay") == 0 {
			p.Stance, p.Provenance = guidancev1.Stance_STANCE_INFORMATION_ONLY, guidancev1.Provenance_PROVENANCE_RELAY
			p.Opinion = 0
			p.RelayOf = relaySource().Draw(t, "relay of")
		}
		return p
	})
}

func positions(t *rapid.T, committees []string, issued *guidancev1.DayRange) []*guidancev1.Position {
	matters := rapid.SliceOfNDistinct(matterName(), 0, 3, rapid.ID[string]).Draw(t, "matters")
	var ps []*guidancev1.Position
	for _, m := range matters {
		ps = append(ps, position(committees, m, issued).Draw(t, "position"))
	}
	if len(ps) > 0 && rapid.Bool().Draw(t, "second") { // two on one matter, as most letters have
		second := position(committees, ps[0].Matter, issued).Draw(t, "second")
		second.Measure = ps[0].Measure + "2"
		ps = append(ps, second)
	}
	return ps
}

// anyVote draws one of a nation, with figures that fit each other and tell of nobody; the
// id is set by whoever draws several.
func anyVote(id string, issued *guidancev1.DayRange) *rapid.Generator[*guidancev1.Vote] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Vote {
		count := func(n int) *guidancev1.Figure {
			return &guidancev1.Figure{Published: &guidancev1.Figure_Count{Count: int32(n)}}
		}
		share := func(s string) *guidancev1.Figure {
			return &guidancev1.Figure{Published: &guidancev1.Figure_Percentage{Percentage: s}}
		}
		v := &guidancev1.Vote{
			Id: id, Kind: oneOf[guidancev1.VoteKind]().Draw(t, "kind"), Question: someText().Draw(t, "question"), Voters: someText().Draw(t, "voters"),
			Held: maybe(dayRange()).Filter(func(d *guidancev1.DayRange) bool { return d.GetEarliest() <= issued.GetLatest() }).Draw(t, "held"), Nation: "england", Reference: maybe(reference()).Draw(t, "reference"),
		}
		switch {
		case v.Kind == guidancev1.VoteKind_VOTE_KIND_THRESHOLD:
			v.Threshold, v.Reached = "half of "+someText().Draw(t, "threshold"), rapid.Bool().Draw(t, "reached")
		case rapid.Bool().Draw(t, "counts"):
			v.Asked, v.Answered, v.VotesFor, v.VotesAgainst, v.Abstained = count(1000), count(500), count(200), count(200), count(50)
		default:
			v.Answered = share("67.7")
			v.Options = []*guidancev1.VoteOption{{Words: someText().Draw(t, "answer"), Figure: share("98.3")}, {Words: "other", Figure: share("1.7")}}
		}
		return v
	}).Filter(func(v *guidancev1.Vote) bool { // words may tell of few practices
		return guidance.IsVote(v, guidancev1.Visibility_VISIBILITY_PUBLIC)
	})
}

func anyAction(matter string, issued *guidancev1.DayRange) *rapid.Generator[*guidancev1.Action] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Action {
		a := &guidancev1.Action{
			Verb: someText().Draw(t, "verb"), Object: oneLine().Draw(t, "object"), Actors: someOf[guidancev1.Audience](1).Draw(t, "actors"),
			Strength: oneOf[guidancev1.ActionStrength]().Draw(t, "strength"), Due: maybe(anyDue(issued.GetEarliest())).Draw(t, "due"),
			Template: anyText().Draw(t, "template"), Condition: anyText().Draw(t, "condition"),
		}
		if a.Template != "" {
			a.TemplateFor = someOf[guidancev1.Audience](0).Draw(t, "template for")
		}
		if rapid.Bool().Draw(t, "belongs") {
			a.Matter, a.Measure = matter, maybe(anySlug()).Draw(t, "measure")
		}
		return a
	})
}

func attachment() *rapid.Generator[*guidancev1.Attachment] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Attachment {
		return &guidancev1.Attachment{
			Sha256: rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "sha256"), MediaType: rapid.SampledFrom([]string{"application/pdf", "text/markdown"}).Draw(t, "type"),
			Size: rapid.Int64Range(1, 8<<20).Draw(t, "size"), FileName: rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9 _-]{0,20}[a-z]\.(pdf|md)`).Draw(t, "file"),
			Title: oneLine().Draw(t, "title"),
		}
	})
}

// advisory draws an advisory that guidance accepts, with every field in play.
func advisory() *rapid.Generator[*guidancev1.Advisory] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Advisory {
		committees := slugs(1).Draw(t, "committees")
		a := &guidancev1.Advisory{
			Office: anySlug().Draw(t, "office"), OnBehalfOf: committees, Title: someText().Draw(t, "title"), Body: anyText().Draw(t, "body"),
			Issued: dayRange().Draw(t, "issued"), Audiences: someOf[guidancev1.Audience](1).Draw(t, "audiences"), Cc: list(someText()).Draw(t, "cc"),
			Signatories: list(signatory()).Draw(t, "signatories"), Contact: maybe(contact()).Draw(t, "contact"),
			Attachments: list(attachment()).Draw(t, "attachments"), References: list(reference()).Draw(t, "references"),
			Licence: oneLine().Draw(t, "licence"), Visibility: oneOf[guidancev1.Visibility]().Draw(t, "visibility"),
			AdaptedFrom: rapid.OneOf(entryName(), oneLine()).Draw(t, "adapted"), FollowUpExpected: rapid.Bool().Draw(t, "follow-up"),
			Notice: anyText().Draw(t, "notice"),
		}
		a.Positions = positions(t, committees, a.Issued)
		ended := rapid.SliceOfNDistinct(entryName(), 0, 4, rapid.ID[string]).Draw(t, "ended")
		half := rapid.IntRange(0, len(ended)).Draw(t, "half")
		a.Replaces, a.Amends = ended[:half], ended[half:]
		if from := maybe(anyDay()).Draw(t, "from"); from >= a.Issued.Latest {
			a.ValidFrom = from
		}
		for _, p := range a.Positions {
			if p.ValidUntil < max(a.Issued.Latest, a.ValidFrom) {
				p.ValidUntil = "" // it would never hold
			}
		}
		if len(a.Positions) > 0 {
			a.Actions = list(anyAction(a.Positions[0].Matter, a.Issued)).Draw(t, "actions")
		}
		if strings.TrimSpace(a.Body) == "" && len(a.Attachments) == 0 {
			a.Body += "Dear colleagues, ring us"
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "votes") {
			a.Votes = append(a.Votes, anyVote(fmt.Sprint("vote-", i), a.Issued).Draw(t, "vote"))
			if len(a.Positions) > 0 && rapid.Bool().Draw(t, "rests on it") {
				a.Positions[0].Votes = append(a.Positions[0].Votes, a.Votes[i].Id)
			}
		}
		if len(a.Positions) > 0 && len(a.Actions) > 0 && rapid.Bool().Draw(t, "of a group") {
			a.Positions[0].Scope = &guidancev1.Scope{Id: anySlug().Draw(t, "scope"), Words: someText().Draw(t, "group")}
			a.Actions[0].Scope, a.Actions[0].Committees, a.Actions[0].Area = a.Positions[0].Scope.Id, committees[:1], maybe(areaID()).Draw(t, "where")
		}
		return a
	})
}

func signatory() *rapid.Generator[*guidancev1.Signatory] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Signatory {
		return &guidancev1.Signatory{Name: someText().Draw(t, "name"), Role: oneLine().Draw(t, "role")}
	})
}

func body() *rapid.Generator[*guidancev1.Body] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Body {
		return &guidancev1.Body{
			Id: anySlug().Draw(t, "id"), Name: someText().Draw(t, "name"), Kind: oneOf[guidancev1.BodyKind]().Draw(t, "kind"),
			Aliases: list(someText()).Draw(t, "aliases"),
		}
	})
}

func deadline(opened string) *rapid.Generator[*guidancev1.Deadline] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Deadline {
		return &guidancev1.Deadline{
			Title: someText().Draw(t, "title"), Due: anyDue(opened).Draw(t, "due"),
			AddressedTo: someOf[guidancev1.Audience](0).Draw(t, "to"),
		}
	})
}

func anyMeasure(id, opened string) *rapid.Generator[*guidancev1.Measure] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Measure {
		return &guidancev1.Measure{
			Id: id, Title: someText().Draw(t, "title"), Proposer: maybe(body()).Draw(t, "proposer"), Kind: oneOf[guidancev1.MeasureKind]().Draw(t, "kind"),
			AddressedTo: advised().Draw(t, "to"), ClaimedEffects: effects().Draw(t, "effects"),
			Deadlines: list(deadline(opened)).Draw(t, "deadlines"), Claims: list(claim()).Draw(t, "claims"), Scopes: scopes().Draw(t, "scopes"), Aliases: list(someText()).Draw(t, "aliases"),
		}
	})
}

func anyMatter() *rapid.Generator[*guidancev1.Matter] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.Matter {
		m := &guidancev1.Matter{
			Name: matterName().Draw(t, "name"), Title: someText().Draw(t, "title"), Aliases: list(someText()).Draw(t, "aliases"),
			Proposer: body().Draw(t, "proposer"), Opened: dayRange().Draw(t, "opened"), References: list(reference()).Draw(t, "references"),
			Summary: anyText().Draw(t, "summary"), Visibility: oneOf[guidancev1.Visibility]().Draw(t, "visibility"), Notice: anyText().Draw(t, "notice"),
		}
		m.SameAs, m.Follows = list(matterName()).Draw(t, "same as"), list(matterName()).Draw(t, "follows")
		for _, names := range []*[]string{&m.SameAs, &m.Follows} {
			slices.Sort(*names)
			*names = slices.DeleteFunc(slices.Compact(*names), func(name string) bool { return name == m.Name })
			if len(*names) == 0 {
				*names = nil
			}
		}
		if closed := maybe(dayRange()).Draw(t, "closed"); closed.GetEarliest() >= m.Opened.Latest {
			m.Closed = closed
		}
		m.Aliases = slices.DeleteFunc(m.Aliases, func(alias string) bool { // of another office's matter
			name, err := guidance.ParseMatterName(strings.ToLower(alias))
			return err == nil && name.Office() != guidance.MatterName(m.Name).Office()
		})
		for _, id := range slugs(0).Draw(t, "events") {
			m.Events = append(m.Events, &guidancev1.Event{Id: id, Title: someText().Draw(t, "event"), Day: maybe(anyDay()).Draw(t, "day")})
		}
		for _, id := range slugs(0).Draw(t, "measures") {
			m.Measures = append(m.Measures, anyMeasure(id, m.Opened.GetEarliest()).Draw(t, "measure"))
		}
		return m
	})
}

func anyReport() *rapid.Generator[*guidancev1.ReportedPosition] {
	return rapid.Custom(func(t *rapid.T) *guidancev1.ReportedPosition {
		issued := dayRange().Draw(t, "issued")
		p := position([]string{anySlug().Draw(t, "committee")}, matterName().Draw(t, "matter"), issued).Draw(t, "position")
		p.Provenance, p.RelayOf = guidancev1.Provenance_PROVENANCE_REPORTED, nil
		return &guidancev1.ReportedPosition{
			Office: anySlug().Draw(t, "office"), Issued: issued, Source: reference().Draw(t, "source"), Position: p,
			Summary: anyText().Draw(t, "summary"), Visibility: oneOf[guidancev1.Visibility]().Draw(t, "visibility"), Notice: anyText().Draw(t, "notice"),
		}
	})
}
