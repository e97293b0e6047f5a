#include "gateway/writes/remarks.h"

#include <algorithm>

#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/lookups.h"
#include "gateway/names/scopes.h"
#include "json/path.h"

namespace patchbay::gateway {

namespace {

bool is_as_said(const json::Value& wanted, const json::Value* has) {
  if (has == nullptr || has->is_null()) return wanted.is_null();
  if (wanted.is_number() && has->is_number()) return wanted.as_double() == has->as_double();
  return wanted == *has;
}

// What the record calls what the argument sets.
std::string_view name_in(const Call& call, const integration::Argument& argument,
                         const json::Value& record) {
  const auto* value = json::find_at(record, argument.field());
  if (value == nullptr) return {};
  const auto* text = value->if_string();
  return text != nullptr ? std::string_view(*text) : label_in(call.integration(), *value);
}

bool is_named(const integration::Remark& remark, std::string_view name) {
  return remark.named.empty() || std::ranges::any_of(remark.named, [&](const auto& part) {
           return contains_ignoring_case(name, part);
         });
}

bool is_meant(const Call& call, const Prepared& prepared, const integration::Remark& remark,
              const json::Value& record) {
  if (!remark.given.empty()) {
    const auto* argument = call.find_argument(remark.given);
    if (argument == nullptr || !prepared.arguments.has(remark.given)) return false;
    if (!is_named(remark, name_in(call, *argument, record))) return false;
  }
  return std::ranges::all_of(remark.when, [&](const auto& wanted) {
    return is_as_said(wanted.second, json::find_at(record, wanted.first));
  });
}

// The record that the argument names, as it is now. Null: it names none, or that cannot be read.
io::Task<json::Value> named_record(Call& call, const Prepared& prepared,
                                   const integration::Argument& argument) {
  const auto* resolution = prepared.names.find(argument);
  const auto* dialect = call.filter_dialect();
  if (!argument.reference || resolution == nullptr || resolution->records.size() != 1 ||
      dialect == nullptr) {
    co_return json::Value();
  }
  const auto* resource = call.integration().find_resource(argument.reference->resource);
  const auto scopes =
      scope_values(call, prepared.arguments, prepared.names, argument.reference->scopes);
  auto query = resource != nullptr ? lookup_query(call, *resource, scopes, {}) : std::nullopt;
  const auto filter =
      dialect->write({{call.integration().pagination.id_field, integration::FilterOperator::equal,
                       integration::FieldType::integer, resolution->records.front().id}});
  if (!query || !filter) co_return json::Value();
  query->filter = dialect->both(query->filter, *filter);
  const auto found = co_await call.loop.lookups.get(call, std::move(*query), Freshness::own);
  if (!found || (*found)->records.size() != 1) co_return json::Value();
  co_return (*found)->records.front();
}

}  // namespace

bool tell_remarks(Call& call, const Prepared& prepared, const json::Value& record) {
  bool told = false;
  for (const auto& remark : call.method().remarks) {
    if (!is_meant(call, prepared, remark, record)) continue;
    call.add_notice(remark.text);
    told = true;
  }
  return told;
}

io::Task<> foretell_remarks(Call& call, const Prepared& prepared) {
  for (const auto& remark : call.method().remarks) {
    const auto* argument = remark.foretold.empty() ? nullptr : call.find_argument(remark.given);
    if (argument == nullptr || !prepared.arguments.has(remark.given)) continue;
    const auto record = co_await named_record(call, prepared, *argument);
    const bool as_foretold = std::ranges::all_of(remark.foretold, [&](const auto& wanted) {
      return is_as_said(wanted.second, json::find_at(record, wanted.first));
    });
    if (record.is_null() || !as_foretold) continue;
    if (is_named(remark, label_in(call.integration(), record))) call.add_notice(remark.text);
  }
}

}  // namespace patchbay::gateway
