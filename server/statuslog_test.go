package server

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

func TestStatusLogTellsOnlyWhatChanged(t *testing.T) {
	const (
		joining    = nodev1.NodeState_NODE_STATE_JOINING
		running    = nodev1.NodeState_NODE_STATE_RUNNING
		recovering = nodev1.NodeState_NODE_STATE_RECOVERING
		full       = nodev1.NodeState_NODE_STATE_DISK_FULL
	)
	refused := &nodev1.PeerStatus{Office: "gpc-england", Address: "127.0.0.1:7500", Problem: &nodev1.PeerProblem{Words: "not admitted"}}
	taken := &nodev1.PeerStatus{Office: "gpc-england", Address: "127.0.0.1:7500", Connected: true}
	var log bytes.Buffer
	l := newStatusLog(slog.New(slog.NewTextHandler(&log, nil)), "gpc-england", "127.0.0.1:7500")
	began := time.Now()
	for _, c := range []struct {
		after   time.Duration
		state   nodev1.NodeState
		doubt   string
		peer    *nodev1.PeerStatus
		want    string // what the one line has; "": no line
		lacking string
	}{
		{0, joining, "", nil, "joining: waiting for the register", ""},
		{joiningPatience, joining, "", nil, "", ""},
		{joiningPatience + 1, joining, "", nil, "still joining", ""},
		{time.Minute, joining, "", nil, "", ""},
		{time.Minute, running, "", nil, "joined: the register is here", ""},
		{time.Minute, running, "", refused, `problem="not admitted"`, ""},
		{time.Minute, running, "", refused, "", ""},
		{time.Minute, running, "", taken, "msg=connected", ""},
		{time.Hour, recovering, "", taken, "recovering: ", ""},
		{time.Hour, running, "", taken, "running again", ""},
		{time.Hour, full, "", taken, "the disk is full", ""},
		{time.Hour, running, "", taken, "running again", ""},
		{time.Hour, running, "", taken, "", ""},
		{time.Hour, running, "nobody has confirmed", taken, "nothing can be published: nobody has confirmed", ""},
		{time.Hour, running, "nobody has confirmed", taken, "", ""},
		{time.Hour, running, "", taken, "ready to publish", ""},
		// A node that has joined, and lacks words of the register, is not joining: it said that the keeper does not take it.
		{time.Hour, joining, "", taken, "the words of 1 record of the register are not here: no question is answered", "the words of 1 record of the register are not here"},
		{2 * time.Hour, joining, "", taken, "", "the words of 1 record of the register are not here"},
		{2 * time.Hour, running, "", taken, "the words of the register are here again", ""},
	} {
		log.Reset()
		var peers []*nodev1.PeerStatus
		if c.peer != nil {
			peers = append(peers, c.peer)
		}
		l.update(c.state, c.state == joining && c.lacking == "", c.lacking, "keep it connected", &nodev1.Signing{Words: c.doubt}, peers, began.Add(c.after))
		lines := strings.Count(log.String(), "\n")
		if c.want == "" && lines != 0 || c.want != "" && (lines != 1 || !strings.Contains(log.String(), c.want)) {
			t.Errorf("%v, %v: want %q, got:\n%s", c.after, c.state, c.want, log.String())
		}
	}
}
