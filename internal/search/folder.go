package search

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/lmcfed/lmcfed/internal/durable"
)

// The folder of an index:
//
//	files/    the index, as bleve keeps it
//	sealed    JSON: the version, and size and sum of each of the files, written when they were closed
//
// While the files are open there is no seal. So a folder that was not closed, because the process or
// the machine ended otherwise, and one in which anything was changed since, is known as such before
// bleve, which trusts its files, maps one of them into memory.
const (
	filesFolder = "files"
	sealFile    = "sealed"
	sealLimit   = 4 << 20 // bytes of it: some 40,000 files
)

// made is which documents are made of an entry, and how. It goes up with any change to them.
const made = 2

// placeKey is what the index keeps its place in the feed under, beside its documents.
var placeKey = []byte("place")

// seal is what the files were when they were closed.
type seal struct {
	Version string
	Files   map[string]sum // by path within filesFolder
}

type sum struct {
	Size int64
	CRC  uint32
}

// version is that of the index: of how its words are read, and of what documents are made of.
func (x *Index) version() string {
	how, err := json.Marshal(x.how)
	must(err)
	return fmt.Sprintf("%d %x", made, sha256.Sum256(how))
}

// filesConfig is how bleve keeps its files: it waits for no other process that has them open, and not for what
// it writes (written does).
func filesConfig() map[string]any { return map[string]any{"bolt_timeout": "1s", "unsafe_batch": true} }

// open opens the files as they were sealed, else makes new ones, which have nothing.
func (x *Index) open() (files bleve.Index, place Place, err error) {
	err = x.isSealed()
	if err == nil {
		err = os.Remove(filepath.Join(x.dir, sealFile))
	}
	if err == nil {
		if files, err = bleve.OpenUsing(filepath.Join(x.dir, filesFolder), filesConfig()); err == nil {
			var b []byte
			if b, err = files.GetInternal(placeKey); err == nil {
				err = json.Unmarshal(b, &place)
			}
			if err == nil {
				return files, place, nil
			}
			_ = files.Close()
		}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		x.logger.Info("search is made anew", "because", err)
	}
	if err := os.RemoveAll(x.dir); err != nil {
		return nil, Place{}, err
	}
	if err := os.Mkdir(x.dir, 0o700); err != nil {
		return nil, Place{}, err
	}
	files, err = bleve.NewUsing(filepath.Join(x.dir, filesFolder), x.how, scorch.Name, scorch.Name, filesConfig())
	return files, Place{}, err
}

// close closes the files, and seals them where they are as they should be; else they are removed.
func (x *Index) close(files bleve.Index, sound bool) error {
	err := files.Close()
	if err == nil && sound {
		var sums map[string]sum
		if sums, err = x.sums(lastOfSegment); err == nil {
			var b []byte
			b, err = json.Marshal(seal{x.version(), sums})
			err = errors.Join(err, durable.Write(filepath.Join(x.dir, sealFile), b, 0o600))
		}
	}
	if err != nil || !sound {
		err = errors.Join(err, os.RemoveAll(x.dir))
	}
	return err
}

// isSealed is why the files are not to be used; nil: they are byte for byte as they were closed.
func (x *Index) isSealed() error {
	b, err := durable.ReadFile(filepath.Join(x.dir, sealFile), sealLimit)
	if err != nil {
		return err
	}
	var was seal
	if err := json.Unmarshal(b, &was); err != nil {
		return fmt.Errorf("its seal: %w", err)
	}
	if was.Version != x.version() {
		return errors.New("it is of another version")
	}
	is, err := x.sums(wholeSegment)
	if err == nil && !maps.Equal(is, was.Files) {
		err = errors.New("its files are not as they were closed")
	}
	return err
}

// sums are the size and sum of each file. A segment ends with a sum of its own, and is never written
// again: to close, that is taken as it stands; to open, it is worked out.
func (x *Index) sums(ofSegment func(*os.File, int64) (uint32, error)) (map[string]sum, error) {
	root := filepath.Join(x.dir, filesFolder)
	sums := map[string]sum{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := durable.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		of := wholeFile
		if filepath.Ext(path) == ".zap" {
			of = ofSegment
		}
		crc, err := of(f, info.Size())
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		name, err := filepath.Rel(root, path)
		sums[filepath.ToSlash(name)] = sum{info.Size(), crc}
		return err
	})
	return sums, err
}

// sumSize is how many bytes the sum at the end of a segment has.
const sumSize = 4

func lastOfSegment(f *os.File, size int64) (uint32, error) {
	b := make([]byte, sumSize)
	_, err := f.ReadAt(b, max(size-sumSize, 0))
	return binary.BigEndian.Uint32(b), err
}

func wholeSegment(f *os.File, size int64) (uint32, error) {
	crc, err := sumOf(io.LimitReader(f, size-sumSize))
	last, lastErr := lastOfSegment(f, size)
	if err = errors.Join(err, lastErr); err == nil && crc != last {
		err = errors.New("it is not as it was written")
	}
	return crc, err
}

func wholeFile(f *os.File, _ int64) (uint32, error) { return sumOf(f) }

func sumOf(r io.Reader) (uint32, error) {
	sum := crc32.NewIEEE()
	_, err := io.Copy(sum, r)
	return sum.Sum32(), err
}
