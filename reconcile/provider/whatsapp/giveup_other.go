//go:build !linux

package whatsapp

import (
	"syscall"
	"time"
)

// giveUpAfter does nothing: only Linux lets a connection say how long its bytes may wait.
func giveUpAfter(time.Duration) func(network, address string, c syscall.RawConn) error { return nil }
