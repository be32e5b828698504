// Package fair knows how what there is not enough of is shared out: turns that are taken
// one after the other (Queue), and places that are held for a while (Shares).
//
// Both are fair by address first, because many practices share one and nobody else should
// wait for them; and within an address by connection, because one of those practices should
// not wait for another. Neither locks anybody out: whoever comes to a full house takes the
// place of somebody who holds more.
//
// It does not know what the turns and places are for, and reaches no network. It starts no
// goroutine and reads no clock: a wait ends with its context.
package fair

import "net/netip"

// Party is for whom something is done.
type Party struct {
	// Address is what many may share: a caller's address, or an office's key.
	Address string
	// Line is one connection from there.
	Line uint64
}

// AddressOf is the address that a network address counts as: an IPv4 address by itself, and
// of an IPv6 address the 64 bits that one customer has to themselves. "" where it is neither.
func AddressOf(hostport string) string {
	at, err := netip.ParseAddrPort(hostport)
	if err != nil {
		return ""
	}
	ip := at.Addr().Unmap().WithZone("")
	if ip.Is6() {
		network, _ := ip.Prefix(64)
		return network.String()
	}
	return ip.String()
}

// networkOf is what one site may have of addresses: of IPv6 48 bits (RFC 6177), and else the address.
func networkOf(address string) string {
	of, err := netip.ParsePrefix(address)
	if err != nil {
		return address
	}
	site, _ := of.Addr().Prefix(48)
	return site.String()
}
