package answers

import (
	"cmp"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lmcfed/lmcfed/internal/picture"
	answersv1 "github.com/lmcfed/lmcfed/proto/lmc/answers/v1"
)

// aloneAfter is for how long a node may be connected to no other before its readers are told:
// connections are made anew now and then.
const aloneAfter = 2 * time.Minute

// heard tells when the node of each other office was last heard, of the keeper, those that speak for
// somebody and those that may report today: what another publishes counts for nothing. An office of which
// nothing ever came has not joined, which is told as that.
func (m *moment) heard(c *answersv1.Completeness, asked []string) {
	at := map[string]time.Time{} // by office, whatever the epoch of its log
	for log, t := range m.Heard() {
		if t.After(at[log.Office]) {
			at[log.Office] = t
		}
	}
	now := m.Now()
	for _, office := range m.rolls.of(m.reg, m.today, m.Keeper).speaking {
		last, ever := at[office]
		if office == m.Office || !ever && slices.Contains(c.NotJoined, office) {
			continue
		}
		h := &answersv1.OfficeHeard{Office: office, AskedAbout: slices.Contains(asked, office)}
		if ever {
			h.HeardTime, h.Age = timestamppb.New(last), durationpb.New(age(last, now))
		}
		c.Heard = append(c.Heard, h)
	}
	slices.SortStableFunc(c.Heard, func(a, b *answersv1.OfficeHeard) int {
		if a.AskedAbout == b.AskedAbout {
			return cmp.Compare(a.Office, b.Office)
		}
		return map[bool]int{true: -1, false: 1}[a.AskedAbout]
	})
	if m.AloneSince != nil && len(c.Heard) > 0 {
		if since := m.AloneSince(); !since.IsZero() && (age(since, now) >= aloneAfter || !m.HasHeard()) {
			c.Alone = durationpb.New(age(since, now))
		}
	}
	for _, h := range c.Heard {
		if picture.IsSilent(h) {
			c.Stale = append(c.Stale, h.Office)
		}
	}
}

// age is by the clock that does not jump, where both times have it, and by the other, whichever
// says more: the one may be put back, and the other stands still while a machine sleeps.
func age(last, now time.Time) time.Duration {
	return max(0, now.Sub(last), now.Round(0).Sub(last.Round(0)))
}

// speakersFor are the offices that speak for some committees today: whose silence the reader is
// told of first.
func (m *moment) speakersFor(committees []string) (offices []string) {
	for _, committee := range committees {
		if office, ok := m.reg.OfficeFor(committee, m.today); ok {
			offices = append(offices, office)
		}
	}
	return offices
}
