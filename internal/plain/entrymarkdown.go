package plain

import (
	"cmp"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/notation"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// EntryTitle is what an entry is called.
func EntryTitle(e *answersv1.Entry) string {
	switch {
	case e.GetWithdrawal() != nil:
		return guidance.WithdrawalWords(e.GetWithdrawal())
	case e.GetMatter() != nil:
		return "the matter: " + e.GetMatter().GetTitle()
	}
	return cmp.Or(e.GetAdvisory().GetTitle(), e.GetReportedPosition().GetSource().GetTitle(), e.GetName())
}

// EntryMarkdown is an entry as Markdown for a file beside its signed bytes and its proof, FILE.letter and
// FILE.proof: its title, where it stands, what it says and asks as its page has it, and its text. Of what
// was received nothing can pose as Markdown of ours.
func EntryMarkdown(e *answersv1.Entry, names *answersv1.Names, file, vkey string) string {
	d := &document{}
	for _, notice := range e.GetNotices() {
		d.para("**" + AsText(notice) + "**")
	}
	d.para("# " + AsText(EntryTitle(e)))
	d.para(AsText(notation.Joined(", ", e.GetName(), officeName(names, e.GetOffice()), guidance.RangeWords(e.GetIssued()))))
	if e.GetWords() != "" {
		d.para("**Where it stands:** " + AsText(e.GetWords()))
	}
	short := proto.CloneOf(e)
	body := short.GetAdvisory().GetBody()
	if a := short.GetAdvisory(); a != nil {
		a.Body = ""
	}
	p := New(MostWidth)
	p.Entry(short, names)
	d.para("## What it says and asks")
	d.para(indented(p.String()))
	if body != "" {
		d.para("## Its text")
		d.quote(body)
	}
	d.para("## To check it")
	d.para(fmt.Sprintf("The bytes that were signed are in [%s.letter](%s.letter), and what proves them in [%s.proof](%s.proof):", file, file, file, file))
	d.para(indented(fmt.Sprintf("lmc verify %s.letter --proof %s.proof --key %s", file, file, vkey)))
	d.para("This key came from the same node as the letter: compare it first with the one the office itself gives.")
	return d.b.String()
}

// indented is a text that Markdown shows as it stands: no line of it can end that.
func indented(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n    ")
}
