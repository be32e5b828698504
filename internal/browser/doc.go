// Package browser looks at the pages in Chromium, of the demonstration's federation; it has tests only. It knows
// what people see and do with a mouse, a keyboard or a phone, and nothing of how pages are made.
//
// Without Chromium its tests say so and are skipped, and with -race too: it tells nothing of a browser and takes
// ten times as long. .ci/run sees to it that they ran. What they look for is in look.js.
package browser
