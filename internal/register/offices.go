package register

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// logKey is the key that signs one epoch of an office's log.
type logKey struct {
	pub     ed25519.PublicKey
	revoked bool
	through uint64 // the last size it validly signed, when revoked
}

type nodeOf struct {
	office string
	node   *ledgerv1.NodeRecord
}

// Offices returns the admitted offices, by id.
func (r *Register) Offices() []*guidancev1.Office {
	var offices []*guidancev1.Office
	for _, record := range inOrder(r.offices) {
		offices = append(offices, record.GetOffice())
	}
	return offices
}

// Office returns an admitted office, or nil.
func (r *Register) Office(id string) *guidancev1.Office { return r.offices[id].GetOffice() }

// OfficeName is what an office is called; empty: the register has none of the id.
func (r *Register) OfficeName(id string) string { return r.Office(id).GetName() }

// Record returns what an admitted office says of itself, keys and nodes included, or
// nil.
func (r *Register) Record(id string) *ledgerv1.OfficeRecord { return r.offices[id] }

// Signed is an office's record as its root key has signed it; nil: there is none.
func (r *Register) Signed(id string) *ledgerv1.SignedOfficeRecord { return r.signed[id] }

// LogKeys returns the keys that may sign the log at size; none when the log is not
// in the register, or its key was revoked before that size (protocol.md 6).
func (r *Register) LogKeys(log ledger.LogID, size uint64) []ed25519.PublicKey {
	key, ok := r.logKey(log)
	if !ok || key.revoked && size > key.through {
		return nil
	}
	return []ed25519.PublicKey{key.pub}
}

// Repudiated reports whether the entry at index was signed by a key that was revoked
// before it: kept, never counted (protocol.md 6).
func (r *Register) Repudiated(log ledger.LogID, index uint64) bool {
	key, ok := r.logKey(log)
	return ok && key.revoked && index >= key.through
}

// Logs returns the logs of the federation that have a key, ordered: epoch 0 of each
// office and the epochs that revocations have opened.
func (r *Register) Logs() []ledger.LogID {
	var logs []ledger.LogID
	for office, keys := range r.logs {
		for epoch := range keys {
			logs = append(logs, ledger.LogID{Federation: r.federation, Office: office, Epoch: uint32(epoch)})
		}
	}
	slices.SortFunc(logs, ledger.LogID.Compare)
	return logs
}

// VKeys returns the note verifier keys of an office's logs, by epoch.
func (r *Register) VKeys(office string) []string {
	var vkeys []string
	for epoch, key := range r.logs[office] {
		log := ledger.LogID{Federation: r.federation, Office: office, Epoch: uint32(epoch)}
		vkeys = append(vkeys, ledger.VKey(log, key.pub))
	}
	return vkeys
}

// Node returns the office and the record of the node with this transport key. A
// revoked key is nobody's.
func (r *Register) Node(pub ed25519.PublicKey) (office string, node *ledgerv1.NodeRecord, ok bool) {
	n, ok := r.nodes[string(pub)]
	return n.office, n.node, ok
}

func (r *Register) logKey(log ledger.LogID) (logKey, bool) {
	keys := r.logs[log.Office]
	if log.Federation != r.federation || uint64(log.Epoch) >= uint64(len(keys)) {
		return logKey{}, false
	}
	return keys[log.Epoch], true
}

// SignatureIsGood reports whether an office's record is signed by the root key it names. That is
// so of the same bytes for ever.
func SignatureIsGood(signed *ledgerv1.SignedOfficeRecord) bool {
	record := new(ledgerv1.OfficeRecord)
	return proto.Unmarshal(signed.GetRecord(), record) == nil && isSigned(signed, record)
}

// isSigned is SignatureIsGood, of the record read from those bytes: as the office made them.
func isSigned(signed *ledgerv1.SignedOfficeRecord, record *ledgerv1.OfficeRecord) bool {
	return ledger.VerifyBytes("office", signed.GetRecord(), signed.GetSignature(), record.GetRootKey())
}

// admit takes an office in, or what it newly says of itself. A change of root key stays
// visible even where the keeper allowed it. good: its signature need not be checked.
func (r *Register) admit(entry ledger.EntryID, admission *ledgerv1.Admission, good bool) error {
	signed, record := admission.GetSigned(), new(ledgerv1.OfficeRecord)
	if err := proto.Unmarshal(signed.GetRecord(), record); err != nil {
		return errors.New("admission: the office's record cannot be read: ask the office for it again")
	}
	id := record.GetOffice().GetId()
	if !good && !isSigned(signed, record) {
		return fmt.Errorf("admission: the record of %.80q is not signed by the root key it names", id)
	}
	if err := r.checkRecord(id, record); err != nil {
		return fmt.Errorf("admission of %.80q: %w", id, err)
	}
	if err := r.checkKeys(id, record); err != nil {
		return fmt.Errorf("admission of %.80q: %w", id, err)
	}
	if r.changesRoot(id, record) {
		r.problemf(entry, contradicts, "REKEY: %s has a new root key, its old one was revoked", id)
	}
	r.offices[id], r.signed[id] = record, signed
	for _, key := range keysOf(record) {
		r.owners[string(key)] = id
	}
	switch keys, key := r.logs[id], record.GetLogKey(); { // it is the key of the epoch that has none yet
	case r.isRevoked(id, key):
		r.problemf(entry, contradicts, "admission of %q: its log key was revoked: it cannot publish until it states a new one", id)
	case len(keys) == 0 || keys[len(keys)-1].revoked:
		r.logs[id] = append(keys, logKey{pub: key})
	case !bytes.Equal(keys[len(keys)-1].pub, key):
		r.problemf(entry, contradicts, "admission of %q: it states another log key; the first stands until it is revoked", id)
	}
	return nil
}

// checkRecord refuses a record for another federation, an older one than was admitted
// before, and one that names too much or nothing. Another root key counts serials anew.
func (r *Register) checkRecord(id string, record *ledgerv1.OfficeRecord) error {
	if record.GetFederation() != r.federation {
		return fmt.Errorf("its record is for the federation %.80q, this is %q", record.GetFederation(), r.federation)
	}
	if !notation.IsSlug(id) {
		return errSlug
	}
	if have := r.offices[id]; have != nil && !r.changesRoot(id, record) {
		switch serial := record.GetSerial(); {
		case serial < have.GetSerial():
			return coded{contradicts, fmt.Errorf("its record has the serial %d, and one of %d was admitted before: ask the office for its newest", serial, have.GetSerial())}
		case serial > 0 && serial == have.GetSerial() && !proto.Equal(record, have):
			return coded{contradicts, fmt.Errorf("another record with the serial %d was admitted before: ask the office to sign it anew with the next", serial)}
		}
	}
	if err := CheckOffice(record.GetOffice()); err != nil {
		return err
	}
	if n := len(record.GetNodes()); n > NodesLimit {
		return coded{tooMany, fmt.Errorf("it names %d nodes: at most %d", n, NodesLimit)}
	}
	seen := map[string]bool{}
	for i, node := range record.GetNodes() {
		if address := node.GetAddress(); address != "" {
			if err := notation.CheckAddress(address); err != nil {
				return fmt.Errorf("node %d's address: %w", i+1, err)
			}
		}
		key := string(node.GetTransportKey())
		if seen[key] {
			return fmt.Errorf("node %d has the transport key of another of its nodes", i+1)
		}
		seen[key] = true
	}
	return nil
}

// checkKeys refuses keys that are no keys, belong to another office, or are not
// those the office was first admitted with. A new root key is taken only after the
// keeper has revoked the old one: until then it is a REKEY problem (protocol.md 6).
func (r *Register) checkKeys(id string, record *ledgerv1.OfficeRecord) error {
	for _, key := range keysOf(record) {
		if len(key) != ed25519.PublicKeySize {
			return fmt.Errorf("a key has %d bytes, not %d", len(key), ed25519.PublicKeySize)
		}
		if owner, taken := r.owners[string(key)]; taken && owner != id {
			return coded{contradicts, fmt.Errorf("it names a key of %s", owner)}
		}
	}
	if r.isRevoked(id, record.GetRootKey()) {
		return errors.New("its root key was revoked")
	}
	if r.changesRoot(id, record) && !r.isRevoked(id, r.offices[id].GetRootKey()) {
		return errors.New("REKEY: it is signed by another root key than the office was admitted with, and the keys stand. " +
			"Ring it, and ask for the office.record it was admitted with; no command gives an office new keys yet: " +
			"where those are lost, admit it under another id (docs/operating.md, \"The keys are lost\")")
	}
	return nil
}

func (r *Register) changesRoot(id string, record *ledgerv1.OfficeRecord) bool {
	old := r.offices[id]
	return old != nil && !bytes.Equal(old.GetRootKey(), record.GetRootKey())
}

// revoke ends a key. A log key's revocation opens the next epoch, with the key the
// office states for it then or later.
func (r *Register) revoke(entry ledger.EntryID, revocation *ledgerv1.Revocation) error {
	id, key := revocation.GetOffice(), revocation.GetKey()
	if len(key) != ed25519.PublicKeySize {
		return fmt.Errorf("revocation of a key of %.80q: the key has %d bytes, not %d", id, len(key), ed25519.PublicKeySize)
	}
	if !notation.IsSlug(id) {
		return fmt.Errorf("revocation of a key of %.80q: %w", id, errSlug)
	}
	if r.owners[string(key)] != id {
		r.problemf(entry, unknown, "revocation: %s was never admitted with that key; it will not be taken from it", id)
	}
	if r.isRevoked(id, key) {
		return coded{contradicts, fmt.Errorf("revocation: that key of %s is revoked already; the first revocation stands", id)}
	}
	r.revoked[revokedKey(id, key)] = true
	keys := r.logs[id]
	if len(keys) == 0 || !bytes.Equal(keys[len(keys)-1].pub, key) {
		return nil
	}
	keys[len(keys)-1].revoked, keys[len(keys)-1].through = true, revocation.GetValidThroughSize()
	if next := r.offices[id].GetLogKey(); len(next) > 0 && !r.isRevoked(id, next) {
		r.logs[id] = append(keys, logKey{pub: next})
	}
	return nil
}

func (r *Register) isRevoked(id string, key []byte) bool { return r.revoked[revokedKey(id, key)] }

func revokedKey(id string, key []byte) string { return id + "/" + string(key) }

func keysOf(record *ledgerv1.OfficeRecord) []ed25519.PublicKey {
	keys := []ed25519.PublicKey{record.GetRootKey(), record.GetLogKey()}
	for _, node := range record.GetNodes() {
		keys = append(keys, node.GetTransportKey())
	}
	return keys
}
