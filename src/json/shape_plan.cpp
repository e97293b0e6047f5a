// The part of shape.h that turns rules into a table of names.
#include <algorithm>
#include <bit>
#include <cstring>

#include "json/shape.h"

namespace patchbay::json {

ShapePlan::ShapePlan(ShapeRules rules) : rules_(std::move(rules)) {
  const std::size_t names =
      rules_.noise_names.size() + rules_.info_kept.size() + rules_.reference_kept.size() + 5;
  slots_.resize(std::bit_ceil(names * 4));
  mask_ = slots_.size() - 1;
  if (rules_.verbose) return;  // no name means anything

  for (const std::string& name : rules_.noise_names) slot_for(name).is |= NameFacts::kNoise;
  if (!rules_.info_name.empty()) slot_for(rules_.info_name).is |= NameFacts::kInfo;
  for (std::size_t i = 0; i < std::min<std::size_t>(rules_.info_kept.size(), 64); ++i) {
    slot_for(rules_.info_kept[i]).info_kept = static_cast<std::uint8_t>(i + 1);
  }
  const std::size_t kept = rules_.reference_kept.size();
  for (std::size_t i = 0; i < kept; ++i) {
    NameFacts& facts = slot_for(rules_.reference_kept[i]);
    facts.is |= NameFacts::kReferenceKept;
    if (i + 2 >= kept) facts.is |= NameFacts::kReferenceMark;
  }
  if (const std::string& custom = rules_.custom_fields.field; !custom.empty()) {
    slot_for(custom).is |= NameFacts::kCustomFields;
  }
  for (const std::string& suffix : rules_.noise_suffixes) {
    if (!suffix.empty()) suffix_ends_[static_cast<unsigned char>(suffix.back())] = true;
  }
  for (Slot& slot : slots_) {
    if (slot.size != kFree && ends_in_noise(slot.name)) slot.facts.is |= NameFacts::kNoise;
  }
}

namespace {

// The first eight bytes, zeros behind a shorter name. Readable are eight, whatever its length.
std::uint64_t start_of(const char* name, std::size_t size) {
  std::uint64_t start;
  std::memcpy(&start, name, sizeof start);
  return size < 8 ? start & ((std::uint64_t{1} << (size * 8)) - 1) : start;
}

// The last eight of more than eight.
std::uint64_t end_of(const char* name, std::size_t size) {
  std::uint64_t end;
  std::memcpy(&end, name + size - sizeof end, sizeof end);
  return end;
}

}  // namespace

// By length and the first eight bytes: enough to tell members' names apart nearly always.
std::size_t ShapePlan::home_of(std::uint64_t start, std::size_t size) const {
  const std::uint64_t mixed = (start ^ size) * 0x9E3779B97F4A7C15ULL;  // 2^64 / golden ratio
  return static_cast<std::size_t>(mixed >> 32) & mask_;
}

ShapePlan::NameFacts& ShapePlan::slot_for(std::string_view name) {
  std::string readable(name);
  readable.resize(name.size() + 8);
  const std::uint64_t start = start_of(readable.data(), name.size());
  std::size_t at = home_of(start, name.size());
  while (slots_[at].size != kFree && slots_[at].name != name) at = (at + 1) & mask_;
  slots_[at].start = start;
  if (name.size() > 8) slots_[at].end = end_of(name.data(), name.size());
  slots_[at].size = name.size();
  slots_[at].name = name;
  return slots_[at].facts;
}

ShapePlan::NameFacts ShapePlan::look_up(const char* name, std::size_t size) const {
  const std::uint64_t start = start_of(name, size);
  for (std::size_t at = home_of(start, size);; at = (at + 1) & mask_) {
    const Slot& slot = slots_[at];
    if (slot.size == kFree) break;
    // Without a call for nearly all names: memcmp took a fifth of it.
    if (slot.start == start && slot.size == size &&
        (size <= 8 ||
         (slot.end == end_of(name, size) &&
          (size <= 16 || std::memcmp(slot.name.data() + 8, name + 8, size - 16) == 0)))) {
      return slot.facts;
    }
  }
  NameFacts unknown;
  if (ends_in_noise(std::string_view(name, size))) unknown.is = NameFacts::kNoise;
  return unknown;
}

bool ShapePlan::ends_in_noise(std::string_view name) const {
  return !name.empty() && suffix_ends_[static_cast<unsigned char>(name.back())] &&
         has_noise_suffix(name);
}

// Apart, so that look_up stays small: it runs for every member.
[[gnu::noinline]] bool ShapePlan::has_noise_suffix(std::string_view name) const {
  return std::ranges::any_of(rules_.noise_suffixes, [name](const std::string& suffix) {
    return !suffix.empty() && name.ends_with(suffix);
  });
}

}  // namespace patchbay::json
