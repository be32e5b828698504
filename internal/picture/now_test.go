package picture

import (
	"context"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// What the tests ask without being interrupted.

func combined(in Input) *answersv1.CombinedView {
	view, err := Combined(context.Background(), in)
	return uninterrupted(view, err)
}

func nationalPicture(in Input, unit answersv1.Unit, nation string) *answersv1.NationalPicture {
	pic, err := National(context.Background(), in, unit, nation)
	return uninterrupted(pic, err)
}

func linesNow(in Input) []*answersv1.Line {
	lines, err := Lines(context.Background(), in)
	return uninterrupted(lines, err)
}

func digestNow(in Input) [32]byte {
	digest, err := Digest(context.Background(), in)
	return uninterrupted(digest, err)
}

func uninterrupted[A any](answer A, err error) A {
	if err != nil {
		panic(err)
	}
	return answer
}
