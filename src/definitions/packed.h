// A pack's files as the bytes that the store keeps: deflated, since imported definitions repeat
// themselves (ConnectWise's files become a tenth).
//
//   "PBF1"                               what it is
//   u64                                  bytes of what follows, inflated
//   zlib: per file u32 u32 path text     lengths in bytes, little endian
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pack/loader.h"

namespace patchbay::definitions {

inline constexpr std::size_t kMostInflated = std::size_t{64} << 20;
inline constexpr std::size_t kMostPacked = std::size_t{8} << 20;

// Error too_large.
Result<std::string> pack_files(const std::vector<pack::PackFile>& files);
// Error internal: damaged. Takes no more memory than kMostInflated says, whatever it is given.
Result<std::vector<pack::PackFile>> unpack_files(std::string_view packed);

}  // namespace patchbay::definitions
