package guidance

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// OfficeID names an office: a slug such as "surrey-sussex".
type OfficeID string

// CommitteeID names a committee or another body: a slug such as "north-essex".
type CommitteeID string

// MeasureID names a measure within its matter: a slug such as "engage-with-plan".
type MeasureID string

// MatterName names a matter in full: "gpc-england/access-plan-2021". Its slug has a
// letter, so that it is never an entry's name ("gpc-england/7").
type MatterName string

// ParseOfficeID reads an office's id.
func ParseOfficeID(s string) (OfficeID, error) {
	return OfficeID(s), slugError("office", s)
}

// ParseCommitteeID reads a committee's id.
func ParseCommitteeID(s string) (CommitteeID, error) {
	return CommitteeID(s), slugError("committee", s)
}

// ParseMeasureID reads a measure's id.
func ParseMeasureID(s string) (MeasureID, error) {
	return MeasureID(s), slugError("measure", s)
}

// ParseMatterName reads a matter's name in full; it refuses a bare slug, which only
// means something where the keeper is known (NewMatterName).
func ParseMatterName(s string) (MatterName, error) {
	if fault := matterNameFault(s); fault != "" {
		return "", fmt.Errorf("reading matter %q: %s", clip(s), fault)
	}
	return MatterName(s), nil
}

// matterNameFault says what is wrong with a matter's name, or "".
func matterNameFault(s string) string {
	office, slug, found := strings.Cut(s, "/")
	if !found {
		slug = s // bare: say first what would be wrong with it in full too
	}
	switch {
	case notation.IsSlug(slug) && !hasLetter(slug):
		return "not a matter's name: its slug needs a letter, because a number after an office names an entry"
	case !found || !notation.IsSlug(office) || !notation.IsSlug(slug):
		return "not a matter's name: write OFFICE/SLUG"
	}
	return ""
}

func hasLetter(slug string) bool {
	return strings.ContainsFunc(slug, func(r rune) bool { return r >= 'a' && r <= 'z' })
}

// NewMatterName makes the name of an office's matter. A name that is already in full
// is only checked.
func NewMatterName(office, slug string) (MatterName, error) {
	if strings.Contains(slug, "/") {
		return ParseMatterName(slug)
	}
	return ParseMatterName(office + "/" + slug)
}

// Office is the office that opened the matter, the only one that amends it.
func (n MatterName) Office() string {
	office, _, _ := strings.Cut(string(n), "/")
	return office
}

// Slug is the last part of the name.
func (n MatterName) Slug() string {
	_, slug, _ := strings.Cut(string(n), "/")
	return slug
}

// ParsePractice checks a GP practice's code: one capital letter and five digits.
func ParsePractice(s string) error {
	if notation.IsPractice(s) {
		return nil
	}
	if notation.IsBranch(s) {
		return fmt.Errorf("reading practice %q: the code of a branch: write that of its practice, which should be %s (lmc register practice %s says whose it is)", s, s[:len(s)-len("001")], s)
	}
	return fmt.Errorf("reading practice %q: not a practice's code: write one letter and five digits, for example F81001", clip(s))
}

func slugError(what, s string) error {
	if notation.IsSlug(s) {
		return nil
	}
	return fmt.Errorf("reading %s %q: lower-case letters, digits and single hyphens only, at most %d", what, clip(s), NameLimit)
}

// clip shortens what is quoted in an error.
func clip(s string) string {
	return notation.Clip(s, 80)
}

// committeeNames are committees by what the register calls them, or by their ids.
func committeeNames(reg Register, ids []string) []string {
	var names []string
	for _, id := range ids {
		names = append(names, cmp.Or(reg.CommitteeName(id), id))
	}
	return names
}
