package server

import (
	"context"
	"io"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"connectrpc.com/connect/v2/connectproto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	pb "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/wire"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// reads are the services that anybody may read, for whoever speaks no gRPC: over HTTP by Connect, gRPC-Web and JSON
// (mount), and in process (Ask). It is filled by the generated Register functions, and knows no service by itself;
// rights, places, turns and errors are those of a call over gRPC.
type reads struct {
	n         *Node
	server    *connect.Server
	byRequest map[protoreflect.FullName]unaryMethod
}

type unaryMethod struct {
	name   string // /lmc.node.v1.GuidanceService/GetEntry
	impl   any
	handle grpc.MethodHandler
}

func (n *Node) newReads() *reads {
	r := &reads{n: n, server: connect.NewServer(), byRequest: map[protoreflect.FullName]unaryMethod{}}
	nodev1.RegisterGuidanceServiceServer(r, guidanceService{n: n})
	nodev1.RegisterNationalServiceServer(r, nationalService{n: n})
	nodev1.RegisterRegisterServiceServer(r, registerService{n: n})
	nodev1.RegisterNodeServiceServer(r, nodeService{n: n, withoutAddresses: true})
	return r
}

// RegisterService makes reads a grpc.ServiceRegistrar.
func (r *reads) RegisterService(desc *grpc.ServiceDesc, impl any) {
	for _, m := range desc.Methods {
		u := unaryMethod{"/" + desc.ServiceName + "/" + m.MethodName, impl, m.Handler}
		of := r.register(desc, m.MethodName, connect.StreamTypeUnary, func(ctx context.Context, _ connect.Spec, stream connect.ServerStream) error {
			var made readyMade
			err := r.answer(ctx, u, receiving(stream), func(reply pb.Message) (err error) {
				made.bytes, err = inCodec(ctx, reply)
				return err
			})
			if err != nil {
				return connectError(err)
			}
			return stream.Send(&made)
		})
		r.byRequest[of.Input().FullName()] = u
	}
	for _, s := range desc.Streams {
		info := &grpc.StreamServerInfo{FullMethod: "/" + desc.ServiceName + "/" + s.StreamName, IsServerStream: true}
		r.register(desc, s.StreamName, connect.StreamTypeServer, func(ctx context.Context, _ connect.Spec, stream connect.ServerStream) error {
			return connectError(r.n.streamBorder(impl, webStream{ctx, stream}, info, s.Handler))
		})
	}
}

// register has a method served, as its descriptor describes it.
func (r *reads) register(desc *grpc.ServiceDesc, name string, kind connect.StreamType, handle connect.ServerFunc) protoreflect.MethodDescriptor {
	found, _ := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(desc.ServiceName))
	m := found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(name))
	level := m.Options().(*descriptorpb.MethodOptions).GetIdempotencyLevel()
	r.server.Register(connect.Method{Handler: handle, Spec: connect.Spec{
		StreamType: kind, IdempotencyLevel: connect.IdempotencyLevel(level), Schema: m, Procedure: "/" + desc.ServiceName + "/" + name,
	}})
	return m
}

// answer answers a unary call, as gRPC's services do.
func (r *reads) answer(ctx context.Context, u unaryMethod, decode func(v any) error, depart func(reply pb.Message) error) error {
	return r.n.answer(ctx, u.name, func(v any) error { return read(decode, v) },
		func(ctx context.Context, decode func(any) error) (any, error) {
			return u.handle(u.impl, ctx, decode, r.n.unaryBorder)
		},
		func(reply any, _ *line) error { return depart(reply.(pb.Message)) })
}

// Ask answers a request in process: for pages (web.Source).
func (r *reads) Ask(ctx context.Context, req, resp pb.Message) error {
	u, ok := r.byRequest[req.ProtoReflect().Descriptor().FullName()]
	if !ok {
		return fault.New(fault.ErrUnsupported, "no method answers a "+string(req.ProtoReflect().Descriptor().FullName())+" in one message", "")
	}
	return wire.FromStatus(r.answer(ctx, u,
		func(v any) error {
			pb.Merge(v.(*arrival).message.(pb.Message), req)
			return nil
		},
		func(reply pb.Message) error { return readBack(reply, resp) }))
}

// readBack makes of an answer one whose parts can all be seen: some are bytes until it is sent (picture.Written).
func readBack(reply, into pb.Message) error {
	raw, err := pb.Marshal(reply)
	if err != nil {
		return err
	}
	return pb.Unmarshal(raw, into)
}

// mount serves the methods over HTTP. What would compress answers stands in front of the node: it would work out of turn.
func (r *reads) mount(mux connecthttp.ServeMux) {
	asJSON := connectproto.NewJSONCodec()
	asJSON.UnmarshalOptions.DiscardUnknown = false // mistyped, it would be asked something else
	connecthttp.Mount(mux, r.server, connecthttp.WithCodecs(webCodec{connectproto.NewBinaryCodec()}, webCodec{asJSON}),
		connecthttp.WithCompressors(), connecthttp.WithReadMaxBytes(r.n.budgets.visitorMessage))
}

// inCodec is an answer's bytes as whoever asked wants it. JSON is what protojson makes of the message by
// default, so that a page's JSON is the same.
func inCodec(ctx context.Context, reply pb.Message) ([]byte, error) {
	if info, _ := connect.CallInfoForServerContext(ctx); info.Codec != connect.CodecNameJSON {
		return pb.Marshal(reply)
	}
	whole := reply.ProtoReflect().New().Interface()
	if err := readBack(reply, whole); err != nil {
		return nil, err
	}
	return protojson.Marshal(whole)
}

// readyMade is an answer that was written in the turn of its call.
type readyMade struct{ bytes []byte }

// webCodec is a codec that never fails on an arrival, and passes on what is ready-made.
type webCodec struct{ connect.Codec }

func (c webCodec) UnmarshalRead(ctx context.Context, src io.Reader, v any) error {
	a, ok := v.(*arrival)
	if !ok {
		return c.Codec.UnmarshalRead(ctx, src, v)
	}
	a.err = c.Codec.UnmarshalRead(ctx, src, a.message)
	return nil
}

func (c webCodec) MarshalWrite(ctx context.Context, dst io.Writer, v any) error {
	made, ok := v.(*readyMade)
	if !ok {
		return c.Codec.MarshalWrite(ctx, dst, v)
	}
	_, err := dst.Write(made.bytes)
	made.bytes = nil // it is kept once, until it is taken
	return err
}

// receiving reads a message of a stream, and says what was wrong as gRPC does.
func receiving(stream connect.ServerStream) func(v any) error {
	return func(v any) error {
		err := stream.Receive(v)
		if err == nil {
			return nil
		}
		code, words := codes.Code(connect.CodeOf(err)), err.Error()
		if e, ok := err.(*connect.Error); ok {
			words = e.Message()
		}
		if code == codes.Unknown || code == codes.Unimplemented { // cut short, or not one message
			code = codes.Internal
		}
		return status.Error(code, words)
	}
}

// connectError is a status as Connect sends it; any other error is Connect's own.
func connectError(err error) error {
	st, ok := status.FromError(err)
	if err == nil || !ok {
		return err
	}
	e := connect.NewError(connect.Code(st.Code()), st.Message())
	for _, d := range st.Proto().GetDetails() {
		if detail, err := connectproto.NewErrorDetail(d); err == nil {
			e = e.WithDetail(detail)
		}
	}
	return e
}

// webStream is a stream over HTTP as the generated code has it. Headers and trailers nobody sets.
type webStream struct {
	ctx    context.Context
	stream connect.ServerStream
}

func (s webStream) Context() context.Context     { return s.ctx }
func (s webStream) SetHeader(metadata.MD) error  { return nil }
func (s webStream) SendHeader(metadata.MD) error { return nil }
func (s webStream) SetTrailer(metadata.MD)       {}
func (s webStream) RecvMsg(v any) error          { return receiving(s.stream)(v) }

func (s webStream) SendMsg(v any) error {
	made, err := inCodec(s.ctx, v.(departure).message.(pb.Message))
	if err != nil {
		return err
	}
	return s.stream.Send(&readyMade{made})
}
