// Package version knows which version of this software is running, as both commands and
// a node's status tell it. It does not know the versions of anything that is exchanged.
package version

import "runtime/debug"

// Software is the version this binary was built from; where it was built from a
// checkout, it ends with the commit.
func Software() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(development)"
	}
	return info.Main.Version
}
