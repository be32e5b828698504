package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/export"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	// exportPage is how many entries are listed at once, each of which is then asked for by itself.
	exportPage = 100
	// savedEach is after how many items what was taken is made durable.
	savedEach = 50
	// progressEach is how long nothing is said of how far it has come.
	progressEach = 2 * time.Second
	// busyTries is how often a node that is busy is asked again, after pauses that double from busyPause.
	busyTries = 8
	busyPause = 100 * time.Millisecond
)

// exporter is an export under way.
type exporter struct {
	*app
	*export.Folder
	c     *client.Client
	since *answersv1.Since
	whose map[string]bool // the committees of the office chosen; nil: not asked yet
	told  time.Time
}

// take takes an item of a list in, once all of it has been asked for.
type take func() error

// item asks for all of an item of a list.
type item func(context.Context) (take, error)

// step is a list that is followed: it asks for a page, and gives the items of it.
type step func(ctx context.Context, token string) (items []item, next string, err error)

// all follows list after list. What was asked for is kept whole, with its place: taken up again, nothing
// of it is asked for twice.
func (x *exporter) all(ctx context.Context) error {
	steps := []step{x.register, x.practices, x.entries, x.matters}
	for x.Step < len(steps) {
		items, next, err := steps[x.Step](ctx, x.Token)
		if err != nil {
			return x.stops(err)
		}
		for x.Done < len(items) {
			taken, err := items[x.Done](ctx)
			if err != nil {
				return x.stops(err)
			}
			if err := taken(); err != nil {
				return err // half of the item is there: it is taken up at the last Save
			}
			if err := x.Commit(); err != nil {
				return err
			}
			if x.Done++; x.Done%savedEach == 0 {
				if err := x.Save(); err != nil {
					return err
				}
			}
			if time.Since(x.told) > progressEach {
				x.told = time.Now()
				x.note("lmc: " + x.soFar() + " so far\n")
			}
		}
		x.Token, x.Done = next, 0
		if next == "" {
			x.Step++
		}
		if err := x.Commit(); err != nil {
			return err
		}
		if err := x.Save(); err != nil {
			return err
		}
	}
	return nil
}

// stops keeps what was taken when the node gives no more.
func (x *exporter) stops(why error) error { return errors.Join(why, x.Save()) }

func (x *exporter) soFar() string {
	return fmt.Sprintf("%s and %s", notation.Counted(int64(x.Entries), "entry", "entries"), notation.Counted(int64(x.Matters), "matter", "matters"))
}

// patiently asks again while the node is busy.
func patiently[M any](ctx context.Context, ask func() (M, error)) (m M, err error) {
	for try := range busyTries {
		if m, err = ask(); !errors.Is(err, client.ErrBusy) {
			return m, err
		}
		select {
		case <-ctx.Done():
			return m, ctx.Err()
		case <-time.After(busyPause << try):
		}
	}
	return m, err
}

func (x *exporter) register(ctx context.Context, token string) (items []item, next string, err error) {
	page, err := patiently(ctx, func() (*answersv1.GetRegisterResponse, error) {
		return x.c.RegisterPage(ctx, &answersv1.GetRegisterRequest{Ever: true, PageSize: 1000, PageToken: token})
	})
	if err != nil {
		return nil, "", err
	}
	var status *nodev1.GetStatusResponse
	if token == "" {
		if status, err = patiently(ctx, func() (*nodev1.GetStatusResponse, error) { return x.c.Status(ctx) }); err != nil {
			return nil, "", err
		}
	}
	return append(items, func(context.Context) (take, error) {
		return func() error {
			if token == "" {
				x.Federation, x.NodeOffice, x.AsOf = page.GetFederation(), status.GetOffice(), page.GetDay()
			}
			return x.AddRegister(page)
		}, nil
	}), page.GetNextPageToken(), nil
}

func (x *exporter) practices(ctx context.Context, token string) (items []item, next string, err error) {
	if !x.Has("json") && !x.Has("csv") {
		return nil, "", nil
	}
	page, err := patiently(ctx, func() (*answersv1.ListPracticesResponse, error) {
		return x.c.PracticesPage(ctx, &answersv1.ListPracticesRequest{PageSize: 1000, PageToken: token})
	})
	if err != nil {
		return nil, "", err
	}
	return append(items, func(context.Context) (take, error) {
		return func() error {
			for _, p := range page.GetPractices() {
				if err := x.AddPractice(p); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}), page.GetNextPageToken(), nil
}

// entries are all that was said and recorded, the newest first, as it was when the first page was asked
// for: what arrives meanwhile moves nothing, and is there the next time.
func (x *exporter) entries(ctx context.Context, token string) (items []item, next string, err error) {
	page, err := x.page(ctx, exportPage, token)
	if err != nil {
		if token != "" && errors.Is(err, client.ErrInvalid) {
			err = withHint(fmt.Errorf("the node does not go on with this list: %w", err), "begin again, in another folder")
		}
		return nil, "", err
	}
	cursor := page.GetCursor()
	cursor.Day = x.AsOf
	completeness := page.GetCompleteness()
	x.Cursor, x.Complete, x.Completeness = formatCursor(cursor), completeness.GetComplete(), completeness.GetWords()
	x.Withheld, x.NotHeld = completeness.GetWithheld(), completeness.GetNotHeld()
	for _, e := range page.GetEntries() {
		items = append(items, func(ctx context.Context) (take, error) { return x.entry(ctx, e.GetName()) })
	}
	return items, page.GetNextPageToken(), nil
}

// missing notes what the node listed and could not give.
func (x *exporter) missing(name string, why error) (take, error) {
	return func() error { x.AddMissing(name, client.Headline(why)); return nil }, nil
}

// page is a page of the entries that were chosen.
func (x *exporter) page(ctx context.Context, size int32, token string) (*answersv1.ListEntriesResponse, error) {
	return patiently(ctx, func() (*answersv1.ListEntriesResponse, error) {
		return x.c.NewestEntries(ctx, &answersv1.ListEntriesRequest{
			Selector: &answersv1.Selector{Matter: x.Matter, Committee: x.Committee, AsOf: lastDay}, Office: x.Office, Since: x.since, PageSize: size, PageToken: token,
		})
	})
}

func (x *exporter) entry(ctx context.Context, name string) (take, error) {
	id, err := ledger.ParseEntryID(name)
	if err != nil {
		return x.missing(name, err)
	}
	entry, err := patiently(ctx, func() (*answersv1.GetEntryResponse, error) { return x.c.Entry(ctx, name) })
	switch {
	case errors.Is(err, client.ErrNotFound), errors.Is(err, client.ErrAbsent):
		return x.missing(name, err)
	case err != nil:
		return nil, err
	case entry.GetEntry().GetName() != name:
		return x.missing(name, fmt.Errorf("the node gave %q for it", entry.GetEntry().GetName()))
	}
	adds := func() error { return x.AddEntry(entry) }
	if !x.Has("markdown") || !export.IsLetter(entry.GetEntry()) {
		return adds, nil
	}
	proof, err := patiently(ctx, func() (*answersv1.GetProofResponse, error) { return x.c.Proof(ctx, name) })
	switch {
	case errors.Is(err, client.ErrNotFound), errors.Is(err, client.ErrAbsent):
		return x.missing(name, err)
	case err != nil:
		return nil, err
	}
	proved, err := client.CheckProof(proof.GetProof(), proof.GetBody(), proof.GetVkey())
	if err == nil && proved.ID != id {
		err = fmt.Errorf("it is the proof of %s", proved.ID)
	}
	if err != nil {
		return x.missing(name, fmt.Errorf("its proof does not hold: %w", err))
	}
	return func() error {
		if err := adds(); err != nil {
			return err
		}
		return x.AddLetter(id, proved.Checkpoint.Log, entry, proof)
	}, nil
}

// matters are the matters as they are now, each with what every committee says on it and on each measure.
func (x *exporter) matters(ctx context.Context, token string) (items []item, next string, err error) {
	if !x.Has("json") && !x.Has("csv") {
		return nil, "", nil
	}
	if x.Office != "" && x.whose == nil {
		page, err := patiently(ctx, func() (*answersv1.GetRegisterResponse, error) {
			return x.c.RegisterPage(ctx, &answersv1.GetRegisterRequest{PageSize: 1})
		})
		if err != nil {
			return nil, "", err
		}
		x.whose = map[string]bool{}
		for _, of := range page.GetOffices() {
			for _, committee := range of.GetCommittees() {
				x.whose[committee] = of.GetOffice().GetId() == x.Office
			}
		}
	}
	names := []string{x.Matter}
	if x.Matter == "" {
		page, err := patiently(ctx, func() (*answersv1.ListMattersResponse, error) {
			return x.c.MattersPage(ctx, &answersv1.ListMattersRequest{PageSize: exportPage, PageToken: token})
		})
		if err != nil {
			return nil, "", err
		}
		names, next = nil, page.GetNextPageToken()
		for _, m := range page.GetMatters() {
			names = append(names, m.GetName())
		}
	}
	for _, name := range names {
		items = append(items, func(ctx context.Context) (take, error) { return x.matter(ctx, name) })
	}
	return items, next, nil
}

func (x *exporter) matter(ctx context.Context, name string) (take, error) {
	resp, err := patiently(ctx, func() (*answersv1.GetMatterResponse, error) { return x.c.Matter(ctx, name) })
	switch {
	case errors.Is(err, client.ErrNotFound) && x.Matter == "":
		return x.missing(name, err)
	case err != nil:
		return nil, err
	}
	var views []*answersv1.CombinedView
	measures := []string{""}
	for _, measure := range resp.GetMatter().GetMeasures() {
		measures = append(measures, measure.GetId())
	}
	for _, measure := range measures {
		view, err := patiently(ctx, func() (*answersv1.CombinedView, error) {
			return x.c.CombinedView(ctx, &answersv1.Selector{Matter: name, Measure: measure, WholeMatter: measure == ""})
		})
		switch {
		case errors.Is(err, client.ErrNotFound) && x.Matter == "":
			return x.missing(name, err)
		case err != nil:
			return nil, err
		}
		views = append(views, view)
	}
	return func() error {
		if err := x.AddMatter(resp); err != nil {
			return err
		}
		for _, view := range views {
			for _, of := range slices.Concat([]*answersv1.CommitteeView{view.GetNational()}, view.GetCommittees(), view.GetOtherBodies(), view.GetOtherNations()) {
				for _, line := range append([]*answersv1.Line{of.GetHeadline()}, of.GetParts()...) {
					if line == nil || x.Committee != "" && line.GetCommittee() != x.Committee || x.Office != "" && !x.whose[line.GetCommittee()] {
						continue
					}
					if err := x.AddLine(line, view.GetAsOf()); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}, nil
}
