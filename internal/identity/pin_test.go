package identity

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPinParsesOnlyAsPrinted(t *testing.T) {
	good := PinOf(testPublic(1)).String()
	if pin, err := ParsePin(good); err != nil || pin != PinOf(testPublic(1)) || len(good) != len("lmcpin1:")+52 {
		t.Fatalf("%s: %v, %v", good, pin, err)
	}
	for name, c := range map[string]struct {
		s    string
		want error
	}{
		"nothing":         {"", ErrMalformed},
		"no prefix":       {good[len(pinPrefix):], ErrMalformed},
		"another version": {strings.Replace(good, "lmcpin1", "lmcpin2", 1), ErrMalformed},
		"one short":       {good[:len(good)-1], ErrTruncated},
		"half":            {good[:20], ErrTruncated},
		"one long":        {good + "a", ErrMalformed},
		"upper case":      {pinPrefix + strings.ToUpper(good[len(pinPrefix):]), ErrMalformed},
		"not base32":      {good[:len(good)-2] + "1" + good[len(good)-1:], ErrMalformed},
		"spare bits set":  {good[:len(good)-1] + "b", ErrMalformed},
		"a space":         {good + " ", ErrMalformed},
	} {
		if pin, err := ParsePin(c.s); !errors.Is(err, c.want) || pin != (Pin{}) {
			t.Errorf("%s: %v, %v", name, pin, err)
		}
	}
}

func TestPinSurvivesItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pin, read Pin
		copy(pin[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "pin"))
		text, err := pin.MarshalText()
		if err != nil || read.UnmarshalText(text) != nil || read != pin {
			t.Fatalf("%s, %v", text, err)
		}
	})
}

// The examples of the paper that defines proquints.
func TestProquintsAreThoseOfThePaper(t *testing.T) {
	for v, want := range map[uint16]string{0x7f00: "lusab", 0x0001: "babad", 0x3f54: "gutih", 0xdcc1: "tugad", 0xffff: "zuzuz"} {
		if got := proquint(v); got != want {
			t.Errorf("%#x spells %q, want %q", v, got, want)
		}
	}
}

func TestFingerprintIsSixWordsToReadOut(t *testing.T) {
	words := regexp.MustCompile(`^([bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]( |$)){6}$`)
	a, b := Fingerprint(testPublic(1)), Fingerprint(testPublic(2))
	if !words.MatchString(a) || a == b || a != Fingerprint(testPublic(1)) {
		t.Errorf("fingerprints %q and %q", a, b)
	}
}

func FuzzParsePin(f *testing.F) {
	good := PinOf(testPublic(1)).String()
	f.Add(good)
	f.Add(good[:len(good)-1] + "b")
	f.Add(pinPrefix)
	f.Fuzz(func(t *testing.T, s string) {
		if pin, err := ParsePin(s); err == nil && pin.String() != s {
			t.Errorf("%q prints as %q", s, pin)
		}
	})
}
