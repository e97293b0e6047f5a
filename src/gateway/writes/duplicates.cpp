#include "gateway/writes/duplicates.h"

#include <utility>
#include <vector>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/read_answer.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// The terms that only a record like the one to be made fulfils. Empty: there is nothing to compare.
std::vector<dialect::FilterTerm> terms_of(const Call& call, const Prepared& prepared) {
  const auto& guard = call.method().duplicate_guard;
  std::vector<dialect::FilterTerm> terms;
  for (const auto& name : guard.fields) {
    const auto* argument = call.find_argument(name);
    const auto* given = prepared.arguments.find(name);
    if (argument == nullptr || given == nullptr) return {};
    dialect::FilterTerm term;
    term.field = argument->field();
    term.type = argument->type;
    term.value = *given;
    if (argument->reference || argument->type == integration::FieldType::reference) {
      const auto* resolution = prepared.names.find(*argument);
      if (resolution != nullptr) term.value = resolution->records.front().id;
      if (term.value.is_null()) return {};
      term.field += "/" + call.integration().pagination.id_field;
      term.type = integration::FieldType::integer;
    }
    terms.push_back(std::move(term));
  }
  terms.push_back({guard.created, integration::FilterOperator::greater_or_equal,
                   integration::FieldType::date_time,
                   format_utc(call.services.clock.now() - guard.within)});
  return terms;
}

ToolError already_there(const Call& call, const json::Value& id) {
  const auto& guard = call.method().duplicate_guard;
  const auto number = as_text(id);
  ToolError error;
  error.code = ErrorCode::conflict;
  error.message = call.resource().singular + " " + number + " with the same " +
                  join(guard.fields, " and ") + " was created less than " +
                  std::to_string(guard.within.count()) + " minutes ago; nothing was sent.";
  error.hint = "Use that one, or set allow_duplicate: true if there must be two.";
  return error;
}

}  // namespace

io::Task<Outcome<>> refuse_duplicate(Call& call, const Prepared& prepared) {
  const auto* list = call.resource().find_method("list");
  const auto* dialect = call.filter_dialect();
  const bool guarded = !call.method().duplicate_guard.fields.empty();
  if (!guarded || list == nullptr || dialect == nullptr ||
      prepared.arguments.flag("allow_duplicate")) {
    co_return Outcome<>();
  }
  const auto terms = terms_of(call, prepared);
  if (terms.empty()) co_return Outcome<>();
  const auto filter = dialect->write(terms);
  auto path = fill_path(call.method(), prepared.arguments, prepared.names, list->path);
  if (!filter || !path) co_return Outcome<>();
  const auto& pagination = call.integration().pagination;
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, pagination.filter_parameter, *filter);
  add_parameter(request.query, pagination.fields_parameter, pagination.id_field);
  add_parameter(request.query, pagination.size_parameter, "1");
  auto answer = co_await look_up(call, call.resource(), std::move(request));
  if (!answer) {
    auto& error = answer.error();
    // Who may create need not be allowed to read.
    if (error.code == ErrorCode::permission_denied) {
      call.add_notice("Whether the same was created moments ago could not be checked.");
      co_return Outcome<>();
    }
    error.message = "Looking for the same record failed: " + error.message;
    co_return std::unexpected(std::move(error));
  }
  const auto found = co_await read_records(call, *list, *answer);
  if (!found || found->records.empty()) co_return Outcome<>();
  const auto* id = found->records.front().find(pagination.id_field);
  co_return std::unexpected(already_there(call, id != nullptr ? *id : json::Value("")));
}

}  // namespace patchbay::gateway
