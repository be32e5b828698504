package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

// A committee of the register is a body too, and needs no record as one.
var (
	bodyKindWords = []string{"nhs-body", "government", "commissioner"}
	bodyKinds     = map[string]guidancev1.BodyKind{
		"nhs-body":     guidancev1.BodyKind_BODY_KIND_NHS_BODY,
		"government":   guidancev1.BodyKind_BODY_KIND_GOVERNMENT,
		"commissioner": guidancev1.BodyKind_BODY_KIND_COMMISSIONER,
	}
)

func bodyCommand() *cobra.Command {
	var k keeping
	var name, kind, until string
	var aliases, notAliases, successors, notSuccessors []string
	cmd := &cobra.Command{
		Use:   "body ID --dir DIR [--yes]",
		Short: "Add a body that proposes things, or change what is recorded of it",
		Long: `body adds a body that proposes things to practices, or changes what is recorded
of it: what is not named stays as it is. A committee of the register may propose
things as it is, and is not added as a body.

A body that ceases is given its last day with --until, and what took its place
with each --successor: a body or committee that is in the register before. Who
reads of what it proposed is told so from the day after.`,
		Example: `  lmcnode register body nhs-england --dir gpc --name "NHS England" \
    --kind nhs-body --alias NHSE --yes
  lmcnode register body nhs-england --dir gpc --alias "NHS England, NHSE"
  lmcnode register body surrey-icb --dir gpc --name "NHS Surrey ICB" \
    --kind commissioner --yes
  lmcnode register body surrey-ccg --dir gpc --until 2022-06-30 \
    --successor surrey-icb`,
		Args: exactly("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkOneOf("--kind", kind, bodyKindWords); err != nil {
				return err
			}
			last, err := dayOr("--until", until, "open")
			if err != nil {
				return err
			}
			return k.record(cmd, func(reg *answersv1.GetRegisterResponse) (_ *ledgerv1.RegisterRecord, err error) {
				b := &guidancev1.Body{Id: args[0]}
				if i := slices.IndexFunc(reg.Bodies, func(b *guidancev1.Body) bool { return b.Id == args[0] }); i >= 0 {
					b = proto.CloneOf(reg.Bodies[i])
				} else if _, taken := committeeNames(reg)[args[0]]; taken {
					return nil, usage("%s is a committee of the register, and may propose things as it is", args[0])
				} else if err := bodyNames(reg).checkNew("body", args[0], name, k.isNew); err != nil {
					return nil, err
				} else if name == "" || kind == "" {
					return nil, usage("%s is new: say --name and --kind", args[0])
				}
				b.Name = cmp.Or(name, b.Name)
				if kind != "" {
					b.Kind = bodyKinds[kind]
				}
				if until != "" {
					b.ValidUntil = last
				}
				if b.Aliases, err = edited("alias", b.Aliases, aliases, notAliases); err != nil {
					return nil, err
				}
				proposers := bodyNames(reg)
				maps.Copy(proposers, committeeNames(reg))
				for _, later := range successors {
					if later == args[0] {
						return nil, usage("%s cannot take its own place", later)
					}
					if err := proposers.check("body or committee", later); err != nil {
						return nil, err
					}
				}
				b.Successors, err = edited("successor", b.Successors, successors, notSuccessors)
				return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Body{Body: b}}, err
			})
		},
	}
	k.flags(cmd)
	newFlag(cmd, &k.isNew)
	f := cmd.Flags()
	f.StringVar(&name, "name", "", "its `NAME`")
	f.StringVar(&kind, "kind", "", "`KIND`: "+strings.Join(bodyKindWords, ", "))
	f.StringArrayVar(&aliases, "alias", nil, "another `NAME` of it; may be repeated")
	f.StringArrayVar(&notAliases, "no-alias", nil, "take out another `NAME`; may be repeated")
	f.StringVar(&until, "until", "", "the last `DAY` there is such a body (2022-06-30 or 30 June 2022), or open")
	f.StringArrayVar(&successors, "successor", nil, "`ID` of a body or committee that took its place; may be repeated")
	f.StringArrayVar(&notSuccessors, "no-successor", nil, "take out a successor's `ID`; may be repeated")
	return cmd
}
