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

// The text of a PDF was told to have been altered wherever two letters are joined in one sign, or a word is divided.
func TestATextFromAPDFHasTheWordsOfTheLetter(t *testing.T) {
	const signed = "The office advises practices to sign the specification first, a well-known one, and to finish it by 3 March."
	for _, sent := range []string{
		"The ofﬁce advises practices to sign the speciﬁcation ﬁrst, a well-known one, and to ﬁnish it by 3 March.",
		"The office advises prac-\ntices to sign the speci-\r\nfication first, a well-\nknown one, and to finish it by 3 March.",
		"The of\u00adfice advises practices to sign the speci\u00adfication first, a well-known one, and to finish it by 3 March.",
		"The office advises prac\u2010\n  tices to sign the specification first, a well-known one, and to finish it by 3 March.",
	} {
		if got := Compare(signed, sent); !got.Same {
			t.Errorf("%q: %+v", sent, got)
		}
	}
	for _, sent := range []string{
		"The office advises prac tices to sign the specification first, a well-known one, and to finish it by 3 March.",
		"The office advises practices to sign the specification first, a well-known one, and to fin-\nance it by 3 March.",
		"The office advises practices to sign the specification first, a well-known one, and to finish it by 3-\n1 March.",
	} {
		if got := Compare(signed, sent); got.Same || !got.Alike {
			t.Errorf("%q: %+v", sent, got)
		}
	}
}
