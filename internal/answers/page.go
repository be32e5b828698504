package answers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/notation"
)

const (
	// DefaultPage and MostPage are how many items a page has when a request does not
	// say, and at most.
	DefaultPage = 100
	MostPage    = 1000
	// PageBytes is how large the items of a page may get together before it ends: what a
	// caller takes in one message is at most 4 MiB unless it says otherwise.
	PageBytes = 2 << 20
	// tokenDays is for how many days a page token may be used.
	tokenDays = 7
)

// place is what a page token says: which list it goes on with, and after what. The
// later pages of a list are of the snapshot its first page was made from, so that what
// arrives meanwhile moves nothing. It grants nothing: the reader asks again as what they
// are, and the entitlements it names must be theirs.
//
//	base64url(JSON) "." base64url(HMAC-SHA256(key of this node, JSON))
type place struct {
	Query  []byte `json:"q"` // SHA-256 over the request without page, size and token
	Reader string `json:"r"`
	Day    string `json:"d"` // the day the first page was asked for on
	Feed   uint64 `json:"f"`
	Digest []byte `json:"h"` // of the feed up to Feed: another node, or this one restored, differs
	Last   string `json:"l"` // the last item given
}

// tokenText refuses what it would not write itself.
var tokenText = base64.RawURLEncoding.Strict()

// page is one page being made.
type page struct {
	place
	size int
	feed uint64
	last string
	key  []byte
}

// page reads what a request says of the page it wants, and takes the register back to the
// moment of the first one: what the keeper records meanwhile moves nothing either.
func (m *moment) page(req proto.Message, size int32, token string) (page, error) {
	if size < 0 {
		return page{}, invalid("page_size", fmt.Sprintf("a page of %d items", size), fmt.Sprintf("ask for 1 to %d, or leave it out for %d", MostPage, DefaultPage), "negative")
	}
	end, digest := m.FeedEnd()
	p := page{
		place: place{Query: queryDigest(req), Reader: m.reader.String(), Day: m.today, Feed: end, Digest: digest[:]},
		size:  int(min(size, MostPage)), feed: end, key: m.PageKey,
	}
	if size == 0 {
		p.size = DefaultPage
	}
	if token == "" {
		return p, nil
	}
	t, err := openToken(m.PageKey, token)
	refused := func(why string) (page, error) {
		return page{}, invalid("page_token", "this page token "+why, "ask for the list from its beginning, without a token", why)
	}
	switch {
	case err != nil:
		return refused("is not one this node gave, or was altered")
	case string(t.Query) != string(p.Query):
		return refused("is of another question")
	case t.Reader != p.Reader:
		return refused("was given to another reader")
	case notation.DaysBetween(t.Day, m.today) > tokenDays:
		return refused(fmt.Sprintf("is over %d days old", tokenDays))
	}
	rows, err := m.Feed(t.Feed, 1)
	if err != nil {
		return page{}, err
	}
	if t.Feed > 0 && (len(rows) == 0 || rows[0].N != t.Feed || string(rows[0].Digest[:]) != string(t.Digest)) {
		return refused("is of another node, or of this one before it was restored")
	}
	p.place, p.feed, p.last = t, t.Feed, t.Last
	m.reg, m.size = m.Registers.KnownAt(t.Feed)
	return p, nil
}

// next is the token of the page after the item last.
func (p page) next(last string) string {
	t := p.place
	t.Last = last
	b, err := json.Marshal(t)
	if err != nil {
		return "" // bytes, text and numbers: cannot fail
	}
	return tokenText.EncodeToString(b) + "." + tokenText.EncodeToString(tokenSum(p.key, b))
}

func openToken(key []byte, token string) (t place, err error) {
	text, sum, _ := strings.Cut(token, ".")
	b, err := tokenText.DecodeString(text)
	if err != nil {
		return t, err
	}
	given, err := tokenText.DecodeString(sum)
	if err != nil {
		return t, err
	}
	if !hmac.Equal(given, tokenSum(key, b)) {
		return t, fault.ErrInvalid
	}
	return t, json.Unmarshal(b, &t)
}

func tokenSum(key, b []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("lmcfed/page-token/1\n"))
	h.Write(b)
	return h.Sum(nil)
}

// queryDigest is a request's digest without what says which page of its answer is wanted.
func queryDigest(req proto.Message) []byte {
	m := proto.Clone(req).ProtoReflect()
	for _, field := range []string{"page_size", "page_token"} {
		if fd := m.Descriptor().Fields().ByTextName(field); fd != nil {
			m.Clear(fd)
		}
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m.Interface())
	if err != nil {
		return nil // it was unmarshalled, so it can be marshalled
	}
	sum := sha256.Sum256(append([]byte(m.Descriptor().FullName()+"\n"), b...))
	return sum[:]
}
