package sim

import (
	"fmt"
	"os"
	"slices"
	"time"
)

// image is a node's folder as it lies on the disk at a moment: data and guard together, as who
// copies a machine gets them.
type image struct{ data, guard []byte }

func (n *node) image() image {
	data, err := os.ReadFile(n.path)
	if err != nil {
		n.w.fail("%s: copying: %v", n.name(), err)
	}
	guard, err := os.ReadFile(n.guard)
	if err != nil {
		n.w.fail("%s: copying: %v", n.name(), err)
	}
	return image{data, guard}
}

// gone says whether it is a copy that was stopped for good.
func (n *node) gone() bool { return n.copyOf != nil && !slices.Contains(n.w.copies, n) }

// clone starts a second node from a copy of a node's folder, of now or of before, with its keys.
// It dials some of the node's peers, and some that dial the node find the copy instead: whoever
// moves a machine to a new one, and leaves the old one on. After a while somebody notices.
func (w *world) clone(n *node) {
	if !n.up || slices.ContainsFunc(w.copies, func(c *node) bool { return c.copyOf == n }) {
		return
	}
	from := n.image()
	if len(n.images) > 0 && w.rng.IntN(2) == 0 {
		from = n.images[w.rng.IntN(len(n.images))]
	}
	c := &node{
		w: w, index: n.index, office: n.office, copyOf: n, log: n.log, folder: w.folder(fmt.Sprint(n.office, "-copy-", w.seen.copies)),
		key: n.key, tls: n.tls, published: n.published, clock: n.clock,
	}
	for path, b := range map[string][]byte{c.path: from.data, c.guard: from.guard} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			w.fail("%s: copying: %v", c.name(), err)
		}
	}
	w.copies = append(w.copies, c)
	w.truth[n.log].copied = true
	w.seen.copies++
	c.start()
	w.logf("%s runs", c.name())
	for _, l := range slices.Clone(w.links) {
		switch {
		case l.dialler != n && l.callee != n || w.rng.IntN(3) == 0:
		case l.callee == n && w.rng.IntN(2) == 0:
			l.callee = c
		default:
			peer := l.callee
			if peer == n {
				peer = l.dialler
			}
			own := &link{dialler: c, callee: peer, slow: l.slow}
			w.links = append(w.links, own)
			w.after(w.between(0, 3*time.Second), func() { w.redial(own) })
		}
	}
	if w.rng.IntN(4) == 0 {
		own := &link{dialler: c, callee: n}
		w.links = append(w.links, own)
		w.redial(own)
	}
	w.after(w.between(5*time.Second, 40*time.Second), func() { w.endCopy(c) })
}

// endCopy is the remedy: one of the two is stopped and its folder deleted, and the other started
// again.
func (w *world) endCopy(c *node) {
	if c.gone() {
		return
	}
	n := c.copyOf
	stays, goes := n, c
	if w.rng.IntN(3) == 0 && n.key.Equal(c.key) && n.tls.Equal(c.tls) {
		stays, goes = c, n
	}
	w.logf("the folder of %s is kept, of %s and its copy", stays.name(), n.office)
	for _, x := range []*node{n, c} {
		x.hangUp()
	}
	w.copies = slices.DeleteFunc(w.copies, func(o *node) bool { return o == c })
	w.links = slices.DeleteFunc(w.links, func(l *link) bool { return l.dialler == c })
	for _, l := range w.links {
		if l.callee == c {
			l.callee = n
		}
	}
	if stays == c {
		n.folder, c.folder = c.folder, n.folder
	}
	w.truth[n.log].lost = true // what only the other had
	os.Remove(c.path)
	os.Remove(c.guard)
	if goes == n {
		n.published = c.published
	}
	w.after(w.between(0, 8*time.Second), n.start)
}
