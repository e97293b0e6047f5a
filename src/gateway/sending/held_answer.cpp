#include "gateway/sending/held_answer.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "gateway/sending/read_answer.h"
#include "json/path.h"
#include "json/shape.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// Takes out the member at "company/id", and what holds nothing else.
void take_out(json::Value& record, std::string_view path) {
  auto* members = record.if_object();
  if (members == nullptr) return;
  const auto slash = path.find('/');
  const auto head = path.substr(0, slash);
  auto* member = members->find(head);
  if (member == nullptr) return;
  if (slash != std::string_view::npos) {
    take_out(*member, path.substr(slash + 1));
    const auto* inner = member->if_object();
    if (inner == nullptr || !inner->empty()) return;
  }
  members->erase(head);
}

void write(const json::Value& answer, std::string& body) {
  std::string text = json::to_string(answer);
  text.reserve(text.size() + json::kPadding);
  body = std::move(text);
}

// The list within an answer, or null.
json::Array* list_in(const reach::Way& way, json::Value& answer) {
  if (auto* list = answer.if_array()) return list;
  const auto* method =
      way.leads == reach::Leads::list ? way.resource->find_method("list") : nullptr;
  if (method == nullptr || method->records_path.empty()) return nullptr;
  json::Value* at = &answer;
  for (const auto name : split(std::string_view(method->records_path).substr(1), '/')) {
    auto* members = at->if_object();
    at = members != nullptr ? members->find(name) : nullptr;
    if (at == nullptr) return nullptr;
  }
  return at->if_array();
}

// Whether a record shows that it is another's.
bool shows_another(const reach::Reach& reach, const integration::Resource& resource,
                   const json::Value& record) {
  return std::ranges::any_of(reach.terms(resource), [&](const reach::Term& term) {
    const auto* value = json::find_at(record, term.field);
    return value != nullptr && !value->is_null() && !term.limit->allows(*value);
  });
}

// Of what was done to a record: words like "success" are described nowhere, and are nobody's.
void cut_part(const reach::Reach& reach, const integration::Resource& resource,
              json::Value& answer) {
  json::Object plain;
  for (const auto& [name, value] : *answer.if_object()) {
    if (!value.is_object() && !value.is_array()) plain.append(name, value);
  }
  reach.cut(resource, answer);
  for (auto& [name, value] : plain) answer[name] = std::move(value);
}

template <class IsWithin>
Kept keep(const reach::Reach& reach, const reach::Way& way, const std::vector<std::string>& added,
          std::string& body, IsWithin is_within) {
  Kept kept;
  auto answer = parse_part(body);
  if (!answer) return {.unreadable = true};
  const auto finish = [&](json::Value& record) {
    if (way.leads == reach::Leads::part && record.is_object()) {
      cut_part(reach, *way.resource, record);
    } else {
      reach.cut(*way.resource, record);
    }
    for (const auto& field : added) take_out(record, field);
  };
  if (auto* list = list_in(way, *answer)) {
    kept.dropped = static_cast<std::int64_t>(
        std::erase_if(*list, [&](const json::Value& record) { return !is_within(record); }));
    for (auto& record : *list) finish(record);
  } else if (answer->is_object() && is_within(*answer)) {
    finish(*answer);
  } else {
    return {.nothing = true};
  }
  write(*answer, body);
  return kept;
}

}  // namespace

Kept keep_within(const reach::Reach& reach, const reach::Way& way, std::string_view parent_id,
                 const std::vector<std::string>& added, std::string& body) {
  return keep(reach, way, added, body, [&](const json::Value& record) {
    return reach.holds(*way.resource, record, parent_id);
  });
}

Kept keep_written(const reach::Reach& reach, const reach::Way& way, std::string_view parent_id,
                  std::string& body) {
  const bool is_part = way.leads == reach::Leads::part;
  auto kept = keep(reach, way, {}, body, [&](const json::Value& record) {
    return is_part ? record.is_object() && !shows_another(reach, *way.resource, record)
                   : reach.holds(*way.resource, record, parent_id);
  });
  if (kept.nothing) kept.dropped = 1;
  return kept;
}

void tell_dropped(Call& call, std::int64_t count) {
  if (count == 0) return;
  call.add_notice(std::to_string(count) +
                  (count == 1 ? " record that the API sent is" : " records that the API sent are") +
                  " not within what this MCP server is held to, and left out.");
  const auto& told = call.services.options.get().limit_hit;
  if (told) told(call.context.scope_id, "records of others that an API sent");
}

}  // namespace patchbay::gateway
