package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
)

// convergeFor is how long the nodes may take for each of them, until all hold the same.
const convergeFor = 3 * time.Second

// settingsLimit is the largest node.json that is looked at, in bytes.
const settingsLimit = 64 << 10

// Options is how the demonstration runs. The zero value works.
type Options struct {
	// Dir keeps the data; a second start resumes it. Default: a temporary folder,
	// removed at the end.
	Dir string
	// Letters is a folder of letter files to publish instead of those built in; made
	// from them when it is missing. Default: Dir/letters when Dir is set.
	Letters string
	// Scale is how many invented offices there are more, for load: 0 to ScaleLimit.
	Scale int
	// Web is the address at which the node that the commands printed ask serves browsers. Default: none.
	Web string
	// Progress gets one line that changes while nodes start and converge.
	Progress io.Writer
	// Logger gets what the nodes log. Default: nothing.
	Logger *slog.Logger
}

// Federation is the offices of the demonstration, each a node of its own.
type Federation struct {
	data  *Data
	nodes []*office // the keeper first; then as the data has them, once all are started
	dir   string
	temp  bool
	stop  context.CancelFunc
	work  sync.WaitGroup

	publishing sync.Mutex // held while a letter is published, and guards done
	done       published

	mu     sync.Mutex              // guards nodes while they start, held and failed
	held   map[string]net.Listener // of offices whose nodes have not started yet
	failed error
	pages  string // where browsers find them; "": nowhere
}

// Start makes or resumes every node, admits and joins them, publishes what has not
// been published yet, and returns when all of them hold the same.
func Start(ctx context.Context, opts Options) (*Federation, error) {
	f := &Federation{dir: opts.Dir, held: map[string]net.Listener{}}
	ctx, f.stop = context.WithCancel(ctx)
	progress := newProgress(opts.Progress)
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"choosing the folder", f.chooseDir},
		{"reading the letters", func() error { return f.load(opts) }},
		{"adding offices for load", func() error { return f.data.scale(opts.Scale, f.dir) }},
		{"starting the keeper of the register, " + keeperID, func() error { return f.startKeeper(ctx, opts) }},
		{"admitting the offices", func() error { return f.admit(ctx, progress) }},
		// What was written before a node joins, it takes in one piece.
		{"publishing what the keeper says", func() error { return f.publish(ctx, progress, func(file File) bool { return file.Office == keeperID }) }},
		{"starting the nodes of the offices", func() error { return f.startOffices(ctx, opts, progress) }},
		{"publishing the letters of the offices", func() error { return f.publish(ctx, progress, func(file File) bool { return file.Office != keeperID }) }},
		{"waiting until every node holds the same", func() error { return f.converge(ctx, progress) }},
	} {
		progress.say(step.what)
		if err := step.do(); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", step.what, err), f.Close())
		}
	}
	progress.done()
	return f, nil
}

const keeperID = "gpc-england"

// ErrRealNode: the folder holds a node that is none of the demonstration's.
var ErrRealNode = errors.New("a real node, in whose name the demonstration would publish")

// chooseDir makes the folder one that is named alike from everywhere, and refuses one that
// is a real node's, or holds one under the name of an office of the demonstration.
func (f *Federation) chooseDir() (err error) {
	if f.data, err = Load(); err != nil {
		return err
	}
	if f.temp = f.dir == ""; f.temp {
		if f.dir, err = os.MkdirTemp("", "lmc-demo-"); err != nil {
			return fault.New(fault.ErrInvalid, err.Error(), "the folder for temporary files cannot be written: set TMPDIR to one that can, or name a folder with --dir")
		}
		return nil
	}
	if f.dir, err = filepath.Abs(f.dir); err != nil {
		return err
	}
	for _, dir := range append([]string{"."}, officeIDs(f.data.Offices)...) {
		path := filepath.Join(f.dir, dir, "node.json")
		b, err := durable.ReadFile(path, settingsLimit)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		var of struct{ Federation, Office string }
		if err == nil {
			err = json.Unmarshal(b, &of)
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		if dir == "." || of.Federation != f.data.Federation {
			return fmt.Errorf("%s is the node of %s in federation %s: %w", filepath.Dir(path), of.Office, of.Federation, ErrRealNode)
		}
	}
	return nil
}

func (f *Federation) load(opts Options) (err error) {
	if f.done, err = f.loadPublished(); err != nil {
		return err
	}
	letters := opts.Letters
	if letters == "" && !f.temp {
		letters = filepath.Join(f.dir, "letters")
	}
	if letters == "" {
		return nil // those built in
	}
	if _, err := os.Stat(letters); errors.Is(err, os.ErrNotExist) {
		return f.data.WriteLetters(letters)
	}
	f.data, err = LoadFrom(letters)
	return err
}

// Close stops every node and waits for it.
func (f *Federation) Close() error {
	f.stop()
	var errs []error
	for _, o := range f.nodes {
		if o.client != nil {
			errs = append(errs, o.client.Close())
		}
	}
	f.work.Wait()
	for _, o := range f.nodes {
		errs = append(errs, o.node.Close())
	}
	for _, lis := range f.held {
		errs = append(errs, lis.Close())
	}
	if f.temp {
		errs = append(errs, os.RemoveAll(f.dir))
	}
	return errors.Join(append(errs, f.failed)...)
}

// converge waits until every node has the same frontier root, and that root covers
// what everybody wrote, and each hears all others.
func (f *Federation) converge(ctx context.Context, p *progress) error {
	patience := convergeFor * time.Duration(len(f.nodes))
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	want := map[string]bool{}
	for {
		clear(want)
		for _, o := range f.nodes {
			root := o.node.FrontierRoot()
			want[string(root[:])] = true
		}
		p.count(len(f.nodes)-len(want)+1, len(f.nodes), "nodes agree")
		if len(want) == 1 {
			break
		}
		behind := f.behind()
		if err := behind.node.Await(ctx, func() bool { return behind.node.Entries() >= f.most() }); err != nil {
			return fmt.Errorf("%s has %d of %d entries after %s: %w", behind.id, behind.node.Entries(), f.most(), patience, err)
		}
	}
	for _, o := range f.nodes { // a demonstration of last week's was not heard since
		if err := o.node.Await(ctx, func() bool { return o.node.Hears(ctx) }); err != nil {
			return fmt.Errorf("%s does not hear every other node after %s: %w", o.id, patience, err)
		}
	}
	return nil
}

// behind is the node with the fewest entries.
func (f *Federation) behind() *office {
	least := f.nodes[0]
	for _, o := range f.nodes {
		if o.node.Entries() < least.node.Entries() {
			least = o
		}
	}
	return least
}

func (f *Federation) most() uint64 {
	var most uint64
	for _, o := range f.nodes {
		most = max(most, o.node.Entries())
	}
	return most
}
