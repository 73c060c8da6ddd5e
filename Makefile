# The project's commands. Each sets up what it needs first; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test check build bench node ape lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install everything inside the checkout (the other commands do it by themselves)
	@$(PYTHON) scripts/setup.py

demo: setup ## the whole story of a receivable on a private chain
	@$(BIN)/duebill demo

test: setup ## every check and every test
	@$(BIN)/python scripts/gates.py test

check: setup ## format, lint, types, sizes, artifacts against sources: under a minute
	@$(BIN)/python scripts/gates.py check

build: setup ## contracts to artifacts
	@$(BIN)/python scripts/compile.py

bench: setup ## measure gas and throughput, write bench/*.json
	@$(BIN)/python scripts/bench.py

node: setup ## a local chain in the foreground
	@$(BIN)/duebill node start --foreground

ape: setup ## run ape, for example: make ape ARGS="compile"
	@$(BIN)/ape $(ARGS)

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"

lock: setup ## renew the locks of Python and npm packages from pyproject.toml and package.json
	@$(LOCK) --upgrade pyproject.toml --extra dev --extra fast --output-file requirements.lock
	@$(LOCK) --upgrade --group node --output-file requirements-node.lock
	@npm install --package-lock-only

clean: ## remove what builds and tests leave behind (not .venv and node_modules)
	@rm -rf build dist htmlcov .build .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
	@find duebill scripts tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
