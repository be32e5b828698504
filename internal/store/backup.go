package store

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/ledger"
)

// A backup is the data file as of one transaction, followed by a manifest and how
// long that is, so that a copy of a live file, of which most are corrupt, and a
// backup cut short are told from a whole one:
//
//	<data file>{"version":1,"size":32768,"sha256":"…","heads":[…],"guard":{…}}
//	lmcfed-backup 00000212 7f3a90c1
//
// The last number is the CRC-32C of the manifest.
const (
	backupVersion = 1
	trailerFormat = "\nlmcfed-backup %08d %08x\n"
	trailerSize   = len("\nlmcfed-backup 00000000 00000000\n")
	// manifestLimit is the largest manifest: room for a line for each of LogLimit logs.
	manifestLimit = LogLimit * 512
)

// Manifest says what a backup holds.
type Manifest struct {
	// Version is that of the backup's format.
	Version int `json:"version"`
	// Federation and Office are whose it is.
	Federation string `json:"federation"`
	Office     string `json:"office"`
	// Size and SHA256 (hexadecimal) are those of the data file.
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	// Heads are what it holds: "demo/essex/log/0 8 <root>".
	Heads []string `json:"heads"`
	// Guard is the guard as it stood: a restored node recovers what is newer.
	Guard guard `json:"guard"`
}

// Backup writes a whole copy, as of one transaction, while the store goes on. What is
// freed meanwhile is not used again until it ends: write to a disk, not to a slow line.
func (s *Store) Backup(w io.Writer) (Manifest, error) {
	m := Manifest{Version: backupVersion, Federation: s.opts.Federation, Office: s.opts.Office}
	sum := sha256.New()
	s.mu.RLock()
	m.Guard = s.guard
	s.mu.RUnlock()
	err := s.view(func(r *reading) error {
		var err error
		for _, r := range r.heads {
			m.Heads = append(m.Heads, fmt.Sprintf("%s %d %s", r.head.Log, r.head.Size, r.head.Root))
		}
		m.Size, err = r.tx.WriteTo(io.MultiWriter(w, sum))
		return err
	})
	if err == nil {
		m.SHA256 = hex.EncodeToString(sum.Sum(nil))
		err = writeManifest(w, m)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("backing up %s: %w", s.path, err)
	}
	return m, nil
}

func writeManifest(w io.Writer, m Manifest) error {
	b, err := json.Marshal(m)
	if err == nil {
		_, err = fmt.Fprintf(w, "%s"+trailerFormat, b, len(b), crc32.Checksum(b, castagnoli))
	}
	return err
}

// Restore makes a data file at path from a backup, all or nothing. Opened, it is
// Recovering when its guard is newer. Errors: ErrBadBackup when it is cut short,
// altered, or a plain copy; ErrExists when there is a file at path.
func Restore(path string, backup io.Reader) (Manifest, error) {
	m, err := restore(path, backup)
	if err != nil {
		return Manifest{}, fmt.Errorf("restoring %s: %w", path, err)
	}
	return m, nil
}

func restore(path string, backup io.Reader) (Manifest, error) {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return Manifest{}, fmt.Errorf("%w: move it away first", ErrExists)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".restoring.*")
	if err != nil {
		return Manifest{}, err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	m, err := fill(f, backup)
	if err = errors.Join(err, f.Close()); err != nil {
		return Manifest{}, err
	}
	// A link, not a rename: it never replaces what came to be there meanwhile.
	if err := os.Link(f.Name(), path); err != nil {
		return Manifest{}, fmt.Errorf("%w: %v", ErrExists, err)
	}
	return m, durable.SyncFolder(filepath.Dir(path))
}

// fill copies a backup into f, checks it, and cuts the manifest off.
func fill(f *os.File, backup io.Reader) (Manifest, error) {
	total, err := io.Copy(f, backup)
	if err != nil {
		return Manifest{}, err
	}
	m, err := readManifest(f, total)
	if err != nil {
		return Manifest{}, err
	}
	if err := checkSum(f, m, sha256.New()); err != nil {
		return Manifest{}, err
	}
	return m, errors.Join(f.Truncate(m.Size), f.Sync())
}

// readManifest reads the manifest at the end of a backup of total bytes.
func readManifest(f io.ReaderAt, total int64) (Manifest, error) {
	trailer := make([]byte, trailerSize)
	var size int64
	var sum uint32
	_, err := f.ReadAt(trailer, total-int64(trailerSize))
	if err == nil {
		_, err = fmt.Sscanf(string(trailer), trailerFormat, &size, &sum)
	}
	if err != nil || size < 1 || size > manifestLimit || fmt.Sprintf(trailerFormat, size, sum) != string(trailer) {
		return Manifest{}, fmt.Errorf("%w: it does not end in a manifest: it was cut short, or is a plain copy of a data file", ErrBadBackup)
	}
	b := make([]byte, size)
	start := total - int64(trailerSize) - size
	var m Manifest
	if _, err = f.ReadAt(b, start); err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil || crc32.Checksum(b, castagnoli) != sum || m.Size != start || m.Version != backupVersion {
		return Manifest{}, fmt.Errorf("%w: its manifest does not fit it", ErrBadBackup)
	}
	return m, nil
}

func checkSum(f io.ReadSeeker, m Manifest, sum hash.Hash) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.CopyN(sum, bufio.NewReaderSize(f, 1<<20), m.Size); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != m.SHA256 {
		return fmt.Errorf("%w: its bytes are not those that were backed up", ErrBadBackup)
	}
	return nil
}

// GuardLog is the log the guard is of and the size it says; zero without a guard.
func (m Manifest) GuardLog() (ledger.LogID, uint64) {
	log, err := ledger.ParseLogID(m.Guard.Log)
	if err != nil {
		return ledger.LogID{}, 0
	}
	return log, m.Guard.Size
}
