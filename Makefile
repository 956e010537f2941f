# Each target sets up what it needs; the second time nothing is set up again and no network is used.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test check bench corpus model notebooks docs clean

help:
	@echo "make demo    the main job on the sample corpus: textmine.db and textmine-report.html"
	@echo "make test    the tests, with line coverage"
	@echo "make check   formatting, lint, types and tests"
	@echo "make bench   the benchmarks"
	@echo "make corpus  the sample PDFs anew from their texts"
	@echo "make model   the shipped model anew from its training sentences"
	@echo "make notebooks  the notebooks anew, executed on the demo's corpus"
	@echo "make docs    the documentation as a site in site/; a broken link is an error"
	@echo "make clean   remove what was made here"

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: textmine needs Python 3.11 or newer. Say which one: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY)
	$(BIN)/textmine demo

test: $(READY)
	@sh tests/debian.sh
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --cov --cov-report=term:skip-covered --cov-fail-under=90

check: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	@$(MAKE) --no-print-directory test

bench: $(READY)
	@for bench in benchmarks/*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

corpus: $(READY)
	$(BIN)/python corpus/make_pdfs.py
	$(BIN)/python corpus/make_zotero.py

model: $(READY)
	$(BIN)/python models/make_model.py

notebooks: $(READY)
	$(BIN)/python docs/notebooks/execute.py

docs: $(READY)
	$(BIN)/python -m mkdocs build --strict

clean:
	rm -rf site $(VENV) build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage .coverage.* textmine.db* textmine-report.html
