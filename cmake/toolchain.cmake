# Flags that every target shares, and the libraries that rooms may name.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wimplicit-fallthrough -Wthread-safety
  -Wno-missing-field-initializers -Werror)
# Simdjson and the byte loops gain from SSE4.2; every x86-64 server since 2009 has it.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_compile_options(-march=x86-64-v2)
endif()
add_compile_options(-fno-omit-frame-pointer "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

if(PATCHBAY_SANITIZE)
  add_compile_options(-fsanitize=${PATCHBAY_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PATCHBAY_SANITIZE})
endif()
if(PATCHBAY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)  # of tests
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
find_package(SQLite3 REQUIRED)
find_package(fmt REQUIRED)
find_package(benchmark REQUIRED)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
find_library(DATE_TZ date-tz REQUIRED)

# Asio and Beast from Boost 1.81: headers only, what is used of them compiled once, in
# src/io/asio_impl.cpp and src/http/beast_impl.cpp.
add_library(asio INTERFACE)
target_compile_definitions(asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_DISABLE_BOOST_COROUTINE
  BOOST_ASIO_DISABLE_BOOST_DATE_TIME
  # Frames of coroutines need no more than what operator new aligns to.
  BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN)
target_link_libraries(asio INTERFACE Threads::Threads OpenSSL::SSL OpenSSL::Crypto)
