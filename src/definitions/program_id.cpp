#include "definitions/program_id.h"

#include <cstddef>
#include <string_view>

#include <elf.h>
#include <link.h>

namespace patchbay::definitions {
namespace {

constexpr std::size_t padded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

// The program itself comes first, and its libraries after it.
int read_first(dl_phdr_info* program, std::size_t, void* out) {
  for (int at = 0; at < program->dlpi_phnum; ++at) {
    const ElfW(Phdr)& part = program->dlpi_phdr[at];
    if (part.p_type != PT_NOTE) continue;
    // The loader tells addresses as numbers.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    const auto* begin = reinterpret_cast<const char*>(program->dlpi_addr + part.p_vaddr);
    std::string_view notes(begin, part.p_memsz);
    while (notes.size() >= sizeof(ElfW(Nhdr))) {
      const auto& note = *reinterpret_cast<const ElfW(Nhdr)*>(notes.data());
      const std::size_t name = sizeof note + padded(note.n_namesz);
      const std::size_t whole = name + padded(note.n_descsz);
      if (whole > notes.size()) break;
      if (note.n_type == NT_GNU_BUILD_ID &&
          notes.substr(sizeof note, note.n_namesz) == std::string_view("GNU\0", 4)) {
        *static_cast<std::string*>(out) = notes.substr(name, note.n_descsz);
        return 1;
      }
      notes.remove_prefix(whole);
    }
  }
  return 1;
}

}  // namespace

std::string program_id() {
  std::string id;
  ::dl_iterate_phdr(read_first, &id);
  return id;
}

}  // namespace patchbay::definitions
