package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The commands of the last release and today's, in one federation. They are built from the commit that
// testdata/released names: a checkout without its history cannot.
func TestTheLastReleaseAndThisExchange(t *testing.T) {
	if err := lookAtSources(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("testdata/released")
	if err != nil {
		t.Fatal(err)
	}
	released := strings.TrimSpace(string(b))
	if err := exec.Command("git", "cat-file", "-e", released+"^{commit}").Run(); err != nil {
		t.Skipf("no commit %s here, of which the last release was made (%v): git fetch --unshallow", released, err)
	}
	old := t.TempDir()
	if err := buildReleased(released, old); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/upgrade",
		UpdateScripts:       *rewrite,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("OLD", old)
			return setUp(env)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"await": await, "readenv": setFromFile},
	})
}

// buildReleased builds both commands of a commit into a folder.
func buildReleased(commit, into string) error {
	source := filepath.Join(into, "source")
	if err := os.Mkdir(source, 0o755); err != nil {
		return err
	}
	archive := exec.Command("git", "archive", commit)
	archive.Dir = "../.." // all of it, not this folder's part
	packed, err := archive.Output()
	if err != nil {
		return fmt.Errorf("taking %s out: %w", commit, err)
	}
	unpack := exec.Command("tar", "-x", "-C", source)
	unpack.Stdin = bytes.NewReader(packed)
	if out, err := unpack.CombinedOutput(); err != nil {
		return fmt.Errorf("unpacking %s: %w\n%s", commit, err, out)
	}
	build := exec.Command("go", "build", "-o", into+"/", "./server/lmcnode", "./client/lmc")
	build.Dir = source
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", commit, err, out)
	}
	return os.RemoveAll(source)
}
