#include "gateway/answers/record.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gateway/answers/envelope.h"
#include "gateway/answers/expansions.h"
#include "gateway/answers/shape.h"
#include "gateway/answers/size.h"
#include "gateway/arguments/fields.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/asked_for.h"
#include "gateway/sending/off_loop.h"
#include "json/parse.h"
#include "json/raw.h"
#include "json/write.h"
#include "upstream/own_words.h"

namespace patchbay::gateway {

namespace {

// A bare array of whatever: as a list that has no further pages.
std::string write_array(const Call& call, const ShapedList& list) {
  const auto cap = call.context.max_result_bytes;
  std::size_t kept = list.records.size();
  const auto head = [&] {
    Envelope envelope{.result_count = static_cast<std::int64_t>(kept)};
    if (kept < list.records.size()) {
      envelope.notice = "Cut at " + std::to_string(kept) + " of " +
                        std::to_string(list.records.size()) +
                        " records to stay within the size limit.";
    }
    return list_head(envelope.members(), static_cast<std::int64_t>(kept));
  };
  const auto count = [&] { return static_cast<std::int64_t>(kept); };
  // The records stand with a bracket before them and a comma between them; each comma becomes a
  // comma and a line's end.
  const auto records = [&] { return kept == 0 ? 0 : list.records[kept - 1].end - 1 + kept - 1; };
  while (kept > 1 && head().size() + records() + list_end(count()).size() > cap) --kept;
  std::string out = head();
  const auto room = cap - std::min(cap, out.size() + list_end(count()).size());
  for (std::size_t i = 0; i < kept; ++i) {
    if (i > 0) out += kBetweenRecords;
    const auto& record = list.records[i];
    const auto text = std::string_view(list.text).substr(record.begin, record.end - record.begin);
    // Only the first may be too large, if it is alone.
    out += text.size() <= room ? std::string(text) : fit_record(std::string(text), room).text;
  }
  out += list_end(count());
  return out;
}

// The record with its id alone, out of what was shaped of it.
json::Value own_id(const Call& call, std::string_view shaped) {
  const auto& id_field = call.integration().pagination.id_field;
  const auto id = json::parse(json::shaped_value_at(shaped, id_field));
  return json::Object{{id_field, id ? *id : json::Value()}};
}

// What is asked for by its id says it.
bool lacks_id(const Call& call, std::string_view asked, const json::Value& own) {
  return !asked.empty() &&
         call.resource().find_field(call.integration().pagination.id_field) != nullptr &&
         !upstream::has_id(call.integration(), own);
}

}  // namespace

bool begins_with(std::string_view body, char wanted) {
  const auto text = trim(body);
  return !text.empty() && text.front() == wanted;
}

std::string write_record(Call& call, std::string record, std::string resolved) {
  const auto members = [&] {
    return Envelope{.resolved = resolved,
                    .touches = call.touches.empty() ? std::string() : json::to_string(call.touches),
                    .notice = call.notice}
        .members();
  };
  const auto cap = call.context.max_result_bytes;
  if (record.size() + members().size() + 1 > cap) {
    call.add_notice(
        "The record was too large; its longest texts are cut. Ask for single fields "
        "to see them whole.");
    const auto taken = members().size() + 1;
    record = fit_record(std::move(record), cap > taken ? cap - taken : 0).text;
  }
  prepend_members(record, members());
  return record;
}

io::Task<std::string> write_large_record(Call& call, std::string record, std::string resolved) {
  const auto bytes = record.size();
  co_return co_await off_loop(
      call, bytes, [&] { return write_record(call, std::move(record), std::move(resolved)); });
}

io::Task<Outcome<std::string>> read_record(Call& call, const Prepared& prepared) {
  const auto& [arguments, names, bound] = prepared;
  auto fields = choose_fields(call, arguments, call.method().default_fields, {});
  if (!fields) co_return std::unexpected(std::move(fields.error()));
  upstream::Request request;
  request.verb = call.method().verb;
  request.path = bound.path;
  request.query = bound.query;
  const auto& pagination = call.integration().pagination;
  add_parameter(request.query, pagination.filter_parameter, bound.filter);
  add_parameter(request.query, pagination.fields_parameter, *fields);
  if (bound.has_body) request.body = json::to_string(bound.body);
  auto answer = co_await read_upstream(call, arguments, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  if (begins_with(answer->body, '[')) {
    const auto list = co_await shape_list_of(call, arguments, *answer);
    if (list) {
      co_return co_await off_loop(call, list->text.size(),
                                  [&call, &list] { return write_array(call, *list); });
    }
  }
  auto record = co_await shape_record_of(call, arguments, *answer);
  const auto asked = id_asked(call, call.method().path, bound.path);
  const std::string_view shaped = record ? std::string_view(*record) : std::string_view();
  const auto own =
      co_await off_loop(call, shaped.size(), [&call, shaped] { return own_id(call, shaped); });
  if (is_another(call, asked, own)) co_return refuse_another(call, asked, own);
  if (!record || !begins_with(*record, '{') || lacks_id(call, asked, own)) {
    co_return refuse(ErrorCode::upstream, "The API's answer was no record.",
                     "Try again once; if it stays so, whoever runs this server must look into it.");
  }
  const auto expansions = active_expansions(call, arguments);
  if (!expansions.empty()) {
    std::vector<std::string> records = {std::move(*record)};
    if (auto expanded = co_await expand(call, arguments, expansions, records); !expanded) {
      co_return std::unexpected(std::move(expanded.error()));
    }
    *record = std::move(records.front());
  }
  co_return co_await write_large_record(call, std::move(*record), "");
}

}  // namespace patchbay::gateway
