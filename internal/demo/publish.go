package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// published is what has become of each letter file: kept beside the nodes' folders.
type published map[string]publication

type publication struct {
	Content string `json:"content"` // that of the file as it was published
	Entry   string `json:"entry"`   // the entry it became
}

const (
	publishedFile  = "published.json"
	publishedLimit = 1 << 20 // bytes of it
	sendTries      = 12
)

func (f *Federation) loadPublished() (published, error) {
	done := published{}
	b, err := durable.ReadFile(filepath.Join(f.dir, publishedFile), publishedLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return done, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &done)
	}
	return done, err
}

// entryOf is the entry the file of a name became; empty while it is unpublished.
func (done published) entryOf(office, name string) string { return done[PathOf(office, name)].Entry }

func (f *Federation) savePublished() error {
	b, err := json.MarshalIndent(f.done, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.dir, publishedFile), b, 0o600)
}

// publish publishes those files that are wanted and not published yet, in order, each at its
// office's own node over its officer's connection.
func (f *Federation) publish(ctx context.Context, p *progress, wanted func(File) bool) error {
	files := slices.DeleteFunc(slices.Clone(f.data.Files), func(file File) bool { return !wanted(file) })
	for i, file := range files {
		p.count(i, len(files), "letters")
		if _, err := f.publishFile(ctx, file, true); err != nil {
			return fmt.Errorf("%s: %w", file.Path, err)
		}
	}
	return nil
}

// publishFirst publishes what an office can when its node has started: up to the first letter that
// names one that is not published yet.
func (f *Federation) publishFirst(ctx context.Context, office string) error {
	for _, file := range f.data.Files {
		if file.Office != office {
			continue
		}
		done, err := f.publishFile(ctx, file, false)
		if err != nil {
			return fmt.Errorf("%s: %w", file.Path, err)
		}
		if !done {
			return nil
		}
	}
	return nil
}

// publishFile publishes a file unless it is. Where it names a letter that is not published yet, that
// is an error if it must be published now.
func (f *Federation) publishFile(ctx context.Context, file File, now bool) (bool, error) {
	o := f.office(file.Office)
	if o == nil {
		return false, fmt.Errorf("there is no office %q in the demonstration", file.Office)
	}
	// The same text is the same letter, however an editor saves it: as letters are read.
	text := bytes.ReplaceAll(bytes.TrimPrefix(file.Bytes, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	content := requestID(file.Path + "\n" + string(text))
	f.publishing.Lock()
	before, again := f.done[file.Path]
	f.publishing.Unlock()
	if again && before.Content == content {
		return true, nil
	}
	request := content
	if again { // words of before, put back after others, are published anew
		request = requestID(content + "\n" + before.Entry)
	}
	if err := f.caughtUp(ctx, o); err != nil {
		return false, err
	}
	f.publishing.Lock()
	defer f.publishing.Unlock()
	missing := false
	m, err := file.Parse(func(office, name string) string {
		entry := f.done.entryOf(office, name)
		missing = missing || entry == ""
		return entry
	})
	if missing && !now {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if again {
		replaceEarlier(m, before.Entry)
	}
	entry, err := o.send(ctx, request, m)
	// On a busy machine a node may answer or take a connection too late: what is asked again is not published twice.
	for try := 1; try < sendTries && ctx.Err() == nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, fault.ErrUnavailable)); try++ {
		entry, err = o.send(ctx, request, m)
	}
	if err != nil {
		return false, err
	}
	f.done[file.Path] = publication{Content: content, Entry: entry}
	return true, f.savePublished()
}

// caughtUp waits until an office's node has the register and the matters, which
// are in the keeper's log.
func (f *Federation) caughtUp(ctx context.Context, o *office) error {
	keeper := f.office(keeperID)
	want := keeper.node.HeldSize(keeper.id)
	return o.node.Await(ctx, func() bool { return o.node.HeldSize(keeper.id) >= want })
}

// replaceEarlier makes an edited letter end what it said before.
func replaceEarlier(m proto.Message, entry string) {
	a, ok := m.(*guidancev1.Advisory)
	if ok && !slices.Contains(a.Replaces, entry) && !slices.Contains(a.Amends, entry) {
		a.Replaces = append(a.Replaces, entry)
	}
}

func (f *Federation) office(id string) *office {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, o := range f.nodes {
		if o.id == id {
			return o
		}
	}
	return nil
}

// send publishes one thing and returns its entry.
func (o *office) send(ctx context.Context, request string, m proto.Message) (string, error) {
	switch m := m.(type) {
	case *guidancev1.Advisory:
		resp, err := o.client.PublishAdvisory(ctx, &nodev1.PublishAdvisoryRequest{RequestId: request, Advisory: m})
		return resp.GetStanding().GetEntry(), err
	case *guidancev1.Matter:
		checked, err := o.client.PublishMatter(ctx, &nodev1.PublishMatterRequest{RequestId: request, Matter: m, ValidateOnly: true})
		if err != nil {
			return "", err
		}
		resp, err := o.client.PublishMatter(ctx, &nodev1.PublishMatterRequest{RequestId: request, Matter: m, Preview: checked.GetPreview()})
		return resp.GetStanding().GetEntry(), err
	case *guidancev1.ReportedPosition:
		resp, err := o.client.Report(ctx, &nodev1.ReportPositionRequest{RequestId: request, Report: m})
		return resp.GetStanding().GetEntry(), err
	}
	return "", fmt.Errorf("a %T cannot be published from a file", m)
}

// requestID names a write by its content, so that a repeat returns the first answer.
func requestID(what string, messages ...proto.Message) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d:%s", len(what), what)
	for _, m := range messages {
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
		if err != nil {
			continue // a message that cannot be marshalled cannot be sent either
		}
		fmt.Fprintf(h, "%d:", len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:48]
}
