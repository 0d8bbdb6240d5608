# Toolchain: Race Lab's preferred compiler among those on this machine.
include(${CMAKE_CURRENT_LIST_DIR}/find_compilers.cmake)
if(RACELAB_CLANG)
  include(${CMAKE_CURRENT_LIST_DIR}/clang.cmake)
else()
  include(${CMAKE_CURRENT_LIST_DIR}/gcc.cmake)
endif()
