package letter

import guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"

// MatterSkeleton writes the file that opens a matter, to be filled in. ParseMatter has exactly
// five things to say of it: name and title, and id, name and kind of its proposer, are not
// filled in.
func MatterSkeleton() []byte {
	s := &sketch{}
	s.line(`%s
%s
# A matter is what letters are about: one proposal, with each thing in it that somebody may say
# something else on.
kind: matter

# Its name, as everybody will type it: small letters, digits and hyphens. It never changes.
# access-plan-2021 would do.
name:

# Its title, as its documents have it.
title:

# Other titles that letters use for it.
#aliases:
#  - GP access plan

# Who proposes it. The id is yours, in small letters with hyphens; kind is one of`, fence, howToFillIn)
	s.choices("", enumWords[guidancev1.BodyKind]()[1:])
	s.line(`proposer:
  id:
  name:
  kind:
  #aliases: [NHSE]

# When it was opened, and closed.
#opened: 14 October 2021
#closed: March 2022

# Other offices' matters that are the same one, and those that this one goes on from.
#same-as: [kent/access-plan]
#follows: [gpc-england/access-plan-2020]

# Its documents.
#references:
#  - title: The plan as published
#    publisher: NHS England
#    number: PAR1043
#    day: 14 October 2021
#    url: https://example.org/plan

# What is in it, one dash for each thing on which a letter may take a stance. proposer is the
# matter's if you say nothing; kind is one of`)
	s.choices("", enumWords[guidancev1.MeasureKind]()[1:])
	s.line(`# contract is what its proposer says of the contract, one of`)
	s.choices("", enumWords[guidancev1.ContractEffect]()[1:])
	s.line(`# claims is what others say of it; scopes are groups that letters may speak of.
#measures:
#  - id: engage-with-plan
#    title: Take part in meetings that commissioners ask for
#    kind: demand
#    to: [practices, pcns]
#    proposer: {id: nhs-england, name: NHS England, kind: nhs-body}
#    contract: not-stated
#    aliases: [Meetings about the plan]
#    deadlines:
#      - title: First meetings held
#        due: 28 October 2021
#        to: [practices]
#    claims:
#      - by: {id: kent-icb, name: Kent ICB, kind: commissioner}
#        day: 20 October 2021
#        effect: contractual
#        words: It is implied by the scheme you signed.
#    scopes:
#      - {id: already-started, words: practices that have begun}

# What times are counted from.
#events:
#  - id: variation-notice
#    title: the variation notice
#    day: 1 November 2021

# Who may read it: everybody. No other limit can be published yet.
#visibility: public

# A notice that every copy of it carries.
#notice: Draft for comment.

# What it is, in a paragraph or two, goes under the line below.
%s
`, fence)
	return []byte(s.String())
}
