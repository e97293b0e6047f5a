// No bytes but those that a sealer made open, and those open as what was sealed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "base/text.h"
#include "gateway/answers/cursor.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace patchbay;
  static const gateway::CursorSealer kSealer(Secret(std::string(32, 'k')));
  static const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};
  const gateway::QueryDigest query{};
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  require(!kSealer.open(text, query, "scope", kNow));
  require(!kSealer.open(to_base64url(text), query, "scope", kNow));

  // A sealed one, with the input's bytes mixed into it.
  const gateway::ListPosition place = gateway::KeysetPosition{
      "id desc", {json::Value(is_valid_utf8(text) ? std::string(text.substr(0, 1000)) : "x")}};
  const auto cursor = kSealer.seal(place, query, "scope", kNow);
  if (cursor.size() <= 8192 && is_valid_utf8(text.substr(0, 1000))) {
    const auto opened = kSealer.open(cursor, query, "scope", kNow);
    require(opened && *opened == place);
  }
  auto sealed = from_base64url(cursor);
  for (std::size_t i = 0; i < size; ++i) {
    (*sealed)[(i * 7) % sealed->size()] ^= static_cast<char>(data[i]);
  }
  const auto altered = to_base64url(*sealed);
  if (altered != cursor) require(!kSealer.open(altered, query, "scope", kNow));
  return 0;
}
