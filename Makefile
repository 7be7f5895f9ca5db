# Coppice: each target sets up what it needs. `make` alone lists them.
# Needs make and Python 3.11 or later; another interpreter: make report PYTHON=python3.13

PYTHON ?= python3
CORES ?= all

VENV := .venv
# written last, so that a half-made environment is never taken for a complete one
READY := $(VENV)/.complete
# `python -m tool` rather than $(VENV)/bin/tool: a moved or renamed checkout keeps working
PY := $(VENV)/bin/python
REPORT := results/report/report.html

R_DEBIAN := r-base-core r-cran-metafor r-cran-metadat r-cran-robumeta r-cran-clubsandwich r-cran-survival r-cran-jsonlite
R_READY := Rscript -e 'for (p in c("metafor", "metadat", "robumeta", "clubSandwich", "survival", "jsonlite")) library(p, character.only = TRUE)' >/dev/null 2>&1

CHROMIUM_READY := command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup report check test lint format r oracle chromium browser bench docs lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## make .venv from requirements.lock (the others do it when needed)

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Coppice needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>/dev/null || echo not there); name another: make PYTHON=python3.13" >&2; exit 1; }
	@# --clear would empty the folder that a link leads to
	@test ! -L $(VENV) || { echo "$(VENV) is a link to an environment that is not ours to remake; remove the link" >&2; exit 1; }
	@echo "making $(VENV) from requirements.lock"
	@rm -f $@
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@# relative, so that a moved checkout finds its own library
	@echo ../../../../workflow/lib > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/coppice.pth"
	@$(PY) -c 'import coppice, snakemake'
	@touch $@

report: $(READY) ## regenerate the review: results/report/report.html
	$(PY) -m snakemake --cores $(CORES)
	@test -s $(REPORT)
	@echo "The report: $(REPORT)"

check: $(READY) ## list what does not add up in the studies, without pooling anything
	@$(PY) -m coppice check --config config/config.yaml

test: $(READY) ## run the tests
	$(PY) -m pytest -n 2

lint: $(READY) ## ruff, mypy, snakefmt, snakemake --lint
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m snakefmt --check Snakefile workflow
	$(PY) -m snakemake --lint
	$(PY) -m snakemake --lint --snakefile workflow/Snakefile

format: $(READY) ## put the code into the one layout that lint accepts
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) -m snakefmt Snakefile workflow

r: ## install R and the packages that oracle compares with (Debian or Ubuntu, as root)
	@if $(R_READY); then echo "R and its packages are there"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(R_DEBIAN); \
	else echo "R or one of its packages is missing. On Debian or Ubuntu: sudo make r. Elsewhere install R and metafor, metadat, robumeta, clubSandwich, survival, jsonlite." >&2; exit 1; fi

oracle: $(READY) r ## compare with R live
	$(PY) -m pytest -n 2 tests/oracle

chromium: ## install Chromium, in which browser opens the report (Debian or Ubuntu, as root)
	@if $(CHROMIUM_READY); then echo "Chromium is there"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else echo "Chromium is missing. On Debian or Ubuntu: sudo make chromium." >&2; exit 1; fi

browser: report chromium ## open the report in a real browser
	$(PY) -m pytest tests/browser

bench: $(READY) ## time the workflow, as ratios within one run
	$(PY) tests/bench/bench.py

docs: report ## renew the pictures of the README, the pages in docs/ and the schemas
	$(PY) docs/build.py
	$(PY) -m coppice docs --folder docs
	$(PY) -m coppice schema --folder workflow/schemas

lock: $(READY) ## renew requirements.lock (every pin, all platforms, Python 3.11 and later)
	$(PY) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --upgrade --extra dev pyproject.toml -o requirements.lock

clean: ## remove what was generated (results and caches; .venv stays)
	@mkdir -p results
	find results -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	rm -rf .snakemake logs build .pytest_cache .mypy_cache .ruff_cache .hypothesis
