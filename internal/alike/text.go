package alike

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Text is the text of a file as people save what they paste: UTF-8, or UTF-16 with its mark, or, of what is neither, as
// Windows saves it by itself (Windows-1252). What is no text is given back as it is.
func Text(file []byte) string {
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xfe")):
		return fromUTF16(file[2:], binary.LittleEndian)
	case bytes.HasPrefix(file, []byte("\xfe\xff")):
		return fromUTF16(file[2:], binary.BigEndian)
	case utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0:
		return string(file)
	}
	var text strings.Builder
	for _, b := range file {
		if b >= 0x80 && b < 0xa0 {
			text.WriteRune(windows1252[b-0x80])
		} else {
			text.WriteRune(rune(b))
		}
	}
	return text.String()
}

func fromUTF16(file []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(file)/2)
	for i := range units {
		units[i] = order.Uint16(file[2*i:])
	}
	return string(utf16.Decode(units))
}

// windows1252 is what Windows-1252 has from 0x80 to 0x9f, where it is other than Unicode; a blank where it has nothing.
var windows1252 = [32]rune([]rune("€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ"))
