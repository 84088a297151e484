# Everything a person or CI asks of this project. Each target sets up what it needs.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGES := src flows tasks deployments tests tools benchmarks

.PHONY: help setup run test check bench soak serve packages lock format

help:
	@echo "make run     set up, and replay a campaign year on invented cities (some two minutes)"
	@echo "make serve   Prefect server, worker, deployments and board on this machine"
	@echo "make check   the everyday set: lock, format, lint, types, contracts, fast tests"
	@echo "make test    all tests; installs the Debian packages they need when run as root"
	@echo "make soak    workbooks and cells with known truth, fuzz, kills, damage, load, workers, years of letters (hours)"
	@echo "make bench   figures, each beside what it is compared with"

setup: $(READY)

$(READY): requirements.lock tools/make-venv
	tools/make-venv "$(PYTHON)" "$(VENV)"
	touch $@

run: setup
	$(BIN)/phaseout replay jiangsu-2022

serve: setup
	$(BIN)/phaseout serve

check: setup
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow"

packages:
	tools/install-packages

test: setup packages
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

bench: setup
	$(BIN)/python -m benchmarks

soak: setup packages
	$(BIN)/python -m tests.soak.workbooks 1000
	$(BIN)/python -m tests.soak.cells 100000
	$(BIN)/python -m tests.soak.fuzz
	$(BIN)/python -m tests.soak.kills
	$(BIN)/python -m tests.soak.load
	$(BIN)/python -m tests.soak.ladder
	$(BIN)/python -m tests.soak.rush
	$(BIN)/python -m tests.soak.backups
	$(BIN)/python -m tests.soak.meddling
	$(BIN)/python -m tests.soak.outages
	$(BIN)/python -m tests.soak.corruption
	$(BIN)/python -m tests.soak.rebuilds
	$(BIN)/python -m tests.soak.readers
	$(BIN)/python -m tests.soak.workers
	$(BIN)/python -m tests.soak.workers --imap --kills 4
	$(BIN)/python -m tests.soak.cluster
	$(BIN)/python -m tests.soak.pool

format: setup
	$(BIN)/ruff format $(PACKAGES)
	$(BIN)/ruff check --fix $(PACKAGES)

# Needs uv; writes names, versions and hashes, no addresses.
lock:
	uv pip compile pyproject.toml --extra dev --extra dask --generate-hashes --no-strip-extras --python-version 3.11 \
		--no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock
