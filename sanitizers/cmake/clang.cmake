# Toolchain: clang 19, otherwise the newest clang installed, with the sanitizer that RACELAB_SANITIZER names.
include(${CMAKE_CURRENT_LIST_DIR}/sanitizer_flags.cmake)

include(${CMAKE_CURRENT_LIST_DIR}/find_compilers.cmake)
if(NOT RACELAB_CLANG)
  message(FATAL_ERROR "No clang++ on this machine. Run sanitizers/setup.sh, or use a preset for g++ (tsan-gcc).")
endif()
set(CMAKE_CXX_COMPILER ${RACELAB_CLANG})
string(REPLACE "clang++" "clang" CMAKE_C_COMPILER ${RACELAB_CLANG})  # GoogleTest's project needs a C compiler.

# The shared runtime, which another runtime can replace without relinking, and the folder in which the program finds it.
execute_process(COMMAND ${CMAKE_CXX_COMPILER} --print-file-name=libclang_rt.tsan-${CMAKE_HOST_SYSTEM_PROCESSOR}.so
                OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE)
get_filename_component(runtime_folder "${runtime}" DIRECTORY)
racelab_sanitizer_flags("-shared-libsan -Wl,-rpath,${runtime_folder}")
