// Package e2e holds scripts over both binaries; it has tests only. It knows what a
// clerk, a secretary, an operator and whoever writes an app type and see, and nothing of how it is done.
package e2e
