package server

import (
	"cmp"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/identity"
)

// listen opens the listener, and writes the certificate and the profile of the address
// it really has: what a client needs to reach it.
func (n *Node) listen() (net.Listener, error) {
	lis := n.cfg.Listener
	if lis == nil {
		address := cmp.Or(n.cfg.Listen, n.settings.Listen)
		err := checkListen(address)
		if err != nil {
			return nil, err
		}
		if lis, err = net.Listen("tcp", address); err != nil {
			return nil, fault.New(fault.ErrBusy, fmt.Sprintf("listening on %s: %v", address, err), "is another node running there? choose another address of this machine with --listen")
		}
	}
	officerKey := "" // a profile that names a key that is not there cannot even ask
	if n.keys.Officer != nil {
		officerKey = filepath.Join(n.cfg.Dir, keysFolder, identity.OfficerFile)
		if whole, err := filepath.Abs(officerKey); err == nil {
			officerKey = whole
		}
	}
	here := lis.Addr().String() // for this machine: any address of it will do
	if tcp, ok := lis.Addr().(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		here = net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	// What others need to connect is a convenience: a full disk, or a folder that cannot be written,
	// must not keep a node from answering.
	for file, err := range map[string]error{
		certificateFile: durable.Write(filepath.Join(n.cfg.Dir, certificateFile), identity.CertificatePEM(n.keys.Transport, n.hosts()), 0o644),
		profileFile: identity.SaveProfile(filepath.Join(n.cfg.Dir, profileFile), identity.Profile{
			Name: n.settings.Office, Address: here, Office: n.settings.Office,
			Pin: identity.PinOf(publicKey(n.keys.Transport)), KeyFile: officerKey,
		}),
	} {
		if err != nil {
			n.cfg.Logger.Warn("not written, and as it was before: "+file, "error", err)
		}
	}
	return lis, nil
}

// listensOn is the address of its listener as the operator wrote it, for Go calls 0.0.0.0 [::]; the
// port is the one it really has.
func (n *Node) listensOn(lis net.Listener) string {
	host, _, err := net.SplitHostPort(cmp.Or(n.cfg.Listen, n.settings.Listen))
	_, port, noPort := net.SplitHostPort(lis.Addr().String())
	if n.cfg.Listener != nil || err != nil || noPort != nil {
		return lis.Addr().String()
	}
	return net.JoinHostPort(host, port)
}

// hosts are the names that the certificate is for: those given to Init, and the one that others
// dial.
func (n *Node) hosts() []string {
	host, _, err := net.SplitHostPort(n.advertised())
	if err != nil {
		return n.settings.Hosts
	}
	return append(slices.Clip(n.settings.Hosts), host)
}
