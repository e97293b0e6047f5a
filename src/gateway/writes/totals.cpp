#include "gateway/writes/totals.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::FieldType;
using integration::FilterOperator;
using integration::Resource;
using integration::Total;

namespace {

FieldType type_at(const Resource& resource, const std::string& path) {
  const auto* field = resource.find_field(path);
  return field != nullptr ? field->type : FieldType::string;
}

// "chargeToId = 5012 and invoiceFlag = false". Nothing: the record lacks what they belong by.
std::optional<std::vector<dialect::FilterTerm>> terms_of(const Call& call, const Resource& resource,
                                                         const Total& total,
                                                         const json::Value& record) {
  std::vector<dialect::FilterTerm> terms;
  const auto* list = resource.find_method("list");
  for (const auto& [path, from] : total.where) {
    if (list != nullptr && list->path.has(path)) continue;
    const auto* value = record.find(from);
    if (value == nullptr || value->is_null()) return std::nullopt;
    const auto* id = value->find(call.integration().pagination.id_field);
    terms.push_back({path, FilterOperator::equal, type_at(resource, path), id ? *id : *value});
  }
  for (const auto& [path, value] : total.only) {
    const auto op = value.is_null()    ? FilterOperator::is_null
                    : value.is_array() ? FilterOperator::in
                                       : FilterOperator::equal;
    // Nothing there is said by true.
    terms.push_back(
        {path, op, type_at(resource, path), value.is_null() ? json::Value(true) : value});
  }
  return terms;
}

std::optional<Decimal> decimal_at(const json::Value& record, const std::string& path) {
  const auto* value = json::find_at(record, path);
  if (value == nullptr) return std::nullopt;
  if (const auto* number = value->if_number()) return Decimal(number->token());
  const auto* text = value->if_string();
  if (text == nullptr || !is_number_token(trim(*text))) return std::nullopt;
  return Decimal(trim(*text));
}

// Left out where a record lacks it, since it would be wrong.
std::optional<json::Value> sum_of(const json::Array& records, const std::string& path) {
  std::optional<Decimal> sum = Decimal("0");
  for (const auto& record : records) {
    const auto value = decimal_at(record, path);
    sum = value ? Decimal::sum(*sum, *value) : std::nullopt;
    if (!sum) return std::nullopt;
  }
  const auto plain = sum->plain();
  return plain ? std::optional<json::Value>(json::Number(*plain)) : std::nullopt;
}

bool is_changed(const Call& call, const Prepared& prepared, const std::string& field,
                const json::Value& was) {
  const auto* own = was.find(call.integration().pagination.id_field);
  for (const auto& argument : call.method().arguments) {
    const auto* given = prepared.arguments.find(argument.name);
    if (given == nullptr || argument.place != integration::ArgumentPlace::body ||
        argument.field() != field) {
      continue;
    }
    const auto now = bound_value(prepared.names, argument, *given);
    return own == nullptr || now.as_int64() != own->as_int64();
  }
  return prepared.names.followed.contains(field);
}

// "3 time entries (hours 5.5)".
std::string spoken(const Resource& resource, const json::Value& total) {
  std::string out;
  for (const auto& [name, value] : *total.if_object()) {
    if (name == "count") {
      out = json::to_string(value) + ' ' + to_lower(resource.label);
    } else if (name == "or_more") {
      out += " or more";
    } else {
      out += (out.contains('(') ? ", " : " (") + std::string(name) + ' ' + json::to_string(value);
    }
  }
  return out + (out.contains('(') ? ")" : "");
}

// By which field they hang on the record, where that is not plain: ", by their defaultContact".
std::string link_of(const Call& call, const Total& total) {
  if (total.resource == call.resource().name) {
    const auto& id_field = call.integration().pagination.id_field;
    for (const auto& [path, own] : total.where) {
      if (path == id_field) return ", by its " + own;
      if (own == id_field) return ", by their " + path;
    }
  }
  if (total.where.size() != 1 || !total.where.begin()->first.contains('/')) return "";
  const auto& path = total.where.begin()->first;
  return ", by their " + path.substr(0, path.find('/'));
}

}  // namespace

io::Task<Outcome<json::Value>> total_of(Call& call, const Prepared& prepared, const Total& total,
                                        json::Value record) {
  const auto* resource = call.integration().find_resource(total.resource);
  const auto* list = resource != nullptr ? resource->find_method("list") : nullptr;
  const auto* dialect = call.filter_dialect();
  if (list == nullptr || dialect == nullptr) co_return json::Value();
  const auto terms = terms_of(call, *resource, total, record);
  if (!terms) co_return json::Value();
  const auto filter = terms->empty() ? Result<std::string>("") : dialect->write(*terms);
  const auto path = list->path.fill([&](const std::string& name) -> std::optional<std::string> {
    // Of those that stand below the record: its id.
    if (const auto own = total.where.find(name); own != total.where.end()) {
      const auto* value = record.find(own->second);
      return value != nullptr ? std::optional(as_text(*value)) : std::nullopt;
    }
    const auto* argument = call.find_argument(name);
    const auto* given = prepared.arguments.find(name);
    if (argument == nullptr || given == nullptr) return std::nullopt;
    return as_text(bound_value(prepared.names, *argument, *given));
  });
  if (!filter || !path) co_return json::Value();
  const auto& pagination = call.integration().pagination;
  std::vector<std::string> fields = {pagination.id_field};
  for (const auto& entry : total.sums) fields.push_back(entry.second);
  upstream::Request request;
  request.path = *path;
  add_parameter(request.query, pagination.filter_parameter, *filter);
  add_parameter(request.query, pagination.fields_parameter, join(fields, ","));
  add_parameter(request.query, pagination.size_parameter, std::to_string(pagination.max_size));
  auto answer = co_await look_up(call, *resource, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto read = co_await read_records(call, *list, *answer);
  if (!read) co_return std::unexpected(read.error());
  const LetGo ending(call, read->bytes, read->records);
  json::Object told;
  told.append("count", std::ssize(read->records));
  if (std::ssize(read->records) >= pagination.max_size) told.append("or_more", true);
  for (const auto& [name, field] : total.sums) {
    auto sum = co_await off_loop(call, read->bytes, [&] { return sum_of(read->records, field); });
    if (sum) told.append(name, std::move(*sum));
  }
  co_return told;
}

io::Task<> tell_what_stays(Call& call, const Prepared& prepared) {
  if (call.method().kind != integration::MethodKind::update) co_return;
  const auto& id_field = call.integration().pagination.id_field;
  for (const auto& staying : call.resource().stays) {
    const auto* was = prepared.names.before.find(staying.field);
    if (was == nullptr || was->is_null() || !is_changed(call, prepared, staying.field, *was)) {
      continue;
    }
    json::Object record = prepared.names.before;
    if (const auto* own = prepared.arguments.find(id_field)) record[id_field] = *own;
    const auto total = co_await total_of(call, prepared, staying.total, record);
    const auto* resource = call.integration().find_resource(staying.total.resource);
    const std::string old =
        staying.field + " '" + std::string(cut_utf8(label_in(call.integration(), *was), 60)) + '\'';
    if (!total) {
      call.add_notice("What " + to_lower(resource->label) + " stay with the " + old +
                      " could not be looked up.");
    } else if (total->int64_or("count", 0) > 0) {
      call.add_notice("Not changed by this call, and as under the " + old +
                      " still: " + spoken(*resource, *total) + link_of(call, staying.total) + '.');
    }
  }
}

}  // namespace patchbay::gateway
