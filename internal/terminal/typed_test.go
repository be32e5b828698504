package terminal

import (
	"os"
	"path/filepath"
	"testing"
)

// "Next: lmcnode serve" was no command where ./lmcnode had been typed.
func TestACommandIsNamedAsItCanBeTypedAgain(t *testing.T) {
	inPath, elsewhere := t.TempDir(), t.TempDir()
	for _, dir := range []string{inPath, elsewhere} {
		if err := os.WriteFile(filepath.Join(dir, "lmcnode"), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", inPath)
	t.Chdir(elsewhere)
	for as, want := range map[string]string{
		"lmcnode":                           "lmcnode",
		filepath.Join(inPath, "lmcnode"):    "lmcnode",
		"./lmcnode":                         "./lmcnode",
		filepath.Join(elsewhere, "lmcnode"): filepath.Join(elsewhere, "lmcnode"),
		"/tmp/go-build1/b001/exe/lmcnode":   "lmcnode",
		"/tmp/lmcnode.test":                 "lmcnode",
	} {
		if got := typed("lmcnode", as); got != want {
			t.Errorf("typed as %s: %s, want %s", as, got, want)
		}
	}
}

func TestCommandsInATextAreNamedAsTheyCanBeTypedAgain(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	args := os.Args
	defer func() { os.Args = args }()
	os.Args = []string{"./lmc"}
	for text, want := range map[string]string{
		"lmc history lists them, then `lmc view` (lmc status)": "./lmc history lists them, then `./lmc view` (./lmc status)",
		"did you mean kent-lmc or lmcs? start lmcnode serve":   "did you mean kent-lmc or lmcs? start lmcnode serve",
	} {
		if got := AsTyped(text, "lmc"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
