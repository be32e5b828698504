// Package internal holds the house rules that are tests: who may import whom, and
// what every package owes its readers.
package internal

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/lmcfed/lmcfed/"

// mayImport is the picture of the house: which of our own packages each package may
// import directly. Generated messages are nouns and open to everybody who needs
// them. A package that is missing here fails the test.
var mayImport = map[string][]string{
	"proto/lmc/guidance/v1": {},
	"proto/lmc/ledger/v1":   {"proto/lmc/guidance/v1"},
	"proto/lmc/answers/v1":  {"proto/lmc/guidance/v1", "proto/lmc/ledger/v1"},
	"proto/lmc/node/v1":     {"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1"},

	"internal":                 {},
	"internal/notation":        {},
	"internal/durable":         {},
	"internal/version":         {},
	"internal/flags":           {"internal/notation"},
	"internal/flags/flagstest": {},
	"internal/terminal":        {},
	"internal/content":         {"proto/lmc/guidance/v1", "proto/lmc/ledger/v1"},
	"internal/guidance":        {"internal/notation", "proto/lmc/answers/v1", "proto/lmc/guidance/v1"},
	"internal/picture":         {"internal/notation", "proto/lmc/answers/v1", "proto/lmc/guidance/v1", "internal/guidance"},
	"internal/letter":          {"internal/notation", "proto/lmc/guidance/v1", "internal/guidance"},
	"internal/ledger":          {"internal/notation", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1"},
	"internal/identity":        {"internal/durable", "internal/notation", "proto/lmc/ledger/v1", "internal/ledger"},
	"internal/register":        {"internal/notation", "proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1", "internal/ledger"},
	"internal/ods":             {"internal/notation"},
	"internal/store":           {"internal/content", "internal/durable", "internal/version", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1", "internal/ledger"},
	"internal/recount": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1",
		"internal/content", "internal/guidance", "internal/ledger", "internal/notation", "internal/picture", "internal/register",
	},
	"internal/recount/recounttest": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1",
		"internal/guidance", "internal/ledger", "internal/notation", "internal/picture", "internal/recount", "internal/register",
	},
	"internal/fault": {},
	"internal/fair":  {},
	"internal/wire":  {"internal/fault", "internal/notation"},
	"internal/plain": {"internal/notation", "proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1", "internal/guidance", "internal/picture", "internal/register"},
	"internal/replica": {
		"proto/lmc/guidance/v1", "proto/lmc/ledger/v1", "proto/lmc/node/v1",
		"internal/ledger", "internal/store",
	},
	"internal/signing": {"proto/lmc/node/v1", "internal/ledger", "internal/replica", "internal/store"},
	"internal/alike":   {},
	"internal/answers": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1",
		"internal/alike", "internal/content", "internal/fault", "internal/guidance", "internal/identity", "internal/ledger", "internal/notation",
		"internal/picture", "internal/recount", "internal/register", "internal/search", "internal/store",
	},
	"internal/calendar": {"internal/notation"},
	"internal/atom":     {"internal/notation"},
	"internal/export": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1",
		"internal/durable", "internal/guidance", "internal/ledger", "internal/notation", "internal/picture", "internal/plain",
	},
	"internal/feeds": {"proto/lmc/answers/v1", "proto/lmc/ledger/v1", "internal/atom", "internal/calendar", "internal/notation", "internal/plain"},
	"internal/web": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1",
		"internal/atom", "internal/calendar", "internal/fault", "internal/feeds", "internal/guidance", "internal/notation", "internal/picture", "internal/plain",
	},
	"internal/search":     {"proto/lmc/guidance/v1", "internal/durable", "internal/guidance", "internal/notation"},
	"internal/mutants":    {},
	"internal/sim":        {},
	"internal/sim/corpus": {"internal/ods", "proto/lmc/guidance/v1"},
	"internal/e2e":        {},
	"internal/browser":    {},
	"internal/hostile":    {"proto/lmc/answers/v1", "proto/lmc/node/v1", "client", "internal/hostile/h2", "internal/identity"},
	"internal/hostile/h2": {},
	"internal/demo": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1", "proto/lmc/node/v1",
		"internal/durable", "internal/fault", "internal/letter", "internal/identity", "internal/notation", "internal/plain", "client", "server",
	},
	"client": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/node/v1",
		"internal/fault", "internal/identity", "internal/ledger", "internal/wire",
	},
	"client/lmc": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1", "proto/lmc/node/v1", "client", "internal/atom", "internal/calendar", "internal/content", "internal/durable", "internal/export", "internal/feeds", "internal/notation",
		"internal/fault", "internal/flags", "internal/guidance", "internal/identity", "internal/ledger", "internal/letter", "internal/picture", "internal/plain", "internal/recount", "internal/register", "internal/terminal", "internal/version", "internal/web", "internal/wire",
	},
	"server": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1", "proto/lmc/node/v1",
		"internal/answers", "internal/content", "internal/durable", "internal/fair", "internal/fault", "internal/guidance", "internal/identity", "internal/ledger", "internal/notation",
		"internal/register", "internal/replica", "internal/search", "internal/signing", "internal/store", "internal/version", "internal/web", "internal/wire",
	},
	"server/lmcnode": {
		"proto/lmc/answers/v1", "proto/lmc/guidance/v1", "proto/lmc/ledger/v1", "proto/lmc/node/v1", "client", "server",
		"internal/demo", "internal/durable", "internal/fault", "internal/flags", "internal/identity", "internal/letter", "internal/notation", "internal/ods", "internal/plain", "internal/register", "internal/store", "internal/terminal", "internal/version",
	},
}

// walls are what a package must never reach, not even through others: the reason
// stands beside each.
var walls = []struct {
	from   []string
	banned string
	reason string
}{
	{
		[]string{"internal/guidance", "internal/picture", "internal/letter", "internal/ods", "internal/ledger", "internal/recount", "internal/register", "internal/identity", "internal/store", "internal/search", "internal/answers", "internal/fault", "internal/fair", "internal/export", "internal/atom", "internal/calendar", "internal/feeds", "internal/web", "internal/alike"},
		"google.golang.org/grpc", "rules, bytes and storage must be usable and testable without a network",
	},
	{
		[]string{"client", "client/lmc", "internal/guidance", "internal/picture", "internal/letter", "internal/ledger", "internal/recount", "internal/register", "internal/identity"},
		"go.etcd.io/bbolt", "only the store knows how data lies on disk",
	},
	{
		[]string{"client", "client/lmc"},
		module + "server", "a client links no server",
	},
}

type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func TestPackagesImportOnlyWhatTheHouseAllows(t *testing.T) {
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		allowed, known := mayImport[name]
		if !known {
			t.Errorf("%s: not in the map of the house: add it to mayImport with what it may import", name)
		}
		for _, imp := range p.Imports {
			own, isOwn := strings.CutPrefix(imp, module)
			if isOwn && known && !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s: the house does not allow it", name, own)
			}
			if imp == "go.etcd.io/bbolt" && name != "internal/store" {
				t.Errorf("%s imports bbolt: only internal/store may", name)
			}
			// Which brings a bbolt of its own, for the list of its files: derived data, and none of the store's.
			if strings.HasPrefix(imp, "github.com/blevesearch/") && name != "internal/search" {
				t.Errorf("%s imports %s: only internal/search may", name, imp)
			}
			if strings.HasPrefix(imp, "github.com/chromedp/") {
				t.Errorf("%s imports %s: only tests may, which look at pages in a browser", name, imp)
			}
			if strings.HasPrefix(imp, "golang.org/x/crypto/acme") && name != "server" {
				t.Errorf("%s imports %s: only server may, which has the public pages", name, imp)
			}
			if strings.HasPrefix(imp, "connectrpc.com/") && name != "server" {
				t.Errorf("%s imports %s: only server may, which answers HTTP as it does gRPC", name, imp)
			}
		}
	}
}

func TestPackagesKeepBehindTheWalls(t *testing.T) {
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, w := range walls {
			if !slices.Contains(w.from, name) {
				continue
			}
			for _, dep := range p.Deps {
				if dep == w.banned || strings.HasPrefix(dep, w.banned+"/") {
					t.Errorf("%s reaches %s: %s", name, dep, w.reason)
				}
			}
		}
	}
}

func TestEveryPackageSaysWhatItKnows(t *testing.T) {
	for dir, files := range goFiles(t) {
		if !slices.ContainsFunc(files, hasPackageComment) {
			t.Errorf("%s: no package comment: say what it knows and what it does not", dir)
		}
	}
}

// Only mains speak on standard output: everything else returns what it has to say.
func TestOnlyMainsPrint(t *testing.T) {
	prints := regexp.MustCompile(`\bfmt\.Print(f|ln)?\(|\bprintln\(`)
	for dir, files := range goFiles(t) {
		if strings.HasSuffix(dir, "client/lmc") || strings.HasSuffix(dir, "server/lmcnode") {
			continue
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if loc := prints.FindIndex(b); loc != nil {
				t.Errorf("%s: prints on standard output: %s", file, b[loc[0]:loc[1]])
			}
		}
	}
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir = ".."
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var all []listed
	for dec := json.NewDecoder(out); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return all
}

// goFiles returns our own hand-written source files by directory, without tests.
func goFiles(t *testing.T) map[string][]string {
	t.Helper()
	files := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") ||
			strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".pb.go") {
			return err
		}
		files[filepath.Dir(path)] = append(files[filepath.Dir(path)], path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func hasPackageComment(file string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
	return err == nil && f.Doc != nil
}
