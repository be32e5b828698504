package demo

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Days are the four days on which the picture differs.
var Days = []string{"2021-10-18", "2021-10-20", "2021-10-28", "2021-11-01"}

const (
	matter       = "access-plan-2021"
	viewOffice   = "cambridgeshire"
	viewPractice = "X10001" // of Cambridgeshire
	viewDay      = "2021-10-28"
	lookPractice = "X20001" // of Mid Essex
	nationalDay  = "2021-11-01"
)

// Report is what the demonstration shows: the JSON it prints.
type Report struct {
	Nodes    []NodeReport               `json:"nodes"`
	Views    map[string]json.RawMessage `json:"views"`    // by day: the combined view, as one node gives it
	National map[string]json.RawMessage `json:"national"` // by day: the national picture, as GPC's node gives it

	views    map[string]*answersv1.CombinedView
	national map[string]*answersv1.NationalPicture
}

// NodeReport is one node: equal roots and digests say that all hold and resolve the
// same.
type NodeReport struct {
	Office       string `json:"office"`
	Address      string `json:"address"`
	FrontierRoot string `json:"frontierRoot"`
	ViewDigest   string `json:"viewDigest"`
	Entries      uint64 `json:"entries"`
}

// Report asks the nodes, over the network, for what they show.
func (f *Federation) Report(ctx context.Context) (*Report, error) {
	r := &Report{
		Views: map[string]json.RawMessage{}, National: map[string]json.RawMessage{},
		views: map[string]*answersv1.CombinedView{}, national: map[string]*answersv1.NationalPicture{},
	}
	for _, o := range f.nodes {
		n, err := o.report()
		if err != nil {
			return nil, fmt.Errorf("asking the node of %s: %w", o.id, err)
		}
		r.Nodes = append(r.Nodes, n)
	}
	for _, day := range Days {
		if err := f.reportDay(ctx, r, day); err != nil {
			return nil, fmt.Errorf("asking for %s: %w", day, err)
		}
	}
	return r, nil
}

func (o *office) report() (NodeReport, error) {
	root := o.node.FrontierRoot()
	digest, err := o.node.ViewDigest(matter, Days[len(Days)-1])
	return NodeReport{
		Office: o.id, Address: o.address, Entries: o.node.Entries(),
		FrontierRoot: hex.EncodeToString(root[:]), ViewDigest: hex.EncodeToString(digest[:]),
	}, err
}

func (f *Federation) reportDay(ctx context.Context, r *Report, day string) (err error) {
	if r.views[day], err = f.office(viewOffice).client.CombinedView(ctx, &answersv1.Selector{Matter: matter, AsOf: day, Practice: viewPractice}); err != nil {
		return err
	}
	if r.national[day], err = f.nodes[0].client.National(ctx, &answersv1.Selector{Matter: matter, AsOf: day}, answersv1.Unit_UNIT_COMMITTEES, ""); err != nil {
		return err
	}
	r.views[day].GetCompleteness().Heard, r.national[day].GetCompleteness().Heard = nil, nil // to the second, and so new each time
	if r.Views[day], err = canonicalJSON(r.views[day]); err != nil {
		return err
	}
	r.National[day], err = canonicalJSON(r.national[day])
	return err
}

func canonicalJSON(m proto.Message) (json.RawMessage, error) {
	return protojson.Marshal(m)
}

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// WriteText writes three screens with WriteCommands: what one practice sees, who says what
// of the whole matter, and that all nodes answer so.
func (r *Report) WriteText(w io.Writer, width int) error {
	head(w, viewDay, "what practice "+viewPractice+" sees")
	view := proto.CloneOf(r.views[viewDay])
	view.Committees = slices.DeleteFunc(view.Committees, func(c *answersv1.CommitteeView) bool { return isSilent(c.GetHeadline().GetNoLine().GetReason()) })
	if err := plain.OneScreen(w, view, width); err != nil {
		return err
	}
	fmt.Fprintf(w, "(%d other LMCs of this register have published nothing on it here.)\n", len(r.views[viewDay].Committees)-len(view.Committees))
	pic := proto.CloneOf(r.national[nationalDay])
	pic.Tables, pic.Notices = pic.Tables[:min(1, len(pic.Tables))], nil // of the whole matter; the notice stands above
	for _, t := range pic.Tables {
		t.OtherBodies = nil
		for _, column := range t.Columns {
			if isSilent(column.GetReason()) {
				column.Members = nil // --full names them
			}
		}
	}
	head(w, nationalDay, "what GPC England sees")
	if err := plain.National(w, pic, width); err != nil {
		return err
	}
	return r.writeNodes(w, width)
}

// WriteAll writes what a practice and what GPC England see on each of the days, whole.
func (r *Report) WriteAll(w io.Writer, width int) error {
	for _, day := range Days {
		head(w, day, "what practice "+viewPractice+" sees")
		if err := plain.View(w, withoutLate(r.views[day]), width); err != nil {
			return err
		}
		head(w, day, "what GPC England sees")
		if err := plain.National(w, r.national[day], width); err != nil {
			return err
		}
	}
	return r.writeNodes(w, width)
}

func isSilent(reason answersv1.NoLineReason) bool {
	return reason == answersv1.NoLineReason_NO_LINE_REASON_SILENT
}

func head(w io.Writer, day, what string) {
	fmt.Fprintf(w, "\n===== %s: %s =====\n", plain.Day(day), what)
}

// withoutLate is a view without the warnings that its letters were logged long after their
// day: all were, when the demonstration began, and that is said once.
func withoutLate(v *answersv1.CombinedView) *answersv1.CombinedView {
	v = proto.CloneOf(v)
	for _, c := range append(v.Committees, v.National) {
		for _, line := range append(c.GetMeasures(), c.GetHeadline()) {
			if line == nil {
				continue
			}
			line.Warnings = slices.DeleteFunc(line.Warnings, func(w *answersv1.Warning) bool {
				return w.GetCode() == answersv1.WarningCode_WARNING_CODE_LOGGED_LATE
			})
		}
	}
	return v
}

// writeNodes says how many nodes there are and where the keeper's is, and that all agree where they do.
func (r *Report) writeNodes(w io.Writer, width int) error {
	p := plain.New(width)
	agree := true
	for _, n := range r.Nodes {
		agree = agree && n.FrontierRoot == r.Nodes[0].FrontierRoot && n.ViewDigest == r.Nodes[0].ViewDigest
	}
	words := "They do not agree yet."
	if agree {
		words = fmt.Sprintf("All hold the same %d entries and answer the same.", r.Nodes[0].Entries)
	}
	p.Head("===== The nodes =====")
	p.Para(0, fmt.Sprintf("%d nodes, the keeper's at %s. %s Letters were logged when this began.", len(r.Nodes), r.Nodes[0].Address, words))
	_, err := io.WriteString(w, "\n"+notation.Clean(p.String()))
	return err
}

// Pages is where a browser finds the pages; empty: nowhere.
func (f *Federation) Pages() string { return f.pages }

// FirstLook is the page that a newcomer sees first, of a practice in Mid Essex; empty: there are no pages.
func (f *Federation) FirstLook() string {
	if f.pages == "" {
		return ""
	}
	return f.pages + "practice/" + lookPractice + "?on=" + viewDay
}

// WriteCommands writes what to try next on nodes that stay up: commands that work as pasted.
func (f *Federation) WriteCommands(w io.Writer, lmc string) {
	profile := filepath.Join(f.office(viewOffice).dir, "profile.json")
	fmt.Fprintf(w, `
The nodes stay up until Ctrl-C. Try next, in another terminal:
  export LMC_PROFILE='%[2]s'
  %[1]s practice %[4]s --on 2021-10-28
  %[1]s view %[3]s --practice %[4]s --as-of 2021-10-20
  %[1]s view %[3]s --measure disengage-demands
  %[1]s national %[3]s --unit practices
  %[1]s history %[3]s
  %[1]s search template reply to ICB
  %[1]s advisory essex/0
`, lmc, strings.ReplaceAll(profile, "'", `'\''`), matter, viewPractice)
	if f.pages != "" {
		fmt.Fprintf(w, `All matters, in a browser: %[1]s
or, for a program:
  curl --json '{"selector": {"matter": "%[2]s"}}' %[1]slmc.node.v1.GuidanceService/GetCombinedView
`, f.pages, matter)
	}
}
