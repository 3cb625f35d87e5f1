# A newcomer needs two of these: `make run` and `make test`. Each sets up what it needs.
#
#   LESSON=slug    the lesson meant (run: vae; others: all)
#   EXTRA=gpu      also install TensorFlow's CUDA libraries (Linux with an NVIDIA GPU)
#   PRESET=laptop  smoke, laptop or paper, where a target trains
#   PYTHON=path    the Python to set up with; without it, the newest one that fits
#   JOBS=2         processes that `make test` runs side by side

PYTHON ?= $(shell sh scripts/find_python.sh)
JOBS ?= 2
VENV := .venv/bin/python
UV_VERSION := 0.13.8

# A Python that was named is meant: an environment made with another one is remade.
NAMED = $(if $(filter file,$(origin PYTHON)),,--this-python)

# $(call setup,EXTRA): make the environment; takes no time when it is there.
define setup
@python="$(PYTHON)"; \
if [ -z "$$python" ]; then \
    echo "No Python was found. Install Python 3.11, 3.12 or 3.13," \
        "or name it: make PYTHON=/path/to/python3.13" >&2; \
    exit 1; \
fi; \
exec "$$python" scripts/bootstrap.py --extra "$(1)" $(NAMED)
endef

.PHONY: help environment run test lab formgrader notebooks site release course lock bench lint results clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@echo "usage: make TARGET [LESSON=slug] [PRESET=name] [EXTRA=gpu]"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1 \2/p' Makefile | \
	    while read -r name text; do printf '  %-12s %s\n' "$$name" "$$text"; done

environment:  ## make or repair .venv from the lock file (all targets below do this)
	$(call setup,$(EXTRA))

run: environment  ## execute one lesson's notebook and show its results (LESSON=vae)
	@$(VENV) -m lessons.toolkit.notebook execute "$(or $(LESSON),vae)"

test: environment  ## lint, tests, every notebook's stored outputs (LESSON: only its own)
	@$(VENV) scripts/check.py --jobs $(JOBS) "$(LESSON)"

lab: environment  ## open the course in JupyterLab
	@$(VENV) -m nbformat.sign $(wildcard notebooks/*.ipynb notebooks/*/*.ipynb) >/dev/null
	@# Started in course/, whose settings the Formgrader tab reads; it logs in with a cookie.
	@cd course && ../$(VENV) -m jupyter lab --ServerApp.root_dir="$(CURDIR)" \
	    "--IdentityProvider.cookie_options={'path': '/'}" \
	    $(if $(filter 0,$(shell id -u)),--allow-root) \
	    "$(CURDIR)/$(firstword $(if $(LESSON),$(wildcard notebooks/*/$(LESSON).ipynb)) \
	        $(wildcard notebooks/start_here.ipynb) \
	        $(sort $(wildcard notebooks/*/*.ipynb)) notebooks)"

formgrader: environment  ## mark written questions (LESSON=vae; COURSE=course)
	@$(VENV) -m lessons mark "$(or $(LESSON),vae)" --course "$(or $(COURSE),course)"

notebooks: environment  ## execute the notebooks again and store their outputs
	@$(VENV) -m lessons.toolkit.notebook refresh $(LESSON)

site: environment  ## build the website from the stored notebooks (build/site)
	@$(VENV) -m docs

release: site  ## one zip for a classroom without a network (build/lessons.zip)
	@$(VENV) scripts/release.py

course: environment  ## build the exercises from their text sources
	@$(VENV) -m lessons.grading.course build $(LESSON)

results: environment  ## write the generated parts of README.md and docs/
	@$(VENV) -m lessons results

lint: environment  ## check style and formatting
	@$(VENV) scripts/check.py --only lint

bench:  ## measure against plain Keras, PyTorch and JAX (own environment, .venv-bench)
	$(call setup,bench)
	@.venv-bench/bin/python -m benchmarks

COMPILE = build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 \
    --generate-hashes --no-header --no-annotate $(if $(UPGRADE),--upgrade)
lock: environment  ## resolve requirements*.in into the lock files (UPGRADE=1: newest)
	@$(VENV) -m venv build/uv
	@build/uv/bin/python -m pip install --quiet uv==$(UV_VERSION)
	$(COMPILE) requirements.in -o requirements.lock
	$(COMPILE) -c requirements.lock requirements-gpu.in -o requirements-gpu.lock
	$(COMPILE) -c requirements.lock requirements-bench.in -o requirements-bench.lock \
	    $(if $(PIP_FIND_LINKS),--find-links $(PIP_FIND_LINKS))

clean:  ## remove what was built; keeps .venv (rm -r .venv) and runs/
	rm -rf build dist .ruff_cache .pytest_cache src/*.egg-info
	find $(wildcard src tests scripts benchmarks notebooks course) \
	    -name __pycache__ -prune -exec rm -rf {} +
