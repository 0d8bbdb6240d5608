# The sanitizer's flags belong to the toolchain, so that the dependencies are built with them, too. ThreadSanitizer does
# not see the locks of a library built without these flags, and then reports races in correct programs.

set(RACELAB_SANITIZER "none" CACHE STRING "none, thread, or address (with undefined)")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES RACELAB_SANITIZER)

# racelab_sanitizer_flags(<the compiler's flags for linking a shared sanitizer runtime>)
macro(racelab_sanitizer_flags shared_runtime)
  if(RACELAB_SANITIZER STREQUAL "thread")
    set(CMAKE_CXX_FLAGS_INIT "-fsanitize=thread -fno-omit-frame-pointer")
    set(CMAKE_EXE_LINKER_FLAGS_INIT "-fsanitize=thread ${shared_runtime}")
  elseif(RACELAB_SANITIZER STREQUAL "address")
    set(CMAKE_CXX_FLAGS_INIT "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer")
    set(CMAKE_EXE_LINKER_FLAGS_INIT "-fsanitize=address,undefined")
  elseif(NOT RACELAB_SANITIZER STREQUAL "none")
    message(FATAL_ERROR "RACELAB_SANITIZER is '${RACELAB_SANITIZER}'; it can be none, thread or address.")
  endif()
  set(CMAKE_SHARED_LINKER_FLAGS_INIT "${CMAKE_EXE_LINKER_FLAGS_INIT}")
  set(CMAKE_MODULE_LINKER_FLAGS_INIT "${CMAKE_EXE_LINKER_FLAGS_INIT}")
endmacro()
