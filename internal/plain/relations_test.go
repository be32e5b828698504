package plain

import (
	"strings"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Below each measure on which the national committee has said nothing stood every committee of the country by name.
func TestWhereThereIsNoNationalLineNotEachCommitteeIsNamedAsWithoutOne(t *testing.T) {
	pic := &answersv1.NationalPicture{Unit: answersv1.Unit_UNIT_COMMITTEES, Names: &answersv1.Names{Committees: map[string]string{"kent": "Kent LMC", "surrey": "Surrey LMC"}}}
	without := &answersv1.RelationCount{Relation: answersv1.Relation_RELATION_NO_NATIONAL_LINE, Count: 2, Committees: []string{"kent", "surrey"}}
	p := New(80)
	p.relations(pic, &answersv1.NationalTable{Relations: []*answersv1.RelationCount{without}})
	if got := strings.TrimSpace(p.String()); got != "2 without a national line: all" {
		t.Error(got)
	}
}
