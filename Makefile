# make run    install what is missing, then open the app in a browser
# make test   everything that CI runs
# make lint   formatting, style and types
# make bench  latency and start-up, in one table
# make kernel the browser's decoder, compiled anew
# make bundle one script and one style sheet a component, made anew; needs npm
#
# PYTHON chooses the interpreter (3.11 or newer), VENV the environment, PORT the app's port,
# WORKERS how many processes share the tests, a file at a time.

PYTHON ?= python3
PORT ?= 8501
VENV ?= .venv
WORKERS ?= 2
BIN := $(VENV)/bin

.PHONY: run test lint bench kernel bundle clean

# A stamp per set of packages: nothing is installed again until pyproject.toml changes.
$(VENV)/run.stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "latentlab needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	@echo "Installing latentlab into $(VENV): a few minutes, this once"
	$(BIN)/python -m pip install -e .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet -e '.[test,umap]'
	@touch $@

# Streamlit opens the browser itself once the server answers, where there is a screen.
run: $(VENV)/run.stamp
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# One thread of torch a process: more than there are cores only wait for one another.
test: lint
	OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1} $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

bench: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks

kernel: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet -e '.[kernel]'
	$(BIN)/python -m latentlab.ui.browser.build kernel

bundle: $(VENV)/run.stamp
	$(BIN)/python -m latentlab.ui.browser.build bundles

clean:
	rm -rf $(VENV)
