# Writes version_info.hpp; touches it only when something changed, so that nothing is rebuilt for nothing.
find_package(Git QUIET)
set(HASH "unknown")
set(DIRTY "false")
if(Git_FOUND AND EXISTS "${SOURCE}/.git")
  execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse HEAD WORKING_DIRECTORY ${SOURCE}
                  OUTPUT_VARIABLE HASH OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND ${GIT_EXECUTABLE} status --porcelain --untracked-files=no WORKING_DIRECTORY ${SOURCE}
                  OUTPUT_VARIABLE CHANGES ERROR_QUIET)
  if(CHANGES)
    set(DIRTY "true")
  endif()
endif()
if(NOT HASH)
  set(HASH "unknown")
endif()
set(TEXT "#pragma once
#define DOUDI_VERSION \"${VERSION}\"
#define DOUDI_GIT_HASH \"${HASH}\"
#define DOUDI_GIT_DIRTY ${DIRTY}
#define DOUDI_BUILD \"${TYPE}, ${COMPILER}\"
")
if(EXISTS "${OUT}")
  file(READ "${OUT}" OLD)
endif()
if(NOT "${OLD}" STREQUAL "${TEXT}")
  file(WRITE "${OUT}" "${TEXT}")
endif()
