# Toolchain: g++ 12 or newer, with the sanitizer that RACELAB_SANITIZER names. Its ThreadSanitizer is shared by default.
include(${CMAKE_CURRENT_LIST_DIR}/sanitizer_flags.cmake)

include(${CMAKE_CURRENT_LIST_DIR}/find_compilers.cmake)
if(NOT RACELAB_GXX)
  message(FATAL_ERROR "No g++ on this machine. Run sanitizers/setup.sh.")
endif()
set(CMAKE_CXX_COMPILER ${RACELAB_GXX})
string(REPLACE "g++" "gcc" CMAKE_C_COMPILER ${RACELAB_GXX})  # GoogleTest's project needs a C compiler.

racelab_sanitizer_flags("")
