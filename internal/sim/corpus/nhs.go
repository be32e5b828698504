package corpus

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/lmcfed/lmcfed/internal/ods"
)

// How large the organisations of the NHS are, as far as practices are concerned.
const (
	NHSPractices = 6600 // GP practices that are open at the beginning, those of Wales among them
	NHSSubICBs   = 106
	welsh        = 398
	otherSites   = 5300 // prescribing cost centres that are no practices
	longClosed   = 3400
	branches     = 5000
	networks     = 1300

	// each month
	opening, closing, merging, moving, renaming = 2, 8, 6, 3, 10
)

// NHS makes the files of monthly releases in their published forms, the first of January 2026:
// practices open, close, merge, move and are renamed, patients come and go, and in April 2026 the
// 42 integrated care boards become 36. All practices, branches and PCNs are invented, which their codes
// and names say: no real code of a practice begins with X.
func NHS(seed uint64, releases int) [][]ods.File {
	n := newNHS(seed)
	var all [][]ods.File
	for month := range releases {
		day := time.Date(2026, time.January+time.Month(month), 1, 0, 0, 0, 0, time.UTC)
		if month > 0 {
			n.pass(day)
		}
		all = append(all, n.files(day))
	}
	return all
}

// practice is a row of the file of practices that is being made.
type practice struct {
	code, name, region, icb, postcode string
	opened, closed, status, setting   string
	area, joined, network, tookOver   string
	branches, patients                int
}

type subICB struct{ code, icb, region string }

type nhs struct {
	random    *rand.Rand
	practices []*practice
	open      []*practice // GP practices of England
	subICBs   []*subICB
	boards    map[string]string // what is of them open, and their region
	ended     []board
}

func newNHS(seed uint64) *nhs {
	n := &nhs{random: rand.New(rand.NewPCG(seed, 9)), boards: map[string]string{}}
	for _, b := range boards {
		n.boards[b.code] = b.region
		for range max(1, len(b.into)) {
			n.addSubICB(b)
		}
	}
	for i := 0; len(n.subICBs) < NHSSubICBs; i++ {
		if b := boards[i%len(boards)]; b.practices > 100 {
			n.addSubICB(b)
		}
	}
	for range NHSPractices - welsh {
		n.openPractice("19740401")
	}
	for i := range welsh {
		p := n.add("19740401", "4")
		p.region, p.icb, p.area = ods.Wales, "Q99", fmt.Sprintf("7A%d", 1+i%7)
	}
	others := []string{"0", "1", "2", "8", "9", "10", "12", "13", "14", "25"}
	for i := range otherSites {
		n.within(n.add("20010401", others[i%len(others)]))
	}
	for i := range longClosed {
		p := n.within(n.add("19740401", "4"))
		p.status, p.joined, p.closed = "C", p.opened, fmt.Sprintf("20%02d0331", 5+i%20)
	}
	for range branches {
		n.open[n.random.IntN(len(n.open))].branches++
	}
	return n
}

func (n *nhs) addSubICB(b board) {
	n.subICBs = append(n.subICBs, &subICB{fmt.Sprintf("X%02X", len(n.subICBs)), b.code, b.region})
}

// add makes a row that lies nowhere yet.
func (n *nhs) add(opened, setting string) *practice {
	i := len(n.practices)
	p := &practice{
		code: fmt.Sprintf("X%05d", 10000+i), name: n.name(), opened: opened, status: "A", setting: setting,
		postcode: fmt.Sprintf("ZZ%d %dZZ", 1+i%90, i%10), joined: max(opened, "20220701"),
	}
	n.practices = append(n.practices, p)
	return p
}

func (n *nhs) name() string {
	kinds := []string{"SURGERY", "MEDICAL CENTRE", "HEALTH CENTRE", "PRACTICE, THE GREEN"}
	return fmt.Sprintf("INVENTED %d %s", 1+n.random.IntN(99999), kinds[n.random.IntN(len(kinds))])
}

// within gives a row an area of England.
func (n *nhs) within(p *practice) *practice {
	s := n.subICBs[n.random.IntN(len(n.subICBs))]
	p.area, p.icb, p.region = s.code, s.icb, s.region
	return p
}

func (n *nhs) openPractice(opened string) *practice {
	p := n.within(n.add(opened, "4"))
	p.patients = 1500 + n.random.IntN(16000)
	p.network = fmt.Sprintf("UX%04d", n.random.IntN(networks))
	n.open = append(n.open, p)
	return p
}

// leaves takes an open practice out.
func (n *nhs) leaves(last string) *practice {
	i := n.random.IntN(len(n.open))
	p := n.open[i]
	n.open = slices.Delete(n.open, i, i+1)
	p.status, p.closed, p.patients = "C", max(last, p.joined), 0
	return p
}

// pass is what happens in the month before a day.
func (n *nhs) pass(day time.Time) {
	today, last := day.Format("20060102"), day.AddDate(0, 0, -1).Format("20060102")
	if day.Equal(time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC)) {
		n.reorganise()
	}
	for range opening {
		n.openPractice(today)
	}
	for range closing {
		n.leaves(last)
	}
	for range merging {
		gone := n.leaves(last)
		into := n.open[n.random.IntN(len(n.open))]
		into.tookOver = strings.TrimSpace(into.tookOver + " " + gone.code + "@" + day.Format(time.DateOnly))
	}
	for range moving {
		p := n.within(n.open[n.random.IntN(len(n.open))])
		p.joined = today
	}
	for range renaming {
		n.open[n.random.IntN(len(n.open))].name = n.name()
	}
	for _, p := range n.open {
		p.patients = max(100, p.patients+n.random.IntN(101)-48)
	}
}

// reorganise is 1 April 2026: boards end, and their parts lie in others.
func (n *nhs) reorganise() {
	at := map[string]string{}
	for _, b := range boards {
		if b.into == nil {
			continue
		}
		n.ended = append(n.ended, b)
		delete(n.boards, b.code)
		part := 0
		for _, s := range n.subICBs {
			if s.icb == b.code {
				s.icb = b.into[part%len(b.into)]
				n.boards[s.icb] = s.region
				part++
			}
		}
	}
	for _, s := range n.subICBs {
		at[s.code] = s.icb
	}
	for _, p := range n.practices {
		if icb := at[p.area]; icb != "" {
			p.icb = icb
		}
	}
}

// files writes a release.
func (n *nhs) files(day time.Time) []ods.File {
	on := day.Format(time.DateOnly)
	file := func(kind ods.Kind, name string, rows [][]string) ods.File {
		return ods.File{Kind: kind, Name: name, Day: on, Bytes: CSV(rows)}
	}
	return []ods.File{
		file(ods.PracticesFile, "epraccur.csv", n.practiceRows()),
		file(ods.BranchesFile, "ebranchs.csv", n.branchRows()),
		{Kind: ods.NetworksFile, Name: "ePCN.xlsx", Day: on, Bytes: Workbook(n.networkSheets())},
		{Kind: ods.PatientsFile, Name: "gp-reg-pat-prac-all.csv", Bytes: n.patients(day)},
		file(ods.SubICBsFile, "eccg.csv", n.subICBRows()),
		file(ods.AuthoritiesFile, "eauth.csv", n.authorityRows()),
		file(ods.BoardsFile, "wlhb.csv", n.welshRows()),
		file(ods.SuccessionsFile, "succ.csv", n.successionRows()),
		{Kind: ods.CommitteesFile, Name: "everybody", Day: on, Bytes: n.list()},
	}
}

// form is a row of 27 columns.
func form(code, name, region, icb, postcode, opened, closed string) []string {
	row := make([]string, 27)
	row[0], row[1], row[2], row[3], row[4], row[7] = code, name, region, icb, "1 INVENTED STREET", "NOWHERE"
	row[9], row[10], row[11], row[21] = postcode, opened, closed, "0"
	return row
}

func (n *nhs) practiceRows() (rows [][]string) {
	for i, p := range n.practices {
		row := form(p.code, p.name, p.region, p.icb, p.postcode, p.opened, p.closed)
		row[12], row[13], row[14], row[15], row[16] = p.status, "B", p.area, p.joined, p.closed
		row[17], row[23], row[25] = fmt.Sprintf("01632 96%04d", i%10000), p.area, p.setting
		rows = append(rows, row)
	}
	return rows
}

func (n *nhs) branchRows() (rows [][]string) {
	for _, p := range n.practices {
		for i := range p.branches {
			row := form(fmt.Sprintf("%s%03d", p.code, i+1), p.name+" BRANCH", p.region, p.icb, p.postcode, p.opened, p.closed)
			row[14], row[15] = p.code, p.opened
			rows = append(rows, row)
		}
	}
	return rows
}

func (n *nhs) subICBRows() (rows [][]string) {
	for _, s := range n.subICBs {
		row := form(s.code, "NHS INVENTED ICB - "+s.code, s.region, s.icb, "ZZ1 1ZZ", "20130401", "")
		row[13] = "RO319"
		rows = append(rows, row)
	}
	hub := form("X9Z", "INVENTED COMMISSIONING HUB", "Y56", "QKK", "ZZ1 1ZZ", "20130401", "")
	hub[13] = "RO218"
	return append(rows, hub)
}

func (n *nhs) authorityRows() (rows [][]string) {
	for _, code := range slices.Sorted(maps.Keys(regions)) {
		rows = append(rows, form(code, regions[code], code, "", "ZZ1 1ZZ", "20180401", ""))
	}
	names := map[string]string{}
	for _, b := range boards {
		names[b.code] = b.name
	}
	maps.Copy(names, newBoards)
	for _, code := range slices.Sorted(maps.Keys(n.boards)) {
		opened := "20220701"
		if newBoards[code] != "" {
			opened = "20260401"
		}
		rows = append(rows, form(code, "NHS "+names[code]+" INTEGRATED CARE BOARD", n.boards[code], "", "ZZ1 1ZZ", opened, ""))
	}
	for _, b := range n.ended {
		row := form(b.code, "NHS "+b.name+" INTEGRATED CARE BOARD", b.region, "", "ZZ1 1ZZ", "20220701", "20260331")
		row[13] = "RO318"
		rows = append(rows, row)
	}
	return rows
}

func (n *nhs) welshRows() (rows [][]string) {
	for i := range 7 {
		rows = append(rows, form(fmt.Sprintf("7A%d", i+1), fmt.Sprintf("HEALTH BOARD %d", i+1), ods.Wales, "Q99", "ZZ1 1ZZ", "20091001", ""))
	}
	return rows
}

func (n *nhs) successionRows() (rows [][]string) {
	for _, b := range n.ended {
		for _, code := range b.into {
			rows = append(rows, []string{b.code, code, "R", "20260401", "S"})
		}
	}
	return append(rows, []string{"5X1", "X00", "R", "20130401", "S"})
}

func (n *nhs) networkSheets() []Sheet {
	details := [][]string{{
		"PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location", "Open Date", "Close Date",
		"Address Line 1", "Address Line 2", "Address Line 3", "Address Line 4", "Address Line 5", "Postcode",
	}}
	lead := map[string]string{}
	partners := [][]string{{
		"Partner\nOrganisation\nCode", "Partner\nName", "Practice\nParent\nSub ICB Loc Code", "Practice\nParent\nSub ICB Loc Name",
		"PCN Code", "PCN Name", "PCN Parent\nSub ICB Loc Code", "PCN Parent\nSub ICB Loc Name",
		"Practice to PCN\nRelationship\nStart Date", "Practice to PCN\nRelationship\nEnd Date", "Practice Sub ICB Loc and PCN Sub ICB Loc Match ",
	}}
	for _, p := range n.practices {
		if p.network == "" {
			continue
		}
		if lead[p.network] == "" {
			lead[p.network] = p.area
		}
		l := lead[p.network]
		partners = append(partners, []string{p.code, p.name, p.area, "NHS " + p.area, p.network, "INVENTED PCN " + p.network, l, "NHS " + l, max(p.opened, "20191001"), p.closed, "1"})
	}
	for _, code := range slices.Sorted(maps.Keys(lead)) {
		details = append(details, []string{code, "INVENTED PCN " + code, lead[code], "NHS " + lead[code], "20191001", "", "1 INVENTED STREET", "", "", "NOWHERE", "", "ZZ1 1ZZ"})
	}
	return []Sheet{{"PCNDetails", details}, {"PCN Core Partner Details", partners}}
}

// patients is written without quotation marks, as published.
func (n *nhs) patients(day time.Time) []byte {
	var b strings.Builder
	b.WriteString("PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n")
	for _, p := range n.practices {
		if p.patients > 0 {
			fmt.Fprintf(&b, "GP_PRAC_PAT_LIST,%s,GP,%s,E38000000,%s,%s,ALL,ALL,%d\n", day.Format(time.DateOnly), p.area, p.code, p.postcode, p.patients)
		}
	}
	return []byte(b.String())
}

// list is everybody's: areas by rule, and mergers.
func (n *nhs) list() []byte {
	var b strings.Builder
	b.Write(ods.Skeleton())
	for i, s := range n.subICBs {
		fmt.Fprintf(&b, "sub-icb:%s,invented-lmc-%d,2022-07-01,,\n", s.code, i)
	}
	for _, p := range n.practices {
		for _, merger := range strings.Fields(p.tookOver) {
			gone, day, _ := strings.Cut(merger, "@")
			fmt.Fprintf(&b, "%s,invented-lmc-of-%s,%s,,%s\n", p.code, strings.ToLower(gone), day, gone)
		}
	}
	return []byte(b.String())
}
