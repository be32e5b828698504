package demo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
	"github.com/lmcfed/lmcfed/server"
)

// convergeFor is how long the nodes may take for each of them, until all hold the same.
const convergeFor = 3 * time.Second

// startsAtOnce is how many nodes are started at a time.
const startsAtOnce = 4

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
}

// office is one node with its officer's client.
type office struct {
	id      string
	dir     string
	node    *server.Node
	client  *client.Client
	address string
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

// startKeeper starts the node that keeps the register and records committees,
// areas and rights in it.
func (f *Federation) startKeeper(ctx context.Context, opts Options) error {
	if err := f.start(ctx, opts, keeperID, ""); err != nil {
		return err
	}
	return f.record(ctx, "register", append(f.rights(""), f.rights(keeperID)...))
}

// rights are the register's records that name an office: who speaks for whom and may
// report. "": those that name none. An office must have been admitted before them.
func (f *Federation) rights(office string) []*ledgerv1.RegisterRecord {
	var out []*ledgerv1.RegisterRecord
	for _, r := range f.data.Register {
		if r.GetMandate().GetOffice()+r.GetReportingRight().GetOffice() == office {
			out = append(out, r)
		}
	}
	return out
}

// record appends to the register under a request id of its content: a second start
// records nothing twice.
func (f *Federation) record(ctx context.Context, what string, records []*ledgerv1.RegisterRecord) error {
	all := make([]proto.Message, len(records))
	for i, r := range records {
		all[i] = r
	}
	_, err := f.nodes[0].client.AppendRegister(ctx, &nodev1.AppendRegisterRequest{RequestId: requestID(what, all...), Records: records})
	return err
}

// admit makes the offices' folders, and admits them to the register.
func (f *Federation) admit(ctx context.Context, p *progress) error {
	for i, o := range f.data.Offices[1:] {
		p.count(i, len(f.data.Offices)-1, "offices")
		if err := f.prepare(o.Id); err != nil {
			return err
		}
		signed, _, err := server.ReadOfficeFile(filepath.Join(f.dir, o.Id, "office.record"))
		if err != nil {
			return err
		}
		admission := &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: signed}}}
		records := append([]*ledgerv1.RegisterRecord{admission}, f.rights(o.Id)...)
		if err := f.record(ctx, "admit "+o.Id, records); err != nil {
			return err
		}
	}
	return nil
}

// startOffices starts the nodes of all that were admitted, a few at a time, and has each publish what
// it can.
func (f *Federation) startOffices(ctx context.Context, opts Options, p *progress) error {
	offices := f.data.Offices[1:]
	keeper := f.office(keeperID)
	started := make(chan error, len(offices))
	turns := make(chan struct{}, startsAtOnce)
	for _, o := range offices {
		go func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			invitation, err := keeper.client.Invite(ctx, o.Id)
			if err == nil {
				err = f.start(ctx, opts, o.Id, invitation)
			}
			if err == nil {
				err = f.publishFirst(ctx, o.Id)
			}
			started <- err
		}()
	}
	var failed error
	for i := range offices {
		failed = cmp.Or(failed, <-started) // all of them, for what was opened is to be closed
		p.count(i+1, len(offices), "nodes")
	}
	ids := officeIDs(f.data.Offices)
	slices.SortFunc(f.nodes, func(a, b *office) int { return cmp.Compare(slices.Index(ids, a.id), slices.Index(ids, b.id)) })
	return failed
}

// prepare makes an office's folder unless it is there. The address is fixed now, because the
// register names it: a free port, which is held until the node takes it, and kept for later starts.
func (f *Federation) prepare(id string) error {
	dir := filepath.Join(f.dir, id)
	if _, err := os.Stat(filepath.Join(dir, "node.json")); err == nil {
		return nil
	}
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.held[id] = lis
	f.mu.Unlock()
	address := lis.Addr().String()
	cfg := server.InitConfig{Dir: dir, Federation: f.data.Federation, Listen: address, Advertise: address, Notice: f.data.Notice}
	for _, o := range f.data.Offices {
		if o.Id == id {
			cfg.Office = o
		}
	}
	cfg.Keeper = id == keeperID
	_, err = server.Init(cfg)
	return err
}

// taken is the listener that was held for an office's node; nil where it has its address already.
func (f *Federation) taken(id string) net.Listener {
	f.mu.Lock()
	defer f.mu.Unlock()
	lis := f.held[id]
	delete(f.held, id)
	return lis
}

// start opens an office's node, serves it in the background and dials it with its
// officer's key.
func (f *Federation) start(ctx context.Context, opts Options, id, invitation string) error {
	if err := f.prepare(id); err != nil {
		return err
	}
	log := opts.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	o := &office{id: id, dir: filepath.Join(f.dir, id)}
	listening := make(chan string, 1)
	var err error
	o.node, err = server.Open(server.Config{
		Dir: o.dir, Invitation: invitation, Logger: log.With("node", id),
		Listener: f.taken(id), Listening: func(address string) { listening <- address },
	})
	if err != nil {
		return fmt.Errorf("opening the node of %s: %w", id, err)
	}
	f.mu.Lock()
	f.nodes = append(f.nodes, o)
	f.mu.Unlock()
	if err := o.serve(ctx, f, listening); err != nil {
		return err
	}
	return o.dial()
}

// serve runs the node and returns when it listens.
func (o *office) serve(ctx context.Context, f *Federation, listening <-chan string) error {
	failed := make(chan error, 1)
	f.work.Go(func() {
		err := o.node.Serve(ctx)
		failed <- err
		f.fail(o.id, err)
	})
	select {
	case o.address = <-listening:
		return nil
	case err := <-failed:
		return fmt.Errorf("serving the node of %s: %w", o.id, err)
	}
}

func (f *Federation) fail(id string, err error) {
	if err == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failed = errors.Join(f.failed, fmt.Errorf("node of %s: %w", id, err))
}

func (o *office) dial() error {
	profile, err := identity.LoadProfile(filepath.Join(o.dir, "profile.json"))
	if err != nil {
		return err
	}
	o.client, err = client.DialProfile(profile)
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
