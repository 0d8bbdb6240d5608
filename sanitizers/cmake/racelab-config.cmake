# For other projects, by find_package(racelab) or FetchContent:
#
#   racelab_sanitize(<target> …)   compiles and links these targets with ThreadSanitizer, in the way that racelab needs
#   racelab_exec(<target> …)       adds a test <target>.threadsanitizer: runs the program, explains what is reported
#   racelab_explore(<target> …)    adds a test <target>.interleavings: runs every interleaving of the program's main()
#
# Arguments for racelab, such as `--time 30` or `--sarif races.sarif`, follow OPTIONS; those for the program follow ARGS.
# Libraries linked to a sanitized target should be sanitized, too; otherwise the detectors do not see their accesses.
cmake_minimum_required(VERSION 3.19)

get_filename_component(RACELAB_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(RACELAB_PROGRAM "${RACELAB_PREFIX}/bin/racelab" CACHE FILEPATH "The program racelab")

function(racelab_sanitize)
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE -fsanitize=thread -fno-omit-frame-pointer -g)
    # The templates in libstdc++.so were compiled without ThreadSanitizer: instantiate them in the program.
    target_compile_definitions(${target} PRIVATE _GLIBCXX_EXTERN_TEMPLATE=0)
    target_link_options(${target} PUBLIC -fsanitize=thread)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 21)
      # Otherwise it does not instrument all accesses to local objects that threads share. racelab looks for the recorded
      # option (https://github.com/llvm/llvm-project/pull/132756).
      target_compile_options(${target} PRIVATE "SHELL:-mllvm -capture-tracking-max-uses-to-explore=0"
                             -frecord-command-line)
    endif()
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")  # g++ links the shared runtime by itself.
      execute_process(COMMAND ${CMAKE_CXX_COMPILER} --print-file-name=libclang_rt.tsan-${CMAKE_SYSTEM_PROCESSOR}.so
                      OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE)
      get_filename_component(folder "${runtime}" DIRECTORY)
      target_link_options(${target} PUBLIC -shared-libsan -Wl,-rpath,${folder})
    endif()
  endforeach()
endfunction()

# racelab_add_test(<command of racelab> <end of the test's name> <target> … [OPTIONS …] [ARGS …])
function(racelab_add_test command name)
  cmake_parse_arguments(PARSE_ARGV 2 given "" "" "OPTIONS;ARGS")
  foreach(target IN LISTS given_UNPARSED_ARGUMENTS)
    add_test(NAME ${target}.${name}
             COMMAND ${RACELAB_PROGRAM} ${command} ${given_OPTIONS} -- $<TARGET_FILE:${target}> ${given_ARGS})
  endforeach()
endfunction()

function(racelab_exec)
  racelab_add_test(exec threadsanitizer ${ARGN})
endfunction()

function(racelab_explore)
  racelab_add_test(explore interleavings ${ARGN})
endfunction()
