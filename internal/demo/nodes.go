package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/identity"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
	"github.com/lmcfed/lmcfed/server"
)

// startsAtOnce is how many nodes are started at a time.
const startsAtOnce = 4

// office is one node with its officer's client.
type office struct {
	id      string
	dir     string
	node    *server.Node
	client  *client.Client
	address string
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

// anyFree listens on some free port of this machine, below those that systems give to whoever dials, from 32768 on: one of
// these may be somebody's for a minute when a demonstration that was kept starts again.
func anyFree() (lis net.Listener, err error) {
	for range 100 {
		if lis, err = net.Listen("tcp", fmt.Sprint("127.0.0.1:", 16384+rand.IntN(16384))); err == nil {
			return lis, nil
		}
	}
	return net.Listen("tcp", "127.0.0.1:0")
}

// prepare makes an office's folder unless it is there. The address is fixed now, because the
// register names it: a free port, which is held until the node takes it, and kept for later starts.
func (f *Federation) prepare(id string) error {
	dir := filepath.Join(f.dir, id)
	if _, err := os.Stat(filepath.Join(dir, "node.json")); err == nil {
		return nil
	}
	lis, err := anyFree()
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.held[id] = lis
	f.mu.Unlock()
	address := lis.Addr().String()
	cfg := server.InitConfig{Dir: dir, Federation: f.data.Federation, Listen: address, Advertise: address, Notice: cmp.Or(f.data.NoticeOf[id], f.data.Notice)}
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
	cfg := server.Config{
		Dir: o.dir, Invitation: invitation, Logger: log.With("node", id),
		Listener: f.taken(id), Listening: func(address string) { listening <- address },
	}
	if id == viewOffice {
		cfg.Web, cfg.Browse = opts.Web, func(url string) { f.pages = url }
	}
	o.node, err = server.Open(cfg)
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
