package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/grpc"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/store"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Check reads every byte of a stopped node's data and says whether it is sound. The
// error is fault.ErrRecovering, beside the whole report, where the data is older than
// what the office has signed.
func Check(ctx context.Context, dir string) (store.Report, error) {
	st, err := openData(dir)
	if err != nil {
		return store.Report{}, err
	}
	report, err := st.Check(ctx)
	if err == nil {
		err = holdsSigned(st)
	}
	return report, errors.Join(err, st.Close())
}

// Backup copies a stopped node's data to a new file that Restore can check. It refuses
// data that is older than what the office has signed: a backup of that would be taken
// for one of everything.
func Backup(dir, file string) (m store.Manifest, err error) {
	st, err := openData(dir)
	if err != nil {
		return m, err
	}
	if err = holdsSigned(st); err == nil {
		err = WriteNew(file, func(w io.Writer) error {
			m, err = st.Backup(w)
			return err
		})
	}
	return m, errors.Join(err, st.Close())
}

// holdsSigned refuses data that has not all the entries the guard says were signed.
func holdsSigned(st *store.Store) error {
	need, have, short := st.Recovering()
	if !short {
		return nil
	}
	return fault.New(fault.ErrRecovering, fmt.Sprintf("%s holds %d of the %d entries that %s has signed, as %s/%s says", st.Path(), have, need, st.Office(), keysFolder, guardFile),
		"serve the node until lmc status says running: it fetches the rest from its peers; or move the file away and restore a newer backup")
}

// Restore puts a backup where a node's data was.
func Restore(dir, file string) (store.Manifest, error) {
	set, err := loadSettings(dir)
	if err != nil {
		return store.Manifest{}, err
	}
	f, err := durable.Open(file)
	if err != nil {
		return store.Manifest{}, fmt.Errorf("reading the backup: %w", err)
	}
	m, err := store.Restore(filepath.Join(dir, dataFile), store.Options{Federation: set.Federation, Office: set.Office, Guard: filepath.Join(dir, keysFolder, guardFile)}, f)
	if errors.Is(err, store.ErrOtherFederation) {
		err = fault.New(fault.ErrInvalid, fmt.Sprintf("%s: %v", file, err), "restore the office's own backup")
	}
	return m, errors.Join(err, f.Close())
}

// openData opens the data of a stopped node for somebody who only looks: it makes no data
// where there is none, and leaves the guard as it is, which to open a store brings up to
// date: so this store gets a copy of it, which it has read once it is open.
func openData(dir string) (*store.Store, error) {
	set, err := loadSettings(dir)
	if err != nil {
		return nil, err
	}
	if err := checkFolder(dir); err != nil {
		return nil, err
	}
	data, guard := filepath.Join(dir, dataFile), filepath.Join(dir, keysFolder, guardFile)
	signed, err := durable.ReadFile(guard, store.GuardLimit)
	noGuard := errors.Is(err, fs.ErrNotExist)
	if err != nil && !noGuard {
		return nil, fmt.Errorf("reading the guard: %w", err)
	}
	info, err := os.Stat(data)
	if err == nil && info.Size() == 0 { // which to open would make it one that holds nothing
		return nil, fault.New(fault.ErrNotFound, data+" is empty: what the node of "+dir+" held is lost", "move it away, and "+dataRemedy(dir))
	}
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, profileFile)); errors.Is(err, fs.ErrNotExist) {
			return nil, fault.New(fault.ErrNotFound, fmt.Sprintf("the node of %s has never run: it has no %s yet", dir, dataFile), "start it: lmcnode serve --dir "+dir)
		}
		return nil, fault.New(fault.ErrNotFound, data+" is lost: the node of "+dir+" has run, and it is not there",
			dataRemedy(dir))
	}
	scratch, err := os.MkdirTemp("", "lmcnode-guard-")
	copied := filepath.Join(scratch, guardFile)
	if err == nil {
		defer os.RemoveAll(scratch)
	}
	if err == nil && !noGuard {
		err = os.WriteFile(copied, signed, 0o600)
	}
	if err != nil {
		return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("copying the guard: %v", err), "the folder for temporary files cannot be written: set TMPDIR to one that can")
	}
	st, err := store.Open(data, store.Options{Federation: set.Federation, Office: set.Office, Guard: copied, AsFound: true})
	if err != nil && strings.Contains(err.Error(), copied) { // what is wrong with the guard is wrong with the real one
		err = errors.New(strings.ReplaceAll(err.Error(), copied, guard))
	}
	return st, err
}

// dataRemedy is what to do where there are no data any more.
func dataRemedy(dir string) string {
	return fmt.Sprintf("put a backup in its place (lmcnode restore --dir %s FILE), or fetch everything again from the other nodes (lmcnode serve --dir %s)", dir, dir)
}

// checkFolder refuses a folder whose data are no file, and one that has another guard beside its
// data: which of the two forgets what was signed, only whoever put it there can know.
func checkFolder(dir string) error {
	if err := durable.IsFile(filepath.Join(dir, dataFile)); errors.Is(err, durable.ErrNotAFile) {
		return fault.New(fault.ErrInvalid, "the node's data cannot be read: "+err.Error(), "move it away, and "+dataRemedy(dir))
	}
	counts, second := filepath.Join(dir, keysFolder, guardFile), filepath.Join(dir, guardFile)
	if _, err := os.Lstat(second); err != nil {
		return nil
	}
	return fault.New(fault.ErrInvalid, fmt.Sprintf("%s has two guards, %s and %s: only the first is read, and an older one lets numbers be signed twice", dir, counts, second),
		"keep the one with the greater size as "+counts+", and move the other out of the folder")
}

// WriteNew writes a file that must not exist yet, whole or not at all.
func WriteNew(path string, write func(io.Writer) error) error {
	err := durable.CreateFrom(path, 0o600, func(f *os.File) error {
		w := bufio.NewWriterSize(f, 1<<20)
		return errors.Join(write(w), w.Flush())
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// DownloadBackup copies the data of this running node to its officer.
func (s publicationService) DownloadBackup(_ *nodev1.DownloadBackupRequest, stream nodev1.PublicationService_DownloadBackupServer) error {
	if err := holdsSigned(s.n.store); err != nil {
		return err
	}
	w := bufio.NewWriterSize(backupStream{stream}, backupPiece)
	if _, err := s.n.store.Backup(w); err != nil {
		return err
	}
	return w.Flush()
}

const backupPiece = 256 << 10

// backupStream sends what is written to it.
type backupStream struct {
	stream grpc.ServerStreamingServer[nodev1.DownloadBackupResponse]
}

func (b backupStream) Write(p []byte) (int, error) {
	if err := b.stream.Send(&nodev1.DownloadBackupResponse{Data: p}); err != nil {
		return 0, err
	}
	return len(p), nil
}
