// The part of shape.h that turns rules into a table of names.
#include <algorithm>
#include <bit>
#include <cstring>

#include "json/shape.h"

namespace patchbay::json {

ShapePlan::ShapePlan(ShapeRules rules) : rules_(std::move(rules)) {
  const std::size_t names =
      rules_.noise_names.size() + rules_.info_kept.size() + rules_.reference_kept.size() + 1;
  slots_.resize(std::bit_ceil(names * 4));
  if (rules_.verbose) return;  // no name means anything

  for (const std::string& name : rules_.noise_names) slot_for(name).noise = true;
  if (!rules_.info_name.empty()) slot_for(rules_.info_name).info = true;
  for (std::size_t i = 0; i < std::min<std::size_t>(rules_.info_kept.size(), 64); ++i) {
    slot_for(rules_.info_kept[i]).info_kept = static_cast<std::uint8_t>(i + 1);
  }
  const std::size_t kept = rules_.reference_kept.size();
  for (std::size_t i = 0; i < kept; ++i) {
    NameFacts& facts = slot_for(rules_.reference_kept[i]);
    facts.reference_kept = true;
    facts.reference_mark = i + 2 >= kept;
  }
  for (const std::string& suffix : rules_.noise_suffixes) {
    if (!suffix.empty()) suffix_ends_[static_cast<unsigned char>(suffix.back())] = true;
  }
  for (Slot& slot : slots_) {
    if (slot.used && ends_in_noise(slot.name)) slot.facts.noise = true;
  }
}

// By length and the first eight bytes: enough to tell members' names apart nearly always.
std::size_t ShapePlan::home_of(const char* name, std::size_t size) const {
  std::uint64_t start;
  std::memcpy(&start, name, sizeof start);
  if (size < 8) start &= (std::uint64_t{1} << (size * 8)) - 1;
  const std::uint64_t mixed = (start ^ size) * 0x9E3779B97F4A7C15ULL;  // 2^64 / golden ratio
  return static_cast<std::size_t>(mixed >> 32) & (slots_.size() - 1);
}

ShapePlan::NameFacts& ShapePlan::slot_for(std::string_view name) {
  std::string readable(name);
  readable.resize(name.size() + 8);  // home_of reads that far
  std::size_t at = home_of(readable.data(), name.size());
  while (slots_[at].used && slots_[at].name != name) at = (at + 1) & (slots_.size() - 1);
  slots_[at].name = name;
  slots_[at].used = true;
  return slots_[at].facts;
}

ShapePlan::NameFacts ShapePlan::look_up(const char* name, std::size_t size) const {
  for (std::size_t at = home_of(name, size); slots_[at].used; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].name.size() == size && std::memcmp(slots_[at].name.data(), name, size) == 0) {
      return slots_[at].facts;
    }
  }
  NameFacts unknown;
  unknown.noise = ends_in_noise(std::string_view(name, size));
  return unknown;
}

bool ShapePlan::ends_in_noise(std::string_view name) const {
  if (name.empty() || !suffix_ends_[static_cast<unsigned char>(name.back())]) return false;
  return std::ranges::any_of(rules_.noise_suffixes, [name](const std::string& suffix) {
    return !suffix.empty() && name.ends_with(suffix);
  });
}

}  // namespace patchbay::json
