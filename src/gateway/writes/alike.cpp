#include "gateway/writes/alike.h"

#include <utility>

#include "base/text.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/read_answer.h"

namespace patchbay::gateway {

using integration::FieldType;

std::optional<dialect::FilterTerm> term_of(const Call& call, const Prepared& prepared,
                                           std::string_view argument_name) {
  const auto* argument = call.find_argument(argument_name);
  const auto* given = prepared.arguments.find(argument_name);
  if (argument == nullptr || given == nullptr) return std::nullopt;
  dialect::FilterTerm term;
  term.field = argument->field();
  term.type = argument->type;
  term.value = *given;
  // Nobody means another record by outer blanks.
  if (const auto* text = given->if_string()) term.value = std::string(trim(*text));
  if (argument->reference || argument->type == FieldType::reference) {
    const auto* resolution = prepared.names.find(*argument);
    if (resolution != nullptr) {
      if (resolution->records.size() != 1) return std::nullopt;
      term.value = resolution->records.front().id;
    }
    if (term.value.is_null()) return std::nullopt;
    term.field += "/" + call.integration().pagination.id_field;
    term.type = FieldType::integer;
  }
  return term;
}

io::Task<Outcome<std::optional<json::Array>>> list_alike(
    Call& call, const Prepared& prepared, const integration::Resource& resource,
    const std::vector<dialect::FilterTerm>& terms, std::string_view fields, std::int64_t most) {
  const auto* list = resource.find_method("list");
  const auto* dialect = call.filter_dialect();
  if (list == nullptr || dialect == nullptr) co_return std::nullopt;
  const auto filter = dialect->write(terms);
  auto path = fill_path(call.method(), prepared.arguments, prepared.names, list->path);
  if (!filter || !path) co_return std::nullopt;
  const auto& pagination = call.integration().pagination;
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, pagination.filter_parameter, *filter);
  add_parameter(request.query, pagination.fields_parameter, fields);
  if (!pagination.order_parameter.empty()) {
    add_parameter(request.query, pagination.order_parameter,
                  dialect->write_order({{pagination.id_field, FieldType::integer, true}}));
  }
  add_parameter(request.query, pagination.size_parameter, std::to_string(most));
  auto answer = co_await look_up(call, resource, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto read = co_await read_records(call, *list, *answer);
  if (!read) co_return std::unexpected(std::move(read.error()));
  co_return std::move(read->records);
}

}  // namespace patchbay::gateway
