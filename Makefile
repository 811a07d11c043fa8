# The commands a person types. Each installs what it needs on Debian (root or sudo).
.PHONY: help run demo worker setup test test-quick test-scale-out test-browser check bench
python = .venv/bin/python

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: ## the court with demo data on http://127.0.0.1:8000
	@scripts/setup run
	@COURT_DEMO=$${COURT_DEMO:-1} $(python) manage.py serve

demo: ## fill the court with demo people and cases
	@scripts/setup run
	@COURT_DEMO=1 $(python) manage.py prepare --demo

test: ## everything: the suite embedded, the suite scaled out, real browsers
	@scripts/setup test
	@$(MAKE) --no-print-directory test-quick test-scale-out test-browser

test-quick: ## the suite without browsers on SQLite
	$(python) -m pytest -m "not browser" -n 2 --dist worksteal

test-scale-out: ## the suite without browsers on PostgreSQL and Redis
	scripts/with-services $(python) -m pytest -m "not browser" -n 2 --dist worksteal

test-browser: ## journeys in real headless Chromium
	$(python) -m pytest -m browser

check: ## style, types, the rules between rooms, complete catalogues
	@scripts/setup test
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy court mediation transcripts manage.py
	.venv/bin/lint-imports
	$(python) manage.py makemigrations --check --dry-run

bench: ## every figure the README claims, as JSON
	@scripts/setup test
	@for script in benchmarks/[a-z]*.py; do $(python) $$script; done
