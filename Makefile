# Every target does the set-up it needs, once: a virtual environment in .venv, pinned by constraints.txt.
#   make demo    generated reads -> trained, scored, compared models (minutes)
#   make real    the same on public data (SEQMILL_DATA, see config/real/README.md)
#   make ui      the runs in the browser: those of the demo, or RESULTS=results/real
#   make test    the tests, WORKERS=2 of them at once
#   make lint    style of code and rules          make bench   the measurements

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
PEERS := .venv-bench
RESULTS ?= results/demo
PORT ?= 5000
WORKERS ?= 2
export SEQMILL_DATA ?= ../shared/data
export PIP_DISABLE_PIP_VERSION_CHECK := 1

NEXT_demo := copy config/demo to config/mine, name your reads in its samples.tsv (config/README.md tells how), \
then $(BIN)/snakemake --configfile config/mine/config.yaml
NEXT_real := run the same on reads of your own, with their truth: config/real/README.md

define closing
@printf '%s\n' '' \
  'Report       results/$@/report.html' \
  'Leaderboard  results/$@/leaderboard.tsv' \
  'Runs         make ui RESULTS=results/$@   opens them in the browser' \
  'Next         $(NEXT_$@)'
endef

.PHONY: help demo real ui test bench lint
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | sed '/^$$/d'

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "error: $(PYTHON) is older than 3.11; name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --editable ".[dev,cluster]" --constraint constraints.txt
	@touch $@

demo: $(INSTALLED)
	@$(BIN)/snakemake --configfile config/demo/config.yaml
	$(closing)

real: $(INSTALLED)
	@$(BIN)/snakemake --configfile config/real/config.yaml
	$(closing)

ui: $(INSTALLED)
	@$(BIN)/seqmill tracking ui $(RESULTS) --port $(PORT)

test: $(INSTALLED)
	$(BIN)/pytest --numprocesses $(WORKERS)

# Peers live in an environment of their own: some hold back versions that the pipeline is pinned to. A peer asks
# for torchvision, which breaks Lightning's import beside another build of torch; nothing measured here needs it.
$(PEERS)/.installed: pyproject.toml constraints-bench.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --editable ".[bench,cluster,postgres]" --constraint constraints-bench.txt
	$(PEERS)/bin/pip uninstall --yes --quiet torchvision
	@touch $@

bench: $(PEERS)/.installed
	@$(PEERS)/bin/python benchmarks/run.py

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint --configfile config/demo/config.yaml
