package answers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/lmcfed/lmcfed/internal/alike"
	"github.com/lmcfed/lmcfed/internal/content"
	"github.com/lmcfed/lmcfed/internal/search"
	"github.com/lmcfed/lmcfed/internal/store"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const (
	alikeWords   = 24 // by so many words of a text letters are looked for that may be like it: the longest
	alikeLetters = 6  // so many of them are held against it
)

// alike is the letter that most of the words of some bytes are of, be they a letter that was altered, or its words as
// somebody was sent them; nil: there is none. Only what is PUBLIC is looked at, as in search.
func (m *moment) alike(body []byte) (*answersv1.LetterAlike, error) {
	text, of := alike.Text(body), (*guidancev1.Advisory).GetBody
	theirs := text
	if said, err := content.Read(ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, body); err == nil {
		if letter := said.(*guidancev1.Advisory); letter.GetBody() != "" { // which may be another in what is not its body
			text, theirs, of = letter.GetBody(), allSaid(letter), allSaid
		}
	}
	words := alike.Words(text)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	if m.Index == nil || len(words) == 0 || !utf8.ValidString(text) {
		return nil, nil
	}
	query := ""
	for _, word := range words[:min(len(words), alikeWords)] {
		if len(query)+1+len(word) <= search.QueryLimit {
			query = strings.TrimSpace(query + " " + word)
		}
	}
	found, err := m.Index.Find(m.ctx, search.Query{Text: query, Names: &search.Names{}, Limit: alikeLetters})
	if err != nil {
		return nil, notSearched(err)
	}
	best, fewest := (*answersv1.LetterAlike)(nil), 0
	for _, hit := range found.Hits {
		stored, err := m.entryFor(hit.Entry)
		if errors.Is(err, store.ErrNotFound) {
			continue // it was made searchable since the moment of this answer
		}
		if err != nil {
			return nil, err
		}
		said, err := content.Read(stored.Header.GetKind(), stored.Body)
		letter, is := said.(*guidancev1.Advisory)
		if err != nil || !is || stored.Header.GetVisibility() != guidancev1.Visibility_VISIBILITY_PUBLIC {
			continue
		}
		to := alike.Compare(of(letter), theirs)
		differ := len(to.Passages) + to.More
		if !to.Alike || best != nil && differ >= fewest {
			continue
		}
		fewest = differ
		entry, err := m.standingToday(stored)
		if err != nil {
			return nil, err
		}
		best = &answersv1.LetterAlike{Entry: hit.Entry, Title: letter.GetTitle(), SameWords: to.Same, OnlyAdded: to.OnlyAdded, MorePassages: count(uint64(to.More)), Standing: entry.GetWords()}
		for _, p := range to.Passages {
			best.Passages = append(best.Passages, &answersv1.DifferentPassage{Before: p.Before, Letter: p.Ours, Text: p.Theirs, After: p.After})
		}
	}
	return best, nil
}

// allSaid is all that a letter says as one text: its body, then each value of it behind the name of its field.
func allSaid(letter *guidancev1.Advisory) string {
	var b strings.Builder
	b.WriteString(letter.GetBody() + "\n")
	var write func(m protoreflect.Message)
	value := func(field protoreflect.FieldDescriptor, v protoreflect.Value) {
		name := strings.ReplaceAll(string(field.Name()), "_", " ")
		switch field.Kind() {
		case protoreflect.MessageKind:
			b.WriteString(name + ":\n")
			write(v.Message())
		case protoreflect.EnumKind:
			words := fmt.Sprint(v.Enum())
			if of := field.Enum().Values().ByNumber(v.Enum()); of != nil {
				words = strings.ToLower(strings.ReplaceAll(string(of.Name()), "_", " "))
			}
			b.WriteString(words + "\n")
		case protoreflect.BytesKind:
			fmt.Fprintf(&b, "%s: %x\n", name, v.Bytes())
		default:
			fmt.Fprintf(&b, "%s: %v\n", name, v)
		}
	}
	write = func(m protoreflect.Message) {
		fields := m.Descriptor().Fields()
		for i := range fields.Len() {
			field := fields.Get(i)
			switch {
			case !m.Has(field) || m.Interface() == letter && field.Name() == "body":
			case field.IsList():
				for j := range m.Get(field).List().Len() {
					value(field, m.Get(field).List().Get(j))
				}
			default:
				value(field, m.Get(field))
			}
		}
		if len(m.GetUnknown()) > 0 {
			fmt.Fprintf(&b, "what this software does not know: %x\n", m.GetUnknown())
		}
	}
	write(letter.ProtoReflect())
	return b.String()
}

// alikeSaid says how a text is like a letter, and what that does not prove.
func (m *moment) alikeSaid(to *answersv1.LetterAlike, office string) string {
	letter := to.GetEntry() + ", “" + to.GetTitle() + "” (" + office + ")"
	switch {
	case to.GetSameWords():
		return "Its words are the same as those of " + letter + ": none is missing, added or changed. It is not the file that was signed: read that one, which can be proved."
	case to.GetOnlyAdded():
		return "All the words of the text of " + letter + " are in it, and others too, be they what a page tells of it or what somebody added: none of these is proved here. Read that one, which can be."
	}
	return "Its words are most like those of " + letter + ", and are not the same: something is missing, added or changed."
}
