package server

import (
	"context"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	pb "google.golang.org/protobuf/proto"

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
	case err != nil: // the caller has gone, or its deadline has come
		return wire.FromStatus(err)
	case a.err != nil:
		return fault.New(fault.ErrInvalid, "the request cannot be read: "+a.err.Error(), "send a message of this node's own schema: see proto/lmc, or ask for it by gRPC's reflection")
	}
	return nil
}

// services registers services whose unary methods are let in before their request is read,
// read by arrivals, and wait for their turn with the request in hand: whoever sends slowly
// keeps nobody waiting. Streams are let in by streamBorder.
type services struct {
	*grpc.Server
	n     *Node
	codec arrivalCodec
}

func (s services) RegisterService(desc *grpc.ServiceDesc, impl any) {
	as := *desc
	as.Methods = slices.Clone(desc.Methods)
	for i, m := range desc.Methods {
		method := "/" + desc.ServiceName + "/" + m.MethodName
		as.Methods[i].Handler = func(srv any, ctx context.Context, decode func(any) error, border grpc.UnaryServerInterceptor) (made any, err error) {
			err = s.n.answer(ctx, method, func(v any) error { return read(decode, v) },
				func(ctx context.Context, decode func(any) error) (any, error) {
					return m.Handler(srv, ctx, decode, border)
				},
				func(reply any, l *line) (err error) { made, err = s.depart(reply, l); return err })
			return made, err
		}
	}
	s.Server.RegisterService(&as, impl)
}

// borderStream is a stream as handlers see it: it reads by arrivals, and its context
// ends when the node stops, too, or somebody else is to have its place.
type borderStream struct {
	grpc.ServerStream
	ctx       context.Context
	line      *line
	receiving time.Duration
}

// RecvMsg reads one message. What a visitor's stream asks must not be long in coming.
func (s borderStream) RecvMsg(m any) error {
	var limit time.Duration
	if s.line.isVisitor() {
		limit = s.receiving
	}
	return s.line.receive(s.ctx, limit, func() error { return read(s.ServerStream.RecvMsg, m) })
}

// SendMsg sends one message. A visitor that takes none cannot keep its handler from ending.
func (s borderStream) SendMsg(m any) error {
	return s.line.send(s.ctx, func() error { return s.ServerStream.SendMsg(departure{message: m, line: s.line}) })
}

// Context ends when the caller goes, the node stops, or somebody else is to have its place.
func (s borderStream) Context() context.Context { return s.ctx }

// departure is an answer as it goes out: made ready in the turn of its call, or by the codec.
type departure struct {
	bytes   mem.BufferSlice // made ready; nil: not yet
	message any
	line    *line
}

// depart makes an answer ready.
func (s services) depart(reply any, l *line) (departure, error) {
	bytes, err := s.codec.Marshal(departure{message: reply, line: l})
	return departure{bytes: bytes}, err
}

// Marshal makes an answer ready. Until the transport has let go of it, it counts as unread:
// whoever leaves most unread is hung up on when there is too much of it.
func (c arrivalCodec) Marshal(v any) (mem.BufferSlice, error) {
	d, ok := v.(departure)
	if !ok {
		return c.CodecV2.Marshal(v)
	}
	if d.bytes != nil {
		return d.bytes, nil
	}
	message, ok := d.message.(pb.Message)
	if d.line == nil || !ok {
		return c.CodecV2.Marshal(d.message)
	}
	// As long as it is, for gRPC's pool has a mebibyte for what is over 32 KiB; but not so short that
	// gRPC would tell nobody when it lets go of it.
	bytes, err := pb.MarshalOptions{}.MarshalAppend(make([]byte, 0, max(pb.Size(message), leastTold)), message)
	if err != nil || len(bytes) == 0 {
		return nil, err
	}
	l := d.line // alone: what waits to be taken is not to keep the message
	unread := l.way.unread.Take(l.party, cap(bytes), l.giveWay)
	if l.open.Err() != nil { // closed meanwhile: nothing will be let go of any more
		unread.GiveBack()
	}
	return mem.BufferSlice{mem.NewBuffer(&bytes, lettingGo(unread.GiveBack))}, nil
}

// leastTold is the capacity from which a buffer is told of (mem.NewBuffer).
const leastTold = 1<<10 + 1

// lettingGo is told when the transport has let go of a buffer.
type lettingGo func()

func (lettingGo) Get(n int) *[]byte { b := make([]byte, n); return &b } // nobody does

func (f lettingGo) Put(*[]byte) { f() }
