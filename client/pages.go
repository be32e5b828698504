package client

import (
	"context"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// Whoever takes away more than fits in memory follows the pages of a list themselves: each request is
// the one before with the next_page_token that came back.

// MattersPage lists a page of the matters the node knows, newest first.
func (c *Client) MattersPage(ctx context.Context, req *answersv1.ListMattersRequest) (*answersv1.ListMattersResponse, error) {
	resp, err := c.guidance.ListMatters(ctx, req)
	return resp, c.explain(err)
}

// RegisterPage returns a page of the register.
func (c *Client) RegisterPage(ctx context.Context, req *answersv1.GetRegisterRequest) (*answersv1.GetRegisterResponse, error) {
	resp, err := c.register.GetRegister(ctx, req)
	return resp, c.explain(err)
}

// PracticesPage returns a page of the practices that the register's lists have.
func (c *Client) PracticesPage(ctx context.Context, req *answersv1.ListPracticesRequest) (*answersv1.ListPracticesResponse, error) {
	resp, err := c.register.ListPractices(ctx, req)
	return resp, c.explain(err)
}
