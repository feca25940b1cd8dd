# `make` or `make help` lists what can be done here.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# what tests compare our formulas with: see requirements/reference.in
REFERENCE := $(VENV)/reference
STAMP := $(VENV)/.setup
COMPILE := pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11
# uv from PATH when there is one that works, else the one that `make setup` puts into the environment
UV = $(shell uv --version >/dev/null 2>&1 && echo uv || echo $(BIN)/uv)
export UV_LINK_MODE ?= copy
export VIRTUAL_ENV := $(abspath $(VENV))

.PHONY: help setup up down status test check bench chaos lock schemas fmt clean

help: ## List these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: $(STAMP) ## Make the Python environment in .venv from the hashed locks

$(STAMP): requirements/bootstrap.txt requirements/dev.txt requirements/reference.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make setup PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV) 2>/dev/null || $(PYTHON) -m venv $(VENV) || \
		{ echo "Python cannot make an environment here: on Debian or Ubuntu, apt-get install python3-venv" >&2; exit 1; }
	@uv --version >/dev/null 2>&1 || test -x $(BIN)/uv || \
		{ echo "Fetching uv"; $(BIN)/python -m pip install --quiet --require-hashes -r requirements/bootstrap.txt; }
	@echo "Installing the locked requirements into $(VENV)"
	@$(UV) pip sync --quiet --require-hashes requirements/bootstrap.txt requirements/dev.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@test -x $(REFERENCE)/bin/python || $(UV) venv --quiet --python $(BIN)/python $(REFERENCE)
	@VIRTUAL_ENV=$(abspath $(REFERENCE)) $(UV) pip sync --quiet --require-hashes requirements/reference.txt
	@touch $@

up: setup ## Start everything and say where it is
	@$(BIN)/civic up

down: ## Stop what `make up` started; the data stay
	@test ! -x $(BIN)/civic || $(BIN)/civic down

status: setup ## Health, versions, queues and lag
	@$(BIN)/civic status

test: check ## Every check, and every test on real servers that the tests start themselves
	$(BIN)/python -m pytest

check: setup ## Format, lint, types, walls between packages, drift of generated contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m schemas.generate --check
	$(BIN)/python -m gateway.export --check

bench: setup ## Measure against bare loops; writes bench/results/latest.json
	$(BIN)/python -m bench

chaos: setup ## Only the tests that kill and restart parts of the system
	$(BIN)/python -m pytest -m chaos

lock: ## Resolve requirements/*.in again, with hashes
	@for set in bootstrap build run dev reference; do \
		$(UV) $(COMPILE) requirements/$$set.in -o requirements/$$set.txt || exit 1; done

schemas: setup ## Generate the committed contracts again
	$(BIN)/python -m schemas.generate
	$(BIN)/python -m gateway.export

fmt: setup ## Format the code and repair what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Stop everything and remove its data (.local)
	@if test -x $(BIN)/civic; then $(BIN)/civic clean --yes; else rm -rf .local; fi
