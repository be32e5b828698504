package guidance

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"
)

// ValidateAdvisory checks the structure of an advisory as it is published: names in
// full, defaults filled in (CheckPublish fills them). It knows no register, matter or
// other entry. The error is an *InvalidError.
func ValidateAdvisory(a *v1.Advisory) error {
	f := &faults{}
	f.slug("office", "office", a.GetOffice())
	f.committees("on_behalf_of", a.GetOnBehalfOf())
	f.title("title", a.GetTitle())
	f.text("body", a.GetBody(), BodyLimit)
	f.dayRange("issued", a.GetIssued())
	f.audiences("audiences", a.GetAudiences(), true)
	f.lines("cc", a.GetCc())
	f.signatories(a.GetSignatories())
	f.contact("contact", a.GetContact())
	f.attachments("attachments", a.GetAttachments())
	f.references("references", a.GetReferences())
	f.positions(a)
	f.actions(a)
	f.votes(a)
	f.line("licence", a.GetLicence(), TextLimit)
	f.enum("visibility", "visibility", a.GetVisibility())
	f.endings(a)
	f.line("adapted_from", a.GetAdaptedFrom(), TextLimit)
	f.day("valid_from", a.GetValidFrom())
	f.text("notice", a.GetNotice(), TextLimit)
	f.size(a)
	return f.err("advisory")
}

// committees checks a list of committees: at least one, each once.
func (f *faults) committees(field string, list []string) {
	if len(list) == 0 {
		f.add(field, "is empty: name the committees it speaks for")
	}
	f.length(field, len(list), ListLimit)
	for i, c := range list {
		f.slug(at(field, i), "committee", c)
		if repeats(list, i) {
			f.add(at(field, i), "%s is named twice: name it once", clip(c))
		}
	}
}

func (f *faults) signatories(list []*v1.Signatory) {
	f.length("signatories", len(list), ListLimit)
	for i, s := range list {
		f.required(at("signatories", i)+".name", s.GetName(), TextLimit)
		f.line(at("signatories", i)+".role", s.GetRole(), TextLimit)
	}
}

// endings checks what an advisory says it ends.
func (f *faults) endings(a *v1.Advisory) {
	f.entries("replaces", a.GetReplaces())
	f.entries("amends", a.GetAmends())
	f.entries("beside", a.GetBeside())
	f.length("matters", len(a.GetMatters()), PositionLimit)
	for i, name := range a.GetMatters() {
		f.matter(at("matters", i), name)
	}
	for i, name := range a.GetBeside() {
		if namesToEnd(a, name) {
			f.add(at("beside", i), "%s is to end by this too: name it in one place", name)
		}
	}
	for i, name := range a.GetAmends() {
		for _, replaced := range a.GetReplaces() {
			if name == replaced {
				f.add(at("amends", i), "%s is under replaces too: name it in one of the two", name)
			}
		}
	}
}

// namesToEnd: an advisory says that it ends an entry, or part of it.
func namesToEnd(a *v1.Advisory, entry string) bool {
	return slices.Contains(a.GetReplaces(), entry) || slices.Contains(a.GetAmends(), entry)
}

func (f *faults) positions(a *v1.Advisory) {
	f.length("positions", len(a.GetPositions()), PositionLimit)
	taken, scopes, words := map[string]int{}, map[string]*v1.Scope{}, map[string]string{}
	for i, p := range a.GetPositions() {
		path := at("positions", i)
		if s := p.GetScope(); s != nil {
			if other := scopes[s.GetId()]; other != nil && other.GetWords() != s.GetWords() {
				f.add(path+".scope.words", "says of %s “%s”, and another position “%s”: give a group one name and one description", clip(s.GetId()), clip(s.GetWords()), clip(other.GetWords()))
			}
			if id, named := words[GroupWords(s)]; named && id != s.GetId() && s.GetWords() != "" {
				f.add(path+".scope.id", "is %s for “%s”, and another position has %s for the same words: give a group one id", clip(s.GetId()), clip(s.GetWords()), clip(id))
			}
			scopes[s.GetId()], words[GroupWords(s)] = s, s.GetId()
		}
		f.position(path, p, a.GetIssued())
		if from := a.GetValidFrom(); p.GetValidFrom() == "" && from != "" && p.GetValidUntil() != "" && p.GetValidUntil() < from {
			f.add(path+".valid_until", "%s lies before %s, the first day the letter is valid: it would never hold", DayWords(p.GetValidUntil()), DayWords(from))
		}
		f.provenance(path, p)
		f.onBehalf(path, p, a.GetOnBehalfOf())
		f.distinct(path, p, i, taken)
	}
}

// position checks what every position must hold, reported or not.
// It was issued on issued.
func (f *faults) position(path string, p *v1.Position, issued *v1.DayRange) {
	f.committees(path+".committees", p.GetCommittees())
	f.matter(path+".matter", p.GetMatter())
	f.optionalSlug(path+".measure", "measure", p.GetMeasure())
	f.area(path+".area", p.GetArea())
	f.advised(path+".audiences", p.GetAudiences())
	f.enum(path+".stance", "stance", p.GetStance())
	f.conditions(path+".conditions", p.GetConditions())
	f.effects(path+".contract_effects", p.GetContractEffects())
	f.enum(path+".basis", "basis", p.GetBasis())
	f.text(path+".rationale", p.GetRationale(), TextLimit)
	f.text(path+".evidence", p.GetEvidence(), TextLimit)
	f.days(path+".valid_from", p.GetValidFrom(), path+".valid_until", p.GetValidUntil())
	f.day(path+".review_by", p.GetReviewBy())
	f.notBeforeIssued(path+".valid_until", p.GetValidUntil(), issued)
	f.notBeforeIssued(path+".review_by", p.GetReviewBy(), issued)
	if scope := p.GetScope(); scope != nil {
		f.slug(path+".scope.id", "scope", scope.GetId())
		f.required(path+".scope.words", scope.GetWords(), TitleLimit)
		f.notGeneral(path+".scope.id", scope)
	}
	if p.GetOpinion() != v1.Opinion_OPINION_UNSPECIFIED {
		f.enum(path+".opinion", "opinion", p.GetOpinion())
	}
	f.length(path+".reasons", len(p.GetReasons()), ListLimit)
	for i, r := range p.GetReasons() {
		f.enum(at(path+".reasons", i), "reason", r)
		if slices.Contains(p.GetReasons()[:i], r) {
			f.add(at(path+".reasons", i), "is there twice: name it once")
		}
	}
	f.length(path+".consequences", len(p.GetConsequences()), ListLimit)
	for i, c := range p.GetConsequences() {
		f.enum(at(path+".consequences", i)+".topic", "topic of the consequence", c.GetTopic())
		f.words(at(path+".consequences", i)+".words", c.GetWords())
	}
	f.claims(path+".claims", p.GetClaims())
	if n := proto.Size(p); n > PositionSizeLimit {
		f.addKind(ErrTooLarge, path, "is %d bytes: shorten its conditions, rationale or evidence to %d in all, and attach the long text", n, PositionSizeLimit)
	}
}

func (f *faults) conditions(field string, list []*v1.Condition) {
	f.length(field, len(list), ListLimit)
	for i, c := range list {
		f.enum(at(field, i)+".direction", "direction of the condition", c.GetDirection())
		f.words(at(field, i)+".text", c.GetText())
	}
}

// provenance checks whose word a position of an advisory is (domain.md 3).
func (f *faults) provenance(path string, p *v1.Position) {
	relay := p.GetProvenance() == v1.Provenance_PROVENANCE_RELAY
	switch {
	case p.GetProvenance() == v1.Provenance_PROVENANCE_REPORTED:
		f.add(path+".provenance", "an advisory does not report what others said: record a reported position, or choose PRIMARY or RELAY")
	default:
		f.enum(path+".provenance", "provenance", p.GetProvenance())
	}
	if relay && p.GetStance() != v1.Stance_STANCE_INFORMATION_ONLY {
		f.add(path+".stance", "what is passed on is information only: choose INFORMATION_ONLY, or PRIMARY if it is your own line")
	}
	if relay {
		if p.GetOpinion() != v1.Opinion_OPINION_UNSPECIFIED {
			f.add(path+".opinion", "what is passed on has no opinion of your own in it: leave it out, or write a position of your own")
		}
		f.relay(path+".relay_of", p.GetRelayOf())
	} else if p.GetRelayOf() != nil {
		f.add(path+".relay_of", "is only for a position passed on: remove it, or choose RELAY")
	}
}

func (f *faults) relay(path string, r *v1.RelaySource) {
	if r.GetCommittee() == "" && r.GetAdvisory() == "" && r.GetReference() == nil {
		f.add(path, "is empty: name the committee, the advisory or the publication that is passed on")
	}
	f.optionalSlug(path+".committee", "committee", r.GetCommittee())
	if r.GetAdvisory() != "" {
		f.entry(path+".advisory", r.GetAdvisory())
	}
	if r.GetReference() != nil {
		f.reference(path+".reference", r.GetReference())
	}
}

// onBehalf checks that an advisory speaks for whom its positions name.
func (f *faults) onBehalf(path string, p *v1.Position, onBehalfOf []string) {
	for i, c := range p.GetCommittees() {
		found := false
		for _, named := range onBehalfOf {
			found = found || named == c
		}
		if !found {
			f.add(at(path+".committees", i), "%s is not under on_behalf_of: add it there, or leave it out here", clip(c))
		}
	}
}

// distinct refuses two positions on one thing: the same committee, matter, measure,
// audience and area.
func (f *faults) distinct(path string, p *v1.Position, i int, taken map[string]int) {
	for _, c := range p.GetCommittees() {
		for _, audience := range p.GetAudiences() {
			key := fmt.Sprintf("%q %q %q %d %q %q %q", c, p.GetMatter(), p.GetMeasure(), audience, p.GetArea().GetScheme(), p.GetArea().GetCode(), p.GetScope().GetId())
			if earlier, ok := taken[key]; ok && earlier != i {
				later := ""
				if p.GetValidFrom()+p.GetValidUntil() != "" {
					later = "; what holds from another day on is a letter of its own, with valid_from, that names this under replaces or amends"
				}
				f.add(path, "says for %s and %s what positions[%d] says already: keep one of them%s", clip(c), AudienceWords(audience), earlier, later)
				return
			}
			taken[key] = i
		}
	}
}

func (f *faults) actions(a *v1.Advisory) {
	f.length("actions", len(a.GetActions()), ActionLimit)
	for i, action := range a.GetActions() {
		path := at("actions", i)
		f.required(path+".verb", action.GetVerb(), TextLimit)
		f.line(path+".object", action.GetObject(), TextLimit)
		f.audiences(path+".actors", action.GetActors(), true)
		f.enum(path+".strength", "strength", action.GetStrength())
		f.due(path+".due", action.GetDue(), a.GetIssued().GetEarliest())
		f.text(path+".template", action.GetTemplate(), TemplateLimit)
		f.audiences(path+".template_for", action.GetTemplateFor(), false)
		if len(action.GetTemplateFor()) > 0 && action.GetTemplate() == "" {
			f.add(path+".template_for", "there is no template: write one, or leave this out")
		}
		f.optionalSlug(path+".measure", "measure", action.GetMeasure())
		if action.GetMatter() != "" {
			f.matter(path+".matter", action.GetMatter())
		}
		f.text(path+".condition", action.GetCondition(), TextLimit)
		f.length(path+".committees", len(action.GetCommittees()), ListLimit)
		for j, c := range action.GetCommittees() {
			f.slug(at(path+".committees", j), "committee", c)
			if !slices.Contains(a.GetOnBehalfOf(), c) {
				f.add(at(path+".committees", j), "%s is not under on_behalf_of: add it there, or leave it out here", clip(c))
			}
		}
		f.area(path+".area", action.GetArea())
		f.optionalSlug(path+".scope", "scope", action.GetScope())
		if action.GetScope() != "" && len(a.GetAmends()) == 0 && !slices.ContainsFunc(a.GetPositions(), isForGroup(action.GetScope())) { // what it amends may be for it
			f.add(path+".scope", "no position of this advisory is for the group %s: give one that scope, or leave it out", clip(action.GetScope()))
		}
	}
}

// isForGroup: a position is for a group that an action names.
func isForGroup(scope string) func(*v1.Position) bool {
	return func(p *v1.Position) bool {
		return p.GetScope().GetId() == scope || scope == GeneralScope && p.GetScope() == nil
	}
}

// ValidateWithdrawal checks the structure of a withdrawal, as ValidateAdvisory does.
func ValidateWithdrawal(w *v1.Withdrawal) error {
	f := &faults{}
	f.slug("office", "office", w.GetOffice())
	if len(w.GetOnBehalfOf()) > 0 { // none: a report of its own
		f.committees("on_behalf_of", w.GetOnBehalfOf())
	}
	f.entry("advisory", w.GetAdvisory())
	f.requiredDay("effective", w.GetEffective())
	f.dayRange("issued", w.GetIssued())
	f.line("reason", w.GetReason(), TextLimit)
	f.entries("restores", w.GetRestores())
	for i, name := range w.GetRestores() {
		if name == w.GetAdvisory() {
			f.add(at("restores", i), "%s is what is withdrawn: name what it replaced or amended", clip(name))
		}
	}
	f.length("matters", len(w.GetMatters()), PositionLimit)
	for i, name := range w.GetMatters() {
		f.matter(at("matters", i), name)
	}
	f.enum("visibility", "visibility", w.GetVisibility())
	f.size(w)
	return f.err("withdrawal")
}

// ValidateReport checks the structure of a reported position, as ValidateAdvisory
// does: one committee or other body, provenance REPORTED, and a source.
func ValidateReport(r *v1.ReportedPosition) error {
	f := &faults{}
	f.slug("office", "office", r.GetOffice())
	f.dayRange("issued", r.GetIssued())
	f.reference("source", r.GetSource())
	p := r.GetPosition()
	f.position("position", p, r.GetIssued())
	if len(p.GetCommittees()) > 1 {
		f.add("position.committees", "names %d: record one report for each", len(p.GetCommittees()))
	}
	if p.GetProvenance() != v1.Provenance_PROVENANCE_REPORTED {
		f.add("position.provenance", "must be REPORTED: for your own line publish an advisory")
	}
	if p.GetRelayOf() != nil {
		f.add("position.relay_of", "is only for advisories: name the source under source")
	}
	if len(p.GetVotes()) > 0 {
		f.add("position.votes", "is only for advisories, which tell of the votes: say it in the summary (in a file, the text under the front matter)")
	}
	f.text("summary", r.GetSummary(), SummaryLimit)
	f.enum("visibility", "visibility", r.GetVisibility())
	f.text("notice", r.GetNotice(), TextLimit)
	f.size(r)
	return f.err("report")
}
