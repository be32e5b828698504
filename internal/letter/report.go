package letter

import (
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// report is a ReportedPosition with what only its file has. Its summary is the body.
type report struct {
	*guidancev1.ReportedPosition
	Kind string
}

var reportFields = []field[*report]{
	kindField(func(p *report) *string { return &p.Kind }),
	one("office", "office", word, func(p *report) *string { return &p.Office }),
	one("issued", "issued", days, func(p *report) **guidancev1.DayRange { return &p.Issued }),
	one("source", "source", message(referenceFields), func(p *report) **guidancev1.Reference { return &p.Source }),
	one("position", "position", message(positionFields), func(p *report) **guidancev1.Position { return &p.Position }),
	one("visibility", "visibility", visibility, func(p *report) *guidancev1.Visibility { return &p.Visibility }),
	one("notice", "notice", text, func(p *report) *string { return &p.Notice }),
}

// ParseReport reads a file of kind report. Of the defaults, Office, Matter and Matters apply.
// The error is Errors; the report has passed guidance.ValidateReport.
func ParseReport(b []byte, d Defaults) (*guidancev1.ReportedPosition, error) {
	r, body := open(b, KindReport, d)
	p := &report{ReportedPosition: &guidancev1.ReportedPosition{Summary: body}}
	fill(r, "", r.root, p, reportFields)
	if !r.has("office") {
		p.Office = d.Office
	}
	if !r.has("visibility") {
		p.Visibility = guidancev1.Visibility_VISIBILITY_PUBLIC
	}
	if p.Position != nil {
		if !r.has("position.matter") {
			p.Position.Matter = d.Matter
		}
		p.Position.Matter = r.matterNamed("position.matter", p.Position.Matter, d.Matters)
		p.Position.Measure = r.measureNamed("position.measure", p.Position.Matter, p.Position.Measure, d.Matters)
		if !r.has("position.audiences") {
			p.Position.Audiences = []guidancev1.Audience{guidancev1.Audience_AUDIENCE_PRACTICES}
		}
		if !r.has("position.provenance") {
			p.Position.Provenance = guidancev1.Provenance_PROVENANCE_REPORTED
		}
		if !r.has("position.measure") {
			r.missing("position.measure", "on", sayOn)
		}
	}
	return judged(r, p.ReportedPosition, func(p *guidancev1.ReportedPosition) error {
		whole := proto.CloneOf(p)
		if whole.Position != nil {
			whole.Position.Matter = inFull(whole.Position.Matter)
		}
		return guidance.ValidateReport(whole)
	})
}
