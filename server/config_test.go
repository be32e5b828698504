package server

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lmcfed/lmcfed/internal/fault"
)

// A key that was mistyped in node.json was passed over, and what it was to change did not change.
func TestSettingsNameWhatIsWrongWithThem(t *testing.T) {
	for in, want := range map[string]string{
		`{"federation":"trial","office":"essex","keeper":false,"listen":"127.0.0.1:0"}`: "",
		`{"federation":"trial","office":"essex","lisen":"127.0.0.1:0"}`:                 `there is no setting "lisen": did you mean listen?`,
		`{"federation":"trial","office":"essex","colour":"red"}`:                        `there is no setting "colour"`,
		"{\"federation\":\"trial\",\n\"office\":\"essex\" \"x\"}":                       "line 2: invalid character",
		`{"federation":"trial","office":5}`:                                             "office cannot be of the kind number",
		`{"federation":"trial","office":"essex","replica":true}`:                        `there is no setting "replica"`,
		`[]`:                 "all of it cannot be of the kind array",
		``:                   "it was cut short",
		`{"federation":"tri`: "it was cut short",
		`{"federation":"trial","office":"essex","listen":"127.0.0.1:0"} x`:                                        "something stands behind its closing brace",
		`{"federation":"trial","office":"essex","listen":"127.0.0.1:99999"}`:                                      `the address to listen on, "127.0.0.1:99999": the port`,
		`{"federation":"trial","office":"essex","keeper":true,"listen":"127.0.0.1:0"}`:                            "",
		`{"federation":"trial","office":"essex","keeper":true,"listen":"127.0.0.1:0","invitation":"lmcinvite1:"}`: `keeper is true, and there is an invitation`,
		`{"federation":"trial","office":"essex"}`:                                                                 `the address to listen on, "": "" is not HOST:PORT`,
		`{"federation":"Trial","office":"essex","listen":"127.0.0.1:0"}`:                                          `the federation's name, "Trial"`,
		`{"federation":"trial","office":"Essex LMCs","listen":"127.0.0.1:0"}`:                                     `the office's id, "Essex LMCs"`,
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, settingsFile)
		if err := os.WriteFile(path, []byte(in), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := loadSettings(dir)
		switch {
		case want == "" && err == nil:
		case want == "" || !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), path+": "+want) || !strings.Contains(fault.Hint(err), "federation, office, keeper, listen, hosts, invitation, keeper_at and notice"):
			t.Errorf("%s\n got %v (%s)\nwant %s", in, err, fault.Hint(err), want)
		}
	}
}
