# What is parsed once instead of once a file (docs/decisions/0008-precompiled-standard-library.md). Presets
# that have none of it parse what a file includes and nothing else, so that a missing #include shows.
#
#   standard   the standard library, and with Asio's coroutine type for the rooms that wait: a third of
#              the time of a build from nothing. Tests are not optimised then, and have doctest as well:
#              half of theirs (release)
#   house      all headers, ours and those that ours include, for units of whole rooms: the shortest way
#              from nothing to a program, and a long one after any change of a header (demo)
set(PATCHBAY_PRECOMPILE "off" CACHE STRING "Headers that are parsed once: 'off', 'standard' or 'house'")

# What ccache compares in place of the precompiled header's bytes, which differ from folder to folder.
function(write_checksum target)
  get_target_property(headers ${target} PRECOMPILE_HEADERS)
  list(TRANSFORM headers PREPEND "#include ")
  list(JOIN headers "\n" text)
  set(source ${CMAKE_BINARY_DIR}/CMakeFiles/${target}.headers.h)
  file(WRITE ${source} "${text}\n")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -std=c++23 -E -x c++ ${source}
    OUTPUT_VARIABLE parsed COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE ${source} "" parsed "${parsed}")
  string(SHA256 sum "${parsed}")
  file(WRITE ${CMAKE_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.pch.sum ${sum})
endfunction()

if(NOT PATCHBAY_PRECOMPILE MATCHES "^(off|standard|house)$")
  message(FATAL_ERROR "PATCHBAY_PRECOMPILE is 'off', 'standard' or 'house', not '${PATCHBAY_PRECOMPILE}'")
endif()
set(standard_headers <algorithm> <array> <atomic> <charconv> <chrono> <compare> <cstdint> <cstring>
  <expected> <functional> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view>
  <tuple> <unordered_map> <utility> <variant> <vector>)

if(NOT PATCHBAY_PRECOMPILE STREQUAL "off")
  # Some libraries ask for it, and all units of one header must agree.
  add_compile_options(-pthread)
  # What a cache of compilations compares must not change with the clock.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()

if(PATCHBAY_PRECOMPILE STREQUAL "standard")
  add_library(precompiled OBJECT cmake/precompiled.cpp)
  target_precompile_headers(precompiled PRIVATE ${standard_headers})
  write_checksum(precompiled)
  add_library(precompiled_io OBJECT cmake/precompiled.cpp)
  target_link_libraries(precompiled_io PRIVATE asio)
  target_precompile_headers(precompiled_io PRIVATE ${standard_headers}
    <boost/asio/awaitable.hpp> <boost/asio/io_context.hpp>)
  write_checksum(precompiled_io)
  # Half of what tests took was the optimiser's, and none of them is waited for.
  add_library(precompiled_tests OBJECT cmake/precompiled.cpp)
  target_compile_options(precompiled_tests PRIVATE -O0 -fpch-instantiate-templates)
  target_precompile_headers(precompiled_tests PRIVATE ${standard_headers} <doctest/doctest.h>)
  write_checksum(precompiled_tests)
  add_library(precompiled_tests_io OBJECT cmake/precompiled.cpp)
  target_compile_options(precompiled_tests_io PRIVATE -O0 -fpch-instantiate-templates)
  target_link_libraries(precompiled_tests_io PRIVATE asio)
  target_precompile_headers(precompiled_tests_io PRIVATE ${standard_headers}
    <boost/asio/awaitable.hpp> <boost/asio/io_context.hpp> <doctest/doctest.h>)
  write_checksum(precompiled_tests_io)
endif()

# Of each room: headers, the folder they are included from, libraries.
function(note_for_house headers include libraries)
  list(FILTER headers EXCLUDE REGEX "/test_[^/]*$")
  set_property(GLOBAL APPEND PROPERTY house_headers ${headers})
  set_property(GLOBAL APPEND PROPERTY house_includes ${include})
  set_property(GLOBAL APPEND PROPERTY house_libraries ${libraries})
endfunction()

# Of the rooms whose headers are known by now, with the libraries that they see.
function(precompile_house)
  if(NOT PATCHBAY_PRECOMPILE STREQUAL "house")
    return()
  endif()
  get_property(headers GLOBAL PROPERTY house_headers)
  get_property(includes GLOBAL PROPERTY house_includes)
  get_property(libraries GLOBAL PROPERTY house_libraries)
  list(REMOVE_DUPLICATES libraries)
  add_library(precompiled_house OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
  target_include_directories(precompiled_house PRIVATE ${includes})
  target_link_libraries(precompiled_house PRIVATE ${libraries})
  target_compile_definitions(precompiled_house PRIVATE
    $<TARGET_PROPERTY:app,INTERFACE_COMPILE_DEFINITIONS>)
  target_compile_options(precompiled_house PRIVATE -fpch-instantiate-templates)
  target_precompile_headers(precompiled_house PRIVATE ${standard_headers}
    <boost/asio/awaitable.hpp> <boost/asio/io_context.hpp> ${headers})
endfunction()

# Has the target's sources see the precompiled headers `from` that. By a path below the build folder, as
# CMake's own REUSE_FROM does not give it: what ccache has from one checkout serves another.
function(use_precompiled target from)
  if(PATCHBAY_PRECOMPILE STREQUAL "off")
    return()
  endif()
  set(header CMakeFiles/${from}.dir/cmake_pch.hxx.pch)
  if(PATCHBAY_PRECOMPILE STREQUAL "house")
    set(header src/CMakeFiles/precompiled_house.dir/cmake_pch.hxx.pch)
  endif()
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Winvalid-pch -include-pch ${header}>")
  set_target_properties(${target} PROPERTIES PATCHBAY_PRECOMPILED ${CMAKE_BINARY_DIR}/${header})
  get_target_property(sources ${target} SOURCES)
  await_precompiled(${target} ${sources})
endfunction()

# These sources of the target wait for what it sees. A dependency between targets would not do: objects
# do not wait for each other's.
function(await_precompiled target)
  get_target_property(header ${target} PATCHBAY_PRECOMPILED)
  if(header)
    set_source_files_properties(${ARGN} PROPERTIES OBJECT_DEPENDS ${header})
  endif()
endfunction()
