package guidance

import (
	"errors"
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
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

// opening is what an office is warned of that opens its own copy of a matter, changed.
func opening(t *testing.T, change func(*v1.Matter)) []*answersv1.Warning {
	t.Helper()
	m := goodMatter()
	m.Name = "essex/winter"
	change(m)
	known := essexToday()
	known.AllMatters = func() []*v1.Matter { return []*v1.Matter{goodMatter()} }
	_, shown, err := CheckMatter(t.Context(), m, known)
	if err != nil {
		t.Fatal(err)
	}
	return shown.Warnings
}

// Two offices that open the same matter split what is said on it: the second is told.
func TestAMatterThatLooksTheSameAsAnotherIsWarnedOf(t *testing.T) {
	day := func(d string) *v1.DayRange { return &v1.DayRange{Earliest: d, Latest: d} }
	was := goodMatter()
	other := func(m *v1.Matter) {
		m.Title, m.Aliases = "Something else altogether", nil
		for _, measure := range m.Measures {
			measure.Id, measure.Title = measure.Id+"-x", "Of the other: "+measure.Id
		}
	}
	for name, c := range map[string]struct {
		change func(*v1.Matter)
		warned bool
	}{
		"the same":                                  {func(*v1.Matter) {}, true},
		"the same title on another day":             {func(m *v1.Matter) { other(m); m.Title, m.Opened = strings.ToUpper(was.Title), day("2021-06-01") }, true},
		"nearly the same title, the same day":       {func(m *v1.Matter) { other(m); m.Title = was.Title + "s" }, true},
		"nearly the same title, another day":        {func(m *v1.Matter) { other(m); m.Title, m.Opened = was.Title+"s", day("2021-06-01") }, false},
		"the same measures, the same day":           {func(m *v1.Matter) { m.Title, m.Aliases = "Something else altogether", nil }, true},
		"the same measures, another day":            {func(m *v1.Matter) { m.Title, m.Aliases, m.Opened = "Something else altogether", nil, day("2021-06-01") }, false},
		"few of the same measures, the same day":    {func(m *v1.Matter) { id := m.Measures[0].Id; other(m); m.Measures[0].Id = id }, len(was.Measures) <= 2},
		"another one of the same day":               {other, false},
		"another one, with the other's title among": {func(m *v1.Matter) { other(m); m.Aliases = []string{was.Title} }, true},
	} {
		if got := opening(t, c.change); (len(got) == 1) != c.warned {
			t.Errorf("%s: %v", name, got)
		}
	}
	known := essexToday()
	known.Office, known.AllMatters = "gpc", func() []*v1.Matter { return []*v1.Matter{goodMatter()} }
	if _, shown, err := CheckMatter(t.Context(), goodMatter(), known); err != nil || len(shown.Warnings) > 0 {
		t.Errorf("amending it: %v %v", shown.Warnings, err)
	}
}
