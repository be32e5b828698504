package register

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	"github.com/lmcfed/lmcfed/internal/ledger"
	"github.com/lmcfed/lmcfed/internal/notation"
	guidancev1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
	ledgerv1 "github.com/lmcfed/lmcfed/proto/lmc/ledger/v1"
)

const lmc = guidancev1.CommitteeKind_COMMITTEE_KIND_LMC

// private returns the same key for the same name, in every test.
func private(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func public(name string) ed25519.PublicKey { return private(name).Public().(ed25519.PublicKey) }

// fold folds the bodies as entries 0, 1, 2 … of the keeper's log.
func fold(bodies ...*ledgerv1.RegisterRecord) *Register {
	return Fold("demo", "gpc-england", public("keeper log"), records(bodies...))
}

func records(bodies ...*ledgerv1.RegisterRecord) []Record {
	var all []Record
	for i, body := range bodies {
		all = append(all, Record{Entry: ledger.EntryID{Office: "gpc-england", Index: uint64(i)}, Body: body})
	}
	return all
}

// officeRecord is what an office says of itself, with keys named after it.
func officeRecord(id string) *ledgerv1.OfficeRecord {
	return &ledgerv1.OfficeRecord{
		Federation: "demo",
		Office:     &guidancev1.Office{Id: id, Name: strings.ToUpper(id)},
		RootKey:    public(id + " root"),
		LogKey:     public(id + " log"),
		Nodes: []*ledgerv1.NodeRecord{{
			TransportKey: public(id + " node"), Role: ledgerv1.NodeRole_NODE_ROLE_WRITER, Address: id + ".example:7443",
		}},
	}
}

func admitSigned(o *ledgerv1.OfficeRecord, root ed25519.PrivateKey) *ledgerv1.RegisterRecord {
	b, err := proto.Marshal(o)
	if err != nil {
		panic(err)
	}
	signed := &ledgerv1.SignedOfficeRecord{Record: b, Signature: ledger.SignBytes("office", b, root)}
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Admission{Admission: &ledgerv1.Admission{Signed: signed}}}
}

func admit(id string) *ledgerv1.RegisterRecord {
	return admitSigned(officeRecord(id), private(id+" root"))
}

func mandate(committee, office, from, until string) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Mandate{Mandate: &ledgerv1.Mandate{
		Committee: committee, Office: office, ValidFrom: from, ValidUntil: until,
	}}}
}

func right(office, from, until string) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_ReportingRight{ReportingRight: &ledgerv1.ReportingRight{
		Office: office, ValidFrom: from, ValidUntil: until,
	}}}
}

func putCommittee(id string, areas ...*guidancev1.AreaTenure) *ledgerv1.RegisterRecord {
	return committeeRecord(&guidancev1.Committee{Id: id, Name: strings.ToUpper(id), Kind: lmc, Nation: "england", Areas: areas})
}

func committeeRecord(c *guidancev1.Committee) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Committee{Committee: c}}
}

func areaRecord(a *guidancev1.Area) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Area{Area: a}}
}

func putArea(name string, within ...string) *ledgerv1.RegisterRecord {
	a := &guidancev1.Area{Id: areaID(name), Name: name}
	for _, outer := range within {
		a.Within = append(a.Within, areaID(outer))
	}
	return areaRecord(a)
}

func revocation(office string, key []byte, through uint64) *ledgerv1.RegisterRecord {
	return &ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Revocation{Revocation: &ledgerv1.Revocation{
		Office: office, Key: key, ValidThroughSize: through,
	}}}
}

// areaID parses "icb:QH8".
func areaID(name string) *guidancev1.AreaId {
	scheme, code, _ := strings.Cut(name, ":")
	return &guidancev1.AreaId{Scheme: scheme, Code: code}
}

func covers(name, from, until string) *guidancev1.AreaTenure {
	return &guidancev1.AreaTenure{Area: areaID(name), ValidFrom: from, ValidUntil: until}
}

func committeeIDs(committees []*guidancev1.Committee) []string {
	var ids []string
	for _, c := range committees {
		ids = append(ids, c.GetId())
	}
	return ids
}

func areaNames(areas []*guidancev1.Area) []string {
	var names []string
	for _, a := range areas {
		names = append(names, notation.AreaOf(a.GetId()).String())
	}
	return names
}

func idNames(ids []*guidancev1.AreaId) []string {
	var names []string
	for _, id := range ids {
		names = append(names, notation.AreaOf(id).String())
	}
	return names
}

// wantProblems checks that there is one problem per wanted piece of text, in order.
func problemWords(r *Register) (words []string) {
	for _, p := range r.Problems() {
		words = append(words, p.GetWords())
	}
	return words
}

func wantProblems(t *testing.T, r *Register, want ...string) {
	t.Helper()
	got := problemWords(r)
	if len(got) != len(want) {
		t.Fatalf("problems:\n%s\nwant %d of them", strings.Join(got, "\n"), len(want))
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("problem %d is %q, want it to say %q", i, got[i], want[i])
		}
	}
}

func TestFoldOfNothingKnowsOnlyTheKeepersKey(t *testing.T) {
	r := fold()
	log := ledger.LogID{Federation: "demo", Office: "gpc-england"}
	if diff := cmp.Diff([]ed25519.PublicKey{public("keeper log")}, r.LogKeys(log, 1)); diff != "" {
		t.Errorf("keys of the keeper's log (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]ledger.LogID{log}, r.Logs()); diff != "" {
		t.Errorf("logs (-want +got):\n%s", diff)
	}
	if r.Federation() != "demo" || r.Keeper() != "gpc-england" || r.Size() != 0 {
		t.Errorf("federation %q, keeper %q, size %d", r.Federation(), r.Keeper(), r.Size())
	}
	wantProblems(t, r)
}

func TestFoldReadsAWholeFederation(t *testing.T) {
	keeper := officeRecord("gpc-england")
	keeper.LogKey = public("keeper log")
	r := fold(
		admitSigned(keeper, private("gpc-england root")),
		putArea("sub-icb:06Q", "icb:QH8"),
		putCommittee("north-essex", covers("sub-icb:06Q", "", "")),
		admit("essex"),
		mandate("north-essex", "essex", "", ""),
		right("gpc-england", "2021-01-01", ""),
		&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{Id: "nhs-england", Name: "NHS England"}}},
	)
	wantProblems(t, r)
	if r.Size() != 7 || len(r.Offices()) != 2 || r.Office("essex").GetName() != "ESSEX" {
		t.Errorf("size %d, offices %v", r.Size(), r.Offices())
	}
	if !r.SpeaksFor("essex", "north-essex", "2021-10-25", "2021-10-25") || !r.MayReport("gpc-england", "2021-10-25", "2021-10-25") || r.MayReport("gpc-england", "2020-12-31", "2020-12-31") {
		t.Error("the mandate or the reporting right is not read")
	}
	if r.Body("nhs-england").GetName() != "NHS England" || len(r.Bodies()) != 1 || r.Committee("north-essex").GetName() != "NORTH-ESSEX" {
		t.Error("the body or the committee is not read")
	}
	office, node, ok := r.Node(public("essex node"))
	if !ok || office != "essex" || node.GetAddress() != "essex.example:7443" {
		t.Errorf("node: %q %v %v", office, node, ok)
	}
	vkey := ledger.VKey(ledger.LogID{Federation: "demo", Office: "essex"}, public("essex log"))
	if diff := cmp.Diff([]string{vkey}, r.VKeys("essex")); diff != "" {
		t.Errorf("vkeys (-want +got):\n%s", diff)
	}
}

func TestFoldAsOfASizeIsTheFoldOfThePrefix(t *testing.T) {
	all := records(putCommittee("kent"), admit("kent"), mandate("kent", "kent", "", ""))
	for n, want := range []bool{false, false, false, true} {
		r := Fold("demo", "gpc-england", nil, all[:n])
		if got := r.SpeaksFor("kent", "kent", "2021-10-25", "2021-10-25"); got != want || r.Size() != uint64(n) {
			t.Errorf("after %d records: speaks %v, size %d", n, got, r.Size())
		}
	}
}

func TestFoldListsWhatItCannotTake(t *testing.T) {
	long := strings.Repeat("n", NameLimit+1)
	for name, c := range map[string]struct {
		body *ledgerv1.RegisterRecord
		want string
	}{
		"absent words":        {nil, "gpc-england/0: the words of this record are not here"},
		"unknown change":      {&ledgerv1.RegisterRecord{Note: "from the future"}, "does not understand"},
		"committee slug":      {putCommittee("North Essex"), "lower-case letters"},
		"committee kind":      {committeeRecord(&guidancev1.Committee{Id: "kent", Name: "Kent"}), "kind is not stated"},
		"committee name":      {committeeRecord(&guidancev1.Committee{Id: "kent", Kind: lmc}), "no name"},
		"committee long name": {committeeRecord(&guidancev1.Committee{Id: "kent", Name: long, Kind: lmc}), "at most 300"},
		"committee nation":    {committeeRecord(&guidancev1.Committee{Id: "kerry", Name: "Kerry", Kind: lmc, Nation: "éire"}), `committee kerry: its nation "éire" is no slug`},
		"committee area":      {putCommittee("kent", covers("icb:", "", "")), "needs a scheme"},
		"committee day":       {putCommittee("kent", covers("icb:QKS", "2021-02-30", "")), `"2021-02-30" is not a day`},
		"mandate backwards":   {mandate("kent", "kent", "2021-10-02", "2021-10-01"), "ends (2021-10-01) before it starts"},
		"mandate office":      {mandate("kent", "Kent!", "", ""), "lower-case letters"},
		"mandate committee":   {mandate("", "kent", "", ""), "lower-case letters"},
		"mandate in the void": {mandate("kent", "", "", ""), "no such committee"},
		"reporting right":     {right("kent", "yesterday", ""), "is not a day"},
		"area without scheme": {putArea("QH8"), "needs a scheme"},
		"area within nothing": {putArea("sub-icb:06Q", "icb:"), "needs a scheme"},
		"negative practices":  {areaRecord(&guidancev1.Area{Id: areaID("icb:QH8"), Name: "x", Practices: proto.Int32(-1)}), "negative"},
		"area name":           {areaRecord(&guidancev1.Area{Id: areaID("icb:QH8")}), "no name"},
		"short key":           {revocation("kent", []byte("short"), 0), "5 bytes"},
		"revoked stranger":    {revocation("kent", public("kent log"), 0), "never admitted with that key"},
		"body":                {&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Body{Body: &guidancev1.Body{}}}, "a body with the id"},
		"empty admission":     {&ledgerv1.RegisterRecord{Change: &ledgerv1.RegisterRecord_Admission{}}, "not signed by the root key"},
	} {
		t.Run(name, func(t *testing.T) { wantProblems(t, fold(c.body), c.want) })
	}
}

func TestFoldReadsOnlyTheKeepersLogInOrderAndOnce(t *testing.T) {
	kent := putCommittee("kent")
	r := Fold("demo", "gpc-england", nil, []Record{
		{Entry: ledger.EntryID{Office: "gpc-england", Index: 4}, Body: kent},
		{Entry: ledger.EntryID{Office: "gpc-england", Index: 4}, Body: putCommittee("avon")},
		{Entry: ledger.EntryID{Office: "gpc-england", Index: 3}, Body: putCommittee("bucks")},
		{Entry: ledger.EntryID{Office: "essex", Index: 9}, Body: putCommittee("essex")},
		{Entry: ledger.EntryID{Office: "gpc-england", Epoch: 1, Index: 4}, Body: putCommittee("devon")},
	})
	if diff := cmp.Diff([]string{"devon", "kent"}, committeeIDs(r.Committees(""))); diff != "" {
		t.Errorf("committees (-want +got):\n%s", diff)
	}
	wantProblems(t, r, "gpc-england/4: the record does not follow", "gpc-england/3: the record does not follow", "essex/9: a register record outside")
}

func TestLimitsHoldAtTheLimitAndOneOver(t *testing.T) {
	for over, want := range []int{0, 1} {
		o := officeRecord("essex")
		o.Nodes = nil
		for i := range NodesLimit + over {
			o.Nodes = append(o.Nodes, &ledgerv1.NodeRecord{TransportKey: public(fmt.Sprint("node ", i))})
		}
		var tenures []*guidancev1.AreaTenure
		bodies := []*ledgerv1.RegisterRecord{admitSigned(o, private("essex root"))}
		for i := range TenuresLimit + over {
			name := fmt.Sprint("icb:", i)
			tenures, bodies = append(tenures, covers(name, "", "")), append(bodies, putArea(name))
		}
		var predecessors, successors []string
		for i := range PredecessorsLimit + over {
			id := fmt.Sprint("old-committee-", i)
			predecessors, bodies = append(predecessors, id), append(bodies, putCommittee(id))
		}
		for i := range SuccessorsLimit + over {
			id := fmt.Sprint("new-body-", i)
			successors, bodies = append(successors, id), append(bodies, putBody(id, ""))
		}
		bodies = append(bodies, putBody("old-body", "2021-10-01", successors...), committeeRecord(&guidancev1.Committee{Id: "merged", Name: "Merged", Kind: lmc, Predecessors: predecessors}))
		named := &guidancev1.Committee{Id: "avon", Name: strings.Repeat("é", NameLimit+over), Kind: lmc}
		r := fold(append(bodies, putCommittee("kent", tenures...), committeeRecord(named))...)
		if got := len(r.Problems()); got != 5*want {
			t.Errorf("%d over the limits: problems %q", over, r.Problems())
		}
	}
}

func TestFoldIsAFunctionOfTheRecordSequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bodies := rapid.SliceOfN(anyBody(), 0, 30).Draw(t, "bodies")
		all := records(bodies...)
		first, again := Fold("demo", "gpc-england", nil, all), Fold("demo", "gpc-england", nil, all)
		if diff := cmp.Diff(snapshot(first), snapshot(again), protocmp.Transform()); diff != "" {
			t.Fatalf("two folds of the same records differ:\n%s", diff)
		}
	})
}

// A register that more records came to is the register of all of them, and what it was made from
// stays what it was.
func TestRecordsThatComeLaterAreFoldedAsIfAtOnce(t *testing.T) {
	same := cmp.Options{
		protocmp.Transform(), cmpopts.EquateEmpty(),
		cmp.AllowUnexported(Register{}, logKey{}, nodeOf{}, committee{}, span{}, area{}, body{}, release{}, unfinished{}, patientList{}, listed{}, entryOf{}, membership{}, member{}, counted{}, readPatients{}),
		cmpopts.IgnoreTypes(&spread{}, sync.Once{}),
		cmp.Comparer(func(a, b wrongRelease) bool { return a.entry == b.entry && a.err.Error() == b.err.Error() }),
	}
	rapid.Check(t, func(t *rapid.T) {
		all := records(rapid.SliceOfN(anyBody(), 0, 30).Draw(t, "bodies")...)
		first := rapid.IntRange(0, len(all)).Draw(t, "first")
		then := rapid.IntRange(first, len(all)).Draw(t, "then")
		read := func(r *Register) *Register { r.lists(); r.counts(); return r } // what is worked out when it is asked for
		at := func(n int) *Register { return read(Fold("demo", "gpc-england", public("keeper log"), all[:n])) }
		whole, start := at(len(all)), at(first)
		grown := read(start.With(all[first:then]))
		if diff := cmp.Diff(whole, read(grown.With(all[then:])), same); diff != "" {
			t.Fatalf("folded in parts it differs:\n%s", diff)
		}
		if diff := cmp.Diff(at(first), start, same); diff != "" {
			t.Fatalf("the register that more was folded onto has changed:\n%s", diff)
		}
		if diff := cmp.Diff(at(then), grown, same); diff != "" {
			t.Fatalf("the register that more was folded onto has changed:\n%s", diff)
		}
	})
}

// What was found good before is not checked again: so it must never be said of another's bytes.
func TestASignatureFoundGoodIsNotCheckedAgain(t *testing.T) {
	forged := admitSigned(officeRecord("essex"), private("mallory"))
	signed := forged.GetAdmission().GetSigned()
	if SignatureIsGood(signed) || SignatureIsGood(nil) || !SignatureIsGood(admit("essex").GetAdmission().GetSigned()) {
		t.Error("a good signature and a forged one are not told apart")
	}
	all := records(forged)
	if r := Fold("demo", "gpc-england", nil, all); r.Office("essex") != nil {
		t.Error("an office is admitted by a record that it has not signed")
	}
	all[0].SignatureIsGood = true
	if r := Fold("demo", "gpc-england", nil, all); r.Office("essex") == nil {
		t.Error("the signature is checked again")
	}
}

// snapshot asks a register everything it answers.
func snapshot(r *Register) map[string]any {
	s := map[string]any{"problems": problemWords(r), "offices": r.Offices(), "logs": r.Logs(), "bodies": r.Bodies(), "size": r.Size()}
	for _, day := range someDays {
		s["committees "+day], s["areas "+day] = r.Committees(day), r.Areas(day)
		for _, id := range someIDs {
			office, _ := r.OfficeFor(id, day)
			s["office for "+id+day], s["vkeys "+id] = office, r.VKeys(id)
			s["areas of "+id+day], s["may report "+id+day] = r.CommitteeAreas(id, day), r.MayReport(id, day, day)
		}
	}
	return s
}

func TestArbitraryBytesNeverPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bodies []*ledgerv1.RegisterRecord
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			bodies = append(bodies, mutated(t))
		}
		exercise(fold(bodies...))
	})
}

// mutated returns a record that survived having some of its bytes changed, or nil.
func mutated(t *rapid.T) *ledgerv1.RegisterRecord {
	b, err := proto.Marshal(anyBody().Draw(t, "body"))
	if err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(0, 4).Draw(t, "changes") {
		if len(b) > 0 {
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
	}
	body := new(ledgerv1.RegisterRecord)
	if proto.Unmarshal(b, body) != nil {
		return nil
	}
	return body
}

// exercise asks questions that walk what the records point at.
func exercise(r *Register) {
	snapshot(r)
	for _, a := range append(r.Areas(""), nil) {
		for _, b := range append(r.Areas("2021-10-25"), nil) {
			r.Contains(a.GetId(), b.GetId(), "2021-10-25")
		}
		r.InPlaceOf(a.GetId(), "2021-10-25")
		r.Origin(a.GetId(), "2021-10-25")
		r.Within(a.GetId(), "2021-10-25")
		r.FindArea(a.GetId().GetCode())
	}
	for _, id := range someIDs {
		r.Predecessors(id)
	}
	r.CommitteesOfPractice("F81001", "")
	r.Node(nil)
	r.LogKeys(ledger.LogID{Federation: "demo", Office: "essex", Epoch: 1 << 31}, 0)
}

func FuzzFold(f *testing.F) {
	for _, body := range []*ledgerv1.RegisterRecord{
		admit("essex"), putCommittee("kent", covers("icb:QKS", "", "")), mandate("kent", "kent", "2021-01-01", ""),
		right("kent", "", ""), putArea("icb:QKS", "icb:QKS"), revocation("essex", public("essex log"), 3),
	} {
		b, err := proto.Marshal(body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		body := new(ledgerv1.RegisterRecord)
		if proto.Unmarshal(b, body) == nil {
			exercise(fold(admit("essex"), body, body))
		}
	})
}

var (
	someIDs  = []string{"essex", "kent", "avon", "wessex"}
	someDays = []string{"", "2021-01-01", "2021-06-30", "2021-07-01", "2021-10-25", "2022-07-01"}
	someArea = []string{"sub-icb:06Q", "icb:QH8", "icb:X1Y2Z", "region:east"}
)

// anyBody draws a record of any kind over a few ids, so that they meet.
func anyBody() *rapid.Generator[*ledgerv1.RegisterRecord] {
	return rapid.Custom(func(t *rapid.T) *ledgerv1.RegisterRecord {
		id := func() string { return rapid.SampledFrom(someIDs).Draw(t, "id") }
		day := func() string { return rapid.SampledFrom(someDays).Draw(t, "day") }
		name := func() string { return rapid.SampledFrom(someArea).Draw(t, "area") }
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0:
			return admit(id())
		case 1:
			r := putCommittee(id(), covers(name(), day(), ""), covers(name(), "", day()))
			r.GetCommittee().ValidFrom, r.GetCommittee().Predecessors = day(), []string{id()}
			return r
		case 2:
			return mandate(id(), rapid.SampledFrom(append(someIDs, "")).Draw(t, "office"), day(), day())
		case 3:
			return right(id(), day(), day())
		case 4:
			return areaRecord(&guidancev1.Area{
				Id: areaID(name()), Name: "x", ValidFrom: day(), Within: []*guidancev1.AreaId{areaID(name())},
				Successors: []*guidancev1.AreaId{areaID(name())}, PracticeCodes: []string{"F81001"},
			})
		case 5:
			some := []*guidancev1.Practice{practice("F81001", name()), practice("F81002", name(), name())}
			all := parts(id(), rapid.SampledFrom([]string{"2021-10-01", "2021-10-02"}).Draw(t, "release"), some[:1], some[1:])
			if rapid.Bool().Draw(t, "whole") {
				all[0].GetPractices().Parts = 1
				return all[0]
			}
			return rapid.SampledFrom(all).Draw(t, "part")
		case 6:
			return patientsOf(rapid.SampledFrom([]string{"2021-10-01", "2021-10-02"}).Draw(t, "sizes"), map[string]uint32{"F81001": 5})
		default:
			office := id()
			return revocation(office, public(office+rapid.SampledFrom([]string{" root", " log", " node"}).Draw(t, "key")), 3)
		}
	})
}

func TestAnOlderRecordOfAnOfficeNeverTakesTheNewestsPlace(t *testing.T) {
	signed := func(serial uint64, address string) *ledgerv1.RegisterRecord {
		o := officeRecord("essex")
		o.Serial, o.Nodes[0].Address = serial, address
		return admitSigned(o, private("essex root"))
	}
	for _, c := range []struct {
		name   string
		then   *ledgerv1.RegisterRecord
		want   string // the address that stands
		refuse string // what the problem says; empty: none
	}{
		{"newer", signed(3, "new.example:7443"), "new.example:7443", ""},
		{"the same again", signed(2, "now.example:7443"), "now.example:7443", ""},
		{"older, replayed", signed(1, "old.example:7443"), "now.example:7443", "serial 1"},
		{"another of the same serial", signed(2, "other.example:7443"), "now.example:7443", "serial 2"},
	} {
		r := Fold("demo", "gpc-england", nil, records(admit("gpc-england"), signed(2, "now.example:7443"), c.then))
		if got := r.Record("essex").GetNodes()[0].GetAddress(); got != c.want {
			t.Errorf("%s: the address is %s, want %s", c.name, got, c.want)
		}
		if said := strings.Join(problemWords(r), "\n"); (said == "") != (c.refuse == "") || !strings.Contains(said, c.refuse) {
			t.Errorf("%s: problems %q, want %q", c.name, said, c.refuse)
		}
	}
}
