# The few things one does here: `make help`.

VENV ?= .venv
PY := $(VENV)/bin/python
WORKERS ?= auto
PORT ?= 8000
.DEFAULT_GOAL := help
.PHONY: help run test lint docs languages trials lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

run: export OPENMPCA_HOME := $(or $(OPENMPCA_HOME),$(CURDIR)/demonstration)
run: $(VENV)/.ready-to-run ## install, build the demonstration State, show its book, and serve its pages
	@$(VENV)/bin/openmpca demonstration
	@$(VENV)/bin/openmpca serve --port $(PORT)

test: export POLARS_MAX_THREADS := 1
test: $(VENV)/.ready-to-test ## install what tests need, then run every test on both databases, with the coverage gate
	@sh tools/system_packages.sh
	$(PY) -m tests.postgres $(PY) -m pytest -n $(WORKERS) --dist loadscope --cov --cov-report=term $(ARGS)

lint: $(VENV)/.ready-to-test ## style, form, types and import contracts
	@status=0; \
	$(PY) -m ruff check . || status=1; \
	$(PY) -m ruff format --check . || status=1; \
	$(PY) -m mypy || status=1; \
	$(VENV)/bin/lint-imports || status=1; \
	exit $$status

docs: $(VENV)/.ready-to-test ## write the pages that are made from the code: rules, commands, inventory changes
	$(PY) -m tools.pages

languages: $(VENV)/.ready-to-test ## bring the catalogues of the languages up to date with the texts, compile them
	$(PY) -m tools.languages

bundle: $(VENV)/.ready-to-run ## make the one file that installs on a machine without a network
	@$(PY) tools/bundle.py

pictures: $(VENV)/.ready-to-test ## take pictures of the main pages in every look, into build/pictures
	@sh tools/system_packages.sh
	@$(PY) tools/pictures.py

trials: $(VENV)/.ready-to-test ## the long ones: kills, fuzzing, benchmarks; their results are committed
	@sh tools/system_packages.sh
	$(PY) -m tests.postgres $(PY) -m pytest -m long
	@set -e; for trial in benchmarks/*.py trials/*.py; do \
	    case "$$trial" in *'*'*|*/_*) continue;; esac; \
	    echo "== $$trial"; $(PY) "$$trial"; done

lock: ## pin the newest versions that pyproject.toml allows, with hashes
	@sh tools/lock.sh

clean: ## remove everything that was made here, the virtual environment too
	rm -rf $(VENV) build dist demonstration htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache \
	    .hypothesis .import_linter_cache
	find src tests benchmarks trials tools -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

$(PY):
	@sh tools/virtual_environment.sh $(VENV)

$(VENV)/.ready-to-run: requirements.lock pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-to-test: requirements-dev.lock $(VENV)/.ready-to-run
	$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	@touch $@
