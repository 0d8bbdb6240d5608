# The two main commands: `make` shows the scoreboard, `make test` runs all tests. `make help` lists the others.

racelab   := build/bin/racelab
presets   := $(shell cmake -P sanitizers/cmake/find_compilers.cmake 2>/dev/null)
formatted := git ls-files '*.h' '*.cc'

.PHONY: all setup build build-tests test test-asan screens break install list run verify explore audit bench format lint clean distclean help
.DEFAULT_GOAL := all

all: build                ## install missing packages, build, verify every lab: the scoreboard
	@$(racelab) verify

# The trees are built in parallel: while one waits for its precompiled header, the other uses the processors.
build: setup
	@$(MAKE) --no-print-directory -j2 build-native build-tsan

test: setup               ## install missing packages, build, run all tests
	@$(MAKE) --no-print-directory build-tests
	@ctest --test-dir build/native --output-on-failure -j $$(nproc)

test-asan: setup          ## the tool's own tests under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory build-tests
	@cmake --preset asan-ubsan --log-level=WARNING && cmake --build build/asan-ubsan && ctest --preset asan-ubsan -j $$(nproc)

screens: build-tests      ## what participants see of each lab, each wrong repair and each fix, in a terminal
	@RACELAB_SCREENS_OF=all build/native/tests/sanitizers/participant_test --gtest_filter='Screens.*'

break: build              ## try to break what participants use, in some 300 ways
	@tests/robustness/break_it.sh

build-tests:  # a separate make, which also finds compilers that setup has just installed
	@$(MAKE) --no-print-directory -j2 test-native $(addprefix test-,$(presets))

setup:
	@sanitizers/setup.sh

build/%/build.ninja:
	@cmake --preset $* --log-level=WARNING

build-native: build/native/build.ninja
	@cmake --build build/native --target racelab -- --quiet
build-tsan: build/tsan/build.ninja
	@cmake --build build/tsan --target lab_tests
test-native: build/native/build.ninja
	@cmake --build build/native -- --quiet
test-tsan test-tsan-gcc: test-%: build/%/build.ninja
	@cmake --build build/$*

install: build            ## [PREFIX=/usr/local]: racelab without the labs, for other projects: sanitizers/ci/README.md
	@cmake --build build/native --target racelab racelab_interleave -- --quiet
	@cmake --install build/native --prefix $(or $(PREFIX),/usr/local)

list: build               ## list the labs
	@$(racelab) list

run: build                ## LAB=lost_update [FIX=mutex]: run a lab's program, with the bug or with a fix
	@$(racelab) run $(LAB) $(FIX)

verify: build             ## [LAB=lost_update] [FIX=mutex]: run the tests under both detectors
	@$(racelab) verify $(LAB) $(FIX)

explore: build            ## LAB=lost_update [FIX=mutex]: run every interleaving of its tests
	@$(racelab) explore $(LAB) $(FIX)

audit: build              ## [LAB=lost_update]: is each lab complete, and its README true?
	@$(racelab) audit $(LAB)

bench: build              ## [LAB=lost_update]: measure what its fixes cost; without LAB, how fast Race Lab itself is
	@$(if $(LAB),$(racelab) bench $(LAB) --anyway,tests/benchmarks/participant_loop.sh && tests/benchmarks/exploration_speed.sh)

format:                   ## format the code
	@sanitizers/setup.sh lint && $(formatted) | xargs clang-format-19 -i

lint: setup               ## check the format, and run clang-tidy
	@sanitizers/setup.sh lint && $(MAKE) --no-print-directory build-native && sanitizers/lint.sh

clean:                    ## remove everything that was built, except the dependencies
	@rm -rf build/bin build/lib build/lint build/native build/tsan build/tsan-gcc build/asan-ubsan build/scratch

distclean:                ## remove everything that was built or fetched
	@rm -rf build

help:                     ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | column -t -s '|'
