# Two commands matter: `make run` and `make test`. They need Python 3.11 or newer and make, nothing else.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
SIZES ?= 20,1000,10000
DATABASES ?= sqlite,postgresql
REQUESTS ?= 300

.PHONY: run test check assets shots bench catalogue lock clean
.DELETE_ON_ERROR:

.venv/.installed: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

node_modules/.installed: package-lock.json .npmrc .venv/.installed
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-audit --no-fund --silent
	touch $@

static/vendor/portal.css: node_modules/.installed static/build.mjs $(wildcard static/src/*)
	PATH="$(CURDIR)/$(BIN):$$PATH" node static/build.mjs
	$(BIN)/python -m whitenoise.compress --quiet static/vendor

translations/da/LC_MESSAGES/messages.mo: translations/da/LC_MESSAGES/messages.po .venv/.installed
	$(BIN)/pybabel --quiet compile --directory translations

assets: static/vendor/portal.css translations/da/LC_MESSAGES/messages.mo

run: assets  ## the portal with demonstration data on http://127.0.0.1:8000
	@PORTAL_DEMO=1 $(BIN)/python -m portal run

shots: assets  ## screenshots of the main pages into docs/images/
	PORTAL_DEMO=1 $(BIN)/python -m tools.shots

bench: assets  ## how fast the pages are; SIZES=20,1000 DATABASES=sqlite for a quick look
	SIZES=$(SIZES) DATABASES=$(DATABASES) REQUESTS=$(REQUESTS) $(BIN)/python -m benchmarks
	DATABASES=$(DATABASES) $(BIN)/python -m benchmarks.recruitments
	DATABASES=$(DATABASES) $(BIN)/python -m benchmarks.autosaving

catalogue: .venv/.installed  ## collect the texts anew and bring the Danish catalogue up to date
	$(BIN)/python -m tools.catalogue

check: .venv/.installed  ## static checks only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check assets  ## everything
	@tools/programs.sh
	$(BIN)/python -m pytest -n 2

lock: .venv/.installed  ## write the locks anew from the .in files
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links -o requirements-dev.txt requirements-dev.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links -c requirements-dev.txt -o requirements.txt requirements.in

clean:
	rm -rf .venv node_modules instance static/vendor build dist *.egg-info
