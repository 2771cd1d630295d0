# SPDX-License-Identifier: Apache-2.0
# Language level, warnings, hardening, compiler cache and linker: the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# The same for libraries and programs (there are no shared libraries): they share one precompiled header.
add_compile_options(-fPIE)
add_link_options(-pie)
add_compile_definitions(MUSTER_VERSION="${PROJECT_VERSION}")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(MUSTER_WERROR "Warnings are errors" OFF)
option(MUSTER_TESTS "Build the tests" ON)
option(MUSTER_FUZZ "Build the fuzzers (clang only)" OFF)
option(MUSTER_BENCH "Build the benchmarks" OFF)
set(MUSTER_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined or thread")

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -fno-omit-frame-pointer
  -fstack-protector-strong -fstack-clash-protection -fcf-protection -D_GLIBCXX_ASSERTIONS)
if(MUSTER_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(MUSTER_SANITIZE)
  add_compile_options(-fsanitize=${MUSTER_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MUSTER_SANITIZE})
endif()
add_link_options(-Wl,-z,relro,-z,now)

# GCC's precompiled headers need these for ccache to see through them.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
  add_link_options(-fuse-ld=mold)
endif()
find_program(MUSTER_CCACHE ccache)
if(MUSTER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${MUSTER_CCACHE})
endif()
