# Coppice: each target sets up what it needs. `make` alone lists them.
# Needs make and Python 3.11 or later; another interpreter: make report PYTHON=python3.13

PYTHON ?= python3
CORES ?= all
CASES ?= 10000
SEED ?= 0

VENV := .venv
# a mark for each lock, written last, so that a half-made environment is never taken for a complete one
RUNTIME := $(VENV)/.runtime
EXTRAS := $(VENV)/.extras
DEV := $(VENV)/.dev
SITE := $(VENV)/.site
# `python -m tool` rather than $(VENV)/bin/tool: a moved or renamed checkout keeps working
PY := $(VENV)/bin/python
# the uv of this machine, otherwise the pinned one, which pip installs first; `make UV=` takes the pinned one
UV ?= $(shell command -v uv)
RUN_UV = $(or $(UV),$(PY) -m uv)
INSTALL = $(RUN_UV) pip install --quiet --python $(PY) --require-hashes --no-deps
# one tool of the last lock, by its hashes, before there is an environment to install that lock in
PIN = awk '/^[^ ]/ { wanted = /^$(1)==/ } wanted' requirements-dev.lock
REPORT := results/report/report.html
EXAMPLES := $(patsubst examples/%/Snakefile,%,$(wildcard examples/*/Snakefile))

LOCKS := requirements.lock requirements-extras.lock requirements-dev.lock requirements-site.lock
FEATURES := bibtex clusters docx ods parquet pdf ris text xlsx xml
COMPILE = $(RUN_UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock" $(if $(KEEP),,--upgrade)
# a lock goes by the pins of those before it, and repeats none of them
BEYOND = $(foreach lock,$(1),--constraints $(lock)) $$(sed -n 's/^\([A-Za-z0-9._-]*\)==.*/--no-emit-package \1/p' $(1))

R_DEBIAN := r-base-core r-cran-metafor r-cran-metadat r-cran-robumeta r-cran-clubsandwich r-cran-survival r-cran-jsonlite r-cran-mvtnorm r-cran-numderiv r-cran-lme4 r-cran-biasedurn r-cran-metap
R_PACKAGES := metafor metadat robumeta clubSandwich survival jsonlite mvtnorm numDeriv lme4 BiasedUrn
R_READY = Rscript -e 'for (p in strsplit("$(R_PACKAGES)", " ")[[1]]) library(p, character.only = TRUE)' >/dev/null 2>&1

CHROMIUM_READY := command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null

NAMESPACES_READY := { test "$$(id -u)" = 0 && unshare --mount --net true || unshare --map-root-user --mount --net true; } 2>/dev/null

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup extras dev report examples crate check test whole lint format r oracle chromium browser slurm slurm-test pythons fuzz locales faults audit bench scale docs site lock dist clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(RUNTIME) ## make .venv with what a review needs (the others do it when needed)

$(RUNTIME): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Coppice needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>/dev/null || echo not there); name another: make PYTHON=python3.13" >&2; exit 1; }
	@# --clear would empty the folder that a link leads to
	@test ! -L $(VENV) || { echo "$(VENV) is a link to an environment outside this checkout; remove the link" >&2; exit 1; }
	@echo "making $(VENV) from requirements.lock"
	@rm -f $@
	@if [ -n "$(UV)" ]; then \
	  $(PYTHON) -m venv --clear --without-pip $(VENV) && $(call PIN,pip) | $(INSTALL) -r /dev/stdin; \
	else \
	  $(PYTHON) -m venv --clear $(VENV) && \
	  $(call PIN,uv) | $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r /dev/stdin; \
	fi
	@$(INSTALL) -r $<
	@# uv leaves that to the first import, which takes seconds; tests of packages are never imported
	@$(PY) -m compileall -q -j 0 -x '/tests/' $(VENV)/lib || true
	@# relative, so that a moved checkout finds its own library
	@echo ../../../../workflow/lib > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/coppice.pth"
	@$(PY) -c 'import coppice, snakemake'
	@touch $@

extras: $(EXTRAS) ## add the packages of single formats and features: pdf, docx, clusters, tables in xlsx, ods, parquet, lists of references

dev: $(DEV) ## add the tools of development (test, lint and others do it when needed)

$(EXTRAS): requirements-extras.lock $(RUNTIME)
$(DEV): requirements-dev.lock $(EXTRAS)
$(SITE): requirements-site.lock $(DEV)
$(EXTRAS) $(DEV) $(SITE):
	@echo "adding $< to $(VENV)"
	@$(INSTALL) -r $<
	@touch $@

report: $(RUNTIME) ## regenerate the review: results/report/report.html
	$(PY) -m snakemake --cores $(CORES)
	@test -s $(REPORT)
	@echo "The report: $(REPORT)"

examples: $(DEV) ## make the reports of the tutorials, results/examples/NAME/report.html, and compare them with R and with docs/tutorials
	@printf '%s\n' $(EXAMPLES) | xargs -P 2 -I NAME sh -c 'cd examples/NAME && mkdir -p results && \
	  ../../$(PY) -m snakemake --cores 1 --workflow-profile ../../profiles/default >results/log.txt 2>&1 || \
	  { echo "examples/NAME:" >&2; cat results/log.txt >&2; exit 1; }'
	@for name in $(EXAMPLES); do mkdir -p results/examples/$$name && cp examples/$$name/results/report/report.html results/examples/$$name/; done
	$(PY) -m pytest -n 2 tests/examples

crate: $(RUNTIME) ## make the research object (RO-Crate): results/report/crate.zip
	$(PY) -m snakemake --cores $(CORES) results/report/crate.zip

check: $(RUNTIME) ## list inconsistencies in the studies, without pooling anything
	@$(PY) -m coppice check --config config/config.yaml

test: $(DEV) ## run the tests
	$(PY) -m pytest -n 2

whole: $(DEV) ## run the slow tests of whole workflows: bytes, batches, manuscripts, use as a module
	$(PY) -m pytest -n 2 -m whole

lint: $(DEV) ## ruff, mypy, wording, bandit, snakefmt, snakemake --lint, the workflows of GitHub
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m tests.english
	$(PY) -m bandit -q -c pyproject.toml -r workflow/lib/coppice workflow/notebooks docs
	$(PY) -m snakefmt --check Snakefile workflow
	$(PY) -m snakemake --lint
	$(PY) -m snakemake --lint --snakefile workflow/Snakefile
	$(PY) -m check_jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(PY) -m check_jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(VENV)/bin/zizmor --offline --no-progress --quiet .github

format: $(DEV) ## put the code into the one layout that lint accepts
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) -m snakefmt Snakefile workflow

r: ## install R and the packages that oracle compares with (Debian or Ubuntu, as root)
	@if $(R_READY); then echo "R and its packages are there"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(R_DEBIAN); \
	else echo "R or one of its packages is missing. On Debian or Ubuntu: sudo make $(firstword $(MAKECMDGOALS) r). Elsewhere install R and $(R_PACKAGES)." >&2; exit 1; fi

oracle: $(DEV) r ## compare with R live
	$(PY) -m pytest -n 2 tests/oracle

chromium: ## install Chromium, in which browser opens the report (Debian or Ubuntu, as root)
	@if $(CHROMIUM_READY); then echo "Chromium is there"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else echo "Chromium is missing. On Debian or Ubuntu: sudo make chromium." >&2; exit 1; fi

browser: report chromium ## open the report in a real browser
	$(PY) -m pytest tests/browser

slurm: ## install Slurm, a cluster of one machine for slurm-test (Debian or Ubuntu, as root)
	@if command -v slurmctld slurmd munged >/dev/null; then echo "Slurm is there"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge; \
	else echo "Slurm is missing. On Debian or Ubuntu: sudo make slurm." >&2; exit 1; fi

slurm-test: $(DEV) slurm ## run 120 analyses on a Slurm cluster of this machine (as root)
	@test "$$(id -u)" = 0 || { echo "a cluster's daemons need root: sudo make slurm-test" >&2; exit 1; }
	$(PY) -m pytest -s tests/slurm

pythons: $(DEV) ## run the unit tests and the review with other Pythons and the oldest packages (ONLY=3.13)
	$(PY) tests/versions/versions.py $(if $(ONLY),--only $(ONLY))

fuzz: $(DEV) ## try odd, broken and hostile reviews (CASES=10000; SEED=1 for other ones)
	COPPICE_FUZZ=$(CASES) COPPICE_FUZZ_SEED=$(SEED) $(PY) -m pytest tests/fuzz

locales: ## install the definitions of locales, some of which faults makes (Debian or Ubuntu, as root)
	@if command -v localedef >/dev/null && test -e /usr/share/i18n/locales/tr_TR; then echo "the definitions of locales are there"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends locales; \
	else echo "The definitions of locales are missing. On Debian or Ubuntu: sudo make locales." >&2; exit 1; fi

faults: $(DEV) locales ## kill, starve and edit a small review (Linux, as root); SIZE=full: 50 kills, 100 edits; SEED=1
	@$(NAMESPACES_READY) || { echo "a full disk and no network are tried in namespaces, which need root here: sudo make faults" >&2; exit 1; }
	$(if $(filter full,$(SIZE)),COPPICE_FAULTS=50 COPPICE_EDITS=100 COPPICE_SURROUNDINGS=full) COPPICE_FAULTS_SEED=$(SEED) $(PY) -m pytest -n 2 --dist loadfile tests/faults

audit: $(DEV) ## ask a public list whether a locked package has a known weakness (needs the network)
	$(PY) -m pip_audit --require-hashes --disable-pip $(LOCKS:%=-r %)

# the page that R makes too
bench: R_DEBIAN += r-cran-rmarkdown
bench: R_PACKAGES += rmarkdown
bench: $(DEV) r ## time the workflow, as ratios within one run
	$(PY) tests/bench/bench.py

scale: $(DEV) r ## show how time and memory grow with analyses and studies; SIZE=full: 1,000 and 10,000
	$(PY) tests/scale/scale.py --size $(or $(SIZE),small)

docs: report ## renew the pictures of the README, the pages in docs/ and the schemas
	$(PY) -m docs.build
	$(PY) -m coppice schema --folder workflow/schemas --readme config/README.md

site: $(SITE) ## build the documentation as pages: build/site/html/index.html
	$(PY) -m docs.site

lock: $(DEV) ## renew the locks (every pin, all platforms, Python 3.11 and later); KEEP=1 keeps the pins that are there
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml $(FEATURES:%=--extra %) $(call BEYOND,requirements.lock) -o requirements-extras.lock
	$(COMPILE) pyproject.toml $(FEATURES:%=--extra %) --extra dev $(call BEYOND,requirements.lock requirements-extras.lock) -o requirements-dev.lock
	$(COMPILE) pyproject.toml $(FEATURES:%=--extra %) --extra dev --extra site $(call BEYOND,requirements.lock requirements-extras.lock requirements-dev.lock) -o requirements-site.lock
	$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["slurm"], sep="\n")' | \
	  $(COMPILE) --no-deps --no-annotate --no-header - -o profiles/slurm/requirements.lock

dist: $(DEV) ## build the package: the source archive, and the wheel with the workflow in it
	$(PY) -m hatchling build --target sdist --target wheel

clean: ## remove what was generated (results and caches; .venv stays)
	@mkdir -p results
	find results -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	rm -rf examples/*/results examples/*/logs examples/*/.snakemake
	rm -rf .snakemake logs build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
