#include "gateway/names/current_record.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.h"
#include "gateway/names/dependents.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/asked_for.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"

namespace patchbay::gateway {

namespace {

// What is compared with others before a write, as it will stand.
void add_compared(const Call& call, const std::set<std::string>& given,
                  std::set<std::string>& needed) {
  const auto concerns = [&](const std::vector<std::string>& fields) {
    return std::ranges::any_of(fields, [&](const auto& field) { return given.contains(field); });
  };
  for (const auto& guard : call.method().duplicate_guards) {
    auto fields = guard.fields;
    fields.insert(fields.end(), guard.compared.begin(), guard.compared.end());
    fields.insert(fields.end(), guard.optional.begin(), guard.optional.end());
    if (!guard.resource.empty() || !concerns(fields)) continue;
    needed.insert(fields.begin(), fields.end());
    for (const auto& entry : guard.otherwise) needed.insert(entry.second);
  }
  const auto& overlap = call.method().overlap;
  if (!overlap.from.empty() && concerns({overlap.from, overlap.to, overlap.hours, overlap.of})) {
    needed.insert({overlap.from, overlap.to, overlap.of});
    if (!overlap.hours.empty()) needed.insert(overlap.hours);
  }
  for (const auto& staying : call.resource().stays) {
    if (!given.contains(staying.field)) continue;
    needed.insert(staying.field);
    for (const auto& entry : staying.total.where) needed.insert(entry.second);
  }
}

// What a scope or a combination needs beside what an update gives, and what hangs on what it gives.
std::set<std::string> needed_fields(const Call& call, const Arguments& arguments) {
  std::set<std::string> needed;
  const auto need = [&](const std::string& argument) {
    if (arguments.find(argument) == nullptr) needed.emplace(field_head(call, argument));
  };
  for (const auto& argument : call.method().arguments) {
    const auto* given = arguments.find(argument.name);
    // What leads to the record does not depend on what stands in it.
    if (given == nullptr || given->is_null() || !argument.reference ||
        argument.place == integration::ArgumentPlace::path) {
      continue;
    }
    for (const auto& scope : argument.reference->scopes) need(scope.argument);
  }
  for (const auto& combination : call.method().combinations) {
    const bool touched = std::ranges::any_of(combination.fields, [&](const auto& field) {
      return arguments.find(field.first) != nullptr;
    });
    if (!touched) continue;
    const auto known = needed.size();
    for (const auto& [argument, field] : combination.fields) need(argument);
    for (const auto& scope : combination.scopes) {
      // What the record brings along holds only in its old scope: whether that changes matters.
      if (needed.size() > known) needed.emplace(field_head(call, scope.argument));
      need(scope.argument);
    }
  }
  needed.merge(fields_that_move(call, arguments));
  if (call.method().kind == integration::MethodKind::update) {
    const auto given = given_fields(call, arguments);
    add_compared(call, given, needed);
    for (const auto& rule : call.resource().inherits) {
      // Which resource a parent is of, where the update gives its id alone.
      if (!rule.by.empty() && given.contains(rule.from)) needed.insert(rule.by);
    }
  }
  return needed;
}

bool is_asked_for(const std::vector<std::string>& fields, std::string_view member) {
  return std::ranges::any_of(fields, [&](const std::string& field) {
    return std::string_view(field).substr(0, field.find('/')) == member;
  });
}

}  // namespace

std::string_view field_head(const Call& call, const std::string& argument_name) {
  const auto* argument = call.find_argument(argument_name);
  const std::string_view field = argument != nullptr ? argument->field() : argument_name;
  return field.substr(0, field.find('/'));
}

io::Task<Outcome<json::Object>> read_current(Call& call, const Arguments& arguments,
                                             const Names& names) {
  const auto needed = needed_fields(call, arguments);
  if (needed.empty()) co_return json::Object();
  auto path = fill_path(call.method(), arguments, names, call.method().record_path);
  if (!path) co_return std::unexpected(path.error());
  // With its id, so that it is known for the one that was asked for.
  std::vector<std::string> fields = {call.integration().pagination.id_field};
  fields.insert(fields.end(), needed.begin(), needed.end());
  const auto asked = id_asked(call, call.method().record_path, *path);
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, call.integration().pagination.fields_parameter, join(fields, ","));
  auto answer = co_await read_upstream(call, arguments, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto record = co_await parse_answer(call, *answer);
  const LetGo ending(call, answer->body.size(), record);
  if (!record || !record->is_object()) {
    co_return refuse(ErrorCode::upstream, "The API's answer was no record.");
  }
  if (is_another(call, asked, *record)) co_return refuse_another(call, asked, *record);
  // It is copied and compared on the way: an API that sends all of a record is not followed in
  // that.
  co_return co_await off_loop(call, answer->body.size(), [&] {
    json::Object current;
    for (auto& [name, value] : *record->if_object()) {
      if (is_asked_for(fields, name)) current.append(name, std::move(value));
    }
    return current;
  });
}

}  // namespace patchbay::gateway
