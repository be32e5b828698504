package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// Choice is what is taken away, and from where.
type Choice struct {
	Node      string   `json:"node"` // its pin
	Formats   []string `json:"formats"`
	Matter    string   `json:"matter,omitempty"`
	Office    string   `json:"office,omitempty"`
	Committee string   `json:"committee,omitempty"`
	Since     string   `json:"since,omitempty"`
}

// Has says whether a format is wanted.
func (c Choice) Has(format string) bool { return slices.Contains(c.Formats, format) }

// words are the flags that an export was begun with.
func (c Choice) words() string {
	words := "--format " + strings.Join(c.Formats, ",")
	for _, one := range []struct{ flag, value string }{{"--matter", c.Matter}, {"--office", c.Office}, {"--committee", c.Committee}, {"--since", c.Since}} {
		if one.value != "" {
			words += " " + one.flag + " " + one.value
		}
	}
	return words + ", from the node " + c.Node
}

// Report is what an export says of itself, and keeps while it goes on.
type Report struct {
	Federation string `json:"federation"`
	NodeOffice string `json:"node_office"` // whose node it is from
	Software   string `json:"software"`
	Begun      string `json:"begun"`
	Finished   string `json:"finished,omitempty"`
	AsOf       string `json:"as_of"`  // the day it was begun on, by the node
	Cursor     string `json:"cursor"` // where to ask from next time
	// Entries and Matters are how many there are, whatever the format; Letters how many have pages; Rows
	// how many each file has.
	Entries int            `json:"entries"`
	Matters int            `json:"matters"`
	Letters int            `json:"letters"`
	Rows    map[string]int `json:"rows"`
	// Withheld and NotHeld are entries whose words are not in it, by office: not for this reader, and not
	// at that node. Missing is what the node listed and then could not give.
	Withheld map[string]int32 `json:"withheld,omitempty"`
	NotHeld  map[string]int32 `json:"not_held,omitempty"`
	Missing  int              `json:"missing,omitempty"`
	// Complete says whether it rests on everything, and Completeness so in words.
	Complete     bool     `json:"complete"`
	Completeness string   `json:"completeness"`
	Notices      []string `json:"notices,omitempty"`
	// Keys are the verifier keys of the logs that letters are from, by log, as that node gave them.
	Keys map[string]string `json:"keys,omitempty"`
}

// noticesKept is how many notices an index is headed by.
const noticesKept = 16

// Notice has the index begin with a notice that what it holds must be shown with.
func (f *Folder) Notice(words string) {
	if words != "" && !slices.Contains(f.Notices, words) && len(f.Notices) < noticesKept {
		f.Notices = append(f.Notices, words)
	}
}

// Lacks says what the reader could not have, and why.
func (r *Report) Lacks() (all []string) {
	for _, one := range []struct {
		of  map[string]int32
		why string
	}{{r.Withheld, "not for this reader"}, {r.NotHeld, "not at that node"}} {
		for _, office := range sorted(one.of) {
			all = append(all, fmt.Sprintf("the words of %s of %s: %s", notation.Counted(int64(one.of[office]), "entry", "entries"), office, one.why))
		}
	}
	if r.Missing > 0 {
		all = append(all, fmt.Sprintf("what the node listed and then could not give, %s: missing.jsonl says what, and why", notation.Counted(int64(r.Missing), "name", "names")))
	}
	return all
}
