package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	pb "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/replica"
	"github.com/lmcfed/lmcfed/internal/store"
	"github.com/lmcfed/lmcfed/internal/version"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// nodeService tells how this node is.
type nodeService struct {
	nodev1.UnimplementedNodeServiceServer
	n                *Node
	withoutAddresses bool // of other nodes
}

func (s nodeService) GetStatus(ctx context.Context, req *nodev1.GetStatusRequest) (*nodev1.GetStatusResponse, error) {
	n := s.n
	var standing *nodev1.Standing
	if req.GetEntry() != "" {
		id, err := ledger.ParseEntryID(req.Entry)
		if err != nil {
			return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("%.80q is no entry's name", req.Entry), "write it as essex/5")
		}
		if held, _ := n.store.Held(id.Log(n.settings.Federation)); held.Size <= id.Index {
			return nil, fault.New(fault.ErrUnknownEntry, fmt.Sprintf("no entry %s is held here", id), "check its number; if it is new, it may not have arrived here yet")
		}
		standing = n.standing(id)
	}
	drafts, err := n.store.Drafts()
	if err != nil && !errors.Is(err, store.ErrCorrupt) { // of a damaged node above all it is asked how it is
		return nil, err
	}
	done, err := n.answers.Completeness(ctx, readerOf(ctx))
	if err != nil {
		return nil, err
	}
	var logs []*nodev1.LogStatus // those held, and those only seen
	byLog := map[ledger.LogID]*nodev1.LogStatus{}
	for _, h := range n.store.Heads() {
		s := &nodev1.LogStatus{
			Log: h.Log.String(), Held: h.Size, Seen: h.Size, Checkpoint: h.Note,
			WantedBodies: int32(n.store.Counts(h.Log).NotHeld),
		}
		byLog[h.Log] = s
		logs = append(logs, s)
	}
	for _, seen := range n.store.Seen() {
		s := byLog[seen.Log]
		if s == nil {
			s = &nodev1.LogStatus{Log: seen.Log.String()}
			logs = append(logs, s)
		}
		s.Seen = max(s.Seen, seen.Size)
	}
	for _, alarm := range n.alarms.all() {
		for _, s := range logs {
			if s.Log == alarm.Log {
				s.Problem = alarm
			}
		}
	}
	root := n.store.FrontierRoot()
	feed, _ := n.store.FeedEnd()
	free, _ := n.store.Room()
	status := &nodev1.GetStatusResponse{
		Federation: n.settings.Federation, Office: n.settings.Office, Role: ledgerv1.NodeRole_NODE_ROLE_WRITER, State: n.state(),
		FrontierRoot: root[:], Logs: logs, Peers: n.replica.Peers(), Feed: feed, Entries: n.Entries(),
		DataBytes: n.store.Used(), FreeBytes: free, Alarms: n.allAlarms(), Completeness: done,
		Version: version.Software(), StartTime: timestamppb.New(n.started), Drafts: int32(len(drafts)), Signing: n.signing(), Standing: standing, Mended: n.mended(), PublicPages: n.certificate.told(time.Now()),
		Limits: &nodev1.Limits{
			HeaderBytes: ledger.HeaderLimit, BodyBytes: ledger.BodyLimit, TitleCharacters: guidance.TitleLimit,
			FrameBytes: replica.FrameLimit, ChunkBytes: ledger.ChunkLimit, Logs: store.LogLimit,
		},
	}
	if s.withoutAddresses {
		n.hideAddresses(status)
	}
	return status, nil
}

// hideAddresses takes out where other nodes are: their addresses, and the words of what does not work, which have them.
func (n *Node) hideAddresses(status *nodev1.GetStatusResponse) {
	for _, p := range status.Peers {
		p.Address = ""
		if p.Problem != nil {
			p.Problem.Words = ""
		}
	}
	for i, a := range status.Alarms {
		if keeper := n.keeperAt().Address; keeper != "" && strings.Contains(a.Words, keeper) {
			status.Alarms[i] = pb.CloneOf(a)
			status.Alarms[i].Words = strings.ReplaceAll(a.Words, keeper, "its address")
		}
	}
}

// signing is whether this node may sign, as it tells it.
func (n *Node) signing() *nodev1.Signing {
	state, err := n.signer.state()
	told := &nodev1.Signing{State: state}
	var why *fault.Error
	if errors.As(err, &why) {
		told.Words, told.Remedy = why.Message, why.Hint
	}
	return told
}

// todayElsewhere is the day it is by the clocks of at least two other offices' nodes, where this node's shows
// another; empty: it does not, or too few are connected to know whose is wrong.
func (n *Node) todayElsewhere() string {
	ahead, offices := n.replica.ClockAhead()
	now := n.cfg.Now()
	if day := guidance.Today(now.Add(ahead)); offices >= 2 && ahead.Abs() > replica.StampAhead && day != guidance.Today(now) {
		return day
	}
	return ""
}

// publishingHealth makes the health of publishing what signing is.
func (n *Node) publishingHealth() {
	serving := healthv1.HealthCheckResponse_SERVING
	if _, err := n.signer.state(); err != nil {
		serving = healthv1.HealthCheckResponse_NOT_SERVING
	}
	n.health.SetServingStatus(nodev1.PublicationService_ServiceDesc.ServiceName, serving)
}

func (n *Node) state() nodev1.NodeState {
	_, full := n.store.Room()
	_, _, recovering := n.store.Recovering()
	switch {
	case n.draining():
		return nodev1.NodeState_NODE_STATE_DRAINING
	case recovering && full == nil:
		return nodev1.NodeState_NODE_STATE_RECOVERING
	case n.store.Damage() != nil:
		return nodev1.NodeState_NODE_STATE_DAMAGED
	case errors.Is(full, store.ErrReadOnly), errors.Is(full, store.ErrReplaced):
		return nodev1.NodeState_NODE_STATE_READ_ONLY
	case errors.Is(full, store.ErrDiskFull):
		return nodev1.NodeState_NODE_STATE_DISK_FULL
	case recovering:
		return nodev1.NodeState_NODE_STATE_RECOVERING
	case !n.hasRegister():
		return nodev1.NodeState_NODE_STATE_JOINING
	}
	return nodev1.NodeState_NODE_STATE_RUNNING
}

func (n *Node) draining() bool {
	select {
	case <-n.drain:
		return true
	default:
		return false
	}
}

// allAlarms are those raised, and those that follow from how the node is now.
func (n *Node) allAlarms() []*nodev1.Alarm {
	all := n.alarms.all()
	add := func(code nodev1.AlarmCode, format string, args ...any) {
		all = append(all, &nodev1.Alarm{Code: code, Words: fmt.Sprintf(format, args...)})
	}
	need, have, recovering := n.store.Recovering()
	switch {
	case recovering && n.settings.Keeper && len(n.cfg.Peers) == 0 && len(n.signer.otherOffices()) == 0:
		add(nodev1.AlarmCode_ALARM_CODE_RECOVERING, "the register is lost with the data, so that this node, its keeper, knows nobody to fetch the %d entries from that this office has signed: %s", need, registerRemedy)
	case recovering && n.reg().size == 0 && n.invite != nil:
		add(nodev1.AlarmCode_ALARM_CODE_RECOVERING, "the register is lost with the data, and so is who could give back the %d entries that this office has signed: it is asked of %s at %s; %s", need, n.keeperOffice(), n.keeperAt().Address, keeperRemedy)
	case recovering:
		add(nodev1.AlarmCode_ALARM_CODE_RECOVERING, "recovering: the data holds %d of the %d entries this office has signed; asking peers for the rest, nothing can be published until they are here", have, need)
	}
	if n.registerMayBeOld() && n.turnedAway.Load() {
		add(nodev1.AlarmCode_ALARM_CODE_RECOVERING, "nodes want to connect whose keys the register held here does not know: where offices were admitted that it lacks, it is an old copy: %s", registerRemedy)
	}
	if m := n.store.Mended(); m != nil && m.Unknown {
		add(nodev1.AlarmCode_ALARM_CODE_DAMAGED, "so much of the data file was damaged that it is not known what it held: no answer is called complete before the keeper's office and all others known here were heard again: leave it connected")
	}
	if n.keys.Officer == nil {
		add(nodev1.AlarmCode_ALARM_CODE_UNSPECIFIED, "%s: %s", noOfficerWords, noOfficerRemedy)
	}
	if n.keepsNothing() {
		add(nodev1.AlarmCode_ALARM_CODE_NO_INVITATION, "%s: %s", keepsNothingWords, keepsNothingRemedy)
	}
	live := 0
	for _, p := range n.replica.Peers() {
		if p.Connected {
			live++
		}
	}
	if wanted := min(freshSources, len(n.dialable())); live < wanted {
		add(nodev1.AlarmCode_ALARM_CODE_FEW_PEERS, "only %d of the other nodes can be heard, at least %d are wanted: check the network and the peers below", live, wanted)
	}
	if ahead, offices := n.replica.ClockAhead(); ahead.Abs() > replica.StampAhead {
		how := "behind"
		if ahead < 0 {
			how = "ahead of"
		}
		whose, remedy := "that of the one other office connected", "one of the two is wrong, and offices that are heard may look silent: see what the time is, and let that machine set its clock by itself (NTP)"
		if offices > 1 {
			whose, remedy = fmt.Sprintf("those of the %d other offices connected", offices), "offices that are heard may look silent here, and this one there: let this machine set its clock by itself (NTP)"
		}
		add(nodev1.AlarmCode_ALARM_CODE_CLOCK, "this node's clock is %s %s %s: %s", notation.SpanWords(ahead.Abs().Round(time.Minute)), how, whose, remedy)
	}
	if _, _, newer := n.ownRecord(); newer {
		add(nodev1.AlarmCode_ALARM_CODE_ADDRESS_NOT_RECORDED, "others still dial this node at %s: the register does not have its new address yet, %s; the keeper's node is told again every minute", cmp.Or(n.Address(), "no address"), cmp.Or(n.advertised(), "none"))
	}
	if n.certificate != nil {
		if words := n.certificate.alarm(time.Now()); words != "" {
			add(nodev1.AlarmCode_ALARM_CODE_CERTIFICATE, "%s", words)
		}
	}
	if n.keeperOffice() == "" {
		add(nodev1.AlarmCode_ALARM_CODE_NO_INVITATION, "this node has no invitation, so it can join nobody: ask the keeper's office for one, then start it with --join INVITATION")
	}
	return all
}
