package guidance

import (
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ofSize gives a position conditions until it has a size in bytes.
func ofSize(n int) func(*v1.Position) {
	return func(p *v1.Position) {
		for proto.Size(p) < n {
			c := &v1.Condition{Direction: v1.ConditionDirection_CONDITION_DIRECTION_ONLY_IF, Text: strings.Repeat("x", 1000)}
			p.Conditions = append(p.Conditions, c)
			if over := proto.Size(p) - n; over > 0 {
				c.Text = c.Text[:max(1, len(c.Text)-over)]
			}
		}
		for last := p.Conditions[len(p.Conditions)-1]; proto.Size(p) < n; { // shorter text needs fewer bytes to say its length
			last.Text += "x"
		}
	}
}

// A view has a position once for each committee: of 60 conditions for 27 committees it
// would be 13 MB.
func TestAPositionOverItsSizeIsNeitherPublishedNorCounted(t *testing.T) {
	for size, refused := range map[int]bool{PositionSizeLimit: false, PositionSizeLimit + 1: true} {
		advisory, report := goodAdvisory(), goodReport()
		ofSize(size)(advisory.Positions[0])
		ofSize(size)(report.Position)
		if proto.Size(advisory.Positions[0]) != size || proto.Size(report.Position) != size {
			t.Fatalf("positions of %d and %d bytes, want %d", proto.Size(advisory.Positions[0]), proto.Size(report.Position), size)
		}
		for field, err := range map[string]error{"positions[0]": ValidateAdvisory(advisory), "position": ValidateReport(report)} {
			if !refused && err != nil || refused && (!errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), field+": is 16385 bytes: shorten") || !strings.Contains(err.Error(), "to 16384 in all, and attach")) {
				t.Errorf("%s of %d bytes: %v, want refused %v", field, size, err, refused)
			}
		}
		stated, told := "stated essex/2 support", "reported bma/1 support"
		if refused {
			stated, told = "stated essex/1 refuse", "no_line silent"
		}
		runClauses(t, []clause{
			{name: "said", entries: []Entry{
				say("essex/1", "2021-10-01", on("north", "engage", refuse)),
				say("essex/2", "2021-10-02", on("north", "engage", support, ofSize(size))),
			}, asks: []ask{{asked("north engage 2021-10-10"), stated}}},
			{name: "reported", entries: []Entry{
				reported("bma/1", "2021-10-02", on("north", "engage", support, func(p *v1.Position) { p.Provenance = v1.Provenance_PROVENANCE_REPORTED }, ofSize(size))),
			}, asks: []ask{{asked("north engage 2021-10-10"), told}}},
		})
	}
}
