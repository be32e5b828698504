package letter

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// A secretary took the # from "actions:" and the lines below it, but for the last day, the condition and the day from
// which the letter is valid: it was published without them, valid at once.
func TestLinesThatAreFilledInBehindTheirMarkAreToldOf(t *testing.T) {
	letter := string(filledIn(string(Skeleton(accessPlan(), essex()))))
	edit := func(pairs ...string) string {
		t.Helper()
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(letter, pairs[i]) {
				t.Fatalf("the skeleton has no %q", pairs[i])
			}
		}
		return strings.NewReplacer(pairs...).Replace(letter)
	}
	for _, c := range []struct {
		file string
		want []string
	}{
		{letter, nil},
		{strings.ReplaceAll(letter, "\n", "\r\n"), nil},
		{
			edit("\n#actions:\n#  - do: check\n#    what: the figures you are shown\n#    who: [practices]\n", "\nactions:\n  - do: return\n    what: the rota form\n    who: [practices]\n",
				"#    due: at once\n", "#    due: 18 December 2026, 5pm\n", "#    condition: if you are approached\n", "#    condition: if you have signed\n", "\n#valid-from: 2021-11-01\n", "\n#valid-from: 1 January 2027\n"),
			[]string{"“#valid-from: 1 January 2027”", "“# due: 18 December 2026, 5pm”", "“# condition: if you have signed”"},
		},
		{
			edit("    #rationale: The figures cannot be relied on.\n", "    #rationale: It is unsafe.\n", "    #for: [north-essex]\n", "    #for: [south-essex]\n", "#replaces: [essex/3]", "#replaces: [essex/9]", "#    on: engage-with-plan", "#    on: close-lists"),
			[]string{"“#rationale: It is unsafe.”", "“#for: [south-essex]”", "“# on: close-lists”", "“#replaces: [essex/9]”"},
		},
		{edit("#    matter: gpc-england/access-plan-2021\n", "#    matter: essex/other\n"), []string{"“# matter: essex/other”"}},
		{edit("#  - CCG primary care leads\n", "#  - Essex ICB\n"), []string{"“# - Essex ICB” begins with # and is not read: take the # away from it and from the key above if it is meant."}},
		{edit("#cc:\n#  - CCG primary care leads\n", "cc:\n  - Kent ICB\n#  - Essex ICB\n"), []string{"“# - Essex ICB” begins with # and is not read: take the # away if it is meant."}},
		{edit("#      Dear commissioner,\n#      we should like to see the figures behind your letter.\n", "#      Dear board,\n#\n#      send: us the figures\n#      at once.\n"), []string{"“# Dear board,”"}},
		{edit("    #contract:\n", "    contract: not-contractual\n    #contract:\n"), nil},                                                // an example that is left beside what is said
		{edit("\n#valid-from: 2021-11-01\n", "\nvalid-from: 2021-11-02\n#valid-from: 2021-11-03\n"), nil},                                 // put aside for another
		{edit("\n#valid-from: 2021-11-01\n", "\n# due: as we agreed\n#Ask Jane: is it so\n#Remember\n"), nil},                             // remarks of their own
		{edit("    #evidence: We advise", "    rationale: |\n      #reasons: too many\n\n      #to: all\n    #evidence: We advise"), nil}, // words of a text
		{edit("\nmatter: gpc-england/access-plan-2021\n", "\nmatter: gpc-england/next\n"), nil},                                           // a letter that began as another
		{"---\ntitle: T\n", nil},
	} {
		got := Unread([]byte(c.file), Defaults{Office: "essex", Committees: essex().Committees, Area: essex().Area})
		same := slices.EqualFunc(got, c.want, func(is, want string) bool {
			line, words, _ := strings.Cut(is, ": ")
			number, _ := strconv.Atoi(strings.TrimPrefix(line, "line "))
			at := strings.Split(c.file, "\n")[max(0, number-1)]
			return strings.HasPrefix(words, want) && strings.Contains(words, strings.Join(strings.Fields(at), " "))
		})
		if !same {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	matter := "---\nkind: matter\nname: x\n#  deadlines:\n#      - title: The last day\n#        due: 4 December 2026\n---\n"
	if got := Unread([]byte(matter), Defaults{}); len(got) != 2 || !strings.HasPrefix(got[1], "line 6: “# due: 4 December 2026”") {
		t.Errorf("of a matter: %q", got)
	}
}

// Whatever a matter says, and whatever has been said on it, nothing of a skeleton is taken for filled in.
func TestNothingOfAnUntouchedSkeletonIsTakenForFilledIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		writer := essex()
		writer.Groups = scopes().Draw(t, "groups")
		writer.Area = rapid.SampledFrom([]*guidancev1.AreaId{nil, writer.Area}).Draw(t, "area")
		for range rapid.IntRange(0, 3).Draw(t, "stand") {
			writer.Stands = append(writer.Stands, Standing{Entry: entryName().Draw(t, "entry"), Title: anyText().Draw(t, "title"), Issued: dayRange().Draw(t, "issued")})
		}
		plan := anyMatter().Draw(t, "matter")
		known := Defaults{Office: writer.Office, Committees: writer.Committees, Area: writer.Area}
		if rapid.Bool().Draw(t, "known") {
			known.Matters = func(string) (*guidancev1.Matter, string) { return plan, "" }
		}
		for _, file := range [][]byte{Skeleton(plan, writer), filledIn(string(Skeleton(plan, writer))), ReportSkeleton(plan, writer), MatterSkeleton()} {
			if got := Unread(file, known); len(got) > 0 {
				t.Fatalf("got %q of\n%s", got, file)
			}
		}
	})
}
