# RACELAB_CLANG: clang 19, otherwise the newest clang. RACELAB_GXX: this machine's g++. Each may be missing.
find_program(RACELAB_CLANG NAMES clang++-19 clang++-20 clang++-21 clang++-22 clang++-18 clang++-17 clang++-16 clang++-15
                                 clang++-14 clang++)
find_program(RACELAB_GXX NAMES g++ g++-12 g++-13 g++-14 g++-15)

# The presets of the labs' tests whose compiler is installed on this machine, the preferred one first.
set(RACELAB_TSAN_PRESETS "")
if(RACELAB_CLANG)
  list(APPEND RACELAB_TSAN_PRESETS tsan)
endif()
if(RACELAB_GXX)
  list(APPEND RACELAB_TSAN_PRESETS tsan-gcc)
endif()

# The presets that also build the tests of rejected repairs: all presets in CI, otherwise one, because one compiler is
# enough to show that a repair fails. (`racelab verify` builds whatever it needs, even if it was left out here.)
set(RACELAB_REJECTED_PRESETS ${RACELAB_TSAN_PRESETS})
if("$ENV{CI}" STREQUAL "" AND RACELAB_TSAN_PRESETS)
  list(GET RACELAB_TSAN_PRESETS 0 RACELAB_REJECTED_PRESETS)
endif()

# `cmake -P` with this file prints the presets, for the Makefile.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  string(REPLACE ";" " " presets "${RACELAB_TSAN_PRESETS}")
  execute_process(COMMAND ${CMAKE_COMMAND} -E echo "${presets}")
endif()
