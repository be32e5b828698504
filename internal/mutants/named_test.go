package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"
)

// The named mutants still say what stands in the code, once, and what they make of it can be
// read as Go: where the code has moved on, so must they. Nothing is compiled here.
func TestNamedMutantsStillApply(t *testing.T) {
	root := filepath.Join("..", "..")
	mutants, err := namedMutants(root)
	if err != nil {
		t.Fatal(err)
	}
	switchedOff, err := controlMutants(root)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range append(mutants, switchedOff...) {
		src, err := os.ReadFile(filepath.Join(root, m.file))
		if err != nil {
			t.Fatal(err)
		}
		if m.from == m.to || seen[m.name] {
			t.Errorf("%s changes nothing, or is there twice", m)
		}
		seen[m.name] = true
		if _, err := parser.ParseFile(token.NewFileSet(), m.file, m.in(src), 0); err != nil {
			t.Errorf("%s: what it makes is no Go: %v", m, err)
		}
		if m.pkg == "" && len(tests[filepath.Dir(m.file)]) == 0 {
			t.Errorf("%s: no tests are known for its package", m)
		}
	}
}

// What is renamed in the code and not here would be mutated no more, and nobody would notice.
func TestWhateverIsTakenForAnotherStandsInTheCode(t *testing.T) {
	stands := map[string]bool{}
	for _, m := range otherMutants(filepath.Join("..", ".."), 1) {
		stands[m.from] = true
	}
	for name := range otherwise {
		if !stands[name] {
			t.Errorf("%s stands nowhere in the code that is mutated: write what it is called now", name)
		}
	}
	for day := range days {
		if !stands[day] {
			t.Errorf("%s is given to no function as a day: write what it is called now", day)
		}
	}
}

// A mutant is where the operators say, and is the file but for that.
func TestMutantsAreFoundWhereTheyStand(t *testing.T) {
	dir := t.TempDir()
	src := "package p\n\nfunc f(a, b int) int {\n\tif a < b && !(a == 1) {\n\t\treturn min(a, b)\n\t}\n\treturn 0\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "f.go"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	mutants, err := mutantsOf(dir, "f.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, m := range mutants {
		found[m.String()] = true
		if _, err := parser.ParseFile(token.NewFileSet(), "f.go", m.in([]byte(src)), 0); err != nil {
			t.Errorf("%s: %v", m, err)
		}
	}
	for _, want := range []string{
		"f.go:4:11: `&&` becomes `||`", "f.go:4:7: `<` becomes `<=`", "f.go:4:7: `<` becomes `>=`", "f.go:4:18: `==` becomes `!=`", "f.go:4:14: `!` becomes ``",
		"f.go:4:5: `a < b && !(a == 1)` becomes `false && (a < b && !(a == 1))`", "f.go:4:5: `a < b && !(a == 1)` becomes `!(a < b && !(a == 1))`",
		"f.go:4:21: `1` becomes `0`", "f.go:5:10: `min` becomes `max`",
	} {
		if !found[want] {
			t.Errorf("not found: %s", want)
		}
	}
}
