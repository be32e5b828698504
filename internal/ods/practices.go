package ods

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lmcfed/lmcfed/internal/notation"
)

// The columns of the form that practices, branches and areas share.
const (
	colCode         = 0
	colName         = 1
	colRegion       = 2
	colICB          = 3
	colPostcode     = 9
	colOpened       = 10
	colClosed       = 11
	colStatus       = 12
	colType         = 13
	colCommissioner = 14
	colJoined       = 15
	colLeft         = 16
	colTelephone    = 17
	colSetting      = 25
)

var formColumns = []string{
	"code", "name", "national grouping", "high level health geography",
	"address line 1", "address line 2", "address line 3", "address line 4", "address line 5",
	"postcode", "open date", "close date", "status code", "organisation sub-type code",
	"commissioner or parent", "join date", "left date", "telephone number",
	"column 19", "column 20", "column 21", "amended record indicator", "column 23",
	"provider or purchaser", "column 25", "prescribing setting", "column 27",
}

// Wales is what stands for a region in the rows of Welsh practices.
const Wales = "W00"

// Status is what the files say of a practice.
type Status string

// The statuses there are. Only an active one is open.
const (
	Active   Status = "active"
	Closed   Status = "closed"
	Dormant  Status = "dormant"
	Proposed Status = "proposed"
)

var statuses = map[string]Status{
	"A": Active, "ACTIVE": Active, "C": Closed, "CLOSED": Closed, "INACTIVE": Closed,
	"D": Dormant, "DORMANT": Dormant, "P": Proposed, "PROPOSED": Proposed,
}

// GPPractice is the setting of practices; all others are of what prescribes beside them.
const GPPractice = "GP practice"

// settings are the prescribing settings by number, and by role in newer reports.
var settings = map[string]string{
	"0": "other", "RO72": "other",
	"1": "walk-in centre", "RO87": "walk-in centre",
	"2": "out of hours", "RO80": "out of hours",
	"3": "walk-in centre and out of hours",
	"4": GPPractice, "RO76": GPPractice,
	"8": "public health service", "RO255": "public health service",
	"9": "community health service", "RO247": "community health service",
	"10": "hospital service", "RO250": "hospital service",
	"11": "optometry service", "RO252": "optometry service",
	"12": "urgent and emergency care", "RO259": "urgent and emergency care",
	"13": "hospice", "RO249": "hospice",
	"14": "care home", "RO246": "care home",
	"15": "Border Force", "RO245": "Border Force",
	"16": "young offender institution", "RO260": "young offender institution",
	"17": "secure training centre", "RO257": "secure training centre",
	"18": "secure children's home", "RO256": "secure children's home",
	"19": "immigration removal centre", "RO251": "immigration removal centre",
	"20": "court", "RO248": "court",
	"21": "police custody", "RO254": "police custody",
	"22": "sexual assault referral centre", "RO258": "sexual assault referral centre",
	"24": "justice estate, other", "RO253": "justice estate, other",
	"25": "prison", "RO82": "prison",
	"RO321": "primary care network", "RO323": "pharmacy prescriber pathfinder",
}

// Practice is a row of the file of practices, with what the other files say of it. Some are no
// practices: see GP.
type Practice struct {
	Code, Name, Postcode, Telephone string
	// Opened and Closed are the first and the last day; empty: not known, and not closed.
	Opened, Closed string
	Status         Status
	// Setting says in words what it is: GPPractice, "hospice", "out of hours"; "setting 26" of one that has
	// no word yet. GP is whether it is a GP practice, among others or alone.
	Setting string
	GP      bool
	// Nation is the slug of England or Wales; empty: neither (the Channel Islands, or not said).
	Nation string
	// Commissioner is the sub-ICB location (in Wales the health board) with the days since when and until when;
	// ICB and Region are those of the row, empty in Wales.
	Commissioner Stay
	ICB, Region  string
	// Networks are the PCNs it was or is a core partner of, by code and day.
	Networks []Stay
	Branches []Branch
	// Patients are those registered there, where Counted; else how many is not known.
	Patients int32
	Counted  bool
}

// IsOpen says whether the files have it as open.
func (p *Practice) IsOpen() bool { return p.Status == Active && p.Closed == "" }

// NetworkOn is the PCN it was a core partner of on a day; false: of none.
func (p *Practice) NetworkOn(day string) (notation.Area, bool) {
	for _, s := range slices.Backward(p.Networks) {
		if notation.IsWithin(day, s.From, s.Until) {
			return s.Area, true
		}
	}
	return notation.Area{}, false
}

// AreasOn are the areas that a list can name it by: where it lay is as in its release, but that its PCN is that
// of the day. What is not known of them has no code.
func (p *Practice) AreasOn(day string) []notation.Area {
	network, _ := p.NetworkOn(day)
	return []notation.Area{p.Commissioner.Area, {Scheme: ICB, Code: p.ICB}, {Scheme: Region, Code: p.Region}, network}
}

// Stay is the time that a practice was in an area; empty ends are not known, and not over.
type Stay struct {
	Area        notation.Area
	From, Until string
}

func (s Stay) compare(o Stay) int {
	return cmp.Or(s.Area.Compare(o.Area), cmp.Compare(s.From, o.From), cmp.Compare(s.Until, o.Until))
}

// Branch is a branch surgery.
type Branch struct {
	Code, Parent, Name, Postcode, Telephone string
	Opened, Closed                          string
}

func readPractices(f *File) ([]found[Practice], error) {
	var all []found[Practice]
	return all, f.each(func(r *row) {
		if !r.columns(formColumns) {
			return
		}
		p := Practice{
			Code: r.code(colCode), Name: r.text(colName), Postcode: r.postcode(),
			Telephone: r.text(colTelephone), Setting: r.text(colSetting),
		}
		if p.Name == "" {
			r.fail(colName, "the name is missing")
		}
		p.Opened, p.Closed = r.period(colOpened, colClosed)
		if p.Status = statuses[strings.ToUpper(r.text(colStatus))]; p.Status == "" {
			r.fail(colStatus, "%s is no status: one is A (active), C (closed), D (dormant) or P (proposed)", quoted(r.text(colStatus)))
		}
		p.Setting, p.GP = settingOf(p.Setting)
		if p.GP && !notation.IsPractice(p.Code) {
			r.practice(colCode)
		}
		commissioned(r, &p)
		all = append(all, found[Practice]{f, r.number, p})
	})
}

// commissioned reads where a practice belongs; the region's column says in which nation.
func commissioned(r *row, p *Practice) {
	region := r.codeOrNone(colRegion)
	p.Commissioner.From, p.Commissioner.Until = r.period(colJoined, colLeft)
	code := r.codeOrNone(colCommissioner)
	scheme := SubICB
	switch {
	case region == Wales:
		p.Nation, scheme = "wales", Board
	case strings.HasPrefix(region, "Y"):
		p.Nation, p.Region, p.ICB = "england", region, r.codeOrNone(colICB)
	}
	if code != "" {
		p.Commissioner.Area = notation.Area{Scheme: scheme, Code: code}
	}
}

// settingOf is a prescribing setting in words, and whether it is a GP practice's.
func settingOf(s string) (string, bool) {
	var words []string
	for _, code := range strings.Split(strings.ToUpper(s), "|") {
		word := settings[strings.TrimSpace(code)]
		if word == "" {
			word = strings.TrimSpace("setting " + strings.TrimSpace(code))
		}
		words = append(words, word)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	return strings.Join(words, " and "), slices.Contains(words, GPPractice)
}

func (r *row) postcode() string { return strings.ToUpper(r.text(colPostcode)) }

func readBranches(f *File) ([]found[Branch], error) {
	var all []found[Branch]
	return all, f.each(func(r *row) {
		if !r.columns(formColumns) {
			return
		}
		b := Branch{
			Code: r.code(colCode), Parent: r.code(colCommissioner), Name: r.text(colName),
			Postcode: r.postcode(), Telephone: r.text(colTelephone),
		}
		b.Opened, b.Closed = r.period(colOpened, colClosed)
		all = append(all, found[Branch]{f, r.number, b})
	})
}
