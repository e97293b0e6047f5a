#include "gateway/arguments/validate.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "gateway/arguments/absent.h"
#include "gateway/arguments/captions.h"
#include "gateway/arguments/clear.h"
#include "gateway/arguments/unknown.h"
#include "gateway/arguments/written_as.h"
#include "gateway/names/said.h"

namespace patchbay::gateway {

namespace {

// {"id": 7, "name": "New"}, as the API itself writes references.
void unwrap_reference(const Call& call, const integration::Argument& argument, json::Value& value) {
  if (auto* items = value.if_array()) {
    for (auto& item : *items) unwrap_reference(call, argument, item);
    return;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return;
  auto said = said_by_object(*object, argument, call.integration());
  if (!said.is_null()) value = std::move(said);
}

const integration::Argument* find_by_alias(const Call& call, std::string_view name) {
  for (const auto& argument : call.method().arguments) {
    for (const auto& alias : argument.aliases) {
      if (alias == name) return &argument;
    }
  }
  // `ticket` for ticketId: what it names is said, and not how.
  const std::string by_id = std::string(name) + "Id";
  const auto* argument = name.empty() ? nullptr : call.find_argument(by_id);
  return argument;
}

// Whose fault is told already.
using RefusedArguments = std::set<std::string, std::less<>>;

// Of those that belong together one must be given; a switch must be on.
void check_one_of(const Call& call, const json::Object& kept, const RefusedArguments& refused,
                  std::vector<FieldError>& violations) {
  const auto is_given = [&](const std::string& name) {
    if (refused.contains(name)) return true;
    const auto* value = kept.find(name);
    if (value == nullptr) return false;
    const auto* text = value->if_string();
    const bool off = value->if_bool() != nullptr ? !*value->if_bool()
                                                 : text != nullptr && to_lower(*text) == "false";
    return !off;
  };
  for (const auto& names : call.method().one_of) {
    if (std::ranges::any_of(names, is_given)) continue;
    std::string message = "is required, or in its place " +
                          join(std::span(names).subspan(1), " or ") + ": one of them must be given";
    const auto* first = call.find_argument(names.front());
    if (first != nullptr && first->type == integration::FieldType::boolean) message += ", as true";
    violations.push_back({names.front(), std::move(message)});
  }
}

// 1e300 is whole by its text, and no id or count of anything.
bool is_beyond_64_bits(const json::Value& value) {
  if (const auto* entries = value.if_array())
    return std::ranges::any_of(*entries, is_beyond_64_bits);
  return value.is_number() && !value.as_int64();
}

void check_range(const Call& call, const json::Object& kept, std::vector<FieldError>& violations) {
  for (const auto& argument : call.method().arguments) {
    const auto* value = kept.find(argument.name);
    const auto* items = argument.schema.find("items");
    const bool is_whole = argument.reference ||
                          argument.schema.string_or("type", "") == "integer" ||
                          (items != nullptr && items->string_or("type", "") == "integer");
    if (value != nullptr && is_whole && is_beyond_64_bits(*value)) {
      violations.push_back({argument.name, "must be a whole number of at most 18 digits"});
    }
  }
}

// A path with -4 in it is no address of the API's, which then says that of itself instead of the
// id.
void check_path_ids(const Call& call, const json::Object& kept,
                    std::vector<FieldError>& violations) {
  for (const auto& argument : call.method().arguments) {
    if (argument.place != integration::ArgumentPlace::path) continue;
    const auto* value = kept.find(argument.name);
    const auto id = value != nullptr && value->is_number() ? value->as_int64() : std::nullopt;
    if (id && *id < 1) violations.push_back({argument.name, "must be 1 or more, as all ids are"});
  }
}

// What the schema says of the values, after mending what means the same.
void check_schema(const Call& call, const RefusedArguments& refused, json::Object& kept,
                  std::vector<FieldError>& violations) {
  if (!call.tool.validator) return;
  json::Value checked(std::move(kept));
  schema::CoerceOptions options;
  options.mend_harmless_misfits = true;
  for (auto& violation : call.tool.validator->check(checked, options)) {
    const auto* argument = call.find_argument(violation.path);
    const bool is_time =
        argument != nullptr && (argument->type == integration::FieldType::date_time ||
                                argument->type == integration::FieldType::date);
    // Times are read more generously than the schema's format says, by the next stage.
    if (is_time && (violation.keyword == "format" || violation.keyword == "pattern")) continue;
    if (violation.keyword == "required" && refused.contains(violation.path)) continue;
    violations.push_back({violation.path, std::move(violation.message)});
  }
  kept = std::move(*checked.if_object());
}

}  // namespace

Arguments validate(Call& call, json::Object given) {
  Arguments arguments(call.tool);
  json::Value said(std::move(given));
  drop_nulls(said);
  auto& named = *said.if_object();
  const auto cleared = take_cleared(call, named, arguments.violations);
  json::Object kept;
  RefusedArguments refused;
  std::size_t unknown_names = 0;
  for (auto& [given_name, value] : named) {
    std::string_view name = given_name;
    const auto* argument = call.find_argument(name);
    if (argument == nullptr) {
      const auto* meant = find_by_alias(call, name);
      if (meant != nullptr && named.find(meant->name) == nullptr) {
        argument = meant;
        name = meant->name;
      }
    }
    if (argument == nullptr) {
      const std::string shown(cut_utf8(name, 80));
      if (is_clients_own(name)) {
        call.add_notice(shown + " is no argument of this tool, and was left out.");
      } else {
        // Reported here, so it is kept from the schema, whose own report knows no better name.
        // Near names are looked for as often as anybody reads them.
        const bool enough = ++unknown_names > kMostNearNames;
        arguments.violations.push_back(
            {shown, enough ? "unknown argument" : unknown_argument(call, name)});
      }
      continue;
    }
    if (argument->reference || argument->type == integration::FieldType::reference) {
      unwrap_reference(call, *argument, value);
    }
    if (takes_captions(call, *argument)) {
      if (auto wrong = gather_captions(call.integration().custom_fields, value)) {
        arguments.violations.push_back({argument->name, std::move(*wrong)});
        refused.insert(argument->name);
        continue;
      }
    }
    auto presence = presence_of(call, *argument, value);
    if (!presence.told.empty()) call.add_notice(presence.told);
    if (presence.absent) continue;
    if (!presence.refused.empty()) {
      arguments.violations.push_back({argument->name, std::move(presence.refused)});
      refused.insert(argument->name);
      continue;
    }
    kept.append(std::string(name), std::move(value));
  }
  check_one_of(call, kept, refused, arguments.violations);
  check_schema(call, refused, kept, arguments.violations);
  check_path_ids(call, kept, arguments.violations);
  check_written_as(call, kept, arguments.violations);
  if (arguments.violations.empty()) check_range(call, kept, arguments.violations);
  arguments.set(std::move(kept));
  // From here on null means what it means in an update's body.
  for (const auto* argument : cleared) {
    if (arguments.has(argument->name)) {
      arguments.violations.push_back(
          {argument->name, "is given a value, and cleared; do one of them only"});
    } else {
      arguments.set_null(argument->name);
    }
  }
  return arguments;
}

}  // namespace patchbay::gateway
