# `make demo` and `make test` set up all they need in .venv; nothing else on the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint check torture bench bench-screen bench-store bench-segmentation bench-formats bench-suggest bench-learning real-files economy pictures keys exports format wheel clean

demo: $(VENV)/.installed
	$(BIN)/annotator demo

test: $(READY)
	$(BIN)/pytest -n auto

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

torture: $(READY)
	$(BIN)/pytest -m torture
	$(BIN)/pytest -n auto -m hypothesis --hypothesis-profile=other

bench: bench-screen bench-store

bench-screen: $(READY)
	$(BIN)/python bench/screen.py

bench-store: $(READY)
	$(BIN)/python bench/store.py

bench-segmentation: $(READY)
	$(BIN)/python bench/segmentation.py

bench-formats: $(READY)
	$(BIN)/python bench/formats.py

bench-suggest: $(READY)
	$(BIN)/python bench/suggest.py

bench-learning: $(READY)
	$(BIN)/python bench/learning.py

real-files: $(READY)
	$(BIN)/python bench/real_files.py

economy: $(READY)
	$(BIN)/python bench/economy.py

pictures: $(READY)
	$(BIN)/python tools/pictures.py

keys: $(READY)
	$(BIN)/python tools/build_keys.py

exports: $(READY)
	$(BIN)/python tools/build_exports.py
	$(BIN)/python tools/build_formats.py

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: $(READY)
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "annotator needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(READY): pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) dist build
