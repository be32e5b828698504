package terminal

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// AsTyped is a text in which the commands of this name can be pasted: where the one that runs was
// typed as "./lmcnode", "lmcnode serve" is "./lmcnode serve".
func AsTyped(text, name string) string {
	as := Typed(name)
	if as == name {
		return text
	}
	command := regexp.MustCompile("(^|[\\s(`])" + regexp.QuoteMeta(name) + " ")
	return command.ReplaceAllStringFunc(text, func(found string) string { return strings.Replace(found, name, as, 1) })
}

// Typed is how a command of this name is typed to be the one that runs: its name where that
// finds it, else as it was typed ("./lmcnode"), so that what it says to do next can be pasted.
func Typed(name string) string { return typed(name, os.Args[0]) }

func typed(name, as string) string {
	if strings.TrimSuffix(filepath.Base(as), ".exe") != name || strings.Contains(filepath.ToSlash(as), "/go-build") {
		return name // a test, or go run
	}
	here, err := os.Stat(as)
	if found, lookErr := exec.LookPath(name); err == nil && lookErr == nil {
		if there, err := os.Stat(found); err == nil && os.SameFile(here, there) {
			return name
		}
	}
	return as
}
