// Copying a text to send: all else works without script.
for (const button of document.querySelectorAll("button.copy")) {
	if (!navigator.clipboard) continue;
	button.hidden = false;
	button.addEventListener("click", async () => {
		await navigator.clipboard.writeText(button.closest("details").querySelector("pre").textContent);
		button.textContent = "Copied";
	});
}
