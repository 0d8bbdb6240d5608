# A lab is added when its folders exist. The tests, the program and the benchmark of a lab are written once; the include
# path selects the variant of its header (the lab's own, a fix, or the participant's).

# Adds every lab, and under ThreadSanitizer the target lab_tests for all tests. The next build notices a new folder.
function(racelab_add_labs)
  if(RACELAB_SANITIZER STREQUAL "thread")
    add_custom_target(lab_tests)
  else()
    racelab_add_program_headers()
  endif()
  file(GLOB labs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/labs/*/*/lab.toml)
  foreach(lab IN LISTS labs)
    get_filename_component(lab ${lab} DIRECTORY)
    file(RELATIVE_PATH lab ${CMAKE_SOURCE_DIR}/labs ${lab})
    racelab_add_lab(${lab})
  endforeach()
endfunction()

# The headers that the labs' programs include, parsed once for all of them. (lab_test_support has those of the tests.)
function(racelab_add_program_headers)
  file(CONFIGURE OUTPUT lab_program_headers.cc CONTENT "")
  add_library(lab_program_headers OBJECT ${CMAKE_CURRENT_BINARY_DIR}/lab_program_headers.cc)
  target_link_libraries(lab_program_headers PRIVATE racelab_options lab_options absl::synchronization Threads::Threads)
  target_include_directories(lab_program_headers PRIVATE ${CMAKE_SOURCE_DIR})
  target_precompile_headers(lab_program_headers PRIVATE
    <algorithm> <atomic> <condition_variable> <cstdio> <deque> <functional> <map> <memory> <mutex> <optional> <string>
    <thread> <vector> <absl/synchronization/mutex.h>)
endfunction()

# racelab_add_lab(<track>/<lab>)
function(racelab_add_lab path)
  get_filename_component(lab ${path} NAME)
  racelab_add_variant(${path} lab ${CMAKE_SOURCE_DIR}/labs/${path})

  file(GLOB fixes CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/solutions/${path}/*/*.h
                                    ${CMAKE_SOURCE_DIR}/tests/${path}/rejected/*/*.h)
  file(GLOB mine CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/workspace/${lab}/*.h)
  foreach(header IN LISTS fixes)
    get_filename_component(folder ${header} DIRECTORY)
    get_filename_component(fix ${folder} NAME)
    racelab_add_variant(${path} ${fix} ${folder})
  endforeach()
  if(mine)
    racelab_add_variant(${path} mine ${CMAKE_SOURCE_DIR}/workspace/${lab})
  endif()
endfunction()

# racelab_add_variant(<track>/<lab> <variant> <the folder of its header>)
# Under ThreadSanitizer: adds the target <lab>.<variant>.test, bin/<lab>/<variant>_test.
# Without a sanitizer: adds <lab>.<variant>, its program, bin/<lab>/<variant>; and, for a fix, <lab>.<variant>.bench.
# A rejected repair is built like any other variant: only racelab treats it differently.
function(racelab_add_variant path variant folder)
  get_filename_component(lab ${path} NAME)
  if(RACELAB_SANITIZER STREQUAL "thread")
    file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${path}/*_test.cc)
    racelab_add_variant_program(${lab}.${variant}.test ${folder} bin/${lab}/${variant}_test "${tests}")
    target_link_libraries(${lab}.${variant}.test PRIVATE lab_test_support)
    target_precompile_headers(${lab}.${variant}.test REUSE_FROM lab_test_support)
    get_target_property(on_request ${lab}.${variant}.test EXCLUDE_FROM_ALL)
    if(NOT on_request)
      add_dependencies(lab_tests ${lab}.${variant}.test)
    endif()
  else()
    racelab_add_variant_program(${lab}.${variant} ${folder} bin/${lab}/${variant} ${CMAKE_SOURCE_DIR}/labs/${path}/main.cc)
    target_link_libraries(${lab}.${variant} PRIVATE lab_options)
    target_precompile_headers(${lab}.${variant} REUSE_FROM lab_program_headers)
    set(program ${lab}.${variant})
    include(${CMAKE_SOURCE_DIR}/labs/${path}/program.cmake OPTIONAL)  # Settings that only this lab's program needs.
    file(GLOB benchmarks CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${path}/*_bench.cc)
    if(benchmarks AND NOT variant STREQUAL "lab" AND NOT folder MATCHES "/rejected/")
      racelab_add_variant_program(${lab}.${variant}.bench ${folder} bin/${lab}/${variant}_bench "${benchmarks}")
      target_link_libraries(${lab}.${variant}.bench PRIVATE benchmark::benchmark benchmark::benchmark_main)
    endif()
  endif()
endfunction()

# The settings that all programs of a variant share. Benchmarks, a participant's variant, and the programs of rejected
# repairs are built only on request; so are the tests of rejected repairs but for RACELAB_REJECTED_PRESETS.
function(racelab_add_variant_program target folder output sources)
  add_executable(${target} ${sources})
  target_include_directories(${target} BEFORE PRIVATE ${folder})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE racelab_options absl::synchronization Threads::Threads)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND folder MATCHES "/solutions/")
    target_compile_options(${target} PRIVATE -Werror=thread-safety)
  endif()
  get_filename_component(directory ${output} DIRECTORY)
  get_filename_component(name ${output} NAME)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${directory} OUTPUT_NAME ${name})
  get_filename_component(tree ${CMAKE_BINARY_DIR} NAME)
  if(target MATCHES "\\.mine|\\.bench$" OR (folder MATCHES "/rejected/" AND NOT tree IN_LIST RACELAB_REJECTED_PRESETS))
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()
