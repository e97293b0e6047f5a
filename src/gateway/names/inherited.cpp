#include "gateway/names/inherited.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/blanks.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/dependents.h"
#include "gateway/names/lookups.h"
#include "gateway/sending/off_loop.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::Argument;
using integration::ArgumentPlace;
using integration::Inherited;
using integration::Resource;

namespace {

// The record that a field is inherited from, or the several, as far as this call names them.
struct Parent {
  enum class Is : std::uint8_t { none, waiting, known };
  Is is = Is::none;
  const Argument* argument = nullptr;
  const Resource* resource = nullptr;
  std::vector<std::int64_t> ids;
};

std::optional<std::int64_t> id_of(const json::Value& value) {
  if (const auto* id = value.find("id")) return id->as_int64();
  if (const auto* text = value.if_string()) return parse_int64(trim_blanks(*text));
  return value.as_int64();
}

std::vector<std::int64_t> ids_of(const json::Value& value) {
  std::vector<std::int64_t> ids;
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) {
      if (const auto id = id_of(item)) ids.push_back(*id);
    }
  } else if (const auto id = id_of(value)) {
    ids.push_back(*id);
  }
  return ids;
}

bool is_sent(const Argument& argument) {
  return argument.place == ArgumentPlace::path || argument.place == ArgumentPlace::body;
}

// The argument that says this field, if it is given.
const Argument* given_for(const Call& call, const Arguments& arguments, const std::string& field) {
  for (const auto& argument : call.method().arguments) {
    const auto* value = arguments.find(argument.name);
    if (value != nullptr && !value->is_null() && is_sent(argument) && argument.field() == field) {
      return &argument;
    }
  }
  return nullptr;
}

// What this call, or the record as it stands, says of a field with a choice of values.
std::string chosen(const Call& call, const Arguments& arguments, const Names& names,
                   const std::string& field) {
  if (const auto* argument = given_for(call, arguments, field)) {
    return arguments.find(argument->name)->if_string() != nullptr
               ? *arguments.find(argument->name)->if_string()
               : std::string();
  }
  for (const auto& argument : call.method().arguments) {
    const auto implied = argument.also.find(field);
    if (implied == argument.also.end() || !arguments.has(argument.name)) continue;
    if (const auto* text = implied->second.if_string()) return *text;
  }
  const auto* stands = names.current.find(field);
  const auto* text = stands != nullptr ? stands->if_string() : nullptr;
  return text != nullptr ? *text : std::string();
}

Parent parent_of(const Call& call, const Arguments& arguments, const Names& names,
                 const Inherited& rule) {
  Parent parent;
  parent.argument = given_for(call, arguments, rule.from);
  if (parent.argument == nullptr) return parent;
  std::string resource = rule.resource;
  if (!rule.by.empty()) {
    const auto found = rule.resources.find(chosen(call, arguments, names, rule.by));
    if (found == rule.resources.end()) return parent;
    resource = found->second;
  }
  parent.resource = call.integration().find_resource(resource);
  if (parent.resource == nullptr) return parent;
  if (parent.argument->reference) {
    const auto* resolution = names.find(*parent.argument);
    if (resolution == nullptr) {
      parent.is = Parent::Is::waiting;
      return parent;
    }
  }
  parent.ids = ids_of(bound_value(names, *parent.argument, *arguments.find(parent.argument->name)));
  if (!parent.ids.empty()) parent.is = Parent::Is::known;
  return parent;
}

// The first that the call names has it.
std::optional<Parent> parent_with(const Call& call, const Arguments& arguments, const Names& names,
                                  const std::string& field) {
  for (const auto& rule : call.resource().inherits) {
    if (rule.field != field) continue;
    auto parent = parent_of(call, arguments, names, rule);
    if (parent.is != Parent::Is::none) return parent;
  }
  return std::nullopt;
}

// The argument that names the first parent; it need not be resolved yet.
const Argument* first_given(const Call& call, const Arguments& arguments,
                            const std::string& field) {
  for (const auto& rule : call.resource().inherits) {
    if (rule.field != field) continue;
    if (const auto* argument = given_for(call, arguments, rule.from)) return argument;
  }
  return nullptr;
}

bool says(const Call& call, const Arguments& arguments, const std::string& field) {
  return given_for(call, arguments, field) != nullptr;
}

// Whether the API takes the field from the other record, whatever is sent.
bool follows(const Call& call, const std::string& field, const Argument& from) {
  const auto* known = call.resource().find_field(field);
  return known != nullptr &&
         std::ranges::find(known->follows, from.field()) != known->follows.end();
}

// What the field is in each of them, without repetition.
io::Task<Outcome<json::Array>> values_of(Call& call, const Parent& parent,
                                         const std::string& field) {
  json::Array values;
  std::set<std::optional<std::int64_t>> known_ids;  // there may be as many as the API likes
  const auto add = [&](const json::Value& value) {
    if (!value.is_null() && known_ids.insert(id_of(value)).second) values.push_back(value);
  };
  // The record that the field names may be the parent itself: time that is logged on a company.
  const auto* known = call.resource().find_field(field);
  if (known != nullptr && known->lookup && known->lookup->resource == parent.resource->name) {
    for (const auto id : parent.ids) add(json::Object{{"id", id}});
    co_return values;
  }
  const auto* list = parent.resource->find_method("list");
  const auto* dialect = call.filter_dialect();
  if (list == nullptr || dialect == nullptr || !list->path.names().empty()) co_return values;
  json::Array wanted;
  for (const auto id : parent.ids) wanted.push_back(id);
  const auto filter =
      dialect->write({{call.integration().pagination.id_field, integration::FilterOperator::in,
                       integration::FieldType::integer, std::move(wanted)}});
  if (!filter) co_return values;
  LookupQuery query;
  query.resource = parent.resource;
  query.path = list->path.text();
  query.filter = *filter;
  query.fields = {field};
  auto found = co_await call.loop.lookups.get(call, std::move(query), Freshness::own);
  if (!found) co_return std::unexpected(std::move(found.error()));
  co_await off_loop(call, (*found)->bytes, [&] {
    for (const auto& record : (*found)->records) {
      if (const auto* value = record.find(field)) add(*value);
    }
  });
  co_return values;
}

std::string named(const Call& call, const json::Value& value) {
  const auto* id = value.find("id");
  const std::string shown = id != nullptr ? json::to_string(*id) : std::string();
  const auto name = label_in(call.integration(), value);
  return name.empty() ? shown : '\'' + std::string(cut_utf8(name, 60)) + "' (id " + shown + ')';
}

std::string shown(const std::vector<std::int64_t>& ids) {
  std::vector<std::string> out;
  for (const auto id : ids) out.push_back(std::to_string(id));
  return join(out);
}

std::string spoken(const Resource& resource) {
  std::string singular = resource.singular;
  std::ranges::replace(singular, '_', ' ');
  return singular;
}

}  // namespace

bool waits_for_parent(const Call& call, const Arguments& arguments, const Names& names,
                      const Argument& argument) {
  if (!call.is_write() || !argument.reference) return false;
  for (const auto& scope : argument.reference->scopes) {
    if (says(call, arguments, scope.argument)) continue;
    for (const auto& rule : call.resource().inherits) {
      if (rule.field != scope.argument) continue;
      const auto parent = parent_of(call, arguments, names, rule);
      // One of two that could wait for each other goes first.
      if (parent.argument == &argument) break;
      if (parent.is == Parent::Is::waiting) return true;
      if (parent.is == Parent::Is::known) break;
    }
  }
  return false;
}

std::set<std::string> fields_to_inherit(const Call& call, const Arguments& arguments) {
  std::set<std::string> fields;
  if (!call.is_write() || call.resource().inherits.empty()) return fields;
  for (const auto& argument : call.method().arguments) {
    const auto* given = arguments.find(argument.name);
    if (given == nullptr || given->is_null() || !argument.reference) continue;
    for (const auto& scope : argument.reference->scopes) {
      // What a record is looked up within is not to be had from that record.
      if (first_given(call, arguments, scope.argument) != &argument) fields.insert(scope.argument);
    }
  }
  for (const auto& looked : call.method().looks_at) {
    fields.insert(looked.agree.begin(), looked.agree.end());
  }
  for (const auto& guard : call.method().duplicate_guards) {
    for (const auto& entry : guard.where) fields.insert(entry.second);
  }
  if (call.method().kind == integration::MethodKind::update) {
    fields.merge(derived_fields(call, given_fields(call, arguments)));
  }
  for (const auto& rule : call.resource().inherits) {
    const auto* from = given_for(call, arguments, rule.from);
    const bool checked =
        from != nullptr && says(call, arguments, rule.field) && follows(call, rule.field, *from);
    if (checked) fields.insert(rule.field);
  }
  std::erase_if(fields, [&](const std::string& field) {
    return std::ranges::find(call.resource().inherits, field, &Inherited::field) ==
           call.resource().inherits.end();
  });
  return fields;
}

io::Task<Outcome<>> read_inherited(Call& call, Arguments& arguments, Names& names,
                                   std::set<std::string> fields) {
  for (const auto& field : fields) {
    if (names.inherited.contains(field)) continue;
    const auto parent = parent_with(call, arguments, names, field);
    if (!parent || parent->is != Parent::Is::known) continue;
    if (says(call, arguments, field) && !follows(call, field, *parent->argument)) continue;
    auto values = co_await values_of(call, *parent, field);
    if (!values) {
      auto& error = values.error();
      if (error.code != ErrorCode::permission_denied && error.code != ErrorCode::not_found) {
        co_return std::unexpected(std::move(error));
      }
      call.add_notice("The " + field + " of " + spoken(*parent->resource) + ' ' +
                      shown(parent->ids) + " could not be read, and nothing was held to it.");
      names.inherited[field] = nullptr;
      continue;
    }
    if (values->empty() && parent->argument->type == integration::FieldType::array) {
      arguments.violations.push_back(
          {parent->argument->name, parent->argument->name + ' ' + shown(parent->ids) +
                                       " cannot be found among the " +
                                       to_lower(parent->resource->label)});
    }
    if (values->size() > 1) {
      std::vector<std::string> several;
      for (const auto& value : *values) several.push_back(named(call, value));
      arguments.violations.push_back(
          {parent->argument->name, parent->argument->name + " are not of one " + field + ": " +
                                       join(several) + "; call once for those of each"});
    }
    names.inherited[field] = values->size() == 1 ? values->front() : json::Value();
  }
  co_return Outcome<>();
}

void check_inherited(const Call& call, Arguments& arguments, const Names& names) {
  for (const auto& [field, value] : names.inherited) {
    const auto* said = given_for(call, arguments, field);
    const auto* id = value.find("id");
    if (said == nullptr || id == nullptr) continue;
    const auto parent = parent_with(call, arguments, names, field);
    const auto* resolution = names.find(*said);
    if (!parent || parent->is != Parent::Is::known || resolution == nullptr ||
        resolution->records.size() != 1) {
      continue;
    }
    const auto& given = resolution->records.front();
    if (given.id.as_int64() == id->as_int64()) continue;
    arguments.violations.push_back(
        {said->name, said->name + ' ' +
                         named(call, json::Object{{"id", given.id},
                                                  {name_field(call.integration()), given.name}}) +
                         " is not that of " + spoken(*parent->resource) + ' ' + shown(parent->ids) +
                         ", which is of " + named(call, value) + "; leave " + said->name + " out"});
  }
}

}  // namespace patchbay::gateway
