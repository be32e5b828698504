package durable

import "os"

// Unlock gives up the lock that a file was opened under and closes it.
func Unlock(f *os.File) { _ = f.Close() }
