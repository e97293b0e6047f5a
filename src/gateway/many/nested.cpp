#include "gateway/many/nested.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counted.h"
#include "base/text.h"
#include "gateway/answers/envelope.h"
#include "gateway/many/asked.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {
namespace {

// Those of one of the create's lists.
struct Others {
  const integration::Nested* nested = nullptr;
  const catalog::Tool* tool = nullptr;
  std::vector<json::Object> records;
};

CallResult refused(const CallContext& context, ErrorCode code, const std::string& name,
                   std::string message, std::string hint) {
  ToolError error{.code = code,
                  .message = name + ": " + message + " Nothing was sent.",
                  .hint = std::move(hint)};
  error.field_errors.push_back({name, std::move(message)});
  CallResult result;
  result.text = to_json(error, context.request_id);
  result.is_error = true;
  return result;
}

// Of the list, and of what they bring along themselves.
std::size_t count_in(const catalog::Tool& tool, const json::Object& record) {
  std::size_t count = 1;
  for (std::size_t i = 0; i < tool.nested.size(); ++i) {
    const auto* list = record.find(tool.method->nested[i].argument);
    const auto* entries = list != nullptr ? list->if_array() : nullptr;
    if (entries == nullptr) continue;
    for (const auto& entry : *entries) {
      const auto* own = entry.if_object();
      count += own != nullptr ? count_in(*tool.nested[i], *own) : 1;
    }
  }
  return count;
}

// Faults of the form, told before anything is sent: also those within what is brought along.
std::optional<CallResult> find_fault(const catalog::Tool& tool, const json::Object& given,
                                     const CallContext& context, const std::string& at) {
  for (std::size_t i = 0; i < tool.nested.size(); ++i) {
    const auto& nested = tool.method->nested[i];
    const auto* list = given.find(nested.argument);
    if (list == nullptr || list->is_null()) continue;
    const std::string name = at + nested.argument;
    const catalog::Tool& maker = *tool.nested[i];
    if (context.toolset != nullptr && context.toolset->find(maker.name) == nullptr) {
      return refused(context, ErrorCode::permission_denied, name,
                     "they are made by " + maker.name + ", which this server does not offer.",
                     "Leave them out.");
    }
    const auto* entries = list->if_array();
    if (entries == nullptr) {
      return refused(context, ErrorCode::invalid_argument, name, "must be a list of objects.",
                     "For example " + nested.argument + ": [{…}], each with the arguments of " +
                         maker.name + " but " + nested.as + '.');
    }
    for (std::size_t j = 0; j < entries->size(); ++j) {
      const std::string here = name + '[' + std::to_string(j) + ']';
      const auto* own = (*entries)[j].if_object();
      if (own == nullptr) {
        return refused(context, ErrorCode::invalid_argument, here, "must be an object.",
                       "Give it the arguments of " + maker.name + " but " + nested.as + '.');
      }
      const auto has = [own](std::string_view key) { return own->contains(key); };
      if (has(nested.as)) {
        return refused(context, ErrorCode::invalid_argument, here,
                       nested.as + " is what is being made.", "Leave it out.");
      }
      if (std::ranges::any_of(integration::kManyArguments, has)) {
        return refused(context, ErrorCode::invalid_argument, here, "is of one record.",
                       "Give several as entries of the list.");
      }
      if (auto fault = find_fault(maker, *own, context, here + '.')) return fault;
    }
  }
  return std::nullopt;
}

std::vector<Others> take_others(const catalog::Tool& tool, json::Object& given) {
  std::vector<Others> all;
  for (std::size_t i = 0; i < tool.nested.size(); ++i) {
    const auto& nested = tool.method->nested[i];
    auto* const list = given.find(nested.argument);
    if (list == nullptr) continue;
    Others others{.nested = &nested, .tool = tool.nested[i], .records = {}};
    if (auto* const entries = list->if_array()) {
      for (auto& entry : *entries) others.records.push_back(std::move(*entry.if_object()));
    }
    given.erase(nested.argument);
    if (!others.records.empty()) all.push_back(std::move(others));
  }
  return all;
}

// As calls of their own, now that what they belong to has an id.
void complete(Others& others, const json::Value& id, const json::Object& of) {
  const auto* key = of.find(kIdempotencyKey);
  const auto* text = key != nullptr ? key->if_string() : nullptr;
  for (std::size_t i = 0; i < others.records.size(); ++i) {
    json::Object& record = others.records[i];
    record[others.nested->as] = id;
    for (const auto& [name, from] : others.nested->with) {
      const auto* value = of.find(from);
      if (value != nullptr && !record.contains(name)) record.append(name, *value);
    }
    if (text == nullptr || record.contains(kIdempotencyKey)) continue;
    record.append(std::string(kIdempotencyKey),
                  *text + '/' + others.nested->argument + '/' + std::to_string(i));
  }
}

// The number that stands for an id goes, and what it stands for is said.
void say_unmade(json::Value& value, const std::string& number, const std::string& said) {
  if (auto* const items = value.if_array()) {
    for (auto& item : *items) say_unmade(item, number, said);
  } else if (auto* const members = value.if_object()) {
    for (auto& [name, member] : *members) say_unmade(member, number, said);
  } else if (const auto* text = value.if_string(); text != nullptr && text->contains(number)) {
    std::string out = *text;
    for (auto at = out.find(number); at != std::string::npos;
         at = out.find(number, at + said.size()))
      out.replace(at, number.size(), said);
    value = std::move(out);
  } else if (value.is_number() && json::to_string(value) == number) {
    value = said;
  }
}

std::string say_left_out(const std::vector<Others>& all) {
  std::vector<std::string> kinds;
  for (const Others& others : all) {
    kinds.push_back(std::to_string(others.records.size()) + " of " + others.nested->argument);
  }
  return join(kinds, " and ");
}

void add_notice(json::Object& answer, const std::string& text) {
  auto* const known = answer.find("notice");
  const auto* before = known != nullptr ? known->if_string() : nullptr;
  std::string whole = before != nullptr ? *before + ' ' + text : text;
  json::Object out;
  out.append("notice", std::move(whole));
  for (auto& [name, value] : answer) {
    if (name != "notice") out.append(name, std::move(value));
  }
  answer = std::move(out);
}

// "company"
std::string label_of(const catalog::Tool& tool) {
  std::string label = tool.resource->singular;
  std::ranges::replace(label, '_', ' ');
  return label;
}

// An error's hint says that what belonged to it was not begun.
void tell_not_begun(CallResult& result, const std::vector<Others>& all) {
  auto parsed = json::parse(result.text);
  auto* const members = parsed ? parsed->if_object() : nullptr;
  auto* const error = members != nullptr ? members->find("error") : nullptr;
  if (error == nullptr || !error->is_object()) return;
  const std::string before(error->string_or("hint", ""));
  (*error)["hint"] = before + (before.empty() ? "" : " ") +
                     "What belongs to it was not begun: " + say_left_out(all) + '.';
  result.text = json::to_string(*parsed);
}

}  // namespace

bool brings_others(const catalog::Tool& tool, const json::Object& given) {
  return std::ranges::any_of(tool.method->nested, [&given](const auto& nested) {
    return given.contains(nested.argument);
  });
}

io::Task<CallResult> call_nested(io::Runtime& runtime, const catalog::Tool& tool,
                                 json::Object given, const CallContext& context,
                                 const SingleCall& call) {
  if (auto fault = find_fault(tool, given, context, "")) co_return std::move(*fault);
  if (count_in(tool, given) > kMostRecords + 1) {
    co_return refused(context, ErrorCode::too_large, tool.method->nested.front().argument,
                      "with it, more than " + std::to_string(kMostRecords) +
                          " records would be made by one call.",
                      "Make the others by calls of their own.");
  }
  auto all = take_others(tool, given);
  CallContext for_it = context;
  if (!all.empty()) for_it.max_result_bytes = context.max_result_bytes / 2;
  CallResult result = co_await call(tool, given, std::move(for_it));
  if (all.empty()) co_return result;
  if (result.is_error) {
    tell_not_begun(result, all);
    co_return result;
  }
  auto parsed = json::parse(result.text);
  auto* answer = parsed ? parsed->if_object() : nullptr;
  if (answer == nullptr) co_return result;
  // One that a person has allowed before.
  auto* const allowed = answer->contains("approval") ? answer->find("result") : nullptr;
  if (allowed != nullptr && allowed->is_object()) {
    json::Object inner = std::move(*allowed->if_object());
    *answer = std::move(inner);
  }
  const bool only_shown = given.find(kDryRun) != nullptr && answer->contains("dry_run");
  const auto* id = answer->find(tool.integration->pagination.id_field);
  if (id == nullptr && !only_shown) {
    add_notice(*answer,
               "It has no id in the API's answer, so that what belongs to it was not "
               "begun: " +
                   say_left_out(all) + '.');
    result.text = json::to_string(json::Value(std::move(*answer)));
    co_return result;
  }
  const json::Value own_id =
      only_shown ? json::Value(context.unmade.value_or(CallContext::kLastUnmade + 1) - 1) : *id;
  std::size_t failed = 0;
  const auto used = std::min(context.max_result_bytes, result.text.size() + 500);
  const auto room = (context.max_result_bytes - used) / all.size();
  for (Others& others : all) {
    complete(others, own_id, given);
    CallContext own = context;
    if (only_shown) {
      own.unmade = own_id.as_int64();
      for (auto& record : others.records) record[kDryRun] = true;
    }
    own.max_result_bytes = room;
    const CallResult made =
        co_await write_records(runtime, *others.tool, std::move(others.records), own, call);
    result.upstream_bytes += made.upstream_bytes;
    result.credentials_refused = result.credentials_refused || made.credentials_refused;
    if (made.rate_limit) result.rate_limit = made.rate_limit;
    auto told = json::parse(made.text);
    if (!told) continue;
    // That none was made is said by the counts; the call made what they belong to.
    if (auto* const members = told->if_object()) {
      members->erase("error");
      members->erase("request_id");
      for (const std::string_view what :
           {"failed", "not_sent", "waiting_for_approval", "unknown"}) {
        failed += static_cast<std::size_t>(told->int64_or(what, 0));
      }
    }
    if (only_shown) {
      say_unmade(*told, json::to_string(own_id), "{id of the " + label_of(tool) + "}");
    }
    answer->append(others.nested->argument, std::move(*told));
  }
  if (only_shown && (failed > 0 || !context.unmade)) {
    add_notice(*answer,
               "What belongs to it would be sent after it, with its id; names within it are looked "
               "up then." +
                   (failed == 0 ? ""
                                : " " + counted(static_cast<std::int64_t>(failed), "record") +
                                      " would be refused: each says why."));
  } else if (failed > 0 && !only_shown) {
    add_notice(*answer, counted(static_cast<std::int64_t>(failed), "record") +
                            " that should belong to it " + (failed == 1 ? "is" : "are") +
                            " not there: each says why. Make them by calls of their own, with the "
                            "id of this one.");
  }
  result.text = json::to_string(json::Value(std::move(*answer)));
  co_return result;
}

}  // namespace patchbay::gateway
