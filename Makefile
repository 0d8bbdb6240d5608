# The two commands: `make` shows the scoreboard, `make test` passes all tests. `make help` lists the rest.

RACELAB   := build/bin/racelab
JOBS      := $(shell nproc)
compilers := $(if $(shell command -v clang++-19 clang++),clang) $(if $(shell command -v g++),gcc)

.PHONY: all setup build test list show run verify check bench format lint clean distclean help
.DEFAULT_GOAL := all

all: build                ## set up what is missing, build, verify every lab: the scoreboard
	@$(RACELAB) verify

setup:
	@sanitizers/setup.sh

build/%/build.ninja:
	@cmake --preset $*

build: setup
	@$(MAKE) --no-print-directory build/native/build.ninja build/tsan/build.ninja
	@sanitizers/build.sh native tsan

test: setup               ## set up what is missing, build, pass all tests
	@$(MAKE) --no-print-directory build/native/build.ninja build/tsan/build.ninja build/tsan-gcc/build.ninja
	@sanitizers/build.sh native tsan tsan-gcc
	@ctest --test-dir build/native --output-on-failure -j $(JOBS)

list: $(RACELAB)          ## the labs
	@$(RACELAB) list

run: $(RACELAB)           ## run LAB=lost_update [FIX=mutex]: a lab's program
	@$(RACELAB) run $(LAB) $(FIX)

verify: $(RACELAB)        ## verify LAB=lost_update [FIX=mutex]: its tests under ThreadSanitizer
	@$(RACELAB) verify $(LAB) $(if $(FIX),--fix $(FIX))

clean:                    ## remove what was built, but for the dependencies
	@rm -rf build/bin build/native build/tsan build/tsan-gcc build/asan-ubsan

distclean:                ## remove everything that was built or fetched
	@rm -rf build

help:                     ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

$(RACELAB): build
