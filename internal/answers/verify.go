package answers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/recount"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// GetProof answers with the offline proof of one entry.
func (a *Answers) GetProof(ctx context.Context, reader Reader, req *answersv1.GetProofRequest) (resp *answersv1.GetProofResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		e, err := m.entryFor(req.GetName())
		if err != nil {
			return err
		}
		id := e.ID
		if e.Body == nil {
			return fault.New(fault.ErrAbsent, fmt.Sprintf("the words of %s are not here, so they cannot be proved", id), "ask the node of the office that published it")
		}
		record, cp, err := m.Proof(id)
		if err != nil {
			return err
		}
		file, err := ledger.ProofFile(id, ledger.Entry{Header: e.HeaderBytes, Salt: e.Salt, Body: e.Body}, cp, record)
		if err != nil {
			return fmt.Errorf("proving %s: %w", id, err)
		}
		log := id.Log(m.Federation)
		for _, key := range m.LogKeys(log, cp.Size) {
			if _, err := ledger.CheckProofFile(file, e.Body, log, key); err == nil {
				resp = &answersv1.GetProofResponse{Proof: file, Body: e.Body, Name: id.String(), Vkey: ledger.VKey(log, key)}
				return nil
			}
		}
		return fault.New(fault.ErrAbsent, fmt.Sprintf("%s cannot be proved: the register has no key that may sign the log of %s at the size held here, %d", id, id.Office, cp.Size),
			"ask the office: its key was revoked, and it has to begin its log anew")
	})
	return only(resp, err)
}

// Verify answers whether a letter is genuine and current. Of a demonstration's, whose bytes
// are those of the log, it never says that its office published it.
func (a *Answers) Verify(ctx context.Context, reader Reader, req *answersv1.VerifyRequest) (resp *answersv1.VerifyResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) error {
		body, err := m.asked(req)
		if err != nil {
			return err
		}
		if resp, err = m.verified(body); err != nil || resp.Genuine {
			return err
		}
		resp.Words = "Not found: no office's log held here has a letter with exactly these bytes. It may have been changed, never published through a node, or not have arrived here yet."
		if resp.Alike, err = m.alike(req.GetBody()); resp.Alike != nil {
			of, _ := ledger.ParseEntryID(resp.Alike.GetEntry())
			resp.Words = m.alikeSaid(resp.Alike, m.officeName(of.Office))
		}
		return err
	})
	return only(resp, err)
}

// Issued is Verify of whoever knows what the bytes are: nothing is looked for that is like them.
func (a *Answers) Issued(ctx context.Context, reader Reader, body []byte) (resp *answersv1.VerifyResponse, err error) {
	err = a.at(ctx, reader, func(m *moment) (err error) {
		resp, err = m.verified(body)
		return err
	})
	return only(resp, err)
}

// verified says of the entry that some bytes are of what it is, and whether it stands; it has no words where there is none.
func (m *moment) verified(body []byte) (*answersv1.VerifyResponse, error) {
	entry, err := m.issued(body)
	if err != nil {
		return nil, err
	}
	resp := &answersv1.VerifyResponse{Completeness: m.completeness(m.reg, []string{entry.GetOffice()})}
	if entry == nil {
		return resp, nil
	}
	resp.Genuine, resp.Entry, resp.Current = true, entry, isCurrent(entry)
	stands := entry.Words
	if missing := m.mayHaveEnded(entry, resp.Completeness); resp.Current && len(missing) > 0 {
		resp.Current, resp.CurrentNotKnown = false, true
		if stands != "" {
			stands = "As far as is held here: " + notation.Small(stands)
		}
		stands = joinWords("Whether it is current is not known: "+notation.List(missing)+".", stands)
	}
	resp.CurrentInPart = resp.Current && isInPart(entry)
	what := fmt.Sprintf("This is %s, exactly as %s published it.", entry.Name, m.officeName(entry.Office))
	if guidance.SaysDemonstration(entry.Notices...) {
		what = fmt.Sprintf("Demonstration: not issued by %s. This is %s, byte for byte as the log here has it.", m.officeName(entry.Office), entry.Name)
	}
	if position := entry.GetReportedPosition().GetPosition(); position != nil {
		var of []string
		for _, c := range position.GetCommittees() {
			of = append(of, cmp.Or(m.reg.CommitteeName(c), c))
		}
		what += " It is a report of what " + notation.Names(of) + " is said to have said, and not its own word."
	}
	resp.Words = joinWords(what, stands, entry.GetNotUnderstood().GetWords())
	if letter := entry.GetAdvisory(); letter != nil {
		letter.Body, letter.Attachments = "", nil // whoever asks has them
	}
	return resp, nil
}

// asked is the body a request is about: the one sent, or the one its digest is of. nil: none
// here has that digest.
func (m *moment) asked(req *answersv1.VerifyRequest) ([]byte, error) {
	digest := req.GetDigest()
	switch {
	case digest == nil:
		return req.GetBody(), nil
	case len(req.GetBody()) > 0:
		return nil, invalid("digest", "a body is sent, and a digest besides", "send one of the two", "must be left out where a body is sent")
	case len(digest.GetSha256()) != sha256.Size:
		return nil, invalid("digest.sha256", fmt.Sprintf("a SHA-256 has 32 bytes, and this one %d", len(digest.GetSha256())), "", "must have 32 bytes")
	case len(digest.GetCrc32C()) != crc32.Size:
		return nil, invalid("digest.crc32c", fmt.Sprintf("a CRC-32C has 4 bytes, and this one %d", len(digest.GetCrc32C())), "", "must have 4 bytes")
	case digest.GetSizeBytes() < 0 || digest.GetSizeBytes() > ledger.BodyLimit:
		return nil, nil // no body has so many
	}
	return m.BodyWith([sha256.Size]byte(digest.GetSha256()), [crc32.Size]byte(digest.GetCrc32C()), uint32(digest.GetSizeBytes()))
}

// mayHaveEnded says which entries are known of and not here, or not understood, of the offices
// that could end an entry; none: whatever did is here. What is withheld from a reader ends
// nothing that they may read.
func (m *moment) mayHaveEnded(e *answersv1.Entry, done *answersv1.Completeness) (missing []string) {
	offices := []string{e.Office, m.Keeper} // the register says who speaks, and with which keys
	for _, st := range e.Standings {
		for _, c := range append(m.reg.Successors(st.Committee), st.Committee) {
			offices = append(offices, m.reg.OfficesEver(c)...)
		}
	}
	slices.Sort(offices)
	if done.Damaged {
		missing = append(missing, "the data of this node are damaged")
	}
	if done.InDoubt && slices.Contains(offices, m.Office) {
		missing = append(missing, fmt.Sprintf("what is held here of %s may be an old copy", m.Office))
	}
	unknown := recount.UnknownEntries(&answersv1.Completeness{NotHeld: done.NotHeld, NotUnderstood: done.NotUnderstood})
	for _, office := range slices.Compact(offices) {
		if slices.Contains(done.Contradicted, office) {
			missing = append(missing, fmt.Sprintf("of %s, two histories are signed", office))
		}
		if slices.Contains(done.Lost, office) {
			missing = append(missing, fmt.Sprintf("of %s, entries were lost and are not here again yet", office))
		}
		for _, lag := range done.Behind {
			if lag.Office == office {
				missing = append(missing, fmt.Sprintf("of %s, %d entries are known of and only %d are held here", office, lag.Seen, lag.Held))
			}
		}
		if n := unknown[office]; n > 0 {
			missing = append(missing, fmt.Sprintf("of %s, %d of the entries held here cannot be read", office, n))
		}
	}
	return missing
}

// officeNamed is the office that a message says it is of, empty when it says none: a matter
// by its name, the others in a field.
func officeNamed(said proto.Message) string {
	switch said := said.(type) {
	case *guidancev1.Matter:
		return guidance.MatterName(said.GetName()).Office()
	case interface{ GetOffice() string }:
		return said.GetOffice()
	}
	return ""
}

// isCurrent says whether an entry still stands for somebody, or a matter's version is what
// the matter is. What is not understood does for nobody.
func isCurrent(e *answersv1.Entry) bool {
	if e.GetMatter() != nil {
		return e.Words == ""
	}
	return slices.ContainsFunc(e.Standings, (*answersv1.CommitteeStanding).GetCurrent)
}

// isInPart says of an entry that is current that it is not for all its committees, or not all that
// it says for one.
func isInPart(e *answersv1.Entry) bool {
	overtaken := 0
	for _, st := range e.Standings {
		if !st.Current || len(st.Parts)+len(st.NotAsked) > 0 {
			return true
		}
		if st.OvertakenBy != "" {
			overtaken++
		}
	}
	return overtaken > 0 && overtaken < len(e.Standings)
}

// issued finds the entry that words are genuine by, or nil: of an office that issued them
// itself, for anybody may copy another's words into a log; the newest that stands, for
// words that were withdrawn may have been issued again. Of words that name no office nobody
// can tell whose they are.
func (m *moment) issued(body []byte) (best *answersv1.Entry, err error) {
	var named []string // whose words they are, read as each kind there is: bytes do not say of which
	for _, kind := range content.Kinds() {
		if said, err := content.Read(kind, body); err == nil && officeNamed(said) != "" {
			named = append(named, officeNamed(said))
		}
	}
	if len(named) == 0 {
		return nil, nil
	}
	ids, err := m.FindBody(body, named...)
	if err != nil {
		return nil, err
	}
	for _, one := range ids {
		stored, err := m.entryFor(one.String())
		if err != nil {
			return nil, err
		}
		said, err := content.Read(stored.Header.Kind, stored.Body)
		if stored.Body == nil || err != nil || officeNamed(said) != one.Office {
			continue // not for this reader, or logged under a kind that it is not of
		}
		entry, err := m.standingToday(stored)
		if err != nil {
			return nil, err
		}
		if best == nil || isCurrent(entry) || !isCurrent(best) {
			best = proto.CloneOf(entry)
		}
	}
	return best, nil
}
