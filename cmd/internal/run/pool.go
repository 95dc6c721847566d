package run

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/hisab/hisab/reconcile"
)

// Pool runs at most so many things beside each other. Fewer than one means one.
type Pool int

var _ reconcile.Pool = Pool(0)

// Each calls f for 0 … n-1 and returns when every call that was begun is done. When ctx is
// done it begins no more. A panic of f is a panic of Each, once the others are done.
func (p Pool) Each(ctx context.Context, n int, f func(i int)) {
	var (
		workers sync.WaitGroup
		next    atomic.Int64
		once    sync.Once
		failed  atomic.Bool
		cause   any
	)
	for range min(max(int(p), 1), n) {
		workers.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					failed.Store(true)
					once.Do(func() { cause = r })
				}
			}()
			for ctx.Err() == nil && !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	workers.Wait()
	if failed.Load() {
		panic(cause)
	}
}
