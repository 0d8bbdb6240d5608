# Provides absl::* and GTest::* (built from source with the toolchain's flags), rapidcheck, and the tool's libraries.

# Abseil and GoogleTest are built in build/deps/<key>. The key names the compiler and everything else that affects the
# result. `make clean` does not remove them, and build trees with the same flags share them.
function(racelab_built_dependencies)
  file(MD5 ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/dependencies/CMakeLists.txt recipe)
  string(MD5 hash "${recipe}|${CMAKE_CXX_COMPILER}|${CMAKE_CXX_COMPILER_VERSION}|${CMAKE_CXX_FLAGS}|${CMAKE_EXE_LINKER_FLAGS}")
  string(SUBSTRING ${hash} 0 8 hash)
  string(TOLOWER "${CMAKE_CXX_COMPILER_ID}-${CMAKE_CXX_COMPILER_VERSION}-${RACELAB_SANITIZER}-${hash}" key)
  set(folder ${CMAKE_SOURCE_DIR}/build/deps/${key})

  if(NOT EXISTS ${folder}/complete)
    message(STATUS "Building Abseil and GoogleTest for ${key} (about a minute, once)")
    foreach(step
        "-S;${CMAKE_CURRENT_FUNCTION_LIST_DIR}/dependencies;-B;${folder};-G;${CMAKE_GENERATOR};-Wno-dev;--log-level=WARNING;-DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE};-DRACELAB_SANITIZER=${RACELAB_SANITIZER};-DRACELAB_SOURCES=${CMAKE_SOURCE_DIR}/build/deps/src;-DCMAKE_CXX_STANDARD=20;-DCMAKE_BUILD_TYPE=RelWithDebInfo;-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -w -DNDEBUG"
        "--build;${folder};--target;racelab_dependencies")
      execute_process(COMMAND ${CMAKE_COMMAND} ${step} RESULT_VARIABLE failed)
      if(failed)
        message(FATAL_ERROR "Abseil and GoogleTest could not be built in ${folder}; the error is above. "
                            "If they could not be fetched: run sanitizers/setup.sh, or go online, and try again.")
      endif()
    endforeach()
    file(TOUCH ${folder}/complete)
  endif()
  include(${folder}/absl.cmake)
  include(${folder}/gtest.cmake)
endfunction()

find_package(Threads REQUIRED)
racelab_built_dependencies()
find_package(rapidcheck REQUIRED)  # The prebuilt library is sufficient: it is only called on the test's own thread.
if(NOT RACELAB_SANITIZER STREQUAL "thread")
  find_package(benchmark REQUIRED)
  find_package(CLI11 REQUIRED)
  find_package(nlohmann_json REQUIRED)
  find_package(tomlplusplus REQUIRED)
  find_library(RACELAB_MD4C md4c REQUIRED)
  find_library(RACELAB_MD4C_HTML md4c-html REQUIRED)
  find_library(RACELAB_CSV csv REQUIRED)
  find_library(RACELAB_LIBDW dw REQUIRED)
  find_library(RACELAB_LIBELF elf REQUIRED)
endif()
