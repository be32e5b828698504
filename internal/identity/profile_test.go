package identity

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func testProfile() Profile {
	return Profile{Name: "essex", Address: "127.0.0.1:7443", Pin: PinOf(testPublic(1)), KeyFile: "/keys/officer.key", Office: "essex"}
}

func TestProfileLoadsAsSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "essex.json")
	for _, want := range []Profile{testProfile(), {Name: "reader", Address: "[::1]:1", Pin: PinOf(testPublic(2))}} {
		if err := SaveProfile(path, want); err != nil {
			t.Fatal(err)
		}
		if got, err := LoadProfile(path); err != nil || got != want {
			t.Errorf("got %v, %v", got, err)
		}
	}
}

func TestProfileRefusesWhatItCannotUse(t *testing.T) {
	pin := `"pin": "` + PinOf(testPublic(1)).String() + `"`
	for name, c := range map[string]struct {
		content string
		want    error
	}{
		"as it should be": {`{"address": "h:1", ` + pin + `}`, nil},
		"empty":           {``, ErrMalformed},
		"not JSON":        {`address: h:1`, ErrMalformed},
		"a typing error":  {`{"adress": "h:1", ` + pin + `}`, ErrMalformed},
		"no pin":          {`{"address": "h:1"}`, ErrMalformed},
		"pin cut short":   {`{"address": "h:1", "pin": "lmcpin1:abc"}`, ErrTruncated},
		"no address":      {`{` + pin + `}`, ErrMalformed},
		"no port":         {`{"address": "h", ` + pin + `}`, ErrMalformed},
		"two profiles":    {`{"address": "h:1", ` + pin + `} {}`, ErrMalformed},
		"too large":       {strings.Repeat(" ", ProfileLimit+1), ErrTooLarge},
	} {
		path := filepath.Join(t.TempDir(), "p.json")
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := LoadProfile(path)
		if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := LoadProfile(filepath.Join(t.TempDir(), "none.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if err := SaveProfile(filepath.Join(t.TempDir(), "p.json"), Profile{Name: "essex"}); !errors.Is(err, ErrMalformed) {
		t.Errorf("saving nothing: %v", err)
	}
}
