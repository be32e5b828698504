// Package main knows how to put small faults into the rule, the counts and the register,
// one at a time, and whether a test notices: what no test notices is a survivor.
//
//	go run ./internal/mutants            the named mutants, and a hundred more by seed
//	go run ./internal/mutants -n 0       the named ones alone
//	go run ./internal/mutants -all       every one there is
//
// Nothing is written to the tree: each mutant is compiled over it. One that does not compile
// is not counted. It does not know what a test should say; docs/mutants.md tells why the
// known survivors live.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
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
	workers := flag.Int("j", 1, "how many at a time")
	flag.Parse()

	root, mutants, err := pick(*n, *all, *seed, *in)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	counts, namedSurvives := [3]int{}, false
	run := func(m mutant) {
		r, err := try(root, m, *seed)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			fmt.Fprintln(os.Stderr, m, err)
			os.Exit(2)
		}
		counts[r]++
		switch {
		case r == survived:
			fmt.Fprintln(os.Stdout, m)
			namedSurvives = namedSurvives || m.name != ""
		case r == notCompiled && m.name != "":
			fmt.Fprintln(os.Stdout, m, "(does not compile: write it anew)")
			namedSurvives = true
		}
	}
	todo := make(chan mutant)
	var wg sync.WaitGroup
	for range *workers {
		wg.Go(func() {
			for m := range todo {
				run(m)
			}
		})
	}
	for _, m := range mutants {
		todo <- m
	}
	close(todo)
	wg.Wait()
	fmt.Fprintf(os.Stdout, "%d killed, %d survived, %d do not compile\n", counts[killed], counts[survived], counts[notCompiled])
	if namedSurvives {
		os.Exit(1)
	}
}

var mu sync.Mutex // guards what is counted and printed

// pick returns the named mutants and n others, the same for a seed.
func pick(n int, all bool, seed uint64, in string) (root string, mutants []mutant, err error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", nil, err
	}
	root = strings.TrimSpace(string(out))
	named, err := namedMutants(root)
	if err != nil {
		return "", nil, err
	}
	var others []mutant
	for _, dir := range []string{"internal/guidance", "internal/picture", "internal/register"} {
		files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil {
			return "", nil, err
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			found, err := mutantsOf(root, dir+"/"+filepath.Base(file))
			if err != nil {
				return "", nil, err
			}
			others = append(others, found...)
		}
	}
	for _, m := range named {
		if strings.Contains(m.file, in) {
			mutants = append(mutants, m)
		}
	}
	there := len(others)
	if !all {
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(there, func(i, j int) { others[i], others[j] = others[j], others[i] })
	}
	for _, m := range others {
		if strings.Contains(m.file, in) && (all || n > 0) {
			mutants = append(mutants, m)
			n--
		}
	}
	fmt.Fprintf(os.Stdout, "%d named mutants; %d to run of these and %d others, seed %d\n", len(named), len(mutants), there, seed)
	return root, mutants, nil
}

// try runs the tests over one mutant until one notices it.
func try(root string, m mutant, seed uint64) (result, error) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	src, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return 0, err
	}
	mutated, overlay := filepath.Join(dir, "mutated.go"), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, m.file): mutated}})
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		return 0, err
	}
	if err := os.WriteFile(mutated, m.in(src), 0o600); err != nil {
		return 0, err
	}
	for _, pkg := range tests[filepath.Dir(m.file)] {
		cmd := exec.Command("go", "test", "-p=1", "-overlay="+overlay, "-vet=off", "-failfast", "-timeout=60s", "./"+pkg,
			"-rapid.seed="+fmt.Sprint(seed), "-rapid.nofailfile", "-rapid.shrinktime=1ms")
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		switch {
		case bytes.Contains(out, []byte("[build failed]")):
			return notCompiled, nil
		case err != nil:
			return killed, nil
		}
	}
	return survived, nil
}
