# Where there is a ccache, what was compiled before is not compiled again, from one checkout to the next. (The first time it
# takes longer: each file's precompiled header, of a hundred megabytes, is hashed. setup.sh therefore installs ccache only
# where somebody keeps its folder.)
find_program(RACELAB_CCACHE ccache)
if(RACELAB_CCACHE)
  # A precompiled header is known by its content, not by the time at which the files in it were checked out.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${RACELAB_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  else()
    add_compile_options(-fpch-preprocess)
  endif()
endif()
