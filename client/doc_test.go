package client

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// go doc shows nothing of a type in a package that readers cannot import, so what it is
// stands in the comment of its alias: this keeps the two the same.
func TestCommentsOfAliasesNameEveryField(t *testing.T) {
	comments := commentsOf(t, "client.go", "errors.go", "proof.go")
	for name, typ := range map[string]reflect.Type{
		"Profile": reflect.TypeFor[Profile](), "Violation": reflect.TypeFor[Violation](), "Proved": reflect.TypeFor[Proved](),
	} {
		checkFields(t, comments[name], name, typ)
	}
	for _, part := range []string{"ID", "Checkpoint"} {
		field, _ := reflect.TypeFor[Proved]().FieldByName(part)
		checkFields(t, comments["Proved"], field.Type.Name(), field.Type)
	}
}

func checkFields(t *testing.T, comment, name string, typ reflect.Type) {
	t.Helper()
	_, shown, found := strings.Cut(comment, "type "+name+" struct {")
	shown, _, _ = strings.Cut(shown, "\n\t}")
	if lines := strings.Count(strings.TrimSpace(shown), "\n") + 1; !found || lines != typ.NumField() {
		t.Errorf("the comment shows %d fields of %s, it has %d", lines, name, typ.NumField())
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		want := regexp.MustCompile(`(?m)^\s*` + f.Name + `\s+` + regexp.QuoteMeta(shortType(f.Type)) + `(\s|$)`)
		if !want.MatchString(shown) {
			t.Errorf("the comment of %s does not show %s %s", name, f.Name, shortType(f.Type))
		}
	}
}

// shortType is a type as the comments write it.
func shortType(typ reflect.Type) string {
	return strings.NewReplacer("identity.", "", "ledger.", "", "[]uint8", "[]byte").Replace(typ.String())
}

func commentsOf(t *testing.T, files ...string) map[string]string {
	t.Helper()
	comments := map[string]string{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				comments[g.Specs[0].(*ast.TypeSpec).Name.Name] = g.Doc.Text()
			}
		}
	}
	return comments
}
