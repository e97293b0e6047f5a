#include "gateway/arguments/bind_filter.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include "base/iso8601.h"
#include "dialect/filter.h"
#include "gateway/arguments/contradiction.h"
#include "gateway/call/labels.h"
#include "gateway/names/marks.h"

namespace patchbay::gateway {

using integration::Argument;
using integration::FieldType;

namespace {

constexpr std::int64_t kMostHours = 876'000;  // a century; times beyond it are none

// The terms that one filter argument makes.
Outcome<std::vector<dialect::FilterTerm>> terms_of(const Call& call, const Names& names,
                                                   const Argument& argument,
                                                   const json::Value& given) {
  std::vector<dialect::FilterTerm> terms;
  dialect::FilterTerm term{std::string(argument.field()), argument.filter_operator, argument.type,
                           given};
  if (argument.hours_ahead) {
    const auto hours = std::chrono::hours(std::min(given.as_int64().value_or(0), kMostHours));
    term.type = FieldType::date_time;
    term.value = json::Value(format_utc(call.services.clock.now() + hours));
    terms.push_back(std::move(term));
    return terms;
  }
  if (is_mark(argument.filter_operator)) {
    auto found_by = term_of_mark(term.field, argument.filter_operator, given);
    if (!found_by) return refuse_argument(argument.name, found_by.error());
    terms.push_back(std::move(*found_by));
    return terms;
  }
  const auto* resolution = names.find(argument);
  const bool names_record = argument.reference.has_value() || argument.type == FieldType::reference;
  if (!argument.compares.empty() && resolution != nullptr) {
    // Each by the text that stands there; what has none is compared as it was said.
    const auto text_of = [](const Named& record, const json::Value& said) {
      return record.name.empty() ? said : json::Value(record.name);
    };
    if (auto* several = term.value.if_array()) {
      for (std::size_t i = 0; i < several->size(); ++i) {
        (*several)[i] = text_of(resolution->records[i], (*several)[i]);
      }
    } else {
      term.value = text_of(resolution->records.front(), term.value);
    }
  } else if (names_record && !term.field.contains('/')) {
    // By the name where it can mean no other record and the upstream compares it; else by the id.
    std::string child = "id";
    const auto child_exists = [&](const std::string& name) {
      const auto* field = call.resource().find_field(term.field + '/' + name);
      return field != nullptr && field->filterable;
    };
    const auto label_child = [&] {
      const auto labels = single_label_fields(call.integration());
      const auto found = std::ranges::find_if(labels, child_exists);
      return found != labels.end() ? *found : name_field(call.integration());
    };
    if (resolution != nullptr && resolution->records.size() == 1) {
      const auto& record = resolution->records.front();
      if (!record.match_field.empty() && child_exists(record.match_field)) {
        child = record.match_field;
        term.value = record.name;
      } else if (record.id.is_null()) {
        child = label_child();
        term.value = record.name;
      } else {
        term.value = record.id;
      }
    } else if (resolution != nullptr) {
      term.value = json::Array();
      for (const auto& record : resolution->records) {
        if (record.id.is_null()) child = label_child();
      }
      for (const auto& record : resolution->records) {
        term.value.push_back(child == "id" ? record.id : json::Value(record.name));
      }
    }
    term.field += '/' + child;
    term.type = child == "id" ? FieldType::integer : FieldType::string;
  } else if (resolution != nullptr) {
    term.value = bound_value(names, argument, given);
    if (term.value.is_number()) term.type = FieldType::integer;
  }
  // Of one record that is meant by a list of one it is a list all the same.
  if (given.is_array() && !term.value.is_array()) {
    term.value = json::Value(json::Array{std::move(term.value)});
  }
  terms.push_back(std::move(term));
  return terms;
}

FieldType type_of(const json::Value& value) {
  if (const auto* items = value.if_array()) {
    return items->empty() ? FieldType::string : type_of(items->front());
  }
  if (value.is_number()) return FieldType::number;
  if (value.is_bool()) return FieldType::boolean;
  return FieldType::string;
}

}  // namespace

Outcome<BoundFilter> bind_filter(const Call& call, const Arguments& arguments, const Names& names) {
  const auto* dialect = call.filter_dialect();
  std::vector<dialect::FilterTerm> terms;
  std::map<std::string, json::Value> also;
  std::map<std::string, std::string> set_by;  // field → the argument that compares it
  std::string of_array;  // the argument that compares a member of one of the records' arrays
  std::map<std::string, std::string> also_by;  // field → the argument that implies it
  for (const auto& argument : call.method().arguments) {
    const auto* given = arguments.find(argument.name);
    if (given == nullptr || argument.place != integration::ArgumentPlace::filter) continue;
    if (dialect == nullptr) {
      return refuse(ErrorCode::unsupported, "This API has no filter language.");
    }
    auto made = terms_of(call, names, argument, *given);
    if (!made) return std::unexpected(std::move(made.error()));
    // Alone first, so that a fault is told by the argument that has it.
    if (const auto alone = dialect->write(*made); !alone) {
      return refuse_argument(argument.name, alone.error());
    }
    for (auto& term : *made) {
      // Both would have to hold of one member of the array, and nobody is reached so.
      if (call.resource().in_array(term.field)) {
        if (!of_array.empty()) {
          return refuse_argument(argument.name,
                                 {.code = ErrorCode::invalid_argument,
                                  .message = "cannot stand beside " + of_array,
                                  .hint = "Give one of them: the API compares one at a time."});
        }
        of_array = argument.name;
      }
      const auto& before = set_by[term.field];
      const bool exact = term.op == integration::FilterOperator::equal;
      const auto other = std::ranges::find_if(terms, [&](const dialect::FilterTerm& earlier) {
        return exact && earlier.op == term.op && earlier.field == term.field &&
               !same_value(&earlier.value, term.value);
      });
      if (other != terms.end()) return refuse_contradiction(before, argument.name, term.field);
      set_by[term.field] = argument.name;
      terms.push_back(std::move(term));
    }
    for (const auto& [field, value] : argument.also) {
      also[field] = value;
      also_by[field] = argument.name;
    }
  }
  for (const auto& [field, value] : call.method().only) {
    terms.push_back({field, integration::FilterOperator::equal, type_of(value), value});
  }
  for (auto& [field, value] : also) {
    const bool given = std::ranges::any_of(
        terms, [&](const dialect::FilterTerm& term) { return term.field == field; });
    if (given) {
      const auto* allowed = value.if_array();
      const auto fits = [&](const dialect::FilterTerm& term) {
        if (term.field != field || term.op != integration::FilterOperator::equal) return true;
        if (allowed == nullptr) return same_value(&value, term.value);
        return std::ranges::any_of(*allowed,
                                   [&](const auto& each) { return same_value(&each, term.value); });
      };
      if (!std::ranges::all_of(terms, fits)) {
        return refuse_contradiction(also_by[field], set_by[field], field);
      }
      continue;
    }
    const auto op =
        value.is_array() ? integration::FilterOperator::in : integration::FilterOperator::equal;
    terms.push_back({field, op, type_of(value), value});
  }
  BoundFilter bound;
  if (dialect == nullptr) return bound;
  std::vector<dialect::FilterTerm> of_children;
  std::erase_if(terms, [&](const dialect::FilterTerm& term) {
    if (!call.resource().in_array(term.field)) return false;
    of_children.push_back(term);
    return true;
  });
  auto typed = dialect->write(terms);
  if (!typed) return refuse(typed.error());
  bound.own = std::move(*typed);
  auto children = dialect->write(of_children);
  if (!children) return refuse(children.error());
  bound.children = std::move(*children);
  const auto* raw = arguments.find("conditions");
  // Those about columns of the API's own are a parameter like others (bind.cpp).
  if (raw == nullptr || raw->if_string() == nullptr || call.method().own_columns) return bound;
  auto checked = dialect->check(*raw->if_string(), call.resource());
  if (!checked) return refuse_argument("conditions", checked.error());
  bound.own = dialect->both(bound.own, *checked);
  return bound;
}

}  // namespace patchbay::gateway
