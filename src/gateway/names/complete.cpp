#include "gateway/names/complete.h"

#include <algorithm>
#include <utility>

#include "base/blanks.h"
#include "base/text.h"
#include "dialect/filter.h"
#include "gateway/sending/off_loop.h"

namespace patchbay::gateway {

namespace {

// What a person would type: the first of the labels that the record has.
std::string name_of(const json::Value& record, const integration::Integration& integration) {
  for (const std::string& label : integration.label_fields) {
    std::string name;
    for (const std::string_view field : split(label, ' ')) {
      name += name.empty() ? "" : " ";
      name += trim_blanks(record.string_or(field, ""));
    }
    if (const std::string_view whole = trim_blanks(name); !whole.empty()) return std::string(whole);
  }
  return {};
}

std::vector<std::string> label_parts(const integration::Integration& integration,
                                     const integration::Resource& resource) {
  std::vector<std::string> parts;
  for (const std::string& label : integration.label_fields) {
    for (const std::string_view field : split(label, ' ')) {
      if (resource.find_field(field) != nullptr) parts.emplace_back(field);
    }
  }
  return parts;
}

// The first label that all of the resource's records may have and one field holds: what a list that
// one answer does not hold is narrowed by.
const std::string* narrowing_label(const integration::Integration& integration,
                                   const integration::Resource& resource) {
  const auto found = std::ranges::find_if(integration.label_fields, [&](const std::string& label) {
    const auto* field = resource.find_field(label);
    return field != nullptr && field->filterable;
  });
  return found != integration.label_fields.end() ? &*found : nullptr;
}

}  // namespace

NamesFound names_like(const std::vector<json::Value>& records, std::string_view typed,
                      const integration::Integration& integration) {
  using Named = std::pair<std::string, std::int64_t>;
  std::vector<Named> begin;
  std::vector<Named> contain;
  const std::string wanted = to_lower(typed);
  for (const json::Value& record : records) {
    std::string name = name_of(record, integration);
    if (name.empty()) continue;
    const std::size_t at = to_lower(name).find(wanted);
    if (at == std::string::npos) continue;
    (at == 0 ? begin : contain)
        .emplace_back(std::move(name), record.int64_or(integration.pagination.id_field, 0));
  }
  NamesFound found;
  for (auto* part : {&begin, &contain}) {
    std::ranges::sort(*part);
    for (auto& [name, id] : *part) {
      if (found.names.empty() || found.names.back() != name) {
        found.names.push_back(std::move(name));
        found.ids.push_back(id);
      } else if (found.ids.back() != id) {
        found.ids.back() = 0;  // nobody can tell which is meant
      }
    }
  }
  return found;
}

std::vector<std::string> label_fields(const Call& call, const integration::Resource& resource) {
  return label_parts(call.integration(), resource);
}

io::Task<Outcome<NamesFound>> complete_among(Call& call, LookupQuery query,
                                             std::string_view typed) {
  const auto* dialect = call.filter_dialect();
  auto found = co_await call.loop.lookups.get(call, query);
  if (!found) co_return std::unexpected(std::move(found.error()));
  const auto* label = narrowing_label(call.integration(), *query.resource);
  if (!(*found)->complete && dialect != nullptr && label != nullptr &&
      !trim_blanks(typed).empty()) {
    // What the language cannot express is looked for among the first records.
    if (auto filter = dialect->write(
            {{*label, integration::FilterOperator::contains, integration::FieldType::string,
              json::Value(std::string(trim_blanks(typed)))}})) {
      query.filter = dialect->both(query.filter, *filter);
      found = co_await call.loop.lookups.get(call, query);
      if (!found) co_return std::unexpected(std::move(found.error()));
    }
  }
  auto names = co_await off_loop(call, (*found)->bytes, [&] {
    return names_like((*found)->records, typed, call.integration());
  });
  names.more = !(*found)->complete;
  co_return names;
}

io::Task<Outcome<NamesFound>> complete_name(Call& call, std::string_view typed) {
  const auto& list = call.method();
  if (!list.path.names().empty()) co_return NamesFound{};
  const auto* dialect = call.filter_dialect();
  std::vector<dialect::FilterTerm> terms;
  for (const auto& [field, value] : list.only) {
    terms.push_back(
        {field, integration::FilterOperator::equal, integration::FieldType::string, value});
  }
  LookupQuery query;
  query.resource = &call.resource();
  query.path = list.path.text();
  query.fields = label_fields(call, call.resource());
  if (dialect != nullptr && !terms.empty()) {
    auto filter = dialect->write(terms);
    if (!filter) co_return refuse(std::move(filter.error()));
    query.filter = std::move(*filter);
  }
  co_return co_await complete_among(call, std::move(query), typed);
}

}  // namespace patchbay::gateway
