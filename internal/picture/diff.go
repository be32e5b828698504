package picture

import answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"

// Differing are the committees of which two answers of Lines say something different. It does
// not tell what only this node sees differently: feed numbers, recording times, how much is
// missing.
func Differing(before, after []*answersv1.Line) map[string]bool {
	texts := func(lines []*answersv1.Line) map[string]string {
		of := map[string]string{}
		for _, line := range lines {
			of[line.GetCommittee()] += headText(line) + "\n" + statementsText(line)
		}
		return of
	}
	was, is := texts(before), texts(after)
	differing := map[string]bool{}
	for _, of := range []map[string]string{was, is} {
		for committee := range of {
			if was[committee] != is[committee] {
				differing[committee] = true
			}
		}
	}
	return differing
}
