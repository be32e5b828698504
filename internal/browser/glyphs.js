// The characters of a page that no font of this machine has: each is drawn as what no font can have is.
(() => {
	const seen = new Map();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; (n = walker.nextNode());) {
		if (n.parentElement.closest("script, style")) continue;
		const s = getComputedStyle(n.parentElement);
		const font = `${s.fontWeight} 20px ${s.fontFamily}`;
		for (const c of n.data) if (c.trim()) (seen.get(font) || seen.set(font, new Set()).get(font)).add(c);
	}
	const canvas = document.createElement("canvas");
	canvas.width = canvas.height = 32;
	const ctx = canvas.getContext("2d", { willReadFrequently: true });
	const drawn = (font, c) => {
		ctx.clearRect(0, 0, 32, 32);
		ctx.font = font;
		ctx.fillText(c, 4, 24);
		return ctx.getImageData(0, 0, 32, 32).data.join();
	};
	const bad = [];
	for (const [font, chars] of seen) {
		const none = drawn(font, "\u{10FFFD}");
		for (const c of chars) if (drawn(font, c) === none) bad.push(`no font has “${c}” (U+${c.codePointAt(0).toString(16)})`);
	}
	return [...new Set(bad)];
})()
