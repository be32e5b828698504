package letter

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// written is a file of a message in full: every key is there, whatever the defaults, so
// that reading it gives the message back. It goes by the tables of fields and by the
// schema, and by nothing else that reads.
func written(m proto.Message) []byte {
	mapping, body := mappingOf(m.ProtoReflect()), ""
	switch m := m.(type) {
	case *guidancev1.Advisory:
		body = m.GetBody()
	case *guidancev1.Matter:
		mapping, body = withKind(mapping, KindMatter), m.GetSummary()
	case *guidancev1.ReportedPosition:
		mapping, body = withKind(mapping, KindReport), m.GetSummary()
	}
	var out bytes.Buffer
	out.WriteString("---\n")
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	_ = enc.Encode(mapping) // writing nodes of our own making into memory cannot fail
	_ = enc.Close()
	out.WriteString("---\n")
	if body != "" {
		out.WriteString("\n" + body)
	}
	return out.Bytes()
}

func withKind(mapping *yaml.Node, kind Kind) *yaml.Node {
	mapping.Content = append([]*yaml.Node{quoted("kind"), quoted(string(kind))}, mapping.Content...)
	return mapping
}

// keys are the words of a message's fields, by their proto names.
var keys = map[protoreflect.FullName]map[string]string{
	"lmc.guidance.v1.Advisory":         wordsOf(letterFields),
	"lmc.guidance.v1.Matter":           wordsOf(matterFields),
	"lmc.guidance.v1.ReportedPosition": wordsOf(reportFields),
	"lmc.guidance.v1.Position":         wordsOf(positionFields),
	"lmc.guidance.v1.RelaySource":      wordsOf(relayFields),
	"lmc.guidance.v1.Scope":            wordsOf(scopeFields),
	"lmc.guidance.v1.Vote":             wordsOf(voteFields),
	"lmc.guidance.v1.VoteOption":       wordsOf(voteOptionFields),
	"lmc.guidance.v1.Action":           wordsOf(actionFields),
	"lmc.guidance.v1.Signatory":        wordsOf(signatoryFields),
	"lmc.guidance.v1.Contact":          wordsOf(contactFields),
	"lmc.guidance.v1.Reference":        wordsOf(referenceFields),
	"lmc.guidance.v1.Attachment":       wordsOf(attachmentFields),
	"lmc.guidance.v1.Body":             wordsOf(bodyFields),
	"lmc.guidance.v1.Measure":          wordsOf(measureFields),
	"lmc.guidance.v1.Deadline":         wordsOf(deadlineFields),
	"lmc.guidance.v1.Claim":            wordsOf(claimFields),
	"lmc.guidance.v1.Event":            wordsOf(eventFields),
	"lmc.guidance.v1.DatedEffect":      wordsOf(datedEffectFields),
	"lmc.guidance.v1.AreaId":           wordsOf(areaFields),
}

func wordsOf[M any](fields []field[M]) map[string]string {
	words := map[string]string{}
	for _, f := range fields {
		words[f.path] = f.key
	}
	return words
}

func mappingOf(m protoreflect.Message) *yaml.Node {
	mapping := &yaml.Node{Kind: yaml.MappingNode}
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		key, ok := keys[m.Descriptor().FullName()][string(f.Name())]
		if !ok {
			continue // the text under the front matter
		}
		var value *yaml.Node
		switch {
		case f.IsList():
			value = &yaml.Node{Kind: yaml.SequenceNode}
			for i := range m.Get(f).List().Len() {
				value.Content = append(value.Content, valueOf(f, m.Get(f).List().Get(i)))
			}
		case m.Has(f) || f.Kind() == protoreflect.StringKind || f.Kind() == protoreflect.EnumKind || isThreshold(m.Interface()) && f.Name() == "reached":
			value = valueOf(f, m.Get(f))
		default:
			continue
		}
		mapping.Content = append(mapping.Content, quoted(key), value)
	}
	return mapping
}

func isThreshold(m proto.Message) bool {
	v, ok := m.(*guidancev1.Vote)
	return ok && v.GetKind() == guidancev1.VoteKind_VOTE_KIND_THRESHOLD
}

func valueOf(f protoreflect.FieldDescriptor, v protoreflect.Value) *yaml.Node {
	switch f.Kind() {
	case protoreflect.StringKind:
		if f.Name() == "measure" && v.String() == "" {
			return quoted(wholeMatter)
		}
		return quoted(v.String())
	case protoreflect.EnumKind:
		return quoted(wordOf(f.Enum(), v.Enum()))
	case protoreflect.BoolKind:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: map[bool]string{true: "yes", false: "no"}[v.Bool()]}
	case protoreflect.Int64Kind:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatInt(v.Int(), 10)}
	case protoreflect.BytesKind:
		return quoted(hex.EncodeToString(v.Bytes()))
	}
	switch m := v.Message().Interface().(type) {
	case *guidancev1.DayRange:
		if m.GetEarliest() == m.GetLatest() {
			return quoted(m.GetEarliest())
		}
		return quoted(m.GetEarliest() + ".." + m.GetLatest())
	case *guidancev1.Condition:
		return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{quoted(wordOf(m.GetDirection().Descriptor(), m.GetDirection().Number())), quoted(m.GetText())}}
	case *guidancev1.Figure:
		if m.GetPercentage() != "" {
			return quoted(m.GetPercentage() + "%")
		}
		return quoted(strconv.Itoa(int(m.GetCount())))
	case *guidancev1.StatedConsequence:
		return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{quoted(wordOf(m.GetTopic().Descriptor(), m.GetTopic().Number())), quoted(m.GetWords())}}
	case *guidancev1.Due:
		return dueNode(m)
	}
	return mappingOf(v.Message())
}

// dueNode is a value alone where that says it, else a block.
func dueNode(m *guidancev1.Due) *yaml.Node {
	block := &yaml.Node{Kind: yaml.MappingNode}
	add := func(key, value string) { block.Content = append(block.Content, quoted(key), quoted(value)) }
	switch when := m.GetWhen().(type) {
	case *guidancev1.Due_Day:
		add("by", when.Day)
	case *guidancev1.Due_Time:
		add("by", strings.Replace(when.Time, "T", " ", 1))
	case *guidancev1.Due_Rule:
		add("rule", when.Rule)
		if isWords(when.Rule) && m.GetKind() == 0 {
			return quoted(when.Rule)
		}
	case *guidancev1.Due_FromEvent:
		e := when.FromEvent
		side, event := "after", e.GetEvent()
		if e.GetBefore() {
			side = "before"
		}
		if event == "" {
			event = e.GetWords()
		} else {
			add("event-words", e.GetWords())
		}
		add(side, event)
		add("event-day", e.GetEventDay())
		add(wordOf(e.GetUnit().Descriptor(), e.GetUnit().Number()), strconv.Itoa(int(e.GetCount())))
	}
	if m.GetKind() == 0 && block.Content[0].Value == "by" {
		return block.Content[1]
	}
	add("kind", wordOf(m.GetKind().Descriptor(), m.GetKind().Number()))
	return block
}

// wordOf is STANCE_ADVISE_AGAINST as advise-against, and the unspecified value as "".
func wordOf(enum protoreflect.EnumDescriptor, number protoreflect.EnumNumber) string {
	if number == 0 {
		return ""
	}
	prefix := strings.TrimSuffix(string(enum.Values().ByNumber(0).Name()), "UNSPECIFIED")
	word := strings.TrimPrefix(string(enum.Values().ByNumber(number).Name()), prefix)
	return strings.ToLower(strings.ReplaceAll(word, "_", "-"))
}

func quoted(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: s}
}

// The letters of October 2021 keep their meaning when they are written out in full:
// offices may edit them all.
func TestLettersOfOctoberAreReadBackFromTheirFullForm(t *testing.T) {
	files, err := filepath.Glob("../demo/data/letters/*/*.md")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d letters, %v", len(files), err)
	}
	symbols := []string{}
	known := Defaults{
		Office: "essex", Committees: []string{"north-essex"},
		Entry: func(symbol string) (string, bool) {
			if !slices.Contains(symbols, symbol) {
				symbols = append(symbols, symbol)
			}
			return "essex/" + strconv.Itoa(slices.Index(symbols, symbol)), true
		},
		ReadFile: func(name string) ([]byte, error) { return []byte(name), nil },
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first, err := parseAny(b, known)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		again, err := parseAny(written(first), Defaults{})
		if diff := cmp.Diff(first, again, protocmp.Transform()); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", file, err, diff)
		}
	}
}

func parseAny(b []byte, d Defaults) (proto.Message, error) {
	switch kind, err := KindOf(b); {
	case err != nil:
		return nil, err
	case kind == KindMatter:
		return ParseMatter(b, d)
	case kind == KindReport:
		return ParseReport(b, d)
	}
	return Parse(b, d)
}
