package guidance

import (
	"errors"
	"strings"
	"testing"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func TestASecondLetterMuchLikeAStandingOneMustSayWhichIsMeant(t *testing.T) {
	first := say("essex/1", "2021-10-25", on("north", "engage", refuse))
	first.Advisory.Title = "Access plan: our advice to practices"
	ended := withdraw("essex/2", "essex/1", "2021-10-26")
	letter := func(title string, change func(*v1.Advisory)) *v1.Advisory {
		a := draft(on("north", "engage", refuse))
		a.Title = title
		if change != nil {
			change(a)
		}
		return a
	}
	for name, c := range map[string]struct {
		a       *v1.Advisory
		ctx     PublishContext
		refused bool
	}{
		"the same title":        {letter("Access plan: our advice to practices", nil), essexToday(first), true},
		"other case and blanks": {letter("ACCESS plan:  our advice to practices", nil), essexToday(first), true},
		"a slip of the pen":     {letter("Access plan: our advice to practises", nil), essexToday(first), true},
		"another title":         {letter("Vaccination", nil), essexToday(first), false},
		"another day":           {letter("Access plan: our advice to practices", func(a *v1.Advisory) { a.Issued = days("2021-10-26") }), essexToday(first), false},
		"replacing it":          {letter("Access plan: our advice to practices", func(a *v1.Advisory) { a.Replaces = []string{"essex/1"} }), essexToday(first), false},
		"beside it":             {letter("Access plan: our advice to practices", func(a *v1.Advisory) { a.Beside = []string{"essex/1"} }), essexToday(first), false},
		"it has ended":          {letter("Access plan: our advice to practices", nil), essexToday(first, ended), false},
	} {
		_, _, _, err := checkPublish(c.a, c.ctx)
		switch {
		case !c.refused && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.refused && (!errors.Is(err, ErrNearlyTheSame) || !strings.Contains(err.Error(), "“beside: [essex/1]”")):
			t.Errorf("%s: %v, want ErrNearlyTheSame naming the entry", name, err)
		}
	}
	if _, _, _, err := checkPublish(letter("Other", func(a *v1.Advisory) { a.Beside = []string{"essex/9"} }), essexToday(first)); !errors.Is(err, ErrUnknownEntry) {
		t.Errorf("beside an entry nobody knows: %v", err)
	}
}
