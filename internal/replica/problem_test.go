package replica

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/lmcfed/lmcfed/internal/identity"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// scriptedConn is a peer that says these frames and then ends the stream; with a nil end
// it says nothing more.
type scriptedConn struct {
	frames []*nodev1.Frame
	end    error
	over   chan struct{}
}

func (c *scriptedConn) Send(*nodev1.Frame) error { return nil }

func (c *scriptedConn) Recv() (*nodev1.Frame, error) {
	if len(c.frames) > 0 {
		f := c.frames[0]
		c.frames = c.frames[1:]
		return f, nil
	}
	if c.end == nil {
		<-c.over
		return nil, io.EOF
	}
	return nil, c.end
}

func (c *scriptedConn) Fetch(context.Context, *nodev1.FetchRequest) (ChunkSource, error) {
	return nil, errors.New("nothing to fetch")
}

// lingering is a listener whose connections close a little later, so that what was sent
// last is read.
type lingering struct{ net.Listener }

func (l lingering) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return lingeringConn{conn}, err
}

type lingeringConn struct{ net.Conn }

func (c lingeringConn) Close() error {
	time.Sleep(100 * time.Millisecond)
	return c.Conn.Close()
}

// Each code by an error of its kind: a session that a peer or this node ends, a dial that
// leads nowhere. The words are what the error says, and Peers shows them.
func TestProblemsHaveACodeAndWords(t *testing.T) {
	kent := Peer{Office: "kent", Key: transportKey("kent")}
	id := NodeOf(kent.Key)
	hello := func(change func(*nodev1.Hello)) *nodev1.Frame {
		return helloFrame(func(h *nodev1.Hello) {
			h.Office, h.Node = "kent", id[:]
			change(h)
		})
	}
	refusal := func(reason nodev1.RefusalReason) *nodev1.Frame {
		return &nodev1.Frame{Message: &nodev1.Frame_Refusal{Refusal: &nodev1.Refusal{Reason: reason, Detail: "in its words"}}}
	}
	forged := func(office string) *nodev1.Frame {
		h := signedHead(t, office, 3)
		h.Checkpoint[len(h.Checkpoint)-20] ^= 1
		return headsFrame(h)
	}
	// session is the problem after a session with Kent, or with a stranger, that says this.
	session := func(peer Peer, end error, frames ...*nodev1.Frame) func(*testing.T, *Replica) {
		return func(t *testing.T, r *Replica) {
			conn := &scriptedConn{frames: frames, end: end, over: make(chan struct{})}
			if err := r.Run(t.Context(), peer, conn); err == nil {
				t.Error("the session ended without a reason")
			}
			close(conn.over)
		}
	}
	// dial is the problem after Kent was dialled there.
	dial := func(address string) func(*testing.T, *Replica) {
		return func(t *testing.T, r *Replica) {
			to := Peer{Office: "kent", ID: id, Address: address} // by its pin, as the keeper before there is a register
			cc, err := grpc.NewClient("passthrough:///"+address, grpc.WithNoProxy(),
				grpc.WithTransportCredentials(credentials.NewTLS(identity.ClientTLS(officeKey("tls essex"), identity.PinOf(kent.Key)))))
			if err != nil {
				t.Fatal(err)
			}
			defer cc.Close()
			if err := r.DialSession(t.Context(), cc, to); err == nil {
				t.Error("it was reached")
			}
		}
	}
	listen := func() net.Listener {
		lis, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return lis
	}
	// node is a node that admits no key.
	node := func(office string) string {
		lis := lingering{listen()}
		server := grpc.NewServer(grpc.Creds(credentials.NewTLS(identity.ServerTLS(officeKey("tls "+office), nil, nil))))
		t.Cleanup(server.Stop)
		go server.Serve(lis)
		return lis.Addr().String()
	}
	admitAll := func(ed25519.PublicKey) error { return nil }
	hangsUp := tls.NewListener(listen(), identity.ServerTLS(officeKey("tls kent"), nil, admitAll))
	defer hangsUp.Close()
	go func() {
		for {
			conn, err := hangsUp.Accept()
			if err != nil {
				return
			}
			_ = conn.(*tls.Conn).Handshake()
			conn.Close()
		}
	}()
	closed := listen()
	closed.Close()
	stranger := Peer{Key: kent.Key}

	for _, tt := range []struct {
		name    string
		problem func(*testing.T, *Replica)
		want    Problem // Words: a part of them
	}{
		{"it refuses", session(kent, nil, refusal(reasonProtocol)), Problem{ProblemRefused, reasonProtocol, true, "the peer refuses: protocol: in its words"}},
		{"it is busy", session(kent, nil, refusal(reasonBusy)), Problem{ProblemRefused, reasonBusy, true, "the peer refuses: busy"}},
		{"it does not listen", session(kent, nil, refusal(reasonQuarantined)), Problem{ProblemRefused, reasonQuarantined, true, "the peer refuses: quarantined"}},
		{"its handler refuses", session(kent, status.Error(codes.PermissionDenied, "this key is not a node's")), Problem{Code: ProblemRefused, ByPeer: true, Words: "this key is not a node's"}},
		{"its handler is busy", session(kent, status.Error(codes.ResourceExhausted, "too many")), Problem{ProblemRefused, reasonBusy, true, "too many"}},
		{"garbage", session(kent, nil, hello(func(h *nodev1.Hello) { h.Instance = nil })), Problem{ProblemRefusing, reasonProtocol, false, "refusing the peer: protocol: instance in Hello"}},
		{"not in its register", session(kent, nil, refusal(reasonUnlisted)), Problem{ProblemNotInRegister, reasonUnlisted, true, "the peer refuses: not in register"}},
		{"not in the register here", session(stranger, nil), Problem{ProblemNotInRegister, reasonUnlisted, false, "refusing the peer: not in register"}},
		{"refused in the handshake", dial(node("kent")), Problem{Code: ProblemNotInRegister, ByPeer: true, Words: "it refuses this node's key"}},
		{"hangs up after the handshake", dial(hangsUp.Addr().String()), Problem{Code: ProblemRefused, ByPeer: true, Words: "it ends the connection at once"}},
		{"a version nobody speaks", session(kent, nil, hello(func(h *nodev1.Hello) { h.ProtocolMin, h.ProtocolMax = 2, 3 })), Problem{ProblemVersion, reasonProtocol, false, "refusing the peer: protocol: you speak versions 2 to 3"}},
		{
			"it sends what does not verify",
			session(kent, nil, hello(func(*nodev1.Hello) {}), forged("a"), forged("b"), forged("c")),
			Problem{ProblemQuarantined, reasonQuarantined, false, "refusing the peer: quarantined: what your node sent does not verify"},
		},
		{"another writes for this office, it says", session(kent, nil, refusal(reasonDuplicate)), Problem{ProblemRefused, reasonDuplicate, true, "the peer refuses: duplicate instance: it says, and does not prove, that another node has this one's keys"}},
		{
			"it writes for this office",
			session(Peer{Office: "essex", Key: kent.Key}, nil, hello(func(h *nodev1.Hello) { h.Office, h.Role = "essex", ledgerv1.NodeRole_NODE_ROLE_WRITER })),
			Problem{ProblemDuplicate, reasonBusy, false, "refusing the peer: busy: another node writes for essex"},
		},
		{"it hangs up", session(kent, io.EOF, hello(func(*nodev1.Hello) {})), Problem{Code: ProblemLost, Words: "session with kent: the peer hung up"}},
		{"the line breaks", session(kent, status.Error(codes.Unavailable, "connection reset"), hello(func(*nodev1.Hello) {})), Problem{Code: ProblemLost, Words: "it cannot be reached: connection reset"}},
		{"it stops", session(kent, status.Error(codes.Canceled, "context canceled")), Problem{Code: ProblemLost, Words: "the connection ended"}},
		{"nobody listens", dial(closed.Addr().String()), Problem{Code: ProblemUnreachable, Words: "it cannot be reached: "}},
		{"no such name", dial("no..such.host:7443"), Problem{Code: ProblemNoSuchHost, Words: "it cannot be reached: "}},
		{"no port", dial("kent.example.org"), Problem{Code: ProblemNoAddress, Words: "it cannot be reached: "}},
		{"no address", dial(""), Problem{Code: ProblemNoAddress}},
		{"another key", dial(node("surrey")), Problem{Code: ProblemOtherKey, Words: identity.ErrWrongPin.Error()}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := New(Config{
				Store: openStore(t, "essex"), Key: transportKey("essex"), Keys: testVerifier().Keys,
				Logger: slog.New(slog.DiscardHandler), Alarm: func(Alarm) {},
			})
			defer r.Close()
			tt.problem(t, r)
			got := r.peers[id].problem
			words := got.Words
			got.Words = tt.want.Words
			if got != tt.want || !strings.Contains(words, tt.want.Words) {
				t.Errorf("got %+v with the words %q, want %+v", got, words, tt.want)
			}
			if peers := r.Peers(); len(peers) != 1 || peers[0].GetProblem().GetWords() != words {
				t.Errorf("shown: %v, want the words %q", peers, words)
			}
		})
	}
}

// Whom every other node refused was said to be connected as often as it tried again.
func TestANodeThatIsRefusedAgainAndAgainIsConnectedToNobody(t *testing.T) {
	now := stageStart
	r := New(Config{Store: openStore(t, "essex"), Key: transportKey("essex"), Keys: testVerifier().Keys, Now: func() time.Time { return now }})
	defer r.Close()
	kent := Peer{Office: "kent", Key: transportKey("kent"), Dialled: true}
	session := func(id SessionID, lasts time.Duration) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.peerConnected(id, kent)
		now = now.Add(lasts)
		r.peerDisconnected(id, kent, io.EOF)
	}
	for id := range SessionID(20) {
		session(id, settledAfter-time.Millisecond)
	}
	if since := r.AloneSince(); !since.Equal(stageStart) {
		t.Errorf("refused twenty times: alone since %s, which is not since the start", since)
	}
	session(20, settledAfter)
	if since := r.AloneSince(); !since.Equal(now) {
		t.Errorf("after a session that was taken: alone since %s", since)
	}
}
