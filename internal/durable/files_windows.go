package durable

// OpenFiles is how many files, connections among them, the process may have open at once; 0:
// as many as it likes.
func OpenFiles() int { return 0 }
