package letter

import (
	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// matter is a Matter with what only its file has. Its summary is the body.
type matter struct {
	*guidancev1.Matter
	Kind string
}

var matterFields = []field[*matter]{
	kindField(func(m *matter) *string { return &m.Kind }),
	one("name", "name", word, func(m *matter) *string { return &m.Name }),
	one("title", "title", text, func(m *matter) *string { return &m.Title }),
	many("aliases", "aliases", text, func(m *matter) *[]string { return &m.Aliases }),
	one("proposer", "proposer", message(bodyFields), func(m *matter) **guidancev1.Body { return &m.Proposer }),
	one("opened", "opened", days, func(m *matter) **guidancev1.DayRange { return &m.Opened }),
	one("closed", "closed", days, func(m *matter) **guidancev1.DayRange { return &m.Closed }),
	many("references", "references", message(referenceFields), func(m *matter) *[]*guidancev1.Reference { return &m.References }),
	many("measures", "measures", message(measureFields), func(m *matter) *[]*guidancev1.Measure { return &m.Measures }),
	many("events", "events", message(eventFields), func(m *matter) *[]*guidancev1.Event { return &m.Events }),
	many("same-as", "same_as", word, func(m *matter) *[]string { return &m.SameAs }),
	many("follows", "follows", word, func(m *matter) *[]string { return &m.Follows }),
	one("visibility", "visibility", visibility, func(m *matter) *guidancev1.Visibility { return &m.Visibility }),
	one("notice", "notice", text, func(m *matter) *string { return &m.Notice }),
}

// ParseMatter reads a file of kind matter. A name that is a bare slug ("access-plan") is
// written out as a matter of Defaults.Office, the only default that applies. The error
// is Errors; the matter has passed guidance.ValidateMatter.
func ParseMatter(b []byte, d Defaults) (*guidancev1.Matter, error) {
	r, body := open(b, KindMatter, d)
	m := &matter{Matter: &guidancev1.Matter{Summary: body}}
	fill(r, "", r.root, m, matterFields)
	if !r.has("visibility") {
		m.Visibility = guidancev1.Visibility_VISIBILITY_PUBLIC
	}
	if name, err := guidance.NewMatterName(d.Office, m.Name); err == nil {
		m.Name = string(name)
	}
	return judged(r, m.Matter, guidance.ValidateMatter)
}
