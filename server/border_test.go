package server

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"github.com/lmcfed/lmcfed/internal/hostile/h2"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// errorLog keeps what a node logs as errors.
type errorLog struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (l *errorLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(p)
}

func (l *errorLog) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelError}))
}

// mustBeEmpty is asked when the node has stopped: a line may follow its answer.
func (l *errorLog) mustBeEmpty(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lines.Len() > 0 {
		t.Errorf("the node's log blames the node:\n%s", l.lines.String())
	}
}

func keeperLogging(t *testing.T) (*testNode, *errorLog) {
	t.Helper()
	log := &errorLog{}
	return serve(t, Config{Dir: initNode(t, "gpc-england", true, true), Logger: log.logger()}), log
}

// ourServices are the services of this project, and the node as a whole.
var ourServices = []string{
	"",
	nodev1.GuidanceService_ServiceDesc.ServiceName,
	nodev1.NationalService_ServiceDesc.ServiceName,
	nodev1.RegisterService_ServiceDesc.ServiceName,
	nodev1.NodeService_ServiceDesc.ServiceName,
	nodev1.PublicationService_ServiceDesc.ServiceName,
	nodev1.FederationService_ServiceDesc.ServiceName,
}

func TestHealthOfAServiceByNameIsNoErrorOfTheNode(t *testing.T) {
	k, log := keeperLogging(t)
	client := healthv1.NewHealthClient(k.dial(nil))
	for _, name := range ourServices {
		resp, err := client.Check(testContext(t), &healthv1.HealthCheckRequest{Service: name})
		if err != nil || resp.Status != healthv1.HealthCheckResponse_SERVING {
			t.Errorf("%q: %v, %v; want SERVING", name, resp, err)
		}
	}
	_, err := client.Check(testContext(t), &healthv1.HealthCheckRequest{Service: "no.such.Service"})
	if status.Code(err) != codes.NotFound {
		t.Errorf("a service that is none: %v, want NotFound", err)
	}
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	for _, name := range ourServices {
		resp, err := k.health.Check(testContext(t), &healthv1.HealthCheckRequest{Service: name})
		if err != nil || resp.Status != healthv1.HealthCheckResponse_NOT_SERVING {
			t.Errorf("%q after the stop: %v, %v; want NOT_SERVING", name, resp, err)
		}
	}
	log.mustBeEmpty(t)
}

func TestEmptyReflectionRequestIsTheCallersFault(t *testing.T) {
	k, log := keeperLogging(t)
	stream, err := reflectionv1.NewServerReflectionClient(k.dial(nil)).ServerReflectionInfo(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&reflectionv1.ServerReflectionRequest{}); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); status.Code(err) != codes.InvalidArgument {
		t.Errorf("got %v, want InvalidArgument", err)
	}
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	log.mustBeEmpty(t)
}

func TestStatusOfAPeerIsNeverPassedOnAsOurs(t *testing.T) {
	n := &Node{cfg: Config{Logger: slog.New(slog.DiscardHandler)}}
	peers := status.Error(codes.NotFound, "said by a peer")
	for _, err := range []error{peers, fmt.Errorf("asking a peer: %w", peers)} {
		if got := n.status(listMatters, err); status.Code(got) != codes.Internal || strings.Contains(got.Error(), "peer") {
			t.Errorf("%v became %v, want Internal without its words", err, got)
		}
	}
}

func TestHealthRequestThatIsNoMessageIsTheSendersFault(t *testing.T) {
	k, log := keeperLogging(t)
	err := k.dial(nil).Invoke(testContext(t), healthv1.Health_Check_FullMethodName, []byte{0x0a, 0xff}, &healthv1.HealthCheckResponse{}, grpc.ForceCodec(rawCodec{}))
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("got %v, want InvalidArgument", err)
	}
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	log.mustBeEmpty(t)
}

func TestStreamSpoiltBelowItsMessagesIsNoErrorOfTheNode(t *testing.T) {
	k, log := keeperLogging(t)
	headers := h2.Request(nodev1.GuidanceService_WatchView_FullMethodName)
	for name, body := range map[string][]byte{
		"compressed, with no codec":  {1, 0, 0, 0, 0},
		"a flag that does not exist": {7, 0, 0, 0, 0},
		"no message":                 {},
		"two messages":               make([]byte, 10),
		"half a message":             {0, 0, 0, 0, 9, 1},
	} {
		if k.answersTo(headers, body) {
			t.Errorf("%s: answered", name)
		}
	}
	if err := k.stop(); err != nil {
		t.Fatal(err)
	}
	log.mustBeEmpty(t)
}
