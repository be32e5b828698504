package server

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
)

// What a caller sent that is no message is the caller's fault. gRPC calls it Internal,
// a mistake of the node, and a stream's RecvMsg sends that status before it returns: too
// late to give it another. So messages are decoded into an arrival, which keeps the error.
type arrival struct {
	message any
	err     error
}

// arrivalCodec is the codec of protobuf that never fails on an arrival.
type arrivalCodec struct{ encoding.CodecV2 }

func (c arrivalCodec) Unmarshal(data mem.BufferSlice, v any) error {
	a, ok := v.(*arrival)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	a.err = c.CodecV2.Unmarshal(data, a.message)
	return nil
}

// read decodes a message by way of an arrival. What the transport refused it has
// answered itself.
func read(decode func(any) error, message any) error {
	a := &arrival{message: message}
	err := decode(a)
	switch {
	case status.Code(err) == codes.ResourceExhausted:
		return fault.New(fault.ErrTooLarge, status.Convert(err).Message(), "send less at once")
	case status.Code(err) == codes.Internal: // a flag or a count of messages that is none
		return fault.New(fault.ErrInvalid, "the request cannot be read: "+status.Convert(err).Message(), "")
	case err != nil:
		return err
	case a.err != nil:
		return fault.New(fault.ErrInvalid, "the request cannot be read: "+a.err.Error(), "send a message of this node's own schema: it tells it by reflection")
	}
	return nil
}

// services registers services whose unary methods read by arrivals; streams do by
// streamBorder.
type services struct{ *grpc.Server }

func (s services) RegisterService(desc *grpc.ServiceDesc, impl any) {
	as := *desc
	as.Methods = slices.Clone(desc.Methods)
	for i, m := range desc.Methods {
		as.Methods[i].Handler = func(srv any, ctx context.Context, decode func(any) error, border grpc.UnaryServerInterceptor) (any, error) {
			return m.Handler(srv, ctx, func(v any) error { return wire.Status(read(decode, v)) }, border)
		}
	}
	s.Server.RegisterService(&as, impl)
}

// borderStream is a stream as handlers see it: it reads by arrivals, and its context
// ends when the node stops, too.
type borderStream struct {
	grpc.ServerStream
	ctx context.Context
}

// RecvMsg reads one message, or gives up when the node stops: gRPC would wait for the
// caller. What still waits then ends with the stream, as soon as its handler returns.
func (s borderStream) RecvMsg(m any) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	got := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil { // the border recovers on the handler's goroutine alone
				got <- fmt.Errorf("panic reading a message: %v", v)
			}
		}()
		got <- read(s.ServerStream.RecvMsg, m)
	}()
	select {
	case err := <-got:
		return err
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// Context ends when the caller goes or the node stops.
func (s borderStream) Context() context.Context { return s.ctx }
