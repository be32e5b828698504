package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"testing"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	nodev1 "github.com/lmcfed/lmcfed/proto/lmc/node/v1"
)

// Whoever saves pictures and takes nothing holds a page of entries for each: one caller cannot hold every
// place, and another one's picture is saved.
func TestNobodyHoldsEveryPlaceToSaveAPicture(t *testing.T) {
	k := newKeeper(t)
	for i := range 4 {
		noise := make([]byte, 100<<10)
		rand.Read(noise)
		letter := testAdvisory("2021-10-25", refuse, "gpc-england")
		letter.Title, letter.Body, letter.Positions[0].Measure = fmt.Sprint("Letter ", i), hex.EncodeToString(noise), "meetings"
		if i > 0 {
			letter.Replaces = []string{fmt.Sprint("gpc-england/", k.HeldSize("gpc-england")-1)}
		}
		k.mustPublish(fmt.Sprint(i), letter)
	}
	req := &answersv1.SaveNationalPictureRequest{Selector: &answersv1.Selector{Matter: testMatter().Name}, WholeLogs: true}
	flood := k.dial(nil)
	for range 2 * k.budgets.saves {
		if _, err := nodev1.NewNationalServiceClient(flood).SaveNationalPicture(testContext(t), req); err != nil {
			t.Fatal(err)
		}
	}
	await(t, "one connection has every place", func() bool { n, _ := k.doors.saves.Taken(""); return n == k.budgets.saves })
	stream, err := nodev1.NewNationalServiceClient(k.dial(nil)).SaveNationalPicture(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	ended := false
	for {
		resp, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("another gets %v", err)
		}
		ended = resp.GetPart().GetEnd() != nil
	}
	if !ended {
		t.Error("the other's picture has no end")
	}
}
