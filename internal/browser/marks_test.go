package browser

import (
	"bytes"
	"testing"

	"github.com/chromedp/cdproto/page"
)

// A title with sixty marks on a character struck out whether its letter still stands.
func TestMarksPiledOnACharacterStayInTheirOwnLines(t *testing.T) {
	b := newTab(t)
	b.look(1280, "screen", "light")
	b.open("/letters/essex/0")
	seen := func() []byte {
		at := ask[[]float64](b, `(r => [r.x, r.y, r.width, r.height].map(Math.round))(document.querySelector(".banner").getBoundingClientRect())`)
		return command(b, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: &page.Viewport{X: at[0], Y: at[1], Width: at[2], Height: at[3], Scale: 1}}).Data
	}
	ask[bool](b, `document.querySelector("h1").textContent = "Z".repeat(40), true`)
	before := seen()
	ask[bool](b, `document.querySelector("h1").textContent = ("Z" + Array.from({length: 60}, (_, i) => String.fromCharCode(0x300 + i)).join("")).repeat(40), true`)
	if !bytes.Equal(before, seen()) {
		t.Error("what a letter is called is drawn over whether it stands")
	}
}
