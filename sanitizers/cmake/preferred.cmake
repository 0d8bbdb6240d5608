# Toolchain: the compiler on this machine that Race Lab prefers.
include(${CMAKE_CURRENT_LIST_DIR}/find_compilers.cmake)
if(RACELAB_CLANG)
  include(${CMAKE_CURRENT_LIST_DIR}/clang.cmake)
else()
  include(${CMAKE_CURRENT_LIST_DIR}/gcc.cmake)
endif()
