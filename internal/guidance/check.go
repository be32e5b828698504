package guidance

import (
	"mime"
	"net/url"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/lmcfed/lmcfed/internal/notation"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What every field of a kind must be. Each adds to the faults what is wrong and how
// to put it right.

// line checks text of one line. Nothing of it may be invisible, as two that look the same would not
// be the same.
func (f *faults) line(field, s string, limit int) {
	f.text(field, s, limit)
	unseen := func(r rune) bool { return notation.IsInvisible(r) && !notation.IsUnsafe(r) } // of which text has said so
	if i := strings.IndexFunc(s, unseen); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		f.add(field, "holds the invisible character %U at byte %d: remove it", r, i)
	}
	if strings.ContainsAny(s, "\n\r\t") {
		f.add(field, "has a line break or a tab: write it on one line")
	}
}

// required checks text of one line that must be there.
func (f *faults) required(field, s string, limit int) {
	if strings.TrimSpace(s) == "" {
		f.add(field, "is empty: write it")
	}
	f.line(field, s, limit)
}

// text checks text of any number of lines.
func (f *faults) text(field, s string, limit int) {
	switch n := utf8.RuneCountInString(s); {
	case len(s) <= limit:
	case n == len(s):
		f.addKind(ErrTooLarge, field, "is %s characters long: shorten it to %s", notation.Thousands(int64(n)), notation.Thousands(int64(limit)))
	default:
		f.addKind(ErrTooLarge, field, "is %s characters long, which count as %s, for an accented letter, dash or curly quotation mark counts as two or more: shorten it until they count as %s",
			notation.Thousands(int64(n)), notation.Thousands(int64(len(s))), notation.Thousands(int64(limit)))
	}
	if !utf8.ValidString(s) {
		f.add(field, "is not UTF-8 text: save it as UTF-8")
		return
	}
	if i := strings.IndexFunc(s, unsafeRune); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		f.add(field, "holds the invisible character %U at byte %d: remove it", r, i)
	}
}

// unsafeRune is a character that no text of a letter may hold: line breaks and tabs it may.
func unsafeRune(r rune) bool {
	return r != '\n' && r != '\r' && r != '\t' && notation.IsUnsafe(r)
}

// title checks a title that must be there.
func (f *faults) title(field, s string) {
	if n := utf8.RuneCountInString(s); n > TitleLimit {
		f.addKind(ErrTooLarge, field, "is %d characters: shorten it to %d", n, TitleLimit)
	}
	f.required(field, s, utf8.UTFMax*TitleLimit)
}

// slug checks an id that must be there.
func (f *faults) slug(field, what, s string) {
	if s == "" {
		f.add(field, "is empty: name the %s", what)
	} else if !notation.IsSlug(s) {
		f.add(field, "%q is no %s's id: use lower-case letters, digits and single hyphens, at most %d", clip(s), what, NameLimit)
	}
}

func (f *faults) optionalSlug(field, what, s string) {
	if s != "" {
		f.slug(field, what, s)
	}
}

// matter checks a matter's name in full.
func (f *faults) matter(field, s string) {
	if s == "" {
		f.add(field, "is empty: name the matter")
	} else if fault := matterNameFault(s); fault != "" {
		f.add(field, "%q is %s", clip(s), fault)
	}
}

// entries checks a list of entry names: each well formed, each once.
func (f *faults) entries(field string, names []string) {
	f.length(field, len(names), ListLimit)
	for i, name := range names {
		f.entry(at(field, i), name)
		if repeats(names, i) {
			f.add(at(field, i), "%s is named twice: name it once", clip(name))
		}
	}
}

// entry checks an entry's name that must be there.
func (f *faults) entry(field, name string) {
	if !notation.IsEntryName(name) {
		f.add(field, "%q is no entry's name: write OFFICE/NUMBER, for example essex/7", clip(name))
	}
}

// lines checks a list of texts of one line each, none of them empty.
func (f *faults) lines(field string, list []string) {
	f.length(field, len(list), ListLimit)
	for i, s := range list {
		f.required(at(field, i), s, TextLimit)
	}
}

func (f *faults) length(field string, n, limit int) {
	if n > limit {
		f.addKind(ErrTooLarge, field, "has %d items: keep it to %d", n, limit)
	}
}

// day checks a day that may be left out.
func (f *faults) day(field, s string) {
	if s != "" && !notation.IsDay(s) {
		f.add(field, "%q is no day that exists: write it as YYYY-MM-DD, for example 2021-10-25", clip(s))
	}
}

func (f *faults) requiredDay(field, s string) {
	if s == "" {
		f.add(field, "is empty: write the day as YYYY-MM-DD")
	}
	f.day(field, s)
}

// days checks two days that may be left out, in order.
func (f *faults) days(fromField, from, untilField, until string) {
	f.day(fromField, from)
	f.day(untilField, until)
	if notation.IsDay(from) && notation.IsDay(until) && until < from {
		f.add(untilField, "%s lies before %s, the first day: put the days in order", until, from)
	}
}

// dayRange checks a range that must be there.
func (f *faults) dayRange(field string, r *v1.DayRange) {
	if r == nil {
		f.add(field, "is missing: write the day, or the earliest and the latest it can have been")
		return
	}
	f.requiredDay(field+".earliest", r.GetEarliest())
	f.requiredDay(field+".latest", r.GetLatest())
	if notation.IsDay(r.GetEarliest()) && notation.IsDay(r.GetLatest()) && r.GetLatest() < r.GetEarliest() {
		f.add(field+".latest", "%s lies before the earliest day, %s: put the days in order", r.GetLatest(), r.GetEarliest())
	}
}

// enum checks that a value is set and has a name.
func (f *faults) enum(field, what string, e protoreflect.Enum) {
	if e.Number() == 0 {
		f.add(field, "is not set: choose the %s", what)
	} else if !known(e) {
		f.add(field, "%d is no %s this software knows: choose one it does, or update the software", e.Number(), what)
	}
}

// audiences checks a list of audiences: known, each once.
func (f *faults) audiences(field string, list []v1.Audience, required bool) {
	if required && len(list) == 0 {
		f.add(field, "is empty: say whom it is for")
	}
	f.length(field, len(list), ListLimit)
	for i, a := range list {
		f.enum(at(field, i), "audience", a)
		for _, earlier := range list[:i] {
			if earlier == a && known(a) {
				f.add(at(field, i), "%s are named twice: name them once", AudienceWords(a))
				break
			}
		}
	}
}

// advised checks the audiences of a position: those that a committee advises.
func (f *faults) advised(field string, list []v1.Audience) {
	if len(list) == 0 { // of a letter to patients or the public alone nobody is left
		f.add(field, "is empty: say whom it is for; no position is for patients or the public, and what is asked of them stands under actions")
	}
	f.audiences(field, list, false)
	for i, a := range list {
		if !Advised(a) && known(a) {
			f.add(at(field, i), "no position is for %s, whom committees do not advise: leave them out here, and write what is asked of them, or sent to them, under actions", AudienceWords(a))
		}
	}
}

// words checks text that must be there.
func (f *faults) words(field, s string) {
	if strings.TrimSpace(s) == "" {
		f.add(field, "is empty: write it")
	}
	f.text(field, s, TextLimit)
}

// notBeforeIssued refuses a day, which may be left out, before the first on which what names
// it may have been issued: it would have been over before it was said.
func (f *faults) notBeforeIssued(field, day string, issued *v1.DayRange) {
	if first := issued.GetEarliest(); notation.IsDay(day) && notation.IsDay(first) && day < first {
		f.add(field, "%s lies before the day of issue, %s: check both days", DayWords(day), RangeWords(issued))
	}
}

// claims checks what others say of the contract.
func (f *faults) claims(field string, list []*v1.Claim) {
	f.length(field, len(list), ListLimit)
	for i, c := range list {
		path := at(field, i)
		if c.GetClaimant() == nil {
			f.add(path+".claimant", "is missing: say who claims it")
		} else {
			f.body(path+".claimant", c.GetClaimant())
		}
		f.day(path+".day", c.GetDay())
		if c.GetEffect() != v1.ContractEffect_CONTRACT_EFFECT_UNSPECIFIED {
			f.enum(path+".effect", "contract effect", c.GetEffect())
		} else if strings.TrimSpace(c.GetWords()) == "" {
			f.add(path, "claims nothing: give a contract effect, or the claim in a sentence")
		}
		f.line(path+".words", c.GetWords(), TextLimit)
		if c.GetReference() != nil {
			f.reference(path+".reference", c.GetReference())
		}
	}
}

// references checks what is pointed at.
func (f *faults) references(field string, list []*v1.Reference) {
	f.length(field, len(list), ListLimit)
	for i, r := range list {
		f.reference(at(field, i), r)
	}
}

func (f *faults) reference(field string, r *v1.Reference) {
	if r.GetTitle() == "" && r.GetNumber() == "" && r.GetUrl() == "" && r.GetPublisher() == "" {
		f.add(field, "is empty: give its title, number, publisher or address")
	}
	f.line(field+".title", r.GetTitle(), TextLimit)
	f.line(field+".number", r.GetNumber(), TextLimit)
	f.line(field+".publisher", r.GetPublisher(), TextLimit)
	f.day(field+".day", r.GetDay())
	f.web(field+".url", r.GetUrl())
}

// web checks the address of a page, which may be left out. Only addresses a browser
// fetches: anything else could run in a reader's page.
func (f *faults) web(field, s string) {
	f.line(field, s, TextLimit)
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		f.add(field, "%q is no web address: write it out, beginning with https://", clip(s))
	}
}

// contact checks how to reach an office; absent is allowed.
func (f *faults) contact(field string, c *v1.Contact) {
	f.line(field+".name", c.GetName(), TextLimit)
	f.line(field+".telephone", c.GetTelephone(), TextLimit)
	f.line(field+".email", c.GetEmail(), TextLimit)
	if local, host, ok := strings.Cut(c.GetEmail(), "@"); c.GetEmail() != "" && (!ok || local == "" || host == "" || strings.ContainsAny(c.GetEmail(), " <>")) {
		f.add(field+".email", "%q is no e-mail address: write it as office@example.org", clip(c.GetEmail()))
	}
	f.web(field+".url", c.GetUrl())
}

// attachments checks files named by hash.
func (f *faults) attachments(field string, list []*v1.Attachment) {
	f.length(field, len(list), ListLimit)
	for i, a := range list {
		path := at(field, i)
		if len(a.GetSha256()) != 32 {
			f.add(path+".sha256", "is %d bytes: a SHA-256 is 32", len(a.GetSha256()))
		}
		if a.GetSize() < 0 || a.GetSize() > AttachmentLimit {
			f.add(path+".size", "%d bytes: attach at most %d", a.GetSize(), AttachmentLimit)
		}
		if _, _, err := mime.ParseMediaType(a.GetMediaType()); err != nil {
			f.add(path+".media_type", "%q is no media type: write one such as application/pdf", clip(a.GetMediaType()))
		}
		f.fileName(path+".file_name", a.GetFileName())
		f.line(path+".title", a.GetTitle(), TextLimit)
	}
}

// fileName checks a name that is safe to save under: no path, nothing hidden.
func (f *faults) fileName(field, s string) {
	f.required(field, s, FileNameLimit)
	if strings.ContainsAny(s, `/\:*?"<>|`) || strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") {
		f.add(field, "%q is not safe to save under: use a plain name such as letter.pdf", clip(s))
	}
}

// effects checks contract effects: each known, no two different ones on one day.
func (f *faults) effects(field string, list []*v1.DatedEffect) {
	f.length(field, len(list), ListLimit)
	for i, e := range list {
		path := at(field, i)
		f.enum(path+".effect", "contract effect", e.GetEffect())
		f.days(path+".valid_from", e.GetValidFrom(), path+".valid_until", e.GetValidUntil())
		for j, earlier := range list[:i] {
			if earlier.GetEffect() != e.GetEffect() && meet(earlier, e) {
				f.add(path, "holds on a day on which %s holds too: give each its own days", at(field, j))
			}
		}
	}
}

// meet says whether two effects hold on some same day.
func meet(x, y *v1.DatedEffect) bool {
	until := earliestEnd(x.GetValidUntil(), y.GetValidUntil())
	return until == "" || max(x.GetValidFrom(), y.GetValidFrom()) <= until
}

// area checks an area that may be left out.
func (f *faults) area(field string, a *v1.AreaId) {
	if a == nil {
		return
	}
	f.required(field+".scheme", a.GetScheme(), NameLimit)
	f.required(field+".code", a.GetCode(), NameLimit)
}

// size checks a whole message.
func (f *faults) size(m proto.Message) {
	if n := proto.Size(m); n > MessageLimit {
		f.addKind(ErrTooLarge, "", "is %d bytes in all: shorten it to %d", n, MessageLimit)
	}
}
