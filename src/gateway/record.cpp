#include <algorithm>

#include "base/text.h"
#include "gateway/expansions.h"
#include "gateway/shape_plans.h"
#include "gateway/size.h"
#include "gateway/stages.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

bool begins_with(std::string_view body, char wanted) {
  const auto text = trim(body);
  return !text.empty() && text.front() == wanted;
}

// Puts further members at the end of a JSON object.
void append_members(std::string& record, std::string_view members) {
  if (members.empty()) return;
  const auto end = record.rfind('}');
  const bool empty = record.find_first_not_of(" {") == end;
  record.insert(end, (empty ? "" : ",") + std::string(members));
}

std::string notice_member(const Call& call) {
  if (call.notice.empty()) return {};
  std::string member = "\"notice\":";
  json::append_string(member, call.notice);
  return member;
}

// A bare array of whatever: as a list that has no further pages.
std::string assemble_array(Call& call, const ShapedList& list) {
  const auto cap = call.context.max_result_bytes;
  std::size_t kept = list.records.size();
  const auto tail = [&] {
    std::string out = "],\"result_count\":" + std::to_string(kept);
    if (kept < list.records.size()) {
      out += ",\"notice\":\"Cut at " + std::to_string(kept) + " of " +
             std::to_string(list.records.size()) + " records to stay within the size limit.\"";
    }
    return out + '}';
  };
  const auto end_of = [&] { return kept == 0 ? 1 : list.records[kept - 1].end; };
  constexpr std::string_view kHead = "{\"result\":";
  while (kept > 0 && kHead.size() + end_of() + tail().size() > cap) --kept;
  return std::string(kHead) + (kept == 0 ? "[" : list.text.substr(0, end_of())) + tail();
}

// What a write is known by when the API answers with nothing: what its path names, parents first.
std::string bare_confirmation(const Call& call, std::string_view verb) {
  std::vector<std::pair<std::size_t, std::string_view>> named;
  for (const auto& argument : call.method().arguments) {
    const auto at = call.method().path.find('{' + argument.name + '}');
    if (argument.place == integration::Place::path && at != std::string::npos) {
      named.emplace_back(at, argument.name);
    }
  }
  std::ranges::sort(named);
  json::Object out;
  for (const auto& [at, name] : named) {
    if (const auto* value = call.arguments.find(name)) out.append(std::string(name), *value);
  }
  out.append(std::string(verb), true);
  return json::to_string(out);
}

}  // namespace

std::string resolved_member(const Call& call) {
  json::Object resolved;
  for (const auto& resolution : call.resolutions) {
    if (!resolution.by_name || !resolution.looked_up) continue;
    json::Array records;
    for (const auto& named : resolution.records) {
      records.push_back(json::Object{{"id", named.id}, {"name", named.name}});
    }
    const bool several = call.arguments.find(resolution.argument->name)->is_array();
    resolved.append(resolution.argument->name, several || records.empty()
                                                   ? json::Value(std::move(records))
                                                   : std::move(records.front()));
  }
  return resolved.empty() ? std::string() : "\"resolved\":" + json::to_string(resolved);
}

std::string assemble_record(Call& call, std::string record, std::string members) {
  const auto with_notice = [&] {
    const auto notice = notice_member(call);
    return members.empty() || notice.empty() ? members + notice : members + ',' + notice;
  };
  const auto cap = call.context.max_result_bytes;
  if (record.size() + with_notice().size() + 1 > cap) {
    call.add_notice(
        "The record was too large; its longest texts are cut. Ask for single fields "
        "to see them whole.");
    const auto taken = with_notice().size() + 1;
    record = fit_record(std::move(record), cap > taken ? cap - taken : 0).text;
  }
  append_members(record, with_notice());
  return record;
}

io::Task<Step<std::string>> get(Call& call) {
  auto fields = choose_fields(call, call.method().default_fields, {});
  if (!fields) co_return std::unexpected(std::move(fields.error()));
  upstream::Request request;
  request.verb = call.method().verb;
  request.path = call.path;
  request.query = call.query;
  const auto& pagination = call.integration().pagination;
  add_parameter(request.query, pagination.filter_parameter, call.filter);
  add_parameter(request.query, pagination.fields_parameter, *fields);
  if (call.has_body) request.body = json::to_string(call.body);
  auto answer = co_await send(call, std::move(request), false);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  if (begins_with(answer->body, '[')) {
    const auto list = co_await shape_list_of(call, answer->body);
    if (list) co_return assemble_array(call, *list);
  }
  auto record = co_await shape_record_of(call, answer->body);
  if (!record || !begins_with(*record, '{')) {
    co_return stop(ErrorCode::upstream, "The API's answer was no record.",
                   "Try again once; if it stays so, whoever runs this server must look into it.");
  }
  const auto expansions = active_expansions(call);
  if (!expansions.empty()) {
    std::vector<std::string> records = {std::move(*record)};
    if (auto expanded = co_await expand(call, expansions, records); !expanded) {
      co_return std::unexpected(std::move(expanded.error()));
    }
    *record = std::move(records.front());
  }
  co_return assemble_record(call, std::move(*record), "");
}

io::Task<Step<std::string>> write(Call& call) {
  upstream::Request request;
  request.verb = call.method().verb;
  request.path = call.path;
  request.query = call.query;
  if (call.upload) {
    add_multipart_body(call, request);
  } else if (call.has_body) {
    request.body = json::to_string(call.body);
  }
  auto answer = co_await send(call, std::move(request), true);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  const auto resolved = resolved_member(call);
  if (call.method().kind == integration::MethodKind::delete_) {
    co_return assemble_record(call, bare_confirmation(call, "deleted"), resolved);
  }
  if (begins_with(answer->body, '{')) {
    if (const auto parsed = json::parse(answer->body)) compare_with_sent(call, *parsed);
    auto record = co_await shape_record_of(call, answer->body);
    if (record) co_return assemble_record(call, std::move(*record), resolved);
  }
  const bool updates = call.method().kind == integration::MethodKind::update;
  const bool creates = call.method().kind == integration::MethodKind::create;
  if (!trim(answer->body).empty()) {
    call.add_notice("The API accepted it, but its answer could not be read.");
  }
  co_return assemble_record(call,
                            bare_confirmation(call, updates   ? "updated"
                                                    : creates ? "created"
                                                              : "done"),
                            resolved);
}

}  // namespace patchbay::gateway
