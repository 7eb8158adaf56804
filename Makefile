# Two commands matter: `make run` starts the house, `make test` proves it. Both set everything up first.
# Stamps in .venv remember what is installed, so that a second call starts at once.

PYTHON  ?= $(shell tools/find_python.sh)
WORKERS ?= 2
DAYS    ?= 1000
KILLS   ?= 200
PORT    ?= 8080

BIN      := .venv/bin
CARGO    := $(shell command -v cargo 2>/dev/null)
CORE     := $(if $(CARGO),compiled,plain)
MANIFEST := --manifest-path core/Cargo.toml
RUST     := $(shell find core -name target -prune -o \( -name '*.rs' -o -name 'Cargo.*' \) -print)

export PYO3_PYTHON := $(CURDIR)/$(BIN)/python
# Compiled once, not at each of the hundreds of starts of a test run.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test lint lint-python lint-rust test-rust test-python chromium meter bench soak wire core lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.stamp-$(CORE) ## everything installed into .venv, from names, versions and hashes

.venv/.stamp-packages: constraints.txt
	@test -n "$(PYTHON)" || { echo "LaSalle needs Python 3.11 or later with venv; none was found on PATH."; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	@touch $@

# An old compiled core beside a failed build would serve yesterday's law, so it goes first.
.venv/.stamp-$(CORE): .venv/.stamp-packages pyproject.toml $(RUST)
	@rm -f lasalle/_core*.so .venv/.stamp-compiled .venv/.stamp-plain
	MAKEFLAGS= $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'import lasalle._core' 2>/dev/null && echo "The compiled core is built." || { \
	  echo "NOTICE: no compiled core was built; the plain core serves, correct and slow."; \
	  echo "NOTICE: $(if $(CARGO),see why with: make core,install a Rust toolchain (rustup.rs) and call make setup again)."; }
	@touch $@

run: setup ## start the house on 127.0.0.1:8080, or another PORT
	@exec $(BIN)/lasalle run --port $(PORT)

test: ## every check and every test
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target setup chromium lint test-rust
	@$(MAKE) --no-print-directory meter test-python

lint: lint-python lint-rust ## style, types, floors of the generated files

lint-python: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(if $(wildcard tools/wire.py),$(BIN)/python tools/wire.py --check)

# The compiled core is linked on one processor for minutes; its checks have the other meanwhile.
# Cargo shares no jobs with make, and would warn of it.
ifeq ($(CORE),compiled)
lint-rust: .venv/.stamp-packages
	MAKEFLAGS= cargo fmt $(MANIFEST) --all --check
	MAKEFLAGS= cargo clippy $(MANIFEST) --locked --workspace --all-targets --quiet -- -D warnings

test-rust: .venv/.stamp-packages lint-rust
	MAKEFLAGS= cargo test $(MANIFEST) --locked --workspace --quiet
else
lint-rust test-rust:
	@echo "SKIPPED $@: no cargo on PATH."
endif

test-python: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

chromium: .venv/.stamp-chromium

.venv/.stamp-chromium: tools/install_chromium.sh .venv/.stamp-packages
	@tools/install_chromium.sh
	@touch $@

meter: .venv/.stamp-meter

.venv/.stamp-meter: tools/install_meter.sh tools/meter.txt .venv/.stamp-packages
	@tools/install_meter.sh
	@touch $@

bench: setup ## measured speed, side by side with peers
	$(BIN)/python -m benches

soak: setup meter ## many more simulated days and kills than the test run, and drawn examples anew
	$(BIN)/python -m pytest tests -m slow --days $(DAYS) --kills $(KILLS)
	$(BIN)/python -m pytest tests -m hypothesis --hypothesis-profile anew

wire: setup ## write the generated code and pages from schema/
	$(BIN)/python tools/wire.py

core: setup ## build the compiled core aloud
	cargo build $(MANIFEST) --locked --release --workspace

lock: ## write constraints.txt and core/Cargo.lock anew (needs uv)
	uv --no-config lock --upgrade
	uv --no-config export --quiet --format requirements-txt --no-emit-project --all-groups --no-header --no-annotate --output-file constraints.txt
	rm -f uv.lock
	cargo update $(MANIFEST)

clean: ## forget everything built
	rm -rf .venv build dist core/target lasalle.egg-info lasalle/_core*.so
