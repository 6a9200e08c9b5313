# `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash

# The first Python on this machine that runs and is one we support.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PACKAGES := district extract qa night sandbox
# DuckDB and dbt ask nothing of the network; this keeps dbt from counting us.
export DO_NOT_TRACK := 1

.PHONY: help demo screenshots test lint types dbt-test pytest setup setup-extras setup-dev lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## run two sandbox districts, and name the reports to open
	@$(BIN)/plus360 demo

screenshots: setup-dev ## run the demo, and write the README's pictures to docs/pictures
	@$(BIN)/python -m docs.pictures

test: setup-dev lint types pytest ## every check and test (dbt's own among them)

lint: setup-dev ## ruff, sqlfluff, nbstripout
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/sqlfluff lint dbt_project --processes 2 --disable-progress-bar
	@$(BIN)/sqlfluff lint --templater placeholder qa/analyst/queries --disable-progress-bar
	@$(BIN)/nbstripout --verify notebooks/*.ipynb

types: setup-dev ## mypy, strict
	@$(BIN)/mypy $(PACKAGES)

dbt-test: setup-dev ## dbt's unit tests alone
	@$(BIN)/pytest -q tests/dbt_project/test_unit_tests.py

pytest: setup-dev ## all tests
	@$(BIN)/pytest

setup: .venv/setup ## set up the environment to run in
setup-extras: .venv/setup-extras ## add what notifications (Apprise) and a cluster (Dask) need
setup-dev: .venv/setup-dev ## set up the environment to develop in

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "plus360 needs Python 3.11, 3.12 or 3.13 on the PATH: install one, or say make PYTHON=/path/to/python"; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/setup: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv (once; about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/setup-extras: requirements-extras.lock .venv/setup
	@echo "Adding notifications and clusters ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-extras.lock
	@touch $@

.venv/setup-dev: requirements-dev.lock .venv/setup
	@echo "Adding the developers' tools ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

lock: setup ## write the lock files from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml $(LOCK_OPTIONS) -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml $(LOCK_OPTIONS) --extra notify --extra cluster -c requirements.lock -o requirements-extras.lock
	@$(BIN)/uv pip compile pyproject.toml $(LOCK_OPTIONS) --extra dev -c requirements.lock -c requirements-extras.lock -o requirements-dev.lock

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --quiet --no-strip-extras

clean: ## remove what make made (never data/)
	@rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache
