# Two commands do everything: `make report` and `make test`. Both set up .venv from the lock file first.
PYTHON ?= python3
CALLS ?= 1000000
SEED ?= 0
BIN := .venv/bin
# As many as there are processors: one more is slower, since each makes its own analysis and takes the others' cache.
WORKERS ?= $(shell $(PYTHON) -c "import os; print(os.cpu_count())")
.DEFAULT_GOAL := help
# Tests start many processes: without compiled files each would compile the package and the tests again.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help report test attack lab explore installed lock messages clean

help:            ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1  /p' $(MAKEFILE_LIST)

report: .venv/ready   ## build data/processed, run the notebooks, write figures/ and site/index.html
	$(BIN)/evidence report

test: .venv/ready tests/site/node_modules   ## lint, types, import order, every test
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	@mkdir -p build; $(BIN)/mypy > build/types.txt 2>&1 & types=$$!; \
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder; tests=$$?; \
	wait $$types; types=$$?; echo "mypy (beside the tests):"; cat build/types.txt; exit $$((tests | types))

tests/site/node_modules: tests/site/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix tests/site --no-audit --no-fund; \
	else echo "npm not found: the accessibility tests of the site will be skipped"; fi

attack: .venv/ready   ## a million calls of the public functions (hours; goes on where it stopped; CALLS=2000 is a taste)
	PYTHONPATH=tests $(BIN)/python -m attack.deep --calls $(CALLS) --seed $(SEED)

lab: .venv/ready   ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=notebooks

explore: .venv/ready   ## open the explorer, ready: choose a question, leave trials out, keep the figure
	$(BIN)/evidence explore

installed: .venv/ready   ## build wheel and sdist, and use the wheel in an empty environment
	.ci/installed

messages: .venv/ready   ## bring the catalogues of translations up to date with what the code and the data say
	$(BIN)/python tools/messages.py

lock:            ## resolve pyproject.toml anew into requirements.lock (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header --upgrade --quiet -o requirements.lock

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "evidence needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@echo "Setting up .venv with pinned, hash-checked packages (a few minutes, once)"
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:           ## remove the environment and everything that can be made again
	rm -rf .venv site build figures/*.png figures/social figures/print
