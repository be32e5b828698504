// Package letter reads the files an office keeps its words in: Markdown with YAML front
// matter, written by a secretary in a word processor.
//
// A letter looks like this:
//
//	---
//	title: "Access plan: our advice"
//	for: [north-essex, south-essex]
//	matter: access-plan-2021
//	issued: 2021-10-25
//	to: [practices, pcns]
//	positions:
//	  - on: the whole matter
//	    stance: refuse
//	    contract: not-contractual
//	---
//
//	Dear colleagues, …
//
// Parse turns it into an Advisory or says, line by line, what is wrong and what to
// write instead. Whatever internal/guidance accepts can be said so, but an advisory that has
// no text beyond a greeting, and no attachment. Matters ("kind:
// matter") and reported positions ("kind: report") have files in the same style, and
// Skeleton writes the letter that an office fills in.
//
// The package knows the shape of the files. It does not know what makes an advisory
// right (internal/guidance), what stands published, or who speaks for whom, and it
// reads no disk and no clock.
package letter

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// Limits. A file that passes guidance's limit on a whole message (256 KiB) fits in
// FileLimit even when every character has to be written as an escape.
const (
	// FileLimit is the largest file read, in bytes.
	FileLimit = 2 << 20
	// ErrorLimit is how many errors are reported at once; the rest are counted.
	ErrorLimit = 50
	// foundLimit is how many errors are counted; a file with more is no letter.
	foundLimit = 1000
)

// Defaults is what a letter need not say because the office it is written in knows
// it. A key that the letter has, even as "" or [], is never overridden.
type Defaults struct {
	// Office publishes the letter where it does not name one.
	Office string
	// Committees are those it speaks for where it does not say for whom.
	Committees []string
	// Area is one that the first of them covers, of which the examples of a letter to fill in speak; nil: none is known.
	Area *guidancev1.AreaId
	// Matter is what positions are on where neither they nor the letter say so.
	Matter string
	// Matters finds a matter by its name, its slug, its title or another in use for it, so that
	// a letter may say which it means, and on which of its measures, by title too; nil: by
	// name and id alone. For one that is not known it gives nil, and why: which may be meant.
	Matters func(name string) (m *guidancev1.Matter, unknown string)
	// Entry gives the entry name that an "@name" in replaces, amends, beside and relay-of
	// stands for ("@02-interim": "gpc-england/31"); nil: such names are an error.
	Entry func(name string) (entry string, ok bool)
	// ReadFile reads an attachment that lies beside the letter, so that nobody has to
	// type its hash; nil: hash, size and type must be written out.
	ReadFile func(name string) ([]byte, error)
}

// Parse reads a letter. The error is Errors, all that could be found at once; the
// advisory passes guidance.ValidateAdvisory, but that a matter may still be a bare slug
// ("access-plan-2021"), which means the keeper's; publishing writes it out.
func Parse(b []byte, d Defaults) (*guidancev1.Advisory, error) {
	r, body := open(b, KindLetter, d)
	l := &letter{Advisory: &guidancev1.Advisory{Body: body}}
	fill(r, "", r.root, l, letterFields)
	l.setDefaults(r, d)
	return judged(r, l.Advisory, func(a *guidancev1.Advisory) error {
		whole := proto.CloneOf(a)
		for _, p := range whole.GetPositions() {
			p.Matter = inFull(p.Matter)
		}
		for _, action := range whole.GetActions() {
			action.Matter = inFull(action.Matter)
		}
		for i, matter := range whole.GetMatters() {
			whole.Matters[i] = inFull(matter)
		}
		return withBody(a, guidance.ValidateAdvisory(whole))
	})
}

// greeting is what the text of a letter to fill in begins with.
const greeting = "Dear colleagues"

// onlyGreets is a text that says nothing behind its greeting.
var onlyGreets = regexp.MustCompile(`^(?i:dear(?:[^\S\r\n]+[\pL’'-]+){1,6})\s?[,.:!]?$`)

// withBody adds to what guidance refuses a letter without a letter: what it says would stand
// in its positions alone, and nobody could read it. What is said in an attachment is enough.
func withBody(a *guidancev1.Advisory, err error) error {
	text, reason := strings.TrimSpace(a.GetBody()), ""
	switch {
	case len(a.GetAttachments()) > 0:
	case text == "":
		reason = "is empty: write the letter under the line, or attach it"
	case onlyGreets.MatchString(text):
		reason = fmt.Sprintf("holds a greeting at byte %d and nothing else: write the letter below it, or attach it", strings.Index(a.GetBody(), text))
	}
	if reason == "" {
		return err
	}
	invalid := &guidance.InvalidError{What: "advisory"}
	errors.As(err, &invalid)
	invalid.Violations = append(invalid.Violations, guidance.Violation{Field: "body", Reason: reason})
	return invalid
}

// inFull writes out a bare slug with an office that only stands in for the keeper.
func inFull(matter string) string {
	if name, err := guidance.NewMatterName("keeper", matter); err == nil {
		return string(name)
	}
	return matter
}

// Explain turns what guidance, or a node that asked it, refuses in what a file holds into
// the lines of that file. The file has been read without a fault before.
func Explain(b []byte, d Defaults, invalid *guidance.InvalidError) Errors {
	kind, _ := KindOf(b)
	r, body := open(b, kind, d)
	switch kind {
	case KindMatter:
		fill(r, "", r.root, &matter{Matter: &guidancev1.Matter{}}, matterFields)
	case KindReport:
		fill(r, "", r.root, &report{ReportedPosition: &guidancev1.ReportedPosition{}}, reportFields)
	default:
		l := &letter{Advisory: &guidancev1.Advisory{Body: body}}
		fill(r, "", r.root, l, letterFields)
		l.setDefaults(r, d)
	}
	r.judge(invalid)
	return r.errors()
}

// letter is an advisory with what only its file has.
type letter struct {
	*guidancev1.Advisory
	// Kind is "letter" or empty.
	Kind string
	// Matter is the matter of every position that does not name its own and, in a letter
	// without positions, of every such action.
	Matter string
}

var letterFields = []field[*letter]{
	kindField(func(l *letter) *string { return &l.Kind }),
	one("title", "title", text, func(l *letter) *string { return &l.Title }),
	one("office", "office", slug, func(l *letter) *string { return &l.Office }),
	several("for", "on_behalf_of", slug, func(l *letter) *[]string { return &l.OnBehalfOf }),
	one("matter", "matter", word, func(l *letter) *string { return &l.Matter }),
	one("issued", "issued", days, func(l *letter) **guidancev1.DayRange { return &l.Issued }),
	one("valid-from", "valid_from", day, func(l *letter) *string { return &l.ValidFrom }),
	several("to", "audiences", audience, func(l *letter) *[]guidancev1.Audience { return &l.Audiences }),
	many("cc", "cc", text, func(l *letter) *[]string { return &l.Cc }),
	many("signed-by", "signatories", message(signatoryFields), func(l *letter) *[]*guidancev1.Signatory { return &l.Signatories }),
	one("contact", "contact", message(contactFields), func(l *letter) **guidancev1.Contact { return &l.Contact }),
	many("positions", "positions", message(positionFields), func(l *letter) *[]*guidancev1.Position { return &l.Positions }),
	many("actions", "actions", message(actionFields), func(l *letter) *[]*guidancev1.Action { return &l.Actions }),
	many("votes", "votes", message(voteFields), func(l *letter) *[]*guidancev1.Vote { return &l.Votes }),
	many("references", "references", message(referenceFields), func(l *letter) *[]*guidancev1.Reference { return &l.References }),
	many("attachments", "attachments", message(attachmentFields), func(l *letter) *[]*guidancev1.Attachment { return &l.Attachments }),
	several("replaces", "replaces", word, func(l *letter) *[]string { return &l.Replaces }),
	several("amends", "amends", word, func(l *letter) *[]string { return &l.Amends }),
	several("beside", "beside", word, func(l *letter) *[]string { return &l.Beside }),
	several("also-on", "matters", word, func(l *letter) *[]string { return &l.Matters }),
	one("adapted-from", "adapted_from", text, func(l *letter) *string { return &l.AdaptedFrom }),
	one("more-to-follow", "follow_up_expected", yesNo, func(l *letter) *bool { return &l.FollowUpExpected }),
	one("licence", "licence", text, func(l *letter) *string { return &l.Licence }),
	one("visibility", "visibility", visibility, func(l *letter) *guidancev1.Visibility { return &l.Visibility }),
	one("notice", "notice", text, func(l *letter) *string { return &l.Notice }),
}

// setDefaults fills in what the letter did not say. A position is for the letter's
// committees, audiences and matter unless it says otherwise.
func (l *letter) setDefaults(r *reader, d Defaults) {
	if !r.has("office") {
		l.Office = d.Office
	}
	if !r.has("on_behalf_of") {
		l.OnBehalfOf = slices.Clone(d.Committees)
	}
	if !r.has("audiences") {
		l.Audiences = []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}
	}
	if !r.has("visibility") {
		l.Visibility = guidancev1.Visibility_VISIBILITY_PUBLIC
	}
	if !r.has("matter") {
		l.Matter = d.Matter
	}
	l.Matter = r.matterNamed("matter", l.Matter, d.Matters)
	for i, p := range l.Positions {
		at := item("positions", i)
		if !r.has(under(at, "committees")) {
			p.Committees = slices.Clone(l.OnBehalfOf)
		}
		if !r.has(under(at, "audiences")) {
			p.Audiences = guidance.AdvisedAmong(l.Audiences)
		}
		if p.Matter = r.matterNamed(under(at, "matter"), p.Matter, d.Matters); !r.has(under(at, "matter")) {
			p.Matter = l.Matter
		}
		p.Measure = r.measureNamed(under(at, "measure"), p.Matter, p.Measure, d.Matters)
		provenance := guidancev1.Provenance_PROVENANCE_PRIMARY
		if p.RelayOf != nil {
			provenance = guidancev1.Provenance_PROVENANCE_RELAY
			p.RelayOf.Advisory = r.entry(at+".relay_of.advisory", p.RelayOf.Advisory, d.Entry)
		}
		if !r.has(under(at, "provenance")) {
			p.Provenance = provenance
		}
		if !r.has(under(at, "measure")) {
			r.missing(under(at, "measure"), "on", sayOn)
		}
		if !r.has(under(at, "stance")) {
			p.Stance = guidance.StanceOf(p)
		}
	}
	for i, a := range l.Actions {
		at := item("actions", i)
		if !r.has(under(at, "actors")) {
			a.Actors = slices.Clone(l.Audiences)
		}
		if a.Matter = r.matterNamed(under(at, "matter"), a.Matter, d.Matters); a.Matter == "" && len(l.Positions) == 0 {
			a.Matter = l.Matter // no position says which it is of
		}
		a.Measure = r.measureNamed(under(at, "measure"), l.matterOf(a), a.Measure, d.Matters)
	}
	for i, v := range l.Votes {
		reached := under(item("votes", i), "reached")
		switch isThreshold := v.Kind == guidancev1.VoteKind_VOTE_KIND_THRESHOLD; {
		case isThreshold && !r.has(reached):
			r.missing(reached, "reached", "is missing: say whether the threshold is reached, yes or no")
		case !isThreshold && r.has(reached) && v.Kind != guidancev1.VoteKind_VOTE_KIND_UNSPECIFIED:
			r.wrong(reached, "belongs to a vote of the kind threshold: leave it out")
		}
	}
	for i, name := range l.Matters {
		l.Matters[i] = r.matterNamed(item("matters", i), name, d.Matters)
	}
	if l.Matter != "" && r.has("matter") && len(l.Positions) == 0 && !l.speaksOn(l.Matter) { // a correction, or votes alone
		l.Matters = append(l.Matters, l.Matter)
	}
	if l.Matter != "" && r.has("matter") && !r.failed() && !l.speaksOn(l.Matter) {
		r.wrong("matter", "nothing in this letter is on it, and it would be found nowhere: add a position (- on: %s, and stance: information-only where you only pass facts on), or delete this line", wholeMatter)
	}
	for i := range l.Replaces {
		l.Replaces[i] = r.entry(item("replaces", i), l.Replaces[i], d.Entry)
	}
	for i := range l.Amends {
		l.Amends[i] = r.entry(item("amends", i), l.Amends[i], d.Entry)
	}
	for i := range l.Beside {
		l.Beside[i] = r.entry(item("beside", i), l.Beside[i], d.Entry)
	}
	for i, a := range l.Attachments {
		r.attach(item("attachments", i), a, d.ReadFile)
	}
}

// speaksOn tells whether a position or an action of the letter is on a matter.
func (l *letter) speaksOn(matter string) bool {
	return slices.ContainsFunc(guidance.MattersOf(guidance.Entry{Advisory: l.Advisory}), func(on string) bool {
		return on == matter || guidance.MatterName(inFull(on)).Slug() == guidance.MatterName(inFull(matter)).Slug() // a bare slug means the keeper's
	})
}

// matterOf is the matter of an action: its own, else that of the letter, else the one of all
// its positions.
func (l *letter) matterOf(a *guidancev1.Action) string {
	if matter := cmp.Or(a.Matter, l.Matter); matter != "" || len(l.Positions) == 0 {
		return matter
	}
	return l.Positions[0].Matter
}

const sayOn = "is missing: say what this position is on, the id of a measure or " + wholeMatter
