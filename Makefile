# What a person types. Every target sets up what it needs; a step already done is not done again.

PYTHON ?= python3
BIN := .venv/bin
# -qq leaves out the warnings about a machine's own pip settings; errors are still printed.
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
UV_COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
# The kinds of file that stand in the demo's sources/, beyond text and saved pages.
DEMO_EXTRAS := --extra docx --extra pdf --extra ocr

# Tests side by side: one more than there are processors, as many wait for a browser or a file.
HANDS = $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))

PYTHON_IS_NEW := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON_TOO_OLD := Jianbao needs Python 3.11 or newer. Name one: make PYTHON=python3.12 …
NODE_IS_NEW := const [major, minor] = process.versions.node.split("."); \
	process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)
NODE_TOO_OLD := Jianbao needs Node 20.19 or newer, with npm. Install it and put it on the PATH.

.DEFAULT_GOAL := help
.PHONY: help setup site serve test lint format torture coverage licences bench bench-convert bench-search lighthouse screenshots lock clean tools browser

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

# --- the archive --------------------------------------------------------------------------------

setup: .venv/.runtime node_modules/.installed ## prepare .venv and node_modules from the lock files

site: setup ## convert sources/ to content/, and build site/ from it
	@$(BIN)/python build.py
	@echo "Open site/index.html, or see it with its search: make serve"

serve: setup ## preview on this machine, with live reload
	@$(BIN)/python build.py serve

# --- the code -----------------------------------------------------------------------------------

test: tools browser lint ## check the code and run all tests, the browser's included
	@$(BIN)/python -m pytest -q -n $(HANDS)

lint: tools ## ruff and mypy
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { $(BIN)/ruff format --check; echo "Run: make format"; exit 1; }
	@$(BIN)/mypy --no-error-summary

format: tools ## put the code in house format
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

torture: tools browser ## kill it, fill its disk, fuzz it: half an hour; MINUTES=5 for less
	@$(BIN)/python -m tests.torture $(if $(MINUTES),--minutes $(MINUTES)) $(if $(KILLS),--kills $(KILLS))

coverage: tools browser ## which lines and branches no test reaches
	@mkdir -p .cache/coverage && rm -f .cache/coverage/data*
	@$(BIN)/python -m pytest -q -n $(HANDS) --cov --cov-report=
	@$(BIN)/coverage combine --append --quiet .cache/coverage/data.* 2>/dev/null || true
	@$(BIN)/coverage report

bench: tools browser ## measure speed and memory; PEERS=1: beside Hugo and others; ARTICLES="1000 10000"
	@$(BIN)/python -m tests.bench $(if $(ARTICLES),--articles $(ARTICLES)) $(if $(PEERS),--peers)

bench-convert: tools ## score the converter on pages that were never seen
	@$(BIN)/python -m tests.bench_convert

bench-search: tools browser ## measure what the search costs and finds, beside Pagefind
	@$(BIN)/python -m tests.bench_search

lighthouse: tools browser ## measure home, an article and the search as a phone meets them
	@$(BIN)/python -m tests.lighthouse

screenshots: tools browser site ## take pictures of the built pages
	@$(BIN)/python -m tests.screenshots

licences: tools ## write docs/licences.md, after a change of what is locked
	@$(BIN)/python -m tests.licences

# Versions that are locked stay while they fit; delete a lock file first to get the newest.
lock: .venv/bin/python ## write the lock files anew, after a change of pyproject.toml or package.json
	@$(PIP_INSTALL) --target .cache/uv --upgrade uv
	@PATH=".cache/uv/bin:$$PATH" $(UV_COMPILE) $(DEMO_EXTRAS) -o requirements.txt
	@PATH=".cache/uv/bin:$$PATH" $(UV_COMPILE) $(DEMO_EXTRAS) --extra dev --extra cluster -c requirements.txt -o requirements-dev.txt
	@npm install --package-lock-only --loglevel=error >/dev/null

clean: ## remove the built site, what pip built, and all caches; .venv and node_modules stay
	@rm -rf site .cache build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	@find . -name __pycache__ -not -path './.venv/*' -not -path './node_modules/*' -prune \
		-exec rm -rf {} +

# --- steps of the set-up: a stamp is newer than the lock file it was made from --------------------

.venv/bin/python:
	@$(PYTHON) -c '$(PYTHON_IS_NEW)' >/dev/null 2>&1 \
		|| { echo "$(PYTHON_TOO_OLD)" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }

.venv/.runtime: requirements.txt | .venv/bin/python
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/.installed: package-lock.json package.json .npmrc
	@{ node -e '$(NODE_IS_NEW)' && npm --version; } >/dev/null 2>&1 \
		|| { echo "$(NODE_TOO_OLD)" >&2; exit 1; }
	@npm ci --loglevel=error >/dev/null
	@touch $@

tools: setup .venv/.dev

browser: .venv/.dev
	@$(BIN)/python tests/provide_browser.py
