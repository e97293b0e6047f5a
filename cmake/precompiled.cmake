# The standard library, parsed once instead of once a file: a third of the time of a build from nothing.
# Only the preset "release" does so: every other one parses what a file includes and nothing else, so
# that a missing #include shows (docs/decisions/0008-precompiled-standard-library.md).
#
# Two of them: with Asio's coroutine type for the rooms that wait, without for those that do not.
option(PATCHBAY_PRECOMPILE "Parse the standard library's headers once" OFF)

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

if(PATCHBAY_PRECOMPILE)
  # Some libraries ask for it, and all units of one header must agree.
  add_compile_options(-pthread)
  # What a cache of compilations compares must not change with the clock.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  set(standard_headers <algorithm> <array> <atomic> <charconv> <chrono> <compare> <cstdint> <cstring>
    <expected> <functional> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view>
    <tuple> <unordered_map> <utility> <variant> <vector>)
  add_library(precompiled OBJECT cmake/precompiled.cpp)
  target_precompile_headers(precompiled PRIVATE ${standard_headers})
  write_checksum(precompiled)
  add_library(precompiled_io OBJECT cmake/precompiled.cpp)
  target_link_libraries(precompiled_io PRIVATE asio)
  target_precompile_headers(precompiled_io PRIVATE ${standard_headers}
    <boost/asio/awaitable.hpp> <boost/asio/io_context.hpp>)
  write_checksum(precompiled_io)
endif()

# The sources wait for both headers: one that several programs share (doctest_main.cpp) is compiled with
# either. A dependency between targets would not do: objects do not wait for each other's.
function(await_precompiled)
  if(PATCHBAY_PRECOMPILE)
    set_source_files_properties(${ARGN} PROPERTIES OBJECT_DEPENDS
      "${CMAKE_BINARY_DIR}/CMakeFiles/precompiled.dir/cmake_pch.hxx.pch;${CMAKE_BINARY_DIR}/CMakeFiles/precompiled_io.dir/cmake_pch.hxx.pch")
  endif()
endfunction()

# Has the target's sources see the precompiled headers. By a path below the build folder, as CMake's own
# REUSE_FROM does not give it: what ccache has from one checkout serves another.
function(use_precompiled target from)
  if(NOT PATCHBAY_PRECOMPILE)
    return()
  endif()
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Winvalid-pch -include-pch CMakeFiles/${from}.dir/cmake_pch.hxx.pch>")
  get_target_property(sources ${target} SOURCES)
  await_precompiled(${sources})
endfunction()
