package guidance

import v1 "github.com/lmcfed/lmcfed/proto/lmc/guidance/v1"

// ValidateAdvisory is to come.
func ValidateAdvisory(a *v1.Advisory) error { return nil }

// ValidateWithdrawal is to come.
func ValidateWithdrawal(w *v1.Withdrawal) error { return nil }

// ValidateMatter is to come.
func ValidateMatter(m *v1.Matter) error { return nil }

// ValidateReport is to come.
func ValidateReport(r *v1.ReportedPosition) error { return nil }

// CheckPublish is to come.
func CheckPublish(a *v1.Advisory, ctx PublishContext) (*v1.Advisory, []*v1.Warning, []string, error) {
	return a, nil, nil, nil
}

// CheckWithdraw is to come.
func CheckWithdraw(w *v1.Withdrawal, ctx PublishContext) (*v1.Withdrawal, []*v1.Warning, []string, error) {
	return w, nil, nil, nil
}

// CheckMatter is to come.
func CheckMatter(m *v1.Matter, ctx PublishContext) (*v1.Matter, error) { return m, nil }

// CheckReport is to come.
func CheckReport(r *v1.ReportedPosition, ctx PublishContext) (*v1.ReportedPosition, []*v1.Warning, error) {
	return r, nil, nil
}
