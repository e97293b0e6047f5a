#include "gateway/arguments/bind_body.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "dialect/update.h"
#include "gateway/arguments/contradiction.h"
#include "integration/whole_body.h"
#include "json/path.h"

namespace patchbay::gateway {

using integration::Argument;
using integration::FieldType;

namespace {

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

std::unexpected<ToolError> refuse_alone(const std::string& name, const std::string& needed) {
  ToolError error;
  error.code = ErrorCode::invalid_argument;
  error.message = name + " says nothing without " + needed + ".";
  error.hint = "Nothing was sent. Give " + needed + " as well, or leave " + name + " out.";
  error.field_errors.push_back({needed, "is required beside " + name});
  return std::unexpected(std::move(error));
}

// A body as it is put together.
class Body {
 public:
  Body(const Call& call, const Arguments& arguments, const Names& names)
      : call_(call), arguments_(arguments), names_(names) {}

  // What the arguments give.
  Outcome<> set_given() {
    for (const auto& argument : call_.method().arguments) {
      const auto* given = given_in_body(argument);
      if (given == nullptr) continue;
      auto value = bound_value(names_, argument, *given);
      const auto& field = argument.field();
      const bool reference =
          argument.reference.has_value() || argument.type == FieldType::reference;
      // Parts of a form are plain values.
      const bool is_part = call_.method().encoding == integration::Encoding::multipart;
      const bool as_object = reference && !is_part && !argument.id_alone && !field.contains('/');
      if (as_object) value = as_reference(std::move(value));
      const auto& before = set_by_[field];
      if (!before.empty() && !same_value(json::find_at(members_, field), value)) {
        return refuse_contradiction(before, argument.name, field);
      }
      set_by_[field] = argument.name;
      set_at(members_, field, std::move(value));
    }
    return {};
  }

  // What the given ones imply.
  Outcome<> set_implied() {
    for (const auto& argument : call_.method().arguments) {
      if (given_in_body(argument) == nullptr) continue;
      for (const auto& [field, value] : argument.also) {
        const auto& before = set_by_[field];
        if (!before.empty() && !same_value(json::find_at(members_, field), value)) {
          return refuse_contradiction(argument.name, before, field);
        }
        set_by_[field] = argument.name;
        set_at(members_, field, value);
      }
    }
    return {};
  }

  // Refuses what says nothing without another.
  Outcome<> check_company() const {
    for (const auto& argument : call_.method().arguments) {
      const auto* given = given_in_body(argument);
      if (given == nullptr || given->is_null()) continue;
      for (const auto& field : argument.needs) {
        if (!members_.contains(field)) return refuse_alone(argument.name, field);
      }
    }
    return {};
  }

  // What the API wants to be told in the body once more, though the path says it.
  void repeat_path() {
    for (const auto& [field, name] : call_.method().repeats) {
      const auto* argument = call_.find_argument(name);
      const auto* given = argument != nullptr ? arguments_.find(name) : nullptr;
      if (given == nullptr) continue;
      auto value = bound_value(names_, *argument, *given);
      const auto* known = call_.resource().find_field(field);
      const bool reference = known != nullptr && known->type == FieldType::reference;
      members_[field] = reference ? as_reference(std::move(value)) : std::move(value);
    }
  }

  json::Object& members() { return members_; }

 private:
  const json::Value* given_in_body(const Argument& argument) const {
    return argument.place == integration::ArgumentPlace::body ? arguments_.find(argument.name)
                                                              : nullptr;
  }

  const Call& call_;
  const Arguments& arguments_;
  const Names& names_;
  json::Object members_;
  std::map<std::string, std::string> set_by_;  // field → the argument that gave it
};

// In the form that the API takes.
json::Value in_form(const Call& call, json::Object members) {
  const auto& method = call.method();
  const bool patches =
      method.kind == integration::MethodKind::update && method.verb == integration::Verb::patch;
  const auto* update =
      patches ? dialect::find_update_dialect(call.integration().dialects.update) : nullptr;
  auto body = update != nullptr ? update->write(members) : json::Value(std::move(members));
  if (method.body_list.empty()) return body;
  json::Array one;
  one.push_back(std::move(body));
  if (method.body_list == integration::kWholeBody) return one;
  return json::Object{{method.body_list, std::move(one)}};
}

// The argument that is the body as a whole, if there is one.
const Argument* whole_body(const Call& call) {
  for (const auto& argument : call.method().arguments) {
    if (argument.place == integration::ArgumentPlace::body &&
        argument.field() == integration::kWholeBody) {
      return &argument;
    }
  }
  return nullptr;
}

bool takes_body(const integration::Method& method) {
  return std::ranges::any_of(method.arguments, [](const Argument& argument) {
    return argument.place == integration::ArgumentPlace::body;
  });
}

std::string nothing_to_change(const Call& call) {
  std::string hint = "Give at least one field with its new value";
  if (!call.method().clearable.empty()) hint += ", or name one to empty in clear";
  return hint + ". What is null or left out stays as it is.";
}

}  // namespace

Outcome<std::optional<json::Value>> bind_body(const Call& call, const Arguments& arguments,
                                              const Names& names, const json::Object& further) {
  const auto verb = call.method().verb;
  if (verb == integration::Verb::get || verb == integration::Verb::delete_) return std::nullopt;
  if (const auto* whole = whole_body(call)) {
    const auto* given = arguments.find(whole->name);
    return given != nullptr ? std::optional(*given) : std::nullopt;
  }
  Body body(call, arguments, names);
  if (auto set = body.set_given(); !set) return std::unexpected(std::move(set.error()));
  if (auto set = body.set_implied(); !set) return std::unexpected(std::move(set.error()));
  if (auto fit = body.check_company(); !fit) return std::unexpected(std::move(fit.error()));
  for (const auto& [field, value] : names.followed) body.members()[field] = value;
  for (const auto& [field, value] : further) body.members()[field] = value;
  auto& members = body.members();
  const auto kind = call.method().kind;
  if (kind == integration::MethodKind::update && members.empty()) {
    return refuse(ErrorCode::invalid_argument, "There is nothing to change.",
                  nothing_to_change(call));
  }
  body.repeat_path();
  // What may have a body is sent an empty one: an API that reads it as JSON refuses none at all.
  const bool has_body = verb != integration::Verb::post || !members.empty() ||
                        kind == integration::MethodKind::create || takes_body(call.method());
  if (!has_body && call.method().body_list.empty()) return std::nullopt;
  return in_form(call, std::move(members));
}

}  // namespace patchbay::gateway
