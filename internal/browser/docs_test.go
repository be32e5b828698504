package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pictured are the pictures of docs/pages.md, each of the first so many pixels of a page.
var pictured = []struct {
	name, address string
	width         int64
	scheme        string
	height        float64
}{
	{"practice", "", 900, "light", 1100}, // what a newcomer sees first
	{"phone", "/practice/X10001?on=2021-10-28", 360, "dark", 1250},
	{"national", "/national/" + plan + "?as-of=2021-11-01", 900, "light", 1150},
	{"timeline", "/matters/gpc-england/pcn-des-2020/history", 900, "light", 800},
}

// docs/pages.md shows pages as they are made, by: go test ./internal/browser -run Pictures -rewrite
func TestThePicturesOfTheDocsAreThere(t *testing.T) {
	folder := filepath.Join("..", "..", "docs", "pages")
	text, err := os.ReadFile(folder + ".md")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range pictured {
		path := filepath.Join(folder, one.name+".png")
		if *rewrite {
			b := newTab(t)
			b.look(one.width, "screen", one.scheme)
			address := one.address
			if address == "" {
				address = shared.first
			}
			b.open(address)
			b.picture(path, one.height)
		}
		if _, err := os.Stat(path); err != nil || !strings.Contains(string(text), "(pages/"+one.name+".png)") {
			t.Errorf("docs/pages.md is to show %s: %v", path, err)
		}
	}
}
