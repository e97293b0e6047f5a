# Lays integrations/** into the binary. The files are taken in by the assembler (.incbin), so that a
# large pack costs no compile time; a small generated .cpp says where each begins and ends. A changed
# file rebuilds both, a new one re-runs CMake's glob.
function(patchbay_embed_integrations target)
  set(root ${CMAKE_SOURCE_DIR}/integrations)
  file(GLOB_RECURSE files RELATIVE ${root} CONFIGURE_DEPENDS ${root}/*.yaml)
  list(SORT files)
  set(assembly ".section .rodata\n")
  set(externs "")
  set(table "")
  set(depends "")
  set(index 0)
  foreach(file ${files})
    string(APPEND assembly
      ".global patchbay_embedded_${index}_begin\n.global patchbay_embedded_${index}_end\n"
      "patchbay_embedded_${index}_begin:\n.incbin \"${root}/${file}\"\n"
      "patchbay_embedded_${index}_end:\n.byte 0\n")
    string(APPEND externs
      "extern const char patchbay_embedded_${index}_begin[];\n"
      "extern const char patchbay_embedded_${index}_end[];\n")
    string(APPEND table
      "      {\"${file}\", {patchbay_embedded_${index}_begin, patchbay_embedded_${index}_end}},\n")
    list(APPEND depends ${root}/${file})
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND assembly ".section .note.GNU-stack,\"\",%progbits\n")

  set(out ${CMAKE_BINARY_DIR}/embedded)
  file(CONFIGURE OUTPUT ${out}/integrations.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${out}/integrations.cpp @ONLY CONTENT "#include <array>
#include \"pack/embedded.h\"

extern \"C\" {
${externs}}

namespace patchbay::pack {

std::span<const EmbeddedFile> embedded_files() {
  static const std::array<EmbeddedFile, ${index}> kFiles = {{
${table}  }};
  return kFiles;
}

}  // namespace patchbay::pack
")
  set_source_files_properties(${out}/integrations.S PROPERTIES
    OBJECT_DEPENDS "${depends}" LANGUAGE ASM)
  target_sources(${target} PRIVATE ${out}/integrations.S ${out}/integrations.cpp)
endfunction()
