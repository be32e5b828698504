package notation

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// AddressLimit is how long an address may be: a host name of 253 characters (RFC 1035, 2.3.4), a
// colon and a port.
const AddressLimit = 253 + len(":65535")

// CheckAddress refuses what nobody can dial from another machine: an address that is not HOST:PORT,
// names every address of a machine ("0.0.0.0", ""), a zone of one machine alone ("fe80::1%eth0") or
// many machines, or whose host or port is none.
func CheckAddress(address string) error {
	host, port, err := splitAddress(address)
	if err != nil {
		return err
	}
	if n, err := ParseCount(port, 16); err != nil || n == 0 {
		return fmt.Errorf("the port %q is not a number from 1 to 65535", Clip(port, 20))
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		switch ip = ip.Unmap(); { // ::ffff:0.0.0.0 is 0.0.0.0
		case ip.IsUnspecified():
			return fmt.Errorf("%s is every address of a machine, and none that others can dial: name the machine", host)
		case ip.Zone() != "":
			return fmt.Errorf("%s has a zone, which means something on one machine alone", host)
		case ip.IsMulticast(), ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
			return fmt.Errorf("%s is the address of many machines", host)
		}
		return nil
	}
	return checkHost(host)
}

// CheckListen refuses what no machine can listen on. Port 0 is any that is free, and no host every
// address of the machine. A zone is refused: CheckAddress takes none, so that a profile could not name
// the node.
func CheckListen(address string) error {
	host, port, err := splitAddress(address)
	if err != nil {
		return err
	}
	if _, err := ParseCount(port, 16); err != nil {
		return fmt.Errorf("the port %q is not a number from 0 to 65535", Clip(port, 20))
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case err == nil && ip.Zone() != "":
		return fmt.Errorf("%s has a zone, which no profile can name: listen on an address without one, or on every address of the machine (no host)", host)
	case err == nil, host == "":
		return nil
	}
	return checkHost(host)
}

func splitAddress(address string) (host, port string, err error) {
	if len(address) > AddressLimit {
		return "", "", fmt.Errorf("it has %d characters: at most %d", len(address), AddressLimit)
	}
	if host, port, err = net.SplitHostPort(address); err != nil {
		return "", "", fmt.Errorf("%q is not HOST:PORT, such as node.example.org:7443", Clip(address, 80))
	}
	return host, port, nil
}

// Dialled is an address that a node listens on as others may write it. One that listens on every
// address of its machine cannot say by which name that is reached, and has no port yet where any
// free one will do.
func Dialled(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "HOST"
	}
	if port == "0" {
		port = "PORT"
	}
	return net.JoinHostPort(host, port)
}

// checkHost checks a host name (RFC 1123, 2.1).
func checkHost(host string) error {
	if host == "" {
		return errors.New("it names no host: name the machine")
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	for _, label := range labels {
		letters := func(r rune) bool {
			return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-'
		}
		if label == "" || len(label) > 63 || strings.Trim(label, "-") != label || strings.IndexFunc(label, func(r rune) bool { return !letters(r) }) >= 0 {
			return fmt.Errorf("%q is no host's name: up to 63 letters, digits and hyphens between two dots", Clip(host, 80))
		}
	}
	if last := labels[len(labels)-1]; strings.Trim(last, "0123456789") == "" {
		return fmt.Errorf("%q is no address and no host's name", Clip(host, 80))
	}
	return nil
}
