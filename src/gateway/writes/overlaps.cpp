#include "gateway/writes/overlaps.h"

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/fill_path.h"
#include "gateway/names/lookups.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "integration/model.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::FieldType;
using integration::FilterOperator;

namespace {

constexpr std::size_t kMostTold = 5;

struct Span {
  json::Value of;  // an id
  std::string from;
  std::string to;
  std::optional<std::int64_t> own;  // the record itself
};

// What the call says of the field, or else the record.
json::Value said(const Call& call, const Prepared& prepared, const json::Value* record,
                 const std::string& field) {
  for (const auto& argument : call.method().arguments) {
    const auto* given = prepared.arguments.find(argument.name);
    if (given == nullptr || argument.place != integration::ArgumentPlace::body ||
        argument.field() != field) {
      continue;
    }
    const auto* resolution = prepared.names.find(argument);
    if (resolution != nullptr && resolution->records.size() == 1) {
      return resolution->records.front().id;
    }
    return *given;
  }
  const auto* value = record != nullptr ? record->find(field) : nullptr;
  if (value == nullptr) return nullptr;
  const auto* id = value->find("id");
  return id != nullptr ? *id : *value;
}

std::optional<Span> span_of(const Call& call, const Prepared& prepared, const json::Value* record) {
  const auto& overlap = call.method().overlap;
  Span span;
  span.of = said(call, prepared, record, overlap.of);
  const auto from = said(call, prepared, record, overlap.from);
  const auto to = said(call, prepared, record, overlap.to);
  const auto* start = from.if_string();
  const auto* end = to.if_string();
  if (span.of.is_null() || start == nullptr) return std::nullopt;
  span.from = *start;
  if (end != nullptr) {
    span.to = *end;
  } else {
    const auto hours = said(call, prepared, record, overlap.hours).as_double();
    const auto begins = parse_iso8601(*start, TimeZone::utc());
    if (!hours || !begins || *hours <= 0) return std::nullopt;
    span.to = format_utc(*begins + std::chrono::seconds(std::llround(*hours * 3600)));
  }
  if (const auto* id = prepared.arguments.find(call.integration().pagination.id_field)) {
    span.own = id->as_int64();
  }
  if (const auto* id =
          record != nullptr ? record->find(call.integration().pagination.id_field) : nullptr) {
    span.own = id->as_int64();
  }
  return span;
}

// What the record of a small list is called, beside the code that a reference shows of it.
io::Task<std::string> full_name(Call& call, const integration::Field& field,
                                const json::Value& value) {
  const auto* id = value.find("id");
  std::string label(label_in(call.integration(), value));
  const auto* resource =
      field.lookup ? call.integration().find_resource(field.lookup->resource) : nullptr;
  const auto* list = resource != nullptr ? resource->find_method("list") : nullptr;
  if (id == nullptr || list == nullptr || value.find(name_field(call.integration())) != nullptr) {
    co_return label;
  }
  LookupQuery query;
  query.resource = resource;
  query.path = list->path.text();
  const auto all = co_await call.loop.lookups.get(call, std::move(query));
  if (!all) co_return label;
  co_return co_await off_loop(call, (*all)->bytes, [&] {
    for (const auto& record : (*all)->records) {
      const auto* known = record.find(call.integration().pagination.id_field);
      if (known != nullptr && known->as_int64() == id->as_int64()) {
        return std::string(label_in(call.integration(), record));
      }
    }
    return label;
  });
}

io::Task<std::string> shown(Call& call, const json::Value& record) {
  const auto& overlap = call.method().overlap;
  std::string out;
  if (const auto* owner = record.find(overlap.of)) {
    out = std::string(label_in(call.integration(), *owner)) + ' ';
  }
  out += std::string(record.string_or(overlap.from, "")) + " to " +
         std::string(record.string_or(overlap.to, ""));
  for (const auto& name : overlap.show) {
    const auto* value = json::find_at(record, name);
    const auto* field = call.resource().find_field(name);
    if (value == nullptr || value->is_null() || field == nullptr) continue;
    std::string text;
    if (value->is_object()) {
      text = co_await full_name(call, *field, *value);
    } else {
      text = as_text(*value);
    }
    if (!text.empty()) out += ", " + name + " '" + std::string(cut_utf8(text, 80)) + '\'';
  }
  if (const auto* id = record.find(call.integration().pagination.id_field)) {
    std::string singular = call.resource().singular;
    out +=
        " (" + singular.replace(0, singular.rfind('_') + 1, "") + ' ' + json::to_string(*id) + ')';
  }
  co_return out;
}

// What overlaps, as a sentence; "" if nothing does, or too little is said to compare. Never an
// error: the sentence then says that it could not be looked up.
io::Task<std::string> describe_overlaps(Call& call, const Prepared& prepared,
                                        const json::Value* record) {
  const auto& overlap = call.method().overlap;
  const auto* list = call.resource().find_method("list");
  const auto* dialect = call.filter_dialect();
  if (overlap.from.empty() || list == nullptr || dialect == nullptr) co_return std::string();
  const auto span = span_of(call, prepared, record);
  if (!span) co_return std::string();
  const auto& pagination = call.integration().pagination;
  const auto filter = dialect->write({
      {overlap.of + '/' + pagination.id_field, FilterOperator::equal, FieldType::integer, span->of},
      {overlap.from, FilterOperator::less, FieldType::date_time, span->to},
      {overlap.to, FilterOperator::greater, FieldType::date_time, span->from},
  });
  if (!filter) co_return std::string();
  std::vector<std::string> fields = {pagination.id_field, overlap.from, overlap.to, overlap.of};
  fields.insert(fields.end(), overlap.show.begin(), overlap.show.end());
  upstream::Request request;
  request.path = list->path.text();
  add_parameter(request.query, pagination.filter_parameter, *filter);
  add_parameter(request.query, pagination.fields_parameter, join(fields, ","));
  add_parameter(request.query, pagination.size_parameter, std::to_string(kMostTold + 2));
  constexpr const char* kUnknown = "Whether it overlaps with other times could not be looked up.";
  auto answer = co_await look_up(call, call.resource(), std::move(request));
  if (!answer) co_return std::string(kUnknown);
  auto found = co_await read_records(call, *list, *answer);
  if (!found) co_return std::string(kUnknown);
  const LetGo ending(call, found->bytes, found->records);
  co_await off_loop(call, found->bytes, [&] {
    std::erase_if(found->records, [&](const json::Value& other) {
      const auto* id = other.find(pagination.id_field);
      return id != nullptr && span->own && id->as_int64() == span->own;
    });
  });
  std::vector<std::string> told;
  for (const auto& other : found->records) {
    if (told.size() == kMostTold) {
      told.emplace_back("…");
      break;
    }
    told.push_back(co_await shown(call, other));
  }
  if (told.empty()) co_return std::string();
  co_return "It overlaps with: " + join(told, "; ") + '.';
}

}  // namespace

namespace {

// Whether the call says anything of when it is, or whose.
bool is_concerned(const Call& call, const Prepared& prepared) {
  const auto& overlap = call.method().overlap;
  const auto given = [&](const std::string& field) {
    return !field.empty() && !said(call, prepared, nullptr, field).is_null();
  };
  return given(overlap.from) || given(overlap.to) || given(overlap.hours) || given(overlap.of);
}

// Of an update what it does not say stands in the record.
json::Value stands(const Prepared& prepared) {
  return json::Value(prepared.names.before);
}

}  // namespace

io::Task<> tell_overlaps(Call& call, const Prepared& prepared, const json::Value& record) {
  const auto before = stands(prepared);
  // Told already, where enough was known before.
  if (!is_concerned(call, prepared) || span_of(call, prepared, &before)) co_return;
  const auto overlaps = co_await describe_overlaps(call, prepared, &record);
  if (!overlaps.empty()) call.add_notice(overlaps);
}

io::Task<> tell_overlaps(Call& call, const Prepared& prepared) {
  if (!is_concerned(call, prepared)) co_return;
  const auto before = stands(prepared);
  const auto overlaps = co_await describe_overlaps(call, prepared, &before);
  if (!overlaps.empty()) call.add_notice(overlaps);
  // Whose it becomes is the API's choice: the answer tells it, a dry run cannot.
  const auto& of = call.method().overlap.of;
  const auto& from = call.method().overlap.from;
  if (prepared.arguments.flag("dry_run") && said(call, prepared, &before, of).is_null() &&
      !said(call, prepared, &before, from).is_null()) {
    call.add_notice("Whether it overlaps with other times cannot be told yet: " + of +
                    " is not given.");
  }
}

io::Task<> explain_overlaps(Call& call, const Prepared& prepared, ToolError& error) {
  const auto& overlap = call.method().overlap;
  const bool refused = error.was_applied == Applied::no && call.upstream_status >= 400 &&
                       call.upstream_status < 500 && call.upstream_status != 404;
  if (overlap.from.empty() || !refused) co_return;
  // What names a record that is not there was not refused for its times.
  if (!error.leads.unknown_references.empty()) co_return;
  std::optional<json::Value> current;
  std::size_t bytes = 0;
  if (call.method().kind == integration::MethodKind::update) {
    upstream::Request request;
    request.path = prepared.bound.path;
    auto answer = co_await look_up(call, call.resource(), std::move(request));
    if (!answer) co_return;
    auto record = co_await parse_answer(call, *answer);
    if (!record) co_return;
    current = std::move(*record);
    bytes = answer->body.size();
  }
  const LetGo ending(call, bytes, current);
  const auto told = co_await describe_overlaps(call, prepared, current ? &*current : nullptr);
  if (!told.empty()) error.message += (error.message.ends_with('.') ? " " : ". ") + told;
}

}  // namespace patchbay::gateway
