# Two commands matter: `make run` and `make test`. They need Python 3.11 or newer and make, nothing else.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.PHONY: test check lock clean
.DELETE_ON_ERROR:

.venv/.installed: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

check: .venv/.installed  ## static checks only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: check  ## everything
	$(BIN)/python -m pytest

lock: .venv/.installed  ## write the locks anew from the .in files
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links -o requirements-dev.txt requirements-dev.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links -c requirements-dev.txt -o requirements.txt requirements.in

clean:
	rm -rf .venv node_modules instance static/vendor build dist *.egg-info
