# Everything a fresh machine needs: python3.11 (or newer) with pip and venv, and make.
#
#   make quickstart   install, then audit the embedded test bed and write quickstart-report/report.html
#   make test         install, then run every test
#   make examples     install, then run each script in examples/
#   make wheel        build the wheel, then try it in an environment without extras
#
# VENV, PYTHON, OUT and TORCH_INDEX may be given on the command line. TORCH_INDEX names another package
# index for torch alone, for example one that carries its small CPU-only builds.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
OUT ?= quickstart-report
WORKERS ?= 2
TORCH_INDEX ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TORCH := $(shell sed -n '/^torch==/p' constraints.txt)
SOURCES := pyproject.toml constraints.txt

.PHONY: help quickstart test examples wheel lint types format docs bench clean

help:
	@sed -n 's/^#   //p' Makefile

# torch comes first and by exact pin: a range lets pip pick a build with gigabytes of CUDA libraries.
$(VENV)/.installed: $(SOURCES)
	$(PYTHON) -m venv $(VENV)
	$(PIP) install $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install --constraint constraints.txt --editable '.[dev,browser]'
	touch $@

$(VENV)/.installed-docs: $(VENV)/.installed
	$(PIP) install --constraint constraints.txt --editable '.[docs]'
	touch $@

quickstart: $(VENV)/.installed
	$(BIN)/isogloss quickstart --out $(OUT)

# One thread for each of the WORKERS processes: two test processes with two threads each are slower.
test: $(VENV)/.installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n $(WORKERS) --durations=5

# Each example is a process of its own, as a reader would start it; a warning is an error.
examples: $(VENV)/.installed-dev
	set -e; for example in examples/*.py; do \
		echo "--- $$example"; OMP_NUM_THREADS=1 $(BIN)/python -W error $$example; \
	done

wheel: $(VENV)/.installed-dev
	$(BIN)/python .ci/wheel.py

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/flake8 src

types: $(VENV)/.installed-dev
	$(BIN)/pyright --pythonpath $(BIN)/python

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/run_all.py

clean:
	rm -rf $(VENV) site $(OUT) .ruff_cache .pytest_cache .hypothesis .import_linter_cache
