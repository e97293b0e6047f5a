#include "gateway/many/asked.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "integration/model.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {
namespace {

constexpr std::string_view kRecords = integration::kManyArguments[0];
constexpr std::string_view kFilter = integration::kManyArguments[1];
constexpr std::string_view kExpect = integration::kManyArguments[2];

// Of what stands beside a list, in all records together: each has a copy of it, and a small request
// must not become a large one.
constexpr std::size_t kMostShared = 4'000'000;

std::unexpected<ToolError> refuse_as(ErrorCode code, std::string_view name, std::string message,
                                     std::string hint) {
  ToolError error{.code = code,
                  .message = std::string(name) + ": " + message + " Nothing was sent.",
                  .hint = std::move(hint)};
  error.field_errors.push_back({std::string(name), std::move(message)});
  return std::unexpected(std::move(error));
}
std::unexpected<ToolError> refuse_named(std::string_view name, std::string message,
                                        std::string hint) {
  return refuse_as(ErrorCode::invalid_argument, name, std::move(message), std::move(hint));
}

// Clients that take every argument for a text send the JSON of others.
json::Value untangled(json::Value value) {
  const auto* text = value.if_string();
  if (text == nullptr) return value;
  const auto trimmed = trim(*text);
  if (!trimmed.starts_with('[') && !trimmed.starts_with('{')) return value;
  auto parsed = json::parse(trimmed);
  return parsed ? std::move(*parsed) : value;
}

bool has_platform(const catalog::Tool& tool, std::string_view name) {
  const auto& all = tool.method->arguments;
  const auto found = std::ranges::find(all, name, &integration::Argument::name);
  return found != all.end() && found->place == integration::ArgumentPlace::platform;
}

// A key is for one write: each of the list has its own, which the same list finds again.
void key_for(const catalog::Tool& tool, json::Object& record, const json::Object& shared,
             const std::string& of) {
  const auto* key = shared.find(kIdempotencyKey);
  const auto* text = key != nullptr ? key->if_string() : nullptr;
  if (text == nullptr || text->empty() || !has_platform(tool, kIdempotencyKey)) return;
  record[kIdempotencyKey] = *text + '/' + of;
}

json::Object merged(const catalog::Tool& tool, const json::Object& shared, json::Object own,
                    std::size_t index) {
  json::Object record = shared;
  const bool has_own_key = own.contains(kIdempotencyKey);
  if (!has_own_key) key_for(tool, record, shared, std::to_string(index));
  const auto* all = shared.find(kDryRun);
  const bool only_shown =
      all != nullptr && has_platform(tool, kDryRun) && *all == json::Value(true);
  for (auto& [name, value] : own) record[name] = std::move(value);
  if (only_shown) record[kDryRun] = json::Value(true);
  return record;
}

Outcome<> check_shared(const json::Object& shared, std::size_t records) {
  const auto bytes = json::to_string(json::Value(shared)).size();
  if (bytes * records <= kMostShared) return {};
  return refuse_as(ErrorCode::too_large, kRecords,
                   "what stands beside them, " + std::to_string(bytes) +
                       " bytes, is too much to hold for " + std::to_string(records) + " of them.",
                   "Give long texts with the records that have them, or fewer records in a call.");
}

Outcome<Asked> read_records(const catalog::Tool& tool, json::Value list,
                            const json::Object& shared) {
  list = untangled(std::move(list));
  auto* const entries = list.if_array();
  if (entries == nullptr || entries->empty()) {
    return refuse_named(kRecords, "must be a list of one record at least, each an object.",
                        "For example records: [{…}, {…}], each with the arguments of one call.");
  }
  if (entries->size() > kMostRecords) {
    return refuse_as(ErrorCode::too_large, kRecords,
                     "has " + std::to_string(entries->size()) + " records; a call takes " +
                         std::to_string(kMostRecords) + " at most.",
                     "Make several calls of it.");
  }
  if (auto held = check_shared(shared, entries->size()); !held) {
    return std::unexpected(std::move(held.error()));
  }
  Asked asked;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    json::Value entry = untangled(std::move((*entries)[i]));
    const std::string at = std::string(kRecords) + '[' + std::to_string(i) + ']';
    auto* const own = entry.if_object();
    if (own == nullptr) {
      return refuse_named(at, "must be an object.", "Give each record the arguments of one call.");
    }
    for (const std::string_view name : integration::kManyArguments) {
      if (own->contains(name)) {
        return refuse_named(at, "must not have '" + std::string(name) + "' itself.",
                            "Lists do not hold lists.");
      }
    }
    asked.records.push_back(merged(tool, shared, std::move(*own), i));
  }
  return asked;
}

// Whether it chooses records, and not how a list tells of them.
bool chooses(const catalog::Tool& list, std::string_view name) {
  const auto& all = list.method->arguments;
  const auto found = std::ranges::find(all, name, &integration::Argument::name);
  if (found == all.end()) return true;  // a filter that is not listed, or an error of its own
  return found->place != integration::ArgumentPlace::platform || name == "conditions" ||
         found->type == integration::FieldType::object;
}

Outcome<Asked> read_filtered(const catalog::Tool& tool, json::Value filter, json::Value expect,
                             json::Object change) {
  if (tool.list == nullptr) {
    return refuse_named(kFilter, "is nothing that this tool takes.", "Name records by `records`.");
  }
  filter = untangled(std::move(filter));
  auto* const wanted = filter.if_object();
  if (wanted == nullptr || wanted->empty()) {
    return refuse_named(kFilter, "must be an object of filters, one at least.",
                        "For example filter: {…} with what the list of these records takes.");
  }
  for (const auto& [name, value] : *wanted) {
    if (chooses(*tool.list, name)) continue;
    return refuse_named(kFilter, "'" + name + "' chooses no records.",
                        "Give filters only: those that the list of these records takes.");
  }
  if (auto held = check_shared(change, kMostRecords); !held) {
    return std::unexpected(std::move(held.error()));
  }
  Filtered filtered{.filter = std::move(*wanted), .expect = {}, .change = std::move(change)};
  if (!expect.is_null()) {
    const auto* text = expect.if_string();
    filtered.expect = text != nullptr ? parse_int64(trim(*text)) : expect.as_int64();
    if (!filtered.expect || *filtered.expect < 0) {
      return refuse_named(kExpect, "must be a whole number: how many records the filter finds.",
                          "Leave it out to be told how many there are.");
    }
  }
  // The parents that its path names are those of the list.
  for (const auto& name : tool.list->method->path.names()) {
    if (filtered.filter.contains(name)) continue;
    if (const auto* value = filtered.change.find(name)) filtered.filter.append(name, *value);
  }
  for (const auto& name : tool.method->path.names()) {
    if (filtered.change.contains(name)) continue;
    if (const auto* value = filtered.filter.find(name)) filtered.change.append(name, *value);
  }
  Asked asked;
  asked.filtered = std::move(filtered);
  return asked;
}

json::Value taken(json::Object& given, std::string_view name) {
  auto* const found = given.find(name);
  if (found == nullptr) return {};
  json::Value value = std::move(*found);
  given.erase(name);
  return value;
}

// The argument whose value is the record's own id.
std::string own_id(const catalog::Tool& tool) {
  const auto names = tool.method->path.names();
  return names.empty() ? std::string() : names.back();
}

}  // namespace

bool asks_for_many(const catalog::Tool& tool, const json::Object& given) {
  return tool.method->many &&
         std::ranges::any_of(integration::kManyArguments, [&given](std::string_view name) {
           const auto* value = given.find(name);
           return value != nullptr && !value->is_null();
         });
}

Outcome<Asked> read_asked(const catalog::Tool& tool, json::Object given) {
  auto records = taken(given, kRecords);
  auto filter = taken(given, kFilter);
  auto expect = taken(given, kExpect);
  if (!records.is_null() && !filter.is_null()) {
    return refuse_named(kFilter, "and records are two ways to say of which records it is.",
                        "Give one of them.");
  }
  if (filter.is_null() && !expect.is_null()) {
    return refuse_named(kExpect, "is how many records `filter` finds, and there is none.",
                        "Give filter as well, or leave it out.");
  }
  if (!records.is_null()) return read_records(tool, std::move(records), given);
  const auto own = own_id(tool);
  if (given.contains(own)) {
    return refuse_named(own, "and filter are two ways to say of which records it is.",
                        "Give one of them.");
  }
  return read_filtered(tool, std::move(filter), std::move(expect), std::move(given));
}

json::Object change_of(const catalog::Tool& tool, const Filtered& filtered, std::int64_t id) {
  json::Object record = filtered.change;
  record[own_id(tool)] = json::Value(id);
  key_for(tool, record, filtered.change, std::to_string(id));
  return record;
}

}  // namespace patchbay::gateway
