package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/store"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// InitConfig is what a new node's folder is made from.
type InitConfig struct {
	// Dir is the folder to make. It must be missing or empty.
	Dir string
	// Federation is the short name of the federation.
	Federation string
	// Office is what the office says of itself.
	Office *guidancev1.Office
	// Listen is the address the node listens on ("127.0.0.1:7443").
	Listen string
	// Advertise is where other nodes can dial it; empty: nobody can, it only dials.
	Advertise string
	// Hosts are further names and addresses for the certificate.
	Hosts []string
	// Keeper makes this the register's keeper, with the office's own admission as
	// the first entry of its log.
	Keeper bool
	// Notice is what every letter, matter and report published here carries
	// ("Demonstration: …"); empty: nothing but its own.
	Notice string
	// National is the id and name of the keeper's national committee, with its
	// nation; nil: none.
	National *guidancev1.Committee
}

// Initialised is what an operator needs to know of a new folder.
type Initialised struct {
	Dir         string
	OfficeFile  string // the record to send to the keeper
	Certificate string // PEM: what any gRPC client takes as its CA
	Profile     string // the profile file lmc takes
	Fingerprint string // words to read out by telephone
	Pin         identity.Pin
}

// makingFolder is where in its folder a node is made.
const makingFolder = ".making"

// Init makes a node's folder: keys, a guard, settings, the office's record signed by its root
// key, and at the keeper the first entries of the register; all or nothing. It refuses a folder
// that holds anything, keys above all: an office that forgot its log must not begin it again
// (protocol.md 4).
//
// Everything is made in a folder within, and moved out of it, the settings last: without them the
// folder is no node's. Cut anywhere before that, the next Init finds that folder and begins anew
// (halfMade): nobody was told of the keys that lie there.
func Init(cfg InitConfig) (made *Initialised, err error) {
	if err := checkSlug("federation's name", cfg.Federation, "england"); err != nil {
		return nil, err
	}
	if err := checkSlug("office's id", cfg.Office.GetId(), "surrey-sussex"); err != nil {
		return nil, err
	}
	if err := register.CheckOffice(cfg.Office); err != nil {
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("the office %s: %v", cfg.Office.Id, err), "say it as on the letterhead, on one line; nothing was made")
	}
	if err := checkListen(cfg.Listen); err != nil {
		return nil, err
	}
	if cfg.Advertise != "" {
		if err := notation.CheckAddress(cfg.Advertise); err != nil {
			return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("the address others dial, %q: %v", notation.Clip(cfg.Advertise, 80), err), "write the machine's name and port, for example node.essexlmc.org.uk:7443; leave it out where nobody can dial this node")
		}
	}
	for _, host := range cfg.Hosts {
		if err := notation.CheckAddress(net.JoinHostPort(host, "1")); err != nil {
			return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("a host for the certificate, %q: %v", notation.Clip(host, 80), err), "write the name or address by which clients reach this machine, without a port")
		}
	}
	in := func(name ...string) string { return filepath.Join(append([]string{cfg.Dir}, name...)...) }
	left, err := os.ReadDir(cfg.Dir)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err != nil && !isNew {
		return nil, fmt.Errorf("making the node's folder: %w", err)
	}
	if _, err := os.Stat(in(settingsFile)); err == nil {
		return nil, fault.New(fault.ErrInvalid, cfg.Dir+" is the folder of a node already",
			"serve it as it is: lmcnode serve --dir "+cfg.Dir+"; missing entries are fetched from peers; a new node needs a new folder")
	}
	if halfMade(cfg.Dir) {
		for _, name := range []string{officeFile, dataFile, dataFile + ".pid", keysFolder} { // the keys last: cut short again, it is half made still
			if err := os.Rename(in(name), in(makingFolder, name+".left")); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("making the node's folder anew: %w", err)
			}
		}
		if err := os.RemoveAll(in(makingFolder)); err != nil {
			return nil, fmt.Errorf("making the node's folder anew: %w", err)
		}
		if left, err = os.ReadDir(cfg.Dir); err != nil {
			return nil, fmt.Errorf("making the node's folder anew: %w", err)
		}
	}
	if err := lostSettings(cfg.Dir); err != nil {
		return nil, err
	}
	if len(left) > 0 {
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("%s is not empty: it holds %s", cfg.Dir, left[0].Name()), "choose a new folder")
	}

	making := in(makingFolder)
	if err := os.MkdirAll(making, 0o700); err != nil {
		return nil, fmt.Errorf("making the node's folder: %w", err)
	}
	moving := false
	defer func() {
		if err == nil || !moving { // else the next Init finds what is left
			err = errors.Join(err, os.RemoveAll(making))
		}
		if err != nil && isNew {
			_ = os.Remove(cfg.Dir) // empty again
		}
	}()
	const least = store.DefaultMinFree + 16<<20
	if free, err := durable.FreeBytes(making); err != nil || free < least {
		return nil, errors.Join(err, fault.New(fault.ErrDiskFull, fmt.Sprintf("%s: %d MiB are free on its disk, and a node needs %d at least", cfg.Dir, free>>20, least>>20), "make room there, or choose a folder on another disk; nothing was made"))
	}
	made = &Initialised{Dir: cfg.Dir, OfficeFile: in(officeFile), Certificate: in(certificateFile), Profile: in(profileFile)}
	if err := made.fill(making, cfg); err != nil {
		return nil, err
	}
	files, err := os.ReadDir(making)
	if err != nil {
		return nil, fmt.Errorf("making the node's folder: %w", err)
	}
	var names []string
	for _, f := range files {
		if f.Name() != settingsFile {
			names = append(names, f.Name())
		}
	}
	moving = true
	for _, name := range append(names, settingsFile) {
		err := os.Rename(filepath.Join(making, name), in(name))
		if err == nil {
			err = durable.SyncFolder(cfg.Dir)
		}
		if err != nil {
			return nil, fmt.Errorf("making the node's folder: %w", err)
		}
	}
	return made, nil
}

// halfMade: all that is in a folder is what an Init that was cut short left there. What it had moved
// out lies beside its own folder, and the settings, which are moved last, are in there still: where
// they are not, the node was whole, and has lost them. And its keys have signed nothing that it did not
// write itself: a folder may have been filled by hand since.
func halfMade(dir string) bool {
	files, _ := os.ReadDir(dir)
	making, moved := false, map[string]bool{}
	for _, f := range files {
		switch f.Name() {
		case makingFolder:
			making = true
		case keysFolder, officeFile, dataFile, dataFile + ".pid":
			moved[f.Name()] = true
		default:
			return false
		}
	}
	if !making || len(moved) == 0 {
		return making
	}
	keys := filepath.Join(dir, makingFolder, keysFolder)
	if moved[keysFolder] {
		keys = filepath.Join(dir, keysFolder)
	}
	set, err := loadSettings(filepath.Join(dir, makingFolder))
	return err == nil && (set.Keeper || !moved[dataFile]) && store.JustMade(filepath.Join(keys, guardFile))
}

// checkSlug refuses a name that is no slug, and says which may be meant.
func checkSlug(what, name, example string) error {
	if notation.IsSlug(name) {
		return nil
	}
	return fault.New(fault.ErrInvalid, fmt.Sprintf("the %s, %q: it has lower-case letters, digits and single hyphens only, and at most %d of them", what, notation.Clip(name, 80), notation.SlugLimit),
		"write it as "+cmp.Or(notation.AsSlug(name), example))
}

// checkListen refuses what no machine can listen on.
func checkListen(address string) error {
	err := notation.CheckListen(address)
	if err == nil {
		return nil
	}
	return fault.New(fault.ErrInvalid, fmt.Sprintf("the address to listen on, %q: %v", notation.Clip(address, 80), err), "write it as HOST:PORT, for example 127.0.0.1:7443")
}

// fill makes in a folder all that a node's has.
func (made *Initialised) fill(making string, cfg InitConfig) error {
	keys, err := identity.Create(filepath.Join(making, keysFolder))
	if err != nil {
		return err
	}
	doubt := store.DoubtNew
	if cfg.Keeper {
		doubt = "" // its log begins with this folder
	}
	own := ledger.LogID{Federation: cfg.Federation, Office: cfg.Office.Id}
	if err := store.CreateGuard(filepath.Join(making, keysFolder, guardFile), own, doubt); err != nil {
		return err
	}
	transport := publicKey(keys.Transport)
	made.Fingerprint, made.Pin = identity.Fingerprint(publicKey(keys.Root)), identity.PinOf(transport)
	signed, err := identity.SignOffice(&ledgerv1.OfficeRecord{
		Serial:     1,
		Federation: cfg.Federation, Office: cfg.Office,
		RootKey: publicKey(keys.Root), LogKey: publicKey(keys.Log),
		Nodes: []*ledgerv1.NodeRecord{{TransportKey: transport, Role: ledgerv1.NodeRole_NODE_ROLE_WRITER, Address: cfg.Advertise}},
	}, keys.Root)
	if err != nil {
		return err
	}
	signedBytes, err := proto.Marshal(signed)
	if err != nil {
		return fmt.Errorf("writing the office's record: %w", err)
	}
	set := settings{Federation: cfg.Federation, Office: cfg.Office.Id, Keeper: cfg.Keeper, Listen: cfg.Listen, Hosts: cfg.Hosts, Notice: cfg.Notice}
	if err := errors.Join(durable.Write(filepath.Join(making, officeFile), signedBytes, 0o644), set.save(making)); err != nil {
		return err
	}
	if cfg.Keeper {
		cfg.Dir = making
		return foundRegister(cfg, signed)
	}
	return nil
}

// foundRegister writes the keeper's first entries: its own admission and, when it
// has one, its national committee, which it may speak for and report on others.
func foundRegister(cfg InitConfig, signed *ledgerv1.SignedOfficeRecord) error {
	records := []*ledgerv1.RegisterRecord{{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: signed}}}}
	if c := cfg.National; c != nil {
		records = append(records,
			&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: c}},
			&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: c.Id, Office: cfg.Office.Id}}},
			&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{Office: cfg.Office.Id}}})
	}
	n, err := Open(Config{Dir: cfg.Dir})
	if err != nil {
		return err
	}
	_, err = publicationService{n: n}.AppendRegister(context.Background(), &nodev1.AppendRegisterRequest{RequestId: foundingRequest, Records: records})
	return errors.Join(err, n.Close())
}

// ReadOfficeFile reads an office's signed record as Init writes it, and checks its
// signature.
func ReadOfficeFile(path string) (*ledgerv1.SignedOfficeRecord, *ledgerv1.OfficeRecord, error) {
	b, err := durable.ReadFile(path, ledger.BodyLimit)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the office's record: %w", err)
	}
	signed := &ledgerv1.SignedOfficeRecord{}
	if err := proto.Unmarshal(b, signed); err != nil {
		return nil, nil, fault.New(fault.ErrInvalid, "this is not an office's record: "+err.Error(), "ask the office for the file office.record that lmcnode init wrote")
	}
	record, err := identity.OpenOffice(signed)
	if err != nil {
		return nil, nil, fault.New(fault.ErrInvalid, "this office's record does not verify: "+err.Error(), "ask the office to send office.record again")
	}
	if err := register.CheckOffice(record.GetOffice()); err != nil {
		return nil, nil, fault.New(fault.ErrInvalid, fmt.Sprintf("this record, of the office %.80q, is not fit to be shown: %v", record.GetOffice().GetId(), err), "ring the office on a number you already had, and ask it for another record")
	}
	return signed, record, nil
}
