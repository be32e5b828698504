package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lmcfed/lmcfed/internal/letter"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// ScaleLimit is how many offices more there may be, for load.
const ScaleLimit = 50

// scaled is the id of the nth office for load, and of its committee and area.
func scaled(n int) string { return fmt.Sprintf("scale-%03d", n) }

// scale adds invented offices for load, each with one letter on the five matters. A folder keeps those it
// has: without their nodes the others would wait for them.
func (d *Data) scale(n int, dir string) error {
	if n < 0 || n > ScaleLimit {
		return fmt.Errorf("%d offices more: there can be 0 to %d", n, ScaleLimit)
	}
	for n < ScaleLimit {
		if _, err := os.Stat(filepath.Join(dir, scaled(n+1), "node.json")); err != nil {
			break
		}
		n++
	}
	for i := 1; i <= n; i++ {
		if err := d.scaleOne(i); err != nil {
			return err
		}
	}
	return nil
}

func (d *Data) scaleOne(n int) error {
	id := scaled(n)
	area := &guidancev1.AreaId{Scheme: "lmc-area", Code: id}
	d.Offices = append(d.Offices, officeRow{ID: id, Name: fmt.Sprintf("Office %d (invented)", n)}.office())
	d.NoticeOf[id] = "Demonstration: invented, as are this office and its area."
	d.Offices[len(d.Offices)-1].Contact = &guidancev1.Contact{Name: fmt.Sprintf("Office %d (demonstration)", n), Email: id + "@example.org"}
	d.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: &guidancev1.Area{
		Id: area, Name: fmt.Sprintf("Area %d (invented)", n), PracticeCodes: []string{fmt.Sprintf("X9%04d", n)}, Note: "The area and its practice code are invented.",
	}}})
	d.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &guidancev1.Committee{
		Id: id, Name: fmt.Sprintf("LMC %d (invented)", n), Kind: guidancev1.CommitteeKind_COMMITTEE_KIND_LMC, Nation: "england",
		Areas: []*guidancev1.AreaTenure{{Area: area}},
	}}})
	d.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: id, Office: id}}})
	f := File{Office: id, Path: PathOf(id, "01-load"), Kind: letter.KindLetter, Bytes: scaleLetter(n)}
	if _, err := f.Parse(standIn); err != nil {
		return err
	}
	f.issued = scaleDay
	d.Files = append(d.Files, f) // after all others: it has the latest day
	return nil
}

// scaleDay is the day of every letter for load: the matters it is on have been opened by then.
const scaleDay = "2026-10-06"

// scaleLetter is one letter with a line on each matter, another stance from office to office.
func scaleLetter(n int) []byte {
	stances := []string{"refuse", "advise-against", "caution", "practice-decides", "support"}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Letter %d for load (invented)\noffice: %s\nfor: [%s]\nissued: %s\nto: [practices]\npositions:\n", n, scaled(n), scaled(n), scaleDay)
	for i, matter := range []string{"pcn-des-2020", "access-plan-2021", "collective-action-2024", "online-access-2025", "collective-action-2026"} {
		fmt.Fprintf(&b, "  - on: the whole matter\n    matter: %s\n    stance: %s\n    rationale: Invented, to see how %d offices more are borne.\n", matter, stances[(n+i)%len(stances)], n)
	}
	b.WriteString("references:\n  - title: No public source, for all of this is invented\n    publisher: the demonstration\n---\n\nThis letter is invented, and so are its LMC and its area. It stands here for load alone.\n")
	return []byte(b.String())
}
