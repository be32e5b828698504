package guidance

import (
	"google.golang.org/protobuf/reflect/protoreflect"
)

// known says whether an enum holds a value this software has a name for, other than
// the unspecified one.
func known(e protoreflect.Enum) bool {
	return e.Number() != 0 && e.Descriptor().Values().ByNumber(e.Number()) != nil
}
