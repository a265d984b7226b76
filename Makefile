# The short commands. Each installs what it needs (Debian packages by apt, Python packages into .venv).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test build bench docs format deps venv package

WANTED = $(PACKAGES)
JOBS ?= $(shell nproc)
VENV := .venv
PACKAGES := build-essential cmake ninja-build git pkg-config catch2 libeigen3-dev libhdf5-dev libfmt-dev libtomlplusplus-dev \
	libcli11-dev nlohmann-json3-dev librandom123-dev libbenchmark-dev libhwy-dev libssl-dev zlib1g-dev pybind11-dev \
	python3-dev python3-venv fonts-noto-cjk
# Only the tests open the page and the workbook in the programs of our users.
TEST_PACKAGES := chromium libreoffice-calc-nogui
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

help:
	@echo "make run     the 80 -> 85 yuan comparison on all of Jilin: out/subsidies.h5 and its summary"
	@echo "make test    every test: Catch2 through ctest, then pytest"
	@echo "make build   build/release/doudi"
	@echo "make docs    the documents as pages that open from the disk: site/index.html"
	@echo "make bench   the benchmarks of bench/README.md"
	@echo "make format  clang-format and ruff"

run: build venv package
	@mkdir -p out
	build/release/doudi compare scenarios/reforms/subsidies-80.toml scenarios/reforms/subsidies-85.toml -o out/subsidies.h5 --force
	@build/release/doudi report out/subsidies.h5 -o out/subsidies.html --lang zh --force >/dev/null && echo "report: out/subsidies.html"
	@build/release/doudi workbook out/subsidies.h5 -o out/subsidies.xlsx --lang zh --force >/dev/null && echo "workbook: out/subsidies.xlsx"

test: WANTED := $(PACKAGES) $(TEST_PACKAGES)
test: build venv package
	ctest --test-dir build/release --output-on-failure -j $(JOBS)
	$(VENV)/bin/python -m pytest tests/python -q

build: deps
	cmake --preset release > build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	cmake --build --preset release -j $(JOBS)

# Asks apt only for what is missing, so that a second call needs neither network nor root.
deps:
	@mkdir -p build
	@missing=$$(for p in $(WANTED); do dpkg-query -W -f='$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || echo $$p; done); \
	if [ -n "$$missing" ]; then echo "installing" $$missing; \
	  $(SUDO) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends $$missing; fi

venv: $(VENV)/.ready
$(VENV)/.ready: python/requirements.txt | deps
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install -q -r python/requirements.txt
	touch $@

# The Python package, built and installed again when a source has changed.
package: $(VENV)/.package
$(VENV)/.package: $(VENV)/.ready $(shell git ls-files engine python/core.cpp python/doudi python/CMakeLists.txt scenarios CMakeLists.txt pyproject.toml 2>/dev/null)
	$(VENV)/bin/pip install -q .
	touch $@

docs: venv
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/python -m mkdocs build --strict --quiet && echo "documents: site/index.html"

bench: deps venv
	cmake --preset bench > build/configure-bench.log 2>&1 || { cat build/configure-bench.log; exit 1; }
	cmake --build --preset bench -j $(JOBS)
	build/bench/bench/doudi_bench

format: deps
	clang-format -i $$(git ls-files '*.cpp' '*.hpp')
