#include "gateway/many/found.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/counted.h"
#include "gateway/answers/envelope.h"
#include "gateway/call/labels.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {
namespace {

// Of those that are found, so many are named.
constexpr std::size_t kNamed = 10;
// What the list tells is read here, and by nobody else.
constexpr std::size_t kListBytes = 400'000;

CallResult refused(const CallContext& context, ErrorCode code, std::string message,
                   std::string hint) {
  const ToolError error{.code = code, .message = std::move(message), .hint = std::move(hint)};
  CallResult result;
  result.text = to_json(error, context.request_id);
  result.is_error = true;
  return result;
}

bool takes(const catalog::Tool& tool, std::string_view name) {
  return std::ranges::find(tool.argument_names, name) != tool.argument_names.end();
}

// Whether the caller's server offers that tool.
bool may_list(const CallContext& context, const catalog::Tool& list) {
  return context.toolset == nullptr || context.toolset->find(list.name) != nullptr;
}

// One more than may be changed tells that there are too many.
json::Object arguments_of(const catalog::Tool& list, const Filtered& filtered) {
  json::Object arguments = filtered.filter;
  if (takes(list, "limit")) {
    arguments["limit"] = json::Value(static_cast<std::int64_t>(kMostRecords + 1));
  }
  if (!takes(list, "fields")) return arguments;
  json::Array fields;
  fields.emplace_back(list.integration->pagination.id_field);
  for (const auto& label : single_label_fields(*list.integration)) {
    if (list.resource->find_field(label) != nullptr) fields.emplace_back(label);
  }
  arguments["fields"] = json::Value(std::move(fields));
  return arguments;
}

CallContext for_list(const CallContext& context) {
  CallContext own = context;
  own.on_progress = nullptr;
  own.before_each = nullptr;
  own.max_result_bytes = kListBytes;
  return own;
}

struct Found {
  json::Array records;
  bool is_all = true;
};

std::optional<Found> read_found(const std::string& text) {
  auto parsed = json::parse(text);
  auto* const records = parsed ? parsed->find("result") : nullptr;
  if (records == nullptr || !records->is_array()) return std::nullopt;
  const bool has_more = parsed->find("next_cursor") != nullptr;
  Found found{.records = *records->if_array(), .is_all = !has_more};
  if (found.records.size() > kMostRecords) found.is_all = false;
  return found;
}

// "214 records", or as much as is known.
io::Task<std::string> say_how_many(const catalog::Tool& list, const Filtered& filtered,
                                   const CallContext& context, const SingleCall& call) {
  const std::string least = "more than " + std::to_string(kMostRecords) + " records";
  if (!takes(list, "count")) co_return least;
  json::Object arguments = filtered.filter;
  arguments["count"] = json::Value(true);
  const CallResult counted_them = co_await call(list, std::move(arguments), for_list(context));
  const auto parsed = json::parse(counted_them.text);
  const auto total = parsed ? parsed->int64_or("count", 0) : 0;
  co_return counted_them.is_error || total == 0 ? least : counted(total, "record");
}

CallResult tell_found(const Found& found, const std::string& id_field) {
  const auto count = std::ssize(found.records);
  Envelope envelope{.result_count = count};
  envelope.notice = count == 0 ? "The filter finds no record; there is nothing to change."
                               : "Nothing was written. To change " +
                                     (count == 1 ? std::string("this record")
                                                 : "these " + std::to_string(count) + " records") +
                                     " give expect: " + std::to_string(count) +
                                     " beside the same arguments.";
  const auto named = std::min(found.records.size(), kNamed);
  if (named < found.records.size()) {
    envelope.notice += " The first " + std::to_string(named) + " of them:";
  }
  CallResult result;
  result.text = list_head(envelope.members(), std::ssize(found.records));
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) result.text += kBetweenRecords;
    // The ids come first, as everywhere.
    const auto& record = found.records[i];
    json::Object line;
    if (const auto* id = record.find(id_field)) line.append(id_field, *id);
    for (const auto& [name, value] : *record.if_object()) {
      if (name != id_field) line.append(name, value);
    }
    result.text += json::to_string(line);
  }
  result.text += list_end(std::ssize(found.records));
  return result;
}

}  // namespace

io::Task<std::variant<Ids, CallResult>> find_filtered(const catalog::Tool& tool,
                                                      const Filtered& filtered,
                                                      const CallContext& context,
                                                      const SingleCall& call) {
  const catalog::Tool& list = *tool.list;
  if (!may_list(context, list)) {
    co_return refused(context, ErrorCode::permission_denied,
                      "filter: the records are found by " + list.name +
                          ", which this server does not offer. Nothing was sent.",
                      "Name the records by their ids: records: [{…}, …].");
  }
  CallResult listed = co_await call(list, arguments_of(list, filtered), for_list(context));
  if (listed.is_error) co_return listed;
  auto found = read_found(listed.text);
  if (!found) {
    co_return refused(context, ErrorCode::upstream, "The API's answer was no list of records.",
                      "Nothing was written. Name the records by their ids.");
  }
  if (!found->is_all) {
    const std::string many = co_await say_how_many(list, filtered, context, call);
    co_return refused(context, ErrorCode::too_large,
                      "The filter finds " + many + ", and a call changes " +
                          std::to_string(kMostRecords) + " at most. Nothing was written.",
                      "Narrow the filter, and change them in several calls.");
  }
  const auto& id_field = tool.integration->pagination.id_field;
  if (!filtered.expect) co_return tell_found(*found, id_field);
  const auto count = std::ssize(found->records);
  if (*filtered.expect != count) {
    co_return refused(context, ErrorCode::conflict,
                      "The filter finds " + counted(count, "record") + " now, and not " +
                          std::to_string(*filtered.expect) + ". Nothing was written.",
                      count == 0
                          ? "There is nothing to change."
                          : "Leave expect out to see them; if they are meant, give expect: " +
                                std::to_string(count) + '.');
  }
  if (count == 0) co_return tell_found(*found, id_field);
  Ids ids;
  for (const auto& record : found->records) {
    const auto id = record.int64_or(id_field, 0);
    if (id != 0 && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  }
  if (std::ssize(ids) != count) {
    co_return refused(context, ErrorCode::upstream, "Not all records that were found have an id.",
                      "Nothing was written. Name the records by their ids.");
  }
  co_return ids;
}

}  // namespace patchbay::gateway
