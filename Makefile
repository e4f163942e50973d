# Everything runs in .venv, which is made from PyPI alone and again only when setup.py changes.
VENV ?= .venv
WAREHOUSE ?= warehouse-seeds
# The first Python of 3.11 to 3.13 that starts; `make PYTHON=/path/to/python` names another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo check lint types test test-fast setup torture benchmark accuracy answers codebook model clean

# Backfill of the seeds, then what came out of it.
demo: setup
	$(BIN)/pledgeline backfill --input 'seeds/articles/*' --output $(WAREHOUSE)
	$(BIN)/python docs/show.py $(WAREHOUSE)

check: lint types test

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/hadolint Dockerfile

types: setup
	$(BIN)/mypy

test: setup
	$(BIN)/python -m pytest

test-fast: setup
	$(BIN)/python -m pytest -m 'not slow'

setup: $(INSTALLED)

$(INSTALLED): setup.py schemas/version.py
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

# Two hundred kills at random moments, each followed by a restart and a comparison with the undisturbed run.
torture: setup
	$(BIN)/python -m tests.torture --random 200
	$(BIN)/python -m tests.torture_monitor --random 200

benchmark: setup
	$(BIN)/python -m benchmarks.throughput
	$(BIN)/python -m benchmarks.extraction
	$(BIN)/python -m benchmarks.query
	$(BIN)/python -m benchmarks.report

# The answers under the questions of the documents anew, from the seeds.
answers: demo
	$(BIN)/python docs/answer.py $(WAREHOUSE) docs/querying.md

# Every measure of how good tagging is, against its bar, into docs/accuracy.md; needs the gold set in ../shared.
accuracy: setup
	$(BIN)/python -m benchmarks.accuracy

codebook: setup
	$(BIN)/python -m warehouse.codebook > docs/codebook.md

# The shipped language model anew: about an hour, from the corpora in ../shared (training/README.md).
model: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[training]'
	$(BIN)/python -m training.build

clean:
	rm -rf $(VENV) $(WAREHOUSE) build dist *.egg-info
