# The rooms on the path of a call are compiled by a profile of it: which branches are taken, what is
# worth inlining (docs/decisions/0027-a-profile-for-the-compiler.md). `make profile` makes it anew.
#
# PATCHBAY_PROFILE is "use" (preset "release"), "record" (preset "train") or "off". A function whose
# code changed since is compiled as if it had no profile: slower, never wrong.
set(PATCHBAY_PROFILE off CACHE STRING "The compiler's profile of a call: 'use', 'record' or 'off'")
set(profile ${CMAKE_SOURCE_DIR}/cmake/release.profdata)
set(profiled_rooms base json schema io telemetry vault http integration reach catalog dialect upstream
  store store_sqlite audit gateway gateway_call gateway_sending gateway_names gateway_arguments
  gateway_answers gateway_writes gateway_composites mcp mcp_wire mcp_server mcp_methods servers app)

# Called once every room is known.
function(profile_rooms)
  set(flags "")
  if(PATCHBAY_PROFILE STREQUAL "record")
    set(flags -fprofile-generate -fprofile-update=atomic)
    # mold 1.10 fails at the counters of functions that it drops.
    target_link_options(patchbay PRIVATE -fprofile-generate -fuse-ld=lld)
  elseif(PATCHBAY_PROFILE STREQUAL "use")
    # By a path below the build folder, so that a cache of compilations serves another checkout as well.
    file(RELATIVE_PATH seen ${CMAKE_BINARY_DIR} ${profile})
    # What changed since is told by nothing else than its speed: see `make budget`.
    set(flags -fprofile-use=${seen} -Wno-profile-instr-out-of-date
      -Wno-profile-instr-unprofiled -Wno-backend-plugin)
  elseif(NOT PATCHBAY_PROFILE STREQUAL "off")
    message(FATAL_ERROR "PATCHBAY_PROFILE is 'use', 'record' or 'off', not '${PATCHBAY_PROFILE}'")
  endif()
  if(NOT flags)
    return()
  endif()
  # Names of functions in unnamed namespaces are told apart by their file's name alone, so that a
  # profile holds in whatever folder it is used.
  list(APPEND flags "SHELL:-mllvm -static-func-full-module-prefix=false")
  foreach(room ${profiled_rooms})
    target_compile_options(${room} PRIVATE ${flags})
    if(PATCHBAY_PROFILE STREQUAL "use")
      get_target_property(sources ${room} SOURCES)
      set_property(SOURCE ${sources} APPEND PROPERTY OBJECT_DEPENDS ${profile})
    endif()
  endforeach()
endfunction()
