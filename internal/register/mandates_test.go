package register

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func TestOfficeForReadsMandatesByDay(t *testing.T) {
	for name, c := range map[string]struct {
		mandates []*ledgerv1.RegisterRecord
		want     map[string]string // day -> office
	}{
		"always": {
			[]*ledgerv1.RegisterRecord{mandate("kent", "kent", "", "")},
			map[string]string{"0001-01-01": "kent", "2021-10-25": "kent", "": "kent"},
		},
		"a committee that moves office": {
			[]*ledgerv1.RegisterRecord{mandate("kent", "kent", "", ""), mandate("kent", "wessex", "2022-04-01", "")},
			map[string]string{"2022-03-31": "kent", "2022-04-01": "wessex", "": "wessex"},
		},
		"first and last day included": {
			[]*ledgerv1.RegisterRecord{mandate("kent", "kent", "2021-01-01", "2021-06-30")},
			map[string]string{"2020-12-31": "", "2021-01-01": "kent", "2021-06-30": "kent", "2021-07-01": ""},
		},
		"a later mandate ends the earlier one for good": {
			[]*ledgerv1.RegisterRecord{mandate("kent", "kent", "", ""), mandate("kent", "wessex", "2021-01-01", "2021-06-30")},
			map[string]string{"2020-12-31": "kent", "2021-06-30": "wessex", "2021-07-01": ""},
		},
		"recorded late, valid earlier": {
			[]*ledgerv1.RegisterRecord{mandate("kent", "wessex", "2021-01-01", ""), mandate("kent", "kent", "2010-01-01", "")},
			map[string]string{"2020-12-31": "kent", "2021-01-01": "wessex"},
		},
		"nobody from a day": {
			[]*ledgerv1.RegisterRecord{mandate("kent", "kent", "", ""), mandate("kent", "", "2021-01-01", "")},
			map[string]string{"2020-12-31": "kent", "2021-01-01": ""},
		},
		"the same first day again": {
			[]*ledgerv1.RegisterRecord{mandate("kent", "kent", "2021-01-01", ""), mandate("kent", "wessex", "2021-01-01", "")},
			map[string]string{"2020-12-31": "", "2021-01-01": "wessex"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := fold(append([]*ledgerv1.RegisterRecord{putCommittee("kent"), admit("kent"), admit("wessex")}, c.mandates...)...)
			for day, want := range c.want {
				office, ok := r.OfficeFor("kent", day)
				if office != want || ok != (want != "") {
					t.Errorf("on %s: %q %v, want %q", day, office, ok, want)
				}
				if want != "" && !r.SpeaksFor(want, "kent", day, day) {
					t.Errorf("on %s: %s does not speak", day, want)
				}
			}
		})
	}
}

// A mandate went on after its committee was over: its letters counted, and what named it could be
// ended on behalf of nobody else.
func TestNobodySpeaksForACommitteeThatIsOver(t *testing.T) {
	r := fold(committeeRecord(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: lmc, ValidUntil: "2021-10-20"}), admit("kent"), mandate("kent", "kent", "", ""))
	for _, c := range []struct {
		first, last string
		want        bool
	}{{"2021-10-20", "2021-10-20", true}, {"2021-10-20", "2021-10-25", true}, {"2021-10-21", "2021-10-25", false}} {
		if got := r.SpeaksFor("kent", "kent", c.first, c.last); got != c.want {
			t.Errorf("%s to %s: %v", c.first, c.last, got)
		}
	}
	if _, ok := r.OfficeFor("kent", "2021-10-21"); ok {
		t.Error("somebody speaks for it after its last day")
	}
}

func TestALaterMandateOfTheSameFirstDayMendsTheEarlier(t *testing.T) {
	r := fold(putCommittee("kent"), admit("kent"), admit("wessex"), mandate("kent", "kent", "", ""), mandate("kent", "wessex", "", ""))
	wantProblems(t, r)
	if office, _ := r.OfficeFor("kent", ""); office != "wessex" {
		t.Errorf("%s speaks for it", office)
	}
}

func TestMandatesThatGiveNothingAreListed(t *testing.T) {
	r := fold(mandate("kent", "kent", "", ""))
	wantProblems(t, r, "gpc-england/0: mandate for kent: the register has no such committee", "the office kent is not admitted")
	wantProblems(t, fold(mandate("kent", "kent", "", ""), putCommittee("kent"), admit("kent")))
}

func TestOfficesEverListsEachOnceInOrderOfTime(t *testing.T) {
	r := fold(mandate("kent", "wessex", "2015-01-01", ""), mandate("kent", "kent", "", ""), mandate("kent", "kent", "2020-01-01", ""), mandate("kent", "", "2022-01-01", ""))
	if diff := cmp.Diff([]string{"kent", "wessex"}, r.OfficesEver("kent")); diff != "" {
		t.Errorf("offices ever (-want +got):\n%s", diff)
	}
	if r.OfficesEver("avon") != nil {
		t.Error("a committee without mandates has offices")
	}
}

func TestAReportingRightEndsWhenItIsRecordedAgainWithAnEnd(t *testing.T) {
	r := fold(right("kent", "2021-01-01", ""), right("kent", "2021-01-01", "2021-06-30"), right("kent", "2022-01-01", ""))
	for day, want := range map[string]bool{"2020-12-31": false, "2021-01-01": true, "2021-06-30": true, "2021-07-01": false, "2022-01-01": true, "": true} {
		if got := r.MayReport("kent", day, day); got != want {
			t.Errorf("on %q: %v", day, got)
		}
	}
}

// A letter whose day is known within a range counts for whoever spoke on some day of it
// (domain.md 4.1).
func TestAnOfficeSpeaksWithinARangeWhereItDoesOnSomeDayOfIt(t *testing.T) {
	r := fold(
		putCommittee("kent"), admit("kent"), admit("wessex"), mandate("kent", "kent", "2021-01-10", "2021-01-20"), mandate("kent", "wessex", "2021-01-25", ""),
		right("kent", "2021-01-10", "2021-01-20"),
	)
	for _, c := range []struct {
		first, last  string
		kent, wessex bool
	}{
		{"2021-01-01", "2021-01-09", false, false},
		{"2021-01-01", "2021-01-10", true, false},
		{"2021-01-12", "2021-01-14", true, false},
		{"2021-01-20", "2021-01-24", true, false},
		{"2021-01-21", "2021-01-24", false, false},
		{"2021-01-20", "2021-01-25", true, true},
		{"2021-01-01", "2021-02-01", true, true},
		{"2021-01-25", "2021-01-25", false, true},
	} {
		if kent, wessex := r.SpeaksFor("kent", "kent", c.first, c.last), r.SpeaksFor("wessex", "kent", c.first, c.last); kent != c.kent || wessex != c.wessex {
			t.Errorf("%s to %s: kent speaks %v, wessex %v", c.first, c.last, kent, wessex)
		}
		if got := r.MayReport("kent", c.first, c.last); got != c.kent {
			t.Errorf("%s to %s: kent may report %v", c.first, c.last, got)
		}
	}
}

func TestAtMostOneOfficeSpeaksForACommitteeOnAnyDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bodies := []*ledgerv1.RegisterRecord{}
		for range rapid.IntRange(0, 8).Draw(t, "mandates") {
			bodies = append(bodies, mandate("kent", rapid.SampledFrom(someIDs).Draw(t, "office"), anyDay(t), anyDay(t)))
		}
		r := fold(bodies...)
		for day := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC); day.Month() < 3; day = day.AddDate(0, 0, 1) {
			checkOneSpeaks(t, r, day.Format(time.DateOnly))
		}
	})
}

func checkOneSpeaks(t *rapid.T, r *Register, day string) {
	speakers := 0
	for _, office := range someIDs {
		if r.SpeaksFor(office, "kent", day, day) {
			speakers++
		}
	}
	if _, ok := r.OfficeFor("kent", day); speakers > 1 || ok != (speakers == 1) {
		t.Fatalf("%d offices speak for kent on %s", speakers, day)
	}
}

// anyDay draws an open end or a day of January or February 2021.
func anyDay(t *rapid.T) string {
	n := rapid.IntRange(0, 56).Draw(t, "day")
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("2021-%02d-%02d", 1+n/29, 1+n%28)
}

func TestARightThatOnlyGoesOnIsTheOneThereIs(t *testing.T) {
	for _, c := range []struct {
		name    string
		records []*ledgerv1.RegisterRecord
		want    string
	}{
		{"given again from a later day", []*ledgerv1.RegisterRecord{right("kent", "", ""), right("kent", "2021-10-01", "")}, "yes"},
		{"given again, then ended", []*ledgerv1.RegisterRecord{right("kent", "", ""), right("kent", "2021-10-01", "2022-03-31")}, "yes until 2022-03-31"},
		{"a day between", []*ledgerv1.RegisterRecord{right("kent", "", "2021-09-29"), right("kent", "2021-10-01", "")}, "yes until 2021-09-29; yes from 2021-10-01"},
		{"no day between", []*ledgerv1.RegisterRecord{right("kent", "", "2021-09-30"), right("kent", "2021-10-01", ""), right("kent", "2021-11-01", "")}, "yes"},
	} {
		r := fold(append([]*ledgerv1.RegisterRecord{admit("kent")}, c.records...)...)
		fields := r.fields(Subject{kind: officeSubject, id: "kent"})
		if got := fields[len(fields)-1].text; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	r := fold(putCommittee("kent"), admit("kent"), admit("wessex"), mandate("kent", "kent", "", ""), mandate("kent", "wessex", "2021-10-01", ""), mandate("kent", "kent", "2021-11-01", ""))
	if got, want := r.mandates["kent"].String(), "kent until 2021-09-30; wessex from 2021-10-01 until 2021-10-31; kent from 2021-11-01"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
