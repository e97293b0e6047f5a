#include "gateway/writes/alike.h"

#include <algorithm>

#include "base/text.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/read_answer.h"

namespace patchbay::gateway {

using integration::FieldType;
using integration::FilterOperator;

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

void collect(const json::Value& value, std::string_view path, std::vector<std::string>& out) {
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) collect(item, path, out);
    return;
  }
  if (path.empty()) {
    if (value.is_object() || value.is_null()) return;
    if (auto text = alike_text(as_text(value)); !text.empty()) out.push_back(std::move(text));
    return;
  }
  const auto slash = path.find('/');
  const auto* inner = value.find(path.substr(0, slash));
  if (inner == nullptr) return;
  collect(*inner, slash == std::string_view::npos ? "" : path.substr(slash + 1), out);
}

std::string longest_word(std::string_view text) {
  std::string_view longest;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(kBlanks), text.size());
    if (end > longest.size()) longest = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::string(longest);
}

}  // namespace

std::string alike_text(std::string_view text) {
  std::string out;
  for (const char c : trim(text)) {
    if (!kBlanks.contains(c)) {
      out += c;
    } else if (out.back() != ' ') {
      out += ' ';
    }
  }
  return to_lower(out);
}

std::vector<std::string> texts_at(const json::Value& value, std::string_view path) {
  std::vector<std::string> out;
  collect(value, path, out);
  return out;
}

void Likeness::add_equal(const Call& call, const integration::Resource& resource,
                         const std::string& field, const json::Value& value) {
  const auto& id_field = call.integration().pagination.id_field;
  const auto* known = resource.find_field(field);
  dialect::FilterTerm term{.field = field, .value = value};
  if (const auto* id = value.find(id_field)) {
    term.field += '/' + id_field;
    term.type = FieldType::integer;
    term.value = *id;
  } else if (known != nullptr && known->type == FieldType::reference) {
    term.field += '/' + id_field;
    term.type = FieldType::integer;
  } else if (known != nullptr) {
    term.type = known->type;
  } else {
    term.type = value.is_number() ? FieldType::integer : FieldType::string;
  }
  if (const auto* text = value.if_string(); text != nullptr && term.type == FieldType::string) {
    const auto trimmed = trim(*text);
    term.value = std::string(trimmed);
    if (trimmed.find_first_of(kBlanks) != std::string_view::npos) {
      // However many blanks there are between the words.
      term.op = FilterOperator::contains;
      term.value = longest_word(trimmed);
      compared.emplace_back(field, std::vector<std::string>{alike_text(trimmed)});
    }
  }
  terms.push_back(std::move(term));
}

void Likeness::add_empty(const Call& call, const integration::Resource& resource,
                         const std::string& field) {
  const auto* known = resource.find_field(field);
  dialect::FilterTerm term{
      .field = field, .op = FilterOperator::is_null, .type = FieldType::boolean, .value = true};
  if (known != nullptr && known->type == FieldType::reference) {
    term.field += '/' + call.integration().pagination.id_field;
  }
  terms.push_back(std::move(term));
}

bool Likeness::compares(const json::Value& record) const {
  return std::ranges::all_of(compared, [&](const auto& each) {
    const auto has = texts_at(record, each.first);
    return std::ranges::any_of(
        each.second, [&](const auto& text) { return std::ranges::find(has, text) != has.end(); });
  });
}

io::Task<Outcome<std::optional<json::Array>>> list_alike(Call& call, const Prepared& prepared,
                                                         const integration::Resource& resource,
                                                         const Likeness& likeness,
                                                         std::vector<std::string> fields,
                                                         std::int64_t most) {
  const auto* list = resource.find_method("list");
  const auto* dialect = call.filter_dialect();
  if (list == nullptr || dialect == nullptr) co_return std::nullopt;
  const auto filter = dialect->write(likeness.terms);
  auto path = fill_path(call.method(), prepared.arguments, prepared.names, list->path);
  if (!filter || !path) co_return std::nullopt;
  const auto& pagination = call.integration().pagination;
  if (!fields.empty()) {
    for (const auto& [at, texts] : likeness.compared) fields.push_back(at.substr(0, at.find('/')));
  }
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, pagination.filter_parameter, *filter);
  add_parameter(request.query, pagination.fields_parameter, join(fields, ","));
  if (!pagination.order_parameter.empty()) {
    add_parameter(request.query, pagination.order_parameter,
                  dialect->write_order({{pagination.id_field, FieldType::integer, true}}));
  }
  if (!likeness.compared.empty()) most = pagination.max_size;
  add_parameter(request.query, pagination.size_parameter, std::to_string(most));
  auto answer = co_await look_up(call, resource, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto read = co_await read_records(call, *list, *answer);
  if (!read) co_return std::unexpected(std::move(read.error()));
  std::erase_if(read->records, [&](const auto& record) { return !likeness.compares(record); });
  co_return json::Array(std::make_move_iterator(read->records.begin()),
                        std::make_move_iterator(read->records.end()));
}

}  // namespace patchbay::gateway
