# The program speaks HTTP. Debian ships the library as one to link, built with TLS. That changes the size of its classes, so
# a program that includes the header must define the same. Elsewhere it is a header only, with nothing to link.
find_library(RACELAB_HTTPLIB cpp-httplib)
if(RACELAB_HTTPLIB)
  target_link_libraries(${program} PRIVATE ${RACELAB_HTTPLIB})
  target_compile_definitions(${program} PRIVATE CPPHTTPLIB_OPENSSL_SUPPORT)
endif()
