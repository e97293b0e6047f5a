#include "gateway/writes/look.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/answers/applied.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/off_loop.h"
#include "gateway/writes/alike.h"
#include "gateway/writes/recent_writes.h"
#include "json/path.h"
#include "upstream/own_words.h"

namespace patchbay::gateway {

using integration::DuplicateGuard;
using integration::FieldType;

namespace {

// An API's clock and ours need not agree.
constexpr std::chrono::minutes kClocksApart{2};
// The same day in another time zone is within it.
constexpr std::chrono::hours kDay{24};
constexpr std::int64_t kMostCompared = 100;

// What the argument sets is the same in its record. False: it is not given, or names no one record.
bool add_given(const Call& call, const Prepared& prepared, const std::string& name,
               Likeness& likeness) {
  const auto* argument = call.find_argument(name);
  const auto* given = prepared.arguments.find(name);
  if (argument == nullptr || given == nullptr || given->is_null()) return false;
  const auto* resolution = prepared.names.find(*argument);
  if (resolution != nullptr && resolution->records.size() != 1) return false;
  auto value = bound_value(prepared.names, *argument, *given);
  if (argument->reference && !value.is_object()) value = json::Object{{"id", std::move(value)}};
  likeness.add_equal(call, call.resource(), argument->field(), value);
  return true;
}

// What tells one of its records from another: what its guards go by, and what it must be given.
// Where no guard does, its numbers, as the id of what it is for.
bool tells_apart(const Call& call, const integration::Argument& argument) {
  const auto& field = argument.field();
  bool guarded = false;
  for (const auto& guard : call.method().duplicate_guards) {
    if (!guard.resource.empty()) continue;
    guarded = true;
    const auto names_it = [&](const std::string& name) {
      return name == field || name == argument.name || name.starts_with(field + '/');
    };
    if (std::ranges::any_of(guard.fields, names_it) ||
        std::ranges::any_of(guard.optional, names_it) ||
        std::ranges::any_of(guard.compared, names_it)) {
      return true;
    }
  }
  return argument.required || (!guarded && argument.type == FieldType::integer);
}

// What its list is asked: what a duplicate is told by, else what a create must be given and what
// tells its records apart. Not more: what an API rewrites or decides by itself would hide the
// record.
Likeness likeness_of(const Call& call, const Prepared& prepared, const DuplicateGuard* guard) {
  Likeness likeness;
  if (guard != nullptr && !guard->fields.empty() &&
      std::ranges::all_of(guard->fields, [&](const auto& field) {
        return add_given(call, prepared, field, likeness);
      })) {
    return likeness;
  }
  likeness = {};
  for (const auto& argument : call.method().arguments) {
    if (argument.place != integration::ArgumentPlace::body) continue;
    const bool names_one = argument.reference || argument.type == FieldType::integer;
    if (!argument.required && !(names_one && tells_apart(call, argument))) continue;
    const auto* field = call.resource().find_field(argument.field());
    const bool compares = field != nullptr && field->filterable && field->returned &&
                          !field->in_info && field->type != FieldType::object &&
                          field->type != FieldType::array;
    if (compares) add_given(call, prepared, argument.name, likeness);
  }
  return likeness;
}

// Whether it is a text by which no list can be asked.
bool is_compared(const Call& call, const std::string& field) {
  return std::ranges::any_of(call.method().duplicate_guards, [&](const auto& guard) {
    return guard.resource.empty() &&
           std::ranges::find(guard.compared, field) != guard.compared.end();
  });
}

std::optional<WallTime> time_in(const json::Value& value) {
  const auto* text = value.if_string();
  if (text == nullptr) return std::nullopt;
  const auto time = parse_iso8601(*text, TimeZone::utc());
  return time ? std::optional<WallTime>(*time) : std::nullopt;
}

// Whether the record is certainly no outcome of the call. An API drops what it does not take, moves
// a time to its own grid and a text to its own form; another number, record or day it does not make
// of what tells records apart.
bool is_other(const Call& call, const Likeness& likeness, const Difference& difference) {
  if (difference.argument == nullptr || difference.has.is_null()) return false;
  // By what its list was asked for, it is the same to the API.
  const auto& name = difference.argument->field();
  const bool was_asked = std::ranges::any_of(likeness.terms, [&](const auto& term) {
    return term.field == name || term.field.starts_with(name + '/');
  });
  if (was_asked) return false;
  const auto type = difference.argument->type;
  if (type == FieldType::date || type == FieldType::date_time) {
    const auto sent = time_in(difference.sent);
    const auto has = time_in(difference.has);
    return sent && has && (*sent - *has >= kDay || *has - *sent >= kDay);
  }
  const auto* field = call.resource().find_field(name);
  const bool is_prose = difference.sent.is_string() && (field == nullptr || field->values.empty());
  if (!is_prose) return tells_apart(call, *difference.argument);
  // One that begins alike was cut.
  return is_compared(call, name) &&
         !alike_text(*difference.sent.if_string()).starts_with(alike_text(as_text(difference.has)));
}

// When the record was made, to the second; nothing: it does not say.
std::optional<WallTime> made_at(const Call& call, const json::Value& record,
                                const std::string& created) {
  const auto* said = json::find_at(record, created);
  if (said == nullptr) {
    const auto* info = record.find(call.integration().shape.info_name);
    said = info != nullptr ? info->find(created) : nullptr;
  }
  return said != nullptr ? time_in(*said) : std::nullopt;
}

std::string id_text(const Call& call, const json::Value& record) {
  const auto* id = record.find(call.integration().pagination.id_field);
  return id != nullptr ? as_text(*id) : std::string();
}

std::string key_of(const Prepared& prepared) {
  const auto* key = prepared.arguments.text("idempotency_key");
  return key != nullptr ? *key : std::string();
}

// A record that may be the outcome.
struct Possible {
  json::Value record;
  std::vector<std::string> other;  // what it has otherwise than was sent
  bool older = false;              // than the call, by the API's clock
};

CannotTell may_be_one_of(const Call& call, const std::vector<Possible>& possible) {
  std::vector<std::string> told;
  for (const auto& [record, other, older] : possible) {
    told.push_back(id_text(call, record) + (other.empty()
                                                ? " with the same values"
                                                : ", which differs in " + join(other, " and ")));
  }
  return {"There is " + call.resource().singular + ' ' + join(told, " and ") +
          ": it may be the one that it made."};
}

std::vector<Possible> possible_of(const Call& call, const Prepared& prepared, WallTime since,
                                  const Likeness& likeness, const std::string& created,
                                  json::Array records) {
  const auto began = std::chrono::floor<std::chrono::seconds>(since);
  std::vector<Possible> possible;
  for (auto& record : records) {
    if (call.services.recent_writes.is_of_another(known_as(call, record), key_of(prepared))) {
      continue;
    }
    const auto differences = find_differences(call, prepared.arguments, prepared.names, record);
    if (std::ranges::any_of(differences,
                            [&](const auto& one) { return is_other(call, likeness, one); })) {
      continue;
    }
    Possible one;
    for (const auto& difference : differences) one.other.push_back(difference.name);
    const auto made = created.empty() ? std::nullopt : made_at(call, record, created);
    one.older = made && *made < began;
    // Older and not the same: two reasons why it is another.
    if (one.older && !one.other.empty()) continue;
    one.record = std::move(record);
    possible.push_back(std::move(one));
  }
  return possible;
}

io::Task<Looked> look_for_created(Call& call, const Prepared& prepared, WallTime since) {
  // What says when a record was made; not what says when it was changed last.
  const auto& guards = call.method().duplicate_guards;
  const auto dated = std::ranges::find_if(
      guards, [](const auto& guard) { return guard.resource.empty() && !guard.created.empty(); });
  const auto* guard = dated != guards.end() ? &*dated : nullptr;
  auto likeness = likeness_of(call, prepared, guard);
  if (likeness.terms.empty()) co_return CannotTell{"No filter finds what it would have made."};
  const std::string created = guard != nullptr ? guard->created : "";
  if (!created.empty()) {
    likeness.terms.push_back({created, integration::FilterOperator::greater_or_equal,
                              FieldType::date_time, format_utc(since - kClocksApart)});
  }
  const auto most = std::min(call.integration().pagination.max_size, kMostCompared);
  auto found = co_await list_alike(call, prepared, call.resource(), likeness, {}, most);
  if (!found) co_return CannotTell{"Looking for it failed: " + found.error().message};
  if (!*found) co_return CannotTell{"No list shows what it would have made."};
  const bool all_seen = std::ssize((*found)->records) < most;
  const auto bytes = (*found)->bytes;
  auto possible = co_await off_loop(call, bytes, [&] {
    return possible_of(call, prepared, since, likeness, created, std::move((*found)->records));
  });
  const LetGo ending(call, bytes, possible);
  if (possible.empty()) {
    if (all_seen) co_return MayBeSent{};
    co_return CannotTell{"Too many records are like what it would have made."};
  }
  // That there was none before, its guard has seen; unless it was told to let one through.
  const bool may_be_older = possible.front().older && prepared.arguments.flag("allow_duplicate");
  const bool is_it = !created.empty() && possible.size() == 1 && possible.front().other.empty() &&
                     !may_be_older && all_seen;
  if (is_it) co_return WasDone{possible.front().record};
  co_return co_await off_loop(call, bytes, [&] { return Looked(may_be_one_of(call, possible)); });
}

}  // namespace

std::string known_as(const Call& call, const json::Value& record) {
  return call.context.account->id() + '/' + call.resource().name + '/' + id_text(call, record);
}

void remember_made(Call& call, const Prepared& prepared, const json::Value& record) {
  if (!upstream::has_id(call.integration(), record)) return;
  call.services.recent_writes.add_made(known_as(call, record), key_of(prepared));
}

io::Task<Looked> look_for_outcome(Call& call, const Prepared& prepared, WallTime since) {
  using integration::MethodKind;
  const auto& method = call.method();
  if (method.kind == MethodKind::create) co_return co_await look_for_created(call, prepared, since);
  // The same values set again, the same record gone again.
  const bool repeatable = method.kind == MethodKind::update || method.kind == MethodKind::delete_ ||
                          method.annotations.idempotent;
  if (repeatable) co_return MayBeSent{};
  co_return CannotTell{"Doing it twice may not be the same as doing it once."};
}

}  // namespace patchbay::gateway
