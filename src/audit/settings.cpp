#include "audit/settings.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace patchbay::audit {
namespace {

constexpr std::array<std::string_view, 3> kArguments{"none", "values", "all"};
// Keys of writes count for 24 hours, and stand in their events.
constexpr std::int64_t kMostDays = 3'650;
constexpr std::int64_t kLeastEntries = 1'000;
constexpr std::int64_t kMostEntries = 100'000'000;

Result<> read_number(const json::Value& value, std::string_view name, std::int64_t least,
                     std::int64_t most, std::int64_t& into) {
  const auto number = value.as_int64();
  if (!number || *number < least || *number > most) {
    return fail(ErrorCode::invalid_argument,
                "'audit." + std::string(name) + "' must be a whole number from " +
                    std::to_string(least) + " to " + std::to_string(most) + ".");
  }
  into = *number;
  return {};
}

}  // namespace

Result<Settings> read_settings(const json::Value& settings) {
  Settings read;
  const json::Object* const members = settings.if_object();
  if (members == nullptr) return fail(ErrorCode::invalid_argument, "'audit' must be an object.");
  for (const auto& [name, value] : *members) {
    Result<> done;
    if (name == "arguments") {
      const std::string* const text = value.if_string();
      const auto found = std::ranges::find(kArguments, text != nullptr ? *text : "");
      if (found == kArguments.end()) {
        return fail(ErrorCode::invalid_argument,
                    "'audit.arguments' must be \"none\", \"values\" or \"all\".");
      }
      read.arguments = static_cast<Arguments>(found - kArguments.begin());
    } else if (name == "keep_days") {
      done = read_number(value, name, 1, kMostDays, read.keep_days);
    } else if (name == "keep_entries") {
      done = read_number(value, name, kLeastEntries, kMostEntries, read.keep_entries);
    } else {
      done = fail(ErrorCode::invalid_argument, "'audit' has no member '" + std::string(name) + "'.",
                  "It has arguments, keep_days and keep_entries.");
    }
    if (!done) return std::unexpected(std::move(done.error()));
  }
  return read;
}

json::Value to_json(const Settings& settings) {
  return json::Object{{"arguments", kArguments[static_cast<std::size_t>(settings.arguments)]},
                      {"keep_days", settings.keep_days},
                      {"keep_entries", settings.keep_entries}};
}

}  // namespace patchbay::audit
