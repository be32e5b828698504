package picture

import (
	"context"
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// What a reader is told of their own committees, and of the national one, is what the view tells, for
// whomever it was asked before.
func TestWhatAReaderIsToldAloneIsWhatTheViewTells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCountry(t, true, true)
		in := c.input()
		in.Said = NewSaid(context.Background(), in.Matter, in.Entries, in.Register)
		for i := range fairly(1, 2).Draw(t, "own") {
			in.Own = append(in.Own, fmt.Sprint("c", (i+rapid.IntRange(0, len(c.covers)-1).Draw(t, "first"))%len(c.covers)))
		}
		if len(c.practices) > 0 {
			in.Practice = fairly(c.practices...).Draw(t, "practice").code
		}
		before := combined(in)
		alone, err := OwnView(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		after := combined(in)
		if !proto.Equal(before, after) {
			t.Fatal("the view is another after the reader was told alone")
		}
		own := 0
		for _, one := range before.Committees {
			if one.Own {
				if own == len(alone.Committees) || !proto.Equal(one, alone.Committees[own]) {
					t.Fatalf("alone it is told %v, and in the view %v", alone.Committees, one)
				}
				own++
			}
		}
		if own != len(alone.Committees) || len(alone.OtherBodies)+len(alone.OtherNations) > 0 {
			t.Fatalf("alone it is told of %d committees and of others, want %d", len(alone.Committees), own)
		}
		national := proto.CloneOf(alone.National)
		if national != nil {
			for _, line := range national.Measures {
				asked := in
				asked.Measure = line.Measure
				if on := combined(asked).National.GetHeadline(); !proto.Equal(on, line) && line.Audience == on.GetAudience() {
					t.Fatalf("on %s the national line is %v, and in the view %v", line.Measure, line, on)
				}
			}
			national.Measures = nil
		}
		if !proto.Equal(national, before.National) {
			t.Fatalf("alone the national line is %v, and in the view %v", national, before.National)
		}
		for i := range before.Deadlines {
			if !proto.Equal(before.Deadlines[i], alone.Deadlines[i]) {
				t.Fatal("the deadlines are others")
			}
		}
	})
}

func TestTheSoonestDayForPractices(t *testing.T) {
	due := func(day string) *v1.Due { return &v1.Due{When: &v1.Due_Day{Day: day}} }
	practices, lmcs := []v1.Audience{v1.Audience_AUDIENCE_GP_PARTNERS}, []v1.Audience{v1.Audience_AUDIENCE_LMCS}
	view := &answersv1.CombinedView{AsOf: "2021-10-28", Matter: &v1.Matter{Measures: []*v1.Measure{
		{AddressedTo: lmcs, Deadlines: []*v1.Deadline{{Due: due("2021-10-29")}}},
		{AddressedTo: practices, Deadlines: []*v1.Deadline{{Due: due("2021-10-27")}, {Due: due("2021-11-05")}, {Due: due("2021-11-01"), AddressedTo: lmcs}}},
	}}, Committees: []*answersv1.CommitteeView{{Headline: &answersv1.Line{}}}}
	check := func(want string) {
		t.Helper()
		if got := DueDay(view); got != want {
			t.Errorf("it is %q, want %q", got, want)
		}
	}
	check("2021-11-05")
	line := view.Committees[0].Headline
	line.Groups = []*answersv1.Line{{Actions: []*v1.Action{{Due: due("2021-11-04")}, {Due: due("2021-10-28"), Actors: lmcs}}}}
	check("2021-11-04")
	line.AlsoAsked = []*answersv1.StandingRequest{{Action: &v1.Action{Due: due("2021-10-28"), Actors: practices}}}
	check("2021-10-28")
	view.AsOf = "2021-11-06"
	check("")
}
