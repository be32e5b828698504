package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is one small fault: in a file, what stands from start to end is written otherwise.
type mutant struct {
	name       string // of a named one: what it does
	pkg, run   string // of a control: the tests that must notice; else those of its package
	file       string // from the module's root
	start, end int
	line, col  int
	from, to   string
}

func (m mutant) String() string {
	short := func(s string) string {
		if s = strings.Join(strings.Fields(s), " "); len(s) > 100 {
			s = s[:100] + " …"
		}
		return "`" + s + "`"
	}
	if m.name != "" {
		return fmt.Sprintf("%s:%d: %s", m.file, m.line, m.name)
	}
	return fmt.Sprintf("%s:%d:%d: %s becomes %s", m.file, m.line, m.col, short(m.from), short(m.to))
}

// in is the file with the fault in it.
func (m mutant) in(src []byte) []byte {
	return slices.Concat(src[:m.start], []byte(m.to), src[m.end:])
}

// otherwise is what an operator, a name or a literal is taken for.
var otherwise = map[string][]string{
	"&&": {"||"}, "||": {"&&"}, "==": {"!="}, "!=": {"=="},
	"<": {"<=", ">="}, "<=": {"<", ">"}, ">": {">=", "<="}, ">=": {">", "<"},
	"+": {"-"}, "-": {"+"}, "1": {"0"}, "2": {"1"}, "true": {"false"}, "false": {"true"},
	"min": {"max"}, "max": {"min"}, "MinFunc": {"MaxFunc"}, "DayAfter": {"DayBefore"}, "DayBefore": {"DayAfter"},
	"earliest": {"latest"}, "latest": {"earliest"}, "GetEarliest": {"GetLatest"}, "GetLatest": {"GetEarliest"},
	"from": {"until"}, "until": {"from"}, "GetValidFrom": {"GetValidUntil"}, "GetValidUntil": {"GetValidFrom"},
}

// aFixedDay is put in place of a day that is given to a function, as are the other days
// that may be in scope.
const aFixedDay = `"2021-10-05"`

var days = map[string][]string{
	"q.day": {aFixedDay, "s.issued.latest"}, "s.issued.latest": {aFixedDay, "q.day"}, "y.issued.latest": {aFixedDay, "q.day"},
	"day": {aFixedDay}, "asked(day)": {aFixedDay}, "r.in.AsOf": {aFixedDay},
}

// mutantsOf are all mutants of a file, always in the same order.
func mutantsOf(root, file string) ([]mutant, error) {
	src, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, file, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var all []mutant
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	text := func(n ast.Node) string { return string(src[offset(n.Pos()):offset(n.End())]) }
	write := func(at token.Pos, from, to string) {
		all = append(all, mutant{file: file, start: offset(at), end: offset(at) + len(from), line: fset.Position(at).Line, col: fset.Position(at).Column, from: from, to: to})
	}
	never := func(e ast.Expr) { write(e.Pos(), text(e), "false && ("+text(e)+")") }
	dropped := func(list []ast.Stmt) {
		for _, s := range list {
			switch s := s.(type) {
			case *ast.AssignStmt:
				if s.Tok != token.DEFINE {
					write(s.Pos(), text(s), "")
				}
			case *ast.ReturnStmt:
				if len(s.Results) == 0 {
					write(s.Pos(), text(s), "")
				}
			case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt:
				write(s.Pos(), text(s), "")
			}
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field:
			return false
		case *ast.BinaryExpr:
			for _, to := range otherwise[n.Op.String()] {
				write(n.OpPos, n.Op.String(), to)
			}
		case *ast.UnaryExpr:
			if n.Op == token.NOT {
				write(n.OpPos, "!", "")
			}
		case *ast.IfStmt:
			if strings.Contains(text(n.Cond), "stopped()") || strings.Contains(text(n.Cond), "ctx.Err()") {
				return false // only when nobody waits any more for the answer
			}
			never(n.Cond)
			if compares, ok := n.Cond.(*ast.BinaryExpr); ok && (compares.Op == token.LAND || compares.Op == token.LOR) {
				write(n.Cond.Pos(), text(n.Cond), "!("+text(n.Cond)+")")
			}
		case *ast.BlockStmt:
			if len(n.List) > 1 { // without its only one, it is as if the condition never held
				dropped(n.List)
			}
		case *ast.SwitchStmt:
			for _, s := range n.Body.List {
				clause := s.(*ast.CaseClause)
				dropped(clause.Body)
				switch {
				case n.Tag != nil && clause.List != nil:
					write(clause.Pos(), text(clause), "")
				case n.Tag == nil:
					for _, e := range clause.List {
						never(e)
					}
				}
			}
		case *ast.CallExpr:
			for _, arg := range n.Args {
				for _, to := range days[text(arg)] {
					write(arg.Pos(), text(arg), to)
				}
			}
		case *ast.SelectorExpr:
			for _, to := range otherwise[n.Sel.Name] {
				write(n.Sel.Pos(), n.Sel.Name, to)
			}
		case *ast.Ident:
			if slices.Contains([]string{"true", "false", "min", "max"}, n.Name) {
				write(n.Pos(), n.Name, otherwise[n.Name][0])
			}
		case *ast.BasicLit:
			if n.Kind == token.INT && otherwise[n.Value] != nil {
				write(n.Pos(), n.Value, otherwise[n.Value][0])
			}
		case *ast.IndexExpr:
			if text(n.Index) == "0" {
				write(n.Index.Pos(), "0", "len("+text(n.X)+")-1")
			}
		}
		return true
	})
	return all, nil
}
