# `make` alone lists the targets. Everything runs in .venv, which `setup` makes from the hash-locked lists.
PY := .venv/bin/python
SERVER ?= mysql+pymysql://root@127.0.0.1:3306
XDIST ?= -n 2

.DEFAULT_GOAL := help
.PHONY: help setup demo run test unit integration browser miniprogram chaos bench lint types imports fmt migration lock check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

setup: .venv/.ready ## make .venv with every locked dependency

.venv/.ready: requirements-dev.lock
	python3 -m venv .venv
	sh tools/install.sh requirements-dev.lock
	touch $@

demo: setup ## run the product with WeCom's twin on loopback; open the one address it prints
	$(PY) -m tools.demo

run: setup ## serve the product with config.toml
	.venv/bin/gunicorn -c gunicorn.conf.py app:app

test: setup ## all tests; says loudly what it had to leave out, with REQUIRE_ALL=1 that is a failure
	$(PY) -m tools.test

unit: setup ## rules, kit, cards, templates, contracts of the tree
	$(PY) -m pytest tests/unit $(XDIST)

integration: setup ## through the front doors and ways in, on SQLite and on MariaDB or MySQL
	$(PY) -m pytest tests/integration $(XDIST)
	TEST_DATABASE_SERVER=$(SERVER) $(PY) -m pytest tests/integration $(XDIST)

browser: setup ## journeys in Chromium, at phone and desktop size
	$(PY) -m pytest tests/browser

miniprogram: ## types, lint, compile and pages of the mini-program (needs Node)
	cd miniprogram && npm ci --no-audit --no-fund && npm test

chaos: setup ## kill, race and fault everything, at full scale
	CHAOS=full $(PY) -m pytest tests/chaos --timeout 3600

bench: setup ## ratios to limits measured in the same run, on MariaDB and SQLite
	$(PY) -m bench

lint: setup ## style and likely bugs
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: setup ## mypy, strict
	.venv/bin/mypy

imports: setup ## the import contracts
	.venv/bin/lint-imports --no-logo

fmt: setup ## format and mend what can be mended
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

migration: setup ## make migration m="visitors": write the next migration from what differs
	.venv/bin/flask db revise "$(m)"

lock: setup ## resolve pyproject.toml anew into the two hash-locked lists
	.venv/bin/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements.lock
	.venv/bin/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-dev.lock

check: lint types imports test ## everything that must pass before main moves
