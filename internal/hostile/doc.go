// Command hostile floods a node in another process, in all the ways somebody without a key
// can, or with one, and measures what that costs: the node's memory over what it has when idle, how long
// honest clients wait, on connections they kept and on new ones, and how long it takes until
// all is as before.
//
//	go run ./internal/hostile                     the whole set, about a quarter of an hour
//	go run ./internal/hostile -only resets,pings  some of it
//	go run ./internal/hostile -same               honest clients share the flood's address
//	go run ./internal/hostile -member             the flood comes from an office's node
//
// Node and floods run on different cores where the system has taskset. Beside each stands the
// same flood into a bare sink, which takes it and does nothing, on the node's core: what no
// node could do anything about.
//
// It speaks HTTP/2 by hand, for what no honest client sends. It knows nothing of what a node
// does about a flood.
package main
