# Every command a person or CI needs. Each target first sets up what it needs (`setup`): a machine with
# Node >= 20 and npm is enough. Only what a command prints as its result goes to stdout.
#
#   make demo ARGS="--for 60s --seed 7 --json"      ARGS is handed on to the command behind a target
#   make -s -C clockleaf demo ARGS=…                from elsewhere: without -s, make itself writes to stdout

.DEFAULT_GOAL := help
ARGS ?=
SETUP ?= tools/setup
# The Node and nats-server that setup chose, then the tools from npm, then the machine's own. Node keeps what it compiled:
# every process after the first starts in half the time, and tests start hundreds.
WITH_TOOLS := exec env NODE_COMPILE_CACHE="$(CURDIR)/.tools/compiled" PATH="$(CURDIR)/.tools/bin:$(CURDIR)/node_modules/.bin:$$PATH"

.PHONY: help setup setup-tests setup-peers demo dev chaos soak bench rebuild-check verify-bridges fuzz-api mutants explain test test-long test-cluster check architecture types lint unused format clean distclean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## Node 24, npm packages and nats-server (every target below does it by itself)
	@$(SETUP)

setup-tests:
	@$(SETUP) --tests

setup-peers:
	@$(SETUP) --tests --peers

demo: $(if $(findstring --bridges,$(ARGS)),setup-tests,setup) ## a whole site, a working day in a minute, the proof that nothing was lost; then it stays up
	@$(WITH_TOOLS) node test/demo/main.ts $(ARGS)

dev: setup ## the demo, started again whenever a source file changes
	@$(WITH_TOOLS) tsx watch --clear-screen=false --include './{shared,edge-agent,cloud,hardware-sim,deploy,test/demo}/**/*' test/demo/main.ts $(ARGS)

chaos: $(if $(findstring --bridges,$(ARGS)),setup-tests,setup) ## the demo's day with cuts and kills, once per seed: ARGS="--seeds 10"; the services' week: ARGS="--services"; ARGS="--bridges"
	@$(WITH_TOOLS) node test/demo/chaos.ts $(ARGS)

soak: setup ## seventeen readers of every kind on one gateway, with faults: ARGS="--for 10m --rate 20 --seed 7 --json"
	@$(WITH_TOOLS) node test/soak/main.ts $(ARGS)

bench: $(if $(findstring bridges,$(ARGS)),setup-peers,setup) ## measured claims: ARGS="journal uplink --json"
	@$(WITH_TOOLS) node test/bench/main.ts $(ARGS)

rebuild-check: setup ## every read model against one built again from its stream: ARGS="--seed 7 --store postgres"
	@$(WITH_TOOLS) node test/rebuild/main.ts $(ARGS)

verify-bridges: setup-tests ## a foreign program reads what the bridge wrote to Kafka: ARGS="--seed 7 --json"
	@$(WITH_TOOLS) node test/verify/main.ts $(ARGS)

fuzz-api: setup ## a foreign program calls every operation of the API, as its document allows and forbids: ARGS="--seed 7 --json"
	@$(WITH_TOOLS) node test/fuzz/main.ts $(ARGS)

mutants: setup ## broken rules that a test must notice: ARGS="--only premiums"
	@$(WITH_TOOLS) node test/mutants/main.ts $(ARGS)

explain: setup ## a computed day: ARGS="--facts FILE --rules FILE --person P --date D"
	@$(WITH_TOOLS) node cloud/main.ts worktime explain $(ARGS)

test: setup-tests ## all tests but the long ones; ARGS="edge-agent/journal" for some
	@$(WITH_TOOLS) vitest run --project unit --project system $(ARGS)

test-long: setup-tests ## what takes minutes: the bridges on clusters of three with one killed, servers killed, the gateway under systemd
	@$(WITH_TOOLS) vitest run --project long $(ARGS)

# What takes a hub away as a whole, or its disk, is about one server; it stays out.
CLUSTER_TESTS ?= test/integration/event-store-append test/integration/employee-api test/integration/attendance-

test-cluster: setup-tests ## the services' tests on a hub of three servers with three copies of everything
	@$(WITH_TOOLS) CLOCKLEAF_TEST_HUBS=3 vitest run --project system $(if $(ARGS),$(ARGS),$(CLUSTER_TESTS))

check: architecture types lint unused ## who may import whom, types, lint and format, dead code

architecture: setup
	@$(WITH_TOOLS) vitest run --project unit test/architecture.test.ts

types: setup
	@$(WITH_TOOLS) tsc

lint: setup
	@$(WITH_TOOLS) sh -c 'biome ci . && oxlint'

unused: setup
	@$(WITH_TOOLS) knip

format: setup ## let biome lay the files out
	@$(WITH_TOOLS) biome check --write .

clean: ## what runs left behind
	@rm -rf .demo coverage

distclean: clean ## and what setup installed
	@rm -rf node_modules .tools
