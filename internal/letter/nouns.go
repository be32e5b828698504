package letter

import (
	"slices"
	"sync"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// The keys of everything that stands inside a letter, a matter or a report.

var positionFields = []field[*guidancev1.Position]{
	one("on", "measure", measure, func(p *guidancev1.Position) *string { return &p.Measure }),
	one("matter", "matter", word, func(p *guidancev1.Position) *string { return &p.Matter }),
	several("for", "committees", slug, func(p *guidancev1.Position) *[]string { return &p.Committees }),
	one("area", "area", area, func(p *guidancev1.Position) **guidancev1.AreaId { return &p.Area }),
	several("to", "audiences", audience, func(p *guidancev1.Position) *[]guidancev1.Audience { return &p.Audiences }),
	one("scope", "scope", group, func(p *guidancev1.Position) **guidancev1.Scope { return &p.Scope }),
	one("stance", "stance", stance, func(p *guidancev1.Position) *guidancev1.Stance { return &p.Stance }),
	one("opinion", "opinion", opinion, func(p *guidancev1.Position) *guidancev1.Opinion { return &p.Opinion }),
	many("conditions", "conditions", condition, func(p *guidancev1.Position) *[]*guidancev1.Condition { return &p.Conditions }),
	many("contract", "contract_effects", effect, func(p *guidancev1.Position) *[]*guidancev1.DatedEffect { return &p.ContractEffects }),
	orElse("basis", "basis", basis, guidancev1.Basis_BASIS_NOT_STATED, func(p *guidancev1.Position) *guidancev1.Basis { return &p.Basis }),
	one("rationale", "rationale", text, func(p *guidancev1.Position) *string { return &p.Rationale }),
	several("reasons", "reasons", reasonTag, func(p *guidancev1.Position) *[]guidancev1.Reason { return &p.Reasons }),
	many("consequences", "consequences", consequence, func(p *guidancev1.Position) *[]*guidancev1.StatedConsequence { return &p.Consequences }),
	many("claims", "claims", message(claimFields), func(p *guidancev1.Position) *[]*guidancev1.Claim { return &p.Claims }),
	one("provisional", "provisional", yesNo, func(p *guidancev1.Position) *bool { return &p.Provisional }),
	one("provenance", "provenance", provenance, func(p *guidancev1.Position) *guidancev1.Provenance { return &p.Provenance }),
	one("relay-of", "relay_of", message(relayFields), func(p *guidancev1.Position) **guidancev1.RelaySource { return &p.RelayOf }),
	several("votes", "votes", newSlug, func(p *guidancev1.Position) *[]string { return &p.Votes }),
	one("evidence", "evidence", text, func(p *guidancev1.Position) *string { return &p.Evidence }),
	one("valid-from", "valid_from", day, func(p *guidancev1.Position) *string { return &p.ValidFrom }),
	one("valid-until", "valid_until", lastDay, func(p *guidancev1.Position) *string { return &p.ValidUntil }),
	one("review-by", "review_by", day, func(p *guidancev1.Position) *string { return &p.ReviewBy }),
}

var scopeFields = []field[*guidancev1.Scope]{
	one("id", "id", newSlug, func(s *guidancev1.Scope) *string { return &s.Id }),
	one("words", "words", text, func(s *guidancev1.Scope) *string { return &s.Words }),
}

var relayFields = []field[*guidancev1.RelaySource]{
	one("committee", "committee", slug, func(s *guidancev1.RelaySource) *string { return &s.Committee }),
	one("advisory", "advisory", word, func(s *guidancev1.RelaySource) *string { return &s.Advisory }),
	one("reference", "reference", message(referenceFields), func(s *guidancev1.RelaySource) **guidancev1.Reference { return &s.Reference }),
}

var actionFields = []field[*guidancev1.Action]{
	one("do", "verb", text, func(a *guidancev1.Action) *string { return &a.Verb }),
	one("what", "object", text, func(a *guidancev1.Action) *string { return &a.Object }),
	several("who", "actors", audience, func(a *guidancev1.Action) *[]guidancev1.Audience { return &a.Actors }),
	orElse("strength", "strength", strength, guidancev1.ActionStrength_ACTION_STRENGTH_ASKED, func(a *guidancev1.Action) *guidancev1.ActionStrength { return &a.Strength }),
	one("due", "due", due, func(a *guidancev1.Action) **guidancev1.Due { return &a.Due }),
	one("condition", "condition", text, func(a *guidancev1.Action) *string { return &a.Condition }),
	one("on", "measure", measure, func(a *guidancev1.Action) *string { return &a.Measure }),
	one("matter", "matter", word, func(a *guidancev1.Action) *string { return &a.Matter }),
	several("for", "committees", slug, func(a *guidancev1.Action) *[]string { return &a.Committees }),
	one("area", "area", area, func(a *guidancev1.Action) **guidancev1.AreaId { return &a.Area }),
	one("scope", "scope", groupID, func(a *guidancev1.Action) *string { return &a.Scope }),
	one("template", "template", lines, func(a *guidancev1.Action) *string { return &a.Template }),
	several("template-for", "template_for", audience, func(a *guidancev1.Action) *[]guidancev1.Audience { return &a.TemplateFor }),
}

var signatoryFields = []field[*guidancev1.Signatory]{
	one("name", "name", text, func(s *guidancev1.Signatory) *string { return &s.Name }),
	one("role", "role", text, func(s *guidancev1.Signatory) *string { return &s.Role }),
}

var contactFields = []field[*guidancev1.Contact]{
	one("name", "name", text, func(c *guidancev1.Contact) *string { return &c.Name }),
	one("telephone", "telephone", text, func(c *guidancev1.Contact) *string { return &c.Telephone }),
	one("email", "email", text, func(c *guidancev1.Contact) *string { return &c.Email }),
	one("url", "url", text, func(c *guidancev1.Contact) *string { return &c.Url }),
}

var referenceFields = []field[*guidancev1.Reference]{
	one("title", "title", text, func(f *guidancev1.Reference) *string { return &f.Title }),
	one("publisher", "publisher", text, func(f *guidancev1.Reference) *string { return &f.Publisher }),
	one("number", "number", text, func(f *guidancev1.Reference) *string { return &f.Number }),
	one("day", "day", day, func(f *guidancev1.Reference) *string { return &f.Day }),
	one("url", "url", text, func(f *guidancev1.Reference) *string { return &f.Url }),
}

var attachmentFields = []field[*guidancev1.Attachment]{
	one("file", "file_name", text, func(a *guidancev1.Attachment) *string { return &a.FileName }),
	one("title", "title", text, func(a *guidancev1.Attachment) *string { return &a.Title }),
	one("type", "media_type", text, func(a *guidancev1.Attachment) *string { return &a.MediaType }),
	one("size", "size", number, func(a *guidancev1.Attachment) *int64 { return &a.Size }),
	one("sha256", "sha256", hash, func(a *guidancev1.Attachment) *[]byte { return &a.Sha256 }),
}

var bodyFields = []field[*guidancev1.Body]{
	one("id", "id", newSlug, func(b *guidancev1.Body) *string { return &b.Id }),
	one("name", "name", text, func(b *guidancev1.Body) *string { return &b.Name }),
	one("kind", "kind", bodyKind, func(b *guidancev1.Body) *guidancev1.BodyKind { return &b.Kind }),
	many("aliases", "aliases", text, func(b *guidancev1.Body) *[]string { return &b.Aliases }),
}

var measureFields = []field[*guidancev1.Measure]{
	one("id", "id", newSlug, func(m *guidancev1.Measure) *string { return &m.Id }),
	one("title", "title", text, func(m *guidancev1.Measure) *string { return &m.Title }),
	one("proposer", "proposer", message(bodyFields), func(m *guidancev1.Measure) **guidancev1.Body { return &m.Proposer }),
	one("kind", "kind", measureKind, func(m *guidancev1.Measure) *guidancev1.MeasureKind { return &m.Kind }),
	several("to", "addressed_to", audience, func(m *guidancev1.Measure) *[]guidancev1.Audience { return &m.AddressedTo }),
	many("contract", "claimed_effects", effect, func(m *guidancev1.Measure) *[]*guidancev1.DatedEffect { return &m.ClaimedEffects }),
	many("deadlines", "deadlines", message(deadlineFields), func(m *guidancev1.Measure) *[]*guidancev1.Deadline { return &m.Deadlines }),
	many("claims", "claims", message(claimFields), func(m *guidancev1.Measure) *[]*guidancev1.Claim { return &m.Claims }),
	many("scopes", "scopes", message(scopeFields), func(m *guidancev1.Measure) *[]*guidancev1.Scope { return &m.Scopes }),
	many("aliases", "aliases", text, func(m *guidancev1.Measure) *[]string { return &m.Aliases }),
}

var claimFields = []field[*guidancev1.Claim]{
	one("by", "claimant", message(bodyFields), func(c *guidancev1.Claim) **guidancev1.Body { return &c.Claimant }),
	one("day", "day", day, func(c *guidancev1.Claim) *string { return &c.Day }),
	one("effect", "effect", effectWord, func(c *guidancev1.Claim) *guidancev1.ContractEffect { return &c.Effect }),
	one("words", "words", text, func(c *guidancev1.Claim) *string { return &c.Words }),
	one("reference", "reference", message(referenceFields), func(c *guidancev1.Claim) **guidancev1.Reference { return &c.Reference }),
}

var eventFields = []field[*guidancev1.Event]{
	one("id", "id", newSlug, func(e *guidancev1.Event) *string { return &e.Id }),
	one("title", "title", text, func(e *guidancev1.Event) *string { return &e.Title }),
	one("day", "day", day, func(e *guidancev1.Event) *string { return &e.Day }),
}

var deadlineFields = []field[*guidancev1.Deadline]{
	one("title", "title", text, func(d *guidancev1.Deadline) *string { return &d.Title }),
	one("due", "due", due, func(d *guidancev1.Deadline) **guidancev1.Due { return &d.Due }),
	several("to", "addressed_to", audience, func(d *guidancev1.Deadline) *[]guidancev1.Audience { return &d.AddressedTo }),
}

// blockKeys are the keys of the blocks of each kind of file, by the key that opens them; "" is
// the file itself. They tell whoever writes a key elsewhere where it belongs.
type blockKeys map[Kind]map[string][]string

var allKeys = sync.OnceValue(func() blockKeys {
	return blockKeys{
		KindLetter: {
			"": keysIn(letterFields), "positions": keysIn(positionFields), "actions": keysIn(actionFields), "votes": keysIn(voteFields), "contact": keysIn(contactFields),
			"signed-by": keysIn(signatoryFields), "references": keysIn(referenceFields), "attachments": keysIn(attachmentFields),
		},
		KindMatter: {"": keysIn(matterFields), "measures": keysIn(measureFields), "proposer": keysIn(bodyFields), "events": keysIn(eventFields), "references": keysIn(referenceFields)},
		KindReport: {"": keysIn(reportFields), "position": keysIn(positionFields), "source": keysIn(referenceFields)},
	}
})

// with are the blocks of a kind of file that have a key.
func (of blockKeys) with(kind Kind, key string) (where []string) {
	for block, keys := range of[kind] {
		if block != "" && slices.Contains(keys, key) {
			where = append(where, block)
		}
	}
	slices.Sort(where)
	return where
}

// has says whether any file has a key of this name.
func (of blockKeys) has(word string) bool {
	for _, blocks := range of {
		for _, keys := range blocks {
			if slices.Contains(keys, word) {
				return true
			}
		}
	}
	return false
}
