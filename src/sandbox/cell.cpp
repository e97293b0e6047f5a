#include "sandbox/cell.h"

#include "base/clock.h"

namespace patchbay::sandbox {

bool bool_or(const Cell& cell, bool fallback) {
  const bool* value = std::get_if<bool>(&cell);
  return value != nullptr ? *value : fallback;
}

std::int64_t int_or(const Cell& cell, std::int64_t fallback) {
  const std::int64_t* value = std::get_if<std::int64_t>(&cell);
  return value != nullptr ? *value : fallback;
}

double double_or(const Cell& cell, double fallback) {
  if (const double* value = std::get_if<double>(&cell)) return *value;
  if (const std::int64_t* value = std::get_if<std::int64_t>(&cell)) {
    return static_cast<double>(*value);
  }
  return fallback;
}

std::string text_or(const Cell& cell, std::string_view fallback) {
  const std::string* value = std::get_if<std::string>(&cell);
  return value != nullptr ? *value : std::string(fallback);
}

Instant instant_or(const Cell& cell, Instant fallback) {
  const Instant* value = std::get_if<Instant>(&cell);
  return value != nullptr ? *value : fallback;
}

std::int64_t reference_or(const Cell& cell, std::int64_t fallback) {
  const Reference* value = std::get_if<Reference>(&cell);
  return value != nullptr ? value->id : fallback;
}

std::string to_text(Instant instant) {
  return format_utc(WallTime(instant));
}

}  // namespace patchbay::sandbox
