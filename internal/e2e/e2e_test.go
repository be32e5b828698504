package e2e

import (
	"flag"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var rewrite = flag.Bool("rewrite", false, "write what was printed into the scripts' golden files")

// bin is where TestMain built the two commands.
var bin string

func TestMain(m *testing.M) {
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (int, error) {
	var err error
	if bin, err = os.MkdirTemp("", "lmc-e2e-"); err != nil {
		return 1, err
	}
	defer os.RemoveAll(bin)
	cmd := exec.Command("go", "build", "-o", bin+"/", "../../server/lmcnode", "../../client/lmc")
	if out, err := cmd.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("building the commands: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// lookAtSources looks at every source file the commands are built from: the test cache
// keeps a result while the files a test looked at are the same, and does not see those
// a child process reads, nor those looked at before the tests begin.
func lookAtSources() error {
	return filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".go" {
			_, err = os.Stat(path)
		}
		return err
	})
}

func TestScripts(t *testing.T) {
	if err := lookAtSources(); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *rewrite,
		Setup:               setUp,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await":   await,
			"flip":    flip,
			"readenv": setFromFile,
		},
	})
}

// setUp gives each script the two commands, a folder for saved profiles of its own,
// and free ports.
func setUp(env *testscript.Env) error {
	env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
	env.Setenv("HOME", env.WorkDir)
	var all []net.Listener
	for i := range 4 {
		lis, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		all = append(all, lis)
		env.Setenv(fmt.Sprintf("ADDR%d", i+1), lis.Addr().String())
	}
	for _, lis := range all {
		if err := lis.Close(); err != nil {
			return err
		}
	}
	return nil
}

const (
	awaitLimit = 30 * time.Second
	awaitPause = 50 * time.Millisecond
)

// await [TEXT] -- COMMAND… runs a command again until it succeeds and, when TEXT is
// given, prints it: what one process does is seen by another only by asking.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: await [TEXT] -- COMMAND…")
	}
	text := ""
	if args[0] != "--" {
		text, args = args[0], args[1:]
	}
	args = args[1:]
	var last string
	for deadline := time.Now().Add(awaitLimit); time.Now().Before(deadline); time.Sleep(awaitPause) {
		out, err := run(ts, args)
		if last = out; err == nil && strings.Contains(out, text) {
			return
		}
	}
	ts.Fatalf("%v did not succeed with %q in %v; it last printed:\n%s", args, text, awaitLimit, last)
}

func run(ts *testscript.TestScript, args []string) (string, error) {
	path := args[0]
	if own := filepath.Join(bin, path); fileExists(own) {
		path = own
	}
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"), "XDG_CONFIG_HOME="+ts.Getenv("XDG_CONFIG_HOME"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// flip FILE [TEXT] changes one bit in the middle of a file, or in every place where it
// has the text.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: flip FILE [TEXT]")
	}
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	places := []int{len(b) / 2}
	if len(args) == 2 {
		places = places[:0]
		for i := 0; i+len(args[1]) <= len(b); i++ {
			if string(b[i:i+len(args[1])]) == args[1] {
				places = append(places, i)
			}
		}
	}
	if len(places) == 0 {
		ts.Fatalf("%s does not have %q", args[0], args[1])
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0) // in place: a node may run on it
	ts.Check(err)
	for _, at := range places {
		_, err := f.WriteAt([]byte{b[at] ^ 1}, int64(at))
		ts.Check(err)
	}
	ts.Check(f.Close())
}

// readenv NAME FILE sets an environment variable from the first line of a file.
func setFromFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: readenv NAME FILE")
	}
	line, _, _ := strings.Cut(ts.ReadFile(args[1]), "\n")
	ts.Setenv(args[0], strings.TrimSpace(line))
}
