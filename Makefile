# Everything is reached through these targets; `make help` lists them. State lives in .venv/, .tools/, node_modules/, var/.
PYTHON ?= python3
VENV := .venv/bin/python
export PORT DEMO

.DEFAULT_GOAL := help
.PHONY: help run demo shell test check format migrations bench shots assure translations lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start Sanshen at http://127.0.0.1:8000/ (PORT=8001 moves it, DEMO=0 starts empty); Ctrl-C stops it
	@$(PYTHON) tools/bootstrap.py run && exec $(VENV) -m tools.services.supervisor run

demo: ## build the demo database anew, with dates around today
	@$(PYTHON) tools/bootstrap.py run && exec $(VENV) -m tools.services.supervisor demo

shell: ## a Python shell on the database of the running `make run`
	@exec $(VENV) manage.py shell

test: ## all tests, on services of their own (ARGS="-k name" picks some)
	@$(PYTHON) tools/bootstrap.py test && exec $(VENV) -m pytest -q -n 2 --dist worksteal $(ARGS)

check: ## style, types, import contracts, migrations, templates, translations, production settings
	@$(PYTHON) tools/bootstrap.py check && exec $(VENV) -m tools.check $(ARGS)

format: ## write Python and templates as the style checks want them
	@$(PYTHON) tools/bootstrap.py check && $(VENV) -m ruff check --fix-only . && $(VENV) -m ruff format . && exec $(VENV) -m tools.templates format

migrations: ## write the migrations of changed models (NAME=client_website)
	@$(PYTHON) tools/bootstrap.py check && exec $(VENV) -m tools.migrations "$(NAME)" $(ARGS)

assure: ## the rows of trust in full, hours long; writes assurance.json (ARGS="--rows 1,2 --short" picks)
	@$(PYTHON) tools/bootstrap.py check && exec $(VENV) -m crm.tests.assurance $(ARGS)

bench: ## milliseconds and queries at 10,000 and 100,000 clients (ARGS="10000" picks sizes, "night" the night at 1,000,000, "kpi", "import")
	@$(PYTHON) tools/bootstrap.py check && exec $(VENV) -m tools.bench $(ARGS)

shots: ## picture every page: light, dark, 390 px, English
	@$(PYTHON) tools/bootstrap.py test && exec $(VENV) -m tools.shots $(ARGS)

translations: ## write the messages of code and templates into the Chinese catalogue (ARGS="--from DIR" fills texts)
	@$(PYTHON) tools/bootstrap.py check && exec $(VENV) -m tools.translations extract $(ARGS)

lock: ## resolve requirements*.txt and package.json into their lock files anew (needs uv and npm on PATH)
	@exec $(PYTHON) tools/lock.py
