// Package web makes the pages a browser shows of what a node answers.
//
// It does not know where the answers come from, nor who may read what, and reaches no network.
package web

import (
	"context"
	"net/http"
	"time"

	"google.golang.org/protobuf/proto"
)

// Source answers what the read services of a node answer: a node from its data, a client by asking its node.
type Source interface {
	// Ask answers req into resp, by the method of the read services that takes such a request.
	Ask(ctx context.Context, req, resp proto.Message) error
}

// Config is what pages are made of.
type Config struct {
	Source   Source
	Private  bool // whoever asks sits at this machine: /national is served
	Now      func() time.Time
	Software string // version
}

// New makes the handler of all pages.
func New(Config) http.Handler { return http.NotFoundHandler() }
