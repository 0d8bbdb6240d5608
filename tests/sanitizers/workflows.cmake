# Checks that no expression, ${{ … }}, stands in a flow mapping, {name: …}, of a workflow: its braces would be read as those of
# YAML, and GitHub would refuse the file.
#   cmake -D SOURCES=<checkout> -P workflows.cmake
file(GLOB workflows ${SOURCES}/.github/workflows/*.yml ${SOURCES}/sanitizers/ci/*.yml ${SOURCES}/labs/*.yml)
foreach(workflow IN LISTS workflows)
  file(STRINGS ${workflow} wrong REGEX "^[^#'\"]*: {[^'\"]*\\\${{")
  if(wrong)
    message(SEND_ERROR "${workflow}: quote the expression, or write a block mapping:\n${wrong}")
  endif()
endforeach()
