package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/version"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

func newRecount(a *app) *cobra.Command {
	var keeper string
	cmd := &cobra.Command{
		Use:     "recount FILE",
		Short:   "Count a saved national picture again, without a node",
		GroupID: groupRead,
		Long: "Recount checks a file saved with lmc national --save: it asks nobody and needs\n" +
			"no network. It checks every signature, hash and proof from one key on, that of\n" +
			"the office that keeps the register; works every line out anew from the letters\n" +
			"in the file; counts; and tells of each figure that is not what the node\n" +
			"answered. It also says what it cannot show: that no newer letter existed, and,\n" +
			"unless the file was saved with --full, that nothing was left out.\n\n" +
			"Have the key from that office itself, or from a node that you trust: lmc\n" +
			"register show. One that is kept in the profile in use (lmc profile add\n" +
			"--keeper) need not be given.\n" +
			"It exits 0 if everything is proved and the same, 1 if something is not.",
		Example: "  lmc recount october.picture --keeper england/gpc-england/log/0+1b2c3d4e+A…\n" +
			"  lmc recount october.picture --json",
		Args: exactly("FILE"),
		RunE: a.does(func(ctx context.Context, args []string) error {
			f, err := durable.Open(args[0])
			if err != nil {
				return fmt.Errorf("reading %s: %w", args[0], unwrapPath(err))
			}
			defer f.Close()
			key := keeper
			if key == "" {
				if p, err := a.chosen(); err == nil {
					key = p.Keeper
				}
			}
			if key == "" {
				return noKeeper(recount.Claim(f))
			}
			return a.recounted(ctx, f, args[0], key)
		}),
	}
	cmd.Flags().StringVar(&keeper, "keeper", "", "the `VKEY` of the log of the office that keeps the register")
	must(cmd.RegisterFlagCompletionFunc("keeper", cobra.NoFileCompletions))
	return cmd
}

// noKeeper says that nothing can be proved without a key from elsewhere.
func noKeeper(claimed string) error {
	hint := "have it from that office itself, or lmc register show at a node that you trust"
	if claimed != "" {
		hint += "; the file says that it is " + claimed + ", which proves nothing by itself"
	}
	return usage(hint, "recount needs the key of the register's log: --keeper VKEY, or lmc profile add --keeper VKEY")
}

// recounted tells what came of counting a file again.
func (a *app) recounted(ctx context.Context, f io.Reader, file, key string) error {
	result, err := recount.Check(ctx, f, key, version.Software())
	if err != nil {
		return unreadable(file, err)
	}
	if err := a.answer(result, func(p *plain.Page) { p.Recount(result) }); err != nil {
		return err
	}
	if result.GetOutcome() != answersv1.RecountOutcome_RECOUNT_OUTCOME_SAME {
		return answered{}
	}
	return nil
}

// unreadable says why a file cannot be counted again at all.
func unreadable(file string, err error) error {
	hint := ""
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, recount.ErrNotOne):
		hint = "name a file that lmc national MATTER --save FILE wrote"
	case errors.Is(err, recount.ErrVersion):
		hint = "a newer lmc reads newer files: compare lmc --version with whoever saved it"
	case errors.Is(err, recount.ErrCut):
		hint = "copy it again, whole, from whoever saved it"
	case errors.Is(err, recount.ErrOtherFederation):
		hint = "name the key of the office that keeps that federation's register, or the file that was meant"
	default:
		return usage("copy all of the key, as the office gives it", "--keeper: %v", err)
	}
	return withHint(fmt.Errorf("%s cannot be counted again: %w", file, err), hint)
}

// saveNational saves a picture with what it rests on. What does not count up to what the node answered,
// by the key that the node itself names, is not saved.
func (a *app) saveNational(ctx context.Context, c *client.Client, req *answersv1.SaveNationalPictureRequest, file string) error {
	var head *answersv1.SavedHead
	entries, logs := 0, 0
	err := durable.CreateFrom(file, 0o644, func(f *os.File) error {
		buffered := bufio.NewWriterSize(f, 1<<20)
		w, err := recount.NewWriter(buffered)
		if err != nil {
			return err
		}
		err = c.SaveNational(ctx, req, func(part *answersv1.SavedPart) error {
			switch of := part.GetPart().(type) {
			case *answersv1.SavedPart_Head:
				head = of.Head
			case *answersv1.SavedPart_Log:
				logs++
			case *answersv1.SavedPart_Entry:
				entries++
			}
			return w.Write(part)
		})
		if err := errors.Join(err, w.Close(), buffered.Flush()); err != nil {
			return err
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		result, err := recount.Check(ctx, f, head.GetKeeperVkey(), version.Software())
		if err != nil {
			return fmt.Errorf("counting again what %s sent: %w", c.Address(), err)
		}
		if found := append(result.GetNotProved(), result.GetDifferences()...); len(found) > 0 {
			hint := "it was not saved; ask another office's node, and tell whoever runs this one"
			if theirs := head.GetSoftware(); theirs != version.Software() {
				hint = fmt.Sprintf("it was not saved; the node runs %s, and this is lmc %s: try with the lmc of that version, or another office's node", theirs, version.Software())
			}
			return withHint(fmt.Errorf("what %s sent does not count up to what it answered: %s", c.Address(), found[0]), hint)
		}
		return nil
	})
	if errors.Is(err, fs.ErrExist) {
		return exists(file)
	}
	if err != nil {
		return fmt.Errorf("saving %s: %w", file, err)
	}
	a.done = fmt.Sprintf("saved %s: the national picture, with %s of %s", file, notation.Counted(int64(entries), "entry", "entries"), notation.Counted(int64(logs), "log", "logs"))
	short := proto.CloneOf(head)
	short.Picture, short.Rows = nil, nil
	return a.answer(short, func(p *plain.Page) {
		p.Line(a.done)
		p.Line("count it again without a node:")
		p.Line(fmt.Sprintf("  lmc recount %s --keeper %s", file, head.GetKeeperVkey()))
		p.Para(0, "This key came from the same node as the file, so alone it proves nothing about that node: compare it first with the one that the office that keeps the register itself gives.")
	})
}
