package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/client"
)

// The federation of October 2021 is what is asked about; its keeper's node is the victim.
const (
	office = "gpc-england"
	member = "essex"
	matter = "access-plan-2021"
)

// victim is a node in a process of its own.
type victim struct {
	cmd     *exec.Cmd
	address string
	pin     client.Pin
}

// prepare builds the node, unless one is given, and fills its folder.
func prepare(ctx context.Context, given, dir string) (binary string, err error) {
	build := []string{"go", "build", "-o", filepath.Join(dir, "lmcnode"), "github.com/lmcfed/lmcfed/server/lmcnode"}
	if binary = filepath.Join(dir, "lmcnode"); given != "" {
		binary, build = given, []string{given, "--version"}
	}
	for _, step := range [][]string{
		build,
		{binary, "demo", "--once", "--json", "--dir", filepath.Join(dir, "demo")},
	} {
		if out, err := exec.CommandContext(ctx, step[0], step[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w\n%s", strings.Join(step, " "), err, out)
		}
	}
	return binary, nil
}

// start starts the node on a core, with so many files if it may not have as many as usual.
func start(ctx context.Context, binary, dir string, core, files int) (*victim, error) {
	command := onCore(core, binary, "serve", "--dir", filepath.Join(dir, "demo", office), "--listen", "127.0.0.1:0")
	if admin := os.Getenv("HOSTILE_ADMIN"); admin != "" { // for whoever wants a profile
		command = append(command, "--admin", admin)
	}
	if files > 0 {
		command = append([]string{"sh", "-c", fmt.Sprintf(`ulimit -n %d && exec "$@"`, files), "sh"}, command...)
	}
	v := &victim{cmd: exec.CommandContext(ctx, command[0], command[1:]...)}
	log, err := v.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := v.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the node: %w", err)
	}
	// In no order. What others connect with has the address of the office's record.
	serves, known := regexp.MustCompile(` msg=serving .* address=(\S+)`), regexp.MustCompile(` pin=(\S+)`)
	lines, seen := bufio.NewScanner(log), new(bytes.Buffer)
	for lines.Scan() {
		fmt.Fprintln(seen, lines.Text())
		address, pin := serves.FindStringSubmatch(seen.String()), known.FindStringSubmatch(seen.String())
		if address != nil && pin != nil {
			v.address = address[1]
			v.pin, err = client.ParsePin(pin[1])
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return v, err
		}
	}
	return nil, fmt.Errorf("the node does not serve: %s", seen)
}

func (v *victim) stop() {
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

// memory is how many bytes of the process are in memory; 0: not known on this system.
func (v *victim) memory() int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", v.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		return 0
	}
	kib, _ := strconv.ParseInt(string(found[1]), 10, 64)
	return kib << 10
}

// most follows the memory until ctx ends, and returns the most there was.
func (v *victim) most(ctx context.Context) int64 {
	most := v.memory()
	for {
		select {
		case <-ctx.Done():
			return most
		case <-time.After(20 * time.Millisecond):
			most = max(most, v.memory())
		}
	}
}

// onCore has a command run on one core, where the system can.
func onCore(core int, command ...string) []string {
	if _, err := exec.LookPath("taskset"); core < 0 || err != nil {
		return command
	}
	return append([]string{"taskset", "-c", strconv.Itoa(core)}, command...)
}

// stayOn has this process itself run on one core, where the system can.
func stayOn(core int) {
	if core >= 0 {
		_ = exec.Command("taskset", "-acp", strconv.Itoa(core), strconv.Itoa(os.Getpid())).Run()
	}
}
