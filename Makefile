# make example       builds the two example volumes into build/
# make test          sets up and runs the tests
# make test-lowest   runs their core with the lowest versions that pyproject.toml allows
# make test-newest   compares what the newest Python makes with what .venv's makes
# make kills         kills five hundred builds at moments that chance chooses (half an hour)
# make lint          type check, linter, formatting
# make docs          rewrites the tables in docs/ that are printed from the code
# make languages     rewrites the table of registered language subtags from IANA's file (REGISTRY=…)
# make site          builds the docs as a site into build/site/
# make measure       counts the source: files, lines, modules that are hardly one
# make pages         lays books out in every way and lists what goes wrong on a page (Node, Chromium; ten minutes)
# make pictures      draws docs/pictures/ anew (Node, Chromium)
# make fuzz          feeds damaged input to what reads books, for FUZZ_SECONDS (Python 3.11 or newer on Linux)
# make audit         asks whether what an installation brings has a known hole (needs a network)
# make sbom          lists what an installation brings, as CycloneDX, in build/
# make bench         times chapbook beside other tools
# make clean         removes what the others made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOWEST := .venv-lowest
LOWEST_PYTHON ?= python3.11
NEWEST := .venv-newest
NEWEST_PYTHON ?= python3
KILLS ?= 500
FUZZ := .venv-fuzz
SUPPLY := .venv-supply
WHOLE := .venv-whole
FUZZ_SECONDS ?= 300
PYTEST_FLAGS ?= -n auto

.PHONY: example test test-lowest test-newest kills lint docs languages site measure pages pictures fuzz audit sbom \
  bench clean
.DELETE_ON_ERROR:

example: $(VENV)/installed
	$(BIN)/chapbook build examples -o build/
	@echo "The example volumes:" && ls -1 $(CURDIR)/build/*.epub

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

test-lowest: $(LOWEST)/installed
	$(LOWEST)/bin/python -m pytest --core $(PYTEST_FLAGS)

test-newest: $(VENV)/installed-dev $(NEWEST)/installed
	$(BIN)/python -m pytest tests/test_newest_python.py

kills: $(VENV)/installed-dev
	PYTHONPATH=tests $(BIN)/python -m support.kills --count $(KILLS)

lint: $(VENV)/installed-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

docs: $(VENV)/installed-dev
	PYTHONPATH=tests $(BIN)/python -m support.generated_docs

languages: $(VENV)/installed-dev
	PYTHONPATH=tests $(BIN)/python -m support.language_registry $(REGISTRY)

site: $(VENV)/installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

measure: $(VENV)/installed-dev
	PYTHONPATH=tests $(BIN)/python -m support.measure

pages: $(VENV)/installed-dev
	PYTHONPATH=tests $(BIN)/python -m support.layout_pages

pictures: $(VENV)/installed-dev
	$(BIN)/python docs/pictures/make_covers.py
	$(BIN)/python docs/pictures/make_pictures.py
	$(BIN)/python docs/pictures/make_theme_sheets.py
	$(BIN)/python docs/pictures/make_preview.py
	PYTHONPATH=tests $(BIN)/python docs/pictures/make_tutorial.py
	PYTHONPATH=tests $(BIN)/python docs/pictures/make_typography.py

fuzz: $(FUZZ)/installed
	cd tests && PYTHONPATH=. ../$(FUZZ)/bin/python -m fuzz --seconds $(FUZZ_SECONDS) $(FUZZ_TARGETS)

audit: $(SUPPLY)/installed $(WHOLE)/installed
	PYTHONPATH=tests $(SUPPLY)/bin/python -m support.audit $(WHOLE)/lib/python3*/site-packages $(PIP_AUDIT_FLAGS)

sbom: $(SUPPLY)/installed $(WHOLE)/installed
	mkdir -p build
	$(SUPPLY)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --validate \
	  --output-format JSON --output-file build/chapbook.cdx.json $(WHOLE)
	@echo "build/chapbook.cdx.json"

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q src  # as pip does for an installation that is not editable
	@touch $@

# Dependency groups need pip 25.1 or newer, which the virtual environment has from its making.
$(VENV)/installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(BIN)/python -m compileall -q src
	@touch $@ $(VENV)/installed

# pip always takes the newest versions; uv can be told to take the lowest.
$(LOWEST)/installed: pyproject.toml
	$(LOWEST_PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --upgrade pip uv
	$(LOWEST)/bin/python -m uv pip install --quiet --python $(LOWEST)/bin/python \
	  --resolution lowest-direct --editable . --group dev
	$(LOWEST)/bin/python -m compileall -q src
	@touch $@

# The same versions of the libraries as in $(VENV): only Python differs.
$(NEWEST)/installed: pyproject.toml $(VENV)/installed-dev
	$(NEWEST_PYTHON) -m venv --clear $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip freeze --exclude-editable > $(NEWEST)/versions.txt
	$(NEWEST)/bin/python -m pip install --quiet --constraint $(NEWEST)/versions.txt --editable '.[epub,fonts,pymdown]'
	@touch $@

# An environment of its own: Atheris is a fuzzer with a compiled core, and no test needs it.
$(FUZZ)/installed: pyproject.toml
	$(PYTHON) -m venv --clear $(FUZZ)
	$(FUZZ)/bin/python -m pip install --quiet --upgrade pip
	$(FUZZ)/bin/python -m pip install --quiet --editable . --group fuzz
	@touch $@

# The tools that look at an installation are no part of it.
$(SUPPLY)/installed: pyproject.toml
	$(PYTHON) -m venv --clear $(SUPPLY)
	$(SUPPLY)/bin/python -m pip install --quiet --upgrade pip
	$(SUPPLY)/bin/python -m pip install --quiet --group supply
	@touch $@

# chapbook with every extra, and nothing else.
$(WHOLE)/installed: pyproject.toml
	$(PYTHON) -m venv --clear $(WHOLE)
	$(WHOLE)/bin/python -m pip install --quiet --upgrade pip
	$(WHOLE)/bin/python -m pip install --quiet --editable ".[dask,epub,fonts,preview,pymdown]"
	@touch $@

clean:
	rm -rf build dist $(VENV) $(LOWEST) $(NEWEST) $(FUZZ) $(SUPPLY) $(WHOLE) .mypy_cache .ruff_cache .pytest_cache .hypothesis
