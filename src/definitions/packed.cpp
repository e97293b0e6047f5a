#include "definitions/packed.h"

#include <cstdint>
#include <memory>
#include <optional>

#include <libdeflate.h>

namespace patchbay::definitions {
namespace {

constexpr std::string_view kFilesMark = "PBF1";
// Packed once, and unpacked at each start.
constexpr int kLevel = 6;

template <class Number>
void put(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    out += static_cast<char>((number >> (8 * i)) & 0xff);
  }
}

template <class Number>
std::optional<Number> take_number(std::string_view& rest) {
  if (rest.size() < sizeof(Number)) return std::nullopt;
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    number |= static_cast<Number>(static_cast<unsigned char>(rest[i])) << (8 * i);
  }
  rest.remove_prefix(sizeof(Number));
  return number;
}

std::optional<std::string> take_text(std::string_view& rest, std::uint32_t size) {
  if (rest.size() < size) return std::nullopt;
  std::string text(rest.substr(0, size));
  rest.remove_prefix(size);
  return text;
}

std::unexpected<Error> damaged() {
  return fail(ErrorCode::internal, "The files of a definition in the store are damaged.",
              "Upload or import it again, or go back to another version.");
}

std::unexpected<Error> too_large() {
  return fail(ErrorCode::too_large,
              "The definition is larger than the store takes: 64 MiB, or 8 MiB compressed.",
              "Import a part of the document.");
}

}  // namespace

Result<std::string> pack_files(const std::vector<pack::PackFile>& files) {
  std::string plain;
  for (const pack::PackFile& file : files) {
    if (plain.size() + file.path.size() + file.text.size() > kMostInflated) return too_large();
    put(plain, static_cast<std::uint32_t>(file.path.size()));
    put(plain, static_cast<std::uint32_t>(file.text.size()));
    plain += file.path;
    plain += file.text;
  }
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(kLevel), libdeflate_free_compressor);
  if (compressor == nullptr) return fail(ErrorCode::unavailable, "There is no memory left.");
  std::string packed(kFilesMark);
  put(packed, static_cast<std::uint64_t>(plain.size()));
  const std::size_t head = packed.size();
  packed.resize(head + libdeflate_zlib_compress_bound(compressor.get(), plain.size()));
  const std::size_t size = libdeflate_zlib_compress(compressor.get(), plain.data(), plain.size(),
                                                    packed.data() + head, packed.size() - head);
  packed.resize(head + size);
  if (size == 0 || packed.size() > kMostPacked) return too_large();
  return packed;
}

Result<std::vector<pack::PackFile>> unpack_files(std::string_view packed) {
  if (!packed.starts_with(kFilesMark) || packed.size() > kMostPacked) return damaged();
  packed.remove_prefix(kFilesMark.size());
  const auto size = take_number<std::uint64_t>(packed);
  if (!size || *size > kMostInflated) return damaged();
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (decompressor == nullptr) return fail(ErrorCode::unavailable, "There is no memory left.");
  std::string plain(*size, '\0');
  if (libdeflate_zlib_decompress(decompressor.get(), packed.data(), packed.size(), plain.data(),
                                 plain.size(), nullptr) != LIBDEFLATE_SUCCESS) {
    return damaged();
  }
  std::vector<pack::PackFile> files;
  std::string_view rest = plain;
  while (!rest.empty()) {
    const auto path_size = take_number<std::uint32_t>(rest);
    const auto text_size = take_number<std::uint32_t>(rest);
    if (!path_size || !text_size) return damaged();
    auto path = take_text(rest, *path_size);
    if (!path) return damaged();
    auto text = take_text(rest, *text_size);
    if (!text) return damaged();
    files.push_back({std::move(*path), std::move(*text)});
  }
  return files;
}

}  // namespace patchbay::definitions
