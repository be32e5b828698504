package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// hostileTitles are what letters that do harm in files would be called.
var hostileTitles = []string{
	`=HYPERLINK("http://evil.example","pay here")`, "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "a\tb", "# Not a heading", "[x](javascript:alert(1))",
	"turned \u202eround", strings.Repeat("x", 300), `"quoted", and; more`, "<script>alert(1)</script>",
}

// exportedFrom starts a node whose log has a letter of each title, and some more.
func exportedFrom(t testing.TB, more int) (*fakeNode, identity.Profile) {
	t.Helper()
	n := newFakeNode()
	for i := range len(hostileTitles) + more {
		a := essexAdvisory()
		a.Title = "Letter"
		if i < len(hostileTitles) {
			a.Title = hostileTitles[i]
		}
		a.Body = "Dear colleagues\n\n```\n# " + a.Title + "\n"
		if i == 0 {
			a.Body = strings.Repeat("Dear colleagues, and so on. ", 250<<10/28)
		}
		n.append(ledgerv1.EntryKind_ENTRY_KIND_ADVISORY, a)
	}
	if err := n.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.stop() })
	p := identity.Profile{Name: "essex", Address: n.address, Pin: identity.PinOf(publicOf(seeded("node")))}
	file := filepath.Join(t.TempDir(), "profile.json")
	if err := identity.SaveProfile(file, p); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LMC_PROFILE", file)
	return n, p
}

// lmcRun runs a command in this process.
func lmcRun(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, os.Stdin, &out, &errs)
	return code, out.String(), errs.String()
}

// filesIn are the files of a folder, by path.
func filesIn(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Whatever letters are called: what is read back from each kind of file is what the node gave.
func TestWhatIsExportedReadsBackEqual(t *testing.T) {
	n, p := exportedFrom(t, 3)
	n.append(ledgerv1.EntryKind_ENTRY_KIND_WITHDRAWAL, &guidancev1.Withdrawal{Office: officeID, OnBehalfOf: []string{"north-essex"}, Advisory: "essex/0", Effective: "2021-11-03", Reason: "=1+1", Issued: day("2021-11-02")})
	n.append(ledgerv1.EntryKind_ENTRY_KIND_REPORTED_POSITION, &guidancev1.ReportedPosition{Office: officeID, Issued: day("2021-11-02"), Source: &guidancev1.Reference{Title: "@press"}, Position: position(guidancev1.Stance_STANCE_REFUSE, "croydon")})
	n.append(ledgerv1.EntryKind_ENTRY_KIND_MATTER, &guidancev1.Matter{Name: "essex/hubs", Title: "-Hubs", Opened: day("2021-11-02")})
	dir := filepath.Join(t.TempDir(), "all")
	if code, _, stderr := lmcRun("export", dir); code != 0 {
		t.Fatal(stderr)
	}
	files := filesIn(t, dir)
	c, err := client.DialProfile(p)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	lines := strings.Split(strings.TrimSuffix(files["advisories.jsonl"]+files["entries.jsonl"], "\n"), "\n")
	if len(lines) != len(n.entries) {
		t.Fatalf("%d letters are exported, of %d", len(lines), len(n.entries))
	}
	for _, line := range lines {
		var got answersv1.GetEntryResponse
		if err := protojson.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		want, err := c.Entry(context.Background(), got.GetEntry().GetName())
		if err != nil {
			t.Fatal(err)
		}
		want.Completeness = nil
		if !proto.Equal(want, &got) {
			t.Errorf("%s is read back as %v", got.GetEntry().GetName(), &got)
		}
		base := "letters/" + got.GetEntry().GetName()
		if files[base+".letter"] != string(want.GetBody()) {
			t.Errorf("%s.letter is not what was signed", base)
		}
		if code, out, stderr := lmcRun("verify", filepath.Join(dir, base+".letter"), "--proof", filepath.Join(dir, base+".proof"), "--key", keyOf(t, n)); !strings.Contains(out, got.GetEntry().GetName()) {
			t.Errorf("lmc verify of %s: %d, %s%s", base, code, out, stderr)
		}
		page := files[base+".md"]
		for _, line := range strings.Split(page, "\n") {
			if strings.HasPrefix(line, "# Not a") || strings.HasPrefix(line, "```") || strings.Contains(line, "\u202e") || strings.HasPrefix(line, "<script") {
				t.Errorf("%s.md has a line that does something: %s", base, line)
			}
		}
	}

	table := files["letters.csv"]
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, picture.ByteOrderMark))).ReadAll()
	if err != nil || len(rows) != len(n.entries) { // a row for the heading, and none for the matter
		t.Fatalf("letters.csv has %d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") || strings.ContainsRune(cell, '\u202e') {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	for name, text := range files {
		if !utf8.ValidString(text) && !strings.HasSuffix(name, ".letter") {
			t.Errorf("%s is not UTF-8", name)
		}
		if strings.HasSuffix(name, ".csv") && (!strings.HasPrefix(text, picture.ByteOrderMark) || strings.Count(text, "\n") != strings.Count(text, "\r\n")) {
			t.Errorf("%s has no mark, or other line ends", name)
		}
	}
	checkManifest(t, files)
	for _, words := range []string{"the words of 2 entries of humberside: not for this reader", "what the node listed and then could not give, 2 names"} {
		if !strings.Contains(files["index.md"], words) {
			t.Errorf("index.md does not say: %s", words)
		}
	}
	if !strings.Contains(files["missing.jsonl"], `"name":"cambridgeshire/4"`) {
		t.Errorf("what could not be had: %s", files["missing.jsonl"])
	}
}

func keyOf(t testing.TB, n *fakeNode) string {
	t.Helper()
	resp, err := n.GetProof(context.Background(), &answersv1.GetProofRequest{Name: "essex/0"})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetVkey()
}

// checkManifest: it has every file but itself, with its digest.
func checkManifest(t testing.TB, files map[string]string) {
	t.Helper()
	var manifest struct {
		Files []struct {
			Path, SHA256 string
			Bytes        int
		}
	}
	if err := json.Unmarshal([]byte(files["manifest.json"]), &manifest); err != nil {
		t.Fatal(err)
	}
	listed := []string{"manifest.json"}
	for _, one := range manifest.Files {
		sum := sha256.Sum256([]byte(files[one.Path]))
		if hex.EncodeToString(sum[:]) != one.SHA256 || len(files[one.Path]) != one.Bytes {
			t.Errorf("the manifest has another digest of %s", one.Path)
		}
		listed = append(listed, one.Path)
	}
	slices.Sort(listed)
	if have := slices.Sorted(maps.Keys(files)); !slices.Equal(have, listed) {
		t.Errorf("the manifest lists %q, and there are %q", listed, have)
	}
}

// Broken off after any call, it goes on where it was: nothing but the page of the list is asked for twice,
// and what comes of it is what would have come of one go.
func TestAnExportGoesOnWhereItWasBrokenOff(t *testing.T) {
	n, _ := exportedFrom(t, 95)
	whole := filepath.Join(t.TempDir(), "whole")
	if code, _, stderr := lmcRun("export", whole); code != 0 {
		t.Fatal(stderr)
	}
	want := filesIn(t, whole)

	var mu sync.Mutex
	left, asked := 0, map[string]int{}
	n.stop()
	n.between = func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		mu.Lock()
		defer mu.Unlock()
		if left--; left < 0 {
			return nil, status.Error(codes.Unavailable, "gone")
		}
		if of, ok := req.(interface{ GetName() string }); ok {
			asked[info.FullMethod+" "+of.GetName()]++
		}
		return handler(ctx, req)
	}
	if err := n.start(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "parts")
	for try := 0; ; try++ {
		mu.Lock()
		left = 9 + 37*try%101
		mu.Unlock()
		code, _, stderr := lmcRun("export", dir)
		if code == 0 {
			break
		}
		if !strings.Contains(stderr, "is not finished: run the same command again") {
			t.Fatal(stderr)
		}
		if _, err := os.Stat(filepath.Join(dir, "UNFINISHED")); err != nil {
			t.Fatal("a part of an export does not say that it is one")
		}
		if try > 200 {
			t.Fatal("it comes no further")
		}
	}
	for of, times := range asked {
		// What an item needs is kept once all of it is here: of the one that was broken off, a part may be asked for again.
		if times > 2 || times > 1 && !strings.Contains(of, "GetEntry") && !strings.Contains(of, "GetMatter") {
			t.Errorf("%s was asked for %d times", of, times)
		}
	}
	got := filesIn(t, dir)
	checkManifest(t, got)
	for _, files := range []map[string]string{want, got} {
		delete(files, "manifest.json") // has when it was
		delete(files, "index.md")
	}
	if !maps.Equal(got, want) {
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("%s differs from what comes of one go", name)
			}
		}
		t.Errorf("%d files, and %d in one go", len(got), len(want))
	}
}

// A node that gives another letter's proof, or a name that leads out of the folder, is not believed.
func TestWhatANodeGivesAmissIsNotExported(t *testing.T) {
	n, _ := exportedFrom(t, 0)
	n.stop()
	n.between = func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		resp, err := handler(ctx, req)
		switch m := resp.(type) {
		case *answersv1.GetProofResponse:
			if m.GetName() == "essex/2" {
				m.Body = append(m.Body, 0)
			}
		case *answersv1.ListEntriesResponse:
			if len(m.Entries) < 2 {
				break
			}
			m.Entries[0].Name = "../../out/1"
			m.Entries[1].Name = "essex/../../1"
		}
		return resp, err
	}
	if err := n.start(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "all")
	if code, _, stderr := lmcRun("export", dir, "--format", "markdown"); code != 0 {
		t.Fatal(stderr)
	}
	files := filesIn(t, dir)
	if files["letters/essex/2.letter"] != "" || files["letters/essex/3.letter"] == "" {
		t.Error("what does not prove itself is there, or what does is not")
	}
	for _, missing := range []string{"essex/2", "../../out/1", "essex/../../1"} {
		if !strings.Contains(files["missing.jsonl"], fmt.Sprintf("%q", missing)) {
			t.Errorf("it does not say that %s is missing: %s", missing, files["missing.jsonl"])
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(dir), "out")); err == nil {
		t.Error("a node wrote outside of the folder")
	}
}

func BenchmarkExport(b *testing.B) {
	exportedFrom(b, 200)
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), fmt.Sprint(b.N))
		if code, _, stderr := lmcRun("export", dir, "--format", "json,csv"); code != 0 {
			b.Fatal(stderr)
		}
		b.StopTimer()
		os.RemoveAll(dir)
		b.StartTimer()
	}
}
