//go:build race

package browser

func init() { withRace = true }
