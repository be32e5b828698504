package main

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lmcfed/lmcfed/client"
	"github.com/lmcfed/lmcfed/internal/durable"
	"github.com/lmcfed/lmcfed/internal/fault"
	"github.com/lmcfed/lmcfed/internal/flags"
	"github.com/lmcfed/lmcfed/internal/notation"
	"github.com/lmcfed/lmcfed/internal/ods"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

func areasCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "areas",
		Short: "Put practices and areas into the register from files",
		Long: `areas reads the files in which the NHS publishes its organisations, and the
lists in which offices say which practices belong to which LMC.`,
		Example: `  lmcnode areas skeleton > our-practices.csv
  lmcnode areas import --dir gpc --day 2026-04-30 epraccur.csv eccg.csv`,
		Args: subcommand,
		RunE: help,
	}
	cmd.AddCommand(importCommand(), skeletonCommand())
	return cmd
}

func skeletonCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "skeleton",
		Short:   "Print an office's list of practices to fill in",
		Long:    "skeleton prints a list to fill in, which says what each column is for: which\npractices, or areas, belong to which LMC, and which practices merged.",
		Example: "  lmcnode areas skeleton > our-practices.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(ods.Skeleton())
			return err
		},
	}
}

func importCommand() *cobra.Command {
	var k keeping
	var day string
	var givenBy []string
	cmd := &cobra.Command{
		Use:   "import --dir DIR --day DAY FILE… [--yes]",
		Short: "Record practices and areas from the files of a release",
		Long: `import reads the files of one release, in the form in which they are published:
practices (epraccur.csv), branches, PCNs (ePCN.xlsx), patients registered,
sub-ICB locations, ICBs and regions, Welsh health boards, successions, and the
lists of offices (lmcnode areas skeleton). It knows each by what is in it. The
practices are needed; what the others would say stays as it is without them.

It records what is other than in the register, all or none: of the first release
all, of each next what changed. A release older than one that is recorded is
refused. Practices in no LMC's area, or in those of several, are shown.

A list speaks for the LMCs of the office that gave it. One with rows for LMCs of
several offices needs --given-by; its rows for others are set aside then.`,
		Example: `  lmcnode areas import --dir gpc --day 2026-04-30 epraccur.csv ebranchs.csv \
    ePCN.xlsx gp-reg-pat-prac-all.csv eccg.csv eauth.csv wlhb.csv succ.csv \
    essex.csv croydon.csv
  lmcnode areas import --dir gpc --day 2026-05-29 epraccur.csv --yes --seen 40
  lmcnode areas import --dir gpc --day 2026-05-29 epraccur.csv croydon.csv \
    --given-by croydon.csv=surrey-sussex`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("import needs the files of a release, the practices (epraccur.csv) among them")
			}
			return nil
		},
		PreRunE: func(*cobra.Command, []string) error {
			if day == "" {
				return usage("import needs --day, the day that the files are of: most of them do not say it")
			}
			return flags.ReadDay("--day", &day, usage)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			names := fileNames(args)
			given, err := givenLists(givenBy, names)
			if err != nil {
				return err
			}
			release, err := readRelease(day, args, names)
			if err != nil {
				return err
			}
			return k.recordAll(cmd, func(c *client.Client, reg *answersv1.GetRegisterResponse) ([]*ledgerv1.RegisterRecord, []string, error) {
				known, err := c.Practices(cmd.Context())
				if err != nil {
					return nil, nil, err
				}
				i := newImporting(reg, known, release, given)
				records, err := i.records()
				return records, i.notes, err
			})
		},
	}
	k.flags(cmd)
	cmd.Flags().StringVar(&day, "day", "", "the `DAY` the files are of (2026-04-30 or 30 April 2026)")
	cmd.Flags().StringArrayVar(&givenBy, "given-by", nil, "`FILE=OFFICE`: which office gave a list; may be repeated")
	return cmd
}

// fileNames are how files are called where they are told of, by the path that was typed: by the name alone, and with the
// folder where two have the same, for two offices may call their lists alike.
func fileNames(paths []string) map[string]string {
	alike := map[string]map[string]bool{}
	for _, path := range paths {
		base := filepath.Base(path)
		if alike[base] == nil {
			alike[base] = map[string]bool{}
		}
		alike[base][filepath.Clean(path)] = true
	}
	names := map[string]string{}
	for _, path := range paths {
		names[path] = filepath.Base(path)
		if len(alike[names[path]]) > 1 {
			names[path] = filepath.ToSlash(filepath.Clean(path))
		}
	}
	return names
}

// givenLists is which office gave which list, as it is typed, of files of these names.
func givenLists(typed []string, names map[string]string) (map[string]string, error) {
	given := map[string]string{}
	for _, one := range typed {
		file, office, ok := strings.Cut(one, "=")
		if !ok || file == "" || !notation.IsSlug(office) {
			return nil, usage("--given-by %s: write it as croydon.csv=surrey-sussex, the file and the office's id", one)
		}
		meant := map[string]bool{}
		for path, name := range names {
			if filepath.Clean(path) == filepath.Clean(file) {
				meant = map[string]bool{name: true}
				break
			}
			if filepath.Base(path) == filepath.Base(file) {
				meant[name] = true
			}
		}
		switch called := slices.Sorted(maps.Keys(meant)); {
		case len(called) > 1:
			return nil, usage("--given-by %s: %s are called so: write the one that you mean, with its folder", one, notation.List(called))
		case len(called) == 1:
			file = called[0]
		}
		if before := given[file]; before != "" && before != office {
			return nil, usage("--given-by %s: %s is said to be given by %s, too: one list is of one office", one, file, before)
		}
		given[file] = office
	}
	return given, nil
}

// readRelease reads files, each as what it is by what is in it, and calls them by these names.
func readRelease(day string, paths []string, names map[string]string) (*ods.Release, error) {
	var files []ods.File
	for _, name := range paths {
		file, err := durable.ReadFile(name, ods.PatientsLimit)
		if errors.Is(err, durable.ErrTooLarge) {
			return nil, fault.New(fault.ErrInvalid, fmt.Sprintf("%s: it is larger than %s bytes, which none of the files is", name, notation.Thousands(ods.PatientsLimit)), "check that this is the right file; nothing was recorded")
		}
		if err != nil {
			return nil, err
		}
		kind, ok := ods.KindOf(file)
		if !ok {
			return nil, fault.New(fault.ErrInvalid, name+": it is none of the files that can be read: practices, branches, PCNs, patients registered, areas, successions, or an office's list",
				"take it as it was published, or an office's list as lmcnode areas skeleton begins it; a page of the web saved in its place is not the file")
		}
		one := ods.File{Kind: kind, Name: names[name], Day: day, Bytes: file}
		if kind == ods.PatientsFile {
			one.Day = "" // it says so itself
		}
		files = append(files, one)
	}
	release, err := ods.Read(files...)
	if wrong := (*ods.Error)(nil); err != nil && !errors.As(err, &wrong) {
		return nil, fault.New(fault.ErrInvalid, err.Error(), "nothing was recorded")
	} else if err != nil {
		return nil, fault.New(fault.ErrInvalid, fmt.Sprint(strings.ReplaceAll(err.Error(), "\n", "; ")), "put it right there and read all of them again; nothing was recorded")
	}
	return release, nil
}
