// Package main knows how to put small faults into the rule, the counts and the register,
// one at a time, and whether a test notices: what no test notices is a survivor.
//
//	go run ./internal/mutants            the named mutants, and a hundred more by seed
//	go run ./internal/mutants -n 0       the named ones alone
//	go run ./internal/mutants -all       every one there is
//	go run ./internal/mutants -controls  what docs/reliability.md measures, each switched off
//
// Nothing is written to the tree: each mutant is compiled over it. One that does not compile
// is not counted. It does not know what a test should say; docs/mutants.md tells why the
// known survivors live.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// tests are the packages whose tests should notice a fault in one, its own first.
var tests = map[string][]string{
	"internal/guidance": {"internal/guidance", "internal/picture"},
	"internal/picture":  {"internal/picture"},
	"internal/register": {"internal/register", "internal/picture"},
}

type result int

const (
	killed result = iota
	survived
	notCompiled
)

func main() {
	n := flag.Int("n", 100, "how many mutants beside the named ones")
	all := flag.Bool("all", false, "all of them")
	seed := flag.Uint64("seed", 1, "which ones, and what the random tests draw")
	in := flag.String("in", "", "only in files whose path contains this")
	onlyControls := flag.Bool("controls", false, "the controls of docs/reliability.md, and nothing else")
	workers := flag.Int("j", 1, "how many at a time")
	flag.Parse()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	must(err)
	root := strings.TrimSpace(string(out))
	mutants, err := controlMutants(root)
	must(err)
	if !*onlyControls {
		mutants, err = namedMutants(root)
		must(err)
		others := otherMutants(root, *seed)
		if !*all {
			others = others[:min(*n, len(others))]
		}
		mutants = append(mutants, others...)
	}
	mutants = slices.DeleteFunc(mutants, func(m mutant) bool { return !strings.Contains(m.file, *in) })

	var mu sync.Mutex // guards what is counted and printed
	var wg sync.WaitGroup
	todo, counts, failed := make(chan mutant), [3]int{}, false
	for range *workers {
		wg.Go(func() {
			for m := range todo {
				r := try(root, m, *seed)
				mu.Lock()
				switch counts[r]++; {
				case r == survived:
					fmt.Fprintln(os.Stdout, m)
				case r == notCompiled && m.name != "":
					fmt.Fprintln(os.Stdout, m, "(does not compile: write it anew)")
				}
				failed = failed || m.name != "" && r != killed
				mu.Unlock()
			}
		})
	}
	for _, m := range mutants {
		todo <- m
	}
	close(todo)
	wg.Wait()
	fmt.Fprintf(os.Stdout, "%d killed, %d survived, %d do not compile\n", counts[killed], counts[survived], counts[notCompiled])
	if failed {
		os.Exit(1) // a named one lives
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// otherMutants are all that are not named, in an order by seed that a change elsewhere does
// not disturb: the first hundred stay nearly the same hundred.
func otherMutants(root string, seed uint64) []mutant {
	var all []mutant
	for dir := range tests {
		files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		must(err)
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				found, err := mutantsOf(root, dir+"/"+filepath.Base(file))
				must(err)
				all = append(all, found...)
			}
		}
	}
	place := func(m mutant) uint64 {
		h := fnv.New64a()
		fmt.Fprint(h, seed, m.file, m.col, m.from, m.to)
		return h.Sum64()
	}
	slices.SortFunc(all, func(a, b mutant) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.start, b.start)) })
	return all
}

// try runs the tests over one mutant until one notices it.
func try(root string, m mutant, seed uint64) result {
	dir, err := os.MkdirTemp("", "mutant")
	must(err)
	defer os.RemoveAll(dir)
	file, mutated, overlay := filepath.Join(root, m.file), filepath.Join(dir, "mutated.go"), filepath.Join(dir, "overlay.json")
	src, err := os.ReadFile(file)
	must(err)
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{file: mutated}})
	must(err)
	must(os.WriteFile(overlay, replace, 0o600))
	must(os.WriteFile(mutated, m.in(src), 0o600))
	packages, which := tests[filepath.Dir(m.file)], []string{"-rapid.seed=" + fmt.Sprint(seed), "-rapid.nofailfile", "-rapid.shrinktime=1ms"}
	if m.pkg != "" {
		packages, which = []string{m.pkg}, strings.Fields("-run="+m.run)
	}
	for _, pkg := range packages {
		cmd := exec.Command("go", append([]string{"test", "-p=1", "-overlay=" + overlay, "-vet=off", "-failfast", "-timeout=120s", "./" + pkg}, which...)...)
		cmd.Dir = root
		switch out, err := cmd.CombinedOutput(); {
		case bytes.Contains(out, []byte("[build failed]")):
			return notCompiled
		case err != nil:
			return killed
		}
	}
	return survived
}
