package export

import (
	"fmt"
	"strings"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/plain"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// IsLetter says whether an entry has a page of its own: whatever was published for readers.
func IsLetter(e *answersv1.Entry) bool {
	return e.GetAdvisory() != nil || e.GetWithdrawal() != nil || e.GetReportedPosition() != nil || e.GetMatter() != nil || e.GetNotUnderstood() != nil
}

// AddLetter adds an entry as a page, with the bytes that were signed and what proves them, which whoever
// hands them over has checked. log is whose key proves them.
func (f *Folder) AddLetter(id ledger.EntryID, log ledger.LogID, entry *answersv1.GetEntryResponse, proof *answersv1.GetProofResponse) error {
	folder, file, _ := strings.Cut(id.String(), "/") // parsed: a slug and numbers, and no way out of the folder
	base := "letters/" + folder + "/" + file
	e := entry.GetEntry()
	page := plain.EntryMarkdown(e, entry.GetNames(), file, proof.GetVkey())
	for _, one := range []struct {
		ext string
		b   []byte
	}{{".letter", proof.GetBody()}, {".proof", proof.GetProof()}, {".md", []byte(notation.Clean(page))}} {
		if err := f.Whole(base+one.ext, one.b); err != nil {
			return err
		}
	}
	f.Keys[log.String()] = proof.GetVkey()
	f.Letters++
	f.Add(indexRows, 0, fmt.Appendf(nil, "- [%s](%s.md): %s\n", id, base,
		text(notation.Joined(". ", notation.Joined(", ", plain.EntryTitle(e), guidance.RangeWords(e.GetIssued())), e.GetWords()))))
	return nil
}

// text is received words in which nothing is Markdown.
func text(s string) string { return notation.CleanLine(plain.AsText(s)) }
