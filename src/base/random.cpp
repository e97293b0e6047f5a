#include "base/random.h"

#include <array>
#include <cerrno>
#include <cstdlib>

#include <sys/random.h>

namespace patchbay {

void fill_random(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      std::abort();  // no randomness: nothing that we could hand out would be safe
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::string random_id(std::string_view prefix) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::array<std::byte, 16> bytes;
  fill_random(bytes);

  std::string id;
  id.reserve(prefix.size() + 1 + 26);  // 128 bits at 5 a character
  id.append(prefix).push_back('_');
  std::uint32_t pending = 0;
  int bits = 0;
  for (const std::byte byte : bytes) {
    pending = (pending << 8) | std::to_integer<std::uint32_t>(byte);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id.push_back(kAlphabet[(pending >> bits) & 31]);
    }
  }
  id.push_back(kAlphabet[(pending << (5 - bits)) & 31]);
  return id;
}

}  // namespace patchbay
