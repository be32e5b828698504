package notation

import "regexp"

// itemMark is blanks, the sign or number of an item, and blanks: those of Markdown, and what a
// word processor leaves of its own.
var itemMark = regexp.MustCompile(`^[\s\p{Zs}]*(?:[-*+>•●○▪◦‣·■□◾►➢➤✓✔\x{F0B7}\x{F0A7}\x{F0D8}\x{F0FC}\x{F076}o–—]|\(?(?:\d{1,3}|[a-z]|[ivx]{2,5})\)|(?:\d{1,3}|[a-z]|[ivx]{2,5})\.)[\s\p{Zs}]+`)

// ItemMark is what opens an item of a list or a quotation, with the blanks around it: "- ",
// "12. ", "> "; "•", "o", "a)" or "(iv)" with a tab or non-breaking blanks behind; empty: the
// line opens none. A dash, or a letter with a full stop, may go on with a sentence all the same.
func ItemMark(line string) string { return itemMark.FindString(line) }
