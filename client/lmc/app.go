package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/terminal"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// app is one run of the program: where it speaks, and the flags of every command.
type app struct {
	stdin          *os.File
	typed          *bufio.Reader // what was typed to a question
	stdout, stderr io.Writer
	width          int
	profile        string
	json           bool
	started        bool   // a command has begun: errors are no longer about usage
	done           string // what has been done for good, and is only to be told: nothing that goes wrong then undoes it
}

// asks makes a command whose work is f with a client of the chosen node.
func (a *app) asks(f func(ctx context.Context, c *client.Client, args []string) error) func(*cobra.Command, []string) error {
	return a.does(func(ctx context.Context, args []string) error {
		return a.with(func(c *client.Client) error { return f(ctx, c, args) })
	})
}

// inquires makes a command that asks the chosen node about the matter it is given,
// as the selection says.
func (a *app) inquires(s *selection, f func(ctx context.Context, c *client.Client, sel *answersv1.Selector) error) func(*cobra.Command, []string) error {
	return a.does(func(ctx context.Context, args []string) error {
		sel, err := s.build(args[0])
		if err != nil {
			return err
		}
		return a.with(func(c *client.Client) error { return f(ctx, c, sel) })
	})
}

// with does work with a client of the chosen node. What the command line got wrong
// must have been found before.
func (a *app) with(work func(c *client.Client) error) error {
	p, err := a.chosen()
	if err != nil {
		return err
	}
	c, err := client.DialProfile(p)
	if err != nil {
		return err
	}
	defer c.Close()
	return work(c)
}

// does makes a command whose work is f.
func (a *app) does(f func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		a.started = true
		return f(cmd.Context(), args)
	}
}

// usageError is a mistake in the command line found after parsing it.
type usageError struct{ msg, hint string }

func (e *usageError) Error() string { return e.msg }

func usage(hint, format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...), hint}
}

// usageOf is one that says itself what to do.
func usageOf(format string, args ...any) error { return usage("", format, args...) }

// hinted is a local error with a remedy.
type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }

func withHint(err error, hint string) error { return &hinted{err, hint} }

// answered is an answer that was printed in full and still means no: exit 1 without
// another word.
type answered struct{}

func (answered) Error() string { return "the answer is no" }

// tell reports the error of cmd on standard error and returns the exit code.
func (a *app) tell(cmd *cobra.Command, err error) int {
	var wrong *usageError
	var no answered
	switch {
	case err == nil:
		return 0
	case errors.As(err, &no):
		return 1
	case errors.As(err, &wrong):
		a.complain(wrong.msg, nil, wrong.hint)
		return 2
	case a.done != "":
		a.complain(a.done+", but "+err.Error(), nil, "it need not be done again: make room, and look with the command that shows it")
		return 1
	case !a.started:
		a.complain(err.Error(), nil, cmd.CommandPath()+" --help shows how it is used")
		return 2
	case errors.Is(err, context.Canceled):
		a.complain("interrupted", nil, "")
		return 1
	}
	hint := client.Hint(err)
	var ours *hinted
	switch {
	case errors.As(err, &ours):
		hint = ours.hint
	case hint != "":
	case errors.Is(err, durable.ErrNotAFile):
		hint = "name a file: a folder, a pipe or a device is not read"
	case errors.Is(err, fs.ErrNotExist):
		hint = "is the path right? it is read as seen from the current folder"
	}
	a.complain(client.Headline(err), client.Violations(err), hint)
	return 1
}

// complain prints one error: what, where in detail, and the remedy. Everything after
// the first line is indented, so that received text cannot pose as an error of ours.
func (a *app) complain(msg string, vs []client.Violation, hint string) {
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimRight(msg, "\n"), "\n") {
		lead := "lmc: "
		if i > 0 {
			lead = "  "
		}
		b.WriteString(lead + line + "\n")
	}
	for _, v := range vs {
		if v.Reason == msg { // of one thing that is wrong, the message says it all
			continue
		}
		b.WriteString("  " + plain.OneLine(v.String()) + "\n")
	}
	if hint != "" {
		b.WriteString("  hint: " + plain.OneLine(terminal.AsTyped(hint, "lmc")) + "\n")
	}
	a.note(b.String())
}

// page begins a page of the terminal's width.
func (a *app) page() *plain.Page { return plain.New(a.width) }

// print puts text on standard output, neutralised.
func (a *app) print(text string) error {
	_, err := io.WriteString(a.stdout, notation.Clean(text))
	return err
}

// note puts text on standard error, neutralised. That it could not be written is
// nothing anybody could be told.
func (a *app) note(text string) {
	_, _ = io.WriteString(a.stderr, notation.Clean(text))
}

// answer prints msg as JSON if that was asked for, else the page that write makes of it.
func (a *app) answer(msg proto.Message, write func(p *plain.Page)) error {
	if !a.json {
		p := a.page()
		write(p)
		return a.print(p.String())
	}
	b, err := toJSON(msg)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", "  "); err != nil {
		return fmt.Errorf("laying out the answer as JSON: %w", err)
	}
	out.WriteByte('\n')
	_, err = a.stdout.Write(notation.EscapeJSON(out.Bytes()))
	return err
}

// csv prints what was written as CSV, or says that it could not be.
func (a *app) csv(what string, b []byte, err error) error {
	if err != nil {
		return fmt.Errorf("writing %s as CSV: %w", what, err)
	}
	_, err = a.stdout.Write(b)
	return err
}

// toJSON is msg in protojson without space: protojson varies its spaces on purpose,
// and scripts compare bytes.
func toJSON(msg proto.Message) ([]byte, error) {
	b, err := protojson.Marshal(msg)
	if err != nil {
		return nil, fmt.Errorf("writing the answer as JSON: %w", err)
	}
	var out bytes.Buffer
	if err := json.Compact(&out, b); err != nil {
		return nil, fmt.Errorf("writing the answer as JSON: %w", err)
	}
	return out.Bytes(), nil
}
