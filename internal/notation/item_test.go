package notation

import "testing"

func TestWhatOpensAnItemIsFound(t *testing.T) {
	for line, want := range map[string]string{
		"- one": "- ", "  * two": "  * ", "12. twelfth": "12. ", "> said": "> ", "•\tone": "•\t", "o\tsub": "o\t", "\t▪\u00a0sub": "\t▪\u00a0", "·\u00a0\u00a0\u00a0 one": "·\u00a0\u00a0\u00a0 ",
		"a)\tone": "a)\t", "(b) two": "(b) ", "iv. four": "iv. ", "(xii)\u2003twelve": "(xii)\u2003", "1)\tone": "1)\t", "– a dash": "– ", "\uf0b7\tone": "\uf0b7\t",
		"": "", "one": "", "•one": "", "i.e. one": "", "a.m. one": "", "A. Person": "", "**Bold** text": "", "2021 was": "", "1,000 patients": "", "of the": "", "1.5 million": "", "(see below) one": "", "-5 degrees": "",
	} {
		if got := ItemMark(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
