package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

func threeLetters() *memory {
	return newMemory("one",
		letter("essex/0", "Do not take part in the access plan", "Nothing of it is part of your contract. Appointments are to be face to face."),
		letter("essex/1", "Advice and guidance", "Whoever asks a hospital for A&G is paid from April on, by the data sharing agreement."),
		letter("essex/2", "The network contract DES", "Practices signed up to it. There is a winter access fund besides."),
	)
}

func TestWordsAreFoundHoweverTheyAreWritten(t *testing.T) {
	x := run(t, filepath.Join(t.TempDir(), "search"), threeLetters())
	for text, want := range map[string]string{
		"appointment": "essex/0", "APPOINTMENTS": "essex/0", "f2f": "essex/0", "face-to-face": "essex/0",
		"A&G": "essex/1", "a & g": "essex/1", "advice & guidance": "essex/1", "DSA": "essex/1", "hospitals": "essex/1", "hopsital": "essex/1",
		"PCN DES": "essex/2", "network DES": "essex/2", "winter acess fund": "essex/2",
		`"access fund"`: "essex/2", `"part of your contract"`: "essex/0", "do we have to": "essex/0",
	} {
		if got := x.found(Query{Text: text}); len(got) == 0 || got[0] != want {
			t.Errorf("%q finds %v, want %s first", text, got, want)
		}
	}
	x.finds(`"fund access"`)
	x.finds("zebra")
	x.finds("the and of")
	x.finds(`"the"`)
	x.finds("“”")
}

// A phrase lost its "not", and found what says the opposite, first; so did one with any other of the commonest words.
func TestAPhraseIsFoundAsItStands(t *testing.T) {
	x := run(t, filepath.Join(t.TempDir(), "search"), newMemory("one",
		letter("essex/0", "The plan is contractual", "It is contractual. You may opt in before 1 May."),
		letter("essex/1", "On the plan", "Whatever you were told, this is not contractual. You may opt out after 1 May."),
	))
	for text, want := range map[string]string{
		`"not contractual"`: "essex/1", `“is not contractual”`: "essex/1", `"is contractual"`: "essex/0", `"opt out"`: "essex/1", `"opt in"`: "essex/0",
		`"after 1 May"`: "essex/1", `"before 1 May"`: "essex/0",
	} {
		x.finds(text, want)
	}
	x.finds(`"plan not contractual"`)
	x.finds(`"plan whatever"`) // the title goes on into no text
}

// Whoever typed the name of an office found first what has another word in it that is written nearly alike, and whoever
// typed that word, the office's letters.
func TestWhatIsWrittenSoComesBeforeWhatIsWrittenNearlySo(t *testing.T) {
	m := newMemory("one",
		letter("londonwide/0", "Survey of practices", "The survey of surveys."), letter("essex/0", "A survey", "Take part in the survey."), letter("kent/0", "Survey", "Survey."),
		letter("surrey/0", "On the plan", "Nothing more."), letter("essex/1", "Practices of the border", "Those near Surrey too."), letter("wales/0", "The survey", "Survey."),
	)
	m.feed[3].Office = "surrey"
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	names := NamesOf([]Named{{ID: "surrey", Office: true, Names: []string{"Surrey LMCs"}}, {ID: "essex", Office: true, Names: []string{"Essex LMCs"}}, {ID: "kent", Office: true}})
	for _, c := range []struct {
		text  string
		all   int
		first []string
	}{{"surrey", 6, []string{"essex/1", "surrey/0"}}, {"survey", 5, []string{"essex/0", "kent/0", "londonwide/0", "wales/0"}}, {"surey", 6, []string{"surrey/0"}}} {
		got := x.found(Query{Text: c.text, Names: names})
		if len(got) != c.all || !slices.Equal(slices.Sorted(slices.Values(got[:len(c.first)])), c.first) {
			t.Errorf("%q finds %v, want %v first, of %d", c.text, got, c.first, c.all)
		}
	}
}

func TestAnOfficeIsFoundByItsNames(t *testing.T) {
	m := newMemory("one", letter("essex/0", "On the plan", "One."), letter("kent/0", "On the plan", "Two."))
	m.feed[1].Office, m.feed[1].Committees = "kent", []string{"kent-medway"}
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	names := NamesOf([]Named{
		{ID: "essex", Office: true, Names: []string{"Essex LMCs"}},
		{ID: "kent", Office: true, Names: []string{"Kent LMC"}},
		{ID: "north-essex", Names: []string{"North Essex LMC"}},
		{ID: "kent-medway", Names: []string{"Kent & Medway LMC"}},
		{ID: "a", Names: []string{"A LMC"}},
		{ID: "b", Names: []string{"B LMC"}},
		{ID: "c", Names: []string{"C LMC"}},
	})
	for text, want := range map[string]string{"plan kent": "kent/0", "plan medway": "kent/0", "plan Esex": "essex/0", "medwey": "kent/0"} {
		if got := x.found(Query{Text: text, Names: names}); len(got) == 0 || got[0] != want {
			t.Errorf("%q finds %v, want %s first", text, got, want)
		}
	}
	if got := x.found(Query{Text: "lmc", Names: names}); len(got) != 0 {
		t.Errorf("a word that is in every name finds %v", got)
	}
}

// Nothing was found by the name of a committee that has written nothing since it was merged from those that had.
func TestWhatACommitteeWasMergedFromIsFoundByItsName(t *testing.T) {
	m := newMemory("one", letter("essex/0", "On the plan", "One."), letter("kent/0", "On the plan", "Two."))
	m.feed[0].Committees, m.feed[1].Office, m.feed[1].Committees = []string{"north-essex"}, "kent", []string{"kent"}
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	names := NamesOf([]Named{{ID: "mid-anglia", Names: []string{"Mid Anglia LMC"}, Before: []string{"north-essex"}}, {ID: "kent", Names: []string{"Kent LMC"}}, {ID: "north-essex", Names: []string{"North Essex LMC"}}})
	for _, text := range []string{"Mid Anglia LMC", "anglia plan", "mid-anglia"} {
		if got := x.found(Query{Text: text, Names: names}); len(got) == 0 || got[0] != "essex/0" {
			t.Errorf("%q finds %v", text, got)
		}
	}
}

// In a register of few committees a word of many of their names counted as one that was missing: who typed the whole
// name of an LMC found nothing, and so did who typed a word of three of their names.
func TestTheWholeNameOfAnLMCFindsItsLettersInASmallRegister(t *testing.T) {
	m := newMemory("one", letter("gpc/0", "On the plan", "One."), letter("gpc/1", "On the plan", "Two."), letter("gpc/2", "On the plan", "Three."))
	for n, id := range []string{"kent", "west-sussex", "east-sussex"} {
		m.feed[n].Committees = []string{id}
	}
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	names := NamesOf([]Named{
		{ID: "gpc", Office: true, Names: []string{"GPC"}},
		{ID: "kent", Names: []string{"New Kent LMC"}},
		{ID: "surrey", Names: []string{"New Surrey LMC"}},
		{ID: "west-sussex", Names: []string{"New West Sussex LMC"}},
		{ID: "east-sussex", Names: []string{"New East Sussex LMC"}},
		{ID: "sussex", Names: []string{"New Sussex LMC"}, Before: []string{"west-sussex", "east-sussex"}},
	})
	for text, want := range map[string][]string{"New Kent LMC": {"gpc/0"}, "new west sussex LMC": {"gpc/1", "gpc/2"}, "sussex": {"gpc/1", "gpc/2"}, "kent": {"gpc/0"}, "new": nil, "LMC": nil} {
		if got := x.found(Query{Text: text, Names: names}); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
	if got := x.found(Query{Text: "new west sussex LMC", Names: names}); len(got) == 0 || got[0] != "gpc/1" {
		t.Errorf("the one that was named is not first: %v", got)
	}
}

func TestLimitsLeaveOut(t *testing.T) {
	m := threeLetters()
	m.feed[1].Office, m.feed[1].Committees, m.feed[1].Matters = "kent", []string{"kent"}, []string{"gpc/other"}
	m.feed[1].Stances, m.feed[1].Audiences = []string{guidancev1.Stance_STANCE_SUPPORT.String()}, []string{guidancev1.Audience_AUDIENCE_LMCS.String()}
	m.feed[1].Earliest, m.feed[1].Latest = "2021-11-01", "2021-11-03"
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	all := Query{Text: "plan guidance network"}
	if got := x.found(all); len(got) != 0 { // each has less than half of it
		t.Errorf("a third of what was asked finds %v", got)
	}
	for _, c := range []struct {
		limit string
		set   func(*Query)
		finds bool
	}{
		{"office", func(q *Query) { q.Office = "kent" }, true},
		{"another office", func(q *Query) { q.Office = "essex" }, false},
		{"committee", func(q *Query) { q.Committees = []string{"surrey", "kent"} }, true},
		{"another committee", func(q *Query) { q.Committees = []string{"surrey"} }, false},
		{"matter", func(q *Query) { q.Matter = "gpc/other" }, true},
		{"another matter", func(q *Query) { q.Matter = "gpc/plan" }, false},
		{"stance", func(q *Query) { q.Stance = guidancev1.Stance_STANCE_SUPPORT }, true},
		{"another stance", func(q *Query) { q.Stance = guidancev1.Stance_STANCE_REFUSE }, false},
		{"audience", func(q *Query) { q.Audience = guidancev1.Audience_AUDIENCE_LMCS }, true},
		{"another audience", func(q *Query) { q.Audience = guidancev1.Audience_AUDIENCE_PRACTICES }, false},
		{"from its last day", func(q *Query) { q.From = "2021-11-03" }, true},
		{"from a day after", func(q *Query) { q.From = "2021-11-04" }, false},
		{"to its first day", func(q *Query) { q.To = "2021-11-01" }, true},
		{"to a day before", func(q *Query) { q.To = "2021-10-31" }, false},
	} {
		q := Query{Text: "hospital"}
		c.set(&q)
		if got := x.found(q); (len(got) == 1) != c.finds {
			t.Errorf("%s: finds %v", c.limit, got)
		}
	}
}

func TestPagesFollowOneAnother(t *testing.T) {
	m := newMemory("one")
	for i := range 57 {
		m.feed = append(m.feed, letter(fmt.Sprintf("essex/%d", i), "On the plan", strings.Repeat("plan ", 1+i%5)))
	}
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	all := x.found(Query{Text: "plan"})
	if len(all) != 57 {
		t.Fatalf("%d of 57 are found", len(all))
	}
	for _, size := range []int{1, 10, 56, 57, 58} {
		var pages []string
		q := Query{Text: "plan", Limit: size}
		for {
			found, err := x.Find(context.Background(), q)
			if err != nil || found.All != 57 {
				t.Fatal(found.All, err)
			}
			for _, hit := range found.Hits {
				pages = append(pages, hit.Entry)
			}
			if !found.More {
				break
			}
			q.After = found.Hits[len(found.Hits)-1]
		}
		if !slices.Equal(pages, all) {
			t.Errorf("pages of %d give %d, not in the order of all", size, len(pages))
		}
	}
}

func TestAQueryHasALimit(t *testing.T) {
	x := run(t, filepath.Join(t.TempDir(), "search"), threeLetters())
	x.finds(strings.Repeat("hospital ", WordsLimit), "essex/1")
	var many *TooManyWords
	if _, err := x.Find(context.Background(), Query{Text: strings.Repeat("hospital ", WordsLimit+1), Limit: 1}); !errors.As(err, &many) || many.Words != WordsLimit+1 {
		t.Errorf("%d words: %v", WordsLimit+1, err)
	}
}

// Whatever happens to the folder while nobody has it open: search is made anew, finds the same, and
// nothing waits for it.
func TestADamagedFolderIsMadeAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	m := threeLetters()
	x := run(t, dir, m)
	x.finds("hospital", "essex/1")
	x.stop()
	sound := filepath.Join(t.TempDir(), "sound")
	copyTree(t, dir, sound)

	// As it was closed, it is opened: nothing is read again.
	m.asked = 0
	x = run(t, dir, m)
	x.finds("hospital", "essex/1")
	x.stop()
	if m.asked != 0 {
		t.Fatalf("a sound folder was made anew")
	}
	damages := map[string]func(dir string){
		"deleted": func(dir string) { os.RemoveAll(dir) },
		"emptied": func(dir string) { os.RemoveAll(dir); os.Mkdir(dir, 0o700) },
		"a file":  func(dir string) { os.RemoveAll(dir); os.WriteFile(dir, []byte("x"), 0o600) },
	}
	for _, path := range files(t, sound) {
		name, _ := filepath.Rel(sound, path)
		damages["without "+name] = func(dir string) { os.Remove(filepath.Join(dir, name)) }
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		size := info.Size()
		for _, at := range []int64{0, size / 3, size / 2, size - 1} {
			damages[fmt.Sprintf("%s flipped at %d of %d", name, at, size)] = func(dir string) { flip(t, filepath.Join(dir, name), at) }
		}
		for _, to := range []int64{0, 1, size / 2, size - 1} {
			damages[fmt.Sprintf("%s cut to %d of %d", name, to, size)] = func(dir string) { os.Truncate(filepath.Join(dir, name), to) }
		}
	}
	for what, damage := range damages {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "search")
			copyTree(t, sound, dir)
			damage(dir)
			m := threeLetters()
			x := run(t, dir, m)
			x.finds("hospital", "essex/1")
			x.stop()
			if m.asked == 0 {
				t.Error("it was used as it is")
			}
		})
	}
}

func flip(t *testing.T, path string, at int64) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 0x10
	if _, err := f.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
}

// A process that ends while search is made leaves a folder without a seal, at any moment.
func TestAnIndexThatWasNotClosedIsMadeAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	m := newMemory("one")
	for i := range 2000 {
		m.feed = append(m.feed, letter(fmt.Sprintf("essex/%d", i), "On the plan", fmt.Sprintf("Plan number%d.", i)))
	}
	x := run(t, dir, m)
	for range 5 {
		time.Sleep(20 * time.Millisecond)
		killed := filepath.Join(t.TempDir(), "search")
		if os.CopyFS(killed, os.DirFS(dir)) != nil {
			continue // a file went while it was copied
		}
		y := run(t, killed, m)
		y.finds("number1999", "essex/1999")
		y.stop()
	}
	x.finds("number1999", "essex/1999")
}

func TestWhatCameWhileItWasOffIsTakenIn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	m := threeLetters()
	x := run(t, dir, m)
	x.finds("hospital", "essex/1")
	x.stop()
	m.asked = 0
	m.gone["essex/1"] = true
	m.add(letter("essex/3", "Hospitals", "What they hand on."), letter("essex/1", "", "")) // erased meanwhile
	x = run(t, dir, m)
	x.finds("hospital", "essex/3")
	if m.asked != 2 {
		t.Errorf("%d documents are read again, want the 2 that came", m.asked)
	}
	m.add(letter("essex/4", "Hospitals", "What they hand on."))
	x.finds("hospital", "essex/3", "essex/4")
}

// A restored node, another one, words that came back: what is found is what there is now.
func TestAnotherFeedIsReadAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	x := run(t, dir, threeLetters())
	x.finds("hospital", "essex/1")
	x.stop()
	m := newMemory("another", letter("kent/0", "On hospitals", "Once."))
	x = run(t, dir, m)
	x.finds("hospital", "kent/0")
	m.mu.Lock()
	m.returned++
	m.feed[0].Title = "On zebras"
	m.mu.Unlock()
	m.add(letter("kent/1", "On nothing", "At all."))
	x.finds("zebra", "kent/0")
}

// Words that came back just as the node stopped were never found: the index was sealed as if it had them.
func TestAnIndexThatStopsAsItsPlaceIsRefusedIsMadeAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	m := threeLetters()
	ctx, cancel := context.WithCancel(t.Context())
	x, done := New(dir, m, slog.New(slog.DiscardHandler)), make(chan struct{})
	go func() { defer close(done); x.Run(ctx) }()
	(&running{x, t, cancel}).finds("hospital", "essex/1")
	m.mu.Lock()
	m.returned++
	m.refusing = cancel
	m.feed[1].Text = "Zebras."
	m.mu.Unlock()
	m.add(letter("essex/3", "On nothing", "At all."))
	<-done
	m.returned = 0 // of the process alone
	run(t, dir, m).finds("zebra", "essex/1")
}

// A letter whose words came back as the node stopped, before the index had looked at them, was never found again:
// the next process took the place that was sealed for one that has all.
func TestWordsThatCameBackAsTheIndexWasSealedAreFoundByTheNextProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	m := threeLetters()
	m.lacking, m.gone = 1, map[string]bool{"essex/1": true}
	x := run(t, dir, m)
	x.finds("hospital")
	x.stop()
	m.lacking, m.gone = 0, nil // and returned is of the process alone
	run(t, dir, m).finds("hospital", "essex/1")
}

// Nothing else arrived, and search went on without the letter as if it had all.
func TestWordsThatCameBackAreFoundThoughNothingElseArrives(t *testing.T) {
	m := threeLetters()
	m.lacking, m.gone = 1, map[string]bool{"essex/1": true}
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	x.finds("hospital")
	m.mu.Lock()
	m.lacking, m.gone = 0, nil
	m.returned++
	close(m.changed)
	m.changed = make(chan struct{})
	m.mu.Unlock()
	x.finds("hospital", "essex/1")
}

func TestAnIndexOfAnotherVersionIsMadeAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	m := threeLetters()
	x := run(t, dir, m)
	x.finds("hospital", "essex/1")
	x.stop()
	path := filepath.Join(dir, sealFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(b), fmt.Sprintf(`"%d `, made), fmt.Sprintf(`"%d `, made-1), 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	m.asked = 0
	x = run(t, dir, m)
	x.finds("hospital", "essex/1")
	if m.asked == 0 {
		t.Error("it was used as it is")
	}
}

func TestSearchSaysHowFarItIsMade(t *testing.T) {
	m := threeLetters()
	m.slow = make(chan struct{})
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	found, err := x.Find(context.Background(), Query{Text: "hospital", Limit: 1})
	if err != nil || found.Making == nil || *found.Making != (Making{0, 3}) {
		t.Fatalf("%+v, %v", found, err)
	}
	close(m.slow)
	x.finds("hospital", "essex/1")
	began := time.Now()
	m.mu.Lock()
	m.slow = make(chan struct{})
	m.mu.Unlock()
	m.add(letter("essex/3", "Hospitals", "Again."))
	x.Freshen(context.Background())
	if took := time.Since(began); took < freshWait || took > 20*freshWait {
		t.Errorf("it waited %v for one letter that does not come", took)
	}
	x.stop() // with a letter half way
}

func TestAFolderThatCannotBeMadeIsTriedAgain(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "folder")
	x := run(t, filepath.Join(parent, "search"), threeLetters())
	time.Sleep(50 * time.Millisecond)
	if found, err := x.Find(context.Background(), Query{Text: "hospital", Limit: 1}); err != nil || found.Making == nil {
		t.Errorf("%+v, %v", found, err)
	}
	if err := os.Mkdir(parent, 0o700); err != nil {
		t.Fatal(err)
	}
	x.finds("hospital", "essex/1")
}

func TestAFolderDeletedUnderneathIsMadeAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	m := threeLetters()
	x := run(t, dir, m)
	x.finds("hospital", "essex/1")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	m.add(letter("essex/3", "Hospitals", "Again."))
	x.finds("hospital", "essex/3", "essex/1")
	x.stop()
	x = run(t, dir, m)
	x.finds("hospital", "essex/3", "essex/1")
}

func TestNothingIsTakenInWithoutRoom(t *testing.T) {
	m := threeLetters()
	m.room = leastRoom - 1
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	for looked := false; !looked; time.Sleep(time.Millisecond) {
		m.mu.Lock()
		looked = m.looked
		m.mu.Unlock()
	}
	x.stop()
	if m.asked != 0 {
		t.Error("documents were taken in")
	}
	m.room = leastRoom
	run(t, filepath.Join(t.TempDir(), "search"), m).finds("hospital", "essex/1")
}

func TestFragmentsAreTheTextWithWhatWasFound(t *testing.T) {
	m := threeLetters()
	long := strings.Repeat("Before it there is much. ", 40) + "Then the **winter access fund** is named.\nOnce. " + strings.Repeat("And after it more. ", 40)
	m.feed[2].Text = long
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	x.finds("winter fund", "essex/2")
	found, err := x.Find(context.Background(), Query{Text: "winter fund", Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	all := x.Fragments(found, m.feed[2])
	if len(all) == 0 || len(all) > fragmentsLimit {
		t.Fatalf("%d fragments", len(all))
	}
	var matched []string
	text := ""
	for _, p := range all[0] {
		if text += p.Text; p.Matched {
			matched = append(matched, p.Text)
		}
	}
	if fmt.Sprint(matched) != "[winter fund]" || !strings.Contains(text, "Then the winter access fund is named. Once.") || strings.ContainsAny(text, "*\n") {
		t.Errorf("%q, of which %v", text, matched)
	}
}

// Every word of the table finds every other of its group.
func TestEveryWayOfWritingAThingIsFoundByTheOthers(t *testing.T) {
	m := newMemory("one")
	for g, group := range same {
		for w, words := range group {
			m.feed = append(m.feed, letter(fmt.Sprintf("essex/%d", g*100+w), "A letter", "It is about "+words+" today."))
		}
	}
	x := run(t, filepath.Join(t.TempDir(), "search"), m)
	for g, group := range same {
		for _, words := range group {
			got := x.found(Query{Text: words, Limit: 100})
			for w := range group {
				if !slices.Contains(got, fmt.Sprintf("essex/%d", g*100+w)) {
					t.Errorf("%q does not find a letter about %q", words, group[w])
				}
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, text := range []string{"do we have to", `"face to face" A&G`, "“", "a & g & b", "\x00é€", "%%%", `"" "`, "İSTANBUL ǅ"} {
		f.Add(text)
	}
	x := run(f, filepath.Join(f.TempDir(), "search"), threeLetters())
	names := NamesOf([]Named{{ID: "essex", Office: true, Names: []string{"Essex LMCs"}}, {ID: "kent", Names: []string{"Ként", "é"}}})
	f.Fuzz(func(t *testing.T, text string) {
		if len([]rune(text)) > QueryLimit {
			text = string([]rune(text)[:QueryLimit])
		}
		found, err := x.Find(context.Background(), Query{Text: text, Names: names, Limit: 3})
		if many := (*TooManyWords)(nil); err != nil && !errors.As(err, &many) {
			t.Fatalf("%q: %v", text, err)
		}
		d := letter("essex/9", text, text)
		d.Says, d.More = text, text
		for _, fragment := range x.Fragments(found, d) {
			for _, p := range fragment {
				if p.Text == "" || strings.Contains(p.Text, "\n") {
					t.Errorf("%q: the piece %q", text, p.Text)
				}
			}
		}
	})
}
