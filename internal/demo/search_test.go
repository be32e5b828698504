package demo

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// What practices ask finds what answers it first, at a node that only heard of it from others.
func TestWhatPracticesAskFindsItsAnswerFirst(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	f, err := Start(ctx, Options{Dir: filepath.Join(t.TempDir(), "demo")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	files, err := f.loadPublished()
	if err != nil {
		t.Fatal(err)
	}
	fileOf := map[string]string{}
	for path, published := range files {
		fileOf[published.Entry] = strings.TrimSuffix(strings.TrimPrefix(path, "letters/"), ".md")
	}
	b, err := os.ReadFile("testdata/queries.txt")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for line := range strings.Lines(string(b)) {
		query, want, ok := strings.Cut(strings.TrimSpace(line), " =>")
		if !ok || strings.HasPrefix(query, "#") {
			continue
		}
		asked++
		query, matter, _ := strings.Cut(query, " @ ")
		rank, want, _ := strings.Cut(want, " ")
		place := map[string]int{"": 0, "2": 1}[rank]
		var resp *answersv1.SearchResponse
		for resp == nil || resp.GetMaking() != nil {
			if resp, err = f.office("lincolnshire").client.Search(ctx, &answersv1.SearchRequest{Query: query, Matter: matter, PageSize: 5}); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, hit := range resp.GetHits() {
			got = append(got, fileOf[hit.GetEntry()])
		}
		if len(got) <= place || got[place] != want {
			t.Errorf("%q on %q finds %v, want %s at place %d", query, matter, got, want, place+1)
		}
	}
	if asked < 40 {
		t.Errorf("only %d queries are asked", asked)
	}
}
