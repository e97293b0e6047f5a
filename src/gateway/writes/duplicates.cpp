#include "gateway/writes/duplicates.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/fill_path.h"
#include "gateway/names/marks.h"
#include "gateway/sending/off_loop.h"
#include "gateway/writes/alike.h"
#include "gateway/writes/body_members.h"
#include "integration/model.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::DuplicateGuard;
using integration::FieldType;

namespace {

// What only a record like the one to be made fulfils.
struct Question {
  Likeness likeness;
  std::vector<std::pair<std::string, std::string>> otherwise;  // field → that says it
  std::vector<std::string> same;                               // what is the same, for the refusal
  std::string known_by;  // what alone any two must share that are each other's like
};

std::string_view head_of(std::string_view path) {
  return path.substr(0, path.find('/'));
}

bool is_the_same(const json::Value* one, const json::Value& other) {
  if (one == nullptr) return false;
  const auto* a = one->find("id");
  const auto* b = other.find("id");
  if (a != nullptr && b != nullptr) return a->as_int64() == b->as_int64();
  const auto* text = one->if_string();
  const auto* same = other.if_string();
  return text != nullptr && same != nullptr ? alike_text(*text) == alike_text(*same)
                                            : *one == other;
}

// The record's fields as the write would leave them. Of an update: those that it does not give as
// they stand; nothing, where it changes none that the guard compares.
std::optional<json::Object> fields_of(const Call& call, const Prepared& prepared,
                                      const DuplicateGuard& guard) {
  const auto* body = body_members(call, prepared.bound);
  if (call.method().kind != integration::MethodKind::update) {
    return body != nullptr ? *body : json::Object();
  }
  // With what follows: an expense's company is that of the ticket it goes to.
  json::Object fields = prepared.names.current;
  std::set<std::string> given;
  for (const auto& argument : call.method().arguments) {
    const auto* value = prepared.arguments.find(argument.name);
    if (value == nullptr || argument.place != integration::ArgumentPlace::body) continue;
    auto bound = bound_value(prepared.names, argument, *value);
    const bool reference = argument.reference || argument.type == FieldType::reference;
    if (reference && !bound.is_object() && !bound.is_null()) bound = json::Object{{"id", bound}};
    if (!is_the_same(prepared.names.before.find(argument.field()), bound))
      given.insert(argument.field());
    fields[argument.field()] = std::move(bound);
    for (const auto& [field, implied] : argument.also) fields[field] = implied;
  }
  const auto gives = [&](const std::string& field) { return given.contains(field); };
  const bool concerned = std::ranges::any_of(guard.fields, gives) ||
                         std::ranges::any_of(guard.optional, gives) ||
                         std::ranges::any_of(guard.compared, gives);
  return concerned ? std::optional(std::move(fields)) : std::nullopt;
}

// Nothing: too little is given to compare.
std::optional<Question> question_of(const Call& call, const Prepared& prepared,
                                    const DuplicateGuard& guard,
                                    const integration::Resource& resource) {
  Question question;
  const auto fields = fields_of(call, prepared, guard);
  if (!fields) return std::nullopt;
  const auto given = [&](const std::string& field) {
    const auto* value = fields->find(field);
    return value != nullptr && !value->is_null() ? value : nullptr;
  };
  const auto equals = [&](const std::string& field, const json::Value& value) {
    question.likeness.add_equal(call, resource, field, value);
    question.same.emplace_back(head_of(field));
  };
  const bool creates = call.method().kind == integration::MethodKind::create;
  const auto is_day = [&](const std::string& field) {
    const auto* known = resource.find_field(field);
    return (known != nullptr && known->type == FieldType::date) ||
           std::ranges::find(guard.days, field) != guard.days.end();
  };
  const auto must_share = [&](const std::string& field, const json::Value& value) {
    const auto* id = value.find(call.integration().pagination.id_field);
    const auto& what = id != nullptr ? *id : value;
    const auto number = what.as_int64();
    // Of two ways to write a broken number nobody knows that they are one.
    if (what.is_number() && !number) return;
    question.known_by += field + '=';
    question.known_by += number ? std::to_string(*number) : alike_text(as_text(what));
    question.known_by += '\n';
  };
  for (const auto& field : guard.fields) {
    const auto* value = given(field);
    if (is_day(field) && (value != nullptr || creates)) {
      question.likeness.add_day(call, resource, field, value, false);
      question.same.push_back(field);
    } else if (value != nullptr) {
      equals(field, *value);
      if (!guard.otherwise.contains(field)) must_share(field, *value);
    } else if (std::ranges::find(guard.or_empty, field) != guard.or_empty.end()) {
      question.likeness.add_empty(call, resource, field);
    } else if (const auto other = guard.otherwise.find(field); other != guard.otherwise.end()) {
      question.otherwise.emplace_back(field, other->second);
      question.same.push_back(field);
    } else {
      return std::nullopt;
    }
  }
  for (const auto& field : guard.optional) {
    const auto* value = given(field);
    if (value != nullptr && is_day(field)) {
      // One that was given no day may have none, or that of its making.
      question.likeness.add_day(call, resource, field, value, true);
      question.same.push_back(field);
    } else if (value != nullptr) {
      equals(field, *value);
    } else if (call.method().kind == integration::MethodKind::update) {
      // What a create leaves out the API may fill; in a record that stands, nothing is nothing.
      question.likeness.add_empty(call, resource, field);
    }
  }
  for (const auto& [field, name] : guard.where) {
    const auto* argument = call.find_argument(name);
    const auto* value = prepared.arguments.find(name);
    if (argument != nullptr && value != nullptr) {
      equals(field, bound_value(prepared.names, *argument, *value));
      continue;
    }
    // "company/id" of the contact's company.
    const auto* inherited = prepared.names.inherited.find(name);
    const auto* id = inherited != nullptr ? inherited->find("id") : nullptr;
    if (id == nullptr) return std::nullopt;
    equals(field, *id);
  }
  for (const auto& path : guard.compared) {
    auto texts = texts_at(json::Value(*fields), path);
    if (guard.addresses_only) {
      std::erase_if(texts, [](const std::string& text) {
        return !reads_as(integration::FilterOperator::as_email, text);
      });
    }
    if (texts.empty()) return std::nullopt;
    const auto elsewhere = guard.at.find(path);
    question.likeness.compared.emplace_back(elsewhere != guard.at.end() ? elsewhere->second : path,
                                            std::move(texts));
    question.same.emplace_back(head_of(path));
  }
  if (guard.within.count() > 0) {
    question.likeness.terms.push_back({guard.created.empty() ? guard.changed : guard.created,
                                       integration::FilterOperator::greater_or_equal,
                                       FieldType::date_time,
                                       format_utc(call.services.clock.now() - guard.within)});
  }
  return question;
}

// Whether what a maker left out says another all the same.
bool is_by_the_same(const integration::Integration& integration, const json::Value& record,
                    const Question& question) {
  for (const auto& [field, other] : question.otherwise) {
    const auto said = texts_at(record, other);
    const auto* value = record.find(field);
    if (said.empty() || value == nullptr) continue;
    auto names = texts_at(*value, "");
    for (const auto& label : single_label_fields(integration)) {
      auto more = texts_at(*value, label);
      names.insert(names.end(), more.begin(), more.end());
    }
    if (!names.empty() && std::ranges::find(names, said.front()) == names.end()) return false;
  }
  return true;
}

// An update's own record is no other.
bool is_own(const Call& call, const Prepared& prepared, const json::Value& record) {
  if (call.method().kind != integration::MethodKind::update) return false;
  const auto& id_field = call.integration().pagination.id_field;
  const auto* own = prepared.arguments.find(id_field);
  const auto* id = record.find(id_field);
  return own != nullptr && id != nullptr && own->as_int64() == id->as_int64();
}

ToolError already_there(const integration::Resource& resource, const DuplicateGuard& guard,
                        const Question& question, const json::Value& id) {
  std::string singular = resource.singular;
  std::ranges::replace(singular, '_', ' ');
  ToolError error;
  error.code = ErrorCode::conflict;
  error.message =
      singular + ' ' + as_text(id) + " with the same " + join(question.same, " and ") +
      (guard.within.count() > 0
           ? (guard.created.empty() ? " was created or changed less than "
                                    : " was created less than ") +
                 std::to_string(guard.within.count()) + " minutes ago; nothing was sent."
           : " is there already; nothing was sent.");
  error.hint = "Use that one, or set allow_duplicate: true if there must be two.";
  return error;
}

io::Task<Outcome<>> check(Call& call, const Prepared& prepared, const DuplicateGuard& guard) {
  const auto* resource =
      guard.resource.empty() ? &call.resource() : call.integration().find_resource(guard.resource);
  if (resource == nullptr) co_return Outcome<>();
  const auto question = question_of(call, prepared, guard, *resource);
  if (!question) co_return Outcome<>();
  const auto& pagination = call.integration().pagination;
  std::vector<std::string> fields = {pagination.id_field};
  for (const auto& [field, other] : question->otherwise) {
    fields.push_back(field);
    fields.push_back(other);
  }
  auto found = co_await list_alike(call, prepared, *resource, question->likeness, std::move(fields),
                                   question->otherwise.empty() ? 2 : pagination.max_size);
  if (!found) {
    auto& error = found.error();
    // Who may create need not be allowed to read; and of a parent that is not there the write
    // itself tells, better.
    if (error.code == ErrorCode::permission_denied || error.code == ErrorCode::not_found) {
      call.add_notice("Whether the same was created " +
                      std::string(guard.within.count() > 0 ? "moments ago" : "before") +
                      " could not be checked.");
      co_return Outcome<>();
    }
    error.message = "Looking for the same record failed; nothing was sent: " + error.message;
    co_return std::unexpected(std::move(error));
  }
  if (!*found) co_return Outcome<>();
  const auto bytes = (*found)->bytes;
  const LetGo ending(call, bytes, (*found)->records);
  co_return co_await off_loop(call, bytes, [&]() -> Outcome<> {
    for (const auto& record : (*found)->records) {
      if (!is_by_the_same(call.integration(), record, *question)) continue;
      if (resource == &call.resource() && is_own(call, prepared, record)) continue;
      const auto* id = record.find(pagination.id_field);
      return std::unexpected(
          already_there(*resource, guard, *question, id != nullptr ? *id : json::Value("")));
    }
    return {};
  });
}

}  // namespace

std::vector<std::string> known_by(const Call& call, const Prepared& prepared) {
  // Also of one that may be a second: it is what another would be refused for.
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < call.method().duplicate_guards.size(); ++i) {
    const auto& guard = call.method().duplicate_guards[i];
    const auto* resource = guard.resource.empty()
                               ? &call.resource()
                               : call.integration().find_resource(guard.resource);
    const auto question = resource != nullptr ? question_of(call, prepared, guard, *resource)
                                              : std::optional<Question>();
    if (question) keys.push_back(std::to_string(i) + '\n' + question->known_by);
  }
  return keys;
}

io::Task<Outcome<>> refuse_duplicate(Call& call, const Prepared& prepared) {
  if (prepared.arguments.flag("allow_duplicate")) co_return Outcome<>();
  for (const auto& guard : call.method().duplicate_guards) {
    auto checked = co_await check(call, prepared, guard);
    if (!checked) co_return checked;
  }
  co_return Outcome<>();
}

}  // namespace patchbay::gateway
