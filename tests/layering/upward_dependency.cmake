# SPDX-License-Identifier: Apache-2.0
# Configures a project whose lower module uses a higher one: it must not configure, and must say why.
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
file(WRITE ${SCRATCH}/a.cpp "")
file(WRITE ${SCRATCH}/CMakeLists.txt "
cmake_minimum_required(VERSION 3.25)
project(upward CXX)
include(${SOURCE}/shared/cmake/levee_module.cmake)
add_library(levee_warnings INTERFACE)
levee_module(NAME high LAYER 2 SOURCES a.cpp)
levee_module(NAME low LAYER 1 SOURCES a.cpp DEPS high)
")
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SCRATCH} -B ${SCRATCH}/build
                RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE err)
if(result EQUAL 0)
  message(FATAL_ERROR "an upward dependency was configured")
endif()
if(NOT err MATCHES "low \\(layer 1\\) may not use high \\(layer 2\\)")
  message(FATAL_ERROR "configuring failed, but for another reason: ${err}")
endif()
