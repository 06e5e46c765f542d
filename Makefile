# Needs Python 3.11 or newer and make. Everything else is put into .venv, var and staticfiles.
# `make PYTHON=python3.12 run` picks another interpreter.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
CODE := kb agreements people sources
STATIC := $(shell find $(CODE) -path '*/static/*' -type f 2>/dev/null)

export PORT
.PHONY: run test lint schema bench python

# The files are collected while the content loads: the two do not touch.
run: $(VENV)/run.stamp
	@$(MAKE) --no-print-directory staticfiles/.stamp & collecting=$$!; \
	  $(BIN)/python manage.py migrate --noinput --verbosity 0 && $(BIN)/python manage.py load_fixtures && wait $$collecting
	@echo
	@echo "  Pages     http://127.0.0.1:$(PORT)/"
	@echo "  Editing   http://127.0.0.1:$(PORT)/admin/   (first: $(BIN)/python manage.py createeditor NAME)"
	@echo "  API       http://127.0.0.1:$(PORT)/api/v1/docs/"
	@echo "  Ctrl-C stops it."
	@echo
	@exec $(BIN)/gunicorn kb.wsgi

test: $(VENV)/dev.stamp
	@$(BIN)/python tests/run.py $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

schema: $(VENV)/run.stamp
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

# Measures on generated data in throw-away databases; takes a few minutes.
bench: $(VENV)/dev.stamp
	@$(BIN)/python -m bench

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Concordance needs Python 3.11 or newer; '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)."; \
	  echo "Name another one: make PYTHON=python3.12 run"; exit 1; }

# `python` is checked first but, being order-only, never makes an environment out of date.
$(BIN)/python: | python
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

# The stamps hold the time of the last install, so pip runs only when a requirements file is newer.
$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing requirements (about half a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing test requirements ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

staticfiles/.stamp: $(STATIC) $(VENV)/run.stamp
	@echo "Collecting static files ..."
	@$(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@
