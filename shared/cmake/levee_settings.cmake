# Language, warnings, sanitizers and the compiler cache, for every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Dev: quick to build, still close to release in speed, with line numbers.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(LEVEE_CCACHE ccache)
if(LEVEE_CCACHE)
  # The cache serves every checkout on the machine: paths below the source folder count as relative ones.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${LEVEE_CCACHE})
endif()

add_library(levee_warnings INTERFACE)
target_compile_options(levee_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Woverloaded-virtual $<$<BOOL:${LEVEE_WARNINGS_AS_ERRORS}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # gcc 12 reports string concatenation as overlapping copies (its bug 105651).
  target_compile_options(levee_warnings INTERFACE -Wno-restrict)
endif()
if(LEVEE_SANITIZE)
  add_compile_options(-fsanitize=${LEVEE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LEVEE_SANITIZE})
  # gcc 12 reports false positives from inlined library code under sanitizers.
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(levee_warnings INTERFACE -Wno-maybe-uninitialized -Wno-stringop-overflow)
  endif()
  if(LEVEE_SANITIZE MATCHES "thread")
    target_compile_options(levee_warnings INTERFACE -Wno-tsan)
    # Qt, gRPC and abseil are Debian's and not instrumented: their hand-overs look like races. QProcess forks;
    # what runs before exec is Qt's affair.
    set(LEVEE_TEST_ENVIRONMENT "TSAN_OPTIONS=ignore_noninstrumented_modules=1 die_after_fork=0 suppressions=${PROJECT_SOURCE_DIR}/tests/support/tsan.supp")
  endif()
endif()
