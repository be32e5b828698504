package main

import (
	"slices"
	"strings"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// audienceNames are what --audience takes: the enum's names as letters write them.
func audienceNames() []string {
	var names []string
	for n := 1; n < len(guidancev1.Audience_name); n++ {
		name := strings.TrimPrefix(guidancev1.Audience(n).String(), "AUDIENCE_")
		names = append(names, strings.ToLower(strings.ReplaceAll(name, "_", "-")))
	}
	return names
}

func parseAudience(s string) (guidancev1.Audience, error) {
	if s == "" {
		return guidancev1.Audience_AUDIENCE_UNSPECIFIED, nil
	}
	if i := slices.Index(audienceNames(), strings.ToLower(s)); i >= 0 {
		return guidancev1.Audience(i + 1), nil
	}
	return 0, usage("use one of: "+strings.Join(audienceNames(), ", "), "--audience %q is nobody known", s)
}

func nodeStateWords(s nodev1.NodeState) string {
	switch s {
	case nodev1.NodeState_NODE_STATE_RUNNING:
		return "running"
	case nodev1.NodeState_NODE_STATE_RECOVERING:
		return "recovering: read only until it has its own entries back from other nodes"
	case nodev1.NodeState_NODE_STATE_DISK_FULL:
		return "read only: its disk is full"
	case nodev1.NodeState_NODE_STATE_DRAINING:
		return "stopping"
	case nodev1.NodeState_NODE_STATE_JOINING:
		return "joining: it has not got the register yet"
	}
	return "in a state this software does not know"
}
