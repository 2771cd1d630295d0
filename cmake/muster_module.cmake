# SPDX-License-Identifier: Apache-2.0
# muster_module(NAME [MAY_INCLUDE module...] [FRONT header...] [LIBS target...])
#   One static library per module, muster_NAME, from every .cc below NAME/ (main.cc excepted), and, where
#   tests/NAME/*_test.cc exist, one test binary NAME_test. A module without sources is only declared.
# muster_program(NAME MODULE MAIN): an executable.
# muster_arrows_file(): writes the declared arrows for tools/check_arrows.
# muster_tests(): the test binaries and checks.

set_property(GLOBAL PROPERTY MUSTER_MODULES "")

function(muster_module name)
  cmake_parse_arguments(arg "" "" "MAY_INCLUDE;FRONT;LIBS" ${ARGN})
  set_property(GLOBAL APPEND PROPERTY MUSTER_MODULES ${name})
  set_property(GLOBAL PROPERTY MUSTER_MAY_INCLUDE_${name} "${arg_MAY_INCLUDE}")
  set_property(GLOBAL PROPERTY MUSTER_FRONT_${name} "${arg_FRONT}")

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  set(scope PUBLIC)
  if(sources)
    add_library(muster_${name} STATIC ${sources})
    if(name STREQUAL "core")
      target_precompile_headers(muster_core PRIVATE
        <algorithm> <array> <atomic> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span>
        <string> <string_view> <thread> <tuple> <unordered_map> <utility> <variant> <vector> <tl/expected.hpp>)
    else()
      target_precompile_headers(muster_${name} REUSE_FROM muster_core)
    endif()
  else()
    add_library(muster_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(muster_${name} ${scope} ${CMAKE_SOURCE_DIR})
  foreach(other ${arg_MAY_INCLUDE})
    target_link_libraries(muster_${name} ${scope} muster_${other})
  endforeach()
  target_link_libraries(muster_${name} ${scope} ${arg_LIBS})
endfunction()

function(muster_program name module main)
  if(NOT EXISTS ${CMAKE_SOURCE_DIR}/${main})
    return()
  endif()
  add_executable(${name} ${main})
  target_link_libraries(${name} PRIVATE muster_${module})
  # The allocator of the whole program (docs/decisions/0022); sanitizers bring their own.
  if(NOT MUSTER_SANITIZE)
    target_link_libraries(${name} PRIVATE jemalloc)
  endif()
endfunction()

function(muster_arrows_file)
  get_property(modules GLOBAL PROPERTY MUSTER_MODULES)
  set(text "")
  foreach(module ${modules})
    get_property(may GLOBAL PROPERTY MUSTER_MAY_INCLUDE_${module})
    get_property(front GLOBAL PROPERTY MUSTER_FRONT_${module})
    string(REPLACE ";" "," may "${may}")
    string(REPLACE ";" "," front "${front}")
    string(APPEND text "${module}|${may}|${front}\n")
  endforeach()
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/arrows.txt CONTENT "${text}")
endfunction()

# One test binary of a folder below tests/; LABEL quick marks what `bin/test --quick` runs.
function(muster_test_binary name folder label)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*_test.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test ${sources})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees overruns in joined string literals that are none (GCC bug 105329); which ones depends on the length of
    # the checkout's path.
    target_compile_options(${name}_test PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow)
  endif()
  target_link_libraries(${name}_test PRIVATE ${ARGN} muster_test_support GTest::gtest)
  if(TARGET muster_core)
    target_precompile_headers(${name}_test REUSE_FROM muster_core)
  endif()
  target_compile_definitions(${name}_test PRIVATE
    MUSTER_SOURCE_DIR="${CMAKE_SOURCE_DIR}" MUSTER_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 600)
endfunction()

function(muster_tests)
  if(NOT MUSTER_TESTS)
    return()
  endif()
  find_package(GTest REQUIRED)
  add_subdirectory(tests)
endfunction()
