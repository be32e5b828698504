// What is wrong with a page as it stands, as sentences; none: nothing was found.
(() => {
	const bad = [];
	const width = document.documentElement.clientWidth;
	const name = e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.getAttribute("class") ? "." + e.getAttribute("class").trim().replace(/\s+/g, ".") : "");
	const scroller = e => {
		for (; e && e !== document.body; e = e.parentElement) {
			if (/auto|scroll/.test(getComputedStyle(e).overflowX)) return e;
		}
		return null;
	};
	if (document.documentElement.scrollWidth > width) bad.push(`it is ${document.documentElement.scrollWidth} px wide, on a screen of ${width}`);
	// Pieces of text as they stand, a rectangle for each line.
	const texts = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; (n = walker.nextNode());) {
		const e = n.parentElement;
		if (!n.data.trim() || e.closest("script, style, title, desc, option, .skip") || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
		const range = document.createRange();
		range.selectNodeContents(n);
		const within = scroller(e);
		for (const r of range.getClientRects()) {
			if (r.width < 1 || r.height < 1) continue;
			const words = n.data.trim().slice(0, 40);
			if (within) {
				if (within.tabIndex < 0) bad.push(`${name(within)} scrolls, and no keyboard can: ${words}`);
				const w = within.getBoundingClientRect();
				if (r.left > w.right || r.right < w.left || r.top > w.bottom || r.bottom < w.top) continue;
			} else if (r.right > width + 1 || r.left < -1) {
				bad.push(`“${words}” in ${name(e)} stands from ${r.left | 0} to ${r.right | 0} px, on a screen of ${width}`);
			}
			texts.push({ l: r.left, r: r.right, t: r.top + r.height * .18, b: r.bottom - r.height * .18, e, n, words });
		}
	}
	texts.sort((a, b) => a.t - b.t);
	for (let i = 0; i < texts.length; i++) {
		for (let j = i + 1; j < texts.length && texts[j].t < texts[i].b; j++) {
			const a = texts[i], b = texts[j];
			if (a.n !== b.n && Math.min(a.r, b.r) - Math.max(a.l, b.l) > 2 && Math.min(a.b, b.b) - Math.max(a.t, b.t) > 2) {
				bad.push(`“${a.words}” in ${name(a.e)} and “${b.words}” in ${name(b.e)} stand on one another`);
			}
		}
	}
	// What is cut off without a way to the rest.
	for (const e of document.body.querySelectorAll("*")) {
		const s = getComputedStyle(e);
		if (!(e instanceof HTMLElement) || e.closest(".skip") || !e.checkVisibility()) continue;
		if (/hidden|clip/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1) bad.push(`${name(e)} is cut off at ${e.clientWidth} of ${e.scrollWidth} px`);
	}
	// Words in a picture, against what is drawn beneath them.
	const channel = v => (v /= 255, v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
	const colour = s => (s.match(/[\d.]+/g) || []).map(Number);
	const light = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
	for (const e of document.querySelectorAll("svg text")) {
		if (!e.checkVisibility()) continue;
		const own = colour(getComputedStyle(e).fill), r = e.getBoundingClientRect();
		let under = null;
		for (const o of e.ownerSVGElement.querySelectorAll("rect, circle, path")) {
			const b = o.getBoundingClientRect(), fill = getComputedStyle(o).fill;
			if (o.closest("defs") || !/^rgb/.test(fill) || !(o.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
			const x = (r.left + r.right) / 2, y = (r.top + r.bottom) / 2;
			if (b.left <= x && x <= b.right && b.top <= y && y <= b.bottom) under = colour(fill);
		}
		for (let up = e.ownerSVGElement; !under && up; up = up.parentElement) {
			const c = colour(getComputedStyle(up).backgroundColor);
			if (c.length === 3 || c[3] > 0) under = c;
		}
		under = under || [255, 255, 255];
		const [x, y] = [light(own), light(under)].sort((p, q) => q - p);
		if ((x + .05) / (y + .05) < 4.5) bad.push(`“${e.textContent}” in a picture has a contrast of ${((x + .05) / (y + .05)).toFixed(1)}`);
	}
	return [...new Set(bad)];
})()
