# The two commands: `make` shows the scoreboard, `make test` passes all tests. `make help` lists the rest.

racelab   := build/bin/racelab
presets   := $(shell cmake -P sanitizers/cmake/find_compilers.cmake 2>/dev/null)
formatted := git ls-files '*.h' '*.cc'

.PHONY: all setup build build-tests test test-asan list run verify explore check bench format lint clean distclean help
.DEFAULT_GOAL := all

all: build                ## set up what is missing, build, verify every lab: the scoreboard
	@$(racelab) verify

# The trees are built side by side: while one waits for its precompiled header, the other keeps the processors busy.
build: setup
	@$(MAKE) --no-print-directory -j2 build-native build-tsan

test: setup               ## set up what is missing, build, pass all tests
	@$(MAKE) --no-print-directory build-tests
	@ctest --test-dir build/native --output-on-failure -j $$(nproc)

test-asan: setup          ## the tool's own tests under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory build-tests
	@cmake --preset asan-ubsan --log-level=WARNING && cmake --build build/asan-ubsan && ctest --preset asan-ubsan

build-tests:  # A make of its own: it looks for compilers that setup may only just have installed.
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

list: build               ## the labs
	@$(racelab) list

run: build                ## LAB=lost_update [FIX=mutex]: run a lab's program, or a fix's
	@$(racelab) run $(LAB) $(FIX)

verify: build             ## [LAB=lost_update] [FIX=mutex]: the tests under both detectors
	@$(racelab) verify $(LAB) $(if $(FIX),--fix $(FIX))

explore: build            ## LAB=lost_update [FIX=mutex]: every interleaving of its tests
	@$(racelab) explore $(LAB) $(if $(FIX),--fix $(FIX))

check: build              ## [LAB=lost_update]: is each lab complete, and its README true?
	@$(racelab) check $(LAB)

bench: build              ## [LAB=lost_update]: what its fixes cost; without LAB, how fast the lab itself is
	@$(if $(LAB),$(racelab) bench $(LAB),tests/benchmarks/participant_loop.sh && tests/benchmarks/exploration_speed.sh)

format:                   ## format the code
	@sanitizers/setup.sh lint && $(formatted) | xargs clang-format-19 -i

lint: build               ## check the format, and what clang-tidy finds
	@sanitizers/setup.sh lint && $(formatted) | xargs clang-format-19 --dry-run -Werror
	@$(formatted) | grep '^sanitizers/.*\.cc$$' | xargs -n 4 -P $$(nproc) clang-tidy-19 -p build/native --quiet --warnings-as-errors='*'

clean:                    ## remove what was built, but for the dependencies
	@rm -rf build/bin build/lib build/native build/tsan build/tsan-gcc build/asan-ubsan

distclean:                ## remove everything that was built or fetched
	@rm -rf build

help:                     ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | column -t -s '|'
