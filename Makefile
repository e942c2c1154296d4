# Everything below sets itself up: a bare clone and any Python >= 3.11 are enough.
.DEFAULT_GOAL := help
.PHONY: help setup foreign run try test slow check format bench screenshots

BIN := .venv/bin
READY := .venv/.ready
FOREIGN := tests/foreign/node_modules/.ready
TYPED := $(wildcard domain service storage)
PYTEST := $(BIN)/python -m pytest

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

setup: $(READY) ## a virtual environment in .venv with the locked packages

$(READY): requirements.lock
	@python=; for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    if $$each -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "Muster needs Python 3.11 or newer with its venv module (on Debian and Ubuntu: the package python3-venv)." >&2; exit 1; \
	fi; \
	echo "Setting up .venv with $$($$python --version)"; \
	$$python -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

foreign: $(FOREIGN) ## Slack's libraries for Node, with which some tests call the sandbox; needs node 18 and npm

$(FOREIGN): tests/foreign/package-lock.json
	@cd tests/foreign && npm ci --silent --ignore-scripts
	@touch $@

run: $(READY) ## the bot: on Slack when its tokens are set, else on the sandbox
	@$(BIN)/python bot.py run --or-sandbox

try: $(READY) ## one whole incident on the sandbox, told as a transcript
	@$(BIN)/python -m sandbox.story

test: $(READY) ## every test but the slow ones
	$(PYTEST) -m "not slow" -n 5 --dist worksteal

slow: $(READY) ## the sweeps and loads that take minutes
	$(PYTEST) -m slow

check: $(READY) ## format, lint, types, layers, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(TYPED)
	$(PYTEST) -q tests/test_layers.py tests/test_docs.py

format: $(READY) ## put every file into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## measure on the sandbox: a table and bench.json
	@$(BIN)/python -m tests.bench

screenshots: $(READY) ## the pictures in docs/screenshots, anew
	$(PYTEST) -q tests/browser/test_story.py --screenshots docs/screenshots
