package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"

	"github.com/lmcfed/lmcfed/internal/durable"
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
// freed meanwhile is not used again until it ends: write to a disk, not to a slow line. Every row
// is proven first. Error: ErrCorrupt.
func (s *Store) Backup(w io.Writer) (Manifest, error) {
	m := Manifest{Version: backupVersion, Federation: s.opts.Federation, Office: s.opts.Office}
	sum := sha256.New()
	s.mu.RLock()
	m.Guard = s.guard
	s.mu.RUnlock()
	err := s.view(func(r *reading) error {
		for t := range tableCount { // a backup of damaged data would be found out when it is needed
			if err := t.scan(r.tx, nil, nil, func(_, _ []byte) error { return nil }); err != nil {
				return err
			}
		}
		var err error
		for _, r := range r.heads {
			m.Heads = append(m.Heads, fmt.Sprintf("%s %d %s", r.head.Log, r.head.Size, r.head.Root))
		}
		m.Size, err = r.tx.WriteTo(&marking{to: io.MultiWriter(w, sum), pageSize: r.tx.DB().Info().PageSize})
		return err
	})
	var manifest []byte
	if err == nil {
		m.SHA256 = hex.EncodeToString(sum.Sum(nil))
		manifest, err = json.Marshal(m)
	}
	if err == nil {
		_, err = fmt.Fprintf(w, "%s"+trailerFormat, manifest, len(manifest), crc32.Checksum(manifest, castagnoli))
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("backing up %s: %w", s.path, err)
	}
	return m, nil
}

// Restore makes a data file at path from a backup, all or nothing. Opened, it is
// Recovering when its guard is newer, and in Doubt in any case, for a guard may have come
// from a backup too, and may come later. Whose it must be, and where the guard lies, the options say.
// Errors: ErrBadBackup when it is cut short, altered, or a plain copy; ErrOtherFederation;
// ErrOtherGuard; ErrExists when there is a file at path.
func Restore(path string, own Options, backup io.Reader) (m Manifest, err error) {
	lock, err := lockFolder(path, own)
	if err != nil {
		return Manifest{}, fmt.Errorf("restoring %s: %w", path, err)
	}
	if lock != nil {
		defer lock.Close()
	}
	err = durable.CreateFrom(path, 0o600, func(f *os.File) error {
		total, err := io.Copy(f, backup)
		if err != nil {
			return err
		}
		if m, err = readManifest(f, total); err != nil {
			return err
		}
		if m.Federation != own.Federation || m.Office != own.Office {
			return fmt.Errorf("%w: the backup is of %s in %s, this is the node of %s in %s", ErrOtherFederation, m.Office, m.Federation, own.Office, own.Federation)
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, io.NewSectionReader(f, 0, m.Size)); err != nil {
			return err
		}
		if hex.EncodeToString(sum.Sum(nil)) != m.SHA256 {
			return fmt.Errorf("%w: its bytes are not those that were backed up", ErrBadBackup)
		}
		if err := guardIsOwn(own); err != nil {
			return err
		}
		return errors.Join(f.Truncate(m.Size), mark(f)) // backups of before were not marked
	})
	if errors.Is(err, fs.ErrExist) {
		err = fmt.Errorf("%w: move it away first", ErrExists)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("restoring %s: %w", path, err)
	}
	return m, nil
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
