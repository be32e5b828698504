package terminal

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// An invitation that was written to a full disk was an empty file, and a success.
func TestOutputKeepsTheFirstErrorOfWriting(t *testing.T) {
	o := &Output{Writer: full{}}
	for range 2 {
		if _, err := io.WriteString(o, "lmcinvite1:…"); err == nil {
			t.Error("the error is not passed on")
		}
	}
	if o.Err == nil || !strings.Contains(o.Err.Error(), "the answer could not be written: no space left") {
		t.Errorf("Err is %v", o.Err)
	}
	sound := &Output{Writer: io.Discard}
	if _, err := io.WriteString(sound, "answer"); err != nil || sound.Err != nil {
		t.Errorf("%v, %v", err, sound.Err)
	}
}
