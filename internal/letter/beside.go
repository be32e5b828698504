package letter

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What a letter may leave to what lies beside it: other letters not yet published,
// and the files that go with it.

// entry puts the name of an entry in place of "@name", the letter of that name beside
// this one.
func (r *reader) entry(at, name string, entry func(string) (string, bool)) string {
	symbol, isSymbol := strings.CutPrefix(name, "@")
	if !isSymbol {
		return name
	}
	if entry != nil {
		if id, ok := entry(symbol); ok {
			return id
		}
	}
	r.wrong(at, "%q names no letter published from beside this one: write the name of the entry, such as essex/3", name)
	return name
}

// attach works out hash, size and type of an attachment that gives only its file.
func (r *reader) attach(at string, a *guidancev1.Attachment, readFile func(string) ([]byte, error)) {
	if readFile == nil || a.FileName == "" || r.has(under(at, "sha256")) {
		return
	}
	b, err := readFile(a.FileName)
	if err != nil {
		var path *fs.PathError
		switch {
		case strings.ContainsAny(a.FileName, `/\`):
			r.wrong(under(at, "file_name"), "%q lies elsewhere: put the file into the folder of the letter, and write its name alone", clip(a.FileName))
		case errors.Is(err, fs.ErrNotExist):
			r.wrong(under(at, "file_name"), "there is no file %q in the folder of the letter: put it there, or write its name as it is", clip(a.FileName))
		case errors.As(err, &path):
			r.wrong(under(at, "file_name"), "%q cannot be read (%v): check that it is a file you can open", clip(a.FileName), path.Err)
		default:
			r.wrong(under(at, "file_name"), "%q cannot be read (%v): check that it is a file you can open", clip(a.FileName), err)
		}
		return
	}
	sum := sha256.Sum256(b)
	a.Sha256, a.Size = sum[:], int64(len(b))
	if a.MediaType == "" {
		a.MediaType = mediaTypes[strings.ToLower(path.Ext(a.FileName))]
	}
}

// mediaTypes are those of the files offices attach; any other must be written out.
var mediaTypes = map[string]string{
	".csv":  "text/csv",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".jpg":  "image/jpeg",
	".md":   "text/markdown",
	".pdf":  "application/pdf",
	".png":  "image/png",
	".txt":  "text/plain",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// wrong reports what is wrong with the value at a path.
func (r *reader) wrong(path, format string, args ...any) {
	r.add(r.nearestPlace(path), fmt.Sprintf(format, args...))
}
