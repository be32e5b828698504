package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/store"
	"github.com/lmcfed/lmcfed/internal/wire"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Run opens a node's folder and serves until ctx ends. Where its data are mended meanwhile, the
// node begins anew: all that it knows is worked out from them. Where there is no room to mend what
// cannot be read otherwise, it waits for it.
func Run(ctx context.Context, cfg Config) error {
	for {
		n, err := Open(cfg)
		if errors.Is(err, fault.ErrDiskFull) {
			cmp.Or(cfg.Logger, slog.Default()).Error("there is no room to mend the data file, or to bring it up to date: nothing is served until then", "error", err, "do", fault.Hint(err))
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(roomEvery):
				continue
			}
		}
		if err != nil {
			return err
		}
		err = errors.Join(n.Serve(ctx), n.Close())
		if !errors.Is(err, store.ErrMended) {
			return err
		}
		cfg.Solo = "" // said of the data as they were
	}
}

// Serve answers and exchanges until ctx ends, then stops gracefully: health says so,
// open streams end, calls under way finish within five seconds.
//
// The order of a stop is what leaves nothing hanging. GracefulStop alone would wait for
// open streams for ever; and even after Stop both wait for handlers and handshakes, so
// neither is waited for beyond the drain time. Browsers' connections end beside gRPC's, by the same rule:
// those that answer nothing at once, the others when they have answered, or the drain time is over.
//
// It ends with store.ErrMended when damaged data were mended: Run goes on then.
func (n *Node) Serve(ctx context.Context) error {
	lis, err := n.listen()
	if err != nil {
		return err
	}
	n.openDoors(lis)
	stopAdmin, err := n.serveAdmin()
	if err != nil {
		return errors.Join(err, lis.Close())
	}
	defer stopAdmin()

	browsers, err := n.openWeb()
	if err != nil {
		return errors.Join(err, lis.Close())
	}

	background, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	searched := make(chan struct{})
	go func() {
		defer close(searched)
		if !n.cfg.unsearched {
			n.search.Run(background)
		}
	}()
	defer func() {
		stop()
		work.Wait()
		select { // what search has not sealed by then it makes anew: no stop waits longer for it
		case <-searched:
		case <-time.After(n.drainTime):
		}
	}()
	work.Go(func() { n.followRegister(background) })
	work.Go(func() { n.keepPeers(background) })
	work.Go(func() { n.signer.follow(background) })
	work.Go(func() { n.tellKeeper(background) })
	work.Go(func() { n.tellOperator(background, n.listensOn(lis)) })
	if n.certificate != nil {
		work.Go(func() { n.certificate.follow(background, n.cfg.Logger, n.publicHealth) })
	}
	mended := make(chan error, 1)
	work.Go(func() {
		if err := n.mendData(background); err != nil {
			mended <- err
			stop()
		}
	})
	ended := make(chan struct{})
	work.Go(func() {
		defer close(ended)
		<-background.Done()
		n.health.Shutdown()
		n.stopStreams()
		var both sync.WaitGroup
		both.Go(func() { browsers.stop(n.drainTime) })
		both.Go(func() { n.doors.stop(n.drainTime) })
		both.Wait()
	})

	n.cfg.Logger.Info("serving", "office", n.settings.Office, "federation", n.settings.Federation, "address", n.listensOn(lis))
	if n.cfg.Listener == nil && n.cfg.Listen != "" && n.cfg.Listen != n.settings.Listen {
		n.cfg.Logger.Info("this address is for this start alone: the next one without --listen is at "+n.settings.Listen,
			"do", "to keep it, write it as listen in "+filepath.Join(n.cfg.Dir, settingsFile)+"; where others dial this node is changed by lmcnode address")
	}
	n.health.SetServingStatus("", healthv1.HealthCheckResponse_SERVING)
	n.cfg.Listening(lis.Addr().String())
	served := make(chan error, 1)
	go func() { served <- n.doors.serve() }()
	select {
	case err := <-served:
		if err != nil {
			return err
		}
		<-ended
	case <-ended: // gRPC may still wait for a handshake or for a handler deaf to its context
	}
	select {
	case err := <-mended:
		return err
	default:
		return nil
	}
}

// grpcServer is the server of one of the doors. What it reads of a message it has not seen the
// end of is at most message, and of a stream whose handler does not read at most 64 KiB. Each of its
// connections has a buffer of so many bytes, whether anything comes or not.
func (n *Node) grpcServer(message, buffer int) *grpc.Server {
	codec := arrivalCodec{encoding.GetCodecV2(proto.Name)}
	srv := grpc.NewServer(
		grpc.Creds(greeted{credentials.NewTLS(nil)}),
		grpc.ForceServerCodecV2(codec),
		grpc.MaxRecvMsgSize(message),
		grpc.ReadBufferSize(buffer),
		grpc.MaxConcurrentStreams(maxStreams),
		grpc.MaxHeaderListSize(maxHeaderList),
		// Left to itself gRPC takes up to 16 MiB of each stream from whoever feigns a line that
		// holds much: it would measure the answers to its pings.
		grpc.StaticStreamWindowSize(streamWindow), grpc.StaticConnWindowSize(streamWindow),
		grpc.ConnectionTimeout(handshakeTimeout),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			Time: keepaliveInterval, Timeout: keepaliveTimeout, MaxConnectionAge: maxConnectionAge, MaxConnectionAgeGrace: time.Minute,
		}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: keepaliveInterval / 2, PermitWithoutStream: true}),
		grpc.UnaryInterceptor(n.unaryBorder),
		grpc.StreamInterceptor(n.streamBorder),
	)
	ours := services{srv, n, codec}
	nodev1.RegisterPublicationServiceServer(ours, publicationService{n: n})
	nodev1.RegisterGuidanceServiceServer(ours, guidanceService{n: n})
	nodev1.RegisterNationalServiceServer(ours, nationalService{n: n})
	nodev1.RegisterRegisterServiceServer(ours, registerService{n: n})
	nodev1.RegisterNodeServiceServer(ours, nodeService{n: n})
	nodev1.RegisterFederationServiceServer(ours, federationService{n: n})
	for name := range srv.GetServiceInfo() {
		n.health.SetServingStatus(name, healthv1.HealthCheckResponse_SERVING)
	}
	healthv1.RegisterHealthServer(ours, n.health)
	reflection.RegisterV1(readOnly{srv})
	return srv
}

// readOnly is a server as reflection sees it: it describes the services anybody may
// call, and none that need a key.
type readOnly struct{ *grpc.Server }

func (r readOnly) GetServiceInfo() map[string]grpc.ServiceInfo {
	shown := map[string]grpc.ServiceInfo{}
	for name, info := range r.Server.GetServiceInfo() {
		if want, known := rightOf("/" + name + "/"); known && want == anybody {
			shown[name] = info
		}
	}
	return shown
}

// unaryBorder is where the handler of a call that was let in gets its deadline, and an error
// its status.
func (n *Node) unaryBorder(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (resp any, err error) {
	defer n.recoverInto(info.FullMethod, &err)
	limited, cancel := context.WithTimeout(ctx, unaryTimeout)
	defer cancel()
	// Calls under way when the node stops may finish; their answers need the last tenth.
	limited, release := n.untilStop(limited, n.drainTime*9/10)
	defer release()
	resp, err = handler(limited, req)
	if err = because(ctx, err); err != nil && ctx.Err() == nil && errors.Is(limited.Err(), context.Canceled) {
		err = fault.New(fault.ErrStopping, "the node is stopping", "send the same request again when it is back")
	}
	return resp, n.status(info.FullMethod, err)
}

func (n *Node) streamBorder(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	defer n.recoverInto(info.FullMethod, &err)
	c, err := n.enter(ss.Context(), info.FullMethod)
	if err != nil {
		return n.status(info.FullMethod, err)
	}
	defer c.leave()
	ctx, cancel := n.untilStop(c.ctx, 0)
	defer cancel()
	if info.FullMethod == healthv1.Health_Watch_FullMethodName {
		var done func()
		ctx, done = placed(ctx, (*doors).ofHealths)
		defer done()
	}
	err = handler(srv, borderStream{ss, ctx, c.line, n.budgets.receiving})
	switch gone := ss.Context().Err(); {
	case errors.Is(because(ctx, err), fault.ErrBusy): // over HTTP, whoever is not read any more counts as gone
		err = because(ctx, err)
	case err != nil && gone != nil:
		err = gone // the caller left: whatever the handler met then is no error of ours
	case err != nil && ctx.Err() != nil:
		err = fault.New(fault.ErrStopping, "the node is stopping", "connect again; a watch goes on from its cursor")
	}
	return n.status(info.FullMethod, err)
}

// recoverInto turns a panic of a handler into an internal error of that call alone.
func (n *Node) recoverInto(method string, err *error) {
	if v := recover(); v != nil {
		n.cfg.Logger.Error("panic in a handler", "method", method, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		*err = wire.Status(fmt.Errorf("panic in %s: %v", method, v))
	}
}

// status gives an error its place on the wire; what is ours to mend is logged. A status
// that one of gRPC's own services gives is meant for the caller; from a service of ours
// it is a peer's, never passed on.
func (n *Node) status(method string, err error) error {
	_, isStatus := err.(interface{ GRPCStatus() *status.Status })
	if err == nil || isStatus && strings.HasPrefix(method, "/grpc.") {
		return err
	}
	if found := (*store.CorruptError)(nil); errors.As(err, &found) {
		n.damaged(found)
	}
	err = n.notFoundBecause(asFault(err))
	st := wire.Status(err)
	if errors.Is(wire.FromStatus(st), fault.ErrInternal) {
		n.cfg.Logger.Error("internal error", "method", method, "incident", wire.Incident(err), "error", err)
	}
	return st
}

// notFoundBecause says of what is not known here that it may be, where the data are damaged, may be
// an old copy, or lack words; any other error passes.
func (n *Node) notFoundBecause(err error) error {
	var refused *fault.Error
	if !errors.As(err, &refused) || !errors.Is(err, fault.ErrNotFound) {
		return err
	}
	because, lacking := "", uint64(0)
	for _, head := range n.store.Heads() {
		lacking += n.store.Counts(head.Log).NotHeld
	}
	switch {
	case n.store.Damage() != nil:
		because = "the data of this node are damaged, so that it may have been here"
	case n.store.Doubt().MayBeOld():
		because = "the data of this node may be an old copy, so that it may be elsewhere"
	case lacking > 0:
		because = fmt.Sprintf("the words of %s are not here yet, so that it may be among them", notation.Counted(int64(lacking), "entry", "entries"))
	}
	if because == "" {
		return err
	}
	return fault.New(refused.Reason, fault.Headline(err)+"; "+because, refused.Hint, refused.Violations...)
}

// untilStop ends when the caller goes, or so long after the node began to stop.
func (n *Node) untilStop(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		select {
		case <-n.drain:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(grace):
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// serveAdmin serves profiles on a loopback address, for whoever sits at the
// machine. It refuses any other address: it asks for no key.
func (n *Node) serveAdmin() (stop func(), err error) {
	if n.cfg.Admin == "" {
		return func() {}, nil
	}
	host, _, err := net.SplitHostPort(n.cfg.Admin)
	if ip := net.ParseIP(host); err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		err = fmt.Errorf("%s is not this machine alone", host)
	}
	if err != nil {
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("the admin address %q: %v", n.cfg.Admin, err), "use a loopback address such as 127.0.0.1:7600")
	}
	lis, err := net.Listen("tcp", n.cfg.Admin)
	if err != nil {
		return nil, fault.New(fault.ErrBusy, fmt.Sprintf("listening on %s for the admin pages: %v", n.cfg.Admin, err), "choose another address with --admin")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(lis) }()
	return func() { _ = srv.Close(); <-done }, nil
}
