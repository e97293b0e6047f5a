#include "gateway/writes/write.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gateway/answers/applied.h"
#include "gateway/answers/brief.h"
#include "gateway/answers/envelope.h"
#include "gateway/answers/record.h"
#include "gateway/answers/shape.h"
#include "gateway/arguments/upload.h"
#include "gateway/call/record.h"
#include "gateway/names/distinct.h"
#include "gateway/names/lookups.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/asked_for.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "gateway/sending/refusal.h"
#include "gateway/writes/gone.h"
#include "gateway/writes/look.h"
#include "gateway/writes/looked_at.h"
#include "gateway/writes/moved.h"
#include "gateway/writes/overlaps.h"
#include "gateway/writes/remarks.h"
#include "gateway/writes/warnings.h"
#include "integration/whole_body.h"
#include "json/write.h"
#include "upstream/own_words.h"

namespace patchbay::gateway {

namespace {

// What a write is known by when the API answers with nothing: what its path names, parents first.
std::string bare_confirmation(const Call& call, const Arguments& arguments, std::string_view verb) {
  json::Object out;
  for (const auto& name : call.method().path.names()) {
    const auto* argument = call.find_argument(name);
    const auto* value = arguments.find(name);
    const bool names_it =
        argument != nullptr && argument->place == integration::ArgumentPlace::path;
    if (names_it && value != nullptr) out.append(name, *value);
  }
  out.append(std::string(verb), true);
  return json::to_string(out);
}

// What a method that answers with nothing has done.
std::string_view done_by(integration::MethodKind kind) {
  switch (kind) {
    case integration::MethodKind::update:
      return "updated";
    case integration::MethodKind::create:
      return "created";
    case integration::MethodKind::delete_:
      return "deleted";
    default:
      return "done";
  }
}

// Whether an answer without content says that it was done (RFC 9110 sections 15.3.2 and 15.3.5). A
// 200 without any is also what proxies give.
bool nothing_is_yes(int status) {
  return status == 201 || status == 204;
}

// What says no more than an empty answer does: null, false, {} and [].
bool says_nothing(const json::Value& answer) {
  if (const auto* flag = answer.if_bool()) return !*flag;
  const auto* object = answer.if_object();
  const auto* list = answer.if_array();
  return answer.is_null() || (object != nullptr && object->empty()) ||
         (list != nullptr && list->empty());
}

// A method of its own name that is guarded against a second record of its kind makes one as well: a
// ticket of an opportunity.
bool makes_a_record(const integration::Method& method) {
  return method.kind == integration::MethodKind::create ||
         (method.kind == integration::MethodKind::custom && !method.duplicate_guards.empty());
}

// Who takes a list of one may answer with one: what is in it is the record.
void take_out_of_list(const integration::Method& method, json::Value& parsed, std::string& body) {
  const auto* list = parsed.if_array();
  if (method.body_list != integration::kWholeBody || list == nullptr || list->size() != 1) return;
  json::Value one = list->front();
  parsed = std::move(one);
  body.erase(body.find_last_of(']'));
  body.erase(0, body.find('[') + 1);
}

// Whether the answer shows the record that was made or changed. `is_yes`: its status says alone
// that it was done.
Outcome<> check_shown(const Call& call, const Bound& bound, const json::Value& answer, bool is_yes,
                      const std::string& status) {
  const bool has_id = upstream::has_id(call.integration(), answer);
  // What is created has an id to tell.
  if (makes_a_record(call.method()) && !has_id && !is_yes) {
    return cannot_tell(call, "The API's answer " + status + " shows no record that it has made.");
  }
  if (call.method().kind != integration::MethodKind::update) return {};
  // An update is told by the record that it left.
  const bool knows_ids =
      call.resource().find_field(call.integration().pagination.id_field) != nullptr;
  const bool shows_record = has_id || (answer.is_object() && !knows_ids);
  if (!shows_record && !is_yes) {
    return cannot_tell(call,
                       "The API's answer " + status + " shows no record that it has changed.");
  }
  const auto asked = id_asked(call, call.method().path, bound.path);
  if (is_another(call, asked, answer)) {
    return cannot_tell(call, say_another(call, asked, answer));
  }
  return {};
}

// What such a read shows of a record; null: nothing.
const json::Value* find_touched(const json::Array& touches, const std::string& id_field,
                                std::int64_t id) {
  const auto found = std::ranges::find_if(
      touches, [&](const json::Value& touched) { return touched.int64_or(id_field, 0) == id; });
  return found != touches.end() ? &*found : nullptr;
}

// "Success" is the API's word. The records say whether they are other than before: those that are
// acted on, which the last of the arguments names.
io::Task<> tell_what_came_of_it(Call& call, const Prepared& prepared) {
  const auto before = call.touches;
  if (!co_await look_again(call, prepared)) co_return;
  const auto& id_field = call.integration().pagination.id_field;
  std::vector<std::string> unchanged;
  bool remarked = false;
  for (const auto& looked : call.method().looks_at) {
    if (!looked.again) continue;
    for (const auto id : ids_given(call, prepared.arguments, prepared.names, looked.ids.back())) {
      const auto* was = find_touched(before, id_field, id);
      const auto* is = find_touched(call.touches, id_field, id);
      // What is said of a record holds of one that is read, where the answer shows none.
      if (is != nullptr && !remarked) remarked = tell_remarks(call, prepared, *is);
      if (was != nullptr && is != nullptr && json::to_string(*was) == json::to_string(*is)) {
        unchanged.push_back(std::string(is->string_or("record", "record")) + ' ' +
                            std::to_string(id));
      }
    }
  }
  if (unchanged.empty()) co_return;
  call.add_notice("The API says that it was done, but " + join(unchanged, " and ") +
                  (unchanged.size() == 1 ? " reads" : " read") +
                  " the same as before it (touches): read the record before you say that it was.");
}

}  // namespace

std::string tell_done(Call& call, const Prepared& prepared) {
  return write_record(call,
                      bare_confirmation(call, prepared.arguments, done_by(call.method().kind)),
                      resolved_names(prepared.arguments, prepared.names));
}

io::Task<Outcome<std::string>> tell_record(Call& call, const Prepared& prepared,
                                           const json::Value& record) {
  // With room behind it, as the shaping reads on.
  upstream::Answer found{.body = json::to_string(record)};
  found.body.reserve(found.body.size() + json::kPadding);
  auto shaped = co_await shape_record_of(call, prepared.arguments, found);
  if (!shaped) co_return refuse(std::move(shaped.error()));
  shaped = briefly(call, prepared.arguments, std::move(*shaped));
  co_return co_await write_large_record(call, std::move(*shaped),
                                        resolved_names(prepared.arguments, prepared.names));
}

io::Task<Outcome<std::string>> write(Call& call, const Prepared& prepared) {
  const auto& [arguments, names, bound] = prepared;
  const auto kind = call.method().kind;
  upstream::Request request;
  request.verb = call.method().verb;
  request.path = bound.path;
  request.query = bound.query;
  if (bound.upload) {
    add_multipart_body(call.method(), bound, request);
  } else if (bound.has_body) {
    request.body = json::to_string(bound.body);
  }
  auto answer = co_await write_upstream(call, arguments, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  const bool is_empty = co_await off_loop(call, answer->body.size(),
                                          [&answer] { return trim(answer->body).empty(); });
  const bool is_yes = nothing_is_yes(answer->status);
  const std::string status = "(HTTP " + std::to_string(answer->status) + ')';
  if (is_empty && is_yes) {
    co_await tell_what_came_of_it(call, prepared);
    co_return tell_done(call, prepared);
  }
  // Content in place of nothing, or nothing where that is no yes: the record itself tells.
  if (kind == integration::MethodKind::delete_) {
    if (auto gone = co_await check_gone(call, prepared, status); !gone) {
      co_return std::unexpected(std::move(gone.error()));
    }
    co_await tell_what_came_of_it(call, prepared);
    co_return tell_done(call, prepared);
  }
  if (is_empty) co_return cannot_tell(call, "The API answered with nothing " + status + '.');
  auto parsed = co_await parse_answer(call, *answer);
  const LetGo ending(call, answer->body.size(), parsed);
  if (!parsed) co_return cannot_tell(call, "The API's answer broke off or could not be read.");
  take_out_of_list(call.method(), *parsed, answer->body);
  if (says_nothing(*parsed) && !is_yes) {
    co_return cannot_tell(call, "The API's answer " + status + " does not say that it was done.");
  }
  co_await tell_what_came_of_it(call, prepared);
  if (auto shown = check_shown(call, bound, *parsed, is_yes, status); !shown) {
    co_return std::unexpected(std::move(shown.error()));
  }
  if (!parsed->is_object()) co_return tell_done(call, prepared);
  if (makes_a_record(call.method())) note_record(call, *parsed);
  if (kind == integration::MethodKind::create) remember_made(call, prepared, *parsed);
  const bool names_hold = co_await off_loop(call, answer->body.size(), [&] {
    const bool agrees = compare_with_sent(call, arguments, names, *parsed);
    tell_what_came_along(call, prepared, *parsed);
    tell_remarks(call, prepared, *parsed);
    return agrees;
  });
  if (!names_hold) {
    call.loop.lookups.drop(call.lookup_keys);
    call.services.contradictions.add(*call.context.account);
  }
  co_await tell_warnings(call, prepared, *parsed);
  co_await tell_overlaps(call, prepared, *parsed);
  auto record = co_await shape_record_of(call, arguments, *answer);
  if (!record) co_return cannot_tell(call, "The API's answer could not be read.");
  record = co_await off_loop(call, record->size(),
                             [&] { return briefly(call, arguments, std::move(*record)); });
  co_return co_await write_large_record(call, std::move(*record), resolved_names(arguments, names));
}

}  // namespace patchbay::gateway
