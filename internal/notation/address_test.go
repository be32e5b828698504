package notation

import (
	"strings"
	"testing"
)

// 0.0.0.0, :7500, port 0 and a name with a blank were signed, and an office with such a node was
// dialled by nobody, or dialled itself.
func TestOnlyWhatOthersCanDialIsAnAddress(t *testing.T) {
	long := strings.Repeat(strings.Repeat("a", 62)+".", 3) + strings.Repeat("b", 64-2)
	for address, want := range map[string]string{
		"node.kent.example:7443": "", "NODE.kent.example.:1": "", "localhost:65535": "", "10.1.2.3:7443": "", "[2001:db8::1]:7443": "", "127.0.0.1:7500": "", long + ":65535": "",
		"255.255.255.254:1": "", "[::ffff:10.1.2.3]:1": "",
		"":                                      "is not HOST:PORT",
		"node.kent.example":                     "is not HOST:PORT",
		"2001:db8::1:7443":                      "is not HOST:PORT",
		":7500":                                 "names no host",
		"0.0.0.0:7500":                          "every address of a machine",
		"[::]:7500":                             "every address of a machine",
		"[fe80::1%eth0]:7500":                   "has a zone",
		"224.0.0.1:7500":                        "of many machines",
		"[::ffff:0.0.0.0]:7443":                 "every address of a machine",
		"[::ffff:224.0.0.1]:7443":               "of many machines",
		"255.255.255.255:7443":                  "of many machines",
		"[::ffff:255.255.255.255]:7443":         "of many machines",
		"localhost:0":                           `the port "0"`,
		"x:99999":                               `the port "99999"`,
		"x:":                                    `the port ""`,
		"x:+1":                                  `the port "+1"`,
		"x:007":                                 `the port "007"`,
		"x:http":                                `the port "http"`,
		"node example:7443":                     "is no host's name",
		"-x.example:1":                          "is no host's name",
		"a..b:1":                                "is no host's name",
		"bücher.example:1":                      "is no host's name",
		"1.2.3.999:1":                           "is no address and no host's name",
		strings.Repeat("a", 64) + ":1":          "is no host's name",
		strings.Repeat("a.", 150) + "example:1": "at most 259",
	} {
		err := CheckAddress(address)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
}

// --listen x:99999 and a host of 300 characters made a node that could never be served.
func TestOnlyWhatAMachineCanListenOnIsListenedOn(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:0": "", ":7443": "", "0.0.0.0:7443": "", "[::]:7443": "", "[fe80::1]:7443": "", "localhost:65535": "", "node.kent.example:1": "",
		"":                              "is not HOST:PORT",
		"nonsense":                      "is not HOST:PORT",
		"x:65536":                       `the port "65536"`,
		"x:-1":                          `the port "-1"`,
		"[::1%lo]:7443":                 "has a zone",
		"x:http":                        `the port "http"`,
		"node example:1":                "is no host's name",
		strings.Repeat("a", 300) + ":1": "at most 259",
	} {
		err := CheckListen(address)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
}

func TestAnAddressToListenOnIsShownAsOneToDial(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:7443": "127.0.0.1:7443", "node.example.org:7443": "node.example.org:7443", "[2001:db8::1]:7443": "[2001:db8::1]:7443",
		":7443": "HOST:7443", "0.0.0.0:7443": "HOST:7443", "[::]:7443": "HOST:7443", "localhost:0": "localhost:PORT", "nonsense": "nonsense",
	} {
		if got := Dialled(address); got != want {
			t.Errorf("Dialled(%q) = %s, want %s", address, got, want)
		}
	}
}
