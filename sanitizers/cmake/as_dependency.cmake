# For use inside another project, by FetchContent or add_subdirectory(): provides the functions of racelab-config.cmake,
# and the target racelab, which builds the program and its runtime as a separate project. Neither project's settings
# affect the other's build. Labs and tests are not built.
include(ExternalProject)
set(RACELAB_PROGRAM "${CMAKE_CURRENT_BINARY_DIR}/installed/bin/racelab" CACHE FILEPATH "The program racelab")
ExternalProject_Add(racelab
  SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}
  PREFIX ${CMAKE_CURRENT_BINARY_DIR}/racelab
  CONFIGURE_COMMAND ${CMAKE_COMMAND} -E chdir <SOURCE_DIR> ${CMAKE_COMMAND} --preset native --log-level=WARNING
  BUILD_COMMAND ${CMAKE_COMMAND} --build <SOURCE_DIR>/build/native --target racelab racelab_interleave
  INSTALL_COMMAND ${CMAKE_COMMAND} --install <SOURCE_DIR>/build/native --prefix ${CMAKE_CURRENT_BINARY_DIR}/installed
  BUILD_ALWAYS ON)
include(${CMAKE_CURRENT_LIST_DIR}/racelab-config.cmake)
