set(PATCHBAY_UNIT_FILES 1 CACHE STRING "How many of a room's sources are compiled as one unit, at most")
if(NOT PATCHBAY_UNIT_FILES MATCHES "^[1-9][0-9]*$")
  message(FATAL_ERROR "PATCHBAY_UNIT_FILES is a number from 1 on, not '${PATCHBAY_UNIT_FILES}'")
endif()

# What is compiled of these sources of a room. The rooms on the path of a call have a unit a source where
# there is a profile of it, which knows functions by their file.
function(units_of sources room result)
  set(${result} ${sources} PARENT_SCOPE)
  if(PATCHBAY_UNIT_FILES EQUAL 1 OR (NOT PATCHBAY_PROFILE STREQUAL "off" AND room IN_LIST profiled_rooms))
    return()
  endif()
  set(units "")
  list(LENGTH sources left)
  while(left GREATER 0)
    list(SUBLIST sources 0 ${PATCHBAY_UNIT_FILES} part)
    list(REMOVE_ITEM sources ${part})
    list(TRANSFORM part REPLACE "(.+)" "#include \"\\1\"")
    list(JOIN part "\n" text)
    list(LENGTH units number)
    set(unit ${CMAKE_BINARY_DIR}/units/${room}_${number}.cpp)
    file(CONFIGURE OUTPUT ${unit} CONTENT "${text}\n" @ONLY)
    list(APPEND units ${unit})
    list(LENGTH sources left)
  endwhile()
  set(${result} ${units} PARENT_SCOPE)
endfunction()

# patchbay_room(<folder> [SHOWS <room>...] [USES <room>...] [LIBS <library>...] [PRIVATE_LIBS <library>...]
#               [TEST_ROOMS <room>...])
#
# A room is a folder under src/, part of a namespace, and a library of its own. A large room has inner
# rooms, folders within it: "sandbox/records" is the library sandbox_records. Its headers stand in an
# include folder of its own, linked one by one, so that an #include of a room that is not named here
# does not compile: neither an upward one nor one into an inner room.
#
# SHOWS are the rooms whose headers its own headers include; whoever uses it compiles them too. USES
# are those that its sources include alone. tests/house holds the lists against the includes: a room
# names what it includes, also what it would see through another.
#
# TEST_ROOMS are seen by the room's tests alone: what they drive the room against.
#
# Sources of a room may be compiled together (PATCHBAY_UNIT_FILES): names in its unnamed namespaces are
# unique in the whole room.
#
# foo.cpp belongs to the library, foo_test.cpp to the room's test program <library>_test, and
# foo_bench.cpp to its micro-benchmark <library>_bench. What tests alone use stands in the room as
# test_*.h and test_*.cpp, and is compiled into its test program.
function(patchbay_room folder)
  cmake_parse_arguments(ROOM "" "" "SHOWS;USES;LIBS;PRIVATE_LIBS;TEST_ROOMS" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  list(TRANSFORM ROOM_SHOWS REPLACE "/" "_")
  list(TRANSFORM ROOM_USES REPLACE "/" "_")
  list(TRANSFORM ROOM_TEST_ROOMS REPLACE "/" "_")
  set(dir ${CMAKE_SOURCE_DIR}/src/${folder})
  file(GLOB headers CONFIGURE_DEPENDS ${dir}/*.h)
  file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  set(tests ${sources})
  set(benches ${sources})
  list(FILTER sources EXCLUDE REGEX "(_(test|bench)|/test_[^/]*)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "(_test|/test_[^/]*)\\.cpp$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")

  set(include ${CMAKE_BINARY_DIR}/include/${name})
  file(REMOVE_RECURSE ${include})
  file(MAKE_DIRECTORY ${include}/${folder})
  foreach(header ${headers})
    get_filename_component(file ${header} NAME)
    file(CREATE_LINK ${header} ${include}/${folder}/${file} SYMBOLIC)
  endforeach()

  set(precompiled precompiled)
  set(precompiled_of_tests precompiled_tests)
  set(sees ${ROOM_SHOWS} ${ROOM_USES} ${ROOM_LIBS})
  if("asio" IN_LIST sees OR "io" IN_LIST sees)
    set(precompiled precompiled_io)
    set(precompiled_of_tests precompiled_tests_io)
  endif()

  units_of("${sources}" ${name} sources)
  note_for_house("${headers}" "${include}" "${ROOM_LIBS};${ROOM_PRIVATE_LIBS}")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${include})
    target_link_libraries(${name} PUBLIC ${ROOM_SHOWS} ${ROOM_LIBS}
      PRIVATE ${ROOM_USES} ${ROOM_PRIVATE_LIBS})
    use_precompiled(${name} ${precompiled})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${include})
    target_link_libraries(${name} INTERFACE ${ROOM_SHOWS} ${ROOM_LIBS})
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE doctest_main ${name} ${ROOM_USES} ${ROOM_PRIVATE_LIBS}
      ${ROOM_TEST_ROOMS})
    use_precompiled(${name}_test ${precompiled_of_tests})
    if(PATCHBAY_PRECOMPILE STREQUAL "standard")
      target_compile_options(${name}_test PRIVATE -O0)
    endif()
    target_compile_definitions(${name}_test PRIVATE PATCHBAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test --no-version)
  endif()
  if(benches)
    add_executable(${name}_bench EXCLUDE_FROM_ALL ${benches})
    target_link_libraries(${name}_bench PRIVATE ${name} ${ROOM_USES} ${ROOM_PRIVATE_LIBS}
      benchmark::benchmark_main)
  endif()
endfunction()

# Seven seconds of the compiler's, once.
add_library(doctest_main OBJECT EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/cmake/doctest_main.cpp)
