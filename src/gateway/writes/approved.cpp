#include "gateway/writes/approved.h"

#include <set>
#include <utility>

#include "base/text.h"
#include "gateway/answers/envelope.h"
#include "gateway/call/labels.h"
#include "gateway/names/dependents.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/asked_for.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "gateway/writes/dry_run.h"
#include "gateway/writes/look_first.h"
#include "gateway/writes/once.h"
#include "json/parse.h"

namespace patchbay::gateway {

using integration::MethodKind;

namespace {

// Of a record that is to be deleted: enough to know it by.
constexpr std::size_t kMostMembers = 40;
constexpr std::size_t kMostBytesBefore = 300;

bool may_be_read_whole(const Call& call) {
  const auto* get = call.resource().find_method("get");
  return get != nullptr && get->path.text() == call.method().path.text();
}

// Another record as its id and its name; whatever else an API tells of it changes by itself.
json::Value shown_value(const Call& call, const json::Value& value) {
  if (const auto* id = value.find(call.integration().pagination.id_field)) {
    return json::Object{{"id", *id}, {"name", label_in(call.integration(), value)}};
  }
  return value;
}

json::Value changed_fields(const Call& call, const std::set<std::string>& fields,
                           const json::Object& record) {
  json::Object before;
  for (const auto& field : fields) {
    const auto* value = record.find(field);
    before.append(field, value != nullptr ? shown_value(call, *value) : json::Value());
  }
  return before;
}

// Without lists, and without what the API keeps for itself ("_info").
json::Value known_by(const Call& call, const json::Object& record) {
  json::Object before;
  for (const auto& [name, value] : record) {
    if (before.size() == kMostMembers) break;
    if (name.starts_with('_') || value.is_array() || value.is_null()) continue;
    const bool is_record = value.find(call.integration().pagination.id_field) != nullptr;
    if (value.is_object() && !is_record) continue;
    const auto* text = value.if_string();
    before.append(name, text != nullptr ? json::Value(cut_utf8(*text, kMostBytesBefore))
                                        : shown_value(call, value));
  }
  return before;
}

// Null: the write changes no record that can be read.
io::Task<Outcome<json::Value>> read_before(Call& call, const Prepared& prepared) {
  const auto& method = call.method();
  const bool updates = method.kind == MethodKind::update && !method.record_path.empty();
  const bool deletes = method.kind == MethodKind::delete_ && may_be_read_whole(call);
  if (!updates && !deletes) co_return json::Value();
  const auto& template_of = updates ? method.record_path : method.path;
  auto path = fill_path(method, prepared.arguments, prepared.names, template_of);
  if (!path) co_return std::unexpected(std::move(path.error()));
  std::set<std::string> fields;
  if (updates) {
    fields = given_fields(call, prepared.arguments);
    const auto& custom = call.integration().custom_fields.field;
    if (!custom.empty() && prepared.arguments.has(custom)) fields.insert(custom);
  }
  const auto asked = id_asked(call, template_of, *path);
  upstream::Request request;
  request.path = std::move(*path);
  if (updates) {
    std::vector<std::string> wanted = {call.integration().pagination.id_field};
    wanted.insert(wanted.end(), fields.begin(), fields.end());
    add_parameter(request.query, call.integration().pagination.fields_parameter, join(wanted, ","));
  }
  auto answer = co_await read_upstream(call, prepared.arguments, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto record = co_await parse_answer(call, *answer);
  const LetGo ending(call, answer->body.size(), record);
  if (!record || !record->is_object()) {
    co_return refuse(ErrorCode::upstream, "The API's answer was no record.");
  }
  if (is_another(call, asked, *record)) co_return refuse_another(call, asked, *record);
  co_return co_await off_loop(call, answer->body.size(), [&] {
    return updates ? changed_fields(call, fields, *record->if_object())
                   : known_by(call, *record->if_object());
  });
}

}  // namespace

io::Task<Outcome<json::Value>> show_for_approval(Call& call, const Prepared& prepared) {
  if (auto looked = co_await look_first(call, prepared); !looked) {
    co_return std::unexpected(std::move(looked.error()));
  }
  auto before = co_await read_before(call, prepared);
  if (!before) co_return std::unexpected(std::move(before.error()));
  json::Object shown;
  const upstream::Account& account = *call.context.account;
  shown.append("to",
               json::Object{{"address", account.origin()}, {"account", account.fingerprint()}});
  shown.append("request", shown_request(call, prepared.bound));
  if (!before->is_null()) shown.append("before", std::move(*before));
  if (!call.touches.empty()) shown.append("touches", call.touches);
  const auto names = resolved_names(prepared.arguments, prepared.names);
  if (auto read = json::parse(names); !names.empty() && read) {
    shown.append("names", std::move(*read));
  }
  co_return json::Value(std::move(shown));
}

std::unexpected<ToolError> refuse_changed(Call& call, json::Value shown_now) {
  call.shown_now = std::move(shown_now);
  return refuse(ErrorCode::conflict,
                "What was approved is not what would be sent any more: the records have changed "
                "since. Nothing was sent.",
                "It is asked for again, as it is now.");
}

io::Task<Outcome<std::string>> write_as_approved(Call& call, const Prepared& prepared) {
  auto shown = co_await show_for_approval(call, prepared);
  if (!shown) co_return std::unexpected(std::move(shown.error()));
  if (*shown != *call.context.approved) co_return refuse_changed(call, std::move(*shown));
  call.notice.clear();
  co_return co_await write_once(call, prepared);
}

}  // namespace patchbay::gateway
