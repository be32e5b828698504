package guidance

import "github.com/lmcfed/lmcfed/internal/notation"

// Limits of what may be published. Each is tested at the limit and one beyond it.
const (
	MessageLimit      = 256 << 10          // bytes of a whole message, as protocol.md 3 has it for a body
	TitleLimit        = 300                // runes of a title
	TextLimit         = 4096               // bytes of any other text field
	BodyLimit         = 200 << 10          // bytes of an advisory's body
	NameLimit         = notation.SlugLimit // bytes of a slug
	ListLimit         = 64                 // items of any list not named here
	PositionLimit     = 64                 // positions of an advisory
	GroupLimit        = 32                 // groups of a line that are answered; more are counted
	StatementLimit    = 64                 // statements of each list beside a line; more are counted
	StatementsSize    = 64 << 10           // bytes of each such list, but for its first statement
	PositionSizeLimit = 16 << 10           // bytes of one position, which a view has for each committee
	ActionLimit       = 64                 // actions of an advisory
	MeasureLimit      = 64                 // measures of a matter
	TemplateLimit     = 32 << 10           // bytes of an action's template
	SummaryLimit      = 16 << 10           // bytes of a matter's or a report's summary
	AttachmentLimit   = 8 << 20            // bytes of an attachment
	FileNameLimit     = 128                // bytes of an attachment's file name
	DueCountLimit     = 1000               // days, weeks or months from an event
	ViolationLimit    = 100                // violations reported at once
)
