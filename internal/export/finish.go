package export

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/durable"
)

// Finish makes the folder whole: the files that grew get their names, then the index and the manifest
// are written, and UNFINISHED goes. Broken off, it is done again.
func (f *Folder) Finish(now time.Time) error {
	f.Finished = now.UTC().Format(time.RFC3339)
	for name := range f.sizes {
		if _, err := f.grows(name); err != nil { // cut back, where nothing was added since it was taken up
			return err
		}
	}
	if err := f.Save(); err != nil {
		return err
	}
	for _, name := range []string{filesRows, indexRows} { // which may have none
		if _, err := f.grows(name); err != nil {
			return err
		}
	}
	var tables bytes.Buffer // a row for each file that grew
	names := f.Files()
	for _, name := range names {
		if _, err := f.open[name].Seek(0, io.SeekStart); err != nil {
			return err
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, f.open[name]); err != nil {
			return err
		}
		tables.Write(fileRow(name, [sha256.Size]byte(sum.Sum(nil)), f.sizes[name]))
	}
	sum := sha256.New()
	size, err := f.writes(indexFile, io.MultiReader(strings.NewReader(f.index(names)), io.NewSectionReader(f.open[indexRows], 0, f.sizes[indexRows])), sum)
	if err != nil {
		return err
	}
	tables.Write(fileRow(indexFile, [sha256.Size]byte(sum.Sum(nil)), size))
	head, err := f.manifest()
	if err != nil {
		return err
	}
	rows := io.MultiReader(&tables, io.NewSectionReader(f.open[filesRows], 0, f.sizes[filesRows]))
	if _, err := f.writes(manifestFile, io.MultiReader(strings.NewReader(head), &commas{rows: bufio.NewScanner(rows)}, strings.NewReader("\n  ]\n}\n")), io.Discard); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, name := range append(names, indexFile, manifestFile) { // the manifest last: with it the folder is whole
		if err := os.Rename(f.under(name), filepath.Join(f.dir, name)); err != nil {
			return err
		}
	}
	if err := durable.SyncFolder(f.dir); err != nil {
		return err
	}
	return os.RemoveAll(f.under(""))
}

// writes writes a file of the folder from what may be larger than memory, and says how long it is.
func (f *Folder) writes(name string, from io.Reader, sum io.Writer) (int64, error) {
	file, err := os.Create(f.under(name))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	to := bufio.NewWriterSize(file, 1<<16)
	n, err := io.Copy(io.MultiWriter(to, sum), from)
	if err == nil {
		err = to.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return n, err
	}
	return n, file.Close()
}

// manifest is the manifest up to its list of files.
//
//	{
//	  "format": 1,
//	  "choice": {…},
//	  "report": {…},
//	  "files": [
//	    {"path":"advisories.jsonl","sha256":"…","bytes":4711},
func (f *Folder) manifest() (string, error) {
	b, err := json.MarshalIndent(struct {
		Format int    `json:"format"`
		Choice Choice `json:"choice"`
		Report Report `json:"report"`
	}{1, f.Choice, f.Report}, "", "  ")
	return strings.TrimSuffix(string(b), "\n}") + ",\n  \"files\": [\n", err
}

// commas reads lines of JSON as the items of a list.
type commas struct {
	rows *bufio.Scanner
	left string
	any  bool
}

func (c *commas) Read(p []byte) (int, error) {
	if c.left == "" {
		if !c.rows.Scan() {
			if err := c.rows.Err(); err != nil {
				return 0, err
			}
			return 0, io.EOF
		}
		c.left = "    " + c.rows.Text()
		if c.any {
			c.left = ",\n" + c.left
		}
		c.any = true
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}
