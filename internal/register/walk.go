package register

// What a register says of areas and committees is what others wrote: they may point at one
// another in circles of any length. Whoever follows them does it here, and asks each once.

// reach is what can be reached from start, itself first, through what next gives of each.
func reach[K comparable](start K, next func(K) []K) []K {
	reached, seen := []K{start}, map[K]bool{start: true}
	for n := 0; n < len(reached); n++ { // reached grows
		for _, to := range next(reached[n]) {
			if !seen[to] {
				seen[to], reached = true, append(reached, to)
			}
		}
	}
	return reached
}

// circles tells, of every circle that next makes of keys, the step that closes it.
func circles[K comparable](keys []K, next func(K) []K, tell func(from, to K)) {
	open, done := map[K]bool{}, map[K]bool{} // open: what it points at is being walked
	var visit func(key K)
	visit = func(key K) {
		if open[key] || done[key] {
			return
		}
		open[key] = true
		for _, to := range next(key) {
			if open[to] {
				tell(key, to)
			}
			visit(to)
		}
		open[key], done[key] = false, true
	}
	for _, key := range keys {
		visit(key)
	}
}
