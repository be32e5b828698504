package register

import (
	"strings"
	"testing"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// An office's name once held a line break, and after it the fingerprint of another key.
func TestANameThatWouldForgeALineIsRefused(t *testing.T) {
	for _, name := range []string{
		"Evil LMC\nFingerprint: acid badge aqua", "Evil\rLMC", "Evil\x1b[2JLMC", "Evil \u202eCML", "Evil\u2028LMC", "Evil\u200fLMC", "Evil\u009bLMC", "Evil\xffLMC", "Evil\ue000LMC", "Evil\ufffcLMC", "Evil\ufdd0LMC",
		strings.Repeat("x", NameLimit+1), "   ", "",
	} {
		for where, body := range map[string]*ledgerv1.RegisterRecord{
			"committee": committeeRecord(&guidancev1.Committee{Id: "kent", Name: name, Kind: lmc}),
			"body":      {Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{Id: "acme", Name: name}}},
			"area":      areaRecord(&guidancev1.Area{Id: areaID("icb:Q1"), Name: name}),
		} {
			refusedCleanly(t, where+"'s name", name, body)
		}
		if CheckOffice(&guidancev1.Office{Name: name}) == nil {
			t.Errorf("an office is called %.20q", name)
		}
		if strings.TrimSpace(name) == "" {
			continue
		}
		refusedCleanly(t, "alias", name, committeeRecord(&guidancev1.Committee{Id: "kent", Name: "Kent LMC", Kind: lmc, Aliases: []string{name}}))
		refusedCleanly(t, "release", name, areaRecord(&guidancev1.Area{Id: areaID("icb:Q1"), Name: "x", Release: name}))
		for _, o := range []*guidancev1.Office{{Name: "x", Aliases: []string{name}}, {Name: "x", Contact: &guidancev1.Contact{Telephone: name}}} {
			if CheckOffice(o) == nil {
				t.Errorf("an office says %.20q of itself", name)
			}
		}
	}
	for _, name := range []string{"Kent, Surrey & Sussex LMC", "Pwyllgor Meddygol Lleol – Dyfed Powys", "Comhairle nan Eilean Siar"} {
		wantProblems(t, fold(committeeRecord(&guidancev1.Committee{Id: "kent", Name: name, Kind: lmc})))
	}
}

func TestAnAreasNameHasNoBlanksAndEndsSomewhere(t *testing.T) {
	for _, code := range []string{"Q1\nx", "Q 1", "Q1=..", strings.Repeat("Q", 65), "Q\u202e1", "Q\u200b1"} {
		id := &guidancev1.AreaId{Scheme: "icb", Code: code}
		refusedCleanly(t, "code", code, areaRecord(&guidancev1.Area{Id: id, Name: "x"}))
		refusedCleanly(t, "tenure", code, committeeRecord(&guidancev1.Committee{Id: "kent", Name: "x", Kind: lmc, Areas: []*guidancev1.AreaTenure{{Area: id}}}))
	}
}

// refusedCleanly: a record is a problem, and told of without what was wrong with it.
func refusedCleanly(t *testing.T, where, text string, body *ledgerv1.RegisterRecord) {
	t.Helper()
	got := problemWords(fold(body))
	if len(got) != 1 || strings.ContainsAny(got[0], "\n\r\x1b\u202e\u2028\u200f\u009b") {
		t.Errorf("%s %.20q: problems %q, want one, cleaned", where, text, got)
	}
}
