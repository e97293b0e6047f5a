#include "gateway/arguments/normalise_times.h"

#include "base/blanks.h"
#include "base/iso8601.h"
#include "base/text.h"

namespace patchbay::gateway {

using integration::FieldType;

namespace {

std::string local_now(const Call& call) {
  const auto& zone = call.context.account->time_zone();
  const auto local = zone.to_local(call.services.clock.now());
  return format_utc(WallTime(local.time_since_epoch())).substr(0, 19) + " in " +
         std::string(zone.name());
}

// "2026-11-22" of "2026-11-22T23:30:00-05:00": a date is a day where it was written, and moving it
// to UTC could make it another one.
std::optional<std::string> as_day(std::string_view text) {
  text = trim_blanks(text);
  const auto time = read_iso8601(text, TimeZone::utc());
  if (!time) return std::nullopt;
  return format_utc(WallTime(time->local.time_since_epoch())).substr(0, 10) + "T00:00:00Z";
}

class TimeReader {
 public:
  TimeReader(Call& call, std::vector<FieldError>& violations)
      : call_(call), violations_(violations) {}

  void read(const std::string& place, FieldType type, json::Value& value) {
    if (auto* items = value.if_array()) {
      for (std::size_t i = 0; i < items->size(); ++i) {
        read(place + '[' + std::to_string(i) + ']', type, (*items)[i]);
      }
      return;
    }
    const auto* text = value.if_string();
    if (text == nullptr) return;
    if (type == FieldType::date) {
      if (const auto day = as_day(*text)) {
        value = *day;
        return;
      }
    } else if (const auto time =
                   read_iso8601(trim_blanks(*text), call_.context.account->time_zone())) {
      if (time->skipped) {
        call_.add_notice(place + ": the clocks leave " +
                         std::string(cut_utf8(trim_blanks(*text), 60)) +
                         " out on that day; it was taken for " + format_utc(time->utc) + '.');
      }
      value = format_utc(time->utc);
      return;
    }
    violations_.push_back(
        {place, "'" + std::string(cut_utf8(*text, 60)) +
                    "' is no time; write ISO 8601, as in 2026-11-22T14:00:00+01:00 (without an "
                    "offset it is local time). It is now " +
                    local_now(call_)});
  }

  // Times inside objects and lists, which only their schema tells.
  void walk(const std::string& place, const json::Value& schema, json::Value& value, int depth) {
    if (depth > 8) return;
    if (value.is_string()) {
      const auto format = schema.string_or("format", "");
      if (format == "date-time") read(place, FieldType::date_time, value);
      if (format == "date") read(place, FieldType::date, value);
    } else if (auto* object = value.if_object()) {
      const auto* properties = schema.find("properties");
      if (properties == nullptr) return;
      for (auto& [name, member] : *object) {
        if (const auto* rule = properties->find(name)) {
          walk(place + '.' + name, *rule, member, depth + 1);
        }
      }
    } else if (auto* items = value.if_array()) {
      const auto* rule = schema.find("items");
      if (rule == nullptr) return;
      for (std::size_t i = 0; i < items->size(); ++i) {
        walk(place + '[' + std::to_string(i) + ']', *rule, (*items)[i], depth + 1);
      }
    }
  }

 private:
  Call& call_;
  std::vector<FieldError>& violations_;
};

std::unexpected<ToolError> refuse_violations(Arguments& arguments) {
  ToolError error{.code = ErrorCode::invalid_argument,
                  .field_errors = std::move(arguments.violations)};
  if (error.field_errors.size() == 1) {
    const auto& only = error.field_errors.front();
    error.message = only.field.empty() ? only.message : only.field + ": " + only.message;
  } else {
    error.message = std::to_string(error.field_errors.size()) + " arguments are not valid.";
  }
  error.hint = "Nothing was sent. Correct the arguments and call again.";
  return std::unexpected(std::move(error));
}

}  // namespace

Outcome<> normalise_times(Call& call, Arguments& arguments) {
  TimeReader reader(call, arguments.violations);
  for (const auto& argument : call.method().arguments) {
    auto* value = arguments.find(argument.name);
    if (value == nullptr || argument.place == integration::ArgumentPlace::platform) continue;
    if (argument.type == FieldType::date_time || argument.type == FieldType::date) {
      reader.read(argument.name, argument.type, *value);
    } else if (value->is_object() || value->is_array()) {
      reader.walk(argument.name, argument.schema, *value, 0);
    }
  }
  if (!arguments.violations.empty()) return refuse_violations(arguments);
  return {};
}

}  // namespace patchbay::gateway
