// Trees of files as they were parsed, in bytes that are read again many times faster than YAML. For
// what is parsed at every start and is large: the whole of an API.
//
//   "PBT1"                 what it is
//   32 bytes               digest of what follows
//   u32 files; each: text path, node
//
//   node   u8 kind (and 0x80: quoted), u32 line, then
//          a scalar's text; u32 and the nodes of a sequence; u32 and text, u32 line, node of each
//          entry of a mapping
//   text   u32 and its bytes
//
// Numbers are little endian.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pack/loader.h"

namespace patchbay::definitions {

// Nothing where one of the files is no YAML: a fault is told by reading it.
std::optional<std::string> compile(const std::vector<pack::ParsedFile>& files);
// Error invalid_argument: damaged, whatever it holds.
Result<std::vector<pack::ParsedFile>> read_compiled(std::string_view bytes);

}  // namespace patchbay::definitions
