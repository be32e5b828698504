// Package demo plays October 2021: the offices of a small federation, each with a node
// of its own in one process, and what they published about NHS England's access plan,
// restated from public reports in words of our own (domain.md 8).
//
// It knows the register, the matter and the letters built in under data, and how to
// start the nodes and have them published. It does not know how letters are read
// (internal/letter), what they mean (internal/guidance), or how nodes work (server).
package demo

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/letter"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

//go:embed data
var embedded embed.FS

// lettersRoot is where the letters lie in the built-in data: a folder for each office,
// in it letters, reports and matters as NN-name.md, and beside them what they attach.
const lettersRoot = "data/letters"

// Data is what the demonstration publishes. Every letter is restated from public
// reports in words of our own and says so.
type Data struct {
	Federation string
	Keeper     string
	Notice     string                     // what everything published carries
	NoticeOf   map[string]string          // and in its place what an office publishes
	Offices    []*guidancev1.Office       // the keeper first
	Register   []*ledgerv1.RegisterRecord // bodies, areas, committees, mandates, rights; no admissions
	Files      []File                     // in publishing order: matters, then by the latest day each can have been issued

	letters fs.FS
}

// File is one letter, matter or report as it lies on disk.
type File struct {
	Office string      // the folder it lies in: "essex"
	Path   string      // "letters/essex/01-refuse-to-take-part.md", also where it was read from another folder
	Kind   letter.Kind // what it holds
	Bytes  []byte

	issued string // the latest day it can have been issued
	folder fs.FS  // where its attachments lie
}

// Load reads the data built in.
func Load() (*Data, error) {
	letters, err := fs.Sub(embedded, lettersRoot)
	if err != nil {
		return nil, err
	}
	return load(letters)
}

// LoadFrom reads the letters of a folder that WriteLetters made and somebody may have
// edited or added to; the register is the one built in. The error names the file and
// the line.
func LoadFrom(dir string) (*Data, error) { return load(os.DirFS(dir)) }

func load(letters fs.FS) (*Data, error) {
	register, err := embedded.ReadFile("data/register.yaml")
	if err != nil {
		return nil, err
	}
	d, err := parseRegister(register)
	if err != nil {
		return nil, fmt.Errorf("reading register.yaml: %w", err)
	}
	d.letters = letters
	names, err := fs.Glob(letters, "*/*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		f, err := d.readFile(name)
		if err != nil {
			return nil, err
		}
		d.Files = append(d.Files, f)
	}
	slices.SortStableFunc(d.Files, inPublishingOrder)
	return d, nil
}

// inPublishingOrder puts matters first, for letters are about them, and then what was
// issued first first.
func inPublishingOrder(a, b File) int {
	if aMatter, bMatter := a.Kind == letter.KindMatter, b.Kind == letter.KindMatter; aMatter != bMatter {
		if aMatter {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.issued, b.issued), cmp.Compare(a.Path, b.Path))
}

// readFile reads a file far enough to know when it is to be published, and refuses one
// that could not be.
func (d *Data) readFile(name string) (File, error) {
	f := File{Office: path.Dir(name), Path: "letters/" + name}
	if !slices.ContainsFunc(d.Offices, func(o *guidancev1.Office) bool { return o.GetId() == f.Office }) {
		return File{}, fmt.Errorf("reading %s: no office %q in the demonstration: the offices are %s", f.Path, f.Office, strings.Join(officeIDs(d.Offices), ", "))
	}
	var err error
	if f.folder, err = fs.Sub(d.letters, f.Office); err != nil {
		return File{}, err
	}
	if f.Bytes, err = durable.ReadFileIn(d.letters, name); err != nil {
		return File{}, err
	}
	if f.Kind, err = letter.KindOf(f.Bytes); err != nil {
		return File{}, fmt.Errorf("reading %s: %w", f.Path, err)
	}
	m, err := f.Parse(standIn)
	if err != nil {
		return File{}, err
	}
	f.issued = latestDay(m)
	return f, nil
}

// standIn gives each file an entry name of its own before it has one, so that letters
// can be read before anything is published.
func standIn(office, name string) string {
	return fmt.Sprintf("%s/%d", office, crc32.ChecksumIEEE([]byte(name)))
}

func officeIDs(offices []*guidancev1.Office) []string {
	ids := make([]string, len(offices))
	for i, o := range offices {
		ids[i] = o.GetId()
	}
	return ids
}

func latestDay(m proto.Message) string {
	switch m := m.(type) {
	case *guidancev1.Advisory:
		return m.GetIssued().GetLatest()
	case *guidancev1.ReportedPosition:
		return m.GetIssued().GetLatest()
	}
	return ""
}

// Parse reads what the file holds: an *Advisory, a *Matter or a *ReportedPosition. The notice
// that all published here carries is the node's to add: a matter's file says nothing of a
// demonstration, for others to copy.
// Where a letter names another by its file ("@02-interim", or "@gpc-england/04-refuse"
// for one of another office), entry gives the name of its entry, "" where it has none.
// The error names the file and the line.
func (f File) Parse(entry func(office, name string) string) (proto.Message, error) {
	defaults := letter.Defaults{
		Office: f.Office,
		Entry: func(name string) (string, bool) {
			office, name := f.split(name)
			id := entry(office, name)
			return id, id != ""
		},
		ReadFile: func(name string) ([]byte, error) { return durable.ReadFileIn(f.folder, name) },
	}
	m, err := f.parse(defaults)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Path, err)
	}
	return m, nil
}

func (f File) parse(d letter.Defaults) (proto.Message, error) {
	switch f.Kind {
	case letter.KindMatter:
		return letter.ParseMatter(f.Bytes, d)
	case letter.KindReport:
		return letter.ParseReport(f.Bytes, d)
	}
	return letter.Parse(f.Bytes, d)
}

// split reads "02-interim" as a file of the same office, "essex/01-x" as one of Essex.
func (f File) split(name string) (office, file string) {
	if office, file, other := strings.Cut(name, "/"); other {
		return office, file
	}
	return f.Office, name
}

// PathOf is the Path of an office's file: "letters/gpc-england/02-interim.md".
func PathOf(office, name string) string { return "letters/" + office + "/" + name + ".md" }

// WriteLetters writes the letters and what they attach into a folder, for somebody to
// edit. A file that is there already is left as it is.
func (d *Data) WriteLetters(dir string) error {
	return fs.WalkDir(d.letters, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		b, err := fs.ReadFile(d.letters, name)
		if err != nil {
			return err
		}
		return writeNew(target, b)
	})
}

// writeNew writes a file unless it is there.
func writeNew(name string, b []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = bytes.NewReader(b).WriteTo(file)
	return errors.Join(err, file.Close())
}
