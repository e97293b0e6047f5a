#include "sandbox/operations/actions_read.h"

#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/language/conditions.h"
#include "sandbox/language/order.h"
#include "sandbox/language/paging.h"
#include "sandbox/language/projection.h"
#include "sandbox/operations/render.h"

namespace patchbay::sandbox {
namespace {

ApiResult<std::optional<FilterCondition>> read_conditions(const ApiCall& call, const Table& table,
                                                          std::string_view parameter,
                                                          ConditionScope scope) {
  const std::string_view text = call.query.get(parameter);
  if (trim(text).empty()) return std::nullopt;
  ApiResult<FilterCondition> condition = parse_conditions(text, call.db, table, scope);
  if (!condition) return std::unexpected(std::move(condition.error()));
  return std::move(*condition);
}

ApiResult<Projection> read_fields(const ApiCall& call, const Table& table) {
  return Projection::parse(call.query.get("fields"), table, call.settings.reject_unknown_fields);
}

}  // namespace

ApiResult<std::vector<const Record*>> select(const ApiCall& call, const Table& table,
                                             Parent parent) {
  const auto own = read_conditions(call, table, "conditions", ConditionScope::record);
  if (!own) return std::unexpected(own.error());
  const auto children = read_conditions(call, table, "childConditions", ConditionScope::children);
  if (!children) return std::unexpected(children.error());
  const auto custom =
      read_conditions(call, table, "customFieldConditions", ConditionScope::custom_fields);
  if (!custom) return std::unexpected(custom.error());
  const auto order = parse_order(call.query.get("orderBy"), call.db, table);
  if (!order) return std::unexpected(order.error());

  std::vector<const Record*> selected;
  const auto take = [&](const Record& record) {
    if (*own && !matches(**own, call.db, record)) return;
    if (*children && !matches_children(**children, call.db, table, record)) return;
    if (*custom && !matches_custom_fields(**custom, table, record)) return;
    selected.push_back(&record);
  };
  if (parent) {
    for (const std::int64_t id : table.children_of(*parent)) take(*table.find(id));
  } else {
    for (const auto& [id, record] : table.records()) take(record);
  }
  sort_records(selected, *order, call.db);
  return selected;
}

ApiResult<ApiResponse> list(const ApiCall& call, const Table& table, Parent parent) {
  auto selected = select(call, table, parent);
  if (!selected) return std::unexpected(std::move(selected.error()));
  const auto fields = read_fields(call, table);
  if (!fields) return std::unexpected(fields.error());
  RecordPage page = cut_page(std::move(*selected), read_page_request(call.query, call.forward_only),
                             call.url, call.raw_query);
  const Renderer renderer(call.db, call.base_url);
  std::string body = "[";
  for (const Record* record : page.records) {
    if (body.size() > 1) body += ',';
    renderer.append(body, table, *record, *fields);
  }
  body += ']';
  ApiResponse response = ApiResponse::json(200, std::move(body));
  if (page.link) response.headers.emplace_back("Link", std::move(*page.link));
  return response;
}

ApiResult<ApiResponse> count(const ApiCall& call, const Table& table, Parent parent) {
  const auto selected = select(call, table, parent);
  if (!selected) return std::unexpected(selected.error());
  return ApiResponse::json(200, fmt::format("{{\"count\":{}}}", selected->size()));
}

ApiResult<ApiResponse> get(const ApiCall& call, const Table& table, const Record& record) {
  const auto fields = read_fields(call, table);
  if (!fields) return std::unexpected(fields.error());
  std::string body;
  Renderer(call.db, call.base_url).append(body, table, record, *fields);
  return ApiResponse::json(200, std::move(body));
}

}  // namespace patchbay::sandbox
