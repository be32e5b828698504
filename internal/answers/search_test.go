package answers

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/register"
	"github.com/lmcfed/lmcfed/internal/search"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// searching keeps an index of a world until the test ends.
func searching(w *world) {
	w.t.Helper()
	x := search.New(filepath.Join(w.t.TempDir(), "search"), Searched{w.Answers}, slog.New(slog.DiscardHandler))
	w.Index = x
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); x.Run(ctx) }()
	w.t.Cleanup(func() { stop(); <-done })
}

// search asks until all is searched.
func (w *world) search(reader Reader, req *answersv1.SearchRequest) *answersv1.SearchResponse {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		resp, err := w.Search(context.Background(), reader, req)
		if err != nil {
			w.t.Fatal(err)
		}
		if resp.Making == nil {
			return resp
		}
		if time.Now().After(deadline) {
			w.t.Fatal(resp.Words)
		}
	}
}

func (w *world) finds(words string, want ...string) {
	w.t.Helper()
	resp := w.search(Public(), &answersv1.SearchRequest{Query: words})
	var got []string
	for _, hit := range resp.Hits {
		got = append(got, hit.Entry)
	}
	if !slices.Equal(got, want) || int(resp.Found) != len(want) {
		w.t.Errorf("%q finds %v, %d in all, want %v", words, got, resp.Found, want)
	}
}

func told(title string) *guidancev1.Advisory {
	a := advisory(essexOffice, "2021-10-25", refuse, "north-essex")
	a.Title = title
	return a
}

func TestAHitSaysWhereItStands(t *testing.T) {
	w := newWorld(t)
	searching(w)
	first := w.put(essexOffice, public_, told("Zebras"))
	w.finds("zebra", first)
	later := told("Other animals")
	later.Replaces = []string{first}
	second := w.put(essexOffice, public_, later)
	resp := w.search(Public(), &answersv1.SearchRequest{Query: "zebras"})
	hit := resp.Hits[0]
	if hit.Stands || !strings.Contains(hit.Standing, second) || hit.Title != "Zebras" || hit.Office != essexOffice || !slices.Equal(hit.Committees, []string{"north-essex"}) ||
		!slices.Equal(hit.Matters, []string{thePlan}) || !slices.Equal(hit.Stances, []string{"refuse"}) || hit.Issued.GetLatest() != "2021-10-25" {
		t.Errorf("the hit %v", hit)
	}
	if resp.Names.Committees["north-essex"] != "North Essex LMC" || resp.Completeness == nil || resp.Words != "" {
		t.Errorf("beside it: %v", resp)
	}
	if none := w.search(Public(), &answersv1.SearchRequest{Query: "giraffe"}); none.Words == "" || none.Found != 0 {
		t.Errorf("nothing found is told as %v", none)
	}
}

// What somebody may not read is in no hit, count, order or fragment: not of public readers, nor, while only
// PUBLIC is searched, of anybody else.
func TestWhatIsNotPublicIsNeverFound(t *testing.T) {
	w := newWorld(t)
	searching(w)
	for i := range 12 {
		a := told(fmt.Sprintf("Zebras and %d others", i))
		a.Body = strings.Repeat("zebra ", i+1)
		w.put(essexOffice, public_, a)
	}
	readers := []Reader{Public(), Practice("north-essex"), Office("kent"), Office(essexOffice)}
	answers := func() (all []string) {
		for _, reader := range readers {
			for _, words := range []string{"zebra", "zebras others", "zebar", "others 7", "secret", "secrets"} {
				resp := w.search(reader, &answersv1.SearchRequest{Query: words, PageSize: 5})
				all = append(all, fmt.Sprint(reader, words, resp.Hits, resp.Found, resp.Words, resp.Names, resp.NextPageToken != ""))
			}
		}
		return all
	}
	before := answers()
	for v := public_ + 1; v <= guidancev1.Visibility_VISIBILITY_OFFICE; v++ {
		a := told("Zebras in secret")
		a.Visibility, a.Body = v, strings.Repeat("zebra zebar secret ", 9)
		w.put(essexOffice, v, a)
		m := plan(fmt.Sprintf("essex/secret-%d", v), "Secret zebras")
		m.Visibility = v
		w.put(essexOffice, v, m)
	}
	if after := answers(); !slices.Equal(after, before) {
		for i := range after {
			if after[i] != before[i] {
				t.Errorf("what is not public changes\n%s\nto\n%s", before[i], after[i])
			}
		}
	}
}

// dated is the register as it came to be known.
type dated []struct {
	from uint64
	reg  *register.Register
}

func (d dated) KnownAt(feed uint64) (reg *register.Register, size uint64) {
	for _, one := range d {
		if one.from <= feed {
			reg = one.reg
		}
	}
	return reg, reg.Size()
}

func (d dated) OfSize(uint64) *register.Register { return d[0].reg }

func TestWhatARevokedKeySignedIsNotFound(t *testing.T) {
	w := newWorld(t)
	key := []byte(strings.Repeat("k", ed25519.PublicKeySize))
	w.record(admissionOf(t, "kent", "Kent LMC", key))
	before := w.reg
	w.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Revocation{Revocation: &ledgerv1.Revocation{Office: "kent", Key: key, ValidThroughSize: 1}}})
	revoked := w.reg
	if log := (ledger.LogID{Federation: "trial", Office: "kent"}); before.Repudiated(log, 1) || !revoked.Repudiated(log, 1) {
		t.Fatal("the key is not revoked")
	}
	w.Registers = dated{{0, before}, {4, revoked}}
	searching(w)
	forged := advisory("kent", "2021-10-20", refuse, "kent")
	forged.Title = "Zebras"
	good := w.put("kent", public_, advisory("kent", "2021-10-20", refuse, "kent")) // the second arrival
	w.finds("zebra")
	bad := w.put("kent", public_, forged)
	w.finds("zebra", bad)
	w.as = ledgerv1.EntryKind_ENTRY_KIND_REGISTER
	w.put("gpc", public_, w.records[len(w.records)-1].Body) // the fourth
	w.finds("zebra")
	w.finds("advice", good)
	found, err := w.Index.Find(context.Background(), search.Query{Text: "zebra", Limit: 9})
	if err != nil || found.All != 0 {
		t.Errorf("the index still has %v, %v", found.Hits, err)
	}
}

func TestAMatterIsFoundAsItIsNow(t *testing.T) {
	w := newWorld(t)
	searching(w)
	on := w.put(essexOffice, public_, told("Our line"))
	other := plan("gpc/other", "Another")
	w.put("gpc", public_, other)
	w.finds("zebra")
	amended := plan(thePlan, "The zebra plan")
	amended.Aliases = []string{"Stripes"}
	second := w.put("gpc", public_, amended)
	w.finds("zebra", second, on) // the letter on it too
	w.finds("stripes", second, on)
	third := w.put("gpc", public_, plan(thePlan, "The plan of lions"))
	w.finds("zebra")
	w.finds("lion", third, on)
}

func TestWordsThatComeLaterAreFound(t *testing.T) {
	w := newWorld(t)
	searching(w)
	a := advisory("kent", "2021-10-20", refuse, "kent")
	a.Title = "Zebras"
	arrive := w.putBodiless("kent", a)
	w.finds("zebra")
	arrive()
	w.finds("zebra", "kent/0")
}

func TestASearchHasLimits(t *testing.T) {
	w := newWorld(t)
	searching(w)
	w.put(essexOffice, public_, told("Zebras"))
	if n := len(w.search(Public(), &answersv1.SearchRequest{Query: "  zebra " + strings.Repeat("é", search.QueryLimit-6) + " "}).Hits); n != 1 {
		t.Errorf("a query of %d characters finds %d", search.QueryLimit, n)
	}
	for name, c := range map[string]struct {
		req    *answersv1.SearchRequest
		reason error
		words  string
	}{
		"empty":         {&answersv1.SearchRequest{Query: " \n "}, fault.ErrInvalid, "nothing is looked for"},
		"one too long":  {&answersv1.SearchRequest{Query: strings.Repeat("é", search.QueryLimit+1)}, fault.ErrInvalid, "has 257 characters"},
		"10,000":        {&answersv1.SearchRequest{Query: strings.Repeat("a ", 5000) + "b"}, fault.ErrInvalid, "has 10,001 characters"},
		"many words":    {&answersv1.SearchRequest{Query: strings.Repeat("a ", search.WordsLimit+1)}, fault.ErrInvalid, "has 33 words"},
		"page":          {&answersv1.SearchRequest{Query: "a", PageSize: -1}, fault.ErrInvalid, "a page of -1 hits"},
		"day":           {&answersv1.SearchRequest{Query: "a", IssuedFrom: "yesterday"}, fault.ErrInvalid, "yesterday"},
		"days":          {&answersv1.SearchRequest{Query: "a", IssuedFrom: "2021-10-02", IssuedTo: "2021-10-01"}, fault.ErrInvalid, "before the first"},
		"office":        {&answersv1.SearchRequest{Query: "a", Office: "esex"}, fault.ErrUnknownOffice, "esex"},
		"committee":     {&answersv1.SearchRequest{Query: "a", Committee: "nort-essex"}, fault.ErrUnknownCommittee, "nort-essex"},
		"matter":        {&answersv1.SearchRequest{Query: "a", Matter: "plam"}, fault.ErrUnknownMatter, "plam"},
		"stance":        {&answersv1.SearchRequest{Query: "a", Stance: 99}, fault.ErrInvalid, "99"},
		"audience":      {&answersv1.SearchRequest{Query: "a", Audience: 99}, fault.ErrInvalid, "99"},
		"another token": {&answersv1.SearchRequest{Query: "a", PageToken: "x"}, fault.ErrInvalid, "token"},
	} {
		if _, err := w.Search(context.Background(), Public(), c.req); !errors.Is(err, c.reason) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.Index = nil
	if _, err := w.Search(context.Background(), Public(), &answersv1.SearchRequest{Query: "a"}); !errors.Is(err, fault.ErrUnsupported) {
		t.Errorf("without an index: %v", err)
	}
}

func TestPagesOfASearchAreAllOfIt(t *testing.T) {
	w := newWorld(t)
	searching(w)
	want := map[string]bool{}
	for i := range 23 {
		a := told("Zebras")
		a.Body = strings.Repeat("zebra ", 1+i%4)
		want[w.put(essexOffice, public_, a)] = true
	}
	req := &answersv1.SearchRequest{Query: "zebra", PageSize: 5}
	for page := 0; ; page++ {
		resp := w.search(Public(), req)
		if page < 4 && len(resp.Hits) != 5 || resp.Found != 23 {
			t.Errorf("page %d has %d of %d", page, len(resp.Hits), resp.Found)
		}
		for _, hit := range resp.Hits {
			if !want[hit.Entry] {
				t.Errorf("%s stands on two pages", hit.Entry)
			}
			delete(want, hit.Entry)
		}
		if req.PageToken = resp.NextPageToken; req.PageToken == "" {
			break
		}
		other := &answersv1.SearchRequest{Query: "lion", PageToken: req.PageToken}
		if _, err := w.Search(context.Background(), Public(), other); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("a token of another question: %v", err)
		}
	}
	if len(want) > 0 {
		t.Errorf("on no page: %v", want)
	}
}

// Whatever comes in whatever order, what is taken in as it comes is what there is to find in all of it.
func TestWhatIsTakenInAsItComesIsAllThereIs(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			h := history{newWorld(t), rand.New(rand.NewPCG(seed, 9)), nil, nil}
			h.record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: "kent", Office: "kent"}}})
			s, ctx := Searched{h.Answers}, context.Background()
			held, place := map[string]search.Document{}, search.Place{}
			for range 60 {
				h.step()
				for {
					names, to, err := s.Came(ctx, place)
					if err != nil {
						t.Fatal(err)
					}
					if to.Feed == place.Feed {
						break
					}
					documents, err := s.Documents(ctx, names)
					if err != nil {
						t.Fatal(err)
					}
					for _, name := range names {
						delete(held, name)
					}
					for _, d := range documents {
						held[d.Entry] = d
					}
					place = to
				}
				var all []string
				for _, head := range h.Store.Heads() {
					for i := range head.Size {
						all = append(all, head.Log.Entry(i).String())
					}
				}
				documents, err := s.Documents(ctx, all)
				if err != nil {
					t.Fatal(err)
				}
				anew := map[string]search.Document{}
				for _, d := range documents {
					anew[d.Entry] = d
				}
				if !reflect.DeepEqual(held, anew) {
					t.Fatalf("taken in as it came:\n%v\nanew:\n%v", held, anew)
				}
				if place.Entries != s.State().Entries {
					t.Errorf("%d of %d entries are counted", place.Entries, s.State().Entries)
				}
			}
		})
	}
}
