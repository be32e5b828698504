package letter

import guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"

// ReportSkeleton writes the file that records what somebody is reported to have said on a
// matter, to be filled in. ParseReport has exactly four things to say of it: issued, source,
// for and stance are not filled in.
func ReportSkeleton(m *guidancev1.Matter, w Writer) []byte {
	s := &sketch{}
	s.line(`%s
%s
# A report is what one committee or other body is said to have said. What your own committees
# say is a letter, and what a newspaper wrote of a letter that is published here is a reference
# of that letter.
kind: report

# The office that records it.
office: %s

# The day on which it was said. If you only know it roughly, the earliest and the latest day it
# can have been, 18 to 21 October 2021, or a month, October 2021.
issued:

# Where it was reported.
source:
  publisher:
  #title: Press report of the decision
  #number: 2021/77
  #day: 20 October 2021
  #url: https://example.org/report

# What it is about:`, fence, howToFillIn, w.Office)
	s.remark("", m.GetTitle()+" ("+m.GetProposer().GetName()+")")
	s.line("# on is %s, or one of", wholeMatter)
	s.measures(m)
	s.line(`position:
  matter: %s
  on: %s

  # Who is said to have said it: one committee or body of the register, by its id.
  for:

  # Whom it was said to.
  to: [practices]

  # The stance it is said to take; one of`, m.GetName(), wholeMatter)
	s.stances("  ")
	s.line(`  # Why, and the sentence that says so.
  #rationale: The figures cannot be relied on.
  #evidence: Its members are asked not to take part.

  # What else a letter can say of a position, a report can: lmc new --matter MATTER explains
  # conditions, contract, basis, opinion, scope and the rest.
  #contract: not-contractual
  #opinion: opposes

# Who may read it: everybody. No other limit can be published yet.
#visibility: public

# A notice that every copy of it carries.
#notice: Draft for comment.

# What was reported, in your words, goes under the line below.
%s
`, fence)
	return []byte(s.String())
}
