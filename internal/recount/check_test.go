package recount_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/internal/guidance"
	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/picture"
	"github.com/lmcfed/lmcfed/internal/recount"
	"github.com/lmcfed/lmcfed/internal/recount/recounttest"
	"github.com/lmcfed/lmcfed/internal/register"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const plan = "gpc-england/access-plan-2021"

// october is three committees of two offices with GPC England, and a letter that was replaced.
func october() (picture.Input, []register.Record) {
	var records []register.Record
	record := func(r *ledgerv1.RegisterRecord) { records = append(records, register.Record{Body: r}) }
	for _, c := range []struct {
		id, name, office string
		kind             v1.CommitteeKind
	}{
		{"gpc-england", "GPC England", "gpc-england", v1.CommitteeKind_COMMITTEE_KIND_NATIONAL_COMMITTEE},
		{"north-essex", "North Essex LMC", "essex", v1.CommitteeKind_COMMITTEE_KIND_LMC},
		{"south-essex", "South Essex LMC", "essex", v1.CommitteeKind_COMMITTEE_KIND_LMC},
		{"kent", "Kent LMC", "kent", v1.CommitteeKind_COMMITTEE_KIND_LMC},
	} {
		record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: &v1.Committee{Id: c.id, Name: c.name, Kind: c.kind, Nation: "england"}}})
		record(&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{Committee: c.id, Office: c.office}}})
	}
	in := picture.Input{
		AsOf: "2021-10-28", Completeness: &answersv1.Completeness{Complete: true},
		Matter: &v1.Matter{
			Name: plan, Title: "Improving access", Proposer: &v1.Body{Id: "nhs-england", Name: "NHS England"},
			Measures: []*v1.Measure{{Id: "fund", Title: "Winter access fund", AddressedTo: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}}},
		},
	}
	next := map[string]uint64{}
	say := func(office, day string, stance v1.Stance, replaces string, committees ...string) {
		letter := &v1.Advisory{
			Office: office, OnBehalfOf: committees, Title: "On the plan", Body: "Our advice.\n", Issued: &v1.DayRange{Earliest: day, Latest: day},
			Audiences: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES}, Visibility: v1.Visibility_VISIBILITY_PUBLIC,
			Positions: []*v1.Position{{
				Committees: committees, Matter: plan, Stance: stance, Provenance: v1.Provenance_PROVENANCE_PRIMARY, Audiences: []v1.Audience{v1.Audience_AUDIENCE_PRACTICES},
			}},
		}
		if replaces != "" {
			letter.Replaces = []string{replaces}
		}
		id := ledger.EntryID{Office: office, Index: next[office]}
		next[office]++
		in.Entries = append(in.Entries, guidance.Entry{ID: id.String(), Office: office, Index: id.Index, Feed: uint64(len(in.Entries) + 1), Visibility: v1.Visibility_VISIBILITY_PUBLIC, Advisory: letter})
	}
	say("gpc-england", "2021-10-21", v1.Stance_STANCE_REFUSE, "", "gpc-england")
	say("essex", "2021-10-20", v1.Stance_STANCE_ADVISE_AGAINST, "", "north-essex", "south-essex")
	say("essex", "2021-10-25", v1.Stance_STANCE_REFUSE, "essex/0", "north-essex", "south-essex")
	say("kent", "2021-10-26", v1.Stance_STANCE_SUPPORT, "", "kent")
	return in, records
}

func saved(t *testing.T, whole bool) []*answersv1.SavedPart {
	t.Helper()
	in, records := october()
	return recounttest.Saved(t, in, records, answersv1.Unit_UNIT_COMMITTEES, whole)
}

func check(t *testing.T, parts []*answersv1.SavedPart) (*answersv1.Recount, error) {
	t.Helper()
	return recount.Check(context.Background(), bytes.NewReader(recounttest.File(t, parts)), recounttest.VKey(), recounttest.Software)
}

// entry is the place of an entry among the parts.
func entry(t *testing.T, parts []*answersv1.SavedPart, log string, index uint64) int {
	t.Helper()
	in := false
	for i, part := range parts {
		if part.GetLog() != nil {
			in = part.GetLog().GetLog() == log
		}
		if in && part.GetEntry() != nil && part.GetEntry().GetIndex() == index {
			return i
		}
	}
	t.Fatalf("no entry %d of %s", index, log)
	return 0
}

const (
	same      = answersv1.RecountOutcome_RECOUNT_OUTCOME_SAME
	differs   = answersv1.RecountOutcome_RECOUNT_OUTCOME_DIFFERS
	notProved = answersv1.RecountOutcome_RECOUNT_OUTCOME_NOT_PROVED
	essexLog  = "demo/essex/log/0"
	kentLog   = "demo/kent/log/0"
	keeperLog = "demo/gpc-england/log/0"
)

func without(parts []*answersv1.SavedPart, from, to int) []*answersv1.SavedPart {
	for _, part := range parts[from:to] {
		if part.GetEntry() != nil {
			parts[len(parts)-1].GetEnd().Entries--
		}
	}
	return slices.Delete(parts, from, to)
}

// Whatever is done to a file is found, and told in a clerk's words.
func TestWhatWasDoneToAFileIsFound(t *testing.T) {
	table := func(parts []*answersv1.SavedPart) *answersv1.NationalTable {
		return parts[0].GetHead().GetPicture().GetTables()[0]
	}
	for name, tc := range map[string]struct {
		whole  bool
		do     func(parts []*answersv1.SavedPart) []*answersv1.SavedPart
		want   answersv1.RecountOutcome
		finds  string
		cannot string
	}{
		"nothing":       {want: same, cannot: "That nothing was left out"},
		"nothing, full": {whole: true, want: same, cannot: "That no newer letter existed: a head tells"},
		"a row removed": {want: differs, finds: "The whole matter: the row of Kent LMC is missing.", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).Lines = slices.DeleteFunc(table(p).Lines, func(l *answersv1.Line) bool { return l.Committee == "kent" })
			return p
		}},
		"a row of nobody's": {want: differs, finds: "nothing rests on", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).Lines = append(table(p).Lines, &answersv1.Line{Committee: "surrey", CommitteeName: "Surrey LMC"})
			return p
		}},
		"a row that says something else": {want: differs, finds: "the row of Kent LMC says something else: the answer refuse (kent/0); counted again support (kent/0).", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			for _, line := range table(p).Lines {
				if line.Committee == "kent" {
					line.Current.Position.Stance = v1.Stance_STANCE_REFUSE
				}
			}
			return p
		}},
		"a figure altered": {want: differs, finds: "The whole matter, refuse: the answer has 3 (north-essex south-essex), counted again it is 2 (north-essex south-essex).", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).Columns[0].Count = 3
			return p
		}},
		"a figure removed": {want: differs, finds: "counted again it is 1 (kent)", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).Columns = table(p).Columns[:1]
			return p
		}},
		"what it is out of altered": {want: differs, finds: "out of 4, counted again it is out of 3", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).Denominator = 4
			return p
		}},
		"how they stand to the national line altered": {want: differs, finds: "how to the national line", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).Relations[0].Count++
			return p
		}},
		"a table removed": {want: differs, finds: "Winter access fund: the table is missing.", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			p[0].GetHead().Picture.Tables = p[0].GetHead().Picture.Tables[:1]
			return p
		}},
		"the national line altered": {want: differs, finds: "the national line of GPC England says something else", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).National.Current.Position.Stance = v1.Stance_STANCE_SUPPORT
			return p
		}},
		"words altered": {want: differs, finds: "The words beside the figures are others on: The whole matter.", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).Lines[0].Words = "All practices agree."
			return p
		}},
		"words of another version": {want: same, cannot: "may be in another version", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).Lines[0].Words, p[0].GetHead().Software = "Worded as before.", "v0"
			return p
		}},
		"a figure altered, of another version": {want: differs, finds: "the answer has 9", cannot: "the node ran v0, and this is v1", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			table(p).Columns[0].Count, p[0].GetHead().Software = 9, "v0"
			return p
		}},
		"another day": {want: differs, finds: "of another question", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			p[0].GetHead().Selector.AsOf = "2021-10-22"
			return p
		}},
		"another hash of a letter": {want: differs, finds: "rests on essex/1, and the answer has another hash of that", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			for _, row := range p[0].GetHead().Rows {
				for _, ref := range row.RestsOn {
					if ref.Entry == "essex/1" {
						ref.LeafHash[0] ^= 1
					}
				}
			}
			return p
		}},
		"what a line rests on removed": {want: differs, finds: "what they rest on are not those that were counted again", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			p[0].GetHead().Rows = p[0].GetHead().Rows[1:]
			return p
		}},
		"a smaller register": {want: differs, finds: "The register: the answer rests on the first 3 entries", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			p[0].GetHead().RegisterSize = 3
			return p
		}},
		"an entry altered in one byte": {want: notProved, finds: "essex/1: its words are not those that essex logged", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			e := p[entry(t, p, essexLog, 1)].GetEntry()
			e.Body[len(e.Body)/2] ^= 1
			return p
		}},
		"a header altered in one byte": {want: notProved, finds: "essex/1", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			e := p[entry(t, p, essexLog, 1)].GetEntry()
			e.Header[len(e.Header)-1] ^= 1
			return p
		}},
		"a proof altered": {want: notProved, finds: "essex/1: it is not shown to be in the log of essex", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			p[entry(t, p, essexLog, 1)].GetEntry().Proof[0][3] ^= 1
			return p
		}},
		"an entry twice": {want: notProved, finds: "there twice", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			at := entry(t, p, essexLog, 1)
			p[len(p)-1].GetEnd().Entries++
			return slices.Insert(p, at, proto.CloneOf(p[at]))
		}},
		"an entry left out": {want: differs, finds: "says something else: the answer refuse (essex/1); counted again advise against (essex/0)", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			at := entry(t, p, essexLog, 1)
			return without(p, at, at+1)
		}},
		"an entry left out of a whole log": {whole: true, want: notProved, finds: "essex/2: 1 entries before it were left out", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			at := entry(t, p, essexLog, 1)
			return without(p, at, at+1)
		}},
		"the last entry left out of a whole log": {whole: true, want: notProved, finds: "The log of essex is not whole: its signed head has 3 entries", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			at := entry(t, p, essexLog, 2)
			return without(p, at, at+1)
		}},
		"words left out of a whole log": {whole: true, want: notProved, finds: "the words of 1 entries are not in the file, and the answer says so of 0", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			e := p[entry(t, p, kentLog, 0)].GetEntry()
			e.Salt, e.Body = nil, nil
			return p
		}},
		"a log left out": {want: notProved, finds: "The log of The office kent, which by the answer has published something, is not in the file.", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			at := entry(t, p, kentLog, 0) - 1
			return without(p, at, at+2)
		}},
		"a log said to be of nobody yet": {want: notProved, finds: "says that The office kent has published nothing", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			p[0].GetHead().Picture.Completeness.NotJoined = []string{"kent"}
			return p
		}},
		"a head by another key": {want: notProved, finds: "The head of the log of kent is not signed by the key", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			log := p[entry(t, p, kentLog, 0)-1].GetLog()
			cp, err := ledger.PeekCheckpoint(log.Checkpoint)
			if err == nil {
				cp, err = ledger.SignCheckpoint(cp.Log, cp.Size, cp.Root, recounttest.Key("essex"))
			}
			if err != nil {
				t.Fatal(err)
			}
			log.Checkpoint = cp.Note
			return p
		}},
		"a stamp of another head": {want: notProved, finds: "or is of another head", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			p[entry(t, p, kentLog, 0)-1].GetLog().Stamp = p[entry(t, p, essexLog, 0)-1].GetLog().Stamp
			return p
		}},
		"a stamp of an older head": {want: notProved, finds: "or is of another head", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			log := p[entry(t, p, kentLog, 0)-1].GetLog()
			cp, err := ledger.PeekCheckpoint(log.Checkpoint)
			if err != nil {
				t.Fatal(err)
			}
			older, err := ledger.SignCheckpoint(cp.Log, cp.Size-1, ledger.LeafHash(p[entry(t, p, kentLog, 0)].GetEntry().Header), recounttest.Key("kent"))
			if err != nil {
				t.Fatal(err)
			}
			stamp, err := ledger.SignStamp(older, recounttest.At, recounttest.Key("kent"))
			if err != nil {
				t.Fatal(err)
			}
			log.Stamp = stamp.Note
			return p
		}},
		"a record of the register altered": {want: notProved, finds: "gpc-england/3: its words are not those", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			e := p[entry(t, p, keeperLog, 3)].GetEntry()
			e.Body[len(e.Body)-1] ^= 1
			return p
		}},
		"the matter left out": {want: notProved, finds: "opens the matter", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			at := entry(t, p, keeperLog, 1)
			return without(p, at, at+1)
		}},
		"a day that does not exist": {want: notProved, finds: "names no day", do: func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			p[0].GetHead().Selector.AsOf = "2021-02-30"
			return p
		}},
	} {
		t.Run(name, func(t *testing.T) {
			parts := saved(t, tc.whole)
			if tc.do != nil {
				parts = tc.do(parts)
			}
			got, err := check(t, parts)
			if err != nil {
				t.Fatal(err)
			}
			if found := strings.Join(append(got.NotProved, got.Differences...), "\n"); got.Outcome != tc.want || !strings.Contains(found, tc.finds) || tc.want == same && found != "" {
				t.Errorf("%v, want %v with %q:\n%s", got.Outcome, tc.want, tc.finds, found)
			}
			if (got.Counted != nil) == (tc.want == notProved) {
				t.Errorf("counted: %v", got.Counted != nil)
			}
			if cannot := strings.Join(got.CannotShow, "\n"); !strings.Contains(cannot, tc.cannot) {
				t.Errorf("cannot show %q, want %q", cannot, tc.cannot)
			}
		})
	}
}

// Bytes that are no whole file of this version and federation are an error, with its reason.
func TestWhatIsNoFileToCountIsRefused(t *testing.T) {
	file := recounttest.File(t, saved(t, false))
	vkey := recounttest.VKey()
	other := ledger.LogID{Federation: "england", Office: "gpc-england"}
	swapped := slices.Clone(file)
	swapped[len(swapped)/2] ^= 1
	for name, tc := range map[string]struct {
		file []byte
		vkey string
		want error
	}{
		"nothing":            {nil, vkey, recount.ErrNotOne},
		"something else":     {[]byte("c2sp.org/tlog-proof@v1\nextra"), vkey, recount.ErrNotOne},
		"the next version":   {[]byte("lmcfed/picture/2\n" + string(file[17:])), vkey, recount.ErrVersion},
		"version 0":          {[]byte("lmcfed/picture/0\n" + string(file[17:])), vkey, recount.ErrVersion},
		"no version":         {[]byte("lmcfed/picture/x\n"), vkey, recount.ErrNotOne},
		"its first line":     {file[:17], vkey, recount.ErrCut},
		"cut in the middle":  {file[:len(file)/2], vkey, recount.ErrCut},
		"cut at the end":     {file[:len(file)-1], vkey, recount.ErrCut},
		"one byte altered":   {swapped, vkey, recount.ErrCut},
		"another federation": {file, ledger.VKey(other, recounttest.Key("gpc-england").Public().(ed25519.PublicKey)), recount.ErrOtherFederation},
		"no key":             {file, "lmcpin1:abc", ledger.ErrMalformed},
	} {
		if _, err := recount.Check(context.Background(), bytes.NewReader(tc.file), tc.vkey, ""); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	for name, change := range map[string]func([]*answersv1.SavedPart) []*answersv1.SavedPart{
		"no end":                     func(p []*answersv1.SavedPart) []*answersv1.SavedPart { return p[:len(p)-1] },
		"no head":                    func(p []*answersv1.SavedPart) []*answersv1.SavedPart { return p[1:] },
		"two heads":                  func(p []*answersv1.SavedPart) []*answersv1.SavedPart { return slices.Insert(p, 1, p[0]) },
		"something behind its end":   func(p []*answersv1.SavedPart) []*answersv1.SavedPart { return append(p, p[1]) },
		"an entry before its log":    func(p []*answersv1.SavedPart) []*answersv1.SavedPart { return slices.Insert(p, 1, p[2]) },
		"fewer entries than it says": func(p []*answersv1.SavedPart) []*answersv1.SavedPart { return slices.Delete(p, 2, 3) },
		"a part of nothing": func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			return slices.Insert(p, 1, &answersv1.SavedPart{})
		},
		"a log twice": func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			return slices.Insert(p, len(p)-1, proto.CloneOf(p[entry(t, p, essexLog, 0)-1]))
		},
		"the register not first": func(p []*answersv1.SavedPart) []*answersv1.SavedPart {
			return slices.Insert(p, 1, proto.CloneOf(p[entry(t, p, essexLog, 0)-1]))
		},
	} {
		if _, err := check(t, change(saved(t, false))); !errors.Is(err, recount.ErrCut) {
			t.Errorf("%s: %v, want ErrCut", name, err)
		}
	}
	if _, err := recount.Check(context.Background(), bytes.NewReader(file), ledger.VKey(ledger.LogID{Federation: "demo", Office: "gpc-england"}, recounttest.Key("essex").Public().(ed25519.PublicKey)), ""); err != nil {
		t.Error(err)
	} // it is read, and nothing of it proved
}

// A file that claims that its keeper has another key proves nothing by it.
func TestTheKeyInTheFileIsNotBelieved(t *testing.T) {
	mallory := recounttest.Key("mallory").Public().(ed25519.PublicKey)
	file := recounttest.File(t, saved(t, false))
	got, err := recount.Check(context.Background(), bytes.NewReader(file), ledger.VKey(ledger.LogID{Federation: "demo", Office: "gpc-england"}, mallory), recounttest.Software)
	if err != nil || got.Outcome != notProved || got.Counted != nil {
		t.Fatalf("%v, %v", got.GetOutcome(), err)
	}
	if claimed := recount.Claim(bytes.NewReader(file)); claimed != recounttest.VKey() {
		t.Errorf("it claims %q", claimed)
	}
}

// A part may have as many bytes as the limit, and not one more.
func TestAPartHasALimit(t *testing.T) {
	parts := saved(t, false)
	head := parts[0].GetHead()
	grow := func(to int) {
		head.Software = strings.Repeat("x", to-proto.Size(parts[0])+len(head.Software)-8)
		head.Software += strings.Repeat("x", to-proto.Size(parts[0]))
	}
	grow(recount.PartLimit)
	if _, err := check(t, parts); proto.Size(parts[0]) != recount.PartLimit || err != nil {
		t.Errorf("%d bytes: %v", proto.Size(parts[0]), err)
	}
	head.Software += "x"
	if _, err := check(t, parts); !errors.Is(err, recount.ErrCut) {
		t.Errorf("one more: %v", err)
	}
}

// A file may have as many logs as a node keeps, and not one more; and of a thousand faults the first are told.
func TestAFileHasSoManyLogsAndFaultsAreCounted(t *testing.T) {
	parts := saved(t, false)
	have, end := 0, parts[len(parts)-1]
	for _, part := range parts {
		if part.GetLog() != nil {
			have++
		}
	}
	parts = parts[:len(parts)-1]
	for i := have; i < recount.LogsLimit; i++ {
		parts = append(parts, &answersv1.SavedPart{Part: &answersv1.SavedPart_Log{Log: &answersv1.SavedLog{Log: fmt.Sprintf("demo/nobody/log/%d", i)}}})
	}
	got, err := check(t, append(slices.Clip(parts), end))
	if err != nil || len(got.Logs) != recount.LogsLimit || len(got.NotProved) != 21 || got.NotProved[20] != fmt.Sprintf("And %d more.", recount.LogsLimit-have-20) {
		t.Errorf("%d logs, %v, %q", len(got.GetLogs()), err, got.GetNotProved())
	}
	parts = append(parts, &answersv1.SavedPart{Part: &answersv1.SavedPart_Log{Log: &answersv1.SavedLog{Log: "demo/nobody/log/99999"}}})
	if _, err := check(t, append(parts, end)); !errors.Is(err, recount.ErrCut) {
		t.Errorf("one more: %v", err)
	}
}

// Whatever bytes come, reading them ends, with an error or with what came of it.
func FuzzCheck(f *testing.F) {
	in, records := october()
	f.Add(recounttest.File(f, recounttest.Saved(f, in, records, answersv1.Unit_UNIT_OFFICES, false)))
	f.Add(recounttest.File(f, recounttest.Saved(f, in, records, answersv1.Unit_UNIT_OFFICES, true)))
	f.Add([]byte("lmcfed/picture/1\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := recount.Check(context.Background(), bytes.NewReader(file), recounttest.VKey(), "")
		if (got == nil) != (err != nil) {
			t.Errorf("%v, %v", got, err)
		}
	})
}

// A part may hold anything: what is in the compressed stream is drawn, too.
func FuzzPart(f *testing.F) {
	in, records := october()
	parts := recounttest.Saved(f, in, records, answersv1.Unit_UNIT_COMMITTEES, false)
	for i, part := range parts {
		raw, err := proto.Marshal(part)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, raw)
	}
	f.Fuzz(func(t *testing.T, at int, raw []byte) {
		part := &answersv1.SavedPart{}
		if at < 0 || at >= len(parts) || proto.Unmarshal(raw, part) != nil {
			return
		}
		altered := slices.Clone(parts)
		altered[at] = part
		got, err := check(t, altered)
		if (got == nil) != (err != nil) {
			t.Errorf("%v, %v", got, err)
		}
	})
}
