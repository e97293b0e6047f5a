#include "reach/reach.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/path.h"
#include "json/write.h"
#include "reach/pointers.h"

namespace patchbay::reach {

using integration::Argument;
using integration::ArgumentPlace;
using integration::Field;
using integration::FieldType;
using integration::Method;
using integration::Ownership;
using integration::Resource;

namespace {

constexpr std::size_t kMostValues = 50;
constexpr std::size_t kMostKnown = 1'024;

std::string_view head_of(std::string_view path) {
  return path.substr(0, path.find('/'));
}

// An id as a caller or an API may write it.
std::optional<std::int64_t> as_id(const json::Value& value) {
  if (const auto* text = value.if_string()) return parse_int64(*text);
  return value.as_int64();
}

Result<Limit> read_limit(const std::string& argument, const json::Value& given, bool owner) {
  const auto refuse = [&](std::string_view rule) {
    return fail(ErrorCode::invalid_argument,
                "config.argument_limits." + argument + ' ' + std::string(rule),
                "Write one value, or an array of those that it may have.");
  };
  Limit limit{.argument = argument, .owner = owner};
  if (const auto* values = given.if_array()) {
    limit.values = *values;
  } else {
    limit.values.push_back(given);
  }
  if (limit.values.empty()) return refuse("must not be empty: that would allow nothing.");
  if (limit.values.size() > kMostValues) return refuse("must have at most 50 values.");
  const bool numbers = limit.values.front().is_number();
  for (const auto& value : limit.values) {
    const bool text = value.is_string() && !trim(*value.if_string()).empty();
    if (numbers ? !value.as_int64().has_value() : !text) {
      return refuse("takes whole numbers, or texts that are not empty; not both.");
    }
  }
  const bool is_id = owner || argument.ends_with("Id");
  const bool has_no_id = std::ranges::any_of(limit.values, [](const json::Value& value) {
    return value.is_number() && value.as_int64().value_or(0) < 1;
  });
  if (is_id && has_no_id) return refuse("takes ids, which are 1 or more: no record has another.");
  if (owner && !numbers) return refuse("takes ids: names may change, and be of another then.");
  return limit;
}

bool is_called(const Argument& argument, std::string_view name) {
  return argument.name == name ||
         std::ranges::find(argument.aliases, name) != argument.aliases.end();
}

}  // namespace

bool Limit::allows(const json::Value& value) const {
  if (const auto* items = value.if_array()) {
    return std::ranges::all_of(*items, [&](const auto& item) { return allows(item); });
  }
  return std::ranges::any_of(values, [&](const json::Value& one) {
    if (one.is_number()) return as_id(value) == one.as_int64();
    const auto* text = value.if_string();
    return text != nullptr && equal_ignoring_case(trim(*text), trim(*one.if_string()));
  });
}

std::string Limit::told() const {
  std::vector<std::string> texts;
  for (const auto& value : values) {
    const auto* text = value.if_string();
    texts.push_back(text != nullptr ? '\'' + *text + '\'' : json::to_string(value));
  }
  return join(texts);
}

bool Known::has(const std::string& path, MonotonicTime not_before) const {
  const MutexLock lock(mutex_);
  const auto found = within_.find(path);
  return found != within_.end() && found->second >= not_before;
}

void Known::add(const std::string& path, MonotonicTime now) const {
  const MutexLock lock(mutex_);
  if (within_.size() >= kMostKnown) within_.clear();
  within_.insert_or_assign(path, now);
}

Result<std::shared_ptr<const Reach>> Reach::make(std::shared_ptr<const Ways> ways,
                                                 const json::Object& limits) {
  auto reach = std::make_shared<Reach>();
  const auto& owners = ways->integration().owners;
  for (const auto& [argument, values] : limits) {
    auto limit =
        read_limit(argument, values, !owners.argument.empty() && argument == owners.argument);
    if (!limit) return std::unexpected(limit.error());
    reach->limits_.push_back(std::move(*limit));
  }
  std::ranges::sort(reach->limits_, {}, &Limit::argument);
  for (const auto& limit : reach->limits_) {
    reach->digest_ += json::to_string(json::Value(limit.argument)) + ':' +
                      json::to_string(json::Value(limit.values)) + '\n';
  }
  reach->ways_ = std::move(ways);
  return reach;
}

const Limit* Reach::owner() const {
  const auto found = std::ranges::find_if(limits_, &Limit::owner);
  return found != limits_.end() ? &*found : nullptr;
}

// By the filter that a list has of that name: what it compares is what a record must have.
std::optional<Term> Reach::narrowed_by(const Resource& resource, const Limit& limit) const {
  const Method* list = resource.find_method("list");
  if (list == nullptr) return std::nullopt;
  const auto argument = std::ranges::find_if(list->arguments, [&](const Argument& each) {
    return is_called(each, limit.argument) && each.place == ArgumentPlace::filter &&
           each.filter_operator == integration::FilterOperator::equal;
  });
  if (argument == list->arguments.end()) return std::nullopt;
  const bool number = limit.values.front().is_number();
  Term term{.field = argument->field(), .number = number, .limit = &limit};
  const bool names_record = argument->reference || argument->type == FieldType::reference;
  if (!names_record || term.field.contains('/')) return term;
  const std::string base = term.field + '/';
  if (number) return Term{base + ways_->integration().pagination.id_field, true, &limit};
  for (const auto& label : ways_->integration().label_fields) {
    if (resource.find_field(base + label) == nullptr) continue;
    return Term{base + label, false, &limit};
  }
  return std::nullopt;
}

std::vector<Term> Reach::terms(const Resource& resource) const {
  std::vector<Term> out;
  for (const auto& limit : limits_) {
    if (limit.owner) {
      if (resource.owned_by.kind != Ownership::Kind::field) continue;
      out.push_back({resource.owned_by.field, true, &limit});
    } else if (auto term = narrowed_by(resource, limit)) {
      out.push_back(std::move(*term));
    }
  }
  return out;
}

bool Reach::holds(const Resource& resource, const json::Value& record,
                  std::string_view parent_id) const {
  if (!record.is_object()) return false;
  for (const auto& term : terms(resource)) {
    const auto* value = json::find_at(record, term.field);
    if (value == nullptr || value->is_array() || !term.limit->allows(*value)) return false;
  }
  if (owner() == nullptr || resource.owned_by.kind != Ownership::Kind::parent ||
      resource.owned_by.field.empty()) {
    return true;
  }
  const auto* repeated = json::find_at(record, resource.owned_by.field);
  return repeated != nullptr && as_id(*repeated) && as_id(*repeated) == parse_int64(parent_id);
}

std::vector<std::string> Reach::telling_fields(const Resource& resource) const {
  std::vector<std::string> fields;
  for (auto& term : terms(resource)) fields.push_back(std::move(term.field));
  if (owner() != nullptr && resource.owned_by.kind == Ownership::Kind::parent &&
      !resource.owned_by.field.empty()) {
    fields.push_back(resource.owned_by.field);
  }
  return fields;
}

Reach::Shown Reach::shown(const Resource& resource, const Field& field) const {
  const auto said = resource.points_to.find(field.name);
  if (said != resource.points_to.end() && points_to_shared(said->second)) return Shown::whole;
  std::string target = said != resource.points_to.end() ? said->second.resource : field.reference;
  if (target.empty() && field.lookup) target = field.lookup->resource;
  const auto& owners = ways_->integration().owners;
  if (target == owners.resource) return Shown::if_owner;
  const Resource* there = ways_->find(target);
  if (there == nullptr) return Shown::id_only;
  if (there->owned_by.kind == Ownership::Kind::nobody) return Shown::whole;
  if (!field.lookup) return Shown::id_only;
  // Of the same owner, as the API has it: its look-up is within the owner that the record names, or
  // within what is of that owner.
  for (const auto& scope : field.lookup->scopes) {
    if (scope.parameter == owners.argument && scope.argument == owner_member(resource)) {
      return Shown::whole;
    }
    const Field* within = resource.find_field(scope.argument);
    if (within != nullptr && within != &field && scope.required &&
        scope.parameter != owners.argument && shown(resource, *within) == Shown::whole) {
      return Shown::whole;
    }
  }
  return Shown::id_only;
}

void Reach::cut_field(const Resource& resource, const Field& field, json::Value& value) const {
  if (auto* items = value.if_array()) {
    for (auto& item : *items) cut_field(resource, field, item);
    if (field.type == FieldType::reference) {
      std::erase_if(*items, [](const json::Value& item) { return item.is_null(); });
    }
    return;
  }
  auto* members = value.if_object();
  if (members == nullptr) return;
  if (field.type != FieldType::reference) {
    if (!field.children.empty()) cut_members(resource, field.children, *members);
    return;
  }
  const auto& id_field = ways_->integration().pagination.id_field;
  const auto* id = members->find(id_field);
  const auto how = shown(resource, field);
  if (how == Shown::whole) return;
  if (how == Shown::if_owner) {
    if (id == nullptr || !owner()->allows(*id)) value = nullptr;
    return;
  }
  json::Object kept;
  if (id != nullptr) kept.append(id_field, *id);
  value = std::move(kept);
}

void Reach::cut_members(const Resource& resource, const std::vector<Field>& fields,
                        json::Object& members) const {
  json::Object kept;
  for (auto& [name, value] : members) {
    const auto described = std::ranges::find_if(
        fields, [&](const Field& field) { return head_of(field.name) == name; });
    if (described != fields.end()) {
      cut_field(resource, *described, value);
    } else if (!name.starts_with('_') && name != ways_->integration().pagination.id_field) {
      continue;
    }
    kept.append(name, std::move(value));
  }
  members = std::move(kept);
}

void Reach::cut(const Resource& resource, json::Value& record) const {
  auto* members = record.if_object();
  if (members != nullptr && owner() != nullptr) cut_members(resource, resource.fields, *members);
}

std::vector<std::string> Reach::hidden(const Resource& resource) const {
  std::vector<std::string> out;
  if (owner() == nullptr) return out;
  for (const auto& field : resource.fields) {
    if (field.type != FieldType::reference || field.name == owner_member(resource)) continue;
    if (shown(resource, field) != Shown::whole) out.push_back(field.name);
  }
  return out;
}

// Of a composite: what its steps are given as the owner.
bool Reach::names_owner(const Resource& resource, const Method& method,
                        const Argument& argument) const {
  const auto& owners = ways_->integration().owners;
  const bool is_reference = argument.reference && argument.reference->resource == owners.resource;
  switch (argument.place) {
    case ArgumentPlace::filter:
      return !owner_member(resource).empty() &&
             head_of(argument.field()) == owner_member(resource) &&
             (is_reference || argument.field() == resource.owned_by.field);
    case ArgumentPlace::body:
      return is_reference && argument.field() == owner_member(resource);
    case ArgumentPlace::step:
      return is_reference || argument.name == owners.argument;
    case ArgumentPlace::path: {
      const Way way = ways_->of(method.path);
      const auto& names = method.path.names();
      for (std::size_t i = 0; i < names.size() && i < way.past.size(); ++i) {
        if (names[i] == argument.name) return way.past[i].resource->name == owners.resource;
      }
      return false;
    }
    case ArgumentPlace::query:
    case ArgumentPlace::platform:
    case ArgumentPlace::expansion:
    case ArgumentPlace::file:
      return false;
  }
  return false;
}

const Limit* Reach::limit_of(const Resource& resource, const Method& method,
                             const Argument& argument) const {
  if (argument.place == ArgumentPlace::platform) return nullptr;
  for (const auto& limit : limits_) {
    const bool meant =
        limit.owner ? names_owner(resource, method, argument) : is_called(argument, limit.argument);
    if (meant) return &limit;
  }
  return nullptr;
}

}  // namespace patchbay::reach
