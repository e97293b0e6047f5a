#include <algorithm>

#include "base/text.h"
#include "dialect/update.h"
#include "gateway/stages.h"
#include "http/message.h"
#include "http/url.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::Argument;
using integration::FieldType;

namespace {

// A request line longer than this is refused by common servers (IIS and nginx take 8 to 16 KiB).
constexpr std::size_t kMaxQueryBytes = 14'000;

// A value as it stands in a path or query: arrays separated by commas.
std::string as_text(const json::Value& value) {
  if (const auto* text = value.if_string()) return *text;
  if (const auto* items = value.if_array()) {
    std::string out;
    for (const auto& item : *items) out += (out.empty() ? "" : ",") + as_text(item);
    return out;
  }
  return json::to_string(value);
}

std::string_view target_of(const Argument& argument) {
  return argument.target.empty() ? argument.name : argument.target;
}

// The argument's value, with the id in place of a name.
json::Value bound_value(const Call& call, const Argument& argument, const json::Value& given) {
  const auto* resolution = call.find_resolution(argument);
  if (resolution == nullptr) return given;
  if (!given.is_array()) return resolution->records.front().id;
  json::Array ids;
  for (const auto& record : resolution->records) ids.push_back(record.id);
  return ids;
}

json::Value as_reference(json::Value id) {
  if (auto* items = id.if_array()) {
    json::Array out;
    for (auto& item : *items) out.push_back(as_reference(std::move(item)));
    return out;
  }
  if (id.is_object() || id.is_null()) return id;
  return json::Object{{"id", std::move(id)}};
}

// "company/id" sets {"company": {"id": …}}.
void set_at(json::Object& body, std::string_view path, json::Value value) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) {
    body[path] = std::move(value);
    return;
  }
  auto& inner = body[path.substr(0, slash)];
  if (!inner.is_object()) inner = json::Object();
  set_at(*inner.if_object(), path.substr(slash + 1), std::move(value));
}

std::unexpected<ToolError> refuse_filter(const Argument& argument, const Error& error) {
  ToolError refusal;
  refusal.code = ErrorCode::invalid_argument;
  refusal.message = argument.name + ": " + error.message;
  refusal.hint = error.hint;
  refusal.field_errors.push_back({argument.name, error.message});
  return std::unexpected(std::move(refusal));
}

// The terms that one filter argument makes.
Step<std::vector<dialect::FilterTerm>> terms_of(const Call& call, const Argument& argument,
                                                const json::Value& given) {
  std::vector<dialect::FilterTerm> terms;
  dialect::FilterTerm term{std::string(target_of(argument)), argument.filter_operator,
                           argument.type, given};
  const auto* resolution = call.find_resolution(argument);
  const bool names_record = argument.reference.has_value() || argument.type == FieldType::reference;
  if (names_record && !term.field.contains('/')) {
    // By the name where it can mean no other record and the upstream compares it; else by the id.
    std::string child = "id";
    if (resolution != nullptr && resolution->records.size() == 1) {
      const auto& record = resolution->records.front();
      const auto child_exists = [&](const std::string& name) {
        const auto* field = call.resource().find_field(term.field + '/' + name);
        return field != nullptr && field->filterable;
      };
      if (!record.match_field.empty() && child_exists(record.match_field)) {
        child = record.match_field;
        term.value = record.name;
      } else if (record.id.is_null()) {
        child = child_exists("identifier") && !child_exists("name") ? "identifier" : "name";
        term.value = record.name;
      } else {
        term.value = record.id;
      }
    } else if (resolution != nullptr) {
      term.value = json::Array();
      for (const auto& record : resolution->records) {
        if (record.id.is_null()) child = "name";
      }
      for (const auto& record : resolution->records) {
        term.value.push_back(child == "id" ? record.id : json::Value(record.name));
      }
    }
    term.field += '/' + child;
    term.type = child == "id" ? FieldType::integer : FieldType::string;
  } else if (resolution != nullptr) {
    term.value = bound_value(call, argument, given);
    if (term.value.is_number()) term.type = FieldType::integer;
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

const json::Value* member_of(const json::Object& body, std::string_view path) {
  const auto slash = path.find('/');
  const auto* value = body.find(path.substr(0, slash));
  if (value == nullptr || slash == std::string_view::npos) return value;
  return value->is_object() ? member_of(*value->if_object(), path.substr(slash + 1)) : nullptr;
}

bool same_value(const json::Value* a, const json::Value& b) {
  return a != nullptr && json::to_string(*a) == json::to_string(b);
}

std::unexpected<ToolError> refuse_contradiction(const std::string& first, const std::string& second,
                                                std::string_view field) {
  ToolError error;
  error.code = ErrorCode::invalid_argument;
  error.message = first + " and " + second + " contradict each other: both say what " +
                  std::string(field) + " is, and not the same.";
  error.hint = "Nothing was sent. Give one of them only.";
  for (const auto& name : {first, second}) {
    error.field_errors.push_back({name, "contradicts " + (name == first ? second : first)});
  }
  return std::unexpected(std::move(error));
}

Step<std::string> bind_filter(const Call& call) {
  const auto* dialect = call.filter_dialect();
  std::vector<dialect::FilterTerm> terms;
  std::map<std::string, json::Value> also;
  std::map<std::string, std::string> set_by;   // field → the argument that compares it
  std::map<std::string, std::string> also_by;  // field → the argument that implies it
  for (const auto& argument : call.method().arguments) {
    const auto* given = call.arguments.find(argument.name);
    if (given == nullptr || argument.place != integration::Place::filter) continue;
    if (dialect == nullptr) {
      return stop(ErrorCode::unsupported, "This API has no filter language.");
    }
    auto made = terms_of(call, argument, *given);
    if (!made) return std::unexpected(std::move(made.error()));
    // Alone first, so that a fault is told by the argument that has it.
    if (const auto alone = dialect->write(*made); !alone) {
      return refuse_filter(argument, alone.error());
    }
    for (auto& term : *made) {
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
  if (dialect == nullptr) return std::string();
  auto typed = dialect->write(terms);
  if (!typed) return stop(typed.error());
  const auto* raw = call.arguments.find("conditions");
  if (raw == nullptr || raw->if_string() == nullptr) return *typed;
  auto checked = dialect->check(*raw->if_string(), call.resource());
  if (!checked) return refuse_filter(*call.find_argument("conditions"), checked.error());
  return dialect->both(*typed, *checked);
}

// Query parameters; those that hold expressions are checked like conditions.
Step<> bind_query(Call& call) {
  const auto* dialect = call.filter_dialect();
  struct Said {
    std::string by;  // the argument
    std::string value;
  };
  std::map<std::string, Said> said;  // by parameter
  const auto say = [&](const std::string& by, std::string_view name,
                       const std::string& value) -> Step<> {
    const auto [before, fresh] = said.try_emplace(std::string(name), by, value);
    if (fresh) add_parameter(call.query, name, value);
    if (before->second.value == value) return {};
    return refuse_contradiction(before->second.by, by, name);
  };
  for (const auto& argument : call.method().arguments) {
    const auto* given = call.arguments.find(argument.name);
    if (given == nullptr || argument.place != integration::Place::query) continue;
    const auto target = target_of(argument);
    const auto kind = dialect != nullptr ? dialect->expression_of(target) : std::nullopt;
    const auto* text = given->if_string();
    if (kind && text != nullptr) {
      auto checked = dialect->check(*text, call.resource(), *kind);
      if (!checked) return refuse_filter(argument, checked.error());
      if (auto ok = say(argument.name, target, *checked); !ok) return ok;
    } else if (auto ok = say(argument.name, target, as_text(bound_value(call, argument, *given)));
               !ok) {
      return ok;
    }
    for (const auto& [name, value] : argument.also) {
      if (auto ok = say(argument.name, name, as_text(value)); !ok) return ok;
    }
  }
  if (call.query.size() > kMaxQueryBytes) {
    return stop(ErrorCode::invalid_argument, "The arguments are too long for one request.",
                "Ask in several calls, each with part of the values.");
  }
  return {};
}

std::unexpected<ToolError> refuse_alone(const std::string& name, const std::string& needed) {
  ToolError error;
  error.code = ErrorCode::invalid_argument;
  error.message = name + " says nothing without " + needed + ".";
  error.hint = "Nothing was sent. Give " + needed + " as well, or leave " + name + " out.";
  error.field_errors.push_back({needed, "is required beside " + name});
  return std::unexpected(std::move(error));
}

// What the API wants to be told in the body once more, though the path says it.
void repeat_arguments(const Call& call, json::Object& body) {
  for (const auto& [field, name] : call.method().repeats) {
    const auto* argument = call.find_argument(name);
    const auto* given = argument != nullptr ? call.arguments.find(name) : nullptr;
    if (given == nullptr) continue;
    auto value = bound_value(call, *argument, *given);
    const auto* known = call.resource().find_field(field);
    const bool reference = known != nullptr && known->type == FieldType::reference;
    body[field] = reference ? as_reference(std::move(value)) : std::move(value);
  }
}

Step<> bind_body(Call& call) {
  const auto verb = call.method().verb;
  if (verb == integration::Verb::get || verb == integration::Verb::delete_) return {};
  json::Object body;
  std::map<std::string, std::string> set_by;  // field → the argument that gave it
  for (const auto& argument : call.method().arguments) {
    const auto* given = call.arguments.find(argument.name);
    if (given == nullptr || argument.place != integration::Place::body) continue;
    json::Value value = bound_value(call, argument, *given);
    const auto target = target_of(argument);
    const bool reference = argument.reference.has_value() || argument.type == FieldType::reference;
    // Parts of a form are plain values.
    const bool is_part = call.method().encoding == integration::Encoding::multipart;
    if (reference && !is_part && !target.contains('/')) value = as_reference(std::move(value));
    const auto& before = set_by[std::string(target)];
    if (!before.empty() && !same_value(member_of(body, target), value)) {
      return refuse_contradiction(before, argument.name, target);
    }
    set_by[std::string(target)] = argument.name;
    set_at(body, target, std::move(value));
  }
  for (const auto& argument : call.method().arguments) {
    if (argument.place != integration::Place::body || !call.arguments.find(argument.name)) continue;
    for (const auto& [field, value] : argument.also) {
      const auto& before = set_by[field];
      if (!before.empty() && !same_value(member_of(body, field), value)) {
        return refuse_contradiction(argument.name, before, field);
      }
      set_by[field] = argument.name;
      set_at(body, field, value);
    }
  }
  for (const auto& argument : call.method().arguments) {
    const auto* given = call.arguments.find(argument.name);
    if (given == nullptr || given->is_null() || argument.place != integration::Place::body)
      continue;
    for (const auto& field : argument.needs) {
      if (!body.contains(field)) return refuse_alone(argument.name, field);
    }
  }
  for (const auto& [field, value] : call.further) body[field] = value;
  repeat_arguments(call, body);
  const bool is_update = call.method().kind == integration::MethodKind::update;
  if (is_update && body.empty()) {
    return stop(ErrorCode::invalid_argument, "There is nothing to change.",
                "Give at least one field with its new value; null clears a field.");
  }
  call.has_body = verb != integration::Verb::post || !body.empty() ||
                  call.method().kind == integration::MethodKind::create;
  const auto* update = is_update && verb == integration::Verb::patch
                           ? dialect::find_update_dialect(call.integration().dialects.update)
                           : nullptr;
  call.body = update != nullptr ? update->write(body) : json::Value(std::move(body));
  if (const auto& list = call.method().body_list; !list.empty()) {
    json::Array one;
    one.push_back(std::exchange(call.body, json::Value()));
    call.body = json::Object{{list, std::move(one)}};
  }
  return {};
}

// Needed parameters and fields that no argument gave, each with the arguments that would.
Step<> check_needs(const Call& call) {
  ToolError error;
  for (const auto& needed : call.method().needs) {
    bool given = false;
    std::vector<std::string> ways;
    for (const auto& argument : call.method().arguments) {
      const bool gives =
          argument.place == integration::Place::query || argument.place == integration::Place::body;
      if (!gives || (target_of(argument) != needed && !argument.also.contains(needed))) continue;
      ways.push_back(argument.name);
      given = given || call.arguments.find(argument.name) != nullptr;
    }
    if (!given) error.field_errors.push_back({needed, "give " + join(ways, " or ")});
  }
  if (error.field_errors.empty()) return {};
  error.code = ErrorCode::invalid_argument;
  error.message = "Nothing says what " + error.field_errors.front().field +
                  " is: " + error.field_errors.front().message + ".";
  error.hint = "Nothing was sent. See the tool's description for which of them belong together.";
  return std::unexpected(std::move(error));
}

}  // namespace

void add_parameter(std::string& query, std::string_view name, std::string_view value) {
  if (name.empty() || value.empty()) return;
  if (!query.empty()) query += '&';
  query += http::percent_encode(name) + '=' + http::percent_encode(value);
}

Step<std::string> fill_path(const Call& call, std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto open = path.find('{');
    out += path.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = path.find('}', open);
    if (close == std::string_view::npos) {
      return stop(ErrorCode::internal, "The definition of this tool has a broken path.");
    }
    const auto name = path.substr(open + 1, close - open - 1);
    std::string value;
    for (const auto& argument : call.method().arguments) {
      const auto* given = call.arguments.find(argument.name);
      if (argument.place == integration::Place::path && target_of(argument) == name &&
          given != nullptr) {
        value = as_text(bound_value(call, argument, *given));
      }
    }
    // "." and ".." survive percent-encoding and would name another place.
    if (value.empty() || value == "." || value == ".." || value.size() > 200) {
      return stop(ErrorCode::invalid_argument,
                  std::string(name) + " is missing or cannot stand in an address.");
    }
    out += http::percent_encode(value);
    path.remove_prefix(close + 1);
  }
  return out;
}

Step<> bind(Call& call) {
  auto path = fill_path(call, call.method().path);
  if (!path) return std::unexpected(std::move(path.error()));
  call.path = std::move(*path);
  if (auto needed = check_needs(call); !needed) return needed;
  if (auto bound = bind_query(call); !bound) return bound;
  auto filter = bind_filter(call);
  if (!filter) return std::unexpected(std::move(filter.error()));
  call.filter = std::move(*filter);
  return bind_body(call);
}

}  // namespace patchbay::gateway
