# `make demo` and `make test` set up what they need in .venv; `make help` lists
# the rest. PYTHON=python3.12 chooses the interpreter, once, when .venv is made.

PYTHON ?= python3
JOBS ?= 2
CORPUS ?= ../shared/corpus
TESTS ?= tests

VENV := .venv
BIN := $(VENV)/bin
TYPES := $(shell find src -name '*.pxd')
HOT := $(sort $(wildcard $(TYPES) $(TYPES:.pxd=.py)))

.PHONY: help demo test gate score bench predict calibrate differential clean

help:
	@echo 'make demo       explain captures of eight real endings'
	@echo 'make test       run every test'
	@echo 'make gate       formatting, lint, types, layers'
	@echo 'make score      verdicts on the measured corpus against its truth'
	@echo 'make bench      speed and memory beside tshark, tcptrace, tcpdump, cat'
	@echo 'make predict    the simulator against this kernel, every scenario; root'
	@echo 'make calibrate  measure what each line of argument is worth'
	@echo 'make differential  10,000 random sequences, here and simulated; root'
	@echo 'make clean      remove everything that was made'

demo: $(VENV)/installed
	@$(BIN)/python captures/demo.py

test: $(VENV)/gate
	$(BIN)/python -m pytest -q -n $(JOBS) $(TESTS)

gate: $(VENV)/gate
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

score: $(VENV)/installed
	$(BIN)/python bench/score.py $(CORPUS)

bench: $(VENV)/installed
	$(BIN)/python bench/run.py

# Every scenario on the kernel and in the simulator; needs root for the former.
predict: $(VENV)/gate
	$(BIN)/python bench/sim_against_kernel.py

# Fitted on two seeds, reported on a third; needs root for the laboratory.
calibrate: $(VENV)/gate
	for seed in 21 33; do $(BIN)/lastack lab corpus .bench/fit-$$seed \
	--connections 5000 --seed $$seed || exit 1; done
	$(BIN)/python bench/calibrate.py .bench/fit-21 .bench/fit-33 --write
	$(BIN)/lastack lab corpus .bench/report --connections 5000 --seed 98
	$(BIN)/lastack lab score .bench/report

# Needs root. What differs is shrunk, and written into .bench/differential.
differential: $(VENV)/gate
	$(BIN)/python bench/differential.py 10000 --scripts .bench/differential

clean:
	rm -rf $(VENV) .bench build dist .mypy_cache .ruff_cache .pytest_cache
	rm -rf .hypothesis .import_linter_cache src/lastack.egg-info
	find src \( -name '*.so' -o -name '*.c' \) -type f -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian keeps ensurepip in a package of its own (python3-venv); without it the
# pip that is there serves the new environment.
$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo 'lastack needs Python 3.11 or later: make PYTHON=python3.12 ...'; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || \
	{ $(PYTHON) -m venv --clear --without-pip $(VENV) && \
	$(PYTHON) -m pip --python $(BIN)/python install -q pip; }
	$(BIN)/python -m pip install -q --upgrade pip
	@touch $@

# A compiled module hides its source: when that changes, it is built again.
$(VENV)/installed: $(VENV)/made pyproject.toml setup.py $(HOT)
	$(BIN)/python -m pip install -q -e .
	@touch $@

# It is installed already; to ask for its extras by name does not build it again.
$(VENV)/gate: $(VENV)/installed pyproject.toml
	$(BIN)/python -m pip install -q 'lastack[compression,lab,uvloop]' --group gate
	@touch $@
