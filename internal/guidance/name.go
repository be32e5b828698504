package guidance

import (
	"fmt"
	"strconv"
	"strings"
)

// OfficeID names an office: a slug such as "surrey-sussex".
type OfficeID string

// CommitteeID names a committee or another body: a slug such as "north-essex".
type CommitteeID string

// MeasureID names a measure within its matter: a slug such as "engage-with-plan".
type MeasureID string

// MatterName names a matter in full: "offices/gpc-england/matters/access-plan-2021".
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
	parts := strings.Split(s, "/")
	if len(parts) != 4 || parts[0] != "offices" || parts[2] != "matters" || !isSlug(parts[1]) || !isSlug(parts[3]) {
		return "", fmt.Errorf("reading matter %q: not a matter's name: write offices/OFFICE/matters/SLUG", clip(s))
	}
	return MatterName(s), nil
}

// NewMatterName makes the name of an office's matter. A name that is already in full
// is only checked.
func NewMatterName(office, slug string) (MatterName, error) {
	if strings.Contains(slug, "/") {
		return ParseMatterName(slug)
	}
	return ParseMatterName("offices/" + office + "/matters/" + slug)
}

// Office is the office that opened the matter, the only one that amends it.
func (n MatterName) Office() string { return n.part(1) }

// Slug is the last part of the name.
func (n MatterName) Slug() string { return n.part(3) }

func (n MatterName) part(i int) string {
	parts := strings.Split(string(n), "/")
	if len(parts) != 4 {
		return ""
	}
	return parts[i]
}

// ParsePractice checks a GP practice's code: one capital letter and five digits.
func ParsePractice(s string) error {
	if len(s) == 6 && s[0] >= 'A' && s[0] <= 'Z' && number(s[1:]) >= 0 {
		return nil
	}
	return fmt.Errorf("reading practice %q: not a practice's code: write one letter and five digits, for example F81001", clip(s))
}

func slugError(what, s string) error {
	if isSlug(s) {
		return nil
	}
	return fmt.Errorf("reading %s %q: lower-case letters, digits and single hyphens only, at most %d", what, clip(s), NameLimit)
}

// isSlug says whether s is lower-case letters and digits in groups joined by single
// hyphens, of at most NameLimit bytes.
func isSlug(s string) bool {
	if s == "" || len(s) > NameLimit {
		return false
	}
	hyphen := true // a hyphen may not come first, last or after another
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '-' && hyphen || c != '-' && !isLowerOrDigit(c) {
			return false
		}
		hyphen = c == '-'
	}
	return !hyphen
}

func isLowerOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}

// isEntryName says whether s names an entry as its printer would: "essex/7", or
// "essex@1/7" in an epoch other than 0.
func isEntryName(s string) bool {
	log, index, found := strings.Cut(s, "/")
	office, epoch, healed := strings.Cut(log, "@")
	return found && isSlug(office) && isCount(index, 64) && (!healed || isCount(epoch, 32) && epoch != "0")
}

// isCount says whether s is a number as strconv prints it.
func isCount(s string, bits int) bool {
	n, err := strconv.ParseUint(s, 10, bits)
	return err == nil && strconv.FormatUint(n, 10) == s
}

// clip shortens what is quoted in an error.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
