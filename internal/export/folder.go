// Package export knows the folder in which a reader takes away all that a node lets them read: which
// files it has, what a line of each says, how far it has come, and when it is whole. It asks nobody:
// what goes in is handed to it.
//
//	DIR/index.md              what it is, for people: what it holds, what it lacks, how it is checked
//	DIR/manifest.json         the same for programs, with SHA-256 of every file: written last
//	DIR/advisories.jsonl …    one message a line, in protojson
//	DIR/letters.csv …         one table a file
//	DIR/letters/essex/7.md    a letter as people read it; beside it 7.letter, the bytes that were
//	                          signed, and 7.proof, which proves them
//	DIR/UNFINISHED/           while it is not whole: the files that grow, and how far it has come
//
// What grows is cut back, when it is taken up again, to what was there at the last Save: so nothing is
// in it twice, or by halves. Everything else is written whole or not at all.
package export

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"github.com/lmcfed/lmcfed/internal/durable"
)

const (
	unfinished   = "UNFINISHED"
	stateFile    = "state.json"
	lockFile     = "lock"
	pageFile     = "page"
	manifestFile = "manifest.json"
	indexFile    = "index.md"
	// filesRows and indexRows grow with the others and end up in the manifest and the index.
	filesRows   = "files"
	indexRows   = "index"
	missingFile = "missing.jsonl"
	// stateLimit is far more than a state is.
	stateLimit = 1 << 20
)

var (
	// ErrOther: the folder has something in it that no export began.
	ErrOther = errors.New("it has something else in it")
	// ErrFinished: the folder is an export that is whole.
	ErrFinished = errors.New("it is an export already, and whole")
	// ErrAnother: the folder is an export, not finished, of something else.
	ErrAnother = errors.New("it is an export that was begun otherwise")
	// ErrBusy: another process is at work on the folder.
	ErrBusy = errors.New("another export is at work on it")
)

// Place is how far an export has come: the step, the page of its list, and how many items of that.
type Place struct {
	Step  int    `json:"step"`
	Token string `json:"token,omitempty"`
	Done  int    `json:"done,omitempty"`
}

type state struct {
	Choice Choice           `json:"choice"`
	Place  Place            `json:"place"`
	Report Report           `json:"report"`
	Sizes  map[string]int64 `json:"sizes"` // of the files that grow
}

// Folder is an export under way. Not safe for use by several goroutines.
type Folder struct {
	Choice
	Place
	Report
	// Resumed: it was begun before.
	Resumed bool

	dir     string
	lock    *os.File
	sizes   map[string]int64
	open    map[string]*os.File
	pending map[string][]byte
	named   []string // the files that got their names since the last Save
}

// Open begins an export in a folder that is empty or not there, or takes one up that was begun with the
// same choice. Errors: ErrOther, ErrFinished, ErrAnother, ErrBusy.
func Open(dir string, choice Choice, now time.Time) (*Folder, error) {
	f := &Folder{Choice: choice, dir: dir, sizes: map[string]int64{}, open: map[string]*os.File{}, pending: map[string][]byte{}}
	f.Report = Report{Begun: now.UTC().Format(time.RFC3339), Rows: map[string]int{}, Keys: map[string]string{}}
	found, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	has := func(name string) bool {
		return slices.ContainsFunc(found, func(e fs.DirEntry) bool { return e.Name() == name })
	}
	switch {
	case has(manifestFile): // UNFINISHED may be left of the very end of it
		return nil, errors.Join(ErrFinished, os.RemoveAll(f.under("")))
	case len(found) > 0 && !has(unfinished):
		return nil, ErrOther
	}
	if err := os.MkdirAll(f.under(""), 0o755); err != nil {
		return nil, err
	}
	if f.lock, err = os.OpenFile(f.under(lockFile), os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return nil, err
	}
	if err := durable.Lock(f.lock); err != nil {
		f.lock.Close()
		if errors.Is(err, fs.ErrExist) {
			err = ErrBusy
		}
		return nil, err
	}
	if err := f.take(choice); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// take takes an export up where it was left; one without a state had not begun.
func (f *Folder) take(choice Choice) error {
	b, err := durable.ReadFile(f.under(stateFile), stateLimit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	var was state
	if err := json.Unmarshal(b, &was); err != nil {
		return fmt.Errorf("reading how far it had come, in %s: %w", filepath.Join(unfinished, stateFile), err)
	}
	if !reflect.DeepEqual(was.Choice, choice) {
		return fmt.Errorf("%w: %s", ErrAnother, was.Choice.words())
	}
	f.Place, f.Report, f.sizes, f.Resumed = was.Place, was.Report, was.Sizes, true
	if f.Keys == nil {
		f.Keys = map[string]string{}
	}
	if f.Rows == nil || f.sizes == nil || f.Step < 0 || f.Done < 0 {
		return fmt.Errorf("reading how far it had come, in %s: it is not whole", filepath.Join(unfinished, stateFile))
	}
	for name, size := range f.sizes { // a folder that somebody else began names no file but ours
		if !slices.Contains(growing, name) || size < 0 {
			return fmt.Errorf("reading how far it had come, in %s: no export has %q", filepath.Join(unfinished, stateFile), name)
		}
	}
	for name := range f.sizes { // what had its name already when Finish was broken off
		if err := os.Rename(filepath.Join(f.dir, name), f.under(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (f *Folder) under(name string) string { return filepath.Join(f.dir, unfinished, name) }

// Close gives the folder up as it stands. What was not saved is forgotten.
func (f *Folder) Close() error {
	var err error
	for _, file := range f.open {
		err = errors.Join(err, file.Close())
	}
	f.open = map[string]*os.File{}
	if f.lock != nil {
		err = errors.Join(err, f.lock.Close())
	}
	f.lock = nil
	return err
}

// Add has rows of a file that grows follow with the next Commit.
func (f *Folder) Add(name string, rows int, b []byte) {
	f.pending[name] = append(f.pending[name], b...)
	if rows > 0 {
		f.Rows[name] += rows
	}
}

// Whole writes a file that does not grow, by its path with slashes. It is in the manifest with the next
// Commit.
func (f *Folder) Whole(name string, b []byte) error {
	path := filepath.Join(f.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	// By way of UNFINISHED: what a kill leaves of a half goes with that. A power cut may leave a half
	// under its name, but not of what was saved, and what was not is written again.
	if err := os.WriteFile(f.under(pageFile), b, 0o644); err != nil {
		return err
	}
	if err := os.Rename(f.under(pageFile), path); err != nil {
		return err
	}
	f.named = append(f.named, path)
	f.Add(filesRows, 0, fileRow(name, sha256.Sum256(b), int64(len(b))))
	return nil
}

func fileRow(name string, sum [sha256.Size]byte, size int64) []byte {
	return jsonLine(struct {
		Path   string `json:"path"`
		SHA256 string `json:"sha256"`
		Bytes  int64  `json:"bytes"`
	}{name, hex.EncodeToString(sum[:]), size})
}

func jsonLine(of any) []byte {
	b, _ := json.Marshal(of) // text and numbers: cannot fail
	return append(b, '\n')
}

// Commit writes what was added: the item it is of is whole.
func (f *Folder) Commit() error {
	for _, name := range slices.Sorted(maps.Keys(f.pending)) {
		file, err := f.grows(name)
		if err != nil {
			return err
		}
		n, err := file.WriteAt(f.pending[name], f.sizes[name])
		if err != nil {
			return err
		}
		f.sizes[name] += int64(n)
	}
	clear(f.pending)
	return nil
}

// grows opens a file that grows, cut back to what was saved of it.
func (f *Folder) grows(name string) (*os.File, error) {
	if file := f.open[name]; file != nil {
		return file, nil
	}
	file, err := os.OpenFile(f.under(name), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.Size() < f.sizes[name] {
		err = fmt.Errorf("%s is shorter than it was: begin again in another folder", f.under(name))
	}
	if err = errors.Join(err, file.Truncate(f.sizes[name])); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f.open[name] = file
	return file, nil
}

// Save makes what was committed durable, with how far it has come: it is taken up here.
func (f *Folder) Save() error {
	for _, file := range f.open {
		if err := file.Sync(); err != nil {
			return err
		}
	}
	if err := f.syncNamed(); err != nil {
		return err
	}
	b, err := json.MarshalIndent(state{f.Choice, f.Place, f.Report, f.sizes}, "", "  ")
	if err != nil {
		return err
	}
	return durable.Write(f.under(stateFile), append(b, '\n'), 0o644)
}

// syncNamed makes files and their names durable, many at once: as each is written it takes twice as long.
func (f *Folder) syncNamed() error {
	folders := map[string]bool{}
	for _, path := range f.named {
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(file.Sync(), file.Close()); err != nil {
			return err
		}
		folders[filepath.Dir(path)], folders[filepath.Dir(filepath.Dir(path))] = true, true
	}
	for dir := range folders {
		if err := durable.SyncFolder(dir); err != nil {
			return err
		}
	}
	f.named = nil
	return nil
}

// Files are those that grow, by name: all that there is but letters, index and manifest.
func (f *Folder) Files() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(f.sizes)), func(name string) bool { return name == filesRows || name == indexRows })
}
