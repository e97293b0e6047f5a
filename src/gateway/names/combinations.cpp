#include "gateway/names/combinations.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/current_record.h"
#include "gateway/names/lookups.h"
#include "gateway/names/scopes.h"
#include "gateway/sending/off_loop.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// The value that a combination compares: given now, or standing in the record.
std::optional<Named> combined_value(const Call& call, const Arguments& arguments,
                                    const Names& names, const std::string& name) {
  const auto* argument = call.find_argument(name);
  if (argument == nullptr) return std::nullopt;
  if (const auto* resolution = names.find(*argument);
      resolution != nullptr && resolution->records.size() == 1) {
    return resolution->records.front();
  }
  if (arguments.find(name) != nullptr) return std::nullopt;  // cleared
  const auto* value = names.current.find(field_head(call, name));
  const auto* id = value != nullptr ? value->find("id") : nullptr;
  if (id == nullptr) return std::nullopt;
  return Named{*id, std::string(label_in(call.integration(), *value)), ""};
}

bool has_all(const json::Value& record, const std::vector<std::pair<std::string, Named>>& wanted) {
  return std::ranges::all_of(wanted, [&](const auto& want) {
    const auto* value = json::find_at(record, want.first);
    if (value != nullptr && value->is_object()) value = value->find("id");
    return value != nullptr && value->as_int64() == want.second.id.as_int64();
  });
}

std::string quoted(const Named& named) {
  return named.name.empty() ? json::to_string(named.id) : '\'' + named.name + '\'';
}

// What stands in `field` among the associations that have the other values.
std::vector<std::string> allowed_names(const integration::Integration& integration,
                                       const std::vector<json::Value>& records,
                                       const std::vector<std::pair<std::string, Named>>& others,
                                       const std::string& field) {
  std::set<std::string> names;
  for (const auto& record : records) {
    if (!has_all(record, others)) continue;
    const auto* value = json::find_at(record, field);
    const auto name = value != nullptr ? label_in(integration, *value) : std::string_view();
    if (!name.empty()) names.emplace(name);
  }
  return {names.begin(), names.end()};
}

// Tells which arguments must be given beside a special one: a subtype is only valid with its type.
void refuse_incomplete(Arguments& arguments, const std::string& argument,
                       const std::string& missing, const ScopeValues& scopes,
                       std::vector<std::string> allowed) {
  std::string message =
      argument + " needs a " + missing + " beside it: give a " + missing + " as well";
  message += scope_phrase(scopes);
  if (allowed.size() > kMaxCandidates) allowed.resize(kMaxCandidates);
  message += allowed.empty() ? std::string() : ", one of: " + join(allowed);
  arguments.violations.push_back({missing, std::move(message)});
}

// One value of the combination.
struct NamedPart {
  std::string argument;
  std::string field;  // of the association
  bool given = false;
  std::optional<Named> value;  // nothing: cleared
};

// In the order of the tool's arguments, which is from general to special.
std::vector<NamedPart> parts_of(const Call& call, const Arguments& arguments, const Names& names,
                                const integration::Combination& combination) {
  std::vector<NamedPart> parts;
  for (const auto& argument : call.method().arguments) {
    const auto field = combination.fields.find(argument.name);
    if (field == combination.fields.end()) continue;
    const auto* given = arguments.find(argument.name);
    parts.push_back({argument.name, field->second, given != nullptr && !given->is_null(),
                     combined_value(call, arguments, names, argument.name)});
  }
  return parts;
}

std::vector<std::pair<std::string, Named>> values_of(const std::vector<NamedPart>& parts,
                                                     const NamedPart* without) {
  std::vector<std::pair<std::string, Named>> values;
  for (const auto& part : parts) {
    if (part.value && &part != without) values.emplace_back(part.field, *part.value);
  }
  return values;
}

// Tells that the last part that was given does not go with the others: it is the most special.
void refuse_combination(const Call& call, Arguments& arguments, const std::vector<NamedPart>& parts,
                        const NamedPart& blamed, const ScopeValues& scopes,
                        const std::vector<json::Value>& records) {
  std::string others;
  for (const auto& part : parts) {
    if (!part.value || &part == &blamed) continue;
    others += (others.empty() ? "" : " and ") + part.argument + ' ' + quoted(*part.value);
  }
  auto allowed =
      allowed_names(call.integration(), records, values_of(parts, &blamed), blamed.field);
  std::string message = blamed.argument + ' ' + quoted(*blamed.value) + " does not go with " +
                        others + scope_phrase(scopes);
  message += allowed.empty() ? "; nothing does" : "; what does: ";
  allowed = nearest(blamed.value->name, allowed, kMaxCandidates, true);
  arguments.violations.push_back({blamed.argument, message + join(allowed)});
}

// The associations that the API knows in this scope; nothing where they cannot be asked for.
io::Task<Outcome<std::shared_ptr<const Collection>>> associations(
    Call& call, const integration::Combination& combination, const ScopeValues& scopes,
    const std::vector<NamedPart>& parts) {
  const auto* resource = call.integration().find_resource(combination.resource);
  if (scopes.state != ScopeValues::State::complete || resource == nullptr) co_return nullptr;
  std::vector<std::string> fields;
  for (const auto& part : parts) fields.push_back(part.field);
  auto query = lookup_query(call, *resource, scopes, fields);
  if (!query) co_return nullptr;
  query->page_through = true;
  co_return co_await call.loop.lookups.get(call, std::move(*query));
}

}  // namespace

io::Task<Outcome<>> check_combination(Call& call, Arguments& arguments, const Names& names,
                                      const integration::Combination& combination) {
  const auto scopes = scope_values(call, arguments, names, combination.scopes);
  const auto parts = parts_of(call, arguments, names, combination);
  const auto last_given = std::ranges::find(parts.rbegin(), parts.rend(), true, &NamedPart::given);
  if (last_given == parts.rend()) co_return Outcome<>();
  const NamedPart& special = *last_given;
  // What is missing after the most special part that was given says nothing of it.
  const auto missing = [&](const NamedPart& part) { return &part < &special && !part.value; };
  const bool incomplete = std::ranges::any_of(parts, missing);
  if (values_of(parts, nullptr).size() < 2 && !incomplete) co_return Outcome<>();
  const auto collection = co_await associations(call, combination, scopes, parts);
  if (!collection) co_return std::unexpected(collection.error());
  if (*collection == nullptr) co_return Outcome<>();
  const auto& records = (*collection)->records;
  const auto wanted = values_of(parts, nullptr);
  if (incomplete) {
    for (const auto& part : parts) {
      if (!missing(part)) continue;
      auto allowed = co_await off_loop(call, (*collection)->bytes, [&] {
        return allowed_names(call.integration(), records, wanted, part.field);
      });
      refuse_incomplete(arguments, special.argument, part.argument, scopes, std::move(allowed));
    }
    co_return Outcome<>();
  }
  const bool goes = co_await off_loop(call, (*collection)->bytes, [&] {
    return std::ranges::any_of(records,
                               [&](const auto& record) { return has_all(record, wanted); });
  });
  if (goes) co_return Outcome<>();
  // Given and cleared is no value; then the last value that stands is told.
  const auto blamed = std::ranges::find_if(
      parts.rbegin(), parts.rend(),
      [&](const NamedPart& part) { return part.value && arguments.has(part.argument); });
  const auto standing =
      std::ranges::find_if(parts, [](const NamedPart& part) { return part.value.has_value(); });
  co_await off_loop(call, (*collection)->bytes, [&] {
    refuse_combination(call, arguments, parts, blamed != parts.rend() ? *blamed : *standing, scopes,
                       records);
  });
  co_return Outcome<>();
}

io::Task<Outcome<std::vector<std::string>>> drop_what_does_not_go(
    Call& call, const Arguments& arguments, Names& names,
    const integration::Combination& combination) {
  std::vector<std::string> dropped;
  auto parts = parts_of(call, arguments, names, combination);
  const auto is_followed = [&](const NamedPart& part) {
    const auto* value = names.followed.find(field_head(call, part.argument));
    return part.value && value != nullptr && !value->is_null();
  };
  if (std::ranges::none_of(parts, is_followed)) co_return dropped;
  const auto scopes = scope_values(call, arguments, names, combination.scopes);
  const auto collection = co_await associations(call, combination, scopes, parts);
  if (!collection) co_return std::unexpected(collection.error());
  if (*collection == nullptr) co_return dropped;
  const auto& records = (*collection)->records;
  const auto drop = [&](NamedPart& part) {
    const std::string field(field_head(call, part.argument));
    part.value.reset();
    names.followed[field] = nullptr;
    names.current.erase(field);
    dropped.push_back(field);
  };
  // The most special first, until what is left goes together. One alone goes with everything.
  while (true) {
    // And what is special says nothing without the more general.
    const auto gap = std::ranges::find_if(parts, [](const NamedPart& part) { return !part.value; });
    const auto beyond = std::find_if(gap, parts.end(), is_followed);
    if (beyond != parts.end()) {
      drop(*beyond);
      continue;
    }
    const auto wanted = values_of(parts, nullptr);
    const bool goes =
        wanted.size() < 2 || co_await off_loop(
                                 call, (*collection)->bytes,
                                 [&] {
                                   return std::ranges::any_of(records, [&](const auto& record) {
                                     return has_all(record, wanted);
                                   });
                                 });
    const auto last = std::ranges::find_if(parts.rbegin(), parts.rend(), is_followed);
    if (goes || last == parts.rend()) co_return dropped;
    drop(*last);
  }
}

}  // namespace patchbay::gateway
