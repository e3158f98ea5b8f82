# Rødtråd. »make« alene viser, hvad der kan gøres. Hvert mål virker fra en ny klon.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help install demo test lint e2e bench

help: ## Vis denne oversigt
	@sed -n 's/^\([a-z0-9]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

install: ## Lav .venv, og installér det, uv.lock nævner
	@$(PYTHON) scripts/bootstrap.py

demo: install ## Lav eksempelåret, og start serveren
	@$(BIN)/roedtraad demo $(ARGS)

test: install ## Kør alle prøver (ARGS="-k ord" vælger nogle)
	@$(BIN)/python scripts/suite.py $(ARGS)

lint: install ## Se koden, typerne, lagene, skabelonerne, migreringerne og sikkerheden efter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy src
	$(BIN)/lint-imports
	$(BIN)/djlint src --lint --quiet
	$(BIN)/roedtraad manage makemigrations --check --dry-run
	$(BIN)/python scripts/security.py

e2e: install ## Kør brugerrejserne i en rigtig browser
	@$(BIN)/pytest tests/e2e $(ARGS)

bench: install ## Mål tiderne, og skriv dem ud
	@$(BIN)/python -m benchmarks $(ARGS)
