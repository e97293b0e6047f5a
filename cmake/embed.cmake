# patchbay_embed(<library> <root> <glob>...)
#
# Lays the files under <root> that match into the library, with their paths. Its room declares
#
#   std::span<const EmbeddedFile> embedded_files();   // base/embedded_file.h
#
# in its own namespace, and this defines it. Paths are relative to <root>, and sorted.
#
# The files are taken in by the assembler (.incbin), so that large ones cost no compile time; a small
# generated .cpp says where each begins and ends. A changed file rebuilds both, a new one re-runs
# CMake's glob.
function(patchbay_embed library root)
  list(TRANSFORM ARGN PREPEND ${root}/ OUTPUT_VARIABLE globs)
  file(GLOB_RECURSE files RELATIVE ${root} CONFIGURE_DEPENDS ${globs})
  list(SORT files)
  if(NOT files)
    message(FATAL_ERROR "There is nothing to embed in ${library}: ${globs}")
  endif()
  set(assembly ".section .rodata\n")
  set(externs "")
  set(table "")
  set(depends "")
  set(index 0)
  foreach(file ${files})
    set(symbol patchbay_${library}_${index})
    string(APPEND assembly
      ".global ${symbol}_begin\n.global ${symbol}_end\n"
      "${symbol}_begin:\n.incbin \"${root}/${file}\"\n"
      "${symbol}_end:\n.byte 0\n")
    string(APPEND externs
      "extern const char ${symbol}_begin[];\nextern const char ${symbol}_end[];\n")
    string(APPEND table "      {\"${file}\", {${symbol}_begin, ${symbol}_end}},\n")
    list(APPEND depends ${root}/${file})
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND assembly ".section .note.GNU-stack,\"\",%progbits\n")

  set(out ${CMAKE_BINARY_DIR}/embedded/${library})
  file(CONFIGURE OUTPUT ${out}.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${out}.cpp @ONLY CONTENT "#include <array>
#include <span>

#include \"base/embedded_file.h\"

extern \"C\" {
${externs}}

namespace patchbay::${library} {

std::span<const EmbeddedFile> embedded_files() {
  static const std::array<EmbeddedFile, ${index}> kFiles = {{
${table}  }};
  return kFiles;
}

}  // namespace patchbay::${library}
")
  set_source_files_properties(${out}.S PROPERTIES OBJECT_DEPENDS "${depends}" LANGUAGE ASM)
  target_sources(${library} PRIVATE ${out}.S ${out}.cpp)
  await_precompiled(${library} ${out}.cpp)
endfunction()
