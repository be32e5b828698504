package client

import (
	"context"
	"errors"
	"io"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

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

// pages follows a list to its end, or to PagesLimit: ask asks for the page of a token, and join takes what each after
// the first has into that, with the token of the page after it.
func pages[P interface{ GetNextPageToken() string }](c *Client, ask func(token string) (P, error), join func(all, page P)) (P, error) {
	all, err := ask("")
	for n := 1; err == nil && all.GetNextPageToken() != "" && n < PagesLimit; n++ {
		var page P
		if page, err = ask(all.GetNextPageToken()); err == nil {
			join(all, page)
		}
	}
	if err != nil {
		var none P
		return none, c.explain(err)
	}
	return all, nil
}

// Matters lists the matters the node knows, newest first, all pages as one.
func (c *Client) Matters(ctx context.Context) (*answersv1.ListMattersResponse, error) {
	return pages(c, func(token string) (*answersv1.ListMattersResponse, error) {
		return c.guidance.ListMatters(ctx, &answersv1.ListMattersRequest{PageSize: pageSize, PageToken: token})
	}, func(all, page *answersv1.ListMattersResponse) {
		all.Matters = append(all.Matters, page.GetMatters()...)
		all.Completeness, all.NextPageToken = page.GetCompleteness(), page.GetNextPageToken()
	})
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

// PracticePage returns what concerns one practice: its committees and whom to ring, and what they
// and their nation's committee say on every open matter. Where next_page_token is set there are
// more open matters: ask for them with the same request and that token.
func (c *Client) PracticePage(ctx context.Context, req *answersv1.GetPracticePageRequest) (*answersv1.GetPracticePageResponse, error) {
	resp, err := c.guidance.GetPracticePage(ctx, req)
	return resp, c.explain(err)
}

// National returns the national picture counted in unit (unspecified: committees)
// for a nation ("": england).
func (c *Client) National(ctx context.Context, sel *answersv1.Selector, unit answersv1.Unit, nation string) (*answersv1.NationalPicture, error) {
	resp, err := c.national.GetNationalPicture(ctx, &answersv1.GetNationalPictureRequest{
		Selector: sel, Unit: unit, Nation: nation,
	})
	return resp.GetPicture(), c.explain(err)
}

// SaveNational gives each the parts of a national picture with what it takes to count it again
// without the node, in order, until the last or an error of each.
func (c *Client) SaveNational(ctx context.Context, req *answersv1.SaveNationalPictureRequest, each func(*answersv1.SavedPart) error) error {
	ctx, cancel := context.WithCancel(ctx) // whoever stops ends the stream
	defer cancel()
	stream, err := c.national.SaveNationalPicture(ctx, req)
	if err != nil {
		return c.explain(err)
	}
	return receive(c, stream, func(resp *answersv1.SaveNationalPictureResponse) error { return each(resp.GetPart()) })
}

// receive gives each the messages of a stream, in order, until the last or an error of each.
func receive[M any](c *Client, stream grpc.ServerStreamingClient[M], each func(*M) error) error {
	for {
		msg, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return c.explain(err)
		}
		if err := each(msg); err != nil {
			return err
		}
	}
}

// Compare returns the national picture beside that of an earlier look, and what changed
// between the two.
func (c *Client) Compare(ctx context.Context, sel *answersv1.Selector, since *answersv1.Since, unit answersv1.Unit, nation string) (*answersv1.GetNationalPictureResponse, error) {
	resp, err := c.national.GetNationalPicture(ctx, &answersv1.GetNationalPictureRequest{
		Selector: sel, Unit: unit, Nation: nation, Compare: since,
	})
	return resp, c.explain(err)
}

// Changes returns what changed between two looks: since a day or since the cursor of an
// earlier answer (Since), on the selector's matter or, without one, on every open one. Unlike
// Watch it ends; its cursor is where to ask from next time.
func (c *Client) Changes(ctx context.Context, req *answersv1.GetChangesRequest) (*answersv1.GetChangesResponse, error) {
	resp, err := c.guidance.GetChanges(ctx, req)
	return resp, c.explain(err)
}

// Entry returns one entry of a log ("essex/7") with its words, whatever its kind, and
// where it stands today.
func (c *Client) Entry(ctx context.Context, name string) (*answersv1.GetEntryResponse, error) {
	resp, err := c.guidance.GetEntry(ctx, &answersv1.GetEntryRequest{Name: name})
	return resp, c.explain(err)
}

// NewestEntries lists a page of entries, newest first: the first, or that of the page_token.
func (c *Client) NewestEntries(ctx context.Context, req *answersv1.ListEntriesRequest) (*answersv1.ListEntriesResponse, error) {
	resp, err := c.guidance.ListEntries(ctx, req)
	return resp, c.explain(err)
}

// Entries lists entries, newest first, all pages as one: the history of a matter, the
// letters of an office, what a committee said between two days.
func (c *Client) Entries(ctx context.Context, req *answersv1.ListEntriesRequest) (*answersv1.ListEntriesResponse, error) {
	return pages(c, func(token string) (*answersv1.ListEntriesResponse, error) {
		req := proto.CloneOf(req)
		req.PageSize, req.PageToken = pageSize, token
		return c.guidance.ListEntries(ctx, req)
	}, func(all, page *answersv1.ListEntriesResponse) {
		all.Entries = append(all.Entries, page.GetEntries()...)
		all.Names = joinNames(all.GetNames(), page.GetNames())
		all.Completeness, all.NextPageToken = page.GetCompleteness(), page.GetNextPageToken()
	})
}

// Votes lists the votes that letters tell of, all pages as one: those that were asked the same
// together. Nothing in it is counted.
func (c *Client) Votes(ctx context.Context, req *answersv1.ListVotesRequest) (*answersv1.ListVotesResponse, error) {
	return pages(c, func(token string) (*answersv1.ListVotesResponse, error) {
		req := proto.CloneOf(req)
		req.PageSize, req.PageToken = pageSize, token
		return c.guidance.ListVotes(ctx, req)
	}, func(all, page *answersv1.ListVotesResponse) {
		all.Votes = append(all.Votes, page.GetVotes()...)
		for _, notice := range page.GetNotices() {
			if !slices.Contains(all.Notices, notice) {
				all.Notices = append(all.Notices, notice)
			}
		}
		all.Names = joinNames(all.GetNames(), page.GetNames())
		all.Completeness, all.NextPageToken = page.GetCompleteness(), page.GetNextPageToken()
	})
}

// joinNames are the names of pages and of the page after them, each of which has those of its own items.
func joinNames(all, page *answersv1.Names) *answersv1.Names {
	joined := &answersv1.Names{}
	proto.Merge(joined, all)
	proto.Merge(joined, page)
	for matter, titles := range all.GetMatters() { // of which a page names only some measures
		proto.Merge(joined.Matters[matter], titles)
	}
	return joined
}

// Search finds letters, reports and matters by words, the best first, a page of them.
func (c *Client) Search(ctx context.Context, req *answersv1.SearchRequest) (*answersv1.SearchResponse, error) {
	resp, err := c.guidance.Search(ctx, req)
	return resp, c.explain(err)
}

// Status tells how the node is and what its limits are.
func (c *Client) Status(ctx context.Context) (*nodev1.GetStatusResponse, error) {
	resp, err := c.node.GetStatus(ctx, &nodev1.GetStatusRequest{})
	return resp, c.explain(err)
}

// Standing returns how many other nodes, of those connected to the node now, are known to hold an
// entry ("essex/5").
func (c *Client) Standing(ctx context.Context, entry string) (*nodev1.Standing, error) {
	resp, err := c.node.GetStatus(ctx, &nodev1.GetStatusRequest{Entry: entry})
	return resp.GetStanding(), c.explain(err)
}

// Register returns the register as of a size of the keeper's log (0: all that is
// held) and a day ("": today), all pages as one.
func (c *Client) Register(ctx context.Context, size uint64, day string) (*answersv1.GetRegisterResponse, error) {
	return c.allOfRegister(ctx, &answersv1.GetRegisterRequest{Size: size, Day: day, PageSize: pageSize})
}

// WholeRegister returns all that is held of the register today, and with it the committees
// and areas that are no more or not yet.
func (c *Client) WholeRegister(ctx context.Context) (*answersv1.GetRegisterResponse, error) {
	return c.allOfRegister(ctx, &answersv1.GetRegisterRequest{Ever: true, PageSize: pageSize})
}

func (c *Client) allOfRegister(ctx context.Context, req *answersv1.GetRegisterRequest) (*answersv1.GetRegisterResponse, error) {
	return pages(c, func(token string) (*answersv1.GetRegisterResponse, error) {
		req.PageToken = token
		return c.register.GetRegister(ctx, req)
	}, func(all, page *answersv1.GetRegisterResponse) {
		for _, area := range page.GetAreas() {
			if n := len(all.Areas); n > 0 && proto.Equal(all.Areas[n-1].GetId(), area.GetId()) { // its codes go on
				all.Areas[n-1].PracticeCodes = append(all.Areas[n-1].PracticeCodes, area.GetPracticeCodes()...)
			} else {
				all.Areas = append(all.Areas, area)
			}
		}
		all.NextPageToken = page.GetNextPageToken()
	})
}

// LookUpPractice says which committees a practice belongs to on a day ("": today).
func (c *Client) LookUpPractice(ctx context.Context, practice, day string) (*answersv1.LookUpPracticeResponse, error) {
	resp, err := c.register.LookUpPractice(ctx, &answersv1.LookUpPracticeRequest{Practice: practice, Day: day})
	return resp, c.explain(err)
}

// FindPractice looks a practice up by what somebody knows of it: a code in any case, a name or part of
// one, a postcode.
func (c *Client) FindPractice(ctx context.Context, text, day string) (*answersv1.LookUpPracticeResponse, error) {
	resp, err := c.register.LookUpPractice(ctx, &answersv1.LookUpPracticeRequest{Text: text, Day: day})
	return resp, c.explain(err)
}

// Practices returns the practices that the register's lists have, all pages as one.
func (c *Client) Practices(ctx context.Context) (*answersv1.ListPracticesResponse, error) {
	return pages(c, func(token string) (*answersv1.ListPracticesResponse, error) {
		return c.register.ListPractices(ctx, &answersv1.ListPracticesRequest{PageSize: pageSize, PageToken: token})
	}, func(all, page *answersv1.ListPracticesResponse) {
		all.Practices, all.NextPageToken = append(all.Practices, page.GetPractices()...), page.GetNextPageToken()
	})
}
