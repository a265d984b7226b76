# The short commands. Each installs what it needs (Debian packages by apt, Python packages into .venv).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test build program bench docs format deps venv package \
	check-static sanitize race memcheck fuzz oracle kills flips same-bytes reproducible soak
.PHONY: bench-peers bench-scaling bench-variance bench-storage

WANTED = $(PACKAGES)
JOBS ?= $(shell nproc)
VENV := .venv
PACKAGES := build-essential cmake ninja-build git pkg-config catch2 libeigen3-dev libhdf5-dev libfmt-dev libtomlplusplus-dev \
	libcli11-dev nlohmann-json3-dev librandom123-dev libbenchmark-dev libhwy-dev libssl-dev zlib1g-dev pybind11-dev \
	python3-dev python3-venv fonts-noto-cjk
# Only the tests open the page and the workbook in the programs of our users.
TEST_PACKAGES := chromium libreoffice-calc-nogui clang libomp-dev strace
CHECK_PACKAGES := clang clang-tidy libclang-rt-dev libomp-dev cppcheck valgrind strace
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

help:
	@echo "make run     the 80 -> 85 yuan comparison on all of Jilin: out/subsidies.h5 and its summary"
	@echo "make test    every test: Catch2 through ctest, then pytest"
	@echo "make build   build/release/doudi"
	@echo "make docs    the documents as pages that open from the disk: site/index.html"
	@echo "make soak    the long form of the tests, with DURATION seconds for each fuzzer (docs/reliability.md)"
	@echo "make bench   the kernels; bench-peers, bench-scaling, bench-variance, bench-storage: whole runs (bench/README.md)"
	@echo "make format  clang-format and ruff"

run: program
	@mkdir -p out
	build/release/doudi compare scenarios/reforms/subsidies-80.toml scenarios/reforms/subsidies-85.toml -o out/subsidies.h5 --force
	@$(MAKE) --no-print-directory package
	@build/release/doudi report out/subsidies.h5 -o out/subsidies.html --lang zh --force >/dev/null && echo "report: out/subsidies.html"
	@build/release/doudi workbook out/subsidies.h5 -o out/subsidies.xlsx --lang zh --force >/dev/null && echo "workbook: out/subsidies.xlsx"

test: WANTED := $(PACKAGES) $(TEST_PACKAGES)
test: build venv package
	ctest --test-dir build/release --output-on-failure -j $(JOBS)
	$(VENV)/bin/python -m pytest tests/python -q

build: program
	cmake --build --preset release -j $(JOBS)

# The program alone, without tests and benchmarks: what an answer needs.
program: deps
	cmake --preset release > build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	cmake --build --preset release -j $(JOBS) --target doudi

# Asks apt only for what is missing, so that a second call needs neither network nor root.
deps:
	@mkdir -p build
	@missing=$$(for p in $(WANTED); do dpkg-query -W -f='$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || echo $$p; done); \
	if [ -n "$$missing" ]; then echo "installing" $$missing; \
	  $(SUDO) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends $$missing; fi

# What `make run` needs comes with the package; the tests and the documents need more.
venv: $(VENV)/.tests
$(VENV)/.ready: | deps
	python3 -m venv $(VENV)
	touch $@
$(VENV)/.tests: python/requirements.txt $(VENV)/.ready
	$(VENV)/bin/pip install -q -r python/requirements.txt
	touch $@

# The Python package, built from the program's libraries and installed again when a source has changed.
package: program
	@$(MAKE) --no-print-directory $(VENV)/.package
$(VENV)/.package: $(VENV)/.ready $(shell git ls-files engine python scenarios CMakeLists.txt pyproject.toml 2>/dev/null)
	@echo "the Python package, which makes the report and the workbook: first time about half a minute"
	$(VENV)/bin/pip install -q . --config-settings=build-dir=build/python "--config-settings=cmake.define.DOUDI_BUILT=$(CURDIR)/build/release"
	touch $@

docs: venv
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/python -m mkdocs build --strict --quiet && echo "documents: site/index.html"

bench: build
	build/release/bench/doudi_bench

# Whole-run measurements (bench/README.md); BENCH=--quick for a look whether they work. OpenFisca and NumPy in a venv of their own.
BENCH_VENV := build/bench-venv
$(BENCH_VENV)/.ready: bench/requirements.txt | deps
	python3 -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install -q -r bench/requirements.txt
	touch $@
bench-peers bench-scaling bench-storage: bench-%: build $(BENCH_VENV)/.ready
	$(BENCH_VENV)/bin/python bench/$*.py $(BENCH)
bench-variance: build package
	$(VENV)/bin/python bench/variance.py $(BENCH)

format: deps
	clang-format -i $$(git ls-files '*.cpp' '*.hpp')

# The long form, each part alone or all of it by `make soak`, which writes build/soak/log. docs/reliability.md says what
# each found and how long it took.
DURATION ?= 3600
KILLS ?= 200
FLIPS ?= 2000
PYTEST := $(VENV)/bin/python -m pytest -q -s -rs
FUZZERS := scenario data assess results journal
CHECKED = $(shell git ls-files 'engine/*.cpp')
check-static sanitize race memcheck fuzz kills flips same-bytes reproducible: WANTED := $(PACKAGES) $(CHECK_PACKAGES)

soak: build venv package
	tests/soak.sh oracle kills flips same-bytes reproducible sanitize race memcheck check-static fuzz

# clang-tidy over our sources (.clang-tidy says what is off and why), then cppcheck.
check-static: deps
	cmake --preset clang > build/configure-clang.log 2>&1 || { cat build/configure-clang.log; exit 1; }
	cmake --build --preset clang --target doudi_version
	printf '%s\n' $(CHECKED) | xargs -P $(JOBS) -n 4 clang-tidy -quiet -p build/clang
	cppcheck --quiet --std=c++20 --language=c++ --enable=warning,performance,portability,style --inline-suppr -j $(JOBS) -I engine -I build/clang/generated \
	  --library=posix --suppressions-list=tests/cppcheck-suppressions.txt --error-exitcode=1 engine

# The whole C++ suite under ASan and UBSan.
sanitize: deps
	cmake --preset sanitize > build/configure-sanitize.log 2>&1 || { cat build/configure-sanitize.log; exit 1; }
	cmake --build --preset sanitize -j $(JOBS)
	ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 ctest --test-dir build/sanitize --output-on-failure -j $(JOBS)

# The parallel part under TSan, with clang's OpenMP and Archer, which tells TSan of OpenMP's own order. A planted race comes
# first: where it is not found, TSan sees nothing here. The command writes one county while it simulates the next,
# and in the smallest sample each thread takes a county.
race: export TSAN_OPTIONS := ignore_noninstrumented_modules=1:halt_on_error=1
race: deps
	cmake --preset race > build/configure-race.log 2>&1 || { cat build/configure-race.log; exit 1; }
	cmake --build --preset race -j $(JOBS) --target doudi_tests doudi
	export OMP_TOOL_LIBRARIES=$$(clang++ -print-file-name=libarcher.so) OMP_TOOL_VERBOSE_INIT=stdout; \
	  build/race/tests/doudi_tests "[planted]" > build/race/planted.log 2>&1; grep -q "data race.*parallel.test.cpp" build/race/planted.log || { cat build/race/planted.log; exit 1; }; \
	  build/race/tests/doudi_tests "[parallel]" -d yes && \
	  for options in "1 --threads 3" "0.3 --threads 3" "0.05 --threads 2"; do build/race/doudi run scenarios/jilin-2024.toml --counties 222402,220623,220605,222403 --replicates 4 --sample-share $$options \
	    --progress off --force -o build/race/x.h5 > build/race/run.log 2>&1 || { cat build/race/run.log; exit 1; }; done

# A small run, its verification and its summary under valgrind.
memcheck: build
	rm -rf build/memcheck && mkdir -p build/memcheck
	for command in "run scenarios/jilin-2024.toml --counties 220623 --replicates 2 --sample-share 0.02 --threads 2 --progress off -o build/memcheck/x.h5" \
	  "summary build/memcheck/x.h5" "verify build/memcheck/x.h5 --rerun 1" "check scenarios/reforms/monitoring.toml"; do \
	  OMP_WAIT_POLICY=passive valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --suppressions=tests/valgrind.supp \
	    build/release/doudi $$command > build/memcheck/log 2>&1 || { cat build/memcheck/log; exit 1; }; done

fuzz: deps
	cmake --preset fuzz > build/configure-fuzz.log 2>&1 || { cat build/configure-fuzz.log; exit 1; }
	cmake --build --preset fuzz -j $(JOBS) --target $(addprefix fuzz_,$(FUZZERS))
	for t in $(FUZZERS); do mkdir -p build/fuzz/found/$$t && cd build/fuzz/found && \
	  ../tests/fuzz/fuzz_$$t -max_total_time=$(DURATION) -timeout=20 -rss_limit_mb=3000 -max_len=8192 -print_final_stats=1 $$t ../../../tests/fuzz/corpus/$$t > $$t.log 2>&1 || { tail -40 $$t.log; exit 1; }; \
	  grep -E 'stat::number_of_executed_units|stat::peak_rss_mb|stat::slowest' $$t.log | sed "s/^/$$t /"; cd ../../..; done

# Whole counties against the plain monthly loop.
oracle: build
	build/release/tests/doudi_tests "[soak]"
kills: build venv
	DOUDI_KILLS=$(KILLS) $(PYTEST) tests/python/test_faults.py -k "killed_at_random"
flips: build venv
	DOUDI_FLIPS=$(FLIPS) $(PYTEST) tests/python/test_faults.py -k "flipped or without_a_seal"
same-bytes: build venv
	DOUDI_SOAK=1 $(PYTEST) tests/python/test_same_bytes.py

# Two clones in folders of different names, built without a cache: the same program, byte for byte.
reproducible: deps
	rm -rf build/reproducible && mkdir -p build/reproducible
	for name in one another-and-longer; do git clone -q . build/reproducible/$$name; done
	for name in one another-and-longer; do cd build/reproducible/$$name && \
	  CMAKE_CXX_COMPILER_LAUNCHER= cmake --preset release -DDOUDI_TESTS=OFF > configure.log && cmake --build --preset release -j $(JOBS) --target doudi > build.log && cd ../../..; done
	cd build/reproducible && sha256sum */build/release/doudi && cmp one/build/release/doudi another-and-longer/build/release/doudi && echo "the same program"
