# The commands of this house. All of them install what they need first; a second call finds it done.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

UV := $(or $(shell command -v uv),.tools/uv/bin/uv)
BIDA := .venv/bin/python -m connectors.cli
ENVIRONMENTS := .venv/.installed bot/brain/.venv/.installed
CODE := bot connectors actions tests
# One thread a process: two brains with the libraries' default are slower together than one alone.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(ENVIRONMENTS) ## install both environments

demo: $(ENVIRONMENTS) ## train if needed, start everything and a simulated WeChat
	@exec $(BIDA) demo

serve: $(ENVIRONMENTS) ## start everything for the real WeChat; settings from the environment or .env
	@exec $(BIDA) serve

train: $(ENVIRONMENTS) ## check nlu_data/ and train the model
	@exec $(BIDA) train

check: .venv/.installed ## ruff, ruff format, mypy
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy

test: $(ENVIRONMENTS) ## every test, the brain's and the browser's too
	@tests/browser/ensure_chromium
	bot/brain/.venv/bin/python -m pytest tests/brain
	@$(BIDA) train
	.venv/bin/python -m pytest tests

unit: .venv/.installed ## the quick tests alone
	.venv/bin/python -m pytest tests/unit tests/actions

bench: $(ENVIRONMENTS) ## speed, as ratios against stock Rasa and a bare echo in the same run
	@exec .venv/bin/python -m tests.bench

drill: $(ENVIRONMENTS) ## kill everything at random, hundreds of times, and count what was lost; odd requests by the thousand
	.venv/bin/python -m tests.drill
	.venv/bin/python -m tests.fuzz

format: .venv/.installed ## let ruff lay the code out
	.venv/bin/python -m ruff check --fix .
	.venv/bin/python -m ruff format .

lock: | $(UV) ## resolve both environments anew
	$(UV) pip compile -q --universal --generate-hashes --python-version 3.11 $(LOCK_FORM) \
	  requirements.in -o requirements.lock
	$(UV) pip compile -q --universal --generate-hashes --python-version 3.10 $(LOCK_FORM) \
	  bot/brain/requirements.in -o bot/brain/requirements.lock
LOCK_FORM := --no-header --no-annotate --no-emit-index-url

.venv/.installed: requirements.lock pyproject.toml | $(UV)
	@echo "Installing the connector's environment into .venv ..."
	@$(UV) venv --quiet --allow-existing --python '>=3.11' .venv
	@$(UV) pip sync --quiet --compile-bytecode --require-hashes --python .venv/bin/python requirements.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python .venv/bin/python --editable .
	@touch $@

bot/brain/.venv/.installed: bot/brain/requirements.lock | $(UV)
	@echo "Installing the brain's environment (Rasa, Python 3.10) into bot/brain/.venv ..."
	@python="$$($(FIND_PYTHON_310))" && [ -n "$$python" ] || { \
	  echo "Rasa needs Python 3.10, and none was found or could be installed:" \
	    "install one (for example with pyenv) and run make again." >&2; exit 1; }; \
	$(UV) venv --quiet --allow-existing --python "$$python" bot/brain/.venv
	@$(UV) pip sync --quiet --compile-bytecode --require-hashes --python bot/brain/.venv/bin/python $<
	@touch $@

# A Python 3.10 may hide behind pyenv shims that fail, so each candidate is asked for its version.
FIND_PYTHON_310 = for python in "$$($(UV) python find 3.10 2>/dev/null)" \
    "$$HOME"/.pyenv/versions/3.10*/bin/python; do \
  "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null \
    && echo "$$python" && exit 0; done; \
  $(UV) python install --quiet 3.10 >&2 && $(UV) python find 3.10

.tools/uv/bin/uv:
	@python3 -m pip --version >/dev/null 2>&1 || { \
	  echo "Neither uv nor pip is there: install one of them (Debian: apt-get install python3-pip)." >&2; exit 1; }
	@echo "Fetching uv into .tools ..."
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
	  --target .tools/uv uv

.PHONY: help setup demo serve train check test unit bench drill format lock
