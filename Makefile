# Two commands are enough: `make run` shows everything, `make test` checks everything it can here.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q

.DEFAULT_GOAL := help
.PHONY: help run test test-rest test-all check bench fuzz tour lock messages clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: .venv/run.stamp ## the demonstration, in a browser (FRESH=1 starts anew)
	@$(BIN)/vigie demo run $(if $(FRESH),--fresh)

test: .venv/dev.stamp ## the suite, in five minutes; says what this machine made it skip
	@sh tests/run.sh

test-rest: .venv/dev.stamp ## what did not fit into them: CI runs it after the suite
	@PART=rest sh tests/run.sh

test-all: .venv/dev.stamp ## both, and the full matrix of pages, languages, widths and databases
	@PART=all sh tests/run.sh

check: .venv/dev.stamp ## style, types, the law of the rooms, translations, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: .venv/bin/ruff format ."; exit 1; }
	@$(BIN)/python tests/with_environment.py mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python tests/with_environment.py vigie makemigrations --check --dry-run
	@$(BIN)/python tests/with_environment.py python tests/check_messages.py

bench: .venv/dev.stamp ## benchmarks: one JSON object a line (`make .venv/bench.stamp` first: beside their peers)
	@$(BIN)/python -m bench
	@url=$$(FSYNC=on sh tests/postgres.sh start) && { VIGIE_TEST_POSTGRES="$$url" $(BIN)/python -m bench wall intake flood queue; sh tests/postgres.sh stop "$$url"; } || echo "SKIPPED: on PostgreSQL (its programs are not here)" >&2

fuzz: .venv/fuzz.stamp ## fuzz the reading of places, pictures and lists (SECONDS=600 each), and the APIs
	@mkdir -p var/fuzz/found var/fuzz/pictures var/fuzz/importers
	@$(BIN)/python -m tests.fuzz.fuzz_locators -max_total_time=$(or $(SECONDS),600) -max_len=3000 -dict=tests/fuzz/locators.dict -artifact_prefix=var/fuzz/ var/fuzz/found tests/fuzz/corpus
	@$(BIN)/python -m tests.fuzz.fuzz_pictures -max_total_time=$(or $(SECONDS),600) -max_len=6000 -timeout=30 -rss_limit_mb=0 -artifact_prefix=var/fuzz/pictures- var/fuzz/pictures tests/fuzz/corpus_pictures
	@$(BIN)/python -m tests.fuzz.fuzz_importers -max_total_time=$(or $(SECONDS),600) -max_len=4000 -timeout=30 -artifact_prefix=var/fuzz/importers- var/fuzz/importers tests/fuzz/corpus_importers
	@FUZZ=300 $(BIN)/python -m pytest vigie/intake/doors/tests/test_api_schema.py vigie/matching/providers/tests/test_api_schema.py

tour: .venv/dev.stamp ## the pictures in docs/tour, anew (ONLY="wall kit": these; needs Chromium)
	@$(BIN)/python tests/with_environment.py python -m tests.browser.tour $(ONLY)

lock: .venv/bin/python ## the hashed locks, anew (UPGRADE=1 for newer versions)
	@$(INSTALL) uv
	$(UV) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	$(UV) $(if $(UPGRADE),--upgrade) requirements-dev.in -o requirements-dev.txt
	$(UV) $(if $(UPGRADE),--upgrade) requirements-fuzz.in -o requirements-fuzz.txt
	$(UV) $(if $(UPGRADE),--upgrade) requirements-bench.in -o requirements-bench.txt
	$(UV) $(if $(UPGRADE),--upgrade) -c requirements-dev.txt requirements-ray.in -o requirements-ray.txt
	$(UV) $(if $(UPGRADE),--upgrade) -c requirements-dev.txt requirements-ray-dev.in -o requirements-ray-dev.txt

messages: .venv/dev.stamp ## collect new texts into web/locale and compile (needs gettext)
	@$(BIN)/python tests/with_environment.py vigie makemessages --all --ignore '.venv/*' --ignore 'var/*' --no-wrap --no-location
	@$(BIN)/python tests/with_environment.py python tests/check_messages.py --compile

clean: ## forget the environment and the demonstration
	rm -rf .venv var

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Vigie needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Set another: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python cannot make environments here (ensurepip is missing). On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "making .venv …"; $(PYTHON) -m venv .venv

# Every package is checked against its hash in the lock.
.venv/run.stamp: .venv/bin/python requirements.txt pyproject.toml
	@test -e .venv/dev.stamp || $(INSTALL) --require-hashes -r requirements.txt || { echo "The packages could not be installed: is a package index within reach?"; exit 1; }
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: .venv/bin/python requirements-dev.txt pyproject.toml
	@$(INSTALL) --require-hashes -r requirements-dev.txt || { echo "The packages could not be installed: is a package index within reach?"; exit 1; }
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/bench.stamp: .venv/dev.stamp requirements-bench.txt
	@$(INSTALL) --require-hashes -r requirements-bench.txt
	@touch $@

# For `vigie screen` on several machines and of S3; with what its tests need.
.venv/ray.stamp: .venv/dev.stamp requirements-ray-dev.txt
	@$(INSTALL) --require-hashes -r requirements-ray-dev.txt
	@touch $@

.venv/fuzz.stamp: .venv/dev.stamp requirements-fuzz.txt
	@$(INSTALL) --require-hashes -r requirements-fuzz.txt || { echo "The fuzzer could not be installed: it exists for Linux on x86-64 and Arm, and for macOS with Clang."; exit 1; }
	@touch $@
