# Toolchain: the compiler that Race Lab prefers among those of this machine.
find_program(RACELAB_CLANG NAMES clang++-19 clang++-20 clang++-21 clang++-22 clang++-18 clang++-17 clang++-16 clang++-15
                                 clang++-14 clang++)
if(RACELAB_CLANG)
  include(${CMAKE_CURRENT_LIST_DIR}/clang.cmake)
else()
  include(${CMAKE_CURRENT_LIST_DIR}/gcc.cmake)
endif()
