package main

import (
	"fmt"

	"github.com/spf13/cobra"

	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	"github.com/lmcfed/lmcfed/server"
)

func contactCommand() *cobra.Command {
	var dir, telephone, email, page string
	cmd := &cobra.Command{
		Use:   "contact --dir DIR",
		Short: "Change whom readers of your office's letters are told to ring",
		Long: `contact signs your office's own record anew, with another telephone number,
e-mail address or page: only the office itself can say how it is reached. What
is not named stays; "none" takes it out. It counts when the keeper's office has
admitted the record again.`,
		Example: `  lmcnode register contact --dir essex --telephone "01632 960000"
  lmcnode register admit --dir gpc essex/office.record --no-committees`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case dir == "":
				return usage("contact needs --dir, the folder of your office's node")
			case telephone+email+page == "":
				return usage("contact needs --telephone, --email or --url")
			}
			file, changed, err := server.ChangeContact(dir, func(c *guidancev1.Contact) {
				for _, one := range []struct {
					said string
					is   *string
				}{{telephone, &c.Telephone}, {email, &c.Email}, {page, &c.Url}} {
					switch one.said {
					case "":
					case "none":
						*one.is = ""
					default:
						*one.is = one.said
					}
				}
			})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if !changed {
				_, err = fmt.Fprintf(out, "The record says so already: %s was left as it is.\n", file)
				return err
			}
			_, err = fmt.Fprintf(out, "Signed anew: %s. It holds no secret. Next:\n  Send it to the office that keeps the register, which admits it again:\n  lmcnode register admit --dir KEEPER %s --no-committees --yes\n", file, quoted(file))
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "dir", "", "`DIR` of your office's node")
	f.StringVar(&telephone, "telephone", "", "the office's telephone `NUMBER`, or none")
	f.StringVar(&email, "email", "", "the office's e-mail `ADDRESS`, or none")
	f.StringVar(&page, "url", "", "`URL` of the office's public page, or none")
	return cmd
}
