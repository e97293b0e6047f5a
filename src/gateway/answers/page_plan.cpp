#include "gateway/answers/page_plan.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "catalog/limits.h"
#include "dialect/field_path.h"
#include "gateway/arguments/fields.h"

namespace patchbay::gateway {

using integration::PaginationStyle;

namespace {

Outcome<std::vector<dialect::OrderKey>> choose_order(const Call& call, const Arguments& arguments) {
  const auto* dialect = call.filter_dialect();
  const auto& pagination = call.integration().pagination;
  std::vector<dialect::OrderKey> order;
  if (dialect == nullptr || pagination.order_parameter.empty()) return order;
  const auto* text = arguments.text("orderBy");
  auto parsed =
      dialect->parse_order(text != nullptr ? *text : call.method().default_order, call.resource());
  if (!parsed) {
    if (text == nullptr) return order;  // a problem of the definition; the API's own order will do
    return refuse_argument("orderBy", parsed.error());
  }
  order = std::move(*parsed);
  // The id makes the order total. Newest first unless told otherwise.
  const auto id = dialect::find_path(call.resource().fields, pagination.id_field);
  if (!id || !usable(*id, dialect::FieldUse::sort)) return order;
  const auto is_id = [&](const dialect::OrderKey& key) { return key.field == id->path; };
  const auto has_id = std::ranges::find_if(order, is_id);
  if (has_id != order.end()) {
    order.erase(has_id + 1, order.end());  // nothing after a unique key matters
  } else {
    order.push_back({id->path, id->field->type, order.empty() || order.back().descending});
  }
  return order;
}

// Whether what lies beyond a record can be said in the API's filter language.
bool can_continue_by_value(const Call& call, const std::vector<dialect::OrderKey>& order) {
  const auto& pagination = call.integration().pagination;
  if (order.empty() || pagination.filter_parameter.empty() ||
      pagination.style == PaginationStyle::none ||
      !equal_ignoring_case(order.back().field, pagination.id_field)) {
    return false;
  }
  return std::ranges::all_of(order, [&](const dialect::OrderKey& key) {
    const auto found = dialect::find_path(call.resource().fields, key.field);
    return found && usable(*found, dialect::FieldUse::filter);
  });
}

// Reads what the caller carried for us into the plan. Without a cursor it is the list's begin.
Outcome<> go_on_from(const std::string& cursor, const Call& call, PagePlan& plan) {
  auto place = call.services.cursors.open(cursor, plan.digest, call.context.scope_id,
                                          call.services.clock.now());
  if (!place) return refuse_argument("next_cursor", place.error());
  if (auto* page = std::get_if<PagePosition>(&*place)) {
    plan.at = std::move(*page);
    plan.keyset = false;
    return {};
  }
  auto& keyset = std::get<KeysetPosition>(*place);
  if (!plan.keyset || keyset.order != plan.order_text) {
    return refuse(ErrorCode::invalid_argument,
                  "next_cursor belongs to an older version of this list",
                  "Leave next_cursor out to begin the listing again.");
  }
  plan.after = std::move(keyset);
  return {};
}

}  // namespace

Outcome<PagePlan> plan_page(const Call& call, const Arguments& arguments, std::int64_t at_most) {
  PagePlan plan;
  const auto& pagination = call.integration().pagination;
  plan.limit = catalog::kDefaultLimit;
  if (const auto* limit = arguments.find("limit")) {
    plan.limit = limit->as_int64().value_or(catalog::kDefaultLimit);
  }
  const auto most = std::max<std::int64_t>(1, std::min(pagination.max_size, at_most));
  plan.limit = std::clamp<std::int64_t>(plan.limit, 1, most);
  plan.at.size = plan.limit;

  auto order = choose_order(call, arguments);
  if (!order) return std::unexpected(std::move(order.error()));
  plan.order = std::move(*order);
  if (!plan.order.empty()) plan.order_text = call.filter_dialect()->write_order(plan.order);
  plan.keyset = can_continue_by_value(call, plan.order);
  std::vector<std::string> order_fields;
  for (const auto& key : plan.order) order_fields.push_back(key.field);
  auto fields = choose_fields(call, arguments, call.method().default_fields, order_fields);
  if (!fields) return std::unexpected(std::move(fields.error()));
  plan.fields = std::move(*fields);

  // The record of the call may have it already.
  plan.digest = call.digest ? *call.digest
                            : digest_query(call.tool.name, call.identity(), arguments.values());
  const auto* cursor = arguments.text("next_cursor");
  if (cursor == nullptr || cursor->empty()) return plan;
  if (auto read = go_on_from(*cursor, call, plan); !read) {
    return std::unexpected(std::move(read.error()));
  }
  return plan;
}

}  // namespace patchbay::gateway
