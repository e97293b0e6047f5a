#include <algorithm>
#include <set>

#include "base/nearest.h"
#include "base/text.h"
#include "gateway/fan_out.h"
#include "gateway/reference_lookup.h"
#include "gateway/stages.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

std::string_view field_of(const Call& call, const std::string& argument_name) {
  const auto* argument = call.find_argument(argument_name);
  const std::string_view target =
      argument == nullptr || argument->target.empty() ? argument_name : argument->target;
  return target.substr(0, target.find('/'));
}

// An update gives only what changes; what a scope or a combination needs beside that is read from
// the record as it stands, in one request for those fields alone.
io::Task<Step<>> read_current(Call& call) {
  if (call.method().record_path.empty()) co_return Step<>();
  std::set<std::string> needed;
  const auto need = [&](const std::string& argument) {
    if (call.arguments.find(argument) == nullptr) needed.emplace(field_of(call, argument));
  };
  for (const auto& argument : call.method().arguments) {
    const auto* given = call.arguments.find(argument.name);
    // What leads to the record does not depend on what stands in it.
    if (given == nullptr || given->is_null() || !argument.reference ||
        argument.place == integration::Place::path) {
      continue;
    }
    for (const auto& scope : argument.reference->scopes) need(scope.argument);
  }
  for (const auto& combination : call.method().combinations) {
    const bool touched = std::ranges::any_of(combination.fields, [&](const auto& field) {
      return call.arguments.find(field.first) != nullptr;
    });
    if (!touched) continue;
    const auto known = needed.size();
    for (const auto& [argument, field] : combination.fields) need(argument);
    for (const auto& scope : combination.scopes) {
      // What the record brings along holds only in its old scope: whether that changes matters.
      if (needed.size() > known) needed.emplace(field_of(call, scope.argument));
      need(scope.argument);
    }
  }
  if (needed.empty()) co_return Step<>();
  auto path = fill_path(call, call.method().record_path);
  if (!path) co_return std::unexpected(path.error());
  std::vector<std::string> names(needed.begin(), needed.end());
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, call.integration().pagination.fields_parameter, join(names, ","));
  const auto answer = co_await send(call, std::move(request), false);
  if (!answer) co_return std::unexpected(answer.error());
  auto record = json::parse(answer->body);
  if (!record || !record->is_object()) {
    co_return stop(ErrorCode::upstream, "The API's answer was no record.");
  }
  call.current = std::move(*record->if_object());
  co_return Step<>();
}

// A name that nothing scopes: the upstream compares it as it is. Right for filters only.
std::optional<Resolution> unscoped_filter(const Call& call, const integration::Argument& argument,
                                          const json::Value& value) {
  if (argument.place != integration::Place::filter || call.is_write()) return std::nullopt;
  Resolution resolution{&argument, {}, false, false};
  const auto add = [&](const json::Value& item) {
    if (const auto id = item.as_int64()) {
      resolution.records.push_back({*id, "", ""});
    } else if (const auto* text = item.if_string()) {
      // Digits are an id: listings show references as texts.
      if (const auto digits = parse_int64(trim(*text)); digits && *digits > 0) {
        resolution.records.push_back({*digits, "", ""});
      } else {
        resolution.records.push_back({nullptr, *text, ""});
      }
    }
  };
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) add(item);
  } else {
    add(value);
  }
  if (resolution.records.empty()) return std::nullopt;
  return resolution;
}

bool gives_a_name(const json::Value& value) {
  if (value.is_string()) return true;
  if (const auto* items = value.if_array()) return std::ranges::any_of(*items, gives_a_name);
  return value.is_object() && value.find("id") == nullptr;
}

class Resolving {
 public:
  explicit Resolving(Call& call) : call_(call) {}

  // Those of the path, or all others.
  void take(bool of_path) {
    for (const auto& argument : call_.method().arguments) {
      const auto* value = call_.arguments.find(argument.name);
      if (argument.reference && value != nullptr && !value->is_null() &&
          (argument.place == integration::Place::path) == of_path) {
        waiting_.push_back(&argument);
      }
    }
  }

  // Scopes before what they scope, and all of one round at the same time. An argument whose scope
  // could not be resolved is left alone: its own error would only repeat the first one.
  io::Task<Step<>> run() {
    while (!waiting_.empty()) {
      std::vector<Outcome> round;
      for (const auto* argument : std::exchange(waiting_, {})) {
        auto scopes = scope_values(call_, argument->reference->scopes);
        if (scopes.state == ScopeValues::State::waiting) {
          waiting_.push_back(argument);
        } else {
          round.push_back({argument, std::move(scopes), std::nullopt, {}, {}});
        }
      }
      if (round.empty()) break;
      std::vector<std::function<io::Task<>()>> jobs;
      for (auto& outcome : round) {
        jobs.emplace_back([this, &outcome] { return resolve(outcome); });
      }
      co_await fan_out(call_.services.runtime, std::move(jobs));
      // In the order of the arguments, whichever came first.
      for (auto& outcome : round) {
        if (!outcome.failed) co_return outcome.failed;
        for (auto& violation : outcome.violations) {
          call_.violations.push_back(std::move(violation));
        }
        if (outcome.resolution) call_.resolutions.push_back(std::move(*outcome.resolution));
      }
    }
    co_return Step<>();
  }

  // The tools that list what could not be resolved.
  const std::set<std::string>& list_tools() const { return list_tools_; }

 private:
  struct Outcome {
    const integration::Argument* argument;
    ScopeValues scopes;
    std::optional<Resolution> resolution;
    std::vector<FieldError> violations;
    Step<> failed;  // an error only for a look-up that failed
  };

  io::Task<> resolve(Outcome& outcome) {
    const auto& argument = *outcome.argument;
    const json::Value value = *call_.arguments.find(argument.name);
    if (outcome.scopes.state == ScopeValues::State::missing) {
      outcome.resolution = unscoped_filter(call_, argument, value);
      if (outcome.resolution) co_return;
      if (gives_a_name(value)) {
        const std::string& missing = outcome.scopes.missing;
        outcome.violations.push_back(
            {argument.name,
             "a name is looked up on a " + missing + "; give " + missing + " as well, or the id"});
        co_return;
      }
      outcome.scopes.values.clear();
    }
    ReferenceLookup lookup(call_, argument, std::move(outcome.scopes));
    Resolution resolution{&argument, {}, gives_a_name(value), true};
    const auto* items = value.if_array();
    const std::size_t count = items != nullptr ? items->size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      auto record = co_await lookup.resolve(items != nullptr ? (*items)[i] : value);
      if (record) {
        resolution.records.push_back(std::move(*record));
        continue;
      }
      if (record.error().code != ErrorCode::invalid_argument) {
        outcome.failed = std::unexpected(std::move(record.error()));
        co_return;
      }
      outcome.violations.push_back({argument.name, std::move(record.error().message)});
      if (!argument.reference->list_tool.empty()) {
        list_tools_.insert(argument.reference->list_tool);
      }
    }
    if (resolution.records.size() == count) outcome.resolution = std::move(resolution);
  }

  Call& call_;
  std::vector<const integration::Argument*> waiting_;
  std::set<std::string> list_tools_;
};

// The value that a combination compares: given now, or standing in the record.
std::optional<Named> combined_value(const Call& call, const std::string& name, bool moved) {
  const auto* argument = call.find_argument(name);
  if (argument == nullptr) return std::nullopt;
  if (const auto* resolution = call.find_resolution(*argument);
      resolution != nullptr && resolution->records.size() == 1) {
    return resolution->records.front();
  }
  if (moved || call.arguments.find(name) != nullptr)
    return std::nullopt;  // left behind, or cleared
  const auto* value = call.current.find(field_of(call, name));
  const auto* id = value != nullptr ? value->find("id") : nullptr;
  if (id == nullptr) return std::nullopt;
  return Named{*id, std::string(value->string_or("name", "")), ""};
}

bool has_all(const json::Value& record, const std::vector<std::pair<std::string, Named>>& wanted) {
  return std::ranges::all_of(wanted, [&](const auto& want) {
    const auto* value = member_at(record, want.first);
    if (value != nullptr && value->is_object()) value = value->find("id");
    return value != nullptr && value->as_int64() == want.second.id.as_int64();
  });
}

std::string quoted(const Named& named) {
  return named.name.empty() ? json::to_string(named.id) : '\'' + named.name + '\'';
}

// What stands in `field` among the associations that have the other values.
std::vector<std::string> allowed_names(const std::vector<json::Value>& records,
                                       const std::vector<std::pair<std::string, Named>>& others,
                                       const std::string& field) {
  std::set<std::string> names;
  for (const auto& record : records) {
    if (!has_all(record, others)) continue;
    const auto* value = member_at(record, field);
    const auto name = value != nullptr ? value->string_or("name", "") : std::string_view();
    if (!name.empty()) names.emplace(name);
  }
  return {names.begin(), names.end()};
}

// Whether the record goes elsewhere, so that what it has there is not what it will have.
bool scope_changes(const Call& call, const ScopeValues& scopes) {
  return std::ranges::any_of(scopes.values, [&](const auto& value) {
    if (call.arguments.find(value.first->argument) == nullptr) return false;
    const auto* current = call.current.find(field_of(call, value.first->argument));
    const auto* id = current != nullptr ? current->find("id") : nullptr;
    return id != nullptr && id->as_int64() != value.second.id.as_int64();
  });
}

// Nobody can tell a subtype's place without its type.
void refuse_incomplete(Call& call, const std::string& argument, const std::string& missing,
                       const ScopeValues& scopes, std::vector<std::string> allowed) {
  std::string message =
      argument + " needs a " + missing + " beside it: give a " + missing + " as well";
  message += scope_phrase(scopes);
  if (allowed.size() > 10) allowed.resize(10);
  message += allowed.empty() ? std::string() : ", one of: " + join(allowed);
  call.violations.push_back({missing, std::move(message)});
}

io::Task<Step<>> check_combination(Call& call, const integration::Combination& combination) {
  std::vector<std::pair<std::string, Named>> wanted;  // field of the association, value
  std::vector<std::string> arguments;
  std::vector<std::string> fields;
  std::vector<std::pair<std::string, std::string>> missing;  // argument, field of the association
  bool touched = false;
  std::string special;  // the last that was given
  std::size_t missing_before = 0;
  auto scopes = scope_values(call, combination.scopes);
  const bool moved = scope_changes(call, scopes);
  // In the order of the tool's arguments, which is from general to special.
  for (const auto& argument : call.method().arguments) {
    const auto field = combination.fields.find(argument.name);
    if (field == combination.fields.end()) continue;
    fields.push_back(field->second);
    const auto* given = call.arguments.find(argument.name);
    if (given != nullptr && !given->is_null()) {
      touched = true;
      special = argument.name;
      missing_before = missing.size();
    }
    auto value = combined_value(call, argument.name, moved);
    if (!value) {
      missing.emplace_back(argument.name, field->second);
    } else {
      wanted.emplace_back(field->second, std::move(*value));
      arguments.push_back(argument.name);
    }
  }
  if (!touched || (wanted.size() < 2 && missing_before == 0)) co_return Step<>();
  const auto* resource = call.integration().find_resource(combination.resource);
  if (scopes.state != ScopeValues::State::complete || resource == nullptr) co_return Step<>();
  auto query = lookup_query(call, *resource, scopes, fields);
  if (!query) co_return Step<>();
  query->page_through = true;
  const auto collection = co_await call.loop.lookups.get(call, std::move(*query));
  if (!collection) co_return std::unexpected(collection.error());
  const auto& records = (*collection)->records;
  if (missing_before > 0) {
    for (std::size_t i = 0; i < missing_before; ++i) {
      refuse_incomplete(call, special, missing[i].first, scopes,
                        allowed_names(records, wanted, missing[i].second));
    }
    co_return Step<>();
  }
  if (std::ranges::any_of(records, [&](const auto& record) { return has_all(record, wanted); })) {
    co_return Step<>();
  }
  // The last one that was given is the one to mend: it is the most special.
  std::size_t blamed = wanted.size() - 1;
  while (blamed > 0 && call.arguments.find(arguments[blamed]) == nullptr) --blamed;
  const auto field = wanted[blamed];
  wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(blamed));
  std::string others;
  for (std::size_t i = 0, name = 0; name < arguments.size(); ++name) {
    if (name == blamed) continue;
    others += (others.empty() ? "" : " and ") + arguments[name] + ' ' + quoted(wanted[i++].second);
  }
  auto allowed = allowed_names(records, wanted, field.first);
  std::string message = arguments[blamed] + ' ' + quoted(field.second) + " does not go with " +
                        others + scope_phrase(scopes);
  message += allowed.empty() ? "; nothing does" : "; what does: ";
  allowed = nearest(field.second.name, allowed, 10, true);
  call.violations.push_back({arguments[blamed], message + join(allowed)});
  co_return Step<>();
}

}  // namespace

io::Task<Step<>> references(Call& call) {
  Resolving resolving(call);
  const bool on_record = !call.method().record_path.empty();
  resolving.take(true);
  if (on_record) {
    // The record cannot be read by a parent's name.
    if (auto resolved = co_await resolving.run(); !resolved) co_return resolved;
    if (call.violations.empty()) {
      if (auto read = co_await read_current(call); !read) co_return read;
    }
  }
  if (call.violations.empty()) {
    resolving.take(false);
    if (auto resolved = co_await resolving.run(); !resolved) co_return resolved;
  }
  if (call.violations.empty()) {
    for (const auto& combination : call.method().combinations) {
      if (auto checked = co_await check_combination(call, combination); !checked) {
        co_return checked;
      }
    }
  }
  if (call.violations.empty()) co_return Step<>();

  ToolError error;
  error.code = ErrorCode::invalid_argument;
  error.field_errors = std::move(call.violations);
  error.message = error.field_errors.size() == 1
                      ? error.field_errors.front().message
                      : std::to_string(error.field_errors.size()) +
                            " arguments name records that are not there.";
  const std::vector<std::string> tools(resolving.list_tools().begin(),
                                       resolving.list_tools().end());
  error.hint = call.is_write() ? "Nothing was written. " : "";
  error.hint += tools.empty() ? "Correct the argument and call again."
                              : join(tools, " and ") + (tools.size() == 1 ? " lists" : " list") +
                                    " all there are.";
  co_return std::unexpected(std::move(error));
}

io::Task<std::string> candidates_for(Call& call, const integration::Argument& argument) {
  if (!argument.reference) co_return std::string();
  auto scopes = scope_values(call, argument.reference->scopes);
  if (scopes.state != ScopeValues::State::complete) co_return std::string();
  std::string wanted;
  if (const auto* given = call.arguments.find(argument.name)) {
    if (const auto* text = given->if_string()) wanted = *text;
    // Nothing is near a number. What a board has is worth telling all the same.
    const bool is_id = given->is_number() || parse_int64(trim(wanted));
    if (is_id && scopes.values.empty()) co_return std::string();
    if (is_id) wanted.clear();
  }
  ReferenceLookup lookup(call, argument, std::move(scopes));
  co_return co_await lookup.candidates(std::move(wanted));
}

}  // namespace patchbay::gateway
