#include "gateway/writes/duplicates.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/fill_path.h"
#include "gateway/writes/alike.h"
#include "gateway/writes/body_members.h"
#include "integration/model.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::DuplicateGuard;
using integration::FieldType;

namespace {

// What the list is asked, and what must be compared here since a condition cannot.
struct Question {
  std::vector<dialect::FilterTerm> terms;
  std::vector<std::pair<std::string, std::vector<std::string>>> compared;  // path → texts
  std::vector<std::pair<std::string, std::string>> otherwise;              // field → that says it
  std::vector<std::string> same;  // what is the same, for the refusal
};

std::string_view head_of(std::string_view path) {
  return path.substr(0, path.find('/'));
}

// All texts at the path, also within the members of lists.
void collect(const json::Value& value, std::string_view path, std::vector<std::string>& out) {
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) collect(item, path, out);
    return;
  }
  if (path.empty()) {
    if (value.is_object()) return;
    if (const auto text = to_lower(trim(as_text(value))); !value.is_null() && !text.empty()) {
      out.push_back(text);
    }
    return;
  }
  const auto slash = path.find('/');
  const auto* inner = value.find(path.substr(0, slash));
  if (inner == nullptr) return;
  collect(*inner, slash == std::string_view::npos ? "" : path.substr(slash + 1), out);
}

std::vector<std::string> texts_at(const json::Value& value, std::string_view path) {
  std::vector<std::string> out;
  collect(value, path, out);
  return out;
}

dialect::FilterTerm term_for(const Call& call, const integration::Resource& resource,
                             const std::string& field, const json::Value& value) {
  dialect::FilterTerm term;
  term.field = field;
  term.value = value;
  // Nobody means another record by outer blanks.
  if (const auto* text = value.if_string()) term.value = std::string(trim(*text));
  if (const auto* id = value.find(call.integration().pagination.id_field)) {
    term.field += '/' + call.integration().pagination.id_field;
    term.type = FieldType::integer;
    term.value = *id;
  } else if (const auto* known = resource.find_field(field)) {
    term.type = known->type == FieldType::reference ? FieldType::integer : known->type;
  } else {
    term.type = value.is_number() ? FieldType::integer : FieldType::string;
  }
  return term;
}

// What only a record like the one to be made fulfils. Nothing: too little is given to compare.
std::optional<Question> question_of(const Call& call, const Prepared& prepared,
                                    const DuplicateGuard& guard,
                                    const integration::Resource& resource) {
  Question question;
  const auto* body = body_members(call, prepared.bound);
  const auto given = [&](const std::string& field) {
    const auto* value = body != nullptr ? body->find(field) : nullptr;
    return value != nullptr && !value->is_null() ? value : nullptr;
  };
  for (const auto& field : guard.fields) {
    if (const auto* value = given(field)) {
      question.terms.push_back(term_for(call, resource, field, *value));
    } else if (const auto other = guard.otherwise.find(field); other != guard.otherwise.end()) {
      question.otherwise.emplace_back(field, other->second);
    } else {
      return std::nullopt;
    }
    question.same.push_back(field);
  }
  for (const auto& field : guard.optional) {
    const auto* value = given(field);
    if (value == nullptr) continue;
    question.terms.push_back(term_for(call, resource, field, *value));
    question.same.push_back(field);
  }
  for (const auto& [field, name] : guard.where) {
    const auto* argument = call.find_argument(name);
    const auto* value = prepared.arguments.find(name);
    if (argument == nullptr || value == nullptr) return std::nullopt;
    question.terms.push_back(
        term_for(call, resource, field, bound_value(prepared.names, *argument, *value)));
    question.same.emplace_back(head_of(field));
  }
  for (const auto& path : guard.compared) {
    auto texts = body != nullptr ? texts_at(json::Value(*body), path) : std::vector<std::string>();
    if (texts.empty()) return std::nullopt;
    question.compared.emplace_back(path, std::move(texts));
    question.same.emplace_back(head_of(path));
  }
  if (guard.within.count() > 0) {
    question.terms.push_back({guard.created.empty() ? guard.changed : guard.created,
                              integration::FilterOperator::greater_or_equal, FieldType::date_time,
                              format_utc(call.services.clock.now() - guard.within)});
  }
  return question;
}

bool is_the_same(const integration::Integration& integration, const json::Value& record,
                 const Question& question) {
  for (const auto& [path, wanted] : question.compared) {
    const auto has = texts_at(record, path);
    const bool shared = std::ranges::any_of(
        wanted, [&](const auto& text) { return std::ranges::find(has, text) != has.end(); });
    if (!shared) return false;
  }
  for (const auto& [field, other] : question.otherwise) {
    const auto said = texts_at(record, other);
    const auto* value = record.find(field);
    if (said.empty() || value == nullptr) continue;
    std::vector<std::string> names;
    collect(*value, "", names);
    for (const auto& label : single_label_fields(integration)) collect(*value, label, names);
    if (!names.empty() && std::ranges::find(names, said.front()) == names.end()) return false;
  }
  return true;
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
  const bool compares = !question->compared.empty() || !question->otherwise.empty();
  std::vector<std::string> fields = {pagination.id_field};
  for (const auto& [each, texts] : question->compared) fields.emplace_back(head_of(each));
  for (const auto& [field, other] : question->otherwise) {
    fields.push_back(field);
    fields.push_back(other);
  }
  auto found = co_await list_alike(call, prepared, *resource, question->terms, join(fields, ","),
                                   compares ? pagination.max_size : 1);
  if (!found) {
    auto& error = found.error();
    // Who may create need not be allowed to read.
    if (error.code == ErrorCode::permission_denied) {
      call.add_notice("Whether the same was created " +
                      std::string(guard.within.count() > 0 ? "moments ago" : "before") +
                      " could not be checked.");
      co_return Outcome<>();
    }
    // A parent that is not there is told by the write itself, better.
    if (error.code == ErrorCode::not_found) co_return Outcome<>();
    error.message = "Looking for the same record failed; nothing was sent: " + error.message;
    co_return std::unexpected(std::move(error));
  }
  if (!*found) co_return Outcome<>();
  for (const auto& record : **found) {
    if (!is_the_same(call.integration(), record, *question)) continue;
    const auto* id = record.find(pagination.id_field);
    co_return std::unexpected(
        already_there(*resource, guard, *question, id != nullptr ? *id : json::Value("")));
  }
  co_return Outcome<>();
}

}  // namespace

io::Task<Outcome<>> refuse_duplicate(Call& call, const Prepared& prepared) {
  if (prepared.arguments.flag("allow_duplicate")) co_return Outcome<>();
  for (const auto& guard : call.method().duplicate_guards) {
    auto checked = co_await check(call, prepared, guard);
    if (!checked) co_return checked;
  }
  co_return Outcome<>();
}

}  // namespace patchbay::gateway
