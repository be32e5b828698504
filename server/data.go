package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"google.golang.org/grpc"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/store"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Check reads every byte of a stopped node's data and says whether it is sound.
func Check(ctx context.Context, dir string) (store.Report, error) {
	st, err := openData(dir)
	if err != nil {
		return store.Report{}, err
	}
	report, err := st.Check(ctx)
	return report, errors.Join(err, st.Close())
}

// Backup copies a stopped node's data to a new file that Restore can check.
func Backup(dir, file string) (m store.Manifest, err error) {
	st, err := openData(dir)
	if err != nil {
		return m, err
	}
	err = WriteNew(file, func(w io.Writer) error {
		m, err = st.Backup(w)
		return err
	})
	return m, errors.Join(err, st.Close())
}

// Restore puts a backup where a node's data was.
func Restore(dir, file string) (store.Manifest, error) {
	set, err := loadSettings(dir)
	if err != nil {
		return store.Manifest{}, err
	}
	f, err := os.Open(file)
	if err != nil {
		return store.Manifest{}, fmt.Errorf("reading the backup: %w", err)
	}
	m, err := store.Restore(filepath.Join(dir, dataFile), f)
	err = errors.Join(err, f.Close())
	if err == nil && (m.Office != set.Office || m.Federation != set.Federation) {
		err = errors.Join(fault.New(fault.ErrInvalid, fmt.Sprintf("%s is a backup of %s in %s, this is the node of %s in %s", file, m.Office, m.Federation, set.Office, set.Federation),
			"restore the office's own backup"), os.Remove(filepath.Join(dir, dataFile)))
	}
	return m, err
}

// openData opens the data of a stopped node.
func openData(dir string) (*store.Store, error) {
	set, err := loadSettings(dir)
	if err != nil {
		return nil, err
	}
	st, err := store.Open(filepath.Join(dir, dataFile), store.Options{
		Federation: set.Federation, Office: set.Office, Guard: filepath.Join(dir, keysFolder, guardFile),
	})
	return st, err
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
