package guidance

// NotCounted is why an entry counts for nothing for a committee; CountsFully: it counts.
type NotCounted int

// Why an entry counts for nothing (domain.md 4.1, 4.2).
const (
	// CountsFully: nothing stands against it.
	CountsFully NotCounted = iota
	// KeyRevoked: it was signed with a key that had been revoked before it.
	KeyRevoked
	// OtherOffice: it says it is of another office than the one whose log holds it.
	OtherOffice
	// NoMandate: by the register its office did not speak for the committee on the day
	// it was issued; of a report: it had no right to report, or spoke for it itself.
	NoMandate
	// NotUnderstood: it has no day of issue that exists, or is of no kind that counts.
	NotUnderstood
)

// WhyNot is the one notion of what counts: whether an entry, of whatever kind, may mean
// anything for a committee, given the register as known at the moment asked for. Every
// answer asks it here, so that none shows as a committee's own what another lets fall.
// Who may read an entry is settled before: what may not be read is not given to the rule.
func WhyNot(e *Entry, committee string, reg Register) NotCounted {
	issued, ok := readRange(e.Issued())
	if reg == nil {
		reg = nobody{}
	}
	switch {
	case e.Repudiated:
		return KeyRevoked
	case !ownOffice(e.Advisory.GetOffice()+e.Withdrawal.GetOffice()+e.Report.GetOffice(), e):
		return OtherOffice
	case !ok:
		return NotUnderstood
	}
	speaks := reg.SpeaksFor(e.Office, committee, issued.latest)
	if committee == "" || e.Report == nil && !speaks || e.Report != nil && (speaks || !reg.MayReport(e.Office, issued.latest)) {
		return NoMandate
	}
	return CountsFully
}

// Counts says whether an entry counts for a committee.
func Counts(e *Entry, committee string, reg Register) bool {
	return WhyNot(e, committee, reg) == CountsFully
}

// CommitteesOf lists the committees an entry speaks for, or reports on, in the order it
// names them, each once.
func CommitteesOf(e Entry) []string {
	switch {
	case e.Advisory != nil:
		return committeesOf(e.Advisory)
	case e.Withdrawal != nil:
		return e.Withdrawal.GetOnBehalfOf()
	}
	return e.Report.GetPosition().GetCommittees()
}

// NotCountedWords says to people why an entry does not count; empty when it counts.
func NotCountedWords(why NotCounted, e *Entry) string {
	switch why {
	case KeyRevoked:
		return "It was signed with a key that had been revoked, and does not count."
	case OtherOffice:
		return "It does not count: it is in the log of " + e.Office + " and says it is of another office."
	case NoMandate:
		if e.Report != nil {
			return "The register did not let " + e.Office + " report on those it names on that day, and it does not count."
		}
		return "The register did not let " + e.Office + " speak for those it names on that day, and it does not count."
	case NotUnderstood:
		return "It does not count: it has no day of issue that exists."
	}
	return ""
}
