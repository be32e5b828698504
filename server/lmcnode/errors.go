package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/lmcfed/lmcfed/internal/demo"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/store"
	"github.com/lmcfed/lmcfed/internal/terminal"
)

// usageError is what the caller asked wrongly.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func usage(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// remedies are what to do about an error that does not say so itself, by its reason.
var remedies = []struct {
	reason error
	remedy string
}{
	{store.ErrLocked, "a node runs on this folder: stop it first (only backup works while it runs)"},
	{store.ErrOtherFederation, "move this data.db away: it was put into the wrong node's folder"},
	{store.ErrOtherGuard, "put back the key folder that belongs to this node's folder; the data may stay"},
	{store.ErrCorrupt, "start the node (lmcnode serve): it mends its data, and fetches what is lost from its peers; the damaged file stays beside it; within an hour of the last mend it only reads what is whole"},
	{store.ErrNotOurs, "move this data.db away, and restore a backup or start the node without it"},
	{store.ErrSchema, "run the version of lmcnode that is named, or move this data.db away and let the node fetch what its peers have"},
	{store.ErrOlder, "start the node (lmcnode serve) with room for the file beside itself, and as the user whom its folder belongs to; the old file is kept"},
	{store.ErrExists, "stop the node, if it runs, and move data.db away: restore overwrites nothing"},
	{store.ErrBadBackup, "restore takes only what lmcnode backup wrote, whole and unchanged"},
	{demo.ErrRealNode, "choose a new folder for the demonstration, or leave --dir out: then it keeps nothing"},
	{durable.ErrNotAFile, "put the file itself in its place: a folder, a pipe or a device is not read"},
	{fs.ErrExist, "choose another name: nothing is overwritten"},
	{fs.ErrNotExist, "is the path right? it is read as seen from the current folder"},
	{fs.ErrPermission, "whoever runs the node must own the files in its folder: chown those that another user made, such as root with sudo, or run it as the user they belong to"},
}

// complain prints one error: what, where in detail, and the remedy, which is that of the
// error unless one is given. Everything after the first line is indented.
func complain(stderr io.Writer, err error, hint string) {
	hint = cmp.Or(hint, fault.Hint(err))
	for _, r := range remedies {
		if hint == "" && errors.Is(err, r.reason) {
			hint = r.remedy
		}
	}
	fmt.Fprintf(stderr, "lmcnode: %s\n", strings.ReplaceAll(notation.Clean(fault.Headline(err)), "\n", "\n  "))
	for _, v := range fault.Violations(err) {
		fmt.Fprintf(stderr, "  %s\n", notation.CleanLine(v.String()))
	}
	if hint != "" {
		fmt.Fprintf(stderr, "  hint: %s\n", notation.CleanLine(terminal.AsTyped(hint, "lmcnode")))
	}
}
