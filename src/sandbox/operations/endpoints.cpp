#include "sandbox/operations/endpoints.h"

#include <optional>
#include <utility>

#include "base/text.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/actions_write.h"

namespace patchbay::sandbox {
namespace {

// "service/boards/{board}/statuses" → "service/boards/{}/statuses"
std::string as_key(std::string_view pattern) {
  std::string key;
  bool inside = false;
  for (const char c : pattern) {
    if (c == '}') inside = false;
    if (!inside) key += c;
    if (c == '{') inside = true;
  }
  return to_lower(key);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == text.npos;
}

// The path as a key, with its numbers taken out.
std::string take_numbers(const std::vector<std::string>& segments,
                         std::vector<std::int64_t>& numbers) {
  std::string key;
  for (const std::string& segment : segments) {
    if (!key.empty()) key += '/';
    if (is_number(segment)) {
      numbers.push_back(parse_int64(segment).value_or(0));
      key += "{}";
    } else {
      key += to_lower(segment);
    }
  }
  return key;
}

std::unexpected<ApiError> not_allowed(http::Method method) {
  return std::unexpected(method_not_allowed(http::to_string(method)));
}

}  // namespace

Endpoints::Endpoints(Database& db, std::vector<ModuleEndpoint> of_modules) {
  for (Table& table : db.tables()) {
    const ResourceSpec& resource = table.resource();
    if (resource.methods == kUnserved) continue;
    const std::string key = as_key(resource.path);
    if (resource.methods.list) {
      standard_[key] = {&table, Shape::collection};
      standard_[key + "/count"] = {&table, Shape::count};
    }
    standard_[key + "/{}"] = {&table, Shape::record};
  }
  for (ModuleEndpoint& endpoint : of_modules) {
    of_modules_[as_key(endpoint.path)].push_back(std::move(endpoint));
  }
}

ApiResult<ApiResponse> Endpoints::dispatch(ApiCall& call,
                                           const std::vector<std::string>& segments) const {
  const std::string key = take_numbers(segments, call.ids);
  bool known_path = false;
  if (const auto found = of_modules_.find(key); found != of_modules_.end()) {
    known_path = true;
    for (const ModuleEndpoint& endpoint : found->second) {
      if (endpoint.method == call.method) return endpoint.handler(call);
    }
  }
  if (const auto standard = standard_.find(key); standard != standard_.end()) {
    return answer(call, standard->second, nullptr);
  }
  // A record by its text key: /system/members/jdoe.
  if (!segments.empty()) {
    const std::string above = key.substr(0, key.rfind('/'));
    const auto standard = standard_.find(above + "/{}");
    if (standard != standard_.end() && !standard->second.table->resource().text_key.empty()) {
      const Table& table = *standard->second.table;
      const Record* record = table.find_by(table.resource().text_key, segments.back());
      if (record == nullptr) {
        return std::unexpected(record_not_found(table.resource().label, segments.back()));
      }
      return answer(call, standard->second, record);
    }
  }
  if (known_path) return not_allowed(call.method);
  return std::unexpected(no_such_endpoint());
}

ApiResult<ApiResponse> Endpoints::answer(ApiCall& call, const Standard& endpoint,
                                         const Record* named) const {
  Table& table = *endpoint.table;
  const ResourceSpec& resource = table.resource();
  Parent parent;
  if (table.parent() != nullptr) {
    parent = call.ids.front();
    if (table.parent()->find(*parent) == nullptr) {
      return std::unexpected(
          record_not_found(table.parent()->resource().label, std::to_string(*parent)));
    }
  }
  if (endpoint.shape == Shape::record) {
    const Record* record = named != nullptr ? named : table.find(call.ids.back());
    if (record == nullptr || (parent && table.parent_of(*record) != parent)) {
      return std::unexpected(record_not_found(resource.label, std::to_string(call.ids.back())));
    }
    return answer_record(call, table, *record);
  }
  if (call.method == http::Method::get) {
    return endpoint.shape == Shape::count ? count(call, table, parent) : list(call, table, parent);
  }
  if (endpoint.shape == Shape::collection && call.method == http::Method::post &&
      resource.methods.create) {
    return create(call, table, parent);
  }
  return not_allowed(call.method);
}

ApiResult<ApiResponse> Endpoints::answer_record(const ApiCall& call, Table& table,
                                                const Record& record) const {
  const Methods& methods = table.resource().methods;
  switch (call.method) {
    case http::Method::get:
      if (methods.get) return get(call, table, record);
      break;
    case http::Method::patch:
      if (methods.patch) return patch(call, table, record);
      break;
    case http::Method::put:
      if (methods.replace) return replace(call, table, record);
      break;
    case http::Method::delete_:
      if (methods.remove) return remove(call, table, record);
      break;
    default:
      break;
  }
  return not_allowed(call.method);
}

}  // namespace patchbay::sandbox
