#include "mcp/wire/protocol.h"

namespace patchbay::mcp {
namespace {

constexpr std::array<std::string_view, 5> kRevisionNames = {
    "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"};

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

}  // namespace

std::string_view to_string(Revision revision) {
  return kRevisionNames[static_cast<std::size_t>(revision)];
}

std::optional<Revision> parse_revision(std::string_view text) {
  for (std::size_t i = 0; i < kRevisionNames.size(); ++i) {
    if (kRevisionNames[i] == text) return static_cast<Revision>(i);
  }
  return std::nullopt;
}

bool names_modern_revision(std::string_view text) {
  return is_date(text) && text >= to_string(kModern);  // ISO dates sort as text
}

}  // namespace patchbay::mcp
