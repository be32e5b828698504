package demo

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Days are the four days on which the picture differs.
var Days = []string{"2021-10-18", "2021-10-20", "2021-10-28", "2021-11-01"}

const (
	matter     = "access-plan-2021"
	viewOffice = "cambridgeshire"
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
	if r.views[day], err = f.office(viewOffice).client.CombinedView(ctx, &answersv1.Selector{Matter: matter, AsOf: day, Committee: viewOffice}); err != nil {
		return err
	}
	if r.national[day], err = f.nodes[0].client.National(ctx, &answersv1.Selector{Matter: matter, AsOf: day}, answersv1.Unit_UNIT_COMMITTEES, ""); err != nil {
		return err
	}
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

// WriteText writes the report for people: what a practice in Cambridgeshire and
// what GPC see on each of the days.
func (r *Report) WriteText(w io.Writer, width int) error {
	for _, day := range Days {
		fmt.Fprintf(w, "\n===== %s: the combined view, as Cambridgeshire's node gives it =====\n\n", plain.Day(day))
		if err := plain.View(w, r.views[day], width); err != nil {
			return err
		}
		fmt.Fprintf(w, "\n===== %s: the national picture, as GPC's node gives it =====\n\n", plain.Day(day))
		if err := plain.National(w, r.national[day], width); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\n===== The nodes: all hold and answer the same =====\n\n")
	for _, n := range r.Nodes {
		fmt.Fprintf(w, "  %-16s %-18s %d entries  frontier %s…  view %s…\n", n.Office, n.Address, n.Entries, n.FrontierRoot[:12], n.ViewDigest[:12])
	}
	return nil
}

// WriteCommands writes one command for each node that works as pasted.
func (f *Federation) WriteCommands(w io.Writer, lmc string) {
	fmt.Fprintln(w, "\nThe nodes stay up until Ctrl-C. In another terminal, for example:")
	for i, o := range f.nodes {
		ask := "view " + matter + " --as-of 2021-11-01"
		switch {
		case i == 0:
			ask = "national " + matter + " --as-of 2021-11-01"
		case o.id == viewOffice:
			ask = "view " + matter + " --practice X10001 --as-of 2021-10-28"
		}
		fmt.Fprintf(w, "  %s %s --profile %s\n", lmc, ask, filepath.Join(o.dir, "profile.json"))
	}
}
