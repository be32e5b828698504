package picture

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
)

// An ICB that is no more since the LMCs merged stood in what changed beside its own sub-ICBs: one move was told twice, or under its name
// of those who had been told otherwise already, while the one that moved was not named.
func TestAnICBThatIsNoMoreStandsInNoChangeBesideItsParts(t *testing.T) {
	for name, c := range map[string]struct {
		wants string
		then  func(w *world)
	}{
		"all move":           {"sub-icb:P1 sub-icb:P2 sub-icb:Q1", func(w *world) { w.says("east", "union", "2021-10-26", support) }},
		"a part said so":     {"sub-icb:P1", func(w *world) { w.says("east", "union", "2021-10-26", caution) }},
		"of a part":          {"sub-icb:P1", func(w *world) { w.says("east", "union", "2021-10-26", support, in("sub-icb:P1")) }},
		"nothing since then": {"", func(*world) {}},
	} {
		w := merging(byParts(), refuse, caution)
		for _, record := range w.records {
			if a := record.Body.GetArea(); a.GetId().GetCode() == "P1" {
				a.Practices, a.Patients, a.PracticeCodes = proto.Int32(2), proto.Int32(200), a.PracticeCodes[:2]
			}
		}
		w.area("sub-icb:P2", 1, 100, "icb:P", "icb:R").PracticeCodes = []string{"F81003"}
		w.says("east", "east", "2021-10-21", caution, in("sub-icb:P2"))
		since := map[string]Input{"by day": w.onDay(w.in.Committees)("2021-10-22"), "by place": unrecorded(w, "2021-10-22", "gpc-england", "east", "west")}
		c.then(w)
		for by, before := range since {
			var places []string
			for _, words := range told(t, before, w.onDay(w.in.Committees)("2021-10-27"), "") {
				if _, place, is := strings.Cut(words, "on the whole matter in "); is && strings.HasPrefix(words, "MOVED") {
					places = append(places, strings.TrimRight(strings.Fields(place)[0], ":"))
				} else if strings.Contains(words, "icb:P:") || strings.Contains(words, "icb:Q:") {
					t.Errorf("%s, %s: %s", name, by, words)
				}
			}
			if got := strings.Join(places, " "); got != c.wants {
				t.Errorf("%s, %s: in %s", name, by, got)
			}
		}
	}
}
