package client

import (
	"context"
	"fmt"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/lmcfed/lmcfed/internal/fault"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
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

// reads are the methods of the read services, by the request that each takes.
var reads = sync.OnceValue(func() map[protoreflect.FullName]string {
	all := map[protoreflect.FullName]string{}
	for _, file := range []protoreflect.FileDescriptor{nodev1.File_lmc_node_v1_guidance_proto, nodev1.File_lmc_node_v1_national_proto, nodev1.File_lmc_node_v1_register_proto} {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				if m := service.Methods().Get(j); !m.IsStreamingServer() {
					all[m.Input().FullName()] = fmt.Sprintf("/%s/%s", service.FullName(), m.Name())
				}
			}
		}
	}
	return all
})

// Ask answers req into resp, by the method of the read services that takes such a request.
func (c *Client) Ask(ctx context.Context, req, resp proto.Message) error {
	method, is := reads()[req.ProtoReflect().Descriptor().FullName()]
	if !is {
		return fault.New(fault.ErrUnsupported, fmt.Sprintf("no method of the read services takes a %s", req.ProtoReflect().Descriptor().FullName()), "")
	}
	if verify, is := req.(*answersv1.VerifyRequest); is {
		req = sendable(verify)
	}
	return c.explain(c.conn.Invoke(ctx, method, req, resp))
}
