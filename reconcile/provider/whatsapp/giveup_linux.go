package whatsapp

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// giveUpAfter sets TCP_USER_TIMEOUT: how long written bytes may stay unacknowledged.
func giveUpAfter(d time.Duration) func(network, address string, c syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) error {
		var failed error
		err := c.Control(func(fd uintptr) {
			failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(d.Milliseconds()))
		})
		if err != nil {
			return err
		}
		return failed
	}
}
