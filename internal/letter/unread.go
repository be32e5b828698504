package letter

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What somebody filled in of an example, without taking the # from its line, is not published, and nothing else tells
// that it is missing.

var (
	// exampleLine is part of an example, as skeletons have them: a # with one blank behind it begins a remark.
	exampleLine = regexp.MustCompile(`^([ \t]*#(?:[ \t]{2,}|\t)?)([^\s#].*)$`)
	remarkLine  = regexp.MustCompile(`^[ \t]*# (\S.*)$`)
	// keyAndValue is a key with what stands behind it, keyOfText one whose text stands below it.
	keyAndValue = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*):[ \t]+\S`)
	keyOfText   = regexp.MustCompile(`^(?:- )?[a-z-]+:[ \t]*[|>][+-]?$`)
	onMatter    = regexp.MustCompile(`^(?:matter: |also-on: \[)([^,\]\s]+)\]?$`)
)

// Unread tells, in a sentence each, of the lines of a file's examples that were filled in and still begin with #. The
// file has been read without a fault before.
func Unread(b []byte, d Defaults) (told []string) {
	kind, err := KindOf(b)
	if err != nil {
		return nil
	}
	r, _ := open(b, kind, d)
	lines := strings.Split(strings.ReplaceAll(string(r.front), "\r", ""), "\n")
	examples, used, quoted := r.examples(kind, lines, d), r.used(), inTexts(lines)
	under, toldOf := "", false // what stands before the key whose text a line may be part of, and whether that was told of
	for i, line := range lines {
		m := exampleLine.FindStringSubmatch(strings.TrimRight(line, " \t"))
		if m == nil || quoted[i] {
			under = ""
			continue
		}
		ofText := under != "" && len(m[1]) > len(under)
		if !ofText {
			under, toldOf = "", false
			if keyOfText.MatchString(m[2]) {
				under = m[1]
			}
		}
		key, alsoAbove := keyAndValue.FindStringSubmatch(m[2]), ""
		switch isItem := strings.HasPrefix(m[2], "- "); {
		case examples[m[2]], ofText && toldOf:
			continue
		case ofText || isItem:
			if toldOf = ofText; exampleLine.MatchString(lines[i-1]) {
				alsoAbove = " from it and from the key above"
			}
		case key == nil || !isKey(plainWord(key[1])), m[1] == "#" && used[plainWord(key[1])]: // put aside for another value
			continue
		}
		told = append(told, fmt.Sprintf("line %d: “%s” begins with # and is not read: take the # away%s if it is meant.", r.start+i, clip(strings.Join(strings.Fields(line), " ")), alsoAbove))
	}
	return told
}

// isKey says whether letters have a key of this name anywhere.
func isKey(word string) bool {
	return allKeys().has(word) || slices.Contains(slices.Concat(keysIn(claimFields), keysIn(scopeFields), keysIn(relayFields), keysIn(deadlineFields), keysIn(datedEffectFields), keysIn(voteOptionFields)), word)
}

// used are the keys of the file itself that have a value.
func (r *reader) used() map[string]bool {
	used := map[string]bool{}
	for i := 0; i+1 < len(r.root.Content); i += 2 {
		used[plainWord(r.root.Content[i].Value)] = !isNull(r.root.Content[i+1])
	}
	return used
}

// inTexts are the lines that begin with # and are words of a text all the same.
func inTexts(lines []string) map[int]bool {
	marked := slices.Clone(lines)
	for i, line := range lines {
		if before, _, found := strings.Cut(line, "#"); found && strings.TrimSpace(before) == "" {
			marked[i] = fmt.Sprintf("%s#\ue000%d\ue001", before, i)
		}
	}
	within := map[int]bool{}
	root, _ := parseYAML([]byte(strings.Join(marked, "\n")))
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		for part := range strings.SplitSeq(n.Value, "\ue000") {
			var i int
			if _, err := fmt.Sscanf(part, "%d\ue001", &i); err == nil {
				within[i] = true
			}
		}
		for _, child := range n.Content {
			visit(child)
		}
	}
	if root != nil {
		visit(root)
	}
	return within
}

// examples are the lines of the examples that the skeleton of a file had. What they say of the matter, of its groups and
// of what stood is told by the remarks that are left of it, and else as it is known now.
func (r *reader) examples(kind Kind, lines []string, d Defaults) map[string]bool {
	m, w := &guidancev1.Matter{}, Writer{Office: d.Office, Committees: d.Committees, Area: d.Area}
	for i := 0; i+1 < len(r.root.Content); i += 2 {
		if name := r.root.Content[i+1].Value; plainWord(r.root.Content[i].Value) == "matter" && name != "" {
			if m.Name = name; d.Matters != nil {
				if found, _ := d.Matters(name); found != nil {
					m = &guidancev1.Matter{Name: found.GetName(), Measures: found.GetMeasures()}
				}
			}
		}
	}
	all, list, groups, names := map[string]bool{}, "", map[string]bool{}, map[string]int{}
	for _, line := range lines {
		if example := exampleLine.FindStringSubmatch(strings.TrimRight(line, " \t")); example != nil {
			if on := onMatter.FindStringSubmatch(example[2]); on != nil {
				names[on[1]]++
			}
			if scope, isScope := strings.CutPrefix(example[2], "scope: "); isScope && groups[groupOf(scope)] {
				all[example[2]] = true
			}
		}
		remark := remarkLine.FindStringSubmatch(line)
		if remark == nil {
			list = ""
			continue
		}
		id, title, _ := strings.Cut(remark[1], ": ")
		switch {
		case strings.HasPrefix(remark[1], saysOn) && strings.HasSuffix(remark[1], ", or one of"):
			list, m = saysOn, &guidancev1.Matter{Name: m.Name}
		case remark[1] == thereAre:
			list = thereAre
		case remark[1] == thereStand:
			list = thereStand
		case list == saysOn:
			m.Measures = append(m.Measures, &guidancev1.Measure{Id: id})
		case list == thereAre:
			groups[remark[1]] = len(groups) == 0 || groups[remark[1]]
		case list == thereStand:
			w.Stands = append(w.Stands, Standing{Entry: id, Title: title})
		}
	}
	for name, times := range names {
		if times > 1 { // a skeleton names its matter more than once, though the file may be for another now
			all["matter: "+name], all["also-on: ["+name+"]"] = true, true
		}
	}
	skeleton := Skeleton(m, w)
	switch kind {
	case KindMatter:
		skeleton = MatterSkeleton()
	case KindReport:
		skeleton = ReportSkeleton(m, w)
	}
	for line := range strings.Lines(string(skeleton)) {
		if example := exampleLine.FindStringSubmatch(strings.TrimRight(line, " \t\n")); example != nil {
			all[example[2]] = true
		}
	}
	return all
}

// groupOf is a group in braces as the remarks of a skeleton list it; empty: it is none.
func groupOf(braces string) string {
	n, err := parseYAML([]byte(braces))
	if err != nil || n == nil || n.Kind != yaml.MappingNode || len(n.Content) != 4 {
		return ""
	}
	s := &sketch{}
	s.remark("", n.Content[1].Value+": "+n.Content[3].Value)
	return remarkLine.FindStringSubmatch(strings.TrimSpace(s.String()))[1]
}
