//go:build unix

package kill

import "syscall"

// pauses: this system can stop a process in the middle and wake it.
const pauses = true

func (p *process) pause() { p.signal(syscall.SIGSTOP) }
func (p *process) wake()  { p.signal(syscall.SIGCONT) }
