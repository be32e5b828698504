package alike

import "testing"

func TestAFileIsReadAsPeopleSaveIt(t *testing.T) {
	const want = "Don’t sign – £3"
	for file, want := range map[string]string{
		want:                       want,
		"Don\x92t sign \x96 \xa33": want,
		"\xff\xfeD\x00o\x00n\x00\x19 t\x00 \x00s\x00i\x00g\x00n\x00 \x00\x13  \x00\xa3\x003\x00":     want,
		"\xfe\xff\x00D\x00o\x00n \x19\x00t\x00 \x00s\x00i\x00g\x00n\x00  \x13\x00 \x00\xa3\x003\x00": want,
		"\x80\x9f\x81": "€Ÿ ",
		"\x00\xff":     "\x00\xff",
		"":             "",
	} {
		if got := Text([]byte(file)); got != want {
			t.Errorf("%q: got %q, want %q", file, got, want)
		}
	}
}
