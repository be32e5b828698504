package demo

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// The rows of register.yaml.
type (
	registerFile struct {
		Federation string
		Keeper     string
		Notice     string // of everything published
		Offices    []officeRow
		Bodies     []bodyRow
		Areas      []areaRow
		Release    string // of every area with numbers
		Committees []committeeRow
		Nation     string // of every LMC and national committee
		Reporters  []string
	}
	officeRow struct {
		ID, Name string
		Aliases  []string
		Contact  struct{ Name, Email, URL string }
		Notice   string // of everything it publishes, in place of the one above
	}
	bodyRow struct {
		ID, Name, Kind string
		Aliases        []string
	}
	areaRow struct {
		Area, Name, From, Until string
		Within, Successors      []string
		Practices, Patients     *int32
		Codes                   []string
		Note                    string
	}
	committeeRow struct {
		ID, Name, Kind string
		Aliases        []string
		Office         string // that speaks for it; empty: nobody here
		From           string // the first day there is one; empty: there always was
		Areas          []string
	}
)

// parseRegister reads register.yaml. Records come in the order in which each names
// only what came before it.
func parseRegister(b []byte) (*Data, error) {
	var file registerFile
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, err
	}
	d := &Data{Federation: file.Federation, Keeper: file.Keeper, Notice: file.Notice, NoticeOf: map[string]string{}}
	for _, row := range file.Offices {
		d.Offices = append(d.Offices, row.office())
		if row.Notice != "" {
			d.NoticeOf[row.ID] = row.Notice
		}
	}
	for _, part := range []func(*Data) error{file.bodies, file.areas, file.committees, file.mandates, file.rights} {
		if err := part(d); err != nil {
			return nil, err
		}
	}
	if len(d.Offices) == 0 || d.Offices[0].GetId() != d.Keeper {
		return nil, fmt.Errorf("the first office must be the keeper, %q", d.Keeper)
	}
	return d, nil
}

func (row officeRow) office() *guidancev1.Office {
	return &guidancev1.Office{
		Id: row.ID, Name: row.Name, Aliases: row.Aliases,
		Contact: &guidancev1.Contact{Name: row.Contact.Name, Email: row.Contact.Email, Url: row.Contact.URL},
	}
}

func (file *registerFile) bodies(d *Data) error {
	for _, row := range file.Bodies {
		kind, err := numberOf(guidancev1.BodyKind_value, "BODY_KIND_", row.Kind)
		if err != nil {
			return fmt.Errorf("body %s: %w", row.ID, err)
		}
		d.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{
			Id: row.ID, Name: row.Name, Kind: guidancev1.BodyKind(kind), Aliases: row.Aliases,
		}}})
	}
	return nil
}

func (file *registerFile) areas(d *Data) error {
	for _, row := range file.Areas {
		area, err := row.area(file.Release)
		if err != nil {
			return err
		}
		d.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: area}})
	}
	return nil
}

func (row areaRow) area(release string) (*guidancev1.Area, error) {
	ids, err := areaIDs(append([]string{row.Area}, append(row.Within, row.Successors...)...))
	if err != nil {
		return nil, fmt.Errorf("area %s: %w", row.Area, err)
	}
	inside := 1 + len(row.Within)
	area := &guidancev1.Area{
		Id: ids[0], Name: row.Name, ValidFrom: row.From, ValidUntil: row.Until, Within: ids[1:inside], Successors: ids[inside:],
		Practices: row.Practices, Patients: row.Patients, PracticeCodes: row.Codes, Note: row.Note,
	}
	if row.Practices != nil || row.Patients != nil {
		area.Release = release
	}
	return area, nil
}

func (file *registerFile) committees(d *Data) error {
	for _, row := range file.Committees {
		kind, err := numberOf(guidancev1.CommitteeKind_value, "COMMITTEE_KIND_", row.Kind)
		if err != nil {
			return fmt.Errorf("committee %s: %w", row.ID, err)
		}
		ids, err := areaIDs(row.Areas)
		if err != nil {
			return fmt.Errorf("committee %s: %w", row.ID, err)
		}
		c := &guidancev1.Committee{Id: row.ID, Name: row.Name, Aliases: row.Aliases, Kind: guidancev1.CommitteeKind(kind), ValidFrom: row.From}
		if c.Kind != guidancev1.CommitteeKind_COMMITTEE_KIND_OTHER_BODY {
			c.Nation = file.Nation
		}
		for _, id := range ids {
			c.Areas = append(c.Areas, &guidancev1.AreaTenure{Area: id})
		}
		d.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: c}})
	}
	return nil
}

func (file *registerFile) mandates(d *Data) error {
	for _, row := range file.Committees {
		if row.Office != "" {
			d.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: row.ID, Office: row.Office}}})
		}
	}
	return nil
}

func (file *registerFile) rights(d *Data) error {
	for _, office := range file.Reporters {
		d.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: office}}})
	}
	return nil
}

func (d *Data) record(r *ledgerv1.RegisterRecord) { d.Register = append(d.Register, r) }

// areaIDs reads areas written "sub-icb:06Q".
func areaIDs(rows []string) ([]*guidancev1.AreaId, error) {
	var ids []*guidancev1.AreaId
	for _, row := range rows {
		area, ok := notation.ReadArea(row)
		if !ok {
			return nil, fmt.Errorf("%q is not an area: write scheme:code, such as sub-icb:06Q", row)
		}
		ids = append(ids, &guidancev1.AreaId{Scheme: area.Scheme, Code: area.Code})
	}
	return ids, nil
}

// numberOf reads an enum's word: nhs-body is BODY_KIND_NHS_BODY.
func numberOf(values map[string]int32, prefix, word string) (int32, error) {
	n, ok := values[prefix+strings.ToUpper(strings.ReplaceAll(word, "-", "_"))]
	if !ok || n == 0 {
		return 0, fmt.Errorf("no kind %q", word)
	}
	return n, nil
}
