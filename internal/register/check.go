package register

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

var errSlug = errors.New("ids are lower-case letters, digits and single hyphens, at most 64")

// checkNames refuses no name, and names and other names that are no plain line of text.
func checkNames(name string, aliases []string) error {
	if strings.TrimSpace(name) == "" {
		return errors.New("it has no name")
	}
	if err := checkLine("name", name); err != nil {
		return err
	}
	for _, alias := range aliases {
		if err := checkLine("other name", alias); err != nil {
			return err
		}
	}
	return nil
}

// checkLine refuses text that is longer than a name may be, or that a page or a terminal would
// show as something else: a line break in a name could forge the line that comes after it.
func checkLine(what, s string) error { return checkText(what, s, NameLimit) }

func checkText(what, s string, limit int) error {
	if n := utf8.RuneCountInString(s); n > limit {
		return fmt.Errorf("its %s has %d characters: at most %d", what, n, limit)
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("its %s is not UTF-8 text: write it anew", what)
	}
	if i := strings.IndexFunc(s, notation.IsInvisible); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return fmt.Errorf("its %s holds the invisible character %U, at byte %d: leave it out", what, r, i)
	}
	return nil
}

// CheckOffice refuses what an office says of itself in words that are not fit to be shown.
func CheckOffice(o *guidancev1.Office) error {
	if err := checkNames(o.GetName(), o.GetAliases()); err != nil {
		return err
	}
	contact := o.GetContact()
	for _, field := range []struct{ what, text string }{
		{"contact's name", contact.GetName()}, {"telephone number", contact.GetTelephone()}, {"e-mail address", contact.GetEmail()}, {"page", contact.GetUrl()},
	} {
		if err := checkLine(field.what, field.text); err != nil {
			return err
		}
	}
	return nil
}

// checkDays refuses days that do not exist and periods that end before they start.
// Empty days are open ends.
func checkDays(from, until string) error {
	for _, day := range []string{from, until} {
		if day != "" && !notation.IsDay(day) {
			return fmt.Errorf("%.20q is not a day: write YYYY-MM-DD", day)
		}
	}
	if until != "" && until < from {
		return fmt.Errorf("it ends (%s) before it starts (%s)", until, from)
	}
	return nil
}

// asked returns the day a question is about.
func asked(day string) string {
	if day == "" {
		return forever
	}
	return day
}
