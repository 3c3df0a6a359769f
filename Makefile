# Each target makes what it needs: only Python 3.11+ with pip is taken for granted. A second run is quick.
RECENT := import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 ...")
# `python3`, or where that is too old a newer one beside it.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell $(name) -c '$(RECENT)' 2>/dev/null && echo $(name))) python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DEMO_STAMP := $(VENV)/.installed-demo
DEV_STAMP := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contracts format bench nightly clean

help:
	@echo "make demo   a call between two clients through the embedded gateway"
	@echo "make test   all tests"
	@echo "make check  lint, types, import contracts and tests"
	@echo "make bench  the store beside Redux with redux-saga (Node)"
	@echo "make clean  remove what these made"

$(BIN)/python:
	@$(PYTHON) -c '$(RECENT)'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }  # else half of one would be taken for a whole one

$(DEMO_STAMP): pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV); the first time, this can take some minutes."
	$(PIP) install --editable '.[cli]'
	@touch $@

$(DEV_STAMP): pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV); the first time, this can take some minutes."
	$(PIP) install --editable '.[dev]'
	@touch $@ $(DEMO_STAMP)

demo: $(DEMO_STAMP)
	$(BIN)/rbbn-sdk demo

test: $(DEV_STAMP)
	$(BIN)/python -m pytest -n auto

lint: $(DEV_STAMP)
	$(BIN)/ruff check rbbn_sdk tests benchmarks examples
	$(BIN)/ruff format --check rbbn_sdk tests benchmarks examples

types: $(DEV_STAMP)
	$(BIN)/mypy
	$(BIN)/mypy --config-file pyproject.toml tests/types
	$(BIN)/basedpyright

contracts: $(DEV_STAMP)
	$(BIN)/lint-imports

check: lint types contracts test

format: $(DEV_STAMP)
	$(BIN)/ruff check --fix rbbn_sdk tests benchmarks examples
	$(BIN)/ruff format rbbn_sdk tests benchmarks examples

bench: $(DEV_STAMP)
	$(BIN)/python -m benchmarks

nightly: $(DEV_STAMP)
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -m "nightly or not nightly" --timeout=1800

clean:
	rm -rf $(VENV) build dist demo-out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	rm -rf benchmarks/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
