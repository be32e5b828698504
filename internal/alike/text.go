package alike

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Text is the text of a file as people save what they paste: UTF-8, or UTF-16 with its mark, or, of what is neither, as
// Windows saves it by itself (Windows-1252). What is no text is given back as it is.
func Text(file []byte) string {
	decoder := charmap.Windows1252.NewDecoder()
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xfe")), bytes.HasPrefix(file, []byte("\xfe\xff")):
		file, decoder = file[:len(file)&^1], unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder() // half a letter is none
	case utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0:
		return string(file)
	}
	text, err := decoder.Bytes(file)
	if err != nil {
		return string(file)
	}
	return strings.ReplaceAll(string(text), "\ufffd", " ") // which stands for what is no letter
}
