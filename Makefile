# Patchbay. `make help` tells what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)

.PHONY: help
help: ## This list
	@echo "Patchbay turns a SaaS API into MCP servers."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Set everything up, then run the demo: a sandbox PSA and an MCP URL for it (built to be there soon, not to be fast)
	@scripts/setup.sh build
	@scripts/build.sh demo patchbay
	@build/demo/patchbay demo

.PHONY: test
test: ## Set everything up, then run every test
	@scripts/setup.sh build test
	@scripts/build.sh release
	@scripts/test.sh release

.PHONY: build
build: ## Build build/release/patchbay
	@scripts/setup.sh build
	@scripts/build.sh release patchbay

.PHONY: package
package: ## A Debian package, a tarball and their bill of materials, in build/package
	@scripts/setup.sh build package
	@scripts/build.sh release patchbay
	@packaging/build.sh build/release/patchbay build/package

.PHONY: unit
unit: ## Unit tests only, in the build that compiles fastest
	@scripts/setup.sh build
	@scripts/build.sh dev
	@scripts/test.sh dev --unit

.PHONY: asan
asan: ## Unit tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@scripts/setup.sh build
	@scripts/build.sh asan
	@scripts/test.sh asan --unit

.PHONY: tsan
tsan: ## Unit tests under ThreadSanitizer
	@scripts/setup.sh build
	@scripts/build.sh tsan
	@scripts/test.sh tsan --unit

.PHONY: profile
profile: ## Make anew the profile that the compiler lays out a call by (cmake/release.profdata)
	@scripts/setup.sh build bench profile
	@scripts/build.sh train patchbay
	@bench/profile/run.sh

.PHONY: conformance
conformance: ## The official MCP conformance suite: both requirement sets, and a production server
	@scripts/setup.sh build test
	@scripts/build.sh release patchbay
	@tests/conformance/run.sh

.PHONY: fuzz
fuzz: ## Each fuzz target for FUZZ_SECONDS (default 60)
	@scripts/setup.sh build
	@scripts/build.sh fuzz
	@scripts/fuzz.sh $${FUZZ_SECONDS:-60}

.PHONY: soak
soak: ## Loads and attacks for long, SOAK_MINUTES (default 30): nothing grows, others are served
	@scripts/setup.sh build test
	@scripts/build.sh release patchbay
	@scripts/soak.sh $${SOAK_MINUTES:-30}

.PHONY: ha
ha: ## High availability rehearsed: the site of deploy/ha, of which everything fails once (root, or sudo)
	@scripts/setup.sh build test ha
	@scripts/build.sh release patchbay
	@tests/nodes/rehearse.sh

.PHONY: bench
bench: ## Benchmarks beside nginx and a Node peer: ratios, side by side
	@scripts/setup.sh build test bench
	@scripts/build.sh release patchbay
	@bench/run.sh

.PHONY: budget
budget: ## What a call costs in instructions and heap allocations, held to bench/budget/budget.json
	@scripts/setup.sh build test
	@scripts/build.sh release patchbay
	@bench/budget/run.sh

.PHONY: growth
growth: ## How a call's cost grows with records, arguments, tools and MCP servers
	@scripts/setup.sh build test
	@scripts/build.sh release patchbay
	@bench/growth/run.sh

.PHONY: scale
scale: ## What grows with the number of MCP servers, on SQLite and PostgreSQL
	@scripts/setup.sh build test scale
	@scripts/build.sh release patchbay
	@bench/scale/run.sh

.PHONY: tokens
tokens: ## What answers and listings cost a model, in tokens
	@scripts/setup.sh build test
	@scripts/build.sh release patchbay
	@bench/tokens/run.sh

.PHONY: reports
reports: ## What reports cost on a large PSA: seconds, memory, requests
	@scripts/setup.sh build test
	@scripts/build.sh release patchbay
	@bench/reports/run.sh

.PHONY: eval
eval: OPENAPI ?= $(wildcard ../shared/data/connectwise/openapi-2026.4.json)
eval: ## How often search finds the tool that somebody asks for, in the shipped pack (OPENAPI=FILE: and in that)
	@scripts/setup.sh build
	@scripts/build.sh release search_eval $(if $(OPENAPI),patchbay)
	@bench/eval/run.sh $(OPENAPI)

.PHONY: start
start: OPENAPI ?= $(wildcard ../shared/data/connectwise/openapi-2026.4.json)
start: ## What a start costs: processor time and instructions (OPENAPI=FILE: with that whole API as well)
	@scripts/setup.sh build test
	@scripts/build.sh release patchbay
	@bench/start/run.sh $(OPENAPI)

.PHONY: screenshots
screenshots: ## The README's pictures of the dashboard, made anew (docs/pictures/)
	@scripts/setup.sh build test
	@scripts/build.sh release patchbay
	@tests/dashboard/run.sh tests/dashboard/pictures.mjs

.PHONY: lint
lint: ## clang-format and clang-tidy, as CI checks them
	@scripts/setup.sh build lint
	@scripts/lint.sh

.PHONY: check-changed
check-changed: ## clang-tidy on what changed, and its rooms' unit tests under ASan (REV=… to compare with)
	@scripts/setup.sh build lint
	@scripts/check_changed.sh $(REV)

.PHONY: hooks
hooks: ## Have git format what is staged and run the quick checks before each commit
	@scripts/setup.sh lint
	@git config core.hooksPath scripts/hooks
	@echo "git now runs scripts/hooks before each commit (git config --unset core.hooksPath ends that)"

.PHONY: format
format: ## Rewrite the C++ sources with clang-format
	@scripts/setup.sh lint
	@git ls-files -co --exclude-standard '*.h' '*.cpp' | xargs clang-format-19 -i

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf build
