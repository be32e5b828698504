package replica

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the transcripts in testdata from what happens")

// TestTranscripts plays the scripts in testdata: each command is followed by what the
// nodes then said and did. Run with -rewrite after a change and read the diff.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := playAll(t, string(b))
			if *rewrite {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := gocmp.Diff(string(b), got); diff != "" && !*rewrite {
				t.Errorf("%s differs from what happens (-file +now); -rewrite takes it over:\n%s", file, diff)
			}
		})
	}
}

// playAll keeps comments and commands and replaces what stands under "----".
func playAll(t *testing.T, script string) string {
	st := &stage{t: t, actors: map[string]*actor{}}
	var out strings.Builder
	answer := false
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "----":
			answer = true
		case line == "":
			answer = false
			out.WriteString("\n")
		case answer:
		case strings.HasPrefix(line, "#"):
			out.WriteString(line + "\n")
		default:
			out.WriteString(line + "\n----\n")
			st.said.Reset()
			st.play(strings.Fields(line))
			out.WriteString(st.said.String())
		}
	}
	return out.String()
}

// describe is a frame as it stands in a transcript.
func describe(f *nodev1.Frame) string {
	switch m := f.GetMessage().(type) {
	case *nodev1.Frame_Hello:
		return fmt.Sprintf("Hello root=%x heads=%d", m.Hello.FrontierRoot[:2], m.Hello.HeadCount)
	case *nodev1.Frame_InSync:
		return fmt.Sprintf("InSync root=%x", m.InSync.FrontierRoot[:2])
	case *nodev1.Frame_Heads:
		what := "Heads"
		if m.Heads.Full {
			what = "Heads (all)"
		}
		for _, h := range m.Heads.Heads {
			log, size, _ := strings.Cut(string(h.Checkpoint), " ")
			office := strings.Split(log, "/")[1]
			if !h.Held {
				office = "seen " + office
			}
			what += " " + cmp.Or(office, log) + "=" + size
		}
		if m.Heads.More {
			what += " …"
		}
		return fmt.Sprintf("%s root=%x", what, m.Heads.FrontierRoot[:2])
	case *nodev1.Frame_Stamps:
		what := "Stamps"
		for _, note := range m.Stamps.Stamps {
			words := strings.Fields(string(note))
			what += fmt.Sprintf(" %s=%s%s", strings.Split(words[0], "/")[1], words[1], words[2])
		}
		return what
	case *nodev1.Frame_Refusal:
		return fmt.Sprintf("Refusal %s: %s", strings.TrimPrefix(m.Refusal.Reason.String(), "REFUSAL_REASON_"), m.Refusal.Detail)
	case *nodev1.Frame_Probe:
		return fmt.Sprintf("Probe %d by %s, challenge %x", m.Probe.Nonce, strings.TrimRight(string(m.Probe.Instance), "\x00"), m.Probe.Challenge.Nonce[:4])
	case *nodev1.Frame_ProbeReply:
		return fmt.Sprintf("ProbeReply %d", m.ProbeReply.Nonce)
	case *nodev1.Frame_Suspicion:
		return "Suspicion of " + strings.TrimRight(string(m.Suspicion.Instance), "\x00")
	case *nodev1.Frame_Challenge:
		return fmt.Sprintf("Challenge %x", m.Challenge.Nonce[:4])
	}
	return "?"
}
