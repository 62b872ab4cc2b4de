# Dalil. 'make demo' shows it, 'make test' checks it, 'make help' lists the rest.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
# The sample world's seed, such as SEED=7; 2026 when none is named.
SEED ?=
# A wheelhouse made by 'make wheelhouse' on a machine with a network: make setup WHEELHOUSE=DIR
WHEELHOUSE ?=
PIP_FROM := $(if $(WHEELHOUSE),--no-index --find-links $(WHEELHOUSE),)
SECONDS ?= 600
FOUND ?= .cache/fuzz
DISTURBED := $(addprefix tests/integration/actions/test_import_,killed.py crowded.py full_disks.py)
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: compiled-tests proof fuzz openapi pictures reference help demo demo-reset setup setup-dev test lint bench wheelhouse browser requirements catalogues clean

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: setup ## Set up, load the sample week, recognise, measure, serve on 127.0.0.1
	@$(BIN)/dalil demo --workspace $(DEMO) $(if $(SEED),--seed $(SEED))

demo-reset: ## Forget the demo's workspace and start over
	@$(BIN)/dalil demo --workspace $(DEMO) $(if $(SEED),--seed $(SEED)) --reset

# Compiled once here: the limited children may write nothing, not even their compiled modules.
setup: $(VENV)/.runtime ## Make .venv with everything that Dalil needs
	@$(BIN)/python -m compileall -q src

setup-dev: $(VENV)/.dev ## The same, with what the tests need

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is missing. On Debian or Ubuntu: sudo apt install python3 python3-venv make"; exit 3; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Name another: make demo PYTHON=python3.12"; exit 3; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 3; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(BIN)/python requirements.txt pyproject.toml
	@echo "Installing the packages (about 400 MB, once; a few minutes on a slow line) …"
	@$(BIN)/python -m pip install --quiet --progress-bar on $(PIP_FROM) --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet $(PIP_FROM) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet $(PIP_FROM) --require-hashes -r requirements-dev.txt
	@touch $@

# The checks use one core, so the tests are loaded once beside them: both workers then find them compiled.
test: setup-dev browser ## Everything that CI runs
	@$(BIN)/python -m compileall -q src
	@$(MAKE) --no-print-directory -j 2 lint compiled-tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

compiled-tests: setup-dev
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --collect-only -qq >/dev/null

lint: setup-dev ## Style, types and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy

proof: setup-dev ## Disturb imports as often as docs/explanation/tests.md promises: kills, full disks, many at once
	@DALIL_TEST_KILLS=200 DALIL_TEST_FULL_DISKS=20 DALIL_TEST_AT_ONCE=20 $(BIN)/python -m pytest -s $(DISTURBED)

fuzz: setup-dev ## Fuzz every importer for SECONDS=600 each, new inputs into FOUND=DIR
	@$(BIN)/python tests/fuzz/importers.py all --seconds $(SECONDS) --out $(FOUND)

bench: setup-dev ## Measure speed and memory beside the peers; writes docs/benchmarks.md
	@$(BIN)/python -m benchmarks

browser: ## Debian's Chromium for the browser tests, where apt and rights allow
	@sh tests/e2e/install-browser.sh

wheelhouse: $(BIN)/python ## Gather every package in wheelhouse/ for machines without a network
	@$(BIN)/python -m pip download --quiet --require-hashes -r requirements.txt --dest wheelhouse
	@echo "wheelhouse/ is ready: copy this folder to the other machine and run 'make setup WHEELHOUSE=wheelhouse' there."

requirements: ## Write the hashed requirement files from uv.lock (for maintainers; needs uv)
	@uv lock --quiet
	@uv export --quiet --frozen --no-emit-project --no-header --no-annotate --no-dev --group build -o requirements.txt
	@uv export --quiet --frozen --no-emit-project --no-header --no-annotate --all-groups -o requirements-dev.txt

catalogues: setup ## Compile the translations
	@$(BIN)/python -m dalil.web.catalogues

clean: ## Remove what the tools leave behind
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache

reference: setup ## Write the generated pages of docs/reference
	@$(BIN)/python -m dalil.app.reference docs/reference

pictures: setup-dev browser ## Take the README's pictures of the sample week
	@$(BIN)/python -m pytest -q tests/e2e/test_week_in_a_browser.py --pictures docs/pictures

openapi: setup ## Write the checked-in description of the API
	@$(BIN)/python -m dalil.app.openapi > tests/golden/openapi.json
