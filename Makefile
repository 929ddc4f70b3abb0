# The same recipes for people, CI and the README. `make help` lists them.
#
# Everything is installed into .venv, to the versions in constraints.txt. pip itself is brought to the version
# pinned there first: the pip of a plain Python 3.11 (23.2) does not know `--group`, and so could not read the
# test tools' names from pyproject.toml, which is the one place where they stand.

PYTHON ?= python3
VENV   ?= .venv
PIP    := $(VENV)/bin/python -m pip --disable-pip-version-check
PINNED := --quiet --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help graph test check bench docs picture format constraints clean
.DELETE_ON_ERROR:

help: ## list these recipes
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 20

graph: $(VENV)/installed ## install kg into .venv and build the graph of the two articles in seeds/
	$(VENV)/bin/kg build seeds
	@echo 'The command is $(VENV)/bin/kg; to call it kg, first say: . $(VENV)/bin/activate'

test: $(VENV)/installed-dev ## install what the tests need and run them
	$(VENV)/bin/python -m pytest

check: $(VENV)/installed-dev ## format, lint, types, import order, docs
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/ruff check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/python docs/check.py

bench: $(VENV)/installed-dev ## measure; figures to note go to benchmarks/RESULTS.md
	$(VENV)/bin/python benchmarks/startup.py
	$(VENV)/bin/python benchmarks/viewer.py
	$(VENV)/bin/python benchmarks/store.py --events 1000

docs: $(VENV)/installed-dev ## write the pages that are generated
	$(VENV)/bin/python docs/check.py --write

picture: $(VENV)/installed-dev ## take the pictures of the page anew (needs chromium)
	rm -rf $(VENV)/picture
	$(VENV)/bin/kg build seeds --quiet --out $(VENV)/picture
	$(VENV)/bin/python docs/take_pictures.py $(VENV)/picture/graph.html

format: $(VENV)/installed-dev ## put the code in its form
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

constraints: ## write constraints.txt anew from the newest versions that pyproject.toml allows
	$(PYTHON) -m venv --clear .venv-fresh
	.venv-fresh/bin/python -m pip install --quiet --upgrade pip setuptools
	.venv-fresh/bin/python -m pip install --quiet --editable '.[spark]' --group dev
	sed -n '/^#/p' constraints.txt >.venv-fresh/constraints.txt
	.venv-fresh/bin/python -m pip freeze --all --exclude-editable >>.venv-fresh/constraints.txt
	mv .venv-fresh/constraints.txt constraints.txt
	rm -r .venv-fresh

clean: ## take away what the recipes made, the venv too
	rm -rf $(VENV) .venv-fresh dist build out/* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find kg tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'kg needs Python 3.11 or newer; say which: make graph PYTHON=python3.12' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/pip: constraints.txt | $(VENV)/bin/python
	$(PIP) install $(PINNED) --upgrade pip
	@touch $@

$(VENV)/installed: pyproject.toml constraints.txt $(VENV)/pip
	@echo 'Installing kg and what it needs into $(VENV): about a minute, and only this once.'
	$(PIP) install $(PINNED) --build-constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) install $(PINNED) --build-constraint constraints.txt --editable '.[spark]' --group dev
	@touch $@
