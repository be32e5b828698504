package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/identity"
	"github.com/lmcfed/lmcfed/internal/plain"
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

func newProfile(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "profile",
		Short:   "Save and choose the nodes you talk to",
		GroupID: groupNode,
		Long: "A profile is a node as saved: its address, the pin of its key, and, for an\n" +
			"officer, the key file to show. The pin decides whether the node is the right\n" +
			"one: have it from the office that runs the node.",
		Example: "  lmc profile add essex --address node.example.org:7443 --pin lmcpin1:…\n" +
			"  lmc profile use essex",
		Args: subcommand,
		RunE: help,
	}
	cmd.AddCommand(newProfileAdd(a), newProfileList(a), newProfileUse(a), newProfileShow(a))
	return cmd
}

func newProfileAdd(a *app) *cobra.Command {
	var p client.Profile
	var pin string
	var replace bool
	cmd := &cobra.Command{
		Use:   "add NAME --address HOST:PORT --pin PIN",
		Short: "Save a node; the first one saved is the one in use",
		Example: "  lmc profile add essex --address node.example.org:7443 --pin lmcpin1:…\n" +
			"  lmc profile add essex-officer --address 127.0.0.1:7443 --pin lmcpin1:… \\\n" +
			"    --key essex/keys/officer.key",
		Args: exactly("NAME"),
		RunE: a.does(func(_ context.Context, args []string) (err error) {
			p.Name = args[0]
			if p.Pin, err = client.ParsePin(pin); err != nil {
				return &usageError{fmt.Sprintf("--pin: %v", err), "the node prints its pin when it is initialised and when it starts"}
			}
			if err := a.saveProfile(p, replace); err != nil {
				return err
			}
			return a.savedProfile(p.Name)
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().StringVar(&p.Address, "address", "", "where the node is dialled, `HOST:PORT`")
	cmd.Flags().StringVar(&pin, "pin", "", "the `PIN` of the node's key, lmcpin1:…")
	cmd.Flags().StringVar(&p.KeyFile, "key", "", "the officer key `FILE` to show (only to publish)")
	cmd.Flags().StringVar(&p.Office, "office", "", "the `OFFICE` whose node it is, as a note to yourself")
	cmd.Flags().BoolVar(&replace, "replace", false, "replace a profile of that name")
	must(cmd.MarkFlagRequired("address"))
	must(cmd.MarkFlagRequired("pin"))
	return cmd
}

func newProfileList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the saved profiles",
		Example: "  lmc profile list",
		Args:    cobra.NoArgs,
		RunE: a.does(func(context.Context, []string) error {
			saved, err := savedProfiles()
			if err != nil {
				return err
			}
			if a.json {
				return a.plainJSON(saved)
			}
			if len(saved) == 0 {
				return a.print("no profiles are saved\n" + addHint + "\n")
			}
			return a.print(profileTable(a.page(), saved, currentProfile()))
		}),
	}
}

func newProfileUse(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "use NAME",
		Short:   "Make a saved profile the one in use",
		Example: "  lmc profile use essex",
		Args:    exactly("NAME"),
		RunE: a.does(func(_ context.Context, args []string) error {
			path, err := profilePath(args[0])
			if err != nil {
				return err
			}
			if _, err := loadProfile(path, args[0]); err != nil {
				return err
			}
			if err := setCurrent(args[0]); err != nil {
				return err
			}
			return a.tellProfile(args[0], args[0]+" is the profile in use now")
		}),
		ValidArgsFunction: a.firstArg(a.completeProfiles),
	}
}

// savedProfile says what was saved, and whether it is what will be used.
func (a *app) savedProfile(name string) error {
	words := fmt.Sprintf("saved %s; it is the profile in use", name)
	if used := currentProfile(); used != name {
		words = fmt.Sprintf("saved %s; the profile in use is still %s: lmc profile use %s changes that", name, used, name)
	}
	return a.tellProfile(name, words)
}

// tellProfile answers with words, or with the profile as JSON.
func (a *app) tellProfile(name, words string) error {
	if !a.json {
		return a.print(words + "\n")
	}
	path, err := profilePath(name)
	if err != nil {
		return err
	}
	p, err := loadProfile(path, name)
	if err != nil {
		return err
	}
	return a.plainJSON(p)
}

func newProfileShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "show [NAME]",
		Short:   "Show a profile; without a name the one that would be used",
		Example: "  lmc profile show",
		Args:    cobra.MaximumNArgs(1),
		RunE: a.does(func(_ context.Context, args []string) error {
			if len(args) == 1 {
				a.profile = args[0]
			}
			p, err := a.chosen()
			if err != nil {
				return err
			}
			if a.json {
				return a.plainJSON(p)
			}
			return a.print(profilePage(a.page(), p))
		}),
		ValidArgsFunction: a.firstArg(a.completeProfiles),
	}
}

func profileTable(p *plain.Page, saved []client.Profile, current string) string {
	t := plain.NewTable("NAME", "", "ADDRESS", "OFFICE", "KEY")
	for _, s := range saved {
		mark, key := "", ""
		if s.Name == current {
			mark = "in use"
		}
		if s.KeyFile != "" {
			key = filepath.Base(s.KeyFile)
		}
		t.Add(s.Name, mark, s.Address, s.Office, key)
	}
	p.Table(0, t)
	return p.String()
}

func profilePage(p *plain.Page, s client.Profile) string {
	t := plain.NewTable()
	t.Add("name", s.Name)
	t.Add("address", s.Address)
	t.Add("pin", s.Pin.String())
	if s.Office != "" {
		t.Add("office", s.Office)
	}
	if s.KeyFile != "" {
		t.Add("key", s.KeyFile)
	}
	p.Table(0, t)
	return p.String()
}

// chosen is the profile to use: --profile, else $LMC_PROFILE, else the one in use,
// else the only one there is.
func (a *app) chosen() (client.Profile, error) {
	name := a.profile
	if name == "" {
		name = os.Getenv("LMC_PROFILE")
	}
	if name == "" {
		name = currentProfile()
	}
	if name == "" {
		return onlyProfile()
	}
	if isFile(name) {
		return loadProfile(name, name)
	}
	path, err := profilePath(name)
	if err != nil {
		return client.Profile{}, err
	}
	return loadProfile(path, name)
}

// isFile says whether a profile is named by its file rather than its name.
func isFile(name string) bool {
	return strings.ContainsRune(name, filepath.Separator) || strings.Contains(name, "/") || strings.HasSuffix(name, profileExt)
}

func onlyProfile() (client.Profile, error) {
	saved, err := savedProfiles()
	if err != nil {
		return client.Profile{}, err
	}
	switch len(saved) {
	case 0:
		return client.Profile{}, withHint(errors.New("no node to ask: no profile is saved"), addHint)
	case 1:
		return saved[0], nil
	}
	return client.Profile{}, withHint(errors.New("no node to ask: several profiles are saved and none is in use"),
		"choose one: lmc profile use NAME, or --profile NAME")
}

// loadProfile reads the profile at path, which the user called name.
func loadProfile(path, name string) (client.Profile, error) {
	p, err := client.LoadProfile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, withHint(fmt.Errorf("there is no profile %q (looked for %s)", name, path),
			"lmc profile list shows what is saved; "+addHint)
	}
	if err != nil {
		return p, fmt.Errorf("reading profile %s: %w", name, err)
	}
	p.KeyFile = besideProfile(path, p.KeyFile)
	return p, nil
}

// besideProfile finds a key file that is named relative to the profile's own folder,
// so that the two can be moved together.
func besideProfile(profile, keyFile string) string {
	if keyFile == "" || filepath.IsAbs(keyFile) {
		return keyFile
	}
	return filepath.Join(filepath.Dir(profile), keyFile)
}

// saveProfile writes a new profile and puts the first one ever in use.
func (a *app) saveProfile(p client.Profile, replace bool) error {
	path, err := profilePath(p.Name)
	if err != nil {
		return err
	}
	if p.KeyFile, err = checkedKey(p.KeyFile); err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil && !replace {
		return withHint(fmt.Errorf("a profile %q exists already, at %s", p.Name, path), "choose another name, or add --replace")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("saving profile %s: %w", p.Name, err)
	}
	if err := identity.SaveProfile(path, p); err != nil {
		return fmt.Errorf("saving profile %s: %w", p.Name, err)
	}
	if currentProfile() != "" {
		return nil
	}
	return setCurrent(p.Name)
}

// checkedKey is the absolute path of an officer key that can be read.
func checkedKey(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	if _, err := identity.LoadKey(file); err != nil {
		return "", fmt.Errorf("--key: %w", err)
	}
	return filepath.Abs(file)
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
	b, err := os.ReadFile(filepath.Join(dir, currentFile))
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

func configDir() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", withHint(fmt.Errorf("finding your configuration folder: %w", err), "set $HOME, or name a file: --profile FILE")
	}
	return filepath.Join(dir, "lmc"), nil
}

// profileName is what a profile may be called: it becomes a file name.
var profileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

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

// plainJSON prints what is no message of the node as JSON.
func (a *app) plainJSON(v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the answer as JSON: %w", err)
	}
	_, err = a.stdout.Write(append(plain.EscapeJSON(b), '\n'))
	return err
}
