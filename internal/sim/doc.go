// Package sim tests the exchange under faults: whole federations in one thread, from
// a seed (protocol.md 5).
//
// It steps the real conversation core over real stores and real signatures, and
// decides what goes wrong and when: frames lost, doubled, flipped and out of turn,
// streams cut, half-open or slow, sources that say nothing, nodes that crash, are
// restored from older copies, have clocks years off or keys that the register does not
// name, second nodes with an office's keys and a copy of its data, and an admitted
// member that lies. Whether a node may sign is asked of the same signing.Signer as a
// server's. After every step it checks the invariants that hold for each state; at the
// end faults stop and all honest nodes have to agree, but on logs of which two histories
// were signed. It knows nothing of gRPC, and nothing imports it.
//
//	go test ./internal/sim                       a few seeds
//	go test ./internal/sim -seeds 500            more of them
//	go test ./internal/sim -seed 17 -v           one, with its trace
package sim
