# Hisab. `make help` lists what there is.
.DEFAULT_GOAL := help

GO       ?= go
BIN      ?= bin/hisab
# golangci-lint is run at this version wherever it is not installed; it comes as a Go module.
GOLANGCI ?= $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 10s
HISTORIES ?= 20000
SEED     ?= 1
KILLS    ?= 20

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/hisab, one static file that needs no C library
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) ./cmd/hisab

.PHONY: check
check: ## what every change must pass, offline: format, vet, tests with the race detector
	@test -z "$$(gofmt -l cmd examples reconcile schema spec)" || { gofmt -l cmd examples reconcile schema spec; echo "run gofmt -w on these"; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags browser ./...
	$(GO) test -race ./...

.PHONY: test
test: ## the tests, without the race detector
	$(GO) test ./...

.PHONY: browser
browser: ## the sandbox's page in headless Chromium (needs chromium)
	$(GO) test -tags browser -run Browser ./reconcile/sandbox/...

.PHONY: fuzz
fuzz: ## fuzz every decoder, and sequences of what can happen, for FUZZTIME (10s) each
	$(GO) run ./cmd/prove fuzz -time $(FUZZTIME)

.PHONY: sim
sim: ## play HISTORIES (20000) simulated histories from SEED (1) on, and check every step
	$(GO) run ./cmd/prove sim -histories $(HISTORIES) -seed $(SEED)

.PHONY: defects
defects: ## leave one rule out at a time, and show that the simulator finds each
	$(GO) run ./cmd/prove defects

.PHONY: kill
kill: ## kill the real program KILLS (20) times at random moments, and check what it leaves
	$(GO) run ./cmd/prove kill -kills $(KILLS)

.PHONY: prove
prove: ## the long form: a million histories, 1,000 kills, 5 minutes a fuzz target; takes hours
	$(MAKE) sim HISTORIES=1000000
	$(MAKE) defects
	$(GO) test ./cmd/internal/crash -timeout 60m -args -long
	$(MAKE) kill KILLS=1000
	$(MAKE) fuzz FUZZTIME=5m

.PHONY: lint
lint: ## golangci-lint
	$(GOLANGCI) run

.PHONY: golden
golden: ## rewrite the expected output of the tests, so that the difference can be read
	$(GO) test ./spec ./reconcile ./cmd/internal/view -update

.PHONY: demo
demo: ## the whole story in a terminal
	$(GO) run ./cmd/hisab demo

.PHONY: bench
bench: ## the benchmarks, with the ratios that the README quotes
	$(GO) test -run '^$$' -bench . -benchtime 1x -timeout 30m ./...
