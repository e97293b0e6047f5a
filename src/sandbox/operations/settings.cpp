#include "sandbox/operations/settings.h"

#include <fmt/core.h>

#include "json/value.h"

namespace patchbay::sandbox {
namespace {

template <class F>
Result<> read_number(std::string_view name, const json::Value& value, std::int64_t highest, F set) {
  const auto number = value.as_int64();
  if (!number || *number < 0 || *number > highest) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} must be a whole number from 0 to {}.", name, highest));
  }
  set(*number);
  return {};
}

Result<> read_flag(std::string_view name, const json::Value& value, bool& flag) {
  const bool* given = value.if_bool();
  if (given == nullptr) {
    return fail(ErrorCode::invalid_argument, fmt::format("{} must be true or false.", name));
  }
  flag = *given;
  return {};
}

Result<> apply_one(Settings& settings, std::string_view name, const json::Value& value) {
  constexpr std::int64_t kMany = 1'000'000'000;
  const auto to_int = [](int& out) {
    return [&out](std::int64_t number) { out = static_cast<int>(number); };
  };
  if (name == "rate_limit") return read_number(name, value, kMany, to_int(settings.rate_limit));
  if (name == "rate_window_seconds") {
    return read_number(name, value, 86'400, [&](std::int64_t seconds) {
      settings.rate_window = std::chrono::seconds(seconds);
    });
  }
  if (name == "latency_ms") {
    return read_number(name, value, 600'000,
                       [&](std::int64_t ms) { settings.latency = std::chrono::milliseconds(ms); });
  }
  if (name == "fault_percent") return read_number(name, value, 100, to_int(settings.fault_percent));
  if (name == "missing_client_id_status") {
    return read_number(name, value, 599, to_int(settings.missing_client_id_status));
  }
  if (name == "rate_retry_after") return read_flag(name, value, settings.rate_retry_after);
  if (name == "rate_body_text") return read_flag(name, value, settings.rate_body_text);
  if (name == "reject_unknown_fields") {
    return read_flag(name, value, settings.reject_unknown_fields);
  }
  if (name == "require_client_id") return read_flag(name, value, settings.require_client_id);
  return fail(ErrorCode::invalid_argument, fmt::format("There is no setting {}.", name),
              "GET /_sandbox/config lists them.");
}

}  // namespace

json::Value to_json(const Settings& settings) {
  return json::Object{{"rate_limit", settings.rate_limit},
                      {"rate_window_seconds", settings.rate_window.count()},
                      {"rate_retry_after", settings.rate_retry_after},
                      {"rate_body_text", settings.rate_body_text},
                      {"latency_ms", settings.latency.count()},
                      {"fault_percent", settings.fault_percent},
                      {"reject_unknown_fields", settings.reject_unknown_fields},
                      {"require_client_id", settings.require_client_id},
                      {"missing_client_id_status", settings.missing_client_id_status}};
}

Result<> apply_json(Settings& settings, const json::Value& changes) {
  const json::Object* object = changes.if_object();
  if (object == nullptr) {
    return fail(ErrorCode::invalid_argument, "Settings come as a JSON object.");
  }
  Settings changed = settings;
  for (const auto& [name, value] : *object) {
    if (auto done = apply_one(changed, name, value); !done) return done;
  }
  settings = changed;
  return {};
}

}  // namespace patchbay::sandbox
