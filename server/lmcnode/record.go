package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/terminal"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// keeping is what the commands that record one thing have in common.
type keeping struct {
	dir         string
	yes, asJSON bool
	isNew       bool
	seen        uint64
}

func (k *keeping) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&k.dir, "dir", "", "`DIR` of the keeper's node")
	f.BoolVar(&k.yes, "yes", false, "record it; without, it is only shown")
	f.Uint64Var(&k.seen, "seen", 0, "with --yes: only while the register has the `N` entries it had when it was shown")
	f.BoolVar(&k.asJSON, "json", false, "print what changes as JSON")
}

// newFlag is for the commands that can add something of which there was nothing.
func newFlag(cmd *cobra.Command, isNew *bool) {
	cmd.Flags().BoolVar(isNew, "new", false, "it is a new one, though its id is near one the register has")
}

// record shows what records would change, and with a yes records them. compose makes them
// from the register as it is, so that what a command does not name stays.
//
// What was shown is what is recorded: the node refuses it when anything was recorded in
// between. Records that the register has in the same words already are not recorded again,
// so a command cut off at any moment can be run again.
func (k *keeping) record(cmd *cobra.Command, compose func(*answersv1.GetRegisterResponse) (*ledgerv1.RegisterRecord, error)) error {
	return k.recordAll(cmd, func(_ *client.Client, reg *answersv1.GetRegisterResponse) ([]*ledgerv1.RegisterRecord, []string, error) {
		record, err := compose(reg)
		return []*ledgerv1.RegisterRecord{record}, nil, err
	})
}

// recordAll is record, of any number of records, all or none of which are recorded; of none it says so. The notes
// are for the keeper to look at.
func (k *keeping) recordAll(cmd *cobra.Command, compose func(*client.Client, *answersv1.GetRegisterResponse) ([]*ledgerv1.RegisterRecord, []string, error)) error {
	if k.dir == "" {
		return usage("%s needs --dir, the folder of the keeper's node", cmd.Name())
	}
	return withNode(cmd.Context(), k.dir, func(c *client.Client) error {
		ctx := cmd.Context()
		reg, err := c.WholeRegister(ctx)
		if err != nil {
			return err
		}
		records, notes, err := compose(c, reg)
		if err != nil {
			return err
		}
		out := cmd.OutOrStdout()
		if k.asJSON {
			notesTo(cmd.ErrOrStderr(), notes)
		} else {
			notesTo(out, notes)
		}
		switch {
		case len(records) == 0 && k.asJSON:
			return printJSON(out, &nodev1.AppendRegisterResponse{})
		case len(records) == 0:
			fmt.Fprintln(out, "The register says so already: there is nothing to record.")
			return nil
		}
		req := &nodev1.AppendRegisterRequest{Records: records, ValidateOnly: true}
		resp, err := checkedAt(ctx, c, req, reg.Size)
		if err != nil {
			return err
		}
		changes := changesRecorded(resp.Changes)
		if changes && k.seen > 0 && k.seen != reg.Size {
			return errMoved(k.seen, reg.Size)
		}
		if changes && k.yes {
			shown := resp.Changes
			req.ValidateOnly, req.Preview, req.RequestId = false, resp.Preview, recordsID(reg.Size, req.Records)
			if resp, err = c.AppendRegister(ctx, req); err != nil {
				return err
			}
			resp.Changes = shown
		}
		if k.asJSON {
			return printJSON(out, resp)
		}
		if !changes {
			fmt.Fprintln(out, "The register says so already: there is nothing to record.")
			printChanges(out, resp.Changes)
			return nil
		}
		printChanges(out, resp.Changes)
		if k.yes {
			fmt.Fprintf(out, "Recorded as %s. To undo it, record it anew as it was before.\n", resp.Standing.Entry)
			return nil
		}
		fmt.Fprintf(out, "Nothing was recorded. What is recorded stays in the log for ever; a mistake is\n"+
			"mended by recording it anew. To record it, run this again with\n  --yes --seen %d\n"+
			"which records it only if nobody has recorded anything since.\n", reg.Size)
		return nil
	})
}

// notesTo shows what whoever made records left out, or found to look at.
func notesTo(out io.Writer, notes []string) {
	if len(notes) == 0 {
		return
	}
	p := plain.New(terminal.Width(out, plain.Width))
	p.Line("Of the files:")
	for _, note := range notes {
		p.Item(2, notation.CleanLine(note))
	}
	fmt.Fprint(out, p)
}

// checkedAt has the node check records, and refuses when the register is no longer the one of
// that size, which the records were made from.
func checkedAt(ctx context.Context, c *client.Client, req *nodev1.AppendRegisterRequest, size uint64) (*nodev1.AppendRegisterResponse, error) {
	resp, err := c.AppendRegister(ctx, req)
	if err == nil && resp.Preview.GetSize() != size {
		err = errMoved(size, resp.Preview.GetSize())
	}
	return resp, err
}

func errMoved(shown, now uint64) error {
	return fault.New(fault.ErrMoved, fmt.Sprintf("the keeper's log had %d entries when this was shown, and has %d now; nothing was recorded", shown, now),
		"look at it again: the same command without --yes shows what it would change now")
}

// changesRecorded: something of what is recorded becomes another than it is.
func changesRecorded(changes []*answersv1.RegisterChange) bool {
	return slices.ContainsFunc(changes, func(c *answersv1.RegisterChange) bool {
		return c.Kind == answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_FIELD || c.Kind == answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_SPEAKS
	})
}

// printChanges shows field by field what is recorded, then what that changes elsewhere, then
// what to look at twice.
func printChanges(out io.Writer, changes []*answersv1.RegisterChange) {
	var fields, elsewhere, twice []*answersv1.RegisterChange
	for _, c := range changes {
		switch c.Kind {
		case answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_FIELD:
			fields = append(fields, c)
		case answersv1.RegisterChangeKind_REGISTER_CHANGE_KIND_LOOK_TWICE:
			twice = append(twice, c)
		default:
			elsewhere = append(elsewhere, c)
		}
	}
	p := plain.New(terminal.Width(out, plain.Width))
	item := func(c *answersv1.RegisterChange) { p.Item(2, notation.CleanLine(c.Words)) }
	for i, c := range fields {
		switch isFirst := i == 0 || fields[i-1].Of != c.Of; {
		case isFirst && c.Field == "name" && c.Before == "": // whatever is recorded has a name
			p.Para(0, "Added, "+notation.CleanLine(c.Of)+":")
		case isFirst:
			p.Para(0, "Changed, "+notation.CleanLine(c.Of)+":")
		}
		item(c)
	}
	for _, some := range []struct {
		head    string
		changes []*answersv1.RegisterChange
	}{{"What that changes:", elsewhere}, {"Look twice:", twice}} {
		if len(some.changes) > 0 {
			p.Line(some.head)
		}
		for _, c := range some.changes {
			item(c)
		}
	}
	fmt.Fprint(out, p)
}

func printJSON(out io.Writer, m proto.Message) error {
	b, err := protojson.MarshalOptions{Multiline: true}.Marshal(m)
	if err == nil {
		_, err = fmt.Fprintf(out, "%s\n", notation.EscapeJSON(b))
	}
	return err
}

// recordsID is the request id of records that follow a log of some size: the same records may
// be recorded again later, when something else was in between.
func recordsID(size uint64, records []*ledgerv1.RegisterRecord) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d:", size)
	for _, r := range records {
		b, _ := proto.MarshalOptions{Deterministic: true}.Marshal(r)
		fmt.Fprintf(h, "%d:", len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:48]
}

// names are what can be named in the register, by their ids; the names of each beside it.
type names map[string][]string

func officeNames(reg *answersv1.GetRegisterResponse) names {
	all := names{}
	for _, o := range reg.Offices {
		all[o.Office.GetId()] = append(slices.Clone(o.Office.GetAliases()), o.Office.GetName())
	}
	return all
}

func committeeNames(reg *answersv1.GetRegisterResponse) names {
	all := names{}
	for _, c := range reg.Committees {
		all[c.Id] = append(slices.Clone(c.Aliases), c.Name)
	}
	return all
}

func bodyNames(reg *answersv1.GetRegisterResponse) names {
	all := names{}
	for _, b := range reg.Bodies {
		all[b.Id] = append(slices.Clone(b.Aliases), b.Name)
	}
	return all
}

// near are the ids that a new one may be, mistyped, or that have its name.
func (n names) near(id, name string) []string {
	var near []string
	for other, names := range n {
		if notation.IsNearID(id, other) || slices.ContainsFunc(names, func(s string) bool { return name != "" && notation.NameAsRead(s) == notation.NameAsRead(name) }) {
			near = append(near, other)
		}
	}
	slices.Sort(near)
	return near
}

// checkNew refuses to add what may be something the register has, mistyped, unless it is said
// to be new.
func (n names) checkNew(what, id, name string, isNew bool) error {
	if !notation.IsSlug(id) {
		return usage("%q is no id: lower-case letters, digits and single hyphens, at most %d, for example north-essex", id, notation.SlugLimit)
	}
	if near := n.near(id, name); len(near) > 0 && !isNew {
		return unknown(what, id, near, " if it is a new one, say --new")
	}
	return nil
}

// check refuses what must be in the register and is not.
func (n names) check(what, id string) error {
	if _, known := n[id]; known {
		return nil
	}
	return unknown(what, id, n.near(id, ""), "")
}

func unknown(what, id string, near []string, otherwise string) error {
	hint := "lmcnode register show lists what it has"
	if len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?" + otherwise
	}
	return fault.New(fault.ErrInvalid, fmt.Sprintf("the register has no %s %q", what, id), hint)
}

// dayOr reads a day, or the word that means there is none.
func dayOr(flag, value, word string) (string, error) {
	if value == word {
		return "", nil
	}
	if err := flags.ReadDay(flag, &value, usage); err != nil {
		return "", usage("%v, or %s", err, word)
	}
	return value, nil
}

// edited is a list with what was added, each once, and without what was taken out.
func edited(flag string, list, add, remove []string) ([]string, error) {
	list = slices.Clone(list)
	for _, item := range remove {
		i := slices.Index(list, item)
		if i < 0 {
			return nil, usage("--no-%s %q: there is none to take out; recorded are: %s", flag, item, strings.Join(list, ", "))
		}
		list = slices.Delete(list, i, i+1)
	}
	for _, item := range add {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list, nil
}

// checkOneOf refuses a word that a flag does not know; left out is known.
func checkOneOf(flag, word string, words []string) error {
	if word != "" && !slices.Contains(words, word) {
		return usage("%s %q is not one of: %s", flag, word, strings.Join(words, ", "))
	}
	return nil
}
