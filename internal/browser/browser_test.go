package browser

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/lmcfed/lmcfed/internal/demo"
)

var (
	screenshots = flag.String("screenshots", "", "write a picture of every page at every width into `DIR`")
	rewrite     = flag.Bool("rewrite", false, "make the pictures in docs/pages anew")
	withRace    bool
)

const (
	// axeVariable names the environment variable with the path of axe.min.js, of axe-core.
	axeVariable = "LMCFED_AXE"
	// requiredVariable is set where a test that is skipped is one that failed.
	requiredVariable = "LMCFED_BROWSER"
	// patience is how long one step of a browser may take.
	patience = 20 * time.Second
)

// missing skips a test for want of something, or fails it where it was to be there.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv(requiredVariable) == "required" && !withRace {
		t.Fatal(what)
	}
	t.Skip(what)
}

// shared is what all tests of this package use: one federation and one browser.
var shared struct {
	once  sync.Once
	err   error
	site  string // where the pages are, without a last slash
	first string // the page that a newcomer sees first
	tab   context.Context
	close []func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	for i := len(shared.close) - 1; i >= 0; i-- {
		shared.close[i]()
	}
	os.Exit(code)
}

// start starts the federation and the browser, once.
func start(t *testing.T) {
	t.Helper()
	if withRace {
		missing(t, "with -race this takes ten times as long, and tells nothing of a browser: go test ./internal/browser")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "there is no chromium on this machine: install it (Debian: apt-get install chromium) to have the pages looked at")
	}
	shared.once.Do(func() { shared.err = startShared(path) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
}

func startShared(path string) error {
	ctx, stop := context.WithCancel(context.Background())
	fed, err := demo.Start(ctx, demo.Options{Web: "localhost:0"})
	if err != nil {
		stop()
		return fmt.Errorf("starting the demonstration: %w", err)
	}
	shared.close = append(shared.close, stop, func() { _ = fed.Close() })
	shared.site, shared.first = strings.TrimSuffix(fed.Pages(), "/"), fed.FirstLook()
	profile, err := os.MkdirTemp("", "lmc-chromium-")
	if err != nil {
		return err
	}
	shared.close = append(shared.close, func() { _ = os.RemoveAll(profile) })
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "en-GB"), chromedp.Flag("accept-lang", "en-GB"),
		chromedp.Env("LANGUAGE=en_GB", "LANG=en_GB.UTF-8"))
	allocated, end := chromedp.NewExecAllocator(ctx, options...)
	tab, closeTab := chromedp.NewContext(allocated, chromedp.WithErrorf(func(string, ...any) {}))
	shared.tab = tab
	shared.close = append(shared.close, end, closeTab, func() { _ = chromedp.Cancel(tab) })
	if err := chromedp.Do(tab); err != nil {
		return fmt.Errorf("starting %s: %w", path, err)
	}
	return nil
}

// tab is one tab in a browser of its own: no cookie and nothing kept of any other.
type tab struct {
	t      *testing.T
	ctx    context.Context
	site   string // where all that it asks for is to be
	loaded chan struct{}

	mu       sync.Mutex
	troubles []string // what its console and its network told
	requests []string // since the last page was asked for
	bytes    float64  // which these took
	refusal  bool     // the page says what went wrong, and has the status for it
}

func newTab(t *testing.T) *tab {
	t.Helper()
	start(t)
	b := &tab{t: t, site: shared.site, loaded: make(chan struct{}, 100)}
	var end context.CancelFunc
	b.ctx, end = chromedp.NewContext(shared.tab, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.hear))
	t.Cleanup(end)
	command(b, cdplog.Enable, cdp.Empty{})
	command(b, network.Enable, network.EnableParams{})
	command(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	return b
}

// hear notes what the browser tells.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	trouble := func(format string, args ...any) { b.troubles = append(b.troubles, fmt.Sprintf(format, args...)) }
	switch e := event.(type) {
	case *page.EventLoadEventFired:
		b.loaded <- struct{}{}
	case *runtime.EventExceptionThrown:
		trouble("the page's script failed: %s", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		trouble("the console was written to: %s", e.Type)
	case *cdplog.EventEntryAdded:
		if isStatus := strings.Contains(e.Entry.Text, "the server responded with a status of"); !isStatus || !b.refusal {
			trouble("the console says: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
		if to, err := url.Parse(e.Request.URL); err != nil || to.Scheme != "data" && "http://"+to.Host != b.site {
			trouble("it asks elsewhere: %s", e.Request.URL)
		}
	case *network.EventLoadingFinished:
		b.bytes += e.EncodedDataLength
	}
}

// within is the context of one step.
func (b *tab) within() (context.Context, context.CancelFunc) {
	if chromedp.FromContext(b.ctx).Target == nil { // a browser lives as long as its first context
		return b.ctx, func() {}
	}
	return context.WithTimeout(b.ctx, patience)
}

// command sends a command of the protocol to a tab.
func command[P, R any](b *tab, what cdp.Command[P, R], params P) R {
	b.t.Helper()
	ctx, end := b.within()
	defer end()
	r, err := chromedp.Call(ctx, what, params)
	if err != nil {
		b.t.Fatalf("%s: %v", what.Method, err)
	}
	return r
}

// ask evaluates an expression in a tab.
func ask[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, end := b.within()
	defer end()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluating %.200s: %v", expression, err)
	}
	return v
}

// comes does what brings another page, and waits until it is there.
func (b *tab) comes(do func()) {
	b.t.Helper()
	b.mu.Lock()
	for len(b.loaded) > 0 {
		<-b.loaded
	}
	b.requests, b.bytes = nil, 0
	b.mu.Unlock()
	do()
	select {
	case <-b.loaded:
	case <-time.After(patience):
		b.t.Fatalf("no page came within %s", patience)
	}
}

// open opens an address of the site.
func (b *tab) open(address string) {
	b.t.Helper()
	if !strings.HasPrefix(address, "http") {
		address = shared.site + address
	}
	b.comes(func() { command(b, page.Navigate, page.NavigateParams{URL: address}) })
}

// look sets how wide a tab is, and in which colours or on what it is shown.
func (b *tab) look(width int64, media, scheme string) {
	b.t.Helper()
	command(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1})
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}
