# The compiler options of our own code. (The sanitizer's options belong to the toolchain.)
add_library(racelab_options INTERFACE)
target_compile_options(racelab_options INTERFACE -Wall -Wextra)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(racelab_options INTERFACE -Wthread-safety)
  # Otherwise a precompiled header is refused when a package of the system is upgraded, even if its headers are the same.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

# Uses the fastest linker available. Debian installs the lld of each LLVM in its own folder, which g++ must be told.
string(REGEX MATCH "^[0-9]+" compiler_version "${CMAKE_CXX_COMPILER_VERSION}")
file(GLOB llvm_folders /usr/lib/llvm-*/bin)
list(SORT llvm_folders COMPARE NATURAL ORDER DESCENDING)
find_program(RACELAB_LLD NAMES ld.lld HINTS /usr/lib/llvm-${compiler_version}/bin PATHS ${llvm_folders})
find_program(RACELAB_MOLD NAMES mold)
if(RACELAB_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_link_options(racelab_options INTERFACE --ld-path=${RACELAB_LLD})
elseif(RACELAB_LLD)
  get_filename_component(lld_folder ${RACELAB_LLD} DIRECTORY)
  target_link_options(racelab_options INTERFACE -fuse-ld=lld -B${lld_folder})
elseif(RACELAB_MOLD)
  target_link_options(racelab_options INTERFACE -fuse-ld=mold)
endif()

# Labs are compiled exactly as written, or the program would lack the race that the source shows: an optimiser would
# fold `for (...) ++counter` into one addition, and clang by default does not instrument a read that is followed by a
# write to the same place, nor (before version 21, see symbols/instrumentation.h) all accesses to local objects.
add_library(lab_options INTERFACE)
target_compile_options(lab_options INTERFACE -O0)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND RACELAB_SANITIZER STREQUAL "thread")
  target_compile_options(lab_options INTERFACE "SHELL:-mllvm -tsan-instrument-read-before-write"
    "SHELL:-mllvm -capture-tracking-max-uses-to-explore=0" -frecord-command-line)
endif()

# libstdc++'s std::counting_semaphore loses a wake-up (sanitizers/verdict/known_defects.cc), which is not the fault of a
# repair with semaphores. This documented macro (bits/semaphore_base.h) makes the library use sem_t, which lacks the
# defect; other C++ libraries ignore it. All code of a program must agree on the macro, so it applies to the labs'
# programs as a whole. Users' programs, which `racelab explore` runs, are left as they were built.
add_library(lab_semaphores INTERFACE)
target_compile_definitions(lab_semaphores INTERFACE _GLIBCXX_USE_POSIX_SEMAPHORE=1)
