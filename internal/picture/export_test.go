package picture

import (
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// AnyWorld draws a world of the properties, and a question about it.
func AnyWorld(t *rapid.T) (Input, []register.Record, answersv1.Unit) {
	isListed := fairly(0, 1, 2).Draw(t, "listed") == 0
	var c *country
	if isListed {
		c = listedCountry(t)
	} else {
		c = anyCountry(t, rapid.Bool().Draw(t, "share"), rapid.Bool().Draw(t, "gaps"))
	}
	in := c.in
	in.Measure = fairly("", "", "", "engage", "disengage").Draw(t, "asked")
	in.Audience = fairly(v1.Audience_AUDIENCE_UNSPECIFIED, v1.Audience_AUDIENCE_PRACTICES, v1.Audience_AUDIENCE_PCNS).Draw(t, "of")
	in.Scope = fairly("", "", "", groupsMeant[0], groupsMeant[1]).Draw(t, "group")
	if area := fairly("", "", "icb:A", "sub-icb:AB").Draw(t, "in"); area != "" {
		in.Area = areaID(area)
	}
	if in.AsOf = fairly("2021-10-22", "2021-10-28", "2021-10-30").Draw(t, "as of"); isListed {
		in.AsOf = "2021-10-28" // of other days its LMCs may be others
	}
	return in, c.records, fairly(answersv1.Unit_UNIT_COMMITTEES, answersv1.Unit_UNIT_OFFICES, answersv1.Unit_UNIT_PRACTICES, answersv1.Unit_UNIT_PATIENTS).Draw(t, "unit")
}

// October is the federation of October 2021 in small.
func October() (Input, []register.Record) {
	w := october()
	return w.in, w.records
}
