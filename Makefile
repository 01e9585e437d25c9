# Greenward: `make demo` and `make test` do all set-up themselves.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: setup demo test check lock messages bench screenshots clean

setup:  ## install everything locked; quick when nothing changed
	@$(PYTHON) tools/setup.py

demo: setup  ## serve Beijing's demonstration: make demo PORT=8001
	@$(BIN)/greenward demo serve --port $(PORT)

test: setup  ## every test: make test ARGS="tests/core -x"
	@$(PYTHON) tools/setup.py browser
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile $(ARGS)

check: setup  ## format, lint, types, layers, migrations, texts, packs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/greenward manage makemigrations --check --dry-run
	$(BIN)/python tools/messages.py --check
	@set -e; for pack in packs/*/; do echo "greenward pack check $$pack"; $(BIN)/greenward pack check $$pack; done

lock: setup  ## write the lock files anew
	@$(PYTHON) tools/setup.py lock

messages: setup  ## collect texts into the English catalogues
	@$(BIN)/python tools/messages.py

bench: setup  ## measure: make bench ONLY=engine
	@$(BIN)/python -m bench $(ONLY)

screenshots: setup  ## make the pictures of the README from the demonstration
	@$(PYTHON) tools/setup.py browser
	@$(BIN)/python tools/screenshots.py

clean:  ## remove what set-up made; data under var/ stay
	rm -rf .venv build node_modules
