// Trees of files as they were parsed, in bytes that are read again many times faster than YAML. For
// what is parsed at every start and is large: the whole of an API.
//
//   "PBT3"                 what it is
//   u32                    CRC-32 of what follows, for what a disk or a cut does to it; against
//                          whoever writes the file it is no help, and none is needed: what is read
//                          may be anything (a digest of 4 MB took a tenth of reading it all)
//   u32 files; each: text path, text of its node
//
//   node   u8 kind (and 0x80: quoted), u32 line, then
//          a scalar's text; u32 and the nodes of a sequence; u32 and text, u32 line, node of each
//          entry of a mapping
//   text   u32 and its bytes
//
// Numbers are little endian.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pack/loader.h"

namespace patchbay::definitions {

// Nothing where one of the files is no YAML: a fault is told by reading it.
std::optional<std::string> compile(const std::vector<pack::ParsedFile>& files);
// What was compiled of one file; points into the bytes that it was found in.
struct CompiledFile {
  std::string_view path;
  std::string_view tree;
};
// Error invalid_argument: damaged, whatever it holds. The trees are not looked into.
Result<std::vector<CompiledFile>> read_compiled(std::string_view bytes);
// An error where that is no tree.
std::expected<yaml::Node, yaml::ParseError> read_tree(std::string_view bytes);
// The four bytes that stand for these.
std::string checksum(std::string_view bytes);

}  // namespace patchbay::definitions
