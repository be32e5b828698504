// Package e2e holds scripts over both binaries; it has tests only. It knows what a
// clerk, a secretary and an operator type and see, and nothing of how it is done.
package e2e
