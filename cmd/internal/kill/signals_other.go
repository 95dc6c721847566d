//go:build !unix

package kill

// pauses: this system cannot stop a process in the middle.
const pauses = false

func (p *process) pause() {}
func (p *process) wake()  {}
