package client

import (
	"context"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

const (
	// pageSize is how many items are asked for at once: the most a node gives.
	pageSize = 1000
	// PagesLimit is how many pages a list is followed for. An answer cut there keeps
	// its next_page_token.
	PagesLimit = 100
)

// Matters lists the matters the node knows, newest first, all pages as one.
func (c *Client) Matters(ctx context.Context) (*answersv1.ListMattersResponse, error) {
	all := &answersv1.ListMattersResponse{}
	for range PagesLimit {
		page, err := c.guidance.ListMatters(ctx, &answersv1.ListMattersRequest{
			PageSize: pageSize, PageToken: all.GetNextPageToken(),
		})
		if err != nil {
			return nil, c.explain(err)
		}
		all.Matters = append(all.Matters, page.GetMatters()...)
		all.Completeness, all.NextPageToken = page.GetCompleteness(), page.GetNextPageToken()
		if all.NextPageToken == "" {
			break
		}
	}
	return all, nil
}

// Matter returns one matter by resource name, bare slug, title or alias.
func (c *Client) Matter(ctx context.Context, name string) (*answersv1.GetMatterResponse, error) {
	resp, err := c.guidance.GetMatter(ctx, &answersv1.GetMatterRequest{Name: name})
	return resp, c.explain(err)
}

// CombinedView returns the current positions of every committee on a matter, the
// reader's own first.
func (c *Client) CombinedView(ctx context.Context, sel *answersv1.Selector) (*answersv1.CombinedView, error) {
	resp, err := c.guidance.GetCombinedView(ctx, &answersv1.GetCombinedViewRequest{Selector: sel})
	return resp.GetView(), c.explain(err)
}

// National returns the national picture counted in unit (unspecified: committees)
// for a nation ("": england).
func (c *Client) National(ctx context.Context, sel *answersv1.Selector, unit answersv1.Unit, nation string) (*answersv1.NationalPicture, error) {
	resp, err := c.national.GetNationalPicture(ctx, &answersv1.GetNationalPictureRequest{
		Selector: sel, Unit: unit, Nation: nation,
	})
	return resp.GetPicture(), c.explain(err)
}

// Advisory returns one entry of a log ("essex/7") with its words, whatever its kind.
func (c *Client) Advisory(ctx context.Context, name string) (*answersv1.GetAdvisoryResponse, error) {
	resp, err := c.guidance.GetAdvisory(ctx, &answersv1.GetAdvisoryRequest{Name: name})
	return resp, c.explain(err)
}

// History lists everything a committee said on a matter, newest first, all pages as
// one; without a committee or practice, every committee.
func (c *Client) History(ctx context.Context, sel *answersv1.Selector) (*answersv1.GetHistoryResponse, error) {
	all := &answersv1.GetHistoryResponse{}
	for range PagesLimit {
		page, err := c.guidance.GetHistory(ctx, &answersv1.GetHistoryRequest{
			Selector: sel, PageSize: pageSize, PageToken: all.GetNextPageToken(),
		})
		if err != nil {
			return nil, c.explain(err)
		}
		all.Items = append(all.Items, page.GetItems()...)
		all.Completeness, all.NextPageToken = page.GetCompleteness(), page.GetNextPageToken()
		if all.NextPageToken == "" {
			break
		}
	}
	return all, nil
}

// Status tells how the node is and what its limits are.
func (c *Client) Status(ctx context.Context) (*nodev1.GetStatusResponse, error) {
	resp, err := c.node.GetStatus(ctx, &nodev1.GetStatusRequest{})
	return resp, c.explain(err)
}

// Register returns the register as of a size of the keeper's log (0: all that is
// held) and a day ("": today).
func (c *Client) Register(ctx context.Context, size uint64, day string) (*answersv1.GetRegisterResponse, error) {
	resp, err := c.register.GetRegister(ctx, &answersv1.GetRegisterRequest{Size: size, Day: day})
	return resp, c.explain(err)
}

// LookUpPractice says which committees a practice belongs to on a day ("": today).
func (c *Client) LookUpPractice(ctx context.Context, practice, day string) (*answersv1.LookUpPracticeResponse, error) {
	resp, err := c.register.LookUpPractice(ctx, &answersv1.LookUpPracticeRequest{Practice: practice, Day: day})
	return resp, c.explain(err)
}
