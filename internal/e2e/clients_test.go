package e2e

import (
	"bufio"
	"context"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// demoStarts is how long the demo may take until it answers.
const demoStarts = 2 * time.Minute

// demoOverHTTP starts the demo, and returns where it answers over HTTP.
func demoOverHTTP(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), demoStarts)
	defer cancel()
	cmd := exec.Command(filepath.Join(bin, "lmcnode"), "demo", "--dir", filepath.Join(t.TempDir(), "demo"), "--web", "localhost:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	stop := context.AfterFunc(ctx, func() { _ = out.Close() })
	defer stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, at, found := strings.Cut(lines.Text(), "in a browser: "); found {
			return strings.TrimSuffix(at, "/")
		}
	}
	t.Fatal("the demo does not come up")
	return ""
}

// ofPage is the code of a language that docs/clients.md has, asking the node at url.
func ofPage(t *testing.T, language, url string) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, block := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		code := strings.ReplaceAll(block[1], "http://localhost:8080", url)
		if code == block[1] && len(all) == 0 {
			t.Fatalf("the first code in %s asks no node: %s", language, code)
		}
		all = append(all, code)
	}
	return all
}

// python is a Python that the page's code is for, or none.
func python(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 on this machine")
	}
	if out, err := exec.Command(path, "-c", "import sys; assert sys.version_info >= (3, 9)").CombinedOutput(); err != nil {
		t.Skipf("python3 is none, or older than 3.9: %s", out)
	}
	return path
}

// What docs/clients.md has for a terminal and for Python is typed here as it stands.
func TestTheCodeForOtherLanguagesRunsAsItStands(t *testing.T) {
	if err := lookAtSources(); err != nil {
		t.Fatal(err)
	}
	demo := demoOverHTTP(t)

	t.Run("curl", func(t *testing.T) {
		help, err := exec.Command("curl", "--help", "all").Output()
		if err != nil || !strings.Contains(string(help), "--json") {
			t.Skip("there is no curl on this machine, or one before 7.82")
		}
		for _, code := range ofPage(t, "sh", demo) {
			ctx, cancel := context.WithTimeout(t.Context(), awaitLimit)
			defer cancel()
			asked := strings.ReplaceAll(code, "curl ", "curl --fail-with-body --silent --write-out '\\n' ")
			out, err := exec.CommandContext(ctx, "sh", "-euc", asked).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, code, out)
			}
			for _, want := range []string{
				`"words":"Practice X10001 belongs to Cambridgeshire LMC."`, `"asOf":"2021-10-28"`,
				`"title":"Do not take part in the NHS England access plan"`, `"vkey":"demo/essex/log/0+`, `"matters":[{`,
			} {
				if !strings.Contains(strings.ReplaceAll(string(out), `": `, `":`), want) {
					t.Errorf("nothing has %s:\n%.2000s", want, out)
				}
			}
		}
	})

	t.Run("Python", func(t *testing.T) {
		out := runPython(t, strings.Join(ofPage(t, "python", demo), "\n"))
		for _, want := range []string{
			"Practice X10001 belongs to Cambridgeshire LMC.\n",
			"Demonstration: restated from public reports",
			"* Cambridgeshire LMC advises against, for now (20 October 2021).",
			"Do not take part in the NHS England access plan - It still stands.\n",
			"genuine: True - Demonstration: not issued by Essex LMCs.",
			"essex/1 Adults with ADHD: give notice\nessex/0 Do not take part in the NHS England access plan\n",
			`matter "acess-plan-2021" is not known here (UNKNOWN_MATTER): did you mean access-plan-2021?`,
			" committees, from feed ",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("it does not print %q:\n%s", want, out)
			}
		}
	})

	behind, err := url.Parse(demo)
	if err != nil {
		t.Fatal(err)
	}

	t.Run("Python tells what is wrong", func(t *testing.T) {
		byOtherName := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(behind)
			r.Out.Host = "lmc.example.org"
		}})
		defer byOtherName.Close()
		out := runPython(t, ofPage(t, "python", demo)[0]+`
def failing(call):
    try:
        call()
    except LmcError as err:
        return err
    raise SystemExit("it did not fail")

err = failing(lambda: ask("GuidanceService/ListEntries", pageSize=-3))
assert (err.code, err.reason, err.violations) == ("invalid_argument", "INVALID", [{"field": "page_size", "description": "negative"}]), vars(err)
err = failing(lambda: ask("GuidanceService/ListEntries", page_seize=3))
assert err.reason == "INVALID" and "page_seize" in str(err), err
err = failing(lambda: ask("GuidanceService/Delete"))
assert err.code == "unimplemented" and "Delete" in str(err), err
err = failing(lambda: ask("ElsewhereService/Get"))
assert (err.code, err.reason) == ("unimplemented", "UNSUPPORTED") and "ElsewhereService" in str(err) and err.hint, err
err = failing(lambda: next(watch({"matter": "acess-plan-2021"})))
assert err.reason == "UNKNOWN_MATTER" and err.hint == "did you mean access-plan-2021?", err
NODE = "`+byOtherName.URL+`"
err = failing(lambda: ask("NodeService/GetStatus"))
assert "421" in str(err) and "--web-host" in str(err), err
NODE = "http://localhost:1"
err = failing(lambda: ask("NodeService/GetStatus"))
assert err.code == "unavailable" and "no node answers at http://localhost:1" in str(err), err
err = failing(lambda: next(watch({"matter": "access-plan-2021"})))
assert err.code == "unavailable", err
print("done")
`)
		if out != "done\n" {
			t.Error(out)
		}
	})

	t.Run("a watch in Python goes on where its connection was cut", func(t *testing.T) {
		between := httptest.NewServer(&httputil.ReverseProxy{
			Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(behind) },
			FlushInterval: -1,
		})
		defer between.Close()
		ctx, cancel := context.WithTimeout(t.Context(), awaitLimit)
		defer cancel()
		cmd := exec.CommandContext(ctx, python(t), "-uc", ofPage(t, "python", between.URL)[0]+`
for message in watch({"matter": "access-plan-2021"}):
    print(*(kind for kind in ("reset", "change", "progress") if kind in message))
`)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { _, _ = cmd.Process.Kill(), cmd.Wait() }()
		lines := bufio.NewScanner(out)
		for _, want := range []string{"reset", "progress", "progress"} {
			if !lines.Scan() || lines.Text() != want {
				t.Fatalf("it printed %q (%v), wanted %q", lines.Text(), lines.Err(), want)
			}
			between.CloseClientConnections()
		}
	})
}

func runPython(t *testing.T, code string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), awaitLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, python(t), "-c", code)
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}
