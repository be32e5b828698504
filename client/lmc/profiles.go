package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/identity"
)

// Where profiles are kept, under the user's configuration folder:
//
//	lmc/profiles/essex.json   one node: address, pin, officer key file, office
//	lmc/current               the name of the one in use
const (
	profileDir  = "profiles"
	profileExt  = ".json"
	currentFile = "current"
)

const addHint = "save one: lmc profile add NAME --address HOST:PORT --pin lmcpin1:…"

// profileName is what a profile may be called: it becomes a file name.
var profileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// chosen is the profile to use: --profile, else $LMC_PROFILE, else the one in use,
// else the only one there is.
func (a *app) chosen() (client.Profile, error) {
	name := cmp.Or(a.profile, os.Getenv("LMC_PROFILE"), currentProfile())
	if name == "" {
		saved, err := savedProfiles()
		switch {
		case err != nil:
			return client.Profile{}, err
		case len(saved) == 0:
			return client.Profile{}, withHint(errors.New("no node to ask: no profile is saved"), addHint)
		case len(saved) == 1:
			return saved[0], nil
		}
		return client.Profile{}, withHint(errors.New("no node to ask: several profiles are saved and none is in use"),
			"choose one: lmc profile use NAME, or --profile NAME")
	}
	// A file is named with its folder, or by its ending.
	if strings.ContainsRune(name, filepath.Separator) || strings.Contains(name, "/") || strings.HasSuffix(name, profileExt) {
		return loadProfile(name, name)
	}
	path, err := profilePath(name)
	if err != nil {
		return client.Profile{}, err
	}
	return loadProfile(path, name)
}

// loadProfile reads the profile at path, which the user called name. A key file may be
// named relative to the profile's own folder, so that the two can be moved together.
func loadProfile(path, name string) (client.Profile, error) {
	p, err := client.LoadProfile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, withHint(fmt.Errorf("there is no profile %q (looked for %s)", name, path),
			"lmc profile list shows what is saved; "+addHint)
	}
	if err != nil {
		return p, fmt.Errorf("reading profile %s: %w", name, err)
	}
	if p.KeyFile != "" && !filepath.IsAbs(p.KeyFile) {
		p.KeyFile = filepath.Join(filepath.Dir(path), p.KeyFile)
	}
	return p, nil
}

func savedProfiles() ([]client.Profile, error) {
	dir, err := configDir()
	if err != nil {
		return nil, err
	}
	files, err := os.ReadDir(filepath.Join(dir, profileDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing profiles: %w", err)
	}
	saved := []client.Profile{}
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), profileExt)
		if !ok {
			continue
		}
		p, err := loadProfile(filepath.Join(dir, profileDir, f.Name()), name)
		if err != nil {
			return nil, err
		}
		saved = append(saved, p)
	}
	return saved, nil
}

// currentProfile is the name of the profile in use, or "".
func currentProfile() string {
	dir, err := configDir()
	if err != nil {
		return ""
	}
	b, err := durable.ReadFile(filepath.Join(dir, currentFile), identity.ProfileLimit)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func setCurrent(name string) error {
	dir, err := configDir()
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(dir, currentFile), []byte(name+"\n"))
}

func profilePath(name string) (string, error) {
	if !profileName.MatchString(name) {
		return "", usage("use letters, digits, dots and hyphens; a file is named with its folder: ./node.json",
			"%q is no name for a profile", name)
	}
	dir, err := configDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, profileDir, name+profileExt), nil
}

func configDir() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", withHint(fmt.Errorf("finding your configuration folder: %w", err), "set $HOME, or name a file: --profile FILE")
	}
	return filepath.Join(dir, "lmc"), nil
}
