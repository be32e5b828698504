package wire

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

// JSON is err as a program has it over HTTP: code, message and details, as Connect writes an error. A status stays as it
// is.
func JSON(err error) []byte {
	st, ok := status.FromError(err)
	if !ok {
		st, _ = status.FromError(Status(err))
	}
	type detail struct {
		Type  string          `json:"type"`
		Value string          `json:"value"`
		Debug json.RawMessage `json:"debug,omitempty"`
	}
	all := struct {
		Code    string   `json:"code"`
		Message string   `json:"message,omitempty"`
		Details []detail `json:"details,omitempty"`
	}{strings.ReplaceAll(strings.ToLower(code.Code(st.Code()).String()), "cancelled", "canceled"), st.Message(), nil}
	for _, d := range st.Proto().GetDetails() {
		debug, _ := protojson.Marshal(d) // the three kinds of details are known here
		var fields map[string]any
		if json.Unmarshal(debug, &fields) == nil {
			delete(fields, "@type")
			debug, _ = json.Marshal(fields)
		}
		all.Details = append(all.Details, detail{string(d.MessageName()), base64.RawStdEncoding.EncodeToString(d.GetValue()), debug})
	}
	b, _ := json.Marshal(all) // of words alone
	return b
}
