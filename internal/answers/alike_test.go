package answers

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/search"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// written is a letter in some words.
func written(words string) *guidancev1.Advisory {
	a := told("On the scheme")
	a.Body = words
	return a
}

// A letter that was altered in one word, or pasted into a mail, was "not found": nobody was told which letter it had been,
// nor which word was another.
func TestALetterThatWasAlteredIsHeldAgainstTheOneThatWasSigned(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan(thePlan, "The plan"))
	letter := written("Dear colleagues, the scheme asks practices for returns that nobody reads. Do not take part until the office has written again in November.")
	name := w.put(essexOffice, public_, letter)
	w.put(essexOffice, public_, written("Dear colleagues, vaccination clinics may be run in surgeries as before, and the office helps with staff for these."))
	hidden := written("The committee met in private and heard what negotiators had brought back from London about pensions and premises.")
	hidden.Visibility = guidancev1.Visibility_VISIBILITY_OFFICE
	w.put(essexOffice, hidden.Visibility, hidden)
	searching(w)
	w.search(Public(), &answersv1.SearchRequest{Query: "returns"})
	altered := proto.CloneOf(letter)
	altered.Body = strings.Replace(letter.Body, "Do not take", "Do take", 1)
	bytes, err := proto.Marshal(altered)
	if err != nil {
		t.Fatal(err)
	}
	turned := proto.CloneOf(letter)
	turned.Positions[0].Stance = guidancev1.Stance_STANCE_SUPPORT
	asSupport, err := proto.Marshal(turned)
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]*answersv1.LetterAlike{
		string(asSupport):            {Passages: []*answersv1.DifferentPassage{{Before: "matter: gpc/plan audience practices stance", Letter: "refuse", Text: "support", After: "provenance primary visibility public"}}},
		string(bytes):                {Passages: []*answersv1.DifferentPassage{{Before: "for returns that nobody reads. Do", Letter: "not", After: "take part until the office has"}}},
		"FYI Jane\n> " + letter.Body: {OnlyAdded: true, Passages: []*answersv1.DifferentPassage{{Text: "FYI Jane", After: "Dear colleagues, the scheme asks practices"}}},
		strings.ToUpper(strings.ReplaceAll(letter.Body, " ", "\r\n")):                            {SameWords: true},
		"Another matter altogether, of which no office here has written anything at all so far.": nil,
		hidden.Body:                  nil,
		"\xff\xfe returns practices": nil,
		"":                           nil,
	} {
		got, err := w.Verify(t.Context(), Public(), &answersv1.VerifyRequest{Body: []byte(body)})
		if err != nil {
			t.Fatal(err)
		}
		if want != nil {
			want.Entry, want.Title, want.Standing = name, letter.Title, "Nothing has ended it, but a later line stands over it: essex/1 (25 October 2021)."
		}
		if got.Genuine || !proto.Equal(got.Alike, want) {
			t.Errorf("%.40q: %v, want %v", body, got.Alike, want)
		}
		if want.GetSameWords() != strings.Contains(got.Words, "none is missing, added or changed") || want != nil && !strings.Contains(got.Words, name) {
			t.Errorf("%.40q: %s", body, got.Words)
		}
	}
}

// Of a page as it was printed, its head was called added, and not to be taken for the office's; of one whose head was altered,
// all the words of the letter were said to be in it, which are more than those of its text.
func TestWhatStandsBesideTheTextOfALetterIsNeitherCalledAddedNorTheOffices(t *testing.T) {
	got := (*moment)(nil).alikeSaid(&answersv1.LetterAlike{Entry: "essex/0", Title: "Our advice", OnlyAdded: true}, "Essex LMCs")
	const want = "All the words of the text of essex/0, “Our advice” (Essex LMCs) are in it, and others too, be they what a page tells of it or what somebody added: none of these is proved here. Read that one, which can be."
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The words of a letter, pasted into a file by Notepad, were "not found": it saves curved marks in Windows-1252.
func TestTheWordsOfALetterAreKnownAsWindowsSavesThem(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan(thePlan, "The plan"))
	name := w.put(essexOffice, public_, written("Dear colleagues, the scheme asks practices for returns that nobody reads. Don’t take part until the office has written again – in November."))
	searching(w)
	w.search(Public(), &answersv1.SearchRequest{Query: "returns"})
	got, err := w.Verify(t.Context(), Public(), &answersv1.VerifyRequest{Body: []byte("Dear colleagues, the scheme asks practices for returns that nobody reads. Don\x92t take part until the office has written again \x96 in November.")})
	if err != nil {
		t.Fatal(err)
	}
	if got.GetGenuine() || got.GetAlike().GetEntry() != name || !got.GetAlike().GetSameWords() {
		t.Errorf("got %v", got)
	}
}

// ahead is an index that has a letter already which the answer cannot have yet.
type ahead struct{ Index }

func (ahead) Freshen(context.Context) {}

func (ahead) Find(context.Context, search.Query) (search.Found, error) {
	return search.Found{All: 1, Hits: []search.Hit{{Entry: "essex/99"}}}, nil
}

// A letter that was made searchable while an answer was made was looked up in what that answer rests on, which had nothing
// of it: whoever published was told that an entry of another office was not there.
func TestALetterThatCameSinceAnAnswerWasBegunIsNoErrorOfIt(t *testing.T) {
	w := newWorld(t)
	w.put("gpc", public_, plan(thePlan, "The plan"))
	w.Index = ahead{}
	got, err := w.Verify(t.Context(), Public(), &answersv1.VerifyRequest{Body: []byte("the scheme asks practices for returns")})
	if err != nil || got.Alike != nil {
		t.Errorf("verify: %v, %v", got, err)
	}
	if found, err := w.Answers.Search(t.Context(), Public(), &answersv1.SearchRequest{Query: "returns"}); err != nil || len(found.Hits) > 0 {
		t.Errorf("search: %v, %v", found, err)
	}
}
