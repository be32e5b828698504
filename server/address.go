package server

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/wire"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Move says where others can dial a node from now on: it signs the office's record anew, with the
// next serial, and puts it in the folder. An empty address says that nobody can, and the node only
// dials. A running node takes it to the keeper by itself; it is the file to send otherwise. The root
// key must lie in the key folder.
func Move(dir, address string) (was string, err error) {
	if address != "" {
		if err := notation.CheckAddress(address); err != nil {
			return "", fault.New(fault.ErrInvalid, fmt.Sprintf("the address others dial, %q: %v", notation.Clip(address, 80), err), "write the machine's name and port, for example node.essexlmc.org.uk:7443")
		}
	}
	if _, err := loadSettings(dir); err != nil {
		return "", err
	}
	path := filepath.Join(dir, officeFile)
	_, record, err := ReadOfficeFile(path)
	if err != nil {
		return "", err
	}
	keys, err := loadRoot(dir)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(record.GetRootKey(), publicKey(keys.Root)) {
		return "", fault.New(fault.ErrInvalid, fmt.Sprintf("%s was signed by another root key than lies in %s", path, filepath.Join(dir, keysFolder)), "put back the key folder that belongs to this node's folder")
	}
	node, named := nodeWithKey(record, keys)
	if !named {
		return "", fault.New(fault.ErrInvalid, path+" does not name this node's key", "put back the key folder that belongs to this node's folder")
	}
	was = node.GetAddress()
	if was == address {
		return was, nil
	}
	node.Address = address
	record.Serial++
	signed, err := identity.SignOffice(record, keys.Root)
	if err != nil {
		return was, err
	}
	b, err := proto.Marshal(signed)
	if err != nil {
		return was, fmt.Errorf("writing the office's record: %w", err)
	}
	if err := durable.Write(path, b, 0o644); err != nil {
		return was, fmt.Errorf("writing the office's record: %w", err)
	}
	return was, nil
}

// What the keeper records by itself of an office's addresses: so often, and of so many nodes.
const (
	moveEvery = time.Hour
	moveNodes = 8
	// moveLook is how often a node looks whether its record is newer than the register's, and
	// moveRetry how long it waits after the keeper was not told.
	moveLook  = time.Second
	moveRetry = time.Minute
)

// moves are when offices were last moved by their own word.
type moves struct {
	mu   sync.Mutex // guards last
	last map[string]time.Time
}

// Move records where an office's nodes can be dialled, at the office's own word: it was signed by
// its root key, is newer than what is recorded, and changes nothing but addresses. All else is the
// keeper's to look at.
func (s federationService) Move(ctx context.Context, req *nodev1.MoveRequest) (*nodev1.MoveResponse, error) {
	const ask = "send office.record to the keeper's office: whatever is more than an address it looks at itself"
	n := s.n
	peer, err := n.mustPeer(ctx)
	if err != nil {
		return nil, err
	}
	if !n.settings.Keeper {
		return nil, fault.New(fault.ErrNotKeeper, fmt.Sprintf("%s does not keep the register: %s does", n.settings.Office, n.keeperOffice()), "")
	}
	record, err := identity.OpenOffice(req.GetSigned())
	if err != nil {
		return nil, fault.New(fault.ErrInvalid, err.Error(), ask)
	}
	have := n.reg().Record(peer.Office)
	switch {
	case record.GetOffice().GetId() != peer.Office:
		return nil, fault.New(fault.ErrNotEntitled, fmt.Sprintf("this node is %s's, and the record is %s's", peer.Office, record.GetOffice().GetId()), "")
	case record.GetSerial() <= have.GetSerial():
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("the record has the serial %d, and %d is recorded", record.GetSerial(), have.GetSerial()), ask)
	case len(record.GetNodes()) > moveNodes:
		return nil, fault.New(fault.ErrTooLarge, fmt.Sprintf("the record names %d nodes, and the addresses of %d at most are recorded unseen", len(record.GetNodes()), moveNodes), ask)
	case !proto.Equal(withoutAddresses(record), withoutAddresses(have)):
		return nil, fault.New(fault.ErrInvalid, "the record changes more than addresses", ask)
	}
	n.moves.mu.Lock()
	defer n.moves.mu.Unlock()
	if since := n.cfg.Now().Sub(n.moves.last[peer.Office]); since < moveEvery && since >= 0 {
		return nil, fault.New(fault.ErrBusy, fmt.Sprintf("the addresses of %s were changed %s ago, and are once in %s at most", peer.Office, since.Round(time.Minute), moveEvery), "it is tried again by itself")
	}
	entry, err := n.recordOwn(ctx, req.GetSigned(), record)
	if err != nil {
		return nil, err
	}
	if n.moves.last == nil {
		n.moves.last = map[string]time.Time{}
	}
	n.moves.last[peer.Office] = n.cfg.Now()
	n.cfg.Logger.Info("recorded where an office's nodes are, at its own word", "office", peer.Office, "entry", entry)
	return &nodev1.MoveResponse{Entry: entry}, nil
}

// recordOwn records an office's record in the register this node keeps.
func (n *Node) recordOwn(ctx context.Context, signed *ledgerv1.SignedOfficeRecord, record *ledgerv1.OfficeRecord) (entry string, err error) {
	resp, err := publicationService{n: n}.AppendRegister(ctx, &nodev1.AppendRegisterRequest{
		RequestId: fmt.Sprintf("move %.40s %d", record.GetOffice().GetId(), record.GetSerial()),
		Records:   []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: signed}}}},
	})
	return resp.GetStanding().GetEntry(), err
}

// withoutAddresses is all of a record that may not change unseen.
func withoutAddresses(record *ledgerv1.OfficeRecord) *ledgerv1.OfficeRecord {
	record = proto.CloneOf(record)
	record.Serial = 0
	for _, node := range record.GetNodes() {
		node.Address = ""
	}
	return record
}

// ownRecord is the office's record in the folder, where that is newer than the register's and
// changes addresses alone: all else the keeper admits itself. What the register lacks the words of may be that record.
func (n *Node) ownRecord() (signed *ledgerv1.SignedOfficeRecord, record *ledgerv1.OfficeRecord, newer bool) {
	have := n.reg().Record(n.settings.Office)
	signed, record, err := ReadOfficeFile(filepath.Join(n.cfg.Dir, officeFile))
	newer = err == nil && n.hasRegister() && have != nil && record.GetSerial() > have.GetSerial() && proto.Equal(withoutAddresses(record), withoutAddresses(have))
	return signed, record, newer
}

// keepRecord puts the office's record as the register has it in the place of one in the folder that is
// lost, or older, as in a folder that was made anew or put back: what is signed from an older one
// nobody records.
func (n *Node) keepRecord() error {
	have, signed, path := n.reg().Record(n.settings.Office), n.reg().Signed(n.settings.Office), filepath.Join(n.cfg.Dir, officeFile)
	_, record, err := ReadOfficeFile(path)
	if have == nil || n.keys.Root == nil || !bytes.Equal(have.GetRootKey(), publicKey(n.keys.Root)) ||
		err != nil && !errors.Is(err, fs.ErrNotExist) || err == nil && (record.GetSerial() > have.GetSerial() || proto.Equal(record, have)) {
		return nil
	}
	b, err := proto.Marshal(signed)
	if err == nil {
		err = durable.Write(path, b, 0o644)
	}
	if err == nil {
		n.cfg.Logger.Warn(officeFile+" was lost, or older than what the register has, and is that again: if this node's address has changed, say so with lmcnode address", "serial", have.GetSerial())
	}
	return err
}

// tellKeeper takes the office's record to the keeper whenever it is newer than what the register
// has, until ctx ends: an address that changed is followed by every node, and nobody need send a
// file.
func (n *Node) tellKeeper(ctx context.Context) {
	told := ""
	for wait := moveLook; ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = moveLook
		if err := errors.Join(n.keepRecord(), n.keepKeeperAt()); err != nil && err.Error() != told {
			told = err.Error()
			n.cfg.Logger.Warn("what the register says anew of this office, and of the keeper, cannot be kept in the node's folder", "error", err)
		}
		signed, record, newer := n.ownRecord()
		if !newer {
			continue
		}
		err := n.tell(ctx, signed, record)
		if err == nil {
			n.cfg.Logger.Info("the register has the new address of this node", "address", n.advertised())
			continue
		}
		if wait = moveRetry; err.Error() != told {
			told = err.Error()
			n.cfg.Logger.Warn("the register does not have the new address of this node yet", "error", fault.Headline(err), "do", fault.Hint(err))
		}
	}
}

// tell records the office's record, or has the keeper record it.
func (n *Node) tell(ctx context.Context, signed *ledgerv1.SignedOfficeRecord, record *ledgerv1.OfficeRecord) (err error) {
	if n.settings.Keeper {
		_, err := n.recordOwn(ctx, signed, record)
		return err
	}
	failed := errors.New("the keeper's node cannot be dialled")
	for _, t := range n.targets() {
		if t.peer.Office != n.keeperOffice() {
			continue
		}
		cc, err := grpc.NewClient("passthrough:///"+t.Address,
			grpc.WithTransportCredentials(credentials.NewTLS(identity.ClientTLS(n.keys.Transport, t.Pin))), grpc.WithNoProxy())
		if err != nil {
			return err
		}
		limited, cancel := context.WithTimeout(ctx, unaryTimeout)
		_, err = nodev1.NewFederationServiceClient(cc).Move(limited, &nodev1.MoveRequest{Signed: signed})
		cancel()
		if closed := cc.Close(); err == nil {
			return closed
		}
		failed = wire.FromStatus(err)
	}
	return failed
}

// advertised is where the office says that this node can be dialled, by the record it last signed;
// empty: it only dials.
func (n *Node) advertised() string {
	_, record, err := ReadOfficeFile(filepath.Join(n.cfg.Dir, officeFile))
	if err != nil {
		return n.Address()
	}
	node, _ := nodeWithKey(record, n.keys)
	return node.GetAddress()
}

// nodeWithKey is the node of an office's record that has these keys.
func nodeWithKey(record *ledgerv1.OfficeRecord, keys *identity.Keys) (*ledgerv1.NodeRecord, bool) {
	for _, node := range record.GetNodes() {
		if publicKey(keys.Transport).Equal(ed25519.PublicKey(node.GetTransportKey())) {
			return node, true
		}
	}
	return nil, false
}
