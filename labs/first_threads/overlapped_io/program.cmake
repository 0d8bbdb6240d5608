# The program speaks HTTP. Debian has built the library as one to link, with TLS: that changes the size of its classes, so
# whoever includes the header must say so, too. Elsewhere it is a header, and there is nothing to link.
find_library(RACELAB_HTTPLIB cpp-httplib)
if(RACELAB_HTTPLIB)
  target_link_libraries(${program} PRIVATE ${RACELAB_HTTPLIB})
  target_compile_definitions(${program} PRIVATE CPPHTTPLIB_OPENSSL_SUPPORT)
endif()
