//go:build !linux

package durable

import "os"

// SyncData makes what a file of unchanged length holds durable.
func SyncData(f *os.File) error { return f.Sync() }
