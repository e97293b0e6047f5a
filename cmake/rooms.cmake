# patchbay_room(<name> [ROOMS <room>...] [LIBS <library>...] [TEST_ROOMS <room>...])
#
# A room is a folder under src/, a namespace and a library. A room sees the headers of the rooms
# that it names, and of those that these name, and of no other: each room's headers stand in an
# include folder of their own, so that an upward #include does not compile.
#
# TEST_ROOMS are seen by the room's tests alone: what they drive the room against.
#
# foo.cpp belongs to the library, foo_test.cpp to the room's test program <name>_test, and
# foo_bench.cpp to its micro-benchmark <name>_bench.
function(patchbay_room name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;LIBS;TEST_ROOMS" ${ARGN})
  set(dir ${CMAKE_SOURCE_DIR}/src/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  set(tests ${sources})
  set(benches ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|bench)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")

  set(include ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${include})
  file(CREATE_LINK ${dir} ${include}/${name} SYMBOLIC)

  if(sources)
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${include})
  target_link_libraries(${name} ${scope} ${ROOM_ROOMS} ${ROOM_LIBS})

  if(tests)
    add_executable(${name}_test ${CMAKE_SOURCE_DIR}/cmake/doctest_main.cpp ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} ${ROOM_TEST_ROOMS})
    target_compile_definitions(${name}_test PRIVATE PATCHBAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test --no-version)
  endif()
  if(benches)
    add_executable(${name}_bench EXCLUDE_FROM_ALL ${benches})
    target_link_libraries(${name}_bench PRIVATE ${name} benchmark::benchmark_main)
  endif()
endfunction()
