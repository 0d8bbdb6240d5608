# If ccache is available, checkouts share its compilation results. (The first build is slower, because ccache hashes the
# precompiled header of each file, about 100 MB. setup.sh therefore installs ccache only if CCACHE_DIR is set, which
# suggests that its folder is kept.)
find_program(RACELAB_CCACHE ccache)
if(RACELAB_CCACHE)
  # ccache identifies a precompiled header by its content, not by the checkout time of the files in it.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${RACELAB_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()
