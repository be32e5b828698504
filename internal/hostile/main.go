package main

import (
	"bufio"
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// options is what to measure, and for how long.
type options struct {
	only             string
	same, member     bool
	quiet, under     time.Duration // before the flood, and in it
	rounds           int
	control          bool
	settle           time.Duration // how long is waited at most until all is as before
	nodeCore, myCore int
	binary, dir      string
}

func main() {
	o := options{nodeCore: -1, myCore: -1, settle: 20 * time.Second}
	isSink := flag.Bool("sink", false, "be the bare sink; for this command itself")
	isFlood := flag.String("flood", "", "be this flood, to the address and from the one that follow; for this command itself")
	flag.StringVar(&o.only, "only", "", "the floods to try, by the beginnings of their `NAMES`, with commas; all")
	flag.StringVar(&o.binary, "node", "", "measure this `lmcnode`; the one built from here")
	flag.BoolVar(&o.same, "same", false, "the flood comes from the honest clients' own address")
	flag.BoolVar(&o.member, "member", false, "the flood shows the key of another office's node, which the keeper has admitted")
	flag.DurationVar(&o.quiet, "quiet", 4*time.Second, "measure this long before a flood")
	flag.DurationVar(&o.under, "under", 5*time.Second, "measure this long in a flood")
	flag.IntVar(&o.rounds, "rounds", 3, "how often each is tried; the median is told")
	flag.BoolVar(&o.control, "control", true, "send each flood into a bare sink, too")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	switch {
	case *isSink:
		err = runSink()
	case *isFlood != "":
		err = runFlood(ctx, *isFlood, target{flag.Arg(0), net.ParseIP(flag.Arg(1)), flag.Arg(2)})
	default:
		err = run(ctx, o, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

// runFlood floods until it is interrupted.
func runFlood(ctx context.Context, name string, t target) error {
	for _, f := range floods() {
		if f.name == name {
			f.do(ctx, t)
			return nil
		}
	}
	return fmt.Errorf("no flood is called %q", name)
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	if o.dir, err = os.MkdirTemp("", "lmc-hostile-"); err != nil {
		return err
	}
	defer os.RemoveAll(o.dir)
	if o.binary, err = prepare(ctx, o.binary, o.dir); err != nil {
		return err
	}
	if runtime.NumCPU() > 1 {
		o.nodeCore, o.myCore = 1, 0
		stayOn(o.myCore)
	}
	const row = "%-25s %8s   %8s %5s %5s   %8s %5s %5s   %8s %5s %5s   %6s %6s   %5s %5s   %5s %5s\n" // a line is there as soon as it is known
	fmt.Fprintf(out, row, "flood", "MiB over", "kept p99", "x", "p50 x", "new p99", "x", "p50 x", "cheap", "x", "p50 x", "normal", "errors", "sink:", "p50 x", "new", "p50 x")
	fmt.Fprintf(out, row, "", "idle", "ms", "", "", "ms", "", "", "p99 ms", "", "", "after", "", "kept", "", "", "")
	for _, f := range floods() {
		if o.only != "" && !slices.ContainsFunc(strings.Split(o.only, ","), func(name string) bool { return strings.HasPrefix(f.name, name) }) {
			continue
		}
		var found, sunk []result
		for range o.rounds {
			r, err := try(ctx, o, f, false)
			if err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			found = append(found, r)
			if o.control {
				if r, err = try(ctx, o, f, true); err != nil {
					return fmt.Errorf("%s into the sink: %w", f.name, err)
				}
				sunk = append(sunk, r)
			}
		}
		r, s := middle(found), middle(append(sunk, result{})[:max(1, len(sunk))])
		columns := []any{f.name, fmt.Sprintf("%.0f", r.memory)}
		for _, kind := range []string{kept, fresh, cheap} {
			columns = append(columns, tenth(r.wait[kind].Seconds()*1000), tenth(r.times[kind]), tenth(r.half[kind]))
		}
		columns = append(columns, tenth(r.normal.Seconds())+" s", fmt.Sprint(r.errors))
		fmt.Fprintf(out, row, append(columns, tenth(s.times[kept]), tenth(s.half[kept]), tenth(s.times[fresh]), tenth(s.half[fresh]))...)
		if r.said != nil {
			fmt.Fprintf(out, "  first error: %v\n", r.said)
		}
	}
	return nil
}

func tenth(f float64) string { return fmt.Sprintf("%.1f", f) }

// result is what one flood did.
type result struct {
	memory float64 // MiB over idle, at most
	wait   map[string]time.Duration
	times  map[string]float64 // how many times as long as before, at worst (p99)
	half   map[string]float64 // and as a rule (p50)
	normal time.Duration
	errors int
	said   error
}

// middle is the median of each figure, and every error.
func middle(all []result) result {
	of := func(figure func(result) float64) float64 {
		figures := make([]float64, len(all))
		for i, r := range all {
			figures[i] = figure(r)
		}
		slices.Sort(figures)
		return figures[len(figures)/2]
	}
	m := result{wait: map[string]time.Duration{}, times: map[string]float64{}, half: map[string]float64{}, memory: of(func(r result) float64 { return r.memory })}
	m.normal = time.Duration(of(func(r result) float64 { return float64(r.normal) }))
	for _, kind := range []string{kept, cheap, fresh} {
		m.wait[kind] = time.Duration(of(func(r result) float64 { return float64(r.wait[kind]) }))
		m.times[kind] = of(func(r result) float64 { return r.times[kind] })
		m.half[kind] = of(func(r result) float64 { return r.half[kind] })
	}
	for _, r := range all {
		m.errors += r.errors
		m.said = cmp.Or(m.said, r.said)
	}
	return m
}

// try measures one flood once: of the node, or of the node beside a sink that takes the flood.
func try(ctx context.Context, o options, f flood, intoSink bool) (result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	v, err := start(ctx, o.binary, o.dir, o.nodeCore, f.files)
	if err != nil {
		return result{}, err
	}
	defer v.stop()
	at := target{address: v.address, from: net.IPv4(127, 0, 0, 2)}
	if o.member {
		at.keys = filepath.Join(o.dir, "demo", member, "keys")
	}
	if o.same || runtime.GOOS != "linux" { // elsewhere there is one address of the machine itself
		at.from = net.IPv4(127, 0, 0, 1)
	}
	if intoSink {
		if at.address, err = startSink(ctx, o); err != nil {
			return result{}, err
		}
	}
	span := func(d time.Duration) *waits {
		until, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		return behave(until, v)
	}
	span(o.quiet / 2) // warm
	before := span(o.quiet)
	if len(before.failed) > 0 {
		return result{}, fmt.Errorf("before the flood: %w", before.failed[0])
	}
	idle := v.memory()

	flooding, end := context.WithTimeout(ctx, o.under)
	defer end()
	stopped, err := startFlood(flooding, o, f, at)
	if err != nil {
		return result{}, err
	}
	most := make(chan int64, 1)
	go func() { most <- v.most(flooding) }()
	during := behave(flooding, v)
	<-stopped
	r := result{memory: float64(<-most-idle) / (1 << 20), wait: map[string]time.Duration{}, times: map[string]float64{}, half: map[string]float64{}, errors: len(during.failed)}
	if r.errors > 0 {
		r.said = during.failed[0]
	}
	for _, kind := range []string{kept, cheap, fresh} {
		r.wait[kind] = during.p99(kind)
		r.times[kind] = float64(r.wait[kind]) / float64(max(1, before.p99(kind)))
		r.half[kind] = float64(during.p50(kind)) / float64(max(1, before.p50(kind)))
	}
	ended := time.Now()
	for r.normal < o.settle {
		began := time.Since(ended)
		after := span(500 * time.Millisecond)
		if r.normal = began; len(after.failed) == 0 && after.p99(kept) <= 2*before.p99(kept) && after.p99(fresh) <= 2*before.p99(fresh) {
			break
		}
	}
	return r, nil
}

// startFlood floods until ctx ends, on the honest clients' core and behind them: what they wait
// for is to be the node. stopped is closed when the flood is over.
func startFlood(ctx context.Context, o options, f flood, at target) (stopped <-chan struct{}, err error) {
	cmd, err := itself(o.myCore, "-flood", f.name, at.address, at.from.String(), at.keys)
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		<-ctx.Done()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	return over, nil
}

// itself is this command, for another part, behind whatever else runs on a core.
func itself(core int, args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := onCore(core, append([]string{self}, args...)...)
	if _, err := exec.LookPath("nice"); err == nil {
		command = append([]string{"nice", "-n", "19"}, command...)
	}
	return exec.Command(command[0], command[1:]...), nil
}

// startSink starts a sink on the node's core, beside it, and returns its address.
func startSink(ctx context.Context, o options) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	command := onCore(o.nodeCore, self, "-sink")
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	go func() { <-ctx.Done(); _ = cmd.Wait() }()
	address, err := bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(address), err
}
