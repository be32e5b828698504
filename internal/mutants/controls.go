package main

// controls are what keeps a node from being silently wrong (docs/reliability.md), each switched
// off: by what it is about, and the tests that must notice, with their flags.
var controls = []struct{ about, name, file, from, to, pkg, run string }{
	// --- damage ---
	{"damage", "rows are not held against their sum", "internal/store/proof.go", "if err == nil && want != 0 {", "if err == nil && want != 0 && false {", "internal/store", "TestNoDamageIsEverAnswered"},
	{"damage", "the number of the transaction is not looked at", "internal/store/proof.go", "if t.written < last {", "if false {", "internal/store", "TestWhatWasWrittenLast"},
	{"damage", "absence is taken on trust", "internal/store/table.go", "	c, err := tx.span(t, 0, key)\n	if err != nil {\n		return nil, err\n	}\n	at, found", "	if framed == nil {\n		return nil, nil\n	}\n	c, err := tx.span(t, 0, key)\n	if err != nil {\n		return nil, err\n	}\n	at, found", "internal/store", "TestNoDamageIsEverAnswered -damages=1500"},
	{"damage", "a damaged file is written to", "internal/store/write.go", "if found := s.Damage(); found != nil {", "if found := s.Damage(); found != nil && false {", "internal/store", "TestAFileIsMended"},
	{"damage", "a file is mended again and again", "internal/store/mend.go", "return m != nil && now.Sub(m.At) < MendEvery &&", "return false &&", "internal/store", "TestAFileIsMended"},
	{"damage", "the keeper's register is mended away", "internal/store/salvage.go", "		if held[log] == 0 {\n", "		if false {\n", "internal/store", "TestWhatSays|TestAFileCutShort"},
	{"damage", "a header that is not as it was written is kept", "internal/store/salvage.go", "		if !asWritten {\n", "		if false {\n", "internal/store", "TestAHeaderThatIsNotAsItWasWritten"},
	{"damage", "nobody is told that lost words are back", "internal/store/write.go", "|| w.returned > 0 {", "{", "internal/store", "TestWordsLost"},
	{"damage", "damaged data are backed up", "internal/store/backup.go", "for t := range tableCount {", "for t := range tableCount * 0 {", "internal/store", "TestDamagedDataAreNotBackedUp"},
	{"damage", "a damaged node's answers are complete", "internal/answers/completeness.go", "c.Damaged = m.Damage() != nil", "c.Damaged = false", "internal/answers", "TestDamageIsTold"},
	{"damage", "a lost log is one that never was", "internal/answers/completeness.go", "for _, log := range m.Lost() {", "for _, log := range m.Lost()[:0] {", "internal/answers", "TestALogThatWasLost"},
	{"damage", "what is not known to be lost is not lost", "internal/answers/completeness.go", "if m.LossUnknown() {", "if false {", "internal/answers", "TestALossThatIsNotKnown"},
	{"damage", "a mend takes what it finds for all there was", "internal/store/salvage.go", "m.did.Unknown = m.lossUnknown()", "_ = m.lossUnknown", "server", "TestANodeThatLostAllItKnew"},
	{"damage", "whoever is in doubt knows what was lost", "internal/replica/confirmed.go", "office != \"\" && !s.hello.GetInDoubt() && !slices.Contains(vouching, office)", "office != \"\" && !slices.Contains(vouching, office)", "internal/replica", "TestNobodyInDoubtVouches"},
	{"damage", "a damaged node mends nothing", "server/mend.go", "err := n.store.Mend(ctx)", "err := ctx.Err()", "server", "TestADamagedNodeMendsItself"},
	{"damage", "a register that lacks words answers", "internal/answers/answers.go", "if m.size > 0 && lacking == 0 {", "if m.size > 0 {", "server", "TestNothingIsToldByARegister"},
	{"damage", "a record without words is no record", "internal/store/query.go", "if err != nil || h.GetKind() != ledgerv1.EntryKind_ENTRY_KIND_REGISTER {", "if true {", "server", "TestNothingIsToldByARegister"},
	{"damage", "an index has what came back after it was sealed", "internal/search/follow.go", "if state.Lacking < place.Lacking {", "if false {", "internal/search", "TestWordsThatCameBack"},
	// --- signing ---
	{"signing", "a restored node signs at once", "internal/signing/signing.go", "if doubt := st.Doubt(); doubt != \"\" {", "if doubt := st.Doubt(); doubt != \"\" && false {", "server", "TestAnOlderBackup|TestTheKeepersLog|TestARestoredNode"},
	{"signing", "a backup is not told from any other data", "internal/store/restored.go", "s.restoredRow || inFile(s.file).marked()", "s.restoredRow", "internal/store", "TestABackupIsNoticed"},
	{"signing", "a backup is one until the first thing is written", "internal/store/restored.go", "	case w.s.restored:\n", "	case false:\n", "internal/store", "TestABackupIsNoticed"},
	{"signing", "a mend forgets that its data are a backup", "internal/store/salvage.go", "m.restored = m.metaLost || inFile(m.from).marked()", "m.restored = false", "internal/store", "TestABackupIsNoticed|TestDamagedDataThatMayBe"},
	{"signing", "a proved duplicate signs on", "internal/signing/signing.go", "if s.duplicate.Load() {", "if false {", "server", "TestTheSecondOfTwoCopies"},
	{"signing", "a proved duplicate is forgotten with its process", "internal/signing/signing.go", "return s.cfg.Store.Suspect()", "return nil", "server", "TestACopyThatWasProved"},
	{"signing", "a newcomer that says it does not write takes a session", "internal/replica/duplicates.go", "		case s.node == o.node: //", "		case s.writes() && s.node == o.node: //", "internal/replica", "TestNoNewcomer"},
	{"signing", "whoever says so has proved a duplicate", "internal/replica/duplicates.go", "!ed25519.Verify(c.cfg.Key, c.signedOf(\"answer\", c.cfg.Instance[:], asked.instance, asked.nonce), proof.GetSignature())", "false", "internal/replica", "Duplicate|Refusal|Unproved"},
	{"signing", "an unknown log key signs", "internal/signing/signing.go", "if why := s.keyStanding(held.Size); why != nil {", "if why := s.keyStanding(held.Size); why != nil && false {", "server", "TestALogKey"},
	{"signing", "an office that is called the keeper signs a register", "server/signer.go", "n.settings.Keeper && n.Entries() == 0", "n.settings.Keeper", "server", "TestAnOfficeThatIsCalled"},
	{"signing", "a damaged node stamps", "internal/signing/signing.go", "if found := st.Damage(); found != nil {", "if found := st.Damage(); found != nil && false {", "server", "TestADamagedNode"},
	{"signing", "a head by another key keeps an office in doubt", "internal/replica/confirmed.go", "case known > here.Size:", "case known > here.Size || s.unknown[own] != nil:", "internal/replica", "TestOneMemberKeepsNoOffice"},
	{"signing", "a keeper in doubt confirms by itself", "internal/replica/confirmed.go", "if !s.hello.GetInDoubt() && !slices", "if !slices", "internal/replica", "TestTheOwnLogIsConfirmed"},
	{"signing", "a new node does not know what it has signed itself", "server/registerstate.go", "len(keys) > 0 || log != n.ownLog()", "len(keys) >= 0", "server", "TestANodeKnowsItsOwnHeads"},
	{"signing", "a writer is not told of its two histories", "internal/replica/session.go", "c.forked[log], c.contrary[log] = true, other", "c.forked[log] = true", "internal/replica", "Transcript"},
	{"signing", "what would not be recognised is signed again", "internal/signing/signing.go", "case len(unrecognised) > 0:", "case false:", "server", "TestALetterWhoseWords"},
	{"signing", "words that an entry was asked for with are taken for unknown", "internal/store/draft.go", "&& !answered[at.index]", "", "server", "TestALetterWhoseWords"},
	// --- last heard ---
	{"last heard", "a stamp ahead of the clock counts", "internal/replica/stamps.go", "forked || st.Time.After(now.Add(StampAhead)) {", "forked {", "internal/replica", "Stamp"},
	{"last heard", "a stamp counts however soon it comes", "internal/replica/stamps.go", "return !st.Time.Before(have.Time.Add(StampLeast))", "return true", "internal/replica", "Stamp"},
	{"last heard", "what was old when it came is news", "internal/store/seen.go", "case age > StampOldAfter:", "case false:", "internal/store", "Stamp|Heard"},
	{"last heard", "who is refused is connected", "internal/replica/peers.go", "if now.Sub(rec.live[id]) >= settledAfter {", "if true {", "internal/replica", "TestANodeThatIsRefused"},
	{"last heard", "who is not heard is not told", "internal/picture/words.go", "silence != \"\" {", "false {", "server", "TestACutOffNode"},
	// --- floods ---
	{"floods", "a visitor may send what a member may", "server/doors.go", "newWay(may.visitorMessage,", "newWay(maxMessage,", "server", "TestAVisitorsRequest"},
	{"floods", "a request may take for ever to arrive", "server/call.go", "err := c.line.receive(c.ctx, n.budgets.receiving, func() error { return read(v) })", "err := read(v)", "server", "TestARequestThatNeverEnds"},
	{"floods", "dear answers are given as they come", "server/call.go", "if isDear(method) || page != nil {", "if page != nil {", "server", "TestDearAnswers"},
	{"floods", "a page waits for a turn for each question", "server/call.go", "page != nil && page.leave != nil {", "false {", "server", "TestAPageWaits"},
	// --- what is public ---
	{"public", "whoever connects waits for the issuer", "server/certificate.go", "case !c.had.Load() && !looksWhetherItLeadsHere(hello):", "case false:", "server", "TestAStopWaitsForNoIssuer"},
	{"public", "whoever connects has the issuer asked", "server/certificate.go", "return c.manager.GetCertificate(c.hello())\n		},", "return c.manager.GetCertificate(hello)\n		},", "server", "TestNobodyWhoConnects"},
	{"public", "whoever names somebody else is greeted", "server/certificate.go", "case !strings.EqualFold(hello.ServerName, c.name):", "case false:", "server", "TestOnlyByItsOwnName"},
	{"public", "what is public is asked by any name", "server/web.go", "return named || !s.secure", "return true", "server", "TestOnlyByItsOwnName"},
	{"public", "a storm at the public pages is one at gRPC's", "server/public.go", "l.doors.receive(raw, l.doors.outside, l.greet)", "l.doors.receive(raw, l.doors.hall, l.greet)", "server", "TestAStormOfHandshakes"},
	{"public", "a stop waits for handshakes", "server/public.go", "context.WithTimeout(l.stopping, handshakeTimeout)", "context.WithTimeout(context.Background(), handshakeTimeout)", "server", "TestAStopWaitsForNoHandshake"},
	{"public", "why a name is refused is kept to itself", "server/issuer.go", "known && said.Status == \"invalid\":", "false:", "server", "TestWhyNoCertificate"},
	// --- without writing ---
	{"reading", "a folder that cannot be written stops a node", "internal/store/open.go", "if err = open(true); err == nil {", "if false {", "internal/store", "ReadOnly|Written|Permission"},
}

// controlMutants finds where they stand.
func controlMutants(root string) ([]mutant, error) {
	var all []mutant
	for _, c := range controls {
		m, err := mutant{name: c.about + ": " + c.name, file: c.file, from: c.from, to: c.to, pkg: c.pkg, run: c.run}.placed(root)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}
